"""Journeys need a virtual screen; without the programs for it they are skipped with the reason."""

from collections.abc import Iterator

import pytest

from tests.journeys.screen import Screen, missing


@pytest.fixture
def screen() -> Iterator[Screen]:
    """A 1920x1080 screen of our own."""
    if lacking := missing():
        pytest.skip(f"needs {' and '.join(lacking)}")
    with Screen() as screen:
        yield screen
