"""The colours hold the contrasts of the brief, computed as WCAG does."""

import pytest
from PySide6.QtGui import QColor

from medviewer.ui.theme import HIGH_CONTRAST, Tokens


def luminance(colour: str) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    c = QColor(colour)
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF())


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("surface", ["bg0", "bg1", "bg2"])
@pytest.mark.parametrize(
    ("token", "least"),
    [("text1", 7), ("text2", 7), ("text3", 4.5), ("edge", 3), ("accent", 4.5), ("ai", 4.5), ("warn", 4.5)],
)
def test_text_and_borders_stand_out(surface: str, token: str, least: float) -> None:
    tokens = Tokens()
    assert contrast(getattr(tokens, token), getattr(tokens, surface)) >= least


@pytest.mark.parametrize(("text", "tint"), [("accent", "accent_bg"), ("warn", "warn_bg"), ("ai", "ai_bg")])
def test_tints_carry_their_own_text(text: str, tint: str) -> None:
    tokens = Tokens()
    assert contrast(getattr(tokens, text), getattr(tokens, tint)) >= 4.5


def test_high_contrast_is_higher() -> None:
    assert contrast(HIGH_CONTRAST.text1, HIGH_CONTRAST.bg1) > 20
    assert contrast(HIGH_CONTRAST.text2, HIGH_CONTRAST.bg1) > 14
    assert HIGH_CONTRAST.border == 2
