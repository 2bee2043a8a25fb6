"""The model that a training starts from: checked before a single step is made."""

from pathlib import Path

from torch import Tensor

from medviewer.core.errors import UserError
from medviewer.engine import models
from medviewer.engine.train.config import Config


def weights(config: Config, folder: Path | None) -> dict[str, Tensor] | None:
    """Return the weights that `[start]` names, from the model folder; None where the training starts from nothing.

    Raises:
        UserError: `usage`: one of table and folder without the other; `bad_start`: another model or architecture;
            `hash_mismatch`, `bad_model`: as for reading (engine.models).
    """
    if config.start is None and folder is None:
        return None
    if config.start is None or folder is None:
        raise UserError("usage", "A training from a model needs both: [start] in its configuration, and --start DIR.")
    loaded = models.load(folder, config.start.sha256, "cpu")
    if (loaded.card.name, loaded.card.version) != (config.start.model, config.start.version):
        raise UserError(
            "bad_start",
            f"The folder to start from holds {loaded.card.name} {loaded.card.version}, "
            f"not {config.start.model} {config.start.version}.",
        )
    return dict(loaded.net.state_dict())
