"""A site's policy: sealed it fixes, broken it restricts all the same, and it says which key on which line."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import pytest

from medviewer.app import home as homes
from medviewer.app import site
from medviewer.app.home import find_home
from medviewer.app.models import find_model, look
from medviewer.app.settings import SETTINGS, Settings
from medviewer.app.site_table import CLOSED, GUARDED, KEYS, NOBODY, OWN
from medviewer.core.errors import UserError
from tests.engine import tiny

EXAMPLES = {
    "models.allowed": [{"name": "a", "version": "1.0.0", "sha256": "0" * 64}],
    "paths.models": ["/srv/models"],
    "paths.data": "/srv/{user}",
    "paths.cache": "C:\\cache\\{user}",
    "paths.logs": "\\\\server\\logs\\{user}",
    "library.url": "postgresql://reader@db.example/medviewer",
}
#: Values that no key of that name may have.
WRONG = {
    "models.allowed": [{"name": "a", "version": "1"}],
    "paths.models": "/srv/models",
    "paths.data": "relative/path",
    "paths.cache": "/srv/../etc",
    "paths.logs": "/srv/{home}",
    "library.url": "postgresql://reader:secret@db.example/medviewer",
}


def write(folder: Path, text: str, *, seal: bool = True) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "policy.json").write_bytes(text.encode())
    if seal:
        (folder / "policy.json.sha256").write_text(f"{hashlib.sha256(text.encode()).hexdigest()}  policy.json\n")
    return folder


def on_the_safe_side(values: dict[str, object]) -> bool:
    return all(values[key] == KEYS[key].safe for key in GUARDED)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_takes_a_value_of_its_kind_and_no_other(tmp_path, key):
    good = EXAMPLES.get(key, SETTINGS[key].default if key in SETTINGS else None)
    policy = site.read(write(tmp_path / "good", json.dumps({key: good})))
    assert (policy.problems, policy.values[key]) == ((), good)
    policy = site.read(write(tmp_path / "bad", json.dumps({key: WRONG.get(key, {"no": "value"})}, indent=1)))
    assert policy.problems == (f"This site's policy.json, line 2: {key} cannot have this value.",)
    assert policy.values.get(key) == KEYS[key].safe


@pytest.mark.parametrize("key", GUARDED)
def test_every_guarded_key_is_restrictive_on_its_safe_side_and_says_so(key):
    assert KEYS[key].held.endswith(".")
    assert KEYS[key].safe is not None
    if key in SETTINGS:
        assert KEYS[key].safe != SETTINGS[key].default


def test_the_safe_side_of_a_wrong_key_leaves_the_others_as_the_site_wants_them(tmp_path):
    text = json.dumps({"ai.show": "on_request", "models.allowed": "all", "ai.opacity": 0.3}, indent=1)
    policy = site.read(write(tmp_path, text))
    assert policy.values == {"ai.show": "on_request", "models.allowed": [], "ai.opacity": 0.3}
    assert policy.held == ("No model is used.",)
    assert policy.sentence.startswith("This site's policy.json, line 3: models.allowed cannot have this value.")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("[]", 1),
        ('{"ai.show": "on_request",\n}', 2),
        ('{"ai.show": "on_request"\n"ai.batch": 8}', 2),
        ('{\n"ai.opacity": NaN}', 2),
        ('{\n\n"models.allowed": [{"name": "a", "name": "b"}]}', 3),
        ('{} \n {}', 2),
        ("{\n" + '"a": ' + "[" * 100_000, 2),
        ('{"ai.show":\n\n on_request}', 3),
    ],
)  # fmt: skip
def test_a_text_that_is_no_json_is_told_with_its_line_and_everything_guarded_is_on_the_safe_side(tmp_path, text, line):
    policy = site.read(write(tmp_path, text))
    assert f"line {line}:" in policy.problems[0]
    assert on_the_safe_side(policy.values)


def test_a_file_of_a_windows_editor_is_read(tmp_path):
    assert site.read(write(tmp_path, '\ufeff{\r\n"ai.show": "on_request"\r\n}')).values == {"ai.show": "on_request"}


def test_a_key_that_stands_twice_is_told_with_the_second_line(tmp_path):
    policy = site.read(write(tmp_path, '{"ai.show": "on_request",\n"ai.show": "at_once"}'))
    assert policy.problems == ("This site's policy.json, line 2: ai.show stands twice.",)


def test_an_unsealed_policy_and_one_without_its_file_restrict_what_they_would_have(tmp_path):
    unsealed = site.read(write(tmp_path / "a", '{"ai.show": "on_request"}', seal=False))
    assert on_the_safe_side(unsealed.values)
    gone = write(tmp_path / "b", "{}")
    (gone / "policy.json").unlink()
    assert on_the_safe_side(site.read(gone).values)
    assert site.read(tmp_path / "c") == site.Policy()


def test_a_misspelt_restriction_holds_on_the_safe_side_of_the_key_that_was_meant(tmp_path):
    policy = site.read(write(tmp_path, '{"admin.trainer": ["root"]}'))
    assert "admin.trainer is not known" in policy.problems[0]
    assert policy.values == {"admin.trainers": [NOBODY]}
    assert site.read(write(tmp_path, '{"of.a.newer.version": 1}')).values == {}


@pytest.mark.skipif(os.name != "posix", reason="needs pipes")
def test_a_pipe_in_place_of_the_policy_does_not_hold_up_the_start(tmp_path):
    os.mkfifo(tmp_path / "policy.json")
    assert on_the_safe_side(site.read(tmp_path).values)


def test_the_password_of_a_library_is_not_taken_from_a_policy_and_the_library_stays_closed(tmp_path):
    for address in (WRONG["library.url"], "postgresql://db.example/x?user=a&password=secret"):
        policy = site.read(write(tmp_path, json.dumps({"library.url": address})))
        assert policy.values["library.url"] == CLOSED
        assert "secret" not in policy.sentence + "".join(line.fault for line in policy.lines)


def test_no_library_is_opened_while_it_is_closed(home):
    from medviewer.app.shelf import Shelf

    shelf = Shelf(find_home(home), CLOSED)
    with pytest.raises(UserError):
        shelf.read(lambda library: library).result()
    shelf.close()
    assert not (home / "data" / "library").exists()


def test_sealing_refuses_what_cannot_be_used_and_what_it_seals_is_applied(tmp_path):
    path = write(tmp_path, '{\n"ai.show": "never"}', seal=False) / "policy.json"
    with pytest.raises(UserError, match=r"line 2: ai\.show"):
        site.seal(path)
    assert not path.with_name("policy.json.sha256").exists()
    path.write_text('{"ai.show": "on_request"}')
    site.seal(path)
    assert Settings(None, tmp_path).get("ai.show") == "on_request"
    if os.name == "posix":
        assert path.with_name("policy.json.sha256").stat().st_mode & 0o777 == 0o644


def test_folders_of_the_policy_hold_in_every_home_with_the_login_filled_in(home, tmp_path):
    text = {"paths.data": f"{tmp_path}/{{user}}/data", "paths.logs": f"{tmp_path}/logs"}
    write(home / "site", json.dumps(text))
    found = find_home(home)
    assert found.data == tmp_path / site.account() / "data"
    assert (found.logs, found.cache, found.config) == (tmp_path / "logs", home / "cache", home / "config")


def test_the_policy_of_the_computer_holds_also_in_a_home_that_somebody_chose(home, tmp_path, monkeypatch):
    system = write(tmp_path / "system", '{"ai.show": "on_request"}')
    monkeypatch.setattr(homes, "SYSTEM", system)
    assert find_home(home).site == system
    assert Settings(None, find_home(home).site).fixed("ai.show")


def test_a_login_is_not_what_a_variable_says(monkeypatch):
    before = site.account()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert site.account() == before


# -- models --------------------------------------------------------------------------------------------------------


@pytest.fixture
def two(home, tmp_path, monkeypatch):
    """Two models that come with the program; the first one is allowed."""
    shipped = tmp_path / "shipped"
    allowed = tiny.slices(shipped / "bright-slices")
    tiny.film(shipped / "bright-film")
    monkeypatch.setattr("medviewer.app.models.shipped_models", lambda: shipped)
    entry = {"name": allowed.name, "version": allowed.card.version, "sha256": allowed.sha256}
    write(home / "site", json.dumps({"models.allowed": [entry]}))
    return shipped


def test_models_that_are_not_allowed_are_not_offered_and_say_why(home, two):
    models = look(find_home(home))
    assert [m.name for m in models.in_use] == ["bright-slices"]
    for name in ("bright-film", str(two / "bright-film")):
        with pytest.raises(UserError, match="not among the models that this site allows") as error:
            find_model(find_home(home), name)
        assert error.value.code == "not_permitted"
    assert find_model(find_home(home), "bright-slices").name == "bright-slices"


def test_what_is_not_allowed_is_not_offered_in_safe_mode_either(home, two):
    models = look(None, policy=find_home(home).policy)
    assert [m.name for m in models.every] == ["bright-slices"]
    assert [m.name for m in models.refused] == ["bright-film"]


def test_a_model_of_the_same_name_and_version_with_other_weights_is_not_the_allowed_one(home, two):
    text = (home / "site" / "policy.json").read_text()
    entry = json.loads(text)["models.allowed"][0]
    write(home / "site", json.dumps({"models.allowed": [{**entry, "sha256": "0" * 64}]}))
    assert look(find_home(home)).in_use == ()


def test_models_of_a_folder_of_the_site_are_offered(home, two, tmp_path):
    write(home / "site", json.dumps({"paths.models": [str(tmp_path / "ours")]}))
    shutil.copytree(two / "bright-film", tmp_path / "ours" / "bright-film")
    shutil.rmtree(two / "bright-film")
    assert [m.name for m in look(find_home(home)).in_use] == ["bright-film", "bright-slices"]


def test_what_the_page_of_settings_says_of_the_site_names_every_key():
    page = (Path(__file__).resolve().parents[3] / "docs" / "settings.md").read_text("utf-8")
    assert all(f"`{key}`" in page for key in (*OWN, *GUARDED))
