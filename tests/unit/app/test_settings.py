"""Settings: declared once, kept in one file, damaged values fall back alone, a site may fix values."""

import hashlib
import json
import stat
from pathlib import Path

import pytest

from medviewer.app.settings import PAGES, SETTINGS, Settings
from medviewer.app.settings_docs import reference
from medviewer.core.errors import UserError

ROOT = Path(__file__).resolve().parents[3]


def site(folder: Path, values: dict[str, object], sha256: str = "") -> Path:
    text = json.dumps(values)
    folder.mkdir()
    (folder / "policy.json").write_text(text)
    (folder / "policy.json.sha256").write_text(
        (sha256 or hashlib.sha256(text.encode()).hexdigest()) + "  policy.json\n"
    )
    return folder


@pytest.mark.parametrize("key", SETTINGS)
def test_every_declaration_is_whole(key):
    setting = SETTINGS[key]
    assert setting.fits(setting.default)
    assert setting.page in PAGES
    assert setting.title
    assert setting.help.endswith(".")
    assert setting.level in ("user", "site")


def test_a_change_is_there_after_the_next_start_and_readable_by_this_user_alone(tmp_path):
    Settings(tmp_path).set("reading.text_size", 16)
    assert Settings(tmp_path).get("reading.text_size") == 16
    assert stat.S_IMODE((tmp_path / "settings.json").stat().st_mode) == 0o600
    assert {p.name for p in tmp_path.iterdir()} == {"settings.json", "settings.json.lock"}


def test_a_change_is_announced_once(tmp_path):
    settings, heard = Settings(tmp_path), []
    settings.changed.connect(heard.append)
    settings.set("ai.opacity", 0.3)
    settings.set("ai.opacity", 0.3)
    assert heard == ["ai.opacity"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reading.text_size", 11),
        ("reading.text_size", 19),
        ("reading.text_size", "14"),
        ("reading.text_size", True),
        ("ai.opacity", float("nan")),
        ("ai.opacity", 0.95),
        ("ai.colormap", "jet"),
        ("reading.smooth", 1),
        ("keys.overrides", {"view.fit": "F"}),
    ],
)
def test_a_value_out_of_range_or_of_another_type_is_refused_with_a_sentence(tmp_path, key, value):
    settings = Settings(tmp_path)
    with pytest.raises(UserError) as error:
        settings.set(key, value)
    assert error.value.sentence.startswith(SETTINGS[key].title)
    assert settings.get(key) == SETTINGS[key].default


def test_damaged_values_fall_back_one_by_one_and_are_told(tmp_path):
    stored = {"reading.text_size": 99, "ai.colormap": "viridis", "of.a.newer.version": 1, "ai.opacity": 1}
    (tmp_path / "settings.json").write_text(json.dumps(stored))
    settings = Settings(tmp_path)
    assert settings.get("reading.text_size") == 12
    assert settings.get("ai.colormap") == "viridis"
    assert settings.get("ai.opacity") == 0.55
    assert len(settings.problems) == 2


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": ' * 5000, "\x00\xff"])
def test_a_file_that_is_no_json_object_does_not_stop_the_start(tmp_path, text):
    (tmp_path / "settings.json").write_text(text)
    settings = Settings(tmp_path)
    assert settings.get("reading.text_size") == 12
    assert settings.problems


def test_one_page_is_reset_and_the_others_stay(tmp_path):
    settings = Settings(tmp_path)
    settings.set("reading.text_size", 18)
    settings.set("ai.opacity", 0.3)
    settings.reset_page("reading")
    assert (settings.get("reading.text_size"), settings.get("ai.opacity")) == (12, 0.3)
    assert Settings(tmp_path).get("reading.text_size") == 12


def test_the_site_fixes_a_value_whatever_the_user_set(tmp_path):
    Settings(tmp_path).set("ai.show", "at_once")
    settings = Settings(tmp_path, site(tmp_path / "site", {"ai.show": "on_request"}))
    assert settings.get("ai.show") == "on_request"
    assert settings.fixed("ai.show")
    with pytest.raises(UserError, match="policy"):
        settings.set("ai.show", "all_seen")


def test_a_policy_that_was_changed_is_not_applied_but_locks_what_it_names_and_that_is_told(tmp_path):
    settings = Settings(tmp_path, site(tmp_path / "site", {"ai.show": "on_request"}, sha256="0" * 64))
    assert settings.get("ai.show") == SETTINGS["ai.show"].default
    assert "safe side" in (settings.blocked("ai.show") or "")
    assert "policy" in settings.problems[0]


def test_read_only_keeps_changes_until_the_end_and_no_longer(tmp_path):
    settings = Settings(tmp_path, write=False)
    settings.set("ai.opacity", 0.3)
    assert settings.get("ai.opacity") == 0.3
    assert not list(tmp_path.iterdir())


def test_the_reference_of_settings_is_not_stale():
    written = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert written == reference(), "run: python -m medviewer.app.settings_docs > docs/settings.md"
