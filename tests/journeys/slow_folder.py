"""A folder into which files arrive as they do in a hospital: slowly, half-written, renamed, twice, replaced."""

import hashlib
import io
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pydicom
from PIL import Image

from tests import build
from tests.journeys import films

#: A writer pauses for so long in the middle of a file: longer than a file that does not change counts as whole.
PAUSE_S = 2.6
#: Slices of each CT that comes file by file.
SLICES = 4

Deed = Callable[[], None]


class Arrivals:
    """Writes `count` files into `folder` within about `seconds`, on a thread of its own.

    Every way to arrive has its turn; which file comes how, and when, follows from the seed.
    """

    def __init__(self, folder: Path, count: int, seconds: float, seed: int = 1) -> None:
        self.folder, self.count, self.seconds = folder, count, seconds
        self._rng = random.Random(seed)
        self._deeds: list[tuple[float, Deed]] = []
        folder.mkdir(parents=True, exist_ok=True)
        ways = (self._whole, self._slowly, self._renamed, self._twice, self._replaced, self._doubled, self._picture)
        number = 0
        while number < count:
            number += ways[number % len(ways)](number) if number % 10 else self._slices(number)
        self._foreign()
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        self._thread.start()

    def wait(self) -> None:
        """Wait until everything is written."""
        self._thread.join()

    def _run(self) -> None:
        begun = time.monotonic()
        for at, deed in sorted(self._deeds, key=lambda each: each[0]):
            time.sleep(max(0.0, begun + at - time.monotonic()))
            deed()

    def _at(self, deed: Deed, at: float | None = None) -> float:
        """Let `deed` be done at a moment, or at a random one; return it."""
        at = self._rng.uniform(0, self.seconds) if at is None else at
        self._deeds.append((at, deed))
        return at

    # -- ways to arrive; each returns how many files it has made

    def _whole(self, number: int) -> int:
        path, data = self._place(number), _film(number)
        self._at(lambda: _write(path, data))
        return 1

    def _slowly(self, number: int) -> int:
        """A writer that pauses, also before the pixels, for longer than a file needs to count as whole."""
        path, data = self._place(number), _film(number)
        cuts = sorted(self._rng.sample(range(200, len(data)), 2))
        at = self._rng.uniform(0, self.seconds)
        for step, (start, end) in enumerate(zip((0, *cuts), (*cuts, len(data)), strict=True)):
            self._at(lambda start=start, end=end: _append(path, data[start:end]), at + step * PAUSE_S)
        return 1

    def _renamed(self, number: int) -> int:
        """First under another name, as a transfer program does it; for some long enough to be taken in."""
        path, data = self._place(number), _film(number)
        at = self._at(lambda: _write(path.with_suffix(".tmp"), data))
        self._at(lambda: path.with_suffix(".tmp").rename(path), at + self._rng.choice([0.2, 2 * PAUSE_S]))
        return 1

    def _twice(self, number: int) -> int:
        """The same file under two names."""
        path, data = self._place(number), _film(number)
        for each in (path, path.with_name(f"copy of {path.name}")):
            self._at(lambda each=each: _write(each, data))
        return 2

    def _replaced(self, number: int) -> int:
        """Other pixels under the same UID in the same file."""
        path = self._place(number)
        at = self._at(lambda: _write(path, _film(number)))
        self._at(lambda: _write(path, _film(number, pixels=number + 10_000)), at + self._rng.choice([0.3, 2 * PAUSE_S]))
        return 1

    def _doubled(self, number: int) -> int:
        """Other pixels under the same UID in another file: both are kept."""
        path = self._place(number)
        self._at(lambda: _write(path, _film(number)))
        self._at(lambda: _write(path.with_name(f"other {path.name}"), _film(number, pixels=number + 10_000)))
        return 2

    def _picture(self, number: int) -> int:
        """A JPEG or PNG, half of it first."""
        kind = self._rng.choice(["jpeg", "png"])
        path, data = self._place(number).with_suffix(f".{kind}"), _picture(number, kind)
        at = self._at(lambda: _append(path, data[: len(data) // 2]))
        self._at(lambda: _append(path, data[len(data) // 2 :]), at + PAUSE_S)
        return 1

    def _slices(self, number: int) -> int:
        """A CT, slice by slice, in any order, some of them slowly."""
        folder = self.folder / f"ct-{number}"
        begun = self._rng.uniform(0, self.seconds)
        for rank in range(SLICES):
            path, data = folder / f"{(rank * 3) % SLICES}.dcm", _slice(number, rank)
            at = begun + self._rng.uniform(0, 2 * PAUSE_S)
            self._at(lambda path=path, data=data: _append(path, data[: len(data) // 2]), at)
            self._at(lambda path=path, data=data: _append(path, data[len(data) // 2 :]), at + self._rng.uniform(0, 1))
        return SLICES

    def _foreign(self) -> None:
        for name, data in (("notes.txt", b"Dear colleague"), (".lock", b""), ("thumbs.db", bytes(500))):
            self._at(lambda name=name, data=data: _write(self.folder / name, data))

    def _place(self, number: int) -> Path:
        return self.folder / f"{number % 5}" / f"film-{number:04}.dcm"

    # -- what there is in the end

    def studies(self) -> dict[str, int]:
        """Return the number of different images of each DICOM study in the folder, read by another program."""
        found: dict[str, set[tuple[str, str]]] = {}
        for path in self._files(".dcm"):
            ds = pydicom.dcmread(path, stop_before_pixels=True)
            sign = str(ds.SOPInstanceUID), hashlib.sha256(path.read_bytes()).hexdigest()
            found.setdefault(str(ds.StudyInstanceUID), set()).add(sign)
        return {uid: len(signs) for uid, signs in found.items()}

    def pictures(self) -> int:
        """Return the number of different films without header in the folder."""
        files = [*self._files(".jpeg"), *self._files(".png")]
        return len({hashlib.sha256(path.read_bytes()).hexdigest() for path in files})

    def _files(self, ending: str) -> Iterator[Path]:
        return (path for path in self.folder.rglob(f"*{ending}") if path.is_file())


def _film(number: int, pixels: int | None = None) -> bytes:
    """Return a DX film; `pixels` gives it other pixels under the same UIDs."""
    ds = films.film(films.made(number if pixels is None else pixels), number)
    return build.encoded(ds)


def _slice(number: int, rank: int) -> bytes:
    values = np.full((64, 64), 24 + rank, np.int16)
    uids = {name: build.uid("slow", name, number) for name in ("StudyInstanceUID", "SeriesInstanceUID")}
    position = ["-100", "-90", str(50 - 2.5 * rank)]
    ds = build.ct(values, **uids, ImagePositionPatient=position, SOPInstanceUID=build.uid("slow", number, rank))
    return build.encoded(ds)


def _picture(number: int, kind: str) -> bytes:
    out = io.BytesIO()
    Image.fromarray(films.made(number)).save(out, kind)
    return out.getvalue()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _append(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(data)
