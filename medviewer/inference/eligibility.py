"""May this model read this stack? Every rule of the card answers from the headers: yes, no, or not known.

A header that says something else is a no, and nobody can overrule it; a header that is missing is "unknown", which
the reader can confirm. One row of the table RULES is one kind of rule.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from medviewer.core.study import ImageHeader, Stack
from medviewer.inference.card import Card, EligibilityRule

YES, NO, UNKNOWN = "yes", "no", "unknown"


@dataclass(frozen=True)
class Rule:
    """One rule's answer: `ok` True, False, or None where the header is missing; `text` is the sentence to show."""

    name: str
    value: str
    ok: bool | None
    text: str


@dataclass(frozen=True)
class Verdict:
    """The answer for one model and one stack: "yes", "no" or "unknown"."""

    answer: str
    rules: tuple[Rule, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Sentences of the rules that do not hold; for "unknown", of those that the reader must confirm."""
        wanted = False if self.answer == NO else None
        return tuple(rule.text for rule in self.rules if rule.ok is wanted)

    @property
    def sentence(self) -> str:
        """One line for the panel: "Not evaluated. The model needs 1 to 6 mm slices; these are 8 mm."; "" for yes."""
        if self.answer == YES:
            return ""
        start = "Not evaluated. " if self.answer == NO else "Cannot tell whether the model fits. "
        return start + " ".join(self.reasons)


def judge(card: Card, stack: Stack) -> Verdict:
    """Return the verdict of every rule of `card` on `stack` (headers only, no pixels)."""
    rules = tuple(_judge(rule, stack) for rule in card.eligibility)
    answer = NO if any(r.ok is False for r in rules) else UNKNOWN if any(r.ok is None for r in rules) else YES
    return Verdict(answer, rules)


def _judge(rule: EligibilityRule, stack: Stack) -> Rule:
    return RULES[rule.rule](rule, stack)


def _missing(rule: EligibilityRule, stack: Stack, what: str, needs: str) -> Rule:
    """Return the answer for a value that the header does not have."""
    ok = {"yes": True, "no": False, "unknown": None}[rule.missing]
    source = "This film has no header, so its" if stack.first.film else "The header does not say the"
    ask = f" {what} is not known." if stack.first.film else f" {what}."
    confirm = f" Confirm that it is {needs}." if ok is None else f" The model needs {needs}."
    return Rule(rule.rule, "", ok, f"{source}{ask}{confirm}")


def _plain(text: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", text.upper())


def _choice(what: str, of: Callable[[Stack], Sequence[str]]) -> Callable[[EligibilityRule, Stack], Rule]:
    """Make the rule "every value that the headers give is one of `allowed`"."""

    def answer(rule: EligibilityRule, stack: Stack) -> Rule:
        values = [v for v in dict.fromkeys(of(stack)) if v]
        needs = " or ".join(rule.allowed)
        if not values:
            return _missing(rule, stack, what, needs)
        allowed = {_plain(a) for a in rule.allowed}
        shown = ", ".join(values)
        ok = all(_plain(v) in allowed for v in values)
        state = f"this is {shown}" if ok or len(values) == 1 else f"these are {shown}"
        return Rule(rule.rule, shown, ok, f"The model needs the {what} {needs}; {state}.")

    return answer


def _number(value: float) -> str:
    return f"{value:.4g}"


def _range(rule: EligibilityRule) -> str:
    if rule.min is None:
        return f"at most {_number(rule.max or 0)}"
    if rule.max is None:
        return f"at least {_number(rule.min)}"
    return f"{_number(rule.min)} to {_number(rule.max)}"


def _between(
    what: str, unit: str, noun: str, of: Callable[[Stack], Sequence[float]]
) -> Callable[[EligibilityRule, Stack], Rule]:
    """Make the rule "every value that the headers give lies in min..max" (half a percent of slack for rounding)."""

    def answer(rule: EligibilityRule, stack: Stack) -> Rule:
        values = sorted(set(of(stack)))
        if not values:
            return _missing(rule, stack, what, f"{_range(rule)} {unit}")
        low = -float("inf") if rule.min is None else rule.min * 0.995
        high = float("inf") if rule.max is None else rule.max * 1.005
        ok = low <= values[0] and values[-1] <= high
        shown = " to ".join(dict.fromkeys(_number(v) for v in (values[0], values[-1])))
        text = f"The model needs {_range(rule)} {unit} {noun}; these are {shown} {unit}."
        return Rule(rule.rule, f"{shown} {unit}", ok, text)

    return answer


def _min_size(rule: EligibilityRule, stack: Stack) -> Rule:
    rows = min(image.header.rows for image in stack.images)
    columns = min(image.header.columns for image in stack.images)
    ok = rows >= rule.rows and columns >= rule.columns
    text = f"This is {columns}x{rows} pixels, {'large enough' if ok else 'smaller than the model can read'}"
    text += f" (at least {rule.columns}x{rule.rows})."
    return Rule(rule.rule, f"{columns}x{rows}", ok, text)


def _image_type(rule: EligibilityRule, stack: Stack) -> Rule:
    values = {_plain(v): v for header in _headers(stack) for v in header.image_type}
    if not values:
        return _missing(rule, stack, "image type", f"not {' or '.join(rule.refused)}")
    bad = [values[_plain(r)] for r in rule.refused if _plain(r) in values]
    shown = ", ".join(bad) if bad else ", ".join(values.values())
    words = f"this is marked {shown}" if bad else "this is not one"
    return Rule(rule.rule, shown, not bad, f"The model does not read {' or '.join(rule.refused)} images; {words}.")


def _headers(stack: Stack) -> list[ImageHeader]:
    """Return each instance's header once."""
    return list({image.header.path: image.header for image in stack.images}.values())


def _of(name: str) -> Callable[[Stack], Sequence[str]]:
    def values(stack: Stack) -> Sequence[str]:
        return () if stack.first.film else [str(getattr(header, name)).strip() for header in _headers(stack)]

    return values


def _plane(stack: Stack) -> Sequence[str]:
    return () if stack.plane == "none" else (stack.plane,)


def _photometric(stack: Stack) -> Sequence[str]:
    return [header.photometric for header in _headers(stack)]  # a film without header knows it too


def _thickness(stack: Stack) -> Sequence[float]:
    return [h.slice_thickness for h in _headers(stack) if h.slice_thickness and h.slice_thickness > 0]


def _spacing(stack: Stack) -> Sequence[float]:
    planes = [image.plane.spacing for image in stack.images if image.plane.spacing]
    return [value for spacing in planes for value in spacing if value > 0]


def _ages(stack: Stack) -> Sequence[float]:
    """Ages in years (VR AS: "045Y", "018M", "003W", "010D"; PS3.5 6.2)."""
    per_year = {"Y": 1.0, "M": 12.0, "W": 52.18, "D": 365.25}
    found = (re.fullmatch(r"(\d{1,3})([DWMY])", h.patient.age.strip().upper()) for h in _headers(stack))
    return [int(match[1]) / per_year[match[2]] for match in found if match]


#: Kind of rule (inference.card.RULES) -> how it is answered.
RULES: dict[str, Callable[[EligibilityRule, Stack], Rule]] = {
    "modality": _choice("modality", _of("modality")),
    "body_part": _choice("body part", _of("body_part")),
    "plane": _choice("plane", _plane),
    "unit": _choice("unit", _of("unit")),
    "photometric": _choice("photometric interpretation", _photometric),
    "view_position": _choice("view position", _of("view_position")),
    "image_type": _image_type,
    "slice_thickness": _between("slice thickness", "mm", "slices", _thickness),
    "pixel_spacing": _between("pixel size", "mm", "pixels", _spacing),
    "patient_age": _between("age", "years", "as the patient's age", _ages),
    "min_size": _min_size,
}
