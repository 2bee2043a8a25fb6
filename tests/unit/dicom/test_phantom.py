"""The synthetic study: a chest with known nodules, said to be synthetic, read like any other study."""

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest

from medviewer.core.jobs import Job
from medviewer.core.study import ImageHeader, ImageRef
from medviewer.core.values import unpack
from medviewer.dicom.grouping import group
from medviewer.dicom.phantom import PhantomTruth, write
from medviewer.dicom.phantom_anatomy import Anatomy
from medviewer.dicom.phantom_shapes import Grid
from medviewer.dicom.pool import ReaderPool


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Write the phantom in a reader process and open it as a user does: (truth, CT stack, film stack, pool)."""
    folder = tmp_path_factory.mktemp("phantom")
    pool, headers = ReaderPool(), []
    truth = unpack(PhantomTruth, pool.phantom(folder).result(120))
    pool.scan([folder], Job("Opening"), lambda found, skipped: headers.extend(found))
    (opened,) = group(headers)
    stacks = {stack.first.modality: stack for stack in opened.stacks}
    yield truth, stacks["CT"], stacks["DX"], pool
    pool.close()


def values(pool: ReaderPool, ref: ImageRef) -> np.ndarray:
    return pool.frame(ref).result(30).values


def test_it_is_an_axial_chest_ct_that_says_it_is_synthetic(study):
    _, ct, _, _ = study
    first: ImageHeader = ct.first
    assert (len(ct), ct.plane, ct.spacing, ct.warnings) == (100, "axial", (0.7, 0.7, 2.5), ())
    assert (first.rows, first.columns, first.unit, first.body_part, first.kvp) == (512, 512, "HU", "CHEST", 120)
    assert first.synthetic
    assert (first.patient.name, first.patient.id, first.manufacturer) == (
        "Phantom, Synthetic",
        "SYNTHETIC",
        "medviewer",
    )
    assert first.frames[0].windows[0].name == "Lung"


def test_the_stack_runs_from_head_to_feet_in_the_order_of_its_truth(study):
    truth, ct, _, _ = study
    assert [image.header.path for image in ct.images] == list(truth.ct_paths)


def test_the_nodules_stand_where_the_truth_says_in_air_filled_lung(study):
    truth, ct, _, pool = study
    assert [n.diameter for n in truth.nodules] == [16.0, 12.0, 9.0, 6.5]
    for nodule in truth.nodules:
        ref = ct.images[nodule.slice_index]
        hu = values(pool, ref)
        row, column = round(nodule.row), round(nodule.column)
        assert hu[row - 1 : row + 2, column - 1 : column + 2].mean() > -60
        y, x = np.mgrid[:512, :512]
        distance = np.hypot(x - nodule.column, y - nodule.row) * 0.7 - nodule.diameter / 2
        assert np.median(hu[(distance > 3) & (distance < 6)]) < -780
        assert ref.plane.position[2] == pytest.approx(nodule.centre[2])
        assert ref.plane.position[0] + nodule.column * 0.7 == pytest.approx(nodule.centre[0], abs=0.01)


def test_tissues_have_the_numbers_of_a_chest(study):
    _, ct, _, pool = study
    hu = values(pool, ct.images[60])
    body = hu[100:420, 30:480]
    lung, soft = body[(body > -950) & (body < -750)], body[(body > -20) & (body < 120)]
    assert 0.25 < lung.size / body.size < 0.6
    assert 0.12 < soft.size / body.size < 0.5
    assert body.max() > 400  # bone
    assert 8 < hu[5:60, 5:60].std() < 20  # noise in air


def test_the_lungs_hold_vessels_that_are_thin_and_bright(study):
    _, ct, _, pool = study
    hu = values(pool, ct.images[55])[150:360, 60:210]
    assert 0.005 < (hu > -500)[30:170, 20:110].mean() < 0.2


def test_the_film_is_a_frontal_chest_with_bright_heart_and_dark_lungs(study):
    truth, _, film, pool = study
    first = film.first
    assert (first.rows, first.columns, first.bits_stored, first.photometric) == (1024, 1024, 12, "MONOCHROME2")
    assert (first.patient_orientation, first.view_position, first.synthetic) == (("L", "F"), "PA", True)
    assert first.path == truth.film_path
    pixels = values(pool, film.images[0])
    heart, right, left, outside = pixels[600, 540], pixels[450, 300], pixels[450, 780], pixels[60, 60]
    assert heart > 2.0 * max(int(right), int(left))
    assert outside < right
    nodule = truth.nodules[0]
    column, row = round(nodule.centre[0] / 0.35 + 511.5), round(1023.5 - (nodule.centre[2] + 58) / 0.35)
    around = np.median(pixels[row - 40 : row + 40, column - 40 : column + 40])
    assert pixels[row - 8 : row + 8, column - 8 : column + 8].mean() > around


def test_a_slice_comes_out_the_same_in_any_order():
    grid = Grid(256, 256, 1.4, 1.4)
    one, other = Anatomy(grid), Anatomy(grid)
    other.slice_at(40.0)
    assert (one.slice_at(120.0).hu == other.slice_at(120.0).hu).all()


@pytest.mark.slow
def test_the_same_bytes_are_written_every_time(study, tmp_path):
    truth, _, _, _ = study
    again = write(tmp_path)
    assert [astuple(n) for n in again.nodules] == [astuple(n) for n in truth.nodules]
    for one, other in zip((*truth.ct_paths, truth.film_path), (*again.ct_paths, again.film_path), strict=True):
        assert Path(one).read_bytes() == Path(other).read_bytes()
