"""Step 1: the tables of the first version."""

import sqlalchemy as sa
from alembic.operations import Operations

_GUARDS = {
    "sqlite": (
        "CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
        "CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
    ),
    "postgresql": (
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$",
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit "
        "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
        "CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ),
}


def upgrade(op: Operations) -> None:
    """Make every table."""
    for make in (
        _audit,
        _audit_head,
        _models,
        _state,
        _studies,
        _images,
        _jobs,
        _opinions,
        _readings,
        _search,
        _series,
        _findings,
    ):
        make(op)
    for guard in _GUARDS[op.get_bind().dialect.name]:
        op.execute(guard)


def _audit(op: Operations) -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )


def _audit_head(op: Operations) -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _models(op: Operations) -> None:
    op.create_table(
        "models",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("since", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _state(op: Operations) -> None:
    op.create_table(
        "state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("library", sa.String(length=32), nullable=False),
        sa.Column("created", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _studies(op: Operations) -> None:
    op.create_table(
        "studies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.String(length=32), nullable=False),
        sa.Column("uid_key", sa.String(length=32), nullable=False),
        sa.Column("id_key", sa.String(length=32), nullable=False),
        sa.Column("person_key", sa.String(length=32), nullable=False),
        sa.Column("uid", sa.Text(), server_default="", nullable=False),
        sa.Column("patient_name", sa.Text(), server_default="", nullable=False),
        sa.Column("patient_id", sa.Text(), server_default="", nullable=False),
        sa.Column("issuer", sa.Text(), server_default="", nullable=False),
        sa.Column("birth_date", sa.Text(), server_default="", nullable=False),
        sa.Column("sex", sa.Text(), server_default="", nullable=False),
        sa.Column("age", sa.Text(), server_default="", nullable=False),
        sa.Column("date", sa.Text(), server_default="", nullable=False),
        sa.Column("time", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("film", sa.Boolean(), nullable=False),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.Column("modalities", sa.String(length=200), nullable=False),
        sa.Column("series", sa.Integer(), server_default="0", nullable=False),
        sa.Column("images", sa.Integer(), server_default="0", nullable=False),
        sa.Column("content", sa.String(length=32), nullable=False),
        sa.Column("received", sa.String(length=32), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("unread", sa.Boolean(), nullable=False),
        sa.Column("read_at", sa.String(length=32), nullable=True),
        sa.Column("read_by", sa.Text(), server_default="", nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("assigned_to", sa.String(length=200), nullable=False),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("placed_by", sa.Text(), server_default="", nullable=False),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
        sa.Column("doubled", sa.Boolean(), nullable=False),
        sa.Column("ai_state", sa.String(length=16), nullable=False),
        sa.Column("ai_score", sa.Float(), nullable=True),
        sa.Column("ai_kind", sa.Text(), server_default="", nullable=False),
        sa.Column("ai_point", sa.Float(), nullable=True),
        sa.Column("ai_positive", sa.Boolean(), nullable=False),
        sa.Column("ai_model", sa.Text(), server_default="", nullable=False),
        sa.Column("ai_version", sa.Text(), server_default="", nullable=False),
        sa.Column("ai_finding", sa.Text(), server_default="", nullable=False),
        sa.Column("ai_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("ai_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ai_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ai_content", sa.Text(), server_default="", nullable=False),
        sa.Column("opinion", sa.String(length=16), nullable=True),
        sa.Column("opinion_label", sa.Text(), server_default="", nullable=False),
        sa.Column("opinion_by", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("identity"),
        sqlite_autoincrement=True,
    )
    op.create_index("studies_id", "studies", ["id_key"], unique=False)
    op.create_index("studies_person", "studies", ["person_key"], unique=False)
    op.create_index("studies_read", "studies", ["read_at", "id", "modalities"], unique=False)
    op.create_index("studies_received", "studies", ["received", "id", "modalities"], unique=False)
    op.create_index("studies_uid", "studies", ["uid_key"], unique=False)
    op.create_index(
        "studies_unread",
        "studies",
        ["unread", "received", "id", "urgency", "ai_positive", "ai_state", "place", "assigned_to", "modalities"],
        unique=False,
    )


def _images(op: Operations) -> None:
    op.create_table(
        "images",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=32), nullable=False),
        sa.Column("series_uid", sa.Text(), server_default="", nullable=False),
        sa.Column("sop_uid", sa.Text(), server_default="", nullable=False),
        sa.Column("digest", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("frames", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_images_place", "images", ["place"], unique=False)
    op.create_index("ix_images_study_id", "images", ["study_id"], unique=False)


def _jobs(op: Operations) -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("study_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_jobs_owner", "jobs", ["owner"], unique=False)


def _opinions(op: Operations) -> None:
    op.create_table(
        "opinions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("model", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Text(), server_default="", nullable=False),
        sa.Column("sha256", sa.Text(), server_default="", nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("point", sa.Float(), nullable=True),
        sa.Column("series_uid", sa.Text(), server_default="", nullable=False),
        sa.Column("sop_uid", sa.Text(), server_default="", nullable=False),
        sa.Column("frame", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ai_shown", sa.Boolean(), nullable=False),
        sa.Column("map_shown", sa.Boolean(), nullable=False),
        sa.Column("order", sa.Text(), server_default="", nullable=False),
        sa.Column("reader", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("undone", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_opinions_reading_id", "opinions", ["reading_id"], unique=False)
    op.create_index("ix_opinions_study_id", "opinions", ["study_id"], unique=False)


def _readings(op: Operations) -> None:
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("model_id", sa.Integer(), nullable=False),
        sa.Column("series_uid", sa.Text(), server_default="", nullable=False),
        sa.Column("stack", sa.Integer(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("point", sa.Float(), nullable=True),
        sa.Column("positive", sa.Boolean(), nullable=False),
        sa.Column("finding", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("sop_uid", sa.Text(), server_default="", nullable=False),
        sa.Column("frame", sa.Integer(), server_default="0", nullable=False),
        sa.Column("index", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("device", sa.Text(), server_default="", nullable=False),
        sa.Column("started", sa.Text(), server_default="", nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("slices", sa.Text(), server_default="", nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["models.id"],
        ),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_readings_study_id", "readings", ["study_id"], unique=False)


def _search(op: Operations) -> None:
    op.create_table(
        "search",
        sa.Column("study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("study_id"),
    )


def _series(op: Operations) -> None:
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Text(), server_default="", nullable=False),
        sa.Column("modality", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("body_part", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_series_study_id", "series", ["study_id"], unique=False)


def _findings(op: Operations) -> None:
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reading_id", sa.Integer(), nullable=False),
        sa.Column("sop_uid", sa.Text(), server_default="", nullable=False),
        sa.Column("frame", sa.Integer(), server_default="0", nullable=False),
        sa.Column("index", sa.Integer(), server_default="0", nullable=False),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("lps_x", sa.Float(), nullable=True),
        sa.Column("lps_y", sa.Float(), nullable=True),
        sa.Column("lps_z", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["reading_id"], ["readings.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_findings_reading_id", "findings", ["reading_id"], unique=False)
