"""Single files out of one commit of a repository, by git: no history, no other file's content, no working tree.

A working tree would bring line ends, filters and attributes between the file and its bytes; blobs are the bytes themselves.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, cast

from detector.errors import InputError, UsageError

# Public repositories alone: nobody is asked for a password and no stored one is sent. A server that sends nothing for a minute is given up.
_OPTIONS = {
    "gc.auto": "0",
    "credential.helper": "",
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
    "fetch.negotiationAlgorithm": "noop",
}
_ENVIRONMENT = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "LC_ALL": "C"}
# Set inside hooks of git, and then of the wrong repository.
_NOT_OURS = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
_REMOTE = "origin"


def read_files(address: str, commit: str, paths: Collection[str], folder: Path) -> Iterator[tuple[str, bytes | None]]:
    """(path, content) of each path, in no order; None where the commit holds no such file. `folder`, an empty one, becomes a repository.

    Raises:
        InputError: the commit cannot be fetched; with git's own words.
        UsageError: there is no git.
    """
    _git(folder, "init", "--quiet", "--bare", str(folder))
    _git(folder, "config", f"remote.{_REMOTE}.url", address)
    _git(folder, "fetch", "--quiet", "--no-tags", "--depth", "1", "--filter=blob:none", _REMOTE, commit)
    found = _objects(folder, commit, paths)
    if found:
        # All at once; asked for one by one, each would be a connection. A server that does not filter has sent them already.
        _git(
            folder,
            *(
                "fetch",
                "--quiet",
                "--no-tags",
                "--no-write-fetch-head",
                "--recurse-submodules=no",
                "--filter=blob:none",
                "--stdin",
                _REMOTE,
            ),
            input="".join(f"{name}\n" for name in sorted(set(found.values()))).encode(),
        )
    for path in paths:
        if path not in found:
            yield path, None
    yield from _contents(folder, found)


def _objects(folder: Path, commit: str, paths: Collection[str]) -> dict[str, str]:
    """Object names of those paths that are files."""
    wanted = {path.encode("utf-8", "surrogateescape"): path for path in paths}
    found = {}
    for line in _git(folder, "ls-tree", "-r", "-z", "--full-tree", commit).split(b"\0"):
        about, _, name = line.partition(b"\t")
        if name in wanted and about.split()[1] == b"blob":
            found[wanted[name]] = about.split()[2].decode()
    return found


def _contents(folder: Path, objects: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    command = _command(folder, "cat-file", "--batch")
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment()) as process:
        asked, told = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        for path, name in objects.items():
            asked.write(f"{name}\n".encode())
            asked.flush()
            head = told.readline().split()
            if len(head) != 3:
                raise InputError(f"{path}: git has no object {name}")
            content = told.read(int(head[2]))
            told.read(1)
            yield path, content


def _git(folder: Path, *arguments: str, input: bytes | None = None) -> bytes:
    try:
        done = subprocess.run(_command(folder, *arguments), input=input, capture_output=True, env=_environment(), check=False)
    except FileNotFoundError as error:
        raise UsageError("there is no git; install it, repositories are read with it") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise InputError(said[-1] if said else f"git ended with {done.returncode}")
    return done.stdout


def _command(folder: Path, *arguments: str) -> list[str]:
    options = [part for name, value in _OPTIONS.items() for part in ("-c", f"{name}={value}")]
    return ["git", f"--git-dir={folder}", *options, *arguments]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _NOT_OURS} | _ENVIRONMENT
