"""Reports are whole in one file, harmless whatever page they are of, and their curves are those of the textbook."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve, roc_curve
from typer.testing import CliRunner

from detector import Detector, Page
from detector.cli.app import app
from detector.features.registry import FAMILIES
from detector.reports import curves
from detector.reports.explanation import explanation_report
from detector.reports.passages import MAX_BLOCKS, parts_of
from detector.reports.svg import Line, histogram, line_chart

DEMO = Path(__file__).parents[1] / "pages" / "demo"


class Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def harmless(html: str) -> None:
    for tag, attributes in Elements(html).found:
        assert tag not in ("script", "iframe", "object", "embed", "link", "img", "base", "form"), tag
        assert not any(name.startswith("on") or name in ("src", "srcset", "style") for name in attributes), attributes
        assert (attributes.get("href") or "#").startswith("#"), attributes
    assert "default-src 'none'" in html and not re.search(r"url\(|@import", html)


def run(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_report_of_a_page_marks_the_evidence_where_it_stands(tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    run("explain", DEMO / "scraped-en-embassy-interview.txt", "--report", out)
    html = out.read_text(encoding="utf-8")
    harmless(html)
    assert re.search(r"<mark[^>]*>谷歌邮箱老号批发</mark>", html)
    assert html.count("<details>") == len(FAMILIES) and "the copyright holder" in html


def test_the_report_of_a_hostile_page_is_harmless(tmp_path: Path) -> None:
    page = tmp_path / "<img src=x onerror=alert(1)>.html"
    page.write_text(
        "---\nurl: javascript:alert(6)\n---\n<title></title><script>alert(1)</script><body onload=alert(2)><p>&lt;script&gt;alert(3)&lt;/script&gt; {{ 7 * 7 }} </mark></p>"
        '<a href="javascript:alert(4)">Buy Gmail accounts, bulk PVA accounts for sale</a>'
        + "<p>Online casino bonus &lt;/style&gt;&lt;img src=x onerror=alert(5)&gt;</p>"
        * 50
    )
    out = tmp_path / "report.html"
    run("explain", page, "--report", out)
    html = out.read_text(encoding="utf-8")
    harmless(html)
    assert "javascript:alert(6)" in html and "{{ 7 * 7 }}" in html and "&lt;img src=x onerror=alert(5)&gt;" in html


def test_what_turns_text_around_is_shown_and_marked_where_it_stands(tmp_path: Path) -> None:
    page, out, rows = tmp_path / "\u202egpj.txt", tmp_path / "report.html", tmp_path / "rows.jsonl"
    text = (
        (DEMO / "scraped-en-embassy-interview.txt").read_text(encoding="utf-8").replace("谷歌邮箱老号批发", "\u202e谷歌邮箱<老号批发\u2069")
    )
    page.write_text(text, encoding="utf-8")
    run("explain", page, "--report", out)
    html = out.read_text(encoding="utf-8")
    harmless(html)
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", html)
    assert re.search(r'<mark[^>]*><bdi class="control">\[RLO\]</bdi>谷歌邮箱&lt;老号批发', html)
    rows.write_text("".join(json.dumps({"id": "\u202ea", "text": text, "label": label}) + "\n" for label in ("clean", "scraped") * 2))
    run("evaluate", rows, "--report", out, "--workers", "1")
    html = out.read_text(encoding="utf-8")
    assert "\u202e" not in html and '<bdi class="control">[RLO]</bdi>谷歌邮箱&lt;老号批发' in html


@pytest.mark.parametrize("body", ["", "short"])
def test_a_page_that_is_not_judged_has_a_report_too(tmp_path: Path, body: str) -> None:
    page, out = tmp_path / "page.html", tmp_path / "report.html"
    page.write_text(body)
    run("explain", page, "--report", out)
    html = out.read_text(encoding="utf-8")
    assert "Neither yes nor no" in html and "share of the decision" not in html


@pytest.mark.parametrize(("flagged", "said"), [(True, "No single passage stands out"), (False, "<p>None.</p>")])
def test_a_flagged_page_without_evidence_says_that_no_passage_stands_out(flagged: bool, said: str) -> None:
    verdict = Detector.load().classify(Page.from_text("The council will mend the bridge. " * 12)).to_dict()
    assert said in explanation_report({**verdict, "evidence": [], "flagged": flagged}, {}, None, None)


def test_the_report_of_an_evaluation_has_charts_slices_and_the_worst_errors(tmp_path: Path) -> None:
    rows, out = tmp_path / "rows.jsonl", tmp_path / "report.html"
    pages = [(DEMO / "scraped-en-embassy-interview.txt", label) for label in ("scraped", "clean")] * 3
    clean = "The town council approved the construction of a second bridge on Tuesday after three years of debate. " * 8
    with rows.open("w") as lines:
        for number, (path, label) in enumerate(pages):
            lines.write(json.dumps({"id": f"<b>{number}", "text": path.read_text(), "label": label}) + "\n")
        for number in range(6):
            lines.write(json.dumps({"id": f"c{number}", "text": clean, "label": "clean"}) + "\n")
    run("evaluate", rows, "--report", out, "--workers", "1")
    html = out.read_text(encoding="utf-8")
    harmless(html)
    assert html.count("<svg") == 4 and html.count("<li><b><bdi>&lt;b&gt;") == 3
    assert "by language" in html and "the copyright holder" in html


def test_a_set_of_one_class_has_a_report_without_curves(tmp_path: Path) -> None:
    rows, out = tmp_path / "rows.jsonl", tmp_path / "report.html"
    rows.write_text(json.dumps({"text": "The council met. " * 40, "label": "clean"}) + "\n")
    run("evaluate", rows, "--report", out, "--workers", "1")
    assert "<svg" not in out.read_text(encoding="utf-8")


def test_an_output_that_cannot_be_written_is_misuse(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["explain", str(DEMO / "scraped-en-embassy-interview.txt"), "--report", str(tmp_path / "none" / "x.html")]
    )
    assert done.exit_code == 2 and "Traceback" not in done.output


def test_curves_are_scikit_learns() -> None:
    rng = np.random.default_rng(3)
    bad = rng.random(500) < 0.3
    scores = np.round(np.clip(rng.normal(0.3 + 0.3 * bad, 0.2), 0, 1), 2)
    false, true, _ = roc_curve(bad, scores, drop_intermediate=False)
    assert np.allclose(curves.roc(scores, bad), list(zip(false, true, strict=True)))
    precision, recall, _ = precision_recall_curve(bad, scores)
    assert np.allclose(curves.precision_recall(scores, bad)[::-1], list(zip(recall, precision, strict=True))[:-1])
    assert sum(curves.counts(scores)) == 500
    assert all(abs(said - is_bad) <= 1 for said, is_bad in curves.reliability(scores, bad))


def test_charts_escape_words_and_stay_in_their_frame() -> None:
    points = [(number / 5000, number / 5000) for number in range(5001)]
    svg = line_chart("<t>", "x", "y", [Line("<l>", points)], [(1.0, 1.0, "<m>")])
    assert "<t>" not in svg and "<l>" not in svg and "<m>" not in svg
    places = [tuple(map(float, pair.split(","))) for pair in re.findall(r'points="([^"]+)"', svg)[0].split()]
    assert len(places) <= 300 and all(0 <= x <= 460 and 0 <= y <= 300 for x, y in places)
    assert histogram("t", "x", [("none", "clean", [0, 0])]).count("<rect") == 2


def test_every_character_is_shown_once_and_every_span_is_marked() -> None:
    text = "0123456789" * 5
    blocks = [(0, 10, "body", None), (10, 20, "body", None), (20, 30, "nav", None), (30, 50, "nav", "display")]
    evidence = [
        {"start": 5, "end": 15},
        {"start": 7, "end": 9},
        {"start": None, "end": None},
        {"start": 30, "end": 50},
        {"start": 49, "end": 50},
    ]
    parts, omitted = parts_of(text, blocks, evidence)
    assert omitted == 0 and [(part.role, part.hidden) for part in parts] == [("body", None), ("nav", None), ("nav", "display")]
    segments = [segment for part in parts for passage in part.passages for segment in passage.segments]
    assert "".join(segment.text for segment in segments) == text
    assert {number for segment in segments for number in segment.first} == {1, 2, 4, 5}
    assert [segment.text for segment in segments if 2 in segment.numbers] == ["78"]


def test_of_a_huge_page_the_parts_with_evidence_are_all_shown() -> None:
    text = "ab " * 10_000
    blocks = [(start, start + 2, "body", None) for start in range(0, 30_000, 3)]
    parts, omitted = parts_of(text, blocks, [{"start": 29_997, "end": 29_999}])
    shown = sum(len(part.passages) for part in parts)
    assert shown == MAX_BLOCKS + 1 and parts[-1].passages[-1].segments[0].numbers == (1,)
    assert shown + omitted + sum(part.omitted for part in parts) == 10_000
    (part,), _ = parts_of("x" * 100_000, [(0, 100_000, "body", None)], [{"start": 50_000, "end": 50_010}])
    assert len("".join(segment.text for segment in part.passages[0].segments)) < 51_000
