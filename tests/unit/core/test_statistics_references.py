"""Figures against what others computed: scikit-learn, published examples, and simulations with a known truth."""

import math

import numpy as np
import pytest

from medviewer.core import paired, statistics

#: DeLong, DeLong, Clarke-Pearson 1988, as in SAS/STAT User's Guide, PROC LOGISTIC, "Comparing Receiver Operating
#: Characteristic Curves": albumin, total protein, K-G score, benefit from surgery (0: the event).
OVARIAN = """
3.0 5.8 10 0  3.2 6.3 5 1  3.9 6.8 3 1  2.8 4.8 6 0  3.2 5.8 3 1  0.9 4.0 5 0  2.5 5.7 8 0  1.6 5.6 5 1
3.8 5.7 5 1  3.7 6.7 6 1  3.2 5.4 4 1  3.8 6.6 6 1  4.1 6.6 5 1  3.6 5.7 5 1  4.3 7.0 4 1  3.6 6.7 4 0
2.3 4.4 6 1  4.2 7.6 4 0  4.0 6.6 6 0  3.5 5.8 6 1  3.8 6.8 7 1  3.0 4.7 8 0  4.5 7.4 5 1  3.7 7.4 5 1
3.1 6.6 6 1  4.1 8.2 6 1  4.3 7.0 5 1  4.3 6.5 4 1  3.2 5.1 5 1  2.6 4.7 6 1  3.3 6.8 6 0  1.7 4.0 7 0
3.7 6.1 5 1  3.3 6.3 7 1  4.2 7.7 6 1  3.5 6.2 5 1  2.9 5.7 9 0  2.1 4.8 7 1  2.8 6.2 8 0  4.0 7.0 7 1
3.3 5.7 6 1  3.7 6.9 5 1  3.6 6.6 5 1
"""


def ovarian() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return albumin, K-G score and total protein as scores (higher: the event), and the event."""
    table = np.array(OVARIAN.split(), float).reshape(-1, 4)
    return -table[:, 0], table[:, 2], -table[:, 1], table[:, 3] == 0


def test_delong_gives_the_areas_and_errors_of_the_published_example() -> None:
    albumin, kg, protein, event = ovarian()
    for scores, area, error, low, high in (
        (albumin, 0.7366, 0.0927, 0.5549, 0.9182),
        (kg, 0.7258, 0.1028, 0.5243, 0.9273),
        (protein, 0.6478, 0.1000, 0.4518, 0.8439),
    ):
        assert statistics.delong(scores, event) == (pytest.approx(area, abs=6e-5), pytest.approx(error, abs=6e-5))
        assert statistics.delong_interval(scores, event) == (
            pytest.approx(low, abs=6e-5),
            pytest.approx(high, abs=6e-5),
        )


def test_the_paired_delong_difference_is_that_of_the_published_example() -> None:
    albumin, kg, protein, event = ovarian()
    for scores, value, low, high, chi in (
        (albumin, 0.0108, -0.1761, 0.1976, 0.0127),
        (protein, -0.0780, -0.2830, 0.1271, 0.5554),
    ):
        found, z = paired.delong_difference(kg, scores, event)
        assert found.value == pytest.approx(value, abs=6e-5)
        assert (found.low, found.high) == (pytest.approx(low, abs=6e-5), pytest.approx(high, abs=6e-5))
        assert z**2 == pytest.approx(chi, abs=6e-5)


def test_areas_brier_and_kappa_agree_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(3)
    for n in (20, 200, 2000):
        y = rng.random(n) < 0.3
        p = np.round(statistics.sigmoid(rng.normal(size=n) + y), 2)  # with ties
        assert statistics.auc(p, y) == pytest.approx(metrics.roc_auc_score(y, p), abs=1e-12)
        assert statistics.brier(p, y) == pytest.approx(metrics.brier_score_loss(y, p), abs=1e-12)
        assert statistics.log_loss(p, y) == pytest.approx(metrics.log_loss(y, np.clip(p, 1e-12, 1 - 1e-12)), abs=1e-9)
        a, b = rng.integers(3, size=n), rng.integers(3, size=n)
        b = np.where(rng.random(n) < 0.6, a, b)
        assert statistics.kappa(a, b)[0] == pytest.approx(metrics.cohen_kappa_score(a, b), abs=1e-12)


def test_weighted_areas_agree_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    rng = np.random.default_rng(4)
    y = rng.random(150) < 0.4
    s = np.round(rng.normal(size=150) + y, 1)
    weights = next(paired.weights(y, [f"p{i // 2}" for i in range(150)], draws=20))
    found = paired.Ranked(s, y).auc(weights)
    for row, area in zip(weights, found, strict=True):
        assert area == pytest.approx(metrics.roc_auc_score(y, s, sample_weight=row), abs=1e-12)


def test_kappa_and_its_interval_are_those_of_the_printed_table() -> None:
    """Table 31, 12, 4, 58 of statpsych's ci.kappa (after Fleiss and Paik 2003): 0.6756757, 0.5317210 to 0.8196303."""
    first, second = np.repeat([0, 0, 1, 1], [31, 12, 4, 58]), np.repeat([0, 1, 0, 1], [31, 12, 4, 58])
    assert statistics.kappa(first, second) == pytest.approx((0.6756757, 0.5317210, 0.8196303), abs=1e-7)
    words = np.array(["agree", "disagree"])
    assert statistics.kappa(words[first], words[second]) == statistics.kappa(first, second)
    assert statistics.kappa(first, first) == (1.0, 1.0, 1.0)
    assert math.isnan(statistics.kappa([1, 1], [1, 1])[0])  # chance alone agrees always


def test_a_difference_of_paired_shares_is_that_of_newcombes_paper() -> None:
    """Newcombe 1998 (Statist. Med. 17, 2635), table of 36, 12, 2, 0: method 10 gives 0.0569 to 0.3404."""
    first, second = np.repeat([1, 0, 1, 0], [36, 12, 2, 0]), np.repeat([1, 1, 0, 0], [36, 12, 2, 0])
    found = paired.newcombe_difference(first, second)
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0569, 0.3404), abs=5e-5)
    same = paired.newcombe_difference(np.ones(10), np.ones(10))
    assert same.low < -0.2 < 0.2 < same.high  # ten that agree do not prove equality


def test_temperature_finds_what_made_the_labels() -> None:
    rng = np.random.default_rng(5)
    z = rng.normal(0, 4, 20_000)
    y = rng.random(z.size) < statistics.sigmoid(z / 2.5)
    t = statistics.fit_temperature(z, y)
    assert t == pytest.approx(2.5, rel=0.05)
    assert statistics.ece(statistics.sigmoid(z / t), y) < 0.5 * statistics.ece(statistics.sigmoid(z), y)
    assert statistics.auc(z / t, y) == statistics.auc(z, y)


def coverage(hits: list[bool]) -> float:
    return float(np.mean(hits))


def test_the_bootstrap_by_patient_covers_the_true_difference() -> None:
    """400 simulations, 40 + 40 patients with two images each that are not independent."""
    rng = np.random.default_rng(6)
    patients, per = 80, 2
    y = np.repeat(np.arange(patients) < patients // 2, per)
    groups = [f"p{i // per}" for i in range(y.size)]
    shifts, hits = (1.0, 1.4), []
    true = [0.5 * (1 + math.erf(d / math.sqrt(2 * (0.5 + 0.5)) / math.sqrt(2))) for d in shifts]
    for number in range(400):
        own = np.repeat(rng.normal(0, math.sqrt(0.5), patients), per)  # what a patient's images share
        scores = [own + rng.normal(0, math.sqrt(0.5), y.size) + d * y for d in shifts]
        found = paired.auc_difference(*scores, y, groups, draws=400, seed=number)
        hits.append(found.low <= true[1] - true[0] <= found.high)
    assert 0.92 <= coverage(hits) <= 0.98


def test_delong_and_newcombe_cover_the_true_difference() -> None:
    rng = np.random.default_rng(7)
    y = np.arange(120) < 50
    areas = [0.5 * (1 + math.erf(d / 2)) for d in (1.0, 1.3)]
    delong, newcombe = [], []
    for _ in range(1000):
        shared = rng.normal(0, math.sqrt(0.5), y.size)
        a, b = (shared + rng.normal(0, math.sqrt(0.5), y.size) + d * y for d in (1.0, 1.3))
        found, _ = paired.delong_difference(a, b, y)
        delong.append(found.low <= areas[1] - areas[0] <= found.high)
        first = rng.random(60) < 0.8
        second = np.where(rng.random(60) < 0.5, first, rng.random(60) < 0.9)
        share = paired.newcombe_difference(first, second)
        newcombe.append(share.low <= 0.05 <= share.high)
    assert 0.92 <= coverage(delong) <= 0.98
    assert 0.92 <= coverage(newcombe) <= 0.99


def test_patients_are_drawn_with_all_their_images_and_each_class_by_itself_where_one_is_small() -> None:
    y = np.array([True] * 6 + [False] * 30)
    groups = [f"p{i // 3}" for i in range(36)]
    (weights,) = paired.weights(y, groups, draws=50)
    assert weights.shape == (50, 36)
    assert (weights.reshape(50, 12, 3) == weights.reshape(50, 12, 3)[:, :, :1]).all()
    assert (weights[:, y].sum(1) == 6).all()
    assert (weights[:, ~y].sum(1) == 30).all()
    assert weights[:, ::3].std(0).min() > 0
