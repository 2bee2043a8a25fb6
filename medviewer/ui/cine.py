"""Plays the stack of a viewport at the file's own speed; it waits for a picture rather than showing none."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from medviewer.ui.translation import translate

if TYPE_CHECKING:
    from medviewer.ui.viewport import Viewport

_FASTEST, _SLOWEST = 60.0, 0.5


class Cine(QObject):
    """The clock of one viewport; runs while `view.cine` is set and the viewport can be seen."""

    def __init__(self, viewport: "Viewport") -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._shown_at: list[float] = []

    @property
    def fps(self) -> float:
        """The speed asked for: of the file (FrameTime), else of the settings; pictures a second."""
        stack = self._viewport.view.stack
        frame_time = stack.first.frame_time if stack else None
        asked = 1000 / frame_time if frame_time else float(self._viewport.session.settings.get("reading.cine_rate"))
        return min(max(asked, _SLOWEST), _FASTEST)

    @property
    def words(self) -> str:
        """Return the speed asked for and the one reached, "" while nothing plays."""
        if not self._timer.isActive():
            return ""
        text = translate("Viewport", "Cine {0} per s").format(f"{self.fps:.3g}")
        if len(self._shown_at) > 2:
            real = (len(self._shown_at) - 1) / (self._shown_at[-1] - self._shown_at[0])
            if real < 0.9 * self.fps:
                text += translate("Viewport", ", reached {0}").format(f"{real:.2g}")
        return text

    def follow(self) -> None:
        """Start or stop as the view says."""
        view = self._viewport.view
        play = view.cine and view.stack is not None and len(view.stack) > 1 and self._viewport.isVisible()
        if play and not self._timer.isActive():
            self._shown_at.clear()
            self._timer.start(round(1000 / self.fps))
        elif not play:
            self._timer.stop()

    def _tick(self) -> None:
        view = self._viewport.view
        if view.stack is None:
            self._timer.stop()
            return
        if self._viewport.loading is not None:
            return  # the picture asked for is not there yet: wait for it
        following = (view.index + 1) % len(view.stack)
        pixels = self._viewport.session.pixels
        ref = view.stack.images[following]
        if pixels.get(ref) is None and pixels.error(ref) is None:
            self._viewport.prefetch(following)
            return
        self._shown_at = [*self._shown_at[-20:], time.perf_counter()]
        view.go(following)
