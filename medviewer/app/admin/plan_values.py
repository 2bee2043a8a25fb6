"""Plans as plain values: of a form, a command line, a file. Whatever they hold is checked here, once."""

import dataclasses
import math
import re
from collections.abc import Mapping
from typing import Any

from medviewer.app.admin.records import Plan, Start
from medviewer.core.errors import UserError

DEVICES = ("auto", "cuda", "mps", "cpu")
#: Field of a plan -> (type, least, most).
LIMITS: dict[str, tuple[type, float, float]] = {
    "epochs": (int, 1, 1000),
    "rate": (float, 1e-7, 1.0),
    "batch": (int, 1, 1024),
    "freeze": (int, -1, 64),
    "mixup": (float, 0.0, 10.0),
    "patience": (int, 0, 1000),
    "seed": (int, 0, 2**31 - 1),
    "threads": (int, 0, 256),
}
#: Change of training pictures (`engine.train.augment.Variety`) -> (least, most, whether it is a pair low..high);
#: (0, 0) is a yes or no.
CHANGES: dict[str, tuple[float, float, bool]] = {
    "angle": (0, 180, False),
    "turns": (0, 0, False),
    "scale": (0.25, 4, True),
    "aspect": (1, 4, False),
    "zoom": (0.25, 4, True),
    "shear": (0, 45, False),
    "shift": (0, 0.5, False),
    "mirror": (0, 0, False),
    "gamma": (0.1, 10, True),
    "contrast": (0.1, 4, True),
    "brightness": (0, 0.5, False),
    "slope": (0, 0.5, False),
    "shade": (0, 0.5, False),
    "blur": (0, 8, False),
    "noise": (0, 0.5, False),
    "sharp_share": (0, 1, False),
    "borders": (0, 1, False),
    "corners": (0, 1, False),
    "cutout": (0, 1, False),
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+ -]{0,63}")


def parse_plan(table: Mapping[str, Any]) -> Plan:
    """Return the plan of plain values (what is left out is as in `Plan`).

    Raises:
        UserError: `bad_plan`, with the one thing that is wrong.
    """
    table = _mapping(table, "a plan")
    names = {f.name for f in dataclasses.fields(Plan)}
    if unknown := sorted(set(map(str, table)) - names):
        raise _bad(f"it has no setting “{unknown[0][:40]}”")
    values = dict(table)
    values["start"] = _start(table.get("start"))
    values["augment"] = dict(_mapping(table.get("augment", {}), "augment"))
    for name in ("title", "dataset"):
        if not isinstance(values.get(name), str):
            raise _bad(f"it needs a {name}")
    plan = Plan(**values)
    check_plan(plan)
    return plan


def check_plan(plan: Plan) -> None:
    """Refuse values that no training can be made of.

    Raises:
        UserError: `bad_plan`.
    """
    for name, (kind, least, most) in LIMITS.items():
        value = getattr(plan, name)
        if not _is(value, kind) or not least <= value <= most:
            raise _bad(f"{name} is a number from {least:g} to {most:g}")
    if plan.device not in DEVICES:
        raise _bad(f"the device is one of {', '.join(DEVICES)}")
    if not isinstance(plan.class_weights, bool):
        raise _bad("class_weights is yes or no")
    if len(plan.title) > 200:
        raise _bad("its title is longer than 200 letters")
    if not _NAME.fullmatch(plan.dataset):
        raise _bad("it names no data set")
    for name, value in plan.augment.items():
        _check_change(name, value)


def _check_change(name: str, value: Any) -> None:
    if name not in CHANGES:
        raise _bad(f"there is no change of pictures called “{str(name)[:40]}”")
    least, most, pair = CHANGES[name]
    if (least, most) == (0, 0):
        if not isinstance(value, bool):
            raise _bad(f"{name} is yes or no")
    elif pair:
        if not (isinstance(value, list | tuple) and len(value) == 2 and all(_is(v, float) for v in value)):
            raise _bad(f"{name} is two numbers, from and to")
        if not least <= value[0] <= value[1] <= most:
            raise _bad(f"{name} goes from {least:g} to {most:g}, the smaller number first")
    elif not _is(value, float) or not least <= value <= most:
        raise _bad(f"{name} is a number from {least:g} to {most:g}")


def _is(value: Any, kind: type) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) if kind is int else isinstance(value, int | float) and math.isfinite(value)


def _start(table: Any) -> Start:
    values = dataclasses.asdict(table) if isinstance(table, Start) else _mapping(table, "start")
    start = Start(str(values.get("kind", "")), str(values.get("name", "")), str(values.get("version", "")))
    if start.kind not in ("model", "scratch") or not _NAME.fullmatch(start.name):
        raise _bad("it says neither a model nor a preset to start from")
    return start


def _mapping(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _bad(f"{name} is not a table of values")
    return value


def _bad(why: str) -> UserError:
    return UserError("bad_plan", f"The training was not started: {why}.")
