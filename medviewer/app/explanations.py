"""Maps that were computed, kept up to a byte budget; the least recently used goes first."""

import threading
from collections import OrderedDict
from typing import Any

from medviewer.core.findings import Explanation

#: (image key, model key, class, method)
MapKey = tuple[Any, ...]


class ExplanationCache:
    """Explanations by what they answer. All of it may be called from any thread."""

    def __init__(self, budget: int) -> None:
        self._budget, self._bytes = budget, 0
        self._lock = threading.Lock()
        self._maps: OrderedDict[MapKey, Explanation] = OrderedDict()

    def get(self, key: MapKey) -> Explanation | None:
        """Return the map, if it is here."""
        with self._lock:
            found = self._maps.get(key)
            if found is not None:
                self._maps.move_to_end(key)
            return found

    def put(self, key: MapKey, explanation: Explanation) -> None:
        """Keep a map in place of its coarser predecessor."""
        with self._lock:
            self._drop(key)
            self._maps[key] = explanation
            self._bytes += explanation.values.nbytes
            while self._bytes > self._budget and len(self._maps) > 1:
                self._drop(next(iter(self._maps)))

    def forget(self, images: set[tuple[str, int]]) -> None:
        """Drop the maps of these images."""
        with self._lock:
            for key in [k for k in self._maps if k[0] in images]:
                self._drop(key)

    def _drop(self, key: MapKey) -> None:
        old = self._maps.pop(key, None)
        self._bytes -= old.values.nbytes if old else 0
