"""A collection's folder: which files are documents, and what is said of the others."""

from pathlib import Path

import pytest

from corpus.collection import NotACollectionError, UnreadableFolderError, fit_slug, is_slug, open_collection
from corpus.new_collection import FolderInUseError, write_new_collection


def test_a_new_collection_opens_without_a_fault(tmp_path: Path) -> None:
    write_new_collection(tmp_path / "my", bare=False)
    found = open_collection(tmp_path / "my")

    assert [file.slug for file in found.files] == ["sample"]
    assert found.problems == ()
    assert found.authorities.collection.id == "my"
    assert "merge=union" in (tmp_path / "my" / ".gitattributes").read_text()


def test_documents_that_may_not_be_listed_are_not_taken_for_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_new_collection(tmp_path / "c", bare=False)

    def refuse(path: object) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.listdir", refuse)  # root, who may run the tests, may list anything
    with pytest.raises(UnreadableFolderError, match=r"documents: cannot be read \(Permission denied\)"):
        open_collection(tmp_path / "c")


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious").touch()

    with pytest.raises(FolderInUseError, match="Nothing was written"):
        write_new_collection(tmp_path, bare=True)
    assert [path.name for path in tmp_path.iterdir()] == ["precious"]


def test_files_that_cannot_be_documents_are_named_with_what_to_do(tmp_path: Path) -> None:
    write_new_collection(tmp_path / "c", bare=True)
    documents = tmp_path / "c" / "documents"
    (documents / "inner").mkdir()
    for name in ("b.md", "a.md", "Ünfit name.md", "B.md", "notes.txt", ".hidden.md", "picture.png", "inner/deep.md"):
        (documents / name).write_text("x")
    found = open_collection(tmp_path / "c")

    assert len(found.files) == 2
    assert sorted(str(problem) for problem in found.problems) == [
        "documents/b.md: differs from documents/B.md in capitals only; it was left out. Rename one of them.",
        "documents/inner/deep.md: documents stand in documents/ itself; this one was left out. Move it up.",
        "documents/notes.txt: only files that end in .md are read. Rename it notes.md, or import it.",
        "documents/Ünfit name.md: the file's name cannot stand in an address (A-Za-z0-9._-, a letter or digit first); "
        "it was left out. Rename it Unfit-name.md.",
    ]


def test_a_link_out_of_the_collection_is_left_out_and_what_cannot_be_read_is_not_absent(tmp_path: Path) -> None:
    write_new_collection(tmp_path / "c", bare=True)
    documents = tmp_path / "c" / "documents"
    (tmp_path / "secret").write_text("x")
    (documents / "out.md").symlink_to(tmp_path / "secret")
    (documents / "dangling.md").symlink_to(documents / "nowhere")
    (documents / "folder.md").mkdir()
    found = open_collection(tmp_path / "c")

    assert [file.slug for file in found.files] == ["dangling", "folder"]
    assert [problem.path for problem in found.problems] == ["documents/out.md"]


@pytest.mark.parametrize("folder", ["missing", "empty"])
def test_what_is_no_collection_is_said_with_the_command_that_makes_one(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()

    with pytest.raises(NotACollectionError, match="pincite init"):
        open_collection(tmp_path / folder)


@pytest.mark.parametrize("name", ["a", "a.b", "A-1_2", "../x", "", ".x", "é", "a b", "محلاتی", "-", "x" * 200])
def test_a_fit_slug_is_a_slug(name: str) -> None:
    assert is_slug(fit_slug(name))
    if is_slug(name):
        assert fit_slug(name) == name
