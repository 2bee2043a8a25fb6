"""What `python3 run.py test` says of a test process that crashes."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the crash would leave a core file behind")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
import run  # noqa: E402

CRASHES = """
import faulthandler, resource, threading

def test_that_is_fine():
    pass

def test_that_crashes():
    begun = threading.Event()
    def idle():
        begun.set()
        threading.Event().wait()
    threading.Thread(target=idle, daemon=True).start()
    begun.wait()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    faulthandler._sigsegv()
"""


def test_crash_of_a_test_process_is_told_with_its_test_and_the_thread_that_crashed_first(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "test_crashing.py").write_text(CRASHES)
    words = ["-q", "-n", "1", "--max-worker-restart", "0", "-p", "tests.conftest", "-c", "pyproject.toml"]
    assert run.run_tests([sys.executable, "-m", "pytest", *words, str(tmp_path)]) != 0
    said = capfd.readouterr().err
    assert "test_crashing.py::test_that_crashes" in said
    assert "test_that_is_fine" not in said
    crashed, other = said.index("in test_that_crashes"), said.index("in idle")
    assert said.index("a test process crashed") < crashed < other
