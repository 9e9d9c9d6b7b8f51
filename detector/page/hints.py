"""What names say: roles from element names, class and id words; names that are noise.

Everything here is a pure function of a short string with a bounded cache, since a crawl repeats the same class names.
"""

from __future__ import annotations

import re
from functools import lru_cache

import ahocorasick_rs

# Elements that end a run of text. Anything else is inline.
BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "textarea",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
SKIPPED_TAGS = frozenset(
    ["script", "style", "noscript", "template", "svg", "math", "iframe", "object", "canvas", "audio", "video", "head", "map", "noframes"]
)

TAG_ROLES = {
    "nav": "nav",
    "footer": "footer",
    "aside": "other",
    "figcaption": "caption",
    "button": "form",
    "select": "form",
    "textarea": "form",
    "label": "form",
    "menu": "nav",
    "header": "nav",
}
CONTENT_TAGS = frozenset(("article", "main"))

# Class and id words, in order: (role, what stands in whatever the pattern fits, the pattern). Of two that fit a word the one that begins
# first names the role. Seen on the corpus's clean pages.
_HINTS: tuple[tuple[str, str, str], ...] = (
    ("breadcrumb", "crumb weizhi you", r"bread-?_?crumb|crumbs?\b|weizhi|you-?_?are-?_?here"),
    ("prevnext", "prev next nav pager shangxia", r"prev-?_?next|next-?_?prev|(?:post|entry|article)-?_?(?:nav(?:igation)?|pager)\b|nav-(?:previous|next|links)|pagenav|shangxia|\bpager\b|pre_?next"),
    ("comments", "comment disqus respond replies guestbook", r"\bcomments?\b|comment-?_?(?:list|area|section|body|text|form)|disqus|\brespond\b|\breplies\b|guestbook"),
    ("tags", "tag keyword", r"\btags?\b|tag-?_?(?:cloud|list|links)|\bkeywords\b|tagcloud"),
    ("ads", "ad sponsor dfp taboola outbrain", r"\bads?\b|\badvert\w{0,12}|\bsponsor(?:ed|s)?\b|adsense|ad-?_?(?:slot|box|container|banner|unit)|google_ads|\bdfp\b|taboola|outbrain"),
    ("copyright", "copy", r"copy-?_?right|\bcopy\b"),
    ("footer", "foot bottom colophon site", r"\bfoot\w{0,12}|\bbottom\b|colophon|site-?_?info"),
    ("related", "related recommend popular trending more also hot xiangguan tuijian read latest", r"related|recommend|\bpopular\b|trending|more-?_?(?:posts|news|stories|articles)|also-?_?like|\bhot\b|xiangguan|tuijian|read-?_?(?:more|next)|latest"),
    ("products", "prod goods shop cp", r"\bproducts?\b|prod-?_?list|\bgoods\b|\bshop-?_?list|\bcp-?_?list\b"),
    ("byline", "byline author meta", r"byline|\bauthor\b|post-?_?meta|entry-?_?meta|article-?_?meta|\bmeta-?_?info\b"),
    ("caption", "caption", r"\bcaption|wp-caption"),
    ("nav", "nav menu top tab header masthead skip lang", r"\bnav\w{0,14}|\bmenu\w{0,12}|top-?_?bar|\btabs?\b|site-?_?header|\bheader\b|masthead|\btop\b|mainnav|skip-?_?link|lang(?:uage)?-?_?(?:switch|select|menu)"),
    ("other", "side widget share social cookie consent gdpr newsletter subscribe modal popup search login", r"side-?_?bar|\bwidget\w{0,8}|\bshare\b|social|cookie|consent|gdpr|newsletter|subscribe|\bmodal\b|popup|\bsearch\b|login"),
)  # fmt: skip
_PATTERNS = tuple(re.compile(pattern) for _, _, pattern in _HINTS)
# Each sign and the hints that it stands for: the automaton leaves a word one pattern to try, or none, at a tenth of the price of all.
_SIGNS: dict[str, list[int]] = {}
for _number, (_, _signs, _) in enumerate(_HINTS):
    for _sign in _signs.split():
        _SIGNS.setdefault(_sign, []).append(_number)
_MEANT = tuple(_SIGNS.values())
_TELLING = ahocorasick_rs.AhoCorasick(list(_SIGNS))
_CONTENT = re.compile(
    r"article-?_?(?:body|content|text)|entry-?_?content|post-?_?(?:content|body|text)|story-?_?body|\bcontent-?_?body|articlebody|main-?_?content|news-?_?content"
)


def role_of_names(names: str) -> str | None:
    """Role hinted at by `names` (class and id), ``content`` for the main text, None for no hint."""
    role = None
    # No pattern spans white space, so words are told one by one: sites share their words, not their lists of words.
    for word in names[:300].split():
        told = _role_of_name(word)
        if told == "content":
            return told
        role = role or told
    return role


# No pattern names a digit.
_DIGITS = str.maketrans("123456789", "000000000")


@lru_cache(maxsize=32_768)
def _role_of_name(name: str) -> str | None:
    return _role_of_word(name.lower().translate(_DIGITS))


@lru_cache(maxsize=32_768)
def _role_of_word(word: str) -> str | None:
    if ("content" in word or "body" in word or "text" in word) and _CONTENT.search(word):
        return "content"
    told = {number for sign, _, _ in _TELLING.find_matches_as_indexes(word, overlapping=True) for number in _MEANT[sign]}
    if not told:
        return None
    word = word.replace("_", "-")
    matches = [(match.start(), number) for number in told if (match := _PATTERNS[number].search(word))]
    return _HINTS[min(matches)[1]][0] if matches else None


_NOISE = re.compile(r"^(?=[a-z0-9_]{5,14}$)(?=[a-z_]{0,13}\d)(?:[a-z]{0,6}\d{1,6}){2,6}[a-z]{0,6}$", re.IGNORECASE)


def is_noise_name(name: str) -> bool:
    """Whether a class or id is a random run of letters and digits, as spam generators put on every element."""
    return 5 <= len(name) <= 15 and not name.isalpha() and _NOISE.match(name) is not None


KNOWN_TAGS = frozenset([
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base", "basefont", "bdi", "bdo", "bgsound",
    "big", "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col", "colgroup", "content",
    "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "element", "em", "embed", "fieldset",
    "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
    "hgroup", "hr", "html", "i", "iframe", "image", "img", "input", "ins", "isindex", "kbd", "keygen", "label", "legend", "li", "link",
    "listing", "main", "map", "mark", "marquee", "math", "menu", "menuitem", "meta", "meter", "multicol", "nav", "nextid", "nobr",
    "noembed", "noframes", "noscript", "object", "ol", "optgroup", "option", "output", "p", "param", "picture", "plaintext", "portal",
    "pre", "progress", "q", "rb", "rbc", "rp", "rt", "rtc", "ruby", "s", "samp", "script", "search", "section", "select", "shadow",
    "slot", "small", "source", "spacer", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td",
    "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
])  # fmt: skip


@lru_cache(maxsize=4096)
def is_random_tag(tag: str) -> bool:
    """An element of no standard whose name has no hyphen (custom elements have one) and is 3 to 8 letters of noise."""
    return tag not in KNOWN_TAGS and 3 <= len(tag) <= 8 and tag.isascii() and tag.isalnum()
