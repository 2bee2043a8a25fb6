"""The window under a site's policy: what is fixed is greyed with the reason, and a broken policy is on the screen."""

import hashlib
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from medviewer.app.site_table import GUARDED, KEYS
from medviewer.ui import translation
from medviewer.ui.settings_dialog import SettingsDialog
from tests.ui.shell import application, shell, until


def policy(home: Path, text: str) -> None:
    site = home / "site"
    site.mkdir(parents=True)
    (site / "policy.json").write_text(text)
    (site / "policy.json.sha256").write_text(hashlib.sha256(text.encode()).hexdigest())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"ai.show": "on_request"}', "The site's policy fixes this setting."),
        ('{"ai.show": "never"}', "The site's policy is broken; this setting is on the safe side."),
    ],
)
def test_a_setting_of_the_policy_is_greyed_with_the_reason(home: Path, text: str, reason: str) -> None:
    policy(home, text)
    with shell(home) as made:
        dialog = SettingsDialog(made.window, made.window.commander, "ai.show")
        row = dialog.rows["ai.show"]
        assert not row.control.isEnabled()
        assert reason in [label.text() for label in row.findChildren(QLabel)]
        assert dialog.rows["ai.opacity"].control.isEnabled()
        dialog.close()


def test_a_broken_policy_stays_on_the_screen_with_key_and_line_and_what_holds(home: Path) -> None:
    policy(home, '{\n"models.allowed": "all"}')
    with shell(home) as made:
        made.session.begin_work()
        until(lambda: "models.allowed" in made.window.jobs.text.text())
        said = made.window.jobs.text.text()
        assert "line 2" in said
        assert "No model is used." in said
        assert made.window.jobs.dismiss.isVisible()


def test_what_is_on_the_safe_side_is_said_in_chinese_too() -> None:
    application("zh_CN")
    try:
        for key in GUARDED:
            assert translation.say(KEYS[key].held) != KEYS[key].held
    finally:
        application("en")
