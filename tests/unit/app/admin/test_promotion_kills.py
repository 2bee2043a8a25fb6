"""Promotion under kill -9 and by two programs at once: the model in use is whole, nothing acknowledged is lost."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from medviewer.app.admin import in_use
from medviewer.app.home import find_home
from medviewer.app.models import look
from medviewer.app.session import Session
from medviewer.inference import folder
from tests import champions
from tests.champions import NAME

ROOT = Path(__file__).resolve().parents[4]
#: Promotes, goes back and removes until it is ended; a line on stdout for each act that was acknowledged.
PROGRAM = """
import sys
from pathlib import Path
import medviewer.app.models as models
import medviewer.app.session as session
from medviewer.core.errors import UserError

class Nothing:
    def __init__(self, *_, **__): self.noticed = self
    def connect(self, _): pass
    def close(self): pass

shipped, home, comparison, rounds = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
models.shipped_models = lambda: shipped
session.ReaderPool = session.EngineClient = Nothing
with session.Session(home) as s:
    versions = s.admin.versions
    print("ready", flush=True)
    for _ in range(rounds):
        for deed, job in (
            ("promote", lambda: versions.promote(comparison, "again")),
            ("roll_back", lambda: versions.roll_back("bright-film")),
            ("remove", lambda: versions.remove("bright-film", "1.1.0+site.1")),
        ):
            try:
                job().value(60)
            except UserError as error:
                if error.code not in ("blocked", "no_model", "no_comparison"):
                    raise
            else:
                print(deed, flush=True)
"""


@pytest.fixture
def compared(session: Session, home: Path, tiny_models: Path) -> Iterator[tuple[Path, Path, str]]:
    """(shipped models, home, id of a comparison), with no session on that home any more."""
    champions.candidate(home)
    champions.dataset(home)
    id_ = session.admin.comparisons.run("run-0001", "set-1").value(60).id
    session.close()
    return tiny_models, home, id_


def start(where: tuple[Path, Path, str], rounds: int) -> subprocess.Popen:
    words = [sys.executable, "-c", PROGRAM, *map(str, where), str(rounds)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    child = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)
    assert child.stdout
    assert child.stdout.readline() == "ready\n"
    return child


def judge(home: Path, acknowledged: list[str], known: int) -> int:
    """Look at what a killed program left; return the number of acts."""
    models = find_home(home).models
    record = in_use.read(models)
    assert record.problem == ""
    acts = record.acts
    said = [word for word in acknowledged if word in ("promote", "roll_back")]
    assert [a.kind for a in acts[known : known + len(said)]] == said
    assert len(acts) - known - len(said) <= 1  # at most the one that was not answered any more
    now = look(find_home(home))
    live = now.used(NAME)
    assert live is not None
    assert folder.verify(live) == ()
    assert now.problems == ()
    wanted = acts[-1].version if acts else "1.0.0"
    assert live.card.version == wanted
    for made in models.glob(f"{NAME}-*"):
        if made.is_dir() and not made.name.endswith(folder.IN_THE_MAKING):
            assert folder.verify(folder.load(made)) == ()
    return len(acts)


def in_audit(home: Path) -> list[str]:
    with Session(home) as session:
        session.admin.versions.enter_missing()
        found = session.shelf.read(lambda library: library.audit_entries(most=100_000)).result()
        assert session.shelf.read(lambda library: library.verify_audit()).result().ok
    return [e.details["act"] for e in found if e.what in ("model.promoted", "model.rolled_back")]


def killed(where: tuple[Path, Path, str], times: int, seed: int) -> None:
    home, chance, acts = where[1], random.Random(seed), 0
    for _ in range(times):
        child = start(where, 10_000)
        time.sleep(chance.uniform(0.0, 0.4))  # the moment at which the power goes
        child.send_signal(signal.SIGKILL)
        out, _ = child.communicate()
        acts = judge(home, out.split(), acts)
    every = in_use.read(find_home(home).models).acts
    assert in_audit(home) == [a.id for a in every]
    assert acts > 0


def test_six_kills_at_random_moments_lose_nothing(compared: tuple[Path, Path, str]):
    killed(compared, 6, 1)


@pytest.mark.slow
def test_thirty_kills_at_random_moments_lose_nothing(compared: tuple[Path, Path, str]):
    killed(compared, 30, 2)


def test_two_programs_that_promote_at_once_take_turns(compared: tuple[Path, Path, str]):
    _, home, _ = compared
    programs = [start(compared, 8) for _ in range(2)]
    said = [child.communicate(timeout=120)[0].split() for child in programs]
    assert [child.returncode for child in programs] == [0, 0]
    acts = in_use.read(find_home(home).models).acts
    kinds = [a.kind for a in acts]
    assert sorted(kinds) == sorted(w for words in said for w in words if w != "remove")
    version = "1.0.0"
    for act in acts:  # each saw what the one before it had done
        assert act.before.version == version
        version = act.version
    assert in_audit(home) == [a.id for a in acts]
    raw = json.loads((find_home(home).models / in_use.FILE).read_text("utf-8"))
    assert raw["schema"] == "medviewer.in_use/1"
