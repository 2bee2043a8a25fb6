"""A session in a home of its own, with a tiny model in it, and synthetic studies."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from medviewer.app.session import Session
from medviewer.dicom.pool import ReaderPool
from medviewer.inference.client import EngineClient
from tests import build


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `bright-slices` (CT, every slice) and `bright-film` (CR, DX); bright pixels decide."""
    from tests.engine import tiny

    folder = tmp_path_factory.mktemp("models")
    tiny.slices(folder / "bright-slices")
    film = tiny.film(tmp_path_factory.mktemp("film") / "first")
    eight_bit = replace(film.card.input, scaling=replace(film.card.input.scaling, high=255.0))
    tiny.film(folder / "bright-film", input=eight_bit)
    return folder


class Kept:
    """A reader pool or model process that several tests use in turn: a session's close leaves it running."""

    def __init__(self, shared: Any) -> None:
        self._shared = shared

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shared, name)

    def close(self) -> None:
        pass


@pytest.fixture(scope="session")
def processes() -> Iterator[tuple[ReaderPool, EngineClient]]:
    """Reader processes and a model process for all tests of this room (each start costs seconds)."""
    pool, engine = ReaderPool(2), EngineClient("cpu")
    yield pool, engine
    pool.close()
    engine.close()


@pytest.fixture
def warm(processes: tuple[ReaderPool, EngineClient], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let sessions made in this test use the running processes."""
    pool, engine = processes
    monkeypatch.setattr("medviewer.app.session.ReaderPool", lambda size, folder: Kept(pool))
    monkeypatch.setattr("medviewer.app.session.EngineClient", lambda device: Kept(engine))


@pytest.fixture
def session(warm: None, home: Path, tiny_models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session that knows the tiny models only."""
    monkeypatch.setattr("medviewer.app.models.shipped_models", lambda: tiny_models)
    with Session(home) as session:
        yield session


@pytest.fixture
def chest(tmp_path: Path) -> Path:
    """A CT of nine slices, 64x64; slices 3 and 4 are the brightest, slice 6 is bright as well."""
    return write_chest(tmp_path / "chest")


def write_chest(folder: Path) -> Path:
    """Write nine axial slices whose file names and instance numbers do not help."""
    bright = {3: 400, 4: 200, 6: 100}
    for rank in range(9):
        values = np.full((64, 64), 24, np.int16)  # -1000 HU
        values[24:40, 24:40] = bright.get(rank, -1000) + 1024
        number = (rank * 5) % 9 + 1
        ds = build.ct(
            values,
            ImagePositionPatient=["-100", "-90", str(50 - 2.5 * rank)],
            InstanceNumber=str(number),
            SOPInstanceUID=build.uid("chest", rank),
            PixelSpacing=["1.0", "1.0"],
        )
        build.save(ds, folder / f"IM{(rank * 7) % 9:03d}.dcm")
    return folder
