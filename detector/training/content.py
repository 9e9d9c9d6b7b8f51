"""Taking a real page apart: its article, and the page round a hole where its main content was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from detector.page.page import HTML, Page
from detector.page.read import Unreadable, read
from detector.training.corpus import CorpusPage

# An article shorter than this is no article; CJK text says more a character.
MIN_ARTICLE = 700
MIN_ARTICLE_CJK = 250
HOLE = "\ue000main\ue000"
TITLE_HOLE = "\ue000title\ue000"
# Share of the prose that the replaced element must hold.
_MAIN_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Article:
    """A real article, as text; `site` is what its page says of its publisher."""

    page_id: str
    group: str
    fold: int
    language: str
    kind: str
    title: str
    headline: str
    paragraphs: tuple[str, ...]
    site: str
    host: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Shell:
    """A real page with holes for title and main content; `own_html` is what stood in the hole."""

    page_id: str
    group: str
    fold: int
    language: str
    kind: str
    html: str
    own_title: str
    own_html: str
    host: str | None
    url: str | None


def take_apart(page: CorpusPage) -> tuple[Article | None, Shell | None]:
    """(article, shell) of a corpus page, None where it has none."""
    try:
        document = read(Page(page.body, page.url, page.id, None if page.is_text else HTML))
    except Unreadable:
        return None, None
    text = document.text
    paragraphs = tuple(
        text[b.start : b.end] for b in document.blocks if b.role in ("body", "caption") and b.hidden is None and b.end - b.start >= 15
    )
    headline = next((text[b.start : b.end] for b in document.blocks if b.role == "headline"), "")
    enough = MIN_ARTICLE_CJK if page.language[:2] in ("zh", "ja", "ko") else MIN_ARTICLE
    title = document.head.title or headline
    article = None
    if sum(map(len, paragraphs)) >= enough and len(paragraphs) >= 3 and title:
        site = document.head.site_name or document.head.publisher
        article = Article(
            page.id,
            page.group,
            page.fold,
            page.language,
            page.kind,
            title,
            headline or title,
            paragraphs[:80],
            site,
            page.host or "",
            page.url,
        )
    return article, None if document.kind == "text" else _shell(page, document.head.title)


def _shell(page: CorpusPage, title: str) -> Shell | None:
    from selectolax.lexbor import LexborHTMLParser

    from detector.page.decode import decode

    source = page.body if isinstance(page.body, str) else decode(page.body)
    if source is None or len(source) > 600_000:
        return None
    tree = LexborHTMLParser(source)
    main = _main(tree)
    if main is None:
        return None
    own = main.inner_html or ""
    for child in list(main.iter(include_text=True)):
        child.decompose()
    main.insert_child(HOLE)
    for node in tree.css("title"):
        for child in list(node.iter(include_text=True)):
            child.decompose()
        node.insert_child(TITLE_HOLE)
        break
    html = tree.html or ""
    if HOLE not in html:
        return None
    return Shell(page.id, page.group, page.fold, page.language, page.kind, html, title, own, page.host, page.url)


def _main(tree: Any) -> Any:
    """The smallest element that holds most of the page's prose."""
    if tree.body is None:
        return None
    weight: dict[int, int] = {}
    nodes: dict[int, Any] = {}
    total = 0
    for node in tree.body.traverse(include_text=True):
        if node.tag != "-text" or node.parent is None or node.parent.tag in ("script", "style", "noscript", "a"):
            continue
        length = len(" ".join((node.text_content or "").split()))
        if length < 40:
            continue
        total += length
        above, steps = node.parent, 0
        while above is not None and above.tag not in ("body", "html") and steps < 40:
            weight[above.mem_id] = weight.get(above.mem_id, 0) + length
            nodes[above.mem_id] = above
            above, steps = above.parent, steps + 1
    fitting = [
        key
        for key, value in weight.items()
        if value >= _MAIN_SHARE * total and nodes[key].tag in ("div", "article", "section", "main", "td", "body")
    ]
    if total < 200 or not fitting:
        return None
    return nodes[min(fitting, key=lambda key: (weight[key], len(nodes[key].html or "")))]


def paragraphs_html(paragraphs: tuple[str, ...] | list[str], tag: str = "p") -> str:
    """Paragraphs as elements, escaped."""
    if tag == "br":
        return "<br><br>\n".join(escape(text) for text in paragraphs)
    return "\n".join(f"<{tag}>{escape(text)}</{tag}>" for text in paragraphs)


_META = re.compile(
    r"""(<meta[^<>]{0,80}(?:name|property)=["']?(?:og:title|og:description|description|twitter:title|twitter:description)["']?[^<>]{0,40}content=)("[^"]{0,2000}"|'[^']{0,2000}')""",
    re.IGNORECASE,
)
_JSON = re.compile(r"<script[^<>]{0,80}application/ld\+json[^<>]{0,80}>[^<]*(?:<(?!/?script)[^<]*)*</script>", re.IGNORECASE)


def fill(shell: Shell, main_html: str, title: str, description: str | None = None) -> str:
    """The shell with its holes filled; with a `description` the head follows the content, as publishing systems make it."""
    html = shell.html
    if description is not None:
        html = _JSON.sub(
            "", _META.sub(lambda match: match[1] + '"' + escape(title if "title" in match[1].lower() else description) + '"', html)
        )
    return html.replace(HOLE, main_html).replace(TITLE_HOLE, escape(title))
