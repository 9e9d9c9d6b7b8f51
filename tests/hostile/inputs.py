"""Malformed inputs by number: the same number and seed give the same bytes on every machine.

Markup is strung together from pieces that parsers treat specially (after the kinds of html5lib's tests: misnested formatting, foreign
content, tables, raw text, comments, broken attributes, character references), from text in many scripts, and from what families look for;
a third are hand-written pages with damage; a few hold one small piece thousands of times, which is what makes a reader repeat its work.
"""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path

PAGES = Path(__file__).parents[1] / "pages"
MOST_PIECES = 36
# Of a page of one piece over and over: how often, and characters at most.
REPEATS = (1_000, 3_000, 10_000, 30_000)
MOST_REPEATED = 200_000
# Share of such pages: each takes as long as seven others.
REPEATED = 0.008

TAGS = [
    "html",
    "head",
    "body",
    "title",
    "meta",
    "link",
    "base",
    "style",
    "script",
    "noscript",
    "template",
    "p",
    "div",
    "span",
    "a",
    "b",
    "i",
    "u",
    "em",
    "strong",
    "font",
    "nobr",
    "small",
    "table",
    "caption",
    "colgroup",
    "col",
    "tbody",
    "thead",
    "tr",
    "td",
    "th",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "select",
    "option",
    "optgroup",
    "button",
    "form",
    "input",
    "textarea",
    "h1",
    "h2",
    "h3",
    "hr",
    "br",
    "wbr",
    "pre",
    "listing",
    "plaintext",
    "xmp",
    "iframe",
    "noembed",
    "noframes",
    "frameset",
    "frame",
    "svg",
    "math",
    "mi",
    "mtext",
    "foreignObject",
    "desc",
    "annotation-xml",
    "img",
    "image",
    "object",
    "applet",
    "marquee",
    "embed",
    "param",
    "ruby",
    "rb",
    "rt",
    "rp",
    "nav",
    "header",
    "footer",
    "article",
    "main",
    "aside",
    "section",
    "figure",
    "figcaption",
    "details",
    "summary",
    "dialog",
    "xqzvw",
    "x-y",
]
ATTRIBUTES = (
    "class=prevnext", 'class="footer nav related"', "id=content", 'style="display:none"', 'style="position:absolute;left:-9999px"', 'style="color:#fff"',
    'style="font-size:0"', "hidden", 'href="https://example.org/a"', 'href="//b.example"', "href=javascript:alert(1)", 'href="http://[::1"', "href", "=", '"', "'", "/", "a=b=c",
    'lang="zh"', 'itemprop="articleBody"', 'content="The Gazette"', 'property="og:site_name"', 'name="description"', 'rel="sponsored nofollow"', 'src="data:image/png;base64,AAAA"',
    'alt="logo"', "\x00=\x00", "é=ü", "x" * 300, 'type="application/ld+json"', "class=' a1b2c3d4 '", 'charset="utf-16"', "xlink:href=x", "on\nclick = 'y'",
)  # fmt: skip
MARKUP = (
    "<", ">", "</", "<!", "<!--", "-->", "--!>", "<!--->", "<![CDATA[", "]]>", "<?php", "?>", "<!doctype html>", "<!DOCTYPE html PUBLIC \"-//W3C//DTD HTML 4.01//EN\">", "</p>", "</body>",
    "</html>", "</table>", "</script>", "</scr", "<a", "<p ", "<b><p></b>", "<a><a>", "<table><p>", "<table><td>", "<select><table>", "<svg><p>", "<svg><title><b>", "<math><mi><p>",
    "<script>var a = '<!--<script>", "<style>.x{left:-999px} #y{height:0;overflow:hidden}</style>", "<textarea>", "<title>", "<plaintext>", "&amp;", "&", "&#", "&#x110000;", "&#0;", "&#xD800;",
    "&notit;", "&copy", "&nbsp;", "<template><td>", "<frameset>", '<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","publisher":{"name":"A"}}]}</script>',
    '<script type="application/ld+json">{"headline": ["', '<meta http-equiv=content-type content="text/html; charset=gb2312">', "<base href=https://c.example>", "\r\n", "\f", "\t", "\x00", "\ufeff",
)  # fmt: skip
WORDS = (
    "the council agreed to repair the bridge", "Previous: ", "Next: ", "上一篇：", "下一篇：", "© 2024 苹果apple账号注册", "版权所有", "Copyright © 1999-2031 A & B, Inc.", "casino bonus", "online slot gacor",
    "casinо", "c a s i n o  b o n u s", "v\u200bi\u200ba\u200bg\u200br\u200ba", "𝐜𝐚𝐬𝐢𝐧𝐨", "ｃａｓｉｎｏ", "казино", "คาสิโน", "カジノ", "카지노", "كازينو", "क्रिकेट सट्टा", "Tin tức thể thao", "Ełk żółć", "İstanbul",
    "ﬁnd", "ß", "ǆ", "\u0301\u0301\u0301", "\u202e\u202c", "👩‍👩‍👧‍👦", "\U0010ffff", "\ud83d", "{a|b|c}", "[ad_1]", "As an AI language model", "Reuters", "(AP)", "Source: Reuters.", "Photo: AFP/Getty Images", "t.me/abcdef", "+44 20 7946 0000",
    "https://d.example/x?y=1#z", "http://", "https://[", "Related articles", "Tags:", "ICP备12345678号", "0", "1,234.56", ".", "。", "—", "|", "»", "best casino 2026", "国發會學", "漢(hàn)字(zì)",
)  # fmt: skip
ADDRESSES = (
    None, "", "https://example.org/news/a", "http://dentist-example.co.uk/?p=12", "https://xn--80ak6aa92e.com/казино", "//b.example/x", "ftp://c.example", "http://127.0.0.1:80/", "http://[::1]/", "http://[bad",
    "https://" + "a." * 200 + "com/", "not an address", "https://example.org/%ff%00%zz", "http://user:pw@d.example/", "https://casino-bonus.example/" + "slot-" * 400, "\x00", "https://e.example:99999999/",
)  # fmt: skip
CHARSETS = (
    "utf-8",
    "utf-8",
    "utf-8",
    "latin-1",
    "cp1251",
    "gb18030",
    "big5",
    "shift_jis",
    "euc-kr",
    "utf-16",
    "utf-16-le",
    "utf-32",
    "utf-7",
    "iso2022_jp",
)


@cache
def hand_written() -> tuple[bytes, ...]:
    """The hand-written pages, of which damaged ones are made."""
    return tuple(path.read_bytes()[:3_000] for path in sorted(PAGES.rglob("*")) if path.suffix in (".html", ".txt"))


def tag(rng: random.Random) -> str:
    inside = " ".join(rng.choice(ATTRIBUTES) for _ in range(rng.randrange(4)))
    return f"<{rng.choice(('', '', '/'))}{rng.choice(TAGS)}{' ' if inside else ''}{inside}{rng.choice(('>', '>', '>', '/>', '', ' '))}"


def markup(rng: random.Random) -> str:
    """Pieces in any order, some of them many times over."""
    pieces = []
    for _ in range(rng.randrange(1, MOST_PIECES)):
        kind = rng.random()
        piece = (
            tag(rng)
            if kind < 0.45
            else rng.choice(WORDS)
            if kind < 0.8
            else rng.choice(MARKUP)
            if kind < 0.97
            else chr(rng.randrange(0x110000))
        )
        pieces.append(piece * (rng.choice((2, 30, 200)) if rng.random() < 0.03 else 1))
    return rng.choice(("", " ", "\n")).join(pieces)


def damaged(rng: random.Random, page: bytes) -> bytes:
    """A page with bytes flipped, cut out, doubled and put elsewhere."""
    raw = bytearray(page)
    for _ in range(rng.randrange(1, 12)):
        place = rng.randrange(len(raw) + 1)
        match rng.randrange(5):
            case 0:
                raw[place : place + 1] = bytes([rng.randrange(256)])
            case 1:
                del raw[place : place + rng.randrange(1, 400)]
            case 2:
                raw[place:place] = markup(rng).encode("utf-8", "replace")[:300]
            case 3:
                raw[place:place] = raw[rng.randrange(len(raw) + 1) :][:400]
            case _:
                raw[place : place + 2] = rng.choice((b"<", b"\x00", b"\xff\xfe", b'"', b"\xe4\xb8", b"\xed\xa0\x80", b"-->"))
    return bytes(raw)


def repeated(rng: random.Random) -> str:
    """One to three small pieces over and over after a little text, as they are or each time with another number."""
    piece = "".join(rng.choice((tag, lambda _: rng.choice(WORDS), lambda _: rng.choice(MARKUP)))(rng) for _ in range(rng.randrange(1, 4)))
    numbered = rng.choice(("", "", "<b id=%d>", "<p class=%d>x", '<a href="/%d">', " %d ", "&#%d;"))
    times = min(rng.choice(REPEATS), MOST_REPEATED // len(numbered + piece))
    made = (numbered.replace("%d", str(number)) + piece for number in range(times))
    return f"<p>{rng.choice(WORDS)} " * rng.randrange(20) + "".join(made)


def body(rng: random.Random) -> bytes:
    """A page of any kind."""
    if rng.random() < REPEATED:
        return repeated(rng).encode("utf-8", "replace")
    kind = rng.random()
    if kind < 0.33:
        return damaged(rng, rng.choice(hand_written()))
    if kind < 0.38:
        return rng.randbytes(rng.randrange(400))
    return markup(rng).encode(rng.choice(CHARSETS), "replace")


def saved(rng: random.Random) -> bytes:
    """A page as a browser saves it, damaged."""
    head = b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n'
    return damaged(rng, head + body(rng) + b"\r\n--b--\r\n")


def record(rng: random.Random, kind: str) -> bytes:
    """A file of one of the row formats, whole or damaged."""
    page = markup(rng).encode("utf-8", "replace").decode("utf-8")
    if kind == "jsonl":
        import json

        lines = [
            json.dumps(
                {"id": rng.choice((1, "a", None, [], {}, True)), "url": rng.choice(ADDRESSES), rng.choice(("html", "text", "x")): page}
            )
            for _ in range(3)
        ]
        made = "\n".join(lines).encode()
    elif kind == "csv":
        made = f'id,url,html\n1,https://example.org/a,"{page}"\n2,,{page}\n'.encode()
    else:
        http = f"HTTP/1.1 200 OK\r\nContent-Type: text/html{rng.choice(('', '; charset=utf-8', '; charset=no'))}\r\n{rng.choice(('', 'Content-Encoding: gzip', 'Transfer-Encoding: chunked'))}\r\n\r\n{page}".encode()
        head = f"WARC/1.0\r\nWARC-Type: {rng.choice(('response', 'conversion', 'resource', 'x'))}\r\nWARC-Target-URI: {rng.choice(ADDRESSES)}\r\nContent-Type: {rng.choice(('application/http', 'text/plain', 'text/html', ''))}\r\nContent-Length: "
        made = (
            head.encode("utf-8", "replace")
            + str(len(http) + rng.choice((0, 0, 0, 1, -3, 10**9))).encode()
            + b"\r\n\r\n"
            + http
            + b"\r\n\r\n"
        ) * 2
    return damaged(rng, made) if rng.random() < 0.6 else made
