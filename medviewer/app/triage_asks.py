"""What the triage reader wants of the library, done beside its thread: one act of a kind at a time."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from medviewer.core.errors import UserError

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

T = TypeVar("T")


class Asks:
    """Acts that the library does now. All of it runs on the thread of the triage reader, which `put` brings acts to.

    Attributes:
        open: kinds of acts that are under way.
        trouble: why the library did not do the last one, None when it did.
    """

    def __init__(self, session: "Session", put: Callable[..., object]) -> None:
        self._session, self._put = session, put
        self.open: set[str] = set()
        self.trouble: UserError | None = None

    def ask(self, kind: str, act: "Callable[[Library], T]", then: Callable[[T], object]) -> bool:
        """Let the library do `act`, unless it does one of this `kind`; `then` takes what it returns."""
        if kind in self.open:
            return False
        self.open.add(kind)
        future = self._session.shelf.write(act, by_number=True)
        future.add_done_callback(lambda done: self._put(self._told, kind, done, then))
        return True

    def _told(self, kind: str, future: "Future[Any]", then: Callable[[Any], object]) -> None:
        """Take an answer; what the library did not do is asked again at a later turn.

        Raises:
            UserError: it is in trouble.
        """
        self.open.discard(kind)
        try:
            answer = future.result()
        except UserError as error:
            self.trouble = error
            raise
        self.trouble = None
        then(answer)
