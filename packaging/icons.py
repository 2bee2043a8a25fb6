"""Draws the program's icons: the sign of the top bar (a frame with three bars) on the dark ground of the window.

    python icons.py FOLDER      (needs PySide6 and Pillow; no screen)

Writes medviewer-SIZE.png for the desktop's theme, medviewer.svg, medviewer.ico (Windows) and medviewer.icns (macOS).
"""

import os
import sys
from pathlib import Path

SIZES = (16, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 24, 32, 48, 64, 128, 256)
GROUND, LINE = "#13171B", "#5CBDB4"

#: Our own drawing, on a grid of 22 as in medviewer/ui/top_bar.py.
SVG = f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 22 22">
<rect x="0" y="0" width="22" height="22" rx="5" fill="{GROUND}"/>
<g fill="none" stroke="{LINE}" stroke-width="1.8" stroke-linecap="round">
<rect x="3" y="3" width="16" height="16" rx="4"/>
<path d="M7.4 15V11M11 15V7M14.6 15V9"/>
</g>
</svg>
"""


def draw(folder: Path) -> None:
    """Write all icons into `folder`."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PIL import Image
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "medviewer.svg").write_text(SVG, "utf-8")
    renderer = QSvgRenderer(SVG.encode())
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        image.save(str(folder / f"medviewer-{size}.png"))
    with Image.open(folder / "medviewer-512.png") as large:
        large.save(folder / "medviewer.ico", sizes=[(size, size) for size in ICO_SIZES])
        large.save(folder / "medviewer.icns")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
