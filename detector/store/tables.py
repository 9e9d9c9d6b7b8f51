"""The tables, as SQLAlchemy knows them; `migrations/` makes them.

A verdict outlives the page that it was given for: what was submitted stands apart in `submissions`, so that it can go after its days.
Corrections are only ever added or marked as undone: the history is the table.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

ID_LENGTH = 32


class Moment(TypeDecorator[datetime]):
    """A point in time, always UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    # Constraints have names, so that a later migration can find them in either database.
    metadata = MetaData(naming_convention={"pk": "pk_%(table_name)s", "fk": "fk_%(table_name)s_%(column_0_name)s"})


class VerdictRow(Base):
    """One answer. `id` begins with its time, so the order of ids is the order of answers."""

    __tablename__ = "verdicts"
    __table_args__ = (Index("ix_verdicts_host", "host"), Index("ix_verdicts_decided_id", "decided", "id"))

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    host: Mapped[str] = mapped_column(String(255))
    label: Mapped[str | None] = mapped_column(String(16))
    flag_probability: Mapped[float | None] = mapped_column(Float)
    abstained: Mapped[str | None] = mapped_column(String(32))
    model: Mapped[str] = mapped_column(String(200))
    # The verdict as the interface has it, and each family's share of it.
    verdict: Mapped[dict[str, Any]] = mapped_column(JSON)
    shares: Mapped[dict[str, float]] = mapped_column(JSON)
    # The label a person gave, None while nobody has: the newest correction that is not undone.
    decided: Mapped[str | None] = mapped_column(String(16))
    # The row that the model saw, float32, and the digest of its schema: what drift and training need when the page is gone.
    features: Mapped[bytes | None] = mapped_column(LargeBinary)
    schema_digest: Mapped[str | None] = mapped_column(String(64))


class CorrectionRow(Base):
    """What a person said of a verdict."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    verdict_id: Mapped[str] = mapped_column(ForeignKey("verdicts.id"), index=True)
    label: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)
    reviewer: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_by: Mapped[str | None] = mapped_column(String(100))


class SubmissionRow(Base):
    """What was submitted and its text as read, compressed JSON; deleted when its days are over."""

    __tablename__ = "submissions"

    verdict_id: Mapped[str] = mapped_column(ForeignKey("verdicts.id"), primary_key=True)
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
