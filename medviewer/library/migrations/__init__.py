"""The ladder of schema versions: Alembic operations, one module a step, run inside the caller's transaction.

Alembic is imported when there is something to do. The steps are named here and not found in a folder, so that a frozen
program has them too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from alembic.operations import Operations


@dataclass(frozen=True)
class Step:
    """One step up: `module` in `steps` holds `upgrade(op)`, which leads to `version`."""

    version: str
    module: str

    def load(self) -> "Callable[[Operations], None]":
        """Return the step's function."""
        upgrade: Callable[[Operations], None] = import_module(f"{__name__}.steps.{self.module}").upgrade
        return upgrade


#: Oldest first. A program that freezes medviewer must take the whole package `steps` along.
STEPS = (Step("0001", "v0001_first"),)


def versions() -> tuple[str, ...]:
    """Return every version that this program can bring up to date."""
    return tuple(step.version for step in STEPS)


def upgrade(connection: Connection, version: str) -> str:
    """Go from `version` ("" for an empty database) to the newest one; the caller commits. Returns the newest."""
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext

    operations = Operations(MigrationContext.configure(connection))
    done = versions().index(version) + 1 if version else 0
    for step in STEPS[done:]:
        step.load()(operations)
        version = step.version
    connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    return version
