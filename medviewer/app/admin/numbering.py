"""Version numbers of models that are made here: the next minor number, and a counter of this site behind a plus."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from medviewer.app.admin.in_use import version_key

_SITE = "+site."


def after(version: str, taken: Iterable[str]) -> str:
    """Return the number that follows `version` ("" for a first model): "1.1.0+site.1" follows "1.0.0".

    The counter goes on over all versions in `taken`, so that no number of this site is ever given twice.
    """
    numbers = [*(number for _, number, _ in version_key(version.partition("+")[0])), 0, 0]
    counts = [int(count) for v in taken if _SITE in v and (count := v.rpartition(_SITE)[2]).isdecimal()]
    return f"{numbers[0]}.{numbers[1] + 1}.0{_SITE}{max(counts, default=0) + 1}"


def planned(runs: Path, model: str) -> set[str]:
    """Return the versions that runs, finished or not, give to their models."""
    found = set()
    for config in runs.glob("*/train.toml"):
        try:
            card = tomllib.loads(config.read_text("utf-8")).get("card", {})
        except (OSError, ValueError):
            continue
        if isinstance(card, dict) and card.get("name") == model:
            found.add(str(card.get("version", "")))
    return found
