"""The model process: one request after the other, on one thread, until the window's process is gone.

torch is imported at the first request (a second or two) while the inbox already listens, so that a cancel or the end
of the parent is heard even then. Captum follows in the background after the first answer.
"""

import importlib
import os
import threading
import traceback
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medviewer.core.child import Cancels, Outbox, serve
from medviewer.core.errors import UserError, sentence_for
from medviewer.core.jobs import Cancelled
from medviewer.core.parcels import Parcels
from medviewer.core.values import pack
from medviewer.inference.protocol import (
    Devices,
    Done,
    Explain,
    Failed,
    Item,
    Mapped,
    Message,
    Notice,
    Predict,
    Progress,
    ProtocolError,
    Scored,
    Warm,
    from_wire,
    to_wire,
)

if TYPE_CHECKING:
    from medviewer.engine.light import LightCopy
    from medviewer.engine.models import LoadedModel
    from medviewer.engine.predict import Picture

MOST_MODELS = 4


def main(folder: str) -> int:
    """Serve requests over stdin and stdout; arrays lie in `folder`. Returns when the parent is gone."""
    os.environ.setdefault("MPLBACKEND", "agg")  # captum imports matplotlib; it must not look for a screen or a home
    os.environ.setdefault("MPLCONFIGDIR", str(_cache() / "matplotlib"))
    parcels = Parcels(folder)
    serve(Engine(parcels).handle, parcels)
    return 0


def _cache() -> Path:
    home = os.environ.get("MEDVIEWER_HOME")
    if home:
        return Path(home) / "cache"
    import platformdirs

    return Path(platformdirs.user_cache_dir("medviewer"))


class Engine:
    """The models in memory and what they are asked. `handle` answers every request with one `done` or `failed`."""

    def __init__(self, parcels: Parcels) -> None:
        self._parcels = parcels
        self._models: dict[tuple[str, str, str], LoadedModel] = {}
        self._copies: dict[tuple[str, str], LightCopy | None] = {}
        self._ready = False
        self._captum: threading.Thread | None = None

    def handle(self, wire: dict[str, Any], outbox: Outbox, cancels: Cancels) -> None:
        """Answer one request."""
        id_ = wire.get("id") if isinstance(wire.get("id"), int) else 0
        assert isinstance(id_, int)

        def send(message: Message) -> None:
            outbox.send(to_wire(replace(message, id=id_)))

        def stop() -> None:
            if id_ in cancels:
                raise Cancelled

        try:
            request = from_wire(wire)
            stop()
            send(self._answer(request, send, stop))
        except Cancelled:
            send(Failed(code="cancelled", sentence="Cancelled."))
        except UserError as error:
            send(Failed(code=error.code, sentence=error.sentence, details=error.details))
        except Exception as error:  # noqa: BLE001 - every request is answered, whatever happens
            send(_defect(error))
        finally:
            self._drop(wire)
        self._fetch_captum()

    def _answer(self, request: Message, send: Callable[[Message], None], stop: Callable[[], None]) -> Message:
        self._get_ready()
        if isinstance(request, Predict):
            return self._predict(request, send, stop)
        if isinstance(request, Explain):
            return self._explain(request, send, stop)
        if isinstance(request, Warm):
            return self._warm(request)
        if isinstance(request, Devices):
            return self._devices()
        raise ProtocolError(request.kind)

    def _get_ready(self) -> None:
        if not self._ready:
            from medviewer.engine.device import set_up_process

            set_up_process()
            self._ready = True

    def _model(self, request: Predict | Explain | Warm) -> "LoadedModel":
        """Return the model of a request, loaded once; the longest unused one makes room."""
        from medviewer.engine import device, models

        name = device.choose(request.device)
        key = request.model, request.sha256, name
        model = self._models.pop(key, None) or models.load(Path(request.model), request.sha256, name)
        self._models[key] = model
        while len(self._models) > MOST_MODELS:
            self._models.pop(next(iter(self._models)))
        return model

    def _predict(self, request: Predict, send: Callable[[Message], None], stop: Callable[[], None]) -> Message:
        from medviewer.engine.predict import predict

        model = self._model(request)
        copy = self._copy(request, model, send)
        stop()
        scores = predict(
            model,
            [self._picture(item) for item in request.items],
            batch=max(1, request.batch),
            patch=request.patch,
            stop=stop,
            notice=lambda text: send(Notice(text=text)),
            copy=copy,
        )
        for some in scores:
            send(Scored(scores=tuple(pack(score) for score in some)))
        return Done(device=f"{model.device}, {copy.kind} copy" if copy else model.device)

    def _copy(self, request: Predict, model: "LoadedModel", send: Callable[[Message], None]) -> "LightCopy | None":
        """Return the lighter copy that was asked for; where it cannot be used, say so once and go on without it."""
        wanted = request.copy
        if wanted is None or model.device != "cpu":
            return None
        key = wanted.path, wanted.sha256
        if key not in self._copies:
            from medviewer.engine.light import LightCopy

            try:
                self._copies[key] = LightCopy(Path(wanted.path), wanted.sha256, wanted.kind)
            except UserError as error:
                self._copies[key] = None
                send(Notice(text=f"{error.sentence} The model itself is used."))
            while len(self._copies) > MOST_MODELS:
                self._copies.pop(next(iter(self._copies)))
        return self._copies[key]

    def _explain(self, request: Explain, send: Callable[[Message], None], stop: Callable[[], None]) -> Message:
        from medviewer.engine.explain.run import Task, explain

        model = self._model(request)
        stop()
        task = Task(self._picture(request.item), request.target, request.method, dict(request.parameters))
        maps = explain(
            model,
            task,
            stop=stop,
            progress=lambda done, total: send(Progress(done=done, total=total)),
            notice=lambda text: send(Notice(text=text)),
        )
        for one in maps:
            meta = {f.name: pack(getattr(one, f.name)) for f in fields(one) if f.name != "values"}
            send(Mapped(array=self._parcels.wrap(one.values), meta=meta))
            stop()
        return Done(device=model.device)

    def _warm(self, request: Warm) -> Message:
        """Load the model and run it once on nothing, at a size that it can be asked for."""
        import torch

        from medviewer.engine.predict import forward

        model = self._model(request)
        spec = model.card.input
        with model.lock:
            forward(model, torch.zeros(1, spec.channels, *(spec.size or (256, 256))))
        return Done(device=model.device)

    def _devices(self) -> Message:
        import torch

        from medviewer.engine import device

        result = {"devices": device.devices(), "torch": torch.__version__, "threads": torch.get_num_threads()}
        return Done(device=device.choose("auto"), result=result)

    def _picture(self, item: Item) -> "Picture":
        from medviewer.engine.predict import Picture

        padding = None if item.padding is None else self._parcels.unwrap(item.padding)
        return Picture(item.index, self._parcels.unwrap(item.array), item.spacing, item.inverted, padding)

    def _drop(self, wire: dict[str, Any]) -> None:
        """Remove the parcels of a request that were not read, because it was cancelled or failed early."""
        items = wire.get("items", []) if wire.get("kind") == "predict" else [wire.get("item", {})]
        for item in items if isinstance(items, list) else []:
            for name in ("array", "padding"):
                if isinstance(item, dict) and isinstance(item.get(name), dict):
                    self._parcels.drop(item[name])

    def _fetch_captum(self) -> None:
        """Import captum while nothing waits for it, so that the first map comes at once."""
        if self._captum is None and self._models:
            self._captum = threading.Thread(target=importlib.import_module, args=("captum.attr",), daemon=True)
            self._captum.start()


def _defect(error: BaseException) -> Failed:
    where = traceback.extract_tb(error.__traceback__)[-1] if error.__traceback__ else None
    place = f" at {Path(where.filename).name}:{where.lineno}" if where else ""
    if isinstance(error, MemoryError):
        return Failed(code="no_memory", sentence=sentence_for(error))
    sentence = "The model process could not do this. The images are not affected; the details are in the log."
    return Failed(code="defect", sentence=sentence, details=f"{type(error).__name__}{place}: {str(error)[:400]}")
