"""Values survive the way through JSON."""

import json

import pytest

from medviewer.core.findings import Finding, SliceScore
from medviewer.core.intensity import Window
from medviewer.core.study import FrameHeader, ImageHeader, ImageRef, Patient, SpacingKind, Stack
from medviewer.core.values import pack, unpack

HEADER = ImageHeader(
    "/a/b.dcm",
    "b.dcm",
    "1.2",
    "1.3",
    "1.4",
    "1.5",
    "1.6",
    frames=(FrameHeader(position=(1.0, 2.0, 3.0), windows=(Window(40, 400, name="soft"),)), FrameHeader()),
    spacing_kind=SpacingKind.PATIENT,
    patient=Patient("Zhang^San=張^三"),
    padding=(-2000, -2000),
)


@pytest.mark.parametrize(
    "value",
    [
        HEADER,
        Stack("1.6", 0, (ImageRef(HEADER, 1),), affine=((1.0, 0.0, 0.0, 0.0),) * 4),
        SliceScore(3, {"nodule": 0.5}, True, (Finding("point", (1.0, 2.0), 0.5),)),
    ],
)
def test_values_come_back_equal(value):
    assert unpack(type(value), json.loads(json.dumps(pack(value)))) == value


def test_names_that_do_not_exist_are_refused():
    with pytest.raises(TypeError):
        unpack(Window, {"center": 1, "width": 2, "run": "rm"})
