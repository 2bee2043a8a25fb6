"""What the user gives becomes single files: folders, zips and DICOMDIRs, also hostile ones, each file once."""

import os
import zipfile
from pathlib import Path

import pytest

from medviewer.core.study import Skipped
from medviewer.dicom import archives, limits
from medviewer.dicom.files import Source
from medviewer.dicom.sources import expand
from tests import build


@pytest.fixture
def scan(tmp_path):
    """Return (files, skipped) of paths; the spool lies beside the data."""

    def run(*paths: Path) -> tuple[list[Source], list[Skipped]]:
        found = list(expand([str(p) for p in paths], tmp_path / "spool"))
        return [f for f in found if isinstance(f, Source)], [f for f in found if isinstance(f, Skipped)]

    return run


def write(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def image_bytes(number: int = 1) -> bytes:
    return build.encoded(build.ct(InstanceNumber=str(number)))


def labels(files: list[Source]) -> list[str]:
    return [file.label for file in files]


def test_a_folder_is_read_with_all_below_it_and_labels_are_relative_to_it(tmp_path, scan):
    for name in ("b.dcm", "a.dcm", "sub/deeper/c.dcm"):
        write(tmp_path / "given" / name)
    files, skipped = scan(tmp_path / "given")
    assert labels(files) == ["a.dcm", "b.dcm", "sub/deeper/c.dcm"]
    assert not skipped


def test_a_single_file_is_known_by_its_base_name(tmp_path, scan):
    files, _ = scan(write(tmp_path / "given" / "a.dcm"))
    assert labels(files) == ["a.dcm"]
    assert Path(files[0].path).is_absolute()


def test_a_file_that_is_given_twice_counts_once(tmp_path, scan):
    path = write(tmp_path / "given" / "a.dcm")
    os.link(path, path.with_name("hard-link.dcm"))
    files, _ = scan(tmp_path / "given", path)
    assert labels(files) == ["a.dcm"]


def test_an_empty_folder_says_so(tmp_path, scan):
    (tmp_path / "given").mkdir()
    files, skipped = scan(tmp_path / "given")
    assert not files
    assert skipped == [Skipped("given", "not_dicom", "The folder given has no files.")]


def test_a_path_that_is_not_there_says_so(tmp_path, scan):
    _, skipped = scan(tmp_path / "gone.dcm")
    assert skipped == [Skipped("gone.dcm", "unreadable", "gone.dcm is no longer there.")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_left_out_and_never_waited_for(tmp_path, scan):
    write(tmp_path / "given" / "a.dcm")
    os.mkfifo(tmp_path / "given" / "pipe")
    files, skipped = scan(tmp_path / "given")
    assert labels(files) == ["a.dcm"]
    assert [s.code for s in skipped] == ["not_a_regular_file"]


def test_a_link_to_its_own_folder_is_not_followed(tmp_path, scan):
    write(tmp_path / "given" / "a.dcm")
    (tmp_path / "given" / "loop").symlink_to(tmp_path / "given")
    files, _ = scan(tmp_path / "given")
    assert labels(files) == ["a.dcm"]


def test_folders_below_the_depth_limit_are_left_out_with_a_word(tmp_path, scan, monkeypatch):
    monkeypatch.setattr(limits, "FOLDER_DEPTH", 2)
    write(tmp_path / "given" / "1" / "2" / "at-limit.dcm")
    write(tmp_path / "given" / "1" / "2" / "3" / "beyond.dcm")
    files, skipped = scan(tmp_path / "given")
    assert labels(files) == ["1/2/at-limit.dcm"]
    assert [s.code for s in skipped] == ["too_large"]


def test_a_file_larger_than_the_limit_is_left_out(tmp_path, scan, monkeypatch):
    monkeypatch.setattr(limits, "FILE_BYTES", 10)
    write(tmp_path / "given" / "at-limit", b"x" * 10)
    write(tmp_path / "given" / "beyond", b"x" * 11)
    files, skipped = scan(tmp_path / "given")
    assert labels(files) == ["at-limit"]
    assert [s.code for s in skipped] == ["too_large"]


def test_the_members_of_a_zip_are_spooled_under_names_of_ours(tmp_path, scan):
    path = build.zipped(tmp_path / "study.zip", {"sub/a.dcm": image_bytes(), "b.dcm": b"text"})
    files, skipped = scan(path)
    assert labels(files) == ["study.zip/sub/a.dcm", "study.zip/b.dcm"]
    assert not skipped
    assert Path(files[0].path).read_bytes() == image_bytes()
    assert all(Path(f.path).parent == tmp_path / "spool" and len(Path(f.path).name) == 32 for f in files)


def test_names_that_climb_out_of_a_zip_are_only_labels(tmp_path, scan):
    names = ("../../evil.dcm", "/etc/evil.dcm", "C:\\evil.dcm", "..\\..\\evil.dcm", "a\nb.dcm")
    before = {p for p in tmp_path.rglob("*") if p.is_file()}
    files, _ = scan(build.zipped(tmp_path / "given" / "slip.zip", dict.fromkeys(names, image_bytes())))
    assert labels(files) == [
        "slip.zip/evil.dcm",
        "slip.zip/etc/evil.dcm",
        "slip.zip/evil.dcm",
        "slip.zip/evil.dcm",
        "slip.zip/a\N{REPLACEMENT CHARACTER}b.dcm",
    ]
    new = {p for p in tmp_path.rglob("*") if p.is_file()} - before - {tmp_path / "given" / "slip.zip"}
    assert {p.parent for p in new} == {tmp_path / "spool"}


def test_a_link_inside_a_zip_is_refused(tmp_path, scan):
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("link.dcm")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    files, skipped = scan(path)
    assert not files
    assert [(s.path, s.code) for s in skipped] == [("link.zip/link.dcm", "unsafe_path")]


def test_a_zip_inside_a_zip_is_not_opened(tmp_path, scan):
    inner = build.zipped(tmp_path / "inner.zip", {"a.dcm": image_bytes()})
    files, skipped = scan(build.zipped(tmp_path / "outer.zip", {"inner.zip": inner, "b.dcm": image_bytes()}))
    assert labels(files) == ["outer.zip/b.dcm"]
    assert "archive inside an archive" in skipped[0].text


def test_a_zip_that_unpacks_to_too_much_is_stopped_by_real_bytes_and_keeps_what_was_read(tmp_path, scan, monkeypatch):
    monkeypatch.setattr(limits, "ZIP_TOTAL_BYTES", 3 * limits.MIB)
    bomb = {"first.dcm": image_bytes(), "bomb": bytes(8 * limits.MIB), "last.dcm": image_bytes(2)}
    files, skipped = scan(build.zipped(tmp_path / "bomb.zip", bomb))
    assert labels(files) == ["bomb.zip/first.dcm"]
    assert [s.code for s in skipped] == ["too_large"]
    assert [p.name for p in (tmp_path / "spool").iterdir()] == [Path(files[0].path).name]


def test_a_member_at_the_limit_is_read_and_one_above_it_not(tmp_path, scan, monkeypatch):
    monkeypatch.setattr(limits, "ZIP_MEMBER_BYTES", 1000)
    files, skipped = scan(build.zipped(tmp_path / "a.zip", {"at-limit": bytes(1000), "beyond": bytes(1001)}))
    assert labels(files) == ["a.zip/at-limit"]
    assert [(s.path, s.code) for s in skipped] == [("a.zip/beyond", "too_large")]


def test_too_many_members_are_cut_with_a_word(tmp_path, scan, monkeypatch):
    monkeypatch.setattr(limits, "ZIP_MEMBERS", 2)
    files, skipped = scan(build.zipped(tmp_path / "a.zip", {str(i): b"x" for i in range(3)}))
    assert len(files) == 2
    assert [s.code for s in skipped] == ["too_large"]


def test_an_encrypted_zip_says_what_to_do(tmp_path, scan):
    path = build.zipped(tmp_path / "secret.zip", {"a.dcm": image_bytes()})
    data = bytearray(path.read_bytes())
    for magic, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + at] |= 1
    path.write_bytes(data)
    files, skipped = scan(path)
    assert not files
    assert len(skipped) == 1
    assert "encrypted" in skipped[0].text


def test_a_broken_zip_is_one_sentence(tmp_path, scan):
    path = build.zipped(tmp_path / "broken.zip", {"a.dcm": image_bytes()})
    path.write_bytes(path.read_bytes()[:-30])
    files, skipped = scan(path)
    assert not files
    assert [s.code for s in skipped] == ["unreadable"]


def test_long_unpacking_can_be_stopped(tmp_path):
    path = build.zipped(tmp_path / "a.zip", {"a": bytes(limits.MIB), "b": bytes(limits.MIB)})
    source = Source(str(path), "a.zip")
    found = list(archives.members(source, tmp_path / "spool", archives.Budget(tmp_path / "spool"), lambda: True))
    assert not [f for f in found if isinstance(f, Source)]


def test_a_dicomdir_stands_for_its_folder_listed_files_first(tmp_path, scan):
    root = tmp_path / "cd"
    for name in ("IMAGES/IM2", "IMAGES/IM1", "EXTRA/X.dcm"):
        write(root / name)
    index = build.dicomdir(root, [("IMAGES", "IM2"), ("IMAGES", "IM1")])
    files, skipped = scan(index)
    assert labels(files) == ["IMAGES/IM2", "IMAGES/IM1", "EXTRA/X.dcm"]
    assert not skipped


def test_a_dicomdir_finds_files_in_other_case_with_an_ending_or_a_version(tmp_path, scan):
    root = tmp_path / "cd"
    for name in ("images/im1.dcm", "images/im2", "IMAGES2/IM3"):
        write(root / name)
    index = build.dicomdir(root, [("IMAGES", "IM1"), ("IMAGES", "IM2;1"), "IMAGES2/IM3"])
    files, skipped = scan(index)
    assert labels(files) == ["images/im1.dcm", "images/im2", "IMAGES2/IM3"]
    assert not skipped


def test_a_dicomdir_never_leads_out_of_its_medium(tmp_path, scan):
    root = tmp_path / "cd"
    secret = write(tmp_path / "secret.dcm", image_bytes())
    write(root / "IM1")
    (root / "LINK").symlink_to(tmp_path)
    references = [("..", "secret.dcm"), str(secret), ("LINK", "secret.dcm"), tuple("ABCDEFGHI"), ("IM1",)]
    files, skipped = scan(build.dicomdir(root, references))
    assert labels(files) == ["IM1"]
    assert [s.code for s in skipped] == ["unsafe_path"] * 4
    assert all("secret" not in s.text for s in skipped)


def test_files_that_a_dicomdir_lists_but_that_are_not_there_are_counted(tmp_path, scan):
    write(tmp_path / "cd" / "IM1")
    files, skipped = scan(build.dicomdir(tmp_path / "cd", [("IM1",), ("IM2",), ("IM3",)]))
    assert labels(files) == ["IM1"]
    assert [s.text for s in skipped] == ["DICOMDIR lists 2 files that are not on this medium."]


def test_a_folder_with_a_dicomdir_offers_every_file_once_and_reports_its_bad_references(tmp_path, scan):
    write(tmp_path / "cd" / "IM1")
    build.dicomdir(tmp_path / "cd", [("IM1",), ("..", "IM2")])
    files, skipped = scan(tmp_path / "cd")
    assert labels(files) == ["IM1"]
    assert [s.code for s in skipped] == ["unsafe_path"]


def test_real_media_are_read_whole(shared, scan):
    root = shared / "data" / "dicom" / "pydicom" / "dicomdirtests"
    files, skipped = scan(root / "DICOMDIR")
    listed = [p for p in root.rglob("*") if p.is_file() and "DICOMDIR" not in p.name]
    assert not skipped
    assert {f.path for f in files} == {str(p) for p in listed}
