"""The manual's page on the disk names every file that is there."""

from pathlib import Path

from building import Record

from web.app import STATIC_PREPARED

PAGE = Path(__file__).parents[1] / "docs" / "index-format.md"


def test_every_file_of_a_data_folder_is_told(tmp_path: Path) -> None:
    record = Record(tmp_path, {"letter": "A paragraph.[^1]\n\n[^1]: A note."})
    record.build()
    page = PAGE.read_text(encoding="utf-8")
    files = [path.name for path in record.data.path.iterdir() if path.is_file()]
    files += [path.name for path in record.data.folder("g000001").iterdir()]

    folders = [path.name + "/" for path in record.data.path.iterdir() if path.is_dir() and path.name != "generations"]

    assert len(files) == 3 + 12
    for name in [*files, *folders, f"{STATIC_PREPARED}/"]:
        assert f"| `{name}` |" in page
