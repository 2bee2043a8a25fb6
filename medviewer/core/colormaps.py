"""Colour maps of the AI overlay: 256 colours each, interpolated from evenly spaced anchors.

Sources: inferno and viridis by N. J. Smith, S. van der Walt and E. Firing, cividis by J. R. Nunez, C. R. Anderton and
R. S. Renslow, all as in matplotlib, CC0 1.0. managua by F. Crameri, Scientific colour maps 8 (10.5281/zenodo.1243862),
MIT licence, turned round so that "for" is warm. Lightness rises steadily in the first three; managua is darkest at its
middle and rises to both ends. Largest difference from the full tables: 6 of 255.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

_ANCHORS = {
    "inferno": """
        000004 040312 0B0724 160B39 230C4C 310A5C 3E0966 4D0D6C 5A116E 67166E 741A6E 801F6C 8F2469 9B2964 A82E5F B43359
        C13A50 CC4248 D74B3F E05536 E9612B EF6E21 F57B17 F8890C FB9706 FCA80D FBB81D F9C72F F6D746 F2E865 F3F586 FCFFA4
    """,
    "viridis": """
        440154 470D60 48186A 482475 472E7C 453882 424186 3E4C8A 3A548C 365D8D 32658E 2E6D8E 2B758E 287D8E 25848E 228C8D
        1F948C 1E9C89 20A386 25AB82 2EB37C 3ABA76 48C16E 58C765 69CD5B 7FD34E 93D741 A8DB34 BDDF26 D5E21A EAE51A FDE725
    """,
    "cividis": """
        00224E 00285B 002E6A 083370 1C396F 293F6E 33446D 3D4A6C 45506C 4D556C 555B6D 5C616E 646770 6B6D72 727274 787877
        807F78 888578 908B78 979177 A09875 A89E73 B0A571 B9AB6D C1B26A CBB965 D3C05F DCC859 E5CF52 EFD748 F8DF3C FEE838
    """,
    "managua": """
        81E7FF 7BD7F5 76C7EC 70B8E3 6BAADA 669CD0 608EC7 5C81BD 5775B3 5369A8 505D9C 4D518E 4C457F 4C3B6F 4E3260 522C53
        582948 5F2941 692B3C 743139 813939 8E423A 9A4C3D A6573F B16243 BB6D46 C5794A CE864F D89353 E1A158 EBB05D F5BF62
        FFCF67
    """,
}

ONE_SIGNED = ("inferno", "viridis", "cividis")
SIGNED = "managua"


@cache
def table(name: str) -> NDArray[np.uint8]:
    """Return the colours of a map, uint8 [256, 3], lowest value first; an unknown name gives inferno."""
    words = _ANCHORS.get(name, _ANCHORS["inferno"]).split()
    anchors = np.array([list(bytes.fromhex(word)) for word in words], float)
    at = np.linspace(0, len(words) - 1, 256)
    colours = np.stack([np.interp(at, np.arange(len(words)), anchors[:, i]) for i in range(3)], axis=1)
    result = np.round(colours).astype(np.uint8)
    result.flags.writeable = False
    return result


def lightness(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return CIE L* (D65) of sRGB colours [..., 3]."""
    x = rgb.astype(float) / 255
    linear = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    y = linear @ np.array([0.2126, 0.7152, 0.0722])
    result: NDArray[np.float64] = np.where(y > 216 / 24389, 116 * np.cbrt(y) - 16, y * 24389 / 27)
    return result
