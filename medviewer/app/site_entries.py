"""The text of a policy taken apart: its keys with their values and lines; what is no plain JSON is refused."""

import json
import re
from collections.abc import Iterator
from typing import Any

_SPACE = re.compile(r"[ \t\r\n]*")


class NoJsonError(Exception):
    """The text is no JSON object; carries the line where that shows."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def entries(data: bytes) -> Iterator[tuple[str, Any, int]]:
    """Yield (key, value, line) of the object in `data`, in order; a key may stand twice.

    Raises:
        NoJsonError
    """
    try:
        text = data.decode("utf-8-sig")  # Windows' editors mark their files
    except UnicodeDecodeError as error:
        raise NoJsonError(data.count(b"\n", 0, error.start) + 1) from None
    yield from _Text(text).entries()


class _Text:
    """A text and a place in it."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)

    def entries(self) -> Iterator[tuple[str, Any, int]]:
        self._skip()
        self._want("{")
        first = True
        while self._letter != "}":
            if not first:
                self._want(",")
            first = False
            if self._letter != '"':
                raise NoJsonError(self._line)
            line, key = self._line, self._take()
            self._want(":")
            yield key, self._take(), line
        self._want("}")
        if self._letter:
            raise NoJsonError(self._line)

    @property
    def _letter(self) -> str:
        return self._text[self._at : self._at + 1]

    @property
    def _line(self) -> int:
        return self._text.count("\n", 0, self._at) + 1

    def _skip(self) -> None:
        if found := _SPACE.match(self._text, self._at):
            self._at = found.end()

    def _want(self, letter: str) -> None:
        if self._letter != letter:
            raise NoJsonError(self._line)
        self._at += 1
        self._skip()

    def _take(self) -> Any:
        try:
            value, self._at = self._decoder.raw_decode(self._text, self._at)
        except json.JSONDecodeError as error:
            raise NoJsonError(error.lineno) from None
        except (ValueError, RecursionError):
            raise NoJsonError(self._line) from None
        self._skip()
        return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) != len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _no_number(word: str) -> float:
    raise ValueError(word)
