"""Previews of training changes as the panel asks for them: the real process, kept while somebody looks."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest

from medviewer.app.admin import previews
from medviewer.app.session import Session
from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError
from tests.unit.app.admin import small

PATIENCE = 120


@pytest.fixture
def squares(home: Path) -> DataSet:
    return small.dataset(home / "data" / "datasets")


def processes() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if "preview" in p.cmdline()]


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_picture_is_shown_in_eight_forms_by_one_process_that_ends_with_the_program(
    session: Session, squares: DataSet
) -> None:
    runs, file = session.admin.runs, squares.rows[0].file
    plain = runs.preview(small.plan(squares, augment={}), file).result(PATIENCE)
    assert len(plain) == 8
    assert all(p.shape == (64, 64) and p.dtype == np.uint8 for p in plain)
    assert all(np.array_equal(p, plain[0]) for p in plain)
    (first,) = processes()

    turned = runs.preview(small.plan(squares, augment={"angle": 30.0}), file, 5).result(PATIENCE)
    again = runs.preview(small.plan(squares, augment={"angle": 30.0}, epochs=9), file, 5).result(PATIENCE)
    assert not np.array_equal(turned[0], plain[0])
    assert all(np.array_equal(a, b) for a, b in zip(turned, again, strict=True))

    with pytest.raises(UserError, match="angle is a number"):
        runs.preview(small.plan(squares, augment={"angle": 9999}), file).result(PATIENCE)
    with pytest.raises(UserError, match="pictures is missing"):
        runs.preview(small.plan(squares), "no such picture").result(PATIENCE)
    with pytest.raises(UserError, match="no such data set"):
        runs.preview(small.plan("20200101-000000-ffffff"), file).result(PATIENCE)

    wishes = [runs.preview(small.plan(squares, augment={"angle": float(a)}), file) for a in range(1, 30)]
    wishes[-1].result(PATIENCE)
    assert sum(w.cancelled() for w in wishes) >= 20  # only what somebody still looks at is made
    assert [p.pid for p in processes()] == [first.pid]

    first.kill()
    first.wait(10)
    assert len(runs.preview(small.plan(squares), file).result(PATIENCE)) == 8

    left = processes()
    session.close()
    assert not psutil.wait_procs(left, timeout=5)[1]


def test_a_process_that_nobody_asks_ends(session: Session, squares: DataSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "IDLE_S", 0.2)
    monkeypatch.setattr(previews, "command", lambda *_: ["cat"])  # it answers with the wish: no answer of ours
    with pytest.raises(UserError, match="Try again"):
        session.admin.runs.preview(small.plan(squares), squares.rows[0].file).result(PATIENCE)
    until(lambda: not [p for p in psutil.Process().children() if p.name() == "cat"])
