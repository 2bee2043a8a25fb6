"""From modality values to what the screen shows: VOI windows, auto-window, inversion. numpy only.

The order is fixed and written once: stored -> modality (dicom.pixels) -> VOI -> 8 bit -> inversion last (PS3.4 N.2).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Window:
    """A VOI window in modality units, in the meaning of its function (PS3.3 C.11.2.1.2, C.11.2.1.3)."""

    center: float
    width: float
    function: str = "LINEAR"  # LINEAR, LINEAR_EXACT or SIGMOID
    name: str = ""

    @property
    def limits(self) -> tuple[float, float]:
        """Values at which the ramp reaches black and white (for SIGMOID: of its tangent)."""
        if self.function == "LINEAR":
            return self.center - 0.5 - (self.width - 1) / 2, self.center - 0.5 + (self.width - 1) / 2
        return self.center - self.width / 2, self.center + self.width / 2


@dataclass(frozen=True)
class Preset:
    """A named window, offered for the modalities it makes sense for."""

    name: str
    center: float
    width: float
    modalities: tuple[str, ...]
    unit: str = "HU"


#: Custom, no standard (DICOM_CHECKLIST B9); keys 1 to 9 in this order.
PRESETS = (
    Preset("Lung", -600, 1500, ("CT",)),
    Preset("Mediastinum", 40, 400, ("CT",)),
    Preset("Bone", 500, 2000, ("CT",)),
    Preset("Brain", 40, 80, ("CT",)),
    Preset("Stroke", 40, 40, ("CT",)),
    Preset("Abdomen", 60, 400, ("CT",)),
    Preset("Liver", 90, 150, ("CT",)),
    Preset("Angio", 300, 600, ("CT",)),
)


def to_grey(values: NDArray[Any], window: Window, *, invert: bool = False) -> NDArray[np.uint8]:
    """Return `values` (any shape, modality units) as 8-bit grey levels through `window`.

    LINEAR: x <= c - 0.5 - (w-1)/2 is black, x > c - 0.5 + (w-1)/2 is white, between them a ramp (PS3.3 C.11.2.1.2.1).
    `invert` turns the greys round as the last step. NaN becomes 0 before inversion.
    """
    x = values.astype(np.float32, copy=True)
    c, w = np.float32(window.center), np.float32(max(window.width, 1e-12))
    if window.function == "SIGMOID":
        np.subtract(x, c, out=x)
        np.multiply(x, np.float32(-4) / w, out=x)
        np.clip(x, -80, 80, out=x)
        np.exp(x, out=x)
        x += 1
        np.divide(np.float32(255), x, out=x)
    elif window.function == "LINEAR":
        if w <= 1:
            x = np.where(x > c - np.float32(0.5), np.float32(255), np.float32(0))
        else:
            x -= c - np.float32(0.5)
            x *= np.float32(255) / (w - 1)
            x += np.float32(127.5)
    else:
        x -= c - w / 2
        x *= np.float32(255) / w
    if values.dtype.kind == "f":
        np.nan_to_num(x, copy=False, nan=0.0)
    np.clip(x, 0, 255, out=x)
    grey = (x + np.float32(0.5)).astype(np.uint8)
    return 255 - grey if invert else grey


def auto_window(values: NDArray[Any], padding: NDArray[np.bool_] | None = None) -> Window:
    """Return a window over the 1st to 99th percentile of `values`, padding left out (DICOM_CHECKLIST A24)."""
    flat = values[~padding] if padding is not None and not padding.all() else values.reshape(-1)
    flat = flat[:: max(1, flat.size // 65536)]
    flat = flat[np.isfinite(flat)] if flat.dtype.kind == "f" else flat
    if not flat.size:
        return Window(0.5, 1.0, "LINEAR_EXACT", "auto")
    low, high = (float(v) for v in np.percentile(flat, (1, 99)))
    if high <= low:
        low, high = float(flat.min()), float(flat.max())
    width = high - low
    if width <= 0:
        return Window(low, 1.0, "LINEAR_EXACT", "auto")
    return Window((low + high) / 2, width, "LINEAR_EXACT", "auto")


def drag(window: Window, dx: float, dy: float, span: float) -> Window:
    """Return `window` after a mouse drag: right is wider, up is brighter (the centre goes down).

    `span` is the range of values in the picture; the step per pixel is max(width, span/1000)/300 (CHECKLIST B7).
    """
    step = max(window.width, span / 1000) / 300
    least = 1.0 if window.function == "LINEAR" else span * 1e-6 or 1e-9
    return Window(window.center + dy * step, max(window.width + dx * step, least), window.function, "")
