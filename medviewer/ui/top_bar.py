"""The top bar: the mark, how to open something, who is being read, which study of how many, the palette, help."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolButton, QWidget

from medviewer.ui import theme
from medviewer.ui.arrange import fill, line, row, surface
from medviewer.ui.controls import IconButton
from medviewer.ui.shortcuts import Commander
from medviewer.ui.theme import TOP_BAR, font
from medviewer.ui.toolbar import MenuButton, add_commands
from medviewer.ui.translation import translate
from medviewer.ui.widgets import Label, paint_keycap

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu


class Mark(QWidget):
    """The program's sign: three bars in a frame."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(22, 22)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawRoundedRect(QRectF(2, 2, 18, 18), 5, 5)
        for x, top in ((7, 11), (11, 7), (15, 9)):
            painter.drawLine(x, 15, x, top)


class PaletteField(QToolButton):
    """Looks like a field and opens the palette; only an icon where there is no room."""

    def __init__(self, commander: Commander) -> None:
        super().__init__()
        self._commander, self._compact = commander, False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(translate("TopBar", "Find a study or a command"))
        self.clicked.connect(commander.act("program.palette"))
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.setFixedSize(QSize(32, 32) if compact else QSize(290, 32))
        key = self._commander.key("program.palette")
        self.setToolTip(translate("TopBar", "Find a study or a command") + (f"  ({key})" if key else ""))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._compact:
            super().paintEvent(event)  # its own painter must be gone before ours begins
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._compact:
            painter.drawPixmap(6, 6, theme.pixmap("magnifying-glass", 20, "text2"))
            return
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        focus = self.hasFocus()
        edge = theme.colour("accent") if focus else theme.colour("edge", 1.0 if self.underMouse() else 0.6)
        painter.setPen(QPen(edge, 2 if focus else 1))
        painter.setBrush(theme.colour("bg0"))
        painter.drawRoundedRect(box, 6, 6)
        painter.drawPixmap(10, 8, theme.pixmap("magnifying-glass", 16, "text3"))
        right = self.width() - 8.0
        if key := self._commander.key("program.palette"):
            painter.setFont(font(11, 500))
            width = painter.fontMetrics().horizontalAdvance(key) + 11
            paint_keycap(painter, QRectF(right - width, 6.5, width, 18), key)
            right -= width + 8
        painter.setFont(font(13))
        painter.setPen(theme.colour("text3"))
        text = painter.fontMetrics().elidedText(
            translate("TopBar", "Find a study or a command"), Qt.TextElideMode.ElideRight, int(right - 34)
        )
        painter.drawText(QRectF(34, 0, right - 34, 32), int(Qt.AlignmentFlag.AlignVCenter), text)


class OpenButton(MenuButton):
    """The way to open something by mouse: choosers, the sample, what was opened lately."""

    def __init__(self, commander: Commander) -> None:
        super().__init__("folder-open", translate("TopBar", "Open files, a folder or a recent study"), commander)
        self.show_choice("folder-open", translate("TopBar", "Open"))

    def fill_menu(self, menu: "QMenu") -> None:
        add_commands(menu, self._commander, ("file.open_files", "file.open_folder", "file.demo"))
        entries = self._commander.session.recent.entries
        if entries:
            menu.addSeparator()
        for number, paths in enumerate(entries):
            more = f" + {len(paths) - 1}" if len(paths) > 1 else ""
            action = menu.addAction(Path(paths[0]).name.replace("&", "&&") + more)
            action.setToolTip(paths[0])
            action.triggered.connect(self._commander.act("file.open_recent", number=number))
        if entries:
            add_commands(menu, self._commander, ("file.clear_recent",))
        add_commands(menu, self._commander, ("", "file.skipped", "file.close_study", "", "program.about", "file.quit"))


class PageButton(QToolButton):
    """The name of a page; the one that is shown is underlined."""

    def __init__(self, page: str, icon: str, text: str, commander: Commander) -> None:
        super().__init__()
        self.page, self._icon = page, icon
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFont(font(13, 500))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(18, 18))
        self.setProperty("kind", "page")
        self.setFixedHeight(TOP_BAR)
        self.clicked.connect(commander.act(f"page.{page}"))
        self.show_page("reader")

    def show_page(self, page: str) -> None:
        """Mark the button if this is its page."""
        self.setChecked(self.page == ("worklist" if page == "agreement" else page))  # which is reached from there
        self.retheme()

    def retheme(self) -> None:
        self.setIcon(theme.icon(self._icon, 18, "accent" if self.isChecked() else "text2"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.isChecked():
            QPainter(self).fillRect(8, self.height() - 2, self.width() - 16, 2, theme.colour("accent"))


class TopBar(QWidget):
    """48 px; the pages, and the patient of the active viewport while the reader is shown."""

    def __init__(self, commander: Commander) -> None:
        super().__init__()
        self._commander = commander
        surface(self, "top")
        self.setFixedHeight(TOP_BAR)
        self.open_button = OpenButton(commander)
        layout = row(self, (16, 0, 12, 0))
        self.pages = (
            PageButton("worklist", "list-bullets", translate("TopBar", "Worklist"), commander),
            PageButton("reader", "image-square", translate("TopBar", "Reader"), commander),
            PageButton("admin", "sliders-horizontal", translate("TopBar", "Admin"), commander),
        )
        fill(layout, Mark(), 8, Label("medviewer", 15, "text1", 600), 16, *self.pages, 12, self.open_button, 12)
        fill(layout, line(vertical=True, length=20), 16)
        self.name = Label("", 14, "text1", 600, elide=True)
        self.facts = Label("", 13, "text2", elide=True)
        self.study = Label("", 13, "text2", elide=True)
        layout.addWidget(self.name)
        layout.addSpacing(12)
        layout.addWidget(self.facts)
        layout.addSpacing(16)
        layout.addWidget(self.study)
        layout.addStretch(1)
        self.previous = IconButton("caret-left", "", size=18)
        self.next = IconButton("caret-right", "", size=18)
        self.previous.clicked.connect(commander.act("study.previous"))
        self.next.clicked.connect(commander.act("study.next"))
        self.place = Label("", 13, "text2")
        fill(layout, 12, self.previous, self.place, self.next, 12)
        self.palette_field = PaletteField(commander)
        self.keys = IconButton("keyboard", "", side=36)
        self.keys.clicked.connect(commander.act("program.shortcuts"))
        self.settings = IconButton("gear-six", "", side=36)
        self.settings.clicked.connect(commander.act("program.settings"))
        fill(layout, self.palette_field, 12, self.keys, self.settings)
        self.refresh()

    def refresh(self) -> None:
        """Show who is in the active viewport, and which study of how many that is."""
        commander = self._commander
        many = False
        if commander.ready:
            page = commander.session.page
            for button in self.pages:
                button.show_page(page)
                button.setToolTip(f"{button.text()}  ({commander.key(f'page.{button.page}')})")
                button.setVisible(not commander.reason(f"page.{button.page}"))  # a page that is not for this person
            self._who(page == "reader")
            many = page == "reader" and self._which()
            for icon_button, id_ in ((self.keys, "program.shortcuts"), (self.settings, "program.settings")):
                icon_button.describe(commander.title(id_), commander.key(id_))
        for widget, id_ in ((self.previous, "study.previous"), (self.next, "study.next")):
            reason = commander.reason(id_)
            widget.setVisible(many)
            widget.setEnabled(not reason)
            widget.describe(commander.title(id_), commander.key(id_), reason)
        self.place.setVisible(many)

    def _who(self, shown: bool) -> None:
        from medviewer.ui import texts

        reader = self._commander.session.reader
        stack, hidden = reader.view.stack, reader.names_hidden
        words = ["", "", ""]
        if not shown:
            pass
        elif stack is not None and stack.first.film:
            words = [Path(stack.first.label).name, translate("TopBar", "A picture without a header: no patient"), ""]
        elif stack is not None:
            patient = stack.first.patient
            words = [texts.patient_name(patient, hidden), texts.patient_facts(patient, hidden)]
            words.append(texts.study_line(stack.first))
        for label, text in zip((self.name, self.facts, self.study), words, strict=True):
            label.setText(text)

    def _which(self) -> bool:
        """Write "1 of 3"; say whether there are several."""
        session = self._commander.session
        place = session.worklist.place_of(session.opening.current)
        if place >= 0:
            self.place.setText(translate("TopBar", "{0} of {1}").format(place + 1, len(session.worklist)))
            return len(session.worklist) > 1
        studies, stack = session.opened.studies, session.reader.view.stack
        here = session.opened.study_of(stack) if stack else None
        if here is None or here not in studies or len(studies) < 2:
            return False
        self.place.setText(translate("TopBar", "{0} of {1}").format(studies.index(here) + 1, len(studies)))
        return True

    def set_compact(self, compact: bool) -> None:
        """Make the palette field an icon on a small window."""
        self.palette_field.set_compact(compact)
