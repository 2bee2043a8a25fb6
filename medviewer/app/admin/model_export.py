"""A model for elsewhere: one zip that `model_import` takes (equal folders give equal files), or an ONNX file."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medviewer.app.admin import training_word
from medviewer.app.admin.in_use import trouble
from medviewer.core.errors import UserError
from medviewer.core.jobs import Job
from medviewer.inference.folder import ModelFolder

_TIME = (1980, 1, 1, 0, 0, 0)
BROKEN = "The ONNX file could not be made: the process ended unexpectedly. Try again."


def write(model: ModelFolder, to: Path) -> Path:
    """Write the zip and return its path; `to` is a file, or a folder that gets NAME-VERSION.zip.

    Raises:
        UserError: `usage`: something is there already, or the folder does not exist; `no_space`, `not_permitted`.
    """
    name = f"{model.name}-{model.card.version}"
    with _whole(to, f"{name}.zip") as (path, part), zipfile.ZipFile(part, "x", zipfile.ZIP_DEFLATED, True, 6) as packed:
        for file in sorted(p for p in model.path.rglob("*") if p.is_file() and not p.is_symlink()):
            entry = zipfile.ZipInfo(f"{name}/{file.relative_to(model.path).as_posix()}", _TIME)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with file.open("rb") as source, packed.open(entry, "w") as member:
                while block := source.read(1 << 20):
                    member.write(block)
    return path


def write_onnx(model: ModelFolder, to: Path, job: Job) -> Path:
    """Let the training process write the model as ONNX and try it; return the file's path, as `write` does.

    Raises:
        Cancelled. UserError: as `write`; `not_equal`, `no_onnxruntime`, `crashed`: nothing is written then.
    """
    with _whole(to, f"{model.name}-{model.card.version}.onnx") as (path, part):
        training_word.ask(["onnx", str(model.path), "--out", str(part)], job, BROKEN)
    return path


@contextmanager
def _whole(to: Path, name: str) -> Iterator[tuple[Path, Path]]:
    """Yield (path, what to write): that becomes the file at the end, whole, or nothing is there.

    Raises:
        UserError: `usage`: something is there already, or the folder does not exist; `no_space`, `not_permitted`.
    """
    path = (to / name if to.is_dir() else to).expanduser().absolute()
    if not path.parent.is_dir():
        raise UserError("usage", f"The folder of {path.name} does not exist.")
    if os.path.lexists(path):
        raise UserError("usage", f"{path.name} exists already; choose another name.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield path, part
        with part.open("rb+") as whole:
            os.fsync(whole.fileno())
        part.replace(path)
    except OSError as error:
        raise trouble(error) from error
    finally:
        part.unlink(missing_ok=True)
