"""torch.onnx translates with onnxscript's tables of operators; it reads their Python source at import."""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

_TESTS = ("onnxscript._internal.testing", "onnxscript.testing", "onnxscript.backend")
hiddenimports = collect_submodules("onnxscript", filter=lambda name: not name.startswith(_TESTS))
datas = collect_data_files("onnxscript", excludes=["**/*_test.py"])
module_collection_mode = "pyz+py"
