"""Is fine-tuning with 200 films worth having, and which options for small data help? Writes docs/small-data.md.

    .venv/bin/python benchmarks/small_data.py --out FILE.jsonl [--experiment 1|2] [--seeds 0,1,2,3,4] [--epochs 10]
        [--threads 1] [--quick] [--tables]

Films of nih-chestxray14-1000 (adults, pneumonia against no finding). Each seed draws 200 films by patient, trains with
them through the product's engine, and is tested on the films of all other patients. FILE.jsonl has a line for each arm
and seed that is finished: the same command goes on after a kill, and two processes with other seeds may share it.
`--quick`: one seed, two epochs, tables on the screen only. `--tables`: only write the document from what is there.
"""

import argparse
import hashlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from small_data_parts import films, options, tables
from small_data_parts.arms import ALONE, ARMS, WAYS, Bench, Floats, bench
from small_data_parts.draws import Draw, draw
from small_data_parts.pooled import Pooled

from medviewer.app.admin.plans import FINE_EPOCHS
from medviewer.engine.nets import parameter_count

ROOT = Path(__file__).resolve().parents[1]
SETS = ROOT.parent / "shared" / "data" / "train"
SEEDS = (0, 1, 2, 3, 4)
Line = dict[str, Any]


@dataclass
class Book:
    """The lines of what is finished; `key` names model, films and epochs: lines of others do not count."""

    path: Path
    key: str

    def lines(self) -> list[Line]:
        """Return the lines that count; one that a kill cut off is left out."""
        if not self.path.exists():
            return []
        found = []
        for text in self.path.read_text("utf-8").splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                continue
            if line.get("key") == self.key:
                found.append(line)
        return found

    def scores(self) -> dict[tuple[str, int], Floats]:
        return {(line["arm"], line["seed"]): np.array(line["scores"]) for line in self.lines()}

    def add(self, arm: str, seed: int, scores: Floats, cpu: float, wall: float) -> None:
        line = {"key": self.key, "arm": arm, "seed": seed, "cpu": round(cpu, 1), "wall": round(wall, 1)}
        line |= {"at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}", "scores": [round(z, 6) for z in scores.tolist()]}
        with self.path.open("ab") as file:  # one write: lines of two processes do not mix
            file.write(b"\n" * self._torn() + json.dumps(line).encode() + b"\n")

    def _torn(self) -> bool:
        """Say whether the last line was cut off."""
        data = self.path.read_bytes() if self.path.exists() else b""
        return bool(data) and not data.endswith(b"\n")


def work(book: Book, names: list[str], draws: list[Draw], make: Callable[[Draw], dict[str, Floats]]) -> None:
    """Make the scores of some names for each draw, unless all are there."""
    for d in draws:
        if all((name, d.seed) in book.scores() for name in names):
            continue
        wall, cpu = time.perf_counter(), time.process_time()
        found = make(d)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        for name, scores in found.items():
            book.add(name, d.seed, scores, cpu / len(found), wall / len(found))
        print(f"seed {d.seed}: {', '.join(found)}: {cpu:.0f} s of the processor, {wall:.0f} s", flush=True)


def first(b: Bench, book: Book, draws: list[Draw]) -> None:
    """The main table, seed by seed."""
    for d in draws:
        for name, (_, scores) in (ARMS | ALONE).items():
            work(book, [name], [d], lambda d, name=name, scores=scores: {name: scores(b, d)})  # type: ignore[misc]


def second(b: Bench, book: Book, draws: list[Draw], way: str, elsewhere: Path) -> None:
    """The options, on top of one way to fine-tune, whose name stands before theirs."""
    base = options.Base(WAYS[way], elsewhere)
    for name, make in options.OPTIONS.items():

        def scores(d: Draw, make: options.Option = make) -> dict[str, Floats]:
            return {options.on(way, found): z for found, z in make(b, d, base).items()}

        work(book, [options.on(way, found) for found in options.NAMES[name]], draws, scores)


def best_way(pooled: Pooled) -> str | None:
    """Return the way to fine-tune with the highest AUC over the seeds that have all; None where no seed has."""
    seeds = pooled.seeds(*WAYS)
    if not seeds:
        return None
    few = Pooled(pooled.films, {seed: pooled.draws[seed] for seed in seeds}, pooled.scores)
    return max(WAYS, key=lambda way: found.over.value if (found := few.figure(way)) else 0.0)


def facts(b: Bench, book: Book, command: str) -> Line:
    """Return what the document says of how it was made."""
    card = b.shipped.card
    lines = book.lines()
    cpu = sum(line["cpu"] for line in lines)
    days = sorted(line["at"] for line in lines)
    return {
        "date": f"{days[0]} to {days[-1]} UTC" if days else "never",
        "model": card.name,
        "version": card.version,
        "sha256": b.shipped.sha256,
        "parameters": parameter_count(b.shipped.net),
        "input": " x ".join(map(str, card.input.size or ())),
        "epochs": b.epochs,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, torch {torch.__version__}, "
        f"{b.threads} thread{'s' * (b.threads > 1)} a process",
        "cost": f"All of it: {cpu / 60:.0f} minutes of the processor (it was shared, so that wall time means nothing).",
        "command": command,
    }


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="JSON lines: what is finished; it goes on from there")
    parser.add_argument("--experiment", type=int, choices=(1, 2), help="only this one")
    parser.add_argument("--seeds", default=",".join(map(str, SEEDS)))
    parser.add_argument("--epochs", type=int, default=FINE_EPOCHS, help="of the fine-tuning")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", type=Path, default=ROOT / "models" / "cxr-pneumonia")
    parser.add_argument("--sets", type=Path, default=SETS)
    parser.add_argument("--doc", type=Path, default=ROOT / "docs" / "small-data.md")
    parser.add_argument("--quick", action="store_true", help="one seed, two epochs, nothing written to docs")
    parser.add_argument("--tables", action="store_true", help="train nothing, only write the document")
    args = parser.parse_args()
    if args.quick:
        args.seeds, args.epochs = args.seeds.split(",")[0], 2
    return args


def main() -> int:
    """Train what is missing, then write the document from all that is there."""
    args = arguments()
    if not (args.sets / "nih-chestxray14-1000").exists():
        sys.exit(f"{args.sets} has no nih-chestxray14-1000")
    b = bench(lambda spec: films.load(args.sets / "nih-chestxray14-1000", spec), args.model, args.epochs, args.threads)
    every = {seed: draw(b.films, seed) for seed in sorted({*SEEDS, *map(int, args.seeds.split(","))})}
    mine = [every[int(seed)] for seed in args.seeds.split(",")]
    key = repr((b.shipped.sha256, args.epochs, args.threads, [d.rest.tolist() for d in every.values()]))
    book = Book(args.out, hashlib.sha256(key.encode()).hexdigest()[:16])
    if args.experiment != 2 and not args.tables:
        first(b, book, mine)
    way = best_way(Pooled(b.films, every, book.scores()))
    if args.experiment != 1 and not args.tables and way is not None:
        second(b, book, mine, way, args.sets / "kermany-cxr-224")
    scores = book.scores()
    done = {seed: d for seed, d in every.items() if any(of == seed for _, of in scores)}
    pooled = Pooled(b.films, done, scores)
    command = f"benchmarks/small_data.py --out FILE.jsonl --epochs {args.epochs} --threads {args.threads}"
    text = tables.document(pooled, facts(b, book, command), way)
    if args.quick:
        print(text)
    else:
        args.doc.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
