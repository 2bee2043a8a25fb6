"""One small picture per stack, made once, and what is dragged when a thumbnail is taken."""

import json
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QMimeData, QObject, QSize, Qt, Signal
from PySide6.QtGui import QPixmap

from medviewer.core.study import Stack
from medviewer.ui.render import to_image

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.ui.bridge import MainThread

StackKey = tuple[str, str, int]
STACK_MIME = "application/x-medviewer-stack"


def stack_mime(stack: Stack) -> QMimeData:
    """Return what a drag of this stack carries: its key, no patient data."""
    data = QMimeData()
    data.setData(STACK_MIME, json.dumps(stack.key).encode())
    return data


def dropped_key(data: QMimeData) -> StackKey | None:
    """Return the key of a dragged stack; None for anything else."""
    if not data.hasFormat(STACK_MIME):
        return None
    try:
        study, series, number = json.loads(bytes(data.data(STACK_MIME).data()))
    except (ValueError, TypeError):
        return None
    return str(study), str(series), int(number)


class ThumbnailStore(QObject):
    """Keeps a pixmap of each stack's middle image; `ready` carries the key of a stack whose picture has come."""

    ready = Signal(object)

    def __init__(self, session: "Session", bridge: "MainThread", side: int = 68) -> None:
        """`side` is the longest side in logical pixels; pictures are made for twice that, for dense screens."""
        super().__init__()
        self._session, self._side = session, side
        self._pictures: dict[StackKey, QPixmap | None] = {}  # None: asked for, or it cannot be shown
        self._failed: set[StackKey] = set()
        self._deliver = bridge.deliver(self._arrived)

    def pixmap(self, stack: Stack) -> QPixmap | None:
        """Return the picture of `stack`, asking for it at the first call; None until `ready` (or for good)."""
        key = stack.key
        if key not in self._pictures:
            self._pictures[key] = None
            future = self._session.pixels.thumbnail(stack.images[len(stack) // 2], 2 * self._side)
            future.add_done_callback(lambda done: self._deliver((key, done)))
        return self._pictures[key]

    def failed(self, stack: Stack) -> bool:
        """Say whether no picture of this stack can be made; its place then shows an icon."""
        return stack.key in self._failed

    def forget(self, keys: set[StackKey]) -> None:
        """Drop the pictures of closed stacks."""
        for key in keys:
            self._pictures.pop(key, None)
            self._failed.discard(key)

    def _arrived(self, answer: tuple[StackKey, Future[NDArray[Any]]]) -> None:
        key, future = answer
        if key not in self._pictures:
            return
        if future.cancelled() or future.exception() is not None:
            self._failed.add(key)
        else:
            self._pictures[key] = self._made(future.result())
        self.ready.emit(key)

    def _made(self, pixels: NDArray[np.uint8]) -> QPixmap:
        side = 2 * self._side
        picture = QPixmap.fromImage(to_image(pixels))
        if picture.width() > side or picture.height() > side:
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            picture = picture.scaled(QSize(side, side), keep, smooth)
        picture.setDevicePixelRatio(2.0)
        return picture
