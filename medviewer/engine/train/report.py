"""The model folder of a finished training: weights, card, the card in words, configuration, hashes."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from medviewer.engine.nets import Net, parameter_count
from medviewer.engine.train.config import Config
from medviewer.engine.train.datasets import DataSet
from medviewer.engine.train.finish import Finished
from medviewer.inference.card import Card, card_json, parse_card


def write_folder(out: Path, net: Net, config: Config, data: DataSet, done: Finished, chosen: dict[str, Any]) -> Card:
    """Write weights.safetensors, card.json, README.md, train.toml and SHA256SUMS into `out`; returns the card."""
    out.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous().cpu() for k, v in net.state_dict().items()}, out / "weights.safetensors")
    (out / "weights.safetensors").chmod(0o644)  # safetensors writes it for the owner alone
    (out / "train.toml").write_bytes(config.raw)
    card = _card(out, net, config, data, done)
    (out / "card.json").write_text(card_json(card), "utf-8")
    (out / "README.md").write_text("\n".join(_readme(card, net, config, data, done, chosen)) + "\n", "utf-8")
    names = sorted(p.name for p in out.iterdir() if p.is_file() and p.name != "SHA256SUMS")
    (out / "SHA256SUMS").write_text("".join(f"{_sha256(out / n)}  {n}\n" for n in names), "utf-8")
    return card


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _card(out: Path, net: Net, config: Config, data: DataSet, done: Finished) -> Card:
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
                "notes": list(config.notes),
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


def _readme(
    card: Card, net: Net, config: Config, data: DataSet, done: Finished, chosen: dict[str, Any]
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
    yield (
        f"{s.epochs} epochs, seed {s.seed}, `train.toml` in this folder holds every setting. "
        f"{_kept(chosen)} Again: "
        f"`medviewer train models/{card.name}/train.toml --data DATA --out models/{card.name}`\n"
    )
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


def _span(interval: list[float]) -> str:
    return f"{interval[0]:.3f} to {interval[1]:.3f}"
