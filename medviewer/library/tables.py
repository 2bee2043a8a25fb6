"""The tables of the library as they are in the newest version: one description for SQLite and PostgreSQL.

Times are ISO texts in UTC with microseconds (`stamp`), so that they sort as text and read the same everywhere. Longer
texts never stand in an index (PostgreSQL refuses entries over 2,700 bytes): indexed columns hold hashes or short words.
A change here needs a step in `migrations`.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    event,
)

#: Version of the schema that this program writes: the newest step of `migrations`.
SCHEMA = "0001"

metadata = MetaData()

#: SQLite never gives the number of a row that is gone to a new one: opinions and audit entries name rows by number.
_STABLE: dict[str, Any] = {"sqlite_autoincrement": True}


def _study(**options: Any) -> Column[int]:
    return Column("study_id", Integer, ForeignKey("studies.id", ondelete="CASCADE"), nullable=False, **options)


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


#: One row: `revision` grows with every write; `library` tells this library from every other one.
state = Table(
    "state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False),
    Column("library", String(32), nullable=False),
    Column("created", String(32), nullable=False),
)

studies = Table(
    "studies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identity", String(32), nullable=False, unique=True),  # hash of the uid and of who it is about
    Column("uid_key", String(32), nullable=False),  # hash of the uid alone
    Column("id_key", String(32), nullable=False),  # hash of the patient's id, "" without one
    Column("person_key", String(32), nullable=False),  # hash of name and birth date, "" without them
    _text("uid"),
    _text("patient_name"),
    _text("patient_id"),
    _text("issuer"),
    _text("birth_date"),
    _text("sex"),
    _text("age"),
    _text("date"),
    _text("time"),
    _text("description"),
    _text("label"),
    _flag("film"),
    _flag("synthetic"),
    Column("modalities", String(200), nullable=False),  # "\CT\SR\": so that one of them can be looked for
    _count("series"),
    _count("images"),
    Column("content", String(32), nullable=False),
    Column("received", String(32), nullable=False),
    _flag("listed"),
    _flag("unread"),  # on the list and not marked as read
    Column("read_at", String(32)),
    _text("read_by"),
    Column("urgency", SmallInteger, nullable=False),  # place in Urgency: 0 is the most urgent
    Column("assigned_to", String(200), nullable=False),
    Column("place", Integer),
    _text("placed_by"),
    _text("trouble"),
    _flag("doubled"),  # files came again with other content
    Column("ai_state", String(16), nullable=False),
    Column("ai_score", Float),
    _text("ai_kind"),
    Column("ai_point", Float),
    _flag("ai_positive"),
    _text("ai_model"),
    _text("ai_version"),
    _text("ai_finding"),
    _text("ai_reason"),
    _count("ai_done"),
    _count("ai_total"),
    _text("ai_content"),  # the content that was read; another one than `content`: files came since
    Column("opinion", String(16)),
    _text("opinion_label"),
    _text("opinion_by"),
    Index("studies_uid", "uid_key"),
    Index("studies_id", "id_key"),
    Index("studies_person", "person_key"),
    **_STABLE,
)
#: Lists, counts and order are read from these indexes alone, without the rows (a condition on a partial index is not).
Index(
    "studies_unread",
    studies.c.unread,
    studies.c.received,
    studies.c.id,
    studies.c.urgency,
    studies.c.ai_positive,
    studies.c.ai_state,
    studies.c.place,
    studies.c.assigned_to,
    studies.c.modalities,
)
Index("studies_received", studies.c.received, studies.c.id, studies.c.modalities)
Index("studies_read", studies.c.read_at, studies.c.id, studies.c.modalities)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    _study(index=True),
    _text("uid"),
    _text("modality"),
    _text("description"),
    Column("number", BigInteger),
    _text("body_part"),
)

images = Table(
    "images",
    metadata,
    Column("id", Integer, primary_key=True),
    _study(index=True),
    Column("place", String(32), nullable=False, index=True),  # hash of where its file is, see keeping
    _text("series_uid"),
    _text("sop_uid"),
    _text("digest"),
    _text("source"),
    _text("label"),
    Column("frames", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    _flag("gone"),  # other content lies at its place now: it cannot be opened any more
)

#: What can be searched for, of each study: folded text (see `search.folded`).
search = Table(
    "search",
    metadata,
    Column("study_id", Integer, ForeignKey("studies.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    _text("text"),
)

#: Every version of every model that ever read a study here.
models = Table(
    "models",
    metadata,
    Column("id", Integer, primary_key=True),
    _text("model"),
    _text("version"),
    _text("sha256"),
    Column("since", String(32), nullable=False),
)

readings = Table(
    "readings",
    metadata,
    Column("id", Integer, primary_key=True),
    _study(index=True),
    Column("model_id", Integer, ForeignKey("models.id"), nullable=False),
    _text("series_uid"),
    Column("stack", Integer, nullable=False),
    Column("content", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("score", Float),
    _text("kind"),
    Column("point", Float),
    _flag("positive"),
    _text("finding"),
    _text("reason"),
    _text("sop_uid"),
    _count("frame"),
    _count("index"),
    _count("done"),
    _count("total"),
    _flag("confirmed"),
    _text("device"),
    _text("started"),
    Column("seconds", Float, nullable=False),
    _text("slices"),  # JSON
    _flag("counts"),  # for the study's place in the list
    _flag("current"),  # not replaced by a later one; kept because an opinion is about it
    **_STABLE,
)

findings = Table(
    "findings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reading_id", Integer, ForeignKey("readings.id", ondelete="CASCADE"), nullable=False, index=True),
    _text("sop_uid"),
    _count("frame"),
    _count("index"),
    Column("x", Float),
    Column("y", Float),
    Column("score", Float, nullable=False),
    _text("label"),
    Column("lps_x", Float),
    Column("lps_y", Float),
    Column("lps_z", Float),
    **_STABLE,
)

opinions = Table(
    "opinions",
    metadata,
    Column("id", Integer, primary_key=True),
    _study(index=True),
    Column("verdict", String(16), nullable=False),
    _text("answer"),
    _text("label"),
    _text("note"),
    Column("reading_id", Integer, index=True),
    Column("finding_id", Integer),
    _text("model"),
    _text("version"),
    _text("sha256"),
    Column("score", Float),
    Column("point", Float),
    _text("series_uid"),
    _text("sop_uid"),
    _count("frame"),
    _flag("ai_shown"),
    _flag("map_shown"),
    _text("order"),
    _text("reader"),
    Column("at", String(32), nullable=False),
    Column("undone", String(32)),
    **_STABLE,
)

#: Work that waits: `owner` is who does it now; `again`: something else is to be read when that is done.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    _study(unique=True),
    Column("content", String(64), nullable=False),
    _count("attempts"),
    _flag("confirmed"),
    Column("owner", String(200), nullable=False, index=True),
    _flag("again"),
    **_STABLE,
)

audit = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("study_id", Integer),
    Column("details", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", Text, nullable=False),
)

#: Statements that make the audit refuse changes, by database. They stop accidents; the chain of hashes finds the rest.
GUARDS = {
    "sqlite": [
        f"CREATE TRIGGER audit_no_{deed} BEFORE {deed.upper()} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        for deed in ("update", "delete")
    ],
    "postgresql": [
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ],
}


@event.listens_for(audit, "after_create")
def _guard(_: Table, connection: Connection, **options: Any) -> None:
    """Put the guards on an audit that was just made."""
    for statement in GUARDS[connection.dialect.name]:
        connection.exec_driver_sql(statement)
