"""Transfer syntaxes: which ones we decode and by what, and words for all others (PS3.5 annex A, PS3.6 annex A).

No pydicom here: the window process reads this table too.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Syntax:
    """How a data set and its pixels are written.

    Attributes:
        decoder: "native" (plain numbers), "raw" (plain numbers in fragments), "deflated_frame", or the key of a row
            of `decode.codecs.CODECS`: "rle", "jpeg", "jpegls", "jpeg2k".
        lossy: the syntax itself allows loss; `ImageHeader.lossy` says what the file says.
    """

    uid: str
    name: str
    decoder: str
    lossy: bool = False

    @property
    def encapsulated(self) -> bool:
        """Pixels lie in fragments, one or more for each frame."""
        return self.decoder != "native"

    @property
    def big_endian(self) -> bool:
        return self.uid == EXPLICIT_BIG

    @property
    def implicit_vr(self) -> bool:
        return self.uid == IMPLICIT_LITTLE

    @property
    def deflated(self) -> bool:
        """The data set after the file meta group is one raw deflate stream."""
        return self.uid == DEFLATED_LITTLE


ROOT = "1.2.840.10008.1.2"
IMPLICIT_LITTLE = ROOT
EXPLICIT_LITTLE = f"{ROOT}.1"
DEFLATED_LITTLE = f"{ROOT}.1.99"
EXPLICIT_BIG = f"{ROOT}.2"

_DECODED = (
    Syntax(IMPLICIT_LITTLE, "Implicit VR Little Endian", "native"),
    Syntax(EXPLICIT_LITTLE, "Explicit VR Little Endian", "native"),
    Syntax(DEFLATED_LITTLE, "Deflated Explicit VR Little Endian", "native"),
    Syntax(EXPLICIT_BIG, "Explicit VR Big Endian", "native"),
    Syntax(f"{ROOT}.1.98", "Encapsulated Uncompressed Explicit VR Little Endian", "raw"),
    Syntax(f"{ROOT}.8.1", "Deflated Image Frame Compression", "deflated_frame"),
    Syntax(f"{ROOT}.5", "RLE Lossless", "rle"),
    Syntax(f"{ROOT}.4.50", "JPEG Baseline", "jpeg", lossy=True),
    Syntax(f"{ROOT}.4.51", "JPEG Extended", "jpeg", lossy=True),
    Syntax(f"{ROOT}.4.53", "JPEG Spectral Selection (retired)", "jpeg", lossy=True),
    Syntax(f"{ROOT}.4.55", "JPEG Full Progression (retired)", "jpeg", lossy=True),
    Syntax(f"{ROOT}.4.57", "JPEG Lossless", "jpeg"),
    Syntax(f"{ROOT}.4.70", "JPEG Lossless SV1", "jpeg"),
    Syntax(f"{ROOT}.4.80", "JPEG-LS Lossless", "jpegls"),
    Syntax(f"{ROOT}.4.81", "JPEG-LS Near-Lossless", "jpegls", lossy=True),
    Syntax(f"{ROOT}.4.90", "JPEG 2000 Lossless", "jpeg2k"),
    Syntax(f"{ROOT}.4.91", "JPEG 2000", "jpeg2k", lossy=True),
    Syntax(f"{ROOT}.4.201", "High-Throughput JPEG 2000 Lossless", "jpeg2k"),
    Syntax(f"{ROOT}.4.202", "High-Throughput JPEG 2000 RPCL Lossless", "jpeg2k"),
    Syntax(f"{ROOT}.4.203", "High-Throughput JPEG 2000", "jpeg2k", lossy=True),
)

#: What we decode, by UID.
SYNTAXES: dict[str, Syntax] = {syntax.uid: syntax for syntax in _DECODED}

#: Words for what we do not decode, by the UID after ROOT.
_OTHERS = {
    **{f".4.{n}": "JPEG (retired process)" for n in (52, 53, 54, 55, 56, *range(58, 67))},
    ".4.92": "JPEG 2000 multi-component",
    ".4.93": "JPEG 2000 multi-component",
    ".4.94": "JPIP (pixels on another server)",
    ".4.95": "JPIP (pixels on another server)",
    ".4.204": "JPIP (pixels on another server)",
    ".4.205": "JPIP (pixels on another server)",
    ".4.100": "MPEG-2 video",
    ".4.101": "MPEG-2 video",
    ".4.102": "MPEG-4 video",
    ".4.103": "MPEG-4 video",
    ".4.104": "MPEG-4 video",
    ".4.105": "MPEG-4 video",
    ".4.106": "MPEG-4 video",
    ".4.107": "HEVC video",
    ".4.108": "HEVC video",
    ".4.110": "JPEG XL",
    ".4.111": "JPEG XL",
    ".4.112": "JPEG XL",
    ".6.1": "MIME encapsulation (retired)",
    ".6.2": "XML encoding (retired)",
    ".7.1": "uncompressed video over a network",
    ".7.2": "uncompressed video over a network",
    ".7.3": "uncompressed audio over a network",
}


def syntax_name(uid: str) -> str:
    """Return words for a transfer syntax: its name, what kind it is, or "unknown (UID)"."""
    if uid in SYNTAXES:
        return SYNTAXES[uid].name
    tail = uid.removeprefix(ROOT)
    if tail != uid:
        plain = tail.removesuffix(".1") if tail.startswith(".4.10") else tail  # fragmentable forms of video
        if plain in _OTHERS:
            return _OTHERS[plain]
    return f"unknown ({uid[:64]})" if uid else "not stated"
