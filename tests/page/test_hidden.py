"""What a reader does not see, and why; what only looks hidden; noise in names."""

from __future__ import annotations

import pytest

from detector import Page
from detector.page.document import Block
from detector.page.hiding import offscreen_rules
from detector.page.hints import is_noise_name, is_random_tag
from detector.page.read import read

SECRET = "slot gacor maxwin"


def block(html: str) -> Block:
    document = read(Page.from_html(f"<p>Seen.</p>{html}<p>Also seen.</p>"))
    return next(found for found in document.blocks if document.quote(found) == SECRET)


@pytest.mark.parametrize(
    ("style", "reason"),
    [
        ("display:none", "display"),
        ("DISPLAY : NONE !important", "display"),
        ("visibility:hidden", "visibility"),
        ("visibility: collapse", "visibility"),
        ("position:absolute; left:-9999px", "offscreen"),
        ("text-indent:-5000px", "offscreen"),
        ("margin-left: -2000px", "offscreen"),
        ("position:fixed;top:-300em", "offscreen"),
        ("transform: translateX(-9999px)", "offscreen"),
        ("font-size:0", "size"),
        ("font-size:1px", "size"),
        ("font-size:0.01em", "size"),
        ("height:0;overflow:hidden", "size"),
        ("width:1px;height:1px;position:absolute", "size"),
        ("opacity:0", "opacity"),
        ("opacity: 0.0;", "opacity"),
        ("color:transparent", "opacity"),
        ("color:#fff", "colour"),
        ("color: white", "colour"),
        ("color:#123456;background-color:#123456", "colour"),
        ("color:rgb(255, 255, 255)", "colour"),
    ],
)
def test_a_style_that_hides_names_its_reason(style: str, reason: str) -> None:
    """Hidden text is part of the text; its block says why no reader sees it."""
    assert block(f'<div style="{style}">{SECRET}</div>').hidden == reason


def test_the_hidden_attribute_hides() -> None:
    """`hidden` is a reason of its own."""
    assert block(f"<div hidden>{SECRET}</div>").hidden == "attribute"


def test_what_stands_in_a_hidden_element_is_hidden() -> None:
    """The reason is inherited through any depth."""
    assert block(f'<div style="left:-9999px;position:absolute"><ul><li><a href="/x"><b>{SECRET}</b></a></ul></div>').hidden == "offscreen"


@pytest.mark.parametrize(
    ("before", "after"), [("Honest words before. ", ""), ("", " Honest words after."), ("Before. ", " After, and <b>more</b> of it.")]
)
def test_a_hidden_element_inside_a_paragraph_is_a_block_of_its_own(before: str, after: str) -> None:
    """What is seen of the paragraph stays seen, what is hidden of it is hidden, wherever in it that stands."""
    document = read(Page.from_html(f'<p>{before}<span style="display:none">{SECRET}</span>{after}</p>'))
    told = [(document.quote(block), block.hidden) for block in document.blocks]
    assert (SECRET, "display") in told
    assert all(hidden is None for quote, hidden in told if SECRET not in quote)
    seen = " ".join(quote for quote, hidden in told if hidden is None)
    assert seen == f"{before}{after}".replace("<b>", "").replace("</b>", "").strip().replace("  ", " ")


@pytest.mark.parametrize(
    "style",
    [
        "display:block",
        "visibility:visible",
        "left:-20px",
        "margin-top:-15px",
        "font-size:10px",
        "font-size:0.9em",
        "font-size:.85rem",
        "font-size:1em",
        "font-size: 1rem",
        "height:0",
        "height:100px;overflow:hidden",
        "opacity:0.5",
        "opacity:0.05",
        "color:#333",
        "color:#fff;background:#000",
        "color:#fff;background-image:url(a.png)",
        "z-index:-1",
        "text-indent:-2em",
    ],
)
def test_a_style_that_shows_hides_nothing(style: str) -> None:
    """Everyday styles are no reason."""
    assert block(f'<div style="{style}">{SECRET}</div>').hidden is None


@pytest.mark.parametrize("names", ['class="sr-only"', 'class="screen-reader-text"', 'class="visually-hidden"', 'id="skip-link"'])
def test_text_for_screen_readers_is_not_hidden(names: str) -> None:
    """What stands off the screen for those who listen to the page is honest."""
    assert block(f'<div {names} style="position:absolute;left:-9999px">{SECRET}</div>').hidden is None


@pytest.mark.parametrize(
    ("css", "names"),
    [
        (".qz { position: absolute; left: -9999px }", 'class="a qz"'),
        ("p{color:red} div.qz,.other{text-indent:-9000px}", "class=qz"),
        ("#qz{height:0;overflow:hidden}", "id=qz"),
        ("/* note */ .qz{font-size:0}", "class=qz"),
        ("@media screen { .qz{left:-999em;position:absolute} }", "class=qz"),
    ],
)
def test_a_rule_of_the_pages_own_style_element_hides(css: str, names: str) -> None:
    """A class or id that the page's own style moves off the screen or shrinks to nothing."""
    html = f"<html><head><style>{css}</style></head><body><p>Seen.</p><div {names}>{SECRET}</div></body></html>"
    document = read(Page.from_html(html))
    assert [found.hidden for found in document.blocks if document.quote(found) == SECRET] == ["offscreen"]


@pytest.mark.parametrize(
    "css", [".menu{display:none}", ".a{left:-3px}", ".sr-only{left:-9999px}", "", "}{", ".x{left:-9999px", "a:hover{left:-9999px}"]
)
def test_menus_and_screen_reader_rules_of_a_style_element_are_left_alone(css: str) -> None:
    """`display: none` in a stylesheet is everyday work."""
    assert offscreen_rules(css) <= {".x"}


@pytest.mark.parametrize("blanks", [0, 1, 19, 20, 200])
def test_white_space_before_a_value_hides_no_rule(blanks: int) -> None:
    """A rule is found from its value back to its property, however far apart they are written."""
    assert offscreen_rules(f".x {{ left{' ' * blanks}: -9999px }}") == {".x"}


@pytest.mark.parametrize("name", ["a1b2c3", "x9k2p4", "h3k9q", "a12b34"])
def test_random_names_are_noise(name: str) -> None:
    """Runs of letters and digits, as spam generators put on every element."""
    assert is_noise_name(name)


@pytest.mark.parametrize("name", ["post-12", "col-md-6", "header", "h1", "menu2", "main_content", "nav", "section1", "postid-4521"])
def test_everyday_names_are_no_noise(name: str) -> None:
    """Names that people and frameworks give are none."""
    assert not is_noise_name(name)


def test_noise_names_and_elements_of_no_standard_are_counted() -> None:
    """`Build` holds raw counts of how the page is built."""
    html = '<div id="a1b2c3"><xkq>word</xkq><p class="x9k2p4">text</p><my-widget>custom</my-widget><img src="https://cdn.example/a.png"></div><p></p><script>x</script>'
    build = read(Page.from_html(html)).build
    assert (build.noise_names, build.random_tags, build.images, build.scripts, build.image_hosts) == (2, 1, 1, 1, ("cdn.example",))
    assert build.empty_elements == 1
    assert not is_random_tag("section")


def test_hidden_links_are_counted() -> None:
    """Links in hidden blocks are links that nobody sees."""
    html = '<p><a href="/a">seen</a></p><div style="display:none"><a href="/b">one</a> <a href="/c">two</a></div>'
    assert read(Page.from_html(html)).build.hidden_links == 2
