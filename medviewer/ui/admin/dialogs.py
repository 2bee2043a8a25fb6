"""Dialogs of the admin page that several sections need: a removal by name, a reason, the card of a version."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from medviewer.core.errors import sentence_for
from medviewer.ui.admin.pieces import aside
from medviewer.ui.arrange import fill
from medviewer.ui.controls import Button
from medviewer.ui.dialogs_library import FittedDialog
from medviewer.ui.theme import font, set_property
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label

if TYPE_CHECKING:
    from concurrent.futures import Future

    from medviewer.ui.admin.asking import AdminAsks

REASON = 500


class RemoveDialog(FittedDialog):
    """Removes something once its name, or the word, is typed."""

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        lines: Sequence[str],
        name: str,
        words: tuple[str, str],
        removed: Callable[[], object],
    ) -> None:
        """`lines` say what goes and what stays, `name` is to be typed, `words` stand on the two buttons."""
        super().__init__(parent, title)
        self._name, self._removed = name, removed
        self._word = translate("Library", "remove")
        self._ask = translate("Admin", "To go on, type “{0}” or the word “{1}”.").format(name, self._word)
        self.field = QLineEdit()
        self.field.setFont(font(13))
        self.field.setAccessibleName(self._ask)
        self.field.textChanged.connect(lambda _text: self._typed())
        self.field.returnPressed.connect(self._remove)
        self.content.setSpacing(6)
        fill(self.content, *(Label(line, 13, "text2", wrap=True) for line in lines), 8)
        fill(self.content, Label(self._ask, 13, "text1", 500, wrap=True), self.field)
        self.remove = Button(words[0])
        self.remove.clicked.connect(lambda _=False: self._remove())
        self.foot(Button(words[1]), self.remove)
        self.field.setFocus()
        self._typed()

    def _typed(self) -> None:
        text = " ".join(self.field.text().split()).casefold()
        right = text in (" ".join(self._name.split()).casefold(), self._word.casefold())
        self.remove.setEnabled(right)
        set_property(self.remove, "kind", "danger" if right else "")
        self.remove.setToolTip("" if right else self._ask)

    def _remove(self) -> None:
        if self.remove.isEnabled():
            self.accept()
            self._removed()


class ReasonDialog(FittedDialog):
    """Asks for the reason of a deed; `given` gets it."""

    def __init__(
        self, parent: QWidget | None, title: str, words: str, act: str, given: Callable[[str], object]
    ) -> None:
        super().__init__(parent, title)
        self._given = given
        self.reason = QPlainTextEdit()
        self.reason.setFont(font(13))
        self.reason.setTabChangesFocus(True)
        self.reason.setFixedHeight(72)
        self.reason.setAccessibleName(translate("Admin", "Reason"))
        self.reason.textChanged.connect(self._changed)
        why = translate("Admin", "Why? It is written into the audit.")
        fill(self.content, Label(words, 13, "text2", wrap=True), Label(why, 13, "text1", 500), self.reason)
        self.go = Button(act, icon="check")
        self.go.clicked.connect(lambda _=False: self._go())
        self.foot(Button(translate("Admin", "Leave it as it is")), self.go)
        self.reason.setFocus()
        self._changed()

    @property
    def text(self) -> str:
        return " ".join(self.reason.toPlainText().split())

    def _changed(self) -> None:
        over = translate("Admin", "A reason has at most {0} characters.").format(REASON)
        why_not = translate("Admin", "Give a reason.") if not self.text else over if len(self.text) > REASON else ""
        self.go.setEnabled(not why_not)
        self.go.setToolTip(why_not)

    def _go(self) -> None:
        if self.go.isEnabled():
            self.accept()
            self._given(self.text)


def show_card(asks: "AdminAsks", model: str, version: str) -> None:
    """Show the card of a version, once it has been read."""
    from medviewer.ui.card_dialog import CardDialog

    versions = asks.session.admin.versions

    def arrived(future: "Future[Any]") -> None:
        error = future.exception()
        if error is not None:
            asks.commander.refused.emit(say(sentence_for(error)))
        else:
            asks.show(CardDialog(asks.window, future.result()[0].card))

    aside(asks.bridge, lambda: versions.find(f"{model} {version}"), arrived)
