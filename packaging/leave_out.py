"""What the frozen program does without: modules by name, files by patterns of their path inside `_internal`."""

import re
from fnmatch import translate

#: Modules that nothing of ours, and no library on our way through it, imports.
MODULES = (
    "IPython",
    "PySide6.QtNetwork",  # the window's process talks to no network
    "PySide6.QtTest",
    "_pytest",
    "curses",
    "idlelib",
    "lib2to3",
    "matplotlib",
    "onnxruntime.transformers",
    "pip",
    "pkg_resources",
    "psutil",
    "pydicom.examples.cli",
    "pyqtgraph.examples",
    "pyqtgraph.opengl",
    "pytest",
    "readline",  # GNU's, GPL only
    "setuptools",
    "sklearn",
    "tensorboard",
    "tkinter",
    "turtle",
    "wheel",
)

#: Qt's libraries that come in as others' dependencies or through plugins that are left out too.
_QT_LIBRARIES = (
    "Qml*", "Quick*", "Pdf*", "VirtualKeyboard*", "Designer*", "Help*", "Sql*", "Test*", "Network*", "EglF*", "Labs*",
    "Wayland*", "Wl*",
)  # fmt: skip
_QT_PLUGINS = (
    "designer",
    "egldeviceintegrations",
    "generic",
    "networkinformation",
    "printsupport",
    "qmllint",
    "qmltooling",
    "sqldrivers",
    "tls",
    "vectorimageformats",
    "wayland-*",  # in a Wayland session it runs through XWayland, which is what our tests cover
)

#: The system's own, named in the package's Depends: the C++ runtime, which its graphics drivers share and may want
#: newer than this machine's; the desktop's libraries, and zlib, xz and OpenSSL, which these use too. What differs from
#: system to system (libffi, libbz2) or must be able to do what ours can (libsqlite3) comes along, and so does what
#: wheels bring (their names carry a hash).
SYSTEM = (
    "libstdc++", "libgcc_s",
    "libX11*", "libXau", "libXdmcp", "libXext", "libXrender", "libXi", "libXfixes", "libXrandr", "libXcursor",
    "libXcomposite", "libXdamage", "libXinerama", "libxcb", "libxcb-*[a-z]", "libxkbcommon*", "libxshmfence",
    "libwayland-*", "libdrm", "libgbm", "libEGL", "libGL*", "libOpenGL", "libepoxy",
    "libgtk-3", "libgdk-3", "libgdk_pixbuf-2.0", "libatk-1.0", "libatk-bridge-2.0", "libatspi", "libcairo*",
    "libpango*", "libpixman-1", "libharfbuzz", "libfribidi", "libthai", "libdatrie", "libgraphite2",
    "libfontconfig", "libfreetype", "libexpat", "libpng16", "libjpeg", "libbrotlicommon", "libbrotlidec",
    "libglib-2.0", "libgio-2.0", "libgmodule-2.0", "libgobject-2.0", "libgthread-2.0", "libpcre2-8", "libmount",
    "libblkid", "libselinux", "libdbus-1", "libsystemd", "libgcrypt", "libgpg-error", "libcap", "liblz4", "libzstd",
    "libbsd", "libmd", "libgssapi_krb5", "libk5crypto", "libkrb5", "libkrb5support", "libcom_err", "libkeyutils",
    "libz", "liblzma", "libuuid", "libssl", "libcrypto",
)  # fmt: skip

#: fnmatch patterns of posix paths inside `_internal`.
FILES = (
    "*.a",
    "*.h",
    "*.hpp",
    "*.lib",
    "*.pyi",
    "*.pxd",
    "*/tests/*",
    "PySide6/Qt/qml/*",
    "PySide6/Qt/metatypes/*",
    "PySide6/Qt/libexec/*",
    "PySide6/Qt/translations/*",
    "PySide6/translations/*",
    *(f"PySide6/Qt/lib/libQt6{name}.so*" for name in _QT_LIBRARIES),
    *(f"libQt6{name}.so*" for name in _QT_LIBRARIES),
    *(f"PySide6/Qt/plugins/{name}/*" for name in _QT_PLUGINS),
    *(f"PySide6/plugins/{name}/*" for name in _QT_PLUGINS),
    "PySide6/Qt/plugins/imageformats/libqpdf.so",
    "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
    "PySide6/Qt/plugins/platforms/libqeglfs.so",
    "PySide6/Qt/plugins/platforms/libqlinuxfb.so",
    "PySide6/Qt/plugins/platforms/libqminimal*.so",
    "PySide6/Qt/plugins/platforms/libqvkkhrdisplay.so",
    "PySide6/Qt/plugins/platforms/libqvnc.so",
    "PySide6/Qt/plugins/platforms/libqwayland*.so",
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",  # would bring GTK along
    *(f"{name}.so*" for name in SYSTEM),
    "onnx/backend/test/*",
    "onnxruntime/transformers/*",
    "torch/test/*",
    "torch/include/*",
)

#: What stays all the same: Qt's own words in the languages that medviewer speaks.
KEPT = ("*/translations/qtbase_zh_CN.qm",)

_OUT = re.compile("|".join(map(translate, FILES)))
_STAYS = re.compile("|".join(map(translate, KEPT)))


def keeps(path: str) -> bool:
    """Say whether a file of the frozen program, named by its path inside `_internal`, stays."""
    posix = path.replace("\\", "/")
    return bool(_STAYS.match(posix)) or not _OUT.match(posix)
