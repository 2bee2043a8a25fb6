"""What a compressed stream says of itself, read before any decoder sees it (DICOM_CHECKLIST A19, A45, C18, C19).

A stream whose size, components or precision contradict the header is refused: a decoder that trusts it takes
gigabytes, hangs or crashes. A stream that ends early is refused: most decoders fill the rest with grey, silently.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from medviewer.dicom.decode.damage import Damaged, Truncated


@dataclass(frozen=True)
class Wanted:
    """What the header promises of one frame."""

    rows: int
    columns: int
    samples: int
    bits_allocated: int
    bits_stored: int
    signed: bool
    photometric: str


@dataclass(frozen=True)
class Stream:
    """One frame's stream as a decoder may have it.

    Attributes:
        precision: bits of a sample. `signed` (JPEG 2000): samples are two's complement already.
        lossless: JPEG SOF3 or JPEG-LS: the decoder does not touch colours.
        colours: "RGB" or "YCBCR" where the stream itself says so, else "".
        ended: the end marker was there; without it the caller must prove that nothing is missing.
    """

    data: bytes
    precision: int
    signed: bool = False
    lossless: bool = False
    colours: str = ""
    ended: bool = True


EOI = b"\xff\xd9"
_SOF_DCT, _SOF_LOSSLESS, _SOF_LS = (0xC0, 0xC1, 0xC2), 0xC3, 0xF7
_OTHER_SOF = frozenset({0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_SOS, _DNL = 0xDA, 0xDC


def check_jpeg(data: bytes, wanted: Wanted, *, ls: bool) -> Stream:
    """Return a JPEG (or, with `ls`, JPEG-LS) stream that agrees with the header (ITU-T T.81 B, T.87 C)."""
    kind, frame, colours = _jpeg_header(data)
    if ls != (kind == _SOF_LS):
        raise Damaged("another compression than the header says")
    precision, rows, columns, samples = struct.unpack_from(">BHHB", frame)
    if len(frame) != 6 + 3 * samples:
        raise Damaged("frame header length")
    _agree(wanted, rows, columns, samples, precision)
    end = _last_marker(data)
    if not colours and samples == 3:
        ids = bytes(frame[6 + 3 * i] for i in range(3))
        colours = "RGB" if ids in (b"RGB", b"rgb") else ""
    subsampled = samples == 3 and len({frame[7 + 3 * i] for i in range(3)}) > 1
    if subsampled:  # nobody halves red and blue
        colours = "YCBCR"
    stream = data[:end] if end else data.rstrip(b"\x00") + EOI
    return Stream(stream, precision, lossless=kind not in _SOF_DCT, colours=colours, ended=bool(end))


def _jpeg_header(data: bytes) -> tuple[int, bytes, str]:
    """Return (SOF marker, SOF payload, colours that APP0 or APP14 state); the segments up to the scan must chain."""
    if data[:2] != b"\xff\xd8":
        raise Damaged("no start of image")
    kind, frame, colours = 0, b"", ""
    for marker, payload in _segments(data):
        if marker in (*_SOF_DCT, _SOF_LOSSLESS, _SOF_LS):
            if kind or len(payload) < 9:
                raise Damaged("frame header")
            kind, frame = marker, payload
        elif marker in _OTHER_SOF or marker == _DNL:
            raise Damaged("a JPEG process that DICOM does not use")
        colours = _colours_of(marker, payload) or colours
    if not kind:
        raise Damaged("scan without a frame header")
    return kind, frame, colours


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (marker, payload) up to and with the first start of scan."""
    at, marker = 2, 0
    while marker != _SOS:
        while data[at : at + 2] == b"\xff\xff":  # fill bytes
            at += 1
        if at + 4 > len(data):
            raise Truncated("the stream ends within its header")
        if data[at] != 0xFF:
            raise Damaged("no marker where a segment should begin")
        marker, length = data[at + 1], data[at + 2] << 8 | data[at + 3]
        payload = data[at + 4 : at + 2 + length]
        if length < 2 or len(payload) != length - 2:
            raise Truncated("the stream ends within a segment")
        yield marker, payload
        at += 2 + length


def _colours_of(marker: int, payload: bytes) -> str:
    """Return what an APP0 (JFIF) or APP14 (Adobe) segment says of colours."""
    if marker == 0xEE and payload[:5] == b"Adobe" and len(payload) >= 12:
        return {0: "RGB", 1: "YCBCR"}.get(payload[11], "")
    return "YCBCR" if marker == 0xE0 and payload[:5] == b"JFIF\0" else ""


def _last_marker(data: bytes) -> int:
    """Return the offset after the end-of-image marker, 0 where the stream does not end with one (padding aside)."""
    tail = data.rstrip(b"\x00")
    if tail[-2:] == EOI:
        return len(tail)
    at = data.rfind(EOI, max(0, len(data) - 64))  # some encoders pad with other bytes
    return at + 2 if at >= 0 else 0


def _agree(wanted: Wanted, rows: int, columns: int, samples: int, precision: int) -> None:
    if (rows, columns, samples) != (wanted.rows, wanted.columns, wanted.samples):
        raise Damaged(f"the stream holds {columns}x{rows}x{samples}, the header says otherwise")
    if not 1 <= precision <= wanted.bits_allocated:
        raise Damaged(f"the stream has {precision} bits")


def check_jpeg2000(data: bytes, wanted: Wanted) -> Stream:
    """Return a JPEG 2000 codestream that agrees with the header (ISO 15444-1 A.5.1 SIZ, A.4.2 SOT)."""
    data = _codestream(data)
    if len(data) < 42 + 3 * wanted.samples:
        raise Truncated("the stream ends within its header")
    length, _, x1, y1, x0, y0, tile_x, tile_y, tile_x0, tile_y0, samples = struct.unpack_from(">HHIIIIIIIIH", data, 4)
    if length != 38 + 3 * samples or x0 >= x1 or y0 >= y1:
        raise Damaged("image size segment")
    parts = [data[42 + 3 * i : 45 + 3 * i] for i in range(min(samples, wanted.samples))]
    depths = {part[0] for part in parts}
    if len(depths) != 1 or any(part[1:] != b"\x01\x01" for part in parts):
        raise Damaged("components of different size or depth")
    depth = depths.pop()
    precision, signed = (depth & 0x7F) + 1, bool(depth & 0x80)
    _agree(wanted, y1 - y0, x1 - x0, samples, precision)
    _check_tiles(x1 - tile_x0, y1 - tile_y0, tile_x, tile_y, (tile_x0, x0), (tile_y0, y0))
    end, multi = _walk_tile_parts(data, 4 + length)
    return Stream(data[:end] + EOI, precision, signed, colours="RGB" if multi else "")


def _check_tiles(width: int, height: int, tile_x: int, tile_y: int, xs: tuple[int, int], ys: tuple[int, int]) -> None:
    if not tile_x or not tile_y or xs[0] > xs[1] or ys[0] > ys[1]:
        raise Damaged("tile size")
    if xs[0] + tile_x <= xs[1] or ys[0] + tile_y <= ys[1] or -(-width // tile_x) * -(-height // tile_y) > 4096:
        raise Damaged("number of tiles")


def _codestream(data: bytes) -> bytes:
    """Return the codestream, out of its JP2 boxes if it lies in them."""
    if data[4:8] == b"jP  ":
        at = data.find(b"jp2c\xff\x4f\xff\x51", 0, 65536)
        data = data[at + 4 :] if at > 0 else b""
    if data[:4] != b"\xff\x4f\xff\x51":
        raise Damaged("no start of codestream")
    return data


def _walk_tile_parts(data: bytes, at: int) -> tuple[int, bool]:
    """Return (offset after the last tile part, multiple component transform): lengths must stay inside the stream."""
    multi = False
    while (marker := data[at : at + 2]) not in (b"\xff\x90", b""):
        if marker[0] != 0xFF or at + 4 > len(data):
            raise Damaged("main header")
        length = data[at + 2] << 8 | data[at + 3]
        if marker == b"\xff\x52" and length >= 12:  # COD: Scod, progression (1), layers (2), transform (1)
            multi = data[at + 8] == 1
        at += 2 + max(length, 2)
    parts = 0
    while data[at : at + 2] == b"\xff\x90":
        if at + 12 > len(data):
            raise Truncated("the stream ends within a tile header")
        size = struct.unpack_from(">I", data, at + 6)[0]
        if size == 0:  # the last tile part reaches to the end marker
            end = data.rfind(EOI)
            if end < at:
                raise Truncated("no end of codestream")
            return end, multi
        if size < 14 or at + size > len(data):
            raise Truncated("the stream ends within a tile")
        at += size
        parts += 1
    if not parts:
        raise Truncated("no tiles")
    return at, multi


def check_rle(data: bytes, wanted: Wanted) -> tuple[bytes, ...]:
    """Return the segments of an RLE frame, most significant byte of the first sample first (PS3.5 G.5)."""
    if len(data) < 64:
        raise Truncated("the stream ends within its header")
    header = struct.unpack_from("<16I", data)
    count, offsets = header[0], header[1:]
    if count != wanted.samples * max(1, wanted.bits_allocated // 8) or count > 15:
        raise Damaged("number of segments")
    offsets = offsets[:count]
    if offsets[0] != 64 or any(b <= a for a, b in pairwise(offsets)):
        raise Damaged("segment offsets")
    if offsets[-1] >= len(data):
        raise Truncated("the stream ends before its last segment")
    return tuple(data[a:b] for a, b in zip(offsets, (*offsets[1:], len(data)), strict=True))
