"""A worklist by hand: rows that a test puts there, and commands that are written down."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from medviewer.app.key_pictures import KeyPicture
from medviewer.app.opinions import About
from medviewer.app.ranking import Limits, Placed, why
from medviewer.app.reader import Reader
from medviewer.app.settings import Settings
from medviewer.app.worklist import (
    LISTS,
    AiState,
    AiSummary,
    Detail,
    FindingRecord,
    OpinionRecord,
    Pending,
    ReadingRecord,
    StudyRow,
    Urgency,
    Verdict,
)
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.ui.translation import say

ME = "Dr Li Wen"
KEYS = {
    "worklist.open": "Enter",
    "worklist.preview": "Space",
    "worklist.move_up": "Alt Up",
    "worklist.move_down": "Alt Down",
    "worklist.pin": "P",
    "worklist.assign": "M",
    "worklist.mark_read": "R",
    "worklist.filter": "Ctrl F",
    "worklist.show_new": "F5",
    "worklist.remove": "Del",
    "opinion.agree": "Y",
    "opinion.disagree": "N",
    "opinion.unsure": "U",
    "opinion.relabel": "D",
    "opinion.note": "T",
}


def now() -> datetime:
    return datetime.now(UTC)


def scored(score: float, point: float = 0.5, **more: Any) -> AiSummary:
    """What stands in the list about a study that a model has read."""
    values: dict[str, Any] = {"finding": "Pneumonia", "model": "cxr-pneumonia", "version": "1.0", "kind": "score"}
    return AiSummary(AiState.DONE, score, point=point, positive=score >= point, **{**values, **more})


def not_evaluated(reason: str) -> AiSummary:
    return AiSummary(AiState.NOT_EVALUATED, reason=reason)


def study(number: int, name: str = "SAMPLE^Avery", minutes: int = 12, **more: Any) -> StudyRow:
    """A study that came `minutes` ago."""
    values: dict[str, Any] = {
        "patient_name": name,
        "patient_id": f"SYN-{number:05d}",
        "sex": "M",
        "age": "063Y",
        "date": "2026-11-22",
        "time": "09:14:00",
        "description": "CT Head, no contrast",
        "modalities": ("CT",),
        "series": 1,
        "images": 38,
        "received": now() - timedelta(minutes=minutes, seconds=20),
        "listed": True,
    }
    return StudyRow(number, f"1.2.{number}", **{**values, **more})


def mock_rows() -> list[StudyRow]:
    """The fourteen studies of the UI brief's picture."""
    stat, urgent = Urgency.STAT, Urgency.URGENT
    head, chest = "CT Head, no contrast", "CR Chest, 2 views"
    cr: dict[str, Any] = {"modalities": ("CR",), "images": 2, "description": chest}
    no_model = "No model for {0}."
    return [
        study(1, "SAMPLE^Avery", 12, urgency=stat, ai=scored(0.91, finding="Haemorrhage")),
        study(2, "SAMPLE^Chen", 9, urgency=stat, sex="F", images=412, description="CT Abdomen, contrast",
              ai=not_evaluated(no_model.format("CT abdomen"))),
        study(3, "SAMPLE^Bo", 34, urgency=urgent, sex="F", images=36, ai=scored(0.84, finding="Haemorrhage")),
        study(4, "SAMPLE^Dana", 108, **cr, ai=scored(0.77), place=4, placed_by=ME),
        study(5, "SAMPLE^Fen", 52, urgency=urgent, images=76, description="CT Head, contrast",
              ai=not_evaluated("Contrast series, the model needs none.")),
        study(6, "SAMPLE^Eli", 41, urgency=urgent, images=40, ai=scored(0.31, finding="Haemorrhage")),
        study(7, "SAMPLE^Gus", 125, **{**cr, "description": "CR Chest, portable", "images": 1}, ai=scored(0.46)),
        study(8, "SAMPLE^Noor", 190, images=120, description="CT Sinus",
              ai=not_evaluated(no_model.format("CT sinus")), assigned_to="Dr Ito"),
        study(9, "SAMPLE^Mei", 181, description=head, ai=scored(0.06, finding="Haemorrhage")),
        study(10, "SAMPLE^Lou", 172, **cr, ai=scored(0.08)),
        study(11, "SAMPLE^Kai", 160, **{**cr, "description": "CR Wrist, right", "images": 3},
              ai=AiSummary(AiState.FAILED, reason="The model stopped on image 2. The images are not affected.")),
        study(12, "SAMPLE^Jun", 146,
              ai=AiSummary(AiState.READING, 0.12, "score", 0.5, finding="Haemorrhage", done=20, total=38)),
        study(13, "SAMPLE^Ira", 140, images=310, description="CT Chest, low dose", ai=AiSummary(AiState.WAITING)),
        study(14, "", 131, modalities=(), images=1, description="", film=True, label="film-0042.png", sex="",
              age="", patient_id="", date="", time="",
              ai=scored(0.74, kind="probability",
                        reason="Nobody confirmed that this is a frontal chest film.")),
    ]  # fmt: skip


def reading(row: StudyRow, count: int = 38, read: int = 25, peak: int = 18, **more: Any) -> ReadingRecord:
    """What a model said of a stack, image by image."""
    values = {i: round(float(0.06 + 0.85 * np.exp(-(((i - peak) / 3.4) ** 2))), 3) for i in range(read)}
    slices = tuple(
        {"index": i, "scores": {"target": v, "other": 1 - v}, "sop": f"1.{i}", "frame": 0} for i, v in values.items()
    )
    best = max(values.values())
    findings = (FindingRecord(f"1.{peak}", 0, peak, (310.0, 220.0), best, row.ai.finding),)
    made = ReadingRecord(
        row.id, "1.2.3", 0, row.ai.model, row.ai.version, "0" * 64, "", AiState.DONE, best, "score", 0.5, best >= 0.5,
        row.ai.finding, index=peak, done=read, total=count, slices=slices, findings=findings,
    )  # fmt: skip
    return replace(made, **more)


def opinion(row: StudyRow, verdict: Verdict = Verdict.AGREE, reader: str = ME, **more: Any) -> OpinionRecord:
    return OpinionRecord(row.id, verdict, reader=reader, at=now(), **more)


def picture(seed: int, index: int | None = None) -> KeyPicture:
    y, x = np.mgrid[-1:1:112j, -1:1:112j]
    values = 90 * (np.hypot(x, y) < 0.85) + 140 * (np.hypot(x - 0.2 - seed / 20, y) < 0.2)
    return KeyPicture(values.astype(np.uint8), index)


class List:
    """Stands for app.worklist.Worklist. `rows` is what the list holds, `there` says which of them are loaded."""

    def __init__(self, session: "Desk", rows: Sequence[StudyRow] = ()) -> None:
        self._session = session
        self.changed: Event[str] = Event()
        self.rows: list[StudyRow] = []
        self.counts: dict[str, int] = {}
        self.modality_counts: dict[str, int] = {}
        self.asked: list[int] = []
        self.start()
        self.limits = Limits({u: timedelta(minutes=m) for u, m in zip(Urgency, (30, 120, 480), strict=True)})
        self.put(rows, tell=False)

    def start(self) -> None:
        """Let nothing be chosen, searched or waiting."""
        self.list_name, self.search, self.modalities, self.arrival = "unread", "", frozenset[str](), False
        self.there: Callable[[int], bool] = lambda _id: True
        self.loaded, self.loading, self.problem = True, False, ""
        self.pending = Pending()
        self.followed = True
        self.selected: int | None = None
        self.detail: Detail | None = None

    def put(self, rows: Sequence[StudyRow], tell: bool = True) -> None:
        """Let the list be these rows in this order."""
        self.rows = list(rows)
        self._places = {row.id: place for place, row in enumerate(self.rows)}
        self.counts = {**dict.fromkeys(LISTS, 0), "unread": len(rows), "all": len(rows)}
        self.modality_counts = {}
        for row in self.rows:
            for kind in row.modalities:
                self.modality_counts[kind] = self.modality_counts.get(kind, 0) + 1
        if tell:
            self.changed.emit("counts")
            self.changed.emit("order")

    def value(self, row: StudyRow) -> None:
        """Let a row have other values."""
        self.rows[self._places[row.id]] = row
        self.changed.emit("rows")

    def __len__(self) -> int:
        return len(self.rows)

    def id_at(self, place: int) -> int:
        return self.rows[place].id

    def place_of(self, study_id: int | None) -> int:
        return -1 if study_id is None else self._places.get(study_id, -1)

    def row(self, place: int) -> StudyRow | None:
        self.asked.append(place)
        row = self.rows[place]
        return row if self.there(row.id) else None

    def known(self, study_id: int) -> StudyRow | None:
        place = self.place_of(study_id)
        return self.rows[place] if place >= 0 else None

    def placed(self, place: int) -> Placed | None:
        row = self.rows[place]
        group = "placed" if row.place is not None else "above" if row.ai.positive else "waiting"
        return Placed(row.id, place + 1, group, why(row, group, now(), self.limits))

    def take_in_hand(self) -> None:
        self.followed = False

    def select(self, study_id: int | None) -> None:
        if study_id is not None:
            self.take_in_hand()
        if study_id != self.selected:
            self.selected, self.detail = study_id, None
            self.changed.emit("selected")

    def tell(self, *readings: ReadingRecord, opinions: Sequence[OpinionRecord] = (), earlier: Any = ()) -> None:
        """Let the detail of the chosen study be there."""
        assert self.selected is not None
        row = self.known(self.selected)
        assert row is not None
        self.detail = Detail(row, readings, tuple(opinions), tuple(earlier))
        self.changed.emit("detail")


@dataclass
class Triage:
    changed: Event[frozenset[int]] = field(default_factory=Event)
    files_skipped: Event[Any] = field(default_factory=Event)
    watch_changed: Event[str] = field(default_factory=Event)
    skipped: tuple[str, ...] = ()
    watch_problem: str = ""


@dataclass
class PicturesOf:
    ready: Event[int] = field(default_factory=Event)
    made: dict[int, tuple[KeyPicture, ...]] = field(default_factory=dict)

    def get(self, study_id: int) -> tuple[KeyPicture, ...] | None:
        return self.made.get(study_id)


@dataclass
class Opinions:
    reader: str = ME
    changed: Event[int] = field(default_factory=Event)
    here: About | None = None

    def about(self) -> About | None:
        return self.here


@dataclass
class Opening:
    current: int | None = None


class Desk:
    """What the page sees of app.session.Session."""

    def __init__(self, rows: Sequence[StudyRow] = ()) -> None:
        self.reader, self.settings = Reader(), Settings()
        self.opinions, self.opening, self.triage, self.pictures = Opinions(), Opening(), Triage(), PicturesOf()
        self.worklist = List(self, rows)


class Hand(QObject):
    """Stands for ui.shortcuts.Commander: writes down what was run; `blocked` says why a command cannot."""

    refused = Signal(str)
    ran = Signal(str)
    ready = True

    def __init__(self, session: Desk) -> None:
        super().__init__()
        self.session = session
        self.done: list[tuple[str, dict[str, Any]]] = []
        self.blocked: dict[str, str] = {}
        self.acts: dict[str, Callable[..., object]] = {}

    def run(self, id_: str, **args: Any) -> bool:
        if reason := self.blocked.get(id_):
            self.refused.emit(reason)
            return False
        self.done.append((id_, args))
        try:
            self.acts.get(id_, lambda **_: None)(**args)
        except UserError as error:
            self.refused.emit(say(error.sentence))
            return False
        self.ran.emit(id_)
        return True

    def act(self, id_: str, **args: Any) -> Callable[..., None]:
        def slot(*_: object) -> None:
            self.run(id_, **args)

        return slot

    def reason(self, id_: str) -> str:
        return self.blocked.get(id_, "")

    def key(self, id_: str) -> str:
        return KEYS.get(id_, "")

    def title(self, id_: str) -> str:
        return id_.partition(".")[2].replace("_", " ").capitalize()

    def checkable(self, id_: str) -> bool:
        return id_ == "worklist.arrival"

    def checked(self, id_: str) -> bool:
        return self.session.worklist.arrival
