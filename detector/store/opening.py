"""From a store's address to an engine whose tables are of this version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from detector.errors import OutputError, UsageError

MEMORY = "sqlite://"
# How long a writer waits for another one, milliseconds.
_BUSY_MS = 10_000
# Any number, the same in every process: two services that start together do not migrate together.
_ADVISORY_LOCK = 7_318_420_911


def open_engine(address: str, existing: bool = False) -> Engine:
    """An engine for `sqlite:///FILE`, `postgresql://…`, a plain file path, or `sqlite://` (in memory).

    Tables are made or brought up to date; with `existing` nothing is: the store must be there, with tables of this version.

    Raises:
        UsageError: the address is of no database that is supported, its driver is missing, or `existing` and there is no such store.
        OutputError: the database cannot be opened or written.
    """
    url = _url(address)
    shown = url.render_as_string(hide_password=True)
    # Parameters hold people's pages: an error that names them would put those into a log.
    try:
        engine = (
            _sqlite(url, existing)
            if url.get_backend_name() == "sqlite"
            else create_engine(url, pool_pre_ping=True, pool_size=8, hide_parameters=True)
        )
        if existing:
            with engine.connect().execution_options(writes=False) as connection:
                _check(connection, shown)
        else:
            with engine.begin() as connection:
                _upgrade(connection)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise OutputError(f"store {shown}: cannot be opened ({reason})") from error
    except OSError as error:
        raise OutputError(f"store {shown}: cannot be made ({error.strerror}); give a file in a folder that you may write") from error
    except ImportError as error:
        raise UsageError(f"store {shown}: its driver is missing; pip install 'contentfarm-detector[postgresql]'") from error
    return engine


def _url(address: str) -> URL:
    if "://" not in address:
        address = f"sqlite:///{address}"
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise UsageError(
            f"--store {address!r} is no database address; give a file, sqlite:///FILE or postgresql://USER@HOST/NAME"
        ) from error
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        raise UsageError(
            f"--store {address!r}: {url.get_backend_name()} is not supported; give sqlite:///FILE or postgresql://USER@HOST/NAME"
        )
    return url


def _sqlite(url: URL, existing: bool) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    if existing and (in_memory or not Path(str(url.database)).exists()):
        raise UsageError(f"no such store: {url.database or url}; give the one that `detector serve --store` was given")
    if in_memory:
        engine = create_engine(url, poolclass=StaticPool, connect_args={"check_same_thread": False}, hide_parameters=True)
    else:
        if not existing:
            _make_file(Path(str(url.database)))
        engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # SQLAlchemy says BEGIN itself, below: the driver's own habit leaves DDL outside transactions.
        connection.isolation_level = None
        cursor = connection.cursor()
        # The journal's mode is written into the file, which may be another program's where a store is only looked for.
        journal = () if existing else ("journal_mode=WAL",)
        # FULL: a commit is on disk before the answer goes out, power cut or not.
        for pragma in (*journal, "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={_BUSY_MS}"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail, not wait, if another writer came in between.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes", True) else "BEGIN")

    return engine


def _make_file(file: Path) -> None:
    """An empty file is an empty database. It holds people's pages, so nobody else may read it; SQLite gives `-wal` and `-shm` its mode."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(0o600)


def _check(connection: Connection, shown: str) -> None:
    """Raises UsageError where the tables are not there or not of this version."""
    found = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(_migrations())
    if found is None:
        raise UsageError(f"no such store: {shown} holds no verdicts' tables; give the one that `detector serve --store` was given")
    if found == scripts.get_current_head():
        return
    if found in {script.revision for script in scripts.walk_revisions()}:
        raise UsageError(f"store {shown}: its tables are of an older version; start `detector serve --store` of this version on it once")
    raise UsageError(f"store {shown}: its tables are of a newer version; use the detector that made them")


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    config = _migrations()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
