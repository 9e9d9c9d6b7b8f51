"""A corpus out of its manifest: real repositories of git, served from this machine."""

from __future__ import annotations

import gzip
import json
import lzma
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from detector.cli.app import app
from detector.errors import CorpusError
from detector.training import manifest
from detector.training.corpus import clean_pages, farm_pages
from detector.training.manifest import Entry

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="no git here")
CYRILLIC = "<p>Съвет поправя моста преди зимата.</p>" * 20
# What a working tree would change (line ends, by the attributes beside it) and what its names would make hard.
FILES = {
    "pages/a.html": b"<p>one\r\ntwo\r\n</p>",
    "pages/with blank [1] *.html": "<p>Grüße 苹果</p>".encode(),
    "pages/тест.html": CYRILLIC.encode("cp1251"),
    "pages/packed.html.gz": gzip.compress(b"<p>packed</p>", mtime=0),
    "rows.jsonl": b'{"html": "<p>row 0</p>"}\n{"html": "<p>row 1</p>"}\n',
    "README.md": b"Slots for all",
    "huge.bin": os.urandom(400_000),
    ".gitattributes": b"*.html text eol=lf\n",
}
PAGES = {
    "pages/a.html": FILES["pages/a.html"],
    "pages/with blank [1] *.html": FILES["pages/with blank [1] *.html"],
    "pages/тест.html": FILES["pages/тест.html"],
    "pages/packed.html.gz": b"<p>packed</p>",
    "rows.jsonl::1": b"<p>row 1</p>",
}


def git(folder: Path, *arguments: str, input: bytes | None = None) -> str:
    names = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org"}
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, input=input, env=os.environ | names).stdout.decode().strip()


def repository(folder: Path, files: dict[str, bytes], filters: bool = True) -> str:
    """A bare repository that holds `files` in its first commit and other files in a second; the name of the first."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet", "--bare")
    git(folder, "config", "uploadpack.allowFilter", str(filters).lower())
    commits: list[str] = []
    for content in (files, {"later.html": b"<p>later</p>"}):
        lines = []
        for path, body in content.items():
            name = git(folder, "hash-object", "-w", "--stdin", input=body)
            git(folder, "update-index", "--add", "--cacheinfo", f"100644,{name},{path}")
            lines.append(name)
        tree = git(folder, "write-tree")
        commits.append(git(folder, "commit-tree", tree, "-m", "pages", *(part for commit in commits[-1:] for part in ("-p", commit))))
    git(folder, "update-ref", "HEAD", commits[-1])
    return commits[0]


def entry(path: str, body: bytes, commit: str, **more: str) -> Entry:
    digest = sha256(body).hexdigest()
    known = {
        "file": "clean/pages-000.jsonl.xz",
        "repository": "wend/pages",
        "licence": "MIT",
        "form": "html",
        "url": manifest.NULL,
        "host": "wend.org",
    }
    rest = {"host_inferred": "", "lang": "en", "kind": "org", "label": "clean", "family": ""}
    return Entry(**(known | rest | {"id": digest[:16], "sha256": digest, "commit": commit, "path": path} | more))


@pytest.fixture
def served(tmp_path: Path) -> Path:
    return tmp_path / "served"


@pytest.fixture
def entries(served: Path) -> list[Entry]:
    first, second = repository(served / "wend" / "pages", FILES), repository(served / "other" / "farm", FILES, filters=False)
    found = [entry(path, body, first, url=f"https://wend.org/{number}") for number, (path, body) in enumerate(PAGES.items())]
    found[1] = replace(found[1], file="clean/pages-001.jsonl.xz", host_inferred="1")
    text = entry(
        "README.md", FILES["README.md"], second, repository="other/farm", form="text", label="spam", family="slots", kind="", url=""
    )
    return [found[0], *found[2:], found[1], replace(text, file="farm/pages.jsonl.xz")]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["dataset", "fetch", *map(str, arguments)])


@pytest.fixture
def fetch(tmp_path: Path, served: Path) -> Callable[..., Result]:
    def fetcher(entries: list[Entry], base: str | None = None) -> Result:
        manifest.write(tmp_path / "manifest.tsv.gz", entries)
        return run("-o", tmp_path / "corpus", "--manifest", tmp_path / "manifest.tsv.gz", "--base", base or served.as_uri())

    return fetcher


def test_pages_come_back_byte_for_byte_as_a_corpus(fetch: Callable[..., Result], entries: list[Entry], tmp_path: Path) -> None:
    """Whatever git would do to line ends, however names are spelt; packed files and rows of files too; addresses and labels as the manifest says."""
    result = fetch(entries)
    assert result.exit_code == 0, result.output
    assert result.stdout == f"6 pages in {tmp_path / 'corpus'}\n"
    pages = [*clean_pages(tmp_path / "corpus"), *farm_pages(tmp_path / "corpus")]
    assert [page.id for page in pages] == [one.id for one in entries]
    bodies = [page.body if isinstance(page.body, bytes) else page.body.encode() for page in pages]
    assert [sha256(body).hexdigest() for body in bodies] == [one.sha256 for one in entries]
    assert [page.url for page in pages[:2]] == ["https://wend.org/0", "https://wend.org/2"]
    assert pages[-1].url == ""
    assert (pages[-1].is_text, pages[-1].label, pages[-1].family) == (True, "spam", "slots")
    files = sorted(path.relative_to(tmp_path / "corpus").as_posix() for path in (tmp_path / "corpus").rglob("*") if path.is_file())
    assert files == ["MANIFEST.tsv", "SHA256SUMS", "clean/pages-000.jsonl.xz", "clean/pages-001.jsonl.xz", "farm/pages.jsonl.xz"]
    for line in (tmp_path / "corpus" / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert sha256((tmp_path / "corpus" / name).read_bytes()).hexdigest() == digest


def test_a_corpus_and_its_manifest_give_each_other(fetch: Callable[..., Result], entries: list[Entry], tmp_path: Path) -> None:
    """The manifest of what was fetched is the manifest that it was fetched by."""
    assert fetch(entries).exit_code == 0
    assert list(manifest.of_corpus(tmp_path / "corpus")) == entries
    assert manifest.read(tmp_path / "manifest.tsv.gz") == entries


def test_what_is_missing_is_named_and_the_rest_is_there(fetch: Callable[..., Result], entries: list[Entry], tmp_path: Path) -> None:
    """A repository that is gone, a commit that is, a file that is not in it, other bytes: exit 3, each with its reason, all in a file."""
    good = entries[0]
    gone = [
        replace(good, repository="wend/gone"),
        replace(good, commit="0" * 40),
        replace(good, path="pages/none.html"),
        replace(good, path="pages"),
        replace(good, path="README.md"),
        replace(good, path="rows.jsonl::9"),
    ]
    gone = [replace(one, id=f"{number:016x}", sha256=f"{number:064x}") for number, one in enumerate(gone)]
    result = fetch([*gone, good])
    assert result.exit_code == 3
    assert [page.id for page in clean_pages(tmp_path / "corpus")] == [good.id]
    said = [line for line in result.stderr.splitlines() if line.startswith("detector: missing: ")]
    assert len(said) == 6 and "6 of 7 pages are missing" in result.stderr
    rows = {line.split("\t")[0]: line.split("\t")[-1] for line in (tmp_path / "corpus" / "MISSING.tsv").read_text().splitlines()}
    reasons = [rows[one.id] for one in gone]
    assert all(reason.startswith("cannot be fetched (") for reason in reasons[:2])
    assert reasons[2:4] == ["the commit holds no such file"] * 2
    assert reasons[4:] == ["the file holds other bytes than the page"] * 2


def test_a_second_run_fetches_only_what_is_not_there(
    fetch: Callable[..., Result], entries: list[Entry], served: Path, tmp_path: Path
) -> None:
    """Pages of a corpus that was fetched in part, or of a run that was cut off, are kept though their repository is gone since."""
    broken = replace(entries[0], id="0" * 16, sha256="0" * 64)
    assert fetch([broken, *entries[1:]]).exit_code == 3
    shutil.rmtree(served / "other")
    cut_off = tmp_path / "corpus" / ".fetched"
    cut_off.mkdir()
    (cut_off / entries[2].sha256).write_bytes(PAGES["pages/packed.html.gz"])
    (cut_off / f"{entries[3].sha256}.half").write_bytes(b"<p>ro")
    result = fetch(entries)
    assert result.exit_code == 0, result.output
    assert "fetching 1 pages of 1 repositories" in result.stderr
    assert not (tmp_path / "corpus" / "MISSING.tsv").exists() and not cut_off.exists()
    assert len([*clean_pages(tmp_path / "corpus"), *farm_pages(tmp_path / "corpus")]) == 6


@pytest.fixture
def daemon(served: Path) -> Iterator[str]:
    """The repositories over a socket of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--export-all", f"--base-path={served}", "--listen=127.0.0.1", f"--port={port}", "--reuseaddr", str(served)]
    process = subprocess.Popen(["git", "daemon", *options], stderr=subprocess.DEVNULL, process_group=0)
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            pytest.skip("git daemon does not start here")
        yield f"git://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 15)
        process.wait(10)


def test_over_a_connection_only_the_pages_are_transferred(
    fetch: Callable[..., Result], entries: list[Entry], daemon: str, tmp_path: Path
) -> None:
    """One after the other from a server that filters and one that sends everything; of the first nothing but pages and trees comes."""
    assert fetch(entries, daemon).exit_code == 0
    assert len([*clean_pages(tmp_path / "corpus"), *farm_pages(tmp_path / "corpus")]) == 6
    from detector.training.gitfiles import read_files

    folder = tmp_path / "one"
    folder.mkdir()
    assert dict(read_files(f"{daemon}/wend/pages", entries[0].commit, ["pages/a.html"], folder)) == {"pages/a.html": FILES["pages/a.html"]}
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 100_000


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"commit": "--upload-pack=x"}, "--upload-pack=x"),
        ({"repository": "../../etc"}, "../../etc"),
        ({"repository": "-x/y"}, "-x/y"),
        ({"file": "../outside.jsonl.xz"}, "../outside"),
        ({"sha256": "../../outside"}, "../../outside"),
        ({"form": "id"}, "neither html nor text"),
    ],
)
def test_a_manifest_names_places_and_nothing_else(
    fetch: Callable[..., Result], entries: list[Entry], spoil: dict[str, str], words: str
) -> None:
    """What would be an option of git, or a file outside of the corpus, is refused before anything is fetched."""
    result = fetch([replace(entries[0], **spoil)])
    assert result.exit_code == 2
    assert words in result.stderr and "manifest.tsv.gz:2" in result.stderr


def test_what_is_no_manifest_is_told(tmp_path: Path) -> None:
    """A missing file, one that is not packed, other columns, a line cut short."""
    path = tmp_path / "m.tsv.gz"
    with pytest.raises(CorpusError, match=r"m\.tsv\.gz"):
        manifest.read(path)
    path.write_bytes(b"file\tid\n")
    with pytest.raises(CorpusError, match="cannot be read"):
        manifest.read(path)
    path.write_bytes(gzip.compress(b"file\tid\n"))
    with pytest.raises(CorpusError, match="no manifest"):
        manifest.read(path)
    path.write_bytes(gzip.compress("\t".join(manifest.COLUMNS).encode() + b"\nclean\n"))
    with pytest.raises(CorpusError, match=r"m\.tsv\.gz:2"):
        manifest.read(path)
    assert run("-o", tmp_path / "corpus", "--manifest", tmp_path / "none.tsv.gz").exit_code == 2


def test_without_git_and_without_room_it_is_misuse(
    fetch: Callable[..., Result], entries: list[Entry], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line that says what to do."""
    (tmp_path / "corpus").write_text("a file")
    refused = fetch(entries)
    assert refused.exit_code == 2 and "cannot be written" in refused.stderr
    (tmp_path / "corpus").unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = fetch(entries)
    assert refused.exit_code == 2 and "there is no git" in refused.stderr


def test_the_manifest_of_this_repository_holds_no_text() -> None:
    """Places, digests, labels: nothing longer than an address; every page once, known by its digest."""
    entries = manifest.read(Path(__file__).parents[2] / "datasets" / "corpus" / "manifest.tsv.gz")
    assert len(entries) > 7_000 and len({one.id for one in entries}) == len(entries)
    assert all(one.sha256.startswith(one.id) for one in entries)
    assert {one.label for one in entries} == {"clean", "scraped", "hijacked", "spam"}
    assert all(" " not in value for one in entries for value in (one.host, one.lang, one.kind, one.label, one.family))


def test_rows_are_read_with_what_the_corpus_card_promises(fetch: Callable[..., Result], entries: list[Entry], tmp_path: Path) -> None:
    """Repository, commit, path and digest stand in each row; bytes that are not UTF-8 are kept as such."""
    fetch(entries)
    with lzma.open(tmp_path / "corpus" / "clean" / "pages-000.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    assert {"id", "repo", "commit", "path", "url", "host", "lang", "kind", "label"} <= set(rows[0])
    assert "html_b64" in rows[1] and rows[1]["path"] == "pages/тест.html"
