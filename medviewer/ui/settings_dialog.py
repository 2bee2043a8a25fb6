"""The settings dialog, generated from the declarations: pages at the left, search on top, each change at once."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QStackedWidget,
    QWidget,
)

from medviewer.app.settings import PAGES, SETTINGS, Setting
from medviewer.core.errors import UserError
from medviewer.ui.arrange import column, fill, in_row, put_inside, row, surface
from medviewer.ui.controls import Button, padded
from medviewer.ui.dialogs import Dialog
from medviewer.ui.keys_page import KeysPage
from medviewer.ui.palette_items import match
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import font
from medviewer.ui.translation import say, translate
from medviewer.ui.widgets import Label

WIDTH, HEIGHT, CONTROL, TEXT = 880, 640, 200, 280


class SettingRow(QWidget):
    """One setting: title, help, its control, and why it cannot be changed if so.

    `names` are the (value, title) pairs that a list of names may hold.
    """

    def __init__(
        self, settings: Any, setting: Setting, tell: Callable[[str], object], names: Sequence[tuple[str, str]] = ()
    ) -> None:
        super().__init__()
        self.setting, self._settings, self._tell = setting, settings, tell
        self.control, self.show_value = make_control(setting, self._changed, names)
        self.control.setAccessibleName(say(setting.title))
        if not isinstance(self.control, QCheckBox | NameChecks):
            self.control.setFixedWidth(CONTROL if not isinstance(self.control, QLineEdit) else TEXT)
        reason = settings.blocked(setting.key)
        self.control.setEnabled(reason is None)
        words = QWidget()
        help_ = say(setting.help)
        if setting.restart:
            help_ += " " + translate("Settings", "Takes effect at the next start.")
        fill(column(words, spacing=2), Label(say(setting.title), 13, "text1", 500, wrap=True))
        fill(words.layout(), Label(help_, 12, "text2", wrap=True))  # type: ignore[arg-type]
        if reason:
            fill(words.layout(), Label(say(reason), 12, "warn", wrap=True))  # type: ignore[arg-type]
        layout = row(self, (0, 8, 0, 8), 24)
        layout.addWidget(words, 1)
        if isinstance(self.control, NameChecks):
            fill(words.layout(), 4, self.control)  # type: ignore[arg-type]
        else:
            layout.addWidget(self.control, 0, Qt.AlignmentFlag.AlignTop)
        self.refresh()

    def refresh(self) -> None:
        self.show_value(self._settings.get(self.setting.key))

    def _changed(self, value: object) -> None:
        if value == self._settings.get(self.setting.key):
            return
        try:
            self._settings.set(self.setting.key, value)
            self._tell("")
        except UserError as error:
            self._tell(say(error.sentence))
            self.refresh()


class NameChecks(QWidget):
    """A list of names as boxes to tick; a name that is in the list but not known here can be taken out."""

    def __init__(self, names: Sequence[tuple[str, str]], changed: Callable[[object], object]) -> None:
        super().__init__()
        self._names, self._told = tuple(names), changed
        self._layout = column(self, spacing=4)
        self.none = Label(translate("Settings", "There is no model here."), 12, "text2")
        self._layout.addWidget(self.none)
        self.boxes: dict[str, QCheckBox] = {}

    def show_value(self, value: Sequence[str]) -> None:
        missing = translate("Settings", "{0} (not on this computer)")
        titles = dict(self._names) | {v: missing.format(v) for v in value if v not in dict(self._names)}
        for name, title in titles.items():
            if name not in self.boxes:
                box = self.boxes[name] = QCheckBox(title.replace("&", "&&"))
                box.setFont(font())
                box.toggled.connect(lambda _on: self._tell())
                self._layout.addWidget(box)
            box = self.boxes[name]
            box.blockSignals(True)
            box.setChecked(name in value)
            box.blockSignals(False)
        self.none.setVisible(not self.boxes)

    def _tell(self) -> None:
        self._told([name for name, box in self.boxes.items() if box.isChecked()])


def make_control(
    setting: Setting, changed: Callable[[object], object], names: Sequence[tuple[str, str]] = ()
) -> tuple[QWidget, Callable[[Any], None]]:
    """Return the control for a setting's type, and the function that shows a value in it."""
    if setting.choices:
        return _choice(setting, changed)
    if isinstance(setting.default, list):
        checks = NameChecks(names, changed)
        return checks, checks.show_value
    if isinstance(setting.default, bool):
        box = QCheckBox()
        box.setFont(font())
        box.toggled.connect(changed)
        return box, box.setChecked
    if isinstance(setting.default, int):
        whole = QSpinBox()
        whole.setRange(int(setting.low or 0), int(setting.high if setting.high is not None else 10**6))
        whole.setSuffix(f" {say(setting.unit)}" if setting.unit else "")
        whole.setKeyboardTracking(False)
        padded(whole)
        whole.valueChanged.connect(changed)
        return whole, whole.setValue
    if isinstance(setting.default, float):
        number = QDoubleSpinBox()
        number.setDecimals(2)
        number.setSingleStep(0.05)
        number.setRange(setting.low or 0.0, setting.high if setting.high is not None else 1e6)
        number.setSuffix(f" {say(setting.unit)}" if setting.unit else "")
        number.setKeyboardTracking(False)
        padded(number)
        number.valueChanged.connect(changed)
        return number, number.setValue
    text = QLineEdit()
    text.setMaxLength(1000)
    text.setFont(font())
    text.editingFinished.connect(lambda: changed(text.text().strip()))
    return text, text.setText


def _choice(setting: Setting, changed: Callable[[object], object]) -> tuple[QWidget, Callable[[Any], None]]:
    combo = QComboBox()
    combo.setFont(font())
    for value, title in setting.choices:
        combo.addItem(say(title), value)
    combo.activated.connect(lambda at: changed(combo.itemData(at)))
    return combo, lambda value: combo.setCurrentIndex(combo.findData(value))


class SettingsDialog(Dialog):
    """`page_or_key` opens it there ("ai" or "ai.opacity")."""

    def __init__(self, parent: QWidget | None, commander: Commander, page_or_key: str = "") -> None:
        super().__init__(parent, translate("Settings", "Settings"), WIDTH)
        self._commander, self._settings = commander, commander.session.settings
        self.resize(WIDTH, HEIGHT)
        self.rows: dict[str, SettingRow] = {}
        self.search = QLineEdit()
        self.search.setPlaceholderText(translate("Settings", "Find a setting"))
        self.search.setAccessibleName(translate("Settings", "Find a setting"))
        self.search.textChanged.connect(self._find)
        self.content.addWidget(self.search)
        self.message = Label("", 12, "warn", wrap=True)
        self.pages = QStackedWidget()
        self.buttons: dict[str, QPushButton] = {}
        body = put_inside(self.content, row(None, spacing=24), 1)
        body.addWidget(self._make_list())
        body.addWidget(self.pages, 1)
        for page in PAGES:
            self.pages.addWidget(self._make_page(page))
        self.nothing = Label(translate("Settings", "No setting fits. Try another word."), 13, "text2")
        self.pages.addWidget(self.nothing)
        self.reset = Button(translate("Settings", "Reset this page"), icon="arrow-counter-clockwise")
        self.reset.clicked.connect(self._reset_page)
        close = Button(translate("Dialog", "Close"))
        close.clicked.connect(self.accept)
        foot = in_row(self.reset, grow=self.message)
        fill(foot.layout(), close)  # type: ignore[arg-type]
        self.content.addWidget(foot)
        end = self._settings.changed.connect(self._changed)
        self.finished.connect(lambda _result: end())
        self.show_page(SETTINGS[page_or_key].page if page_or_key in SETTINGS else page_or_key)
        if page_or_key in self.rows:
            self.rows[page_or_key].control.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.search.setFocus()

    def _make_list(self) -> QWidget:
        holder = QWidget()
        holder.setFixedWidth(168)
        layout = column(holder, spacing=4)
        group = QButtonGroup(self)
        for page, title in PAGES.items():
            button = QPushButton(say(title))
            button.setProperty("kind", "page")
            button.setFont(font(13, 500))
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, p=page: self.show_page(p))
            group.addButton(button)
            self.buttons[page] = button
            layout.addWidget(button)
        layout.addStretch(1)
        return holder

    def _make_page(self, page: str) -> QWidget:
        if page == "keys":
            self.keys = KeysPage(self._commander, self.tell)
            return self.keys
        body = QWidget()
        surface(body, "bg1")
        layout = column(body, (0, 0, 16, 0), 4)
        for setting in SETTINGS.values():
            if setting.page == page:
                self.rows[setting.key] = SettingRow(self._settings, setting, self.tell, self._models())
                layout.addWidget(self.rows[setting.key])
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        surface(scroll.viewport(), "bg1")
        return scroll

    def _models(self) -> list[tuple[str, str]]:
        """Return (name, title) of the known models, each name once."""
        titles = {model.name: say(model.card.title) for model in self._commander.session.models}
        return sorted(titles.items(), key=lambda pair: pair[1].casefold())

    def show_page(self, page: str) -> None:
        names = list(PAGES)
        self.page = page if page in names else names[0]
        self.pages.setCurrentIndex(names.index(self.page))
        self.buttons[self.page].setChecked(True)

    def tell(self, sentence: str) -> None:
        """Say why something could not be changed; "" takes the words away."""
        self.message.setText(sentence)

    def _find(self, query: str) -> None:
        """Leave only what fits, and go to the first page that has something."""
        pages: dict[str, bool] = dict.fromkeys(PAGES, False)
        for key, row_ in self.rows.items():
            setting = SETTINGS[key]
            fits = self._fits(query, f"{say(setting.title)} {say(setting.help)} {say(PAGES[setting.page])}")
            row_.setVisible(fits)
            pages[setting.page] |= fits
        pages["keys"] = self.keys.filter_rows(query) or not query.strip()
        for page, button in self.buttons.items():
            button.setEnabled(pages[page])
        if not pages[self.page]:
            first = next((page for page, fits in pages.items() if fits), None)
            if first is None:
                self.pages.setCurrentWidget(self.nothing)
                return
            self.page = first
        self.show_page(self.page)

    @staticmethod
    def _fits(query: str, text: str) -> bool:
        score = match(query, text)
        return not query.strip() or (score is not None and score >= 50)

    def _reset_page(self) -> None:
        self._settings.reset_page(self.page)
        self.tell("")
        self.keys.refresh()

    def _changed(self, key: str) -> None:
        if key in self.rows:
            self.rows[key].refresh()
