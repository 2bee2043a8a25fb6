"""The layers of a viewport, bottom to top: black, image, AI, texts, letters, scales, border."""

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from medviewer.app.reader import ExplanationMode, TextLevel
from medviewer.core import colormaps
from medviewer.core.geometry import ViewMap, edge_letters
from medviewer.core.image import Frame
from medviewer.ui import corner_text, overlay_ai, overlay_map
from medviewer.ui.corner_text import Line, Shown
from medviewer.ui.overlay_text import SHORT, Corners, Notice, Taken, Words, corners, letters, notice
from medviewer.ui.render import Newest, Renderer
from medviewer.ui.ruler import ColourBar, ruler
from medviewer.ui.theme import colour
from medviewer.ui.translation import say, translate

if TYPE_CHECKING:
    from medviewer.ui.bridge import MainThread
    from medviewer.ui.viewport import Viewport

BAR_INWARD = 26  # the right letter makes room for the colour bar
_NO_PIXELS = Frame(np.zeros((1, 1), np.int16))


class Painting:
    """Draws one viewport and keeps what is costly to make."""

    def __init__(self, viewport: "Viewport", bridge: "MainThread") -> None:
        self._viewport = viewport
        self.words = Words()
        self._renderer = Renderer(bridge, viewport.update)
        self._map = overlay_map.MapLayer()
        self._builder = Newest(bridge, self._built)
        self._bar = ColourBar()
        self.answer: overlay_ai.Answer | None = None
        self._layers_key: tuple[Hashable, ...] | None = None
        self._layers: overlay_map.Layers | None = None

    # AI

    def ai_changed(self) -> None:
        """Find out what AI says about the image on the screen, and have its layers built."""
        shown, session = self._viewport.shown, self._viewport.session
        self.answer = overlay_ai.answer(session, shown) if shown is not None else None
        found = self.answer.explanation if self.answer else None
        if found is None or shown is None:
            self._layers = self._layers_key = None
            self._builder.forget()
            return
        ai, model = session.reader.ai, self.answer.model if self.answer else None
        # a map belongs to one image and one model version; a refined map is another array
        about = (shown.ref.key, model.sha256 if model else "", found.target, found.method)
        key = (about, id(found.values), ai.colormap, ai.threshold)
        if key == self._layers_key:
            return
        if self._layers_key is None or self._layers_key[0] != about:
            self._layers = None  # of something else; while a map refines, its last state stays
        name, threshold = ai.colormap, ai.threshold
        self._builder.ask(key, lambda: (found.values, overlay_map.build(found, name, threshold)))

    def _built(self, key: tuple[Hashable, ...], made: tuple[object, overlay_map.Layers]) -> None:
        self._kept_map, self._layers = made  # the map is held, so that its id stays its own
        self._layers_key = key
        self._viewport.update()

    @property
    def overlay(self) -> overlay_map.Layers | None:
        """What lies over the image right now; None while nothing of AI may be drawn."""
        reader = self._viewport.session.reader
        hidden = reader.desk.plain or not reader.ai.shown or reader.ai.mode is ExplanationMode.OFF
        return None if hidden else self._layers

    @property
    def _heat(self) -> bool:
        """Heat was chosen, and the screen can show it: in grey it would look like denser tissue (UI brief 4)."""
        session = self._viewport.session
        return session.reader.ai.mode is ExplanationMode.HEAT and not session.settings.get("display.greyscale")

    # painting

    def paint(self) -> None:
        """Paint everything (QWidget.paintEvent)."""
        viewport = self._viewport
        self.words.px = int(viewport.session.settings.get("reading.text_size"))
        p = QPainter(viewport)
        try:
            p.fillRect(viewport.rect(), QColor(0, 0, 0))
            view = viewport.view_map()
            if viewport.shown is not None and view is not None:
                self._image(p, viewport.shown, view)
                self._over(p, viewport.shown, view)
            else:
                self._state(p)
            self._border(p)
        finally:
            p.end()  # a painter left open by an error would end the process

    def _image(self, p: QPainter, shown: Shown, view: ViewMap) -> None:
        viewport, ratio = self._viewport, self._viewport.devicePixelRatioF()
        p.save()
        self._to_device_pixels(p, ratio)
        self._renderer.draw(p, shown.frame, view, viewport.view.window, viewport.view.inverted, viewport.view.smooth)
        layers = self.overlay
        if layers is not None:
            self._map.draw(p, layers, view, ratio, self._heat, viewport.session.reader.ai.opacity)
        p.restore()

    @staticmethod
    def _to_device_pixels(p: QPainter, ratio: float) -> None:
        """Make one unit one device pixel, beginning on a whole one (at 125 % a widget may begin between two)."""
        at = p.deviceTransform()
        p.scale(1 / ratio, 1 / ratio)
        p.translate(round(at.dx()) - at.dx(), round(at.dy()) - at.dy())

    def _over(self, p: QPainter, shown: Shown, view: ViewMap) -> None:
        viewport, reader = self._viewport, self._viewport.session.reader
        width, height = float(viewport.width()), float(viewport.height())
        taken, layers = Taken(), self.overlay
        short = reader.text is TextLevel.SHORT or min(width, height) < SHORT
        if not reader.desk.plain:
            taken = corners(p, self.words, width, height, self._texts(shown, view, short))
            self._ai(p, shown, view, taken.left + 8, short)
            if reader.text is not TextLevel.NONE and min(width, height) >= SHORT:
                ruler(p, self.words, shown, view, width, height, taken)
        bar = layers is not None and self._heat and height >= SHORT
        if bar and layers is not None:
            rect = ColourBar.rect(width, height)
            over = viewport.cursor_at is not None and rect.adjusted(-8, -8, 8, 8).contains(viewport.cursor_at)
            name = colormaps.SIGNED if layers.signed else reader.ai.colormap
            ticks = layers.maximum if over else None
            self._bar.draw(p, self.words, rect, name, layers.signed, reader.ai.threshold, ticks)
        edges = edge_letters(view, shown.ref.plane.orientation, shown.header.patient_orientation)
        letters(p, self.words, width, height, edges, taken.letter_top, BAR_INWARD if bar else 0)

    def _texts(self, shown: Shown, view: ViewMap, short: bool) -> Corners:
        viewport, reader = self._viewport, self._viewport.session.reader
        fixed = [corner_text.fixed_words()] if viewport.window().isFullScreen() else []
        if reader.text is TextLevel.NONE:
            loading = [corner_text.image_line(shown, viewport.loading)] if viewport.loading is not None else []
            return Corners(bottom_right=fixed, top_right=loading)
        state = viewport.view
        image = corner_text.image_line(shown, viewport.loading)
        warnings = corner_text.warnings(shown, short)
        if short:
            window = corner_text.window_line(shown, state.window, state.inverted, named=False)
            first = corner_text.name_line(shown, reader.names_hidden)
            return Corners([first], [image], [window] if window.text else [], fixed, warnings)
        cursor = None
        if viewport.cursor_at is not None and not state.cine:
            cursor = viewport.pixel_at(viewport.cursor_at)
        prior = corner_text.prior_words(shown, viewport.session.opened.studies)
        return Corners(
            corner_text.top_left(shown, reader.names_hidden, prior),
            corner_text.top_right(shown, viewport.loading),
            corner_text.bottom_left(shown, state.window, state.inverted, view, cursor, viewport.cine.words),
            corner_text.bottom_right(shown, view, state.smooth, bool(fixed)),
            warnings,
        )

    def _ai(self, p: QPainter, shown: Shown, view: ViewMap, top: float, short: bool) -> None:
        viewport, answer = self._viewport, self.answer
        ai = viewport.session.reader.ai
        if answer is None or not ai.shown or ai.mode is ExplanationMode.OFF:
            return
        width, height, ratio = float(viewport.width()), float(viewport.height()), viewport.devicePixelRatioF()
        hatched, place = self.overlay is not None and not self._map.seen_box.isNull(), None
        if hatched:
            box = self._map.seen_box
            seen = QRectF(box.x() / ratio, box.y() / ratio, box.width() / ratio, box.height() / ratio)
            place = overlay_ai.unseen_place(self.words, seen, width, height, top + 52)
        if words := overlay_ai.caption_lines(answer, shown, short, hatched and place is None):
            overlay_ai.caption(p, words, top, width)
        if place is not None:
            self.words.draw(p, place.x(), place.y(), overlay_ai.unseen_line(), px=11)
        if answer.finding is not None:
            x, y = view.to_view(*answer.finding.at)
            overlay_ai.marker(p, self.words, (x / ratio, y / ratio), answer.finding.score)

    def _state(self, p: QPainter) -> None:
        """Paint a viewport without an image: empty, loading (words only after a second), or failed."""
        viewport = self._viewport
        width, height = float(viewport.width()), float(viewport.height())
        stack, ref = viewport.view.stack, viewport.view.image
        if stack is None or ref is None:
            notice(p, width, height, self._empty())
            return
        shown = Shown(stack, viewport.view.index, ref, _NO_PIXELS)
        reader = viewport.session.reader
        if reader.text is not TextLevel.NONE and not reader.desk.plain:
            first = corner_text.top_left(shown, reader.names_hidden)
            if min(width, height) < SHORT:
                first = first[:1]
            corners(p, self.words, width, height, Corners(first, corner_text.top_right(shown)))
        if viewport.failed is not None:
            notice(p, width, height, self._failure(shown, viewport.failed.sentence))
        elif viewport.waited:
            words = translate("Viewport", "Loading image {0}").format(viewport.view.index + 1)
            notice(p, width, height, Notice("hourglass-medium", words))

    def _empty(self) -> Notice:
        if self._viewport.session.opened.studies:
            return Notice("image-square", translate("Viewport", "Drag a series here from the left"), dashed=True)
        words = translate("Viewport", "Drop a study here, or press Ctrl+O")
        return Notice("upload-simple", words, (translate("Viewport", "A folder, a ZIP or DICOM files"),), dashed=True)

    @staticmethod
    def _failure(shown: Shown, why: str) -> Notice:
        title = translate("Viewport", "Image {0} cannot be shown").format(shown.index + 1)
        others = (translate("Viewport", "Turn the wheel for the other images."),) if len(shown.stack) > 1 else ()
        return Notice("warning-circle", title, (say(why), *others), "danger")

    def _border(self, p: QPainter) -> None:
        viewport = self._viewport
        ring = viewport.hasFocus() and viewport.keyboard_focus
        p.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        p.setBrush(Qt.BrushStyle.NoBrush)
        rect = QRectF(viewport.rect())
        if viewport.drop_over:
            pen = QPen(colour("accent"), 2)
            pen.setDashPattern([4, 3])
            p.setPen(pen)
            p.drawRect(rect.adjusted(1, 1, -1, -1))
            line = Line(translate("Viewport", "Release to show the series here"), "accent", 500)
            self.words.draw(p, rect.width() / 2, rect.height() / 2, line, Qt.AlignmentFlag.AlignHCenter, px=14)
        elif viewport.active:
            p.setPen(QPen(colour("accent"), 2))
            p.drawRect(rect.adjusted(1, 1, -1, -1))
        if ring:  # one pixel inside of the border of the active viewport
            p.setPen(QPen(colour("accent"), 2))
            p.drawRect(rect.adjusted(4, 4, -4, -4))
