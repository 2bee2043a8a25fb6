"""Makes the pictures in docs/ from the running program: `.venv/bin/python docs/make_screenshots.py` (needs Xvfb).

Every picture is the real window on a virtual screen, driven by keys; all patients and images are synthetic.
"""

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.journeys.screen import Program, Screen, wait_until

HERE = Path(__file__).resolve().parent
#: Name, screen, environment, words of the command line, and keys pressed after the map is on the screen.
PICTURES = (
    ("reader", (1920, 1080), {}, ("--demo",), ()),
    ("reader-outline-1x2", (1920, 1080), {}, ("--demo",), ("alt+2", "e")),
    ("reader-1366", (1366, 768), {}, ("--demo",), ()),
    ("reader-zh", (1920, 1080), {"LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}, ("--demo",), ()),
    ("palette", (1920, 1080), {}, ("--demo",), ("ctrl+k",)),
    ("keys", (1920, 1080), {}, ("--demo",), ("question",)),
    ("settings", (1920, 1080), {}, ("--demo",), ("ctrl+comma",)),
    ("hidden", (1920, 1080), {}, ("--demo",), ("x",)),
)


def picture(
    name: str, size: tuple[int, int], env: dict[str, str], words: tuple[str, ...], keys: tuple[str, ...]
) -> None:
    """Open the demonstration, wait for its map, press `keys`, and save what is on the screen."""
    with tempfile.TemporaryDirectory() as folder, Screen(*size) as screen:
        screen.env.update(env)
        with Program(screen, list(words), Path(folder) / "home", Path(folder) / "log.jsonl") as program:
            wait_until(lambda: program.first("shell"), 60, "the window")
            wait_until(lambda: any("100" in n and "AI score" in n for n in program.names()), 180, "the score")
            still(screen)
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
        same = same + 1 if (now == before).all() else 0
        before = now
        return same >= 5

    wait_until(unchanged, 60, "a still screen", every=0.2)


if __name__ == "__main__":
    wanted = sys.argv[1:]
    for row in PICTURES:
        if not wanted or row[0] in wanted:
            picture(*row)
