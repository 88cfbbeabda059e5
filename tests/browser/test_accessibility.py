"""What axe-core, a keyboard, a large print, a printer and forced colours find on every kind of page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hard_to_set import LONG
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from test_reading import follow

PAGES = [
    "/", "/search", "/search?q=barge", "/search?q=barge&limit=2&offset=2", "/search?q=zzzz", "/search?q=bargex+zzzz",
    "/search?q=barge+pens&source=government", "/search?q=counted&limit=100", "/search?q=%22unclosed",
    "/search?q=barge&source=ngo&source=un&official=tarverdi&month=1988-11&month=1985-01&kind=body",
    "/search?offset=900",
    "/search?q=%D8%AA%D8%B1%D9%88%D8%B1%D8%AF%DB%8C", "/search?q=KH/12/89", "/search?g=g000009", "/search?source=none",
    "/documents", "/documents/letters?mark=barge", "/documents/hard", "/documents/months", "/officials",
    "/officials/tarverdi", "/officials/spelt", "/timeline", "/sources", "/sources/dockers-union", "/help", "/about",
    "/private", "/nothing", "/search?offset=99999",
]  # fmt: skip
VERDICTS = [
    *("same", "reworded", "moved", "split", "merged", "gone"),
    *("no such wording", "no wording", "unknown", "mistyped"),
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Those that a narrow page sets otherwise.
NARROW = [
    "/", "/search?q=barge", "/search?q=zzzz", "/documents/letters?mark=barge", "/documents/hard", "/officials/spelt",
    "/timeline", "/help",
]  # fmt: skip


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, which `make test` fetches; AXE_CORE names another copy."""
    usual = Path(__file__).parents[2] / ".venv" / "axe" / "axe_playwright_python" / "axe.min.js"
    path = Path(os.environ.get("AXE_CORE", usual))
    if not path.is_file():
        pytest.skip("axe-core is not installed; `make test` fetches it, and fails under CI=true where it cannot")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def shown(browser: Chrome) -> Iterator[Callable[..., None]]:
    """Sets the width and the colours of the page."""

    def show(width: int, height: int = 844, *, medium: str = "", **features: str) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        given = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium, "features": given})

    yield show
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})


def faults(browser: Chrome, axe: str) -> list[Any]:
    browser.execute_script(axe)
    found = browser.execute_async_script(
        """const done = arguments[1];
        axe.run(document, {runOnly: arguments[0], resultTypes: ["violations"]}).then((result) => done(
          result.violations.map((fault) => [fault.id, fault.nodes[0].target.join(" "), fault.nodes[0].failureSummary])))
        """,
        RULES,
    )
    assert isinstance(found, list)
    return found


def test_axe_finds_nothing_on_a_wide_page_with_everything_unfolded(
    browser: Chrome, axe: str, shown: Callable[..., None], site: str, cited: dict[str, str]
) -> None:
    shown(1280, prefers_color_scheme="light")
    found = {}
    for address in [*(f"{site}{page}" for page in PAGES), *(cited[verdict] for verdict in VERDICTS)]:
        browser.get(address)
        browser.execute_script("for (const fold of document.querySelectorAll('details')) fold.open = true")
        found[address] = faults(browser, axe)

    assert {address: said for address, said in found.items() if said} == {}


def test_axe_finds_nothing_on_a_narrow_page_in_the_dark(
    browser: Chrome, axe: str, shown: Callable[..., None], site: str, cited: dict[str, str]
) -> None:
    shown(320, prefers_color_scheme="dark")
    found = {}
    for address in [*(f"{site}{page}" for page in NARROW), cited["reworded"]]:
        browser.get(address)
        found[address] = faults(browser, axe)

    assert {address: said for address, said in found.items() if said} == {}


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_is_so_long_that_a_page_scrolls_sideways(
    browser: Chrome, shown: Callable[..., None], site: str, cited: dict[str, str], width: int
) -> None:
    shown(width)
    wide = []
    for address in [*(f"{site}{page}" for page in PAGES), *cited.values()]:
        browser.get(address)
        if browser.execute_script("return document.documentElement.scrollWidth > innerWidth"):
            wide.append(address)

    assert wide == []


def test_letters_of_twice_the_size_find_room(browser: Chrome, shown: Callable[..., None], site: str) -> None:
    shown(1280)
    for page in ("/", "/search?q=barge", "/documents/letters", "/timeline", "/officials/tarverdi", "/help"):
        browser.get(f"{site}{page}")
        browser.execute_script("document.documentElement.style.fontSize = '200%'")
        assert not browser.execute_script("return document.documentElement.scrollWidth > innerWidth"), page
        # Nor does a word lie over another: every link of the top is where a pointer finds it.
        assert browser.execute_script(
            """return Array.from(document.querySelectorAll(".top a")).every((link) => {
              const at = link.getBoundingClientRect();
              return link.contains(document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2));
            })"""
        ), page


FOCUS = """
const link = document.activeElement;
if (link === document.body) return null;
const at = link.getClientRects()[0] ?? link.getBoundingClientRect();
const look = getComputedStyle(link);
const over = document.elementFromPoint(Math.min(at.left + 2, innerWidth - 1), at.top + 2);
return [look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2,
        at.top >= 0 && at.top < innerHeight,
        over !== null && (link.contains(over) || over.contains(link)),
        link.outerHTML.slice(0, 200)];
"""


@pytest.mark.parametrize(
    "page", ["/search?q=barge", "/timeline", "/documents/letters?mark=barge", "/officials/tarverdi"]
)
def test_focus_is_always_seen_and_never_under_what_stays_in_place(
    browser: Chrome, shown: Callable[..., None], site: str, page: str
) -> None:
    shown(1280, 500)
    browser.get(f"{site}{page}")
    visited = 0
    for keys in ((Keys.TAB,), (Keys.SHIFT, Keys.TAB)):
        for _ in range(40):
            browser.switch_to.active_element.send_keys(*keys)
            found = browser.execute_script(FOCUS)
            if found is not None:
                visited += 1
                assert found[:3] == [True, True, True], found[3]

    assert visited > 30


def test_the_whole_way_is_gone_with_a_keyboard_alone(browser: Chrome, shown: Callable[..., None], site: str) -> None:
    shown(1280)
    browser.get(f"{site}/")
    body = browser.find_element(By.TAG_NAME, "body")
    body.send_keys("/")
    assert browser.switch_to.active_element.get_attribute("id") == "q"
    browser.switch_to.active_element.send_keys("dawn", Keys.ENTER)
    tab_to(browser, "//nav[@aria-label='Filters']//a[span='NGO']").send_keys(Keys.ENTER)
    assert "NGO" in browser.find_element(By.CSS_SELECTOR, ".chips").text
    tab_to(browser, "(//li[@class='hit'])[1]//h3/a[last()]").send_keys(Keys.ENTER)
    assert browser.find_element(By.CSS_SELECTOR, ":target mark").is_displayed()
    # From where one has landed the next tabulator goes on, not from the top of the page.
    tab_to(browser, "//*[contains(@class, 'passage')]//a[text()='Individually, with its citation']")
    browser.find_element(By.TAG_NAME, "body").send_keys("n")
    assert browser.switch_to.active_element.tag_name == "mark"
    browser.switch_to.active_element.send_keys("p")
    assert browser.switch_to.active_element.tag_name == "mark"
    tab_to(browser, "//a[text()='Individually, with its citation']").send_keys(Keys.ENTER)
    assert tab_to(browser, "//button[text()='Copy the citation']").is_displayed()
    browser.back()
    assert "mark=dawn" in browser.current_url


def tab_to(browser: Chrome, what: str) -> Any:
    """The element at the path *what*, reached by the tabulator alone."""
    for _ in range(200):
        ActionChains(browser).send_keys(Keys.TAB).perform()
        here = browser.switch_to.active_element
        if here in browser.find_elements(By.XPATH, what):
            return here
    raise AssertionError(f"the tabulator does not reach {what}")


def test_nothing_moves(browser: Chrome, site: str) -> None:
    for page in ("/", "/search?q=barge", "/documents/letters", "/timeline"):
        browser.get(f"{site}{page}")
        assert browser.execute_script(
            """return document.getAnimations().length === 0
              && getComputedStyle(document.documentElement).scrollBehavior === "auto"
              && Array.from(document.querySelectorAll("*"), (one) => getComputedStyle(one)).every((look) =>
                   look.transitionDuration === "0s" && look.animationName === "none")"""
        ), page


def test_what_is_told_by_a_tint_is_told_by_a_line_where_colours_are_forced(
    browser: Chrome, shown: Callable[..., None], site: str
) -> None:
    shown(1280, forced_colors="active")
    browser.get(f"{site}/search?q=dawn")
    assert browser.find_element(By.CSS_SELECTOR, ".hit mark").value_of_css_property("outline-style") == "solid"
    follow(browser, By.CSS_SELECTOR, ".hit .path a:last-of-type")
    assert browser.find_element(By.CSS_SELECTOR, ":target > .said").value_of_css_property("outline-style") == "solid"


def test_a_printed_document_says_where_it_stands_and_which_edition_it_is(
    browser: Chrome, shown: Callable[..., None], site: str
) -> None:
    shown(800, medium="print")
    browser.get(f"{site}/documents/letters?mark=barge")
    said = browser.find_element(By.CSS_SELECTOR, ".only-print").text

    assert said == "/documents/letters, edition 1 of 4 May 2026"
    for left_out in (".top", ".way", ".found", ".foot .set"):
        assert not browser.find_element(By.CSS_SELECTOR, left_out).is_displayed()
    assert "Count of barges" in browser.find_element(By.CSS_SELECTOR, ".note").text


def test_a_table_that_is_too_wide_scrolls_by_itself(browser: Chrome, shown: Callable[..., None], site: str) -> None:
    shown(390)
    browser.get(f"{site}/documents/hard")
    sheet = browser.find_element(By.XPATH, f"//td[contains(., '{LONG}')]/ancestor::div[contains(@class, 'sheet')]")

    assert browser.execute_script("return arguments[0].scrollWidth > arguments[0].clientWidth", sheet)
