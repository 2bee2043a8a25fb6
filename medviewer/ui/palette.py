"""The command palette (Ctrl+K): one field that finds studies, commands and settings."""

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from medviewer.ui import theme
from medviewer.ui.arrange import column, fill, in_row, line, surface
from medviewer.ui.palette_items import ORDERS, SETTING, STUDIES, Entry, entries, match
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import font
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Icon, Keycap, paint_keycap

WIDTH, LINE, HEAD = 640, 36, 28
#: At most so many lines of a group.
MOST = {STUDIES: 6, ORDERS: 12, SETTING: 6}
_EntryRole = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class _Lines(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Entry | str] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        one = self.lines[index.row()]
        if role == _EntryRole:
            return one
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if isinstance(one, str):
                return one
            return "   ".join(part for part in (one.text, one.key, one.reason) if part)
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(one, Entry) and one.reason:
            return one.reason
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.lines[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def show(self, lines: list[Entry | str]) -> None:
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()


class _Painter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, HEAD if isinstance(index.data(_EntryRole), str) else LINE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        one = index.data(_EntryRole)
        box = QRectF(option.rect)
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(one, str):
            painter.setFont(font(12, 600))
            painter.setPen(theme.colour("text3"))
            painter.drawText(box.adjusted(10, 6, 0, 0), middle, one)
            painter.restore()
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("bg3"))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), 6, 6)
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(box.left(), box.top() + 9, 3, box.height() - 18), 1.5, 1.5)
        colour = "off" if one.reason else one.colour
        painter.drawPixmap(int(box.left()) + 12, int(box.top()) + 9, theme.pixmap(one.icon, 18, colour))
        right = box.right() - 10
        if one.key:
            painter.setFont(font(11, 500))
            width = max(20, painter.fontMetrics().horizontalAdvance(one.key) + 11)
            paint_keycap(painter, QRectF(right - width, box.center().y() - 9, width, 18), one.key)
            right -= width + 12
        painter.setFont(font(14, 500 if chosen else 400))
        painter.setPen(theme.colour("off" if one.reason else "text1" if chosen else "text2"))
        text_box = QRectF(box.left() + 42, box.top(), right - box.left() - 42, box.height())
        wide = painter.fontMetrics().horizontalAdvance(one.text)
        shown = painter.fontMetrics().elidedText(one.text, Qt.TextElideMode.ElideRight, int(text_box.width()))
        painter.drawText(text_box, middle, shown)
        if one.reason and text_box.width() - wide > 60:
            painter.setFont(font(12))
            painter.setPen(theme.colour("text3"))
            rest = text_box.adjusted(wide + 16, 0, 0, 0)
            reason = painter.fontMetrics().elidedText(one.reason, Qt.TextElideMode.ElideRight, int(rest.width()))
            painter.drawText(rest, middle | int(Qt.AlignmentFlag.AlignRight), reason)
        painter.restore()


class Palette(QWidget):
    """Covers the window while it is open (a click beside the card closes it). Recent commands come first."""

    def __init__(self, commander: Commander, parent: QWidget) -> None:
        super().__init__(parent)
        self._commander = commander
        self._recent: list[str] = []
        self._before: QWidget | None = None
        self.card = QFrame(self)
        surface(self.card, "sheet")
        self.card.setFixedWidth(WIDTH)
        self.field = QLineEdit()
        self.field.setProperty("kind", "bare")
        self.field.setFont(font(18, 500))
        self.field.setPlaceholderText(translate("Palette", "Find a study or a command"))
        self.field.setAccessibleName(translate("Palette", "Find a study, a command or a setting"))
        self.list = QListView()
        self.list.setProperty("kind", "bare")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(translate("Palette", "What was found"))
        self.model = _Lines()
        self.list.setModel(self.model)
        self._painter = _Painter(self.list)
        self.list.setItemDelegate(self._painter)
        head = in_row(Icon("magnifying-glass", 20), spacing=12, grow=self.field)
        fill(head.layout(), Keycap("Esc"))  # type: ignore[arg-type]
        fill(column(self.card, (16, 14, 16, 12), 8), head, line(), self.list)
        self.field.textChanged.connect(lambda _text: self.refresh())
        self.field.installEventFilter(self)
        self.list.clicked.connect(self._run)
        self.hide()

    def open(self) -> None:
        """Show it, empty, with the keyboard in its field."""
        self._before = self.window().focusWidget()
        self.field.clear()
        self.refresh()
        self.setGeometry(self.parentWidget().rect())  # type: ignore[union-attr]
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_it(self) -> None:
        """Hide it and give the keyboard back."""
        self.hide()
        if self._before is not None and self._before.isVisible():
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Find again what fits the field's text."""
        query = self.field.text()
        found: dict[str, list[tuple[float, Entry]]] = {STUDIES: [], ORDERS: [], SETTING: []}
        for entry in entries(self._commander, query):
            score = match(query, entry.text)
            if score is not None:
                score += self._recency(entry) if entry.id else 0
                found[entry.group].append((score, entry))
        heads = {
            STUDIES: translate("Palette", "STUDIES"),
            ORDERS: translate("Palette", "COMMANDS"),
            SETTING: translate("Palette", "SETTINGS"),
        }
        lines: list[Entry | str] = []
        best = {group: max((s for s, _ in hits), default=0.0) for group, hits in found.items()}
        order = sorted(found, key=lambda group: -best[group]) if query.strip() else [STUDIES, ORDERS, SETTING]
        for group in order:
            hits = sorted(found[group], key=lambda hit: -hit[0])
            most = MOST[group] if query.strip() else len(hits)
            if hits:
                lines.append(heads[group])
                lines += [entry for _, entry in hits[:most]]
        self.model.show(lines or [translate("Palette", "Nothing fits. Try another word.")])
        self._select(next((i for i, one in enumerate(lines) if isinstance(one, Entry)), -1))
        self._place()

    def _recency(self, entry: Entry) -> float:
        return 20.0 - self._recent.index(entry.id) if entry.id in self._recent else 0.0

    def _select(self, at: int) -> None:
        if at >= 0:
            self.list.setCurrentIndex(self.model.index(at))

    def _place(self) -> None:
        height = sum(HEAD if isinstance(one, str) else LINE for one in self.model.lines)
        parent = self.parentWidget()
        if parent is None:
            return
        room = int(parent.height() * 0.7) - 90
        self.list.setFixedHeight(max(HEAD, min(height + 4, room)))
        self.card.adjustSize()
        self.card.move((parent.width() - WIDTH) // 2, int(parent.height() * 0.2))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event.key())
        if event.type() == QEvent.Type.FocusOut and self.isVisible() and self.window().isActiveWindow():
            self.hide()
        return False

    def _key(self, key: int) -> bool:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(Qt.Key(key))
        if step is not None:
            places = [i for i, one in enumerate(self.model.lines) if isinstance(one, Entry)]
            if places:
                row = self.list.currentIndex().row()
                at = places.index(row) if row in places else 0
                self._select(places[min(max(at + step, 0), len(places) - 1)])
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.list.currentIndex())
            return True
        if key == Qt.Key.Key_Escape:
            self.close_it()
            return True
        return key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)

    def _run(self, index: QModelIndex) -> None:
        entry = index.data(_EntryRole) if index.isValid() else None
        if not isinstance(entry, Entry):
            return
        if entry.fill:
            self.field.setText(entry.fill)
            return
        self.close_it()
        if entry.id:
            self._recent = [entry.id, *(each for each in self._recent if each != entry.id)][:10]
        entry.act()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close_it()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("bg0", 0.35))
