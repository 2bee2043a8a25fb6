"""What the agreement page asks of the library in one look, and the shares with their intervals that follow from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from medviewer.app.opinions import AgreementRow, OpinionRecord, Verdict
from medviewer.app.worklist import StudyRow
from medviewer.core.statistics import wilson

#: Opinions that the list shows at most, the newest first, and that are looked through for them.
MOST, LOOKED = 1000, 5000
#: What the list may show, by the name that the filter carries.
VERDICTS: dict[str, frozenset[Verdict]] = {
    "differ": frozenset({Verdict.DISAGREE, Verdict.RELABEL}),
    "disagree": frozenset({Verdict.DISAGREE}),
    "relabel": frozenset({Verdict.RELABEL}),
    "unsure": frozenset({Verdict.UNSURE}),
    "agree": frozenset({Verdict.AGREE}),
    "all": frozenset(),
}


class Source(Protocol):
    """The part of the library that is used here."""

    def agreement(self) -> tuple[AgreementRow, ...]: ...

    def opinions(
        self, *, model: str = "", version: str = "", verdicts: frozenset[Verdict] = frozenset(), most: int = 1000
    ) -> tuple[OpinionRecord, ...]: ...

    def rows(self, study_ids: list[int]) -> dict[int, StudyRow]: ...


@dataclass(frozen=True)
class Wish:
    """The filters: a model with its version ("" is every one), and a key of VERDICTS."""

    model: str = ""
    version: str = ""
    verdict: str = "differ"

    @property
    def filtered(self) -> bool:
        return self != Wish()


@dataclass(frozen=True)
class Line:
    """One opinion of the list, with its study (None: not in the library any more).

    `covered`: what the model said stays hidden, because this reader has to give an own opinion first.
    """

    opinion: OpinionRecord
    study: StudyRow | None
    covered: bool = False


@dataclass(frozen=True)
class Found:
    """One look into the library."""

    wish: Wish
    models: tuple[AgreementRow, ...]
    lines: tuple[Line, ...]
    reader: str = ""  # whose own opinions are "You"
    any: bool = True  # somebody has given an opinion on something
    cut: bool = False  # there may be more opinions than the list shows


@dataclass(frozen=True)
class Share:
    """`hits` of `of`, with Wilson's 95 % interval."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.hits, self.of)


def overall(row: AgreementRow) -> Share:
    """Return the share of all opinions that agree."""
    return Share(row.agree, row.opinions)


def before_ai(row: AgreementRow) -> Share:
    """Return the same for opinions that were given before AI was shown."""
    return Share(row.before_agree, row.before_ai)


def look(library: Source, wish: Wish, reader: str, read_first: frozenset[str]) -> Found:
    """Return everything that the page shows for `wish` (blocking; on the library's thread)."""
    looked = library.opinions(model=wish.model, version=wish.version, most=LOOKED)
    wanted = VERDICTS[wish.verdict]
    fitting = [opinion for opinion in newest(looked) if not wanted or opinion.verdict in wanted]
    shown = fitting[:MOST]
    rows = library.rows(sorted({opinion.study_id for opinion in shown}))
    answered = {(o.study_id, o.model) for o in looked if o.reader == reader}
    lines = []
    for opinion in shown:
        study = rows.get(opinion.study_id)
        own = (opinion.study_id, opinion.model) in answered or (study is not None and study.opinion_by == reader)
        lines.append(Line(opinion, study, opinion.model in read_first and not own))
    models = library.agreement()
    cut = len(fitting) > MOST or len(looked) >= LOOKED
    return Found(wish, models, tuple(lines), reader, bool(looked) or bool(models), cut)


def newest(opinions: Iterable[OpinionRecord]) -> Iterator[OpinionRecord]:
    """Leave, of each reader's opinions on the same thing, the newest; they come newest first."""
    seen: set[tuple[object, ...]] = set()
    for opinion in opinions:
        about = opinion.study_id, opinion.finding_id, opinion.model, opinion.version, opinion.reader
        if about not in seen:
            seen.add(about)
            yield opinion
