"""A folder of slices to decoded frames: our reader processes against a pydicom loop and a bare read of the same bytes.

    .venv/bin/python benchmarks/reading.py [FOLDER] [--rounds 5]

Without FOLDER the synthetic chest CT is made first. Variants are interleaved; ratios are medians of per-round ratios to
the bare read. "first" is the time from the question to the first decoded frame, of a pool that is already running.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pydicom

from medviewer.core.jobs import Job
from medviewer.dicom.grouping import group
from medviewer.dicom.pool import ReaderPool


def bare(paths: list[Path]) -> float:
    start = time.perf_counter()
    for path in paths:
        path.read_bytes()
    return time.perf_counter() - start


def pydicom_loop(paths: list[Path]) -> float:
    """The usual way: read, sort by position, rescale, stack."""
    start = time.perf_counter()
    slices = sorted((pydicom.dcmread(p) for p in paths), key=lambda ds: float(ds.ImagePositionPatient[2]))
    np.stack([ds.pixel_array * float(ds.RescaleSlope) + float(ds.RescaleIntercept) for ds in slices])
    return time.perf_counter() - start


def ours(pool: ReaderPool, folder: Path) -> tuple[float, float]:
    """Scan, group, decode every frame through the reader processes; return (all, first frame)."""
    start = time.perf_counter()
    headers = []
    pool.scan([folder], Job("scan"), lambda found, _skipped: headers.extend(found))
    stack = max((s for study in group(headers) for s in study.stacks), key=len)
    futures = [pool.frame(ref) for ref in stack.images]
    futures[0].result()
    first = time.perf_counter() - start
    for future in futures:
        future.result()
    return time.perf_counter() - start, first


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    pool = ReaderPool()
    with tempfile.TemporaryDirectory() as made:
        folder = args.folder
        if folder is None:
            pool.phantom(Path(made)).result()
            folder = Path(made) / "ct"
        paths = sorted(p for p in folder.iterdir() if p.is_file())
        ours(pool, folder)  # both readers are running, files are in the page cache
        rows = [(bare(paths), pydicom_loop(paths), *ours(pool, folder)) for _ in range(args.rounds)]
    pool.close()
    print(f"machine: {os.cpu_count()} cores, {sys.platform}, Python {sys.version.split()[0]}; {len(paths)} files")
    for column, name in enumerate(("bare read", "pydicom loop", "medviewer, all frames", "medviewer, first frame")):
        ms = statistics.median(row[column] for row in rows) * 1000
        ratio = statistics.median(row[column] / row[0] for row in rows)
        print(f"{name:24} {ms:7.0f} ms   ratio {ratio:6.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
