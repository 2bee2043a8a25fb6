"""A lighter copy of a model for the processor: the same net in ONNX, as it is or with 8-bit numbers (AI.md 6).

A copy answers logits as its net does, and nothing else: preprocessing, calibration, threshold and every explanation are
those of the model. The file is one that `lighten` wrote on this computer; its hash is checked before it is opened.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from medviewer.core.errors import UserError
from medviewer.engine.nets import Net

KINDS = ("onnx", "int8")
MOST_BYTES = 1 << 30
NOT_HERE = "Lighter copies need the package onnxruntime, which is not installed here (pip install medviewer[fast])."
NOT_WRITTEN = "The file could not be written. Look at the free space and the permissions of its folder."
_INPUT = "x"


def _onnxruntime() -> Any:
    try:
        import onnxruntime
    except ImportError as missing:
        raise UserError("no_onnxruntime", NOT_HERE) from missing
    return onnxruntime


class LightCopy:
    """An opened copy: `logits` is what the net would answer. `kind` is one of KINDS."""

    def __init__(self, path: Path, sha256: str, kind: str, threads: int = 0) -> None:
        """Open the file at `path`, whose bytes must have the hash; `threads` 0: as torch has.

        Raises:
            UserError: `no_onnxruntime`; `hash_mismatch`: not the file that was tested; `bad_model`.
        """
        runtime = _onnxruntime()
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except OSError as gone:
            raise UserError("bad_model", "The lighter copy of the model is gone; make it again.") from gone
        if len(data) > MOST_BYTES or hashlib.sha256(data).hexdigest() != sha256:
            raise UserError("hash_mismatch", "The lighter copy of the model is not the one that was tested.")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = threads or torch.get_num_threads()
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:  # from bytes: no file beside it can be read with it
            self._session = runtime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the runtime has many kinds of its own
            raise UserError("bad_model", "The lighter copy of the model cannot be opened.", str(error)[:200]) from error
        self.kind = kind

    def logits(self, x: Tensor) -> Tensor:
        """Return the answer for x float32 [n, c, h, w]."""
        (answer,) = self._session.run(None, {_INPUT: x.contiguous().numpy()})
        return torch.from_numpy(answer)


def write_onnx(
    net: Net, side: tuple[int, int], channels: int, path: Path, metadata: Mapping[str, str] | None = None
) -> None:
    """Write a net as ONNX with any number of pictures (and of any size where it scores every place).

    Batch normalisation is folded into the convolutions first. `metadata` is what the file says of itself.
    """
    from torch.fx.experimental.optimization import fuse

    _onnxruntime()
    folded = fuse(net.eval())
    axes: dict[int, Any] = {0: torch.export.Dim.DYNAMIC}
    if net.dense:
        axes |= {2: torch.export.Dim.DYNAMIC, 3: torch.export.Dim.DYNAMIC}
    program = torch.onnx.export(
        folded,
        (torch.zeros(2, channels, *side),),
        dynamo=True,
        input_names=[_INPUT],
        output_names=["logits"],
        dynamic_shapes=(axes,),
        verbose=False,
    )
    assert program is not None
    program.model.metadata_props.update(metadata or {})
    program.save(str(path), external_data=False)


def write_int8(onnx: Path, calibration: Iterable[NDArray[np.float32]], path: Path) -> None:
    """Write the ONNX file with 8-bit weights (signed, by channel) and activations (unsigned), scaled on `calibration`.

    Static scales: for convolutions dynamic ones save next to nothing. Unsigned activations: three times as fast as
    signed ones on x86 (AI.md 6).
    """
    from onnxruntime.quantization import (
        CalibrationDataReader,
        QuantFormat,
        QuantType,
        quantize_static,
    )

    class Reader(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self._batches: Iterator[NDArray[np.float32]] = iter(calibration)

        def get_next(self) -> dict[str, NDArray[np.float32]] | None:
            batch = next(self._batches, None)
            return None if batch is None else {_INPUT: batch}

    quantize_static(
        str(onnx),
        str(path),
        Reader(),
        quant_format=QuantFormat.QDQ,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        per_channel=True,
    )
