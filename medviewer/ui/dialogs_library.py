"""Dialogs of worklist and opinions: a note, another label, a place in the list, an urgency, taking studies out."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QPlainTextEdit, QSpinBox, QWidget

from medviewer.app.worklist import Urgency
from medviewer.ui.arrange import column, fill, in_row
from medviewer.ui.controls import Button, padded
from medviewer.ui.dialogs import Dialog
from medviewer.ui.key_button import KeyButton
from medviewer.ui.palette_items import match
from medviewer.ui.theme import font, set_property
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Keycap, Label
from medviewer.ui.worklist.words import plain

#: Longest note and longest label, in characters.
NOTE, LABEL = 2000, 100
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FittedDialog(Dialog):
    """A dialog exactly as high as its texts are when they are broken to its width."""

    def showEvent(self, event: QShowEvent) -> None:
        height = self.content.totalHeightForWidth(self.width())
        if height > 0:
            self.resize(self.width(), height)
        super().showEvent(event)


class NoteDialog(Dialog):
    """A few lines beside an opinion; Ctrl+Enter keeps them, Esc leaves what was there before.

    `text` is what stands there already, `draft` what was written before and not kept; `kept` gets the note, `left`
    what was written when nothing is kept, `typed` whatever stands there now.
    """

    def __init__(
        self,
        parent: QWidget | None,
        text: str,
        kept: Callable[[str], object],
        left: Callable[[str], object] = lambda _: None,
        draft: str = "",
        typed: Callable[[str], object] = lambda _: None,
    ) -> None:
        super().__init__(parent, translate("Library", "Add a note"))
        self._kept, self._before = kept, text
        words = translate("Library", "Kept with your opinion. Do not write who the patient is.")
        self.content.addWidget(Label(words, 13, "text2", wrap=True))
        self.edit = QPlainTextEdit(draft or text)
        self.edit.setFont(font(13))
        self.edit.setAccessibleName(translate("Library", "Note"))
        self.edit.setTabChangesFocus(True)
        self.edit.setMinimumHeight(144)
        self.edit.textChanged.connect(self._changed)
        self.edit.textChanged.connect(lambda: typed(self.note))
        self.edit.installEventFilter(self)
        self.count = Label("", 12, "text2")
        self.content.addWidget(self.edit)
        self.content.addWidget(in_row(self.count, None, Keycap("Ctrl Enter")))
        self.keep = Button(translate("Library", "Keep the note"), icon="check")
        self.keep.clicked.connect(self._keep)
        self.foot(Button(translate("Library", "Leave it as it was")), self.keep)
        self.rejected.connect(lambda: left(self.note))
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)
        self.edit.setFocus()
        self._changed()

    @property
    def note(self) -> str:
        return self.edit.toPlainText().strip()

    def _changed(self) -> None:
        length, note = len(self.note), self.note
        over = translate("Library", "{0} characters; a note has at most {1}.")
        within = translate("Library", "{0} of {1} characters")
        self.count.setText(
            (over if length > NOTE else within).format(*(f"{n:,}".replace(",", " ") for n in (length, NOTE)))
        )
        self.count.set_colour("warn" if length > NOTE else "text2")
        reason = self.count.text() if length > NOTE else ""
        if not note:
            reason = translate("Library", "Write something to keep.")
        elif note == self._before.strip():
            reason = translate("Library", "This note is kept already.")
        self.keep.setEnabled(not reason)
        self.keep.setToolTip(reason)

    def _keep(self) -> None:
        if self.keep.isEnabled():
            self.accept()
            self._kept(self.note)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.key() in _ENTER and ctrl:
                self._keep()
                return True
        return False


class RelabelDialog(Dialog):
    """What it is instead: a class of the model, a label used before, or new words; `chosen` gets the label."""

    def __init__(self, parent: QWidget | None, classes: Sequence[str], chosen: Callable[[str], object]) -> None:
        """`classes` are the titles of the model's classes."""
        super().__init__(parent, translate("Library", "It is something else"))
        self._classes, self._chosen = tuple(classes), chosen
        self._used: tuple[str, ...] = ()
        self.field = QLineEdit()
        self.field.setMaxLength(LABEL)
        self.field.setFont(font(13))
        self.field.setPlaceholderText(translate("Library", "Find a label or write a new one"))
        self.field.setAccessibleName(translate("Library", "Find a label or write a new one"))
        self.field.textChanged.connect(lambda _text: self.refresh())
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setFont(font(13))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMinimumHeight(216)
        self.list.setAccessibleName(translate("Library", "Labels"))
        self.list.itemClicked.connect(lambda _item: self._choose())
        self.content.addWidget(self.field)
        self.content.addWidget(self.list)
        self.use = Button(translate("Library", "Use this label"), icon="check")
        self.use.clicked.connect(self._choose)
        self.foot(Button(translate("Library", "Keep the label of the model")), self.use)
        self.field.setFocus()
        self.refresh()

    def add_used(self, labels: Sequence[str]) -> None:
        """Offer labels that readers have used before (they come from the library a moment later)."""
        self._used = tuple(label for label in dict.fromkeys(labels) if label and label not in self._classes)
        self.refresh()

    def refresh(self) -> None:
        """List what fits the field; words that are no known label come last as a new one."""
        query = " ".join(self.field.text().split())
        rows = [(title, say(title), translate("Library", "class of the model")) for title in self._classes]
        rows += [(label, plain(say(label)), translate("Library", "used before")) for label in self._used]
        fitting = [one for one in rows if not query or match(query, one[1]) is not None]
        if query and query.casefold() not in {title.casefold() for _, title, _ in fitting}:
            fitting.append((query, query, translate("Library", "new label")))
        before = self.list.currentItem().data(Qt.ItemDataRole.UserRole) if self.list.currentItem() else None
        self.list.clear()
        for label, title, kind in fitting:
            item = QListWidgetItem(f"{title}   ({kind})")
            item.setData(Qt.ItemDataRole.UserRole, label)
            self.list.addItem(item)
        labels = [label for label, _, _ in fitting]
        self.list.setCurrentRow(labels.index(before) if before in labels and not query else min(0, len(labels) - 1))
        self.use.setEnabled(bool(labels))
        self.use.setToolTip("" if labels else translate("Library", "Write a label first."))

    def _choose(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.accept()
            self._chosen(str(item.data(Qt.ItemDataRole.UserRole)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and self.list.count():
            self.list.setCurrentRow(min(max(self.list.currentRow() + step, 0), self.list.count() - 1))
            return True
        if event.key() in _ENTER:
            self._choose()
            return True
        return False


class MoveDialog(FittedDialog):
    """Which place of the list; `moved` gets it (1 is the top). For those who cannot drag."""

    def __init__(self, parent: QWidget | None, place: int, count: int, moved: Callable[[int], object]) -> None:
        super().__init__(parent, translate("Library", "Move to a place"))
        words = translate("Library", "The study stays at the place that you give it and shows a pin.")
        self.content.addWidget(Label(words, 13, "text2", wrap=True))
        self.place = QSpinBox()
        self.place.setRange(1, max(count, 1))
        self.place.setValue(max(place, 1))
        self.place.setMinimumWidth(96)
        self.place.setAccessibleName(translate("Library", "Place"))
        padded(self.place)
        of = translate("Library", "of {0}").format(max(count, 1))
        self.content.addWidget(
            in_row(
                Label(translate("Library", "Place"), 13, "text2"), self.place, Label(of, 13, "text2"), None, spacing=12
            )
        )
        move = Button(translate("Library", "Move it there"), icon="arrow-right")
        move.setDefault(True)
        move.clicked.connect(lambda: self._move(moved))
        self.foot(Button(translate("Library", "Leave it where it is")), move)
        self.place.setFocus()
        self.place.selectAll()

    def _move(self, moved: Callable[[int], object]) -> None:
        self.accept()
        moved(self.place.value())


class UrgencyDialog(FittedDialog):
    """How soon a study is wanted; S, U and R choose as well. `chosen` gets the urgency's value."""

    def __init__(self, parent: QWidget | None, now: str, chosen: Callable[[str], object]) -> None:
        super().__init__(parent, translate("Library", "How urgent is this study?"))
        words = translate("Library", "The order in the list follows the urgency first. The AI never changes it.")
        self.content.addWidget(Label(words, 13, "text2", wrap=True))
        self._chosen = chosen
        self.buttons: dict[str, KeyButton] = {}
        self._keys = {Qt.Key.Key_S: Urgency.STAT, Qt.Key.Key_U: Urgency.URGENT, Qt.Key.Key_R: Urgency.ROUTINE}
        holder = QWidget()
        layout = column(holder, spacing=8)
        titles = {
            Urgency.STAT: translate("Library", "STAT"),
            Urgency.URGENT: translate("Library", "Urgent"),
            Urgency.ROUTINE: translate("Library", "Routine"),
        }
        for key, urgency in self._keys.items():
            button = KeyButton(titles[urgency], key.name.removeprefix("Key_"))
            button.show_chosen(urgency.value == now)
            button.clicked.connect(lambda _=False, u=urgency: self._choose(u.value))
            self.buttons[urgency.value] = button
            layout.addWidget(button)
        self.content.addWidget(holder)
        self.foot(Button(translate("Library", "Leave it as it is")))

    def _choose(self, value: str) -> None:
        self.accept()
        self._chosen(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        urgency = self._keys.get(Qt.Key(event.key()))
        if urgency is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._choose(urgency.value)
        else:
            super().keyPressEvent(event)


class RemoveDialog(FittedDialog):
    """Takes studies out of the library once their number, or the word, is typed."""

    def __init__(self, parent: QWidget | None, count: int, removed: Callable[[], object]) -> None:
        one = translate("Library", "Remove 1 study from the library?")
        several = translate("Library", "Remove {0} studies from the library?")
        super().__init__(parent, one if count == 1 else several.format(count))
        self._count, self._removed = count, removed
        self._word = translate("Library", "remove")
        lines = (
            translate("Library", "The files stay where they are and can be opened again."),
            translate("Library", "Opinions, notes, AI results and places in the list go too. This cannot be undone."),
            translate("Library", "The audit keeps that they were removed, by whom and when."),
        )
        self.field = QLineEdit()
        self.field.setFont(font(13))
        ask = translate("Library", "To go on, type {0} or the word “{1}”.").format(count, self._word)
        self.field.setAccessibleName(ask)
        self.field.textChanged.connect(lambda _text: self._typed())
        self.field.returnPressed.connect(self._remove)
        self.content.setSpacing(6)
        fill(self.content, *(Label(line, 13, "text2", wrap=True) for line in lines), 8)
        fill(self.content, Label(ask, 13, "text1", 500, wrap=True), self.field)
        act = translate("Library", "Remove 1 study") if count == 1 else translate("Library", "Remove {0} studies")
        self.remove = Button(act.format(count))
        self.remove.clicked.connect(self._remove)
        self.foot(Button(translate("Library", "Keep")), self.remove)
        self.field.setFocus()
        self._ask = ask
        self._typed()

    def _typed(self) -> None:
        text = self.field.text().strip().casefold()
        right = text in (str(self._count), self._word.casefold())
        self.remove.setEnabled(right)
        set_property(self.remove, "kind", "danger" if right else "")
        self.remove.setToolTip("" if right else self._ask)

    def _remove(self) -> None:
        if self.remove.isEnabled():
            self.accept()
            self._removed()
