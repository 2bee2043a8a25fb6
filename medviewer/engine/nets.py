"""Architectures by name: a card names one of ARCHITECTURES and its numbers; nothing from a file is imported or run.

Every net answers logits (the sigmoid belongs to the card's calibration): [N, 1] for whole pictures, [N, 1, h, w] for
nets that score every place (`dense` is True; the picture's own logit is the maximum over its places). Every ReLU is a
module of its own, since explanation methods hook modules and a shared one mixes two places up.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from medviewer.core.errors import UserError
from medviewer.engine.preprocess import Grid


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions with batch normalisation and a shortcut around them (He 2016).

    `padding` 0 makes the block "valid": the shortcut is cropped by the two pixels that the convolutions take off.
    """

    def __init__(self, inputs: int, outputs: int, stride: int = 1, padding: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.relu1 = nn.ReLU()
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, padding, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.relu2 = nn.ReLU()
        self.crop = 2 * (1 - padding)
        if self.crop and stride != 1:
            raise ValueError("a valid block keeps its stride")
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        y = self.norm2(self.conv2(self.relu1(self.norm1(self.conv1(x)))))
        if self.crop:
            x = x[..., self.crop : -self.crop, self.crop : -self.crop]
        return self.relu2(y + self.shortcut(x))  # type: ignore[no-any-return]


def _conv(inputs: int, outputs: int, kernel: int, stride: int, padding: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False), nn.BatchNorm2d(outputs), nn.ReLU()
    )


class Net(nn.Module):
    """A feature extractor of named stages (`features.NAME`) and a head; `dense` nets answer a map of logits."""

    dense = False

    def __init__(self, features: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.features = nn.Sequential(OrderedDict(features))

    def grid(self, layer: str) -> Grid:
        """Return where the cells of `layer` ("features.stage3") look, by receptive-field arithmetic.

        Raises:
            UserError: `bad_model`, no such stage.
        """
        name = layer.removeprefix("features.")
        grid = Grid()
        for stage, module in self.features.named_children():
            for kernel, stride, padding in _windows(module):
                grid = grid.through(kernel, stride, padding)
            if stage == name:
                return grid
        raise UserError("bad_model", f"This model has no layer “{layer}”; the model folder does not fit this version.")

    @property
    def last(self) -> str:
        """Name of the last stage, the usual one for Grad-CAM."""
        return "features." + [n for n, _ in self.features.named_children()][-1]


def _windows(module: nn.Module) -> Iterator[tuple[int, int, int]]:
    """Kernel, stride and padding of each window on a stage's main path (shortcuts look at the same centres)."""
    if isinstance(module, nn.Conv2d | nn.MaxPool2d):
        yield _one(module.kernel_size), _one(module.stride), _one(module.padding)
    elif isinstance(module, ResidualBlock):
        yield from _windows(module.conv1)
        yield from _windows(module.conv2)
    elif isinstance(module, nn.Sequential):
        for child in module:
            yield from _windows(child)


def _one(size: Any) -> int:
    return int(size[0]) if isinstance(size, tuple) else int(size)


class ClassicCnn(Net):
    """Three convolutions, three poolings, two dense layers: the survey's recipe (AI.md 1), 12.9 M parameters at 128."""

    def __init__(self, channels: int = 3, size: int = 128) -> None:
        stages: dict[str, nn.Module] = {}
        inputs, side = channels, size
        for number, width in enumerate((32, 64, 128), 1):
            stages[f"stage{number}"] = nn.Sequential(nn.Conv2d(inputs, width, 3), nn.ReLU())
            stages[f"pool{number}"] = nn.MaxPool2d(2)
            inputs, side = width, (side - 2) // 2
        super().__init__(stages)
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(inputs * side * side, 512), nn.ReLU(), nn.Linear(512, 1))
        for module in self.modules():  # Keras' glorot_uniform and zeros, which the recipe trains from
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    @property
    def last(self) -> str:
        return "features.stage3"

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.features(x))  # type: ignore[no-any-return]


class ResnetSmall(Net):
    """A residual net with batch normalisation for single-channel pictures; global average, dropout, one logit."""

    def __init__(
        self,
        channels: int = 1,
        widths: tuple[int, ...] = (32, 64, 128),
        blocks: tuple[int, ...] = (2, 2, 2),
        stem: int = 16,
        dropout: float = 0.2,
    ) -> None:
        stages: dict[str, nn.Module] = {"stem": _conv(channels, stem, 5, 2, 2)}
        inputs = stem
        for number, (width, count) in enumerate(zip(widths, blocks, strict=True), 1):
            row = [ResidualBlock(inputs if i == 0 else width, width, 2 if i == 0 else 1) for i in range(count)]
            stages[f"stage{number}"], inputs = nn.Sequential(*row), width
        super().__init__(stages)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(inputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.dropout(self.pool(self.features(x)).flatten(1)))  # type: ignore[no-any-return]


class FcnNodule(Net):
    """A fully convolutional residual net without any padding: stride 4, one cell sees 45 x 45 pixels.

    Because nothing is padded, a place scores the same in a small patch and in a whole slice. The input must carry a
    margin of half the field around the places that are asked for (`preprocess` adds it).
    """

    dense = True

    def __init__(self, channels: int = 1, widths: tuple[int, int, int] = (24, 48, 96), dropout: float = 0.2) -> None:
        a, b, c = widths
        super().__init__(
            {
                "stem": _conv(channels, a, 3, 1, 0),
                "stage1": ResidualBlock(a, a, padding=0),
                "down2": _conv(a, b, 3, 2, 0),
                "stage2": nn.Sequential(ResidualBlock(b, b, padding=0)),
                "down3": _conv(b, c, 3, 2, 0),
                "stage3": nn.Sequential(ResidualBlock(c, c, padding=0)),
                "stage4": _conv(c, c, 3, 1, 0),
            }
        )
        self.dropout = nn.Dropout2d(dropout)
        self.head = nn.Conv2d(c, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.dropout(self.features(x)))  # type: ignore[no-any-return]


#: Name in a card to net; parameters are plain numbers and lists of numbers.
ARCHITECTURES: dict[str, Callable[..., Net]] = {
    "classic-cnn": ClassicCnn,
    "resnet-small": ResnetSmall,
    "fcn-nodule": FcnNodule,
}


def build(name: str, params: Mapping[str, Any] | None = None) -> Net:
    """Return the untrained net of a card's architecture, in evaluation mode.

    Raises:
        UserError: `bad_model`, an unknown name or parameters that the net does not take.
    """
    try:
        make = ARCHITECTURES[name]
        net = make(**{k: tuple(v) if isinstance(v, list) else v for k, v in (params or {}).items()})
    except (KeyError, TypeError, ValueError) as bad:
        raise UserError("bad_model", f"The model's architecture “{name}” is not one of ours.", str(bad)) from bad
    return net.eval()


def parameter_count(net: nn.Module) -> int:
    """Return the number of trained numbers."""
    return sum(p.numel() for p in net.parameters())


def picture_logits(logits: Tensor, places: Tensor | None = None) -> Tensor:
    """Return one logit a picture [N] from a net's answer: [N, 1] as it is, [N, 1, h, w] the maximum over its places.

    `places` bool [N, h, w] leaves out the others; without any place the answer is -inf. A training patch is prepared to
    one cell, so that its score is what a slice gets from the same place.
    """
    if logits.ndim == 2:
        return logits[:, 0]
    flat = logits[:, 0].flatten(1)
    if places is not None:
        flat = flat.masked_fill(~places.flatten(1), -torch.inf)
    return flat.amax(1)
