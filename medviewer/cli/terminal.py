"""What every command shares: the options that stand anywhere, the session, words on stderr, data on stdout."""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from medviewer.app import documents
from medviewer.app.session import Session
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job


class Terminal:
    """The terminal of this run."""

    def __init__(self) -> None:
        self.home: Path | None = None
        self.quiet = self.debug = False

    def take_options(self, argv: Sequence[str]) -> list[str]:
        """Take --home, --quiet and --debug out of `argv`, wherever they stand before a "--", and return the rest.

        Raises:
            UserError: `usage`: --home without a folder.
        """
        self.home, self.quiet, self.debug = None, False, False
        words, rest = list(argv), list[str]()
        while words:
            word = words.pop(0)
            if word == "--":
                return [*rest, word, *words]
            if word in ("--quiet", "--debug"):
                setattr(self, word[2:], True)
            elif word == "--home" or word.startswith("--home="):
                value = word[7:] if "=" in word else (words.pop(0) if words else "")
                if not value:
                    raise UserError("usage", "--home needs a folder.")
                self.home = Path(value)
            else:
                rest.append(word)
        return rest

    @contextlib.contextmanager
    def session(self, device: str = "") -> Iterator[Session]:
        """Open a session for one command; its jobs show their progress, its notices are printed."""
        with Session(self.home, device=device) as session:
            session.engine.noticed.connect(self.tell)
            if session.settings.policy.problems:
                self.tell(session.settings.policy.sentence)
            with self._progress(session):
                yield session

    def tell(self, sentence: str) -> None:
        """Say a sentence on stderr, unless --quiet."""
        if not self.quiet:
            print(sentence, file=sys.stderr, flush=True)

    def document(self, value: dict[str, Any]) -> None:
        """Put one JSON document on stdout."""
        print(documents.to_json(value))

    def line(self, text: str) -> None:
        """Put one line on stdout; what a file says cannot steer the terminal."""
        print("".join(c if c.isprintable() else " " for c in text))

    def said(self, line: dict[str, Any]) -> None:
        """Put what a training said on stdout as words."""
        facts = {k: v for k, v in line.items() if k not in ("schema", "version", "event", "at")}
        words = (f"{k} {_short(v)}" for k, v in facts.items() if v is not None and not isinstance(v, dict))
        self.line(f"{line.get('event', '')}  {'  '.join(words)}")

    @contextlib.contextmanager
    def _progress(self, session: Session) -> Iterator[None]:
        """Show the jobs on stderr while they run, if that is a terminal."""
        if self.quiet or not sys.stderr.isatty():
            yield
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            shown: dict[int, Any] = {}

            def changed(job: Job) -> None:
                if job.id not in shown:
                    shown[job.id] = progress.add_task(job.title, total=None)
                progress.update(shown[job.id], completed=job.done, total=job.total or None)

            session.jobs.changed.connect(changed)
            yield


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


TERMINAL = Terminal()
