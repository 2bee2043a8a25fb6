"""The left column of the admin page: its sections with their counts, and who may do what is done here."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from medviewer.ui.arrange import column, fill, in_row, surface
from medviewer.ui.theme import STRIP, STRIP_NARROW
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Icon, Label
from medviewer.ui.worklist.nav import Entry

#: Sections under the first head; the others stand under the second one.
OF_MODELS = ("datasets", "training", "compare", "watch", "models")
ICONS = {
    "datasets": "database",
    "training": "pulse",
    "compare": "scales",
    "watch": "binoculars",
    "models": "cube",
    "audit": "clipboard-text",
}


def titles() -> dict[str, str]:
    """Return what each section is called."""
    return {
        "datasets": translate("Admin", "Data sets"),
        "training": translate("Admin", "Fine-tuning"),
        "compare": translate("Admin", "Compare, promote"),
        "watch": translate("Admin", "Watch"),
        "models": translate("Admin", "Model library"),
        "audit": translate("Admin", "Audit log"),
    }


class Nav(QWidget):
    """244 px, or 88 in a small window; `wished` carries the section that was clicked."""

    wished = Signal(str)

    def __init__(self, sections: tuple[str, ...]) -> None:
        super().__init__()
        self.narrow = False
        surface(self, "left")
        self.setAccessibleName(translate("Admin", "Sections"))
        names = titles()
        self.entries = {name: Entry(ICONS[name], names[name]) for name in sections}
        for name, entry in self.entries.items():
            entry.clicked.connect(lambda _=False, n=name: self.wished.emit(n))
        self._heads = [
            Label(text, 12, "text2", 600) for text in (translate("Admin", "MODELS"), translate("Admin", "WORKPLACE"))
        ]
        layout = column(self, (0, 12, 1, 0))  # the edge of the column stays in sight
        for head, mine in zip(self._heads, (True, False), strict=True):
            entries = [entry for name, entry in self.entries.items() if (name in OF_MODELS) is mine]
            if entries:
                holder = in_row(head, None, margins=(20, 4, 20, 4))
                fill(layout, holder, *entries, 12)
        layout.addStretch(1)
        self.foot = Label(translate("Admin", "Every change here is written to the audit log."), 12, "text2", wrap=True)
        self._foot = in_row(Icon("lock-key", 16, "text2"), spacing=8, margins=(20, 0, 16, 16), grow=self.foot)
        layout.addWidget(self._foot)
        self.set_narrow(False)

    def show_section(self, section: str) -> None:
        """Mark the section that is shown."""
        for name, entry in self.entries.items():
            entry.setChecked(name == section)

    def show_counts(self, counts: dict[str, int | None]) -> None:
        """Show how many things a section has; 0 and None show nothing."""
        for name, entry in self.entries.items():
            entry.show_count(counts.get(name) or None)

    def set_narrow(self, narrow: bool) -> None:
        """Take the form for a small window, or the usual one."""
        self.narrow = narrow
        self.setFixedWidth(STRIP_NARROW if narrow else STRIP)
        for entry in self.entries.values():
            entry.set_narrow(narrow)
        for head in self._heads:
            head.parentWidget().setVisible(not narrow)  # type: ignore[union-attr]
        self._foot.setVisible(not narrow)
