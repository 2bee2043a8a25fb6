"""The conditions of a promotion: what passes, what refuses, what cannot be told; each with a sentence."""

import dataclasses
from pathlib import Path

import pytest

from medviewer.app.admin import gates
from medviewer.app.admin.gates import Candidacy, Seen
from medviewer.app.admin.records import CheckReport, CompareRow, Comparison, DataFinding, Figure, Severity
from medviewer.inference.card import Card, Output, Threshold
from tests import champions


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> Card:
    return champions.champion(tmp_path_factory.mktemp("champion")).card


def row(measure: str, value: float, low: float, high: float, word: str, group: str = "") -> CompareRow:
    figure = Figure(0.9, 0.85, 0.95)
    return CompareRow(measure, figure, figure, Figure(value, low, high), word, group, 100, 50)


def candidacy(card: Card, *rows: CompareRow, looks: int = 0, **changes: object) -> Candidacy:
    good = {
        "auc": row("auc", 0.01, -0.01, 0.03, "not clear"),
        "sensitivity": row("sensitivity", 0.0, -0.04, 0.04, "no difference"),
        "specificity": row("specificity", 0.02, -0.04, 0.08, "not clear"),
        "ece": row("ece", 0.0, -0.01, 0.01, "no difference"),
        "group": row("auc", 0.0, -0.05, 0.05, "not clear", "sex: F"),
    }
    good |= {("group" if r.group else r.measure): r for r in rows}
    every = tuple(good.values())
    versions = ("1.0.0", "1.1.0+site.1")
    facts = ("id", "2026-11-25", "tester", "set", card.name, *versions, "run")
    comparison = Comparison(*facts, 100, 100, 50, every, (), (), looks)
    case = Candidacy(
        card,
        dataclasses.replace(card, version="1.1.0+site.1", threshold=Threshold(0.4, "other")),
        comparison,
        check=CheckReport("set", "0" * 64, ()),
        champion_seen=Seen(known=True),
        challenger_seen=Seen(known=True),
        patients=(50, 50),
        rows=gates.by_measure(every),
    )
    return dataclasses.replace(case, **changes)


def judged(case: Candidacy) -> dict[str, tuple[bool | None, str]]:
    return {gate.name: (gate.ok, gate.text) for gate in gates.judge(case)}


def test_a_sound_candidate_passes_every_gate_and_each_says_what_it_saw(card: Card):
    found = judged(candidacy(card))
    assert {name for name, (ok, _) in found.items() if ok is not True} == set()
    assert all(text.endswith(".") and len(text) > 20 for _, text in found.values())
    assert len(found) == len(gates.GATES) == 13


def stop(text: str) -> CheckReport:
    return CheckReport("set", "0" * 64, (DataFinding("same_patient", Severity.STOP, text),))


@pytest.mark.parametrize(
    ("name", "ok", "words", "rows", "changes"),
    [
        ("files", False, "weights.safetensors was changed", (), {"problems": ("weights.safetensors was changed.",)}),
        ("data", False, "not frozen, or was changed", (), {"data_ok": False}),
        ("leak", None, "was not checked", (), {"check": None}),
        ("leak", False, "3 patients are on both sides.", (), {"check": stop("3 patients are on both sides.")}),
        ("unseen", None, "cannot be told", (), {"challenger_seen": Seen(known=False)}),
        ("unseen", False, "trained on 4 of the images", (), {"challenger_seen": Seen(known=True, images=4)}),
        ("champion_unseen", None, "flattered", (), {"champion_seen": Seen(known=True, images=9)}),
        ("champion_unseen", None, "cannot be told", (), {"champion_seen": Seen(known=False)}),
        ("enough", None, "12 patients with the finding and 50 without", (), {"patients": (12, 50)}),
        ("auc", False, "clearly worse", (row("auc", -0.01, -0.015, -0.005, "no difference"),), {}),
        ("auc", False, "loses more than 0.02", (row("auc", -0.03, -0.08, 0.02, "not clear"),), {}),
        ("auc", False, "lacks a class", (row("auc", float("nan"), float("nan"), float("nan"), "not clear"),), {}),
        ("sensitivity", False, "clearly worse", (row("sensitivity", -0.1, -0.15, -0.06, "worse"),), {}),
        ("specificity", False, "clearly worse", (row("specificity", -0.1, -0.15, -0.06, "worse"),), {}),
        ("calibration", False, "clearly worse", (row("ece", 0.1, 0.06, 0.15, "worse"),), {}),
        ("worst_group", False, "sex: M", (row("auc", -0.2, -0.3, -0.1, "worse", "sex: M"),), {}),
        ("looks", None, "looked at 6 times", (), {"looks": 5}),
    ],
)  # fmt: skip
def test_what_speaks_against_a_candidate_is_named(card: Card, name, ok, words, rows, changes):
    looks = changes.pop("looks", 0)
    found = judged(candidacy(card, *rows, looks=looks, **changes))
    assert found[name][0] is ok
    assert words in found[name][1]
    assert {n for n, (answer, _) in found.items() if answer is not True} == {name}


def test_a_candidate_for_something_else_is_refused(card: Card):
    for change, words in (
        ({"labels": (dataclasses.replace(card.labels[0], name="circle"),), "target": "circle"}, "classes"),
        ({"input": dataclasses.replace(card.input, modality=("CT",))}, "modality"),
        ({"eligibility": card.eligibility[:1]}, "images that it may read"),
        ({"task": "detection-map", "output": Output("score", card.explain.cell)}, "task"),
    ):
        other = dataclasses.replace(card, version="2", **change)
        ok, text = judged(dataclasses.replace(candidacy(card), challenger=other))["same_task"]
        assert (ok, text.endswith(f"What differs: {words}.")) == (False, True)


def test_groups_that_are_not_known_are_a_warning(card: Card):
    case = candidacy(card)
    plain = tuple(r for r in case.comparison.rows if not r.group)
    found = judged(dataclasses.replace(case, comparison=dataclasses.replace(case.comparison, rows=plain)))
    assert found["worst_group"] == (
        None,
        "Subgroups could not be compared: too little is known of age, sex, scanner and view.",
    )


def test_a_comparison_that_was_tampered_with_is_not_read(tmp_path: Path, card: Card):
    from medviewer.app.admin import comparison_files
    from medviewer.core.errors import UserError

    whole = candidacy(card).comparison
    comparison_files.write(tmp_path, whole)
    path = tmp_path / "id.json"
    assert comparison_files.read(path) == whole
    for change in (('"n": 100', '"n": "many"'), ('"medviewer.comparison/1"', '"other/1"'), ('"looks": 0', '"eyes": 0')):
        comparison_files.write(tmp_path, whole)
        path.write_text(path.read_text("utf-8").replace(*change), "utf-8")
        with pytest.raises(UserError, match="cannot be read"):
            comparison_files.read(path)
