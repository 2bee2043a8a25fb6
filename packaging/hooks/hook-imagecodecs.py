"""imagecodecs loads its compiled codecs by name when one is first asked for."""

from PyInstaller.utils.hooks import collect_submodules

hiddenimports = collect_submodules("imagecodecs", filter=lambda name: not name.startswith("imagecodecs.__main__"))
