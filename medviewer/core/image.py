"""The pixels of one picture in modality units, ready to be windowed, measured and given to a model."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medviewer.core.intensity import Window, auto_window, to_grey


@dataclass(frozen=True)
class VoiLut:
    """A VOI LUT of the file (PS3.3 C.11.2): values below `first` and above its end take the end entries."""

    first: int
    table: NDArray[np.uint8]
    name: str = ""


@dataclass(frozen=True)
class Frame:
    """One decoded picture.

    Attributes:
        values: [row, column] modality values (integer where slope and intercept are integers, else float32),
            or [row, column, 3] uint8 RGB.
        padding: [row, column], True where the pixel is padding and no patient; None where there is none.
        window: what the file (or, without one, the 1st to 99th percentile) says to show first; None for colour.
        inverted: MONOCHROME1 or presentation LUT INVERSE: greys turn round as the last step, values do not.
        voi_lut: shown instead of `window` until the reader drags.
        marks: sentences found while decoding ("the compressed stream was cut short").
    """

    values: NDArray[Any]
    padding: NDArray[np.bool_] | None = None
    window: Window | None = None
    inverted: bool = False
    voi_lut: VoiLut | None = None
    marks: tuple[str, ...] = field(default=())

    @property
    def colour(self) -> bool:
        return self.values.ndim == 3

    @property
    def nbytes(self) -> int:
        return self.values.nbytes + (self.padding.nbytes if self.padding is not None else 0)

    def value_range(self) -> float:
        """Return max - min of the non-padding values (the span of a window drag)."""
        v = self.values if self.padding is None or self.padding.all() else self.values[~self.padding]
        return float(v.max()) - float(v.min()) if v.size else 0.0

    def grey(self, window: Window | None = None, *, invert: bool = False) -> NDArray[np.uint8]:
        """Return 8-bit greys [row, column] (or RGB as it is) through `window`, None for the file's own.

        `invert` is the reader's own inversion, on top of what the file asks for. Padding is drawn black.
        """
        if self.colour:
            return 255 - self.values if invert else self.values
        turn = self.inverted != invert
        if window is None and self.voi_lut is not None:
            lut = self.voi_lut
            at = np.clip(self.values.astype(np.int64) - lut.first, 0, len(lut.table) - 1)
            grey = lut.table[at]
            grey = 255 - grey if turn else grey
        else:
            grey = to_grey(self.values, window or self.window or auto_window(self.values, self.padding), invert=turn)
        if self.padding is not None:
            grey[self.padding] = 0
        return grey
