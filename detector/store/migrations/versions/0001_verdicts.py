"""Verdicts, corrections and submissions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "verdicts",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("label", sa.String(16)),
        sa.Column("flag_probability", sa.Float),
        sa.Column("abstained", sa.String(32)),
        sa.Column("model", sa.String(200), nullable=False),
        sa.Column("verdict", sa.JSON, nullable=False),
        sa.Column("shares", sa.JSON, nullable=False),
        sa.Column("decided", sa.String(16)),
        sa.Column("features", sa.LargeBinary),
        sa.Column("schema_digest", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_verdicts"),
    )
    op.create_index("ix_verdicts_host", "verdicts", ["host"])
    op.create_index("ix_verdicts_decided_id", "verdicts", ["decided", "id"])
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("verdict_id", sa.String(32), nullable=False),
        sa.Column("label", sa.String(16), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("reviewer", sa.String(100), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("undone_at", moment),
        sa.Column("undone_by", sa.String(100)),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sa.ForeignKeyConstraint(["verdict_id"], ["verdicts.id"], name="fk_corrections_verdict_id"),
    )
    op.create_index("ix_corrections_verdict_id", "corrections", ["verdict_id"])
    op.create_table(
        "submissions",
        sa.Column("verdict_id", sa.String(32), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("verdict_id", name="pk_submissions"),
        sa.ForeignKeyConstraint(["verdict_id"], ["verdicts.id"], name="fk_submissions_verdict_id"),
    )
    op.create_index("ix_submissions_created_at", "submissions", ["created_at"])


def downgrade() -> None:
    for table in ("submissions", "corrections", "verdicts"):
        op.drop_table(table)
