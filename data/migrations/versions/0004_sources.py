"""What published sources say, every refresh, and the differences that wait for a caseworker.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

from data.tables import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_COUNTS = ("rows", "new", "changed", "gone", "same", "invalid", "published", "held")


def upgrade() -> None:
    op.create_table(
        "source_state",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("etag", sa.String(length=300), nullable=False),
        sa.Column("last_modified", sa.String(length=64), nullable=False),
        sa.Column("good_at", Moment(timezone=True), nullable=True),
        sa.Column("tried_at", Moment(timezone=True), nullable=True),
        sa.Column("next_at", Moment(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_state")),
    )
    op.create_table(
        "source_record",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("service_id", sa.String(length=64), nullable=False),
        sa.Column("said", sa.Text(), nullable=True),
        sa.Column("is_gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source", "service_id", name=op.f("pk_source_record")),
    )
    op.create_index("ix_source_record_service_id", "source_record", ["service_id"])
    op.create_table(
        "refresh_run",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("started_at", Moment(timezone=True), nullable=False),
        sa.Column("ended_at", Moment(timezone=True), nullable=True),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in _COUNTS),
        sa.Column("batch_id", _NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_run")),
    )
    op.create_index("ix_refresh_run_source_id", "refresh_run", ["source", "id"])
    op.create_table(
        "refresh_problem",
        sa.Column("run_id", _NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["refresh_run.id"],
            name=op.f("fk_refresh_problem_run_id_refresh_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_refresh_problem")),
    )
    op.create_table(
        "held_difference",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("run_id", _NUMBER, nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("service_id", sa.String(length=64), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("reasons", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["refresh_run.id"],
            name=op.f("fk_held_difference_run_id_refresh_run"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_difference")),
        sqlite_autoincrement=True,
    )
    for column in ("run_id", "source", "service_id"):
        op.create_index(f"ix_held_difference_{column}", "held_difference", [column])


def downgrade() -> None:
    for table in ("held_difference", "refresh_problem", "refresh_run", "source_record", "source_state"):
        op.drop_table(table)
