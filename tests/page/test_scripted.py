"""What scripts write is read where it stands; nothing is executed, and what is code, label or selector is left alone."""

from __future__ import annotations

import time

import pytest

from detector import Page
from detector.page.limits import Limits
from detector.page.read import read
from detector.page.scripted import written

SAID = "Play casino slots online with free spins and a welcome bonus for every new player who signs up today"
ESCAPED = "".join(f"\\u{ord(character):04x}" for character in SAID)
HEX = "".join(f"\\x{ord(character):02x}" for character in SAID)
PERCENT = "".join(f"%u{ord(character):04x}" for character in SAID)
CODES = ",".join(str(ord(character)) for character in SAID)
BASE64 = "UGxheSBjYXNpbm8gc2xvdHMgb25saW5lIHdpdGggZnJlZSBzcGlucyBhbmQgYSB3ZWxjb21lIGJvbnVzIGZvciBldmVyeSBuZXcgcGxheWVyIHdobyBzaWducyB1cCB0b2RheQ=="


@pytest.mark.parametrize(
    "script",
    [
        f'document.write("<p>{SAID}</p>");', f"document.writeln ( '{SAID}' )", f'document["write"]("{SAID}")', f"d.write(`{SAID}`)", f'document.write("{ESCAPED}")', f'document.write("{HEX}")',
        f'document.write(unescape("{PERCENT}"))', f'document.write(decodeURIComponent("{SAID.replace(" ", "%20")}"))', f'document.write(atob("{BASE64}"))', f"document.write(String.fromCharCode({CODES}))",
        f'var a = "{SAID[:20]}"; var b = \'{SAID[20:]}\';\ndocument.write(a + b)', f'document.write(["{SAID[:9]}", "{SAID[9:]}"].join(""))', f'document.write("{SAID[:9]}"); document.write("{SAID[9:]}")',
        f"eval(unescape(\"document.write('{SAID.replace(' ', '%20')}')\"))", f'document.getElementById("x").innerHTML = "<b>{SAID}</b>"', f"e.insertAdjacentHTML('beforeend', '{SAID}')",
        f'$("#x").html("{SAID}")', f"e.textContent = `{SAID}`", f"e.appendChild(document.createTextNode('{SAID}'))", f"if (x) {{ document.write('{SAID}') }}",
    ],
)  # fmt: skip
def test_literals_of_calls_that_write_are_read(script: str) -> None:
    """However they are escaped, joined or named, and evidence can quote them."""
    document = read(Page.from_html(f"<p>before</p><script>{script}</script><p>after</p>"))
    assert SAID in document.text
    assert document.text.index("before") < document.text.index(SAID) < document.text.index("after")
    assert all(document.text[hit.start : hit.end].lower().startswith(hit.meaning.term) for hit in document.hits)


@pytest.mark.parametrize(
    "script",
    [
        "document.write('<script src=\"//ads.example/a.js\"><\\/script>')", "document.write('<scr' + 'ipt src=\"' + url); document.write('?zone=12&loc=front\"></scr' + 'ipt>')", "document.write(new Date().getFullYear())",
        "document.write('<div id=\"slot\"></div>')", "document.write('<style>body { display: none }</style>')", "$('#message').html('Please enter a valid address.')", "$('.menu a').append($('<span>').text(name))",
        "s.innerHTML = 'window.p = {r: \"9b103bcf6a8870d1\"}; var a = document.createElement(\"script\"); a.nonce = \"\"'", f"var data = {{\"text\": \"{SAID}\"}}", f"console.log('{SAID}')", f"document.write(translate('{SAID}'))",
        f"e.innerHTML == '{SAID}'", "document.write('", "document.write(", "",
    ],
)  # fmt: skip
def test_what_nobody_reads_is_not_read(script: str) -> None:
    """Scripts that load scripts, empty slots, styles, labels set on a click, data, arguments of functions."""
    document = read(Page.from_html(f"<p>before</p><script>{script}</script><p>after</p>"))
    assert document.text == "before\nafter"


@pytest.mark.parametrize("kind", ["application/ld+json", "text/template", "text/x-handlebars-template", "application/json"])
def test_data_and_templates_are_no_programs(kind: str) -> None:
    """A browser does not run them either."""
    assert read(Page.from_html(f"<p>before</p><script type='{kind}'>document.write('{SAID}')</script>")).text == "before"


def test_text_of_a_script_stands_in_its_line_and_its_markup_counts() -> None:
    """As a browser puts it there: inside a sentence, with links, hidden where its style says so."""
    document = read(
        Page.from_html(
            "<p>We play <script>document.write('<a href=\"https://b.example/\">casino</a>')</script> at home.</p>"
            "<script>document.write('<div style=\"display:none\">slot bonus</div>')</script>"
        )
    )
    assert document.text == "We play casino at home.\nslot bonus"
    assert [document.text[link.start : link.end] for link in document.links] == ["casino"]
    assert [block.hidden for block in document.blocks] == [None, "display"]


def test_an_element_that_a_script_leaves_open_ends_with_it() -> None:
    """What follows is not hidden by it."""
    document = read(Page.from_html("<script>document.write('<div style=\"display:none\">slot bonus')</script><p>after</p>"))
    assert [(document.quote(block), block.hidden) for block in document.blocks] == [("slot bonus", "display"), ("after", None)]


def test_scripts_of_the_head_write_at_the_bodys_start() -> None:
    """Where a browser opens the body for them."""
    document = read(Page.from_html(f"<head><title>t</title><script>document.write('{SAID}')</script></head><body><p>after</p>"))
    assert document.text == f"{SAID}\nafter"


def test_what_scripts_write_keeps_the_limits() -> None:
    """Markup of a script is scanned as a page's, and the cut is said; beyond `max_script` no script is read."""
    deep = "<div>" * 30_000
    assert read(Page.from_html(f"<p>before</p><script>document.write('{deep}deep')</script><p>after</p>")).partial == "over-limit"
    body = f"<p>before</p><script>document.write('{SAID}')</script>" * 3
    assert read(Page.from_html(body)).text.count(SAID) == 3
    assert read(Page.from_html(body), Limits(max_script=len(SAID) + 20)).text.count(SAID) == 1


@pytest.mark.parametrize(
    "unit",
    ['a="', "document.write(a+", 'document.write("', "`\\", "eval(", "document.write('eval(", "String.fromCharCode(1,", "a=a+", '.innerHTML=a;a="x"+', "document.write('<script>", "document.write((((", ".html(f(", "document.write(`${"],
)  # fmt: skip
def test_a_script_takes_linear_time(unit: str) -> None:
    """Names that mean each other, literals without an end, brackets without one: within the bound at the limit."""
    script = "document.write(a+b+c);" + unit * (Limits().max_script // len(unit))
    start = time.process_time()
    written(script)
    assert time.process_time() - start < 1.5


def test_very_many_scripts_that_write_are_no_way_to_fill_the_memory() -> None:
    """Each needs a tree of its own: a page has so many, and the rest is said to be unread."""
    body = "<p>before</p>" + "<script>a.write('ab')</script>" * 300 + "<p>after</p>"
    document = read(Page.from_html(body))
    assert document.partial == "over-limit"
    assert document.text.count("ab") == Limits().max_written and document.text.endswith("after")
    assert read(Page.from_html(body), Limits(max_written=300)).partial is None


@pytest.mark.parametrize(
    ("script", "partial"),
    [
        (f"document.write('x y');{'a;' * 200}document.write('{SAID}')", "over-limit"),
        (f"{'a;' * 200}document.write('{SAID}')", "over-limit"),
        (f"document.write('x y');{'a;' * 200}</script><script>document.write('{SAID}')", "over-limit"),
        ("a;" * 200, None),
        (f"document.write('x y');{'a;' * 200}", None),
    ],
)
def test_a_part_of_a_script_that_is_not_read_is_told_where_it_may_write(script: str, partial: str | None) -> None:
    """Padding before a call is no way to hide it in silence; long programs that write nothing are everyday work."""
    document = read(Page.from_html(f"<p>before</p><script>{script}</script>"), Limits(max_script=100))
    assert SAID not in document.text and document.partial == partial
