"""Nothing that a stranger sends is executed, unpacked without end, or asks inside one's own network."""

from __future__ import annotations

import ast
import gzip
from pathlib import Path

import pytest
import zstandard

import detector
from detector.errors import InputError
from detector.sources import Failure, Options, fetch, open_pages

PACKAGE = Path(detector.__file__).parent
# Calls that execute what they read, by the names they end with.
EXECUTING = {
    "eval", "exec", "compile", "__import__", "pickle.load", "pickle.loads", "pickle.Unpickler", "joblib.load", "marshal.load", "marshal.loads", "shelve.open",
    "skops.io.load", "skops.io.loads", "yaml.load", "yaml.unsafe_load", "dill.load", "dill.loads", "cloudpickle.load", "cloudpickle.loads", "torch.load", "os.system", "os.popen",
    "pandas.read_pickle", "pd.read_pickle",
}  # fmt: skip
# A worker believes the program that started it; the program reads a worker's answer with a reader that finds records alone (tests/bulk/test_frames.py).
ALLOWED = {("bulk/frames.py", "pickle.loads"), ("bulk/frames.py", "pickle.Unpickler"), ("service/worker.py", "pipe.recv")}


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [(ast.unparse(node.func), node) for node in ast.walk(tree) if isinstance(node, ast.Call)]


def bases(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [ast.unparse(base) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases]


def test_nothing_read_is_ever_executed() -> None:
    """No pickle, joblib.load, eval or exec but what is named above; arrays never with pickles; no shell."""
    found = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        found |= {(name, base) for base in bases(path) if base in EXECUTING}
        for called, node in calls(path):
            # A connection of multiprocessing unpickles what it receives.
            if called in EXECUTING or called.endswith(".recv"):
                found.add((name, called))
            keywords = {word.arg: ast.unparse(word.value) for word in node.keywords}
            assert keywords.get("shell") != "True", f"{name}: {called} with a shell"
            assert keywords.get("allow_pickle", "False") == "False", f"{name}: {called} with pickles"
            if called in ("np.load", "numpy.load"):
                assert keywords.get("allow_pickle") == "False", f"{name}: {called} does not say allow_pickle=False"
    assert found == ALLOWED


# Modules with calls that execute what they read, and what may be imported of them by its own name.
EXECUTING_MODULES = {
    "pickle": set(), "marshal": set(), "shelve": set(), "dill": set(), "cloudpickle": set(), "torch": set(), "yaml": set(), "skops": set(), "skops.io": set(), "numpy": {"ndarray"},
    "pandas": set(), "joblib": {"Parallel", "delayed"}, "os": {"PathLike", "environ", "fspath"},
}  # fmt: skip
KNOWN_AS = {("numpy", "np"), ("pandas", "pd")}


def hidden_imports(source: str) -> set[str]:
    """Imports after which a call would stand under another name than in EXECUTING."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module in EXECUTING_MODULES:
            found |= {f"{node.module}.{name.name}" for name in node.names if name.asname or name.name not in EXECUTING_MODULES[node.module]}
        elif isinstance(node, ast.Import):
            found |= {
                name.name
                for name in node.names
                if name.name in EXECUTING_MODULES and name.asname and (name.name, name.asname) not in KNOWN_AS
            }
    return found


def test_names_are_imported_so_that_the_calls_are_seen() -> None:
    """`from pickle import loads` would hide a call from the test above."""
    for path in PACKAGE.rglob("*.py"):
        assert not hidden_imports(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize(
    "source",
    [
        "from pickle import loads", "from joblib import load", "from numpy import load", "from dill import load", "from torch import load", "from skops import io", "from joblib import Parallel as load",
        "import pickle as p", "import joblib as j", "import numpy as n",
    ],
)  # fmt: skip
def test_an_import_that_hides_a_call_is_found(source: str) -> None:
    """Under whatever name."""
    assert hidden_imports(source)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:169.254.169.254]", "169.254.169.254", "2852039166", "0xa9fea9fe", "10.0.0.1", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[fe80::1]", "①②⑦.⓪.⓪.①", "127。0。0。1", "127.0.0.1.",
    ],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_way_to_write_a_private_address_gets_past_the_guard(host: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Decimal, octal and hexadecimal forms, short forms, IPv6 forms that hold IPv4, digits of other alphabets: refused before a connection is
    opened."""

    def connected(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(fetch.socket, "create_connection", connected)
    with pytest.raises(InputError):
        fetch.fetch(f"{scheme}://{host}/latest/meta-data/")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://127.0.0.1/",
        "data:text/html,x",
        "javascript:1",
        "//example.org/",
        "http:/\\example.org",
    ],
)
def test_other_schemes_are_not_fetched(url: str) -> None:
    """http and https alone."""
    with pytest.raises(InputError):
        fetch.fetch(url, allow_private=True)


@pytest.mark.parametrize("pack", [lambda raw: gzip.compress(raw, 1), zstandard.compress], ids=["gz", "zst"])
@pytest.mark.parametrize("kind", ["jsonl", "warc"])
def test_a_gigabyte_of_zeros_in_a_packed_archive_is_given_up_early(pack: object, kind: str, tmp_path: Path) -> None:
    """Rows before it are answered; the bomb is named, and not unpacked to its end."""
    assert callable(pack)
    row = (
        b'{"html": "<p>a"}\n'
        if kind == "jsonl"
        else b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\na\r\n\r\n"
    )
    suffix = "gz" if pack(b"").startswith(b"\x1f") else "zst"
    path = tmp_path / f"bomb.{kind}.{suffix}"
    head = b"" if kind == "jsonl" else b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9000000000\r\n\r\n"
    path.write_bytes(pack(row) + pack(head) + pack(bytes(64 << 20)) * 16)
    *pages, last = open_pages([str(path)], Options())
    assert len([page for page in pages if not isinstance(page, Failure)]) == 1
    assert isinstance(last, Failure) and "times its size" in last.reason


def test_a_well_packed_honest_archive_is_read_whole(tmp_path: Path) -> None:
    """Very alike pages pack well, and are read."""
    row = b'{"html": "<p>%d' + b"the council agreed to repair the bridge " * 40 + b'"}\n'
    path = tmp_path / "alike.jsonl.gz"
    path.write_bytes(gzip.compress(b"".join(row % number for number in range(3_000))))
    assert sum(not isinstance(item, Failure) for item in open_pages([str(path)], Options())) == 3_000
