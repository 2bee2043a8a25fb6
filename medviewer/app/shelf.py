"""The library as the program uses it: never on the window's thread, and the viewer works without it.

One thread writes, in the order in which it was asked; another one reads beside it. Both open their own library at
their first use. A look every second tells what another program has changed.
"""

import functools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from medviewer.app.gently import import_gently
from medviewer.app.home import Home
from medviewer.app.site import account
from medviewer.core.errors import UserError, sentence_for
from medviewer.core.events import Event

if TYPE_CHECKING:
    from medviewer.library.library import Library

log = logging.getLogger(__name__)

T = TypeVar("T")

RESTORED = "The library was restored meanwhile. Do it again."

#: Seconds between two looks at what other programs have written, and between two tries to open a library in trouble.
LOOK_S, RETRY_S = 1.0, 10.0
FOLDER, ANCHOR = "library", "audit-anchor.json"
#: Errors of an act that mean: there is no library now.
_NO_LIBRARY = frozenset(
    {"library_damaged", "library_disk", "library_gone", "library_unreachable", "newer_library", "not_a_library"}
)


@functools.cache
def login_name() -> str:
    """Return who is logged in to this computer, "" where nothing says so; asking the system may take a while."""
    return account()


class Shelf:
    """The one library of this session. All methods may be called from any thread; events fire on the library's threads.

    Attributes:
        changed: something in the library is different (written here, or by another program).
        troubled: the sentence that says why there is no library now; "" when there is one again.
        problem: the same sentence, for whoever comes later.
        restored: the library is another one now: what is known by its numbers is not what it was.
    """

    def __init__(self, home: Home, url: str = "", who: Callable[[], str] = login_name, write: bool = True) -> None:
        """Note where the library is; nothing is opened before it is needed.

        `url` is a database's address (postgresql+psycopg://…), "" a file in the home; `who` gives the audit a name;
        without `write` nothing can be changed.
        """
        self._home, self._url, self._who, self._may_write = home, url, who, write
        self._lock = threading.Lock()
        self._libraries: dict[str, Library] = {}
        self._threads = {
            name: ThreadPoolExecutor(1, thread_name_prefix=f"library-{name}") for name in ("write", "read")
        }
        self._closed = threading.Event()
        self._look: threading.Thread | None = None
        self._seen = -1
        self.problem = ""
        self.changed: Event[None] = Event()
        self.troubled: Event[str] = Event()
        self.restored: Event[None] = Event()
        self._era = 0

    def write(self, act: "Callable[[Library], T]", *, by_number: bool = False) -> "Future[T]":
        """Let `act` change the library. What the future returns is kept: it is on the disk.

        `by_number`: it speaks of studies by their numbers, so it is refused when the library was restored before its
        turn: they may mean other studies now.
        """
        era = self._era

        def do(library: "Library") -> T:
            if by_number and era != self._era:
                raise UserError("restored", RESTORED)
            return act(library)

        return self._submit("write", do)

    def begin_again(self) -> None:
        """Say that the library was restored; in the act that did it."""
        self._era += 1
        self.restored.emit(None)

    def read(self, act: "Callable[[Library], T]") -> "Future[T]":
        """Let `act` look into the library, beside whatever is being written."""
        return self._submit("read", act)

    def _submit(self, name: str, act: "Callable[[Library], T]") -> "Future[T]":
        try:
            return self._threads[name].submit(self._do, name, act)
        except RuntimeError:  # closed
            future: Future[T] = Future()
            future.set_exception(UserError("closed", "medviewer is closing."))
            return future

    def _do(self, name: str, act: "Callable[[Library], T]") -> T:
        try:
            library = self._library(name)
        except UserError as error:
            self._in_trouble(error)
            raise
        try:
            result = act(library)
        except UserError as error:
            if error.code in _NO_LIBRARY:  # a full disk or a busy moment is of this act alone
                self._in_trouble(error)
            raise
        except Exception as error:
            log.error("an act on the library failed: %s", type(error).__name__, exc_info=error)
            raise
        self._in_trouble(None)
        if name == "write":
            self._note(library)
        return result

    def _library(self, name: str) -> "Library":
        """Return the library of this thread, opened if need be (the first one may have to bring it up to date)."""
        with self._lock:
            found = self._libraries.get(name)
            if found is None:
                import_gently("medviewer.library.library")
                from medviewer.library.library import Library
                from medviewer.library.parts import sweep

                own = self._home.data / FOLDER
                if self._may_write and not self._libraries:
                    sweep(own)  # what killed programs left half-made
                where: Path | str = self._url or own
                anchor = own / ANCHOR if self._may_write else None
                found = Library(where, who=self._who(), anchor=anchor, write=self._may_write)
                self._libraries[name] = found
                if self._look is None and not self._closed.is_set():
                    self._look = threading.Thread(target=self._look_out, name="library-look", daemon=True)
                    self._look.start()
            found.who = self._who()
            return found

    def _in_trouble(self, error: UserError | None) -> None:
        sentence = sentence_for(error) if error is not None else ""
        if sentence != self.problem:
            self.problem = sentence
            self.troubled.emit(sentence)

    # -- what other programs write

    def _look_out(self) -> None:
        while not self._closed.wait(RETRY_S if self.problem else LOOK_S):
            self.read(self._note)

    def _note(self, library: "Library") -> None:
        """Say that the library has changed, if it has since the last time."""
        revision = library.revision()
        with self._lock:
            new, self._seen = revision != self._seen, revision
        if new:
            self.changed.emit(None)

    def close(self) -> None:
        """Finish what is being written and close; harmless when called again."""
        self._closed.set()
        for name in ("read", "write"):
            self._threads[name].shutdown(wait=True, cancel_futures=name == "read")
        with self._lock:
            libraries, self._libraries = list(self._libraries.values()), {}
        for library in libraries:
            library.close()
