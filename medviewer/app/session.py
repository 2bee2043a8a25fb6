"""One running medviewer without its window: settings, jobs, what is open, what models said, and the desk."""

import logging
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from medviewer.app.admin.admin import Admin
from medviewer.app.analyses import Analyses
from medviewer.app.drafts import Drafts
from medviewer.app.gently import import_gently
from medviewer.app.home import find_home
from medviewer.app.kept import KeptStudies
from medviewer.app.key_pictures import KeyPictures
from medviewer.app.logs import start_log, stop_log
from medviewer.app.look_first import LookFirst
from medviewer.app.models import LiveModels
from medviewer.app.open_studies import OpenStudies
from medviewer.app.opening import Opening
from medviewer.app.opinions import Opinions
from medviewer.app.pixels import PixelStore
from medviewer.app.reader import ExplanationMode, Layout, Reader, TextLevel, Tool
from medviewer.app.recent import Recent
from medviewer.app.settings import Settings
from medviewer.app.shelf import Shelf, login_name
from medviewer.app.triage import Triage
from medviewer.app.undo import Undo
from medviewer.app.worklist import Worklist
from medviewer.core.events import Event
from medviewer.core.jobs import Job, Jobs, State
from medviewer.core.study import Stack, Study
from medviewer.dicom.pool import ReaderPool
from medviewer.inference.client import EngineClient
from medviewer.inference.folder import ModelFolder

log = logging.getLogger(__name__)

MB = 1 << 20
Act = Callable[[], Any]
AtDesk = Callable[[Act], Any]


@dataclass(frozen=True)
class Ask:
    """A wish that only the window can fulfil: a dialog, a file chooser, the full screen (`what` is its name)."""

    what: str
    values: dict[str, Any] = field(default_factory=dict)


class Session:
    """Everything that a window or a command works with. Close it at the end (it is a context manager).

    The desk (`reader`) belongs to one thread: the window's. Work of other threads, and notices, reach it through
    `at_desk`, which the window replaces (`session.at_desk = bridge.soon`); without a window the work is done where it
    arises. A program that will have a window calls `hold_desk` before it opens anything: what arises until the window
    is there waits for it.

    Attributes:
        opened: what is open now; shelf: what is kept for good; kept: which of these is which of those.
        page: what the window shows: "reader", "worklist" or "agreement".
        asked: wishes that only a window can fulfil.
        noticed: sentences that the reader must see once ("The graphics card is full. ...").
        live_models: the models, and its `changed` when another version is in use.
    """

    def __init__(
        self, home: Path | None = None, read_only: bool = False, safe_mode: bool = False, device: str = ""
    ) -> None:
        """Start reader processes in the background; the model process waits for its first use.

        Args:
            home: where everything is kept (--home); None: MEDVIEWER_HOME or the platform's folders.
            read_only: nothing is written into the home but the private spool; settings hold until the end.
            safe_mode: settings at their defaults and not kept, shipped models only, models on the processor and only
                when asked, no watched folder.
            device: where models run ("auto", "cuda", "mps", "cpu"); "": as the setting says.
        """
        self.home = find_home(home)
        self.read_only, self.safe_mode = read_only, safe_mode
        self.log_path = start_log(self.home, write=not read_only)
        config = None if safe_mode else self.home.config
        self.settings = Settings(config, self.home.site, write=not read_only)
        self.asked: Event[Ask] = Event()
        self.noticed: Event[str] = Event()
        self._desk_lock = threading.Lock()
        self._held: list[Act] = []
        self._at_desk: AtDesk = lambda act: act()
        self.jobs = Jobs()
        self.spool = self.home.make_spool()
        self.pool = ReaderPool(size=2, folder=self.spool)
        self.reader = Reader()
        self.opened = OpenStudies(self.jobs, self.pool)
        self.pixels = PixelStore(self.pool, int(self.settings.get("system.image_cache_mb")) * MB)
        self.live_models = LiveModels(None if safe_mode else self.home, self.home.policy)
        self.engine = EngineClient(device or ("cpu" if safe_mode else str(self.settings.get("ai.device"))))
        self.analyses = Analyses(
            self.jobs,
            self.pixels,
            self.engine,
            lambda: self.models,
            lambda: int(self.settings.get("ai.batch")),
            int(self.settings.get("system.explanation_cache_mb")) * MB,
        )
        self.recent = Recent(self.home, write=not (read_only or safe_mode))
        self.look_first = LookFirst(self.reader, self.settings)
        self.page = "reader"
        self.page_changed: Event[str] = Event()
        self.undo = Undo()
        self.shelf = Shelf(self.home, str(self.settings.get("library.url")), lambda: self.who, write=not read_only)
        self.kept = KeptStudies(self)
        self.opening = Opening(self)
        self.opinions = Opinions(self)
        self.drafts = Drafts(self)
        self.pictures = KeyPictures(self)
        self.worklist = Worklist(self)
        self.triage = Triage(self)
        self.admin = Admin(self)
        self.engine.copy_of = lambda model: self.admin.light.copy_of(model)
        self.explaining: Job | None = None  # the map that was asked for last on the desk
        self._closed = False
        self._set_desk()
        self._connect()

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def at_desk(self) -> AtDesk:
        """What brings an act to the desk's thread; setting it does what was held so far."""
        return self._at_desk

    @at_desk.setter
    def at_desk(self, at_desk: AtDesk) -> None:
        with self._desk_lock:
            held, self._held = self._held, []
            self._at_desk = at_desk
        for act in held:
            at_desk(act)

    def hold_desk(self) -> None:
        """Keep what is to be done at the desk until `at_desk` is set."""

        def hold(act: Act) -> None:
            with self._desk_lock:
                if self._at_desk is hold:
                    self._held.append(act)
                    return
            self._at_desk(act)

        self._at_desk = hold

    def open(self, paths: Sequence[Path | str], show: bool = True) -> Job:
        """Open files and remember that they were opened."""
        if self.settings.get("privacy.keep_recent"):
            self.recent.add(paths)
        job = self.opened.open(paths, show)

        def keep(job: Job) -> None:
            if job.state is State.DONE:
                self.kept.keep_open(paths)

        job.changed.connect(keep)
        keep(job)  # it may have ended before anybody listened; what is kept already is not kept again
        return job

    def begin_work(self) -> None:
        """Go on with what waits: studies that no model has read yet, and the watched folder (a window calls this)."""
        self.triage.resume()
        self._watch()
        for problem in (*self.live_models.now.problems, *self.settings.problems):
            self.notice(problem)
        if not self.safe_mode:
            self.jobs.run_quietly(Job("Looking at the models", "model"), lambda _: self._begin_models())

    def _begin_models(self) -> None:
        """Read the cards and complete the audit, away from the desk; `versions` itself is made there: there is one."""
        import_gently("medviewer.app.admin.versions")

        def begin() -> None:
            versions = self.admin.versions
            self.jobs.run_quietly(Job("Reading the cards", "model"), lambda _: versions.begin())

        self.at_desk(begin)

    def _watch(self) -> None:
        folder = str(self.settings.get("triage.watch_folder"))
        if folder and not (self.read_only or self.safe_mode):
            self.triage.watch(Path(folder))
        else:
            self.triage.unwatch()

    def show_page(self, page: str) -> None:
        """Let the window show another page (on the desk's thread)."""
        if page != self.page:
            self.page = page
            self.page_changed.emit(page)

    def notice(self, sentence: str) -> None:
        """Tell the reader something that must be seen (from any thread)."""
        self.at_desk(lambda: self.noticed.emit(sentence))

    @property
    def who(self) -> str:
        """Who sits here: the name for opinions and the audit."""
        return str(self.settings.get("opinions.reader")).strip() or login_name()

    def ask(self, what: str, **values: Any) -> None:
        """Tell the window that something only it can do is wished."""
        self.asked.emit(Ask(what, values))

    @property
    def models(self) -> tuple[ModelFolder, ...]:
        """The version in use of each model, by name: what the next analysis is made with."""
        return self.live_models.now.in_use

    def model(self, name: str, version: str = "") -> ModelFolder | None:
        """Return the version in use of a model, or a certain version of it that is here."""
        now = self.live_models.now
        return now.version(name, version) if version else now.used(name)

    def close(self) -> None:
        """End all work, all processes, and remove the spool; harmless when called again."""
        if self._closed:
            return
        self._closed = True
        for job in self.jobs.active:
            job.cancel()
        self.triage.close()
        self.admin.close()
        self.pictures.close()
        self.pixels.close()
        self.pool.close()  # before the job threads are waited for: a scan ends with its process
        self.engine.close()
        self.jobs.close()
        self.shelf.close()  # what was acknowledged is on the disk; what was asked for is written now
        shutil.rmtree(self.spool, ignore_errors=True)
        stop_log()

    def _set_desk(self) -> None:
        """Put the desk as the settings want it."""
        get = self.settings.get
        self.reader.set(
            tool=Tool(get("reading.tool")),
            layout=Layout(get("reading.layout")),
            text=TextLevel(get("reading.text_level")),
            names_hidden=bool(get("privacy.hide_names")),
        )
        self.reader.set_ai(
            mode=ExplanationMode(get("ai.explanation")),
            method=get("ai.method"),
            opacity=get("ai.opacity"),
            threshold=get("ai.threshold"),
            colormap=get("ai.colormap"),
        )
        for view in self.reader.views:
            view.smooth = bool(get("reading.smooth"))

    def _connect(self) -> None:
        self.settings.changed.connect(self._setting_changed)
        self.engine.noticed.connect(self.notice)
        self.opened.noticed.connect(self.notice)
        self.opened.studies_changed.connect(self._studies_changed)
        self.opened.showable.connect(self._show)
        self.opened.closed.connect(self._study_closed)
        for problem in self.settings.problems:
            log.warning("%s", problem)

    def _show(self, stack: Stack) -> None:
        self.pixels.want([stack.images[0]], owner="opening")
        self.at_desk(lambda: self._show_at_desk(stack))

    def _show_at_desk(self, stack: Stack) -> None:
        from medviewer.app.deeds import show_stack

        place = self.opened.place_of(stack.images[0])  # the scan may have gone on meanwhile
        if place is not None:
            show_stack(self, self.reader.view, *place)
            self._follow()  # without a window this is no thread of its own: the stack may have grown in between
        self.pixels.want((), owner="opening")

    def _studies_changed(self, studies: tuple[Study, ...]) -> None:
        self.analyses.follow([stack for study in studies for stack in study.stacks])
        self.at_desk(self._follow)

    def _follow(self) -> None:
        """Let every viewport keep its image although its stack has grown; take closed ones off."""
        for view in self.reader.views:
            ref, stack = view.image, view.stack
            if ref is None or stack is None:
                continue
            place = self.opened.place_of(ref)
            if place is None:
                view.show(None)
            elif place[0] is not stack:
                view.follow(*place)

    def _study_closed(self, study: Study) -> None:
        keys = [ref.key for stack in study.stacks for ref in stack.images]
        self.analyses.forget(study.uid, keys)
        self.pixels.forget(keys)

    def _setting_changed(self, key: str) -> None:
        if key == "triage.watch_folder":
            self._watch()
        elif key == "system.image_cache_mb":
            self.pixels.set_budget(int(self.settings.get(key)) * MB)
        elif key.startswith("ai.") and (name := key.removeprefix("ai.")) in (
            "opacity",
            "threshold",
            "colormap",
            "method",
        ):
            self.reader.set_ai(**{name: self.settings.get(key)})
        elif key == "reading.smooth":
            for view in self.reader.views:
                view.set(smooth=bool(self.settings.get(key)))
