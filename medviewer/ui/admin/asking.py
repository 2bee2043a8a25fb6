"""What commands of the admin page ask of the window.

A section's module may have `ASKS`: what can be asked -> a function of `AdminAsks` and the values, for its own dialogs.
Modules of dialogs are imported beside the event loop: each of them takes it 10 to 20 ms.
"""

import sys
import threading
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.gently import import_gently
from medviewer.ui.translation import translate

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from medviewer.app.session import Session
    from medviewer.ui.asking import Asking
    from medviewer.ui.bridge import MainThread
    from medviewer.ui.main_window import MainWindow
    from medviewer.ui.shortcuts import Commander

#: What is asked of a section -> its module, which answers in its `ASKS`.
OF_SECTIONS = {
    "new_training": "medviewer.ui.admin.training",
    "remove_run": "medviewer.ui.admin.training",
    "new_comparison": "medviewer.ui.admin.compare",
    "promote": "medviewer.ui.admin.compare",
}
#: What is asked -> the module that makes its dialog; others have one in `dialogs`, or none.
DIALOGS = {
    "new_dataset": "medviewer.ui.admin.new_data_set",
    "new_training": "medviewer.ui.admin.new_training",
    "new_comparison": "medviewer.ui.admin.new_comparison",
    "promote": "medviewer.ui.admin.promote_dialog",
    "version_card": "medviewer.ui.card_dialog",
}


class AdminAsks:
    """One method for each thing that can be asked (`session.ask("new_dataset")` -> `_new_dataset`)."""

    def __init__(self, asking: "Asking", window: "MainWindow") -> None:
        self._asking, self.window = asking, window

    @property
    def session(self) -> "Session":
        return self.window.commander.session

    @property
    def commander(self) -> "Commander":
        return self.window.commander

    @property
    def bridge(self) -> "MainThread":
        return self.window.bridge

    def show(self, dialog: "QDialog") -> None:
        """Open a dialog; an older one gives way."""
        self._asking.show(dialog)

    def choose(self, title: str, chosen: Callable[[list[str]], object], **how: Any) -> None:
        """Let files or a folder be chosen (see `Asking.choose`)."""
        self._asking.choose(title, chosen, **how)

    def table(self) -> dict[str, Callable[..., object]]:
        """Return what can be asked, by name."""
        here: dict[str, Callable[..., object]] = {
            "new_dataset": self._new_dataset,
            "remove_dataset": self._remove_dataset,
            "version_card": self._card,
            "first_use": self._first_use,
            "import_model": self._import_model,
            "export_model": self._export_model,
            "remove_model": self._remove_model,
        }
        here |= {what: partial(self._ask_section, what) for what in OF_SECTIONS}
        return {what: partial(self._once_imported, what, act) for what, act in here.items()}

    def _ask_section(self, what: str, **values: Any) -> None:
        asks: dict[str, Callable[..., object]] = import_module(OF_SECTIONS[what]).ASKS
        asks[what](self, **values)

    def _once_imported(self, what: str, act: Callable[..., object], **values: Any) -> None:
        """Do it, in a later turn of the event loop where something must be imported for it first."""
        modules = ("medviewer.ui.admin.dialogs", OF_SECTIONS.get(what, ""), DIALOGS.get(what, ""))
        missing = [module for module in modules if module and module not in sys.modules]
        if not missing:
            act(**values)
            return

        def work() -> None:
            try:
                import_gently(*missing)
            finally:
                self.bridge.soon(lambda: act(**values))

        threading.Thread(target=work, name=f"import-{what}", daemon=True).start()

    # -- data sets

    def _new_dataset(self, source: str = "opinions") -> None:
        from medviewer.ui.admin.new_data_set import Draft, NewDataSetDialog

        self.show(NewDataSetDialog(self, Draft(source)))

    def choose_then(self, title: str, chosen: Callable[[str], object], left: Callable[[], object], **how: Any) -> None:
        """Let one thing be chosen; `left` is called where nothing was (a dialog that gave way comes back)."""
        taken: list[str] = []

        def take(files: list[str]) -> None:
            taken.append(files[0])
            chosen(files[0])

        chooser = self._asking.choose(title, take, **how)
        chooser.finished.connect(lambda _result: None if taken else left())

    def _remove_dataset(self, dataset: str) -> None:
        from medviewer.ui.admin.dialogs import RemoveDialog

        found = self.session.admin.datasets.get(dataset)
        name = f"{found.facts.name}, {translate('Admin', 'version {0}').format(found.facts.version)}"
        lines = (
            translate("Admin", "Its pictures and labels are deleted. The studies in the library stay as they are."),
            translate("Admin", "Runs and comparisons that used it keep their figures but cannot be repeated."),
            translate("Admin", "The audit keeps that it was removed, by whom and when."),
        )

        def remove() -> None:
            self.commander.run("dataset.remove_now", dataset=dataset)

        title = translate("Admin", "Remove the data set {0}?").format(name)
        act, keep = translate("Admin", "Remove the data set"), translate("Admin", "Keep it")
        self.show(RemoveDialog(self.window, title, lines, found.facts.name, (act, keep), remove))

    # -- runs and models

    def _first_use(self, model: str, version: str) -> None:
        from medviewer.ui.admin.dialogs import ReasonDialog

        def go(reason: str) -> None:
            self.commander.run("model.first_use", model=model, version=version, reason=reason)

        title = translate("Admin", "Take {0} {1} into use?").format(model, version)
        words = translate("Admin", "No version of this model is in use, so that there is nothing to compare it with.")
        act = translate("Admin", "Take it into use")
        self.show(ReasonDialog(self.window, title, words, act, go))

    def _card(self, model: str, version: str) -> None:
        from medviewer.ui.admin.dialogs import show_card

        show_card(self, model, version)

    def _import_model(self) -> None:
        title = translate("Admin", "Import a model: choose its folder")
        accept = translate("Admin", "Import this folder")
        run = self.commander.run
        self.choose(title, lambda f: run("model.import", path=f[0]), folder=True, accept=accept)

    def _export_model(self, model: str, version: str) -> None:
        title = translate("Admin", "Export {0} {1} into a folder").format(model, version)
        accept, run = translate("Admin", "Export here"), self.commander.run

        def go(files: list[str]) -> None:
            run("model.export", model=model, version=version, to=str(Path(files[0])))

        self.choose(title, go, folder=True, accept=accept)

    def _remove_model(self, model: str, version: str) -> None:
        from medviewer.ui.admin.dialogs import RemoveDialog

        lines = (
            translate("Admin", "Its folder is deleted. Results that it gave stay, under its name and version."),
            translate("Admin", "The audit keeps that it was removed, by whom and when."),
        )

        def remove() -> None:
            self.commander.run("model.remove", model=model, version=version, now=True)

        title = translate("Admin", "Remove {0} {1}?").format(model, version)
        act, keep = translate("Admin", "Remove this version"), translate("Admin", "Keep it")
        self.show(RemoveDialog(self.window, title, lines, version, (act, keep), remove))
