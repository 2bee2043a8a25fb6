"""Why two models differ on a case: both maps of it, computed when somebody looks."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medviewer.app.admin import locked_part
from medviewer.app.admin.records import Comparison
from medviewer.core.errors import UserError
from medviewer.core.findings import Explanation
from medviewer.core.image import Frame
from medviewer.core.jobs import Job, State
from medviewer.inference.folder import ModelFolder

if TYPE_CHECKING:
    from medviewer.app.session import Session

METHOD = "LayerGradCam"
Maps = tuple[Explanation, Explanation, NDArray[np.uint8]]


def explain(session: "Session", job: Job, c: Comparison, file: str) -> Maps:
    """Return (the champion's map, the challenger's, the picture [row, column]) of one case.

    Raises:
        UserError: `no_map`, `no_model`, `no_dataset`, `bad_dataset`.
    """
    dataset = locked_part.read(session.home.datasets, c.dataset)
    if dataset.facts.kind == "patches":
        raise UserError("no_map", "Maps are drawn on whole images; the cases of this data set are cut-outs.")
    with dataset.pictures() as opened:
        frame = Frame(opened[file])
    asked = ((c.champion, c.champion_sha256), (c.challenger, c.challenger_sha256))
    models = [session.admin.versions.compared(c.model, version, sha256) for version, sha256 in asked]
    first, second = (_map(session, job, model, frame) for model in models)
    return first, second, frame.grey()


def _map(session: "Session", job: Job, model: ModelFolder, frame: Frame) -> Explanation:
    found: list[Explanation] = []
    inner = Job("Explaining", "explain")
    job.on_cancel(inner.cancel)
    session.engine.explain(model, 0, frame, None, model.card.target, METHOD, {}, inner, found.append)
    inner.wait()
    if inner.state is not State.DONE or not found:
        raise inner.error or UserError("no_map", "The model could not explain this case.")
    return found[-1]
