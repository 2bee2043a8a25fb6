"""What triage costs beside the network: read, decode, check, rank, store, against the barest read + decode + resize.

    .venv/bin/python benchmarks/triage_cost.py [FOLDER or images.npz] [--films 400] [--rounds 5]

Ours is the real thing: a session with its reader processes, its model process and a library on the disk, from the
drop of a folder to the last score in the library and the order made of it. The network alone is left out: a net of
one channel stands in for it, with the shipped model's preprocessing, and what that net takes by itself (its forward
pass in batches of 8, measured in the same round, on one thread) is subtracted. The bare way reads the same files with
the quickest decoder that is here (one thread, no process, no check, nothing kept) and makes them 192 x 192. All are
interleaved; the processes are warm, the library is empty at the start of each round.
Without an argument: ../shared/data/train/kermany-cxr-224. Exit 1 when a film costs more than 1.5 x bare + 3 ms.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import imagecodecs
import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from medviewer.app import models as app_models
from medviewer.app.home import shipped_models
from medviewer.app.ranking import rank
from medviewer.app.session import Session
from medviewer.app.triage_files import limits_of
from medviewer.inference.card import Architecture
from medviewer.inference.folder import load
from medviewer.library.records import AiState
from tests.engine import tiny

FILMS = Path(__file__).resolve().parents[2] / "shared" / "data" / "train" / "kermany-cxr-224" / "images.npz"
SIDE, FACTOR, EXTRA_MS = 192, 1.5, 3.0


def write_films(source: Path, folder: Path, count: int) -> list[Path]:
    """Put `count` films as single files into `folder`."""
    if source.is_dir():
        names = sorted(p for p in source.iterdir() if p.suffix.lower() in (".jpg", ".jpeg", ".png"))[:count]
        for path in names:
            (folder / path.name).write_bytes(path.read_bytes())
    else:
        packed = np.load(source)
        blob, offsets = packed["blob"], packed["offsets"]
        for n, name in enumerate(packed["names"][:count]):
            (folder / str(name)).write_bytes(blob[int(offsets[n]) : int(offsets[n + 1])].tobytes())
    return sorted(folder.iterdir())


def by_pillow(path: Path) -> None:
    with Image.open(path) as image:
        np.asarray(image.convert("L").resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def by_pillow_draft(path: Path) -> None:
    with Image.open(path) as image:
        image.draft("L", (SIDE, SIDE))
        np.asarray(image.convert("L").resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def by_imagecodecs(path: Path) -> None:
    pixels = imagecodecs.imread(path.read_bytes())
    grey = pixels if pixels.ndim == 2 else pixels[..., 0]
    np.asarray(Image.fromarray(grey).resize((SIDE, SIDE), Image.Resampling.BILINEAR))


def by_imagecodecs_jpeg8(path: Path) -> None:
    grey = imagecodecs.jpeg8_decode(path.read_bytes(), outcolorspace="GRAYSCALE")
    np.asarray(Image.fromarray(grey).resize((SIDE, SIDE), Image.Resampling.BILINEAR))


WAYS: tuple[Callable[[Path], None], ...] = (by_pillow, by_pillow_draft, by_imagecodecs, by_imagecodecs_jpeg8)


def bare(paths: list[Path]) -> dict[str, float]:
    """Return milliseconds a film of every way that works here."""
    found = {}
    for way in WAYS:
        began = time.perf_counter()
        try:
            for path in paths:
                way(path)
        except Exception as error:  # noqa: BLE001 - a decoder that does not take these files is no competitor
            print(f"{way.__name__}: {type(error).__name__}")
            continue
        found[way.__name__] = (time.perf_counter() - began) * 1000 / len(paths)
    return found


def stand_in(folder: Path) -> None:
    """Write a model with the shipped film model's preprocessing and next to no network."""
    card = load(shipped_models() / "cxr-pneumonia").card
    net = Architecture("resnet-small", {"channels": 1, "widths": [1], "blocks": [1], "stem": 1})
    tiny._write(folder / "stand-in", net, card.input, card.eligibility, "classification", head=(150.0, -1.0))


def ours(folder: Path, count: int, models: Path) -> dict[str, float]:
    """Return milliseconds a film from the drop to the order, and when what had been done."""
    app_models.shipped_models = lambda: models
    with tempfile.TemporaryDirectory() as home, Session(Path(home), device="cpu") as session:
        session.engine.warm(session.models[0]).value(120)
        warm_up(session, models.parent)
        marks: dict[str, float] = {}
        changed = threading.Event()
        session.triage.changed.connect(lambda _: changed.set())
        began = time.perf_counter()
        job = session.triage.add([folder])
        added = job.value(600)
        marks["kept"] = time.perf_counter() - began
        ids = list(added.studies)
        while not done(session, ids):
            changed.wait(0.5)
            changed.clear()
        keys = session.shelf.read(lambda library: library.order_keys(ids)).result(60)
        order = rank(keys, datetime.now(UTC), limits_of(session))
        marks["ranked"] = time.perf_counter() - began
        assert len(order) == count, (len(order), count)
        rows = session.shelf.read(lambda library: library.rows(ids)).result(60)
        assert all(row.ai.state is AiState.DONE for row in rows.values())
    found = {name: seconds * 1000 / count for name, seconds in marks.items()}
    found["net alone"] = net_alone(models)
    found["beside it"] = found["ranked"] - found["net alone"]
    return found


def done(session: Session, ids: list[int]) -> bool:
    return session.shelf.read(lambda library: library.waiting_work()).result(60) == 0


def net_alone(models: Path) -> float:
    """Return milliseconds a film that the stand-in's forward pass takes."""
    import torch

    from medviewer.engine.models import load as load_net
    from medviewer.engine.predict import forward

    torch.set_num_threads(1)
    folder = load(next(models.iterdir()))
    net = load_net(folder.path, folder.sha256, "cpu")
    batch = torch.zeros(8, 1, SIDE, SIDE)
    times = []
    for _ in range(20):
        began = time.perf_counter()
        forward(net, batch)
        times.append((time.perf_counter() - began) * 1000 / len(batch))
    return statistics.median(times)


def warm_up(session: Session, folder: Path) -> None:
    """Let every process do a little of everything once."""
    small = folder / "warm"
    small.mkdir(exist_ok=True)
    for n in range(8):
        Image.fromarray(np.random.default_rng(n).integers(0, 255, (224, 224), dtype=np.uint8)).save(small / f"{n}.png")
    added = session.triage.add([small]).value(120)
    while not done(session, list(added.studies)):
        time.sleep(0.02)
    session.shelf.write(lambda library: library.remove(list(added.studies))).result(60)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("films", nargs="?", type=Path, default=FILMS)
    parser.add_argument("--films", dest="count", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    if not args.films.exists():
        sys.exit(f"{args.films} is not there")
    with tempfile.TemporaryDirectory() as made:
        folder, models = Path(made) / "films", Path(made) / "models"
        folder.mkdir()
        models.mkdir()
        paths = write_films(args.films, folder, args.count)
        stand_in(models)
        bare(paths[:20])
        rounds = [(bare(paths), ours(folder, len(paths), models)) for _ in range(args.rounds)]
    print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {os.cpu_count()} cores, {platform.processor() or platform.machine()}"
    )
    print(f"{len(paths)} films, {args.rounds} rounds, Python {platform.python_version()}; ms a film, median (lowest)")
    ways = {name: [one[name] for one, _ in rounds] for name in rounds[0][0]}
    fastest = min(ways, key=lambda name: statistics.median(ways[name]))
    for name, values in ways.items():
        print(f"{name:22} {statistics.median(values):6.2f} ({min(values):.2f}){'  fastest' if name == fastest else ''}")
    for name in rounds[0][1]:
        values = [mine[name] for _, mine in rounds]
        print(f"medviewer, {name:11} {statistics.median(values):6.2f} ({min(values):.2f})")
    limits = [FACTOR * base[fastest] + EXTRA_MS for base, _ in rounds]
    over = [mine["beside it"] - limit for (_, mine), limit in zip(rounds, limits, strict=True)]
    held = statistics.median(over) <= 0
    print(f"limit {statistics.median(limits):.2f} ms a film: {'held' if held else 'NOT held'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
