"""The window as a whole: its parts, sizes, keys and folds."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton

from medviewer.app.commands import COMMANDS
from medviewer.app.reader import Layout, Tool
from medviewer.core.jobs import State
from medviewer.ui import theme
from medviewer.ui.app import parse
from tests.ui import fakes
from tests.ui.shell import ALT, CTRL, KEY, SHIFT, SLICES, Shell, shell, study, until


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("shell")
    with shell(folder / "home") as made:
        made.open(study(folder / "study"))
        yield made


@pytest.fixture
def desk(opened: Shell) -> Shell:
    opened.reset()
    return opened


def luminance(image: QImage) -> np.ndarray:
    """WCAG relative luminance of every pixel."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rgb = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[:, : image.width(), :3] / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def test_title_names_no_patient_and_top_bar_does(desk: Shell) -> None:
    assert desk.window.windowTitle() == "medviewer"
    assert desk.window.top.name.text() == "SAMPLE, Avery"
    assert "SYN-00412" in desk.window.top.facts.text()
    assert "22 Nov 2026" in desk.window.top.study.text()


def test_names_vanish_everywhere_by_shift_i(desk: Shell) -> None:
    desk.key(KEY.Key_I, SHIFT)
    until(lambda: desk.window.top.name.text() == "Name hidden")
    assert "SYN-00412" not in desk.window.top.facts.text()


def test_viewports_take_at_least_59_percent_of_a_full_hd_window(desk: Shell) -> None:
    area = desk.window.area
    assert area is not None
    share = area.width() * area.height() / (1920 * 1080)
    print(f"viewports: {share:.3f} of the window")
    assert share >= 0.59


def test_chrome_is_dark(desk: Shell) -> None:
    picture = desk.window.grab().toImage()
    light, ratio = luminance(picture), picture.devicePixelRatio()
    area = desk.window.area
    assert area is not None
    at = area.mapTo(desk.window, QPoint(0, 0)) * ratio
    chrome = np.ones(light.shape, bool)
    chrome[at.y() : at.y() + area.height(), at.x() : at.x() + area.width()] = False
    mean, bright = float(light[chrome].mean()), float((light[chrome] > 0.6).mean())
    print(f"chrome: mean luminance {mean:.4f}, above 0.6 {bright:.4f}")
    assert mean <= 0.03
    assert bright < 0.01


def test_warning_is_always_there(desk: Shell) -> None:
    for width, height in ((1920, 1080), (1366, 768), (1000, 700)):
        desk.window.resize(width, height)
        desk.settle()
        warning = desk.window.status.warning
        assert warning.isVisible()
        assert warning.text() == "Not for diagnostic use"
        assert warning.width() >= warning.fontMetrics().horizontalAdvance(warning.text())


def test_small_window_folds(desk: Shell) -> None:
    desk.window.resize(1366, 768)
    desk.settle()
    assert (desk.window.strip.width(), desk.window.panel.width()) == (88, 300)
    assert desk.window.top.palette_field.width() == 32


def test_below_1100_the_panel_is_a_drawer_closed_by_default(desk: Shell) -> None:
    desk.window.resize(1080, 700)
    desk.settle()
    until(lambda: not desk.window.panel.isVisible())
    desk.key(KEY.Key_R, CTRL)
    until(desk.window.panel.isVisible)
    area = desk.window.area
    assert area is not None
    assert desk.window.panel.geometry().right() >= area.geometry().right() - 1, "it lies over the right edge"
    desk.key(KEY.Key_Escape)
    until(lambda: not desk.window.panel.isVisible())


@pytest.mark.parametrize(
    ("key", "modifiers", "holds"),
    [
        (KEY.Key_P, Qt.KeyboardModifier.NoModifier, lambda r: r.tool is Tool.PAN),
        (KEY.Key_2, ALT, lambda r: r.layout is Layout.SIDE_BY_SIDE),
        (KEY.Key_H, Qt.KeyboardModifier.NoModifier, lambda r: r.view.placement.flip_x),
        (KEY.Key_I, CTRL, lambda r: r.view.inverted),
        (KEY.Key_Down, Qt.KeyboardModifier.NoModifier, lambda r: r.view.index == 1),
        (KEY.Key_End, Qt.KeyboardModifier.NoModifier, lambda r: r.view.index == SLICES - 1),
        (KEY.Key_X, Qt.KeyboardModifier.NoModifier, lambda r: not r.ai.shown),
        (KEY.Key_B, CTRL, lambda r: not r.desk.left),
        (KEY.Key_J, Qt.KeyboardModifier.NoModifier, lambda r: r.desk.jobs),
        (KEY.Key_2, Qt.KeyboardModifier.NoModifier, lambda r: r.view.window.name == "Mediastinum"),
        (KEY.Key_Return, Qt.KeyboardModifier.NoModifier, lambda r: r.filled),
    ],
)
def test_key_in_the_viewport_does_what_the_table_says(
    desk: Shell, key: Qt.Key, modifiers: Qt.KeyboardModifier, holds: object
) -> None:
    desk.key(key, modifiers)
    until(lambda: holds(desk.session.reader))  # type: ignore[operator]


def test_letters_do_nothing_while_somebody_types(desk: Shell) -> None:
    desk.key(KEY.Key_K, CTRL)
    assert desk.window.asking is not None
    until(desk.window.asking.palette.isVisible)
    desk.key(KEY.Key_X)
    desk.key(KEY.Key_J)
    assert desk.session.reader.ai.shown
    assert not desk.session.reader.desk.jobs
    assert desk.window.asking.palette.field.text() == "xj"
    desk.key(KEY.Key_Escape)
    assert not desk.window.asking.palette.isVisible()


def test_arrow_keys_in_the_panel_do_not_scroll_the_stack(desk: Shell) -> None:
    assert desk.window.panel.body is not None
    desk.window.panel.body.picker.setFocus(Qt.FocusReason.TabFocusReason)
    desk.key(KEY.Key_Down)
    assert desk.session.reader.view.index == 0


def test_space_shows_the_plain_image_while_it_is_held(desk: Shell) -> None:
    viewport = QApplication.focusWidget()
    QTest.keyPress(viewport, KEY.Key_Space)
    assert desk.session.reader.desk.plain
    QTest.keyRelease(viewport, KEY.Key_Space)
    assert not desk.session.reader.desk.plain


def test_f6_walks_over_the_regions_and_escape_comes_back(desk: Shell) -> None:
    window = desk.window
    seen = []
    for _ in window.regions():
        desk.key(KEY.Key_F6)
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(next(r for r in window.regions() if r is focus or r.isAncestorOf(focus)))
    assert set(seen) == set(window.regions())
    window.top.open_button.setFocus(Qt.FocusReason.TabFocusReason)
    desk.key(KEY.Key_Escape)
    assert window.area is not None
    assert QApplication.focusWidget() is window.area.active


def test_every_button_without_words_has_a_name_and_a_target_of_24(desk: Shell) -> None:
    for button in (*desk.window.findChildren(QToolButton), *desk.window.findChildren(QPushButton)):
        if button.isVisible():
            assert button.text().strip() or button.accessibleName(), button
            assert min(button.width(), button.height()) >= 24, button.accessibleName() or button.text()


def test_toolbar_button_says_why_it_cannot_be_used(desk: Shell) -> None:
    from medviewer.core.study import Stack

    stack = desk.session.opened.stacks[0]
    desk.session.reader.view.show(Stack(stack.series_uid, stack.number, stack.images[:1]))
    until(lambda: not desk.window.toolbar.buttons["slice.cine"].isEnabled())
    assert "only one image" in desk.window.toolbar.buttons["slice.cine"].toolTip()


def test_every_icon_is_there(desk: Shell) -> None:
    names = {c.icon for c in COMMANDS.values() if c.icon}
    missing = [name for name in names if not theme.resource("icons", f"{name}.svg").is_file()]
    assert not missing


def test_style_sheet_has_no_token_left() -> None:
    assert "@" not in theme.style_sheet()


def test_drop_of_a_folder_opens_it_anywhere_on_the_window(desk: Shell, tmp_path: Path) -> None:
    other = study(tmp_path / "other", 3, StudyInstanceUID="1.2.826.0.1.99", SeriesInstanceUID="1.2.826.0.1.99.1")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(other))])
    enter = QDragEnterEvent(
        QPoint(40, 300),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(desk.window, enter)
    assert enter.isAccepted()
    assert desk.window.drops.veil.isVisible()
    drop = QDropEvent(
        QPointF(40, 300),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(desk.window, drop)
    assert not desk.window.drops.veil.isVisible()
    until(lambda: len(desk.session.opened.studies) == 2)
    until(lambda: desk.window.top.place.isVisible())
    assert desk.window.top.place.text() in ("1 of 2", "2 of 2")
    desk.session.opened.close_study("1.2.826.0.1.99")
    until(lambda: len(desk.session.opened.studies) == 1)


def test_files_that_are_left_out_are_counted_and_listed_with_the_reason(desk: Shell, tmp_path: Path) -> None:
    note = tmp_path / "letter.txt"
    note.write_text("not an image")
    folder = study(tmp_path / "more", 2, StudyInstanceUID="1.2.826.0.1.98", SeriesInstanceUID="1.2.826.0.1.98.1")
    (folder / "letter.txt").write_text("not an image")
    job = desk.session.open([folder])
    until(lambda: job.state.final)
    until(desk.window.strip.skipped.isVisible)
    assert "left out. Show them" in desk.window.strip.skipped.text()
    desk.click(desk.window.strip.skipped)
    assert desk.window.asking is not None
    until(lambda: desk.window.asking is not None and desk.window.asking.dialog is not None)
    dialog = desk.window.asking.dialog
    assert "letter.txt" in dialog.table.item(0, 0).text()  # type: ignore[union-attr]
    assert dialog.table.item(0, 1).text().endswith(".")  # type: ignore[union-attr]
    dialog.close()  # type: ignore[union-attr]
    desk.session.opened.forget_skipped()
    desk.session.opened.close_study("1.2.826.0.1.98")
    until(lambda: len(desk.session.opened.studies) == 1)


def test_clicking_a_series_shows_it(desk: Shell) -> None:
    desk.session.reader.view.show(None)
    rows = desk.window.strip.list
    assert rows is not None
    at = rows.visualRect(rows.rows.index(1)).center()
    desk.click(rows.viewport(), at)
    until(lambda: desk.session.reader.view.stack is not None)


def test_two_faces_of_one_choice_agree(desk: Shell) -> None:
    desk.click(desk.window.toolbar.buttons["tool.zoom"])
    assert desk.session.reader.tool is Tool.ZOOM
    until(lambda: desk.window.toolbar.buttons["tool.zoom"].isChecked())
    assert not desk.window.toolbar.buttons["tool.window"].isChecked()


def test_closing_in_the_middle_of_a_job_ends_cleanly(tmp_path: Path) -> None:
    engine = fakes.FakeEngine(hold=True)
    before = set(psutil.Process().children(recursive=True))
    with shell(tmp_path / "home", engine=engine) as made:
        made.open(study(tmp_path / "study"))
        made.window.commander.run("ai.read")
        until(lambda: bool(made.session.jobs.active))
        job = made.session.jobs.active[0]
        children = set(psutil.Process().children(recursive=True)) - before
        assert children
        began = time.monotonic()
        made.window.close()
        assert time.monotonic() - began < 2.0
        assert job.state is State.CANCELLED
        assert psutil.wait_procs(children, 5)[1] == []


def test_window_process_never_imports_what_belongs_to_the_others(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from medviewer.app.session import Session
from PySide6.QtWidgets import QApplication
from medviewer.ui import theme
from medviewer.ui.main_window import MainWindow
session = Session(Path(sys.argv[1]))
app = QApplication([])
theme.apply_settings(app, session.settings)
window = MainWindow(session)
window.show()
app.processEvents()
names = {name.split(".")[0] for name in sys.modules}
print(sorted(names & {"pydicom", "imagecodecs", "PIL", "scipy", "torch", "captum", "matplotlib", "pyqtgraph"}))
window.close()
"""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, env=env, check=False
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_shell_is_painted_before_numpy_is_there(tmp_path: Path) -> None:
    code = """
import sys
from PySide6.QtWidgets import QApplication
from medviewer.ui import theme
from medviewer.ui.main_window import MainWindow
app = QApplication([])
theme.apply(app)
window = MainWindow()
window.show()
window.grab()
print("numpy" in sys.modules)
"""
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    assert done.stdout.strip() == "False", done.stdout + done.stderr


def test_command_line_of_the_window() -> None:
    given = parse(["--read-only", "--home", "/tmp/h", "a", "--", "-b"])
    assert (given.read_only, given.home, given.paths) == (True, Path("/tmp/h"), [Path("a"), Path("-b")])
    assert parse(["--home"]).problem == "--home needs a folder."
    assert parse(["--nonsense"]).problem == "There is no option --nonsense."
