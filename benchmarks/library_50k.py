"""A library of 50,000 synthetic studies: what a reader waits for, each figure with its limit.

    .venv/bin/python benchmarks/library_50k.py [--postgres] [--studies 50000] [--rounds 9] [--keep FOLDER]

Names come in many scripts; a part is read, assigned, evaluated, and has opinions. Figures are medians and the worst of
the rounds in ms, through the same calls that the program makes. The exit status is 1 when a median is over its limit.
"""

import argparse
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from medviewer.library.library import Library
from medviewer.library.records import (
    AiState,
    ImageRecord,
    Kept,
    OpinionRecord,
    ReadingRecord,
    SeriesRecord,
    StudyRecord,
    Urgency,
    Verdict,
)

LATIN = ("Müller", "Smith", "Nguyễn", "Novák", "O'Neill", "García", "Kowalska", "Sørensen", "İnce", "De la Cruz", "Li")
LATIN_GIVEN = ("Anna", "John", "Mai", "Petr", "Siobhán", "José", "Łucja", "Åse", "Zeynep", "Wei", "Fatima")
HAN = ("王", "李", "张", "劉", "陳", "欧阳", "司马", "山田", "佐藤", "高橋", "金", "朴", "林", "何")
HAN_GIVEN = ("伟", "芳", "娜", "秀英", "敏", "太郎", "花子", "一", "明", "麗", "洋")
KANA, HANGUL = ("やまだ^たろう", "サトウ^ハナコ", "たかはし^はじめ"), ("김^민준", "이^서연", "박^지후", "최^하은")
OTHER = ("Иванов^Иван", "Παπαδόπουλος^Γιώργος", "محمد^أحمد", "כהן^דוד", "สมชาย^ใจดี", "शर्मा^अनिल")
DESCRIPTIONS = (
    "CT CHEST",
    "THORAX PA",
    "MR Schädel nativ",
    "胸部正面",
    "Chest follow-up",
    "Abdomen",
    "X-ray hand left",
)
FINDINGS = ("Pneumonia", "Lung nodule", "Intracranial haemorrhage")
SEARCHES = (
    "a",
    "m",
    "1",
    "王",
    "林",
    "金",
    "山田",
    "김",
    "김민준",
    "た",
    "müller",
    "mull",
    "pneumonia",
    "thorax pa",
    "иван",
)
SEARCHES += ("an na", "p004217", "p00", "chest john", "胸部", "zzzz", "محمد", "disagree 7", "o'neill siobhán")
BATCH = 500


def name(rng: random.Random) -> str:
    """Return a person name as DICOM writes them, of one of ten scripts."""
    kind = rng.random()
    if kind < 0.5:
        return f"{rng.choice(LATIN)}^{rng.choice(LATIN_GIVEN)}{rng.randrange(100)}"
    if kind < 0.7:
        return f"{rng.choice(LATIN)}^{rng.choice(LATIN_GIVEN)}={rng.choice(HAN)}^{rng.choice(HAN_GIVEN)}"
    if kind < 0.8:
        return f"Yamada^Tarou={rng.choice(HAN)}^{rng.choice(HAN_GIVEN)}={rng.choice(KANA)}"
    return rng.choice(HANGUL + OTHER) if kind < 0.97 else rng.choice(HAN)


def study(rng: random.Random, number: int) -> StudyRecord:
    uid = f"1.2.826.0.1.3680043.8.498.{number}"
    modality = rng.choice(("CT", "DX", "DX", "CR", "MR"))
    count = 1 if modality in ("DX", "CR") else 3
    series = SeriesRecord(f"{uid}.1", modality, rng.choice(("PA", "Axial 5 mm", "T2 tra", "Lunge")), 1)
    images = tuple(
        ImageRecord(series.uid, f"{uid}.1.{i}", f"{number:020x}{i:04x}", f"/data/{number}/{i}.dcm", f"{number}/{i}.dcm")
        for i in range(count)
    )
    person = rng.randrange(20_000)
    return StudyRecord(
        uid,
        name(random.Random(person)),
        f"P{person:06}",
        birth_date=f"19{person % 90 + 10}-01-01",
        date=f"20{rng.randrange(10, 26)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 28):02}",
        description=rng.choice(DESCRIPTIONS),
        urgency=rng.choices(tuple(Urgency), (1, 5, 94))[0],
        series=(series,),
        images=images,
    )


def reading(rng: random.Random, kept: Kept, record: StudyRecord) -> ReadingRecord:
    uid, model = record.series[0].uid, ("film-net", "1.0.0", "ab" * 32)
    if rng.random() < 0.2:
        return ReadingRecord(kept.study_id, uid, 0, *model, kept.content, AiState.NOT_EVALUATED, reason="No CT model.")
    score = rng.random()
    said = {"score": score, "kind": "score", "point": 0.7, "positive": score >= 0.7, "finding": rng.choice(FINDINGS)}
    return ReadingRecord(kept.study_id, uid, 0, *model, kept.content, AiState.DONE, **said)


def fill(library: Library, studies: int) -> None:
    """Put synthetic studies into an empty library: nine of ten evaluated, one of 25 with an opinion."""
    rng = random.Random(13)
    start = time.perf_counter()
    for at in range(0, studies, BATCH):
        records = [study(rng, number) for number in range(at, min(at + BATCH, studies))]
        kept = library.keep(records, listed=True)
        library.keep_readings([reading(rng, k, r) for k, r in zip(kept, records, strict=True) if rng.random() < 0.9])
        for one in kept[::25]:
            opinion = OpinionRecord(one.study_id, Verdict.DISAGREE, label="", note=f"disagree {one.study_id}")
            library.give_opinion(opinion)
        library.assign(kept[0].study_id, "Dr Ito")
    print(f"  filled in {time.perf_counter() - start:.0f} s")


@dataclass(frozen=True)
class Figure:
    """What was measured, in ms: `cpu` is this process's own, which other programs on the machine do not change."""

    what: str
    median: float
    worst: float
    cpu: float
    limit: float

    def __str__(self) -> str:
        over = "   OVER" if self.median > self.limit else ""
        times = f"{self.median:8.2f} ms   worst {self.worst:8.2f}   cpu {self.cpu:7.2f}   limit {self.limit:g}"
        return f"  {self.what:75} {times}{over}"


def measured(what: str, limit: float, act: Callable[[], object], rounds: int, per: int = 1) -> Figure:
    """Do `act` so many times after one that does not count; figures are for one of `per` things that it does."""
    walls, cpus = [], []
    for _ in range(rounds + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        walls.append((time.perf_counter() - wall) * 1000 / per)
        cpus.append((time.process_time() - cpu) * 1000 / per)
    return Figure(what, statistics.median(walls[1:]), max(walls[1:]), statistics.median(cpus[1:]), limit)


def figures(library: Library, rounds: int) -> Iterator[Figure]:
    """Measure what a reader waits for."""
    for where in ("unread", "all"):
        every = [
            measured(f"search as you type in {where!r}, slowest of {len(SEARCHES)} texts ({text!r})", 50, act, rounds)
            for text in SEARCHES
            for act in [partial(library.list, where, search=text)]
        ]
        slowest = max(every, key=lambda figure: figure.median)
        yield replace(slowest, worst=max(figure.worst for figure in every))
    ids = library.list("unread")

    def open_list() -> None:
        numbers = library.list("unread")
        library.order_keys(numbers)
        library.counts("Dr Ito")
        library.modality_counts("unread")
        library.rows(numbers[:100])

    acts: list[tuple[str, float, Callable[[], object]]] = [
        ("list 'all' and a page of 100 rows", 100, lambda: library.rows(library.list("all")[20_000:20_100])),
        ("opening the worklist: list, order keys, counts, modalities, a page", 300, open_list),
        ("list 'all' of one modality", 50, lambda: library.list("all", modalities=frozenset({"CT"}))),
        ("a page of 100 rows", 20, lambda: library.rows(range(20_000, 20_100))),
        ("order keys of all unread", 150, library.order_keys),
        ("order keys of these ids", 200, lambda: library.order_keys(ids)),
        ("counts of all lists", 50, lambda: library.counts("Dr Ito")),
        ("counts of modalities of all studies", 50, lambda: library.modality_counts("all")),
        ("earlier studies of a patient", 10, lambda: library.earlier(ids[100])),
        ("revision", 5, library.revision),
        ("a deed (commit, audit)", 50, lambda: library.set_urgency(ids[7], Urgency.ROUTINE)),
    ]
    for what, limit, act in acts:
        yield measured(what, limit, act, rounds)
    fresh = count(10**6, 60)
    yield measured("keep 60 new films, per film", 0.4, lambda: keep_films(library, next(fresh)), rounds, per=60)


def keep_films(library: Library, first: int) -> None:
    """Keep sixty films as a drop does."""
    names = [f"{number:x}" for number in range(first, first + 60)]
    pictures = [ImageRecord("s", f"film:{name}", name, f"/films/{name}.png", f"{name}.png") for name in names]
    library.keep([StudyRecord(f"film:{p.digest}", film=True, images=(p,)) for p in pictures], listed=False)


@contextmanager
def server() -> Iterator[str]:
    from tests.postgres import Server

    running = Server()
    try:
        yield running.url()
    finally:
        running.close()


def main() -> int:
    """Fill, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL server of this script's own, too")
    parser.add_argument("--studies", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--keep", type=Path, help="folder for the library, used again when it is there")
    args = parser.parse_args()
    print(f"machine: {os.cpu_count()} cores, {sys.platform}, Python {sys.version.split()[0]}; {args.studies} studies")
    failed = False
    for kind in ("SQLite", "PostgreSQL")[: 1 + args.postgres]:
        print(kind)
        with tempfile.TemporaryDirectory() as folder, server() if kind == "PostgreSQL" else nullcontext() as url:
            library = Library(url or args.keep or folder, who="benchmark")
            if not library.list("all", most=1):
                fill(library, args.studies)
            for figure in figures(library, args.rounds):
                failed |= figure.median > figure.limit
                print(figure, flush=True)
            library.close()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
