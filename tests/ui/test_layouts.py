"""Items of layouts stay Qt's own: PySide6 keeps its objects of them when Qt deletes them, and then takes what comes to
the same address for them, which ends the process (`put_inside` in medviewer/ui/arrange.py)."""

import ast
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLayout, QLayoutItem, QVBoxLayout, QWidget

from medviewer import ui
from medviewer.ui.arrange import column, put_inside
from tests.ui import fakes_worklist as fakes
from tests.ui.shell import CTRL, KEY, shell, study
from tests.ui.worklist_bench import NO_WINDOWS, bench

#: What makes Python objects of items that are in a layout.
TELLING = {"addLayout", "insertLayout", "setLayout", "itemAt", "itemAtPosition"}


def known_items() -> list[QLayoutItem]:
    gc.unfreeze()  # what was left alone for good would not be told about
    kinds = ((each, type(each)) for each in gc.get_objects())  # isinstance would ask the objects, torch's among them
    return [each for each, kind in kinds if issubclass(kind, QLayoutItem) and not issubclass(kind, QLayout)]


@contextmanager
def no_new_items() -> Iterator[Callable[[], None]]:
    """Fail at the end, and whenever what is yielded is called, where there are Python objects of new items."""
    before = {id(item) for item in known_items()}

    def check() -> None:
        assert [item for item in known_items() if id(item) not in before] == []

    yield check
    check()


def test_that_a_layout_put_into_another_one_must_be_empty(qtbot: object) -> None:
    holder = QWidget()
    with no_new_items():
        inner = put_inside(column(holder), QVBoxLayout())
        inner.addWidget(QWidget())
    full = QVBoxLayout()
    full.addStretch(1)
    with pytest.raises(AssertionError):
        put_inside(column(QWidget()), full)


def test_that_nothing_in_the_window_asks_a_layout_for_its_items() -> None:
    asked = []
    for path in Path(next(iter(ui.__path__))).rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
        names = [call.func.attr for call in calls if isinstance(call.func, ast.Attribute)]
        asked += [f"{path.name} {name}" for name in names if name in TELLING]
    assert asked == ["arrange.py addLayout"]


@NO_WINDOWS
def test_search_field_goes_to_the_head_of_a_small_window_and_back_and_menus_are_menus() -> None:
    with no_new_items() as check, bench() as desk:
        for _ in range(3):
            desk.reset(fakes.mock_rows())
            desk.resize(1366, 768)
            desk.click(desk.page.side.filter)
            menu = desk.menu()
            assert [action.isChecked() for action in menu.actions()] == [True, True]
            menu.close()
            desk.resize(1920, 1080)
        check()


def test_window_that_folds_and_unfolds_asks_for_no_items(tmp_path: Path) -> None:
    with no_new_items() as check, shell(tmp_path / "home") as desk:
        desk.open(study(tmp_path / "study"))
        for width in (1920, 1366, 1000, 1366, 1920):
            desk.window.resize(width, 900)
            desk.settle()
        desk.key(KEY.Key_Comma, CTRL)
        desk.key(KEY.Key_Escape)
        check()
