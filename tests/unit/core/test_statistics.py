"""Figures of merit: AUC, intervals, calibration, thresholds."""

import numpy as np
import pytest

from medviewer.core import statistics


def test_auc_and_its_interval_agree_with_counting_pairs() -> None:
    rng = np.random.default_rng(0)
    y = rng.random(80) < 0.4
    s = np.round(rng.normal(size=80) + y, 1)
    pairs = [(a > b) + 0.5 * (a == b) for a in s[y] for b in s[~y]]
    assert statistics.auc(s, y) == pytest.approx(np.mean(pairs))
    value, error = statistics.delong(s, y)
    assert value == pytest.approx(np.mean(pairs))
    v10 = [np.mean([(a > b) + 0.5 * (a == b) for b in s[~y]]) for a in s[y]]
    v01 = [np.mean([(a > b) + 0.5 * (a == b) for a in s[y]]) for b in s[~y]]
    assert error == pytest.approx(np.sqrt(np.var(v10, ddof=1) / y.sum() + np.var(v01, ddof=1) / (~y).sum()))
    low, high = statistics.bootstrap_interval(statistics.auc, s, y, draws=300)
    assert low < value < high
    wide = statistics.bootstrap_interval(
        statistics.auc, np.repeat(s, 4), np.repeat(y, 4), np.repeat(np.arange(80), 4), 300
    )
    assert (wide[1] - wide[0]) == pytest.approx(high - low, rel=0.25)  # copies of a patient add nothing


def test_platt_scaling_finds_the_curve_that_made_the_labels() -> None:
    rng = np.random.default_rng(1)
    z = rng.normal(0, 3, 20_000)
    y = rng.random(z.size) < statistics.sigmoid(0.7 * z - 1)
    a, b = statistics.fit_platt(z, y)
    assert (a, b) == (pytest.approx(0.7, abs=0.05), pytest.approx(-1, abs=0.08))
    p = statistics.sigmoid(a * z + b)
    assert statistics.ece(p, y) < 0.02
    assert statistics.brier(p, y) < statistics.brier(statistics.sigmoid(z), y)
    a, b = statistics.fit_platt([-1, -2, 1, 2], [False, False, True, True])  # separable data stay finite
    assert 0 < a < 100


def test_thresholds_and_counts() -> None:
    s, y = [0.1, 0.4, 0.35, 0.8], [False, False, True, True]
    assert statistics.youden_threshold([0.1, 0.2, 0.8, 0.9], y) == pytest.approx(0.5)
    assert statistics.confusion(s, y, 0.35) == statistics.Confusion(2, 1, 1, 0)
    assert statistics.confusion(s, y, 0.35).specificity == 0.5
    cut = statistics.threshold_at_specificity(np.arange(100) / 100, np.zeros(100, bool), 0.95)
    assert statistics.confusion(np.arange(100) / 100, np.zeros(100, bool), cut).specificity == pytest.approx(0.95)
    assert statistics.wilson(0, 10)[1] == pytest.approx(0.2775, abs=1e-3)
    assert np.isnan(statistics.auc([1, 2], [True, True]))
