"""Frozen dataclasses to plain JSON values and back: the one codec for what crosses a process boundary or a file."""

import dataclasses
import functools
import types
from enum import Enum
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def pack(value: Any) -> Any:
    """Return dataclasses as dicts (defaults left out), tuples as lists, everything else as it is."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: pack(one) for name, default in _fields(type(value)) if (one := getattr(value, name)) != default}
    if isinstance(value, tuple | list):
        return [pack(v) for v in value]
    if isinstance(value, dict):
        return {k: pack(v) for k, v in value.items()}
    return value


@functools.cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    """Return name and default of each field."""
    return tuple((field.name, field.default) for field in dataclasses.fields(kind))


def unpack(kind: type[T], data: Any) -> T:
    """Return `data` (from `pack`) as a `kind`; names that `kind` does not have raise TypeError."""
    result: T = _unpack(kind, data)
    return result


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _unpack(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        kind = next(a for a in get_args(kind) if a is not type(None))
        return _unpack(kind, data)
    if origin is tuple:
        args = get_args(kind)
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(_unpack(args[0], v) for v in data)
        return tuple(_unpack(a, v) for a, v in zip(args, data, strict=True))
    if origin is dict:
        return {k: _unpack(get_args(kind)[1], v) for k, v in data.items()}
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = _hints(kind)
        if unknown := set(data) - set(hints):
            raise TypeError(f"{kind.__name__} has no {sorted(unknown)}")
        return kind(**{name: _unpack(hints[name], v) for name, v in data.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    if kind is float and isinstance(data, int):
        return float(data)
    return data
