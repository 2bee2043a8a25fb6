"""The two cards of the agreement page: the sums of each model, and the opinions with their filters."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QWidget

from medviewer.app.opinions import AgreementRow
from medviewer.ui.agreement.look import VERDICTS, Found, Wish
from medviewer.ui.agreement.rows_view import RowsView
from medviewer.ui.agreement.tables import ModelsTable, OpinionsTable, count_words
from medviewer.ui.arrange import column, fill, in_row, surface
from medviewer.ui.controls import Button
from medviewer.ui.theme import font
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Label

#: Models that the upper table shows before it scrolls; from this width on there is room for wide columns.
MODELS_SHOWN, WIDE = 5, 1500
Title = Callable[[str], str]


class _Card(QFrame):
    def __init__(self, title: str, *right: QWidget) -> None:
        super().__init__()
        surface(self, "card")
        self.column = column(self, (16, 12, 16, 12), 8)
        self.column.addWidget(in_row(Label(title, 12, "text2", 600), None, *right, spacing=12))
        self.hide()


class ModelsCard(_Card):
    """How often readers agreed with each version of each model; `chosen` carries the row that was taken."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(translate("Agreement", "MODELS"))
        self.table = ModelsTable(self)
        self.view = RowsView(self.table, translate("Agreement", "Agreement with each model"))
        self.view.taken.connect(lambda at: self.chosen.emit(self.table.things[at]))
        words = translate(
            "Agreement",
            "Each reader's newest opinion on a study counts; those on single findings are only listed. Agreement: the "
            "share that agrees, with its 95 % interval (Wilson); unsure and another label do not agree. Before AI: "
            "given before what the model said was shown. Choose a row to list its opinions.",
        )
        fill(self.column, self.view, Label(words, 12, "text2", wrap=True))

    def show_rows(self, rows: tuple[AgreementRow, ...], title: Title, wish: Wish) -> None:
        """Show the sums; the row whose opinions are listed below is the chosen one."""
        self.table.show_rows(rows, title)
        self.view.setFixedHeight(self.view.height_for(min(len(rows), MODELS_SHOWN)))
        at = next((i for i, row in enumerate(rows) if (row.model, row.version) == (wish.model, wish.version)), -1)
        if at >= 0:
            self.view.selectRow(at)
        else:
            self.view.clearSelection()

    def fit(self, width: int) -> None:
        """Give each column the room that its content needs; the name takes what is left."""
        count, more, share = (112, 120, 300) if width >= WIDE else (80, 88, 200)
        self.view.set_widths((0, count, count, count, count, count + 12, share, more, share))


class OpinionsCard(_Card):
    """The opinions that the filters leave. `wished` carries other filters, `opened` the opinion to look at."""

    wished = Signal(object)
    opened = Signal(object)

    def __init__(self) -> None:
        self.count = Label("", 12, "text2")
        self.model = _combo(translate("Agreement", "Model"))
        self.verdict = _combo(translate("Agreement", "Opinions shown"))
        super().__init__(translate("Agreement", "OPINIONS"), self.count, self.model, self.verdict)
        titles = {
            "differ": translate("Agreement", "Disagreed or another label"),
            "disagree": translate("Agreement", "Disagreed"),
            "relabel": translate("Agreement", "Another label"),
            "unsure": translate("Agreement", "Unsure"),
            "agree": translate("Agreement", "Agreed"),
            "all": translate("Agreement", "All opinions"),
        }
        for name in VERDICTS:
            self.verdict.addItem(titles[name], name)
        self.model.activated.connect(lambda _row: self._filter())
        self.verdict.activated.connect(lambda _row: self._filter())
        self.table = OpinionsTable(self)
        self.view = RowsView(self.table, translate("Agreement", "Opinions"))
        self.view.taken.connect(lambda at: self.opened.emit(self.table.things[at].opinion))
        self.none = Label("", 13, "text2")
        self.clear = Button(translate("Agreement", "Clear filters"), "link")
        self.clear.clicked.connect(lambda: self.wished.emit(Wish()))
        self.nothing = in_row(self.none, self.clear, None, spacing=12, margins=(12, 4, 12, 4))
        self.rest = QWidget()  # keeps the words at the top where there is no table
        self.column.addWidget(self.view, 1)
        self.column.addWidget(self.nothing)
        self.column.addWidget(self.rest, 1)

    def _filter(self) -> None:
        model, version = self.model.currentData()
        self.wished.emit(Wish(model, version, str(self.verdict.currentData())))

    def show_filters(self, models: tuple[AgreementRow, ...], title: Title, wish: Wish) -> None:
        """Offer the models there are, and show which filters hold."""
        wanted = [("", ""), *((row.model, row.version) for row in models)]
        if wanted != [self.model.itemData(at) for at in range(self.model.count())]:
            self.model.clear()
            self.model.addItem(translate("Agreement", "All models"), ("", ""))
            for row in models:
                self.model.addItem(f"{title(row.model)} {row.version}", (row.model, row.version))
        chosen = (wish.model, wish.version)
        self.model.setCurrentIndex(wanted.index(chosen) if chosen in wanted else -1)
        self.verdict.setCurrentIndex(self.verdict.findData(wish.verdict))

    def show_found(self, found: Found, title: Title, hidden: bool) -> None:
        """Show the opinions; the chosen row stays chosen while its opinion is there."""
        at = self.view.currentIndex().row()
        before = self.table.things[at].opinion.id if 0 <= at < len(self.table.things) else 0
        self.table.show_found(found, title, hidden)
        any_ = bool(found.lines)
        self.view.setVisible(any_)
        self.rest.setVisible(not any_)
        self.nothing.setVisible(not any_ or found.cut)
        self.clear.setVisible(not any_ and found.wish.filtered)
        self.none.setText(_below(found))
        words = translate("Agreement", "1 opinion") if len(found.lines) == 1 else translate("Agreement", "{0} opinions")
        self.count.setText(words.format(count_words(len(found.lines))))
        if any_:
            self.view.selectRow(next((i for i, line in enumerate(found.lines) if line.opinion.id == before), 0))

    def fit(self, width: int) -> None:
        """Give each column the room that its content needs; the note takes what is left."""
        wide = width >= WIDE
        self.view.set_widths((400 if wide else 300, 176, 232 if wide else 184, 332 if wide else 300, 0))


def _below(found: Found) -> str:
    if found.lines:
        return translate("Agreement", "The newest {0} are shown.").format(count_words(len(found.lines)))
    if found.wish.filtered:
        return translate("Agreement", "No opinion fits these filters.")
    return translate("Agreement", "Nobody disagreed or gave another label.")


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setFont(font(13))
    combo.setAccessibleName(name)
    combo.setMinimumWidth(220)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    return combo
