"""A map over its image as a picture file, marked as what it is: for folders of results, not for the screen."""

import numpy as np
from numpy.typing import NDArray

from medviewer.core.colormaps import SIGNED, table
from medviewer.core.findings import Explanation
from medviewer.core.image import Frame

OPACITY, THRESHOLD, ROBUST_PERCENTILE = 0.55, 0.14, 99.5

#: Letters of the mark, 5x7 each: every result that leaves the program says what it is (UI.md 4).
_LETTERS = {
    "A": "01110 10001 10001 11111 10001 10001 10001",
    "D": "11110 10001 10001 10001 10001 10001 11110",
    "E": "11111 10000 10000 11110 10000 10000 11111",
    "F": "11111 10000 10000 11110 10000 10000 10000",
    "I": "01110 00100 00100 00100 00100 00100 01110",
    "N": "10001 11001 10101 10101 10011 10001 10001",
    "R": "11110 10001 10001 11110 10100 10010 10001",
    "U": "10001 10001 10001 10001 10001 10001 01110",
    "V": "10001 10001 10001 10001 10001 01010 00100",
    ",": "00000 00000 00000 00000 00110 00100 01000",
    " ": "00000 00000 00000 00000 00000 00000 00000",
}
MARK = "AI, UNVERIFIED"


def heat_picture(frame: Frame, explanation: Explanation) -> NDArray[np.uint8]:
    """Return RGB [row, column, 3], one pixel for each pixel of the image: heat over greys, "AI, unverified" burnt in.

    Alpha rises from 0 at 14 % of the robust maximum to 55 %; where the model did not see, the image is plain.
    """
    grey = frame.grey()
    rgb = (grey if grey.ndim == 3 else np.repeat(grey[..., None], 3, axis=2)).astype(np.float32)
    values = explanation.values
    finite = np.abs(values[np.isfinite(values)])
    top = float(np.percentile(finite, ROBUST_PERCENTILE)) if finite.size else 0.0
    top = top or (float(finite.max()) if finite.size else 0.0)
    if top > 0:
        share = np.clip(np.nan_to_num(values) / top, -1 if explanation.signed else 0, 1)
        colours = table(SIGNED if explanation.signed else "inferno")
        at = np.rint(((share + 1) / 2 if explanation.signed else share) * 255).astype(np.uint8)
        alpha = OPACITY * np.clip((np.abs(share) - THRESHOLD) / (1 - THRESHOLD), 0, 1) ** 0.8
        rgb += alpha[..., None] * (colours[at] - rgb)
    return marked(np.rint(rgb).astype(np.uint8))


def marked(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return `rgb` with the mark in its lower left corner, as large as fits; too small pictures stay as they are."""
    bits = _mark()
    scale = min(max(1, rgb.shape[0] // 160), rgb.shape[1] // (bits.shape[1] + 4))
    if scale < 1 or rgb.shape[0] < (bits.shape[0] + 4) * scale:
        return rgb
    bits = np.kron(np.pad(bits, 2), np.ones((scale, scale), bool)).astype(bool)
    result = rgb.copy()
    corner = result[-bits.shape[0] :, : bits.shape[1]]
    corner[...] = np.where(bits[..., None], np.array((183, 166, 244), np.uint8), corner // 4)
    return result


def _mark() -> NDArray[np.bool_]:
    letters = [np.array([[c == "1" for c in row] for row in _LETTERS[x].split()]) for x in MARK]
    return np.concatenate([np.pad(x, ((0, 0), (0, 1))) for x in letters], axis=1)
