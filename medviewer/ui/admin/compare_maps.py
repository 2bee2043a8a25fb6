"""One case with the maps of both versions beside each other, each marked "AI, unverified"; what a map does not say."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medviewer.app.admin.records import Comparison, Flip
from medviewer.core.errors import sentence_for
from medviewer.core.findings import Explanation
from medviewer.core.geometry import ViewMap
from medviewer.ui import overlay_map, theme
from medviewer.ui.admin.pieces import answer, aside, figure
from medviewer.ui.arrange import column, fill, in_row, row
from medviewer.ui.controls import Button, Segments
from medviewer.ui.render import to_image
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Icon, Label
from medviewer.ui.worklist import brush

if TYPE_CHECKING:
    from medviewer.ui.bridge import MainThread

Ask = Callable[[str, str], "Future[Any]"]


@dataclass(frozen=True)
class Maps:
    """One case as it is drawn: the picture, and the layers of both versions."""

    picture: QImage
    champion: overlay_map.Layers
    challenger: overlay_map.Layers


def build(found: tuple[Explanation, Explanation, NDArray[Any]], colormap: str, threshold: float) -> Maps:
    """Return what is drawn of both maps (tens of ms: on a thread)."""
    champion, challenger, picture = found
    image = to_image(np.ascontiguousarray(picture, np.uint8))
    layers = (overlay_map.build(each, colormap, threshold) for each in (champion, challenger))
    return Maps(image, *layers)


class MapView(QWidget):
    """A picture with the map of one version; without one, a word on why."""

    def __init__(self) -> None:
        super().__init__()
        self._picture: QImage | None = None
        self._layers: overlay_map.Layers | None = None
        self._drawer = overlay_map.MapLayer()
        self._words, self.heat = "", False
        self.setMinimumSize(200, 200)

    def show_map(self, picture: QImage, layers: overlay_map.Layers, name: str) -> None:
        """Show a map on its picture."""
        self._picture, self._layers = picture, layers
        self.setAccessibleName(translate("Compare", "Map of {0}, AI, unverified").format(name))
        self.update()

    def show_words(self, words: str) -> None:
        """Show words instead."""
        self._picture, self._layers, self._words = None, None, words
        self.setAccessibleName(words)
        self.update()

    def set_heat(self, heat: bool) -> None:
        """Show heat with its outline, or the outline alone."""
        self.heat = heat
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        painter.fillRect(box, theme.colour("canvas" if self._picture else "bg0"))
        if self._picture is None or self._layers is None:
            brush.wrapped(painter, box.adjusted(16, 0, -16, 0), self._words, 13, "text2")
            return
        ratio = self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        columns, rows = self._layers.columns, self._layers.rows
        view = ViewMap(columns, rows, width, height, zoom=min(width / columns, height / rows))
        painter.scale(1 / ratio, 1 / ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        to_view = overlay_map.transform(view)
        painter.drawImage(to_view.mapRect(QRectF(-0.5, -0.5, columns, rows)), self._picture)
        self._drawer.draw(painter, self._layers, view, ratio, self.heat, 0.55)


class MapSide(QWidget):
    """A map under the words that always stand at it: which version, its score, "AI, unverified"."""

    def __init__(self) -> None:
        super().__init__()
        self.title, self.score = Label("", 13, "text1", 500, elide=True), Label("", 12, "text2")
        unverified = Label(translate("Compare", "AI, unverified"), 12, "ai", 500)
        self.view = MapView()
        head = in_row(self.title, None, Icon("sparkle", 14, "ai"), unverified, spacing=4)
        fill(column(self, spacing=4), head, self.score)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addWidget(self.view, 1)

    def say_words(self, title: str, score: float, point: float | None) -> None:
        """Say whose map it is and what the score was."""
        self.title.setText(title)
        words = translate("Compare", "Score {0}").format(figure(score, 2))
        if point is not None:
            above = translate("Compare", "Score {0}, above the point {1}")
            below = translate("Compare", "Score {0}, below the point {1}")
            words = (above if score >= point else below).format(figure(score, 2), figure(point, 2))
        self.score.setText(words)


class MapPair(QWidget):
    """Both maps of a case; `opened` when its study shall be opened. Only the newest case counts."""

    opened = Signal(int)

    def __init__(self, bridge: "MainThread", colours: Callable[[], tuple[str, float]]) -> None:
        """`colours` gives the map's colours and the threshold of its heat, as the reader has them."""
        super().__init__()
        self._bridge, self._colours = bridge, colours
        self._question: object = None
        self._study: int | None = None
        self.champion, self.challenger = MapSide(), MapSide()
        pair = QWidget()
        beside = row(pair, spacing=12)
        beside.addWidget(self.champion, 1)
        beside.addWidget(self.challenger, 1)
        choices = (("outline", translate("Compare", "Outline")), ("heat", translate("Compare", "Heat")))
        self.mode = Segments(translate("Compare", "Map"), choices)
        self.mode.show_value("outline")
        self.mode.chosen.connect(self._set_mode)
        self.open = Button(translate("Compare", "Open the study"), "link", "arrow-right", "accent")
        self.open.clicked.connect(lambda _=False: self._open())
        words = translate(
            "Compare",
            "A map shows what moved the score of this version, not where disease is. Two maps may differ though both "
            "scores are right.",
        )
        under = column(self, spacing=8)
        under.addWidget(pair, 1)
        under.addWidget(in_row(self.mode, self.open, spacing=12, grow=Label(words, 12, "text2", wrap=True)))
        self.clear()

    @property
    def _sides(self) -> tuple[MapSide, MapSide]:
        return self.champion, self.challenger

    def clear(self) -> None:
        """Show no case."""
        self._question, self._study = None, None
        for side in self._sides:
            side.title.setText("")
            side.score.setText("")
        self._say(translate("Compare", "Choose a case to see what moved both scores."))
        self.open.hide()

    def _say(self, words: str) -> None:
        for side in self._sides:
            side.view.show_words(words)

    def show_case(self, comparison: Comparison, flip: Flip, ask: Ask) -> None:
        """Ask for both maps of a case and show them when they are here."""
        question = self._question = object()
        self._study = flip.study_id
        names = (
            translate("Compare", "In use, {0}").format(comparison.champion),
            translate("Compare", "Candidate, {0}").format(comparison.challenger),
        )
        scores = (flip.champion, flip.challenger)
        versions = (comparison.champion, comparison.challenger)
        for side, name, score, version in zip(self._sides, names, scores, versions, strict=True):
            side.say_words(name, score, comparison.points.get(version))
        self.open.setVisible(flip.study_id is not None)
        self._say(translate("Compare", "Making both maps"))
        colours = self._colours()

        def arrived(future: "Future[Any]") -> None:
            if question is not self._question or future.cancelled():
                return
            error = future.exception()
            if error is not None:
                self._say(say(sentence_for(error)))
            else:
                found = future.result()
                aside(self._bridge, lambda: build(found, *colours), built)

        def built(future: "Future[Maps]") -> None:
            if question is not self._question:
                return
            error = future.exception()
            if error is not None:
                self._say(say(sentence_for(error)))
                return
            maps = future.result()
            self.champion.view.show_map(maps.picture, maps.champion, names[0])
            self.challenger.view.show_map(maps.picture, maps.challenger, names[1])

        answer(self._bridge, lambda: ask(comparison.id, flip.file), arrived)

    def _set_mode(self, mode: str) -> None:
        self.mode.show_value(mode)
        for side in self._sides:
            side.view.set_heat(mode == "heat")

    def _open(self) -> None:
        if self._study is not None:
            self.opened.emit(self._study)
