"""PySide makes each class of Qt when it is first named; here that happens on the Qt thread, before others name them.

Two threads that name the same class for the first time crash the process: shiboken 6.11 makes it twice, and takes it
twice from its table of classes to be made. So what a thread is going to import or to name is made here first.
"""

import time
from collections.abc import Callable, Iterator

from PySide6 import QtCore, QtGui, QtWidgets

from medviewer.app.gently import PATIENCE_S, REST_S, calm

#: What modules of medviewer/ui import from Qt; some of them are imported on threads.
NAMED = {
    QtCore: """
        QAbstractListModel QAbstractTableModel QByteArray QCoreApplication QDate QDateTime QDir QEvent
        QItemSelection QLibraryInfo QLineF QLocale QMimeData QModelIndex QObject QPersistentModelIndex QPoint
        QPointF QPropertyAnimation QRect QRectF QSize QSocketNotifier QT_TRANSLATE_NOOP QTimer QTranslator Qt Signal
        qVersion
    """,
    QtGui: """
        QAccessible QAccessibleAnnouncementEvent QBrush QCloseEvent QColor QContextMenuEvent QCursor QDragEnterEvent
        QDragLeaveEvent QDropEvent QEnterEvent QFocusEvent QFont QFontDatabase QFontMetrics QFontMetricsF
        QGuiApplication QHelpEvent QHideEvent QIcon QImage QKeyEvent QKeySequence QMouseEvent QPaintEvent QPainter
        QPainterPath QPalette QPen QPixmap QPolygonF QResizeEvent QShortcut QShowEvent QStaticText QTransform
        QWheelEvent QWindow
    """,
    QtWidgets: """
        QAbstractButton QAbstractItemView QAbstractSpinBox QApplication QBoxLayout QButtonGroup QCheckBox QComboBox
        QDialog QDoubleSpinBox QFileDialog QFormLayout QFrame QGraphicsOpacityEffect QGridLayout QHBoxLayout
        QHeaderView QLabel QLayout QLineEdit QListView QListWidget QListWidgetItem QMainWindow QMenu QPlainTextEdit
        QPushButton QScrollArea QSizePolicy QSlider QSpinBox QStackedWidget QStyle QStyleFactory
        QStyleOptionViewItem QStyledItemDelegate QTableView QTableWidget QTableWidgetItem QToolButton QToolTip
        QVBoxLayout QWidget
    """,
}
#: All classes are made at the reader's next rest: so much at a time, and how often.
STEP_S, STEP_MS = 0.003, 5


def make_named() -> None:
    """Make the classes that this package names (20 ms where the shell is there already)."""
    for module, names in NAMED.items():
        for name in names.split():
            getattr(module, name)


class Making(QtCore.QTimer):
    """Makes all classes of Qt (0.2 s in all) in steps of the event loop, then calls `then`; begins at once."""

    def __init__(self, then: Callable[[], object]) -> None:
        super().__init__(QtCore.QCoreApplication.instance())
        self._then = then
        self._left = self._steps()
        self._patience = time.monotonic() + PATIENCE_S
        self.timeout.connect(self._step)
        self.start(STEP_MS)

    @staticmethod
    def _steps() -> Iterator[None]:
        for module in (QtCore, QtGui, QtWidgets):
            for name in dir(module):
                yield getattr(module, name)

    def _step(self) -> None:
        now = time.monotonic()
        if not calm.rested(REST_S) and now < self._patience:
            return
        for _made in self._left:
            if time.monotonic() - now > STEP_S:
                return
        self.stop()
        self._then()
