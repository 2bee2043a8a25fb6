"""Documents for scripts: every one says its schema and the program's version; numbers that are none are null."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from medviewer import __version__


def document(name: str, /, **fields: Any) -> dict[str, Any]:
    """Return a document of schema `medviewer.NAME/1`."""
    return {"schema": f"medviewer.{name}/1", "version": __version__, **fields}


def to_json(value: Any) -> str:
    """Return `value` as JSON text; NaN and infinities, which JSON does not have, become null."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2, allow_nan=False)


def plain(value: Any) -> Any:
    """Return `value` with tuples as lists, numpy numbers as numbers, and no NaN."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a document by its name ("info")."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "schemas" / f"{name}.json").read_text("utf-8"))
    return found


def names(values: Sequence[str]) -> str:
    """Return words for a choice ("a, b or c")."""
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"
