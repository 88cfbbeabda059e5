"""Authority files: what is right is read, what is wrong is told with its line and leaves the rest alone."""

from pathlib import Path

import msgspec
import pytest

from corpus.authorities import Authorities, NoCollectionError, load_authorities
from corpus.authority_files import AuthorityFileError
from corpus.problems import Problem, Severity

COLLECTION = 'id = "c"\ntitle = "A collection"\n'
GOOD_OFFICIAL = '[[officials]]\nid = "good"\nname = "Omid Good"\n'


def load(folder: Path, **files: str) -> tuple[Authorities, list[Problem]]:
    for name, text in {"collection": COLLECTION, **files}.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return load_authorities(folder)


def test_a_whole_collection_is_read(tmp_path: Path) -> None:
    authorities, problems = load(
        tmp_path,
        collection=COLLECTION + 'languages = ["en", "fa"]\n[source_types]\nngo = "NGO"\nown = "Our own"\n',
        officials=GOOD_OFFICIAL
        + 'spellings = ["O. Good"]\npersian = ["امید"]\n[[officials.offices]]\ntitle = "Envoy"\n'
        + 'mentions = ["the envoy"]\n'
        + 'from = "1987"\nto = "1989-03"\nsource = "note 4"\n',
        sources='[[sources]]\nid = "s"\nname = "S"\nsource_type = "own"\nsymbols = ["S/*"]\naddresses = ["s.org"]\n',
        terms='[[terms]]\nname = "T"\nspellings = ["t", "tee"]\n',
    )

    assert problems == []
    assert authorities.collection.languages == ("en", "fa")
    assert authorities.collection.source_types == (("ngo", "NGO"), ("own", "Our own"))
    official = authorities.officials[0]
    assert official.names() == ("Omid Good", "O. Good", "امید")
    assert (official.offices[0].first, official.offices[0].last) == ("1987", "1989-03")
    assert authorities.sources[0].symbols == ("S/*",)
    assert authorities.terms[0].spellings == ("t", "tee")
    assert msgspec.json.decode(msgspec.json.encode(authorities), type=Authorities) == authorities


def test_files_that_are_not_there_are_empty_lists(tmp_path: Path) -> None:
    authorities, problems = load(tmp_path)

    assert (authorities.officials, authorities.sources, authorities.terms, problems) == ((), (), (), [])
    assert [value for value, _ in authorities.collection.source_types][:2] == ["ngo", "un"]


def test_a_folder_without_collection_toml_is_no_collection(tmp_path: Path) -> None:
    with pytest.raises(NoCollectionError, match="pincite init"):
        load_authorities(tmp_path)


@pytest.mark.parametrize("text", ['id = "c\n', "", 'id = "a b"\n'])
def test_a_broken_collection_file_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(AuthorityFileError, match=r"^collection\.toml"):
        load(tmp_path, collection=text)


def test_broken_toml_is_an_error_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(AuthorityFileError, match=r"^officials\.toml:4: ") as caught:
        load(tmp_path, officials=GOOD_OFFICIAL + "spellings = [\n\n\n= 3\n".replace("\n\n\n", " "))
    assert caught.value.line == 4


def test_what_is_no_utf8_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "collection.toml").write_bytes(b'id = "c"\ntitle = "\xff"\n')
    with pytest.raises(AuthorityFileError, match=r"collection\.toml:2: .*UTF-8"):
        load_authorities(tmp_path)


FAULTS = [
    ("officials", '[[officials]]\nname = "X"\n', 4, "id is missing"),
    ("officials", '[[officials]]\nid = "x y"\nname = "X"\n', 5, "cannot stand in an address"),
    ("officials", '[[officials]]\nid = "good"\nname = "X"\n', 5, "the id stands at line 1"),
    ("officials", '[[officials]]\nid = "x"\nname = 3\n', 6, "name must be a text"),
    ("officials", '[[officials]]\nid = "x"\nname = "X"\nspellings = ["omid good"]\n', 7, "also that of good"),
    ("officials", '[[officials]]\nid = "x"\nname = "X"\nspellings = 3\n', 7, "must be a list of texts"),
    (
        "officials",
        '[[officials]]\nid = "x"\nname = "X"\n[[officials.offices]]\ntitle = "T"\nto = "soon"\n',
        9,
        "is no date",
    ),
    (
        "officials",
        '[[officials]]\nid = "x"\nname = "X"\n[[officials.offices]]\ntitle = "T"\nfrom = "1990"\nto = "1989-12"\n',
        10,
        "lies before",
    ),
    ("officials", '[[officials]]\nid = "x"\nname = "X"\nspelings = ["Y"]\n', 7, "Did you mean spellings?"),
    ("sources", '[[sources]]\nid = "s"\nname = "S"\nsource_type = "state media"\n', 4, "Did you mean state-media?"),
    ("terms", '[[terms]]\nname = "T"\n', 1, "spellings is missing"),
    ("terms", '[[termz]]\nname = "T"\nspellings = ["t"]\n', 1, "is not read here"),
]


@pytest.mark.parametrize(("name", "text", "line", "message"), FAULTS)
def test_a_fault_is_told_with_its_line_and_stops_nothing(
    tmp_path: Path, name: str, text: str, line: int, message: str
) -> None:
    files = {"officials": GOOD_OFFICIAL}
    files[name] = files.get(name, "") + text
    authorities, problems = load(tmp_path, **files)

    assert [(problem.path, problem.line) for problem in problems] == [(f"{name}.toml", line)]
    assert message in problems[0].message
    assert authorities.officials[0].id == "good"


def test_an_unknown_key_is_a_near_miss_only(tmp_path: Path) -> None:
    _, problems = load(tmp_path, officials=GOOD_OFFICIAL + 'nickname = "G"\n')

    assert [problem.severity for problem in problems] == [Severity.NEAR_MISS]


def test_a_spelling_that_two_claim_names_nobody(tmp_path: Path) -> None:
    two = (
        GOOD_OFFICIAL
        + 'spellings = ["Good", "O. Good"]\n'
        + '[[officials]]\nid = "bad"\nname = "Ali Bad"\nspellings = ["GOOD", "A. Bad"]\n'
    )
    authorities, problems = load(tmp_path, officials=two)

    assert len(problems) == 1
    assert [official.spellings for official in authorities.officials] == [("O. Good",), ("A. Bad",)]


def test_a_name_stays_with_the_first_source_when_another_type_claims_it(tmp_path: Path) -> None:
    text = ""
    for identifier, kind in (("a", "media"), ("b", "state-media")):
        text += (
            f'[[sources]]\nid = "{identifier}"\nname = "{identifier}"\nsource_type = "{kind}"\nnames = ["The Daily"]\n'
        )
    authorities, problems = load(tmp_path, sources=text)

    assert [source.names for source in authorities.sources] == [("The Daily",), ()]
    assert [problem.line for problem in problems] == [10]
