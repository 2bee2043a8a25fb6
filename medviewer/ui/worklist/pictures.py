"""Up to three small pictures of the chosen study, side by side; grey squares while they are on their way."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from medviewer.app.key_pictures import KeyPicture
from medviewer.ui import theme
from medviewer.ui.render import to_image
from medviewer.ui.translation import translate
from medviewer.ui.worklist import brush

MOST, GAP = 3, 8
HEIGHT = 108


class Pictures(QWidget):
    """Draws what `show_pictures` gives; None: they are not here yet."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEIGHT)
        self._given: tuple[KeyPicture, ...] | None = None
        self._made: list[tuple[QPixmap, str]] = []

    def show_pictures(self, pictures: Sequence[KeyPicture] | None) -> None:
        """Show these pictures."""
        given = None if pictures is None else tuple(pictures[:MOST])
        if given is not None and self._given is not None and [*map(id, given)] == [*map(id, self._given)]:
            return
        self._given = given
        self._made = [
            (QPixmap.fromImage(to_image(p.values)), "" if p.index is None else str(p.index + 1)) for p in given or ()
        ]
        count = translate("Worklist", "{0} key images").format(len(self._made))
        self.setAccessibleName(count if given is not None else translate("Worklist", "Key images are loading"))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        side = min((self.width() - (MOST - 1) * GAP) / MOST, self.height())
        if self._given is None:
            for number in range(MOST):
                brush.round_box(painter, QRectF(number * (side + GAP), 0, side, side), 4, "bg2")
            return
        if not self._made:
            words = translate("Worklist", "No picture of this study can be shown.")
            brush.text(painter, QRectF(0, 0, self.width(), 32), words, 12, "text2")
            return
        for number, (picture, words) in enumerate(self._made):
            _one(painter, QRectF(number * (side + GAP), 0, side, side), picture, words)


def _one(painter: QPainter, box: QRectF, picture: QPixmap, words: str) -> None:
    path = QPainterPath()
    path.addRoundedRect(box, 4, 4)
    painter.save()
    painter.fillPath(path, theme.colour("canvas"))
    painter.setClipPath(path)
    scale = min(box.width() / max(picture.width(), 1), box.height() / max(picture.height(), 1))
    width, height = picture.width() * scale, picture.height() * scale
    place = QRectF(box.center().x() - width / 2, box.center().y() - height / 2, width, height)
    painter.drawPixmap(place, picture, QRectF(picture.rect()))
    if words:
        wide = brush.text_width(words, 11) + 8
        label = QRectF(box.left() + 4, box.bottom() - 20, wide, 16)
        brush.round_box(painter, label, 3, "canvas", alpha=0.7)
        brush.text(painter, label, words, 11, "text1", 400, brush.CENTRE)
    painter.restore()
