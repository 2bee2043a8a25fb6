"""docs/settings.md, made from the declarations: `python -m medviewer.app.settings_docs > docs/settings.md`."""

import sys
from typing import Any

from medviewer.app.settings_table import PAGES, SETTINGS, Setting
from medviewer.app.site_table import GUARDED, KEYS, OWN

UNHELD = "as if the key were not there"


def reference() -> str:
    """Return the text of docs/settings.md."""
    parts = [
        "# Settings",
        "",
        "Made from `medviewer/app/settings_table.py`; do not edit. The file is `settings.json` in the config folder.",
        "A site can fix any of them in its `policy.json` (same keys); see the end of this page.",
    ]
    for page, title in PAGES.items():
        rows = [s for s in SETTINGS.values() if s.page == page]
        parts += ["", f"## {title}", "", "| key | title | default | values | what it does |", "|---|---|---|---|---|"]
        parts += [f"| `{s.key}` | {s.title} | {_value(s.default)} | {_values(s)} | {s.help}{_notes(s)} |" for s in rows]
    return "\n".join([*parts, "", *_site()]) + "\n"


def _site() -> list[str]:
    rows = [KEYS[key] for key in dict.fromkeys((*OWN, *GUARDED))]
    return [
        "## The site's policy",
        "",
        "Made from `medviewer/app/site_table.py`. Any setting above, by its key, and these; where the value of a key",
        "cannot be used, its safe side holds. While the whole file cannot be used, every key with a sentence in the",
        "last column is on its safe side, and each setting that the file names has its default and is locked.",
        "",
        "| key | what it does | value | safe side |",
        "|---|---|---|---|",
        *(
            f"| `{each.key}` | {each.help} | {each.wants} | {each.held or 'as if the key were not there'} |"
            for each in rows
        ),
    ]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"`{value}`" if isinstance(value, str) else "none" if value in ({}, []) else str(value)


def _values(setting: Setting) -> str:
    if setting.choices:
        return ", ".join(f"`{value}` ({title})" for value, title in setting.choices)
    if isinstance(setting.default, bool):
        return "on, off"
    if setting.low is not None and setting.high is not None:
        return f"{setting.low:g} to {setting.high:g} {setting.unit}".strip()
    return "by command"


def _notes(setting: Setting) -> str:
    site = " Only a site's policy changes it." if setting.level == "site" else ""
    return site + (" At the next start." if setting.restart else "")


if __name__ == "__main__":
    sys.stdout.write(reference())
