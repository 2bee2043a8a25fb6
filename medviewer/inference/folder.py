"""Model folders: `card.json`, `weights.safetensors`, README, LICENSE and SHA256SUMS over all of them.

Nothing here opens the weights: the model process does, and compares their hash with the card's once more.
"""

import hashlib
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from medviewer.core.errors import UserError
from medviewer.inference.card import Card, read_card

log = logging.getLogger(__name__)

CARD, WEIGHTS, SUMS = "card.json", "weights.safetensors", "SHA256SUMS"
#: End of the names of folders that are not finished.
IN_THE_MAKING = ".part"
MAX_FILES, MAX_DEPTH = 256, 4
MAX_WEIGHTS, MAX_OTHER, MAX_SUMS = 2 << 30, 64 << 20, 1 << 20
_CARDS: dict[Path, tuple[tuple[int, ...], Card]] = {}
_LINE = re.compile(r"([0-9a-f]{64}) [ *]([^\n]{1,512})")


@dataclass(frozen=True)
class ModelFolder:
    """A model that can be offered. `sha256` is the weights' hash as the card states it."""

    path: Path
    card: Card
    sha256: str

    @property
    def name(self) -> str:
        return self.card.name


def load(path: Path) -> ModelFolder:
    """Return the model in the folder `path` (its card is read, its weights are only looked at).

    Raises:
        UserError: `bad_model`: a card that cannot be used, weights that are missing, a link or too large.
    """
    card = _card(path / CARD)
    weights = path / WEIGHTS
    if weights.is_symlink() or not weights.is_file():
        raise UserError("bad_model", f"The model folder {path.name} has no weights.safetensors.")
    if weights.stat().st_size > MAX_WEIGHTS:
        raise UserError("bad_model", f"The weights of the model {path.name} are larger than 2 GB and were not read.")
    return ModelFolder(path.resolve(), card, card.weights_sha256)


def _card(path: Path) -> Card:
    """Return the card in a file; one that has not changed since it was read is not parsed again (a millisecond each).

    Raises:
        UserError: `bad_model`.
    """
    try:
        state = path.stat()
    except OSError:
        return read_card(path)  # which says what is wrong
    stamp = (state.st_mtime_ns, state.st_ctime_ns, state.st_size, state.st_ino)
    known = _CARDS.get(path)
    if known is None or known[0] != stamp:
        if len(_CARDS) >= MAX_FILES:
            _CARDS.clear()
        known = _CARDS[path] = stamp, read_card(path)
    return known[1]


def find(roots: Sequence[Path], on_bad: Callable[[Path, UserError], object] | None = None) -> tuple[ModelFolder, ...]:
    """Return the models under `roots`, each a folder of model folders or itself one, by name, the newest root last.

    A model of a later root takes the place of one with the same name and version. Folders that cannot be used are
    left out and handed to `on_bad`.
    """
    found: dict[tuple[str, str], ModelFolder] = {}
    for folder in (f for root in roots for f in _candidates(root)):
        try:
            model = load(folder)
        except UserError as error:
            log.warning("model folder left out: %s", error.sentence)
            if on_bad:
                on_bad(folder, error)
        else:
            found[model.card.name, model.card.version] = model
    return tuple(found[key] for key in sorted(found))


def _candidates(root: Path) -> Iterator[Path]:
    if (root / CARD).is_file():
        yield root
    elif root.is_dir():
        folders = (f for f in root.iterdir() if not f.name.endswith(IN_THE_MAKING) and (f / CARD).is_file())
        yield from sorted(folders)[:MAX_FILES]


def verify(folder: ModelFolder) -> tuple[str, ...]:
    """Return what does not hold in the folder, one sentence each; empty means that all of it is as it was made.

    Every file must be regular, bounded and listed in SHA256SUMS with its hash, and the card's own hashes must agree.
    """
    problems: list[str] = []
    files = _files(folder.path, problems)
    listed = _listed(folder.path / SUMS, problems)
    for name in sorted(set(listed) - set(files)):
        problems.append(f"{name} is missing.")
    hashes: dict[str, str] = {}
    for name in sorted(files):
        if name == SUMS:
            continue
        hashes[name] = sha256_of(files[name])
        if name not in listed:
            problems.append(f"{name} is not listed in {SUMS}.")
        elif listed[name] != hashes[name]:
            problems.append(f"{name} was changed: its hash is not the one in {SUMS}.")
    for name, stated in sorted(folder.card.sha256s.items()):
        if hashes.get(name) != stated:
            problems.append(f"{name} is not the file that the card was written for.")
    return tuple(problems)


def _files(root: Path, problems: list[str]) -> dict[str, Path]:
    """Return relative name -> path of the folder's files; links and whatever is out of bounds become problems."""
    files: dict[str, Path] = {}
    todo = [(root, 0)]
    while todo:
        folder, depth = todo.pop()
        for entry in sorted(folder.iterdir()):
            name = entry.relative_to(root).as_posix()
            if entry.is_symlink():
                problems.append(f"{name} is a link; a model folder holds plain files only.")
            elif entry.is_dir() and depth < MAX_DEPTH:
                todo.append((entry, depth + 1))
            elif not entry.is_file() or len(files) >= MAX_FILES:
                problems.append(f"{name} does not belong into a model folder.")
            elif entry.stat().st_size > (MAX_WEIGHTS if entry.name.endswith(".safetensors") else MAX_OTHER):
                problems.append(f"{name} is too large.")
            else:
                files[name] = entry
    return files


def _listed(path: Path, problems: list[str]) -> dict[str, str]:
    """Return relative name -> hash of SHA256SUMS (the format of sha256sum)."""
    try:
        text = path.read_text("utf-8") if path.stat().st_size <= MAX_SUMS else ""
    except (OSError, ValueError):
        text = ""
    if not text:
        problems.append(f"{SUMS} is missing or cannot be read.")
    listed: dict[str, str] = {}
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        if match is None or match[2] in listed:
            problems.append(f"{SUMS} has a line that cannot be read.")
        else:
            listed[match[2].removeprefix("./")] = match[1]
    return listed


def sha256_of(path: Path) -> str:
    """Return the file's SHA-256 in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(path: Path) -> None:
    """Write SHA256SUMS over every other file in the model folder `path`."""
    names = sorted(p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file() and p.name != SUMS)
    text = "".join(f"{sha256_of(path / name)}  {name}\n" for name in names)
    (path / SUMS).write_text(text, "utf-8")
