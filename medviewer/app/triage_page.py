"""The worklist as one page for a browser: dark, without scripts or anything from outside, every text as plain text."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any

_STYLE = """
:root { color-scheme: dark }
body { margin: 24px; background: #0D1013; color: #DCE1E6; font: 13px/1.35 Inter, "Noto Sans", "Noto Sans CJK SC",
  "Microsoft YaHei", "PingFang SC", sans-serif; font-variant-numeric: tabular-nums }
h1 { font-size: 22px; font-weight: 600; margin: 0 0 4px } h2 { font-size: 15px; font-weight: 600; margin: 24px 0 8px }
p { margin: 4px 0; color: #A7B1BB; max-width: 96ch }
.not { display: inline-block; background: #332A14; color: #E0B44C; padding: 4px 12px; border-radius: 5px }
table { border-collapse: collapse; width: 100%; margin-top: 8px; background: #13171B }
th { text-align: left; font-size: 12px; font-weight: 500; color: #A7B1BB }
th, td { padding: 8px 12px; border-bottom: 1px solid #2A3138; vertical-align: top }
td.n { text-align: right; width: 3ch } td small { display: block; color: #A7B1BB; font-size: 12px }
.ai { color: #B7A6F4; white-space: nowrap } .stat { color: #E88579 } .urgent { color: #E0B44C }
.none { background: repeating-linear-gradient(45deg, #13171B 0 8px, #26223A 8px 10px) }
.bar { position: relative; display: inline-block; width: 96px; height: 6px; background: #242B32 }
.bar i { position: absolute; height: 6px; background: #B7A6F4 }
.bar b { position: absolute; top: -3px; width: 2px; height: 12px; background: #A7B1BB }
ul { margin: 4px 0; padding-left: 20px; color: #A7B1BB }
@media print { :root { color-scheme: light } body, table { background: #FFF; color: #000 } }
"""
_RULE = (
    "Order: urgency first; then studies over their target wait; then scores at or above the operating point; then all "
    "others by waiting time. AI can move a study up, never down. The order is a suggestion."
)
_SPARK = "\N{WHITE FOUR POINTED STAR}"
_URGENCY = {"stat": "STAT", "urgent": "Urgent", "routine": "Routine"}


def page(found: Mapping[str, Any]) -> str:
    """Return the page for a document `medviewer.triage/1`."""
    rows = found["rows"]
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        """<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">""",
        '<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width">',
        f"<title>Worklist</title><style>{_STYLE}</style></head><body>",
        f"<h1>Worklist</h1><p>{_count(len(rows), 'row')}, {_text(_when(found['at']))}, "
        f"medviewer {_text(found['version'])}</p>",
        '<p class="not">Not for diagnostic use</p>',
        f"<p>{_RULE}</p>",
        f'<p><span class="ai">{_SPARK} AI, unverified.</span> A score is not the probability of disease; below the '
        "operating point does not mean normal.</p>",
        _table(rows),
        _apart("Not evaluated by AI", [row for row in rows if row["state"] == "not_evaluated"]),
        _apart("Failed", [row for row in rows if row["state"] == "failed"]),
        _left_out(found["skipped"]),
        "</body></html>\n",
    ]
    return "\n".join(part for part in parts if part)


def _table(rows: Iterable[Mapping[str, Any]]) -> str:
    head = "".join(f"<th scope=col>{name}</th>" for name in ("No.", "Urgency", "Study", "AI score, unverified", "Why"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, rows))}</tbody></table>"


def _row(row: Mapping[str, Any]) -> str:
    reasons = "".join(f"<li>{_text(reason)}</li>" for reason in row["reasons"])
    urgency = row["urgency"]
    cells = (
        f'<td class="n">{row["rank"]}</td>',
        f'<td class="{_text(urgency)}">{_URGENCY.get(urgency, "")}</td>',
        f"<td>{_study(row)}</td>",
        _score(row),
        f"<td><ul>{reasons}</ul></td>",
    )
    return f"<tr>{''.join(cells)}</tr>"


def _study(row: Mapping[str, Any]) -> str:
    patient = row.get("patient", {})
    who = " ".join(_text(value) for value in patient.values() if value)
    what = ", ".join(_text(row[name]) for name in ("description", "modality", "date") if row[name])
    files = row["files"]
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    name = f"{_text(files[0])}{more}" if files else ""
    title, *rest = [line for line in (who, what, name) if line] or ["Study"]
    return title + "".join(f"<small>{line}</small>" for line in rest)


def _score(row: Mapping[str, Any]) -> str:
    if row["state"] != "ranked":
        words = "Not evaluated" if row["state"] == "not_evaluated" else "Failed"
        return f'<td class="none">{words}</td>'
    kind = "Probability" if row["score_kind"] == "probability" else "Score"
    score, point = row["score"], row["threshold"]
    side = "at or above" if row["above"] else "below"
    model = f"{row['model']} {row['version']}"
    bar = f'<span class="bar"><i style="width:{96 * score:.0f}px"></i><b style="left:{96 * point:.0f}px"></b></span>'
    return (
        f'<td><span class="ai">{_SPARK} AI</span> {kind} {score:.3f} {bar}'
        f"<small>{side} the operating point {point:.3f}</small>"
        f"<small>{_text(row['finding'])}, {_text(model)}</small></td>"
    )


def _apart(title: str, rows: list[Mapping[str, Any]]) -> str:
    """Return a section that repeats rows without a score with their reason, so that nobody overlooks them."""
    if not rows:
        return ""
    lines = "".join(
        f"<tr><td class=n>{row['rank']}</td><td>{_study(row)}</td><td>{_text(row['reason'])}</td></tr>" for row in rows
    )
    return f"<h2>{title}: {len(rows)}</h2><table><tbody>{lines}</tbody></table>"


def _left_out(skipped: list[Mapping[str, Any]]) -> str:
    if not skipped:
        return ""
    lines = "".join(f"<li>{_text(one['path'])}: {_text(one['text'])}</li>" for one in skipped)
    return f"<h2>Left out, no images: {len(skipped)}</h2><ul>{lines}</ul>"


def _text(value: object) -> str:
    """Return text from a file, set apart so that its direction does not turn what stands beside it."""
    return f"<bdi>{escape(str(value), quote=True)}</bdi>" if value not in ("", None) else ""


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _when(text: str) -> str:
    return datetime.fromisoformat(text).strftime("%d %b %Y %H:%M UTC")
