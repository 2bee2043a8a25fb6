"""captum's methods; the two modules of it that want matplotlib are replaced in rthook_captum.py."""

from PyInstaller.utils.hooks import collect_submodules

_LEFT_OUT = ("captum.attr._utils.visualization", "captum.attr._core.llm_attr")
hiddenimports = collect_submodules("captum.attr", filter=lambda name: name not in _LEFT_OUT)
excludedimports = [*_LEFT_OUT, "captum.insights", "captum.testing", "matplotlib", "sklearn"]
