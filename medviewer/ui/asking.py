"""What commands ask of the window: file choosers, dialogs, the palette, the sheet of keys, the full screen."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDir

from medviewer.app.deeds import model_here
from medviewer.core.errors import UserError, sentence_for
from medviewer.ui.translation import say, translate

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog, QFileDialog

    from medviewer.app.session import Session
    from medviewer.ui.main_window import MainWindow
    from medviewer.ui.palette import Palette
    from medviewer.ui.shortcuts_sheet import ShortcutsSheet


class Asking:
    """One method for each thing that can be asked (`session.ask("settings")` -> `_settings`)."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._palette_made: Palette | None = None
        self.sheet: ShortcutsSheet | None = None
        self.dialog: QDialog | None = None  # the one dialog that may be open
        self._folder = QDir.homePath()

    @property
    def session(self) -> "Session":
        return self._window.commander.session

    @property
    def palette(self) -> "Palette":
        """The palette, made when it is first wanted."""
        if self._palette_made is None:
            from medviewer.ui.palette import Palette

            self._palette_made = Palette(self._window.commander, self._window)
        return self._palette_made

    def answer(self, what: str, **values: Any) -> None:
        """Do it.

        Raises:
            KeyError: a command asks for something that this window does not have.
        """
        table: dict[str, Callable[..., object]] = {
            "open_files": self._open_files,
            "open_folder": self._open_folder,
            "skipped": self._skipped,
            "quit": self._window.close,
            "full_screen": self._full_screen,
            "palette": self._palette,
            "shortcuts": self._shortcuts,
            "settings": self._settings,
            "about": self._about,
            "model_card": self._model_card,
            "read_range": self._read_range,
            "details": self._details,
        }
        table[what](**values)

    def resized(self) -> None:
        """Keep what covers the window as large as the window."""
        for cover in (self._palette_made, self.sheet):
            if cover is not None and cover.isVisible():
                cover.setGeometry(self._window.rect())

    def _show(self, dialog: "QDialog") -> None:
        """Open a dialog; dialogs are never stacked, so that an older one gives way."""
        if self.dialog is not None:
            self.dialog.close()
        self.dialog = dialog
        dialog.finished.connect(lambda _result: self._gone(dialog))
        dialog.open()

    def _gone(self, dialog: "QDialog") -> None:
        if self.dialog is dialog:
            self.dialog = None
            self._window.activateWindow()  # a screen without a window manager would leave the keyboard nowhere

    def _chooser(self, title: str) -> "QFileDialog":
        from PySide6.QtWidgets import QFileDialog

        chooser = QFileDialog(self._window, title, self._folder)
        chooser.setOption(QFileDialog.Option.DontUseNativeDialog)  # the system's own would be a white sheet
        chooser.setFileMode(QFileDialog.FileMode.ExistingFiles)
        chooser.setLabelText(QFileDialog.DialogLabel.Accept, translate("Asking", "Open"))
        chooser.setLabelText(QFileDialog.DialogLabel.Reject, translate("Asking", "Cancel"))
        chooser.filesSelected.connect(self._chosen)
        return chooser

    def _open_files(self) -> None:
        self._show(self._chooser(translate("Asking", "Open DICOM files, a ZIP, a DICOMDIR or pictures")))

    def _open_folder(self) -> None:
        chooser = self._chooser(translate("Asking", "Open a folder"))
        chooser.setFileMode(chooser.FileMode.Directory)
        chooser.setOption(chooser.Option.ShowDirsOnly)
        self._show(chooser)

    def _chosen(self, files: list[str]) -> None:
        if files:
            self._folder = str(Path(files[0]).parent)
            self.session.open(files)

    def _palette(self) -> None:
        if self.palette.isVisible():
            self.palette.close_it()
        else:
            self.palette.open()

    def _shortcuts(self) -> None:
        from medviewer.ui.shortcuts_sheet import ShortcutsSheet

        if self.sheet is None:
            self.sheet = ShortcutsSheet(self._window.commander, self._window)
        if self.sheet.isVisible():
            self.sheet.close_it()
        else:
            self.sheet.open()

    def _settings(self, key: str = "") -> None:
        from medviewer.ui.settings_dialog import SettingsDialog

        self._show(SettingsDialog(self._window, self._window.commander, key))

    def _about(self) -> None:
        from medviewer.ui.dialogs import AboutDialog

        self._show(AboutDialog(self._window, self.session.log_path))

    def _skipped(self) -> None:
        from medviewer.ui.dialogs import SkippedDialog

        opened = self.session.opened
        self._show(SkippedDialog(self._window, opened.skipped, opened.forget_skipped))

    def _model_card(self) -> None:
        from medviewer.ui.card_dialog import CardDialog

        model = model_here(self.session)
        if model is not None:
            self._show(CardDialog(self._window, model.card))

    def _read_range(self, count: int, first: int, last: int) -> None:
        from medviewer.ui.dialogs import RangeDialog

        def read(start: int, end: int) -> None:
            self._window.commander.run("ai.read_range", first=start, last=end)

        self._show(RangeDialog(self._window, count, first, last, read))

    def _details(self, error: BaseException | None = None) -> None:
        from medviewer.ui.dialogs import Message

        if error is not None:
            details = error.details if isinstance(error, UserError) else type(error).__name__
            title = translate("Asking", "What happened")
            self._show(Message(self._window, title, say(sentence_for(error)), details))

    def _full_screen(self) -> None:
        window = self._window
        if window.isFullScreen():
            window.showNormal()
        else:
            window.showFullScreen()
        if window.area is not None:
            window.area.update()
