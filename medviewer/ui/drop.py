"""Drag and drop from other programs: which paths a drag carries, and the veil that says that it may be released."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from medviewer.ui import theme
from medviewer.ui.theme import font
from medviewer.ui.translation import translate


def dropped_paths(mime: QMimeData | None) -> tuple[Path, ...]:
    """Return the local files and folders that a drag carries; links to elsewhere are left out."""
    if mime is None or not mime.hasUrls():
        return ()
    return tuple(Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile() and url.toLocalFile())


def open_words() -> str:
    """Return what a release does over the reader."""
    return translate("Drop", "Release to open. The files stay where they are, on this computer.")


def worklist_words() -> str:
    """Return what a release does over the worklist."""
    return translate("Drop", "Release to add to the worklist. The files stay where they are, on this computer.")


class DropVeil(QWidget):
    """Lies over the whole window while files are dragged across it. Never takes the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.words = open_words()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()
        parent.installEventFilter(self)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._over.rect())
        return False

    def show_over(self) -> None:
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), theme.colour("bg0", 0.55))
        pen = QPen(theme.colour("accent"), 2, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 4])
        painter.setPen(pen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(9, 9, -9, -9), 8, 8)
        text = self.words
        painter.setFont(font(15, 600))
        width = painter.fontMetrics().horizontalAdvance(text) + 88
        box = QRectF((self.width() - width) / 2, self.height() / 2 - 28, width, 56)
        painter.setPen(QPen(theme.colour("accent"), 1))
        painter.setBrush(theme.colour("bg1"))
        painter.drawRoundedRect(box, 8, 8)
        painter.drawPixmap(int(box.left()) + 20, int(box.top()) + 16, theme.pixmap("upload-simple", 24, "accent"))
        painter.setPen(theme.colour("text1"))
        painter.drawText(box.adjusted(56, 0, -16, 0), int(Qt.AlignmentFlag.AlignVCenter), text)


class FileDrops(QObject):
    """Takes files that are dragged from other programs anywhere over `window`; `dropped` carries their paths."""

    dropped = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.veil = DropVeil(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DragLeave:
            self.veil.hide()
            return False
        if not isinstance(event, QDropEvent):  # entering and moving are kinds of it
            return False
        paths = dropped_paths(event.mimeData())
        if event.type() == QEvent.Type.Drop:
            self.veil.hide()
        if not paths:
            event.ignore()
            return True
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if event.type() == QEvent.Type.DragEnter:
            self.veil.show_over()
        elif event.type() == QEvent.Type.Drop:
            self.dropped.emit(paths)
        return True
