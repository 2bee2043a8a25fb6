"""The models that can be used: those shipped with the program and the user's own."""

from collections.abc import Callable
from pathlib import Path

from medviewer.app.home import Home, shipped_models
from medviewer.core.errors import UserError
from medviewer.inference import folder
from medviewer.inference.folder import ModelFolder


def find_models(
    home: Home | None, on_bad: Callable[[Path, UserError], object] | None = None
) -> tuple[ModelFolder, ...]:
    """Return all usable models by name; without `home` the shipped ones only."""
    roots = [shipped_models(), *([home.models] if home else [])]
    return folder.find(roots, on_bad)


def find_model(home: Home, name: str) -> ModelFolder:
    """Return the newest model called `name`, or the one in the folder `name`.

    Raises:
        UserError: `no_model`, or `bad_model` for a folder that cannot be used.
    """
    path = Path(name)
    if (path / folder.CARD).is_file():
        return folder.load(path)
    models = find_models(home)
    found = [model for model in models if model.name == name]
    if found:
        return found[-1]
    known = ", ".join(dict.fromkeys(model.name for model in models)) or "none"
    raise UserError("no_model", f"There is no model called {path.name}. Known models: {known}.")


def check(model: ModelFolder) -> None:
    """Refuse a model whose files are not as they were made.

    Raises:
        UserError: `hash_mismatch`.
    """
    problems = folder.verify(model)
    if problems:
        raise UserError("hash_mismatch", f"The model {model.name} was not used: {problems[0]}", " ".join(problems))
