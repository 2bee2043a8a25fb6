"""PNG, JPEG and TIFF as films without a header: no spacing, no patient, nothing guessed. Reader process only.

Each film is a study of its own, known by its content: nothing says that two of them show the same patient.
"""

import warnings
from typing import BinaryIO

from PIL import ExifTags, Image, UnidentifiedImageError

from medviewer.core.study import ImageHeader, SpacingKind
from medviewer.dicom import limits
from medviewer.dicom.files import Refused, Source, open_regular
from medviewer.dicom.typed import PARSE_ERRORS, clean

FORMATS = ("PNG", "JPEG", "TIFF")
STUDY = "Film without header"
#: Pillow's modes that we show: (samples, bits of a stored pixel).
_MODES = {"1": (1, 8), "L": (1, 8), "I;16": (1, 16), "I;16B": (1, 16), "I": (1, 16), "RGB": (3, 8)}
_AS_COLOUR = ("P", "PA", "RGBA", "RGBX", "CMYK", "YCbCr", "LAB", "HSV", "RGBa")
FIRST_PAGE = "The first of {} pages."


def read_film_header(source: Source) -> ImageHeader:
    """Return a film's header.

    Raises:
        Refused: `unreadable` or `too_large`.
    """
    with open_regular(source.path) as file:
        return film_header(source, file)


def film_header(source: Source, file: BinaryIO) -> ImageHeader:
    """Return the header of an open film; of a TIFF with many pages the first one counts.

    Pixels are grey (8 or 16 bit) or 8-bit RGB; palettes, transparency and CMYK become RGB.
    """
    from medviewer.dicom.headers import digest

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file, formats=FORMATS) as image:
                columns, rows, mode = image.width, image.height, image.mode
                kind = image.format or ""
                pages = int(getattr(image, "n_frames", 1))
                if image.getexif().get(ExifTags.Base.Orientation, 1) >= 5:  # lies on its side; pixels come upright
                    columns, rows = rows, columns
    except Image.DecompressionBombError:
        raise Refused("too_large", "{name} has more pixels than a film can have; it was not opened.") from None
    except (UnidentifiedImageError, SyntaxError, *PARSE_ERRORS):
        raise Refused("unreadable", "{name} is damaged and cannot be opened as a film.") from None
    if rows * columns > limits.FILM_PIXELS:
        raise Refused("too_large", f"{{name}} has {columns} x {rows} pixels, more than a film can have.")
    if mode == "LA":
        mode = "L"
    if mode not in _MODES and mode not in _AS_COLOUR:
        raise Refused("unreadable", "{name} holds pixels of a kind that films do not have.")
    samples, bits = _MODES.get(mode, (3, 8))
    sign = digest(file)
    return ImageHeader(
        path=source.path,
        label=source.label,
        sop_uid=f"film:{sign}",
        sop_class="",
        transfer_syntax=kind,
        study_uid=f"film:{sign}",
        series_uid=f"film:{sign}",
        rows=rows,
        columns=columns,
        samples=samples,
        photometric="RGB" if samples == 3 else "MONOCHROME2",
        bits_allocated=bits,
        bits_stored=bits,
        high_bit=bits - 1,
        spacing_kind=SpacingKind.UNKNOWN,
        study_description=STUDY,
        series_description=clean(source.name),
        lossy=kind == "JPEG",
        film=True,
        digest=sign,
        marks=(FIRST_PAGE.format(pages),) if pages > 1 else (),
    )
