"""From an open study to what the library keeps of it: who, when, which series, and where each file can be found again.

A member of an archive lies in a spool file of ours that is gone tomorrow; what is kept is the archive that the user
gave. `dicom.archives` calls a member's spool file by a hash of the archive's path and the member's number, so the
archive is not guessed: of those whose name begins the member's label, it is the one that makes this very name.
"""

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from medviewer.core.study import ImageHeader, Study
from medviewer.dicom.limits import ZIP_MEMBERS
from medviewer.library.records import ImageRecord, SeriesRecord, StudyRecord, Urgency

#: RequestedProcedurePriority (0040,1003) -> urgency; MEDIUM, LOW and what nobody knows are routine.
_URGENCY = {"STAT": Urgency.STAT, "HIGH": Urgency.URGENT}


class Places:
    """Where the files of one scan lie on the disk, for whoever opens them again.

    Args:
        given: the paths that were scanned: archives are looked for among them and below them.
        root: labels are made relative to this folder; None: as the scan made them.
    """

    def __init__(self, given: Sequence[Path] = (), root: Path | None = None) -> None:
        self._given = [Path(os.path.abspath(path)) for path in given]  # noqa: PTH100 - as dicom.sources does it
        self._root = root
        self._archives: dict[str, str] = {}  # spool file -> archive
        self._hashed: dict[str, int] = {}  # archive -> so many of its members have been hashed

    def source(self, header: ImageHeader) -> str:
        """Return the file that the user has: the archive, for a member of one."""
        if header.path.replace(os.sep, "/").endswith("/" + header.label) or not self._given:
            return header.path
        spooled = os.path.basename(header.path)  # noqa: PTH119
        for archive in self._candidates(header.label):
            if spooled in self._archives or self._hash(archive, spooled):
                return self._archives[spooled]
        return header.path

    def label(self, header: ImageHeader, source: str) -> str:
        """Return how the user knows it."""
        if self._root is None or not source.startswith(str(self._root) + os.sep):
            return header.label
        outer = Path(source).relative_to(self._root).as_posix()
        if source == header.path:
            return outer
        return outer + header.label.removeprefix(Path(source).name)  # an archive was given by its name

    def _candidates(self, label: str) -> list[str]:
        """Return the files, among what was given or below it, with which a member's label can begin."""
        parts = label.split("/")
        heads = ["/".join(parts[:n]) for n in range(1, len(parts))]
        tops = dict.fromkeys(top for path in self._given for top in (path, path.parent))
        return [str(top / head) for head in heads for top in tops if (top / head).is_file()]

    def _hash(self, archive: str, spooled: str) -> bool:
        """Name members of `archive` as dicom.archives does until `spooled` is among them."""
        for number in range(self._hashed.get(archive, 0), ZIP_MEMBERS):
            name = hashlib.sha256(f"{archive}\0{number}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
            self._archives[name] = archive
            self._hashed[archive] = number + 1
            if name == spooled:
                return True
        return False


def record_of(study: Study, places: Places | None = None) -> StudyRecord:
    """Return what the library keeps of `study`, with one image record for each file.

    Without `places` (of the scan that read the files) a member of an archive cannot be traced to its archive.
    """
    places = places or Places()
    headers = list({ref.header.path: ref.header for stack in study.stacks for ref in stack.images}.values())
    patient = study.patient
    return StudyRecord(
        uid=study.uid,
        patient_name=patient.name,
        patient_id=patient.id,
        issuer=patient.issuer,
        birth_date=patient.birth_date,
        sex=patient.sex,
        age=patient.age,
        date=study.date,
        time=study.time,
        description=study.description,
        urgency=urgency_of(headers),
        film=headers[0].film,
        synthetic=headers[0].synthetic,
        series=tuple(_series(headers)),
        images=tuple(_image(header, places) for header in headers),
    )


def urgency_of(headers: Sequence[ImageHeader]) -> Urgency:
    """Return the most urgent that any of the headers says."""
    said = {_URGENCY.get(header.priority, Urgency.ROUTINE) for header in headers}
    return next((urgency for urgency in Urgency if urgency in said), Urgency.ROUTINE)


def _series(headers: Sequence[ImageHeader]) -> list[SeriesRecord]:
    first: dict[str, ImageHeader] = {}
    for header in headers:
        first.setdefault(header.series_uid, header)
    return [
        SeriesRecord(uid, header.modality, header.series_description, header.series_number, header.body_part)
        for uid, header in first.items()
    ]


def _image(header: ImageHeader, places: Places) -> ImageRecord:
    source = places.source(header)
    try:
        found = os.stat(source)  # noqa: PTH116 - a thousand films at once: Path costs as much again
        size, changed = found.st_size, found.st_mtime_ns
    except OSError:  # it went since it was read: reading it says so
        size, changed = 0, 0
    label = places.label(header, source)
    return ImageRecord(
        header.series_uid, header.sop_uid, header.digest, source, label, len(header.frames), size, changed
    )
