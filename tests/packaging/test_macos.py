"""The recipe for macOS, as far as it can be looked at without a Mac: its syntax and its property lists."""

import plistlib
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2] / "packaging" / "macos"


def test_the_recipe_is_a_shell_script_that_says_that_it_was_not_run() -> None:
    subprocess.run(["sh", "-n", HERE / "build.sh"], check=True)
    assert "NOT RUN" in (HERE / "build.sh").read_text("utf-8")


def test_the_app_views_dicom_and_leaves_the_default_alone() -> None:
    found = plistlib.loads((HERE / "Info.plist.in").read_bytes())
    kinds = found["CFBundleDocumentTypes"]
    assert "dcm" in kinds[0]["CFBundleTypeExtensions"]
    assert {kind["CFBundleTypeRole"] for kind in kinds} == {"Viewer"}
    assert {kind["LSHandlerRank"] for kind in kinds} <= {"Alternate", "None"}
    assert found["CFBundleShortVersionString"] == "@VERSION@"


@pytest.mark.parametrize("opened", ["disable-library-validation", "get-task-allow", "app-sandbox"])
def test_the_entitlements_open_no_more_than_python_needs(opened: str) -> None:
    found = plistlib.loads((HERE / "entitlements.plist").read_bytes())
    assert f"com.apple.security.{opened}" not in found
    assert found == {"com.apple.security.cs.allow-unsigned-executable-memory": True}
