"""onnx without its test models, which are most of it."""

from PyInstaller.utils.hooks import collect_submodules

_LEFT_OUT = ("onnx.backend.test", "onnx.test", "onnx.bin", "onnx.tools.net_drawer")
hiddenimports = collect_submodules("onnx", filter=lambda name: not name.startswith(_LEFT_OUT))
excludedimports = list(_LEFT_OUT)
