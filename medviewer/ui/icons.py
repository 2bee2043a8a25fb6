"""Icons: Phosphor SVGs of resources/icons, tinted with a token and drawn at the screen's own resolution."""

from functools import cache

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap


def pixmap(name: str, size: int = 18, colour: str = "text2", ratio: float | None = None) -> QPixmap:
    """Return icon `name` at `size` logical pixels; `colour` is a token name or a hex text.

    `ratio` is device pixels per logical pixel, None for the primary screen's.
    """
    from medviewer.ui.theme import T

    if ratio is None:
        screen = QGuiApplication.primaryScreen()
        ratio = screen.devicePixelRatio() if screen else 1.0
    return _draw(name, size, getattr(T, colour, colour), ratio)


@cache
def _draw(name: str, size: int, colour: str, ratio: float) -> QPixmap:
    from PySide6.QtSvg import QSvgRenderer

    from medviewer.ui.theme import resource

    svg = resource("icons", f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    side = round(size * ratio)
    result = QPixmap(QSize(side, side))
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(svg.encode())).render(painter)
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result


def icon(name: str, size: int = 18, colour: str = "text2", on: str | None = None) -> QIcon:
    """Return a QIcon for buttons: `colour` normally, `on` when checked, the "off" token when disabled."""
    result = QIcon()
    ratios = {screen.devicePixelRatio() for screen in QGuiApplication.screens()} or {1.0}
    for ratio in sorted(ratios):
        result.addPixmap(pixmap(name, size, colour, ratio), QIcon.Mode.Normal, QIcon.State.Off)
        result.addPixmap(pixmap(name, size, "off", ratio), QIcon.Mode.Disabled, QIcon.State.Off)
        if on:
            result.addPixmap(pixmap(name, size, on, ratio), QIcon.Mode.Normal, QIcon.State.On)
    return result
