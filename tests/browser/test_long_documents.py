"""A document of thousands of passages in Chromium: laid out where one looks, and whole all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import served
from selenium.webdriver import Chrome
from small_site import write_collection

PASSAGES = 2_000

VISIBLE = "const box = document.getElementById(arguments[0]).getBoundingClientRect();"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("long")
    folder = write_collection(root / "collection")
    lines = ["---\ntitle: The long ledger\n---\n"]
    for number in range(PASSAGES // 2):
        lines.append(
            f"Entry {number} of the ledger tells of barge number {number}.[^{number}] " + "It lay there. " * 20
        )
        lines.append(f"- item {number} of a list")
        lines.append(f"[^{number}]: A note on barge {number}.")
    (folder / "documents" / "ledger.md").write_text("\n\n".join(lines), encoding="utf-8")
    with served(folder, root / "data") as site:
        yield f"{site}/documents/ledger"


def anchors(browser: Chrome, address: str) -> list[str]:
    browser.get(address)
    found = browser.execute_script("return [...document.querySelectorAll('.passage')].map(one => one.id)")
    assert len(found) == PASSAGES
    return found


def test_only_what_is_near_the_eye_is_laid_out(browser: Chrome, address: str) -> None:
    browser.get(address)
    browser.execute_cdp_cmd("Performance.enable", {})
    measured = {one["name"]: one["value"] for one in browser.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]}

    assert measured["LayoutObjects"] < measured["Nodes"] / 3


@pytest.mark.parametrize("place", [3, PASSAGES // 2, PASSAGES - 3])
def test_an_address_leads_to_its_passage_however_far_down(browser: Chrome, address: str, place: int) -> None:
    anchor = anchors(browser, address)[place]
    browser.get("about:blank")
    browser.get(f"{address}#{anchor}")
    top, height, window = browser.execute_script(f"{VISIBLE} return [box.top, box.height, innerHeight]", anchor)

    assert 0 <= top < window - 50
    assert height > 10


def drawn(browser: Chrome) -> None:
    """Waits for two frames: what has come into sight is laid out in the first, and can be met from the second on."""
    browser.execute_async_script(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))"
    )


def test_signs_in_the_margin_can_be_seen_and_clicked(browser: Chrome, address: str) -> None:
    anchor = anchors(browser, address)[PASSAGES // 2]
    browser.get(f"{address}#{anchor}")
    drawn(browser)
    seen = browser.execute_script("""return [...document.querySelectorAll('.passage > .pin')].map(one => {
        const box = one.getBoundingClientRect()
        if (box.top < 100 || box.bottom > innerHeight - 50) return null
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
        return Boolean(top && top.closest('.pin') == one)
    }).filter(one => one != null)""")

    assert len(seen) > 3
    assert all(seen)


def test_words_far_down_are_found_by_the_browser(browser: Chrome, address: str) -> None:
    browser.get(address)

    assert browser.execute_script(f"return window.find('barge number {PASSAGES // 2 - 7}.')")


def test_on_paper_every_passage_has_its_height(browser: Chrome, address: str) -> None:
    anchor = anchors(browser, address)[-1]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    kind = browser.execute_script(
        "return getComputedStyle(document.getElementById(arguments[0])).contentVisibility", anchor
    )
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})

    assert kind == "visible"
