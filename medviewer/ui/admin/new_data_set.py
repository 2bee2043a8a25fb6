"""A new data set: from opinions, from a folder with a table of labels, or from a packed file; and how it is split."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from medviewer.app.opinions import AgreementRow
from medviewer.core.datasets import DataSet
from medviewer.ui.admin.pieces import aside
from medviewer.ui.admin.words import dataset_words
from medviewer.ui.agreement.tables import count_words
from medviewer.ui.arrange import column, fill, in_row, put_inside
from medviewer.ui.controls import Button, Segments
from medviewer.ui.dialogs import Dialog
from medviewer.ui.theme import font
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label

if TYPE_CHECKING:
    from medviewer.ui.admin.asking import AdminAsks

WIDTH, NAMES = 640, 128
#: Shares that are offered, of the parts that are fitted, that choose, and that are locked.
SHARES = ((60, 20, 20), (70, 15, 15), (80, 10, 10))


@dataclass
class Draft:
    """What was filled in, while a chooser has the screen."""

    source: str = "opinions"
    name: str = ""
    values: dict[str, Any] = field(default_factory=dict)


class NewDataSetDialog(Dialog):
    """The button runs `dataset.gather`; the jobs bar shows how far it is, and cancels it."""

    def __init__(self, asks: "AdminAsks", draft: Draft) -> None:
        super().__init__(asks.window, translate("Admin", "New data set"), WIDTH)
        self._asks, self._draft = asks, draft
        self._counts: dict[str, AgreementRow] = {}
        self._closed = False
        self.finished.connect(lambda _result: setattr(self, "_closed", True))

    def parts(self) -> Iterator[QWidget | None]:
        """Make the sources, each a page, what all of them need, and the buttons; then ask what there is."""
        choices = (
            ("opinions", translate("Admin", "From opinions")),
            ("folder", translate("Admin", "From a folder")),
            ("packed", translate("Admin", "From a packed file")),
        )
        self.source = Segments(translate("Admin", "Source"), choices)
        self.source.chosen.connect(self._choose_source)
        self.pages = QStackedWidget()
        fill(self.content, self.source, self.pages)
        yield self.source
        self.opinions = QWidget()
        self.pages.addWidget(self.opinions)
        self._make_opinions(column(self.opinions, spacing=8))
        yield self.opinions
        self.folder = _Files(
            self,
            "folder",
            translate("Admin", "Folder with DICOM files or pictures"),
            translate("Admin", "Table of labels (empty: labels.csv in the folder)"),
        )
        self.pages.addWidget(self.folder)
        yield self.folder
        self.packed = _Files(
            self,
            "images",
            translate("Admin", "Packed pictures (.npz or .zip)"),
            translate("Admin", "Table of labels (empty: labels.csv beside it)"),
        )
        self.pages.addWidget(self.packed)
        yield self.packed
        yield from self._fill()
        self._ask()
        self._choose_source(self._draft.source)

    def _fill(self) -> Iterator[QWidget | None]:
        words = translate("Admin", "Training / validation / locked test, in hundredths; a patient is in one part only.")
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, NAMES)
        grid.setColumnStretch(1, 1)
        put_inside(self.content, grid)

        def add(at: int, box: QWidget) -> QWidget:
            grid.addWidget(Label(box.accessibleName(), 13, "text2"), at, 0)
            grid.addWidget(box, at, 1)
            return box

        self.name = _line(translate("Admin", "Name"), self._draft.name, self._changed)
        self.name.setMaxLength(80)
        yield add(0, self.name)
        self.previous = _combo(translate("Admin", "It is"))
        self.previous.addItem(translate("Admin", "a new data set"), "")
        yield add(1, self.previous)
        self.shares = _combo(translate("Admin", "Parts"))
        for shares in SHARES:
            self.shares.addItem(translate("Admin", "{0} / {1} / {2}").format(*shares), shares)
        yield add(2, self.shares)
        self.why_not = Label("", 12, "text2", wrap=True)
        fill(self.content, Label(words, 12, "text2", wrap=True), self.why_not)
        self.make = Button(translate("Admin", "Make the data set"), "primary", "plus", "on_accent")
        self.make.clicked.connect(lambda _=False: self._make())
        self.foot(Button(translate("Admin", "Do not make one")), self.make)

    def _make_opinions(self, layout: QVBoxLayout) -> None:
        self.model = _combo(translate("Admin", "Opinions on"))
        for model in self._asks.session.models:
            self.model.addItem(say(model.card.title), model.name)
        wanted = str(self._draft.values.get("model", ""))
        self.model.setCurrentIndex(max(self.model.findData(wanted), 0))
        self.model.currentIndexChanged.connect(lambda _at: self._changed())
        self.counts = Label("", 12, "text2", wrap=True)
        self.unsure = QCheckBox(translate("Admin", "Bring studies that readers were unsure of too, left out at first"))
        self.unsure.setFont(font(13))
        self.unsure.setChecked(bool(self._draft.values.get("unsure")))
        about = translate(
            "Admin",
            "What readers said is the label: the newest opinion of each reader, and of several readers the majority.",
        )
        name = Label(self.model.accessibleName(), 13, "text2")
        name.setFixedWidth(NAMES)
        said = Label(about, 13, "text2", wrap=True)
        fill(layout, said, in_row(name, spacing=12, grow=self.model), self.counts, self.unsure)
        layout.addStretch(100)  # the other sources need more

    # -- what is asked

    def _ask(self) -> None:
        """Ask how many opinions there are on each model, and which data sets could have a next version."""
        session, bridge = self._asks.session, self._asks.bridge
        session.shelf.read(lambda library: library.agreement()).add_done_callback(bridge.deliver(self._counted))
        aside(bridge, lambda: session.admin.datasets.all(wait=True), self._offer_previous)

    def _counted(self, future: "Future[tuple[AgreementRow, ...]]") -> None:
        if self._closed or future.cancelled() or future.exception() is not None:
            return
        found: dict[str, list[AgreementRow]] = {}
        for row in future.result():
            found.setdefault(row.model, []).append(row)
        self._said = {model: _counts_words(rows) for model, rows in found.items()}
        best = max(found, key=lambda model: sum(row.opinions for row in found[model]), default="")
        if not self._draft.values.get("model") and best:
            self.model.setCurrentIndex(max(self.model.findData(best), 0))
        self._changed()

    def _offer_previous(self, future: "Future[Sequence[DataSet]]") -> None:
        if self._closed or future.exception() is not None:
            return
        for dataset in future.result():
            words = translate("Admin", "the next version of {0}").format(dataset_words(dataset))
            self.previous.addItem(words, dataset.id)
        at = self.previous.findData(self._draft.values.get("previous", ""))
        self.previous.setCurrentIndex(max(at, 0))

    # -- what is filled in

    @property
    def kind(self) -> str:
        """Which source is chosen."""
        return self._draft.source

    def _choose_source(self, source: str) -> None:
        self._draft.source = source
        self.source.show_value(source)
        self.pages.setCurrentWidget({"opinions": self.opinions, "folder": self.folder, "packed": self.packed}[source])
        self._changed()

    def _changed(self) -> None:
        if not hasattr(self, "make"):
            return
        nothing = translate("Admin", "Nobody has given an opinion on this model yet.")
        said: dict[str, str] | None = getattr(self, "_said", None)
        model = str(self.model.currentData() or "")
        self.counts.setText("" if said is None else said.get(model, nothing))
        self.name.setPlaceholderText(self._proposed())
        why = self.refusal
        self.make.setEnabled(not why)
        self.make.setToolTip(why)
        self.why_not.setText(why)

    def _proposed(self) -> str:
        if self.kind == "opinions":
            return translate("Admin", "Opinions on {0}").format(self.model.currentText())
        page = self.folder if self.kind == "folder" else self.packed
        return Path(page.place.text().strip()).stem or translate("Admin", "Data set")

    @property
    def refusal(self) -> str:
        """Why it cannot be made yet, "" if it can."""
        if self.kind == "opinions":
            said: dict[str, str] | None = getattr(self, "_said", None)
            there = said is None or str(self.model.currentData() or "") in said
            return "" if there else translate("Admin", "Give opinions in the reader or the worklist first.")
        page = self.folder if self.kind == "folder" else self.packed
        if not page.place.text().strip():
            return translate("Admin", "Choose where the pictures are.")
        return "" if page.target.text().strip() else translate("Admin", "Say which label is positive.")

    def values(self) -> dict[str, Any]:
        """Return the source as `dataset.gather` takes it."""
        shares = tuple(share / 100 for share in self.shares.currentData())
        if self.kind == "opinions":
            model = str(self.model.currentData() or "")
            return {"kind": "opinions", "model": model, "unsure": self.unsure.isChecked(), "shares": shares}
        page = self.folder if self.kind == "folder" else self.packed
        return {"kind": self.kind, **page.values(), "shares": shares}

    def choose_file(self, page: "_Files", name: str, folder: bool) -> None:
        """Let a place be chosen; this dialog gives way and comes back with it."""
        draft = Draft(self.kind, self.name.text(), {**page.values(), "previous": self.previous.currentData()})

        def again(path: str = "") -> None:
            if path:
                draft.values[name] = path
            self._asks.show(NewDataSetDialog(self._asks, draft))

        title = translate("Admin", "Choose the folder") if folder else translate("Admin", "Choose the file")
        accept = translate("Admin", "Choose")
        self._asks.choose_then(title, again, again, folder=folder, one=not folder, accept=accept)

    def _make(self) -> None:
        if self.refusal:
            return
        name, previous = self.name.text().strip(), str(self.previous.currentData() or "")
        values = self.values()
        self.accept()
        words = "" if previous and not name else name or self._proposed()
        if self._asks.commander.run("dataset.gather", source=values, name=words, previous=previous):
            self._asks.session.admin.show("datasets")


class _Files(QWidget):
    """Where the pictures and their labels are, and which label is positive."""

    def __init__(self, dialog: NewDataSetDialog, place: str, place_words: str, labels_words: str) -> None:
        super().__init__()
        self._place = place
        draft = dialog._draft.values
        about = translate(
            "Admin",
            "The table has a line a picture with the columns file and label, and patient where it is known: "
            "without it each picture counts as a patient of its own.",
        )
        self.place = _line(place_words, str(draft.get(place) or ""), dialog._changed)
        self.labels = _line(labels_words, str(draft.get("labels") or ""), dialog._changed)
        positive = translate("Admin", "Label that is positive")
        self.target = _line(positive, str(draft.get("target") or ""), dialog._changed)
        split = translate("Admin", "Rows whose column “split” says val make the locked test part")
        self.use_split = QCheckBox(split)
        self.use_split.setFont(font(13))
        self.use_split.setChecked(bool(draft.get("use_split")))
        layout = column(self, spacing=6)
        fill(layout, Label(about, 13, "text2", wrap=True))
        rows: tuple[tuple[QLineEdit, str, bool], ...] = (
            (self.place, place, place == "folder"),
            (self.labels, "labels", False),
        )
        for box, name, folder in rows:
            button = Button(translate("Admin", "Choose…"), icon="folder-open")
            button.setAccessibleName(translate("Admin", "Choose: {0}").format(box.accessibleName()))
            button.clicked.connect(lambda _=False, n=name, f=folder: dialog.choose_file(self, n, f))
            holder = QWidget()
            beside = fill(column(holder, spacing=4), Label(box.accessibleName(), 13, "text2"))
            line = QWidget()
            inner = QGridLayout(line)
            inner.setContentsMargins(0, 0, 0, 0)
            inner.addWidget(box, 0, 0)
            inner.addWidget(button, 0, 1)
            beside.addWidget(line)
            layout.addWidget(holder)
        name_of = Label(positive, 13, "text2")
        layout.addWidget(in_row(name_of, spacing=12, grow=self.target))
        layout.addWidget(self.use_split)

    def values(self) -> dict[str, Any]:
        """Return what `FolderSource` or `PackedSource` takes."""
        return {
            self._place: self.place.text().strip(),
            "labels": self.labels.text().strip() or None,
            "target": self.target.text().strip(),
            "use_split": self.use_split.isChecked(),
        }


def _counts_words(rows: Sequence[AgreementRow]) -> str:
    words = translate("Admin", "{0} opinions: {1} agree, {2} disagree, {3} unsure, {4} another label.")
    sums = [sum(getattr(row, name) for row in rows) for name in ("opinions", "agree", "disagree", "unsure", "relabel")]
    return words.format(*map(count_words, sums))


def _line(name: str, text: str, changed: Callable[[], object]) -> QLineEdit:
    box = QLineEdit(text)
    box.setFont(font(13))
    box.setAccessibleName(name)
    box.textChanged.connect(lambda _text: changed())
    return box


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    return combo
