"""A program that trains until it is killed, and says of each epoch that it was told of it.

    python tests/journeys/training_victim.py HOME DATASET ACKNOWLEDGED

It is medviewer's session without a window: the one run is started, or gone on with if an earlier life began it. A line
goes into ACKNOWLEDGED, and on the disk, only after the program has been told.
"""

import os
import sys
import threading
from pathlib import Path

from medviewer.app.admin.records import Plan
from tests.journeys.killing import Acknowledged
from tests.unit.app.admin import small

#: More of them, and more of many kills hit a training that is not over yet.
EPOCHS = int(os.environ.get("TRAINING_EPOCHS", "16"))
LIVE = ("queued", "running", "paused")


def plan(dataset: str) -> Plan:
    return small.plan(dataset, epochs=EPOCHS, augment={"angle": 5.0, "noise": 0.02, "cutout": 0.3})


def work(home: Path, dataset: str, acknowledged: Acknowledged) -> None:
    """Train the run to its end."""
    from medviewer.app.session import Session

    with Session(home) as session:
        runs, news = session.admin.runs, threading.Event()
        runs.changed.connect(lambda _: news.set())
        known = runs.all(wait=True)
        run = (runs.go_on(known[0].id) if known[0].can_go_on else known[0]) if known else runs.start(plan(dataset))
        acknowledged.say("started", os.getpid())
        told = set(acknowledged.of("epoch"))
        while True:
            run = runs.get(run.id)
            for epoch in run.epochs:
                if epoch.number not in told:
                    told.add(epoch.number)
                    acknowledged.say("epoch", epoch.number)
            if run.state not in LIVE:
                break
            news.wait(1.0)
            news.clear()
        acknowledged.say(run.state.value, run.sentence)


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2], Acknowledged(Path(sys.argv[3])))
