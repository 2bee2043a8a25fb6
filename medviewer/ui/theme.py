"""How medviewer looks: colours, type and sizes of the UI brief, the palette and the one style sheet.

`apply(app)` must run before the first window is shown: no white ever appears on the screen of a dark room. Painted
widgets read `T` while they paint, so that a switch to high contrast needs no restart.
"""

import sys
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from medviewer.ui.icons import icon as icon
from medviewer.ui.icons import pixmap as pixmap


@dataclass
class Tokens:
    """Colours (sRGB hex) by their role; contrast figures are in docs/ui-review.md."""

    canvas: str = "#000000"
    bg0: str = "#0D1013"
    bg1: str = "#13171B"
    bg2: str = "#1A1F24"
    bg3: str = "#242B32"
    line: str = "#2A3138"
    edge: str = "#6F7B87"
    text1: str = "#DCE1E6"
    text2: str = "#A7B1BB"
    text3: str = "#8A959F"
    off: str = "#5E6872"
    accent: str = "#5CBDB4"
    accent_bg: str = "#173431"
    on_accent: str = "#06201D"
    ai: str = "#B7A6F4"
    ai_bg: str = "#26223A"
    warn: str = "#E0B44C"
    warn_bg: str = "#332A14"
    danger: str = "#E88579"
    danger_bg: str = "#38201D"
    border: int = 1  # width of borders of controls, logical pixels


HIGH_CONTRAST = Tokens(
    bg0="#000000", bg1="#000000", bg2="#000000", bg3="#1E2A33", line="#8A959F", edge="#D0D6DC",
    text1="#FFFFFF", text2="#D0D6DC", text3="#D0D6DC", off="#8A959F", accent="#66E0D4", accent_bg="#06302C",
    on_accent="#000000", ai="#CBBEFF", ai_bg="#1B1730", warn="#FFD166", warn_bg="#2B2208", danger="#FFA69B",
    danger_bg="#2E1512", border=2,
)  # fmt: skip

#: The tokens in force. Changed in place by `apply`, so `T.text1` is always the current one.
T = Tokens()

# Sizes of the frame, logical pixels.
TOP_BAR, TOOLBAR, STATUS, JOBS, JOBS_OPEN = 48, 44, 28, 36, 240
STRIP, STRIP_NARROW, PANEL, PANEL_NARROW, ROW = 244, 88, 348, 300, 80
CONTROL, PRIMARY, TARGET = 32, 40, 24

#: Inter has no Chinese glyphs; the first of the others that is installed has them.
FAMILIES = ("Inter", "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Noto Sans SC", "Noto Sans")


def resource(*parts: str) -> Path:
    """Return a file of resources/ (beside the package, or inside a frozen program)."""
    root = Path(getattr(sys, "_MEIPASS", Path(__file__).parents[2]))
    return root.joinpath("resources", *parts)


def colour(token: str, alpha: float = 1.0) -> QColor:
    """Return the colour of a token name ("text2") or of a hex text, with `alpha` 0..1."""
    result = QColor(getattr(T, token, token))
    result.setAlphaF(alpha)
    return result


@cache
def font(px: int = 13, weight: int = 400) -> QFont:
    """Return Inter (or a fallback with Chinese) at `px` logical pixels, figures all of one width."""
    result = QFont(list(FAMILIES))
    result.setPixelSize(px)
    result.setWeight(QFont.Weight(weight))
    result.setFeature(QFont.Tag("tnum"), 1)
    result.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return result


def reduced_motion() -> bool:
    """Return whether the system asks for less motion (then nothing fades)."""
    app = QApplication.instance()
    return not (isinstance(app, QApplication) and app.isEffectEnabled(Qt.UIEffect.UI_FadeMenu))


class Preferences(Protocol):
    """The part of app.settings.Settings that is used here."""

    def get(self, key: str) -> Any: ...


def apply_settings(app: QApplication, settings: Preferences) -> None:
    """Apply the theme as the settings want it; contrast also follows the system's switch."""
    brightness = int(settings.get("display.chrome_brightness")) / 100
    apply(app, high_contrast=bool(settings.get("display.high_contrast")) or _system_contrast(), brightness=brightness)


def _system_contrast() -> bool:
    hints = QGuiApplication.styleHints()
    accessibility = getattr(hints, "accessibility", None)  # Qt 6.10 and later
    preference = accessibility().contrastPreference() if accessibility else None
    return preference is not None and getattr(preference, "name", "") == "HighContrast"


def _dimmed(value: object, brightness: float) -> object:
    """Return a colour at `brightness` of its own; other values as they are."""
    if not isinstance(value, str) or brightness >= 1:
        return value
    dark = QColor(value)
    return QColor(*(round(part * brightness) for part in (dark.red(), dark.green(), dark.blue()))).name()


def apply(app: QApplication, *, high_contrast: bool = False, brightness: float = 1.0) -> None:
    """Set fonts, palette and style sheet; may be called again. `brightness` (0.6 to 1) spares the images."""
    source = HIGH_CONTRAST if high_contrast else Tokens()
    for each in fields(Tokens):
        setattr(T, each.name, _dimmed(getattr(source, each.name), brightness))
    if not getattr(app, "_medviewer_fonts", False):
        for weight in (400, 500, 600):
            QFontDatabase.addApplicationFont(str(resource("fonts", f"Inter-{weight}.ttf")))
        app._medviewer_fonts = True  # type: ignore[attr-defined]
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(font())
        hints = QGuiApplication.styleHints()
        if hasattr(hints, "setColorScheme"):
            hints.setColorScheme(Qt.ColorScheme.Dark)
    app.setPalette(_palette())
    app.setStyleSheet(style_sheet())
    for widget in app.allWidgets():
        if callable(again := getattr(widget, "retheme", None)):
            again()
        widget.update()


def _palette() -> QPalette:
    roles = QPalette.ColorRole
    table = {
        roles.Window: T.bg1,
        roles.Base: T.bg0,
        roles.AlternateBase: T.bg2,
        roles.Button: T.bg2,
        roles.WindowText: T.text1,
        roles.Text: T.text1,
        roles.ButtonText: T.text1,
        roles.BrightText: T.text1,
        roles.ToolTipBase: T.bg2,
        roles.ToolTipText: T.text1,
        roles.PlaceholderText: T.text3,
        roles.Highlight: T.accent_bg,
        roles.HighlightedText: T.text1,
        roles.Link: T.accent,
        roles.LinkVisited: T.accent,
        roles.Light: T.bg3,
        roles.Midlight: T.bg3,
        roles.Mid: T.line,
        roles.Dark: T.bg0,
        roles.Shadow: T.canvas,
        roles.Accent: T.accent,
    }
    palette = QPalette()
    for role, value in table.items():
        palette.setColor(role, QColor(value))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(T.off))
    return palette


def style_sheet() -> str:
    """Return the style sheet of the whole program, with the tokens in force filled in."""
    text = resource("theme.qss").read_text("utf-8")
    for name in sorted((f.name for f in fields(Tokens)), key=len, reverse=True):
        text = text.replace(f"@{name}", str(getattr(T, name)))
    return text.replace("@resources", resource().as_posix())


def set_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet looks at, and let it take effect."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
