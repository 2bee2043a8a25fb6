"""What a configuration can ask of a training: a start, frozen stages, mixup, patience, the survey's recipe, memory."""

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from medviewer.core import datasets as frozen_sets
from medviewer.core.errors import UserError
from medviewer.engine import nets
from medviewer.engine.nets import ResnetSmall, build, parameter_count
from medviewer.engine.train import datasets
from medviewer.engine.train.augment import Change, apply
from medviewer.engine.train.batches import Epoch, pass_order
from medviewer.engine.train.config import read_config
from medviewer.engine.train.distributed import World
from medviewer.engine.train.loop import Setting, train
from medviewer.engine.train.memory import SMALLER, TO_CPU
from medviewer.engine.train.run import Options, run
from medviewer.inference.folder import load, sha256_of
from tests.engine.training import CONFIG, FROZEN, PATCHES, make_frozen, plain, prepare

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a trained model (`model`), its data and configuration."""
    folder = tmp_path_factory.mktemp("base")
    config, data = prepare(folder, FROZEN)
    run(Options(config, data, folder / "model"), lambda _: None)
    return folder


def start_table(model: Path) -> str:
    sha256 = sha256_of(model / "weights.safetensors")
    return f'[start]\nkind = "weights"\nmodel = "squares"\nversion = "1"\nsha256 = "{sha256}"\n'


def tune(base: Path, out: Path, training: str = "", start: str | None = None, **changes: Any) -> list[dict[str, Any]]:
    """Fine-tune the base model; returns what was said."""
    config = out.with_suffix(".toml")
    text = CONFIG.format(**FROZEN | {"epochs": 2, "training": training} | changes)
    config.write_text(text + (start_table(base / "model") if start is None else start))
    lines: list[dict[str, Any]] = []
    run(Options(config, base / "data", out, start=base / "model"), lines.append)
    return lines


def tensors(folder: Path) -> dict[str, torch.Tensor]:
    return load_file(folder / "weights.safetensors")


def test_fine_tuning_starts_from_the_models_weights_and_says_how_good_they_are(base: Path, tmp_path: Path) -> None:
    lines = tune(base, tmp_path / "tuned")
    assert [x["event"] for x in lines] == ["data", "base", "epoch", "epoch", "done"]
    last = lines[1]
    config = read_config(base / "train.toml")
    data = datasets.load(base / "data", config.data, config.input)
    assert data.sha256 == lines[0]["sha256"]
    # every epoch is judged, the first too; the base's figure is that of the model itself, on the same pictures
    assert all(x["stress_auc"] is not None for x in lines[2:4])
    assert 0 <= last["select_auc"] <= 1
    assert last["select_loss"] > 0
    card = load(tmp_path / "tuned").card
    assert card.training.parent_sha256 == sha256_of(base / "model/weights.safetensors")
    assert card.training.data == ("Squares, version 2",)
    assert card.training.data_sha256 == data.sha256
    assert card.training.split.startswith("By patient: fit 35 pictures (18 positive, 18 patients)")


@pytest.mark.parametrize("freeze", [0, 1, 2, -1])
def test_frozen_stages_keep_weights_and_statistics(base: Path, tmp_path: Path, freeze: int) -> None:
    tune(base, tmp_path / "tuned", f"freeze = {freeze}", epochs=1)
    before, after = tensors(base / "model"), tensors(tmp_path / "tuned")
    stages = ["features.stem", "features.stage1", "features.stage2"]
    kept = stages if freeze < 0 else stages[:freeze]
    for name, value in before.items():
        same = torch.equal(value, after[name])
        assert same == any(name.startswith(stage + ".") for stage in kept), name


def test_fixed_norms_keep_their_statistics_and_learn_their_scale(base: Path, tmp_path: Path) -> None:
    tune(base, tmp_path / "tuned", "fixed_norm = true", epochs=1)
    before, after = tensors(base / "model"), tensors(tmp_path / "tuned")
    norms = [n for n in before if n.endswith(("running_mean", "running_var", "num_batches_tracked"))]
    assert norms
    assert all(torch.equal(before[n], after[n]) for n in norms)
    assert not torch.equal(before["features.stage1.0.norm1.weight"], after["features.stage1.0.norm1.weight"])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("sha256 = ", 'sha256 = "' + "0" * 64 + '" #'), "hash_mismatch"),
        (('version = "1"', 'version = "3"'), "bad_start"),
        (('kind = "weights"', 'kind = "anything"'), "bad_config"),
    ],
)
def test_a_start_that_is_not_the_one_named_is_refused(
    base: Path, tmp_path: Path, change: tuple[str, str], code: str
) -> None:
    with pytest.raises(UserError) as error:
        tune(base, tmp_path / "tuned", start=start_table(base / "model").replace(*change))
    assert error.value.code == code
    assert not (tmp_path / "tuned").exists()


def test_a_start_of_another_architecture_is_refused(base: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="another architecture"):
        tune(base, tmp_path / "tuned", params="{ widths = [8, 8], blocks = [2, 1], stem = 8 }")
    with pytest.raises(UserError, match="needs both") as error:
        tune(base, tmp_path / "tuned", start="")
    assert error.value.code == "usage"


def test_it_ends_when_nothing_is_gained_any_more(base: Path, tmp_path: Path) -> None:
    # a rate of zero learns nothing: the first epoch stays the best
    lines = tune(base, tmp_path / "tuned", "patience = 3\nfixed_norm = true", epochs=30)
    config = tmp_path / "still.toml"
    config.write_text((tmp_path / "tuned.toml").read_text().replace("rate = 5e-3", "rate = 0.0"))
    lines = []
    run(Options(config, base / "data", tmp_path / "still", start=base / "model"), lines.append)
    assert [x["epoch"] for x in lines if x["event"] == "epoch"] == [1, 2, 3, 4]
    assert lines[-1]["epoch"] == 1
    for name, value in tensors(base / "model").items():
        assert torch.allclose(value, tensors(tmp_path / "still")[name], atol=1e-6)


def epoch_of(base: Path, tmp_path: Path, training: str, world: World | None = None) -> Epoch:
    config_path, _ = prepare(tmp_path, FROZEN, training=training)
    config = read_config(config_path)
    data = datasets.load(base / "data", config.data, config.input)
    part = data.parts["fit"]
    return Epoch(config.of(data), part, pass_order(part.y, 1, (5, 0)), 0, "cpu", world or World())


def test_mixup_mixes_pictures_labels_and_weights_the_same_each_time(base: Path, tmp_path: Path) -> None:
    plainly, mixed = (
        epoch_of(base, tmp_path / name, training).batch(1)
        for name, training in (("plain", "smoothing = 0.0"), ("mixed", "smoothing = 0.0\nmixup = 0.4"))
    )
    again = epoch_of(base, tmp_path / "again", "smoothing = 0.0\nmixup = 0.4").batch(1)
    assert torch.equal(mixed.x, again.x)
    assert set(plainly.target.tolist()) == {0.0, 1.0}
    assert torch.equal(mixed.target, again.target)
    found = 0
    for x, target, weight in zip(mixed.x, mixed.target, mixed.weight, strict=True):
        # each is a x_i + (1 - a) x_j of the unmixed batch, and so are the weighted labels
        errors = {}
        for i, a in enumerate(plainly.x):
            for j, b in enumerate(plainly.x):
                share = float(((x - b) * (a - b)).sum() / ((a - b).square().sum() + 1e-12)) if i != j else 1.0
                errors[i, j, share] = float((x - share * a - (1 - share) * b).abs().max())
        (i, j, share), error = min(errors.items(), key=lambda item: item[1])
        assert error < 1e-4
        w = [float(plainly.weight[k]) for k in (i, j)]
        y = [float(plainly.target[k]) for k in (i, j)]
        assert float(weight) == pytest.approx(share * w[0] + (1 - share) * w[1], abs=1e-4)
        assert float(weight * target) == pytest.approx(share * w[0] * y[0] + (1 - share) * w[1] * y[1], abs=1e-4)
        found += i != j
    assert found


def test_class_weights_can_be_left_out(base: Path, tmp_path: Path) -> None:
    weighted = epoch_of(base, tmp_path / "a", "")
    assert weighted.batch(0).weight.unique().numel() == 2
    assert epoch_of(base, tmp_path / "b", "class_weights = false").batch(0).weight.unique().tolist() == [1.0]


@pytest.mark.parametrize("training", ["", "mixup = 0.4"])
def test_processes_share_a_batch_without_gap_or_overlap(base: Path, tmp_path: Path, training: str) -> None:
    whole = epoch_of(base, tmp_path / "whole", training).batch(2)
    parts = [epoch_of(base, tmp_path / f"{r}", training, World(r, 3)).batch(2) for r in range(3)]
    assert torch.equal(torch.cat([p.target for p in parts]), whole.target)
    assert torch.allclose(torch.cat([p.x for p in parts]), whole.x, atol=1e-6)
    assert [p.first for p in parts] == [0, 1, 2]
    assert {p.of for p in parts} == {4}


# --- memory ---------------------------------------------------------------------------------------------------------


class Hungry(ResnetSmall):
    """A net that learns from no more than `rows` pictures at once: the device's memory is full."""

    rows = 1000

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training and len(x) > self.rows:
            raise torch.OutOfMemoryError("out of memory")
        return super().forward(x)


@pytest.fixture
def hungry(monkeypatch: pytest.MonkeyPatch) -> type[Hungry]:
    monkeypatch.setitem(nets.ARCHITECTURES, "hungry", Hungry)
    monkeypatch.setattr(Hungry, "rows", 1000)
    return Hungry


def test_short_of_memory_it_cuts_the_batch_and_learns_the_same(
    base: Path, tmp_path: Path, hungry: type[Hungry], monkeypatch: pytest.MonkeyPatch
) -> None:
    training = "fixed_norm = true"  # batch statistics alone differ where a batch is cut
    made = []
    for name, rows in (("whole", 1000), ("cut", 4)):
        monkeypatch.setattr(hungry, "rows", rows)
        config, data = prepare(tmp_path / name, FROZEN | {"net": "hungry"}, training=training)
        config.write_text(config.read_text().replace("batch = 4", "batch = 8"))
        lines: list[dict[str, Any]] = []
        run(Options(config, data, tmp_path / name / "m"), lines.append)
        made.append((lines, tensors(tmp_path / name / "m")))
    notices = [x["sentence"] for x in made[1][0] if x["event"] == "notice"]
    assert notices == [SMALLER.format(words="processor", rows=4)]
    losses = [[x["loss"] for x in lines if x["event"] == "epoch"] for lines, _ in made]
    assert losses[0] == pytest.approx(losses[1], abs=1e-4)
    for name, value in made[0][1].items():
        assert torch.allclose(value, made[1][1][name], atol=1e-3), name


def test_a_full_device_hands_over_to_the_processor(
    base: Path, tmp_path: Path, hungry: type[Hungry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hungry, "rows", 0)
    config_path, data_path = prepare(tmp_path, FROZEN | {"net": "hungry"})
    config = read_config(config_path)
    data = datasets.load(data_path, config.data, config.input)
    sentences = []

    def say(line: dict[str, Any]) -> None:
        if line["event"] == "notice":
            sentences.append(line["sentence"])
        if "goes on with the processor" in line.get("sentence", ""):
            monkeypatch.setattr(hungry, "rows", 1000)

    # "cpu:0" is the processor under another name, as a graphics card would be
    net, chosen = train(config.of(data), data, Setting(tmp_path, "cpu:0", say=say))
    assert sentences == [TO_CPU.format(words="processor")]
    assert chosen["epoch"] >= 1
    assert next(net.parameters()).device.type == "cpu"


def test_no_memory_at_all_is_one_sentence_and_the_training_goes_on_later(
    base: Path, tmp_path: Path, hungry: type[Hungry], monkeypatch: pytest.MonkeyPatch
) -> None:
    config, data = prepare(tmp_path, FROZEN | {"net": "hungry"})
    lines: list[dict[str, Any]] = []

    def say(line: dict[str, Any]) -> None:
        lines.append(line)
        if line["event"] == "epoch" and line["epoch"] == 2:
            monkeypatch.setattr(hungry, "rows", 0)

    with pytest.raises(UserError, match="not enough memory for this training") as error:
        run(Options(config, data, tmp_path / "m"), say)
    assert error.value.code == "no_memory"
    monkeypatch.setattr(hungry, "rows", 1000)
    again: list[dict[str, Any]] = []
    run(Options(config, data, tmp_path / "m", resume=True), again.append)
    expected: list[dict[str, Any]] = []
    run(Options(config, data, tmp_path / "whole"), expected.append)
    said = {x["epoch"]: plain(x) for x in lines + again if x["event"] == "epoch"}
    assert said == {x["epoch"]: plain(x) for x in expected if x["event"] == "epoch"}


# --- frozen data sets -----------------------------------------------------------------------------------------------


def test_a_frozen_set_gives_its_own_parts_without_the_excluded(base: Path) -> None:
    config = read_config(base / "train.toml")
    data = datasets.load(base / "data", config.data, config.input)
    frozen = frozen_sets.read(base / "data/set")
    assert {n: list(p.files) for n, p in data.parts.items()} == {
        n: [row.file for row in frozen.part(n)] for n in frozen_sets.PARTS
    }
    assert not any("7" in part.files for part in data.parts.values())
    assert data.sha256 == frozen.facts.sha256


def test_patches_are_trained_from_frozen_sets_too(tmp_path: Path) -> None:
    config, data = prepare(tmp_path, PATCHES | {"data": FROZEN["data"]}, epochs=1)
    lines: list[dict[str, Any]] = []
    run(Options(config, data, tmp_path / "m"), lines.append)
    assert lines[-1]["event"] == "done"


def test_the_figures_of_a_card_count_as_a_look_at_the_locked_part(tmp_path: Path) -> None:
    config, data = prepare(tmp_path, PATCHES | {"data": FROZEN["data"]}, epochs=1)
    assert frozen_sets.read(data / "set").looks() == 0
    run(Options(config, data, tmp_path / "m"), lambda _: None)
    assert frozen_sets.read(data / "set").looks() == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [("rows.csv", "hash_mismatch"), ("pictures.npz", "hash_mismatch"), ("dataset.json", "bad_dataset")],
)
def test_a_frozen_set_that_changed_is_refused(base: Path, tmp_path: Path, name: str, code: str) -> None:
    make_frozen(tmp_path)
    config = read_config(base / "train.toml")
    path = tmp_path / "set" / name
    content = path.read_bytes()
    middle = len(content) // 2
    changed = {"rows.csv": content.replace(b"p3,", b"p4,"), "dataset.json": content[:40]}
    path.write_bytes(changed.get(name, content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]))
    with pytest.raises(UserError) as error:
        datasets.load(tmp_path, config.data, config.input)
    assert error.value.code == code


def test_a_set_that_is_not_frozen_or_lacks_a_class_is_refused(base: Path, tmp_path: Path) -> None:
    config = read_config(base / "train.toml")
    frozen = make_frozen(tmp_path)
    rows = [dataclasses.replace(row, excluded=row.positive and row.part == "select") for row in frozen.rows]
    open_facts = dataclasses.replace(frozen.facts, frozen=False, sha256="")
    again = frozen_sets.write(frozen.path, open_facts, rows)
    with pytest.raises(UserError, match="not frozen yet"):
        datasets.load(tmp_path, config.data, config.input)
    frozen_sets.freeze(again)
    with pytest.raises(UserError, match="Part “select” of the training data lacks one of the classes"):
        datasets.load(tmp_path, config.data, config.input)


def test_a_plan_names_the_set_it_is_for_and_greys_that_a_model_cannot_take_are_refused(tmp_path: Path) -> None:
    other = {"data": FROZEN["data"] + '\nsha256 = "' + "1" * 64 + '"'}
    config = read_config(prepare(tmp_path / "a", FROZEN | other)[0])
    with pytest.raises(UserError, match="not the one that this training was planned for"):
        datasets.load(tmp_path / "a/data", config.data, config.input)
    spec = FROZEN["input"].replace('"percentile", low = 1, high = 99', '"window", low = 1000, high = 4000')
    config = read_config(prepare(tmp_path / "b", FROZEN | {"input": spec})[0])
    with pytest.raises(UserError, match=r"outside of what the model takes \(1000 to 4000\)"):
        datasets.load(tmp_path / "b/data", config.data, config.input)


# --- the survey's recipe --------------------------------------------------------------------------------------------


def test_the_preset_classic_cnn_is_the_recipe() -> None:
    config = read_config(ROOT / "models/classic-cnn/train.toml")
    s = config.schedule
    assert parameter_count(build("classic-cnn", config.card["architecture"]["params"])) == 12_939_329
    assert (s.optimiser, s.rate, s.adam_eps, s.batch, s.epochs, s.schedule) == ("adam", 1e-3, 1e-7, 64, 10, "constant")
    assert (s.class_weights, s.ema, s.smoothing, s.weight_decay, s.clip, s.keep) == (False, 0, 0, 0, 0, "last")
    assert (s.mixup, s.patience, s.precision, s.warmup, s.positive_repeat) == (0, 0, "fp32", 0, 1)
    drawn = [config.augment.draw(np.random.default_rng(n)) for n in range(3000)]
    ranges = {
        "angle": ([c.angle for c in drawn], -20, 20),
        "across": ([c.shift[0] for c in drawn], -0.2, 0.2),
        "down": ([c.shift[1] for c in drawn], -0.2, 0.2),
        "shear": ([c.shear for c in drawn], -0.2, 0.2),
        "zoom x": ([1 / c.scale[0] for c in drawn], 0.8, 1.2),
        "zoom y": ([1 / c.scale[1] for c in drawn], 0.8, 1.2),
        "mirror": ([float(c.mirror) for c in drawn], 0, 1),
    }
    for name, (values, low, high) in ranges.items():
        assert low - 1e-9 <= min(values) < low + 0.02 * (high - low), name
        assert high - 0.02 * (high - low) < max(values) <= high + 1e-9, name
        assert np.mean(values) == pytest.approx((low + high) / 2, abs=0.03 * (high - low)), name
    assert abs(np.corrcoef(ranges["zoom x"][0], ranges["zoom y"][0])[0, 1]) < 0.1  # each axis of its own
    others = {"gamma": 1.0, "contrast": 1.0, "brightness": 0.0, "slope": (0.0, 0.0), "blur": 0.0, "noise": 0.0}
    assert all(getattr(c, name) == value for c in drawn for name, value in others.items())


def test_a_sheared_picture_leans() -> None:
    x = torch.zeros(1, 1, 41, 41)
    x[..., 20] = 1.0  # an upright line
    leaning = apply(x, [Change(shear=20.0)])[0, 0]
    top, bottom = (float((leaning[row] * torch.arange(41)).sum() / leaning[row].sum()) for row in (8, 32))
    assert abs(top - bottom) == pytest.approx(24 * np.sin(np.radians(20.0)), rel=0.02)  # as Keras leans
    assert float(leaning[20].argmax()) == 20


def test_classic_cnn_trains_to_the_same_model_each_time_with_nothing_chosen(base: Path, tmp_path: Path) -> None:
    text = (ROOT / "models/classic-cnn/train.toml").read_text("utf-8")
    cuts = {
        "size = 128": "size = 40",
        "size = [128, 128]": "size = [40, 40]",  # min_size too
        "epochs = 10": "epochs = 2",
        'set = "kermany-cxr-224"': 'set = "set"',
        'kind = "films"': 'kind = "frozen"',
    }
    for old, new in cuts.items():
        assert old in text
        text = text.replace(old, new)
    config = tmp_path / "train.toml"
    config.write_text(text, "utf-8")
    said: list[list[dict[str, Any]]] = [[], []]
    for number, lines in enumerate(said):
        run(Options(config, base / "data", tmp_path / f"m{number}"), lines.append)
    assert tensors(tmp_path / "m0").keys() == tensors(tmp_path / "m1").keys()
    assert (tmp_path / "m0/card.json").read_bytes() == (tmp_path / "m1/card.json").read_bytes()
    card = load(tmp_path / "m0").card
    assert (card.threshold.value, card.output.score_kind) == (0.5, "score")
    assert card.calibration is not None
    assert (card.calibration.a, card.calibration.b) == (1.0, 0.0)
    assert "nobody compared" in card.calibration.how
    assert "The last epoch (2) was kept, whatever its figures." in (tmp_path / "m0/README.md").read_text()


def test_the_command_knows_the_preset(tmp_path: Path) -> None:
    words = ["train", "--preset", "classic-cnn", "--data", str(tmp_path), "--out", str(tmp_path / "m")]
    made = subprocess.run([sys.executable, "-m", "medviewer", *words], capture_output=True, text=True, check=False)
    assert made.returncode == 3
    assert "The training data “kermany-cxr-224” could not be read" in made.stderr
