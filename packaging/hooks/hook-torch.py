"""torch as PyInstaller's contributed hook takes it, less what only its own tests and C++ programs need."""

import runpy
from pathlib import Path

import _pyinstaller_hooks_contrib

_theirs = runpy.run_path(str(Path(_pyinstaller_hooks_contrib.__file__).parent / "stdhooks" / "hook-torch.py"))

#: Folders of the wheel, and starts of file names, that no Python code of torch's loads.
LEFT_OUT = ("torch/test", "torch/include", "torch/share", "torch/lib/python")
PROGRAMS = "torch/bin"
KEPT_PROGRAM = "torch_shm_manager"
TEST_LIBRARIES = ("libtorchbind_test", "libjitbackend_test", "libbackend_with_compiler", "libaoti_custom_ops")
#: Modules that are not taken for their own sake: those among them that others of torch's import come along.
ONLY_WHEN_IMPORTED = (
    "torch.testing._internal",
    "torch.utils.tensorboard",
    "torch.utils.benchmark",
    "torch.utils.hipify",
)


def _kept(entry: tuple[str, str]) -> bool:
    source, folder = Path(entry[0]), Path(entry[1]).as_posix()
    if folder.startswith(LEFT_OUT) or source.name.startswith(TEST_LIBRARIES) or source.suffix in (".a", ".lib"):
        return False
    return not folder.startswith(PROGRAMS) or source.name == KEPT_PROGRAM


datas = [entry for entry in _theirs["datas"] if _kept(entry)]
binaries = [entry for entry in _theirs["binaries"] if _kept(entry)]
hiddenimports = [name for name in _theirs["hiddenimports"] if not name.startswith(ONLY_WHEN_IMPORTED)]
module_collection_mode = _theirs["module_collection_mode"]
warn_on_missing_hiddenimports = False
bindepend_symlink_suppression = _theirs.get("bindepend_symlink_suppression", [])
