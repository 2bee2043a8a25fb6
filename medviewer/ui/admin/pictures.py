"""A grid of pictures of a data set, each with its label and part; a picture is asked for when it is first painted."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from medviewer.core.datasets import DataSet, Row
from medviewer.ui import theme
from medviewer.ui.admin.words import part_words, target_words, why_out
from medviewer.ui.render import to_image
from medviewer.ui.theme import font
from medviewer.ui.translation import translate
from medviewer.ui.worklist import brush

Index = QModelIndex | QPersistentModelIndex
RowRole = Qt.ItemDataRole.UserRole
#: Size of a picture in the grid and of its two lines; pictures that are kept made.
SIDE, WORDS, PAD, KEPT = 128, 40, 8, 400
Ask = Callable[[str], "Future[Any]"]


class PictureModel(QAbstractListModel):
    """The rows that are shown, with their pictures as far as they are here."""

    def __init__(self, parent: Any) -> None:
        super().__init__(parent)
        self.dataset: DataSet | None = None
        self.rows: list[Row] = []
        self._ask: Ask | None = None
        self._made: dict[str, QPixmap | None] = {}  # None: on its way; an empty one: it cannot be had
        self._hand: Callable[[Callable[[Any], None]], Callable[[Any], None]] = lambda slot: slot

    def ask_with(self, ask: Ask, hand: Callable[[Callable[[Any], None]], Callable[[Any], None]]) -> None:
        """Ask for pictures with `ask`; `hand` brings an answer to the window's thread (`bridge.deliver`)."""
        self._ask, self._hand = ask, hand

    def show_rows(self, dataset: DataSet, rows: Sequence[Row]) -> None:
        """Show these rows; as long as they are the same pictures they change in place."""
        if self.dataset is None or dataset.id != self.dataset.id:
            self._made.clear()
        same = [row.file for row in rows] == [row.file for row in self.rows] and bool(rows)
        if not same:
            self.beginResetModel()
        self.dataset, self.rows = dataset, list(rows)
        if not same:
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0), self.index(len(self.rows) - 1))

    def picture(self, file: str) -> QPixmap | None:
        """Return a picture, None while it is on its way; it is asked for now if it was not before."""
        if file not in self._made and self._ask is not None:
            if len(self._made) > KEPT:
                self._made = {name: made for name, made in self._made.items() if made is None}
            self._made[file] = None
            dataset = self.dataset
            arrived = self._hand(lambda future: self._arrived(dataset, file, future))
            self._ask(file).add_done_callback(arrived)
        return self._made.get(file)

    def _arrived(self, dataset: DataSet | None, file: str, future: "Future[Any]") -> None:
        if dataset is None or self.dataset is None or dataset.id != self.dataset.id:
            return
        failed = future.cancelled() or future.exception() is not None
        self._made[file] = QPixmap() if failed else QPixmap.fromImage(to_image(future.result()))
        at = next((i for i, row in enumerate(self.rows) if row.file == file), -1)
        if at >= 0:
            self.dataChanged.emit(self.index(at), self.index(at))

    def words(self, row: Row) -> tuple[str, str]:
        """Return the two lines under a picture: its label; its part, or why it is left out."""
        assert self.dataset is not None
        label = target_words(self.dataset, row.positive)
        if row.excluded:
            why = why_out(row)
            left_out = translate("Admin", "left out")
            return label, f"{left_out}: {why}" if why else left_out
        return label, part_words(row.part)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == RowRole:
            return row
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            known = [f"{value}" for name in ("sex", "age", "view") if (value := row.more.get(name))]
            number = translate("Admin", "Picture {0}").format(row.file)
            return ", ".join([number, *self.words(row), *known])
        return None


class PicturePainter(QStyledItemDelegate):
    """Draws a picture with its two lines."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(SIDE + 2 * PAD, SIDE + WORDS + 2 * PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, row = index.model(), index.data(RowRole)
        if not isinstance(model, PictureModel) or not isinstance(row, Row):
            return
        box = QRectF(option.rect)
        state = option.state
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        focus = bool(state & QStyle.StateFlag.State_HasFocus)
        if chosen or focus:
            frame = QRectF(box.center().x() - SIDE / 2 - PAD + 2, box.top() + 2, SIDE + 2 * PAD - 4, box.height() - 4)
            brush.round_box(painter, frame, 6, "bg3" if chosen else "", "accent" if chosen or focus else "", 2)
        place = QRectF(box.center().x() - SIDE / 2, box.top() + PAD, SIDE, SIDE)
        self._picture(painter, place, model.picture(row.file), row.excluded)
        label, below = model.words(row)
        left, top = place.left(), place.bottom() + 4
        colour = "text3" if row.excluded else "text1"
        if row.excluded:
            brush.icon(painter, left, top + 26, "minus-circle", 14, "text2")
        brush.text(painter, QRectF(left, top, SIDE, 18), label, 12, colour, 500)
        brush.text(painter, QRectF(left + (18 if row.excluded else 0), top + 18, SIDE - 18, 16), below, 12, "text2")
        painter.restore()

    @staticmethod
    def _picture(painter: QPainter, place: QRectF, picture: QPixmap | None, faint: bool) -> None:
        path = QPainterPath()
        path.addRoundedRect(place, 4, 4)
        painter.save()
        painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
        painter.fillPath(path, theme.colour("bg2" if picture is None else "canvas"))
        if picture is not None and picture.isNull():
            words = translate("Admin", "This picture cannot be shown.")
            brush.wrapped(painter, place.adjusted(8, 8, -8, -8), words, 12, "text2")
        elif picture is not None:
            painter.setOpacity(0.35 if faint else 1.0)
            scale = min(place.width() / picture.width(), place.height() / picture.height())
            wide, tall = picture.width() * scale, picture.height() * scale
            target = QRectF(place.center().x() - wide / 2, place.center().y() - tall / 2, wide, tall)
            painter.drawPixmap(target, picture, QRectF(picture.rect()))
        painter.restore()


class PictureGrid(QListView):
    """The pictures behind a finding. Arrows move, Shift and Ctrl choose several; `keyed` carries other letters."""

    chosen = Signal()
    keyed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.pictures = PictureModel(self)
        self.setModel(self.pictures)
        self.setItemDelegate(PicturePainter(self))
        self.setAccessibleName(name)
        self.setFont(font(12))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(200)
        self.setSpacing(0)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_rows(self, dataset: DataSet, rows: Sequence[Row]) -> None:
        """Show these pictures."""
        self.pictures.show_rows(dataset, rows)
        self.chosen.emit()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows that are chosen, in order."""
        at = sorted({index.row() for index in self.selectedIndexes()})
        return tuple(self.pictures.rows[row] for row in at if row < len(self.pictures.rows))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the width among as many pictures as fit beside each other."""
        room = self.width() - self.verticalScrollBar().sizeHint().width() - 6
        each = room // max(room // (SIDE + 2 * PAD), 1)
        self.setGridSize(QSize(each, SIDE + WORDS + 2 * PAD))
        super().resizeEvent(event)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        names = {
            Qt.Key.Key_X: "X",
            Qt.Key.Key_L: "L",
            Qt.Key.Key_O: "O",
            Qt.Key.Key_Return: "O",
            Qt.Key.Key_Enter: "O",
            Qt.Key.Key_Delete: "X",
        }
        name = names.get(Qt.Key(event.key()))
        if name and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self.keyed.emit(name)
        else:
            super().keyPressEvent(event)
