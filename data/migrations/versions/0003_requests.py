"""Requests to talk to a person, and what is said in them.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

from data.tables import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_IS_OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "request",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.String(length=8), nullable=False),
        sa.Column("taken_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("until", Moment(timezone=True), nullable=False),
        sa.Column("called_at", Moment(timezone=True), nullable=True),
        sa.Column("called", sa.Boolean(), nullable=False),
        sa.Column("call_outbox_id", _NUMBER, nullable=True),
        sa.Column("heard_at", Moment(timezone=True), nullable=True),
        sa.Column("spoke_at", Moment(timezone=True), nullable=True),
        sa.Column("doubt", sa.Boolean(), nullable=False),
        sa.Column("untold", sa.Boolean(), nullable=False),
        sa.Column("closed_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_request_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    op.create_index("ix_request_closed_at", "request", ["closed_at"])
    op.create_index("ix_request_person_id", "request", ["person_id"])
    op.create_index(
        "uq_request_person_id_open",
        "request",
        ["person_id"],
        unique=True,
        sqlite_where=_IS_OPEN,
        postgresql_where=_IS_OPEN,
    )
    op.create_table(
        "request_message",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("by_person", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Moment(timezone=True), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("read_at", Moment(timezone=True), nullable=True),
        sa.Column("outbox_id", _NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["request.id"],
            name=op.f("fk_request_message_request_id_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_message")),
    )
    op.create_index(op.f("ix_request_message_request_id"), "request_message", ["request_id"])


def downgrade() -> None:
    op.drop_table("request_message")
    op.drop_table("request")
