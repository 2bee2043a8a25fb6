"""An installed program that was changed says so in `doctor`, by file; a signature counts with the site's key only."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from medviewer.app import doctor as examination
from medviewer.app.home import find_home
from medviewer.app.manifest import MAX_MANIFEST

ROOT = Path(__file__).resolve().parents[3]
LIBRARY = "_internal/lib/libpixels.so.1"


def build(program: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Write the manifest as the build does."""
    command = [sys.executable, str(ROOT / "packaging" / "manifest.py"), str(program), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small frozen program with its manifest; this process takes itself for it."""
    folder = tmp_path / "medviewer"
    (folder / "_internal" / "lib").mkdir(parents=True)
    (folder / "medviewer").write_bytes(b"\x7fELF" + b"program" * 1000)
    (folder / LIBRARY).write_bytes(b"\x7fELF" + bytes(range(256)) * 100)
    (folder / "_internal" / "names \u4e2d\u6587.txt").write_text("text", "utf-8")
    (folder / "_internal" / "libpixels.so").symlink_to("lib/libpixels.so.1")
    assert build(folder).returncode == 0
    monkeypatch.setattr(sys, "_MEIPASS", str(folder / "_internal"), raising=False)
    return folder


@pytest.fixture
def checks(home: Path, monkeypatch: pytest.MonkeyPatch):
    """Return the lines of the area `program` as `doctor` gives them: name -> (state, text)."""
    monkeypatch.setattr(examination, "AREAS", {"program": examination.AREAS["program"]})

    def look() -> dict[str, tuple[str, str]]:
        told = examination.doctor(SimpleNamespace(home=find_home(home)))
        assert {row["area"] for row in told["checks"]} == {"program"}
        return {row["name"]: (row["state"], row["text"]) for row in told["checks"]}

    return look


def test_run_from_source_there_is_nothing_to_check(checks):
    assert checks() == {"installation": ("ok", "Run from source; there is no installed program to check.")}


def test_a_program_as_it_was_built_is_all_right_and_says_how_much_was_looked_at(program, checks):
    found = checks()
    assert set(found) == {"files", "signature"}
    assert found["files"][0] == "ok"
    assert found["files"][1].startswith("3 files, ")
    assert found["signature"][0] == "ok"


def test_one_changed_byte_a_missing_file_and_an_added_one_are_each_named(program, checks):
    data = bytearray((program / LIBRARY).read_bytes())
    data[-1] ^= 1
    (program / LIBRARY).write_bytes(data)
    (program / "medviewer").unlink()
    (program / "_internal" / "sitecustomize.py").write_text("print('hello')")
    found = checks()
    assert found[LIBRARY] == ("fail", "This file of the program was changed.")
    assert found["medviewer"] == ("fail", "This file of the program is missing.")
    assert found["_internal/sitecustomize.py"] == ("fail", "This file does not belong to the program.")
    assert found["files"][0] == "fail"
    assert "3 not as they were built" in found["files"][1]


def test_a_file_that_became_a_link_and_a_link_that_leads_elsewhere_are_named(program, checks, tmp_path):
    shutil.copy(program / "medviewer", tmp_path / "same")
    (program / "medviewer").unlink()
    (program / "medviewer").symlink_to(tmp_path / "same")
    link = program / "_internal" / "libpixels.so"
    link.unlink()
    link.symlink_to("/usr/lib/libother.so")
    found = checks()
    assert found["medviewer"][0] == found["_internal/libpixels.so"][0] == "fail"


def test_thousands_of_changed_files_are_counted_and_only_some_named(program, checks):
    for number in range(120):
        (program / "_internal" / f"more-{number}.txt").write_text("x")
    found = checks()
    assert len(found) < 60
    assert "120 not as they were built" in found["files"][1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "not json",
        '{"schema": "medviewer.manifest/1"}',
        '{"schema": "medviewer.manifest/1", "version": "1", "files": {"../../etc/passwd": "'
        + "0" * 64
        + '"}, "links": {}}',
        '{"schema": "medviewer.manifest/1", "version": "1", "files": {"a": "short"}, "links": {}}',
        "[" * 100_000,
        None,
    ],
)
def test_a_manifest_that_makes_no_sense_or_is_gone_is_a_failure_not_a_crash(program, checks, text):
    path = program / "_internal" / "manifest.json"
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    ((name, (state, sentence)),) = checks().items()
    assert (name, state) == ("files", "fail")
    assert sentence.endswith("Install medviewer again.")


def test_a_manifest_of_a_hundred_megabytes_is_not_read(program, checks):
    with (program / "_internal" / "manifest.json").open("wb") as file:
        file.truncate(MAX_MANIFEST + 1)
    assert checks()["files"][0] == "fail"


def test_a_link_that_leaves_the_program_is_not_built(program, tmp_path):
    (program / "_internal" / "out").symlink_to(tmp_path)
    done = build(program)
    assert done.returncode == 1
    assert "_internal/out" in done.stderr


class TestSigned:
    """With the library cryptography: openssl makes the keys, as an administrator would."""

    @pytest.fixture(autouse=True)
    def _needed(self) -> None:
        pytest.importorskip("cryptography", reason="needs the extra `sign`")
        if shutil.which("openssl") is None:
            pytest.skip("needs openssl")

    @pytest.fixture
    def key(self, tmp_path: Path) -> Path:
        return self.make_key(tmp_path / "private.pem")

    @staticmethod
    def make_key(path: Path) -> Path:
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", path], check=True, capture_output=True)
        return path

    @staticmethod
    def configure(home: Path, private: Path) -> Path:
        public = find_home(home).site / "installer.pub"
        public.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
        return public

    def test_a_signed_program_passes_with_the_key_of_the_site_and_openssl_agrees(self, program, checks, key, home):
        assert build(program, "--sign", str(key)).returncode == 0
        public = self.configure(home, key)
        assert checks()["signature"] == ("ok", "by the key of this site")
        manifest = program / "_internal" / "manifest.json"
        signed = ["-rawin", "-in", manifest, "-sigfile", f"{manifest}.sig"]
        done = subprocess.run(
            ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", public, *signed], capture_output=True, check=False
        )
        assert done.returncode == 0

    def test_none_and_a_foreign_signature_fail_where_the_site_has_a_key(self, program, checks, key, home, tmp_path):
        self.configure(home, key)
        assert checks()["signature"][0] == "fail"
        build(program, "--sign", str(self.make_key(tmp_path / "foreign.pem")))
        found = checks()
        assert found["signature"][0] == "fail"
        assert found["files"][0] == "ok"

    def test_a_key_beside_the_manifest_counts_for_nothing(self, program, checks, key, home):
        shutil.copy(self.configure(home, key), program / "_internal" / "installer.pub")
        build(program, "--sign", str(key))
        (find_home(home).site / "installer.pub").unlink()
        assert checks()["signature"] == ("ok", "not checked: this site has no installer.pub")

    def test_a_manifest_rewritten_to_hide_a_change_no_longer_carries_its_signature(self, program, checks, key, home):
        build(program, "--sign", str(key))
        self.configure(home, key)
        signature = (program / "_internal" / "manifest.json.sig").read_bytes()
        (program / "medviewer").write_bytes(b"another program")
        build(program)
        (program / "_internal" / "manifest.json.sig").write_bytes(signature)
        found = checks()
        assert found["files"][0] == "ok"
        assert found["signature"][0] == "fail"

    @pytest.mark.parametrize("text", ["", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
    def test_a_key_file_that_holds_no_key_is_a_failure(self, program, checks, key, home, text):
        build(program, "--sign", str(key))
        self.configure(home, key).write_text(text)
        assert checks()["signature"][0] == "fail"

    def test_a_key_of_another_kind_is_a_failure(self, program, checks, key, home, tmp_path):
        build(program, "--sign", str(key))
        rsa = tmp_path / "rsa.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-out", rsa], check=True, capture_output=True)
        self.configure(home, rsa)
        assert checks()["signature"][0] == "fail"
        assert build(program, "--sign", str(rsa)).returncode == 1


def test_the_manifest_holds_names_and_sums_and_nothing_else(program):
    told = json.loads((program / "_internal" / "manifest.json").read_text("utf-8"))
    assert set(told) == {"schema", "version", "files", "links"}
    assert "_internal/manifest.json" not in told["files"]
    assert told["links"] == {"_internal/libpixels.so": "lib/libpixels.so.1"}
