"""The values that go into the library and come out of it: plain and frozen; times are aware and in UTC."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Urgency(StrEnum):
    """How soon a study is wanted (PS3.3 C.4.10: STAT, HIGH, ROUTINE), most urgent first."""

    STAT = "stat"
    URGENT = "urgent"
    ROUTINE = "routine"


class AiState(StrEnum):
    """Where the reading of a study by models stands."""

    NONE = "none"  # nobody asked for it
    WAITING = "waiting"
    READING = "reading"
    DONE = "done"  # there is a score
    NOT_EVALUATED = "not_evaluated"  # with the reason
    FAILED = "failed"  # with the reason


class Verdict(StrEnum):
    """A reader's opinion on what a model says."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNSURE = "unsure"
    RELABEL = "relabel"  # it is something else: `Opinion.label` says what


@dataclass(frozen=True)
class ImageRecord:
    """One file of a study (or one member of an archive).

    Attributes:
        source: absolute path of the file on disk that the user gave: of the archive for a member of one.
        label: how the user knows it, relative to what was given.
        digest: `ImageHeader.digest`: equal for equal files.
        size, mtime_ns: of `source` when it was read; 0 where not known.
    """

    series_uid: str
    sop_uid: str
    digest: str
    source: str
    label: str = ""
    frames: int = 1
    size: int = 0
    mtime_ns: int = 0


@dataclass(frozen=True)
class SeriesRecord:
    """One series of a study."""

    uid: str
    modality: str = ""
    description: str = ""
    number: int | None = None
    body_part: str = ""


@dataclass(frozen=True)
class StudyRecord:
    """A study as its files describe it. Who it is about is part of what it is: two patients under one UID are two.

    Attributes:
        date, time: "YYYY-MM-DD", "HH:MM:SS", or "".
        urgency: of the order, where the header says it.
        film: it has no header: `uid` is made of the content, nothing is known of the patient.
    """

    uid: str
    patient_name: str = ""
    patient_id: str = ""
    issuer: str = ""
    birth_date: str = ""
    sex: str = ""
    age: str = ""
    date: str = ""
    time: str = ""
    description: str = ""
    urgency: Urgency = Urgency.ROUTINE
    film: bool = False
    synthetic: bool = False
    series: tuple[SeriesRecord, ...] = ()
    images: tuple[ImageRecord, ...] = ()


@dataclass(frozen=True)
class Kept:
    """What became of one study that was given to the library.

    Attributes:
        new: it was not there before.
        added: images that were not there before.
        replaced: images whose UID was there with other content; both are kept.
        content: a hash over all its images' contents: readings belong to one content.
        waits: to be read by models, if that was asked for.
    """

    study_id: int
    new: bool
    added: int
    replaced: int
    content: str
    waits: bool = False


@dataclass(frozen=True)
class AiSummary:
    """What stands in the list about AI: the reading that counts for the order.

    Attributes:
        score, kind, point: the number, "probability" or "score", and the operating point; None and "" without one.
        positive: the score is at or above the operating point.
        finding: title of the model's class.
        reason: one sentence: why not evaluated, why failed, or what nobody confirmed.
        done, total: images read so far.
        stale: files came after the reading.
    """

    state: AiState = AiState.NONE
    score: float | None = None
    kind: str = ""
    point: float | None = None
    positive: bool = False
    model: str = ""
    version: str = ""
    finding: str = ""
    reason: str = ""
    done: int = 0
    total: int = 0
    stale: bool = False


@dataclass(frozen=True)
class StudyRow:
    """A study as the list shows it.

    Attributes:
        received: when it came into the library: waiting counts from here.
        listed: it is (or was) on the worklist; False: it was only opened.
        read_at, read_by: when it was marked as read; None and "" while it is unread.
        place: where a reader put it by hand (1 is the top), None where the rule puts it.
        trouble: "" or one sentence: files are gone, damaged, or came again with other content.
        opinion, opinion_by: the newest opinion on the study that stands, and whose.
    """

    id: int
    uid: str
    patient_name: str = ""
    patient_id: str = ""
    birth_date: str = ""
    sex: str = ""
    age: str = ""
    date: str = ""
    time: str = ""
    description: str = ""
    modalities: tuple[str, ...] = ()
    series: int = 0
    images: int = 0
    film: bool = False
    synthetic: bool = False
    received: datetime | None = None
    listed: bool = False
    urgency: Urgency = Urgency.ROUTINE
    read_at: datetime | None = None
    read_by: str = ""
    assigned_to: str = ""
    place: int | None = None
    placed_by: str = ""
    trouble: str = ""
    ai: AiSummary = AiSummary()
    opinion: Verdict | None = None
    opinion_label: str = ""
    opinion_by: str = ""
    label: str = ""  # name of its first file, for films without header


@dataclass(frozen=True, slots=True)
class OrderKey:
    """As much of an unread study as its place in the list depends on."""

    id: int
    urgency: Urgency
    received: datetime
    positive: bool
    place: int | None = None
    evaluated: bool = False


@dataclass(frozen=True)
class FindingRecord:
    """A place that a model points at: `at` is (column, row) in pixels of one image, `lps` mm where known."""

    sop_uid: str
    frame: int
    index: int
    at: tuple[float, float] | None
    score: float
    label: str
    lps: tuple[float, float, float] | None = None
    id: int = 0


@dataclass(frozen=True)
class ReadingRecord:
    """What one model in one version said of one stack of a study.

    Attributes:
        content: `Kept.content` of the study when it was read.
        state: DONE, NOT_EVALUATED or FAILED.
        slices: packed answers by image, for the score curve: JSON values, see app.readings.
        sop_uid, frame, index: the image with the highest score ("" and 0 without one).
        confirmed: a reader vouched for what the headers do not say; False: nobody did.
    """

    study_id: int
    series_uid: str
    stack: int
    model: str
    version: str
    sha256: str
    content: str
    state: AiState
    score: float | None = None
    kind: str = ""
    point: float | None = None
    positive: bool = False
    finding: str = ""
    reason: str = ""
    sop_uid: str = ""
    frame: int = 0
    index: int = 0
    done: int = 0
    total: int = 0
    confirmed: bool = False
    device: str = ""
    started: str = ""
    seconds: float = 0.0
    slices: tuple[dict[str, Any], ...] = ()
    findings: tuple[FindingRecord, ...] = ()
    id: int = 0


@dataclass(frozen=True)
class OpinionRecord:
    """What a reader thinks of a study or of one finding, next to what the model had said then.

    Attributes:
        finding_id: of the FindingRecord that it is about, None for the study.
        answer: in the model's own terms: "present", "absent", "unsure", or another label.
        ai_shown, map_shown: what the reader could see when the opinion was given.
        order: "before_ai" where the reader had to answer first, else "after_ai"; "no_ai" without any result.
        undone: when it was taken back; it stays in the record.
    """

    study_id: int
    verdict: Verdict
    answer: str = ""
    label: str = ""
    note: str = ""
    reading_id: int | None = None
    finding_id: int | None = None
    model: str = ""
    version: str = ""
    sha256: str = ""
    score: float | None = None
    point: float | None = None
    series_uid: str = ""
    sop_uid: str = ""
    frame: int = 0
    ai_shown: bool = False
    map_shown: bool = False
    order: str = "after_ai"
    reader: str = ""
    at: datetime | None = None
    undone: datetime | None = None
    id: int = 0


@dataclass(frozen=True)
class WorkRecord:
    """A reading that waits to be done, so that it is done also after a kill."""

    study_id: int
    content: str
    attempts: int = 0
    confirmed: bool = False
    id: int = 0


@dataclass(frozen=True)
class AgreementRow:
    """How often readers agreed with one version of one model; the newest standing opinion on each study and reader."""

    model: str
    version: str
    opinions: int
    agree: int
    disagree: int
    unsure: int
    relabel: int
    before_ai: int = 0
    before_agree: int = 0


@dataclass(frozen=True)
class AuditEntry:
    """One deed: who, when, what, and the chain that holds it (see library.audit)."""

    seq: int
    at: str
    who: str
    what: str
    study_id: int | None
    details: dict[str, Any] = field(default_factory=dict)
    before: str = ""
    hash: str = ""
