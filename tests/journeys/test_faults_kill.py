"""Killed in the middle, again and again: nothing that was acknowledged is lost, nothing is left lying about."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from medviewer.library.library import Library
from tests.journeys import films
from tests.journeys.desk import library
from tests.journeys.killing import Acknowledged, Victim, integrity, left_behind, orphans
from tests.journeys.screen import wait_until

PROGRAM = Path(__file__).with_name("killing.py")
#: Seconds until every process of a killed program is gone.
GONE_S = 3.0
#: Deeds after which a program is killed at the latest, and seconds.
MOST_LINES, MOST_S = 30, 25.0


class Life:
    """One home on which programs are killed."""

    def __init__(self, folder: Path, home: Path, count: int, seed: int) -> None:
        self.home, self.rng = home, random.Random(seed)
        self.films, self.backups, self.out = folder / "films", folder / "backups", folder / "out"
        films.made_films(self.films, count)
        self.backups.mkdir()
        self.acknowledged = Acknowledged(folder / "acknowledged.jsonl")
        self.dead: list[int] = []
        self.count = count

    def session(self) -> Victim:
        words = [self.home, self.films, self.backups, self.acknowledged.path, self.rng.randrange(1 << 30)]
        return Victim([str(PROGRAM), *map(str, words)], self.home)

    def command(self) -> Victim:
        words = ["-m", "medviewer", "triage", str(self.films), "--out", str(self.out), "--quiet"]
        return Victim(words, self.home)

    def kill_once(self, number: int) -> None:
        """Kill a program at a random moment of its work (each fourth: of its start), and look at what is there."""
        kind = ("reading", "any", "command", "start")[number % 4]
        victim = self.command() if kind == "command" else self.session()
        if kind in ("reading", "any"):
            wait_until(lambda: victim.ended or victim.pid in self.acknowledged.of("started"), 120, "its start")
            assert not victim.ended, victim.finish()[1]
            # what was left before it is swept
            assert not left_behind(self.dead, self.home, self.backups, self.out)
            self.let_it_work(victim, kind)
        else:
            time.sleep(self.rng.uniform(0.1, 4.0))
        assert kind == "command" or not victim.ended, victim.finish()[1]
        children = victim.kill()
        assert not orphans(children, GONE_S)
        self.dead.append(victim.pid)
        self.check()

    def let_it_work(self, victim: Victim, kind: str) -> None:
        """Wait for some deeds (or for the next reading), and a little more: it is in the middle of the next one."""
        more = 1 if kind == "reading" else self.rng.randint(1, MOST_LINES)

        def done() -> int:
            return len(self.acknowledged.of(kind) if kind == "reading" else self.acknowledged.lines())

        wanted, end = done() + more, time.monotonic() + MOST_S
        while done() < wanted and time.monotonic() < end and not victim.ended:
            time.sleep(0.01)
        time.sleep(self.rng.uniform(0, 0.5))

    def check(self) -> None:
        """Everything that was acknowledged is there, whole."""
        if not (self.home / "data" / "library" / "library.sqlite").exists():
            assert not self.acknowledged.lines()
            return
        assert integrity(self.home) == "ok"
        if not self.acknowledged.lines():
            return
        with library(self.home) as found:
            rows = found.rows(found.list("all"))
            names = [row.label for row in rows.values()]
            assert len(names) == len(set(names))
            assert set(self.acknowledged.of("study")) <= set(names)
            for study in self.acknowledged.of("reading"):
                assert found.readings(study)
                assert rows[study].ai.score is not None
            kept = {opinion.id: opinion for opinion in found.opinions(most=100_000)}
            for number, study, verdict in self.acknowledged.of("opinion"):
                assert (kept[number].study_id, kept[number].verdict.value) == (study, verdict)
            assert found.verify_audit().ok
        for name in self.acknowledged.of("backup"):
            assert (self.backups / name).is_file()

    def finish(self) -> None:
        """Let a program come to its end: all is read, each study is there once, nothing of the killed ones is left."""
        code, words = self.command().finish()
        assert code == 0, words
        with library(self.home) as found:
            rows = list(found.rows(found.list("all")).values())
            assert sorted(row.label for row in rows) == sorted(path.name for path in self.films.iterdir())
            assert {row.ai.state.value for row in rows} == {"done"}
            assert found.waiting_work() == 0
            analysed = [e.study_id for e in found.audit_entries(most=1_000_000) if e.what == "analysis"]
        assert not left_behind(self.dead, self.home, self.backups, self.out)
        self.restore_the_newest()
        kinds = ("study", "reading", "opinion", "backup")
        numbers = ", ".join(f"{len(self.acknowledged.of(kind))} x {kind}" for kind in kinds)
        print(f"\n{len(self.dead)} kills; acknowledged and there: {numbers}; {len(analysed)} readings in all")

    def restore_the_newest(self) -> None:
        """Each backup that was acknowledged is a whole library."""
        for name in self.acknowledged.of("backup"):
            copy = Library(self.backups / name, write=False)
            assert copy.verify_audit().ok
            copy.close()

    def verify_by_command(self) -> None:
        words = [sys.executable, "-P", "-m", "medviewer", "audit", "verify", "--json", "--quiet"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["ok"]


@pytest.mark.parametrize(("kills", "count"), [(4, 12), pytest.param(30, 90, marks=pytest.mark.slow)])
def test_a_program_that_is_killed_loses_nothing_that_it_had_acknowledged(tmp_path, home, kills, count):
    life = Life(tmp_path, home, count, seed=kills)
    for number in range(kills):
        life.kill_once(number)
    life.finish()
    life.verify_by_command()
