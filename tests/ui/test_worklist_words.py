"""What the list says of a study, in words, and where it stands: no name can do anything but be read."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from medviewer.app.worklist import HIDDEN, AiState, AiSummary, StudyRow, Urgency, Verdict
from medviewer.ui.worklist import words
from medviewer.ui.worklist.ai_words import ai_look
from medviewer.ui.worklist.columns import places
from medviewer.ui.worklist.curve import values_of
from medviewer.ui.worklist.head import pending_words
from medviewer.ui.worklist.side import toggled
from medviewer.ui.worklist.state_words import said_of_ai, spoken, state
from tests.ui import fakes_worklist as fakes
from tests.ui.fakes_worklist import ME, study

HOSTILE = (
    "x" * 10_000,
    "Robert'); DROP TABLE study;--",
    "=cmd|' /C calc'!A0",
    "<b>BOLD</b><img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "LINE^ONE\nLINE TWO\r\nLINE THREE",
    "\u202eEVIL^Reversed\u202c",
    "\u2066ISOLATE^Open",
    "\u2069POP^Out",
    "NUL\x00^BELL\x07",
    "PARA\u2029^GRAPH\u2028",
    "%s%n{0}{1}",
    "אברהם^שרה",
)


def said(row: StudyRow, me: str = ME) -> list[str]:
    return [each.words for each in state(row, me)]


def test_row_says_who_and_what() -> None:
    row = study(7)
    assert words.patient(row, hidden=False) == ("SAMPLE, Avery", "SYN-00007   M 63 y")
    assert words.study(row) == ("CT Head, no contrast", "CT, 38 images")
    assert words.study(replace(row, description="")) == ("CT study", "CT, 38 images")
    assert words.patient(replace(row, patient_name=""), hidden=False)[0] == "No name in the file"


def test_hidden_names_hide_name_and_id() -> None:
    name, facts = words.patient(study(7), hidden=True)
    assert name == "Name hidden"
    assert facts == "M 63 y"
    assert "SYN" not in spoken(study(7), 1, fakes.now(), ME, hidden=True)
    assert "SAMPLE" not in spoken(study(7), 1, fakes.now(), ME, hidden=True)


def test_film_is_known_by_its_file_and_says_that_it_has_no_header() -> None:
    film = study(3, "", film=True, label="drop/SAMPLE_film.png", description="", modalities=())
    assert words.patient(film, hidden=False) == ("SAMPLE_film.png", "No header")
    assert words.patient(film, hidden=True)[0] == "Name hidden"  # a file may be called as the patient is
    assert words.study(film)[0] == "Film without header"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_is_one_line_of_plain_text(name: str) -> None:
    shown = words.patient(study(1, name), hidden=False)[0]
    assert len(shown) <= words.MOST
    assert not set(shown) & {"\n", "\r", "\0", "\a", "\u2028", "\u2029"}
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    kept = words.isolated(shown)
    assert kept[0] == "\u2068"
    assert kept[-1] == "\u2069"
    assert "<b>" not in words.as_tooltip([shown])
    assert "<script" not in words.as_tooltip([shown])
    assert "<img" not in words.as_tooltip([shown])


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0 min"), (12, "12 min"), (125, "2 h 05 min"), (47 * 60, "47 h 00 min")]
)
def test_waiting_time_is_in_minutes_and_hours(minutes: int, text: str) -> None:
    assert words.waiting(study(1, minutes=minutes), fakes.now()) == text


def test_study_that_waits_for_days_says_days_and_a_read_one_does_not_wait() -> None:
    assert words.waiting(study(1, minutes=76 * 60), fakes.now()) == "3 days 4 h"
    assert words.waiting(study(1, read_at=fakes.now()), fakes.now()) == ""
    assert words.waiting(study(1, received=fakes.now() + timedelta(minutes=5)), fakes.now()) == "0 min"


def test_score_says_finding_and_side_of_the_point() -> None:
    look = ai_look(study(1, ai=fakes.scored(0.91)))
    assert (look.icon, look.title, look.words, look.number) == ("sparkle", "Pneumonia", "above the point 0.50", "0.91")
    assert ai_look(study(1, ai=fakes.scored(0.31))).words == "below the point 0.50"
    assert ai_look(study(1, ai=fakes.scored(0.91, kind="probability"))).words == "probability above 0.50"


def test_score_that_looks_like_the_point_has_more_figures() -> None:
    look = ai_look(study(1, ai=fakes.scored(0.4987)))
    assert (look.number, look.words) == ("0.4987", "below the point 0.5000")


def test_what_nobody_confirmed_is_said_beside_the_score() -> None:
    row = study(1, ai=fakes.scored(0.74, reason="Nobody confirmed that this is a chest film."))
    assert ai_look(row).words == "Nobody confirmed that this is a chest film."
    assert "above the point" in said_of_ai(ai_look(row))
    stale = study(1, ai=fakes.scored(0.74, stale=True))
    assert ai_look(stale).words == "Files came after it was read."


def test_every_state_without_a_score_says_why() -> None:
    looks = {
        kind: ai_look(study(1, ai=AiSummary(kind, reason="Slices are 8 mm.", done=20, total=38))) for kind in AiState
    }
    assert (looks[AiState.NOT_EVALUATED].title, looks[AiState.NOT_EVALUATED].words) == (
        "Not evaluated",
        "Slices are 8 mm.",
    )
    assert looks[AiState.WAITING].title == "Waiting for AI"
    assert (looks[AiState.READING].title, looks[AiState.READING].words) == ("AI reading", "so far, 20 of 38 slices")
    assert (looks[AiState.FAILED].title, looks[AiState.FAILED].words) == ("AI failed", "Slices are 8 mm.")
    assert ai_look(study(1)).words == "No model was asked."


def test_reason_does_not_say_again_what_stands_over_it() -> None:
    look = ai_look(study(1, ai=fakes.not_evaluated("Not evaluated. No model here reads MR of the breast.")))
    assert (look.title, look.words) == ("Not evaluated", "No model here reads MR of the breast.")


def test_hatch_means_that_the_ai_did_not_look() -> None:
    hatched = {kind for kind in AiState if ai_look(study(1, ai=AiSummary(kind))).hatched}
    assert hatched == {AiState.NONE, AiState.NOT_EVALUATED, AiState.DONE}  # done without a score: nothing was read


def test_score_so_far_says_how_much_is_read() -> None:
    row = study(1, ai=AiSummary(AiState.READING, 0.12, "score", 0.5, done=20, total=38))
    assert ai_look(row).words == "so far, 20 of 38 slices"
    assert ai_look(replace(row, modalities=("CR",))).words == "so far, 20 of 38 images"
    assert ai_look(row).partial


def test_ai_is_covered_where_the_reader_answers_first() -> None:
    look = ai_look(study(1, ai=AiSummary(reason=HIDDEN)))
    assert (look.icon, look.title, look.words) == ("eye-slash", "AI hidden", HIDDEN)
    assert look.score is None


def test_state_says_who_read_moved_and_took_a_study() -> None:
    assert said(study(1)) == ["Unread"]
    assert said(study(1, place=3, placed_by=ME)) == ["Unread", "moved by you"]
    assert said(study(1, place=3, placed_by="Dr Ito")) == ["Unread", "moved by Dr Ito"]
    assert said(study(1, assigned_to="Dr Ito")) == ["Unread", "assigned to Dr Ito"]
    assert said(study(1, read_at=fakes.now(), read_by=ME))[0].startswith("Read by you, ")
    assert said(study(1, read_at=fakes.now(), read_by="Dr Ito"))[0].startswith("Read by Dr Ito, ")
    assert said(study(1, trouble="2 files are gone."))[0] == "2 files are gone."


@pytest.mark.parametrize(
    ("verdict", "mine", "other"),
    [
        (Verdict.AGREE, "You agree", "Dr Ito agrees"),
        (Verdict.DISAGREE, "You disagree", "Dr Ito disagrees"),
        (Verdict.UNSURE, "You are unsure", "Dr Ito is unsure"),
        (Verdict.RELABEL, "You say: Effusion", "Dr Ito says: Effusion"),
    ],
)
def test_state_says_the_newest_opinion_and_whose_it_is(verdict: Verdict, mine: str, other: str) -> None:
    row = study(1, opinion=verdict, opinion_label="Effusion", opinion_by=ME)
    assert said(row) == ["Unread", mine]
    assert said(replace(row, opinion_by="Dr Ito")) == ["Unread", other]
    assert all(each.icon for each in state(row, ME)[1:])  # never by words' colour alone


def test_row_is_one_sentence_for_a_screen_reader() -> None:
    row = study(365, "SAMPLE^Gus", 125, description="CR Chest", ai=fakes.scored(0.46, finding="Pneumonia"))
    assert spoken(row, 3, fakes.now(), ME) == (
        "3, Routine, SAMPLE Gus, CR Chest, waiting 2 h 5 min, AI score 0.46 unverified, Pneumonia, "
        "below the point 0.50, Unread"
    )


def test_no_percent_and_no_risk_anywhere() -> None:
    for row in fakes.mock_rows():
        text = spoken(row, 1, fakes.now(), ME).lower()
        assert not any(word in text for word in ("%", "risk", "likely", "chance"))


def test_urgencies_differ_by_icon_or_word_not_by_colour_alone() -> None:
    looks = [words.urgency(value) for value in Urgency]
    assert len({(icon, word) for icon, _, _, word in looks}) == 3


@pytest.mark.parametrize("width", [560, 660, 760, 836, 1000, 1230, 1256, 1700, 2600])
def test_columns_never_overlap_and_stay_inside(width: int) -> None:
    found = list(places(width, 28, 76).values())
    for left, right in pairwise(found):
        assert left.right < right.left
    assert found[-1].right <= width - 30
    assert all(column.width >= 8 for column in found)


@pytest.mark.parametrize("width", [836, 1230, 1256, 1700])
def test_columns_that_must_not_be_cut_are_whole(width: int) -> None:
    found = places(width, 40, 76)
    assert (found["number"].width, found["urgency"].width) == (40, 76)
    assert found["patient"].width >= 88
    assert found["ai"].width >= 132


def test_pending_line_counts_what_is_new_and_what_moved() -> None:
    assert pending_words(3, 2) == "3 new studies, 2 moved."
    assert pending_words(1, 0) == "1 new study."
    assert pending_words(0, 4) == "4 moved."
    assert pending_words(0, 0) == ""


def test_ticking_modalities_leaves_all_when_none_is_left_out() -> None:
    names = ["CR", "CT", "MR"]
    assert toggled(names, frozenset(), "CT") == ["CR", "MR"]
    assert toggled(names, frozenset({"CR", "MR"}), "CT") == []
    assert toggled(names, frozenset({"CR"}), "CR") == []  # nothing chosen shows all


def test_curve_takes_the_class_that_the_score_is_of() -> None:
    row = study(1, ai=fakes.scored(0.91))
    values = values_of(fakes.reading(row))
    assert len(values) == 25
    assert max(values, key=lambda i: values[i]) == 18
