"""The wheel works away from the checkout: templates, static files and the starter collection are in it."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def pincite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that holds the wheel and, of this one, the libraries only."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in ("corpus", "index", "search", "web"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q"]
    subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", folder, source], check=True, cwd=folder
    )
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    venv.create(environment, with_pip=False, symlinks=True)
    python = environment / "bin" / "python"
    subprocess.run([*pip, "--python", python, "install", "--no-deps", "--no-index", wheel], check=True, cwd=folder)
    site = next((environment / "lib").glob("python*")) / "site-packages"
    # A .pth in a folder that was itself added by a .pth is not read, so the checkout's editable install stays out.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment / "bin" / "pincite"


def run(pincite: Path, folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PINCITE"))}
    done = subprocess.run(
        [pincite, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_builds_and_searches_the_starter_collection(pincite: Path, tmp_path: Path) -> None:
    where = run(pincite.with_name("python"), tmp_path, "-c", "import corpus, web; print(corpus.__file__, web.__file__)")

    assert str(ROOT) not in where
    assert "g000001" in run(pincite, tmp_path, "build", "--locked")
    assert "passages" in run(pincite, tmp_path, "search", "Mahallati denied")
    assert (tmp_path / "var").is_dir()


def test_the_wheel_serves_its_pages_and_static_files(pincite: Path, tmp_path: Path) -> None:
    run(pincite, tmp_path, "--data", str(tmp_path / "data"), "build", "--locked")
    script = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from web.app import create_app\n"
        "from web.config import SiteSettings\n"
        "client = create_app(SiteSettings(Path(sys.argv[1]))).test_client()\n"
        "page = client.get('/search?q=Mahallati')\n"
        "assert page.status_code == 200, page.status_code\n"
        'style = re.search(r\'href="(/static/[^"]+css)"\', page.text)[1]\n'
        "print(client.get(style).status_code)\n"
    )

    assert run(pincite.with_name("python"), tmp_path, "-c", script, str(tmp_path / "data")).strip() == "200"
