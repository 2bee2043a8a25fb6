"""The model process, request by request: every request is answered once, whatever is wrong with it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from medviewer.core.child import Cancels
from medviewer.core.parcels import Parcels
from medviewer.engine import serve
from medviewer.inference import protocol
from medviewer.inference.folder import ModelFolder
from tests.engine import tiny


class Answers:
    """An outbox that keeps what was sent."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def send(self, message: dict[str, Any]) -> None:
        self.sent.append(message)

    @property
    def kinds(self) -> list[str]:
        return [message["kind"] for message in self.sent]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> ModelFolder:
    return tiny.film(tmp_path_factory.mktemp("models") / "tiny-film")


@pytest.fixture
def parcels() -> Any:
    box = Parcels()
    yield box
    box.close()


@pytest.fixture
def engine(parcels: Parcels, monkeypatch: pytest.MonkeyPatch) -> serve.Engine:
    made = serve.Engine(parcels)
    made._ready = True  # threads and priority of the test process stay as they are
    return made


def ask(engine: serve.Engine, message: protocol.Message | dict[str, Any], cancels: Cancels | None = None) -> Answers:
    answers = Answers()
    wire = message if isinstance(message, dict) else protocol.to_wire(message)
    engine.handle(wire, answers, cancels or Cancels())  # type: ignore[arg-type]
    return answers


def item(parcels: Parcels, index: int, values: Any) -> protocol.Item:
    return protocol.Item(index, parcels.wrap(np.asarray(values)))


def left_over(parcels: Parcels) -> int:
    return len(list(Path(parcels.folder).iterdir()))


def test_a_batch_is_scored_and_its_arrays_are_gone(engine: serve.Engine, parcels: Parcels, film: ModelFolder) -> None:
    items = tuple(item(parcels, n, tiny.picture(64, 64, seed=n)) for n in range(3))
    got = ask(engine, protocol.Predict(5, str(film.path), film.sha256, "cpu", 8, False, items))
    assert got.kinds == ["scored", "done"]
    assert sorted(s["index"] for s in got.sent[0]["scores"]) == [0, 1, 2]
    assert all(message["id"] == 5 for message in got.sent)
    assert got.sent[-1]["device"] == "cpu"
    assert left_over(parcels) == 0


def test_weights_that_were_changed_after_the_check_are_refused(
    engine: serve.Engine, parcels: Parcels, film: ModelFolder
) -> None:
    items = (item(parcels, 0, tiny.picture(64, 64)),)
    got = ask(engine, protocol.Predict(1, str(film.path), "0" * 64, "cpu", 8, False, items))
    assert got.kinds == ["failed"]
    assert got.sent[0]["code"] == "hash_mismatch"
    assert left_over(parcels) == 0


def test_a_cancelled_request_is_answered_and_never_starts(
    engine: serve.Engine, parcels: Parcels, film: ModelFolder
) -> None:
    cancels = Cancels()
    cancels.add(9)
    items = (item(parcels, 0, tiny.picture(64, 64)),)
    got = ask(engine, protocol.Predict(9, str(film.path), film.sha256, "cpu", 8, False, items), cancels)
    assert got.kinds == ["failed"]
    assert got.sent[0]["code"] == "cancelled"
    assert left_over(parcels) == 0


def test_a_cancel_between_batches_ends_a_prediction(engine: serve.Engine, parcels: Parcels, film: ModelFolder) -> None:
    cancels = Cancels()

    class Hasty(Answers):
        def send(self, message: dict[str, Any]) -> None:
            super().send(message)
            cancels.add(2)

    answers = Hasty()
    items = tuple(item(parcels, n, tiny.picture(64, 64, seed=n)) for n in range(6))
    request = protocol.Predict(2, str(film.path), film.sha256, "cpu", 2, False, items)
    engine.handle(protocol.to_wire(request), answers, cancels)  # type: ignore[arg-type]
    assert answers.kinds == ["scored", "failed"]
    assert answers.sent[-1]["code"] == "cancelled"


@pytest.mark.parametrize(
    "wire",
    [
        {"kind": "sing", "id": 3},
        {"kind": "predict", "id": 3, "items": "all"},
        {"kind": "predict", "id": 3, "model": "/nowhere", "items": []},
        {"kind": "explain", "id": 3, "item": {"index": 0, "array": {"parcel": "../../etc/passwd"}}},
        {"id": 3},
        {"kind": "done", "id": 3},
    ],
)
def test_a_request_that_makes_no_sense_fails_alone(
    engine: serve.Engine, parcels: Parcels, film: ModelFolder, wire: dict[str, Any]
) -> None:
    got = ask(engine, wire)
    assert got.kinds == ["failed"]
    assert got.sent[0]["id"] == 3
    good = protocol.Predict(4, str(film.path), film.sha256, "cpu", 8, False, (item(parcels, 0, tiny.picture(64, 64)),))
    assert ask(engine, good).kinds == ["scored", "done"]


def test_a_map_arrives_refined_and_checked(engine: serve.Engine, parcels: Parcels, film: ModelFolder) -> None:
    picture = item(parcels, 4, tiny.picture(90, 150, (40, 90, 20, 20)))
    got = ask(engine, protocol.Explain(6, str(film.path), film.sha256, "cpu", picture, "square", "IntegratedGradients"))
    found = [m for m in got.sent if m["kind"] == "map"]
    assert got.kinds[-1] == "done"
    assert [m["meta"]["complete"] for m in found][-2:] == [True, True]
    assert "rank_correlation_randomised" in found[-1]["meta"]["trust"]
    assert [m["meta"]["index"] for m in found] == [4] * len(found)
    values = parcels.unwrap(found[-1]["array"])
    assert values.shape == (90, 150)
    assert values.dtype == np.float32
    progress = [m for m in got.sent if m["kind"] == "progress"]
    assert progress
    assert all(0 <= m.get("done", 0) <= m["total"] for m in progress)


def test_a_model_without_the_class_or_the_method_says_so(
    engine: serve.Engine, parcels: Parcels, film: ModelFolder
) -> None:
    for target, method in (("cat", "LayerGradCam"), ("square", "Tarot")):
        picture = item(parcels, 0, tiny.picture(64, 64))
        got = ask(engine, protocol.Explain(6, str(film.path), film.sha256, "cpu", picture, target, method))
        assert got.kinds == ["failed"]
        assert got.sent[0]["code"] == "usage"


def test_warming_loads_the_model_and_devices_are_listed(engine: serve.Engine, film: ModelFolder) -> None:
    assert ask(engine, protocol.Warm(1, str(film.path), film.sha256, "cpu")).kinds == ["done"]
    (answer,) = ask(engine, protocol.Devices(2)).sent
    assert {d["name"] for d in answer["result"]["devices"]} == {"cuda", "mps", "cpu"}
    assert answer["result"]["torch"]


def test_a_defect_names_its_place_and_no_more_than_that(
    engine: serve.Engine, parcels: Parcels, film: ModelFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> object:
        raise RuntimeError("boom")

    monkeypatch.setattr(engine, "_model", broken)
    got = ask(engine, protocol.Warm(1, str(film.path), film.sha256, "cpu"))
    assert got.kinds == ["failed"]
    assert got.sent[0].get("code", "defect") == "defect"
    assert "boom" not in got.sent[0]["sentence"]
    assert "RuntimeError at test_serve.py" in got.sent[0]["details"]
