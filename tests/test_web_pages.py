"""What the site promises a reader: search, read, cite, and never lose the way."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import brotli
import pytest
from attacks import ATTACKS
from bleach._vendor import html5lib
from flask.testing import FlaskClient
from small_site import build, site_of, stop, write_collection

SITE = "https://harbour.example"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    build(write_collection(root / "collection"), root / "data")
    return root / "data"


@pytest.fixture(scope="module")
def client(data: Path) -> Iterator[FlaskClient]:
    app = site_of(data, site_url=SITE)
    yield app.test_client()
    stop(app)


def passages(client: FlaskClient, **wanted: object) -> list[dict[str, object]]:
    found = []
    for document in ("letters", "reply"):
        rows = client.get(f"/api/v1/documents/{document}/passages").get_json()["passages"]
        found += [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    return found


def page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:500]
    return answer.text


PAGES = [
    "/", "/search", "/search?q=barge", "/search?q=zzzz", "/documents", "/documents/letters",
    "/documents/letters?mark=barge", "/officials", "/officials/tarverdi", "/officials/solani", "/timeline", "/sources",
    "/sources/dockers-union", "/help", "/about",
]  # fmt: skip
DOORS = [
    "/healthz", "/robots.txt", "/sitemap.xml", "/opensearch.xml", "/search.csv?q=barge", "/search.json?q=barge",
    "/search.atom?q=barge", "/api/v1/search?q=barge", "/api/v1/documents", "/api/v1/documents/letters",
    "/api/v1/officials", "/api/v1/sources",
]  # fmt: skip
MISSING = [
    "/nothing", "/documents/nothing", "/documents/..%2f..%2fetc", "/officials/nobody", "/sources/none", "/static/x.css",
    "/documents/letters/p/s1-p1~000000.b", "/documents/letters/p/%00", "/documents/letters/p/~", "/documents//p/x",
    "/api/v1/nothing", "/api/v1/documents/nothing", "/api/v1/passages/letters/nothing",
]  # fmt: skip


@pytest.mark.parametrize("address", PAGES + DOORS)
def test_every_page_and_door_opens_with_its_headers_and_without_a_cookie(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Pincite-Generation"] == "g000001"
    assert "Set-Cookie" not in answer.headers
    assert client.head(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_has_one_heading_and_no_code(client: FlaskClient, address: str) -> None:
    text = page(client, address)

    assert text.count("<h1") == 1
    assert not re.search(
        r"<(?:script|link|img)[^>]*(?:src|href)=\"(?:https?:)?//", text.replace(f'href="{SITE}', 'href="')
    )
    assert not re.search(r"<script(?![^>]*src=)|\sstyle=|\son[a-z]+=", text)
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    inner = re.findall(r'href="#([^"]+)"', text)
    assert set(inner) <= set(ids)


@pytest.mark.parametrize("address", [*PAGES, "/private", "/nothing"])
def test_a_page_is_html_without_a_fault(client: FlaskClient, address: str) -> None:
    parser = html5lib.HTMLParser()
    parser.parse(client.get(address).text)

    assert parser.errors == []


@pytest.mark.parametrize("address", MISSING)
def test_what_is_not_there_is_a_404_that_helps(client: FlaskClient, address: str) -> None:
    answer = client.get(address)

    assert answer.status_code == 404
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if address.startswith("/api/"):
        assert answer.mimetype == "application/problem+json"
        assert answer.get_json()["status"] == 404
    else:
        assert 'href="/search"' in answer.text


def test_nothing_here_can_be_changed(client: FlaskClient) -> None:
    for method in ("post", "put", "delete", "patch"):
        answer = getattr(client, method)("/documents/letters")
        assert answer.status_code == 405
        assert "GET" in answer.headers["Allow"]
    assert client.delete("/api/v1/search").mimetype == "application/problem+json"


# ------------------------------------------------------------------------------------------------------------- search


def test_the_heading_says_how_many_of_what_for_what_and_the_words_stay_in_the_box(client: FlaskClient) -> None:
    text = page(client, "/search?q=barges")

    assert re.search(r"<h1[^>]*><b>\d+ passages</b> hold <b dir=\"auto\">barges</b></h1>", text)
    assert "<title>barges: " in text
    assert 'name="q" value="barges"' in text


def test_snippets_mark_the_words_and_say_why(client: FlaskClient) -> None:
    text = page(client, "/search?q=denied")

    assert "<mark>denied</mark>" in text
    assert "as typed" in text


def test_a_hit_leads_to_its_passage_with_the_words_marked(client: FlaskClient) -> None:
    text = page(client, "/search?q=denied")
    address = html.unescape(re.findall(r'href="(/documents/letters\?mark=denied#p-[^"]+)"', text)[0])
    document, _, anchor = address.partition("#")
    reader = page(client, document)

    assert f'id="{anchor}"' in reader
    assert "<mark>denied</mark>" in reader.split(f'id="{anchor}"')[1].split('class="passage')[0]


def test_a_hit_leads_to_its_citation_in_one_step(client: FlaskClient) -> None:
    hit = client.get("/api/v1/search?q=clerks").get_json()["hits"][0]

    assert f'<a href="{hit["permalink"]}">cite<span class="vh"> footnote 12a</span></a>' in page(
        client, "/search?q=clerks"
    )
    assert hit["permalink"] in client.post("/search", data={"q": "clerks"}).text


def test_a_footnote_hit_shows_the_sentence_that_calls_it(client: FlaskClient) -> None:
    text = page(client, "/search?q=clerks")

    assert '<p class="calls">' in text
    assert re.search(r'class="calls">.*invented.*<sup>12a</sup>', text)
    assert '<span class="no">12a</span>' in text


def test_a_facet_link_narrows_and_a_chip_takes_it_back(client: FlaskClient) -> None:
    text = page(client, "/search?q=barge")
    narrow = html.unescape(re.search(r'<a href="([^"]+source=government[^"]*)"', text)[1])  # type: ignore[index]
    narrowed = page(client, narrow)

    assert 'aria-current="true"' in narrowed
    assert "Government <span" in narrowed
    back = html.unescape(re.search(r'<ul class="chips.*?<a href="([^"]+)"', narrowed)[1])  # type: ignore[index]
    assert "source" not in back
    assert '<input type="hidden" name="source" value="government">' in narrowed


def test_bars_and_table_tell_the_same_numbers_certain_and_possible_apart(client: FlaskClient) -> None:
    text = page(client, "/search?q=barge")
    facet = client.get("/api/v1/search?q=barge").get_json()["facets"]["month"]

    assert facet
    for value in facet:
        certain, possible = value["certain"], value["count"] - value["certain"]
        assert f'aria-label="{value["label"]}: {certain} certain, {possible} possible"' in text
        row = rf"{value['label']}</a></th><td>{certain}</td><td>{possible}</td><td>{value['count']}</td>"
        assert re.search(row, text)


def test_paging_links_carry_the_generation_and_outlive_it(client: FlaskClient) -> None:
    text = page(client, "/search?limit=2")
    following = html.unescape(re.search(r'<a href="([^"]+)" rel="next">', text)[1])  # type: ignore[index]

    assert "g=g000001" in following
    assert page(client, following)
    passed = page(client, following.replace("g000001", "g000000"))
    assert "Edition g000000 is no longer served" in passed
    first_hit = re.compile('<li class="hit">.*?</h3>', re.DOTALL)
    assert first_hit.findall(passed)[0] == first_hit.findall(page(client, "/search?limit=2"))[0]
    assert first_hit.findall(passed)[0] != first_hit.findall(page(client, following))[0]


def test_a_page_past_the_end_leads_back(client: FlaskClient) -> None:
    assert "Back to its first page" in page(client, "/search?q=barge&offset=500")
    page(client, "/search?q=barge&offset=10001", 400)


def test_nothing_found_says_what_was_searched_under_which_filters(client: FlaskClient) -> None:
    text = page(client, "/search?q=barge&month=1988-11&official=solani")

    assert "No passage holds" in text
    assert "November 1988" in text
    assert "Mina Solani" in text
    assert "Clear all" in text


def test_the_search_is_in_no_cache_and_a_document_is_kept_by_its_edition(client: FlaskClient) -> None:
    assert client.get("/search?q=barge").headers["Cache-Control"] == "no-store"
    first = client.get("/documents/letters")

    assert first.headers["ETag"].startswith('W/"')
    again = client.get("/documents/letters", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert client.get("/documents/letters?mark=barge").headers["Cache-Control"] == "no-store"


# ------------------------------------------------------------------------------------------------------------- reader


def test_the_reader_has_contents_notes_and_the_way_back(client: FlaskClient) -> None:
    text = page(client, "/documents/letters")
    note = passages(client, kind="footnote", number="12a")[0]
    call = re.search(rf'<a class="call" id="([^"]+)" href="#p-{note["id"]}">12a</a>', text)

    assert call
    assert re.search(rf'id="p-{note["id"]}"><a class="back" href="#{call[1]}"', text)
    assert '<a href="#s-1">1. The missing barges</a>' in text
    for row in passages(client, document="letters"):
        assert text.count(f'id="p-{row["id"]}"') == 1
    assert "<table><tbody><tr" in text
    assert 'lang="fa" dir="rtl"' in text


def test_a_document_can_be_taken_along(client: FlaskClient) -> None:
    found = re.search(r'<a href="([^"]+)">CSV</a>', page(client, "/documents/letters"))
    assert found
    rows = list(csv.DictReader(io.StringIO(page(client, html.unescape(found[1])).removeprefix("\ufeff"))))

    assert {row["document"] for row in rows} == {"letters"}
    assert len(rows) == client.get("/api/v1/documents/letters/passages").get_json()["total"]


def test_a_short_form_unfolds_into_what_it_is_short_for(client: FlaskClient) -> None:
    text = page(client, "/documents/letters")

    assert re.search(r"<summary>(Short for|Perhaps) note 27</summary>", text)


def test_a_slip_of_the_record_is_printed_as_it_is_and_told_beside(client: FlaskClient) -> None:
    flagged = [row for row in passages(client) if row["date_flags"]]
    text = page(client, "/documents/letters")

    assert flagged
    assert '<u class="slip">9 November 1998</u>' in text
    assert "Printed so:" in text


def test_markup_in_the_record_is_shown_as_typed(client: FlaskClient) -> None:
    text = page(client, "/documents/letters")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "Letters from the harbour &lt;1988–1989&gt;" in text


# --------------------------------------------------------------------------------------------------------- permalinks


def test_a_permalink_lands_on_its_passage_and_says_the_verdict(client: FlaskClient) -> None:
    for row in passages(client):
        text = page(client, str(row["permalink"]))
        assert f'id="p-{row["id"]}"' in text
        assert "Same as cited" in text
        assert "<del>" not in text
        assert "As cited, alone" not in text
        assert f'<link rel="canonical" href="{SITE}{row["permalink"]}">' in text


def test_a_passage_that_stands_as_cited_is_shown_as_it_is_set(client: FlaskClient) -> None:
    note = passages(client, kind="footnote", number="27")[0]

    assert "<em>Count of barges</em>" in page(client, str(note["permalink"]))


def test_a_permalink_without_a_digest_says_that_no_wording_was_cited(client: FlaskClient) -> None:
    permalink = str(passages(client)[0]["permalink"])

    assert "No wording was cited" in page(client, permalink.rpartition(".")[0])
    assert "no such wording" in page(client, permalink.rpartition(".")[0] + ".bcdfg")


def test_a_wording_that_was_never_given_is_not_said_to_have_changed(client: FlaskClient) -> None:
    row = passages(client, kind="body")[0]
    answer = page(client, f"{str(row['permalink']).rpartition('.')[0]}.zzzzz")

    assert "<h1>Not a wording known here</h1>" in answer
    assert "no such wording of it is known" in answer


def test_a_row_of_a_table_has_its_sign_in_its_first_cell_and_its_words_marked(client: FlaskClient) -> None:
    row = next(one for one in passages(client, form="row") if str(one["text"]).startswith("November"))
    shown = page(client, "/documents/letters?mark=8")

    assert re.search(rf'<tr id="p-{row["id"]}"><td><a class="pin"[^>]*>.*?</a>November 1988</td>', shown)
    assert "<td><mark>8</mark></td></tr>" in shown


def test_a_reworded_passage_shows_which_words_changed(tmp_path: Path) -> None:
    folder = write_collection(tmp_path / "collection")
    build(folder, tmp_path / "data")
    app = site_of(tmp_path / "data")
    old = {str(row["text"]): row for row in passages(app.test_client())}
    stop(app)
    path = folder / "documents" / "reply.md"
    text = path.read_text(encoding="utf-8").replace("signed the reply", "did not sign the reply")
    path.write_text(text.replace("no barge was lost", "a barge was lost"), encoding="utf-8")
    build(folder, tmp_path / "data", seed=2)
    app = site_of(tmp_path / "data")
    client = app.test_client()
    permalink = next(str(row["permalink"]) for words, row in old.items() if "signed the reply" in words)
    shown = page(client, permalink)
    stop(app)

    assert "Reworded since it was cited" in shown
    assert re.search(r"<ins>did not sign</ins>", shown)
    assert "<del>signed</del>" in shown
    assert f'rel="canonical" href="{permalink}"' not in shown


def test_a_citation_with_a_persian_title_keeps_the_rest_of_it_in_order(tmp_path: Path) -> None:
    folder = write_collection(tmp_path / "collection")
    path = folder / "documents" / "reply.md"
    text = path.read_text(encoding="utf-8").replace("Reply of the harbour office", "پاسخ ادارهٔ بندر")
    path.write_text(text, encoding="utf-8")
    build(folder, tmp_path / "data")
    app = site_of(tmp_path / "data")
    client = app.test_client()
    permalink = client.get("/api/v1/documents/reply/passages").get_json()["passages"][0]["permalink"]
    shown = page(client, permalink)
    stop(app)

    assert '<span lang="fa" dir="rtl">پاسخ ادارهٔ بندر</span>, 3 December 1988' in shown


def test_a_document_that_was_withdrawn_is_gone_and_not_unknown(tmp_path: Path) -> None:
    folder = write_collection(tmp_path / "collection")
    build(folder, tmp_path / "data")
    app = site_of(tmp_path / "data")
    permalink = str(passages(app.test_client(), document="reply")[0]["permalink"])
    stop(app)
    (folder / "documents" / "reply.md").unlink()
    build(folder, tmp_path / "data", seed=2)
    app = site_of(tmp_path / "data")
    client = app.test_client()
    shown = page(client, permalink, 410)
    page(client, "/documents/reply", 410)
    page(client, "/documents/never", 404)
    stop(app)

    assert "Gone from this edition" in shown
    assert "As cited, alone" in shown
    assert "no barge was lost" in shown


def test_marks_are_as_printed_where_the_search_was(client: FlaskClient) -> None:
    text = page(client, "/search?q=barge&as_printed=1")

    assert "/documents/reply?mark=barge&amp;as_printed=1#p-" in text
    assert "<mark>barges</mark>" not in page(client, "/documents/letters?mark=barge&as_printed=1")
    assert "<mark>barges</mark>" in page(client, "/documents/letters?mark=barge")


def test_a_search_for_properties_alone_marks_no_words(client: FlaskClient) -> None:
    assert "?mark=" not in page(client, "/search?q=kind:footnote")


def test_time_runs_in_two_columns_and_an_empty_one_says_what_that_means(client: FlaskClient) -> None:
    text = page(client, "/timeline")
    november, december = text.split('id="m-1988-11"')[1].split('id="m-1988-12"')

    assert "No answer dated to this month is in the collection." in november
    assert 'class="entry by"' not in november
    assert re.search(r'class="entry by"><p class="soft"><time>3 December 1988</time> Government</p>', december)
    assert "No answer dated" not in december


def test_a_mistyped_address_is_a_404_that_says_so(client: FlaskClient) -> None:
    permalink = str(passages(client)[0]["permalink"])
    head, _, tail = permalink.partition("~")
    wrong = f"{head}~{'0' if tail[0] != '0' else '1'}{tail[1:]}"

    assert "mistyped" in page(client, wrong, 404)


@pytest.mark.parametrize("form", ["bib", "ris", "csl.json"])
def test_a_passage_can_be_cited_by_a_program(client: FlaskClient, form: str) -> None:
    row = passages(client, document="letters")[0]
    answer = client.get(f"{row['permalink']}.{form}")

    assert answer.status_code == 200
    assert f"{SITE}{row['permalink']}" in answer.text
    assert "Letters from the harbour" in answer.text


# -------------------------------------------------------------------------------------------------------------- doors


def test_the_api_answers_as_the_contract_says(client: FlaskClient) -> None:
    everything = client.get("/api/v1/search?limit=1")

    assert everything.get_json()["total"] == len(passages(client))
    assert client.get("/api/v1/search?nonsense=1").status_code == 400
    assert client.get("/api/v1/search?q=a&q=b").status_code == 400
    assert client.get("/api/v1/search?limit=x").get_json()["parameter"] == "limit"
    assert client.get("/api/v1/search?g=g000009").status_code == 409
    lacking = client.get("/api/v1/search?q=barge&source=no-such-type").get_json()
    assert lacking["total"] == 0
    assert lacking["notices"]
    permalink = passages(client)[0]["permalink"]
    assert client.get(f"/api/v1/links?permalink={permalink}").get_json()["verdict"] == "same"
    assert client.get("/api/v1/links").status_code == 400


def test_the_exports_hold_the_whole_result(client: FlaskClient) -> None:
    total = client.get("/api/v1/search?q=barge").get_json()["total"]
    rows = list(csv.DictReader(io.StringIO(client.get("/search.csv?q=barge&limit=1").text.removeprefix("\ufeff"))))

    assert len(rows) == total
    assert all(row["permalink"].startswith(SITE) for row in rows)
    assert len(json.loads(client.get("/search.json?q=barge").text)["hits"]) == total
    feed = ElementTree.fromstring(client.get("/search.atom?q=barge").text)
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == total


def test_static_files_have_names_that_change_with_them(client: FlaskClient) -> None:
    address = re.search(r'<link rel="stylesheet" href="([^"]+)"', page(client, "/"))[1]  # type: ignore[index]
    with client.get(address) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_host_that_is_not_ours_is_refused(data: Path) -> None:
    app = site_of(data, trusted_hosts=("harbour.example",))
    client = app.test_client()
    statuses = [client.get("/", headers={"Host": host}).status_code for host in ("harbour.example", "evil.example")]
    stop(app)

    assert statuses == [200, 400]


def test_a_host_header_writes_nothing_into_a_page(client: FlaskClient) -> None:
    permalink = str(passages(client)[0]["permalink"])

    assert "evil.example" not in client.get(permalink, headers={"Host": "evil.example"}).text


# ------------------------------------------------------------------------------------------------------------ attacks


class Watch(HTMLParser):
    """Reads a page as a browser would and notes what would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("img", "iframe", "style", "base", "object", "embed", "foreignobject", "video", "audio"):
            self.faults.append(tag)
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.faults.append("script")
        for name, value in attrs:
            if name.startswith("on") or name in ("style", "srcdoc", "formaction"):
                self.faults.append(f"{tag} {name}")
            if name in ("href", "src", "action") and not re.match(r"/(?!/)|#|https://harbour\.example/", value or ""):
                self.faults.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_an_address_comes_back_as_words_or_as_an_error(client: FlaskClient, attack: str) -> None:
    words = quote(attack.encode("utf-8", "surrogatepass"))
    for address in (f"/search?q={words}", f"/documents/letters?mark={words}", f"/api/v1/search?q={words}"):
        answer = client.get(address)
        assert answer.status_code == 200
        if answer.mimetype == "text/html":
            watch = Watch()
            watch.feed(answer.text)
            assert watch.faults == []
    for address in (
        f"/documents/{words}",
        f"/documents/letters/p/{words}",
        f"/officials/{words}",
        f"/search?g={words}",
    ):
        assert client.get(address).status_code in (200, 308, 400, 404)


def test_answers_are_compressed_where_the_browser_takes_it(client: FlaskClient) -> None:
    for address in ("/documents/letters", "/documents/letters", "/search?q=barge", "/api/v1/search?q=barge"):
        plain = client.get(address)
        assert "Content-Encoding" not in plain.headers
        for taken, encoding, decompress in (
            ("gzip, deflate", "gzip", gzip.decompress),
            ("gzip, deflate, br, zstd", "br", brotli.decompress),
            ("br;q=0.5, gzip", "gzip", gzip.decompress),
            ("*", "br", brotli.decompress),
        ):
            small = client.get(address, headers={"Accept-Encoding": taken})

            assert small.headers["Content-Encoding"] == encoding
            assert decompress(small.data) == plain.data
            assert "Accept-Encoding" in small.headers["Vary"]
    for refused in ("gzip;q=0", "identity", "deflate, zstd", "br;q=0, gzip;q=0", ""):
        answer = client.get("/documents/letters", headers={"Accept-Encoding": refused})
        assert "Content-Encoding" not in answer.headers


def test_a_page_that_stays_the_same_is_made_once_and_answered_alike(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = {"Accept-Encoding": "br"}
    addresses = (
        "/documents",
        "/documents/letters",
        "/timeline",
        "/api/v1/openapi.json",
        "/help?nothing=1",
    )
    first = [client.get(address, headers=browser) for address in addresses]
    monkeypatch.setattr("flask.Flask.dispatch_request", lambda self: "made anew")
    for address, made in zip(addresses, first, strict=True):
        again, head = client.get(address, headers=browser), client.head(address, headers=browser)
        unchanged = client.get(address, headers=browser | {"If-None-Match": made.headers["ETag"]})

        assert (again.status_code, again.data) == (200, made.data)
        assert (unchanged.status_code, unchanged.data, head.data) == (304, b"", b"")
        headers = [sorted({**one.headers, "Date": ""}.items()) for one in (made, again, head)]
        assert headers[0] == headers[1] == headers[2]
    assert client.get("/search?q=barge", headers=browser).text == "made anew", "what was asked is not kept"
    assert client.get("/documents/letters?mark=barge", headers=browser).text == "made anew"


def test_the_style_sheet_is_small_and_compressed(client: FlaskClient) -> None:
    address = re.search(r'<link rel="stylesheet" href="([^"]+)"', page(client, "/"))[1]  # type: ignore[index]
    with client.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(gzip.decompress(answer.data)) < 15_000


def test_a_private_search_puts_its_words_into_no_address(client: FlaskClient) -> None:
    beginning = page(client, "/private")
    assert re.search(r'<form class="find"[^>]* method="post">', beginning)
    answer = client.post("/search", data={"q": "barges"})
    text = answer.text

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.search(r'<h1[^>]*><b>\d+ passages</b> hold <b dir="auto">barges</b>', text)
    addresses = re.findall(r'(?:href|action|src)="([^"]*)"', text)
    assert addresses
    assert not any("barge" in address for address in addresses)
    assert "barge" not in re.search("<title>(.*)</title>", text)[1]  # type: ignore[index]
    narrow = html.unescape(re.search(r'name="then" value="([^"]*source=government[^"]*)"', text)[1])  # type: ignore[index]
    narrowed = client.post("/search", data={"then": narrow}).text
    assert "Government <span" in narrowed
    assert 'value="barges"' in narrowed


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    answer = client.post("/search", data={"q": "x" * 100_000})

    assert answer.status_code == 413
    assert "2,500 characters" in answer.text


def test_a_work_that_is_cited_has_a_page_with_what_rests_on_it(client: FlaskClient) -> None:
    work = next(one for one in client.get("/api/v1/sources").get_json()["works"] if one["symbol"] == "KH/12/88")
    told = client.get(f"/api/v1/sources/{work['id']}").get_json()
    text = page(client, f"/sources/{work['id']}")

    assert (work["publisher"], work["notes"], work["passages"]) == (
        "dockers-union",
        2,
        2,
    )  # in full, and by its short form
    assert len(told["cited_by"]) == len(told["resting"]) == 2
    assert re.search("<title>(.*)</title>", text)[1].startswith("Count of barges")  # type: ignore[index]
    for permalink in told["resting"]:
        assert f'#p-{permalink.split("~")[1].split(".")[0]}"' in text
    assert f'href="/sources/{work["id"]}"' in page(client, "/sources")
    assert f'href="/sources/{work["id"]}"' in page(client, "/sources/dockers-union")


@pytest.mark.parametrize("name", ["officials/tarverdi", "sources/dockers-union", "documents/reply"])
def test_the_title_of_a_page_starts_with_the_name_of_what_it_shows(client: FlaskClient, name: str) -> None:
    text = page(client, f"/{name}")
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", text)[1]  # type: ignore[index]

    assert re.search("<title>(.*)</title>", text)[1].startswith(heading)  # type: ignore[index]


def test_a_citation_manager_reads_what_a_document_and_a_passage_are(client: FlaskClient) -> None:
    passage = passages(client, kind="body")[0]
    for address in ("/documents/letters", str(passage["permalink"])):
        told = dict(re.findall(r'<meta name="citation_(\w+)" content="([^"]*)">', page(client, address)))
        assert html.unescape(told["title"]) == "Letters from the harbour <1988–1989>"
        assert html.unescape(told["author"]) == "Dockers' Union"
        assert (told["publication_date"], told["language"]) == ("1989/05/02", "en")
        assert told["public_url"] == SITE + address
    files = re.findall(r'<link rel="alternate" type="([^"]+)" href="([^"]+)">', page(client, str(passage["permalink"])))
    assert [client.get(address).status_code for _, address in files] == [200, 200, 200]
