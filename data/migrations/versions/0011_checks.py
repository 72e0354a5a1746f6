"""Calls that nobody answered, files that wait to be accepted, and phrases that Faro did not understand.

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

from data.tables import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "check_try",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("service_id", sa.String(length=64), nullable=False),
        sa.Column("tried_at", Moment(timezone=True), nullable=False),
        sa.Column("tried_by", sa.String(length=200), nullable=False),
        sa.Column("again_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name=op.f("fk_check_try_service_id_service"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_try")),
    )
    op.create_index(op.f("ix_check_try_service_id"), "check_try", ["service_id"])
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("uploaded_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_upload_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_index(op.f("ix_upload_uploaded_at"), "upload", ["uploaded_at"])
    op.create_table(
        "missed_phrase",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("kept_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_missed_phrase_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_phrase")),
    )
    op.create_index(op.f("ix_missed_phrase_person_id"), "missed_phrase", ["person_id"])
    op.create_index(op.f("ix_missed_phrase_kept_on"), "missed_phrase", ["kept_on"])
    op.create_table(
        "own_phrase",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("label", sa.String(length=64), nullable=False),
        sa.Column("written_by", sa.String(length=200), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_phrase")),
        sa.UniqueConstraint("text", "label", name=op.f("uq_own_phrase_text_label")),
    )


def downgrade() -> None:
    op.drop_table("own_phrase")
    op.drop_table("missed_phrase")
    op.drop_table("upload")
    op.drop_table("check_try")
