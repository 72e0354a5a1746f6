"""Who turned down what of a published list, and why.

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

from data.tables import Moment

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rejection",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("service_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("fields", sa.String(length=500), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("rejected_by", sa.String(length=200), nullable=False),
        sa.Column("rejected_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejection")),
    )
    op.create_index(op.f("ix_rejection_source"), "rejection", ["source"])
    op.create_index(op.f("ix_rejection_service_id"), "rejection", ["service_id"])


def downgrade() -> None:
    op.drop_table("rejection")
