"""Names are found word by word, the longest first; transliterations of one name share a key."""

import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.names import NameFinder, transliteration_key, words_of

ONE_NAME = [
    ("Nouri", "Noori", "Nuri"),
    ("Raeisinia", "Raessinia"),
    ("Raisi", "Raeesi", "Ra'isi", "Raeisi", "Reisi"),
    ("Khamenei", "Khamanei"),
    ("Mahallati", "Mahalati"),
    ("Mousavi", "Moussavi", "Musawi", "Moosavi"),
    ("Mohammad", "Mohammed", "Muhammad", "Mohamed"),
    ("Hossein", "Hussein", "Husain", "Hosein"),
    ("Abdollah", "Abdullah"),
    ("Ebrahim", "Ibrahim"),
    ("Taleghani", "Talaqani"),
    ("Ahmadinejad", "Ahmadinezhad"),
    ("Rafsanjani", "Rafsandjani"),
    ("Fatemeh", "Fateme"),
    ("Sayed", "Seyed", "Sayyid", "Seyyed"),
]
TWO_NAMES = [
    ("Raisi", "Raeisinia"),
    ("Khamenei", "Khomeini"),
    ("Mousavi", "Mousavian"),
    ("Nouri", "Nayyeri"),
    ("Karimi", "Karami"),
    ("Velayati", "Mahallati"),
]


@pytest.mark.parametrize("spellings", ONE_NAME)
def test_transliterations_of_one_name_share_a_key(spellings: tuple[str, ...]) -> None:
    assert len({transliteration_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), TWO_NAMES)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert transliteration_key(one) != transliteration_key(other)


def test_the_longest_name_wins_and_names_stand_apart() -> None:
    finder = NameFinder([("New York", 1), ("New York Times", 2), ("Times", 3)])

    assert [found.value for found in finder.find(words_of("New York, the New York Times, Times"))] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Anna-Maria Bach", 1),
        ("Anna Maria Bach’s", 1),
        ("ANNA MARIA BACH", 1),
        ("Anna Mária\u00a0Bach", 1),
        ("Anna, Maria Bach", 0),
        ("Anna Maria. Bach", 0),
        ("anna maria bach", 0),
        ("Anna Maria Bachmann", 0),
    ],
)
def test_a_name_is_found_whatever_its_joints_but_never_across_a_stop(text: str, names: int) -> None:
    finder = NameFinder([("Anna Maria Bach", 1)])

    assert len(list(finder.find(words_of(text)))) == names


@given(st.text())
@settings(deadline=None)
def test_words_lead_back_to_what_is_printed(text: str) -> None:
    words = words_of(text)

    assert len(words.words) == len(words.starts) == len(words.ends) == len(words.joined)
    assert all(0 <= start <= end <= len(text) for start, end in zip(words.starts, words.ends, strict=True))
    assert words.starts == sorted(words.starts)


@given(st.text())
@settings(deadline=None)
def test_every_word_has_a_key(text: str) -> None:
    transliteration_key(text)


def test_ten_thousand_names_are_looked_for_in_linear_time() -> None:
    finder = NameFinder([(f"Person{n} Family{n}", n) for n in range(10_000)])

    def find(times: int) -> int:
        return len(list(finder.find(words_of("Then Person77 Family77 met Person9 and Family9 again. " * times))))

    assert find(500) == 500
    assert growth(find, 250, 4_000) < 80
