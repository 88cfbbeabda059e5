"""That nothing hostile in a text, a title or a query runs in Chromium, or takes the place of what is the site's."""

from __future__ import annotations

from urllib.parse import quote

from attacks import ATTACKS
from selenium.webdriver import Chrome

# What scripts and styles of the site rely on; an attack that puts an element of that id or name first would take it.
INTACT = """
return [
  document.getElementById("q") instanceof HTMLInputElement,
  document.getElementById("main") instanceof HTMLElement && document.getElementById("main").tagName === "MAIN",
  document.body instanceof HTMLBodyElement,
  typeof document.cookie === "string",
  typeof document.getElementById === "function",
  document.querySelector(["script", "iframe", "img", "object", "embed", "style", "form"].map((tag) => "main " + tag))
    === null,
  Array.from(document.querySelectorAll("*")).every((element) =>
    Array.from(element.attributes).every((attribute) => !/^on|^style$|^srcdoc$/.test(attribute.name))),
  Array.from(document.querySelectorAll("a"), (link) => link.getAttribute("href")).every((address) =>
    /^(https?:|mailto:|[/]|#)/.test(address)),
  new Set(Array.from(document.querySelectorAll("[id]"), (element) => element.id)).size ===
    document.querySelectorAll("[id]").length,
];
"""


def intact(browser: Chrome) -> bool:
    """Whether the page is as the site made it; an alert that an attack opened would raise here."""
    return all(browser.execute_script(INTACT))


def test_no_attack_in_a_document_runs(browser: Chrome, site: str) -> None:
    for page in (
        "/documents/attacks",
        "/documents",
        "/search?q=attack&limit=100",
        "/timeline",
        "/search?document=attacks",
    ):
        browser.get(f"{site}{page}")
        assert intact(browser), page


def test_no_attack_in_a_query_runs(browser: Chrome, site: str) -> None:
    for attack in ATTACKS[:: max(1, len(ATTACKS) // 60)]:
        words = quote(attack.encode("utf-8", "replace"))
        browser.get(f"{site}/search?q={words}")
        assert intact(browser), attack
        browser.get(f"{site}/documents/attacks?mark={words}")
        assert intact(browser), attack


def test_no_attack_in_a_name_runs(browser: Chrome, hostile_site: str) -> None:
    """Titles, issuers, officials, offices, publishers, spellings and labels that are attacks, every one of them."""
    for page in ("/documents", "/officials"):
        browser.get(f"{hostile_site}{page}")
        listed = browser.execute_script("return document.querySelectorAll('main li').length")
        assert listed > 0.95 * len(ATTACKS), page
    for page in (
        *("/", "/documents", "/officials", "/sources", "/timeline", "/about", "/help"),
        *(
            "/search?limit=100",
            "/search?q=hostile&limit=100&offset=100",
            "/search?q=spelling3",
            "/search?q=zzz&source=type-7",
        ),
        *(f"/{kind}{number}" for number in range(0, len(ATTACKS), 25) for kind in ("officials/o", "sources/s")),
        *(f"/documents/hostile-{number}" for number in range(0, len(ATTACKS), 25)),
    ):
        browser.get(f"{hostile_site}{page}")
        assert intact(browser), page


def test_no_attack_in_an_address_runs(browser: Chrome, site: str) -> None:
    for number, attack in enumerate(ATTACKS[:: max(1, len(ATTACKS) // 30)]):
        words = quote(attack.encode("utf-8", "replace"), safe="")
        where = ("documents", "officials", "sources", "documents/letters/p", "nothing")[number % 5]
        browser.get(f"{site}/{where}/{words}")
        assert intact(browser), attack
        browser.get(f"{site}/search?source={words}&official={words}&sort={words}&g={words}&offset={words}")
        assert intact(browser), attack
