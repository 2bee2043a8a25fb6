"""The checks of the smoke test, in order: each returns what it saw, or raises Failed."""

import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from smoke_pictures import Png, differing, write_films, write_png
from smoke_record import rendered
from smoke_tools import USER, Bench, Failed, Runner, Screen, Watch, listing, lit, strays, traces, vivid, wait_until

FILMS = 40
#: Scores of the same weights on the same machine are the same; another machine may round otherwise.
SCORE_OFF, LOSS_OFF = 2e-3, 0.02
#: Most of a picture of the window that may differ from the source version's (a time of day, a smoothed edge).
SHOT_OFF = 0.005
#: Strong colours of a window with a map (about 190; without one 80).
COLOURS = 140


def version(bench: Bench) -> str:
    """Start, and say the version."""
    started = time.monotonic()
    said = bench.frozen.call("--version").strip()
    if not said.startswith("medviewer "):
        raise Failed(f"it said {said!r}")
    wrong = bench.frozen.start("--process", "nonsense")
    wrong.communicate(timeout=60)
    if wrong.returncode != 2:
        raise Failed(f"a process that does not exist ended with {wrong.returncode}")
    return f"{said}, {time.monotonic() - started:.1f} s"


def doctor(bench: Bench) -> str:
    """Let nothing fail: decoders, models, folders, fonts, and the program's own files."""
    told = bench.frozen.document("doctor")
    rows = told["checks"]
    bench.found["doctor"] = rows
    if bad := [f"{row['area']}: {row['name']}: {row['text']}" for row in rows if row["state"] == "fail"]:
        raise Failed("; ".join(bad[:5]))
    decoders = [row["name"] for row in rows if row["area"] == "decoders"]
    files = [row["text"] for row in rows if (row["area"], row["name"]) == ("program", "files")]
    if len(decoders) < 8 or not files:
        raise Failed(f"{len(decoders)} decoders were tried, and the program's files {'were' if files else 'were not'}")
    return f"{told['state']}; {len(decoders)} decoders; {files[0]}"


def no_driver(bench: Bench) -> str:
    """Want sentences where there is no driver for a graphics card, and the processor at work."""
    rows = {row["name"]: row["text"] for row in bench.found["doctor"] if row["area"] == "devices"}
    if "cpu" not in rows or "not on this machine" not in rows.get("cuda", ""):
        raise Failed(f"the devices are {rows}")
    words = ["analyze", bench.found["film"], "--model", "cxr-pneumonia", "--confirm-eligible", "--device", "cuda"]
    process = bench.frozen.start(*words, "--out", bench.frozen.home / "cuda", CUDA_VISIBLE_DEVICES="")
    said = process.communicate(timeout=120)[1].decode("utf-8", "replace").strip().splitlines()
    if process.returncode not in (3, 4) or not said or "Traceback" in "".join(said):
        raise Failed(f"asked for a card that is not there it ended with {process.returncode}: {said[-1:]}")
    return said[-1].removeprefix("medviewer: ")


def resources(bench: Bench) -> str:
    """Find fonts, icons, translations, models, licences and the bill of materials in the program's folder."""
    root = bench.program / "_internal"
    wanted = (
        ("resources/fonts/*.ttf", 3),
        ("resources/icons/*.svg", 50),
        ("resources/translations/*.qm", 1),
        ("models/*/weights.safetensors", 2),
        ("models/*/train.toml", 2),
        ("licences/*/*", 20),
        ("sbom.cdx.json", 1),
        ("manifest.json", 1),
    )
    counts = {pattern: len(list(root.glob(pattern))) for pattern, _ in wanted}
    if few := [f"{pattern}: {counts[pattern]}" for pattern, least in wanted if counts[pattern] < least]:
        raise Failed("too few of " + ", ".join(few))
    size = sum(p.lstat().st_size for p in bench.program.rglob("*") if not p.is_symlink() and p.is_file())
    return f"{counts['resources/icons/*.svg']} icons, {size / 1e9:.2f} GB in all"


def demonstration(bench: Bench) -> str:
    """Make the demonstration study, read its CT with two maps, and picture the window (offscreen)."""
    out = bench.frozen.home / "demo"
    told = bench.frozen.document("demo", "--no-window", "--out", out)
    study = next((bench.frozen.data / "demonstration").glob("*/study"))
    bench.found.update(study=study, film=study / "film", demo=out)
    maps = {each["method"]: out / each["file"] for each in told["maps"]}
    if set(maps) != {"LayerGradCam", "IntegratedGradients"} or told["device"] != "cpu":
        raise Failed(f"the maps are {sorted(maps)}, on {told['device']}")
    if any(path.stat().st_size < 512 * 512 * 4 for path in maps.values()):
        raise Failed("a map is too small")
    picture = Png(out / "screenshot.png")
    if (picture.width, picture.height) != (1920, 1080):
        raise Failed(f"the picture of the window is {picture.width} x {picture.height}")
    shutil.copy(out / "screenshot.png", bench.shots / "demonstration.png")
    _same_scores(bench, "demonstration", told)
    return f"series score {told['series_score']:.4f} on {told['device']}, {len(told['items'])} slices, 2 maps"


def film(bench: Bench) -> str:
    """Read the demonstration film with the model for films, with a map."""
    words = ("analyze", bench.found["film"], "--model", "cxr-pneumonia", "--confirm-eligible")
    told = bench.frozen.document(*words, "--explain", "LayerGradCam", "--out", bench.frozen.home / "film")
    if len(told["maps"]) != 1:
        raise Failed(f"{len(told['maps'])} maps")
    _same_scores(bench, "film", told)
    return f"score {told['series_score']:.4f}, 1 map"


def _same_scores(bench: Bench, name: str, told: dict[str, Any]) -> None:
    expected = bench.expected.get("scores", {}).get(name)
    if expected is not None and abs(expected - told["series_score"]) > SCORE_OFF:
        raise Failed(f"the score is {told['series_score']:.5f}, and the source version's {expected:.5f}")


def syntaxes(bench: Bench) -> str:
    """Want the very pixels of the source version from one file of every transfer syntax."""
    expected = bench.expected.get("renders")
    if not expected:
        return "not compared: neither --source nor --expected was given (doctor has tried the decoders)"
    folder = bench.frozen.give(bench.work / "frozen" / "samples")
    wrong, tried = [], set()
    for name, wanted in expected.items():
        path = folder / name
        if wanted["from"] == "data":
            if bench.data is None:
                continue
            path = bench.data / name
        tried.add(wanted["syntax"])
        if rendered(bench.frozen, path) != {"values": wanted["values"], "pixels": wanted["pixels"]}:
            wrong.append(f"{name} ({wanted['syntax']})")
    if wrong:
        raise Failed("other pixels than the source version's: " + ", ".join(wrong))
    missing = sorted(set(bench.expected["syntaxes"]) - tried)
    left = f"; no file of {', '.join(missing)} (give --data)" if missing else ""
    return f"{len(tried)} of {len(bench.expected['syntaxes'])} transfer syntaxes, equal pixels{left}"


def triage(bench: Bench) -> str:
    """Rank the studies of a folder with the models."""
    told = bench.frozen.document("triage", bench.found["study"], "--out", bench.frozen.home / "triage")
    ranked = [row for row in told["rows"] if row["state"] == "ranked"]
    page = (bench.frozen.home / "triage" / "worklist.html").read_text("utf-8")
    if not ranked or "<table" not in page:
        raise Failed(f"{len(ranked)} of {len(told['rows'])} studies are ranked")
    return f"{len(told['rows'])} studies, {len(ranked)} ranked by {ranked[0]['model']}"


def training(bench: Bench) -> str:
    """Make a data set of films, check and freeze it, and fine-tune a model for one epoch."""
    frozen, folder = bench.frozen, bench.frozen.home / "films"
    folder.mkdir()
    frozen.give(folder)
    picture = frozen.home / "film.png"
    frozen.call("render", bench.found["film"], "--size", "256x256", "-o", picture)
    table = write_films(picture, folder, FILMS, 160)
    given = ("--folder", folder, "--labels", table, "--target", "pneumonia", "--model", "cxr-pneumonia")
    frozen.document("datasets", "make", "Smoke", *given)
    frozen.document("datasets", "check", "Smoke")
    frozen.document("datasets", "freeze", "Smoke")
    frozen.call("train", "--dataset", "Smoke", "--from", "cxr-pneumonia", "--epochs", "1", "--json", seconds=600)
    run = frozen.document("runs", "show", "last")
    if run["state"] != "done" or len(run["epochs"]) != 1:
        raise Failed(f"the run is {run['state']}: {run['sentence']}")
    frozen.document("models", "verify", run["model"])
    loss = run["epochs"][0]["loss"]
    expected = bench.expected.get("loss")
    if expected is not None and abs(loss - expected) > LOSS_OFF:
        raise Failed(f"the loss is {loss}, and the source version's {expected}")
    return f"1 epoch on {FILMS} films, loss {loss:.4f}, a model whose hashes hold"


def window(bench: Bench) -> str:
    """Show the window on a screen (Xvfb): soon something, then the demonstration with its map."""
    with Screen() as screen:
        started = time.monotonic()
        process = bench.frozen.start("--demo", DISPLAY=screen.display, QT_QPA_PLATFORM="xcb")
        try:
            wait_until(lambda: lit(screen.rows()) > 0.5 or process.poll() is not None, 60, "a window")
            first = time.monotonic() - started
            if process.poll() is not None:
                raise Failed(f"it ended with {process.returncode}: {_last(process)}")
            wait_until(lambda: vivid(screen.rows()) >= COLOURS, 180, "the map of the demonstration", 0.5)
        finally:
            write_png(bench.shots / "window.png", screen.rgb(), 3)
            process.terminate()
            process.wait(20)
    return f"first pixels after {first:.2f} s, the map after {time.monotonic() - started:.1f} s"


def _last(process: subprocess.Popen[bytes]) -> str:
    said = process.communicate()[1].decode("utf-8", "replace").strip().splitlines()
    return " / ".join(said[-3:])


def chinese(bench: Bench) -> str:
    """Picture the window in Chinese: another one than in English, and like the source version's where that is here."""
    told = {}
    for runner in [bench.frozen, *([bench.source] if bench.source else [])]:
        told[runner] = _shot(runner, "zh")
    mine = told[bench.frozen]
    shutil.copy(mine, bench.shots / "chinese.png")
    english = bench.found["demo"] / "screenshot.png"
    if (off := differing(english, mine)) < 0.002:
        raise Failed(f"only {off:.2%} of the window changed with the language")
    if bench.source is None:
        return f"{off:.1%} of the window changed with the language"
    beside = {"zh": differing(mine, told[bench.source]), "en": differing(english, _shot(bench.source, "en"))}
    if bad := [f"{language}: {share:.2%}" for language, share in beside.items() if share > SHOT_OFF]:
        raise Failed("the window is not that of the source version: " + ", ".join(bad))
    return f"{off:.1%} changed; beside the source version zh {beside['zh']:.3%}, en {beside['en']:.3%} of pixels differ"


def _shot(runner: Runner, language: str) -> Path:
    runner.config.mkdir(parents=True, exist_ok=True)
    settings = runner.config / "settings.json"
    settings.write_text(json.dumps({"language.language": {"zh": "zh_CN"}.get(language, language)}), "utf-8")
    for path in (runner.config.parent, runner.config, settings):
        runner.give(path)
    out = runner.home / f"shot-{language}"
    runner.call("--demo-shot", out, QT_SCALE_FACTOR="1")
    settings.unlink()
    return out / "screenshot.png"


def processes(bench: Bench) -> str:
    """Want readers, models and trainings to have been processes of the program itself, and all gone."""
    if bench.frozen.user is None:
        return "not looked at: only root can tell this program's processes"
    wait_until(lambda: not strays(USER), 20, f"the end of {len(strays(USER))} processes")
    watch: Watch = bench.found["watch"]
    watch.stop()
    kinds = {kind for _, kind in watch.seen}
    others = sorted({exe for exe, _ in watch.seen if not exe.startswith(str(bench.program.resolve()))})
    if others or not {"reader", "engine", "training"} <= kinds:
        raise Failed(f"kinds of processes: {sorted(kinds)}; other programs: {others}")
    return f"{', '.join(sorted(kinds - {'', 'nonsense'}))}; no other program was started"


def untouched(bench: Bench) -> str:
    """Want nothing written outside the user's folders, and nothing left in the temporary one."""
    after = listing(bench.program)
    if changed := sorted(set(after.items()) ^ set(bench.found["listing"].items())):
        raise Failed(f"{len(changed)} changes in the program's folder: {changed[:5]}")
    left = [path.name for path in bench.frozen.temporary.iterdir()]
    if left:
        raise Failed(f"left in the temporary folder: {left[:5]}")
    if bench.frozen.user is None:
        return "the program's folder is as it was (traces elsewhere can be told by root only)"
    if found := traces(USER, bench.work):
        raise Failed(f"left behind: {found[:8]}")
    mine = sorted(p.relative_to(bench.frozen.home).as_posix() for p in bench.frozen.home.glob(".*/*"))
    return f"the program could not and did not write elsewhere; in the home: {', '.join(mine)}"


#: In order: later ones use what earlier ones made.
CHECKS: tuple[Callable[[Bench], str], ...] = (
    version,
    resources,
    doctor,
    demonstration,
    film,
    no_driver,
    syntaxes,
    triage,
    training,
    window,
    chinese,
    processes,
    untouched,
)
