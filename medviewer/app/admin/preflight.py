"""Before a training is started: a table of conditions, each with a sentence, so that it does not fail an hour later."""

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from medviewer.app.admin.plans import Base, same_target
from medviewer.app.admin.records import CheckReport, Gate, Plan
from medviewer.core.datasets import PARTS, PICTURES, DataSet, verify
from medviewer.core.errors import UserError

#: Fewer patients of a class than this are hardly worth a training (AI.md 8).
FEW_PATIENTS = 30
#: Rate below which a head that learns alone does not move in ten epochs over 200 films (benchmarks/small_data.py).
HEAD_RATE = 0.01
#: Bytes: of Python and torch, of activations kept for the gradient for each pixel of a batch (ResNet-18: 440, AI.md 2),
#: of a net whose size is not known.
OWN_BYTES, PIXEL_BYTES, NET_BYTES = 700 << 20, 440, 60 << 20
#: Numbers kept for each weight while training: itself, its average, its gradient, two of the optimiser.
COPIES = 5
#: Checkpoints that are on the disk at once (two last, best, one half written), numbers in each, and room for the rest.
CHECKPOINTS, REST_BYTES = 4, 64 << 20
MB = 1 << 20
PART_WORDS = {"fit": "fitting", "select": "selecting", "report": "reporting"}


@dataclass(frozen=True)
class Look:
    """What a long look at a data set's files found: whether they are as they were frozen, the smallest picture."""

    unchanged: bool
    smallest: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Situation:
    """Everything that the conditions are about.

    Attributes:
        report: of the last check, None where the rows were not checked as they are now.
        look: what a look at the files found.
        device: whether the device that was asked for is there; None: not known yet.
        memory, disk: bytes that are free now; None: this system does not say.
    """

    plan: Plan
    base: Base
    dataset: DataSet
    report: CheckReport | None
    look: Look
    device: bool | None
    memory: int | None
    disk: int | None

    @property
    def net_bytes(self) -> int:
        model = self.base.model
        try:
            return (model.path / "weights.safetensors").stat().st_size if model is not None else NET_BYTES
        except OSError:
            return NET_BYTES

    @property
    def side(self) -> tuple[int, int]:
        """(rows, columns) of the net's input."""
        crop = int(self.base.tables.get("training", {}).get("crop", 0))
        size = self.base.card["input"].get("size") or (crop or 64, crop or 64)
        return int(size[0]), int(size[1])

    @property
    def needed_memory(self) -> int:
        """Pictures as float16, the net with its optimiser, what a batch keeps for its gradient, and torch itself."""
        pixels = self.side[0] * self.side[1]
        pictures = len(self.dataset.kept) * pixels * np.dtype(np.float16).itemsize
        return OWN_BYTES + pictures + COPIES * self.net_bytes + self.plan.batch * pixels * PIXEL_BYTES

    @property
    def needed_disk(self) -> int:
        return CHECKPOINTS * (COPIES - 1) * self.net_bytes + REST_BYTES


def look_at(dataset: DataSet) -> Look:
    """Look at all of a data set's files (seconds for large ones)."""
    if not verify(dataset):
        return Look(False)
    shapes = set()
    try:
        with zipfile.ZipFile(dataset.path / PICTURES) as packed:
            for name in packed.namelist():
                with packed.open(name) as member:
                    shapes.add(_shape(member))
    except (OSError, ValueError, zipfile.BadZipFile):
        return Look(False)
    return Look(True, (min(s[0] for s in shapes), min(s[1] for s in shapes)) if shapes else (0, 0))


def _shape(member: IO[bytes]) -> tuple[int, int]:
    version = np.lib.format.read_magic(member)
    formats = np.lib.format
    read = formats.read_array_header_1_0 if version == (1, 0) else formats.read_array_header_2_0
    rows, columns = read(member)[0]
    return int(rows), int(columns)


def gates(situation: Situation) -> tuple[Gate, ...]:
    """Return every condition: `ok` False blocks, None is a warning or not known yet."""
    return tuple(gate for make in _GATES for gate in make(situation))


def free_memory() -> int | None:
    """Return the bytes that programs can still take (Linux: also what this container may take); None: not known."""
    found = []
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        found += [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
        group = Path("/sys/fs/cgroup")
        most, now = ((group / name).read_text("ascii").strip() for name in ("memory.max", "memory.current"))
        stat = dict(line.split() for line in (group / "memory.stat").read_text("ascii").splitlines())
        cached = int(stat.get("inactive_file", 0))  # given back at need
        found += [max(0, int(most) - int(now) + cached)] if most.isdigit() else []
    except (OSError, ValueError, IndexError):
        pass
    if not found and hasattr(os, "sysconf"):
        try:
            found = [os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
        except (OSError, ValueError):
            return None
    return min(found, default=None)


def free_disk(folder: Path) -> int | None:
    """Return the bytes that are free where `folder` is, or will be."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


def _frozen(s: Situation) -> Iterator[Gate]:
    if not s.dataset.facts.frozen:
        yield Gate(
            "frozen", False, "This data set is not frozen. Freeze it first, so that it stays what was trained with."
        )
    elif s.look.unchanged:
        yield Gate("frozen", True, "The data set is frozen, and its files are as they were then.")
    else:
        yield Gate(
            "frozen", False, "The files of this data set are not as they were when it was frozen. Use another one."
        )


def _checked(s: Situation) -> Iterator[Gate]:
    if s.report is None:
        yield Gate("check", None, "This data set was not checked as it is now. Check it before you rely on a training.")
    elif s.report.stops:
        yield Gate("check", False, s.report.stops[0].text)
    else:
        yield Gate("check", True, "The check of the data set found nothing that forbids training.")


def _classes(s: Situation) -> Iterator[Gate]:
    counts, target = s.dataset.counts(), s.dataset.facts.target
    words = []
    for part in PARTS:
        n, positives = counts[part]["images"], counts[part]["positives"]
        if not 0 < positives < n:
            lacks = "pictures" if not n else f"pictures {'with' if not positives else 'without'} “{target}”"
            yield Gate("classes", False, f"The {PART_WORDS[part]} part has no {lacks}. Split the data set anew.")
            return
        words.append(f"{PART_WORDS[part]} {n} ({positives} with)")
    yield Gate("classes", True, f"Every part has pictures with and without “{target}”: {', '.join(words)}.")


def _patients(s: Situation) -> Iterator[Gate]:
    rows = s.dataset.part("fit")
    with_it, without = ({row.patient for row in rows if row.positive is wanted} for wanted in (True, False))
    words = f"The fitting part has {len(with_it)} patients with and {len(without)} without “{s.dataset.facts.target}”"
    if min(len(with_it), len(without)) < FEW_PATIENTS:
        yield Gate("patients", None, f"{words}. With fewer than {FEW_PATIENTS} of either, a better model is unlikely.")
    else:
        yield Gate("patients", True, f"{words}.")


def _fits(s: Situation) -> Iterator[Gate]:
    facts, base = s.dataset.facts, s.base
    start = base.name if base.model is None else f"{base.name} {base.model.card.version}"
    if facts.kind != base.kind:
        yield Gate("kind", False, f"{start} is trained with {base.kind}, and this data set holds {facts.kind}.")
        return
    yield Gate("kind", True, f"The data set holds {facts.kind}, which {start} is trained with.")
    if same_target(facts.target, base.card):
        yield Gate("target", True, f"Both are about “{facts.target}”.")
    elif base.model is None:
        yield Gate("target", True, f"The new model will be one for “{facts.target}”.")
    else:
        words = f"This data set is about “{facts.target}”, and {start} is about “{base.target}”. Start from scratch."
        yield Gate("target", False, words)


def _input(s: Situation) -> Iterator[Gate]:
    rows, columns = s.side
    if not s.look.unchanged or s.base.kind == "patches":
        return
    least = tuple(s.base.card["input"].get("min_size", (64, 64)))
    small = s.look.smallest
    if small[0] < least[0] or small[1] < least[1]:
        words = f"The smallest picture has {small[1]} x {small[0]} pixels, and the net needs {least[1]} x {least[0]}."
        yield Gate("input", False, f"{words} Exclude the small ones.")
    elif small[0] < rows or small[1] < columns:
        words = f"The smallest picture has {small[1]} x {small[0]} pixels and is enlarged to {columns} x {rows}."
        yield Gate("input", None, words)
    else:
        yield Gate("input", True, f"Every picture has at least the {columns} x {rows} pixels that the net is given.")


def _memory(s: Situation) -> Iterator[Gate]:
    need = s.needed_memory
    words = f"The training needs about {need // MB} MB of memory"
    if s.memory is None:
        yield Gate("memory", None, f"{words}; this system does not say how much is free.")
    elif need > 0.9 * s.memory:
        yield Gate(
            "memory", None, f"{words}, and {s.memory // MB} MB are free. Close other programs, or take smaller batches."
        )
    else:
        yield Gate("memory", True, f"{words}; {s.memory // MB} MB are free.")


def _device(s: Situation) -> Iterator[Gate]:
    asked = s.plan.device
    if s.device is None:
        yield Gate("device", None, f"It is not known yet whether the device “{asked}” is there.")
    elif s.device:
        yield Gate(
            "device",
            True,
            "It runs on the best device of this computer." if asked == "auto" else f"It runs on “{asked}”.",
        )
    else:
        yield Gate("device", False, f"This computer has no device “{asked}” that can be used. Choose auto or cpu.")


def _disk(s: Situation) -> Iterator[Gate]:
    words = f"Checkpoints and the model need about {s.needed_disk // MB} MB of disk"
    if s.disk is None:
        yield Gate("disk", None, f"{words}; this system does not say how much is free.")
    elif s.disk < s.needed_disk:
        yield Gate("disk", False, f"{words}, and {s.disk // MB} MB are free. Free some space first.")
    else:
        yield Gate("disk", True, f"{words}; {s.disk // MB} MB are free.")


#: The conditions in the order in which they are shown.
def _head(s: Situation) -> Iterator[Gate]:
    if s.plan.freeze == -1 and s.plan.rate < HEAD_RATE:
        yield Gate(
            "head",
            None,
            f"Only the head learns, and at a rate below {HEAD_RATE:g} it stays where it was (docs/small-data.md).",
        )


_GATES: tuple[Callable[[Situation], Iterator[Gate]], ...] = (
    _frozen, _checked, _classes, _patients, _fits, _input, _head, _memory, _device, _disk,
)  # fmt: skip


def first_refusal(found: tuple[Gate, ...]) -> UserError | None:
    """Return the error of the first condition that blocks."""
    blocked = next((gate for gate in found if gate.ok is False), None)
    return UserError("blocked", blocked.text) if blocked is not None else None
