"""Plain JSON into frozen dataclasses, strictly: for files that come from elsewhere and are trusted with nothing."""

import dataclasses
import functools
import json
import math
import types
from typing import Any, Union, get_args, get_origin, get_type_hints

_MAX_TEXT, _MAX_ITEMS, _MAX_NUMBER = 20_000, 4096, 1 << 63


def need(fact: bool, words: str) -> None:
    """Raise ValueError with `words` unless `fact` holds; dataclasses check their own ranges with it."""
    if not fact:
        raise ValueError(words)


def loads(data: bytes) -> Any:
    """Return the JSON value in `data`; NaN, Infinity and names that stand twice are refused.

    Raises:
        ValueError, RecursionError
    """
    return json.loads(data, object_pairs_hook=_once, parse_constant=_no_constant)


def read(kind: Any, data: Any, where: str) -> Any:
    """Return the JSON value `data` as a `kind` (a dataclass, tuple, dict, plain type, or one of these or None).

    Raises:
        ValueError: saying where and what does not fit: unknown or missing fields, other types, infinite numbers,
            or what the dataclass itself refuses.
    """
    return _read(kind, data, where)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    need(len({k for k, _ in pairs}) == len(pairs), "a name stands twice")
    return dict(pairs)


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number")


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, data: Any, where: str) -> Any:
    """Return `data` as a `kind`; every mismatch is a ValueError that says where."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        options = [a for a in get_args(kind) if a is not type(None)]
        return None if data is None else _read(options[0], data, where)
    if origin is tuple:
        return _read_tuple(get_args(kind), data, where)
    if origin is dict:
        need(isinstance(data, dict) and len(data) <= _MAX_ITEMS, f"{where} is not an object")
        return {k: _read(get_args(kind)[1], v, f"{where}.{k}") for k, v in data.items()}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _read_object(kind, data, where)
    return _read_plain(kind, data, where)


def _read_tuple(args: tuple[Any, ...], data: Any, where: str) -> tuple[Any, ...]:
    need(isinstance(data, list) and len(data) <= _MAX_ITEMS, f"{where} is not a list")
    kinds = [args[0]] * len(data) if args[-1] is Ellipsis else list(args)
    need(len(kinds) == len(data), f"{where} does not have {len(kinds)} entries")
    return tuple(_read(k, v, f"{where}[{i}]") for i, (k, v) in enumerate(zip(kinds, data, strict=True)))


def _read_object(kind: type, data: Any, where: str) -> Any:
    need(isinstance(data, dict), f"{where} is not an object")
    hints = _hints(kind)
    unknown = sorted(set(data) - set(hints))
    need(not unknown, f"{where} has the unknown field {unknown[0] if unknown else ''}")
    for f in dataclasses.fields(kind):
        optional = f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING
        need(f.name in data or optional, f"{where} lacks {f.name}")
    return kind(**{name: _read(hints[name], value, f"{where}.{name}") for name, value in data.items()})


def _read_plain(kind: Any, data: Any, where: str) -> Any:
    if kind is float:
        need(isinstance(data, int | float) and not isinstance(data, bool), f"{where} is not a number")
        need(abs(data) < _MAX_NUMBER if isinstance(data, int) else math.isfinite(data), f"{where} is out of range")
        return float(data)
    if kind is Any:
        json.dumps(data, allow_nan=False)
        return data
    need(type(data) is kind, f"{where} is not {'a whole number' if kind is int else 'text'}")
    need(kind is not int or abs(data) < _MAX_NUMBER, f"{where} is out of range")
    need(not isinstance(data, str) or len(data) <= _MAX_TEXT, f"{where} is too long")
    return data
