"""The admin panel's half without a window: data sets, runs, versions, comparisons, watching, lighter copies.

Each part is made when it is first asked for: a session that only reads pays nothing for it.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from medviewer.app.shelf import login_name
from medviewer.core.events import Event

if TYPE_CHECKING:
    from medviewer.app.admin.comparisons import Comparisons
    from medviewer.app.admin.datasets import DataSets
    from medviewer.app.admin.light import Light
    from medviewer.app.admin.runs import Runs
    from medviewer.app.admin.versions import Versions
    from medviewer.app.admin.watch import Watch
    from medviewer.app.session import Session

#: Sections of the page, in order; each has one chosen thing (`Admin.chosen`).
SECTIONS = ("datasets", "training", "compare", "watch", "models", "audit")
NOT_YOURS = "Only the people named by the site's policy may train and promote models. Ask your administrator."


class Admin:
    """What an administrator or trainer works with. `section` is the part of the page that is shown.

    Attributes:
        chosen: section -> id of the data set, run, comparison or model ("name version") that commands act on.
        section_changed, chosen_changed: carry the section's name.
    """

    def __init__(self, session: "Session") -> None:
        self._session = session
        self.section = SECTIONS[0]
        self.chosen: dict[str, str] = {}
        self.section_changed: Event[str] = Event()
        self.chosen_changed: Event[str] = Event()

    def show(self, section: str) -> None:
        """Show a section (on the desk's thread)."""
        if section in SECTIONS and section != self.section:
            self.section = section
            self.section_changed.emit(section)

    def choose(self, section: str, id_: str) -> None:
        """Choose what commands of a section act on (on the desk's thread)."""
        if self.chosen.get(section, "") != id_:
            self.chosen[section] = id_
            self.chosen_changed.emit(section)

    def refusal(self) -> str | None:
        """Return why this person may not train and promote, or None. Roles are off where the site names nobody."""
        named = list(self._session.settings.get("admin.trainers"))
        return None if not named or login_name() in named else NOT_YOURS

    @cached_property
    def datasets(self) -> "DataSets":
        from medviewer.app.admin.datasets import DataSets

        return DataSets(self._session)

    @cached_property
    def runs(self) -> "Runs":
        from medviewer.app.admin.runs import Runs

        return Runs(self._session)

    @cached_property
    def versions(self) -> "Versions":
        from medviewer.app.admin.versions import Versions

        return Versions(self._session)

    @cached_property
    def comparisons(self) -> "Comparisons":
        from medviewer.app.admin.comparisons import Comparisons

        return Comparisons(self._session)

    @cached_property
    def watch(self) -> "Watch":
        from medviewer.app.admin.watch import Watch

        return Watch(self._session)

    @cached_property
    def light(self) -> "Light":
        from medviewer.app.admin.light import Light

        return Light(self._session)

    def close(self) -> None:
        """End what runs: a training keeps its checkpoint."""
        if "runs" in self.__dict__:
            self.runs.close()
