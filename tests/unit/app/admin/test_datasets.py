"""Data sets from folders and packed files: what comes in, what stays out, and that nothing half-made is left."""

import errno
import json
import os
import shutil
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from medviewer.app.admin import gathering
from medviewer.app.admin.dataset_split import split
from medviewer.app.admin.datasets import DataSets, FolderSource, PackedSource
from medviewer.app.session import Session
from medviewer.core import datasets
from medviewer.core.datasets import PARTS, DataSet, Row
from medviewer.core.errors import UserError
from medviewer.core.jobs import Cancelled
from tests.unit.app.admin import films
from tests.unit.app.admin.films import LONG, TARGET


def gather(session: Session, source: FolderSource | PackedSource, **more) -> DataSet:
    sets = session.admin.datasets
    return sets.get(sets.gather(source, "Films", **more).value(LONG))


def refused(session: Session, source: FolderSource | PackedSource) -> UserError:
    with pytest.raises(UserError) as refusal:
        gather(session, source)
    assert not list(session.home.datasets.iterdir())
    return refusal.value


def parts(dataset: DataSet) -> dict[str, set[str]]:
    return {part: {row.patient for row in dataset.part(part)} for part in PARTS}


def test_a_folder_becomes_a_data_set_split_by_patient(session: Session, tmp_path: Path) -> None:
    made = gather(session, FolderSource(films.folder(tmp_path / "films"), None, TARGET))
    assert len(made.kept) == 30
    assert sum(row.positive for row in made.rows) == 16
    found = parts(made)
    assert not any(found[a] & found[b] for a, b in (("fit", "select"), ("fit", "report"), ("select", "report")))
    assert [len(found[part]) for part in PARTS] == [9, 3, 3]
    assert all(0 < counts["positives"] < counts["images"] for counts in made.counts().values())
    assert made.rows[4].more == {
        "age": "32", "sex": "F", "bytes": made.rows[4].more["bytes"], "source_rows": "96", "source_columns": "96",
    }  # fmt: skip
    with made.pictures() as pictures:
        np.testing.assert_array_equal(pictures[made.rows[4].file], films.pixels(4, bright=True))
    assert session.admin.datasets.all(wait=True) == (made,)
    screen = session.admin.datasets.picture(made.id, made.rows[4].file).result(LONG)
    assert (screen.dtype, screen.shape) == (np.dtype(np.uint8), (96, 96))


def test_the_same_folder_gives_the_same_parts_in_whatever_order(session: Session, tmp_path: Path) -> None:
    folder = films.folder(tmp_path / "films")
    one = gather(session, FolderSource(folder, None, TARGET))
    lines = (folder / "labels.csv").read_text("utf-8").splitlines()
    (folder / "turned.csv").write_text("\n".join([lines[0], *reversed(lines[1:])]), "utf-8")
    other = gather(session, FolderSource(folder, folder / "turned.csv", TARGET))
    ages = [{part: {row.more["age"] for row in made.part(part)} for part in PARTS} for made in (one, other)]
    assert ages[0] == ages[1]


def test_the_next_version_leaves_patients_where_they_were(session: Session, tmp_path: Path) -> None:
    folder = films.folder(tmp_path / "films", 20)
    first = gather(session, FolderSource(folder, None, TARGET))
    films.folder(folder, 60)
    second = gather(session, FolderSource(folder, None, TARGET), previous=first.id)
    assert second.facts.version == 2
    assert second.facts.previous == first.id
    where = {row.patient: row.part for row in second.rows}
    assert all(where[row.patient] == row.part for row in first.rows)
    assert len(second.kept) == 60
    assert [len(patients) for patients in parts(second).values()] == [18, 6, 6]


def test_what_cannot_be_read_or_does_not_fit_stays_visible(session: Session, tmp_path: Path) -> None:
    folder = films.folder(tmp_path / "films", 12)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    (folder / "letter.txt").write_text("Dear colleague")
    films.png(folder / "tiny.png", films.pixels(50)[:20, :20])
    films.png(folder / "flat.png", np.full((96, 96), 7, np.uint8))
    films.dicom(folder / "ct.dcm", 70, Modality="CT")
    odd = ("broken.png", "letter.txt", "gone.png", "tiny.png", "flat.png", "ct.dcm")
    with (folder / "labels.csv").open("a") as file:
        file.writelines(f"{name},nothing,Q{n},,\r\n" for n, name in enumerate(odd))
    made = gather(session, FolderSource(folder, None, TARGET, model=films.MODEL))
    why = [row.more["why"] for row in made.rows if row.excluded]
    assert why == ["unreadable", "unreadable", "missing", "mismatched: min size", "empty", "mismatched: modality"]
    assert len(made.kept) == 12
    with pytest.raises(UserError, match="could not be read"):
        session.admin.datasets.picture(made.id, made.rows[12].file).result(LONG)
    assert session.admin.datasets.picture(made.id, made.rows[17].file).result(LONG).shape == (96, 96)
    again = session.admin.datasets.exclude(made.id, [r.file for r in made.rows[12:]], yes=False).value(LONG)
    assert {row.more["why"] for row in again.rows if row.excluded} == {"unreadable", "missing", "empty"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("file,label\n../other/000.png,square\n", "unsafe_path"),
        ("file,label\n/etc/passwd,square\n", "unsafe_path"),
        ("file,label\nC:\\films\\1.png,square\n", "unsafe_path"),
        ("file,label\na/link.png,square\n", "unsafe_path"),
        ("file,label\n", "labels"),
        ("name,word\na/000.png,square\n", "labels"),
        ("file,label," + ",".join(f"c{n}" for n in range(1_000_000)) + "\na/000.png,square\n", "labels"),
        ('file,label\na/000.png,"' + "x" * 200_000 + '"\n', "labels"),
        ("file,label\na/nothing.png,square\n", "no_pictures"),
    ],
    ids=["parent", "absolute", "drive", "link", "empty", "columns", "million columns", "huge cell", "nothing there"],
)
def test_a_hostile_table_is_refused_with_a_sentence(session: Session, tmp_path: Path, text: str, code: str) -> None:
    folder = films.folder(tmp_path / "films", 2)
    films.png(tmp_path / "other" / "000.png", films.pixels(0))
    (folder / "a" / "link.png").symlink_to(tmp_path / "other" / "000.png")
    (folder / "labels.csv").write_text(text, "utf-8")
    assert refused(session, FolderSource(folder, None, TARGET)).code == code


def test_a_table_is_not_run_by_a_spreadsheet_and_brings_no_names(session: Session, tmp_path: Path) -> None:
    folder = films.folder(tmp_path / "films", 2)
    rows = [
        {
            "file": f"a/00{n}.png", "label": "=cmd|' /C calc'!A0", "patient": films.CANARY, "age": "=1+1",
            "name": "Canary", "sex": "@SUM(A1)", "view": "=A1", "scanner": "=HYPERLINK(1)",
        }
        for n in range(2)
    ]  # fmt: skip
    films.table(folder / "labels.csv", rows)
    made = gather(session, FolderSource(folder, None, TARGET))
    assert {row.label[:2] for row in made.rows} == {"'="}
    assert all(set(row.more) == {"bytes", "source_rows", "source_columns"} for row in made.rows)
    for path in made.path.iterdir():
        if path.name != gathering.SOURCES:
            assert b"Canary" not in path.read_bytes(), path.name


def test_headers_tell_scanner_and_age_but_no_names(session: Session, tmp_path: Path) -> None:
    paths = [films.dicom(tmp_path / films.CANARY / f"{n}.dcm", n, PatientID=f"Canary {n // 2}") for n in range(4)]
    films.table(paths[0].parent / "labels.csv", [{"file": p.name, "label": TARGET} for p in paths])
    made = gather(session, FolderSource(paths[0].parent, None, TARGET))
    assert [row.patient for row in made.rows] == ["1", "1", "2", "2"]
    assert {(row.more["scanner"], row.more["age"]) for row in made.rows} == {("Acme Film 3", "4")}
    told = {path.name: b"anary" in path.read_bytes() for path in made.path.iterdir()}
    assert told == {"dataset.json": False, "rows.csv": False, "pictures.npz": False, "sources.json": True}


def test_films_upside_down_in_grey_padded_or_in_colour_come_as_the_model_sees_them(
    session: Session, tmp_path: Path
) -> None:
    plain = films.pixels(3, bright=True)
    colour = np.stack([plain, plain, plain], -1)
    padded = plain.astype(np.uint16) + 100
    padded[:8] = 0
    folder = tmp_path / "films"
    films.dicom(folder / "plain.dcm", 1, values=plain)
    films.dicom(folder / "mono1.dcm", 2, values=255 - plain, PhotometricInterpretation="MONOCHROME1")
    films.png(folder / "colour.png", colour)
    films.dicom(folder / "padded.dcm", 3, values=padded, BitsStored=16, HighBit=15, PixelPaddingValue=0)
    padded[:60] = 0
    films.dicom(folder / "hollow.dcm", 4, values=padded, BitsStored=16, HighBit=15, PixelPaddingValue=0)
    names = ("plain.dcm", "mono1.dcm", "colour.png", "padded.dcm", "hollow.dcm")
    films.table(folder / "labels.csv", [{"file": name, "label": TARGET} for name in names])
    made = gather(session, FolderSource(folder, None, TARGET))
    with made.pictures() as pictures:
        got = [pictures[row.file].astype(int) for row in made.rows[:4]]
    for one in got[:3]:
        np.testing.assert_array_equal(one - one.min(), plain.astype(int) - plain.min())
    np.testing.assert_array_equal(got[3][8:], plain[8:].astype(int) + 100)
    assert len(np.unique(got[3][:8])) == 1
    assert got[3][0, 0] <= np.percentile(plain[8:], 2) + 100
    assert made.rows[4].more["why"] == "padding"


def test_packed_pictures_and_patches_come_in(session: Session, tmp_path: Path) -> None:
    folder = films.folder(tmp_path / "films", 12)
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as packed:
        for path in sorted((folder / "a").iterdir()):
            packed.write(path, f"a/{path.name}")
    made = gather(session, PackedSource(tmp_path / "images.zip", folder / "labels.csv", TARGET))
    assert (made.facts.kind, len(made.kept)) == ("films", 12)
    x = np.random.default_rng(0).integers(0, 255, (8, 50, 50)).astype(np.uint8)
    np.savez(tmp_path / "patches.npz", x=x, y=np.arange(8) % 2, names=[f"p{n}" for n in range(8)])
    lines = [{"file": f"p{n}", "label": n % 2, "block": n // 2, "split": "val" if n > 5 else "train"} for n in range(8)]
    films.table(tmp_path / "labels.csv", lines)
    source = PackedSource(tmp_path / "patches.npz", None, "nodule", use_split=True)
    patches = gather(session, source)
    assert patches.facts.kind == "patches"
    assert [row.file for row in patches.part("report")] == ["000007", "000008"]
    with patches.pictures() as pictures:
        np.testing.assert_array_equal(pictures["000003"], x[2])
    assert not list(session.spool.glob("packed-*"))


@pytest.mark.parametrize("content", [b"PK nothing", b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'shape': ()}"])
def test_a_packed_file_that_is_none_is_refused(session: Session, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "images.npz").write_bytes(content)
    films.table(tmp_path / "labels.csv", [{"file": "a", "label": "b"}])
    assert refused(session, PackedSource(tmp_path / "images.npz", None, TARGET)).code == "images"


def test_a_cancelled_gathering_leaves_nothing(session: Session, tmp_path: Path) -> None:
    source = FolderSource(films.folder(tmp_path / "films", 60), None, TARGET)
    job = session.admin.datasets.gather(source, "Films")
    job.changed.connect(lambda job: job.cancel() if job.done >= 10 else None)
    with pytest.raises(Cancelled):
        job.value(LONG)
    assert list(session.home.datasets.iterdir()) == []


def test_a_full_disk_ends_in_a_sentence_and_leaves_nothing(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = np.lib.format.write_array
    written = []

    def full(*args, **kwargs):
        written.append(1)
        if len(written) == 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(*args, **kwargs)

    monkeypatch.setattr(np.lib.format, "write_array", full)
    error = refused(session, FolderSource(films.folder(tmp_path / "films", 12), None, TARGET))
    assert error.sentence == "The disk is full. Free some space and try again."
    assert error.code == "no_space"


def test_a_folder_that_goes_away_ends_in_a_sentence(session: Session, tmp_path: Path) -> None:
    folder = films.folder(tmp_path / "films", 60)
    job = session.admin.datasets.gather(FolderSource(folder, None, TARGET), "Films")
    job.changed.connect(lambda job: shutil.rmtree(folder, ignore_errors=True) if job.done == 5 and job.total else None)
    with pytest.raises(UserError, match="went away while it was read"):
        job.value(LONG)
    assert list(session.home.datasets.iterdir()) == []
    assert refused(session, FolderSource(folder, None, TARGET)).code == "no_folder"


def test_what_a_killed_program_left_is_swept_at_the_next_start(session: Session) -> None:
    root = session.home.private(session.home.datasets)
    dead, mine = root / "20260101-000000-abcdef.999999999.part", root / f"20260101-000000-abcde0.{os.getpid()}.part"
    for folder in (dead, mine, root / "20260101-000000-aaaaaa.999999999.gone"):
        folder.mkdir()
        (folder / "pictures.npz.part").write_bytes(b"half")
    assert session.admin.datasets.all(wait=True) == ()
    assert list(root.iterdir()) == [mine]


def test_a_data_set_of_another_program_appears(session: Session, tmp_path: Path, home: Path) -> None:
    sets = session.admin.datasets
    assert sets.all(wait=True) == ()
    with Session(home) as other:
        made = gather(other, FolderSource(films.folder(tmp_path / "films", 8), None, TARGET))
    end = time.monotonic() + LONG
    while not sets.all():
        assert time.monotonic() < end
    assert sets.all()[0].id == made.id
    sets.remove(made.id)
    assert sets.all() == ()
    with pytest.raises(UserError, match="no such data set"):
        sets.get(made.id)
    with pytest.raises(UserError, match="no such data set"):
        sets.get("../../library")


def checked(sets: DataSets, id_: str) -> None:
    report = sets.check(id_).value(LONG)
    assert report.sha256 == datasets.rows_sha256(sets.get(id_).rows)


def test_a_data_set_is_frozen_only_as_it_was_checked_and_never_changed_after(session: Session, tmp_path: Path) -> None:
    sets = session.admin.datasets
    made = gather(session, FolderSource(films.folder(tmp_path / "films", 30), None, TARGET))
    with pytest.raises(UserError, match="Check it first"):
        sets.freeze(made.id).value(LONG)
    checked(sets, made.id)
    sets.exclude(made.id, [made.rows[0].file]).value(LONG)
    assert not sets.fresh(made.id)
    with pytest.raises(UserError, match="Check it first"):
        sets.freeze(made.id).value(LONG)
    checked(sets, made.id)
    frozen = sets.freeze(made.id).value(LONG)
    assert frozen.facts.frozen
    assert datasets.verify(sets.get(made.id))
    for change in (
        lambda: sets.exclude(made.id, [made.rows[1].file]),
        lambda: sets.relabel(made.id, made.rows[1].file, positive=False),
        lambda: sets.split(made.id, (1, 1, 1)),
        lambda: sets.repair(made.id, "twins"),
    ):
        with pytest.raises(UserError, match="Make a new version"):
            change()
    new = sets.new_version(made.id)
    changed = sets.relabel(new, made.rows[1].file, positive=False).value(LONG)
    assert changed.rows[1].more["was"] == TARGET
    assert (changed.facts.version, changed.facts.previous, changed.facts.frozen) == (2, made.id, False)
    sets.remove(made.id).result(LONG)
    with changed.pictures() as pictures:
        assert pictures[made.rows[1].file].shape == (96, 96)
    entries = session.shelf.read(lambda library: library.audit_entries()).result(LONG)
    told = [(e.what, e.details["sha256"]) for e in entries if e.what.startswith("dataset.")]
    assert told == [("dataset.frozen", frozen.facts.sha256), ("dataset.removed", frozen.facts.sha256)]


def test_a_contradiction_stops_the_freezing_until_somebody_decides(session: Session, tmp_path: Path) -> None:
    folder = films.folder(tmp_path / "films", 40)
    with (folder / "labels.csv").open("a") as file:
        file.write("a/000.png,nothing,P0,,\r\n")
    sets = session.admin.datasets
    made = gather(session, FolderSource(folder, None, TARGET))
    checked(sets, made.id)
    (finding,) = [f for f in sets.report(made.id).stops if f.kind == "contradiction"]
    assert set(finding.files) == {"000001", "000041"}
    with pytest.raises(UserError, match="both labels"):
        sets.freeze(made.id).value(LONG)
    sets.repair(made.id, "contradiction").value(LONG)
    checked(sets, made.id)
    assert not sets.report(made.id).stops
    assert sets.freeze(made.id).value(LONG).facts.frozen


def test_a_check_that_is_cancelled_leaves_the_last_report(session: Session, tmp_path: Path) -> None:
    sets = session.admin.datasets
    made = gather(session, FolderSource(films.folder(tmp_path / "films", 8), None, TARGET))
    job = sets.check(made.id)
    job.cancel()
    with pytest.raises(Cancelled):
        job.value(LONG)
    assert sets.report(made.id) is None
    (made.path / "pictures.npz").write_bytes(b"damaged")
    with pytest.raises(UserError, match="missing or damaged"):
        sets.check(made.id).value(LONG)


def test_nothing_is_written_in_a_session_for_reading_only(warm: None, home: Path, tmp_path: Path) -> None:
    with Session(home, read_only=True) as session, pytest.raises(UserError, match="reading only"):
        session.admin.datasets.gather(FolderSource(tmp_path, None, TARGET), "Films")
    assert not (home / "data" / "datasets").exists()


def test_the_parts_follow_the_shares_for_each_class() -> None:
    rows = [Row(str(n), "", n % 4 == 0, str(n // 2), "fit") for n in range(400)]
    for shares in ((0.6, 0.2, 0.2), (7, 1, 2), (1, 1, 0)):
        done = split(rows, shares, 3)
        for wanted, part in zip(shares, PARTS, strict=True):
            mine = [row for row in done if row.part == part]
            assert len(mine) == pytest.approx(400 * wanted / sum(shares), abs=4)
            assert sum(row.positive for row in mine) == pytest.approx(100 * wanted / sum(shares), abs=2)
    assert split(rows, (1, 1, 1), 1) != split(rows, (1, 1, 1), 2)
    for shares in ((0, 1, 1), (1, 1), (1, -1, 1), (float("nan"), 1, 1)):
        with pytest.raises(UserError, match="three shares"):
            split(rows, shares)


def test_sources_keep_private_what_others_must_not_see(session: Session, tmp_path: Path) -> None:
    made = gather(session, FolderSource(films.folder(tmp_path / "films", 8), None, TARGET))
    sources = made.path / "sources.json"
    assert sources.stat().st_mode & 0o077 == 0
    kept = json.loads(sources.read_text("utf-8"))
    assert kept["files"]["000003"]["path"].endswith("a/002.png")
    assert session.admin.datasets.study_of(made.id, "000003") is None
