"""The settings dialog is made from the declarations, and every change holds at once."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox

from medviewer.app.commands import keys_of
from medviewer.app.settings import PAGES, SETTINGS
from medviewer.ui import theme
from medviewer.ui.settings_dialog import NameChecks, SettingsDialog
from tests.ui.shell import CTRL, KEY, SHIFT, Shell, shell, until


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    with shell(tmp_path_factory.mktemp("settings") / "home") as made:
        yield made


@pytest.fixture
def dialog(opened: Shell) -> Iterator[SettingsDialog]:
    for page in PAGES:
        opened.session.settings.reset_page(page)
    opened.window.commander.run("program.settings")
    asking = opened.window.asking
    assert asking is not None
    until(lambda: isinstance(asking.dialog, SettingsDialog))
    made = asking.dialog
    assert isinstance(made, SettingsDialog)
    yield made
    made.close()


def test_every_setting_has_a_control_with_a_name_on_its_page(dialog: SettingsDialog) -> None:
    assert set(dialog.rows) == {key for key in SETTINGS if SETTINGS[key].page != "keys"}
    kinds = {bool: QCheckBox, int: QSpinBox, float: QDoubleSpinBox, str: QLineEdit, list: NameChecks}
    for key, row in dialog.rows.items():
        setting = SETTINGS[key]
        expected = QComboBox if setting.choices else kinds[type(setting.default)]
        assert isinstance(row.control, expected)
        assert row.control.accessibleName()


def test_dialog_has_the_size_and_pages_of_the_brief(dialog: SettingsDialog) -> None:
    assert (dialog.width(), dialog.height()) == (880, 640)
    assert list(dialog.buttons) == list(PAGES)


def test_change_holds_at_once_and_the_page_can_be_reset(opened: Shell, dialog: SettingsDialog) -> None:
    dialog.show_page("ai")
    control = dialog.rows["ai.opacity"].control
    assert isinstance(control, QDoubleSpinBox)
    control.setValue(0.3)
    assert opened.session.settings.get("ai.opacity") == 0.3
    assert opened.session.reader.ai.opacity == 0.3
    dialog.reset.click()
    assert opened.session.settings.get("ai.opacity") == 0.55
    assert control.value() == 0.55


def test_search_leaves_what_fits_and_goes_to_its_page(dialog: SettingsDialog) -> None:
    QTest.keyClicks(dialog.search, "colour map")
    assert dialog.page == "ai"
    assert dialog.rows["ai.colormap"].isVisible()
    assert not dialog.rows["ai.opacity"].isVisible()
    dialog.search.setText("nothing of this name")
    assert dialog.nothing.isVisible()


def test_high_contrast_takes_effect_without_a_restart(opened: Shell, dialog: SettingsDialog) -> None:
    opened.session.settings.set("display.high_contrast", True)
    until(lambda: theme.T.text1 == "#FFFFFF")
    opened.session.settings.set("display.high_contrast", False)
    until(lambda: theme.T.text1 == "#DCE1E6")


def test_brightness_spares_the_black_of_the_viewports(opened: Shell, dialog: SettingsDialog) -> None:
    opened.session.settings.set("display.chrome_brightness", 60)
    until(lambda: theme.T.text1.lower() == "#84878a")
    assert theme.T.canvas == "#000000"
    opened.session.settings.set("display.chrome_brightness", 100)
    until(lambda: theme.T.text1 == "#DCE1E6")


def press(dialog: SettingsDialog, command: str, key: object, modifiers: object = None) -> None:
    page = dialog.keys
    row = next(r for r in range(page.table.rowCount()) if page.table.item(r, 0).data(256) == command)
    page.table.setCurrentCell(row, 0)
    page.change.click()
    QTest.keyClick(page.table, key, modifiers) if modifiers else QTest.keyClick(page.table, key)


def test_key_can_be_changed_and_acts_at_once(opened: Shell, dialog: SettingsDialog) -> None:
    dialog.show_page("keys")
    press(dialog, "view.flip_x", KEY.Key_G)
    assert keys_of(opened.session, "view.flip_x") == ("G",)
    press(dialog, "program.about", KEY.Key_F1, SHIFT)
    assert keys_of(opened.session, "program.about") == ("Shift+F1",)
    dialog.keys.own.click()
    assert keys_of(opened.session, "program.about") == ()


def test_key_of_another_command_is_refused_by_its_name(opened: Shell, dialog: SettingsDialog) -> None:
    dialog.show_page("keys")
    press(dialog, "view.flip_x", KEY.Key_K, CTRL)
    assert keys_of(opened.session, "view.flip_x") == ("H",)
    assert dialog.message.text() == "Ctrl+K is the key of Find a command…. Choose another one."


def test_escape_leaves_a_key_as_it_is(opened: Shell, dialog: SettingsDialog) -> None:
    dialog.show_page("keys")
    press(dialog, "view.flip_x", KEY.Key_Escape)
    assert keys_of(opened.session, "view.flip_x") == ("H",)
    assert dialog.isVisible()


def test_setting_that_the_site_fixes_says_so(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with shell(home) as first:
        site = first.session.home.site
    site.mkdir(parents=True, exist_ok=True)
    policy = json.dumps({"ai.show": "on_request"}).encode()
    (site / "policy.json").write_bytes(policy)
    (site / "policy.json.sha256").write_text(hashlib.sha256(policy).hexdigest())
    with shell(home) as made:
        dialog = SettingsDialog(made.window, made.window.commander, "ai.show")
        assert not dialog.rows["ai.show"].control.isEnabled()
        from PySide6.QtWidgets import QLabel

        said = [label.text() for label in dialog.rows["ai.show"].findChildren(QLabel)]
        assert "The site's policy fixes this setting." in said
        dialog.close()
