"""docs/small-data.md: what was measured, and what follows from it by rule, whatever it says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from medviewer.app.admin.plans import FINE, FINE_BATCH

from .arms import ALONE, ARMS, LONGER, SCRATCH_RATE, WAYS
from .draws import BESIDE, RARE, SELECT, TRAIN
from .films import SAME_YEARS
from .options import ROWS, on
from .pooled import DRAWS, Figure, Pooled

#: What is set against what in words: each way to fine-tune against all that needs none.
AGAINST = ("shipped", "scratch", "features", "thumbnail")
#: What is said of a difference above 0, below 0, and of one that may be either.
THAN, VERDICTS = ("better than", "worse than", "not clearly different from"), ("helps", "worse", "not clear")
#: A difference in no seed above this is none.
STILL = 0.01


def document(pooled: Pooled, facts: Mapping[str, Any], base: str | None) -> str:
    """Return the whole document."""
    parts = [_head(pooled, facts), _concluded(pooled, base), _main(pooled), _alone(pooled), _options(pooled, base)]
    return "\n".join([line for part in [*parts, _end(facts)] for line in part])


def _concluded(pooled: Pooled, base: str | None) -> Iterator[str]:
    """Say what follows by rule: better or worse where the whole interval is on one side of 0."""
    if base is None:
        return
    yield "## What is concluded"
    yield ""
    yield f"- The best fine-tuning is {ARMS[base][0]}, AUC {_value(pooled.figure(base))}. It is:"
    for other in (*AGAINST, "raw thumbnail"):
        if (found := pooled.difference(base, other)) is not None:
            yield f"  - {_word(found, *THAN)} {(ARMS | ALONE)[other][0]}: {_signed(found)}"
    for way in WAYS:
        if way != base and (found := pooled.difference(way, base)) is not None:
            yield f"- {ARMS[way][0]} is {_word(found, *THAN)} that: {_signed(found)}."
    if (found := pooled.difference("head", "shipped")) is not None and max(map(abs, found.each)) < STILL:
        yield (
            f"- {ARMS['head'][0]}, at the rate that the panel suggests, leaves the shipped model where it was "
            f"({_signed(found)}): so few gentle steps do not move a head."
        )
    yield (
        "- Which fine-tuning is best was read off the films that it is tested on: of its lead a little may be luck. "
        "None of this says that lungs were understood (tables 1 and 2, by view and by years)."
    )
    said = [(words, _verdict(found, pooled)) for words, _, found in _compared(pooled, base)]
    for verdict in dict.fromkeys(word for _, word in said):
        yield f"- Options of table 3: {verdict}: {'; '.join(words for words, word in said if word == verdict)}."
    yield ""


def _verdict(found: Figure | None, pooled: Pooled) -> str:
    """Return what is said of an option: nothing before every seed is there."""
    if found is None:
        return "not run"
    if len(found.seeds) < len(pooled.draws):
        return f"not finished ({len(found.seeds)} of {len(pooled.draws)} seeds: too few to say)"
    return _word(found, *VERDICTS)


def _compared(pooled: Pooled, base: str) -> Iterator[tuple[str, tuple[str, str], Figure | None]]:
    """Yield the words of each option, what is compared, and the difference."""
    for words, name, other in ROWS:
        pair = on(base, name), base if other == "base" else on(base, other)
        yield words, pair, pooled.difference(*pair, "locked")


def _head(pooled: Pooled, facts: Mapping[str, Any]) -> Iterator[str]:
    tested = _span([len(d.rest) for d in pooled.draws.values()])
    locked = _span([int(d.locked.sum()) for d in pooled.draws.values()])
    yield "# Is fine-tuning with little data worth having?"
    yield ""
    yield f"Written by `benchmarks/small_data.py`, {facts['date']}; no figure in it was typed in by hand."
    yield ""
    yield (
        f"- Films: nih-chestxray14-1000, {len(pooled.films)} films of adults (pixel-identical ones once), pneumonia "
        "against no finding; labels are text-mined, no radiologist read these films for them."
    )
    yield (
        f"- Seeds: {', '.join(map(str, pooled.draws))}. Each draws by patient {2 * TRAIN} films to train with "
        f"({TRAIN} of each class; {2 * (TRAIN - SELECT)} fit, {2 * SELECT} choose the epoch or the ridge), and is "
        f"tested on all films of all other patients ({tested} films)."
    )
    yield (
        f"- Model: {facts['model']} {facts['version']}, weights sha256 `{facts['sha256']}`, "
        f"{facts['parameters']:,} parameters, input {facts['input']}. Its card refuses adults; here it is asked all "
        "the same."
    )
    yield (
        f"- Trainings: the product's engine. (b), (c): as the panel suggests it: {facts['epochs']} epochs, batch "
        f"{FINE_BATCH}, rate {FINE['rate']:g}, {FINE['schedule']}, averaged weights, best epoch by the selecting part "
        f"under all stress changes. (d): as the model's train.toml has it, but {LONGER * facts['epochs']} epochs of "
        f"batch {FINE_BATCH} at {SCRATCH_RATE:g} (from nothing, {facts['epochs']} would be unfair)."
    )
    yield f"- Machine: {facts['machine']}. {facts['cost']}"
    yield (
        "- AUC is the mean over the seeds; its 95 % interval draws patients (once for all seeds: a film is in several "
        f"test parts) and seeds, with return, {DRAWS:,} times. Differences are paired: the same films, the same 200."
    )
    yield f"- Table 3 is tested on the part that no option ever saw ({locked} films a seed)."
    yield ""


def _span(values: Sequence[int]) -> str:
    return str(values[0]) if len(set(values)) == 1 else f"{min(values)} to {max(values)}"


def _main(pooled: Pooled) -> Iterator[str]:
    low, high = SAME_YEARS
    yield "## 1. Fine-tuned, or not"
    yield ""
    titles = ["arm", "AUC", "seeds", "minus (f) thumbnail", "minus (d) scratch", "view AP", "view PA"]
    yield f"| {' | '.join(titles)} | patients {low} to {high} |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, (words, _) in ARMS.items():
        cells = [_value(pooled.figure(name)), _spread(pooled.figure(name))]
        cells += [
            "" if name == other else _signed(pooled.difference(name, other)) for other in ("thumbnail", "scratch")
        ]
        cells += [_value(pooled.figure(name, subset)) for subset in ("AP", "PA", "same years")]
        yield f"| {words} | {' | '.join(cells)} |"
    yield ""
    yield (
        f"The last column: all films without finding come from patients {low} to {high}, those with pneumonia from "
        "others too; only there both classes come from the same years."
    )
    yield ""
    ways = [way for way in WAYS if pooled.seeds(way)]
    for way in ways:
        against = []
        for other in AGAINST:
            if (found := pooled.difference(way, other)) is not None:
                against.append(f"{_word(found, 'better', 'worse')} against {ARMS[other][0]} {_signed(found)}")
        yield f"- {ARMS[way][0]}: {'; '.join(against)}."
    yield ""
    yield from _within(pooled, ways)


def _within(pooled: Pooled, ways: Sequence[str]) -> Iterator[str]:
    """Say what is left of the best fine-tuning where a confounder is held still."""
    figures = {way: found.over.value for way in ways if (found := pooled.figure(way)) is not None}
    if not figures or not pooled.seeds("thumbnail"):
        return
    way = max(figures, key=lambda name: figures[name])
    for subset, words in (("AP", "view AP"), ("PA", "view PA"), ("same years", "the same years")):
        found = pooled.difference(way, "thumbnail", subset)
        if found is not None:
            word = _word(found, "better", "worse")
            yield f"- Within {words}, {ARMS[way][0]} minus (f): {_signed(found)}: {word}."
    yield ""


def _alone(pooled: Pooled) -> Iterator[str]:
    yield "## 2. Scores that know nothing of the lungs"
    yield ""
    yield "Fitted on the same 200 films, tested on the same others."
    yield ""
    yield "| score | AUC | seeds | view AP | view PA |"
    yield "|---|---|---|---|---|"
    for name, (words, _) in ALONE.items():
        cells = [_value(pooled.figure(name)), _spread(pooled.figure(name))]
        cells += [_value(pooled.figure(name, subset)) if name != "view" else "" for subset in ("AP", "PA")]
        yield f"| {words} | {' | '.join(cells)} |"
    yield ""


def _options(pooled: Pooled, base: str | None) -> Iterator[str]:
    if base is None:
        return
    yield "## 3. Options for small data, one at a time"
    yield ""
    yield (
        f"On top of {ARMS[base][0]} (the best fine-tuning of table 1), whose AUC on this part is "
        f"{_value(pooled.figure(base, 'locked'))}. A site is taken to have {2 * BESIDE} films more than the "
        f"{2 * TRAIN}: unlabelled for the rotations, to choose from for active selection, and for the draw of "
        f"{RARE[1]} with and {RARE[0]} without the finding."
    )
    yield ""
    yield "| option | AUC with | AUC without | difference | better in | |"
    yield "|---|---|---|---|---|---|"
    for words, pair, found in _compared(pooled, base):
        if found is None:
            yield f"| {words} | not run | | | | |"
            continue
        better = f"{sum(value > 0 for value in found.each)} of {len(found.each)}"
        values = [_value(pooled.figure(one, "locked", found.seeds)) for one in pair]
        yield f"| {words} | {' | '.join(values)} | {_signed(found)} | {better} | **{_verdict(found, pooled)}** |"
    yield ""
    yield (
        "“Helps” is said where the whole interval is above 0, “worse” where it is below. An option that does not help, "
        "or of which that is not clear, stays off unless somebody turns it on."
    )
    yield ""


def _end(facts: Mapping[str, Any]) -> Iterator[str]:
    yield "## What this cannot show"
    yield ""
    yield (
        "One collection with text-mined labels and with what its README names: view, years and exposure go with the "
        "class. A high AUC here may be read from these; the columns by view and by years, and table 2, show how much. "
        "Five draws out of the same films are not five hospitals."
    )
    yield ""
    yield f"Command: `.venv/bin/python {facts['command']}`"
    yield ""


def _value(found: Figure | None) -> str:
    if found is None:
        return "not run"
    return f"{_auc(found.over.value)} ({_auc(found.over.low)} to {_auc(found.over.high)})"


def _auc(value: float) -> str:
    return f"{value:.3f}"


def _spread(found: Figure | None) -> str:
    if found is None:
        return ""
    return f"{_auc(min(found.each))} to {_auc(max(found.each))}, n {len(found.each)}"


def _signed(found: Figure | None) -> str:
    if found is None:
        return "not run"
    return f"{found.over.value:+.3f} ({found.over.low:+.3f} to {found.over.high:+.3f})"


def _word(found: Figure, better: str, worse: str, neither: str = "not clear") -> str:
    if found.over.low > 0:
        return better
    return worse if found.over.high < 0 else neither
