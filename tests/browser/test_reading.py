"""What a reader sees in Chromium: search, narrow, land on the passage, with and without scripts."""

from __future__ import annotations

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import presence_of_element_located
from selenium.webdriver.support.ui import WebDriverWait

PAGES = [
    "/", "/search", "/search?q=barge", "/search?q=zzzz&month=1988-11", "/documents", "/documents/letters?mark=barge",
    "/documents/attacks", "/officials", "/officials/tarverdi", "/timeline", "/sources", "/help", "/about", "/nothing",
]  # fmt: skip


def is_gone(element: WebElement) -> bool:
    """Whether the page of *element* was left; while it is being left the driver has more than one word for that."""
    try:
        element.is_enabled()
    except WebDriverException:
        return True
    return False


def follow(browser: Chrome, by: str, what: str) -> None:
    """Clicks what leads to another page, and waits until that is there."""
    page = browser.find_element(By.TAG_NAME, "html")
    # By the pointer: the driver takes what a closed fold shows on wide screens for hidden, a hand does not.
    ActionChains(browser).move_to_element(browser.find_element(by, what)).click().perform()
    WebDriverWait(browser, 10).until(lambda _: is_gone(page))
    WebDriverWait(browser, 10).until(presence_of_element_located((By.TAG_NAME, "footer")))


def search(browser: Chrome, site: str, words: str) -> None:
    browser.get(f"{site}/")
    browser.find_element(By.ID, "q").send_keys(words)
    follow(browser, By.CSS_SELECTOR, ".find button")


def background(browser: Chrome, selector: str) -> str:
    return browser.find_element(By.CSS_SELECTOR, selector).value_of_css_property("background-color")


@pytest.fixture(params=["with scripts", "without scripts"])
def reader(request: pytest.FixtureRequest) -> Chrome:
    name = "browser" if request.param == "with scripts" else "plain_browser"
    found = request.getfixturevalue(name)
    assert isinstance(found, Chrome)
    return found


def test_words_typed_into_the_box_give_hits_and_stay_there(reader: Chrome, site: str) -> None:
    search(reader, site, "barges")

    assert "hold barges" in reader.find_element(By.TAG_NAME, "h1").text
    assert reader.find_element(By.ID, "q").get_attribute("value") == "barges"
    assert reader.find_elements(By.CSS_SELECTOR, ".hit mark")


def test_a_click_on_a_facet_narrows_and_one_on_its_chip_widens(reader: Chrome, site: str) -> None:
    search(reader, site, "barge")
    before = reader.find_element(By.TAG_NAME, "h1").text
    follow(reader, By.XPATH, "//nav[@aria-label='Filters']//a[span='Government']")
    narrowed = reader.find_element(By.TAG_NAME, "h1").text
    follow(reader, By.CSS_SELECTOR, ".chips a")

    assert narrowed != before
    assert reader.find_element(By.TAG_NAME, "h1").text == before


def test_a_bar_narrows_to_its_month(reader: Chrome, site: str) -> None:
    search(reader, site, "barge")
    follow(reader, By.CSS_SELECTOR, ".bars a[aria-label^='November 1988']")

    assert "November 1988" in reader.find_element(By.CSS_SELECTOR, ".chips").text


def test_a_hit_lands_on_its_passage_which_is_in_sight_and_highlighted(reader: Chrome, site: str) -> None:
    search(reader, site, "dawn")
    follow(reader, By.CSS_SELECTOR, ".hit .path a:last-of-type")
    anchor = reader.current_url.partition("#")[2]
    passage = reader.find_element(By.ID, anchor)

    assert passage.find_element(By.TAG_NAME, "mark").text == "dawn"
    assert background(reader, f"#{anchor} > .said") != background(reader, ".passage:not(:target) > .said")
    assert passage.find_element(By.LINK_TEXT, "Individually, with its citation").is_displayed()


def test_a_footnote_hit_lands_on_its_note_and_the_note_leads_back(reader: Chrome, site: str) -> None:
    search(reader, site, "clerks")
    follow(reader, By.CSS_SELECTOR, ".hit .path a:last-of-type")
    anchor = reader.current_url.partition("#")[2]
    note = reader.find_element(By.ID, anchor)

    assert note.get_attribute("class").startswith("note")
    assert "clerks" in note.find_element(By.TAG_NAME, "mark").text
    note.find_element(By.CSS_SELECTOR, ".back").click()
    assert reader.current_url.partition("#")[2].startswith("c-")
    assert reader.find_element(By.CSS_SELECTOR, ":target").text == "12a"


def test_a_permalink_page_says_the_verdict_first(reader: Chrome, site: str) -> None:
    search(reader, site, "dawn")
    follow(reader, By.CSS_SELECTOR, ".hit .path a:last-of-type")
    follow(reader, By.CSS_SELECTOR, ":target > .tools a")

    assert reader.find_element(By.TAG_NAME, "h1").text == "Same as cited"
    assert "/documents/letters/p/" in reader.find_element(By.CSS_SELECTOR, ".cite code").text


def test_keys_go_to_the_box_and_from_mark_to_mark(browser: Chrome, site: str) -> None:
    browser.get(f"{site}/documents/letters?mark=barges")
    browser.find_element(By.TAG_NAME, "body").send_keys("n")
    first = browser.switch_to.active_element
    first.send_keys("n")
    second = browser.switch_to.active_element
    second.send_keys("p")

    assert first.tag_name == second.tag_name == "mark"
    assert first != second
    assert browser.switch_to.active_element == first
    first.send_keys("/")
    assert browser.switch_to.active_element.get_attribute("id") == "q"


def test_filters_are_reached_by_the_tabulator_on_a_wide_screen(browser: Chrome, site: str) -> None:
    browser.get(f"{site}/search?q=barge")
    link = browser.find_element(By.CSS_SELECTOR, ".group li a")
    browser.execute_script("arguments[0].focus()", link)

    assert browser.switch_to.active_element == link


@pytest.mark.parametrize("width", [320, 390, 1024, 1440])
def test_no_page_scrolls_sideways(browser: Chrome, site: str, width: int) -> None:
    metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    wide = []
    for page in PAGES:
        browser.get(f"{site}{page}")
        if browser.execute_script("return document.documentElement.scrollWidth > innerWidth"):
            wide.append(page)
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})

    assert wide == []


def test_no_page_asks_anything_of_another_host_or_breaks_its_own_rules(browser: Chrome, site: str) -> None:
    browser.get_log("browser")
    for page in PAGES:
        browser.get(f"{site}{page}")
        asked = browser.execute_script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
        assert all(address.startswith(site) for address in asked)
    faults = [entry["message"] for entry in browser.get_log("browser") if "status of 404" not in entry["message"]]
    assert faults == []


def test_persian_reads_from_the_right(browser: Chrome, site: str) -> None:
    browser.get(f"{site}/documents/letters")
    passage = browser.find_element(By.CSS_SELECTOR, ".said > p[lang=fa]")

    assert passage.value_of_css_property("direction") == "rtl"
    assert browser.execute_script("return getComputedStyle(arguments[0]).textAlign", passage) in ("start", "right")
