"""docs/keys.md, made from the command table: `python -m medviewer.app.keys_docs > docs/keys.md`."""

import sys

from medviewer.app.commands import COMMANDS, GROUPS

#: What a mouse does in a viewport (`ui/mouse.py` carries it out).
MOUSE = (
    ("left drag", "the current tool (window at the start)"),
    ("middle drag, Shift + left drag", "pan"),
    ("right drag", "zoom"),
    ("right click", "menu"),
    ("wheel", "slice; with Shift 10 slices; with Ctrl zoom at the pointer"),
    ("double click", "fill the centre, and back"),
    ("Ctrl + left drag", "window, whatever the tool"),
    ("window drag to the right / up", "wider / brighter (a setting turns up and down round)"),
    ("drag a thumbnail", "put the series in that viewport"),
)


def reference() -> str:
    """Return the text of docs/keys.md."""
    parts = [
        "# Mouse and keys",
        "",
        "Made from the command table in `medviewer/app/commands.py`; do not edit. `?` shows the same in the",
        "window, with the keys that were changed in Settings. Single letters act while a viewport, the AI panel or the",
        "list of series has focus.",
        "",
        "| mouse in a viewport | does |",
        "|---|---|",
        *(f"| {act} | {does} |" for act, does in MOUSE),
        "",
        "Space, held, shows the plain image. Tab goes to the next control, F6 to the next part of the window.",
    ]
    for group in GROUPS:
        rows = [c for c in COMMANDS.values() if c.group == group]
        parts += ["", f"## {group}", "", "| command | keys | id |", "|---|---|---|"]
        parts += [f"| {c.title} | {' or '.join(c.keys) or 'palette, menu'} | `{c.id}` |" for c in rows]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(reference())
