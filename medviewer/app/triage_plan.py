"""Which models read which stacks of a study for the worklist, and the most helpful reason where none does. Pure.

A model reads what its card says that it can read. Where a header is missing nobody can tell: a film without any header
is read all the same, by models for films only, and its row says that nobody confirmed it; a DICOM file is not.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from medviewer.core.study import Stack
from medviewer.inference.eligibility import NO, UNKNOWN, YES, Verdict, judge
from medviewer.inference.folder import ModelFolder

#: Modalities of single projections: what a picture without header can be.
PROJECTIONS = frozenset({"CR", "DX", "RG", "XR"})
UNCONFIRMED = "The film has no header: nobody confirmed that it is a {} film."


@dataclass(frozen=True)
class Wanted:
    """One stack for one model. `reason`: what nobody confirmed; `confirmed`: a reader vouched for it."""

    stack: Stack
    model: ModelFolder
    reason: str = ""
    confirmed: bool = False


@dataclass(frozen=True)
class Plan:
    """What is to be read of a study; where that is nothing, `refusal` says why, and `model` is the one it speaks of."""

    wanted: tuple[Wanted, ...] = ()
    refusal: str = ""
    stack: Stack | None = None
    model: ModelFolder | None = None


@dataclass(frozen=True)
class _Judged:
    stack: Stack
    model: ModelFolder
    verdict: Verdict


def newest(models: Iterable[ModelFolder]) -> tuple[ModelFolder, ...]:
    """Return each model once, in its newest version (`models` is in the order of inference.folder.find)."""
    return tuple({model.name: model for model in models}.values())


def plan(stacks: Sequence[Stack], models: Sequence[ModelFolder], *, films: bool, confirmed: bool = False) -> Plan:
    """Return what to read: for each model that may, the stack that fits it best.

    `films` is the setting that lets films without header be read; `confirmed`: a reader has vouched for what the
    headers do not say.
    """
    found: list[Wanted] = []
    judged: list[_Judged] = []
    for model in models:
        mine = [_Judged(stack, model, judge(model.card, stack)) for stack in stacks]
        judged += mine
        may = [j for j in mine if _may(j, films, confirmed)]
        if may:
            best = min(may, key=_preference)
            found.append(_wanted(best, confirmed))
    return Plan(tuple(found)) if found else _refused(stacks, judged)


def _may(judged: _Judged, films: bool, confirmed: bool) -> bool:
    if judged.verdict.answer != UNKNOWN:
        return judged.verdict.answer == YES
    if judged.stack.first.film:
        return (films or confirmed) and bool(PROJECTIONS & set(judged.model.card.input.modality))
    return confirmed


def _preference(judged: _Judged) -> tuple[bool, bool, int]:
    """Sort what fits for sure first, then no localizers, then most images."""
    stack = judged.stack
    localizer = any("LOCALIZER" in kind.upper() for kind in stack.first.image_type)
    return judged.verdict.answer != YES, localizer, -len(stack)


def _wanted(judged: _Judged, confirmed: bool) -> Wanted:
    unsure = judged.verdict.answer == UNKNOWN
    if not unsure or confirmed:
        return Wanted(judged.stack, judged.model, confirmed=unsure)
    parts = judged.model.card.input.body_part
    return Wanted(judged.stack, judged.model, UNCONFIRMED.format(parts[0].lower() if parts else "plain"))


def _refused(stacks: Sequence[Stack], judged: Sequence[_Judged]) -> Plan:
    """Return the reason of the model that is nearest to reading one of the stacks."""
    near = [j for j in judged if _near(j)]
    if near:
        best = min(near, key=lambda j: (j.verdict.answer == NO, len(j.verdict.reasons), *_preference(j)[1:]))
        return Plan(refusal=best.verdict.sentence, stack=best.stack, model=best.model)
    if not stacks:
        return Plan(refusal="Not evaluated. There is no image to read.")
    largest = max(stacks, key=len)
    return Plan(refusal=f"Not evaluated. No model here reads {_kind(largest)}.", stack=largest)


def _near(judged: _Judged) -> bool:
    """Say whether the model is meant for images of this modality at all."""
    first, meant = judged.stack.first, set(judged.model.card.input.modality)
    return bool(meant & PROJECTIONS) if first.film else first.modality in meant or not first.modality


def _kind(stack: Stack) -> str:
    """Return what kind of images these are ("MR of the knee"), without a word that only one patient could have."""
    first = stack.first
    if first.film:
        return "films without header"
    part = first.body_part if first.body_part.isalpha() and len(first.body_part) <= 16 else ""
    return f"{first.modality or 'images without a modality'}{f' of the {part.lower()}' if part else ''}"
