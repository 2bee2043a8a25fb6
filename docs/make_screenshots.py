"""Makes the pictures in docs/ from the running program: `.venv/bin/python docs/make_screenshots.py` (needs Xvfb).

Every picture is the real window on a virtual screen, driven by keys; all patients and images are synthetic.
Words choose some of them: `reader`, `worklist` and `admin`, each also with `-1366` and `-zh`.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.journeys.screen import Program, Screen, wait_until

HERE = Path(__file__).resolve().parent
ZH = {"LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}
Pictures = Sequence[tuple[str, Sequence[str]]]
#: From the demonstration's map on: a picture's name and the keys pressed before it.
READER: Pictures = (
    ("reader", ()),
    ("palette", ("ctrl+k",)),
    ("keys", ("Escape", "question")),
    ("settings", ("Escape", "ctrl+comma")),
    ("reader-plain", ("Escape", "x")),
    ("reader-1x2", ("x", "alt+2")),
)
#: From the worklist with the sample studies on.
WORKLIST: Pictures = (
    ("worklist", ("ctrl+1", "Down")),
    ("opinion", ("Return", "e", "n")),
    ("worklist-after", ("ctrl+Right", "y", "ctrl+Right", "u", "ctrl+Right", "y", "ctrl+1")),
    ("agreement", ("ctrl+k", "type:agreement", "Return")),
)
#: From the worklist on, with a data set, a finished training and a comparison on the synthetic films.
ADMIN: Pictures = (
    ("admin-data-sets", ("ctrl+3", "Down")),
    ("admin-training", ("ctrl+k", "type:admin: fine", "Return")),
    ("admin-new-training", ("ctrl+k", "type:fine-tune a", "Return", "calm")),
    ("admin-compare", ("Escape", "ctrl+k", "type:admin: compare", "Return")),
    ("admin-models", ("ctrl+k", "type:admin: model", "Return", "Down")),
    ("admin-watch", ("ctrl+k", "type:admin: watch", "Return")),
    ("admin-audit", ("ctrl+k", "type:admin: audit", "Return")),
)


def demonstration(size: tuple[int, int], env: dict[str, str], pictures: Pictures) -> None:
    """Open the demonstration, wait for its map, and take the pictures one after the other."""
    with tempfile.TemporaryDirectory() as folder, Screen(*size) as screen:
        screen.env.update(env)
        with Program(screen, ["--demo"], Path(folder) / "home", Path(folder) / "log.jsonl") as program:
            wait_until(lambda: program.first("shell"), 60, "the window")
            wait_until(
                lambda: any(re.search(r"image \d\d of 100", n) for n in program.names()), 240, "the highest slice"
            )
            take(screen, pictures)


def sample_list(size: tuple[int, int], env: dict[str, str], pictures: Pictures) -> None:
    """Let the models read the sample studies, open the window on them, and take the pictures."""
    from docs.sample_studies import main as write_sample

    with tempfile.TemporaryDirectory() as folder, Screen(*size) as screen:
        screen.env.update(env)
        home, sample = Path(folder) / "home", Path(folder) / "sample"
        write_sample(sample)
        settings = home / "config" / "settings.json"
        settings.parent.mkdir(parents=True)
        settings.write_text('{"opinions.reader": "Dr Li Wen"}', "utf-8")
        words = ["triage", str(sample), "--out", str(Path(folder) / "out"), "--quiet"]
        command = [sys.executable, "-m", "medviewer", *words]
        subprocess.run(command, env={**os.environ, "MEDVIEWER_HOME": str(home)}, check=True, stdout=subprocess.DEVNULL)
        with Program(screen, [], home, Path(folder) / "log.jsonl") as program:
            wait_until(lambda: program.first("shell"), 60, "the window")
            still(screen)
            take(screen, pictures)


def better_model(size: tuple[int, int], env: dict[str, str], pictures: Pictures) -> None:
    """Make a data set of the synthetic films, fine-tune and compare; open the window, and take the pictures."""
    from docs.sample_training import main as write_films

    with tempfile.TemporaryDirectory() as folder, Screen(*size) as screen:
        screen.env.update(env)
        home, sample = Path(folder) / "home", Path(folder) / "films"
        write_films(sample)
        settings = home / "config" / "settings.json"
        settings.parent.mkdir(parents=True)
        settings.write_text('{"opinions.reader": "Dr Li Wen"}', "utf-8")
        name = "Chest films, autumn"
        for words in (
            ("datasets", "make", name, "--folder", sample, "--target", "pneumonia"),
            ("datasets", "check", name),
            ("datasets", "repair", name, "same_pixels"),
            ("datasets", "check", name),
            ("datasets", "freeze", name),
            ("train", "--dataset", name, "--from", "cxr-pneumonia", "--epochs", 8, "--title", name),
            ("compare", "1", "--dataset", name),
        ):
            command = [sys.executable, "-m", "medviewer", *map(str, words)]
            environment = {**os.environ, "MEDVIEWER_HOME": str(home)}
            failed = subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL).returncode
            assert not failed or words[1] == "check", words  # a check that finds something ends with 4
        with Program(screen, [], home, Path(folder) / "log.jsonl") as program:
            wait_until(lambda: program.first("shell"), 60, "the window")
            still(screen)
            take(screen, pictures)


def still(screen: Screen, looks: int = 5) -> None:
    """Wait until the screen has not changed for so many looks, five a second."""
    before, same = screen.pixels(), 0

    def unchanged() -> bool:
        nonlocal before, same
        now = screen.pixels()
        same = same + 1 if (now != before).sum() < 400 else 0  # a cursor may blink
        before = now
        return same >= looks

    wait_until(unchanged, 240, "a still screen", every=0.2)


def take(screen: Screen, pictures: Pictures) -> None:
    """Press the keys of each picture and save it; the pointer stands in a corner, over nothing."""
    screen.do("mousemove", screen.width - 1, screen.height - 1)
    still(screen)
    for name, keys in pictures:
        for key in keys:
            if key == "calm":  # another process makes what is still to come: a preview
                still(screen, 100)
            elif key.startswith("type:"):
                screen.do("type", key.removeprefix("type:"))
            else:
                screen.key(key)
            still(screen)
        screen.save(HERE / f"{name}.png")
        print(name)


def small(pictures: Pictures, ending: str) -> Pictures:
    """Return the first picture under another name."""
    return ((f"{pictures[0][0]}{ending}", pictures[0][1]),)


#: What makes which pictures: by word, the journey, the size of the screen, the language, and the pictures.
JOURNEYS: dict[str, tuple[Callable[..., None], tuple[int, int], dict[str, str], Pictures]] = {
    "reader": (demonstration, (1920, 1080), {}, READER),
    "reader-1366": (demonstration, (1366, 768), {}, small(READER, "-1366")),
    "reader-zh": (demonstration, (1920, 1080), ZH, small(READER, "-zh")),
    "worklist": (sample_list, (1920, 1080), {}, WORKLIST),
    "worklist-1366": (sample_list, (1366, 768), {}, small(WORKLIST, "-1366")),
    "worklist-zh": (sample_list, (1920, 1080), ZH, small(WORKLIST, "-zh")),
    "admin": (better_model, (1920, 1080), {}, ADMIN),
    "admin-1366": (better_model, (1366, 768), {}, small(ADMIN, "-1366")),
    "admin-zh": (better_model, (1920, 1080), ZH, small(ADMIN, "-zh")),
}


if __name__ == "__main__":
    for word in sys.argv[1:] or JOURNEYS:
        journey, *given = JOURNEYS[word]
        journey(*given)
