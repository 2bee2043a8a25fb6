"""What stands in the corners of a viewport: facts of the image that is drawn, in words (UI brief 4, CHECKLIST B).

Nothing here paints. Every function takes what is on the screen (`Shown`), never what is merely asked for, so that
texts and pixels always belong to one image.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from medviewer.core.geometry import ViewMap, normal
from medviewer.core.image import Frame
from medviewer.core.intensity import PRESETS, Window
from medviewer.core.study import ImageHeader, ImageRef, SpacingKind, Stack, Study
from medviewer.ui import texts
from medviewer.ui.translation import say, translate

GAP = "   "
MINUS = "−"
#: Warnings that the full texts carry at their own place: the ruler, and the compression at the bottom right.
SAID_ELSEWHERE = ("spacing_at_detector", "spacing_unknown", "lossy")


@dataclass(frozen=True)
class Shown:
    """The image whose pixels are on the screen."""

    stack: Stack
    index: int
    ref: ImageRef
    frame: Frame

    @property
    def header(self) -> ImageHeader:
        return self.ref.header


@dataclass(frozen=True)
class Line:
    """One line of corner text: words, colour token, weight and perhaps an icon before it."""

    text: str
    token: str = "text2"
    weight: int = 400
    icon: str = ""


def number(value: float, digits: int = 1) -> str:
    """Return a number for people: whole where it is whole, a real minus sign."""
    text = f"{value:.{digits}f}" if value != round(value) else f"{value:.0f}"
    return text.replace("-", MINUS)


def joined(*parts: str) -> str:
    return GAP.join(part for part in parts if part)


def name_line(shown: Shown, hidden: bool) -> Line:
    if hidden:
        return Line(translate("Viewport", "Name hidden"), "text1", 600)
    header = shown.header
    if header.film:
        return Line(header.label.rsplit("/", 1)[-1], "text1", 600)
    return Line(texts.patient_name(header.patient), "text1" if header.patient.name else "text2", 600)


def top_left(shown: Shown, hidden: bool, prior: str = "") -> list[Line]:
    """Who and what: name, ID, sex, age; study date and time, prior; study description."""
    header, patient = shown.header, shown.header.patient
    born = translate("Viewport", "born {0}").format(texts.date(patient.birth_date)) if patient.birth_date else ""
    who = joined(*(("",) if hidden else (patient.id,)), patient.sex, texts.age(patient.age), "" if hidden else born)
    when = joined(texts.date(header.study_date) if header.study_date else "", header.study_time[:5], prior)
    if header.film:
        when = translate("Viewport", "Picture file, no patient data")
    lines = [name_line(shown, hidden)]
    return lines + [Line(text) for text in (who, when, header.study_description) if text]


def image_line(shown: Shown, loading: int | None) -> Line:
    """Which image of how many; `loading` is the index asked for while its pixels are not there yet."""
    text = translate("Viewport", "Image {0} / {1}").format(shown.index + 1, len(shown.stack))
    if loading is None:
        return Line(text)
    return Line(
        joined(translate("Viewport", "loading image {0}").format(loading + 1), text), "warn", icon="hourglass-medium"
    )


def location(ref: ImageRef) -> str:
    """Return how far along the plane's normal the image lies ("Loc +42.5 mm"); "" without geometry."""
    plane = ref.plane
    if plane.position is None or plane.orientation is None:
        return ""
    along = float(np.dot(normal(plane.orientation), plane.position))
    if not np.isfinite(along):
        return ""
    return translate("Viewport", "Loc {0} mm").format(f"{along:+.1f}".replace("-", MINUS))


def top_right(shown: Shown, loading: int | None = None) -> list[Line]:
    """Which picture: series number and name; image n / N; location; view and side of projections."""
    header = shown.header
    series = ""
    if header.series_number is not None:
        series = translate("Viewport", "Series {0}").format(header.series_number)
    sides = {"L": translate("Viewport", "left"), "R": translate("Viewport", "right")}
    side = sides.get(header.laterality, "")
    view = translate("Viewport", "View {0}").format(header.view_position) if header.view_position else ""
    lines = [Line(joined(series, shown.stack.name)), image_line(shown, loading)]
    return [line for line in (*lines, Line(location(shown.ref)), Line(joined(view, side))) if line.text]


def window_name(window: Window | None, shown: Shown) -> str:
    """Return the name of the window in use: the file's own explanation, or the preset of these very numbers."""
    if window is None and shown.frame.voi_lut is not None:
        return shown.frame.voi_lut.name or translate("Viewport", "table of the file")
    used = window or shown.frame.window
    if used is None:
        return ""
    if used.name == "auto":
        return translate("Viewport", "automatic")
    named = (
        p.name for p in PRESETS if (p.center, p.width) == (used.center, used.width) and p.unit == shown.header.unit
    )
    return used.name or next((say(name) for name in named), "")


def window_line(shown: Shown, window: Window | None, inverted: bool, named: bool = True) -> Line:
    used = window or shown.frame.window
    turned = translate("Viewport", "inverted") if inverted else ""
    if shown.frame.colour or used is None:
        return Line(joined(translate("Viewport", "Colour") if shown.frame.colour else "", turned))
    if window is None and shown.frame.voi_lut is not None:
        return Line(joined(window_name(None, shown), turned))
    numbers = f"W {number(used.width)}{GAP}L {number(used.center)}"
    unit = f" {shown.header.unit}" if shown.header.unit else ""
    return Line(joined(numbers + unit, window_name(window, shown) if named else "", turned))


def value_text(shown: Shown, column: int, row: int) -> str:
    """Return the value of one source pixel with its unit, in words where there is none (CHECKLIST B5)."""
    frame = shown.frame
    rows, columns = frame.values.shape[:2]
    if not (0 <= column < columns and 0 <= row < rows):
        return translate("Viewport", "outside the image")
    value = frame.values[row, column]
    if frame.colour:
        return "R {} G {} B {}".format(*value)
    if frame.padding is not None and frame.padding[row, column]:
        return translate("Viewport", "padding")
    if not np.isfinite(value):
        return translate("Viewport", "no value")
    text = f"{value:.0f}" if frame.values.dtype.kind in "iub" or abs(value) >= 1e5 else f"{float(value):.4g}"
    text = text.replace("-", MINUS)
    return f"{text} {shown.header.unit}" if shown.header.unit else translate("Viewport", "value {0}").format(text)


def zoom_line(view: ViewMap, cine: str = "") -> Line:
    percent = view.zoom * 100
    text = translate("Viewport", "Zoom {0} %").format(f"{percent:.0f}" if percent >= 10 else f"{percent:.1f}")
    one = translate("Viewport", "1:1") if abs(view.zoom - 1) < 1e-6 and view.aspect == 1 else ""
    stretched = translate("Viewport", "pixels not square") if abs(view.aspect - 1) > 0.005 else ""
    return Line(joined(text, one, stretched, cine))


def bottom_left(
    shown: Shown, window: Window | None, inverted: bool, view: ViewMap, cursor: tuple[int, int] | None, cine: str = ""
) -> list[Line]:
    """How it is shown: window, zoom, and the value under the cursor."""
    lines = [window_line(shown, window, inverted), zoom_line(view, cine)]
    if cursor is not None:
        lines.append(Line(f"x {cursor[0]}{GAP[:2]}y {cursor[1]}{GAP}{value_text(shown, *cursor)}".replace("-", MINUS)))
    return [line for line in lines if line.text]


def turn_words(view: ViewMap) -> str:
    """Return flips and rotation in words."""
    turned = ("", "turned right", "turned upside down", "turned left")[view.quarter_turns % 4]
    words = [
        translate("Viewport", "flipped sideways") if view.flip_x else "",
        translate("Viewport", "flipped upright") if view.flip_y else "",
        {
            "turned right": translate("Viewport", "turned right"),
            "turned left": translate("Viewport", "turned left"),
            "turned upside down": translate("Viewport", "turned by 180°"),
        }.get(turned, ""),
    ]
    return ", ".join(word for word in words if word)


def technique(header: ImageHeader) -> str:
    parts = (
        (header.kvp, "{} kV"),
        (header.tube_current, "{} mA"),
        (header.repetition_time, "TR {} ms"),
        (header.echo_time, "TE {} ms"),
    )
    return joined(*(form.format(number(value)) for value, form in parts if value))


def thickness(shown: Shown) -> str:
    thick, spacing = shown.header.slice_thickness, shown.stack.spacing
    text = translate("Viewport", "Thickness {0} mm").format(number(thick)) if thick else ""
    step = spacing[2] if spacing and len(shown.stack) > 1 else 0.0
    if step and not (thick and abs(step - thick) < 0.01 * thick):
        text = joined(text, translate("Viewport", "every {0} mm").format(number(step, 2)))
    return text


def compression(header: ImageHeader) -> str:
    if header.lossy and header.lossy_ratio:
        return translate("Viewport", "Lossy {0}:1").format(f"{header.lossy_ratio:.0f}")
    if header.lossy:
        return translate("Viewport", "Lossy")
    return "" if header.film else translate("Viewport", "Lossless")


def bottom_right(shown: Shown, view: ViewMap, smooth: bool, full_screen: bool) -> list[Line]:
    """How it was made: technique, thickness, compression; what was done to it; the fixed words in full screen."""
    rough = "" if smooth else translate("Viewport", "pixels not smoothed")
    lines = [Line(text) for text in (technique(shown.header), thickness(shown), compression(shown.header)) if text]
    lines += [Line(text, "text1") for text in (turn_words(view), rough) if text]
    return lines + ([fixed_words()] if full_screen else [])


def fixed_words() -> Line:
    return Line(translate("Viewport", "Not for diagnostic use"), "warn", 600, "warning")


def warnings(shown: Shown, short: bool = False) -> list[Line]:
    """Return what the reader must know about this image and its stack, in amber; `short` leaves no other texts."""
    texts = [translate("Viewport", "Synthetic, no patient")] if shown.header.synthetic else []
    texts += [say(text) for text in (*shown.header.marks, *shown.frame.marks)]
    texts += [say(warning.text) for warning in shown.stack.warnings if short or warning.code not in SAID_ELSEWHERE]
    return [Line(text, "warn", icon="warning") for text in dict.fromkeys(texts)]


def length_kind(kind: SpacingKind) -> str:
    """Return what a length in mm of this image means, "" for lengths in the patient."""
    return {
        SpacingKind.DETECTOR: translate("Viewport", "at detector"),
        SpacingKind.CALIBRATED: translate("Viewport", "calibrated"),
        SpacingKind.NOMINAL: translate("Viewport", "nominal"),
    }.get(kind, "")


def prior_words(shown: Shown, studies: Iterable[Study]) -> str:
    """Return "prior, 9 months" where a later study of the same patient is open, else ""."""
    header = shown.header
    if not header.patient.id or not header.study_date:
        return ""
    dates = [s.date for s in studies if s.patient.id == header.patient.id and s.uid != header.study_uid and s.date]
    latest = max(dates, default="")
    if latest <= header.study_date:
        return ""
    try:
        days = (date.fromisoformat(latest) - date.fromisoformat(header.study_date)).days
    except ValueError:
        return translate("Viewport", "prior")
    if days < 60:
        return translate("Viewport", "prior, {0} d").format(days)
    if days < 730:
        return translate("Viewport", "prior, {0} months").format(round(days / 30.44))
    return translate("Viewport", "prior, {0} years").format(round(days / 365.25))
