"""What the renderer promises: words kept, nothing that runs, marks where the words are."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

import markdown
import pytest
from attacks import ATTACKS
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from web.directions import isolated
from web.highlighting import mark, mark_html
from web.render import MAX_DEPTH, anchor_calls, fragments, link_calls, row_cells, sanitised, second_opinion


@dataclass(frozen=True)
class Piece:
    text: str
    matched: bool


ALLOWED = {
    "a": {"href", "class"},
    "p": {"lang", "dir", "class"},
    **{tag: {"lang", "dir"} for tag in ("span", "li", "td", "th", "blockquote")},
}
TAGS = set(ALLOWED) | {
    *("em", "strong", "code", "sup", "sub", "del", "br", "bdi"),
    *("ul", "ol", "table", "thead", "tbody", "tr", "pre"),
}


class Inspector(HTMLParser):
    """Reads HTML as a browser would and notes what should not be there. It shares no code with the renderer."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.text: list[str] = []
        self.calls = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.faults.append(f"tag {tag}")
        for name, value in attrs:
            if name not in ALLOWED.get(tag, set()):
                self.faults.append(f"{tag} {name}={value}")
            if name == "href" and not re.match(r"https?://|mailto:|/documents/[^/]|#note-\d+$", value or ""):
                self.faults.append(f"href {value}")
        if ("class", "call") in attrs:
            self.calls += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.calls = 0

    def handle_data(self, data: str) -> None:
        if not self.calls:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"instruction {data}")


def inspected(html: str) -> Inspector:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector


def passage(xml: str, form: str = "paragraph") -> Element:
    return ET.fromstring(f'<passage form="{form}">{xml}</passage>')


def rendered(xml: str, form: str = "paragraph") -> str:
    return fragments([passage(xml, form)])[0]


def words(text: str) -> str:
    return "".join(re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]", "", text).split())


# ------------------------------------------------------------------------------------------------------------- shapes

SHAPES = [
    ("paragraph", "a <em>b</em> &lt;c&gt; &amp;", "<p>a <em>b</em> &lt;c&gt; &amp;</p>"),
    (
        "paragraph",
        'denied.<call target="12">27</call> Then',
        '<p>denied.<a class="call" href="#note-12">27</a> Then</p>',
    ),
    (
        "paragraph",
        '<a href="https://example.org/?a=1&amp;b">x</a>',
        '<p><a href="https://example.org/?a=1&amp;b">x</a></p>',
    ),
    (
        "paragraph",
        '<a href="a-b.md">x</a>, <a href="./c.d.md#p-k7x3fh">y</a>, <a href="../e.md">z</a>',
        '<p><a href="/documents/a-b">x</a>, <a href="/documents/c.d#p-k7x3fh">y</a>, z</p>',
    ),
    (
        "paragraph",
        '<a href="/documents/a-b/p/x~k7x3fh.c9d1x">x</a>',
        '<p><a href="/documents/a-b/p/x~k7x3fh.c9d1x">x</a></p>',
    ),
    ("quotation", "said", "<blockquote><p>said</p></blockquote>"),
    ("quotation", "<blockquote><p>said</p></blockquote>", "<blockquote><p>said</p></blockquote>"),
    ("quotation", "<p>said</p>", "<blockquote><p>said</p></blockquote>"),
    ("verse", "one<br/>two", '<p class="verse">one<br>two</p>'),
    (
        "row",
        "<td>a</td><td><strong>b</strong></td>",
        "<table><tbody><tr><td>a</td><td><strong>b</strong></td></tr></tbody></table>",
    ),
    ("row", "<th>a</th>", "<table><tbody><tr><th>a</th></tr></tbody></table>"),
    ("code", "a &lt; b\n  c", "<pre><code>a &lt; b\n  c</code></pre>"),
    ("code", "<pre><code>x</code></pre>", "<pre><code>x</code></pre>"),
    ("item", "just words", "<p>just words</p>"),
    ("item", "<p>one</p><blockquote><p>two</p></blockquote>", "<p>one</p><blockquote><p>two</p></blockquote>"),
    ("note", "<p>a</p><ul><li>b</li></ul>", "<p>a</p><ul><li>b</li></ul>"),
    ("note", "<h2>Title</h2><p>a</p>", "<p><strong>Title</strong></p><p>a</p>"),
    (
        "note",
        "<table><thead><tr><th>h</th></tr></thead><tbody><tr><td>c</td></tr></tbody></table>",
        "<table><thead><tr><th>h</th></tr></thead><tbody><tr><td>c</td></tr></tbody></table>",
    ),
    ("paragraph", "<u>no such tag</u>", "<p>no such tag</p>"),
    (
        "paragraph",
        "they call it قطع‌نامه ۵۹۸ there",
        '<p>they call it <span lang="fa" dir="rtl">قطع‌نامه ۵۹۸</span> there</p>',
    ),
    ("paragraph", "محلاتی گفت", '<p lang="fa" dir="rtl">محلاتی گفت</p>'),
    (
        "paragraph",
        "Ettelaat, «مصاحبه درباره قطع‌نامه», p. 14",
        '<p>Ettelaat, <span lang="fa" dir="rtl">«مصاحبه درباره قطع‌نامه»</span>, p. 14</p>',
    ),
    (
        "paragraph",
        "two words, سلام and كتابة",
        '<p>two words, <span lang="fa" dir="rtl">سلام</span> and <span lang="ar" dir="rtl">كتابة</span></p>',
    ),
]


@pytest.mark.parametrize(("form", "xml", "html"), SHAPES)
def test_each_form_has_its_shape(form: str, xml: str, html: str) -> None:
    assert rendered(xml, form) == html
    assert second_opinion(html)


def test_a_mark_inside_a_link_is_no_link_inside_a_link() -> None:
    html = rendered('<a href="https://example.org/">x<call target="3">1</call></a>')

    assert html == '<p>x<a class="call" href="#note-3">1</a></p>'


def test_a_link_of_the_source_can_not_pass_for_a_mark() -> None:
    assert rendered('<a class="call" href="#note-1">27</a>') == "<p>27</p>"


def test_a_tree_of_any_depth_keeps_its_words() -> None:
    root = Element("passage", form="note")
    deep = root
    for number in range(5000):
        deep = SubElement(deep, ("blockquote", "em", "p")[number % 3])
        deep.text = "x"
    html = fragments([root])[0]

    assert words("".join(inspected(html).text)) == "x" * 5000
    assert html.count("<") < 6 * MAX_DEPTH


def test_direction_marks_of_the_source_end_with_it() -> None:
    assert isolated("a\u202eb") == Markup("<bdi>a\u202eb</bdi>")


def test_control_characters_are_left_out_and_never_become_question_marks() -> None:
    root = Element("passage", form="paragraph")
    root.text = "a\x00b\x1bc\ud800d"

    assert fragments([root]) == ("<p>abcd</p>",)


# ------------------------------------------------------------------------------------------------------------ attacks


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("see (قوه قضاییه), 1988/۱۳۶۷, and", ["قوه قضاییه", "۱۳۶۷"]),
        ("the قوه قضاییه (دادگاه) and", ["قوه قضاییه (دادگاه)"]),
        ("(الف) (ب) x", ["الف", "ب"]),
        ("a «الف (ب)» c", ["«الف (ب)»"]),
        ("«الف» ب «ج» d", ["«الف»", "ب «ج»"]),
        ("on ۵ مرداد ۱۳۶۷ then", ["۵ مرداد ۱۳۶۷"]),
    ],
)
def test_a_bracket_stands_on_the_same_side_of_a_run_as_its_fellow(text: str, runs: list[str]) -> None:
    html = str(isolated(text))

    assert re.findall("<span[^>]*>(.*?)</span>", html) == runs
    assert re.sub("<[^>]*>", "", html) == text


@given(st.text(alphabet="ا()[]«»‹›{} ۱1a", max_size=40))
def test_no_mixture_of_brackets_loses_a_sign(text: str) -> None:
    assert re.sub("<[^>]*>", "", str(isolated(text))) == text


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_prose_comes_out_as_its_own_words(attack: str) -> None:
    for form in ("paragraph", "note", "quotation", "verse", "code", "item"):
        root = Element("passage", form=form)
        root.text = attack
        html = fragments([root])[0]
        seen = inspected(html)

        assert seen.faults == []
        assert words("".join(seen.text)) == words(attack)
        assert second_opinion(html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_an_address_or_in_a_name_of_a_tag_never_runs(attack: str) -> None:
    root = Element("passage", form="note")
    link = SubElement(root, "a", {"href": attack, "onclick": attack, "id": attack, "style": attack})
    link.text = "words"
    odd = SubElement(root, attack or "x", {"class": attack})
    odd.text = "more"
    call = SubElement(root, "call", target=attack)
    call.text = attack
    html = fragments([root])[0]

    assert inspected(html).faults == []
    assert second_opinion(html)


def trees_that_markdown_lets_through() -> list[Element]:
    trees = []
    for attack in ATTACKS:
        raw = markdown.markdown(attack.replace("\0", ""))
        with suppress(ET.ParseError, UnicodeEncodeError):
            trees.append(ET.fromstring(f'<passage form="note">{raw}</passage>'))
    return trees


def test_an_attack_that_markdown_lets_through_is_stopped() -> None:
    trees = trees_that_markdown_lets_through()

    assert len(trees) > 100
    for html in fragments(trees):
        assert inspected(html).faults == []
        assert second_opinion(html)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_sanitiser_by_itself_stops_what_is_handed_to_it_as_html(attack: str) -> None:
    clean = "".join(sign for sign in attack if sign == "\n" or sign.isprintable())

    assert inspected(sanitised(clean)).faults == []


def test_the_second_sanitiser_has_an_opinion_of_its_own() -> None:
    assert second_opinion('<p>a<a class="call" href="#note-1">1</a></p>')
    for html in (
        '<p><a href="javascript:alert(1)">x</a></p>',
        '<p onclick="alert(1)">x</p>',
        "<script>alert(1)</script>",
        '<p id="main">x</p>',
        '<p class="top">x</p>',
        "<p><b>open",
    ):
        assert not second_opinion(html)


def test_there_are_enough_attacks_of_every_family() -> None:
    assert len(set(ATTACKS)) >= 150


NODES = st.recursive(
    st.text(max_size=8),
    lambda inner: st.lists(st.tuples(st.sampled_from(sorted(TAGS | {"call", "h2", "x"})), inner), max_size=4),
    max_leaves=25,
)


@given(NODES, st.sampled_from(["paragraph", "item", "quotation", "verse", "code", "note"]))
def test_no_tree_loses_a_word_or_upsets_the_second_sanitiser(tree: object, form: str) -> None:
    root = Element("passage", form=form)
    told: list[str] = []

    def grow(parent: Element, node: object, silent: bool) -> None:
        if isinstance(node, str):
            parent.text = node
            if not silent:
                told.append(node)
            return
        assert isinstance(node, list)
        for tag, inner in node:
            child = SubElement(parent, tag, {"target": "1"} if tag == "call" else {})
            grow(child, inner, silent or tag == "call")

    grow(root, tree, False)
    html = fragments([root])[0]

    assert inspected(html).faults == []
    assert words("".join(inspected(html).text)) == words("".join(told))
    assert second_opinion(html)


# -------------------------------------------------------------------------------------------------------------- links


def test_marks_lead_to_the_ids_of_their_notes_and_the_notes_back() -> None:
    html = rendered('a<call target="1">27</call> b<call target="0">*</call>')
    linked = link_calls(html, ["k7x3fh", "m3k9qf"])

    assert linked == '<p>a<a class="call" href="#p-m3k9qf">27</a> b<a class="call" href="#p-k7x3fh">*</a></p>'
    assert 'id="c-m3k9qf"' in anchor_calls(linked, lambda note: f"c-{note}")


def test_of_two_marks_side_by_side_the_second_stands_apart() -> None:
    html = rendered('a<call target="0">1</call><call target="1">2</call> b<call target="1">3</call>')
    anchored = anchor_calls(link_calls(html, ["k7x3fh", "m3k9qf"]), lambda note: "c")

    assert re.findall(r'class="([a-z ]+)"[^>]*>([^<]+)<', anchored) == [("call", "1"), ("call too", "2"), ("call", "3")]


def test_the_cells_of_a_row_can_join_other_rows() -> None:
    assert row_cells(rendered("<td>a</td><td>b</td>", "row")) == "<td>a</td><td>b</td>"
    assert row_cells("<p>a</p>") is None


# -------------------------------------------------------------------------------------------------------------- marks

LATIN_AND_PERSIAN = st.text(alphabet="ab <>&\"'|\u00a0\nسلام‌\u0301😀")


@given(st.lists(st.tuples(LATIN_AND_PERSIAN, st.booleans())))
def test_a_snippet_keeps_every_character_and_marks_what_matched(pairs: list[tuple[str, bool]]) -> None:
    html = mark([Piece(text, matched) for text, matched in pairs])

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.text = ""

        def handle_data(self, data: str) -> None:
            self.text += data

    reader = Reader()
    reader.feed(str(html))
    reader.close()
    assert reader.text == "".join(text for text, _ in pairs)
    marked = "".join(re.findall("<mark>(.*?)</mark>", re.sub("</?(?:span|bdi)[^>]*>", "", str(html)), re.DOTALL))
    assert words(Markup(marked).unescape()) == words("".join(text for text, matched in pairs if matched))


@given(
    st.lists(st.tuples(st.sampled_from(["", "em", "strong", "br", "call", "code"]), LATIN_AND_PERSIAN), max_size=6),
    st.sampled_from(["paragraph", "quotation", "note", "item", "verse"]),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=2),
)
def test_marks_cover_the_words_asked_for_and_taking_them_out_gives_the_passage_back(
    parts: list[tuple[str, str]], form: str, spans: list[tuple[int, int]], slips: list[tuple[int, int]]
) -> None:
    root = Element("passage", form=form)
    told = ""
    for tag, text in parts:
        child = SubElement(root, tag or "span")
        child.text = "27" if tag == "call" else None if tag == "br" else text
        if tag == "br":
            child.tail = text
        told += "" if tag == "call" else text
        if tag == "call":
            child.set("target", "1")
    text = " ".join(told.split())
    html = fragments([root])[0]
    marked = mark_html(html, text, spans, slips)

    assert re.sub(r'</?mark>|<u class="slip">|</u>', "", marked) == html
    covered = sorted({at for start, end in spans for at in range(start, min(end, len(text)))})
    without_calls = re.sub(r'<a class="call"[^>]*>[^<]*</a>', "", marked)
    found = "".join(
        re.sub("<[^>]*>", "", piece) for piece in re.findall(r"<mark>(.*?)</mark>", without_calls, re.DOTALL)
    )
    assert words(Markup(found).unescape()) == words("".join(text[at] for at in covered))
    assert inspected(re.sub(r'</?mark>|<u class="slip">|</u>', "", marked)).faults == []
    assert_nested(marked)


def assert_nested(html: str) -> None:
    open_tags: list[str] = []
    for closing, tag in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", html):
        if tag == "br":
            continue
        if closing:
            assert open_tags.pop() == tag
        else:
            open_tags.append(tag)
    assert open_tags == []


def test_a_marked_word_does_not_cut_its_right_to_left_run_in_two() -> None:
    html = mark([Piece("the paper: گزارش‌های ", False), Piece("اعدام", True), Piece(" را رد کرد, it says", False)])

    assert html.count("<span") == 1
    assert "<mark>اعدام</mark>" in html


def test_marks_go_round_tags_and_marks_of_notes() -> None:
    html = '<p>He <em>den</em>ied<a class="call" href="#note-1">27</a> it &amp; left</p>'

    assert mark_html(html, "He denied it & left", [(3, 14)]) == Markup(
        "<p>He <em><mark>den</mark></em><mark>ied</mark>"
        '<a class="call" href="#note-1">27</a><mark> it &amp;</mark> left</p>'
    )


def test_a_row_is_marked_across_the_bars_between_its_cells() -> None:
    html = rendered("<td>one</td><td>two | three</td>", "row")
    text = "one | two | three"

    assert "<mark>two | three</mark>" in mark_html(html, text, [(6, 17)])


def test_html_of_another_text_is_left_unmarked() -> None:
    assert mark_html("<p>one</p>", "two", [(0, 3)]) == Markup("<p>one</p>")


def test_a_slip_is_underlined_apart_from_what_was_searched() -> None:
    html = mark_html("<p>on 13 October 1998 it</p>", "on 13 October 1998 it", [(3, 13)], [(3, 18)])

    assert html == Markup('<p>on <u class="slip"><mark>13 October</mark> 1998</u> it</p>')


@given(st.lists(st.tuples(st.sampled_from(["denied", "a & b", "<script>", "é", "x\x00y", '"']), st.booleans())))
def test_a_snippet_without_a_run_from_the_right_is_marked_as_any_other_is(pieces: list[tuple[str, bool]]) -> None:
    text, spans = "", []
    for words, matched in pieces:
        spans += [(len(text), len(text) + len(words))] if matched else []
        text += words

    assert mark([Piece(words, matched) for words, matched in pieces]) == mark_html(str(isolated(text)), text, spans)
