"""The series strip as a list: a head for each study, a row for each stack, and how they are drawn."""

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from medviewer.app.session import Session
from medviewer.core.study import Stack, Study
from medviewer.ui import texts, theme
from medviewer.ui.theme import ROW, font
from medviewer.ui.thumbnails import ThumbnailStore, stack_mime
from medviewer.ui.translation import translate

Index = QModelIndex | QPersistentModelIndex
StackKey = tuple[str, str, int]
ThingRole = Qt.ItemDataRole.UserRole
THUMBNAIL, NARROW_THUMBNAIL, NARROW_ROW = 68, 64, 96


@dataclass(frozen=True)
class Head:
    """A study's head: date, how it relates to the study being read, number of series, a name where it may differ."""

    date: str
    short_date: str
    relation: str
    count: str
    patient: str = ""

    @property
    def height(self) -> int:
        return 52 if self.patient else 34


def ai_state(session: Session, stack: Stack) -> tuple[str, str, str]:
    """Return (icon, colour, words) of what a model has read of this stack."""
    model = session.analyses.model_for(stack)
    analysis = session.analyses.analysis(stack, model) if model else None
    if analysis is not None and analysis.running:
        return "circle-dashed", "accent", translate("Strip", "AI reading")
    if analysis is not None and (read := analysis.scores):
        if not any(score.evaluated for score in read.values()):
            return "minus-circle", "text3", translate("Strip", "Not evaluated")
        whole = len(read) >= len(stack)
        words = translate("Strip", "AI read") if whole else translate("Strip", "AI read in part")
        return "sparkle", "ai", words
    return "minus-circle", "text3", translate("Strip", "Not evaluated")


class StripModel(QAbstractListModel):
    """Rows of the strip, from `session.opened.studies`."""

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.things: list[Head | Stack] = []

    def rebuild(self) -> bool:
        """Take the studies as they are now; say whether anything is different."""
        things: list[Head | Stack] = []
        studies = self._session.opened.studies
        several = len({(s.patient.id, s.patient.name) for s in studies}) > 1
        film = False
        for study in studies:
            before, film = film, study.stacks[0].first.film
            if not (film and before):  # films without header lie under one head, although each is a study of its own
                things.append(self._head(study, several, sum(s.stacks[0].first.film for s in studies)))
            things += study.stacks
        same = len(things) == len(self.things) and all(
            a is b or a == b for a, b in zip(things, self.things, strict=True)
        )
        if same:
            return False
        self.beginResetModel()
        self.things = things
        self.endResetModel()
        return True

    def _head(self, study: Study, several: bool, films: int) -> Head:
        if study.stacks[0].first.film:
            count = translate("Strip", "1 film") if films == 1 else translate("Strip", "{0} films").format(films)
            return Head(translate("Strip", "Without header"), translate("Strip", "Films"), "", count)
        stack = self._session.reader.view.stack
        here = self._session.opened.study_of(stack) if stack else None
        relation = ""
        if here is not None:
            if here.uid == study.uid:
                relation = translate("Strip", "this study")
            elif (here.patient.id, here.patient.name) != (study.patient.id, study.patient.name):
                relation = translate("Strip", "other patient")
            elif study.date and here.date and study.date < here.date:
                relation = translate("Strip", "prior")
        number = len(study.stacks)
        count = translate("Strip", "1 series") if number == 1 else translate("Strip", "{0} series").format(number)
        name = texts.patient_name(study.patient, self._session.reader.names_hidden) if several else ""
        return Head(texts.date(study.date), texts.short_date(study.date), relation, count, name)

    def row_of(self, key: StackKey | None) -> int:
        """Return the row of a stack, -1 if it is not there."""
        for row, thing in enumerate(self.things):
            if isinstance(thing, Stack) and thing.key == key:
                return row
        return -1

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.things)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        thing = self.things[index.row()]
        if role == ThingRole:
            return thing
        if role == Qt.ItemDataRole.DisplayRole and isinstance(thing, Head):
            return ", ".join(part for part in (thing.patient, thing.date, thing.relation, thing.count) if part)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) and isinstance(thing, Stack):
            words = ai_state(self._session, thing)[2]
            return ", ".join((texts.series_name(thing), texts.images_of(thing), words))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.things[index.row()], Head):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return list(stack_mime(next(t for t in self.things if isinstance(t, Stack))).formats())

    def mimeData(self, indexes: object) -> QMimeData:
        rows = [index.row() for index in indexes]  # type: ignore[attr-defined]
        stack = self.things[rows[0]]
        assert isinstance(stack, Stack)
        return stack_mime(stack)


class StripPainter(QStyledItemDelegate):
    """Draws heads and rows; `narrow` is the 88 px form of a small window."""

    def __init__(self, session: Session, store: ThumbnailStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._store = session, store
        self.narrow = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        thing = index.data(ThingRole)
        if isinstance(thing, Head):
            return QSize(80, 28 if self.narrow else thing.height)
        return QSize(80, NARROW_ROW if self.narrow else ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        thing, box = index.data(ThingRole), QRectF(option.rect)
        if isinstance(thing, Head):
            self._head(painter, box, thing)
        elif isinstance(thing, Stack):
            stack = self._session.reader.view.stack
            self._frame(painter, box, option, stack is not None and stack.key == thing.key)
            (self._narrow if self.narrow else self._row)(painter, box, thing)
        painter.restore()

    def _head(self, painter: QPainter, box: QRectF, head: Head) -> None:
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(font(12 if self.narrow else 13, 600))
        painter.setPen(theme.colour("text1"))
        if self.narrow:
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), head.short_date)
            return
        line = QRectF(box.left() + 14, box.bottom() - 30, box.width() - 28, 24)
        if head.patient:
            above = QRectF(line.left(), box.top() + 2, line.width(), 20)
            painter.drawText(above, middle, _cut(painter, head.patient, above.width()))
            painter.setFont(font(12))
            painter.setPen(theme.colour("text2"))
        painter.drawText(line, middle, head.date)
        at = painter.fontMetrics().horizontalAdvance(head.date) + 8
        painter.setFont(font(12))
        painter.setPen(theme.colour("text3"))
        relation = painter.fontMetrics().horizontalAdvance(head.relation)
        room = line.width() - at - painter.fontMetrics().horizontalAdvance(head.count) - 8
        if room < relation:  # "other patient" matters more than a count
            room = line.width() - at
        else:
            painter.drawText(line, middle | int(Qt.AlignmentFlag.AlignRight), head.count)
        painter.drawText(line.adjusted(at, 0, 0, 0), middle, _cut(painter, head.relation, room))

    @staticmethod
    def _frame(painter: QPainter, box: QRectF, option: QStyleOptionViewItem, active: bool) -> None:
        focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if not (active or focus or over):
            return
        frame = box.adjusted(6.5, 1.5, -6.5, -1.5)
        painter.setBrush(theme.colour("bg3" if active else "bg2"))
        painter.setPen(QPen(theme.colour("accent"), 2 if focus else 1) if active or focus else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(frame, 6, 6)

    def _picture(self, painter: QPainter, box: QRectF, stack: Stack) -> None:
        path = QPainterPath()
        path.addRoundedRect(box, 4, 4)
        picture = self._store.pixmap(stack)
        painter.fillPath(path, theme.colour("bg2" if picture is None else "canvas"))
        if picture is not None:
            size = picture.deviceIndependentSize()
            scale = min(box.width() / size.width(), box.height() / size.height())
            width, height = size.width() * scale, size.height() * scale
            place = QRectF(box.center().x() - width / 2, box.center().y() - height / 2, width, height)
            painter.setClipPath(path)
            painter.drawPixmap(place, picture, QRectF(picture.rect()))
            painter.setClipping(False)
        elif self._store.failed(stack):
            painter.drawPixmap(int(box.center().x()) - 10, int(box.center().y()) - 10, theme.pixmap("image-square", 20))

    def _row(self, painter: QPainter, box: QRectF, stack: Stack) -> None:
        self._picture(painter, QRectF(box.left() + 14, box.top() + 6, THUMBNAIL, THUMBNAIL), stack)
        left, width = box.left() + 92, box.width() - 106
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setFont(font(13, 500))
        painter.setPen(theme.colour("text1"))
        name = _cut(painter, texts.series_name(stack), width)
        painter.drawText(QRectF(left, box.top() + 7, width, 18), middle, name)
        painter.setFont(font(12))
        painter.setPen(theme.colour("text2"))
        painter.drawText(QRectF(left, box.top() + 27, width, 16), middle, _cut(painter, texts.images_of(stack), width))
        icon, colour, words = ai_state(self._session, stack)
        painter.drawPixmap(int(left), int(box.top()) + 52, theme.pixmap(icon, 14, colour))
        painter.drawText(QRectF(left + 20, box.top() + 51, width - 20, 16), middle, _cut(painter, words, width - 20))

    def _narrow(self, painter: QPainter, box: QRectF, stack: Stack) -> None:
        left = box.center().x() - NARROW_THUMBNAIL / 2
        self._picture(painter, QRectF(left, box.top() + 6, NARROW_THUMBNAIL, NARROW_THUMBNAIL), stack)
        icon, colour, _ = ai_state(self._session, stack)
        painter.drawPixmap(int(left), int(box.top()) + 75, theme.pixmap(icon, 14, colour))
        painter.setFont(font(12))
        painter.setPen(theme.colour("text2"))
        line = QRectF(left + 18, box.top() + 73, NARROW_THUMBNAIL - 18, 18)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), str(len(stack)))


def _same(one: Head | Stack, other: Head | Stack) -> bool:
    return one is other or (isinstance(one, Head) and one == other)


def _cut(painter: QPainter, text: str, width: float) -> str:
    return painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(width))
