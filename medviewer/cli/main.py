"""The command line: the same deeds as the window's, from a terminal. Exit codes and output are CONTRACT.md's."""

import logging
import os
import sys
import traceback
from collections.abc import Sequence

import typer

from medviewer import __version__
from medviewer.app.home import find_home
from medviewer.app.logs import start_log
from medviewer.cli import commands, compare, datasets, library, models, runs, site, train, triage
from medviewer.cli.terminal import TERMINAL
from medviewer.core.errors import DEFECT, UserError, exit_code, sentence_for
from medviewer.core.jobs import Cancelled

log = logging.getLogger(__name__)

USAGE, INTERRUPTED = 2, 130
_EVERYWHERE = (
    "Everywhere: --home DIR (keep everything there), --quiet (errors only on stderr), --debug (tracebacks). "
    "Without a command, medviewer [PATH…] [--read-only] [--safe-mode] opens the window."
)
#: Typer's base of errors in the words on the command line, whichever click it carries.
_CLICK_ERROR: type[Exception] = typer.BadParameter.__mro__[2]

app = typer.Typer(
    name="medviewer",
    help="A clinical image viewer in which AI can be seen through. Not for diagnostic use.",
    epilog=_EVERYWHERE,
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        print(f"medviewer {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Hold the program's own options."""


for _name, _run in commands.COMMANDS.items():
    app.command(_name, epilog=_EVERYWHERE)(_run)
app.command("train", epilog=_EVERYWHERE)(train.train)
app.command("triage", epilog=_EVERYWHERE)(triage.triage)
app.command("compare", epilog=_EVERYWHERE)(compare.compare)
app.add_typer(models.models, name="models")
app.add_typer(datasets.datasets, name="datasets")
app.add_typer(runs.runs, name="runs")
app.add_typer(library.library, name="library")
app.add_typer(library.audit, name="audit")
app.add_typer(site.site, name="site")


def main(argv: Sequence[str]) -> int:
    """Run a command line (without the program's name) and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # file names and descriptions are not always in the terminal's own charset
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        words = TERMINAL.take_options(argv)
        code = typer.main.get_command(app)(words, prog_name="medviewer", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except UserError as error:
        return _say(error.sentence, exit_code(error))
    except (KeyboardInterrupt, Cancelled, typer.Abort):
        return _say("Interrupted.", INTERRUPTED)
    except BrokenPipeError:  # whoever read our output has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except _CLICK_ERROR as error:
        text = str(error.format_message()) if hasattr(error, "format_message") else str(error)
        return _say(text or "Which command? See medviewer --help.", USAGE)
    except OSError as error:
        return _defect(error) if error.errno not in (13, 28, 30) else _say(sentence_for(error), 4)
    except Exception as error:  # noqa: BLE001 - the edge: everything else is a defect of ours
        return _defect(error)


def _say(sentence: str, code: int) -> int:
    print(f"medviewer: {' '.join(sentence.split())}", file=sys.stderr)
    return code


def _defect(error: Exception) -> int:
    """Log a defect and say where; its own text may carry what nobody should read, so it is not printed."""
    path = start_log(find_home(TERMINAL.home))
    log.error("command failed: %s", type(error).__name__, exc_info=error)
    if TERMINAL.debug:
        traceback.print_exception(error)
    return _say(f"Something went wrong inside medviewer. The log is {path}", DEFECT)
