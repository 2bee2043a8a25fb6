"""A model that needs no model process: a real card, and scores that follow from the slice's number."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from medviewer.app.models import Models
from medviewer.core.errors import UserError
from medviewer.core.events import Event
from medviewer.core.findings import Explanation, SliceScore
from medviewer.core.image import Frame
from medviewer.core.jobs import Cancelled, Job, State
from medviewer.inference import card as c
from medviewer.inference.folder import ModelFolder


def model(name: str = "lung-nodule", modality: str = "CT", kind: str = "score", **more: Any) -> ModelFolder:
    """Return a model folder whose card is whole; the weights are never opened."""
    rules = (
        c.EligibilityRule("modality", allowed=(modality,), missing="no"),
        c.EligibilityRule("plane", allowed=("axial",)),
        c.EligibilityRule("slice_thickness", min=0.5, max=6.0),
        c.EligibilityRule("min_size", rows=64, columns=64),
    )
    values: dict[str, Any] = {
        "name": name,
        "version": "1.0",
        "title": "Lung nodules",
        "task": "classification",
        "labels": (c.Label("nodule", "Nodule"), c.Label("other", "Other")),
        "target": "nodule",
        "architecture": c.Architecture("fcn"),
        "input": c.Input((modality,), c.Scaling("window", -1000, 400), unit="HU", pixel_mm=0.7, region="lungs"),
        "eligibility": rules,
        "output": c.Output(kind),
        "threshold": c.Threshold(0.5, "the best Youden index on the validation blocks"),
        "explain": c.Explain("features", c.Cell((4.0, 4.0), (0.0, 0.0))),
        "intended_use": "Research on chest CT.",
        "limits": ("Not for diagnosis.", "Trained on patches of one data set."),
        "training": c.Training(("LUNA16 patches",)),
        "licence": "CC-BY-4.0",
        "sha256s": {"weights.safetensors": "0" * 64},
        "calibration": c.Calibration(1.0, 0.0, "fitted on the validation set") if kind == "probability" else None,
        "metrics": (c.Metric("AUROC", 0.98, 0.97, 0.99, 1200, "validation blocks"),),
    }
    return ModelFolder(Path("/nowhere") / name, c.Card(**{**values, **more}), "0" * 64)


class FakeEngine:
    """Stands for inference.client.EngineClient. `hold`: wait for `go` before each batch; `fail_at`: die there."""

    def __init__(self, peak: int = 22, hold: bool = False, fail_at: int | None = None) -> None:
        self.device = ""
        self.noticed: Event[str] = Event()
        self.peak, self.fail_at = peak, fail_at
        self.go = threading.Event()
        if not hold:
            self.go.set()
        self._threads: list[threading.Thread] = []

    def score(self, index: int) -> float:
        return float(0.05 + 0.86 * np.exp(-(((index - self.peak) / 3.0) ** 2)) + 0.03 * np.sin(index * 1.7) ** 2)

    def predict(
        self,
        model: ModelFolder,
        frames: Iterator[tuple[int, Frame, Any]],
        job: Job,
        on_scores: Callable[[tuple[SliceScore, ...]], object],
        batch: int = 8,
        patch: bool = False,
    ) -> None:
        def work() -> None:
            job.start()
            try:
                total = job.total
                for done, (number, _frame, _spacing) in enumerate(frames):
                    while not self.go.wait(0.01):
                        job.step(done, total)
                    if self.fail_at is not None and done == self.fail_at:
                        sentence = f"The model stopped on slice {done + 1}. The images are not affected. Try again."
                        raise UserError("engine_died", sentence, "exit code -11")
                    self.device = "cpu"
                    value = self.score(number)
                    on_scores((SliceScore(number, {"nodule": value, "other": 1 - value}, value >= 0.5),))
                    job.step(done + 1, total)
            except Cancelled:
                job.finish(State.CANCELLED)
            except UserError as error:
                job.finish(State.FAILED, error=error)
            else:
                job.finish(State.DONE)

        self._start(work)

    def explain(
        self,
        model: ModelFolder,
        index: int,
        frame: Frame,
        spacing: Any,
        target: str,
        method: str,
        parameters: dict[str, object],
        job: Job,
        on_map: Callable[[Explanation], object],
    ) -> None:
        def work() -> None:
            job.start()
            y, x = np.mgrid[: frame.values.shape[0], : frame.values.shape[1]]
            map_ = np.exp(-(((x - 330) / 40.0) ** 2 + ((y - 200) / 40.0) ** 2)).astype(np.float32)
            map_[:40] = np.nan
            on_map(Explanation(index, target, method, map_, sentence="Shows what moved the score."))
            job.finish(State.DONE)

        self._start(work)

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def warm(self, model: ModelFolder) -> None:
        """Nothing has to be started."""

    def close(self) -> None:
        self.go.set()
        for thread in self._threads:
            thread.join(5)


class FixedModels:
    """Stands for app.models.LiveModels: these models are in use, whatever lies on the disk."""

    def __init__(self, models: tuple[ModelFolder, ...]) -> None:
        self.now = Models(models, (), (), models)
        self.changed: Event[None] = Event()

    def refresh(self) -> bool:
        """Nothing changes."""
        return False


def install(session: Any, *models: ModelFolder, engine: FakeEngine | None = None) -> FakeEngine:
    """Give a session these models and an engine without a process."""
    engine = engine or FakeEngine()
    session.engine.close()
    session.live_models = FixedModels(models)
    session.engine = session.analyses._engine = engine
    return engine
