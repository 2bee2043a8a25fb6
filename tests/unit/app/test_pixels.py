"""The image cache: what is wanted most comes first, nothing is fetched twice, the byte budget holds."""

import threading
from concurrent.futures import Future

import numpy as np
import pytest

from medviewer.app.pixels import IN_FLIGHT, PixelStore, around
from medviewer.core.errors import UserError
from medviewer.core.image import Frame
from medviewer.core.study import ImageHeader, ImageRef, Stack

SIDE = 32
SIZE = SIDE * SIDE * 2


def ref(number: int) -> ImageRef:
    return ImageRef(
        ImageHeader(f"/n/{number}", str(number), str(number), "c", "t", "st", "se", rows=SIDE, columns=SIDE)
    )


class Pool:
    """Readers by hand: `asked` in order; `finish(number)` answers."""

    def __init__(self, at_once: bool = False) -> None:
        self.asked: list[int] = []
        self.urgent: list[int] = []
        self.futures: dict[int, Future[Frame]] = {}
        self.at_once = at_once

    def frame(self, wanted: ImageRef, urgent: bool = False) -> "Future[Frame]":
        number = int(wanted.header.label)
        self.asked.append(number)
        if urgent:
            self.urgent.append(number)
        self.futures[number] = Future()
        if self.at_once:
            self.finish(number)
        return self.futures[number]

    def finish(self, number: int, error: Exception | None = None) -> None:
        future = self.futures[number]
        if error:
            future.set_exception(error)
        elif not future.cancelled():
            future.set_result(Frame(np.full((SIDE, SIDE), number, np.int16)))

    def thumbnail(self, wanted: ImageRef, side: int) -> "Future[np.ndarray]":
        future: Future[np.ndarray] = Future()
        future.set_result(np.zeros((side, side), np.uint8))
        return future


def test_few_are_fetched_at_once_and_the_nearest_first():
    pool = Pool()
    store = PixelStore(pool)
    store.want([ref(i) for i in range(10)], "view")
    assert pool.asked == list(range(IN_FLIGHT))
    assert pool.urgent == [0]
    pool.finish(0)
    assert pool.asked[-1] == IN_FLIGHT


def test_every_viewport_gets_its_first_wish_before_anyone_gets_a_second():
    pool = Pool()
    store = PixelStore(pool)
    store.want([ref(0)], "blocker")
    store.want([ref(i) for i in (10, 11, 12)], "left")
    store.want([ref(i) for i in (20, 21, 22)], "right")
    for number in (0, 10, 11, 12):
        pool.finish(number)
    assert pool.asked.index(20) < pool.asked.index(22)
    assert 20 in pool.asked[:5]


def test_nothing_is_fetched_twice_even_by_two_viewports_and_a_model():
    pool = Pool()
    store = PixelStore(pool)
    store.want([ref(1)], "left")
    store.want([ref(1)], "right")
    got: list[Frame] = []
    waiter = threading.Thread(target=lambda: got.append(store.fetch(ref(1))))
    waiter.start()
    pool.finish(1)
    waiter.join(5)
    assert pool.asked == [1]
    assert got[0] is store.get(ref(1))


def test_wishes_that_are_over_are_cancelled_but_not_what_a_model_waits_for():
    pool = Pool()
    store = PixelStore(pool)
    waiter = threading.Thread(target=lambda: list(store.stream([ref(7)])))
    waiter.start()
    while 7 not in pool.futures:
        pass
    store.want([ref(0), ref(1)], "view")
    store.want([ref(5)], "view")
    assert pool.futures[0].cancelled()
    assert pool.futures[1].cancelled()
    assert not pool.futures[7].cancelled()
    assert 5 in pool.asked
    pool.finish(7)
    waiter.join(5)


def test_the_budget_holds_and_what_is_on_the_screen_is_dropped_last():
    pool = Pool(at_once=True)
    store = PixelStore(pool, budget=4 * SIZE)
    store.want([ref(0), ref(1)], "view")
    for number in range(10, 20):
        store.fetch(ref(number))
        assert store.nbytes <= 4 * SIZE
    assert store.get(ref(0)) is not None
    assert store.get(ref(1)) is not None
    assert store.get(ref(10)) is None
    assert store.get(ref(19)) is not None


def test_more_wishes_than_the_budget_do_not_go_round_in_circles():
    pool = Pool(at_once=True)
    store = PixelStore(pool, budget=3 * SIZE)
    store.want([ref(i) for i in range(50)], "view")
    assert pool.asked == [0, 1, 2]


def test_an_image_larger_than_the_budget_is_still_shown():
    pool = Pool(at_once=True)
    store = PixelStore(pool, budget=10)
    store.want([ref(0)], "view")
    assert store.get(ref(0)) is not None


def test_a_smaller_budget_takes_effect_at_once():
    store = PixelStore(Pool(at_once=True), budget=100 * SIZE)
    for number in range(20):
        store.fetch(ref(number))
    store.set_budget(5 * SIZE)
    assert store.nbytes <= 5 * SIZE


def test_a_failed_image_is_told_kept_and_not_asked_for_again_until_a_retry():
    pool = Pool()
    store = PixelStore(pool)
    failed: list[ImageRef] = []
    store.failed.connect(failed.append)
    store.want([ref(3)], "view")
    pool.finish(3, UserError("damaged", "Image 3 is damaged and cannot be shown."))
    store.want([ref(3)], "view")
    assert (pool.asked, failed) == ([3], [ref(3)])
    assert store.error(ref(3)).code == "damaged"
    with pytest.raises(UserError, match="Image 3"):
        store.fetch(ref(3))
    store.retry(ref(3))
    assert pool.asked == [3, 3]


def test_a_reader_fault_never_shows_its_own_words():
    pool = Pool()
    store = PixelStore(pool)
    store.want([ref(3)], "view")
    pool.finish(3, ValueError("PATIENT^NAME"))
    assert "PATIENT" not in store.error(ref(3)).sentence


def test_a_stream_goes_on_behind_a_bad_image_and_decodes_ahead():
    pool = Pool()
    store = PixelStore(pool)
    stream = store.try_stream([ref(i) for i in range(6)], ahead=2)
    pool_started = threading.Thread(target=lambda: results.extend(stream))
    results: list[tuple[ImageRef, Frame | UserError]] = []
    pool_started.start()
    for number in range(6):
        while number not in pool.futures:
            pass
        pool.finish(number, UserError("damaged", "bad") if number == 2 else None)
    pool_started.join(5)
    assert [int(r.header.label) for r, _ in results] == list(range(6))
    assert [isinstance(answer, UserError) for _, answer in results] == [i == 2 for i in range(6)]


def test_neighbours_ahead_are_wanted_before_those_behind():
    stack = Stack("se", 0, tuple(ref(i) for i in range(10)))
    names = [int(r.header.label) for r in around(stack, 4, +1, 7)]
    assert names == [4, 5, 6, 3, 7, 8, 2]
    assert [int(r.header.label) for r in around(stack, 9, -1, 4)] == [9, 8, 7, 6]
    assert sorted(int(r.header.label) for r in around(stack, 0, 1, 99)) == list(range(10))


def test_closing_cancels_what_is_under_way():
    pool = Pool()
    store = PixelStore(pool)
    store.want([ref(0)], "view")
    store.close()
    assert pool.futures[0].cancelled()
