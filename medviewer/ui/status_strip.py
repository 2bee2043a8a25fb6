"""The strip at the foot of the window: "Not for diagnostic use" first and always, then where things stand."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from medviewer import __version__
from medviewer.ui.arrange import fill, line, row, surface
from medviewer.ui.theme import STATUS
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Icon, Label

#: How long a passing word ("Open a study first.") stays.
MESSAGE_MS = 6000


class StatusStrip(QWidget):
    """28 px high, never hidden."""

    def __init__(self) -> None:
        super().__init__()
        surface(self, "status")
        self.setFixedHeight(STATUS)
        self._compact = False
        layout = row(self, (14, 0, 14, 0))
        self.warning = Label(translate("Status", "Not for diagnostic use"), 12, "warn", 600)
        self.synthetic = Label(translate("Status", "Pictures are synthetic"), 12, "text3")
        self.message = Label("", 12, "text1", elide=True)
        self.message.setAccessibleName(translate("Status", "Message"))
        self.device = Label("", 12, "text3")
        self.display = Label(translate("Status", "Display: greyscale calibration not checked"), 12, "text3")
        self.version = Label(f"medviewer {__version__}", 12, "text3")
        self._before_synthetic = line(vertical=True, length=12)
        self._after_device = line(vertical=True, length=12)
        fill(layout, Icon("warning", 14, "warn"), 8, self.warning, 12, self._before_synthetic, 12, self.synthetic, 12)
        layout.addWidget(self.message, 1)
        fill(layout, 12, self.device, 12, self._after_device, 12, self.display, 12)
        fill(layout, line(vertical=True, length=12), 12, self.version)
        self._clear = QTimer(self)
        self._clear.setSingleShot(True)
        self._clear.timeout.connect(lambda: self.message.setText(""))
        self.set_synthetic(False)
        self.set_device("")

    def set_synthetic(self, synthetic: bool) -> None:
        self.synthetic.setVisible(synthetic)
        self._before_synthetic.setVisible(synthetic)

    def set_device(self, sentence: str) -> None:
        """Say where the model runs; nothing before it has run."""
        self.device.setText(sentence)
        self._fold()

    def set_compact(self, compact: bool) -> None:
        """Leave out what a small window has no room for."""
        self._compact = compact
        self._fold()

    def _fold(self) -> None:
        shown = bool(self.device.text()) and not self._compact
        self.device.setVisible(shown)
        self._after_device.setVisible(shown)

    def say(self, sentence: str) -> None:
        """Show a passing word: why a key did nothing, what was done."""
        self.message.setText(sentence)
        self._clear.start(MESSAGE_MS)
