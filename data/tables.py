"""The database's tables: the directory in HSDS terms, the people, and the two queues."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A point in time, always UTC. SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


_Number = BigInteger().with_variant(Integer, "sqlite")

# LGAMVLV art. 55: where a refuge is must not be given, so nothing that tells it is kept.
REFUGE_SAYS_ONLY_ITS_STATE = (
    "kind <> 'refuge' OR (url = '' AND email = '' AND alternate_name = '' AND exposure IN ('staff', 'never'))"
)

# The directory, in HSDS 3.0 terms. What HSDS lacks (confidence, exposure, compatibility,
# verification) stands on the service. Each location belongs to one service, so the row is
# HSDS's location and service_at_location at once.

organization = Table(
    "organization",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(300), nullable=False),
)

service = Table(
    "service",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("organization_id", ForeignKey("organization.id"), nullable=False),
    Column("name", String(300), nullable=False),
    Column("alternate_name", String(300), nullable=False, default="", server_default=""),
    Column("description", Text, nullable=False, default=""),
    Column("status", String(24), nullable=False, default="active", server_default="active"),
    Column("kind", String(16), nullable=False),
    Column("url", String(500), nullable=False, default=""),
    Column("email", String(200), nullable=False, default=""),
    Column("eligibility_description", Text, nullable=False, default=""),
    Column("fees_description", Text, nullable=False, default=""),
    Column("confidence", String(1), nullable=False),
    Column("exposure", String(8), nullable=False),
    Column("field_exposure", Text, nullable=False, default="", server_default=""),
    Column("only_for", String(200), nullable=False, default="", server_default=""),
    Column("women_only", Boolean, nullable=False, default=False),
    Column("accepts_children", Boolean),
    Column("sons_up_to_age", Integer),
    Column("accepts_men", Boolean),
    Column("accepts_lgbti", Boolean),
    Column("accepts_disability", Boolean),
    Column("accepts_without_papers", Boolean),
    Column("accepts_pregnant", Boolean),
    Column("accepts_other_state", Boolean),
    Column("accepts_indigenous", Boolean),
    Column("source_date", String(10), nullable=False, default=""),
    Column("verified_on", Date),
    Column("verified_by", String(200), nullable=False, default=""),
    Column("verified_how", String(16), nullable=False, default="", server_default=""),
    Column("verified_result", String(16), nullable=False, default="", server_default=""),
    Column("check_due", Date),
    Column("conflict", Text, nullable=False, default="", server_default=""),
    Column("route_step", String(64), nullable=False, default="", server_default=""),
    Column("staff_note", Text, nullable=False, default=""),
    Column("updated_at", Moment, nullable=False),
    Column("revision", Integer, nullable=False, default=0, server_default="0"),
    UniqueConstraint("id", "kind"),
    CheckConstraint(REFUGE_SAYS_ONLY_ITS_STATE, name="refuge_says_only_its_state"),
)

_SERVICE = {"ondelete": "CASCADE", "onupdate": "CASCADE"}


def _of_a_service_and_kind() -> ForeignKeyConstraint:
    """With the kind beside it, a row can be checked for what a refuge must not have."""
    return ForeignKeyConstraint(
        ["service_id", "service_kind"], ["service.id", "service.kind"], ondelete="CASCADE", onupdate="CASCADE"
    )


service_need = Table(
    "service_need",
    metadata,
    Column("service_id", ForeignKey("service.id", **_SERVICE), primary_key=True),  # type: ignore[arg-type]
    Column("need", String(32), primary_key=True),
    Column("position", Integer, nullable=False, default=0),
)

service_area = Table(
    "service_area",
    metadata,
    Column("service_id", String(64), primary_key=True),
    Column("extent", String(5), primary_key=True),
    Column("service_kind", String(16), nullable=False),
    Column("position", Integer, nullable=False, default=0),
    _of_a_service_and_kind(),
    CheckConstraint("service_kind <> 'refuge' OR length(extent) <= 2", name="refuge_covers_states"),
)

location = Table(
    "location",
    metadata,
    Column("service_id", String(64), primary_key=True),
    Column("service_kind", String(16), nullable=False),
    Column("state", String(2), nullable=False, default=""),
    Column("municipality", String(5), nullable=False, default=""),
    Column("locality", String(200), nullable=False, default=""),
    Column("address", String(500), nullable=False, default=""),
    Column("latitude", Float),
    Column("longitude", Float),
    _of_a_service_and_kind(),
    CheckConstraint(
        "service_kind <> 'refuge' OR (municipality = '' AND locality = '' AND address = ''"
        " AND latitude IS NULL AND longitude IS NULL)",
        name="refuge_has_no_place",
    ),
)

phone = Table(
    "phone",
    metadata,
    Column("service_id", String(64), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("service_kind", String(16), nullable=False),
    Column("number", String(40), nullable=False),
    Column("type", String(16), nullable=False),
    Column("extension", String(40), nullable=False, default=""),
    Column("description", String(200), nullable=False, default=""),
    Column("exposure", String(8), nullable=False, default="public"),
    _of_a_service_and_kind(),
    CheckConstraint("service_kind <> 'refuge'", name="refuge_has_no_phone"),
)

schedule = Table(
    "schedule",
    metadata,
    Column("service_id", ForeignKey("service.id", **_SERVICE), primary_key=True),  # type: ignore[arg-type]
    Column("opening_hours", String(300), nullable=False, default=""),
    Column("notes", String(300), nullable=False, default=""),
)

language = Table(
    "language",
    metadata,
    Column("service_id", ForeignKey("service.id", **_SERVICE), primary_key=True),  # type: ignore[arg-type]
    Column("name", String(100), primary_key=True),
    Column("position", Integer, nullable=False, default=0, server_default="0"),
)

source_url = Table(
    "source_url",
    metadata,
    Column("service_id", ForeignKey("service.id", **_SERVICE), primary_key=True),  # type: ignore[arg-type]
    Column("position", Integer, primary_key=True),
    Column("url", String(1000), nullable=False),
)

service_report = Table(
    "service_report",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("service_id", ForeignKey("service.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("reported_on", Date, nullable=False),
)

# A caseworker called and nobody answered; gone once somebody does.
check_try = Table(
    "check_try",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("service_id", ForeignKey("service.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("tried_at", Moment, nullable=False),
    Column("tried_by", String(200), nullable=False),
    Column("again_at", Moment, nullable=False),
)

directory_version = Table(
    "directory_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("seed_fingerprint", String(64), nullable=False, default=""),
)

seed_record = Table(
    "seed_record",
    metadata,
    Column("service_id", String(64), primary_key=True),
    # The record as the seed last gave it, JSON; NULL: the seed has no more say in it.
    Column("record", Text),
)

change_batch = Table(
    "change_batch",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("made_at", Moment, nullable=False),
    Column("made_by", String(200), nullable=False),
    Column("via", String(16), nullable=False),
    Column("why", Text, nullable=False, default=""),
    Column("source", Text, nullable=False, default=""),
    Column("version", Integer, nullable=False),
    Index("ix_change_batch_made_at", "made_at"),
)

# One row a field; `field` is empty where a whole record came or went. Values are JSON.
change = Table(
    "change",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("batch_id", ForeignKey("change_batch.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("service_id", String(64), nullable=False),
    Column("field", String(64), nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("erased", Boolean, nullable=False, default=False),
    Column("undoes", _Number),
    Index("ix_change_service_id_id", "service_id", "id"),
)

# Records that must be checked again, as the daily job found them; no day: their facts carry no date.
stale_record = Table(
    "stale_record",
    metadata,
    Column("service_id", ForeignKey("service.id", ondelete="CASCADE"), primary_key=True),
    Column("due_on", Date),
)

# What an uploaded file would change, sealed, until it is accepted or a day has passed; never the file.
upload = Table(
    "upload",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("uploaded_at", Moment, nullable=False, index=True),
)

# What published sources say. A body as it was fetched is kept nowhere: only rows that passed every check.

source_state = Table(
    "source_state",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("fingerprint", String(64), nullable=False, default=""),
    Column("etag", String(300), nullable=False, default=""),
    Column("last_modified", String(64), nullable=False, default=""),
    Column("good_at", Moment),
    Column("tried_at", Moment),
    Column("next_at", Moment),
    Column("failures", Integer, nullable=False, default=0),
)

# What a source said of a record the last time, JSON; NULL: it has no more say in it.
source_record = Table(
    "source_record",
    metadata,
    Column("source", String(64), primary_key=True),
    Column("service_id", String(64), primary_key=True),
    Column("said", Text),
    Column("is_gone", Boolean, nullable=False, default=False),
    Index("ix_source_record_service_id", "service_id"),
)

refresh_run = Table(
    "refresh_run",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("source", String(64), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("asked_by", String(200), nullable=False, default=""),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(300), nullable=False, default=""),
    *(
        Column(name, Integer, nullable=False, default=0)
        for name in ("rows", "new", "changed", "gone", "same", "invalid", "published", "held")
    ),
    Column("batch_id", _Number),
    Index("ix_refresh_run_source_id", "source", "id"),
)

refresh_problem = Table(
    "refresh_problem",
    metadata,
    Column("run_id", ForeignKey("refresh_run.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("row", Integer, nullable=False),
    Column("field", String(64), nullable=False),
    Column("sentence", String(300), nullable=False),
)

# A difference that waits for a caseworker. `fields` are the values it would set, `said` what the source said.
held_difference = Table(
    "held_difference",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("run_id", ForeignKey("refresh_run.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("source", String(64), nullable=False, index=True),
    Column("service_id", String(64), nullable=False, index=True),
    Column("row", Integer, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("reasons", String(200), nullable=False),
    Column("fields", Text, nullable=False),
    Column("said", Text, nullable=False),
    sqlite_autoincrement=True,  # a number on somebody's screen is never another difference later
)

rejection = Table(
    "rejection",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("source", String(64), nullable=False, index=True),
    Column("service_id", String(64), nullable=False, index=True),
    Column("name", String(300), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("fields", String(500), nullable=False),
    Column("why", String(300), nullable=False),
    Column("rejected_by", String(200), nullable=False),
    Column("rejected_at", Moment(timezone=True), nullable=False),
)

# People and what they wrote. A person is a keyed hash; the address needed to answer is encrypted.

person = Table(
    "person",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("address", LargeBinary),
    Column("state", LargeBinary),
    Column("state_at", Moment),
    Column("stopped", Boolean, nullable=False, default=False),
    Column("erased", Boolean, nullable=False, default=False),
    Column("seen_at", Moment, nullable=False),
    Column("turn_until", Moment),
    Column("send_until", Moment),
    Column("turns_full_at", Moment),
    Column("sends_full_at", Moment),
    Column("offered", String(16), nullable=False, default="", server_default=""),
    Index("ix_person_seen_at", "seen_at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("channel", String(16), nullable=False),
    Column("external_key", String(64), nullable=False),
    Column("person_id", String(64)),
    Column("payload", LargeBinary),
    Column("status", String(8), nullable=False),
    Column("reason", String(200), nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("received_at", Moment, nullable=False),
    Column("not_before", Moment),
    UniqueConstraint("channel", "external_key"),
    Index("ix_inbox_status_id", "status", "id"),
    Index("ix_inbox_person_id_status", "person_id", "status"),
    Index("ix_inbox_received_at", "received_at"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("payload", LargeBinary),
    Column("status", String(8), nullable=False),
    Column("reason", String(200), nullable=False, default=""),
    Column("attempts", Integer, nullable=False, default=0),
    Column("unknown", Integer, nullable=False, default=0),
    Column("created_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("late_at", Moment, nullable=False),
    Column("drop_when_late", Boolean, nullable=False, default=False),
    Column("urgent", Boolean, nullable=False, default=False, server_default=false()),
    Column("billed", Boolean, nullable=False, default=False, server_default=false()),
    Column("external_key", String(64), nullable=False, default="", server_default=""),
    Column("delivery", String(16), nullable=False, default="", server_default=""),
    Index("ix_outbox_status_not_before", "status", "not_before"),
    Index("ix_outbox_person_id_status", "person_id", "status"),
)

sent_message = Table(
    "sent_message",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("message", LargeBinary, nullable=False),
    Column("sent_at", Moment, nullable=False, index=True),
)

# When a bucket of sends is full again: a moment says all there is to know about it (bot/pacing.py).

channel_pace = Table(
    "channel_pace",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("full_at", Moment, nullable=False),
)

# Answers that a platform accepted in a calendar month, and those it said it bills.

channel_month = Table(
    "channel_month",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("accepted", Integer, nullable=False, default=0),
    Column("billed", Integer, nullable=False, default=0),
    Column("warned", Integer, nullable=False, default=0),
)

lease = Table(
    "lease",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", Moment, nullable=False),
)

# How Faro itself fares. No row says anything about a person.

counter = Table(
    "counter",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("labels", String(200), primary_key=True),
    Column("value", Float, nullable=False),
)

process = Table(
    "process",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("version", String(32), nullable=False),
    Column("understanding", String(16), nullable=False),
    Column("memory", _Number, nullable=False),
    Column("disk_free", Float, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
)

alarm = Table(
    "alarm",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("sentence", String(500), nullable=False),
    Column("since", Moment, nullable=False),
    Column("told_at", Moment),
)

# Requests to talk to a person. What was asked for and every word is sealed; `owner` says who answers.

request = Table(
    "request",
    metadata,
    Column("id", String(32), primary_key=True),  # drawn at random: an id is never another person's later
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("owner", String(8), nullable=False, default="bot"),
    Column("taken_by", String(64), nullable=False, default=""),
    Column("created_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("called_at", Moment),
    Column("called", Boolean, nullable=False, default=False),
    Column("call_outbox_id", _Number),
    Column("heard_at", Moment),
    Column("spoke_at", Moment),
    Column("doubt", Boolean, nullable=False, default=False),
    Column("untold", Boolean, nullable=False, default=False),
    Column("closed_at", Moment),
    Index("ix_request_closed_at", "closed_at"),
    Index("ix_request_person_id", "person_id"),
    Index(
        "uq_request_person_id_open",
        "person_id",
        unique=True,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    ),
)

request_message = Table(
    "request_message",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("request_id", ForeignKey("request.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("by_person", Boolean, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("held", Boolean, nullable=False, default=False),
    Column("read_at", Moment),
    Column("outbox_id", _Number),
)

# Phrases that Faro did not understand, scrubbed and sealed. `person_id` until the talk is over without
# danger: then nothing points to anybody any more. `own_phrase`: what caseworkers wrote in their own words.
missed_phrase = Table(
    "missed_phrase",
    metadata,
    Column("id", String(32), primary_key=True),  # drawn at random: the order tells nothing
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), index=True),
    Column("payload", LargeBinary, nullable=False),
    Column("kept_on", Date, nullable=False, index=True),
)

own_phrase = Table(
    "own_phrase",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("text", String(300), nullable=False),
    Column("label", String(64), nullable=False),
    Column("written_by", String(200), nullable=False),
    Column("written_on", Date, nullable=False),
    UniqueConstraint("text", "label"),
)

# Caseworkers: their accounts, sessions and what they did. Passwords are argon2; the second factor is sealed.

account = Table(
    "account",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("email", String(200), nullable=False, unique=True),
    Column("name", String(200), nullable=False, default=""),
    Column("password", String(300), nullable=False),
    Column("must_change", Boolean, nullable=False, default=False),
    Column("role", String(16), nullable=False),
    # Limits: empty for none. `states` holds two-digit INEGI keys with spaces between.
    Column("organization", String(300), nullable=False, default=""),
    Column("states", String(120), nullable=False, default=""),
    Column("totp", LargeBinary),
    Column("totp_step", Integer, nullable=False, default=0),  # the last one used: a code opens once
    Column("is_active", Boolean, nullable=False, default=True),
    Column("created_at", Moment, nullable=False),
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), primary_key=True),
    Column("code", String(64), primary_key=True),
)

panel_session = Table(
    "panel_session",
    metadata,
    Column("id", String(64), primary_key=True),  # a keyed hash of the cookie
    Column("account_id", ForeignKey("account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("stage", String(8), nullable=False),
    Column("device", String(120), nullable=False, default=""),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("until", Moment, nullable=False, index=True),
)

# One row a failed login under a keyed hash of the account or of the network address.
login_failure = Table(
    "login_failure",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("key", String(64), nullable=False),
    Column("failed_at", Moment, nullable=False, index=True),
    Index("ix_login_failure_key_failed_at", "key", "failed_at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=True),
    Column("at", Moment, nullable=False, index=True),
    Column("who", String(200), nullable=False),
    Column("action", String(32), nullable=False),
    Column("target", String(300), nullable=False, default=""),
    Column("detail", String(1000), nullable=False, default=""),
)

# A change that waits for a second person. `fields` is JSON: only what would change.
proposal = Table(
    "proposal",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("service_id", String(64), nullable=False, index=True),
    Column("revision", Integer),
    Column("name", String(300), nullable=False),
    Column("fields", Text),
    Column("why", Text, nullable=False, default=""),
    Column("reasons", String(200), nullable=False, default=""),
    Column("proposed_by", String(32), nullable=False),
    Column("proposed_name", String(200), nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("status", String(16), nullable=False, default="waiting"),
    Column("decided_name", String(200), nullable=False, default=""),
    Column("decided_at", Moment),
    Column("note", Text, nullable=False, default=""),
    Index("ix_proposal_status_proposed_at", "status", "proposed_at"),
)

# What was asked, by month and place, and nothing about who asked. `area` is «00» (not said), a state's key,
# or a municipality's; for danger and violence never finer than the state.

_BY_STATE = "need NOT IN ('emergency', 'gbv') OR length(area) = 2"

asked_count = Table(
    "asked_count",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("area", String(5), primary_key=True),
    Column("need", String(32), primary_key=True),
    Column("outcome", String(16), primary_key=True),
    Column("count", Integer, nullable=False),
    CheckConstraint(_BY_STATE, name="grave_by_state"),
)

asked_who_count = Table(
    "asked_who_count",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("state", String(2), primary_key=True),
    Column("need", String(32), primary_key=True),
    Column("who", String(32), primary_key=True),
    Column("count", Integer, nullable=False),
)

published_month = Table(
    "published_month",
    metadata,
    Column("month", String(7), primary_key=True),
    Column("threshold", Integer, nullable=False),
    Column("published_at", Moment, nullable=False),
)

# What may leave of a month, for good: a cell that is not here is small, or would tell one that is.
published_cell = Table(
    "published_cell",
    metadata,
    Column("month", ForeignKey("published_month.month", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(8), primary_key=True),
    Column("area", String(5), primary_key=True),
    Column("need", String(32), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("count", Integer, nullable=False),
)

# Consultations. An answer holds no person, no time and no order: its id is drawn, its month is all.

consultation = Table(
    "consultation",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("questions", Text, nullable=False),  # JSON
    Column("states", String(120), nullable=False),
    Column("opens_on", Date, nullable=False),
    Column("closes_on", Date, nullable=False),
    Column("answers_for", String(200), nullable=False),
    Column("closed", Boolean, nullable=False),
)

opinion = Table(
    "opinion",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("consultation", String(16), nullable=False),
    Column("question", Integer, nullable=False),
    Column("state", String(2), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("suggested", String(32), nullable=False),
    Column("theme", String(32), nullable=False),
    Column("standing", String(8), nullable=False),
    Column("quotable", Boolean, nullable=False),
    Column("month", String(7), nullable=False),
    Index("ix_opinion_standing", "standing"),
)

opinion_choice = Table(
    "opinion_choice",
    metadata,
    Column("consultation", String(16), primary_key=True),
    Column("question", Integer, primary_key=True),
    Column("choice", Integer, primary_key=True),
    Column("state", String(2), primary_key=True),
    Column("count", Integer, nullable=False),
)
