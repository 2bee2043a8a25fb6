"""What commands of the worklist, of opinions and of the library ask of the window."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.opinions import About, OpinionRecord, Verdict
from medviewer.ui.translation import translate

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.ui.asking import Asking
    from medviewer.ui.main_window import MainWindow
    from medviewer.ui.shortcuts import Commander

#: Opinions that are looked through for labels used before.
LOOKED = 500


class LibraryAsks:
    """One method for each thing that can be asked (`session.ask("note")` -> `note`)."""

    def __init__(self, asking: "Asking", window: "MainWindow") -> None:
        self._asking, self._window = asking, window

    @property
    def session(self) -> "Session":
        return self._window.commander.session

    @property
    def commander(self) -> "Commander":
        return self._window.commander

    def table(self) -> dict[str, Callable[..., object]]:
        """Return what can be asked, by name."""
        return {
            "note": self._note,
            "relabel": self._relabel,
            "move_to": self._move_to,
            "urgency": self._urgency,
            "remove": self._remove,
            "filter": self._filter,
            "preview": self._preview,
            "export": self._export,
            "backup": self._backup,
            "restore": self._restore,
            "watch": self._watch,
            "add_files": self._add_files,
            "add_folder": self._add_folder,
            "triage_skipped": self._skipped,
            "audit_checked": self._audit_checked,
        }

    # -- opinions

    def _still(self, about: About) -> bool:
        """Say whether an opinion would still be about the same thing; a refusal becomes a passing word."""
        now = self.session.opinions.about()
        same = now is not None and (now.study_id, now.finding) == (about.study_id, about.finding)
        if not same:
            words = translate("Library", "Another study is on the screen now. Nothing was kept.")
            self._window.status.say(words)
        return same

    def _note(self) -> None:
        from medviewer.ui.dialogs_library import NoteDialog

        about = self.session.opinions.about()
        if about is None:
            return
        before = about.mine.note if about.mine else ""
        drafts, study = self.session.drafts, about.study_id

        def keep(text: str) -> None:
            drafts.put(study, text)  # until it is on the disk
            if self._still(about):
                self.commander.run("opinion.note", text=text)

        def leave(text: str) -> None:
            drafts.put(study, text if text != before.strip() else "")

        self._asking.show(NoteDialog(self._window, before, keep, leave, drafts.of(study), leave))

    def _relabel(self) -> None:
        from medviewer.ui.dialogs_library import RelabelDialog

        about = self.session.opinions.about()
        if about is None:
            return

        def choose(label: str) -> None:
            if self._still(about):
                self.commander.run("opinion.relabel", label=label)

        dialog = RelabelDialog(self._window, self._classes(about), choose)
        self._asking.show(dialog)

        def used(found: "Future[tuple[OpinionRecord, ...]]") -> None:
            if self._asking.dialog is dialog and not found.cancelled() and found.exception() is None:
                dialog.add_used([opinion.label for opinion in found.result()])

        relabelled = frozenset({Verdict.RELABEL})
        look = self.session.shelf.read(lambda library: library.opinions(verdicts=relabelled, most=LOOKED))
        look.add_done_callback(self._window.bridge.deliver(used))

    def _classes(self, about: About) -> list[str]:
        """Return the titles of the model's classes, without the one that it found (if that may be seen)."""
        reading = about.reading
        model = self.session.model(reading.model) if reading is not None else None
        if reading is None or model is None:
            return []
        titles = [label.title or label.name for label in model.card.labels]
        found = reading.finding if reading.positive and not about.first else ""
        return [title for title in titles if title != found]

    # -- the worklist

    def _move_to(self, study: int) -> None:
        from medviewer.ui.dialogs_library import MoveDialog

        worklist = self.session.worklist
        place = worklist.place_of(study) + 1

        def move(to: int) -> None:
            self.commander.run("worklist.move_to", study=study, place=to)

        self._asking.show(MoveDialog(self._window, place, len(worklist), move))

    def _urgency(self, study: int) -> None:
        from medviewer.ui.dialogs_library import UrgencyDialog

        row = self.session.worklist.known(study)

        def choose(urgency: str) -> None:
            self.commander.run("worklist.urgency", study=study, urgency=urgency)

        self._asking.show(UrgencyDialog(self._window, row.urgency.value if row else "", choose))

    def _remove(self, studies: Sequence[int]) -> None:
        from medviewer.ui.dialogs_library import RemoveDialog

        ids = tuple(studies)
        self._asking.show(RemoveDialog(self._window, len(ids), lambda: self.session.worklist.remove(ids)))

    def _filter(self) -> None:
        if self._window.book.worklist is not None:
            self._window.book.worklist.focus_search()

    def _preview(self) -> None:
        if self._window.book.worklist is not None:
            self._window.book.worklist.toggle_preview()

    def _skipped(self) -> None:
        from medviewer.ui.dialogs import SkippedDialog

        triage = self.session.triage
        self._asking.show(SkippedDialog(self._window, triage.skipped, triage.forget_skipped))

    def _add_files(self) -> None:
        self._asking.choose(translate("Asking", "Add files to the worklist"), self._add)

    def _add_folder(self) -> None:
        self._asking.choose(translate("Asking", "Add a folder to the worklist"), self._add, folder=True)

    def _add(self, files: list[str]) -> None:
        self.session.triage.add(files)

    def _watch(self) -> None:
        title = translate("Asking", "Watch a folder: its files come to the worklist by themselves")
        watch = translate("Asking", "Watch this folder")
        run = self.commander.run
        self._asking.choose(title, lambda f: run("worklist.watch", folder=f[0]), folder=True, accept=watch)

    def _export(self) -> None:
        from medviewer.ui.dialogs_keeping import ExportDialog

        title, accept = translate("Asking", "Export the list into a folder"), translate("Asking", "Export here")

        def go(identity: bool) -> None:
            def write(files: list[str]) -> None:
                self.commander.run("worklist.export", folder=files[0], identity=identity)

            self._asking.choose(title, write, folder=True, accept=accept)

        self._asking.show(ExportDialog(self._window, len(self.session.worklist), go))

    # -- the library

    def _backup(self) -> None:
        title = translate("Asking", "Back up the library: the file gets the date and time as its name")
        accept, run = translate("Asking", "Back up here"), self.commander.run
        self._asking.choose(title, lambda f: run("library.backup", to=f[0]), folder=True, accept=accept)

    def _restore(self) -> None:
        from medviewer.ui.dialogs_keeping import RestoreDialog

        def ask(files: list[str]) -> None:
            def restore() -> None:
                self.commander.run("library.restore", file=files[0])

            self._asking.show(RestoreDialog(self._window, Path(files[0]).name, restore))

        title, accept = translate("Asking", "Choose the backup to go back to"), translate("Asking", "Choose")
        self._asking.choose(title, ask, accept=accept, one=True)

    def _audit_checked(self, found: Any) -> None:
        from medviewer.ui.dialogs_keeping import VerifiedDialog

        self._asking.show(VerifiedDialog(self._window, found))
