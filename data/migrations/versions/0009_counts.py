"""What was asked, by month and place; what of it was published.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

from data.tables import Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "asked_count",
        *(
            sa.Column(name, sa.String(length), nullable=False)
            for name, length in _asked("area", 5, "outcome", 16)
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "need NOT IN ('emergency', 'gbv') OR length(area) = 2", name=op.f("ck_asked_count_grave_by_state")
        ),
        sa.PrimaryKeyConstraint("month", "area", "need", "outcome", name=op.f("pk_asked_count")),
    )
    op.create_table(
        "asked_who_count",
        *(
            sa.Column(name, sa.String(length), nullable=False)
            for name, length in _asked("state", 2, "who", 32)
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "state", "need", "who", name=op.f("pk_asked_who_count")),
    )
    op.create_table(
        "published_month",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("published_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_published_month")),
    )
    op.create_table(
        "published_cell",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("area", sa.String(length=5), nullable=False),
        sa.Column("need", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["month"],
            ["published_month.month"],
            name=op.f("fk_published_cell_month_published_month"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("month", "kind", "area", "need", "name", name=op.f("pk_published_cell")),
    )


def _asked(place: str, size: int, what: str, length: int) -> tuple[tuple[str, int], ...]:
    return ("month", 7), (place, size), ("need", 32), (what, length)


def downgrade() -> None:
    for table in ("published_cell", "published_month", "asked_who_count", "asked_count"):
        op.drop_table(table)
