"""The architectures that a card may name."""

import pytest
import torch
from torch import nn

from medviewer.core.errors import UserError
from medviewer.engine.nets import ARCHITECTURES, FcnNodule, Net, build, parameter_count, picture_logits


def random_net(name: str, **params: object) -> Net:
    torch.manual_seed(3)
    net = build(name, params)
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):  # trained nets have statistics that are not 0 and 1
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 2)
    return net


def test_the_classic_recipe_has_its_published_number_of_parameters() -> None:
    assert parameter_count(build("classic-cnn")) == 12_939_329
    assert build("classic-cnn")(torch.zeros(2, 3, 128, 128)).shape == (2, 1)


def test_the_chest_film_net_stays_within_its_size() -> None:
    assert parameter_count(build("resnet-small")) <= 1_300_000


@pytest.mark.parametrize("name", sorted(ARCHITECTURES))
def test_no_relu_is_used_twice(name: str) -> None:
    net = build(name)
    calls: dict[nn.Module, int] = {}
    for module in net.modules():
        if isinstance(module, nn.ReLU):
            assert not module.inplace
            module.register_forward_hook(lambda m, *_: calls.__setitem__(m, calls.get(m, 0) + 1))
    net(torch.zeros(1, 3 if name == "classic-cnn" else 1, 128, 128))
    assert set(calls.values()) == {1}


def test_a_place_scores_the_same_in_a_patch_and_in_a_whole_slice() -> None:
    net = random_net("fcn-nodule")
    grid = net.grid(net.last)
    assert grid.stride <= 4
    assert grid.field <= 50
    whole = torch.rand(1, 1, 160, 140)
    with torch.no_grad():
        dense = net(whole)[0, 0]
        for row, column in ((0, 0), (7, 3), (dense.shape[0] - 1, dense.shape[1] - 1)):
            top, left = row * grid.stride, column * grid.stride
            patch = net(whole[..., top : top + grid.field, left : left + grid.field])
            assert patch.shape == (1, 1, 1, 1)
            assert float((patch[0, 0, 0, 0] - dense[row, column]).abs()) <= 1e-4
    assert dense.shape == (grid.cells(160), grid.cells(140))


@pytest.mark.parametrize(
    ("name", "channels", "size"), [("classic-cnn", 3, 128), ("resnet-small", 1, 160), ("fcn-nodule", 1, 101)]
)
def test_cells_look_where_the_arithmetic_says(name: str, channels: int, size: int) -> None:
    """The gradient of one cell is centred on offset + stride * cell and ends where the field ends."""
    net = random_net(name).double()
    for layer in (n for n, _ in net.features.named_children()):
        grid = net.grid(f"features.{layer}")
        x = torch.rand(1, channels, size, size, dtype=torch.float64, requires_grad=True)
        y = x
        for stage, module in net.features.named_children():
            y = module(y)
            if stage == layer:
                break
        cell = y.shape[-1] // 2
        y[..., cell, cell].sum().backward()
        seen = torch.nonzero(x.grad.abs().sum((0, 1, 2))).flatten()
        centre, reach = grid.offset + grid.stride * cell, (grid.field - 1) / 2
        assert seen.min() >= centre - reach
        assert seen.max() <= centre + reach
        if reach < size / 2 - 20:  # pools and dead units leave few edges out
            assert abs((float(seen.min()) + float(seen.max())) / 2 - centre) <= 2


def test_a_slice_scores_as_its_highest_place_that_counts() -> None:
    logits = torch.tensor([[[[0.0, 9.0], [3.0, -1.0]]]])
    assert picture_logits(logits).tolist() == [9.0]
    assert picture_logits(logits, torch.tensor([[[True, False], [True, True]]])).tolist() == [3.0]
    assert picture_logits(torch.tensor([[2.0]])).tolist() == [2.0]


@pytest.mark.parametrize(("name", "params"), [("os.system", {}), ("fcn-nodule", {"wdiths": [1, 2, 3]})])
def test_what_is_not_in_the_registry_is_refused(name: str, params: dict[str, object]) -> None:
    with pytest.raises(UserError) as error:
        build(name, params)
    assert error.value.code == "bad_model"


def test_a_layer_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UserError, match=r"features\.nothing"):
        FcnNodule().grid("features.nothing")
