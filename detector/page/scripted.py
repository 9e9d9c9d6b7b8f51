"""What a page's scripts write into it when it is opened: the string literals of `document.write("…")`, `innerHTML = '…'` and their like.

Nothing is executed. A literal is read where it stands: joined by +, unescaped as its language says, with what `unescape`, `decodeURIComponent`,
`atob` and `String.fromCharCode` make of it; a name stands for the literals that the same script gives it. What else a script computes stays
unknown. The markup found is parsed as the page is and read where the script stands.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from html import unescape as without_references
from urllib.parse import unquote

import ahocorasick_rs

from detector.terms import WORD, is_unspaced

# How each call that is read begins; one pass of an automaton finds them all.
_SIGNS = ahocorasick_rs.AhoCorasick(
    [
        ".write", "['write", '["write', ".innerHTML", ".outerHTML", ".innerText", ".outerText", ".textContent", ".insertAdjacent",
        ".createTextNode", ".html(", ".append(", ".prepend(", "eval(",
    ]
)  # fmt: skip
_SINK = re.compile(
    r"(?:\.write(?:ln)?|\[[\"']write(?:ln)?[\"']\]|\.insertAdjacent(?:HTML|Text)|\.createTextNode|\.(?:html|append|prepend)|eval)\s{0,9}\("
    r"|\.(?:inner|outer)(?:HTML|Text)\s{0,9}\+?=(?!=)|\.textContent\s{0,9}\+?=(?!=)"
)
# A literal without its end lasts to the line's end, or in backticks to the script's, so that no start is tried twice.
_LITERAL = re.compile(
    r"\"(?:[^\"\\\n]|\\.)*+(?:\"|(?=\n)|\Z)|'(?:[^'\\\n]|\\.)*+(?:'|(?=\n)|\Z)|`(?:[^`\\]|\\.)*+(?:`|\Z)|[\"'`]", re.DOTALL
)
_CODES = re.compile(r"String\s{0,9}\.\s{0,9}fromCharCode\s{0,9}\(([\d\sxa-fA-F,]*)\)?")
_DECODER = re.compile(r"(?:window\s{0,9}\.\s{0,9})?(unescape|decodeURIComponent|decodeURI|atob)\s{0,9}\(")
_NAME = re.compile(r"[A-Za-z_$][\w$]{0,60}(?:\.[A-Za-z_$][\w$]{0,60}){0,4}|\.[A-Za-z_$][\w$]{0,60}")
_BRACKET = re.compile(r"[()\[\]]|" + _LITERAL.pattern, re.DOTALL)
_JOINING = (".join", ".concat", "String")
_HOLE = re.compile(r"\$\{[^{}]{0,200}\}")
_GIVEN = re.compile(r"\s{0,9}\+?=(?!=)")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|[\s\S]))")
_PERCENT_U = re.compile(r"%u([0-9a-fA-F]{4})")
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "", "f": "", "v": "", "0": "", "\n": "", "\r\n": ""}
_UNREAD = re.compile(
    r"<(script|style|iframe|noscript)\b[^<>]{0,2000}>(?:[^<]|<(?!/(?:script|style|iframe|noscript)\b))*+|<[^<>]*>?", re.IGNORECASE
)
_HAS_WORD = re.compile(r"[^\W\d_]{2}")
_CODE = re.compile(r"[{}=]|\(\)|\w\.\w+\(")
# Prose: words at least, characters of a script without spaces at least, letters among all signs at least.
_LEAST_WORDS, _LEAST_UNSPACED, _LEAST_LETTERS = 12, 24, 0.85
# Names looked up in one script, and scripts inside a script's eval: what is written by hand has a few.
_MOST_NAMES, _MOST_DEPTH = 20, 2
# Characters read of a script to its length: a name may stand for the same literals again.
_MOST_READ = 4


def may_write(source: str) -> bool:
    """Whether a page may have scripts that write into it while its head is read: a quick look."""
    return "write" in source or "eval(" in source


def calls_a_writer(script: str) -> bool:
    """Whether the name of a call that is read stands in a script."""
    return bool(_SIGNS.find_matches_as_indexes(script))


def is_program(media_type: str | None) -> bool:
    """Whether a script element with this type is run: data and templates are not."""
    return not media_type or "javascript" in media_type.lower() or media_type.lower() in ("module", "text/ecmascript")


def written(script: str, depth: int = 0) -> str | None:
    """The markup that a script writes, in order; empty where it has no text, None where no name of a call that writes stands in it. Linear in the
    script's length.

    What is written into the page as it loads counts whole. What is set on an element may be set when somebody clicks, and is a label or a
    selector as often as text, so it counts where it is prose.
    """
    signs = _SIGNS.find_matches_as_indexes(script)
    if not signs:
        return None
    reader = _Reader(script)
    stream: list[str] = []
    placed: list[str] = []
    end = 0
    for _, place, _ in signs:
        sink = _SINK.match(script, place) if place >= end else None
        if sink is None:
            continue
        said, end = reader.expression(sink.end(), sink[0][-1] == "(")
        if sink[0].startswith("eval"):
            stream.append((written(said, depth + 1) or "") if depth < _MOST_DEPTH else "")
        elif sink[0].startswith((".write", "[")):
            stream.append(said)
        elif _is_prose(_text(said)):
            placed.append(f"<div>{said}</div>")
    whole = "".join(stream)
    return (whole if _HAS_WORD.search(_text(whole)) else "") + "".join(placed)


def _text(markup: str) -> str:
    return without_references(_UNREAD.sub(" ", markup)) if "<" in markup or "&" in markup else markup


def _is_prose(text: str) -> bool:
    """Whether a text is said to a reader: words, hardly a sign between them, no code."""
    if _CODE.search(text):
        return False
    letters = sum(map(str.isalpha, text))
    if letters < _LEAST_LETTERS * (len(text) - text.count(" ")):
        return False
    return len(WORD.findall(text)) >= _LEAST_WORDS or sum(map(is_unspaced, text)) >= _LEAST_UNSPACED


class _Reader:
    """One script being read."""

    def __init__(self, script: str) -> None:
        self._script = script
        self._left = _MOST_READ * len(script)
        self._names: dict[str, str] = {}

    def expression(self, place: int, in_call: bool, with_names: bool = True) -> tuple[str, int]:
        """(what the literals from `place` on say when joined, where the expression ends).

        In a call it ends with the call's bracket, else where an operand follows another with no operator between.
        """
        script, start = self._script, place
        parts: list[str] = []
        decoder, depth, operand = "", int(in_call), False
        while place < len(script) and place - start < self._left:
            character = script[place]
            if character.isspace():
                place += 1
            elif character in "+?:":
                place, operand = place + 1, False
            elif character in "([":
                place, depth, operand = place + 1, depth + 1, False
            elif character in ")]":
                place, depth = place + 1, depth - 1
                if depth < int(in_call):
                    break
            elif character == "," and depth:
                place, operand = place + 1, False
            elif operand and character != ".":
                break
            elif character in "\"'`":
                literal = _LITERAL.match(script, place)
                assert literal is not None
                said = literal[0][1:-1] if len(literal[0]) > 1 and literal[0][-1] == character else literal[0][1:]
                parts.append(_decoded(decoder, _unescaped(said)))
                place, decoder, operand = literal.end(), "", True
            elif codes := _CODES.match(script, place):
                parts.append(_decoded(decoder, _characters(codes[1])))
                place, decoder, operand = codes.end(), "", True
            elif opened := _DECODER.match(script, place):
                decoder, place, depth = opened[1], opened.end(), depth + 1
            elif name := _NAME.match(script, place):
                place, operand = name.end(), name[0] != "new"
                if script.startswith("(", place):
                    place = place if name[0] in _JOINING else self._call_end(place)
                elif with_names and character != ".":
                    meaning = self._meaning(name[0])
                    self._left -= len(meaning)
                    parts.append(_decoded(decoder, meaning))
                    decoder = ""
            else:
                break
        self._left -= place - start
        return "".join(parts), place

    def _call_end(self, place: int) -> int:
        """Where a call's brackets end: what a function is given is not what it says."""
        depth = 0
        for match in _BRACKET.finditer(self._script, place):
            if match[0] in "([":
                depth += 1
            elif match[0] in ")]":
                depth -= 1
                if depth <= 0:
                    return match.end()
        return len(self._script)

    def _meaning(self, name: str) -> str:
        """What the script's literals give a name, all of them joined."""
        known = self._names.get(name)
        if known is None and len(self._names) < _MOST_NAMES:
            script, said = self._script, []
            place = script.find(name)
            while place >= 0:
                end = place + len(name)
                given = _GIVEN.match(script, end)
                if given is not None and (not place or not (script[place - 1].isalnum() or script[place - 1] in "_$.")):
                    more, end = self.expression(given.end(), False, with_names=False)
                    said.append(more)
                place = script.find(name, end)
            known = self._names[name] = "".join(said)
        return known or ""


def _unescaped(literal: str) -> str:
    """A literal's characters. Halves of a pair of surrogates, written one by one, are joined."""
    if "${" in literal:
        literal = _HOLE.sub("", literal)
    if "\\" not in literal:
        return literal
    said = _ESCAPE.sub(_escaped, literal)
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escaped(match: re.Match[str]) -> str:
    code = match[1] or match[2] or match[3]
    if code is None:
        return _SIMPLE.get(match[4], match[4])
    return chr(min(int(code, 16), 0x10FFFF))


def _characters(numbers: str) -> str:
    said = []
    for number in numbers.split(","):
        try:
            said.append(chr(int(number.strip(), 0) & 0xFFFF))
        except ValueError:
            continue
    return "".join(said).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _decoded(decoder: str, literal: str) -> str:
    if decoder == "atob":
        try:
            return b64decode(literal + "=" * (-len(literal) % 4)).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return ""
    if decoder == "unescape":
        said = unquote(_PERCENT_U.sub(lambda match: chr(int(match[1], 16)), literal), encoding="latin-1")
        return said.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unquote(literal, errors="replace") if decoder else literal
