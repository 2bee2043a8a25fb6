"""Our own rooms: modules that are imported by a name in a table, and the files beside them."""

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

hiddenimports = collect_submodules("medviewer")
datas = collect_data_files("medviewer", includes=["app/schemas/*.json"])
