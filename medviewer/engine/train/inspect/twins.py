"""Pictures that are there twice: the same pixels, or a copy that was resized, compressed again or exposed otherwise.

Fingerprint: the picture brought to 32 x 32, its greys between its own 1st and 99th percentile, what a blur of 1.5
pixels leaves taken away, mean 0 and length 1. Of copies (60 % of the size, JPEG quality 50, gamma 0.8 to 1.25) the
product of fingerprints is above 0.98; of the nearest two different films of one patient below 0.86 (5,066 films).
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from medviewer.core.datasets import PARTS
from medviewer.engine.train.inspect.found import NOTE, STOP, WARN, Finding, listed
from medviewer.engine.train.inspect.measures import Measured

Floats = NDArray[np.float32]
Group = list[Measured]

#: Product of fingerprints above which two pictures are copies, blur in pixels, and pictures that are compared at most.
ALIKE, BLUR, MOST = 0.93, 1.5, 40_000
_BLOCK = 1024


def same(measured: Sequence[Measured]) -> list[Group]:
    """Return groups of two and more pictures with the same pixels."""
    groups: dict[str, Group] = {}
    for one in measured:
        groups.setdefault(one.pixels, []).append(one)
    return [group for group in groups.values() if len(group) > 1]


def near(measured: Sequence[Measured]) -> list[Group]:
    """Return groups of copies that are not the same pixel for pixel (of those that are, one stands for all)."""
    alone = list({one.pixels: one for one in measured}.values())
    parent = list(range(len(alone)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j in _pairs(fingerprints([one.face for one in alone])):
        a, b = sorted((root(i), root(j)))
        parent[b] = a
    groups: dict[int, Group] = {}
    for i, one in enumerate(alone):
        groups.setdefault(root(i), []).append(one)
    return [group for group in groups.values() if len(group) > 1]


def fingerprints(faces: Sequence[Floats]) -> Floats:
    """Return fingerprints [picture, 1024] of pictures of 32 x 32."""
    x = np.stack(faces) if faces else np.zeros((0, 1, 1), np.float32)
    fine = (x - gaussian_filter(x, (0, BLUR, BLUR))).reshape(len(x), -1)
    fine = fine - fine.mean(1, keepdims=True)
    length = np.linalg.norm(fine, axis=1, keepdims=True)
    result: Floats = np.where(length > 1e-3, fine / np.maximum(length, 1e-9), 0).astype(np.float32)
    return result


def _pairs(prints: Floats) -> Iterator[tuple[int, int]]:
    for start in range(0, len(prints), _BLOCK):
        block = prints[start : start + _BLOCK]
        for other in range(start, len(prints), _BLOCK):
            alike = block @ prints[other : other + _BLOCK].T
            for i, j in np.argwhere(alike > ALIKE).tolist():
                if start + i < other + j:
                    yield start + i, other + j


#: Across parts or not, exact or not -> kind, severity, sentence.
_WORDS = {
    (True, True): (
        "same_pixels",
        STOP,
        "{n} pictures are the same, pixel for pixel, in different parts: what is learned by heart would be reported.",
    ),
    (True, False): (
        "near_pixels",
        STOP,
        "{n} pictures in different parts are copies of each other or nearly so (resized, compressed, the next slice).",
    ),
    (False, True): ("twins", WARN, "{n} pictures are the same, pixel for pixel, within one part: each counts twice."),
    (False, False): ("near_twins", NOTE, "{n} pictures within one part are copies of each other or nearly so."),
}


def findings(measured: Sequence[Measured]) -> Iterator[Finding]:
    """Yield what is found of twins, and of labels that contradict each other on them."""
    exact = same(measured)
    alike = near(measured) if len(measured) <= MOST else []
    for groups, is_exact in ((exact, True), (alike, False)):
        for across in (True, False):
            some = [group for group in groups if (len({one.row.part for one in group}) > 1) == across]
            if some:
                yield _finding(some, *_WORDS[across, is_exact])
    yield from _contradictions([*exact, *alike], measured)
    if len(measured) > MOST:
        yield Finding("near_pixels_skipped", NOTE, f"More than {MOST} pictures: only equal ones were looked for.")


def _finding(groups: Iterable[Group], kind: str, severity: str, text: str) -> Finding:
    """List the pictures that may go first (`figures["leave out"]` of them), then those that stay."""
    stay, leave = [], []
    for group in groups:
        # the cleanest part keeps its picture: what is reported on, then what chooses
        best = max(group, key=lambda one: (PARTS.index(one.row.part), -group.index(one)))
        stay.append(best.row.file)
        leave += [one.row.file for one in group if one is not best]
    files = listed([*leave, *stay])
    count = len(leave) + len(stay)
    figures = {"pictures": float(count), "groups": float(len(stay)), "leave out": float(min(len(leave), len(files)))}
    return Finding(kind, severity, text.format(n=count), files, figures)


def _contradictions(groups: Iterable[Group], measured: Sequence[Measured]) -> Iterator[Finding]:
    torn = [one.row.file for group in groups if len({one.row.positive for one in group}) > 1 for one in group]
    ties = [one.row.file for one in measured if one.row.more.get("tie")]
    if torn:
        text = f"{len(set(torn))} pictures are there with both labels: one of the labels is wrong."
        yield Finding("contradiction", STOP, text, listed(torn), {"pictures": float(len(set(torn)))})
    if ties:
        text = f"On {len(ties)} pictures as many readers say present as absent. Decide, or leave them out."
        yield Finding("contradiction", STOP, text, listed(ties), {"pictures": float(len(ties))})
