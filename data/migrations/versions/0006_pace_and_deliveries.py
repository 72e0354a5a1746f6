"""How fast each person is answered, what became of an answer, and how many were sent in a month.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

from data.tables import Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ADDED = {
    "person": ("turns_full_at", "sends_full_at"),
    "inbox": ("not_before",),
    "outbox": ("urgent", "billed", "external_key", "delivery"),
}


def upgrade() -> None:
    op.add_column("person", sa.Column("turns_full_at", Moment(timezone=True), nullable=True))
    op.add_column("person", sa.Column("sends_full_at", Moment(timezone=True), nullable=True))
    op.add_column("inbox", sa.Column("not_before", Moment(timezone=True), nullable=True))
    for name in ("urgent", "billed"):
        op.add_column("outbox", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, length in (("external_key", 64), ("delivery", 16)):
        op.add_column("outbox", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.create_table(
        "channel_pace",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("full_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_pace")),
    )
    op.create_table(
        "channel_month",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("billed", sa.Integer(), nullable=False),
        sa.Column("warned", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "month", name=op.f("pk_channel_month")),
    )


def downgrade() -> None:
    op.drop_table("channel_month")
    op.drop_table("channel_pace")
    for table, names in _ADDED.items():
        for name in names:
            op.drop_column(table, name)
