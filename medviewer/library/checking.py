"""A look at the library as a whole: is the database sound, and are the files there that it speaks of."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from medviewer.library.database import Database
from medviewer.library.tables import images
from medviewer.library.texts import path_of
from medviewer.library.troubles import told

SERVER = "The server looks after its files itself; ask its administrator for a check."
SOUND, DAMAGED = "The database is sound.", "The database is damaged; restore a backup."
#: Every how many files progress is told.
_STEP = 1000


def database_state(database: Database) -> tuple[bool, str]:
    """Return whether the file is sound, all of it, and one sentence; a server is not asked."""
    if database.path is None:
        return True, SERVER
    with told(database.name), closing(sqlite3.connect(f"{database.path.as_uri()}?mode=ro", uri=True)) as file:
        whole = file.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
        whole = whole and file.execute("PRAGMA foreign_key_check").fetchone() is None
    return whole, SOUND if whole else DAMAGED


def missing_files(database: Database, tell: Callable[[int, int], object]) -> dict[int, int]:
    """Return how many files of each study are not where they were, by the study's number.

    Args:
        database: open library.
        tell: is told (done, total) files; what it raises ends the look.
    """
    files = select(images.c.study_id, images.c.source).where(~images.c.gone).distinct()
    with database.read() as connection:
        found = connection.execute(files.order_by(images.c.study_id)).all()
    missing, total = dict[int, int](), len(found)
    for done, (study_id, source) in enumerate(found):
        if done % _STEP == 0:
            tell(done, total)
        if not Path(path_of(source)).exists():
            missing[study_id] = missing.get(study_id, 0) + 1
    tell(total, total)
    return missing
