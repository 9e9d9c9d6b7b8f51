"""Verdicts and corrections, kept. Every method is one transaction; what it returned is on disk."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, func, select, text
from sqlalchemy.orm import Session

from detector.store.opening import open_engine
from detector.store.records import Correction, Decided, Filter, Given, Stored, Submission, new_id
from detector.store.tables import CorrectionRow, SubmissionRow, VerdictRow

ABSTAINED = "abstained"
# Rows read or changed at a time where all are walked.
_CHUNK = 500


class Store:
    """Thread-safe. Closed with `close`.

    Args:
        existing: neither make the store nor change its tables: for whoever only reads it.

    Raises:
        UsageError, OutputError: on creation, as `open_engine`.
    """

    def __init__(self, address: str, existing: bool = False) -> None:
        self._engine: Engine = open_engine(address, existing)
        self.in_memory = self._engine.url.database in (None, "", ":memory:") and self._engine.dialect.name == "sqlite"
        # One connection has one transaction at a time.
        self._alone = threading.Lock() if self.in_memory else nullcontext()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _session(self, writes: bool) -> Iterator[Session]:
        with self._alone, Session(self._engine, expire_on_commit=False) as session:
            session.connection(execution_options={"writes": writes})
            yield session
            session.commit()

    def check(self) -> None:
        """Raises SQLAlchemyError if the database does not answer."""
        with self._session(False) as session:
            session.execute(text("SELECT 1"))

    def description(self) -> str:
        """Which database, its version, the tables' revision, how many verdicts: a line for people."""
        dialect = self._engine.dialect
        with self._session(False) as session:
            revision = session.scalar(text("SELECT version_num FROM alembic_version"))
            verdicts = session.scalar(select(func.count()).select_from(VerdictRow))
            decided = session.scalar(select(func.count()).select_from(VerdictRow).where(VerdictRow.decided.is_not(None)))
            version = ".".join(map(str, dialect.server_version_info or ()))
        return f"{dialect.name} {version}, tables {revision}, {verdicts:,} verdicts, {decided:,} decided"

    def add(self, given: Sequence[Given]) -> list[str]:
        """Keep verdicts, all or none; their ids in order."""
        now = datetime.now(UTC)
        ids = [new_id() for _ in given]
        with self._session(True) as session:
            session.add_all([_row(id, now, item) for id, item in zip(ids, given, strict=True)])
            session.flush()
            session.add_all(
                SubmissionRow(verdict_id=id, created_at=now, content=item.submission.packed())
                for id, item in zip(ids, given, strict=True)
                if item.submission is not None
            )
        return ids

    def get(self, verdict_id: str) -> Stored | None:
        with self._session(False) as session:
            row = session.get(VerdictRow, verdict_id)
            return None if row is None else _stored(row, _corrections(session, [verdict_id]))

    def submission(self, verdict_id: str) -> Submission | None:
        """The page, None when it was not kept or its days are over."""
        with self._session(False) as session:
            row = session.get(SubmissionRow, verdict_id)
            return None if row is None else Submission.unpacked(row.content)

    def find(self, which: Filter) -> list[Stored]:
        """Verdicts that fit, newest first, at most `which.limit`."""
        with self._session(False) as session:
            query = select(VerdictRow).where(*_conditions(which)).order_by(VerdictRow.id.desc()).limit(which.limit)
            rows = session.scalars(query).all()
            corrections = _corrections(session, [row.id for row in rows])
            return [_stored(row, corrections) for row in rows]

    def correct(self, verdict_id: str, label: str, note: str, reviewer: str) -> Stored | None:
        """Add what a person said; None if there is no such verdict."""
        with self._session(True) as session:
            row = session.get(VerdictRow, verdict_id, with_for_update=True)
            if row is None:
                return None
            session.add(CorrectionRow(verdict_id=verdict_id, label=label, note=note, reviewer=reviewer, created_at=datetime.now(UTC)))
            row.decided = label
            session.flush()
            return _stored(row, _corrections(session, [verdict_id]))

    def undo(self, verdict_id: str, reviewer: str) -> Stored | None:
        """Take back the newest correction that stands; None if there is none. It stays in the history."""
        with self._session(True) as session:
            row = session.get(VerdictRow, verdict_id, with_for_update=True)
            standing = select(CorrectionRow).where(CorrectionRow.verdict_id == verdict_id, CorrectionRow.undone_at.is_(None))
            newest = list(session.scalars(standing.order_by(CorrectionRow.id.desc()).limit(2)))
            if row is None or not newest:
                return None
            newest[0].undone_at, newest[0].undone_by = datetime.now(UTC), reviewer
            row.decided = newest[1].label if len(newest) > 1 else None
            session.flush()
            return _stored(row, _corrections(session, [verdict_id]))

    def decided(self) -> Iterator[Decided]:
        """Every verdict that a person decided, oldest first."""
        for row in self._walk(VerdictRow.decided.is_not(None)):
            kept = self.submission(row.id)
            yield Decided(row.id, row.created_at, row.host, row.verdict["url"], str(row.decided), row.features, row.schema_digest, kept)

    def rows(self) -> Iterator[VerdictRow]:
        """Every verdict's row, oldest first, in bounded memory."""
        yield from self._walk()

    def _walk(self, *conditions: ColumnElement[bool]) -> Iterator[VerdictRow]:
        after = ""
        while True:
            with self._session(False) as session:
                query = select(VerdictRow).where(VerdictRow.id > after, *conditions).order_by(VerdictRow.id).limit(_CHUNK)
                rows = list(session.scalars(query))
            yield from rows
            if len(rows) < _CHUNK:
                return
            after = rows[-1].id

    def purge(self, keep_days: float) -> int:
        """Delete what was submitted more than `keep_days` ago, and every word of it in the evidence; verdicts and corrections stay. How many pages."""
        before = datetime.now(UTC) - timedelta(days=keep_days)
        gone = 0
        while True:
            with self._session(True) as session:
                old = list(session.scalars(select(SubmissionRow.verdict_id).where(SubmissionRow.created_at < before).limit(_CHUNK)))
                for row in session.scalars(select(VerdictRow).where(VerdictRow.id.in_(old))):
                    row.verdict = {**row.verdict, "evidence": [_without_words(piece) for piece in row.verdict["evidence"]]}
                session.execute(delete(SubmissionRow).where(SubmissionRow.verdict_id.in_(old)))
            gone += len(old)
            if len(old) < _CHUNK:
                return gone

    def keep_newest(self, count: int) -> None:
        """Drop all but the newest verdicts with everything that hangs on them: for a store in memory."""
        with self._session(True) as session:
            edge = session.scalar(select(VerdictRow.id).order_by(VerdictRow.id.desc()).offset(count).limit(1))
            if edge is not None:
                session.execute(delete(SubmissionRow).where(SubmissionRow.verdict_id <= edge))
                session.execute(delete(CorrectionRow).where(CorrectionRow.verdict_id <= edge))
                session.execute(delete(VerdictRow).where(VerdictRow.id <= edge))


def _row(id: str, now: datetime, item: Given) -> VerdictRow:
    verdict = item.verdict
    return VerdictRow(
        id=id,
        created_at=now,
        host=item.host[:255],
        label=verdict["label"],
        flag_probability=verdict["flag_probability"],
        abstained=verdict["abstained"],
        model=verdict["model"][:200],
        verdict=verdict,
        shares=item.shares,
        decided=None,
        features=item.features,
        schema_digest=item.schema_digest,
    )


def _without_words(piece: dict[str, Any]) -> dict[str, Any]:
    """Evidence as its code alone tells it: a message names owners, publishers and terms of the page as a quote does."""
    family, _, what = piece["code"].partition(".")
    return {**piece, "quote": "", "message": f"{family}: {what.replace('-', ' ')}; its words were deleted with the page"}


def _conditions(which: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if which.label == ABSTAINED:
        found.append(VerdictRow.abstained.is_not(None))
    elif which.label is not None:
        found.append(VerdictRow.label == which.label)
    if which.host:
        host = which.host.lower()
        found.append((VerdictRow.host == host) | VerdictRow.host.endswith(f".{host}", autoescape=True))
    if which.min_probability is not None:
        found.append(VerdictRow.flag_probability >= which.min_probability)
    if which.max_probability is not None:
        found.append(VerdictRow.flag_probability <= which.max_probability)
    if which.decided is not None:
        found.append(VerdictRow.decided.is_not(None) if which.decided else VerdictRow.decided.is_(None))
    if which.before:
        found.append(VerdictRow.id < which.before)
    return found


def _corrections(session: Session, ids: list[str]) -> dict[str, list[Correction]]:
    found: dict[str, list[Correction]] = {}
    for row in session.scalars(select(CorrectionRow).where(CorrectionRow.verdict_id.in_(ids)).order_by(CorrectionRow.id)):
        one = Correction(row.label, row.note, row.reviewer, row.created_at, row.undone_at, row.undone_by)
        found.setdefault(row.verdict_id, []).append(one)
    return found


def _stored(row: VerdictRow, corrections: dict[str, list[Correction]]) -> Stored:
    verdict: dict[str, Any] = row.verdict
    return Stored(row.id, row.created_at, row.host, verdict, row.shares, row.decided, tuple(corrections.get(row.id, ())))
