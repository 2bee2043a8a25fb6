"""The reader process: headers, pixels, thumbnails, for the window process that trusts no file (see core.child).

What is heavy (pydicom, imagecodecs, Pillow, scipy) is imported here only, and not before it is needed.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from medviewer.core.child import Cancels, Message, Outbox
    from medviewer.core.image import Frame
    from medviewer.core.parcels import Parcels
    from medviewer.core.study import FrameHeader, ImageHeader, Skipped
    from medviewer.dicom.files import Source

#: Address space that decoding may take, beyond what the process has after its start.
MEMORY = 4 * 2**30
BATCH_FILES, BATCH_SECONDS = 50, 0.1


def main(folder: str) -> NoReturn:
    """Serve until the parent process is gone; `folder` is where the parcels lie."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its buffers for many cores would eat the address space
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from medviewer.core.child import serve
    from medviewer.core.parcels import Parcels

    limit_memory(MEMORY)
    if hasattr(os, "nice"):
        os.nice(5)  # the window's own thread goes first where processors are few
    parcels = Parcels(folder)
    serve(Worker(parcels).handle, parcels)
    raise SystemExit(0)


def limit_memory(spare: int) -> None:
    """Let this process take `spare` bytes of address space more than it has now, no core dumps (POSIX)."""
    try:
        import resource
    except ImportError:  # Windows: the deadlines and size checks remain
        return
    try:
        used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        used = 2**30
    for what, limit in ((resource.RLIMIT_AS, used + spare), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(what)[1]
        try:
            resource.setrlimit(what, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
        except (ValueError, OSError):  # macOS refuses RLIMIT_AS below what is mapped
            continue


class Worker:
    """The operations, by the message's kind. One at a time; each ends with one message that carries its id."""

    def __init__(self, parcels: "Parcels") -> None:
        self._parcels = parcels
        self._operations: dict[str, Callable[..., Message]] = {
            "warm": self.warm,
            "scan": self.scan,
            "frame": self.frame,
            "thumbnail": self.thumbnail,
            "phantom": self.phantom,
        }

    def handle(self, message: "Message", outbox: "Outbox", cancels: "Cancels") -> None:
        """Do what `message` asks for and answer."""
        from medviewer.core.errors import UserError

        answer: Message
        try:
            answer = self._operations[message["kind"]](message, outbox, cancels)
        except UserError as error:
            answer = _failed(error.code, error.sentence, error.details)
        except MemoryError:
            answer = _failed("too_large", "There is not enough memory to read this.", "")
        except Exception as error:  # noqa: BLE001 - the process goes on; the text may carry patient data
            answer = _failed("damaged", "This could not be read.", type(error).__name__)
        outbox.send({**answer, "id": message["id"]})

    def warm(self, message: "Message", outbox: "Outbox", cancels: "Cancels") -> "Message":
        """Load what the first picture needs."""
        from medviewer.dicom import headers, pixels, sources  # noqa: F401

        return {"kind": "ready"}

    def scan(self, message: "Message", outbox: "Outbox", cancels: "Cancels") -> "Message":
        """Read the headers of all files under `paths`; `after` sources are known already, those of `skip` are bad."""
        from medviewer.core.study import Skipped
        from medviewer.dicom.sources import expand

        id_, after, skip = message["id"], message.get("after", 0), set(message.get("skip", ()))
        batch = _Batch(id_, outbox)
        found = expand(message["paths"], Path(message["spool"]), lambda: id_ in cancels)
        for number, source in enumerate(found):
            if id_ in cancels:
                break
            if number < after:
                continue
            if isinstance(source, Skipped):
                batch.add(source, number)
            elif number not in skip:
                outbox.send({"kind": "at", "id": id_, "path": source.label, "number": number})
                batch.add(_read_header(source), number)
        batch.flush()
        return {"kind": "done"}

    def frame(self, message: "Message", outbox: "Outbox", cancels: "Cancels") -> "Message":
        """Decode one picture."""
        from medviewer.core.values import pack

        picture, _, _ = _picture(message)
        lut = picture.voi_lut
        return {
            "kind": "frame",
            "values": self._parcels.wrap(picture.values),
            "padding": None if picture.padding is None else self._parcels.wrap(picture.padding),
            "window": pack(picture.window),
            "inverted": picture.inverted,
            "voi_lut": lut and {"first": lut.first, "table": self._parcels.wrap(lut.table), "name": lut.name},
            "marks": list(picture.marks),
        }

    def thumbnail(self, message: "Message", outbox: "Outbox", cancels: "Cancels") -> "Message":
        """Decode one picture and make it small."""
        from medviewer.dicom.decode.thumbnail import thumbnail

        small = thumbnail(*_picture(message), min(max(int(message["side"]), 1), 2048))
        return {"kind": "thumbnail", "values": self._parcels.wrap(small)}

    def phantom(self, message: "Message", outbox: "Outbox", cancels: "Cancels") -> "Message":
        """Write the synthetic chest."""
        from medviewer.core.values import pack
        from medviewer.dicom.phantom import write

        return {"kind": "phantom", "truth": pack(write(Path(message["folder"])))}


def _failed(code: str, sentence: str, details: str) -> "Message":
    return {"kind": "failed", "code": code, "sentence": sentence, "details": details}


def _picture(message: "Message") -> "tuple[Frame, ImageHeader, FrameHeader]":
    from medviewer.core.study import ImageHeader
    from medviewer.core.values import unpack
    from medviewer.dicom.pixels import read_plane

    header = unpack(ImageHeader, message["header"])  # with the one plane that is asked for
    plane = header.frames[0]
    return read_plane(header, plane, message["frame"]), header, plane


def _read_header(source: "Source") -> "ImageHeader | Skipped":
    """Return the header, or the file as left out: nothing that a file holds ends the scan."""
    from medviewer.dicom.headers import read_header

    try:
        return read_header(source)
    except Exception:  # noqa: BLE001 - RecursionError, MemoryError, anything a parser throws
        return source.skipped("unreadable", "{name} is damaged and could not be read.")


class _Batch:
    """Headers on their way to the window: the first at once, then every 50 files or 100 ms."""

    def __init__(self, id_: int, outbox: "Outbox") -> None:
        self._id, self._outbox = id_, outbox
        self._headers: list[Any] = []
        self._skipped: list[Any] = []
        self._seen = 0
        self._sent = 0.0

    def add(self, found: "ImageHeader | Skipped", number: int) -> None:
        from medviewer.core.study import ImageHeader
        from medviewer.core.values import pack

        (self._headers if isinstance(found, ImageHeader) else self._skipped).append(pack(found))
        self._seen = number + 1
        count = len(self._headers) + len(self._skipped)
        if count >= BATCH_FILES or time.monotonic() - self._sent > BATCH_SECONDS:
            self.flush()

    def flush(self) -> None:
        if not self._headers and not self._skipped:
            return
        message = {"kind": "headers", "headers": self._headers, "skipped": self._skipped, "seen": self._seen}
        self._outbox.send({**message, "id": self._id})
        self._headers, self._skipped, self._sent = [], [], time.monotonic()
