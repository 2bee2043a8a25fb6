"""The model folder of a finished training: weights, card, the card in words, configuration, hashes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from medviewer.engine.nets import Net, build, parameter_count
from medviewer.engine.train.augment import STRESS
from medviewer.engine.train.config import Config
from medviewer.engine.train.datasets import DataSet
from medviewer.engine.train.finish import Finished
from medviewer.inference.card import Card, card_json, parse_card, read_card


@dataclass(frozen=True)
class Company:
    """Other models that this one's folder speaks of.

    Attributes:
        start: model folder that its training started from.
        teachers: model folders that it was distilled from; `taught` says so in a sentence.
        beside: model folders whose figures stand beside its own (of the same engine, on the same pictures).
    """

    start: Path | None = None
    teachers: tuple[Path, ...] = ()
    taught: str = ""
    beside: tuple[Path, ...] = ()


def write_folder(
    out: Path,
    net: Net,
    config: Config,
    data: DataSet,
    done: Finished,
    chosen: dict[str, Any],
    company: Company = Company(),
) -> Card:
    """Write weights.safetensors, card.json, README.md, train.toml and SHA256SUMS into `out`; returns the card.

    The configurations of teachers and of the models beside are copied, so that the folder says how to make all again.
    """
    out.mkdir(parents=True, exist_ok=True)
    for name, path in _copies(company).items():
        if (path / "train.toml").is_file():
            (out / name).write_bytes((path / "train.toml").read_bytes())
    save_file({k: v.contiguous().cpu() for k, v in net.state_dict().items()}, out / "weights.safetensors")
    (out / "weights.safetensors").chmod(0o644)  # safetensors writes it for the owner alone
    (out / "train.toml").write_bytes(config.raw)
    card = _card(out, net, config, data, done, company)
    (out / "card.json").write_text(card_json(card), "utf-8")
    (out / "README.md").write_text("\n".join(_readme(card, net, config, data, done, chosen, company)) + "\n", "utf-8")
    names = sorted(p.name for p in out.iterdir() if p.is_file() and p.name != "SHA256SUMS")
    (out / "SHA256SUMS").write_text("".join(f"{_sha256(out / n)}  {n}\n" for n in names), "utf-8")
    return card


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copies(company: Company) -> dict[str, Path]:
    """Return name of a configuration in the model's folder -> model folder that it is copied from."""
    taught = {"start.toml": company.start} if company.start else {}
    taught |= {f"teacher-{number}.toml": path for number, path in enumerate(company.teachers, 1)}
    return taught | {f"{read_card(path / 'card.json').name}.toml": path for path in company.beside}


def _card(out: Path, net: Net, config: Config, data: DataSet, done: Finished, company: Company) -> Card:
    cell = _cell(net, net.last)
    table = config.whole_card
    output = table["output"] | ({"cell": cell} if net.dense else {})
    layer = config.card.get("explain", {}).get("layer", net.last)
    return parse_card(
        table
        | {
            "output": output,
            "threshold": {"value": done.threshold, "how": done.threshold_how},
            "calibration": {"a": done.a, "b": done.b, "how": _calibration(config, data), "prevalence": done.prevalence},
            "explain": table["explain"] | {"layer": layer, "cell": _cell(net, layer)},
            "metrics": list(_metrics(config, done)),
            "training": {
                "data": [config.data["set"]],
                "config": "train.toml",
                "config_sha256": config.sha256,
                "data_sha256": data.sha256,
                "split": split_words(config, data),
                "seed": config.schedule.seed,
                "torch": str(torch.__version__),
                "parent_sha256": config.start.sha256 if config.start else "",
                "notes": [*config.notes, *[company.taught] * bool(company.taught), *_beside_words(company)],
            },
            "sha256s": {n: _sha256(out / n) for n in ("train.toml", "weights.safetensors")},
        }
    )


def _cell(net: Net, layer: str) -> dict[str, Any]:
    grid = net.grid(layer)
    return {"stride": [grid.stride] * 2, "offset": [grid.offset] * 2, "field": grid.field}


def _calibration(config: Config, data: DataSet) -> str:
    if config.operating.rule == "half":
        return "None: the net's own sigmoid, which nobody compared with how often it is right."
    part = data.parts["select"]
    return (
        f"Platt scaling by maximum likelihood on the {len(part)} pictures of the selecting part ({int(part.y.sum())} "
        "positive), each untouched and under every stress change."
    )


def split_words(config: Config, data: DataSet) -> str:
    """Return the split in one sentence, with counts of pictures, positives and groups."""
    if data.split:
        return data.split
    group = config.data["group"]
    counts = {k: (len(p), int(p.y.sum()), len(set(p.groups.tolist()))) for k, p in data.parts.items()}
    words = [f"{k} {n} pictures ({y} positive, {g} {group}s)" for k, (n, y, g) in counts.items()]
    return (
        f"By {group}: {', '.join(words)}. “report” is the data's own split “{config.data['report']}”; of the rest, "
        f"every {config.data['select']}th {group} by hash is “select” (epoch, calibration, threshold)."
    )


def _metrics(config: Config, done: Finished) -> Iterator[dict[str, Any]]:
    data, r = f"{config.data['set']}, split {config.data['report']}, untouched", done.report
    for name, interval in (("auc", "auc_ci"), ("accuracy", "accuracy_ci"), ("sensitivity", "sensitivity_ci")):
        yield {"name": name, "value": r[name], "low": r[interval][0], "high": r[interval][1], "n": r["n"], "data": data}
    low, high = r["specificity_ci"]
    yield {"name": "specificity", "value": r["specificity"], "low": low, "high": high, "n": r["n"], "data": data}
    for name in ("ece", "brier"):
        if config.card["output"]["score_kind"] == "probability":
            yield {"name": name, "value": r[name], "n": r["n"], "data": data}
    for change, figures in done.stress.items():
        if change != "as it is":
            words = f"{config.data['set']}, split {config.data['report']}, {change}"
            yield {"name": "auc", "value": figures["auc"], "n": r["n"], "data": words}
    if s := done.stressed.get("report"):
        words = f"{config.data['set']}, split {config.data['report']}, {_STRESSED} ({s['changes']} changes)"
        yield {
            "name": "auc",
            "value": s["auc"],
            "low": s["auc_ci"][0],
            "high": s["auc_ci"][1],
            "n": s["n"],
            "data": words,
        }
        words = f"{words}, {s['prevalence']:.1%} positive"
        yield {"name": "accuracy", "value": s["accuracy"], "n": s["n"], "data": words}


#: What the stress validation is called in cards.
_STRESSED = "stress validation"


def _beside_words(company: Company) -> Iterator[str]:
    for path in company.beside:
        other = read_card(path / "card.json")
        yield (
            f"Beside it, on the same pictures: {other.title} ({other.name} {other.version}): "
            + ", ".join(f"{name} {value:.4f}" for name, value in _main_figures(other).items())
            + "."
        )


def _main_figures(card: Card) -> dict[str, float]:
    """Return the figures of a card that models are compared by."""
    found = {}
    for metric in card.metrics:
        if metric.data.endswith("untouched") and metric.name in ("auc", "accuracy"):
            found[metric.name] = metric.value
        elif _STRESSED in metric.data:
            found[f"stress {metric.name}"] = metric.value
    return found


def _readme(
    card: Card,
    net: Net,
    config: Config,
    data: DataSet,
    done: Finished,
    chosen: dict[str, Any],
    company: Company,
) -> Iterator[str]:
    r, s = done.report, config.schedule
    unit = config.data["group"]
    yield f"# {card.title}\n"
    yield f"`{card.name}` {card.version}. Not for diagnostic use.\n"
    yield card.intended_use + "\n"
    yield "## The net\n"
    yield (
        f"`{card.architecture.name}`, {parameter_count(net):,} parameters. Preprocessing: the `input` section of "
        "card.json, carried out by one function (`medviewer/engine/preprocess.py`) for training and reading.\n"
    )
    yield "## Data and split\n"
    yield split_words(config, data) + "\n"
    yield (
        f"Pixel-identical pictures left out before training: {data.duplicates['across parts']} whose twin stands in a "
        f"part that must stay clean, {data.duplicates['in one part']} whose twin stands in the same part.\n"
    )
    yield "## Training\n"
    yield (f"{s.epochs} epochs, seed {s.seed}, `train.toml` in this folder holds every setting. {_kept(chosen)}\n")
    yield from _again(card, company)
    yield f"## Figures ({config.data['set']}, split {config.data['report']}, no choice was made on it)\n"
    yield f"{r['n']} pictures, {r['positives']} positive, {r['groups']} {unit}s. Intervals are 95 %.\n"
    yield "| | value | interval |\n|---|---|---|"
    yield f"| AUC | {r['auc']:.4f} | {_span(r['auc_ci'])} (bootstrap by {unit}), {_span(r['auc_delong'])} (DeLong) |"
    for name in ("accuracy", "sensitivity", "specificity"):
        yield f"| {name} at the threshold | {r[name]:.4f} | {_span(r[name + '_ci'])} (Wilson) |"
    if card.output.score_kind == "probability":
        yield f"| calibration error (15 bins of equal mass) | {r['ece']:.4f} | |"
        yield f"| Brier score | {r['brier']:.4f} | |"
    yield f"\nThreshold {card.threshold.value:.4f}. {card.threshold.how}"
    yield (
        f"Calibration: sigmoid({done.a:.4f} z {done.b:+.4f}). {_calibration(config, data)} Share of positives there: "
        f"{done.prevalence:.3f}.\n"
    )
    yield from _stress_words(done, config, unit)
    yield from _beside_table(card, net, company)
    yield "## Scores that understand nothing, on the same pictures\n"
    yield "| score | AUC |\n|---|---|"
    for name, value in done.trivial.items():
        yield f"| {name} | {value:.3f} |"
    yield f"| this model | {r['auc']:.3f} |\n"
    yield "## How the score moves\n"
    yield "| the same pictures | AUC | accuracy | sensitivity | specificity | mean score |\n|---|---|---|---|---|---|"
    for name, f in done.stress.items():
        figures = " | ".join(f"{f[k]:.3f}" for k in ("auc", "accuracy", "sensitivity", "specificity", "mean_score"))
        yield f"| {name} | {figures} |"
    yield "\n## Shortcuts in the data, and what was done\n"
    yield from (f"- {note}" for note in config.notes)
    yield "\n## Limits\n"
    yield from (f"- {limit}" for limit in card.limits)
    yield "\n## Licence and credits\n"
    yield card.licence + "\n"
    yield from (f"- {credit}" for credit in card.credits)


def _kept(chosen: dict[str, Any]) -> str:
    if chosen["keep"] == "last":
        return f"The last epoch ({chosen['epoch']}) was kept, whatever its figures."
    return (
        f"Epoch {chosen['epoch']} was kept: best mean AUC on the selecting part over all stress changes "
        f"({chosen['stress_auc']:.4f})."
    )


def _again(card: Card, company: Company) -> Iterator[str]:
    """Yield the commands that make the model again."""
    yield "Again, from the repository's root (DATA is the folder of the data sets):\n"
    yield "```"
    if company.start:
        yield f"medviewer train models/{card.name}/start.toml --data DATA --out made/start"
    for number, _ in enumerate(company.teachers, 1):
        yield f"medviewer train models/{card.name}/teacher-{number}.toml --data DATA --out made/teacher-{number}"
    for path in company.beside:
        other = read_card(path / "card.json").name
        yield f"medviewer train models/{card.name}/{other}.toml --data DATA --out made/{other}"
    words = ["--start made/start"] * bool(company.start)
    words += [f"--teacher made/teacher-{number}" for number, _ in enumerate(company.teachers, 1)]
    words += [f"--beside made/{read_card(path / 'card.json').name}" for path in company.beside]
    yield " ".join(["medviewer train", f"models/{card.name}/train.toml --data DATA --out models/{card.name}", *words])
    yield "```\n"
    if company.taught:
        yield company.taught + "\n"


def _stress_words(done: Finished, config: Config, unit: str) -> Iterator[str]:
    if not done.stressed:
        return
    yield "## Stress validation\n"
    yield (
        f"Every picture as it is and under each fixed change ({', '.join(list(STRESS[config.data['kind']])[1:])}; see "
        "`medviewer/engine/train/augment.py`), all of them together: one ranking and one threshold for all. The epoch, "
        "the calibration and the threshold were chosen on the selecting part; on the reporting part nothing was.\n"
    )
    yield "| part | pictures x changes | AUC | accuracy | sensitivity | specificity | lowest AUC | lowest accuracy |"
    yield "|---|---|---|---|---|---|---|---|"
    for name, s in done.stressed.items():
        yield (
            f"| {name} | {s['n']} | {s['auc']:.4f} ({_span(s['auc_ci'])}) | {s['accuracy']:.4f} | "
            f"{s['sensitivity']:.4f} | {s['specificity']:.4f} | {s['lowest_auc'][0]:.4f} ({s['lowest_auc'][1]}) | "
            f"{s['lowest_accuracy'][0]:.4f} ({s['lowest_accuracy'][1]}) |"
        )
    share = "the parts' own shares of positives"
    if config.operating.prevalence:
        share = f"{config.operating.prevalence:.1%} positive (the classes are weighted so)"
    yield f"\nAccuracies in this table are for {share}; intervals by {unit}.\n"


def _beside_table(card: Card, net: Net, company: Company) -> Iterator[str]:
    """Yield a table of this model's figures and those of other nets on the same pictures."""
    if not company.beside:
        return
    yield "## Beside other nets, on the same pictures\n"
    names = list(_main_figures(card))
    yield f"| | parameters | {' | '.join(names)} |\n|---|---|{'---|' * len(names)}"
    rows = [(card, parameter_count(net))]
    for path in company.beside:
        other = read_card(path / "card.json")
        rows.append((other, parameter_count(build(other.architecture.name, other.architecture.params))))
    for one, count in rows:
        figures = _main_figures(one)
        words = " | ".join(f"{figures[n]:.4f}" if n in figures else "" for n in names)
        yield f"| {one.name} {one.version} | {count:,} | {words} |"
    yield ""


def _span(interval: list[float]) -> str:
    return f"{interval[0]:.3f} to {interval[1]:.3f}"
