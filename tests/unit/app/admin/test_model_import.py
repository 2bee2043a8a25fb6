"""Models from outside: our own format only, every file checked, kept and not used; and the way out again."""

import shutil
import stat
import zipfile
from pathlib import Path

import pytest

from medviewer.app.admin import model_import
from medviewer.app.models import find_models
from medviewer.app.session import Session
from medviewer.core.errors import UserError
from medviewer.inference import folder
from tests import champions
from tests.champions import NAME


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A model folder of version 1.1.0+site.1 from another site."""
    return champions.candidate(tmp_path / "other").path


def zipped(source: Path, to: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(to, "w") as packed:
        for file in sorted(source.rglob("*")):
            packed.write(file, f"model/{file.relative_to(source)}")
        for name, data in members.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return to


def refusal(session: Session, path: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        session.admin.versions.import_(path).value(60)
    models = session.home.models
    assert not models.is_dir() or not [p for p in models.iterdir() if p.is_dir()]
    assert not [p for p in session.spool.iterdir() if p.name.startswith("model-")]
    return caught.value


@pytest.mark.parametrize("packed", [False, True])
def test_an_imported_model_is_kept_and_not_used(session: Session, outside: Path, tmp_path: Path, packed: bool):
    path = zipped(outside, tmp_path / "model.zip") if packed else outside
    made = session.admin.versions.import_(path).value(60)
    assert (made.model, made.version, made.state) == (NAME, "1.1.0+site.1", "kept")
    assert folder.verify(folder.load(made.path)) == ()
    assert session.model(NAME).card.version == "1.0.0"
    assert session.admin.versions.history(NAME)[0]["kind"] == "import"
    said = session.shelf.read(lambda library: library.audit_entries()).result()
    assert [e.what for e in said if e.what.startswith("model.")] == ["model.imported"]
    with pytest.raises(UserError, match="is here already"):
        session.admin.versions.import_(path).value(60)


def test_a_model_of_a_new_name_is_not_used_before_somebody_takes_it_into_use(session: Session, tmp_path: Path):
    from tests.engine import tiny

    new = tiny.film(tmp_path / "new-model")
    made = session.admin.versions.import_(new.path).value(60)
    assert (made.state, session.model("new-model")) == ("kept", None)
    with pytest.raises(UserError, match="needs a reason"):
        session.admin.versions.first_use("new-model", "1.0.0", "").value(60)
    assert session.admin.versions.first_use("new-model", "1.0.0", "tried it elsewhere").value(60).state == "in use"
    assert session.model("new-model").sha256 == new.sha256
    with pytest.raises(UserError, match="compare the two"):
        session.admin.versions.first_use(NAME, "1.0.0", "why not").value(60)


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("weights.pt", "pickle"), ("model.pth", "pickle"), ("net.pkl", "pickle"), ("last.ckpt", "pickle"),
        ("model.ts", "TorchScript"), ("model.onnx", "ONNX"), ("model.h5", "another program"), ("hook.py", "program"),
    ],
)  # fmt: skip
def test_other_kinds_of_files_are_refused_with_the_reason(session: Session, outside: Path, tmp_path: Path, name, word):
    single = tmp_path / name
    single.write_bytes(b"\x80\x04" + b"x" * 100)
    alone = refusal(session, single)
    assert alone.code == "bad_model"
    assert word in alone.sentence
    shutil.copy(single, outside / name)
    assert word in refusal(session, outside).sentence
    assert word in refusal(session, zipped(outside, tmp_path / "model.zip")).sentence


def test_a_monai_bundle_is_refused_because_its_configuration_is_executed(session: Session, tmp_path: Path):
    bundle = tmp_path / "bundle"
    (bundle / "configs").mkdir(parents=True)
    (bundle / "configs" / "metadata.json").write_text("{}")
    assert "MONAI bundle" in refusal(session, bundle).sentence
    assert "MONAI bundle" in refusal(session, zipped(bundle, tmp_path / "bundle.zip")).sentence


def test_hostile_zips_write_nothing_outside(session: Session, outside: Path, tmp_path: Path):
    for number, name in enumerate(
        ("../evil.txt", "/evil.txt", "a/../../evil.txt", "c:\\evil.txt", "a/b/c/d/e/f/g.txt")
    ):
        path = tmp_path / f"hostile-{number}.zip"
        zipped(outside, path)
        with zipfile.ZipFile(path, "a") as packed:
            packed.writestr(name, b"evil")
        assert refusal(session, path).code == "unsafe_path"
    link = tmp_path / "link.zip"
    zipped(outside, link)
    with zipfile.ZipFile(link, "a") as packed:
        entry = zipfile.ZipInfo("model/notes.txt")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(entry, "/etc/passwd")
    assert refusal(session, link).code == "unsafe_path"
    assert not list(tmp_path.rglob("evil.txt"))
    assert not Path("/evil.txt").exists()


def test_too_much_is_refused(session: Session, outside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    many = zipped(outside, tmp_path / "many.zip", **{f"model__n{i}_dot_txt": b"" for i in range(300)})
    assert refusal(session, many).code == "too_large"
    monkeypatch.setattr(model_import, "MOST_BYTES", 10_000)
    bomb = zipped(outside, tmp_path / "bomb.zip", model__big_dot_txt=b"\0" * 50_000)
    assert refusal(session, bomb).code == "too_large"


def test_damaged_and_changed_models_are_refused(session: Session, outside: Path, tmp_path: Path):
    path = zipped(outside, tmp_path / "model.zip")
    data = bytearray(path.read_bytes())
    broken = tmp_path / "broken.zip"
    broken.write_bytes(bytes(data[: len(data) // 2]))
    assert refusal(session, broken).code == "bad_model"
    weights = outside / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\1")
    assert refusal(session, outside).code == "hash_mismatch"
    assert refusal(session, tmp_path / "nothing.zip").code == "no_file"
    (outside / "link").symlink_to("/etc/passwd")
    assert refusal(session, outside).code == "hash_mismatch"
    (tmp_path / "linked").symlink_to(outside)
    assert refusal(session, tmp_path / "linked").code == "unsafe_path"


def test_what_is_exported_can_be_imported_elsewhere(session: Session, home: Path, outside: Path, tmp_path: Path):
    session.admin.versions.import_(outside).value(60)
    made = session.admin.versions.export(NAME, "1.1.0+site.1", tmp_path).value(60)
    assert made.name == f"{NAME}-1.1.0+site.1.zip"
    with pytest.raises(UserError, match="exists already"):
        session.admin.versions.export(NAME, "1.1.0+site.1", made).value(60)
    with Session(tmp_path / "second") as other:
        assert other.admin.versions.import_(made).value(60).sha256 == folder.load(outside).sha256
        assert len(find_models(other.home)) == len(find_models(session.home))
    assert session.admin.versions.export(NAME, "", tmp_path / "used.zip").value(60).is_file()
    said = [e.what for e in session.shelf.read(lambda library: library.audit_entries()).result()]
    assert said.count("model.exported") == 2
