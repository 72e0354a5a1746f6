"""The directory's history, verification, exposure by field; refuges refused by more constraints.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

from data.tables import REFUGE_SAYS_ONLY_ITS_STATE, Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_REFUGE = "refuge_says_only_its_state"

_COLUMNS = (
    sa.Column("status", sa.String(24), nullable=False, server_default="active"),
    sa.Column("field_exposure", sa.Text(), nullable=False, server_default=""),
    sa.Column("only_for", sa.String(200), nullable=False, server_default=""),
    sa.Column("verified_how", sa.String(16), nullable=False, server_default=""),
    sa.Column("verified_result", sa.String(16), nullable=False, server_default=""),
    sa.Column("check_due", sa.Date(), nullable=True),
    sa.Column("conflict", sa.Text(), nullable=False, server_default=""),
    sa.Column("route_step", sa.String(64), nullable=False, server_default=""),
    sa.Column("revision", sa.Integer(), nullable=False, server_default="0"),
)


def upgrade() -> None:
    _silence_refuges()
    _add_alternate_name()
    for column in _COLUMNS:
        op.add_column(
            "service",
            sa.Column(
                column.name, column.type, nullable=column.nullable, server_default=column.server_default
            ),
        )
    op.add_column("language", sa.Column("position", sa.Integer(), nullable=False, server_default="0"))
    _make_again("phone", _phone_0002(), extra={"exposure": "public"}, leave_out="service.kind = 'refuge'")
    _make_again(
        "service_area",
        _area_0002(),
        extra={"position": 0},
        leave_out="service.kind = 'refuge' AND length(extent) > 2",
    )
    _create_history()


def downgrade() -> None:
    op.drop_table("change")
    op.drop_table("change_batch")
    op.drop_table("seed_record")
    _make_again("service_area", _area_0001())
    _make_again("phone", _phone_0001())
    op.drop_column("language", "position")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(f"ck_service_{_REFUGE}"), "service")
    for column in reversed(_COLUMNS):
        op.drop_column("service", column.name)
    op.drop_column("service", "alternate_name")  # SQLite drops its check with it


def _silence_refuges() -> None:
    op.execute(
        "UPDATE service SET url = '', email = '',"
        " exposure = CASE WHEN exposure = 'never' THEN 'never' ELSE 'staff' END WHERE kind = 'refuge'"
    )


def _add_alternate_name() -> None:
    """SQLite can add a check only with a column; remaking `service` would delete what refers to it."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE service ADD COLUMN alternate_name VARCHAR(300) DEFAULT '' NOT NULL"
            f" CONSTRAINT ck_service_{_REFUGE} CHECK ({REFUGE_SAYS_ONLY_ITS_STATE})"
        )
        return
    op.add_column("service", sa.Column("alternate_name", sa.String(300), nullable=False, server_default=""))
    op.create_check_constraint(op.f(f"ck_service_{_REFUGE}"), "service", REFUGE_SAYS_ONLY_ITS_STATE)


def _make_again(
    name: str,
    columns: list[sa.schema.SchemaItem],
    *,
    extra: dict[str, object] | None = None,
    leave_out: str = "",
) -> None:
    """The table with other columns and the same rows. Nothing refers to it."""
    where = f" WHERE NOT ({leave_out})" if leave_out else ""
    query = (
        f"SELECT {name}.*, service.kind AS kind FROM {name} JOIN service ON service.id = service_id{where}"  # noqa: S608
    )
    rows = [dict(row) for row in op.get_bind().execute(sa.text(query)).mappings()]
    op.drop_table(name)
    made = op.create_table(name, *columns)
    kept = [{**(extra or {}), **row, "service_kind": row["kind"]} for row in rows]
    op.bulk_insert(made, [{c.name: row[c.name] for c in made.columns} for row in kept])


def _phone_0002() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("service_kind", sa.String(16), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("extension", sa.String(40), nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        sa.Column("exposure", sa.String(8), nullable=False),
        sa.CheckConstraint("service_kind <> 'refuge'", name=op.f("ck_phone_refuge_has_no_phone")),
        _of_a_service_and_kind("phone"),
        sa.PrimaryKeyConstraint("service_id", "position", name=op.f("pk_phone")),
    ]


def _phone_0001() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("extension", sa.String(40), nullable=False),
        sa.Column("description", sa.String(200), nullable=False),
        _of_a_service("phone"),
        sa.PrimaryKeyConstraint("service_id", "position", name=op.f("pk_phone")),
    ]


def _area_0002() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("extent", sa.String(5), nullable=False),
        sa.Column("service_kind", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "service_kind <> 'refuge' OR length(extent) <= 2",
            name=op.f("ck_service_area_refuge_covers_states"),
        ),
        _of_a_service_and_kind("service_area"),
        sa.PrimaryKeyConstraint("service_id", "extent", name=op.f("pk_service_area")),
    ]


def _area_0001() -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("extent", sa.String(5), nullable=False),
        _of_a_service("service_area"),
        sa.PrimaryKeyConstraint("service_id", "extent", name=op.f("pk_service_area")),
    ]


def _of_a_service_and_kind(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["service_id", "service_kind"],
        ["service.id", "service.kind"],
        name=op.f(f"fk_{table}_service_id_service"),
        ondelete="CASCADE",
        onupdate="CASCADE",
    )


def _of_a_service(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["service_id"],
        ["service.id"],
        name=op.f(f"fk_{table}_service_id_service"),
        ondelete="CASCADE",
        onupdate="CASCADE",
    )


def _create_history() -> None:
    op.create_table(
        "seed_record",
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("record", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("service_id", name=op.f("pk_seed_record")),
    )
    op.create_table(
        "change_batch",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("made_at", Moment(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("via", sa.String(16), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_batch")),
    )
    op.create_index("ix_change_batch_made_at", "change_batch", ["made_at"])
    op.create_table(
        "change",
        sa.Column("id", _NUMBER, autoincrement=True, nullable=False),
        sa.Column("batch_id", _NUMBER, nullable=False),
        sa.Column("service_id", sa.String(64), nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("erased", sa.Boolean(), nullable=False),
        sa.Column("undoes", _NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["change_batch.id"],
            name=op.f("fk_change_batch_id_change_batch"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_batch_id"), "change", ["batch_id"])
    op.create_index("ix_change_service_id_id", "change", ["service_id", "id"])
