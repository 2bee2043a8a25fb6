"""The command line keeps to CONTRACT.md: documents, exit codes, one sentence for each failure, no identity."""

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from PIL import Image

from medviewer.app.documents import schema
from medviewer.cli.main import main
from tests import build

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def run(session, capsys):
    """Run a command line in this process; returns (exit code, stdout, stderr)."""

    def run_(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return run_


def document(answer: tuple[int, str, str], name: str) -> dict:
    code, out, err = answer
    assert code == 0, err
    found = json.loads(out)
    jsonschema.validate(found, schema(name))
    return found


def refusal(answer: tuple[int, str, str], code: int) -> str:
    got, out, err = answer
    assert got == code, err
    assert out == ""
    lines = err.strip().splitlines()
    assert len(lines) == 1, err
    assert re.fullmatch(r"medviewer: \S.*[.]", lines[0])
    return lines[0]


# -- info ----------------------------------------------------------------------------------------------------------


def test_info_lists_files_in_geometric_order_relative_to_the_folder(run, chest):
    found = document(run("info", chest.parent, "--json"), "info")
    (series,) = found["studies"][0]["series"]
    assert series["files"] == [f"chest/IM{(rank * 7) % 9:03d}.dcm" for rank in range(9)]
    assert (series["count"], series["plane"], series["modality"]) == (9, "axial", "CT")
    assert series["spacing"] == [1.0, 1.0, 2.5]
    x, y, z, _ = (row[3] for row in series["affine"])
    assert (x, y, z) == (-100, -90, 50)


def test_info_of_one_file_and_of_a_zip_and_of_several_paths(run, chest, tmp_path):
    one = sorted(chest.iterdir())[0]
    assert document(run("info", one, "--json"), "info")["studies"][0]["series"][0]["files"] == [one.name]
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for path in chest.iterdir():
            archive.write(path, path.name)
    assert document(run("info", tmp_path / "all.zip", "--json"), "info")["studies"][0]["series"][0]["count"] == 9
    two = sorted(chest.iterdir())[:2]
    assert document(run("info", *two, "--json"), "info")["studies"][0]["series"][0]["count"] == 2


def test_info_gives_the_order_of_frames_of_a_multi_frame_file(run, tmp_path):
    positions = [(0, 0, z) for z in (5, 15, 10)]
    build.save(build.enhanced(positions), tmp_path / "multi.dcm")
    (series,) = document(run("info", tmp_path / "multi.dcm", "--json"), "info")["studies"][0]["series"]
    assert (series["frames"], series["count"]) == (3, 3)
    assert series["frame_order"] == [1, 2, 0]


def test_info_names_what_was_left_out_and_ends_well(run, chest):
    (chest / "note.txt").write_text("hello")
    found = document(run("info", chest, "--json"), "info")
    assert [(s["path"], s["code"]) for s in found["skipped"]] == [("note.txt", "not_dicom")]


def test_a_film_has_no_spacing_and_no_patient(run, tmp_path):
    Image.fromarray(np.full((40, 30), 128, np.uint8)).save(tmp_path / "film.png")
    (series,) = document(run("info", tmp_path / "film.png", "--json"), "info")["studies"][0]["series"]
    assert (series["rows"], series["columns"], series["spacing"], series["affine"]) == (40, 30, None, None)


@pytest.mark.parametrize("json_too", [(), ("--json",)])
def test_identity_is_printed_only_on_request(run, chest, json_too):
    canary = "Test, Person"
    assert "Test" not in "".join(map(str, run("info", chest, *json_too)))
    assert canary not in "".join(map(str, run("info", chest, *json_too)))
    code, out, _ = run("info", chest, "--show-identity", *json_too)
    assert code == 0
    assert canary in out
    assert "1950-01-02" in out


def test_what_a_file_says_cannot_steer_the_terminal(run, tmp_path):
    build.save(build.ct(SeriesDescription="red\x1b[31m\x07"), tmp_path / "a.dcm")
    _, out, err = run("info", tmp_path / "a.dcm")
    assert "\x1b" not in out + err


# -- bad input -----------------------------------------------------------------------------------------------------


def bad_text(folder: Path) -> Path:
    (folder / "letter.txt").write_text("dear colleague")
    return folder / "letter.txt"


def bad_empty(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


def bad_missing(folder: Path) -> Path:
    return folder / "nowhere.dcm"


def bad_header(folder: Path) -> Path:
    data = build.encoded(build.ct())
    (folder / "cut.dcm").write_bytes(data[:200])
    return folder / "cut.dcm"


def bad_pixels(folder: Path) -> Path:
    return build.save(build.ct(PixelData=None), folder / "nopixels.dcm")


BAD = [bad_text, bad_empty, bad_missing, bad_header, bad_pixels]


@pytest.mark.parametrize("make", BAD, ids=lambda f: f.__name__)
@pytest.mark.parametrize("command", ["info", "render"])
def test_bad_input_is_one_sentence_with_its_file_and_exit_3(run, tmp_path, make, command):
    path = make(tmp_path)
    more = ("-o", tmp_path / "o.png") if command == "render" else ()
    assert path.name in refusal(run(command, path, *more), 3)


def test_a_truncated_image_cannot_be_rendered_and_the_sentence_says_which(run, tmp_path):
    path = tmp_path / "cut.dcm"
    path.write_bytes(build.encoded(build.ct(build.ramp(64, 64)))[:-6000])
    code, _, err = run("render", path, "-o", tmp_path / "o.png")
    assert code in (0, 3)  # a cut that leaves whole rows may be shown, marked
    if code:
        assert len(err.strip().splitlines()) == 1


def test_a_series_with_one_broken_slice_still_opens(run, chest):
    path = sorted(chest.iterdir())[4]
    path.write_bytes(path.read_bytes()[:150])
    found = document(run("info", chest, "--json"), "info")
    assert found["studies"][0]["series"][0]["count"] == 8
    assert [s["path"] for s in found["skipped"]] == [path.name]


# -- usage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",),
        ("info",),
        ("info", "--nonsense", "x"),
        ("render", "x.dcm"),
        ("render", "x.dcm", "-o", "o.png", "--size", "big"),
        ("render", "x.dcm", "-o", "/no/such/folder/o.png"),
        ("render", "x.dcm", "-o", "o.png", "--frame", "1", "--index", "1"),
        ("analyze", "x", "--model", "m", "--out", "o", "--explain", "Tea"),
        ("analyze", "x", "--model", "m", "--out", "o", "--device", "abacus"),
        ("train", "--data", "x", "--out", "y"),
        ("info", "x", "--home"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2_and_one_sentence(run, words):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith("medviewer: ")
    assert len(err.strip().splitlines()) == 1


def test_help_and_version_end_well(run):
    for words in (["--help"], ["--version"], ["info", "--help"], ["models", "verify", "--help"]):
        code, out, _ = run(*words)
        assert code == 0
        assert out


def test_a_defect_names_the_log_and_prints_no_traceback(run, monkeypatch, home):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("Test^Person")

    monkeypatch.setattr("medviewer.app.info.info", broken)
    code, out, err = run("info", "x")
    assert (code, out) == (1, "")
    assert str(home / "logs" / "medviewer.log") in err
    assert "Traceback" not in err
    assert "Test^Person" not in err
    assert "RuntimeError" in (home / "logs" / "medviewer.log").read_text()
    assert "Traceback" in run("info", "x", "--debug")[2]


def test_an_interrupt_is_130(run, monkeypatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("medviewer.app.info.info", interrupted)
    assert run("info", "x")[0] == 130


def test_home_can_stand_anywhere(run, chest, tmp_path):
    for words in (("--home", tmp_path / "h1", "info", chest), ("info", chest, f"--home={tmp_path / 'h2'}")):
        assert run(*words)[0] == 0
    assert (tmp_path / "h1" / "cache").is_dir()
    assert (tmp_path / "h2" / "cache").is_dir()


# -- render --------------------------------------------------------------------------------------------------------


def test_render_writes_the_picture_and_the_values(run, tmp_path):
    values = build.ramp(20, 30)
    build.save(build.ct(values, WindowCenter="0", WindowWidth="2000"), tmp_path / "a.dcm")
    code, out, err = run(
        "render", tmp_path / "a.dcm", "-o", tmp_path / "o.png", "--values", tmp_path / "v.npy", "--quiet"
    )
    assert (code, out, err) == (0, "", "")
    got = np.load(tmp_path / "v.npy", allow_pickle=False)
    assert got.dtype.kind == "i"
    assert np.array_equal(got, values - 1024)
    picture = np.asarray(Image.open(tmp_path / "o.png"))
    wanted = np.clip(((values - 1024.0) - (0 - 0.5)) / 1999 + 0.5, 0, 1) * 255
    assert np.abs(picture - wanted).max() <= 1


def test_render_gives_floats_where_the_slope_is_no_integer_and_colour_as_it_is(run, tmp_path):
    build.save(build.ct(RescaleSlope="0.5"), tmp_path / "f.dcm")
    assert run("render", tmp_path / "f.dcm", "-o", tmp_path / "o.png", "--values", tmp_path / "f.npy")[0] == 0
    assert np.load(tmp_path / "f.npy").dtype == np.float32
    colour = np.random.default_rng(0).integers(0, 255, (10, 12, 3), np.uint8)
    build.save(build.image(build.SC, "OT", colour), tmp_path / "c.dcm")
    assert run("render", tmp_path / "c.dcm", "-o", tmp_path / "c.png", "--values", tmp_path / "c.npy")[0] == 0
    assert np.array_equal(np.load(tmp_path / "c.npy"), colour)
    assert np.array_equal(np.asarray(Image.open(tmp_path / "c.png")), colour)


def test_render_window_and_preset_and_size(run, chest, tmp_path):
    def picture(*words: object) -> np.ndarray:
        assert run("render", chest, "--index", 3, "-o", tmp_path / "o.png", *words)[0] == 0
        return np.asarray(Image.open(tmp_path / "o.png")).astype(int)

    assert picture("--window", -1000, 100)[0, 0] == pytest.approx(128, abs=2)
    assert picture("--preset", "lung")[0, 0] == picture("--window", -600, 1500)[0, 0] == 60
    large = picture("--size", "200x100")
    assert large.shape == (100, 200)
    assert large[50, 20] == 0
    assert large[50, 100] == 255


def test_render_of_the_index_shows_that_place_in_the_stack(run, chest, tmp_path):
    for index, value in ((3, 400), (4, 200), (6, 100), (0, -1000)):
        words = ("render", chest, "--index", index, "-o", tmp_path / "o.png", "--values", tmp_path / "v.npy")
        assert run(*words)[0] == 0
        assert np.load(tmp_path / "v.npy")[30, 30] == value
    assert "0 to 8" in refusal(run("render", chest, "--index", 9, "-o", tmp_path / "o.png"), 2)


def test_render_of_a_frame(run, tmp_path):
    build.save(build.enhanced([(0, 0, z) for z in (5, 15, 10)], (7, 8, 9)), tmp_path / "m.dcm")
    for frame, value in enumerate((7, 8, 9)):
        words = (
            "render",
            tmp_path / "m.dcm",
            "--frame",
            frame,
            "-o",
            tmp_path / "o.png",
            "--values",
            tmp_path / "v.npy",
        )
        assert run(*words)[0] == 0
        assert np.load(tmp_path / "v.npy")[0, 0] == value
    refusal(run("render", tmp_path / "m.dcm", "--frame", 3, "-o", tmp_path / "o.png"), 2)


def test_overlay_adds_the_corner_texts_of_the_window(run, chest, tmp_path):
    words = ("render", chest, "--index", 0, "--size", "512x512")
    assert run(*words, "-o", tmp_path / "plain.png")[0] == 0
    assert run(*words, "-o", tmp_path / "texts.png", "--overlay")[0] == 0
    plain, texts = (np.asarray(Image.open(tmp_path / f"{n}.png").convert("L")).astype(int) for n in ("plain", "texts"))
    assert texts.shape == (512, 512)
    corner, middle = np.abs(texts - plain)[:60, :150], np.abs(texts - plain)[240:272, 200:312]
    assert corner.max() > 100
    assert middle.max() <= 2


def test_a_preset_for_another_modality_is_refused(run, tmp_path):
    build.save(build.mr(), tmp_path / "a.dcm")
    said = refusal(run("render", tmp_path / "a.dcm", "-o", tmp_path / "o.png", "--preset", "lung"), 2)
    assert "CT" in said


# -- analyze -------------------------------------------------------------------------------------------------------


def test_analyze_reads_explains_and_writes_what_it_says(run, chest, tmp_path):
    out = tmp_path / "out"
    words = ("analyze", chest, "--model", "bright-slices", "--explain", "LayerGradCam", "--out", out, "--json")
    found = document(run(*words), "analysis")
    assert found == json.loads((out / "analysis.json").read_text())
    assert (found["eligible"], found["highest"], found["device"]) == ("yes", 3, "cpu")
    assert [item["index"] for item in found["items"]] == list(range(9))
    assert found["series_score"] == found["items"][3]["scores"]["square"]
    assert found["items"][3]["file"] == "IM003.dcm"
    assert found["items"][3]["sop_uid"] == build.uid("chest", 3)
    (made,) = found["maps"]
    values = np.load(out / made["file"], allow_pickle=False)
    assert (values.dtype, values.shape, made["index"]) == (np.float32, (64, 64), 3)
    assert np.asarray(Image.open(out / made["png"])).shape == (64, 64, 3)


@pytest.mark.parametrize(("slices", "read"), [("all", range(9)), ("4", [4]), ("2-5", range(2, 6))])
def test_slices_are_chosen_by_index_from_0(run, chest, tmp_path, slices, read):
    words = ("analyze", chest, "--model", "bright-slices", "--slices", slices, "--out", tmp_path / "o", "--json")
    assert [i["index"] for i in document(run(*words), "analysis")["items"]] == list(read)


@pytest.mark.parametrize("slices", ["9", "3-9", "5-2", "-1", "x"])
def test_slices_that_do_not_exist_are_wrong_usage(run, chest, tmp_path, slices):
    refusal(run("analyze", chest, "--model", "bright-slices", f"--slices={slices}", "--out", tmp_path / "o"), 2)


def test_a_model_that_does_not_fit_is_exit_4_with_the_reason_and_cannot_be_overruled(run, tmp_path):
    build.save(build.mr(build.ramp(64, 64)), tmp_path / "a.dcm")
    for more in ((), ("--confirm-eligible",)):
        words = ("analyze", tmp_path / "a.dcm", "--model", "bright-slices", "--out", tmp_path / "o", *more)
        assert "The model needs the modality CT; this is MR." in refusal(run(*words), 4)
    assert not (tmp_path / "o").exists()


def test_what_the_header_does_not_say_is_answered_by_the_flag(run, tmp_path):
    Image.fromarray(np.full((80, 80), 200, np.uint8)).save(tmp_path / "film.png")
    words = ("analyze", tmp_path / "film.png", "--model", "bright-film", "--out", tmp_path / "o", "--json")
    assert "Cannot tell whether the model fits" in refusal(run(*words), 4)
    found = document(run(*words, "--confirm-eligible"), "analysis")
    assert found["eligible"] == "unknown"
    assert found["reasons"]
    assert found["items"][0]["evaluated"]


def test_a_1x1_image_opens_and_is_not_evaluated(run, tmp_path):
    build.save(build.ct(np.zeros((1, 1), np.int16)), tmp_path / "a.dcm")
    assert document(run("info", tmp_path / "a.dcm", "--json"), "info")["studies"][0]["series"][0]["rows"] == 1
    said = refusal(run("analyze", tmp_path / "a.dcm", "--model", "bright-slices", "--out", tmp_path / "o"), 4)
    assert "Not evaluated" in said
    assert "1x1" in said


def test_an_unknown_model_is_exit_3_and_names_those_there_are(run, chest, tmp_path):
    assert "bright-film, bright-slices" in refusal(run("analyze", chest, "--model", "nope", "--out", tmp_path / "o"), 3)


def test_changed_weights_are_exit_4(run, chest, tmp_path, tiny_models):
    import shutil

    folder = tmp_path / "changed"
    shutil.copytree(tiny_models / "bright-slices", folder)
    weights = folder / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x01")
    said = refusal(run("analyze", chest, "--model", folder, "--out", tmp_path / "o"), 4)
    assert "weights.safetensors was changed" in said
    code, out, _ = run("models", "verify", folder)
    assert code == 4
    assert "NOT" in out


# -- evaluate ------------------------------------------------------------------------------------------------------


def films(folder: Path, count: int = 12) -> tuple[Path, Path]:
    """Write films of which every third is bright, and their labels."""
    folder.mkdir()
    lines = ["file,label,patient,sex"]
    for number in range(count):
        bright = number % 3 == 0
        values = np.full((64, 64), 20, np.uint8)
        values[10:50, 10:50] = 255 if bright else 30
        Image.fromarray(values).save(folder / f"f{number}.png")
        lines.append(f"f{number}.png,{'square' if bright else 'none'},p{number},{'FM'[number % 2]}")
    labels = folder.parent / "labels.csv"
    labels.write_text("\n".join(lines) + "\n")
    return folder, labels


def test_evaluate_a_folder_scores_only_what_the_labels_name(run, tmp_path):
    folder, labels = films(tmp_path / "films")
    Image.fromarray(np.zeros((64, 64), np.uint8)).save(folder / "unlabelled.png")
    scores = tmp_path / "s.csv"
    words = ("evaluate", "--model", "bright-film", "--images", folder, "--labels", labels, "--scores", scores, "--json")
    found = document(run(*words), "evaluation")
    assert (found["n"], found["positives"], found["auc"]) == (12, 4, 1.0)
    lines = scores.read_text().splitlines()
    assert lines[0] == "file,label,score,positive"
    assert [line.split(",")[0] for line in lines[1:]] == [f"f{i}.png" for i in range(12)]
    counts = found["confusion"]
    assert sum(counts.values()) == 12


def test_evaluate_takes_the_packed_forms_too(run, tmp_path):
    folder, labels = films(tmp_path / "films")
    names = [f"f{i}.png" for i in range(12)]
    blobs = [(folder / name).read_bytes() for name in names]
    offsets = np.cumsum([0, *map(len, blobs)])
    np.savez(tmp_path / "images.npz", names=names, blob=np.frombuffer(b"".join(blobs), np.uint8), offsets=offsets)
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        for name, blob in zip(names, blobs, strict=True):
            archive.writestr(name, blob)
    scores = []
    for images in (folder, tmp_path / "images.npz", tmp_path / "images.zip"):
        out = tmp_path / "s.csv"
        words = ("evaluate", "--model", "bright-film", "--images", images, "--labels", labels, "--scores", out)
        assert run(*words)[0] == 0
        scores.append(out.read_text())
    assert scores[0] == scores[1] == scores[2]


def test_evaluate_scores_patches(run, tmp_path):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 60, (6, 50, 50), np.uint8)
    x[::2, 20:30, 20:30] = 255
    names = [f"n{i}.jpg" for i in range(6)]
    np.savez(tmp_path / "patches.npz", x=x, y=[1, 0] * 3, names=names)
    lines = [f"{name},{1 - i % 2}" for i, name in enumerate(names)]
    (tmp_path / "labels.csv").write_text("file,label\n" + "\n".join(lines) + "\n")
    words = ("evaluate", "--model", "bright-slices", "--images", tmp_path / "patches.npz")
    found = document(run(*words, "--labels", tmp_path / "labels.csv", "--json"), "evaluation")
    assert (found["n"], found["auc"], found["auc_ci_method"]) == (6, 1.0, "DeLong")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("file;label\n", "needs the columns"),
        ("file,label\n", "needs the columns"),
        ("file,label\nf0.png,1\nf0.png,0\n", "twice"),
        ("file,label\nmissing.png,1\n", "missing.png is in the labels"),
        ("file,label\n../../etc/passwd,1\n", "outside the folder"),
        ("file,label\n/etc/passwd,1\n", "outside the folder"),
    ],
)
def test_labels_that_cannot_be_used_are_one_sentence(run, tmp_path, text, words):
    folder, labels = films(tmp_path / "films", 3)
    labels.write_text(text)
    said = refusal(run("evaluate", "--model", "bright-film", "--images", folder, "--labels", labels), 3)
    assert words in said


def test_a_pickle_in_a_packed_file_is_never_loaded(run, tmp_path):
    _, labels = films(tmp_path / "films", 3)
    np.savez(tmp_path / "bad.npz", names=np.array([{"a": 1}], object))
    said = refusal(run("evaluate", "--model", "bright-film", "--images", tmp_path / "bad.npz", "--labels", labels), 3)
    assert "bad.npz" in said


# -- models, doctor, the rest --------------------------------------------------------------------------------------


def test_models_are_listed_shown_and_verified(run):
    found = document(run("models", "list", "--json"), "models")
    assert [m["name"] for m in found["models"]] == ["bright-film", "bright-slices"]
    assert document(run("models", "show", "bright-film", "--json"), "model")["card"]["target"] == "square"
    assert document(run("models", "verify", "--json"), "verification")["ok"]
    assert run("models", "verify", "bright-film")[1] == "bright-film  1.0.0  ok\n"


def test_doctor_tries_every_decoder(run):
    found = document(run("doctor", "--json"), "doctor")
    decoders = {c["name"]: c["state"] for c in found["checks"] if c["area"] == "decoders"}
    assert len(decoders) == 8
    assert set(decoders.values()) == {"ok"}
    assert {c["area"] for c in found["checks"]} == {
        "machine", "program", "devices", "decoders", "models", "folders", "fonts", "site",
    }  # fmt: skip


def examples() -> list[tuple[str, str]]:
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    return re.findall(r"<!-- schema: (\w+) -->\n```json\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize(("name", "example"), examples(), ids=[name for name, _ in examples()])
def test_every_example_of_the_reference_fits_its_schema(name, example):
    jsonschema.validate(json.loads(example), schema(name))


def test_every_schema_has_an_example_or_is_a_card():
    names = {path.stem for path in (ROOT / "medviewer" / "app" / "schemas").glob("*.json")}
    assert names - {name for name, _ in examples()} == {"model"}


def test_every_command_of_the_program_is_in_the_reference(run):
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    for word in ("info", "render", "analyze", "evaluate", "train", "models", "demo", "doctor"):
        assert f"## medviewer {word}" in text
        _, out, _ = run(word, "--help")
        options = set(re.findall(r"--[a-z-]+", out)) - {
            "--help",
            "--home",
            "--quiet",
            "--debug",
            "--out",
            "--safe-mode",
        }
        for option in options - {"--read-only"}:
            assert option in text, f"{word} {option}"


def test_the_whole_program_from_outside(chest, home):
    """One run of the real process: exit code, streams, nothing heavy loaded, no process left."""
    words = [sys.executable, "-m", "medviewer", "info", str(chest), "--json", "--quiet"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["studies"]
    assert not list((home / "cache").iterdir()), "the spool is gone"
