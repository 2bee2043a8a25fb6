"""Runs medviewer's window under the probe, with defects that break out when a test wants it.

    BREAK_ON=ORDERS python tests/journeys/breaking.py LOG [medviewer's arguments]

A line in the file ORDERS is an order, [where, text]: an exception with this text breaks out in a "slot" of Qt, a
"thread" or a "job".
"""

import json
import os
import sys
import threading
from pathlib import Path
from typing import NoReturn

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.journeys import probe

LOOK_MS = 50


def order(orders: Path, where: str, text: str) -> None:
    """Let a defect break out."""
    with orders.open("a", encoding="utf-8") as file:
        file.write(json.dumps([where, text]) + "\n")


def break_out(where: str, text: str) -> None:
    """Do what was ordered, on Qt's thread."""

    def fail(*_: object) -> NoReturn:
        header = {"PatientName": text}
        raise KeyError(f"no frame in {header}")

    if where == "slot":
        fail()
    elif where == "thread":
        threading.Thread(target=fail).start()
    else:
        from medviewer.core.jobs import Job
        from medviewer.ui.main_window import MainWindow

        window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
        window.here.jobs.run(Job("Looking", "look"), fail)


def main() -> int:
    orders = Path(os.environ["BREAK_ON"])
    plain = QApplication.exec
    done = 0

    def look() -> None:
        nonlocal done
        lines = orders.read_text("utf-8").splitlines() if orders.exists() else []
        if done < len(lines):
            done += 1
            break_out(*json.loads(lines[done - 1]))

    def watched(*_: object) -> int:
        timer = QTimer(QApplication.instance(), interval=LOOK_MS)
        timer.timeout.connect(look)
        timer.start()
        return plain()

    QApplication.exec = watched
    return probe.main()


if __name__ == "__main__":
    sys.exit(main())
