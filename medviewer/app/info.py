"""What is there: the document `medviewer.info/1` of files, folders, zips and DICOMDIRs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from medviewer.app.documents import document
from medviewer.app.session import Session
from medviewer.core.study import Patient, Stack, Study


def info(session: Session, paths: Sequence[Path], *, show_identity: bool = False) -> dict[str, Any]:
    """Return the document; patients are in it only with `show_identity`.

    Raises:
        UserError: there is no image in `paths`.
    """
    session.opened.open(paths, show=False).value()
    studies = [_study(study, show_identity) for study in session.opened.studies]
    skipped = [{"path": s.path, "code": s.code, "text": s.text} for s in session.opened.skipped]
    return document("info", studies=studies, skipped=skipped)


def _study(study: Study, show_identity: bool) -> dict[str, Any]:
    return {
        "study_uid": study.uid,
        "date": study.date,
        "description": study.description,
        **({"patient": _patient(study.patient)} if show_identity else {}),
        "series": [_series(stack) for stack in study.stacks],
    }


def _patient(patient: Patient) -> dict[str, str]:
    return {
        "name": patient.name,
        "id": patient.id,
        "birth_date": patient.birth_date,
        "sex": patient.sex,
        "age": patient.age,
    }


def _series(stack: Stack) -> dict[str, Any]:
    first = stack.first
    frames = max(len(ref.header.frames) for ref in stack.images)
    files = list(dict.fromkeys(ref.header.label for ref in stack.images))
    return {
        "series_uid": stack.series_uid,
        "stack": stack.number,
        "modality": first.modality,
        "description": first.series_description,
        "sop_class": first.sop_class,
        "transfer_syntax": first.transfer_syntax,
        "count": len(stack),
        "rows": first.rows,
        "columns": first.columns,
        "frames": frames,
        "plane": stack.plane,
        "spacing": list(stack.spacing) if stack.spacing else None,
        "affine": [list(row) for row in stack.affine] if stack.affine else None,
        "files": files,
        **({"frame_order": frame_order(stack, files)} if frames > 1 else {}),
        "warnings": [{"code": w.code, "text": w.text, "files": list(w.files)} for w in stack.warnings],
    }


def frame_order(stack: Stack, files: Sequence[str]) -> list[Any]:
    """Return the frame numbers (from 0) in geometric order; with several files, [place in `files`, frame] pairs."""
    if len(files) == 1:
        return [ref.frame for ref in stack.images]
    place = {name: i for i, name in enumerate(files)}
    return [[place[ref.header.label], ref.frame] for ref in stack.images]
