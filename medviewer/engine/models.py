"""From a model folder to a net that computes: card, checked weights, one of our own architectures."""

import hashlib
import json
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load as load_tensors
from torch import Tensor

from medviewer.core.errors import UserError
from medviewer.engine import nets
from medviewer.inference.card import Card, read_card

MAX_WEIGHTS = 2 << 30
MAX_HEADER = 8 << 20
DTYPES = frozenset({"F32", "F16", "BF16", "I64", "I32", "U8", "BOOL"})  # I64: batch norm's counter


@dataclass
class LoadedModel:
    """A net in memory. `lock` covers predictions and maps alike: hooks on a shared net are not thread safe (AI.md 2).

    Attributes:
        limit: how many pictures at once the device's memory took, once it was full; None before.
        check: what the weight-randomisation check found, by method, so that it is made once.
        last_map: the latest map by method, for the comparison of two images' maps.
    """

    card: Card
    net: nets.Net
    sha256: str
    device: str
    limit: int | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    check: dict[str, float] = field(default_factory=dict)
    last_map: dict[str, tuple[int, Any]] = field(default_factory=dict)

    def to(self, device: str) -> None:
        """Move the net."""
        self.net.to(device)
        self.device = device


def load(folder: Path, sha256: str, device: str) -> LoadedModel:
    """Return the model of `folder`, if its weights have the hash `sha256` and fit their architecture exactly.

    The bytes that are hashed are the bytes that are used. Memory layout is channels last (AI.md 6).

    Raises:
        UserError: `hash_mismatch`: the file is not the one that was verified; `bad_model`: it does not fit the card.
    """
    card = read_card(folder / "card.json")
    data = _read_weights(folder)
    if hashlib.sha256(data).hexdigest() != sha256 or card.weights_sha256 != sha256:
        sentence = f"The weights of {card.name} {card.version} are not the file that was checked; install it again."
        raise UserError("hash_mismatch", sentence)
    net = nets.build(card.architecture.name, card.architecture.params)
    _check_header(data, card)
    state = load_tensors(data)
    _check_values(state, card)
    try:
        net.load_state_dict(state, strict=True)
    except RuntimeError as error:
        raise _unfit(card, "its weights do not fit its architecture", str(error)) from error
    net.eval().requires_grad_(requires_grad=False)
    net.to(device=torch.device(device), memory_format=torch.channels_last)  # type: ignore[call-overload]
    _check_card(card, net)
    return LoadedModel(card, net, sha256, device)


def _unfit(card: Card, reason: str, details: str = "") -> UserError:
    return UserError("bad_model", f"The model {card.name} {card.version} cannot be used: {reason}.", details)


def _read_weights(folder: Path) -> bytes:
    try:
        with (folder / "weights.safetensors").open("rb") as file:
            data = file.read(MAX_WEIGHTS + 1)
    except OSError as error:
        raise UserError("bad_model", f"The model folder {folder.name} has no weights that can be read.") from error
    if len(data) > MAX_WEIGHTS:
        raise UserError("bad_model", f"The weights of the model {folder.name} are larger than 2 GB.")
    return data


def _check_header(data: bytes, card: Card) -> None:
    """Check safetensors' JSON header: its size, dtypes, and that the tensors fill the file without overlap."""
    size = int.from_bytes(data[:8], "little")
    if not 2 <= size <= min(MAX_HEADER, len(data) - 8):
        raise _unfit(card, "its weights file is damaged", "header size")
    try:
        header = json.loads(data[8 : 8 + size])
        spans = []
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            if entry["dtype"] not in DTYPES:
                raise _unfit(card, "its weights have a type that is not used here", str(entry["dtype"])[:20])
            spans.append(tuple(int(v) for v in entry["data_offsets"]))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _unfit(card, "its weights file is damaged", "header") from error
    spans.sort()
    ends = [0, *(end for _, end in spans)]
    if [start for start, _ in spans] != ends[:-1] or ends[-1] != len(data) - 8 - size:
        raise _unfit(card, "its weights file is damaged", "offsets")


def _check_values(state: dict[str, Tensor], card: Card) -> None:
    for name, tensor in state.items():
        if tensor.is_floating_point() and not torch.isfinite(tensor).all():
            raise _unfit(card, "its weights hold numbers that are not finite", name[:100])


def _check_card(card: Card, net: nets.Net) -> None:
    """Check what the card says of the net: the explained layer exists, and its grid is where the net's own is."""
    if card.explain.layer not in dict(net.named_modules()):
        raise _unfit(card, f"it has no layer {card.explain.layer}")
    if net.dense != (card.task == "detection-map"):
        raise _unfit(card, f"its architecture does not do the task {card.task}")
    cells = [(card.explain.layer, card.explain.cell)]
    cells += [(net.last, card.output.cell)] if card.output.cell else []
    for layer, cell in cells:
        grid = net.grid(layer)
        if cell.stride != (grid.stride, grid.stride) or cell.offset != (grid.offset, grid.offset):
            raise _unfit(card, f"its card puts the cells of {layer} in another place than its net does")
