"""A study on its way into the library: what was given against what is known; nothing here touches the database."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from medviewer.library.records import ImageRecord, Kept, SeriesRecord, StudyRecord
from medviewer.library.texts import clean, hashed, stored_path

#: Columns of an image that say where its file is.
PLACE = ("place", "source", "label", "size", "mtime_ns", "gone")


@dataclass
class Draft:
    """A study on its way into the library.

    Attributes:
        key: its identity.
        record: what was given; None for a study whose files were overwritten by those of another one.
        row: what is known of it; None for a new one.
        images: rows by (sop uid, digest), in order of arrival; without "id" while they are new.
        series: modality by uid.
    """

    key: str
    record: StudyRecord | None = None
    row: Row[Any] | None = None
    id: int = 0
    images: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    series: dict[str, str] = field(default_factory=dict)
    new_series: list[dict[str, Any]] = field(default_factory=list)
    moved: dict[int, dict[str, Any]] = field(default_factory=dict)
    added: int = 0
    replaced: int = 0

    @property
    def changed(self) -> bool:
        return bool(self.added or self.new_series or self.moved)

    def take(self, record: StudyRecord) -> dict[str, str]:
        """Take what was given; return the digest at each place."""
        sops = {sop for sop, _ in self.images}
        latest = {}
        for image in record.images:
            row = image_row(image)
            latest[row["place"]] = row["digest"]
            key = row["sop_uid"], row["digest"]
            known = self.images.get(key)
            if known is None:
                self.replaced += row["sop_uid"] in sops
                self.added += 1
                sops.add(row["sop_uid"])
                self.images[key] = row
            elif any(known[name] != row[name] for name in PLACE):  # renamed, or back again
                known.update({name: row[name] for name in PLACE})
                self._touch(known)
        for one in record.series:
            uid = clean(one.uid)
            if uid not in self.series:
                self.series[uid] = clean(one.modality, 16)
                self.new_series.append(series_row(one))
        return latest

    def mark_overwritten(self, latest: dict[str, str]) -> None:
        """Mark images whose file holds other content now."""
        for (_, digest), row in self.images.items():
            if not row["gone"] and latest.get(row["place"], digest) != digest:
                row["gone"] = True
                self._touch(row)

    def _touch(self, row: dict[str, Any]) -> None:
        if "id" in row:
            self.moved[row["id"]] = row

    def summary(self) -> dict[str, Any]:
        """Return the columns that follow from images and series."""
        left = [row for row in self.images.values() if not row["gone"]] or list(self.images.values())
        modalities = "\\".join(dict.fromkeys(m for m in self.series.values() if m))[:190]
        return {
            "content": self.content(left),
            "images": sum(row["frames"] for row in left),
            "series": len({row["series_uid"] for row in left}),
            "modalities": f"\\{modalities}\\" if modalities else "",
            "label": left[0]["label"] if left else "",
        }

    def content(self, left: Iterable[dict[str, Any]]) -> str:
        """Return the hash over the images that count; the order in which they came does not matter."""
        return hashed(*(text for pair in sorted((row["sop_uid"], row["digest"]) for row in left) for text in pair))

    def lost(self) -> bool:
        """Say whether nothing is left that could be opened."""
        return bool(self.images) and all(row["gone"] for row in self.images.values())

    def kept(self) -> Kept:
        return Kept(self.id, self.row is None, self.added, self.replaced, self.summary()["content"])


def image_row(image: ImageRecord) -> dict[str, Any]:
    """Return what is stored of an image."""
    source, label = stored_path(image.source), clean(image.label)
    return {
        "place": _place(source, label),
        "series_uid": clean(image.series_uid),
        "sop_uid": clean(image.sop_uid),
        "digest": clean(image.digest),
        "source": source,
        "label": label,
        "frames": image.frames,
        "size": image.size,
        "mtime_ns": image.mtime_ns,
        "gone": False,
    }


def _place(source: str, label: str) -> str:
    """Return what tells the place of a file, or of a member of an archive, whatever folder it was opened from."""
    path = source.replace("\\", "/")
    if not label or f"/{path}".endswith(f"/{label}"):
        return hashed(source)
    inside = label.partition(path.rsplit("/", 1)[-1] + "/")[2]
    return hashed(source, inside or label)


def series_row(one: SeriesRecord) -> dict[str, Any]:
    """Return what is stored of a series."""
    return {
        "uid": clean(one.uid),
        "modality": clean(one.modality),
        "description": clean(one.description),
        "number": one.number if one.number is None or abs(one.number) < 2**63 else None,
        "body_part": clean(one.body_part),
    }
