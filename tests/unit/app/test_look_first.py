"""When AI may be seen: at once, after every slice was seen, or only when asked."""

import pytest

from medviewer.app.look_first import LookFirst
from medviewer.app.reader import Layout, Reader
from medviewer.app.settings import Settings
from medviewer.core.study import ImageHeader, ImageRef, Stack


def stack(name: str, count: int) -> Stack:
    header = [ImageHeader(f"/{name}/{i}", str(i), "s", "c", "t", "st", name) for i in range(count)]
    return Stack(name, 0, tuple(map(ImageRef, header)))


@pytest.fixture
def desk():
    reader, settings = Reader(), Settings()
    return reader, settings, LookFirst(reader, settings)


def test_at_once_shows_ai_from_the_start(desk):
    assert desk[0].ai.shown


def test_on_request_waits_for_the_key(desk):
    reader, settings, _ = desk
    settings.set("ai.show", "on_request")
    assert not reader.ai.shown
    reader.set_ai(shown=True)
    reader.view.show(stack("a", 2))
    reader.view.go(1)
    assert reader.ai.shown


def test_ai_appears_when_the_last_slice_was_seen_and_hides_for_the_next_series(desk):
    reader, settings, _ = desk
    settings.set("ai.show", "all_seen")
    reader.view.show(stack("a", 3))
    assert not reader.ai.shown
    reader.view.go(2)
    assert not reader.ai.shown
    reader.view.go(1)
    assert reader.ai.shown
    reader.view.show(stack("b", 2))
    assert not reader.ai.shown
    reader.view.show(stack("a", 3))
    assert reader.ai.shown, "it was seen already"


def test_the_key_stands_above_the_rule_until_the_series_changes(desk):
    reader, settings, _ = desk
    settings.set("ai.show", "all_seen")
    reader.view.show(stack("a", 3))
    reader.set_ai(shown=True)
    reader.view.go(1)
    assert reader.ai.shown
    reader.view.show(stack("b", 3))
    assert not reader.ai.shown


def test_all_series_on_the_screen_must_have_been_seen(desk):
    reader, settings, _ = desk
    settings.set("ai.show", "all_seen")
    reader.set(layout=Layout.SIDE_BY_SIDE)
    reader.views[0].show(stack("a", 2))
    reader.views[1].show(stack("b", 2))
    reader.views[0].go(1)
    assert not reader.ai.shown
    reader.views[1].go(1)
    assert reader.ai.shown
