"""The training process: `medviewer --process training WORD …`; a first word that is a configuration means "train".

Every word is a module of this room with `main(argv) -> exit code`, imported only when it is asked for. Each speaks JSON
lines on stdout (`voice.py`); words for people go to stderr.
"""

import importlib
from collections.abc import Sequence

#: What this process can be asked for -> the module that does it.
WORDS = {
    "train": "medviewer.engine.train.run",
    "inspect": "medviewer.engine.train.inspect.main",
    "preview": "medviewer.engine.train.preview",
    "lighten": "medviewer.engine.train.lighten",
    "draw": "medviewer.engine.train.drawers",
    "onnx": "medviewer.engine.train.onnx_file",
}


def main(argv: Sequence[str]) -> int:
    """Do what the first word says and return the process's exit code."""
    word, rest = (argv[0], argv[1:]) if argv and argv[0] in WORDS else ("train", argv)
    return int(importlib.import_module(WORDS[word]).main(list(rest)))
