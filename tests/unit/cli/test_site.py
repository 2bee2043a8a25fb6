"""`medviewer site`, the area "site" of doctor, and models that a site does not allow, from the command line."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from medviewer.app.documents import schema
from medviewer.app.session import Session
from medviewer.app.site_doctor import look
from medviewer.cli.main import main
from tests import champions
from tests.champions import NAME
from tests.postgres import postgres, postgres_url  # noqa: F401

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(warm: None, tiny_models: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command line in this process; returns (exit code, stdout, stderr)."""
    monkeypatch.setattr("medviewer.app.models.shipped_models", lambda: tiny_models)

    def run_(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return run_


def policy(home: Path, **values: object) -> Path:
    """Write and seal a policy; `a__b` stands for the key a.b."""
    path = home / "site" / "policy.json"
    path.parent.mkdir(exist_ok=True)
    text = json.dumps({key.replace("__", "."): value for key, value in values.items()}, indent=1)
    path.write_text(text)
    path.with_name("policy.json.sha256").write_text(hashlib.sha256(text.encode()).hexdigest())
    return path


def doctor(home: Path) -> dict[str, tuple[str, str]]:
    """Name -> (state, words) of the area "site"."""
    with Session(home) as session:
        return {name: (state, text) for name, state, text, _ in look(session)}


def entry(home: Path, run: Run, name: str) -> dict[str, str]:
    found = json.loads(run("models", "list", "--json")[1])["models"]
    return next({key: m[key] for key in ("name", "version", "sha256")} for m in found if m["name"] == name)


def test_a_policy_is_checked_sealed_and_then_in_order(run, tmp_path):
    path = tmp_path / "policy.json"
    path.write_text('{\n"ai.show": "never",\n"ai.opacity": 0.3}')
    code, out, err = run("site", "check", path)
    assert (code, err) == (3, "medviewer: This site's policy.json, line 2: ai.show cannot have this value.\n")
    assert re.search(r'^wrong +line 2 +ai\.show +it is not one of "at_once"', out, re.M)
    assert run("site", "seal", path)[0] == 3
    assert [p.name for p in tmp_path.iterdir()] == ["policy.json"]
    path.write_text('{"ai.show": "on_request"}')
    assert run("site", "check", path)[0] == 4
    assert run("site", "seal", path)[0] == 0
    code, out, err = run("site", "check", path, "--json")
    found = json.loads(out)
    jsonschema.validate(found, schema("site"))
    assert (code, found["ok"], found["sealed"]) == (0, True, True)


def test_checking_a_file_that_is_not_there_is_one_sentence(run, tmp_path):
    assert run("site", "check", tmp_path / "none.json")[0] == 3


def test_a_broken_policy_is_told_by_every_command_and_does_not_stop_it(run, home, chest):
    policy(home, ai__show="never")
    code, out, err = run("info", chest, "--json")
    assert code == 0
    assert json.loads(out)["studies"]
    assert "line 2: ai.show cannot have this value" in err


def test_doctor_says_of_each_key_whether_it_can_be_used(run, home):
    assert doctor(home) == {"policy": ("ok", "none: nothing is fixed")}
    policy(home, ai__show="on_request", ai__opacitty=0.3, models__allowed="all")
    found = doctor(home)
    assert found["ai.show"] == ("ok", "line 2: on_request")
    assert found["ai.opacitty"] == ("fail", "line 3: there is no such key; ai.opacity may be meant")
    assert found["models.allowed"][0] == "fail"
    assert "No model is used." in found["safe side"][1]
    assert found["hash"][0] == "ok"


def test_doctor_fails_for_a_policy_that_was_changed_after_it_was_sealed(run, home):
    path = policy(home, ai__show="on_request")
    path.write_text('{"ai.show": "at_once"}')
    found = doctor(home)
    assert found["policy"][0] == found["hash"][0] == "fail"


def test_doctor_warns_of_a_policy_that_anybody_may_change(run, home):
    path = policy(home, ai__show="on_request")
    path.chmod(0o666)
    assert doctor(home)["rights"] == ("warn", "others than the administrator may change policy.json")


def test_doctor_tries_the_folders_of_the_site(run, home, tmp_path):
    (tmp_path / "file").write_text("")
    policy(home, paths__data=str(tmp_path / "data"), paths__cache=f"{tmp_path}/file/x", paths__models=["/no/such"])
    found = doctor(home)
    assert found["paths.data"] == ("ok", str(tmp_path / "data"))
    assert found["paths.cache"][0] == found["paths.models"][0] == "fail"


def test_doctor_says_which_allowed_models_are_here_and_which_others_are_not_offered(run, home):
    allowed = entry(home, run, "bright-slices")
    policy(home, models__allowed=[allowed, {**allowed, "version": "2.0.0"}])
    found = doctor(home)
    assert found["bright-slices 1.0.0"] == ("ok", "allowed and here")
    assert found["bright-slices 2.0.0"][0] == "warn"
    assert found["bright-film 1.0.0"] == ("ok", "here, not allowed: it is not offered")


def test_doctor_asks_the_server_of_the_library(run, home, postgres_url):  # noqa: F811
    policy(home, library__url=postgres_url)
    assert doctor(home)["library server"] == ("ok", "reachable, empty")
    with Session(home) as session:
        session.shelf.read(lambda library: library).result()
    assert doctor(home)["library server"] == ("ok", "reachable")


def test_doctor_says_that_a_server_cannot_be_reached(run, home, tmp_path):
    policy(home, library__url=f"postgresql://nobody@/none?host={tmp_path}")
    state, text = doctor(home)["library server"]
    assert state == "fail"
    assert "cannot be reached" in text


def test_a_model_that_the_site_does_not_allow_reads_nothing(run, home, chest, tmp_path):
    policy(home, models__allowed=[])
    code, out, err = run("analyze", chest, "--model", "bright-slices", "--out", tmp_path / "out")
    assert (code, out) == (4, "")
    assert "bright-slices 1.0.0 is not among the models that this site allows. Ask your administrator." in err


def test_the_list_of_models_says_which_the_site_does_not_allow(run, home):
    policy(home, models__allowed=[entry(home, run, "bright-slices")])
    code, out, err = run("models", "list")
    assert (code, out.split()[0], len(out.splitlines())) == (0, "bright-slices", 1)
    assert "bright-film 1.0.0 is not among the models that this site allows" in err


def test_a_model_that_the_site_does_not_allow_is_not_imported(run, home, tmp_path, tiny_models):
    allowed = entry(home, run, "bright-slices")
    run("models", "export", "bright-film", "--to", tmp_path / "film.zip")
    (home / "data").rename(home / "before")
    policy(home, models__allowed=[allowed])
    code, out, err = run("models", "import", tmp_path / "film.zip")
    assert (code, out) == (4, "")
    assert "not among the models" in err
    assert not list((home / "data").glob("models/bright-film*"))


def test_a_candidate_may_be_compared_but_is_promoted_only_when_the_site_allows_it(run, home):
    champions.candidate(home)
    champions.dataset(home)
    policy(home, models__allowed=[entry(home, run, NAME)])
    code, out, err = run("compare", "run-0001", "--dataset", "set-1", "--json")
    assert code == 0, err
    code, out, err = run("models", "promote", NAME, json.loads(out)["challenger"], "--reason", "steadier")
    assert (code, out) == (4, "")
    assert "not among the models that this site allows" in err


def test_nobody_trains_while_the_policy_is_broken(run, home):
    policy(home, admin__trainers="root")
    code, _, err = run("models", "rollback", "bright-slices")
    assert code == 4
    assert "Only the people named by the site's policy" in err
