"""Up to three small pictures of a study in the list: where a model fires, or the first, middle and last image."""

import logging
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.jobs import Job
from medviewer.core.study import ImageHeader, ImageRef, Skipped
from medviewer.library.records import ImageRecord, ReadingRecord

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

log = logging.getLogger(__name__)

MOST, SIDE, KEPT = 3, 224, 64


@dataclass(frozen=True)
class KeyPicture:
    """One picture: `values` uint8 [row, column] or [row, column, 3]; `index` in its stack where that is known."""

    values: NDArray[np.uint8]
    index: int | None = None


class KeyPictures:
    """Makes them on a thread of its own; `ready` carries the study's id (on that thread)."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="key-pictures")
        self._made: OrderedDict[int, tuple[KeyPicture, ...]] = OrderedDict()
        self._wanted: int | None = None
        self.ready: Event[int] = Event()
        session.shelf.restored.connect(lambda _: session.at_desk(self._made.clear))

    def get(self, study_id: int) -> tuple[KeyPicture, ...] | None:
        """Return the pictures of a study; None while they are on their way (`ready` tells)."""
        found = self._made.get(study_id)
        if found is None and self._wanted != study_id:
            self._wanted = study_id
            try:
                self._thread.submit(self._make, study_id)
            except RuntimeError:  # closed
                return ()
        return found

    def forget(self, study_id: int) -> None:
        """Make a study's pictures anew when they are asked for: it has another finding."""
        self._made.pop(study_id, None)
        if self._wanted == study_id:
            self._wanted = None

    def close(self) -> None:
        """End; what is being made is dropped."""
        self._wanted = None
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _make(self, study_id: int) -> None:
        if self._wanted != study_id:  # the reader is further down the list
            return
        try:
            pictures = self._pictures(study_id)
        except Exception as error:  # noqa: BLE001 - a list without pictures is still a list
            if not isinstance(error, UserError):
                log.warning("no key pictures: %s", type(error).__name__)
            pictures = ()
        self._made[study_id] = pictures
        while len(self._made) > KEPT:
            self._made.popitem(last=False)
        self.ready.emit(study_id)

    def _pictures(self, study_id: int) -> tuple[KeyPicture, ...]:
        def look(library: "Library") -> tuple[tuple[ImageRecord, ...], tuple[ReadingRecord, ...]]:
            return library.sources(study_id), library.readings(study_id)

        images, readings = self._session.shelf.read(look).result()
        wanted = choose(images, readings)
        sources = [Path(image.source) for image, _, _ in wanted if Path(image.source).exists()]
        headers: dict[str, ImageHeader] = {}

        def batch(found: tuple[ImageHeader, ...], _: tuple[Skipped, ...]) -> None:
            headers.update({header.sop_uid: header for header in found})

        if sources:
            self._session.pool.scan(list(dict.fromkeys(sources)), Job("Key pictures", "pictures"), batch)
        futures = []
        for image, frame, index in wanted:
            header = headers.get(image.sop_uid)
            if header is not None and frame < len(header.frames):
                futures.append((self._session.pool.thumbnail(ImageRef(header, frame), SIDE), index))
        return tuple(KeyPicture(future.result(20), index) for future, index in futures)


def choose(
    images: Sequence[ImageRecord], readings: Sequence[ReadingRecord]
) -> list[tuple[ImageRecord, int, int | None]]:
    """Return up to three (image, frame, index in the stack): about the highest score, else across the study."""
    by_uid = {image.sop_uid: image for image in images}
    best = max((r for r in readings if r.sop_uid in by_uid), key=lambda r: (r.positive, r.score or 0.0), default=None)
    if best is not None:
        places = {int(s["index"]): s for s in best.slices if s.get("sop") in by_uid}
        near = [best.index + step for step in (-3, 0, 3)] if len(places) > 6 else [best.index]
        chosen: list[tuple[ImageRecord, int, int | None]] = [
            (by_uid[places[i]["sop"]], int(places[i].get("frame", 0)), i) for i in near if i in places
        ]
        return chosen or [(by_uid[best.sop_uid], best.frame, best.index)]
    if len(images) <= MOST:
        return [(image, 0, None) for image in images]
    return [(images[i], 0, None) for i in (0, len(images) // 2, len(images) - 1)]
