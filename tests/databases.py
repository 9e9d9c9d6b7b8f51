"""A real PostgreSQL for the tests, started for them and stopped after; where none is installed the tests that need it are skipped."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _program(name: str) -> str | None:
    """Debian keeps the server's programs outside PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(installed[-1]) if installed else shutil.which(name)


def _as_nobody_special() -> list[str]:
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return []
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL does not run as root and there is no user postgres; apt-get install postgresql makes one")
    return ["runuser", "-u", "postgres", "--"]


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of an empty database on a server of its own."""
    initdb, postgres = _program("initdb"), _program("postgres")
    if initdb is None or postgres is None:
        pytest.skip("PostgreSQL is not installed; apt-get install postgresql to run these tests")
    user = _as_nobody_special()
    with tempfile.TemporaryDirectory() as folder:
        if user:
            shutil.chown(folder, "postgres")
        data = f"{folder}/data"
        quiet = {"stdout": subprocess.DEVNULL, "cwd": "/"}
        subprocess.run([*user, initdb, "-D", data, "-U", "detector", "-A", "trust", "-E", "UTF8", "--no-sync"], check=True, **quiet)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [*user, postgres, "-D", data, "-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"]
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL, **quiet)
        try:
            _wait(port, server)
            yield f"postgresql://detector@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(30)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    for _ in range(150):
        assert server.poll() is None, "PostgreSQL ended while it was starting"
        try:
            psycopg.connect(f"postgresql://detector@127.0.0.1:{port}/postgres", connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            subprocess.run(["sleep", "0.1"], check=True)
    raise AssertionError("PostgreSQL did not come up")


def emptied(address: str) -> str:
    """The same database without a table."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return address
