"""PNG, JPEG and TIFF are films without a header: no spacing, no patient."""

import struct

import numpy as np
import pytest
from PIL import Image

from medviewer.core.study import ImageHeader, Patient, Skipped, SpacingKind
from medviewer.dicom import limits
from medviewer.dicom.files import Source
from medviewer.dicom.grouping import group
from medviewer.dicom.headers import read_header
from tests import build


def read(path) -> ImageHeader | Skipped:
    return read_header(Source(str(path), path.name))


@pytest.mark.parametrize("ending", ["png", "jpg", "tif"])
@pytest.mark.parametrize("colour", [False, True])
def test_a_film_has_its_size_and_nothing_that_it_cannot_know(tmp_path, ending, colour):
    film = read(build.film(tmp_path / f"chest.{ending}", (40, 60), colour=colour))
    assert (film.rows, film.columns, film.samples) == (40, 60, 3 if colour else 1)
    assert film.film
    assert film.modality == ""
    assert film.patient == Patient()
    assert film.spacing_kind is SpacingKind.UNKNOWN
    assert film.frames[0].spacing is None
    assert film.lossy == (ending == "jpg")


def test_a_film_is_told_by_its_content_not_by_its_name(tmp_path):
    path = build.film(tmp_path / "a.png").rename(tmp_path / "a.dcm")
    assert read(path).film


def test_the_first_page_of_many_counts_and_says_so(tmp_path):
    assert read(build.film(tmp_path / "fax.tif", pages=3)).marks == ("The first of 3 pages.",)


def test_sixteen_bit_films_keep_their_depth(tmp_path):
    Image.fromarray(np.zeros((4, 5), np.uint16)).save(tmp_path / "deep.png")
    assert read(tmp_path / "deep.png").bits_stored == 16


def test_a_picture_that_claims_too_many_pixels_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = build.film(tmp_path / "big.png", (40, 60))
    monkeypatch.setattr(limits, "FILM_PIXELS", 2400)
    assert isinstance(read(path), ImageHeader)
    monkeypatch.setattr(limits, "FILM_PIXELS", 2399)
    assert read(path).code == "too_large"


def test_a_png_bomb_is_refused(tmp_path):
    path = build.film(tmp_path / "bomb.png")
    data = bytearray(path.read_bytes())
    data[16:24] = struct.pack(">LL", 60000, 60000)
    path.write_bytes(data)
    assert read(path).code in ("too_large", "unreadable")


def test_a_damaged_film_is_one_sentence(tmp_path):
    (tmp_path / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"nonsense" * 4)
    assert read(tmp_path / "bad.png") == Skipped(
        "bad.png", "unreadable", "bad.png is damaged and cannot be opened as a film."
    )


def test_each_film_is_a_study_of_its_own_known_by_its_content(tmp_path):
    films = [read(build.film(tmp_path / name, (20 + i, 30))) for i, name in enumerate(("a.png", "b.jpg"))]
    copy = tmp_path / "copy.png"
    copy.write_bytes((tmp_path / "a.png").read_bytes())
    studies = group([*films, read(copy)])
    assert [study.stacks[0].name for study in studies] == ["a.png", "b.jpg"]
    assert {study.description for study in studies} == {"Film without header"}


def test_films_of_two_folders_are_two_studies(tmp_path):
    films = [read(build.film(tmp_path / name, (20, 30 + i))) for i, name in enumerate(("x/a.png", "y/a.png"))]
    assert len(group(films)) == 2
