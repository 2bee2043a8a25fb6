"""A model folder as one zip that `model_import` takes: equal folders give equal files."""

import os
import zipfile
from pathlib import Path

from medviewer.app.admin.in_use import trouble
from medviewer.core.errors import UserError
from medviewer.inference.folder import ModelFolder

_TIME = (1980, 1, 1, 0, 0, 0)


def write(model: ModelFolder, to: Path) -> Path:
    """Write the zip and return its path; `to` is a file, or a folder that gets NAME-VERSION.zip.

    Raises:
        UserError: `usage`: something is there already, or the folder does not exist; `no_space`, `not_permitted`.
    """
    name = f"{model.name}-{model.card.version}"
    path = (to / f"{name}.zip" if to.is_dir() else to).expanduser().absolute()
    if not path.parent.is_dir():
        raise UserError("usage", f"The folder of {path.name} does not exist.")
    if os.path.lexists(path):
        raise UserError("usage", f"{path.name} exists already; choose another name.")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(part, "x", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
            for file in sorted(p for p in model.path.rglob("*") if p.is_file() and not p.is_symlink()):
                entry = zipfile.ZipInfo(f"{name}/{file.relative_to(model.path).as_posix()}", _TIME)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                with file.open("rb") as source, packed.open(entry, "w") as member:
                    while block := source.read(1 << 20):
                        member.write(block)
        with part.open("rb+") as whole:
            os.fsync(whole.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise trouble(error) from error
    return path
