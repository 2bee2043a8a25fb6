"""Opening files that nobody vouches for: regular files only, no wait on a pipe, a size limit, words for each no."""

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from medviewer.core.study import Skipped
from medviewer.dicom import limits


@dataclass(frozen=True)
class Source:
    """One file to look at: where it lies, and the name under which the user knows it.

    Attributes:
        path: absolute; for a member of an archive its spool file.
        label: relative to what the user gave ("IM1.dcm", "sub/IM1.dcm", "study.zip/sub/IM1.dcm"), with "/".
    """

    path: str
    label: str

    @property
    def name(self) -> str:
        """The base name, the only part of a path that may stand in a sentence."""
        return self.label.rsplit("/", 1)[-1]

    def skipped(self, code: str, text: str) -> Skipped:
        """Return the file as left out; "{name}" in `text` becomes its base name."""
        return Skipped(self.label, code, text.replace("{name}", self.name))


class Refused(Exception):  # noqa: N818 - a decision, not a defect
    """A file is left out; `code` is a skip code of the contract, "{name}" in `text` its base name."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


@contextlib.contextmanager
def open_regular(path: str | Path) -> Iterator[BinaryIO]:
    """Open a regular file of at most `limits.FILE_BYTES` for reading, without waiting on a pipe or device.

    Raises:
        Refused: `not_a_regular_file`, `too_large` or `unreadable`.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOCTTY", 0)
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        raise Refused("unreadable", "{name} is no longer there.") from None
    except PermissionError:
        raise Refused("unreadable", "{name} may not be read by this user; change its permissions.") from None
    except (OSError, ValueError) as error:
        code = "unreadable" if isinstance(error, ValueError) or _is_regular(path) else "not_a_regular_file"
        raise Refused(code, "{name} could not be opened.") from None
    with os.fdopen(handle, "rb", buffering=65536) as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise Refused("not_a_regular_file", "{name} is not a regular file (a folder, pipe or device).")
        if status.st_size > limits.FILE_BYTES:
            raise Refused("too_large", f"{{name}} is larger than {limits.FILE_BYTES // limits.GIB} GiB.")
        yield file


def _is_regular(path: str | Path) -> bool:
    try:
        return stat.S_ISREG(Path(path).stat().st_mode)
    except (OSError, ValueError):
        return True  # nothing is known: "could not be opened" is then all we say


def file_size(file: BinaryIO) -> int:
    """Return the size of an open file (or of a buffer); the position stays."""
    at = file.tell()
    size = file.seek(0, os.SEEK_END)
    file.seek(at)
    return size
