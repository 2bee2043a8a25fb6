"""One explanation from question to map on the source pixels, with its checks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from medviewer.core.errors import UserError
from medviewer.core.findings import Explanation
from medviewer.engine import device as devices
from medviewer.engine import predict
from medviewer.engine.explain import trust as checks
from medviewer.engine.explain.methods import METHODS, Method, Step
from medviewer.engine.explain.project import to_source
from medviewer.engine.explain.question import Question, Values, ask
from medviewer.engine.models import LoadedModel
from medviewer.engine.preprocess import Prepared

#: Parameters that every method takes, beside its own.
COMMON = {"at": None, "randomise": False, "check": True, "seed": 0}
#: Pictures in one forward and backward pass, and input pixels: bounds memory, and how long a cancel waits.
_CHUNK, _PIXELS_A_CHUNK = 8, 1 << 19


@dataclass(frozen=True)
class Task:
    """What a caller wants explained.

    `parameters` are the method's `defaults` and COMMON's: `at` (column, row of the place in a detection map),
    `randomise` (explain a copy with re-initialised weights instead), `check` (False: no weight-randomisation check),
    `seed` (of both).
    """

    picture: predict.Picture
    target: str
    method: str
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def row(self) -> Method:
        """The method's row of the table."""
        try:
            return METHODS[self.method]
        except KeyError as error:
            known = ", ".join(METHODS)
            raise UserError("usage", f"There is no explanation method {self.method}; there are {known}.") from error

    @property
    def key(self) -> str:
        """What a weight-randomisation check holds for."""
        return f"{self.method}/{self.target}/{self.parameters.get('layer', '')}"

    def settled(self, target: str) -> "Task":
        """Return the task with every parameter checked and set, and with a target."""
        settings = {**COMMON, **self.row.defaults}
        for name, value in self.parameters.items():
            plain = name == "at" or (name in settings and type(value) is type(settings[name]))
            low, high = self.row.limits.get(name, (-(1 << 31), 1 << 31))
            if not plain or (type(value) is int and not low <= value <= high):
                raise UserError("usage", f"{self.row.title} cannot take {name} = {str(value)[:40]}.")
            settings[name] = value
        return replace(self, target=self.target or target, parameters=settings)


def explain(
    model: LoadedModel,
    task: Task,
    *,
    stop: Callable[[], object] = lambda: None,
    progress: Callable[[int, int], object] = lambda done, total: None,
    notice: predict.Notice = lambda _: None,
) -> Iterator[Explanation]:
    """Yield maps of why the target's logit is what it is: refining ones, the complete one, that one with its check.

    `stop` is called between chunks and may raise to end the work; `progress` is told (done, total) in pictures.

    Raises:
        UserError: `usage`, `not_evaluated` (the model does not answer for this picture: no map either), `no_memory`.
    """
    task = task.settled(model.card.target)
    ready = predict.prepare_picture(model, task.picture)
    if ready.reason is not None:
        raise UserError("not_evaluated", f"Not evaluated, so there is nothing to explain. {ready.reason}")
    while True:
        chunk = 1
        try:
            with model.lock:
                question = ask(model, ready, task.target, task.parameters)
            chunk = min(model.limit or _CHUNK, max(1, _PIXELS_A_CHUNK // int(np.prod(question.x.shape[2:]))))
            yield from _explain(model, task, replace(question, chunk=chunk, stop=stop, progress=progress), ready)
            return
        except (RuntimeError, MemoryError) as error:
            if not devices.out_of_memory(error):
                raise
        predict.step_down(model, chunk, notice)  # the failed chunk's tensors are gone with its frames


def _explain(model: LoadedModel, task: Task, question: Question, ready: Prepared) -> Iterator[Explanation]:
    settings = task.parameters
    asked = question.randomised(settings["seed"]) if settings["randomise"] else question
    facts = _facts(model, asked, settings)
    trust: dict[str, Any] = {}
    if task.method == "LayerGradCam":
        trust["cell_px"] = [float(asked.grid.stride * ready.to_source[i, i]) for i in (1, 0)]
    step: Step | None = None
    for step in _steps(model, task.row, asked, settings):
        trust |= step.trust
        yield _explanation(task, ready, asked, step, facts, trust)
    if step is not None and settings["check"] and not settings["randomise"]:
        trust |= _checked(model, task, question, step.values)
        yield _explanation(task, ready, question, step, facts, trust)


def _steps(model: LoadedModel, row: Method, question: Question, settings: dict[str, Any]) -> Iterator[Step]:
    """Run the method, holding the model's lock while it computes and not while its map travels."""
    run = row.run(question, settings)
    while True:
        with model.lock:
            step = next(run, None)
        if step is None:
            return
        yield step


def _facts(model: LoadedModel, question: Question, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters as run that do not depend on the method's steps."""
    facts: dict[str, Any] = {"explained": "logit"}
    if question.place is not None:
        facts["explained"] = "logit of the highest place" if settings["at"] is None else "logit of the chosen place"
        facts["place"] = [round(v, 2) for v in question.place]
    baseline = model.card.explain.baseline
    value = baseline.value if baseline.kind == "blurred" else float(question.baseline.mean())
    facts["baseline"] = {"kind": baseline.kind, "value": value}
    return facts


def _explanation(
    task: Task, ready: Prepared, question: Question, step: Step, facts: dict[str, Any], trust: dict[str, Any]
) -> Explanation:
    trust = dict(trust)
    if step.fraction >= 1 and not np.any(step.values):
        trust["flat"] = True
    parameters = {**facts, **step.parameters}
    if "baseline" not in task.row.needs:
        del parameters["baseline"]
    return Explanation(
        task.picture.index,
        task.target,
        task.method,
        to_source(question.on_input(step.values), ready, additive=task.row.additive),
        signed=task.row.signed,
        complete=step.fraction >= 1,
        fraction=float(min(1.0, step.fraction)),
        parameters=parameters,
        trust=trust,
        sentence=f"{task.row.sentence} {checks.words(trust, ready.seen.shape)}".strip(),
    )


def _checked(model: LoadedModel, task: Task, question: Question, values: Values) -> dict[str, Any]:
    """Return the rank correlations with a net that knows nothing (once a model and method) and with another image."""
    if task.key not in model.check:
        quiet = replace(question.randomised(task.parameters["seed"]), progress=lambda done, total: None)
        *_, last = _steps(model, task.row, quiet, {**task.parameters, **task.row.check})
        model.check[task.key] = checks.likeness(values, last.values)
    found: dict[str, Any] = {"rank_correlation_randomised": model.check[task.key]}
    before = model.last_map.get(task.key)
    if before is not None and before[0] != task.picture.index and before[1].shape == values.shape:
        found["rank_correlation_other_image"] = checks.likeness(values, before[1])
    model.last_map[task.key] = task.picture.index, values
    return found
