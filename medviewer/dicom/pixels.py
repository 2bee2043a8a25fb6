"""Pixels of one picture: stored bytes -> stored values -> modality values, padding, first window (reader process only).

The order is fixed: bits by HighBit and sign (PS3.5 8.1.1), then Modality LUT or rescale (PS3.3 C.11.1); padding is
told from STORED values (C.7.5.1.1.2); VOI and inversion come last and elsewhere (`core.intensity`).
"""

import contextlib
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from medviewer.core.errors import UserError
from medviewer.core.image import Frame, VoiLut
from medviewer.core.intensity import Window, auto_window
from medviewer.core.study import FrameHeader, ImageHeader
from medviewer.dicom import limits
from medviewer.dicom.decode.codecs import Decoded, decode_frame, sniff
from medviewer.dicom.decode.colour import palette_to_rgb, samples_to_rgb
from medviewer.dicom.decode.container import DOUBLE, FLOAT, PixelFile, PixelFiles, signature
from medviewer.dicom.decode.damage import Changed, Damaged, NotSupported, TooLarge, Truncated, refusal
from medviewer.dicom.decode.films import read_film
from medviewer.dicom.decode.guards import Wanted
from medviewer.dicom.decode.lut import read_lut, read_palette
from medviewer.dicom.decode.native import frame_bytes, stored_bits, unpack_frame
from medviewer.dicom.files import Refused, open_regular
from medviewer.dicom.syntaxes import SYNTAXES, syntax_name

OTHER_COMPRESSION = "The pixels are compressed in another way than the header says."
HIGH_BIT = "The high bit is not the highest stored bit; the bits were taken as the header says."
SUPPLEMENTAL = "The colours of the supplemental palette are not shown."
BAD_VOI_LUT = "The file's own look-up table (VOI LUT) is damaged and was left out."

_files = PixelFiles()


def read_frame(header: ImageHeader, frame: int) -> Frame:
    """Return one decoded picture, `frame` counted from 0.

    Raises:
        UserError: `damaged`, `truncated`, `unsupported_syntax`, `no_pixels`, `too_large` or `unreadable`.
    """
    return read_plane(header, header.frames[frame], frame)


def read_plane(header: ImageHeader, plane: FrameHeader, frame: int) -> Frame:
    """Return frame number `frame`, described by `plane`; `header.frames` is not looked at (it may be cut)."""
    with _refusals(header, frame):
        if header.film:
            return _film(header, frame)
        if header.transfer_syntax not in SYNTAXES:
            raise refusal("unsupported_syntax", header, frame, words=syntax_name(header.transfer_syntax))
        with open_regular(header.path) as file:
            before = signature(file)
            found = _files.find(file, header)
            _compare(found, header, frame)
            picture = _picture(file, found, header, plane, frame)
            if signature(file) != before:
                raise Changed
            return picture


#: What parsers and decoders throw at bytes that they do not understand (RuntimeError covers RecursionError).
_PARSING = (ArithmeticError, LookupError, ValueError, TypeError, RuntimeError, AttributeError, EOFError, struct.error)


@contextlib.contextmanager
def _refusals(header: ImageHeader, frame: int) -> Iterator[None]:
    """Turn every failure into one sentence; the details name kinds of errors, never their texts."""
    try:
        yield
    except UserError:
        raise
    except Refused as no:
        raise refusal(no.code if no.code == "too_large" else "unreadable", header, frame, no.code) from None
    except Truncated as error:
        raise refusal("truncated", header, frame, str(error)) from error
    except Damaged as error:
        raise refusal("damaged", header, frame, str(error)) from error
    except NotSupported as error:
        raise refusal("unsupported_syntax", header, frame, words=str(error)) from error
    except Changed as error:
        raise refusal("changed", header, frame, str(error)) from error
    except (TooLarge, MemoryError) as error:
        raise refusal("too_large", header, frame) from error
    except OSError as error:
        code = "damaged" if header.film and error.errno is None else "unreadable"  # Pillow's are OSErrors, too
        raise refusal(code, header, frame, type(error).__name__) from error
    except _PARSING as error:
        raise refusal("damaged", header, frame, type(error).__name__) from error


def _compare(found: PixelFile, header: ImageHeader, frame: int) -> None:
    """Refuse a file that is not (any more) what the header says, and sizes beyond the limit."""
    if not found.tag:
        raise refusal("no_pixels", header, frame)
    facts = {"Rows": header.rows, "Columns": header.columns, "SamplesPerPixel": header.samples}
    for keyword, expected in facts.items():
        if found.number(keyword) not in (None, expected):
            raise Changed(keyword)
    if min(header.rows, header.columns, header.samples) < 1:
        raise Damaged("rows, columns or samples")
    if frame_bytes(header.rows, header.columns, header.samples, max(header.bits_allocated, 8)) > limits.FRAME_BYTES:
        raise TooLarge


def _wanted(header: ImageHeader) -> Wanted:
    return Wanted(
        header.rows,
        header.columns,
        header.samples,
        header.bits_allocated,
        header.bits_stored,
        header.signed,
        header.photometric,
    )


def _picture(file: BinaryIO, found: PixelFile, header: ImageHeader, plane: FrameHeader, frame: int) -> Frame:
    marks: list[str] = []
    if found.tag in (FLOAT, DOUBLE):
        return _grey(_floats(file, found, header, frame), found, header, plane, marks)
    decoded = _decoded(file, found, header, frame, marks)
    if header.samples not in (1, 3):
        raise NotSupported(f"{header.samples} samples a pixel")
    if header.samples == 3:
        rgb = samples_to_rgb(_colour_samples(decoded, header), header.bits_stored, header.photometric, decoded.colours)
        return Frame(rgb, marks=tuple(marks))
    stored = _stored(decoded, header, marks)
    if header.photometric == "PALETTE COLOR":
        return Frame(palette_to_rgb(stored, read_palette(found.dataset, signed=header.signed)), marks=tuple(marks))
    if found.dataset.get("PixelPresentation") in ("COLOR", "MIXED"):
        marks.append(SUPPLEMENTAL)
    return _grey(stored, found, header, plane, marks)


def _colour_samples(decoded: Decoded, header: ImageHeader) -> NDArray[Any]:
    if not 0 < header.bits_stored <= decoded.values.dtype.itemsize * 8:
        raise Damaged("bits stored")
    return decoded.values.view(f"u{decoded.values.dtype.itemsize}")


def _decoded(file: BinaryIO, found: PixelFile, header: ImageHeader, frame: int, marks: list[str]) -> Decoded:
    wanted, decoder = _wanted(header), found.syntax.decoder
    if found.length is not None:  # plain numbers, whatever the syntax says: guarded by the length
        if decoder != "native":
            marks.append(OTHER_COMPRESSION)
        return Decoded(_native(file, found, wanted, header, frame), packed=True)
    data = found.fragments(file).read(found.stream(file), frame)
    begins_like = sniff(data)
    if begins_like and begins_like != decoder:
        marks.append(OTHER_COMPRESSION)
        decoder = begins_like
    if decoder == "native":
        raise Damaged("fragments in an uncompressed file")
    return decode_frame(decoder, data, wanted, header.planar)


def _native(file: BinaryIO, found: PixelFile, wanted: Wanted, header: ImageHeader, frame: int) -> NDArray[Any]:
    """Return the container numbers of one frame, reading no other byte of the pixel data."""
    length = found.length or 0
    frames = max(found.number("NumberOfFrames") or 1, 1)
    if wanted.photometric == "YBR_FULL_422" and length >= 3 * wanted.rows * wanted.columns * frames:
        wanted = Wanted(**{**vars(wanted), "photometric": "YBR_FULL"})  # written without halving the colours
    if wanted.bits_allocated == 1:
        bits = wanted.rows * wanted.columns * wanted.samples
        first, first_bit = divmod(frame * bits, 8)
        size = (first_bit + bits + 7) // 8
    else:
        size = frame_bytes(wanted.rows, wanted.columns, wanted.samples, wanted.bits_allocated, wanted.photometric)
        first, first_bit = frame * size, 0
    if first + size > length:
        raise Truncated(f"{length} bytes of pixels, wanted up to {first + size}")
    swapped = found.syntax.big_endian and wanted.bits_allocated <= 8 and found.vr == "OW"
    data = _bytes(file, found, first, size, swapped=swapped)
    return unpack_frame(data, wanted, header.planar, big_endian=found.syntax.big_endian, first_bit=first_bit)


def _bytes(file: BinaryIO, found: PixelFile, first: int, size: int, *, swapped: bool = False) -> bytes:
    """Return bytes of the pixel value; `swapped`: 8-bit pixels stand in big-endian 16-bit words (CHECKLIST A48)."""
    start, end = (first & ~1, first + size + 1 & ~1) if swapped else (first, first + size)
    stream = found.stream(file)
    stream.seek(found.at + start)
    data = stream.read(end - start)
    if len(data) < end - start and not (swapped and len(data) == size):
        raise Truncated("the file ends within the pixels")
    if swapped:
        data = np.frombuffer(data, ">u2").astype("<u2").tobytes()[first - start :][:size]
    return data


def _floats(file: BinaryIO, found: PixelFile, header: ImageHeader, frame: int) -> NDArray[np.float32]:
    """Return Float or Double Float Pixel Data (PS3.3 C.7.6.24, C.7.6.25) as float32."""
    width = 4 if found.tag == FLOAT else 8
    size = header.rows * header.columns * width
    if (frame + 1) * size > (found.length or 0):
        raise Truncated("too few bytes of pixels")
    data = np.frombuffer(_bytes(file, found, frame * size, size), f"{'>' if found.syntax.big_endian else '<'}f{width}")
    with np.errstate(over="ignore"):
        return data.astype(np.float32).reshape(header.rows, header.columns)


def _stored(decoded: Decoded, header: ImageHeader, marks: list[str]) -> NDArray[Any]:
    """Return stored values, signed where the header says so."""
    values = decoded.values
    if decoded.packed:
        if header.high_bit != header.bits_stored - 1:
            marks.append(HIGH_BIT)
        return stored_bits(values, header.bits_stored, header.high_bit, signed=header.signed)
    width = header.bits_allocated // 8 or 1
    if values.dtype.itemsize < width:
        values = values.astype(f"{values.dtype.kind}{width}")  # sign and all
    bits = min(header.bits_stored, decoded.precision or header.bits_stored)
    return stored_bits(values, bits, bits - 1, signed=header.signed)


def _grey(stored: NDArray[Any], found: PixelFile, header: ImageHeader, plane: FrameHeader, marks: list[str]) -> Frame:
    values = _modality(stored, found, header, plane)
    padding = _padding(stored, header)
    voi_lut = _voi_lut(found, header, plane, marks)
    return Frame(
        values,
        padding,
        plane.windows[0] if plane.windows else auto_window(values, padding),
        inverted=header.photometric == "MONOCHROME1" or header.presentation_inverse,
        voi_lut=voi_lut,
        marks=tuple(marks),
    )


def _padding(stored: NDArray[Any], header: ImageHeader) -> NDArray[np.bool_] | None:
    mask: NDArray[np.bool_] | None = None
    if stored.dtype.kind == "f":
        mask = ~np.isfinite(stored)
    elif header.padding is not None:
        low, high = sorted(header.padding)
        mask = (stored >= low) & (stored <= high) if low != high else stored == low
    return mask if mask is not None and mask.any() else None


def _modality(stored: NDArray[Any], found: PixelFile, header: ImageHeader, plane: FrameHeader) -> NDArray[Any]:
    if header.modality_lut and "ModalityLUTSequence" in found.dataset:
        lut = read_lut(found.dataset.ModalityLUTSequence[0], signed=header.signed)
        return _narrowest(lut.table[lut.positions(stored)].astype(np.int32))
    return rescale(stored, plane.slope, plane.intercept)


def rescale(stored: NDArray[Any], slope: float, intercept: float) -> NDArray[Any]:
    """Return stored * slope + intercept: int16 or int32 where both are whole and the result fits, else float32."""
    if stored.dtype.kind == "f":
        return (stored * np.float32(slope) + np.float32(intercept)).astype(np.float32)
    if float(slope).is_integer() and float(intercept).is_integer():
        ends = [int(v) * int(slope) + int(intercept) for v in (stored.min(), stored.max())]
        for dtype in (np.int16, np.int32):
            limit = np.iinfo(dtype)
            if limit.min <= min(ends) and max(ends) <= limit.max:
                return _whole(stored, int(slope), int(intercept), dtype)
    return (stored * float(slope) + float(intercept)).astype(np.float32)


def _whole(stored: NDArray[Any], slope: int, intercept: int, dtype: Any) -> NDArray[Any]:
    values: NDArray[Any] = stored.astype(np.int64 if slope != 1 or stored.dtype.itemsize > 2 else np.int32)
    if slope != 1:
        values = values * slope
    if intercept:
        values = values + intercept
    return values.astype(dtype)


def _narrowest(values: NDArray[np.int32]) -> NDArray[Any]:
    return values.astype(np.int16) if values.max(initial=0) <= np.iinfo(np.int16).max else values


def _voi_lut(found: PixelFile, header: ImageHeader, plane: FrameHeader, marks: list[str]) -> VoiLut | None:
    if not header.voi_lut or "VOILUTSequence" not in found.dataset:
        return None
    try:
        item = found.dataset.VOILUTSequence[0]
        lut = read_lut(item, signed=header.signed or plane.intercept < 0)
    except (Damaged, *_PARSING):
        marks.append(BAD_VOI_LUT)
        return None
    return VoiLut(lut.first, lut.eight_bits(), str(item.get("LUTExplanation") or "")[: limits.TEXT_CHARACTERS])


def _film(header: ImageHeader, frame: int) -> Frame:
    values = read_film(header, frame)
    if values.ndim == 3:
        return Frame(values)
    window = Window(128, 256) if values.dtype == np.uint8 else auto_window(values)
    return Frame(values, window=window, inverted=header.photometric == "MONOCHROME1")
