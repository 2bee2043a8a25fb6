"""Reading one file back, for all tests of headers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from medviewer.core.study import ImageHeader, Skipped
from medviewer.dicom.files import Source
from medviewer.dicom.headers import read_header
from tests import build


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., ImageHeader | Skipped]:
    """Write a data set (or bytes) and read its header back."""

    def run(content: Any, **how: Any) -> ImageHeader | Skipped:
        path = tmp_path / "image.dcm"
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            build.save(content, path, **how)
        return read_header(Source(str(path), path.name))

    return run
