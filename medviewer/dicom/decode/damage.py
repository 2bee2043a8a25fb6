"""Why a picture cannot be shown, and how we name the picture: by its number or file name, never by its patient."""

import ntpath
import posixpath

from medviewer.core.errors import UserError
from medviewer.core.study import ImageHeader


class Damaged(Exception):  # noqa: N818
    """The pixels contradict the header, or the stream contradicts itself. The text says how, without patient data."""


class Truncated(Damaged):
    """Bytes are missing at the end."""


class Changed(Exception):  # noqa: N818
    """The file is not the one whose header was read."""


class TooLarge(Exception):  # noqa: N818
    """Over a limit of ours, or more than the memory that a reader process may take."""


class NotSupported(Exception):  # noqa: N818
    """A combination that the standard knows and we do not show."""


def base_name(label: str) -> str:
    """Return the last part of a label, whatever system's separator it was made with."""
    return posixpath.basename(ntpath.basename(label)) or "This file"


def picture_name(header: ImageHeader, frame: int) -> str:
    """Return "Image 17", "Frame 3 of image 17" or the base name of a film."""
    if header.film or header.instance_number is None:
        name = base_name(header.label)
        return name if len(header.frames) == 1 and frame == 0 else f"Frame {frame + 1} of {name}"
    image = f"mage {header.instance_number}"
    return f"I{image}" if len(header.frames) == 1 and frame == 0 else f"Frame {frame + 1} of i{image}"


_SENTENCES = {
    "damaged": "{} is damaged and cannot be shown.",
    "truncated": "{} is cut short and cannot be shown; copy the file again from where it came.",
    "too_large": "{} is too large for the memory that reading may take.",
    "no_pixels": "{} has no picture.",
    "unsupported_syntax": "{} is stored in a way that medviewer cannot show ({}).",
    "unreadable": "{} cannot be read any more; it was moved or changed, or reading is not allowed.",
    "changed": "{} has changed since it was opened; open it again.",
    "slow": "{} is damaged and cannot be shown: decoding did not end.",
    "crashed": "{} is damaged and cannot be shown: the decoder stopped.",
}
_CODES = {"changed": "damaged", "slow": "damaged", "crashed": "damaged"}


def refusal(why: str, header: ImageHeader, frame: int, details: str = "", words: str = "") -> UserError:
    """Return the UserError for `why` (a key of the sentences) about one picture."""
    sentence = _SENTENCES[why].format(picture_name(header, frame), words)
    return UserError(_CODES.get(why, why), sentence, details)
