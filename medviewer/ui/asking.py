"""What commands ask of the window: file choosers, dialogs, the palette, the sheet of keys, the full screen."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDir

from medviewer.app.deeds import model_here
from medviewer.core.errors import UserError, sentence_for
from medviewer.ui.dialogs import Dialog
from medviewer.ui.translation import say, translate

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from medviewer.app.session import Session
    from medviewer.ui.admin.asking import AdminAsks
    from medviewer.ui.asking_library import LibraryAsks
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
        self._library_made: LibraryAsks | None = None
        self._admin_made: AdminAsks | None = None

    @property
    def library(self) -> "LibraryAsks":
        """What the worklist, opinions and the library ask, made when it is first wanted."""
        if self._library_made is None:
            from medviewer.ui.asking_library import LibraryAsks

            self._library_made = LibraryAsks(self, self._window)
        return self._library_made

    @property
    def admin(self) -> "AdminAsks":
        """What the admin page asks, made when it is first wanted."""
        if self._admin_made is None:
            from medviewer.ui.admin.asking import AdminAsks

            self._admin_made = AdminAsks(self, self._window)
        return self._admin_made

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
        known = table.get(what) or self.library.table().get(what) or self.admin.table()[what]
        known(**values)

    def resized(self) -> None:
        """Keep what covers the window as large as the window."""
        for cover in (self._palette_made, self.sheet):
            if cover is not None and cover.isVisible():
                cover.setGeometry(self._window.rect())

    def show(self, dialog: "QDialog") -> None:
        """Open a dialog; dialogs are never stacked, so that an older one gives way."""
        if self.dialog is not None:
            self.dialog.close()
        self.dialog = dialog
        dialog.finished.connect(lambda _result: self._gone(dialog))
        if isinstance(dialog, Dialog):
            dialog.open_when_made()
        else:
            dialog.open()

    def _gone(self, dialog: "QDialog") -> None:
        if self.dialog is dialog:
            self.dialog = None
            self._window.activateWindow()  # a screen without a window manager would leave the keyboard nowhere

    def choose(
        self,
        title: str,
        chosen: Callable[[list[str]], object],
        *,
        folder: bool = False,
        one: bool = False,
        accept: str = "",
    ) -> "QDialog":
        """Let files (`folder`: a folder, `one`: one file) be chosen; `chosen` gets their paths, if there are any."""
        from PySide6.QtWidgets import QFileDialog

        chooser = QFileDialog(self._window, title, self._folder)
        chooser.setOption(QFileDialog.Option.DontUseNativeDialog)  # the system's own would be a white sheet
        modes = QFileDialog.FileMode
        chooser.setFileMode(modes.Directory if folder else modes.ExistingFile if one else modes.ExistingFiles)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly, folder)
        chooser.setLabelText(QFileDialog.DialogLabel.Accept, accept or translate("Asking", "Open"))
        chooser.setLabelText(QFileDialog.DialogLabel.Reject, translate("Asking", "Cancel"))

        def take(files: list[str]) -> None:
            if files:
                self._folder = str(Path(files[0]).parent)
                chosen(files)

        chooser.filesSelected.connect(take)
        self.show(chooser)
        return chooser

    def _open_files(self) -> None:
        self.choose(translate("Asking", "Open DICOM files, a ZIP, a DICOMDIR or pictures"), self.session.open)

    def _open_folder(self) -> None:
        self.choose(translate("Asking", "Open a folder"), self.session.open, folder=True)

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

        self.show(SettingsDialog(self._window, self._window.commander, key))

    def _about(self) -> None:
        from medviewer.ui.dialogs import AboutDialog

        self.show(AboutDialog(self._window, self.session.log_path))

    def _skipped(self) -> None:
        from medviewer.ui.dialogs import SkippedDialog

        opened = self.session.opened
        self.show(SkippedDialog(self._window, opened.skipped, opened.forget_skipped))

    def _model_card(self) -> None:
        from medviewer.ui.card_dialog import CardDialog

        model = model_here(self.session)
        if model is not None:
            self.show(CardDialog(self._window, model.card))

    def _read_range(self, count: int, first: int, last: int) -> None:
        from medviewer.ui.dialogs import RangeDialog

        def read(start: int, end: int) -> None:
            self._window.commander.run("ai.read_range", first=start, last=end)

        self.show(RangeDialog(self._window, count, first, last, read))

    def _details(self, error: BaseException | None = None) -> None:
        from medviewer.ui.dialogs import Message

        if error is not None:
            details = error.details if isinstance(error, UserError) else type(error).__name__
            title = translate("Asking", "What happened")
            self.show(Message(self._window, title, say(sentence_for(error)), details))

    def _full_screen(self) -> None:
        window = self._window
        if window.isFullScreen():
            window.showNormal()
        else:
            window.showFullScreen()
        if window.area is not None:
            window.area.update()
