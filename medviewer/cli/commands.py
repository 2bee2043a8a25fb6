"""The commands; each takes its words, calls one service of app/ and prints what came."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from medviewer.app import analyze as analysis
from medviewer.app import demo as demonstration
from medviewer.app import doctor as examination
from medviewer.app import evaluate as evaluation
from medviewer.app import info as listing
from medviewer.app import render
from medviewer.app.methods import METHODS
from medviewer.cli.terminal import TERMINAL
from medviewer.core.child import program
from medviewer.core.errors import UserError
from medviewer.core.intensity import PRESETS

Paths = Annotated[list[Path], typer.Argument(metavar="PATH…", help="Files, folders, zips or DICOMDIRs.")]
Json = Annotated[bool, typer.Option("--json", help="Put one JSON document on stdout and nothing else.")]
Model = Annotated[str, typer.Option("--model", metavar="NAME|DIR", help="A known model's name, or a model folder.")]
Device = Annotated[str, typer.Option("--device", metavar="auto|cuda|mps|cpu", help="Where the model runs.")]
DEVICES = ("auto", "cuda", "mps", "cpu")


def info(
    paths: Paths,
    json: Json = False,
    show_identity: Annotated[
        bool, typer.Option("--show-identity", help="Also print patients' names, ids and birth dates.")
    ] = False,
) -> None:
    """Say what is there: studies, series, geometry, warnings, and which files were left out."""
    with TERMINAL.session() as session:
        found = listing.info(session, paths, show_identity=show_identity)
    if json:
        TERMINAL.document(found)
        return
    for study in found["studies"]:
        who = study.get("patient", {})
        TERMINAL.line("  ".join(v for v in ("study", study["date"], study["description"], *who.values()) if v))
        for series in study["series"]:
            TERMINAL.line(_series_line(series))
            for warning in series["warnings"]:
                TERMINAL.line(f"      {warning['code']}: {warning['text']}")
    for skipped in found["skipped"]:
        TERMINAL.line(f"left out  {skipped['code']}  {skipped['text']}")


def _series_line(series: dict[str, Any]) -> str:
    spacing = series["spacing"]
    size = f"{series['columns']}x{series['rows']}"
    mm = " x ".join(f"{v:.4g}" for v in spacing) + " mm" if spacing else "no spacing"
    words = (series["modality"], series["description"], f"{series['count']} images", size, series["plane"], mm)
    return "  series  " + "  ".join(word for word in words if word)


def render_(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A file, a folder, a zip or a DICOMDIR.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="OUT.png", help="The picture to write.")],
    frame: Annotated[int | None, typer.Option(help="Frame of a multi-frame file, from 0.")] = None,
    index: Annotated[int | None, typer.Option(help="Place in the stack, from 0.")] = None,
    window: Annotated[
        tuple[float, float] | None, typer.Option(metavar="C W", help="Centre and width in modality units.")
    ] = None,
    preset: Annotated[
        str, typer.Option(metavar="NAME", help=f"One of {', '.join(p.name.lower() for p in PRESETS)}.")
    ] = "",
    size: Annotated[str, typer.Option(metavar="WxH", help="Fit the image into a picture of this size.")] = "",
    values: Annotated[
        Path | None, typer.Option(metavar="OUT.npy", help="Also write the modality values before the window.")
    ] = None,
    overlay: Annotated[bool, typer.Option("--overlay", help="Add the corner texts, without names.")] = False,
    show_identity: Annotated[
        bool, typer.Option("--show-identity", help="Leave names, ids and birth dates in the corner texts.")
    ] = False,
) -> None:
    """Write one image as the viewport paints it, overlays aside."""
    if frame is not None and index is not None:
        raise UserError("usage", "Give --frame or --index, not both.")
    if window is not None and preset:
        raise UserError("usage", "Give --window or --preset, not both.")
    wish = render.Wish(frame, index, window, preset, _size(size))
    _writable(out, values)
    with TERMINAL.session() as session:
        render.render(session, [path], wish, out, values)
        if overlay:
            render.overlay(session, path, wish, out, show_identity)
    TERMINAL.tell(f"Wrote {out.name}.")


def _size(text: str) -> tuple[int, int] | None:
    """Return (width, height) of "WxH"."""
    if not text:
        return None
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and 0 < int(width) * int(height) <= render.MOST_PIXELS):
        raise UserError("usage", "--size takes width x height in pixels, such as 512x512.")
    return int(width), int(height)


def _writable(*files: Path | None) -> None:
    """Refuse files in folders that do not exist, before any work is done."""
    for file in files:
        if file is not None and not file.absolute().parent.is_dir():
            raise UserError("usage", f"The folder of {file.name} does not exist.")


def analyze(
    paths: Paths,
    model: Model,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder for analysis.json and maps/.")],
    slices: Annotated[str, typer.Option(metavar="all|I|I-J", help="Indices from 0, both ends read.")] = "all",
    class_: Annotated[str, typer.Option("--class", metavar="C", help="Class to explain.")] = "",
    explain: Annotated[
        list[str] | None, typer.Option(metavar="METHOD", help=f"{', '.join(METHODS)}; may stand several times.")
    ] = None,
    device: Device = "auto",
    batch: Annotated[int, typer.Option(min=1, max=256, help="Slices read together.")] = 8,
    confirm_eligible: Annotated[
        bool, typer.Option("--confirm-eligible", help='Answer "cannot tell whether the model fits"; never a "no".')
    ] = False,
    json: Json = False,
) -> None:
    """Let a model read a series, and explain its highest slice."""
    _check_device(device)
    for method in explain or ():
        if method not in METHODS:
            raise UserError("usage", f"There is no method {method}. Methods: {', '.join(METHODS)}.")
    question = analysis.Question(model, slices, class_, tuple(explain or ()), confirm_eligible, batch)
    with TERMINAL.session(device) as session:
        found = analysis.analyze(session, paths, question, out, TERMINAL.tell)
    if json:
        TERMINAL.document(found)
        return
    _print_analysis(found)
    TERMINAL.tell(f"Wrote {analysis.DOCUMENT} and {len(found['maps'])} maps into {out}.")


def _print_analysis(found: dict[str, Any]) -> None:
    for item in found["items"]:
        if item["evaluated"]:
            score, side = item["scores"][found["target"]], "above" if item["positive"] else "below"
            TERMINAL.line(f"{item['index']:5d}  {score:.3f}  {side} the operating point {item['threshold']:.3f}")
        else:
            TERMINAL.line(f"{item['index']:5d}  not evaluated: {item['reason']}")
    if found["highest"] is not None:
        kind = found["items"][0]["score_kind"]
        note = "AI, unverified. A score is not the probability of disease." if kind == "score" else "AI, unverified."
        TERMINAL.line(f"highest: slice {found['highest']}, {kind} {found['series_score']:.3f}. {note}")


def _check_device(device: str) -> None:
    if device not in DEVICES:
        raise UserError("usage", f"--device is one of {', '.join(DEVICES)}.")


def evaluate(
    model: Model,
    images: Annotated[Path, typer.Option(metavar="DIR|NPZ", help="Folder, or packed .npz or .zip of images.")],
    labels: Annotated[Path, typer.Option(metavar="CSV", help="Columns file and label, and patient when known.")],
    scores: Annotated[
        Path | None, typer.Option(metavar="OUT.csv", help="Also write file,label,score,positive.")
    ] = None,
    device: Device = "auto",
    batch: Annotated[int, typer.Option(min=1, max=256, help="Images scored together.")] = 32,
    json: Json = False,
) -> None:
    """Score labelled images without DICOM, and say how good the scores are."""
    _check_device(device)
    _writable(scores)
    with TERMINAL.session(device) as session:
        found = evaluation.evaluate(session, model, images, labels, scores, batch)
    if json:
        TERMINAL.document(found)
        return
    for name in ("n", "positives", "auc", "accuracy", "sensitivity", "specificity", "threshold", "ece", "brier"):
        value = found[name]
        TERMINAL.line(f"{name:12} {value if isinstance(value, int) else f'{value:.4f}'}")


def demo(
    no_window: Annotated[bool, typer.Option("--no-window", help="Leave results, open no window.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the results.")] = None,
    json: Json = False,
) -> None:
    """Open the demonstration study, read and explain it."""
    if not no_window and has_screen():
        _open_window("--demo")
    if not no_window:
        TERMINAL.tell("There is no screen here: the demonstration runs without a window.")
    with TERMINAL.session() as session:
        folder = out or session.home.data / "demonstration" / "results"
        found = demonstration.demo_without_window(session, folder, TERMINAL.tell)
    if json:
        TERMINAL.document(found)
    else:
        for name in ("screenshot.png", analysis.DOCUMENT, *(m["png"] for m in found["maps"])):
            TERMINAL.line(str(folder / name))


def has_screen() -> bool:
    """Say whether a window can be opened here."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _open_window(*words: str) -> NoReturn:
    """Become the window program."""
    start = program(*words)
    if TERMINAL.home is not None:
        os.environ["MEDVIEWER_HOME"] = str(TERMINAL.home.absolute())
    sys.stdout.flush()
    if sys.platform == "win32":  # exec there would give the terminal back at once
        raise SystemExit(subprocess.call(start))
    os.execv(start[0], start)


def doctor(json: Json = False) -> None:
    """Look at machine, devices, decoders, models, folders, fonts and site settings; say what to do."""
    with TERMINAL.session() as session:
        found = examination.doctor(session)
    if json:
        TERMINAL.document(found)
        return
    for check in found["checks"]:
        advice = f"  {check['advice']}" if check["advice"] else ""
        TERMINAL.line(f"{check['state']:5} {check['area']}: {check['name']}: {check['text']}{advice}")


#: Commands by the word on the command line.
COMMANDS: dict[str, Callable[..., Any]] = {
    "info": info,
    "render": render_,
    "analyze": analyze,
    "evaluate": evaluate,
    "demo": demo,
    "doctor": doctor,
}
