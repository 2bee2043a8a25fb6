"""Models as ONNX files: dense nets of any size, and nothing where the file would not answer as the model does."""

from pathlib import Path

import numpy as np
import pytest

from medviewer.core.errors import UserError
from medviewer.engine import light
from medviewer.engine.train import onnx_file
from medviewer.engine.train.main import main
from tests.engine import tiny

pytest.importorskip("onnxruntime")


@pytest.mark.slow
def test_a_net_that_scores_every_place_takes_pictures_of_any_size(tmp_path: Path) -> None:
    import onnxruntime

    folder = tiny.slices(tmp_path / "slices").path
    out = tmp_path / "slices.onnx"
    assert onnx_file.write(folder, out)["worst"] <= onnx_file.MOST
    file = onnxruntime.InferenceSession(out, providers=["CPUExecutionProvider"])
    for side in (64, 120):
        (answer,) = file.run(None, {"x": np.zeros((2, 1, side, side), np.float32)})
        assert answer.shape[0] == 2


def test_a_file_that_answers_otherwise_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tiny.film(tmp_path / "film").path
    answer = light.LightCopy.logits
    monkeypatch.setattr(light.LightCopy, "logits", lambda self, x: answer(self, x) + 0.01)
    with pytest.raises(UserError, match="would not answer as the model does") as error:
        onnx_file.write(folder, tmp_path / "film.onnx")
    assert error.value.code == "not_equal"
    assert not (tmp_path / "film.onnx").exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tiny.film(tmp_path / "film").path
    assert main(["onnx", str(folder), "--out", str(tmp_path / "none" / "film.onnx")]) == 4
    assert light.NOT_WRITTEN in capsys.readouterr().out
