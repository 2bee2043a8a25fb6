"""Champion against challenger on the locked part: figures, words, flips, looks, maps; read back after a restart."""

import math
import shutil
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from medviewer.app.admin import comparing, subgroups
from medviewer.app.admin.comparing import Cases
from medviewer.app.admin.records import Figure
from medviewer.app.session import Session
from medviewer.core import datasets, paired, statistics
from medviewer.core.datasets import Row
from medviewer.core.errors import UserError
from medviewer.core.image import Frame
from medviewer.core.jobs import Job
from medviewer.inference import card as c
from tests import champions
from tests.champions import NAME


def cases(n: int = 200, per: int = 1, shift: float = 0.0, seed: int = 0) -> Cases:
    rng = np.random.default_rng(seed)
    y = np.repeat(np.arange(n // per) % 2 == 0, per)
    z = rng.normal(0, 1, n) + 2 * y
    scores = [statistics.sigmoid(v) for v in (z - 1, z - 1 + shift * (2 * y - 1) + rng.normal(0, 0.1, n))]
    return Cases(y, tuple(f"p{i // per}" for i in range(n)), scores[0], scores[1], 0.5, 0.5)


def test_a_comparison_says_every_figure_counts_the_look_and_is_there_after_a_restart(session: Session, home: Path):
    champions.candidate(home, threshold=c.Threshold(0.9, "by hand"))
    dataset = champions.dataset(home)
    told = []
    session.admin.comparisons.changed.connect(told.append)
    job = session.admin.comparisons.run("run-0001", "set-1")
    found = job.value(60)
    assert (found.n, found.patients, found.positives, found.looks, found.run) == (60, 60, 30, 0, "run-0001")
    assert (found.champion, found.challenger, told) == ("1.0.0", "1.1.0+site.1", [found.id])
    every = {row.measure: row for row in found.rows if not row.group}
    assert list(every) == ["auc", "sensitivity", "specificity", "accuracy", "ece", "brier"]
    for row in found.rows:
        assert row.champion.low <= row.champion.value <= row.champion.high
        assert row.difference.value == pytest.approx(row.challenger.value - row.champion.value)
    assert every["specificity"].word == "better"  # a higher operating point
    assert found.points == {"1.0.0": 0.5, "1.1.0+site.1": 0.9}
    assert sum(b["n"] for b in found.calibration["1.0.0"]) == 60
    parts = [row for row in found.rows if row.group]
    assert {"sex: F", "sex: M"} <= {row.group for row in parts}
    assert parts == sorted(parts, key=lambda row: row.challenger.value)
    assert found.flips
    rows = {row.file: row for row in dataset.part("report")}
    for flip in found.flips:
        assert (flip.champion >= 0.5) != (flip.challenger >= 0.9)
        assert flip.positive == rows[flip.file].positive
    entries = session.shelf.read(lambda library: library.audit_entries()).result()
    looked = [e.details for e in entries if e.what == "comparison.looked"]
    assert [(d["comparison"], d["looks"]) for d in looked] == [(found.id, 1)]
    assert datasets.read(dataset.path).looks() == 1
    with Session(home) as again:
        assert again.admin.comparisons.all() == (found,)
        assert again.admin.comparisons.latest(NAME, "1.1.0+site.1", found.challenger_sha256) == found
    second = session.admin.comparisons.run(f"{NAME} 1.1.0+site.1", "set-1").value(60)
    assert (second.looks, datasets.read(dataset.path).looks()) == (1, 2)
    assert [one.id for one in session.admin.comparisons.all()] == [second.id, found.id]


def test_both_models_read_as_the_viewer_does(session: Session, home: Path):
    """The scores of the flips are those that `predict` gives for the same pictures, one by one."""
    challenger = champions.candidate(home, threshold=c.Threshold(0.9, "by hand"))
    dataset = champions.dataset(home)
    found = session.admin.comparisons.run("run-0001", "set-1").value(60)
    flip = found.flips[0]
    with dataset.pictures() as pictures:
        picture = pictures[flip.file]
    for model, said in ((session.model(NAME), flip.champion), (challenger, flip.challenger)):
        scores, job = [], Job("one")
        session.engine.predict(model, [(0, Frame(picture), None)], job, scores.extend)
        job.value(60)
        assert scores[0].scores["square"] == pytest.approx(said, abs=1e-6)
    first, second, shown = session.admin.comparisons.maps(found.id, flip.file).result(60)
    assert first.values.shape == second.values.shape == shown.shape == picture.shape
    assert (first.method, shown.dtype) == ("LayerGradCam", np.uint8)


def test_what_cannot_be_compared_says_why_and_counts_no_look(session: Session, home: Path):
    champions.candidate(home)
    dataset = champions.dataset(home)
    run = session.admin.comparisons.run
    for challenger, data, words in (
        ("run-0009", "set-1", "There is no run and no version run-0009"),
        ("run-0001", "set-2", "There is no such data set."),
        ("run-0001", "../datasets/set-1", "There is no such data set."),
        (f"{NAME} 1.0.0", "set-1", "The candidate 1.0.0 is the one in use"),
    ):
        with pytest.raises(UserError, match=words):
            run(challenger, data).value(60)
    (dataset.path / datasets.ROWS).write_text((dataset.path / datasets.ROWS).read_text() + "\n")
    with pytest.raises(UserError, match="Only a frozen data set that is as it was"):
        run("run-0001", "set-1").value(60)
    assert (datasets.read(dataset.path).looks(), session.admin.comparisons.all()) == (0, ())


def test_the_gates_of_a_comparison_see_leaks_files_and_other_tasks(session: Session, home: Path):
    old = champions.dataset(home, "old", seed=1)
    new = champions.dataset(home, "new", seed=2)
    assert old.facts.sha256 != new.facts.sha256
    trained = c.Training(("x",), data_sha256=new.facts.sha256, job="run-0001")
    champions.candidate(home, training=trained)
    gates = {g.name: g for g in session.admin.comparisons.run("run-0001", "new").value(60).gates}
    assert (gates["unseen"].ok, gates["champion_unseen"].ok, gates["leak"].ok) == (True, None, None)
    assert gates["looks"].text == "The locked part was looked at once."
    # a data set whose locked part holds what the candidate was fitted on
    leaky = home / "data" / "datasets" / "leaky"
    shutil.copytree(new.path, leaky)
    rows = [
        Row(r.file, r.label, r.positive, r.patient, {"fit": "report", "report": "fit"}.get(r.part, r.part), more=r.more)
        for r in new.rows
    ]
    facts = {**vars(new.facts), "id": "leaky", "frozen": False, "sha256": ""}
    datasets.freeze(datasets.write(leaky, datasets.Facts(**facts), rows))
    session.admin.datasets.all(wait=True)
    found = session.admin.comparisons.run("run-0001", "leaky").value(60)
    (refused,) = found.refused
    assert (refused.name, refused.text) == (
        "unseen",
        "The candidate was trained on 60 of the images that it is judged by.",
    )
    with pytest.raises(UserError, match="was trained on 60 of the images"):
        session.admin.versions.promote(found.id, "all the same").value(60)
    # the same film, read by other rules
    champions.candidate(
        home,
        "run-0002",
        "1.1.0+site.2",
        eligibility=(c.EligibilityRule("modality", ("CR",)), c.EligibilityRule("min_size", rows=32, columns=32)),
    )
    task = next(g for g in session.admin.comparisons.run("run-0002", "new").value(60).gates if g.name == "same_task")
    assert task.ok is False
    assert task.text.endswith("What differs: images that it may read.")


def test_a_worse_candidate_is_refused_with_its_figures(session: Session, home: Path):
    champions.dataset(home)
    champions.candidate(home, threshold=c.Threshold(0.9999, "by hand"))
    found = session.admin.comparisons.run("run-0001", "set-1").value(60)
    refused = {g.name: g.text for g in found.refused}
    assert set(refused) == {"sensitivity"}
    assert refused["sensitivity"].startswith(
        "The candidate's sensitivity at its operating point is clearly worse: \N{MINUS SIGN}"
    )
    with pytest.raises(UserError, match="is clearly worse"):
        session.admin.versions.promote(found.id, "no").value(60)
    assert session.model(NAME).card.version == "1.0.0"


def test_words_follow_from_the_interval():
    for measure, low, high, n, word in (
        ("auc", 0.03, 0.10, 100, "better"),
        ("auc", -0.10, -0.03, 100, "worse"),
        ("auc", -0.01, 0.01, 100, "no difference"),
        ("auc", 0.001, 0.01, 100, "no difference"),
        ("auc", -0.01, 0.01, 10, "not clear"),
        ("auc", -0.05, 0.05, 100, "not clear"),
        ("ece", 0.04, 0.08, 100, "worse"),
        ("brier", -0.08, -0.04, 100, "better"),
        ("auc", math.nan, math.nan, 100, "not clear"),
    ):
        assert comparing.word(measure, Figure((low + high) / 2, low, high), n) == word


def test_figures_of_images_that_share_patients_come_from_draws_of_patients():
    one, two = cases(400, 1), cases(400, 2)
    assert (one.single, two.single) == (True, False)
    rows = {r.measure: r for r in comparing.compare(two, {})}
    assert rows["auc"].champion.value == statistics.auc(two.champion, two.labels)
    low, high = statistics.bootstrap_interval(statistics.auc, two.champion, two.labels, two.patients)
    assert (rows["auc"].champion.low, rows["auc"].champion.high) == pytest.approx((low, high), abs=0.01)
    better = {r.measure: r.word for r in comparing.compare(cases(400, 1, shift=0.8), {})}
    assert (better["auc"], better["accuracy"]) == ("better", "better")
    assert comparing.compare(two, {}) == comparing.compare(two, {})  # seeded


def test_groups_need_ten_of_each_class_and_say_something():
    known = [{"sex": "F" if i < 60 else "M", "age": f"{i:03d}Y", "view": "PA"} for i in range(80)]
    rows = [Row(str(i), "", i % 2 == 0, str(i), "report", more=more) for i, more in enumerate(known)]
    found = subgroups.groups(rows)
    assert list(found) == ["age: 40 to 64", "age: 18 to 39", "sex: F", "sex: M"]
    assert [int(inside.sum()) for inside in found.values()] == [25, 22, 60, 20]
    for text, band in (("9", "6 to 17"), ("110M", "6 to 17"), ("004Y", "0 to 5"), ("90", "65 and over"), ("x", "")):
        assert subgroups.age_band(text) == band


def test_figures_beside_a_window_never_hold_the_interpreter_for_long():
    """1,000 cases of 500 patients, five groups: how much is computed while another thread waits for its turn."""
    found = cases(1000, 2)
    groups = {f"sex: {i}": np.arange(1000) % 5 == i for i in range(5)}
    held, over = [], threading.Event()

    def look() -> None:
        last = time.process_time()
        while not over.is_set():
            time.sleep(0.001)
            now = time.process_time()  # the processor's time: what else the machine does meanwhile does not count
            held.append(now - last)
            last = now

    heart = threading.Thread(target=look)
    heart.start()
    rows = comparing.compare(found, groups)
    over.set()
    heart.join()
    assert len(rows) == 11
    assert max(w.size for w in paired.weights(found.labels, found.patients)) <= 100_000
    print(f"longest computing in one go: {1000 * max(held):.1f} ms")
    assert max(held) < 0.05
