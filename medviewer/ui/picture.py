"""One viewport as a picture file, with its corner texts: what `medviewer render --overlay` starts.

It is the window's own viewport, drawn without a screen, so that the texts are those of the window.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from medviewer.app import render
from medviewer.app.session import Session
from medviewer.core.errors import UserError, exit_code
from medviewer.core.values import unpack
from medviewer.ui import theme, translation
from medviewer.ui.bridge import MainThread
from medviewer.ui.viewport import Viewport

LIMIT_S, STILL_S = 30.0, 0.15


def main(argv: list[str]) -> int:
    """Write the picture that the JSON object in `argv[0]` asks for (see app.render.overlay); returns the exit code."""
    asked = json.loads(argv[0])
    app = QApplication(["medviewer"])
    with Session(read_only=True) as session:
        translation.install(app, str(session.settings.get("language.language")))
        theme.apply(app)
        try:
            image = _paint(app, session, asked)
        except UserError as error:
            sys.stderr.write(f"medviewer: {error.sentence}\n")
            return exit_code(error)
    return 0 if image.save(asked["out"], "PNG") else 4  # type: ignore[call-overload]


def _paint(app: QApplication, session: Session, asked: dict[str, Any]) -> QImage:
    wish = unpack(render.Wish, asked["wish"])
    ref, stack, index = render.find_image(session, [Path(asked["path"])], wish)
    session.pixels.fetch(ref)
    reader, bridge = session.reader, MainThread()
    reader.set(names_hidden=not asked["identity"], active=1)  # the picture carries no border of the active viewport
    view = reader.views[0]
    view.show(stack, index)
    view.set(window=render.wished_window(wish, ref))
    viewport = Viewport(session, view, bridge)
    viewport.setFixedSize(*(wish.size or (ref.header.columns, ref.header.rows)))
    viewport.show()
    image = _when_still(app, viewport)
    viewport.detach()
    bridge.close()
    return image


def _when_still(app: QApplication, viewport: Viewport) -> QImage:
    """Return the viewport when it does not change any more: large films are averaged on a thread."""
    last, since, end = QImage(), time.monotonic(), time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        app.processEvents()
        viewport.cursor_at = None  # wherever the mouse of this machine is, it is not over a picture file
        image = viewport.grab().toImage()
        if image != last:
            last, since = image, time.monotonic()
        elif viewport.shown is not None and time.monotonic() - since > STILL_S:
            return image
        time.sleep(0.01)
    raise UserError("no_picture", "The image could not be drawn in time.")
