"""Before a training: what would go wrong an hour later is said now, each with a sentence."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from medviewer.app.admin import preflight
from medviewer.app.admin.plans import Base, model_base
from medviewer.app.admin.preflight import Look, Situation, gates, look_at
from medviewer.app.admin.records import CheckReport, DataFinding, Gate, Severity
from medviewer.core import datasets
from medviewer.core.datasets import DataSet
from medviewer.inference.folder import load
from tests.unit.app.admin import small

GB = 1 << 30


@pytest.fixture(scope="module")
def squares(tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    return small.dataset(tmp_path_factory.mktemp("datasets"), patients=120)


@pytest.fixture
def film(tiny_models: Path) -> Base:
    return model_base(load(tiny_models / "bright-film"))


def judged(data: DataSet, base: Base, **changes: Any) -> dict[str, Gate]:
    """Return the conditions by name."""
    report = CheckReport(data.id, datasets.rows_sha256(data.rows), ())
    values: dict[str, Any] = {"report": report, "look": Look(True, (64, 64)), "device": True}
    values |= {"plan": small.plan(data), "memory": 8 * GB, "disk": 50 * GB} | changes
    return {gate.name: gate for gate in gates(Situation(base=base, dataset=data, **values))}


def without(data: DataSet, part: str, positive: bool) -> DataSet:
    rows = (row for row in data.rows if not (row.part == part and row.positive is positive))
    return dataclasses.replace(data, rows=tuple(rows))


def test_a_good_plan_passes_every_condition_with_its_numbers(squares: DataSet, film: Base) -> None:
    found = judged(squares, film)
    assert [name for name, gate in found.items() if gate.ok is not True] == []
    assert "fitting 144" in found["classes"].text
    assert "8192 MB are free" in found["memory"].text


def test_a_data_set_that_is_not_frozen_blocks(tmp_path: Path, film: Base) -> None:
    gate = judged(small.dataset(tmp_path, frozen=False), film)["frozen"]
    assert gate.ok is False
    assert "Freeze it" in gate.text


def test_a_frozen_file_that_was_changed_blocks(tmp_path: Path, film: Base) -> None:
    data = small.dataset(tmp_path)
    assert look_at(data) == Look(True, (64, 64))
    path = data.path / datasets.PICTURES
    damaged = bytearray(path.read_bytes())
    damaged[3000] ^= 1
    path.write_bytes(damaged)
    assert not look_at(data).unchanged
    assert judged(data, film, look=look_at(data))["frozen"].ok is False


def test_what_the_check_forbids_blocks_with_its_words(squares: DataSet, film: Base) -> None:
    finding = DataFinding("same_patient", Severity.STOP, "Two patients stand in two parts.")
    gate = judged(squares, film, report=CheckReport(squares.id, "", (finding,)))["check"]
    assert (gate.ok, gate.text) == (False, "Two patients stand in two parts.")
    assert judged(squares, film, report=None)["check"].ok is None


@pytest.mark.parametrize("part", datasets.PARTS)
@pytest.mark.parametrize("positive", [True, False])
def test_a_part_without_one_of_the_classes_blocks(squares: DataSet, film: Base, part: str, positive: bool) -> None:
    gate = judged(without(squares, part, positive), film)["classes"]
    assert gate.ok is False
    assert preflight.PART_WORDS[part] in gate.text


def test_few_patients_are_a_warning_with_both_counts(tmp_path: Path, film: Base) -> None:
    gate = judged(small.dataset(tmp_path, patients=20), film)["patients"]
    assert gate.ok is None
    assert "patients with and" in gate.text


def test_data_for_another_kind_of_net_or_another_finding_blocks(tmp_path: Path, film: Base) -> None:
    patches = small.dataset(tmp_path, id_="p", kind="patches")
    assert judged(patches, film)["kind"].ok is False
    other = judged(small.dataset(tmp_path, id_="o", target="effusion"), film)["target"]
    assert other.ok is False
    assert "“effusion”" in other.text
    scratch = dataclasses.replace(film, model=None)
    assert judged(small.dataset(tmp_path, id_="s", target="effusion"), scratch)["target"].ok is True


def test_pictures_below_the_net_s_least_size_block_and_small_ones_warn(squares: DataSet, film: Base) -> None:
    assert judged(squares, film, look=Look(True, (20, 64)))["input"].ok is False
    assert judged(squares, film, look=Look(True, (40, 64)))["input"].ok is None


def test_too_little_memory_is_a_warning_with_numbers(squares: DataSet, film: Base) -> None:
    gate = judged(squares, film, memory=GB // 2)["memory"]
    assert gate.ok is None
    assert "512 MB are free" in gate.text
    assert judged(squares, film, memory=None)["memory"].ok is None


def test_more_and_larger_pictures_need_more_memory(squares: DataSet, film: Base) -> None:
    def needed(base: Base, batch: int) -> int:
        plan = small.plan(squares, batch=batch)
        return Situation(plan, base, squares, None, Look(True), True, None, None).needed_memory

    large = dataclasses.replace(film, card=film.card | {"input": film.card["input"] | {"size": [512, 512]}})
    assert needed(film, 8) < needed(film, 64) < needed(large, 64)


def test_a_device_that_is_not_there_and_a_full_disk_block(squares: DataSet, film: Base) -> None:
    found = judged(squares, film, plan=small.plan(squares, device="cuda"), device=False, disk=1 << 20)
    assert (found["device"].ok, found["disk"].ok) == (False, False)
    assert "“cuda”" in found["device"].text
    assert "1 MB are free" in found["disk"].text


def test_this_computer_says_what_is_free(tmp_path: Path) -> None:
    assert (preflight.free_memory() or 0) > 0
    assert (preflight.free_disk(tmp_path / "not" / "yet") or 0) > 0


def test_a_head_that_learns_alone_at_a_gentle_rate_is_warned_of(squares: DataSet, film: Base) -> None:
    def head(freeze: int, rate: float) -> Gate | None:
        plan = dataclasses.replace(small.plan(squares), freeze=freeze, rate=rate)
        return judged(squares, film, plan=plan).get("head")

    warning = head(-1, 3e-4)
    assert warning is not None
    assert warning.ok is None
    assert (head(-1, 3e-2), head(0, 3e-4)) == (None, None)
