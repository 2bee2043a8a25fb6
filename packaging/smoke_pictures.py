"""Pictures for the smoke test, from the standard library: PNG files, and films to train with."""

import hashlib
import math
import random
import struct
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from smoke_tools import Failed


class Png:
    """A PNG of 8 bits without interlacing: its size, its channels, and its pixels."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        if data[:8] != b"\x89PNG\r\n\x1a\n":
            raise Failed(f"{path.name} is no PNG")
        packed, at = b"", 8
        while at < len(data):
            size, kind = struct.unpack(">I4s", data[at : at + 8])
            if kind == b"IHDR":
                self.width, self.height, bits, colour = struct.unpack(">IIBB", data[at + 8 : at + 18])
            packed += data[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
            at += size + 12
        if bits != 8:
            raise Failed(f"{path.name} has {bits} bits")
        self.channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
        self._filtered = zlib.decompress(packed)

    def rows(self) -> Iterator[bytes]:
        """Yield the rows (PNG's five filters undone)."""
        step, line = self.channels, self.width * self.channels
        above = bytes(line)
        for y in range(self.height):
            start = y * (line + 1)
            kind, row = self._filtered[start], bytearray(self._filtered[start + 1 : start + 1 + line])
            if kind == 2:
                row = bytearray((a + b) & 255 for a, b in zip(row, above, strict=True))
            elif kind:
                for x in range(line):
                    left = row[x - step] if x >= step else 0
                    corner = above[x - step] if x >= step else 0
                    row[x] = (row[x] + _predicted(kind, left, above[x], corner)) & 255
            above = bytes(row)
            yield above

    def sha256(self) -> str:
        """Return a hash of size and pixels, whatever compressed them."""
        found = hashlib.sha256(f"{self.width} {self.height} {self.channels} ".encode())
        for row in self.rows():
            found.update(row)
        return found.hexdigest()


def _predicted(kind: int, left: int, above: int, corner: int) -> int:
    if kind == 1:
        return left
    if kind == 3:
        return (left + above) // 2
    guess = left + above - corner
    by = (abs(guess - left), abs(guess - above), abs(guess - corner))
    return (left, above, corner)[by.index(min(by))]


def differing(a: Path, b: Path) -> float:
    """Return which share of the pixels of two PNGs differ by more than a shade; 1.0 where their sizes do."""
    first, second = Png(a), Png(b)
    if (first.width, first.height, first.channels) != (second.width, second.height, second.channels):
        return 1.0
    step, off = first.channels, 0
    for one, two in zip(first.rows(), second.rows(), strict=True):
        if one != two:
            for x in range(0, len(one), step):
                pair = zip(one[x : x + 3], two[x : x + 3], strict=True)
                off += any(abs(p - q) > 2 for p, q in pair)
    return off / (first.width * first.height)


def write_png(path: Path, rows: Sequence[bytes], channels: int = 1) -> None:
    """Write rows of 8 bits, grey or (3 channels) RGB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", len(rows[0]) // channels, len(rows), 8, 0 if channels == 1 else 2, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 6)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b""))


def write_films(film: Path, folder: Path, count: int, side: int = 96) -> Path:
    """Write `count` films changed from a rendered one, each another body, every second with a shadow over a lung.

    The changes are those of docs/sample_training.py in small: turned, scaled, bent, other light; one patient a film.
    Returns the table of labels.
    """
    source = Png(film)
    rows = [row[:: source.channels] for row in source.rows()]
    rng = random.Random(15)
    lines = ["file,label,patient"]
    for number in range(count):
        name = f"film-{number:03d}.png"
        write_png(folder / name, _another(rows, side, bool(number % 2), rng))
        lines.append(f"{name},{'pneumonia' if number % 2 else 'normal'},SMOKE-{number}")
    table = folder / "labels.csv"
    table.write_text("\n".join(lines) + "\n", "utf-8")
    return table


def _another(rows: list[bytes], side: int, shadow: bool, rng: random.Random) -> list[bytes]:
    height, width = len(rows), len(rows[0])
    angle, tall, wide = rng.uniform(-0.15, 0.15), rng.uniform(0.75, 1.25), rng.uniform(0.75, 1.25)
    cos, sin = math.cos(angle), math.sin(angle)
    down, along = rng.uniform(-0.08, 0.08), rng.uniform(-0.08, 0.08)
    bends = [(rng.uniform(0.01, 0.05), rng.uniform(3, 9), rng.uniform(0, 6.3)) for _ in range(4)]
    light = [(rng.uniform(0.1, 0.3), rng.uniform(2, 7), rng.uniform(0, 6.3)) for _ in range(2)]
    centre, strength = (rng.uniform(-0.15, 0.1), rng.choice((-0.22, 0.22))), rng.uniform(60, 140)
    made = []
    for y in range(side):
        v = y / side - 0.5
        row = bytearray()
        for x in range(side):
            u = x / side - 0.5
            bent = [
                size * math.sin(often * at + phase)
                for (size, often, phase), at in zip(bends, (u, v, u, v), strict=True)
            ]
            r = (v * cos - u * sin) / tall + down + bent[0] + bent[1]
            c = (v * sin + u * cos) / wide + along + bent[2] + bent[3]
            value = 0.0
            if -0.5 <= r < 0.5 and -0.5 <= c < 0.5:
                value = rows[int((r + 0.5) * height)][int((c + 0.5) * width)]
            bright = 1 + sum(s * math.sin(f * at + phase) for (s, f, phase), at in zip(light, (u, v), strict=True))
            if shadow:
                value += strength * math.exp(-((r - centre[0]) ** 2 + (c - centre[1]) ** 2) / 0.012)
            row.append(max(0, min(255, int(value * bright + rng.gauss(0, 4)))))
        made.append(bytes(row))
    return made
