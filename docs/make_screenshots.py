"""Makes the pictures in docs/ from the running program: `.venv/bin/python docs/make_screenshots.py` (needs Xvfb).

Every picture is the real window on a virtual screen, driven by keys; all patients and images are synthetic.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.journeys.screen import Program, Screen, wait_until

HERE = Path(__file__).resolve().parent
ZH = {"LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}
#: Screen, environment, and from the demonstration's map on: a picture's name and the keys pressed before it.
JOURNEYS = (
    (
        (1920, 1080),
        {},
        (
            ("reader", ()),
            ("palette", ("ctrl+k",)),
            ("keys", ("Escape", "question")),
            ("settings", ("Escape", "ctrl+comma")),
            ("reader-plain", ("Escape", "x")),
            ("reader-1x2", ("x", "alt+2")),
        ),
    ),
    ((1366, 768), {}, (("reader-1366", ()),)),
    ((1920, 1080), ZH, (("reader-zh", ()),)),
)


def journey(size: tuple[int, int], env: dict[str, str], pictures: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Open the demonstration, wait for its map, and take the pictures one after the other."""
    with tempfile.TemporaryDirectory() as folder, Screen(*size) as screen:
        screen.env.update(env)
        with Program(screen, ["--demo"], Path(folder) / "home", Path(folder) / "log.jsonl") as program:
            wait_until(lambda: program.first("shell"), 60, "the window")
            wait_until(lambda: any("29" in n and "100" in n for n in program.names()), 240, "the highest slice")
            still(screen)
            for name, keys in pictures:
                for key in keys:
                    screen.key(key)
                    still(screen)
                screen.save(HERE / f"{name}.png")
                print(name)


def still(screen: Screen) -> None:
    """Wait until the screen has not changed for a second."""
    before, same = screen.pixels(), 0

    def unchanged() -> bool:
        nonlocal before, same
        now = screen.pixels()
        same = same + 1 if (now != before).sum() < 400 else 0  # a cursor may blink
        before = now
        return same >= 5

    wait_until(unchanged, 240, "a still screen", every=0.2)


if __name__ == "__main__":
    for row in [JOURNEYS[int(word)] for word in sys.argv[1:]] or JOURNEYS:
        journey(*row)
