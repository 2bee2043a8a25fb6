"""Studies, readings and opinions to put into a library."""

from typing import Any

from medviewer.library.library import Library
from medviewer.library.records import (
    AiState,
    ImageRecord,
    Kept,
    OpinionRecord,
    ReadingRecord,
    SeriesRecord,
    StudyRecord,
    Verdict,
)


def image(number: int = 1, digest: str = "", source: str = "", series: str = "1.1", **more: Any) -> ImageRecord:
    """Return image `number` of a series; its content is told by `digest`, its file by `source`."""
    source = source or f"/data/{number}.dcm"
    return ImageRecord(series, f"1.1.{number}", digest or f"d{number}", source, source.rsplit("/", 1)[-1], **more)


def study(uid: str = "1", *images: ImageRecord, modality: str = "CT", **more: Any) -> StudyRecord:
    """Return a study of one series; by default with one image that no other uid has."""
    images = images or (image(digest=f"d{uid}", source=f"/data/{uid}/1.dcm"),)
    series = (SeriesRecord("1.1", modality, "Axial", 1, "CHEST"),)
    return StudyRecord(
        uid, **{"patient_name": "Doe^Jane", "patient_id": "P1", "series": series, "images": images, **more}
    )


def film(digest: str, source: str = "") -> StudyRecord:
    """Return a film without a header."""
    source = source or f"/data/{digest}.png"
    picture = ImageRecord(f"film:{digest}", f"film:{digest}", digest, source, source.rsplit("/", 1)[-1])
    return StudyRecord(f"film:{digest}", film=True, series=(SeriesRecord(f"film:{digest}", "DX"),), images=(picture,))


def keep(library: Library, *studies: StudyRecord, listed: bool = True) -> list[int]:
    """Keep studies; return their numbers."""
    return [kept.study_id for kept in library.keep(studies or (study(),), listed=listed)]


def reading(kept: Kept | int, score: float | None = 0.8, model: str = "net", **more: Any) -> ReadingRecord:
    """Return a reading with a score over the point of 0.5 by default; without a score, of a model that does not fit."""
    number, content = (kept, "") if isinstance(kept, int) else (kept.study_id, kept.content)
    done = score is not None
    said: dict[str, Any] = {
        "state": AiState.DONE if done else AiState.NOT_EVALUATED,
        "score": score,
        "kind": "score" if done else "",
        "point": 0.5 if done else None,
        "positive": done and score >= 0.5,
        "finding": "Nodule" if done else "",
        "reason": "" if done else "No model reads this.",
        "content": content,
        "stack": 0,
        "version": "1.0",
    }
    return ReadingRecord(number, "1.1", model=model, sha256="ab" * 32, **{**said, **more})


def opinion(study_id: int, verdict: Verdict = Verdict.AGREE, **more: Any) -> OpinionRecord:
    """Return an opinion on a study."""
    return OpinionRecord(study_id, verdict, **{"model": "net", "version": "1.0", "reader": "Dr Test", **more})
