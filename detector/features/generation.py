"""Who wrote it? Leaked prompts, autoblog and spinner marks, converter debris, open template slots, stuffing and shuffling."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import numpy as np

from detector.features.base import MISMATCH, NAN, FamilyResult, Witness, log_count, mismatch, ratio, specs
from detector.features.reading import Reading
from detector.terms import WORD, is_unspaced

NAME = "generation"
_MARKS = ("autoblog", "debris", "mojibake", "slot", "leakedprompt")
SPECS = specs(
    NAME,
    [
        *((mark, "log10", 0, 5, f"{mark} marks in the visible text") for mark in _MARKS),
        ("autoblog_phrases", "log10", 0, 5, "phrases that plug-ins and honest digests both use (read more at, first appeared on)"),
        ("spinner", "log10", 0, 5, "spinner groups {one|two|three} left unresolved"),
        ("broken_markup", "log10", 0, 5, "remains of tags and entities shown as text (?/p>, &amp;nbsp;)"),
        ("doubled_punctuation", "log10", 0, 5, "doubled commas and full stops that no style has"),
        ("fragments", "log10", 0, 5, "sentences cut by […] or ...... inside the main text"),
        ("word_variety", "share", 0, 1, "distinct words of the first 300 of the main text"),
        ("top_word", "share", 0, 1, "the commonest long word of the main text"),
        ("top_pair", "share", 0, 1, "the commonest pair of words, or of four characters where words are not spaced"),
        ("title_repeats", "score", 0, 200, "repetitions of the title's longest word per thousand characters of the main text"),
        ("repeated_sentences", "share", 0, 1, "sentences of the main text that stand there before"),
        ("sentence_length", "log10", 0, 5, "mean length of a sentence"),
        ("digits", "share", 0, 1, "digits in the main text"),
        ("punctuation", "share", 0, 1, "punctuation and symbols in the main text"),
        ("symbols", "log10", 0, 5, "emoji, stars, arrows and ticks in title, headline and main text"),
        ("capitals", "share", 0, 1, "capitals among the cased letters of the main text"),
        MISMATCH,
    ],
)
_SPINNER = re.compile(r"\{[^{}|\n]{1,60}(?:\|[^{}|\n]{0,60}){1,12}\}")
_BROKEN = re.compile(
    r"\?/?(?:p|br|strong|div|span)>|</?(?:p|strong|span|div|br)>|&(?:amp;)?(?:nbsp|quot|lt|gt|amp);|\[/?(?:img|url|b|caption)[^\]]{0,80}\]"
)
_DOUBLED = re.compile(r",,|，，|。。|，。|,\.(?!\.)|；；|、、| ,(?=\S)")
_CUT = re.compile(r"\[(?:…|\.{3}|&hellip;)\]|…{2,}|\.{6,}|【[^】]{1,12}】")
_SENTENCE_END = re.compile(r"[.!?。！？…؟।\n]")
# What a code point is, for one vectorised count.
_OTHER, _BLANK, _DIGIT, _MARK, _CAPITAL, _SMALL = range(6)
_KIND = np.zeros(0x10000, dtype=np.uint8)
for _value, _spans in (
    (_BLANK, ((0x09, 0x0E), (0x20, 0x21), (0xA0, 0xA1), (0x2000, 0x200B), (0x3000, 0x3001))),
    (_DIGIT, ((0x30, 0x3A), (0x660, 0x66A), (0x6F0, 0x6FA), (0x966, 0x970), (0xFF10, 0xFF1A))),
    (
        _MARK,
        (
            (0x21, 0x30),
            (0x3A, 0x41),
            (0x5B, 0x61),
            (0x7B, 0x7F),
            (0xA1, 0xC0),
            (0x2010, 0x2070),
            (0x20A0, 0x20D0),
            (0x2190, 0x2C00),
            (0x3001, 0x3020),
            (0xFF01, 0xFF10),
            (0xFF1A, 0xFF21),
        ),
    ),
    (_CAPITAL, ((0x41, 0x5B), (0xC0, 0xD7), (0xD8, 0xDF), (0x391, 0x3AA), (0x400, 0x430))),
    (_SMALL, ((0x61, 0x7B), (0xDF, 0xF7), (0xF8, 0x100), (0x3B1, 0x3CA), (0x430, 0x460))),
):
    for _low, _high in _spans:
        _KIND[_low:_high] = _value
_SYMBOL = re.compile("[\u2600-\u27bf\u2b50\u2b06\u25b6\u2705\u26a1\U0001f300-\U0001faff★☆✅➤►]")
_SAID = {
    "autoblog": "a mark that a scraping plug-in leaves", "debris": "debris of a converter", "mojibake": "text decoded wrongly on its way here",
    "slot": "a template slot left open", "leakedprompt": "the answer of a language model to its operator",
}  # fmt: skip
# What must stand in a text before its pattern is worth trying.
_DOUBLES = (",,", "，，", "。。", "，。", ",.", "；；", "、、", " ,")
_CUTS = ("[…]", "[...]", "[&hellip;]", "……", "......", "【")
_SIGNS = {"spinner": "{", "broken_markup": "<>&["}
_STRENGTH = {"autoblog": 0.5, "debris": 0.15, "mojibake": 0.1, "slot": 0.35, "leakedprompt": 0.6}


def extract(reading: Reading) -> FamilyResult:
    document = reading.document
    body = reading.body[:4000]
    counts: Counter[str] = Counter()
    phrases = 0
    witnesses: list[Witness] = []
    for block, hits in reading.telling:
        if block.role == "comments":
            continue
        for hit in hits:
            meaning = hit.meaning
            phrases += "autoblog" in meaning.markers
            for mark in meaning.marks:
                counts[mark] += 1
                if counts[mark] <= 2 and len(witnesses) < 6:
                    witnesses.append(
                        Witness(
                            f"generation.{mark}",
                            "text",
                            block.role,
                            document.text[hit.start : hit.end],
                            hit.start,
                            hit.end,
                            _STRENGTH[mark],
                            f"{_SAID[mark]} stands in the text",
                        )
                    )
    opening = document.text[:12_000]
    for name, pattern, strength, said in (
        ("spinner", _SPINNER, 0.7, "an unresolved spinner group stands"),
        ("broken_markup", _BROKEN, 0.2, "remains of markup stand"),
    ):
        match = pattern.search(opening) if any(sign in opening for sign in _SIGNS[name]) else None
        if match is not None:
            role = next((block.role for block in document.blocks if block.start <= match.start() < block.end), "other")
            witnesses.append(
                Witness(
                    f"generation.{name.replace('_', '-')}",
                    "text",
                    role,
                    match[0],
                    match.start(),
                    match.end(),
                    strength,
                    f"{said} in the text",
                )
            )
    values: dict[str, float] = {mark: log_count(counts[mark]) for mark in _MARKS}
    values["autoblog_phrases"] = log_count(phrases)
    values["spinner"] = log_count(len(_SPINNER.findall(opening)) if "{" in opening else 0)
    values["broken_markup"] = log_count(len(_BROKEN.findall(opening)) if any(sign in opening for sign in _SIGNS["broken_markup"]) else 0)
    values["doubled_punctuation"] = log_count(len(_DOUBLED.findall(body)) if any(sign in body for sign in _DOUBLES) else 0)
    values["fragments"] = log_count(
        len(_CUT.findall(body)) if ("…" in body or ".." in body or "【" in body) and any(sign in body for sign in _CUTS) else 0
    )
    values["symbols"] = log_count(
        len(_SYMBOL.findall(shown)) if not (shown := f"{reading.title}\n{reading.headline}\n{body}").isascii() else 0
    )
    values.update(_statistics(reading, body))
    values["mismatch"] = mismatch(witnesses)
    return FamilyResult({f"{NAME}.{name}": value for name, value in values.items()}, tuple(witnesses))


def _statistics(reading: Reading, body: str) -> dict[str, float]:
    sample = body[10:400:13]
    unspaced = not sample.isascii() and sum(map(is_unspaced, sample)) > 8
    result = dict.fromkeys(
        (
            "word_variety",
            "top_word",
            "top_pair",
            "title_repeats",
            "repeated_sentences",
            "sentence_length",
            "digits",
            "punctuation",
            "capitals",
        ),
        NAN,
    )
    if len(body) < 40:
        return result
    folded = body.lower()
    words = [body[i : i + 2] for i in range(0, len(body) - 1, 2)] if unspaced else [word for word in WORD.findall(folded) if len(word) > 1]
    if len(words) >= 30:
        opening = words[:300]
        result["word_variety"] = ratio(len(set(opening)), len(opening))
        long_words = Counter(words if unspaced else [word for word in words if len(word) >= 5])
        result["top_word"] = ratio(max(long_words.values()), len(words)) if long_words else NAN
        pairs = Counter(itertools.pairwise(words))
        result["top_pair"] = ratio(max(pairs.values()), len(words))
    title = reading.title or reading.headline
    longest = max(WORD.findall(title.lower()), key=len, default="")
    if len(longest) >= 3:
        key = longest[:8]
        result["title_repeats"] = min(200.0, 1000 * folded.count(key) / len(body))
    sentences = [sentence for piece in _SENTENCE_END.split(body) if len(sentence := piece.strip()) >= 15]
    if sentences:
        result["repeated_sentences"] = 1.0 - len(set(sentences)) / len(sentences)
        result["sentence_length"] = log_count(sum(map(len, sentences)) / len(sentences))
    codes = np.frombuffer(body.encode("utf-32-le", "replace"), dtype=np.uint32)
    kinds = np.bincount(_KIND.take(codes, mode="clip"), minlength=6).tolist()
    solid = len(codes) - kinds[_BLANK]
    result["digits"] = ratio(kinds[_DIGIT], solid)
    result["punctuation"] = ratio(kinds[_MARK], solid)
    result["capitals"] = ratio(kinds[_CAPITAL], kinds[_CAPITAL] + kinds[_SMALL])
    return result
