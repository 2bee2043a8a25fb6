"""Short ways for tests from files to headers, stacks and warnings."""

import tempfile
from pathlib import Path
from typing import Any

from medviewer.core.study import FrameHeader, ImageHeader, Skipped, SpacingKind, Stack
from medviewer.dicom.files import Source
from medviewer.dicom.grouping import group
from medviewer.dicom.headers import read_header
from medviewer.dicom.sources import expand
from tests import build


def read(paths: list[Path]) -> list[ImageHeader]:
    found = [read_header(Source(str(path), path.name)) for path in sorted(paths)]
    return [header for header in found if isinstance(header, ImageHeader)]


def read_folder(folder: Path) -> list[ImageHeader]:
    with tempfile.TemporaryDirectory() as spool:
        found = [read_header(s) for s in expand([str(folder)], Path(spool)) if isinstance(s, Source)]
    return [header for header in found if isinstance(header, ImageHeader)]


def stacks(headers: list[ImageHeader]) -> tuple[Stack, ...]:
    (study,) = group(headers)
    return study.stacks


def codes(stack: Stack) -> list[str]:
    return [warning.code for warning in stack.warnings]


def text(stack: Stack, code: str) -> str:
    return next(warning.text for warning in stack.warnings if warning.code == code)


def names(stack: Stack) -> list[str]:
    return [Path(ref.header.path).name for ref in stack.images]


def header(position=(0.0, 0.0, 0.0), orientation=build.ORIENTATIONS["axial"], number=1, **changes: Any) -> ImageHeader:
    """A header without a file; `phase`, `spacing`, `stack_id` go into its one frame."""
    plane = {k: changes.pop(k) for k in ("phase", "spacing", "stack_id", "slope") if k in changes}
    frame = FrameHeader(**{"position": position, "orientation": orientation, "spacing": (0.7, 0.7), **plane})
    basics = {
        "path": f"/files/{number}",
        "label": f"{number}",
        "sop_uid": f"1.{number}",
        "sop_class": build.CT,
        "transfer_syntax": build.ExplicitVRLittleEndian,
        "study_uid": "study",
        "series_uid": "series",
        "modality": "CT",
        "rows": 8,
        "columns": 8,
        "frames": (frame,),
        "instance_number": number,
        "spacing_kind": SpacingKind.PATIENT,
    }
    return ImageHeader(**{**basics, **changes})


def refused(found: ImageHeader | Skipped, code: str) -> str:
    """Return the sentence of a skipped file after a look at its code."""
    assert isinstance(found, Skipped)
    assert found.code == code
    assert found.text.startswith("image.dcm ")
    assert "/" not in found.text
    return found.text
