"""A program that trains one run after the other until it is killed, and says of each epoch that it was told of it.

    python tests/journeys/training_victim.py HOME DATASET ACKNOWLEDGED [LAST]

It is medviewer's session without a window: a run that an earlier life began goes on, then the next one is started; with
LAST the one that goes on, or a first one, is the last. A line goes into ACKNOWLEDGED, and on the disk, only after the
program has been told.
"""

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from medviewer.app.admin.records import Plan
from tests.journeys.killing import Acknowledged
from tests.unit.app.admin import small

if TYPE_CHECKING:
    from medviewer.app.admin.records import Run
    from medviewer.app.session import Session

EPOCHS = 16
LIVE = ("queued", "running", "paused")


def plan(dataset: str) -> Plan:
    return small.plan(dataset, epochs=EPOCHS, augment={"angle": 5.0, "noise": 0.02, "cutout": 0.3})


def work(home: Path, dataset: str, acknowledged: Acknowledged, last: bool = False) -> None:
    """Train run after run; `last`: no further one is begun after the one that goes on."""
    from medviewer.app.session import Session

    with Session(home) as session:
        run = next_run(session, dataset)
        acknowledged.say("started", os.getpid())
        while True:
            run = follow(session, run, acknowledged)
            acknowledged.say(run.state.value, [run.id, run.sentence])
            if last or run.state.value != "done":
                return
            run = session.admin.runs.start(plan(dataset))


def next_run(session: "Session", dataset: str) -> "Run":
    """Go on with the newest run if it is not done, else start one."""
    runs = session.admin.runs
    known = runs.all(wait=True)
    if known and known[0].can_go_on:
        return runs.go_on(known[0].id)
    return known[0] if known and known[0].state.value in LIVE else runs.start(plan(dataset))


def follow(session: "Session", run: "Run", acknowledged: Acknowledged) -> "Run":
    """Say of each epoch of a run that it was told, and return the run when it is over."""
    runs, news = session.admin.runs, threading.Event()
    disconnect = runs.changed.connect(lambda _: news.set())
    told = {number for id_, number in acknowledged.of("epoch") if id_ == run.id}
    try:
        while True:
            run = runs.get(run.id)
            for epoch in run.epochs:
                if epoch.number not in told:
                    told.add(epoch.number)
                    acknowledged.say("epoch", [run.id, epoch.number])
            if run.state.value not in LIVE:
                return run
            news.wait(1.0)
            news.clear()
    finally:
        disconnect()


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2], Acknowledged(Path(sys.argv[3])), last=sys.argv[4:] == ["LAST"])
