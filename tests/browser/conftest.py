"""Chromium and a small site to point it at."""

from __future__ import annotations

import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from werkzeug.serving import make_server

sys.path.insert(0, str(Path(__file__).parent.parent))

from attacks import ATTACKS
from hard_to_set import write_hard_to_set
from small_site import build, site_of, stop, write_collection

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests are left out, and say so."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not (CHROMIUM and DRIVER):
                item.add_marker(pytest.mark.skip(reason="Chromium and its driver are not installed"))


def write_attacks(folder: Path) -> None:
    """Documents that hold every attack string: as prose, as notes, as titles and in the front matter."""
    lines = ['---\ntitle: "<img src=x onerror=alert(1)>"\nissuer: "<script>alert(1)</script>"\n---\n']
    for number, attack in enumerate(ATTACKS):
        clean = "".join(sign for sign in attack if sign.isprintable() or sign == "\n")
        clean = clean.encode("utf-8", "replace").decode()
        lines.append(f"{clean}\n\nThe attack before this line is number {number}.[^{number}]\n\n")
        lines.append(f"[^{number}]: {clean.splitlines()[0] if clean.strip() else 'x'}\n\n")
        if number % 40 == 0:
            lines.append(f"## {clean.splitlines()[0] if clean.strip() else 'x'}\n\n")
    (folder / "documents" / "attacks.md").write_text("".join(lines), encoding="utf-8")


def _typed(attack: str) -> str:
    """*attack* on one line, without what YAML and TOML refuse in a string."""
    line = "".join(sign for sign in attack.replace("\n", " ") if sign.isprintable())
    return line.encode("utf-8", "ignore").decode().strip() or "nothing"


def write_hostile_names(folder: Path) -> None:
    """Every attack as title, issuer, symbol and address of a document, as an official's name and office, as a
    publisher, as a spelling, and as the label of a source type."""
    types, officials, sources, terms = ["[source_types]", 'other = "Other"'], [], [], []
    for number, attack in enumerate(map(_typed, ATTACKS)):
        said = json.dumps(attack, ensure_ascii=False)
        types.append(f"type-{number} = {said}")
        officials.append(
            f'[[officials]]\nid = "o{number}"\nname = {said}\nspellings = [{said}, "Hostile {number}"]\n'
            f"not_to_be_confused_with = [{said}]\n[[officials.offices]]\ntitle = {said}\nsource = {said}\n"
        )
        sources.append(
            f'[[sources]]\nid = "s{number}"\nname = {said}\nsource_type = "type-{number}"\n'
            f'names = [{said}, "Publisher {number}"]\n'
        )
        terms.append(f'[[terms]]\nname = {said}\nspellings = [{said}, "spelling{number}"]\n')
        (folder / "documents" / f"hostile-{number}.md").write_text(
            f"---\ntitle: {said}\nissuer: {said}\nsymbol: {said}\naddress: {said}\nsource_type: type-{number}\n---\n\n"
            f"Hostile {number} wrote in November 1988.[^1]\n\n"
            f"[^1]: Publisher {number}, {said}, 1 November 1988.\n",
            encoding="utf-8",
        )
    head = 'id = "hostile"\ntitle = "<img src=x onerror=alert(1)>"\nlanguages = ["en"]\n'
    for name, parts in (("officials", officials), ("sources", sources), ("terms", terms)):
        (folder / f"{name}.toml").write_text("\n".join(parts), encoding="utf-8")
    (folder / "collection.toml").write_text(head + "\n".join(types) + "\n", encoding="utf-8")


@contextmanager
def served(collection: Path, data: Path) -> Iterator[str]:
    """The address of the site on *collection*, built and served until the end of the block."""
    build(collection, data)
    app = site_of(data)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    stop(app)


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site whose names are all attacks."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "collection" / "documents").mkdir(parents=True)
    write_hostile_names(root / "collection")
    with served(root / "collection", root / "data") as address:
        yield address


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a small site that is being served."""
    root = tmp_path_factory.mktemp("browser")
    write_attacks(write_collection(root / "collection"))
    write_hard_to_set(root / "collection")
    with served(root / "collection", root / "data") as address:
        yield address


@pytest.fixture(scope="session")
def cited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The address of a permalink of each verdict, on a site whose texts were edited after they were cited."""
    root = tmp_path_factory.mktemp("cited")
    folder = write_collection(root / "collection")
    build(folder, root / "data")
    app = site_of(root / "data")
    old = [
        row["permalink"]
        for slug in ("letters", "reply")
        for row in app.test_client().get(f"/api/v1/documents/{slug}/passages").get_json()["passages"]
    ]
    stop(app)
    for name, was, now in EDITS:
        path = folder / "documents" / name
        text = path.read_text(encoding="utf-8")
        assert was in text
        path.write_text(text.replace(was, now), encoding="utf-8")
    with served(folder, root / "data") as address:
        found = {}
        for permalink in old:
            with urlopen(f"{address}/api/v1/links?permalink={permalink}") as answer:
                found.setdefault(json.load(answer)["verdict"], f"{address}{permalink}")
        known = old[0].rpartition(".")[0]
        found["no such wording"], found["no wording"] = f"{address}{known}.zzzzz", f"{address}{known}"
        found["unknown"], found["mistyped"] = f"{address}/documents/none/p/x~00000", f"{address}{known[:-1]}"
        yield found


# What becomes of passages of the small site: reworded, gone, moved, joined, divided.
EDITS = [
    ("letters.md", "no night watch", "a night watch"),
    ("letters.md", "- a public register of barges\n", ""),
    ("letters.md", "تروردی گفت که هیچ قایقی در بندر نبوده است.\n\n", ""),
    ("letters.md", "## NOVEMBER 1988\n\n", "## NOVEMBER 1988\n\nتروردی گفت که هیچ قایقی در بندر نبوده است.\n\n"),
    ("letters.md", "[^27]\nNader Tarverdi denied", "[^27]\n\nNader Tarverdi denied"),
    ("reply.md", "or since.\n\nNader", "or since. Nader"),
]


@pytest.fixture(scope="session")
def open_browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Chrome]]:
    """Starts a Chromium of its own, with or without scripts; all are closed at the end."""
    opened: list[Chrome] = []

    def start(*, scripts: bool = True) -> Chrome:
        options = Options()
        options.binary_location = CHROMIUM or ""
        for argument in (
            *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
            *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--window-size=1440,1000"),
            f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
        ):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if not scripts:
            options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        browser = Chrome(options=options, service=Service(DRIVER))
        opened.append(browser)
        return browser

    yield start
    for browser in opened:
        browser.quit()


@pytest.fixture(scope="session")
def browser(open_browser: Callable[..., Chrome]) -> Chrome:
    """A Chromium with scripts."""
    return open_browser()


@pytest.fixture(scope="session")
def plain_browser(open_browser: Callable[..., Chrome]) -> Chrome:
    """A Chromium without scripts."""
    return open_browser(scripts=False)
