"""What the page promises that found nothing: what was searched, what each filter costs, and questions that do find."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from small_site import build, site_of, stop, write_collection


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    root = tmp_path_factory.mktemp("site")
    build(write_collection(root / "collection"), root / "data")
    app = site_of(root / "data")
    yield app.test_client()
    stop(app)


def rows(page: str) -> dict[str, int]:
    """What the list of dropped filters says."""
    found = page.partition("With a filter dropped")[2].partition("</section>")[0]
    plain = re.findall(r"<li>(.*?)<span>([0-9]+)</span></li>", found)
    return {re.sub("<[^>]*>", "", said): int(total) for said, total in plain}


def test_every_filter_says_what_the_search_finds_without_it_be_it_nothing(client: FlaskClient) -> None:
    page = client.get("/search?q=barge&source=government&official=solani&month=1985-03").text

    assert "Under 3 filters: <b>Government, Mina Solani and March 1985</b>" in page
    assert rows(page) == {
        "without Government": 0,
        "without Mina Solani": 0,
        "without March 1985": 0,
        "without any filter": client.get("/api/v1/search?q=barge").get_json()["total"],
    }
    assert "without Mina Solani</a>" not in page


def test_it_says_so_above_passages_that_hold_some_of_the_words(client: FlaskClient) -> None:
    page = client.get("/search?q=barge+pens&source=government").text
    without = client.get("/api/v1/search?q=barge+pens").get_json()["total"]

    assert 'class="hit"' in page
    assert rows(page) == {"without Government": without}
    assert page.index("With a filter dropped") < page.index('class="hit"')
    assert "more passage" not in page.partition("With a filter")[0]  # nothing that there would be more of


def test_its_examples_all_find_something(client: FlaskClient) -> None:
    page = client.get("/search?q=zzzz").text
    ways = page.partition("Ways of asking that find something")[2].partition("</section>")[0]
    addresses = re.findall(r'href="([^"]+)"', ways)

    assert len(addresses) >= 4
    for address in addresses:
        assert 'class="hit"' in client.get(address.replace("&amp;", "&")).text


def test_in_a_private_search_they_stand_in_no_address_either(client: FlaskClient) -> None:
    page = client.post("/search", data={"q": "zzzz", "source": "government"}).text
    main = page.partition("<main")[2]

    assert "Ways of asking that find something" in main
    assert "/search?" not in main
    assert "zzzz" not in "".join(re.findall(r'href="([^"]*)"', page))
