"""The list of keys in docs/ is the command table's."""

from pathlib import Path

from medviewer.app.keys_docs import reference


def test_the_list_of_keys_is_not_stale():
    written = (Path(__file__).resolve().parents[3] / "docs" / "keys.md").read_text("utf-8")
    assert written == reference(), "run: python -m medviewer.app.keys_docs > docs/keys.md"
