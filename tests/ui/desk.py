"""A reading desk for viewport tests: the real Reader, Settings and bridge; pixels and AI answers by hand."""

from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication

from medviewer.app.reader import Reader
from medviewer.app.settings import Settings
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.findings import Explanation, SliceScore
from medviewer.core.image import Frame
from medviewer.core.intensity import Window
from medviewer.core.study import FrameHeader, ImageHeader, ImageRef, Patient, SpacingKind, Stack, Study
from medviewer.ui import theme
from medviewer.ui.bridge import MainThread

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


def header(number: int = 0, **changes: Any) -> ImageHeader:
    """A CT slice of an invented patient."""
    plane = FrameHeader((0.0, 0.0, 100.0 - number), AXIAL, (0.7, 0.7))
    made = ImageHeader(
        path=f"/nowhere/{number}.dcm",
        label=f"{number}.dcm",
        sop_uid=f"1.2.{number}",
        sop_class="1.2.840.10008.5.1.4.1.1.2",
        transfer_syntax="1.2.840.10008.1.2.1",
        study_uid="1.2",
        series_uid="1.2.3",
        modality="CT",
        rows=64,
        columns=64,
        unit="HU",
        frames=(plane,),
        spacing_kind=SpacingKind.PATIENT,
        series_number=3,
        patient=Patient("SAMPLE^Avery", "SYN-00412", "1963-05-04", "M", "063Y"),
        study_date="2026-11-22",
        study_time="09:14:00",
        study_description="CT Chest",
        slice_thickness=5.0,
        kvp=120.0,
        tube_current=280.0,
    )
    return replace(made, **changes)


def stack(count: int = 1, **changes: Any) -> Stack:
    """Return `count` axial slices."""
    folder = f"/nowhere/{changes.get('series_uid', '1.2.3')}"
    images = tuple(ImageRef(header(i, **{"path": f"{folder}/{i}.dcm", **changes})) for i in range(count))
    return Stack(images[0].header.series_uid, 0, images, "axial", (0.7, 0.7, 5.0), None, (), "Axial 5 mm")


def frame(values: Any, **changes: Any) -> Frame:
    """Return a frame that shows 0 as black and 100 as white."""
    return Frame(np.asarray(values), window=Window(50, 100, "LINEAR_EXACT"), **changes)


@dataclass
class Pixels:
    """Decoded images by hand: `put` makes one ready."""

    ready: Event[ImageRef] = field(default_factory=Event)
    failed: Event[ImageRef] = field(default_factory=Event)
    frames: dict[Any, Frame] = field(default_factory=dict)
    errors: dict[Any, UserError] = field(default_factory=dict)
    wishes: dict[str, list[ImageRef]] = field(default_factory=dict)
    thumbnails: list[Future[Any]] = field(default_factory=list)

    def get(self, ref: ImageRef) -> Frame | None:
        return self.frames.get(ref.key)

    def error(self, ref: ImageRef) -> UserError | None:
        return self.errors.get(ref.key)

    def want(self, refs: Any, owner: str = "") -> None:
        self.wishes[owner] = list(refs)

    def thumbnail(self, ref: ImageRef, side: int) -> Future[Any]:
        self.thumbnails.append(Future())
        return self.thumbnails[-1]

    def put(self, ref: ImageRef, picture: Frame) -> None:
        self.frames[ref.key] = picture
        self.ready.emit(ref)

    def fail(self, ref: ImageRef, sentence: str) -> None:
        self.errors[ref.key] = UserError("damaged", sentence)
        self.failed.emit(ref)


@dataclass(frozen=True)
class Card:
    title: str = "Lung nodule points"
    version: str = "1.2"
    target: str = "nodule"
    labels: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Model:
    card: Card = Card()
    sha256: str = "ab" * 32


@dataclass
class Analysis:
    scores: dict[int, SliceScore] = field(default_factory=dict)

    def score(self, index: int) -> SliceScore | None:
        return self.scores.get(index)


@dataclass
class Analyses:
    """AI answers by hand."""

    changed: Event[Any] = field(default_factory=Event)
    explained: Event[Any] = field(default_factory=Event)
    model: Model | None = None
    result: Analysis = field(default_factory=Analysis)
    maps: dict[int, Explanation] = field(default_factory=dict)

    def model_for(self, stack: Stack) -> Model | None:
        return self.model

    def analysis(self, stack: Stack, model: Model) -> Analysis:
        return self.result

    def explanation(self, stack: Stack, model: Model, index: int, target: str, method: str) -> Explanation | None:
        return self.maps.get(index)

    def explain(self, made: Explanation) -> None:
        self.model = self.model or Model()
        self.maps[made.index] = made
        self.explained.emit(made)


@dataclass
class Library:
    studies: tuple[Study, ...] = ()
    stacks: dict[Any, Stack] = field(default_factory=dict)

    def stack(self, key: Any) -> Stack:
        return self.stacks[key]


class Desk:
    """What a Viewport sees of app.session.Session."""

    def __init__(self) -> None:
        self.reader = Reader()
        self.settings = Settings()
        self.pixels = Pixels()
        self.analyses = Analyses()
        self.opened = Library()
        self.bridge = MainThread()

    def open(self, values: Any, count: int = 1, place: int = 0, **changes: Any) -> Stack:
        """Show `count` slices of the same values in viewport `place`."""
        made = values if isinstance(values, Frame) else frame(values)
        rows, columns = made.values.shape[:2]
        opened = stack(count, rows=rows, columns=columns, **changes)
        for ref in opened.images:
            self.pixels.frames[ref.key] = made
        self.opened.stacks[opened.key] = opened
        self.reader.views[place].show(opened)
        return opened


def app() -> QApplication:
    made = QApplication.instance() or QApplication([])
    assert isinstance(made, QApplication)
    theme.apply(made)
    return made
