"""A model from outside: a folder of our own format, or a zip of one. Everything else is refused, with the reason.

Nothing is executed or unpickled, and no file is written outside a private folder before names, sizes and hashes have
been looked at (AI.md 7).
"""

import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from medviewer.app.admin.in_use import trouble
from medviewer.app.admin.promotion import verify
from medviewer.core.errors import UserError
from medviewer.inference import folder
from medviewer.inference.folder import ModelFolder

MOST_FILES, MOST_BYTES, MOST_NAME = folder.MAX_FILES, folder.MAX_WEIGHTS + folder.MAX_OTHER, 200
_OURS = "Ask for the model as a folder or zip with card.json and weights.safetensors."
#: Endings of files that are refused -> why.
REFUSED = {
    (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin", ".joblib"): (
        "{name} is a pickle, or may hold one: loading it can run any program that its maker put into it. " + _OURS
    ),
    (".ts", ".torchscript", ".pt2", ".jit"): (
        "{name} is a program (TorchScript or an exported graph), not weights alone: it would run inside medviewer. "
        + _OURS
    ),
    (".onnx", ".ort"): (
        "{name} is an ONNX graph: it brings its own operations and may point to other files, and our explanations "
        "cannot look into it. " + _OURS
    ),
    (".h5", ".hdf5", ".keras", ".pb", ".tflite"): (
        "{name} is a model of another program, which may carry code. " + _OURS
    ),
    (".py", ".pyc", ".so", ".dll", ".dylib", ".sh", ".exe"): (
        "{name} is a program: a model folder holds weights and texts only. " + _OURS
    ),
}
MONAI = (
    "This is a MONAI bundle: its configuration holds expressions that are executed when it is loaded, and its weights "
    "are a pickle. " + _OURS
)
_BUNDLE = ("configs/metadata.json", "configs/inference.json")


@contextmanager
def unpacked(path: Path, spool: Path) -> Iterator[ModelFolder]:
    """Give the checked model of a folder or zip; what was unpacked is gone afterwards.

    Raises:
        UserError: `bad_model`, `unsafe_path`, `too_large`, `hash_mismatch`, `no_file`, `no_space`.
    """
    path = path.expanduser().absolute()
    if path.is_symlink():
        raise UserError("unsafe_path", f"{path.name} is a link; give the folder or zip itself.")
    if path.is_dir():
        _refuse([p.relative_to(path).as_posix() for p in _listed(path)])
        yield _checked(path)
        return
    if not path.is_file():
        raise UserError("no_file", f"{path.name} does not exist. Check the path.")
    if not zipfile.is_zipfile(path) or path.suffix.lower() != ".zip":
        _refuse([path.name])
        raise UserError("bad_model", f"{path.name} is neither a model folder nor a zip of one. {_OURS}")
    place = Path(tempfile.mkdtemp(prefix="model-", dir=spool))
    try:
        _unzip(path, place)
        yield _checked(_root(place))
    except OSError as error:
        raise trouble(error) from error
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _listed(root: Path) -> Iterator[Path]:
    for count, path in enumerate(root.rglob("*")):
        if count > 4 * MOST_FILES:
            raise UserError("too_large", f"{root.name} holds more files than a model has.")
        yield path


def _refuse(names: list[str]) -> None:
    """Refuse what is no model folder of ours, in words that say why."""
    if any(name.endswith(bundle) for name in names for bundle in _BUNDLE):
        raise UserError("bad_model", MONAI)
    for name in names:
        for endings, words in REFUSED.items():
            if name.lower().endswith(endings):
                raise UserError("bad_model", words.format(name=PurePosixPath(name).name))


def _checked(path: Path) -> ModelFolder:
    if not (path / folder.CARD).is_file():
        raise UserError("bad_model", f"{path.name} has no card.json. {_OURS}")
    model = folder.load(path)
    verify(model)
    return model


def _root(place: Path) -> Path:
    """Return the folder with the card: the top, or the one folder in it."""
    inside = list(place.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else place


def _unzip(path: Path, place: Path) -> None:
    """Unpack plain files under plain names, within the limits; what an entry says of its size is not believed."""
    try:
        with zipfile.ZipFile(path) as packed:
            entries = [e for e in packed.infolist() if not e.is_dir()]
            _refuse([e.filename for e in entries])
            if len(entries) > MOST_FILES:
                raise UserError("too_large", f"{path.name} holds more files than a model has.")
            left = MOST_BYTES
            for entry in entries:
                target = place / _safe(entry)
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with packed.open(entry) as source, target.open("xb") as file:
                    while block := source.read(1 << 20):
                        left -= len(block)
                        if left < 0:
                            raise UserError("too_large", f"{path.name} unpacks to more than a model may have (2 GB).")
                        file.write(block)
    except FileExistsError as twice:
        raise UserError("bad_model", f"{path.name} holds a file twice.") from twice
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise UserError("bad_model", f"{path.name} is damaged or encrypted and cannot be unpacked.") from error
    except Exception as error:
        if isinstance(error, UserError | OSError):
            raise
        raise UserError("bad_model", f"{path.name} is damaged and cannot be unpacked.") from error  # zlib.error


def _safe(entry: zipfile.ZipInfo) -> PurePosixPath:
    """Return an entry's name, if it lies within the folder on every system.

    Raises:
        UserError: `unsafe_path`.
    """
    name = PurePosixPath(entry.filename)
    mode = entry.external_attr >> 16
    odd = (
        name.is_absolute()
        or ".." in name.parts
        or not name.parts
        or len(name.parts) > folder.MAX_DEPTH + 1
        or len(entry.filename) > MOST_NAME
        or any(c in entry.filename for c in '\\:*?"<>|')
        or not entry.filename.isprintable()
        or (mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG))
    )
    if odd:
        raise UserError("unsafe_path", "The zip holds a link or a name that leads elsewhere; nothing was unpacked.")
    return name
