"""Decoded images by reference: a cache with a byte budget, fed by wish lists of whoever shows or reads them."""

import itertools
import logging
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, Future
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.image import Frame
from medviewer.core.study import ImageRef, Stack

log = logging.getLogger(__name__)

Key = tuple[str, int]
#: Frames being decoded at once: two reader processes, each with the next one waiting.
IN_FLIGHT = 4
#: Errors that may pass (a folder on the network was away, a reader hung), and seconds until somebody who looks at such
#: an image makes it be asked for again.
PASSING, AGAIN_S = frozenset({"unreadable", "damaged"}), 3.0


class FramePool(Protocol):
    """The part of dicom.pool.ReaderPool that is used here."""

    def frame(self, ref: ImageRef, urgent: bool = False) -> Future[Frame]: ...
    def thumbnail(self, ref: ImageRef, side: int) -> Future[NDArray[np.uint8]]: ...


def around(stack: Stack, index: int, direction: int = 1, count: int = 48) -> list[ImageRef]:
    """Return the `count` images that will be wanted next: `index` first, then near ones, those ahead first.

    `direction` is +1 or -1, the way the reader scrolls; of three images two lie ahead.
    """
    ahead = range(index + direction, len(stack) if direction > 0 else -1, direction)
    behind = range(index - direction, -1 if direction > 0 else len(stack), -direction)
    order = [index]
    forward, back = iter(ahead), iter(behind)
    while len(order) < min(count, len(stack)):
        order += [*itertools.islice(forward, 2), *itertools.islice(back, 1)]
    return [stack.images[i] for i in order[:count]]


def expected_bytes(ref: ImageRef) -> int:
    """Return about how much memory the decoded image takes."""
    h = ref.header
    return max(1, h.rows * h.columns * (3 if h.samples == 3 else 4 if h.bits_allocated > 16 else 2))


class PixelStore:
    """The one place with decoded images. All of it may be called from any thread; events fire on any thread.

    `ready` and `failed` carry the reference whose picture came, or did not.
    """

    def __init__(self, pool: FramePool, budget: int = 1 << 30) -> None:
        self._pool = pool
        self._budget = budget
        self._lock = threading.RLock()
        self._frames: OrderedDict[Key, Frame] = OrderedDict()  # oldest use first
        self._bytes = 0
        self._wants: dict[str, tuple[ImageRef, ...]] = {}
        self._flying: dict[Key, Future[Frame]] = {}
        self._held: Counter[Key] = Counter()  # somebody waits for these; a change of wishes does not cancel them
        self._errors: dict[Key, UserError] = {}
        self._failed_at: dict[Key, float] = {}  # monotonic
        self._closed = False
        self.ready: Event[ImageRef] = Event()
        self.failed: Event[ImageRef] = Event()

    @property
    def nbytes(self) -> int:
        """Bytes of images kept now."""
        return self._bytes

    def set_budget(self, budget: int) -> None:
        """Change the limit in bytes; what is over it goes."""
        with self._lock:
            self._budget = budget
            self._evict()

    def get(self, ref: ImageRef) -> Frame | None:
        """Return the image if it is here (at once)."""
        with self._lock:
            frame = self._frames.get(ref.key)
            if frame is not None:
                self._frames.move_to_end(ref.key)
            return frame

    def error(self, ref: ImageRef) -> UserError | None:
        """Return why the image cannot be shown, if that is known."""
        return self._errors.get(ref.key)

    def want(self, refs: Sequence[ImageRef], owner: str = "") -> None:
        """Ask for images, most wanted first; replaces the earlier list of the same `owner` (a viewport's name).

        The first one is asked for again if it failed a while ago: its folder may be back.
        """
        with self._lock:
            if refs and self._may_be_back(refs[0].key):
                del self._errors[refs[0].key]
            if refs:
                self._wants[owner] = tuple(refs)
            else:
                self._wants.pop(owner, None)
            self._cancel_unwanted()
        self._pump()

    def _may_be_back(self, key: Key) -> bool:
        error = self._errors.get(key)
        return error is not None and error.code in PASSING and time.monotonic() - self._failed_at[key] >= AGAIN_S

    def retry(self, ref: ImageRef) -> None:
        """Forget that an image failed; the next wish asks for it again."""
        with self._lock:
            self._errors.pop(ref.key, None)
        self._pump()

    def fetch(self, ref: ImageRef) -> Frame:
        """Return the image, waiting for it (never on the window's thread).

        Raises:
            UserError: it cannot be shown.
        """
        return next(self.stream([ref]))[1]

    def stream(self, refs: Sequence[ImageRef], ahead: int = 3) -> Iterator[tuple[ImageRef, Frame]]:
        """Yield every image of `refs` in order, decoding `ahead` of the taker.

        Raises:
            UserError: the next image cannot be shown; `try_stream` goes on instead.
        """
        for ref, frame in self.try_stream(refs, ahead):
            if isinstance(frame, UserError):
                raise frame
            yield ref, frame

    def try_stream(self, refs: Sequence[ImageRef], ahead: int = 3) -> Iterator[tuple[ImageRef, Frame | UserError]]:
        """Yield every image of `refs` in order, or the reason why it is missing."""
        waiting: deque[tuple[ImageRef, Frame | UserError | Future[Frame]]] = deque()
        todo = iter(refs)
        for ref in itertools.islice(todo, ahead + 1):
            waiting.append((ref, self._ask(ref)))
        while waiting:
            ref, answer = waiting.popleft()
            frame = self._settle(ref, answer)
            for more in itertools.islice(todo, 1):
                waiting.append((more, self._ask(more)))
            yield ref, frame

    def thumbnail(self, ref: ImageRef, side: int) -> Future[NDArray[np.uint8]]:
        """Return the image made small: 8-bit grey [row, column] or RGB, longest side `side`; not kept here."""
        return self._pool.thumbnail(ref, side)

    def forget(self, keys: Sequence[Key]) -> None:
        """Drop images (their study was closed)."""
        with self._lock:
            for key in keys:
                frame = self._frames.pop(key, None)
                self._bytes -= frame.nbytes if frame else 0
                self._errors.pop(key, None)

    def close(self) -> None:
        """Ask for nothing more."""
        with self._lock:
            self._closed = True
            self._wants.clear()
            flying = list(self._flying.values())
        for future in flying:
            future.cancel()

    def _ask(self, ref: ImageRef) -> Frame | UserError | Future[Frame]:
        with self._lock:
            known: Frame | UserError | Future[Frame] | None = self.get(ref) or self._errors.get(ref.key)
            if known is not None:
                return known
            self._held[ref.key] += 1
            return self._flying.get(ref.key) or self._send(ref, urgent=True)

    def _settle(self, ref: ImageRef, answer: Frame | UserError | Future[Frame]) -> Frame | UserError:
        """Wait for an answer."""
        if not isinstance(answer, Future):
            return answer
        try:
            return answer.result()
        except CancelledError:
            return UserError("interrupted", "The program is closing.")
        except UserError as error:
            return error
        finally:
            with self._lock:
                self._held[ref.key] -= 1
                if not self._held[ref.key]:
                    del self._held[ref.key]

    def _send(self, ref: ImageRef, urgent: bool) -> Future[Frame]:
        """Hand one image to the readers; the lock is held."""
        future = self._pool.frame(ref, urgent)
        self._flying[ref.key] = future
        future.add_done_callback(lambda done: self._arrived(ref, done))
        return future

    def _arrived(self, ref: ImageRef, future: Future[Frame]) -> None:
        came: Event[ImageRef] | None = None
        with self._lock:
            if self._flying.get(ref.key) is future:
                del self._flying[ref.key]
            if not future.cancelled():
                came = self._keep(ref, future)
        if came is not None and not self._closed:
            came.emit(ref)
        self._pump()

    def _keep(self, ref: ImageRef, future: Future[Frame]) -> Event[ImageRef]:
        error: Any = future.exception()
        if error is None:
            frame = future.result()
            old = self._frames.pop(ref.key, None)
            self._frames[ref.key] = frame
            self._bytes += frame.nbytes - (old.nbytes if old else 0)
            self._evict()
            return self.ready
        if not isinstance(error, UserError):
            log.error("an image could not be decoded: %s", type(error).__name__)
            error = UserError("defect", "This image could not be shown because of a fault in medviewer.")
        self._errors[ref.key], self._failed_at[ref.key] = error, time.monotonic()
        return self.failed

    def _wanted(self) -> list[ImageRef]:
        """Return the wishes that fit into the budget, the first of every owner first."""
        ranks = itertools.zip_longest(*self._wants.values())
        found: dict[Key, ImageRef] = {}
        room = self._budget
        for ref in itertools.chain.from_iterable(ranks):
            if ref is None or ref.key in found:
                continue
            frame = self._frames.get(ref.key)
            room -= frame.nbytes if frame else expected_bytes(ref)
            if room < 0 and found:
                break
            found[ref.key] = ref
        return list(found.values())

    def _evict(self) -> None:
        if self._bytes <= self._budget:
            return
        wanted = {ref.key for ref in self._wanted()}
        for key in sorted(self._frames, key=wanted.__contains__):  # stable: least recently used first, wanted ones last
            if self._bytes <= self._budget or len(self._frames) == 1:
                return
            self._bytes -= self._frames.pop(key).nbytes

    def _cancel_unwanted(self) -> None:
        wanted = {ref.key for ref in itertools.chain.from_iterable(self._wants.values())}
        for key, future in tuple(self._flying.items()):
            if key not in wanted and not self._held[key]:
                future.cancel()

    def _pump(self) -> None:
        """Keep the readers busy with what is wanted most."""
        with self._lock:
            if self._closed or len(self._flying) >= IN_FLIGHT:
                return
            for rank, ref in enumerate(self._wanted()):
                if len(self._flying) >= IN_FLIGHT:
                    return
                if ref.key not in self._frames and ref.key not in self._flying and ref.key not in self._errors:
                    self._send(ref, urgent=rank < len(self._wants))
