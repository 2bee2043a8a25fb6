"""The reader's rule for when AI may be seen: at once, after every slice was seen, or only when asked (UI.md 1.6)."""

from medviewer.app.reader import Reader, ViewState
from medviewer.app.settings import Settings


class LookFirst:
    """Keeps `reader.ai.shown` as the setting `ai.show` wants; the key X stands above it until the series changes."""

    def __init__(self, reader: Reader, settings: Settings) -> None:
        self._reader, self._settings = reader, settings
        self._seen: set[tuple[str, int]] = set()
        self._series: tuple[object, ...] = ()
        self._shown_once = False
        for view in reader.views:
            view.changed.connect(self._view_changed)
        reader.changed.connect(self._reader_changed)
        settings.changed.connect(lambda key: self._begin() if key == "ai.show" else None)
        self._begin()

    def seen(self, view: ViewState) -> bool:
        """Say whether every image of the view's stack has been on the screen."""
        return view.stack is not None and all(ref.key in self._seen for ref in view.stack.images)

    def _begin(self) -> None:
        """Start anew: a series came to the screen, or the rule changed."""
        policy = self._settings.get("ai.show")
        self._shown_once = policy != "all_seen"
        if policy == "all_seen":
            self._look()
            if not self._shown_once:
                self._reader.set_ai(shown=False)
        else:
            self._reader.set_ai(shown=policy == "at_once")

    def _reader_changed(self, what: str) -> None:
        if what in ("layout", "active", "filled"):
            self._series_on_screen()

    def _view_changed(self, view: ViewState) -> None:
        if view.image is not None:
            self._seen.add(view.image.key)
        self._series_on_screen()
        if not self._shown_once:
            self._look()

    def _series_on_screen(self) -> None:
        series = tuple(view.stack.key if view.stack else None for view in self._reader.shown)
        before, self._series = self._series, series
        if set(series) - set(before) - {None} and self._settings.get("ai.show") == "all_seen":
            self._begin()

    def _look(self) -> None:
        views = [view for view in self._reader.shown if view.stack is not None]
        if views and all(map(self.seen, views)):
            self._shown_once = True
            self._reader.set_ai(shown=True)
