"""The table of decoders: compressed stream of one frame to numbers, each behind its guard.

One library (imagecodecs) for all syntaxes, by measurement: fast, GIL released, no crash behind the guards. It is
imported at the first compressed frame only.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from medviewer.dicom.decode.damage import Damaged, Truncated
from medviewer.dicom.decode.guards import EOI, Stream, Wanted, check_jpeg, check_jpeg2000, check_rle
from medviewer.dicom.decode.native import frame_bytes, unpack_frame


@dataclass(frozen=True)
class Decoded:
    """Numbers as the codec gives them.

    Attributes:
        values: [row, column] or [row, column, sample].
        precision: bits of a sample in the stream; 0: as the header says.
        colours: "RGB" when `values` are RGB whatever the header says, "YCBCR" when they are not converted yet and the
            stream says that they should be, "" when the header decides.
        packed: values still have the container's layout (HighBit counts), as native pixels have.
    """

    values: NDArray[Any]
    precision: int = 0
    colours: str = ""
    packed: bool = False


def decode_jpeg(data: bytes, wanted: Wanted) -> Decoded:
    """Decode JPEG baseline, extended and lossless (T.81) by libjpeg-turbo; colours are converted once (A27)."""
    import imagecodecs

    stream = check_jpeg(data, wanted, ls=False)
    colours: dict[str, Any] = {}
    result = ""
    if wanted.samples == 3 and not stream.lossless:
        source = stream.colours or ("YCBCR" if wanted.photometric.startswith("YBR") else "RGB")
        colours = {"colorspace": source, "outcolorspace": "RGB"}
        result = "RGB"
    elif wanted.samples == 3:  # a lossless stream is never converted by the decoder
        colours = {"colorspace": "RGB", "outcolorspace": "RGB"}
        result = stream.colours

    def decode(stream_data: bytes) -> NDArray[Any]:
        values: NDArray[Any] = imagecodecs.jpeg8_decode(stream_data, **colours)
        return values

    values = decode(stream.data)
    if not stream.ended:
        _prove_complete(stream, values, decode)
    return Decoded(values, stream.precision, result)


def _prove_complete(stream: Stream, values: NDArray[Any], decode: Callable[[bytes], NDArray[Any]]) -> None:
    """Refuse a stream without end marker in which the decoder read past the end: what follows then shows.

    libjpeg makes up zeros where data are missing and says nothing; with other bytes there, other pixels come.
    """
    body = stream.data.removesuffix(EOI)
    rubbish = np.random.default_rng(0).integers(1, 255, 512, np.uint8).tobytes()
    try:
        other = decode(body + rubbish + EOI)
    except RuntimeError as error:
        raise Truncated("the stream has no end") from error
    if not np.array_equal(values, other):
        raise Truncated("the stream has no end")


def decode_jpegls(data: bytes, wanted: Wanted) -> Decoded:
    """Decode JPEG-LS (T.87) by CharLS, which spins for seconds on a cut stream unless it has an end marker."""
    import imagecodecs

    stream = check_jpeg(data, wanted, ls=True)
    return Decoded(imagecodecs.jpegls_decode(stream.data), stream.precision)


def decode_jpeg2000(data: bytes, wanted: Wanted) -> Decoded:
    """Decode JPEG 2000 and HTJ2K (ISO 15444-1, -15) by OpenJPEG, which refuses cut streams; OpenJPH does not."""
    import imagecodecs

    stream = check_jpeg2000(data, wanted)
    values = imagecodecs.jpeg2k_decode(stream.data, numthreads=1)
    if wanted.samples > 1 and values.ndim == 3 and values.shape[0] == wanted.samples != values.shape[2]:
        values = np.moveaxis(values, 0, 2)
    transformed = stream.colours or ("RGB" if wanted.photometric in ("YBR_ICT", "YBR_RCT") else "")
    return Decoded(values, 0 if stream.signed else stream.precision, transformed)


def decode_rle(data: bytes, wanted: Wanted) -> Decoded:
    """Decode RLE Lossless (PS3.5 annex G): each segment gives exactly its bytes (or one more, padding)."""
    import imagecodecs

    size = frame_bytes(wanted.rows, wanted.columns, 1, min(wanted.bits_allocated, 8))
    width = max(1, wanted.bits_allocated // 8)
    planes = np.empty((wanted.samples, width, size), np.uint8)
    room = np.empty(size + 2, np.uint8)
    for i, segment in enumerate(check_rle(data, wanted)):
        try:
            got = len(imagecodecs.packbits_decode(segment, out=cast("Any", room)))
        except RuntimeError as error:
            raise Damaged("run lengths") from error
        if got < size:
            raise Truncated("a segment ends early")
        if got > size + 1:
            raise Damaged("a segment is longer than the frame")
        planes[i // width, width - 1 - i % width] = room[:size]  # little endian from most significant first
    if wanted.bits_allocated == 1:
        return Decoded(unpack_frame(planes.tobytes(), wanted, planar=1), packed=True)
    whole = np.ascontiguousarray(np.moveaxis(planes, 1, 2)).view(f"<u{width}")[..., 0]
    whole = whole.reshape(wanted.samples, wanted.rows, wanted.columns)
    return Decoded(whole[0] if wanted.samples == 1 else np.moveaxis(whole, 0, 2), packed=True)


def decode_raw(data: bytes, wanted: Wanted, planar: int = 0) -> Decoded:
    """Unpack encapsulated uncompressed pixels (PS3.5 A.4.11): native bytes in a fragment, padded to even length."""
    size = frame_bytes(wanted.rows, wanted.columns, wanted.samples, wanted.bits_allocated, wanted.photometric)
    if len(data) < size:
        raise Truncated("the frame has too few bytes")
    return Decoded(unpack_frame(data[:size], wanted, planar), packed=True)


def decode_deflated(data: bytes, wanted: Wanted, planar: int = 0) -> Decoded:
    """Inflate a Deflated Image Frame (PS3.5 A.4.13) to exactly the frame's bytes, never more (C5)."""
    size = frame_bytes(wanted.rows, wanted.columns, wanted.samples, wanted.bits_allocated, wanted.photometric)
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = inflate.decompress(data, size + 2)
    except zlib.error as error:
        raise Damaged("deflate") from error
    if len(plain) > size + 1:
        raise Damaged("more bytes than the frame has")
    return decode_raw(plain, wanted, planar)


@dataclass(frozen=True)
class Codec:
    """A row of CODECS. `planar`: the header's Planar Configuration counts, as for native pixels."""

    decode: Callable[..., Decoded]
    planar: bool = False


#: By `Syntax.decoder`.
CODECS = {
    "jpeg": Codec(decode_jpeg),
    "jpegls": Codec(decode_jpegls),
    "jpeg2k": Codec(decode_jpeg2000),
    "rle": Codec(decode_rle),
    "raw": Codec(decode_raw, planar=True),
    "deflated_frame": Codec(decode_deflated, planar=True),
}

#: Which codec a stream is for, by its first bytes: the header may name another syntax (CHECKLIST A47).
SNIFFED = ((b"\xff\x4f\xff\x51", "jpeg2k"), (b"\x00\x00\x00\x0cjP  ", "jpeg2k"), (b"\xff\xd8\xff", "jpeg"))


def sniff(data: bytes) -> str:
    """Return the codec that `data` begins like, "" for none."""
    for start, name in SNIFFED:
        if data.startswith(start):
            return "jpegls" if name == "jpeg" and b"\xff\xf7" in data[:512] else name
    return ""


def decode_frame(decoder: str, data: bytes, wanted: Wanted, planar: int) -> Decoded:
    """Return one frame's numbers, of the size the header says.

    Raises:
        Damaged, Truncated: the stream does not hold what the header says.
    """
    codec = CODECS[decoder]
    decoded = codec.decode(data, wanted, planar) if codec.planar else codec.decode(data, wanted)
    shape = (wanted.rows, wanted.columns) if wanted.samples == 1 else (wanted.rows, wanted.columns, wanted.samples)
    if decoded.values.shape != shape:
        raise Damaged("the decoded picture has another size")
    return decoded
