"""Every leak, every wrong label and every shortcut that a data set can have is found before anything is trained."""

import csv
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from medviewer.core import datasets
from medviewer.core.datasets import DataSet, Facts, Row
from medviewer.engine.train.inspect import labels, twins
from medviewer.engine.train.inspect.found import Finding
from medviewer.engine.train.inspect.main import inspect, main
from medviewer.engine.train.inspect.measures import measure
from medviewer.engine.train.inspect.regression import folds, out_of_fold

Pixels = NDArray[np.uint8]
Change = Callable[[Pixels], Pixels]
PARTS = ("fit", "fit", "fit", "select", "report")


def noise(number: int, positive: bool = False) -> Pixels:
    """A smooth picture, another one for each number; positive ones are brighter in the middle."""
    rng = np.random.default_rng(number)
    small = Image.fromarray(rng.integers(20, 200, (12, 12)).astype(np.uint8))
    values = np.asarray(small.resize((128, 128), Image.Resampling.BICUBIC)).astype(np.float32)
    values = values + rng.normal(0, 4, values.shape)
    if positive:
        values[44:84, 44:84] += 35 + rng.normal(0, 6)
    return values.clip(0, 255).astype(np.uint8)


def row(number: int, positive: bool, patient: object = None, part: str = "", **more: str) -> Row:
    part = part or PARTS[number % len(PARTS)]
    return Row(f"{number:06d}", str(positive), positive, str(patient or number), part, more=more)


def plain(count: int = 150) -> list[tuple[Row, Pixels]]:
    """A data set in which nothing is wrong."""
    return [(row(n, n % 3 == 0), noise(n, n % 3 == 0)) for n in range(1, count + 1)]


def made(folder: Path, pictures: Sequence[tuple[Row, Pixels | None]], kind: str = "films") -> DataSet:
    folder.mkdir(parents=True)
    there = [(r.file, pixels) for r, pixels in pictures if pixels is not None]
    datasets.write_pictures(folder / datasets.PICTURES, there)
    facts = Facts(folder.name, "Films", 1, "finding", kind, "2026-01-01T00:00:00+00:00", "tests")
    return datasets.write(folder, facts, [r for r, _ in pictures])


def found(folder: Path, pictures: Sequence[tuple[Row, Pixels | None]]) -> dict[str, Finding]:
    """Inspect a data set of these pictures; the findings by kind (the worst of each kind)."""
    dataset = made(folder / "set", pictures)
    some = inspect(dataset.path, folder / "check.json", None, lambda _: None)
    return {finding.kind: finding for finding in reversed(some)}


def resized(x: Pixels) -> Pixels:
    side = int(x.shape[0] * 0.6)
    return np.asarray(Image.fromarray(x).resize((side, side), Image.Resampling.BILINEAR))


def compressed(x: Pixels) -> Pixels:
    kept = io.BytesIO()
    Image.fromarray(x).save(kept, "JPEG", quality=50)
    return np.asarray(Image.open(kept))


def exposed(gamma: float) -> Change:
    return lambda x: (255 * (x / 255.0) ** gamma).round().astype(np.uint8)


def all_of_it(x: Pixels) -> Pixels:
    return compressed(exposed(0.85)(resized(x)))


def test_in_a_clean_set_nothing_stops_and_nothing_warns(tmp_path: Path) -> None:
    some = found(tmp_path, plain())
    assert {finding.severity for finding in some.values()} == {"note"}
    assert set(some) == {"class_balance", "shortcuts", "suspect_label"}
    assert max(some["shortcuts"].figures[name] for name in ("upper left corner", "lower border")) < 0.65


def test_the_same_patient_in_two_parts_stops(tmp_path: Path) -> None:
    pictures = plain()
    pictures[3] = (replace(pictures[3][0], patient="150"), pictures[3][1])
    pictures[4] = (replace(pictures[4][0], patient="3"), pictures[4][1])
    finding = found(tmp_path, pictures)["same_patient"]
    assert finding.severity == "stop"
    assert finding.figures["patients"] == 2
    assert set(finding.files) == {"000004", "000150", "000003", "000005"}
    assert finding.text.startswith("2 patients have pictures in more than one part")


def test_the_same_pixels_under_another_name_stop_across_parts_and_warn_within_one(tmp_path: Path) -> None:
    pictures = plain()
    pictures += [(row(151, False, part="fit"), pictures[3][1]), (row(152, False, part="fit"), pictures[0][1])]
    some = found(tmp_path, pictures)  # number 4 is reported on, number 1 is fitted
    assert (some["same_pixels"].severity, some["same_pixels"].files) == ("stop", ("000151", "000004"))
    assert (some["twins"].severity, some["twins"].files) == ("warn", ("000152", "000001"))
    assert some["same_pixels"].figures["leave out"] == 1
    assert "near_pixels" not in some


@pytest.mark.parametrize(
    "change",
    [resized, compressed, exposed(0.8), exposed(1.25), all_of_it],
    ids=["resized", "compressed again", "brighter", "darker", "all of it"],
)
def test_a_copy_of_a_picture_is_found_whatever_was_done_to_it(tmp_path: Path, change: Change) -> None:
    pictures = plain()
    pictures.append((row(151, False, part="fit"), change(pictures[3][1])))
    finding = found(tmp_path, pictures)["near_pixels"]
    assert (finding.severity, finding.files) == ("stop", ("000151", "000004"))


def test_labels_that_contradict_each_other_stop(tmp_path: Path) -> None:
    pictures = plain()
    pictures.append((row(151, True, patient=1, part="fit"), pictures[0][1]))
    pictures.append((row(152, True, patient=2, part="select"), all_of_it(pictures[1][1])))
    pictures.append((row(153, True, part="fit", tie="1"), noise(153, True)))
    dataset = made(tmp_path / "set", pictures)
    torn = [f for f in inspect(dataset.path, tmp_path / "c.json", None, lambda _: None) if f.kind == "contradiction"]
    assert [set(finding.files) for finding in torn] == [{"000001", "000151", "000002", "000152"}, {"000153"}]
    assert {finding.severity for finding in torn} == {"stop"}


def test_a_class_that_is_missing_stops_and_few_patients_warn(tmp_path: Path) -> None:
    pictures = [(replace(r, positive=r.positive and r.part != "select"), x) for r, x in plain(60)]
    dataset = made(tmp_path / "set", pictures)
    some = [f for f in inspect(dataset.path, tmp_path / "c.json", None, lambda _: None) if f.kind == "few_patients"]
    assert [(f.severity, f.text) for f in some] == [
        ("stop", "The part for choosing has no picture with the finding."),
        (
            "warn",
            f"Only {sum(r.positive for r, _ in pictures)} patients with the finding; below 30 a training is a gamble.",
        ),
    ]


def test_parts_of_different_prevalence_warn(tmp_path: Path) -> None:
    pictures = [(replace(r, positive=r.positive or r.part == "report"), x) for r, x in plain()]
    some = found(tmp_path, pictures)
    assert some["class_balance"].severity == "warn"
    assert some["class_balance"].figures["report"] == 1.0


def test_pictures_that_could_not_be_read_or_do_not_fit_are_listed(tmp_path: Path) -> None:
    pictures: list[tuple[Row, Pixels | None]] = list(plain(60))
    why = ("unreadable", "missing", "mismatched: modality", "too small", "by hand")
    pictures += [
        (replace(row(70 + n, False), excluded=True, more={"why": word, "picture": "none"}), None)
        for n, word in enumerate(why)
    ]
    some = found(tmp_path, pictures)
    assert (some["unreadable"].severity, some["unreadable"].files) == ("warn", ("000070", "000071"))
    assert some["mismatched"].files == ("000072", "000073")
    assert some["unreadable"].text == "2 of 65 pictures could not be read and are left out."


@pytest.mark.parametrize(
    ("where", "name"),
    [((slice(0, 10), slice(0, 14)), "upper left corner"), ((slice(112, 124), slice(110, 126)), "lower right corner")],
    ids=["upper left", "lower right"],
)
def test_a_marker_in_a_corner_that_decides_the_label_is_found(
    tmp_path: Path, where: tuple[slice, slice], name: str
) -> None:
    pictures = []
    for r, x in plain():
        marked = x.copy()
        marked[where] = np.where(np.arange(marked[where].shape[1]) % 4 < 2, 250, 20) if r.positive else marked[where]
        pictures.append((r, marked))
    dataset = made(tmp_path / "set", pictures)
    some = inspect(dataset.path, tmp_path / "c.json", None, lambda _: None)
    (finding,) = [f for f in some if f.kind == "shortcut" and name in f.text]
    assert finding.severity == "warn"
    assert finding.figures[name] > 0.95
    assert finding.text.endswith("a marker there may decide it.")
    assert finding.files


def test_size_and_file_size_that_decide_the_label_are_found(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    pictures = []
    for r, x in plain():
        size, rows = rng.integers(30_000, 40_000), rng.integers(900, 1000)
        more = {"bytes": str(size - 8000 * r.positive), "source_rows": str(rows), "source_columns": "1000"}
        more |= {"scanner": "Alpha" if r.positive else "Beta"}
        pictures.append((replace(r, more=more), x))
    some = found(tmp_path, pictures)
    assert some["shortcuts"].figures["file size"] > 0.9
    assert some["shortcuts"].figures["scanner"] == 1.0
    assert some["shortcuts"].figures["shape"] < 0.65


def test_the_process_says_what_is_wrong_with_a_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset = made(tmp_path / "set", plain(30))
    assert main([str(dataset.path), "--out", str(tmp_path / "check.json")]) == 0
    assert '"event": "done"' in capsys.readouterr().out
    (dataset.path / datasets.PICTURES).write_bytes(b"PK")
    assert main([str(dataset.path), "--out", str(tmp_path / "other.json")]) == 3
    assert '"event": "failed", "code": "bad_dataset"' in capsys.readouterr().out
    assert not (tmp_path / "other.json").exists()
    assert main([str(tmp_path / "nothing"), "--out", str(tmp_path / "other.json")]) == 3


def test_folds_keep_patients_together_and_share_out_both_classes() -> None:
    y = np.arange(200) % 4 == 0
    groups = [str(n // 2) for n in range(200)]
    fold = folds(groups, y, 5)
    assert all(fold[i] == fold[i + 1] for i in range(0, 200, 2))
    assert {int(y[fold == k].sum()) for k in range(5)} == {10}
    x = np.random.default_rng(0).normal(size=(200, 60))
    assert abs(np.corrcoef(out_of_fold(x, y, fold), y)[0, 1]) < 0.2  # nothing to learn: nothing learned


# -- real films


def kermany(shared: Path, folder: Path, every: int = 1) -> DataSet:
    """Films of kermany-cxr-224 as a data set: all of them, or every so many."""
    packed = shared / "data/train/kermany-cxr-224"
    with (packed / "labels.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))[::every]
    with np.load(packed / "images.npz", allow_pickle=False) as images:
        blob, ends = images["blob"], images["offsets"].tolist()
        at = {str(name): (a, b) for name, a, b in zip(images["names"], ends[:-1], ends[1:], strict=True)}
    numbers = {patient: str(n) for n, patient in enumerate(dict.fromkeys(line["patient"] for line in lines))}
    pictures: list[tuple[Row, Any]] = []
    for n, line in enumerate(lines):
        patient = numbers[line["patient"]]
        film = Image.open(io.BytesIO(blob[slice(*at[line["file"]])].tobytes())).convert("L")
        of = row(n, line["label"] == "PNEUMONIA", patient, PARTS[int(patient) % 5], bytes=line["bytes"])
        pictures.append((of, np.asarray(film)))
    return made(folder, pictures)


def flipped(dataset: DataSet, seed: int) -> tuple[DataSet, set[str]]:
    """Turn 5 % of the labels round; also return whose."""
    turned = (np.random.default_rng(seed).random(len(dataset.rows)) < 0.05).tolist()
    rows = [replace(r, positive=r.positive != turn) for r, turn in zip(dataset.rows, turned, strict=True)]
    wrong = {r.file for r, turn in zip(rows, turned, strict=True) if turn}
    return datasets.write(dataset.path, dataset.facts, rows), wrong


@pytest.fixture(scope="module")
def real(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    """Every third film; tests do not change it."""
    return kermany(shared, tmp_path_factory.mktemp("kermany") / "set", every=3)


def test_flipped_labels_of_real_films_are_among_the_first_suspected(real: DataSet) -> None:
    measured = list(measure(real))
    assert twins.near(measured) == []  # different films are not taken for copies
    shares = []
    for seed in range(3):
        turn = np.random.default_rng(seed).random(len(measured)) < 0.05
        rows = [replace(m.row, positive=m.row.positive != t) for m, t in zip(measured, turn.tolist(), strict=True)]
        turned = [replace(one, row=of) for one, of in zip(measured, rows, strict=True)]
        y = np.array([of.positive for of in rows])
        (finding,) = labels.findings(turned, y, folds([of.patient for of in rows], y, 5, seed))
        wrong = {of.file for of, t in zip(rows, turn.tolist(), strict=True) if t}
        assert len(finding.files) == round(0.1 * len(y))
        assert finding.severity == "warn"
        shares.append(len(wrong & set(finding.files)) / len(wrong))
    print(f"\nof 5 % flipped labels among {len(measured)} films, first 10 % suspected: {[round(s, 3) for s in shares]}")
    assert min(shares) >= 0.6


@pytest.mark.slow
def test_the_whole_set_of_real_films_is_inspected_in_a_minute_and_gives_its_flips_away(
    shared: Path, tmp_path: Path
) -> None:
    whole = kermany(shared, tmp_path / "set")
    for seed in range(3):
        dataset, wrong = flipped(whole, seed)
        began = time.process_time()
        some = inspect(dataset.path, tmp_path / "check.json", None, lambda _: None)
        seconds = time.process_time() - began
        (suspects,) = [finding for finding in some if finding.kind == "suspect_label"]
        share = len(wrong & set(suspects.files)) / len(wrong)
        print(f"\nseed {seed}: {len(wrong)} flipped, {share:.3f} among the first 10 %; {seconds:.1f} s of CPU")
        assert share >= 0.6
        assert seconds < 60


@pytest.mark.slow
def test_the_features_of_a_model_tell_wrong_labels_as_well(shared: Path, tmp_path: Path) -> None:
    dataset, wrong = flipped(kermany(shared, tmp_path / "set", every=5), 0)
    model = Path(__file__).resolve().parents[2] / "models" / "cxr-pneumonia"
    some = inspect(dataset.path, tmp_path / "check.json", model, lambda _: None)
    (suspects,) = [finding for finding in some if finding.kind == "suspect_label"]
    assert len(wrong & set(suspects.files)) / len(wrong) >= 0.8
