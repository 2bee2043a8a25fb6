"""What a model sees in the pictures: its last layer before the head, averaged over the picture. Needs torch."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from medviewer.core.datasets import DataSet
from medviewer.core.errors import UserError
from medviewer.engine.models import load
from medviewer.engine.preprocess import prepare
from medviewer.inference.card import read_card

BATCH = 32


def of_model(dataset: DataSet, folder: Path, tell: Callable[[int, int], Any]) -> NDArray[np.float32]:
    """Return features [kept picture, channel]; zeros for pictures that the model does not take.

    Raises:
        UserError: `bad_model`, `hash_mismatch`.
    """
    card = read_card(folder / "card.json")
    if card.input.size is None and dataset.facts.kind == "films":
        raise UserError("bad_model", f"The model {card.name} does not read whole films.")
    model = load(folder, card.weights_sha256, "cpu")
    rows = dataset.kept
    found: NDArray[np.float32] | None = None
    with dataset.pictures() as pictures, torch.no_grad():
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            ready = [prepare(card.input, pictures[row.file], patch=dataset.facts.kind == "patches") for row in some]
            at = [i for i, p in enumerate(ready) if p.reason is None]
            if at:
                batch = torch.from_numpy(np.stack([ready[i].tensor for i in at]))
                seen = model.net.features(batch.contiguous(memory_format=torch.channels_last)).mean((2, 3)).numpy()
                found = np.zeros((len(rows), seen.shape[1]), np.float32) if found is None else found
                found[[start + i for i in at]] = seen
            tell(min(start + BATCH, len(rows)), len(rows))
    return np.zeros((len(rows), 1), np.float32) if found is None else found
