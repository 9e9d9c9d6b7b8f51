"""What a page gives away of its makers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from detector import Detector, Page
from detector.cli.app import app
from detector.provenance.facts import Facts, analytics_of, facts_of, template_of
from detector.provenance.observer import observe_many

PROSE = "The council met on Tuesday evening and agreed to repair the old bridge before the winter sets in for good. " * 6


def html(article: str, footer: str, script: str = "") -> str:
    return (
        f"<html><head><title>Bridge</title><script>{script}</script></head><body class='post-17'><div class='site-wrap wide'>"
        "<header class='masthead'><nav class='main-menu'><a href='/'>Home</a></nav></header>"
        f"<div class='content'><article><p>{article}</p></article></div>"
        f"<footer class='colophon'><p>{footer}</p></footer></div></body></html>"
    )


@pytest.fixture
def read(detector: Detector) -> Callable[[Page], Facts]:
    return lambda page: facts_of(page, detector.reading(page))


def test_owner_numbers_links_and_counters_are_read(read: Callable[[Page], Facts]) -> None:
    """The holder in the copyright line, the licence beside it, registrable domains but the page's own, and the accounts."""
    script = 'gtag("config", "G-AB12CD34EF"); fbq("init", "123456789012"); _hmt.src = "https://hm.baidu.com/hm.js?' + "a1" * 16 + '"'
    footer = "© 2024 Harbour Pumps Ltd 京ICP备12345678号 <a href='https://www.slots.example.com/x'>x</a> <a href='https://own.example.org/y'>y</a>"
    found = read(Page.from_html(html(PROSE, footer, script), "https://www.example.org/a", "a"))
    assert found.owner is not None and "Harbour Pumps" in found.owner
    assert found.licences == ("京ICP备12345678号",)
    assert found.outbound == ("example.com",)
    assert found.analytics == (f"baidu:{'a1' * 16}", "facebook:123456789012", "google:G-AB12CD34EF")
    assert (found.id, found.url) == ("a", "https://www.example.org/a")


def test_pages_of_one_template_share_its_fingerprint() -> None:
    """Whatever the article says and whatever number the post has; another layout has another."""
    one, two = html(PROSE, "© A"), html("Something else entirely. " * 30, "© B").replace("post-17", "post-18")
    assert template_of(one) == template_of(two) is not None
    assert template_of(one) != template_of(one.replace("masthead", "hero-banner"))
    assert template_of("<p>no layout at all</p>") is None


@pytest.mark.parametrize("text", ["Model G-SHOCK", "call 0123-456-789", "UA-", "ca-pub-x", "see hm.baidu.com"])
def test_what_only_looks_like_an_account_is_none(text: str) -> None:
    """Product names and telephone numbers tie nobody together."""
    assert analytics_of(text) == ()


@pytest.mark.parametrize("unit", ["ca-pub-", "<div class=", "fbq('init'", "cnzz.com/", "VAT ", "1 2.", "<div " + "a=b " * 60])
def test_searching_takes_linear_time(unit: str, read: Callable[[Page], Facts]) -> None:
    """A page made of what the patterns look for is read, however long it is."""
    body = unit * (400_000 // len(unit))
    assert read(Page.from_html(f"<p>{PROSE}</p>{body}", "https://example.org/")).url == "https://example.org/"


def test_a_page_that_cannot_be_read_has_no_facts(detector: Detector) -> None:
    """But its line, and its verdict."""
    ((verdict, facts),) = observe_many(detector, [Page.from_html(b"", "https://example.org/", "x")])
    assert verdict.abstained == "empty"
    assert facts == Facts("x", "https://example.org/")


def rows(count: int) -> str:
    made = (
        {
            "id": str(number),
            "url": f"https://h{number % 3}.example/{number}",
            "html": html(f"{number} {PROSE}", f"© 2024 Firm {number % 3}"),
        }
        for number in range(count)
    )
    return "".join(json.dumps(row) + "\n" for row in made)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize("workers", [1, 2])
def test_the_command_writes_a_line_a_page_and_changes_no_verdict(tmp_path: Path, workers: int) -> None:
    """In the order of the pages, with any number of workers; verdicts are those of a run without --facts."""
    (tmp_path / "a.jsonl").write_text(rows(70))
    plain = run("classify", tmp_path / "a.jsonl", "--format", "jsonl").stdout
    beside = tmp_path / "facts.jsonl"
    result = run("classify", tmp_path / "a.jsonl", "--format", "jsonl", "--facts", beside, "--workers", workers)
    assert (result.exit_code, result.stdout) == (0, plain)
    found = [json.loads(line) for line in beside.read_text().splitlines()]
    assert [row["id"] for row in found] == [str(number) for number in range(70)]
    assert set(found[0]) == {"id", "url", "owner", "licences", "template", "outbound", "analytics"}
    assert found[4]["owner"] == "Firm 1"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "facts.jsonl"]


@pytest.mark.parametrize("more", [0, 1, 5])
def test_a_resumed_run_has_the_facts_of_each_page_once(tmp_path: Path, more: int) -> None:
    """Facts are written first: what a killed run wrote beyond its verdicts, a torn line too, is taken off."""
    (tmp_path / "a.jsonl").write_text(rows(20))
    arguments = ("classify", tmp_path / "a.jsonl", "-o", tmp_path / "o.jsonl", "--facts", tmp_path / "f.jsonl")
    run(*arguments)
    whole = {name: (tmp_path / name).read_bytes() for name in ("o.jsonl", "f.jsonl")}
    verdicts, facts = (content.splitlines(keepends=True) for content in whole.values())
    (tmp_path / "o.jsonl.part").write_bytes(b"".join(verdicts[:8]))
    (tmp_path / "f.jsonl.part").write_bytes(b"".join(facts[: 8 + more]) + facts[8 + more][:20] * (more > 0))
    for name in whole:
        (tmp_path / name).unlink()
    assert run(*arguments, "--resume").exit_code == 0
    assert {name: (tmp_path / name).read_bytes() for name in whole} == whole


def test_facts_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    """Fewer facts than verdicts, one name for both, and a source as target are misuse; nothing is overwritten."""
    (tmp_path / "a.jsonl").write_text(rows(4))
    out, beside = tmp_path / "o.jsonl", tmp_path / "f.jsonl"
    run("classify", tmp_path / "a.jsonl", "-o", out, "--facts", beside)
    out.rename(f"{out}.part")
    Path(f"{beside}.part").write_bytes(beside.read_bytes().splitlines(keepends=True)[0])
    refused = run("classify", tmp_path / "a.jsonl", "-o", out, "--facts", beside, "--resume")
    assert refused.exit_code == 2 and "1 rows where the verdicts have 4" in refused.stderr
    assert len(Path(f"{out}.part").read_bytes().splitlines()) == 4
    assert run("classify", tmp_path / "a.jsonl", "-o", out, "--facts", out).exit_code == 2
    assert run("classify", tmp_path / "a.jsonl", "-o", out, "--facts", tmp_path / "a.jsonl").exit_code == 2
    assert (tmp_path / "a.jsonl").read_text() == rows(4)
