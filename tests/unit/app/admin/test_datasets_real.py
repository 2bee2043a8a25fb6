"""The whole way without a window: real films are read by the shipped model, answered, gathered, checked, frozen."""

from pathlib import Path

import pytest

from medviewer.app.admin.datasets import OpinionsSource
from medviewer.app.session import Session
from medviewer.app.worklist import Verdict
from medviewer.core import datasets
from tests.journeys import films
from tests.journeys.screen import wait_until

ANSWERS = 40


@pytest.mark.slow
def test_forty_answers_to_real_films_become_a_frozen_data_set(shared: Path, home: Path, tmp_path: Path) -> None:
    mixed = films.mixed(tmp_path / "incoming", shared, 44)
    with Session(home) as session:
        session.triage.add([mixed.folder]).value(120)
        session.show_page("worklist")
        session.worklist.refresh()
        shelf = session.shelf
        wait_until(lambda: shelf.read(lambda library: library.waiting_work()).result() == 0, 240, "the readings")
        session.worklist.refresh()
        wait_until(lambda: len(session.worklist) >= 44, 20, "the list")
        truth: dict[int, bool] = {}
        for study in [session.worklist.id_at(place) for place in range(len(session.worklist))]:
            row = session.worklist.known(study) or shelf.read(lambda library, s=study: library.row(s)).result()
            if row.ai.score is None or row.ai.model != "cxr-pneumonia" or len(truth) == ANSWERS:
                continue
            session.worklist.select(study)
            wait_until(lambda: (about := session.opinions.about()) and about.reading, 20, "its result")
            (image,) = shelf.read(lambda library, s=study: library.sources(s)).result()
            truth[study] = mixed.positive[Path(image.source).name]
            agree = truth[study] == row.ai.positive
            session.opinions.give(Verdict.AGREE if agree else Verdict.DISAGREE).result(20)
        assert len(truth) == ANSWERS
        sets = session.admin.datasets
        made = sets.get(sets.gather(OpinionsSource("cxr-pneumonia"), "Answers").value(60))
        assert {int(row.more["study"]): row.positive for row in made.kept} == truth
        report = sets.check(made.id).value(120)
        assert not report.stops, [finding.text for finding in report.stops]
        frozen = sets.freeze(made.id).value(60)
        assert datasets.verify(frozen)
        print(f"\n{frozen.counts()}; " + "; ".join(finding.text for finding in report.findings))
