"""Acts on models in the audit: entered after they hold, and late where a program was ended in between."""

import dataclasses
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.app.admin.in_use import IMPORT, PROMOTE, ROLL_BACK, Act
from medviewer.core.errors import UserError
from medviewer.inference.folder import ModelFolder

if TYPE_CHECKING:
    from medviewer.app.session import Session
    from medviewer.library.library import Library

log = logging.getLogger(__name__)

WORDS = {PROMOTE: "model.promoted", ROLL_BACK: "model.rolled_back", IMPORT: "model.imported"}
#: How far back acts are looked for in the audit, in entries; seconds that the library may take.
MOST, PATIENCE_S = 50_000, 60.0
MARK = "in-use.audited"


class Audited:
    """Enters acts. `models/in-use.audited` names the last act that the audit has: nothing is looked for without need.

    The file is a note alone: without it, or torn, the audit itself is asked.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._mark: Path = session.home.models / MARK
        self._whole = False  # all acts before the next one stand in the audit

    def enter(self, act: Act) -> bool:
        """Enter an act that holds; False where there is no library now: it is entered later."""
        return self._enter(act, {})

    def say(self, what: str, model: ModelFolder) -> None:
        """Enter a deed that is no act (an export, a removal)."""
        details = {"model": model.name, "version": model.card.version, "sha256": model.sha256}
        try:
            self._session.shelf.write(lambda library: library.audit(what, details=details)).result(PATIENCE_S)
        except (UserError, TimeoutError) as error:
            log.warning("%s could not be entered into the audit: %s", what, type(error).__name__)

    def catch_up(self, acts: Sequence[Act]) -> None:
        """Enter what the audit lacks (hold the lock of the models: another program may be about to enter its own)."""
        self._whole = not acts or self._read_mark() == acts[-1].id
        if self._whole:
            return
        try:
            entered = self._session.shelf.read(_entered).result(PATIENCE_S)
        except (UserError, TimeoutError) as error:
            log.warning("the audit could not be asked for acts on models: %s", type(error).__name__)
            return
        for act in acts:
            if act.id not in entered and not self._enter(act, {"entered_late": True, "at": act.at, "by": act.who}):
                return
        self._whole = True
        self._write_mark(acts[-1])

    def _enter(self, act: Act, more: dict[str, Any]) -> bool:
        details = {k: v for k, v in dataclasses.asdict(act).items() if k not in ("id", "at", "who", "kind") and v}
        details |= {"act": act.id, **more}
        try:
            self._session.shelf.write(lambda library: library.audit(WORDS[act.kind], details=details)).result(
                PATIENCE_S
            )
        except (UserError, TimeoutError) as error:
            log.warning("an act on a model will be entered into the audit later: %s", type(error).__name__)
            self._whole = False
            return False
        if self._whole:
            self._write_mark(act)
        return True

    def _read_mark(self) -> str:
        try:
            return self._mark.read_text("utf-8").strip()
        except (OSError, ValueError):
            return ""

    def _write_mark(self, act: Act) -> None:
        try:
            self._mark.write_text(act.id, "utf-8")
        except OSError as error:
            log.warning("the note on audited acts could not be written: %s", type(error).__name__)


def _entered(library: "Library") -> set[str]:
    """Return the ids of acts that stand in the audit."""
    words = set(WORDS.values())
    return {str(e.details.get("act")) for e in library.audit_entries(most=MOST) if e.what in words}
