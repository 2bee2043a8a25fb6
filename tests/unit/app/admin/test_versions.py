"""Which version is in use: promoting, going back, other programs, a damaged record, results of earlier versions."""

import hashlib
import json
import time
from pathlib import Path

import pytest

from medviewer.app.admin import in_use
from medviewer.app.home import find_home
from medviewer.app.models import find_model
from medviewer.app.session import Session
from medviewer.core.errors import UserError
from medviewer.inference import folder
from tests import build, champions
from tests.champions import NAME

NEW = "1.1.0+site.1"


@pytest.fixture
def compared(session: Session, home: Path) -> str:
    """A candidate of a run, compared on a frozen data set: the comparison's id."""
    champions.candidate(home)
    champions.dataset(home)
    return session.admin.comparisons.run("run-0001", "set-1").value(60).id


def entries(session: Session) -> list[tuple[str, dict]]:
    found = session.shelf.read(lambda library: library.audit_entries()).result()
    return [(e.what, e.details) for e in found if e.what.startswith("model.")]


def used(session: Session) -> str:
    model = session.model(NAME)
    assert model is not None
    return model.card.version


def failure(job) -> UserError:
    with pytest.raises(UserError) as caught:
        job.value(60)
    return caught.value


def test_a_promoted_version_is_the_one_in_use_and_one_act_goes_back(session: Session, home: Path, compared: str):
    versions = session.admin.versions
    assert (used(session), versions.in_use(NAME).shipped) == ("1.0.0", True)
    assert [(v.version, v.state) for v in versions.all() if v.model == NAME] == [
        (NEW, "candidate"),
        ("1.0.0", "in use"),
    ]
    told = []
    versions.changed.connect(told.append)
    made = versions.promote(compared, "  it is\nsteadier ").value(60)
    assert (made.version, made.state, made.reason, made.run) == (NEW, "in use", "it is steadier", "run-0001")
    assert (used(session), NAME in told) == (NEW, True)
    assert find_model(session.home, NAME).card.version == NEW
    assert find_model(session.home, f"{NAME}@1.0.0").card.version == "1.0.0"
    assert [m.card.version for m in session.models if m.name == NAME] == [NEW]
    back = versions.roll_back(NAME).value(60)
    assert (back.version, used(session)) == ("1.0.0", "1.0.0")
    assert [(v.version, v.state) for v in versions.all() if v.model == NAME] == [(NEW, "kept"), ("1.0.0", "in use")]
    (rolled, promoted) = versions.history(NAME)
    assert (promoted["kind"], promoted["version"], promoted["before"]["version"]) == ("promote", NEW, "1.0.0")
    assert (rolled["kind"], rolled["version"], rolled["before"]["version"]) == ("roll_back", "1.0.0", NEW)
    assert promoted["comparison"] == compared
    assert promoted["gates"]["auc"] == "passed"
    assert [(what, d["act"]) for what, d in entries(session)] == [
        ("model.promoted", promoted["id"]),
        ("model.rolled_back", rolled["id"]),
    ]
    assert session.shelf.read(lambda library: library.verify_audit()).result().ok
    assert failure(versions.roll_back(NAME)).sentence == f"There is no earlier version of {NAME} to go back to."
    with Session(home) as again:  # and tomorrow
        assert used(again) == "1.0.0"
        assert again.admin.versions.roll_back(NAME, version=NEW).value(60).version == NEW


def test_the_promoted_folder_says_why_and_its_hashes_hold(session: Session, compared: str):
    made = session.admin.versions.promote(compared, "fewer false alarms").value(60)
    model = session.model(NAME)
    assert folder.verify(model) == ()
    said = json.loads((made.path / "promotion.json").read_text("utf-8"))
    assert (said["reason"], said["instead_of"]["version"], said["run"]) == ("fewer false alarms", "1.0.0", "run-0001")
    assert {row["measure"] for row in said["comparison"]["rows"]} >= {"auc", "sensitivity", "ece"}
    readme = (made.path / "README.md").read_text("utf-8")
    assert "## Promoted" in readme
    assert "fewer false alarms" in readme
    assert model.card.training.job == "run-0001"


def test_promotion_needs_words_and_a_comparison_with_what_is_in_use(session: Session, home: Path, compared: str):
    versions = session.admin.versions
    assert failure(versions.promote(compared, "  ")).sentence == "Promoting needs a reason in words."
    champions.candidate(home, "run-0002", "1.1.0+site.2")
    second = session.admin.comparisons.run("run-0002", "set-1").value(60)
    assert second.looks == 1
    versions.promote(compared, "first").value(60)
    stale = failure(versions.promote(second.id, "second"))
    assert stale.code == "blocked"
    assert (
        stale.sentence == f"Another version of {NAME} is in use than the one that was compared (1.0.0). Compare again."
    )
    weights = home / "data" / "runs" / "run-0002" / "model" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
    session.admin.versions.roll_back(NAME).value(60)
    changed = failure(versions.promote(second.id, "second"))
    assert changed.code == "blocked"
    assert changed.sentence.startswith("The candidate's files are not as they were made: weights.safetensors")
    assert used(session) == "1.0.0"


def test_a_full_disk_changes_nothing_and_leaves_nothing(session: Session, home: Path, compared, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    models = home / "data" / "models"
    with monkeypatch.context() as patch:
        patch.setattr("medviewer.app.admin.promotion.shutil.copyfile", full)
        said = failure(session.admin.versions.promote(compared, "now"))
    assert (said.code, used(session)) == ("no_space", "1.0.0")
    assert not [p.name for p in models.iterdir() if not p.name.startswith((".in-use", "in-use"))]
    opened = Path.open

    def full_record(path: Path, *args, **kwargs):
        return full() if path.name == "in-use.json.part" else opened(path, *args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", full_record)
        assert failure(session.admin.versions.promote(compared, "now")).code == "no_space"
    assert (used(session), session.admin.versions.history(NAME), entries(session)) == ("1.0.0", (), [])
    assert session.admin.versions.promote(compared, "now").value(60).version == NEW


def test_a_running_session_sees_what_another_program_promotes(session: Session, home: Path, compared: str):
    seen = []
    session.live_models.changed.connect(seen.append)
    with Session(home) as other:
        other.admin.versions.promote(compared, "from elsewhere").value(60)
    session.admin.versions.refresh()
    assert (used(session), bool(seen)) == (NEW, True)


def test_the_next_analysis_uses_the_new_version_and_the_old_result_keeps_its_name(
    session: Session, tmp_path: Path, compared: str
):
    build.film(tmp_path / "film.png", (64, 64))
    session.open([tmp_path / "film.png"]).value(60)
    (study,) = session.opened.studies
    (stack,) = study.stacks
    before = session.analyses.model_for(stack)
    session.analyses.choose(stack, before)
    session.analyses.read(stack, before, [0], confirmed=True).value(60)
    old = session.analyses.analysis(stack, before)
    assert session.admin.versions.replaced(old) == ""
    session.admin.versions.promote(compared, "now").value(60)
    after = session.analyses.model_for(stack)
    assert (after.card.version, session.analyses.analysis(stack, after)) == (NEW, None)
    assert session.admin.versions.earlier(stack, after) is old
    clock = time.strftime("%H:%M", time.localtime())
    said = session.admin.versions.replaced(old)
    assert said in (
        f"The model was replaced at {clock}. This result is from 1.0.0.",
        f"The model was replaced at {_minute_before(clock)}. This result is from 1.0.0.",
    )
    session.analyses.read(stack, after, [0], confirmed=True).value(60)
    new = session.analyses.analysis(stack, after)
    assert (new.model.card.version, new.model.sha256) == (NEW, session.model(NAME).sha256)
    assert (old.model.card.version, old.scores[0].evaluated) == ("1.0.0", True)


def _minute_before(clock: str) -> str:
    hours, minutes = map(int, clock.split(":"))
    total = (hours * 60 + minutes - 1) % 1440
    return f"{total // 60:02d}:{total % 60:02d}"


def test_a_damaged_record_is_said_and_kept_and_the_shipped_version_is_used(session: Session, home: Path, compared):
    session.admin.versions.promote(compared, "first").value(60)
    record = home / "data" / "models" / in_use.FILE
    whole = record.read_bytes()
    record.write_bytes(whole[: len(whole) // 2])
    with Session(home) as again:
        assert used(again) == "1.0.0"
        assert again.admin.versions.problems == (in_use.DAMAGED,)
        heard = []
        again.noticed.connect(heard.append)
        again.begin_work()
        assert heard == [in_use.DAMAGED]
        again.admin.versions.roll_back(NAME, version=NEW).value(60)
        assert used(again) == NEW
        assert again.admin.versions.problems == ()
    (kept,) = record.parent.glob("in-use.damaged-*.json")
    assert kept.read_bytes() == whole[: len(whole) // 2]


def test_a_version_that_is_gone_is_said_and_the_shipped_one_is_used(session: Session, home: Path, compared: str):
    made = session.admin.versions.promote(compared, "first").value(60)
    made.path.rename(home / "elsewhere")
    session.admin.versions.refresh()
    assert used(session) == "1.0.0"
    (said,) = session.admin.versions.problems
    assert said == f"Bright square: version {NEW}, which was in use, is gone or was changed. Version 1.0.0 is used."


def test_acts_that_the_audit_lacks_are_entered_late_and_once(session: Session, home: Path, compared: str):
    session.admin.versions.promote(compared, "first").value(60)
    session.close()
    models = find_home(home).models
    model = folder.load(models / f"{NAME}-{NEW}")
    act = in_use.new_act(in_use.ROLL_BACK, "somebody", find_model(find_home(home), f"{NAME}@1.0.0"), model)
    in_use.append(models, act)  # as a program leaves it that is ended before the audit's turn
    with Session(home) as again:
        again.begin_work()
        again.admin.versions.enter_missing()
        again.admin.versions.enter_missing()
        found = [(d["act"], d.get("entered_late"), d.get("by")) for what, d in entries(again) if what.endswith("back")]
        assert found == [(act.id, True, "somebody")]
        assert used(again) == "1.0.0"


def test_numbers_of_new_versions_go_on_and_are_never_given_twice(session: Session, home: Path, compared: str):
    assert session.admin.versions.next_version(NAME) == "1.1.0+site.2"
    waiting = home / "data" / "runs" / "run-0007"
    waiting.mkdir(parents=True)
    (waiting / "train.toml").write_text(f'[card]\nname = "{NAME}"\nversion = "1.1.0+site.2"\n', "utf-8")
    assert session.admin.versions.next_version(NAME) == "1.1.0+site.3"
    session.admin.versions.promote(compared, "first").value(60)
    assert session.admin.versions.next_version(NAME) == "1.2.0+site.3"
    assert session.admin.versions.next_version("wholly-new") == "0.1.0+site.1"
    assert sorted(["1.10.0", "1.9.0", "1.1.0+site.10", "1.1.0+site.9"], key=in_use.version_key) == [
        "1.1.0+site.9", "1.1.0+site.10", "1.9.0", "1.10.0",
    ]  # fmt: skip


def test_going_back_twice_goes_back_two_steps(session: Session, home: Path, compared: str):
    versions = session.admin.versions
    versions.promote(compared, "first").value(60)
    champions.candidate(home, "run-0002", "1.2.0+site.2")
    second = session.admin.comparisons.run("run-0002", "set-1").value(60)
    versions.promote(second.id, "second").value(60)
    assert [versions.roll_back(NAME).value(60).version for _ in range(2)] == [NEW, "1.0.0"]


def test_a_kept_version_can_be_removed_but_never_the_one_in_use_or_a_shipped_one(session: Session, compared: str):
    versions = session.admin.versions
    made = versions.promote(compared, "first").value(60)
    with pytest.raises(UserError, match="is in use"):
        versions.remove(NAME, NEW)
    with pytest.raises(UserError, match="comes with the program"):
        versions.remove(NAME, "1.0.0")
    versions.roll_back(NAME).value(60)
    versions.remove(NAME, NEW).value(60)
    assert not made.path.exists()
    assert entries(session)[-1][0] == "model.removed"


def test_looking_only_changes_no_model(home: Path, session: Session, compared: str):
    with Session(home, read_only=True) as looking:
        assert failure(looking.admin.versions.promote(compared, "no")).code == "blocked"
        assert failure(looking.admin.versions.roll_back(NAME)).code == "blocked"
    site = home / "site"
    site.mkdir()
    text = '{"admin.trainers": ["somebody else"]}'
    (site / "policy.json").write_text(text)
    (site / "policy.json.sha256").write_text(f"{hashlib.sha256(text.encode()).hexdigest()}  policy.json\n")
    with Session(home) as other:
        assert failure(other.admin.versions.promote(compared, "no")).code == "not_permitted"
        assert failure(other.admin.versions.roll_back(NAME)).code == "not_permitted"
