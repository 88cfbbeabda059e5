"""Which labels bear words of a heading: those must not outlive a text that is taken down."""

import pytest

from corpus.labels import heading_of, tells_words, without_words


@pytest.mark.parametrize(
    "label",
    ["p3", "s2.1-p3", "s4-p12", "sIV-p1", "sA-p2", "s2-2-p1", "fn27", "fn60a", "fn1-2", "fn27-2", "note-3",
     "m1988-11-p4", "annex-p1", "annex-2-p1", "annex-IV-p1", "annex-B-p2", "annex-1988-08-p2",
     "annex-s2.1-p3", "part-3-p1"],
)  # fmt: skip
def test_labels_of_numbers_alone_tell_nothing(label: str) -> None:
    assert not tells_words(label)


@pytest.mark.parametrize(
    "label", ["salt-p1", "a-name-p3", "annex-a-name-p3", "fn-name", "sally-p1", "pages-p2", "fn1name"]
)
def test_labels_of_words_tell_them_until_they_are_erased(label: str) -> None:
    assert tells_words(label)
    assert without_words(label) in ("erased", "erased-p1", "erased-p2", "erased-p3")
    assert heading_of(label) == label.rpartition("-p")[0] or label.startswith("fn")
