"""Licences as SPDX expressions: what packages say in words, what is inside wheels, and which may be shipped.

What packages state in words, or not at all, stands in tables here, as their projects say it: not each file
was read. Whoever hands the program to others has the tables checked first.
"""

import re

#: Words of older package metadata (`License`, or the last part of a classifier) -> SPDX.
SAID = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "ISC License": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}

#: Packages whose metadata says "BSD" or pastes a text: name in lower case -> SPDX, from the licence file in the wheel.
PACKAGES = {
    "altgraph": "MIT",
    "cffi": "MIT-0",
    "colorama": "BSD-3-Clause",
    "contourpy": "BSD-3-Clause",
    "cycler": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "kiwisolver": "BSD-3-Clause",
    "matplotlib": "PSF-2.0",
    "mpmath": "BSD-3-Clause",
    "onnxscript": "MIT",
    "pycparser": "BSD-3-Clause",
    # of the bootloader, which is in every frozen program; the rest of PyInstaller is not
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
    "scipy": "BSD-3-Clause",
    "sympy": "BSD-3-Clause",
}

GCC = "GPL-3.0-or-later WITH GCC-exception-3.1"

#: Libraries inside wheels: start of the file's name -> (component, SPDX, file of imagecodecs/licenses with the text).
LIBRARIES: dict[str, tuple[str, str, str]] = {
    "libLerc": ("lerc", "Apache-2.0", "LICENSE-lerc"),
    "libSPERR": ("sperr", "GPL-2.0-or-later OR BSD-3-Clause", "LICENSE-sperr"),
    "libSZ3c": ("sz3", "BSD-3-Clause", "LICENSE-sz3"),
    "libaec": ("libaec", "BSD-2-Clause", "LICENSE-libaec"),
    "libsz": ("libaec", "BSD-2-Clause", "LICENSE-libaec"),
    "libaom": ("aom", "BSD-2-Clause", "LICENSE-aom"),
    "libavif": ("libavif", "BSD-2-Clause", "LICENSE-libaivf"),
    "libblosc2": ("c-blosc2", "BSD-3-Clause", "LICENSE-blosc2"),
    "libblosc": ("c-blosc", "BSD-3-Clause", "LICENSE-blosc"),
    "libbrotli": ("brotli", "MIT", "LICENSE-brotli"),
    "libcharls": ("charls", "BSD-3-Clause", "LICENSE-charls"),
    "libcpcodec": ("pcodec", "Apache-2.0", "LICENSE-pcodec"),
    "libdeflate": ("libdeflate", "MIT", "LICENSE-libdeflate"),
    "libfreetype": ("freetype", "FTL OR GPL-2.0-or-later", ""),
    "libgfortran": ("libgfortran", GCC, ""),
    "libgif": ("giflib", "MIT", "LICENSE-giflib"),
    "libgomp": ("libgomp", GCC, ""),
    "libgcc_s": ("libgcc", GCC, ""),
    "libstdc++": ("libstdc++", GCC, ""),
    "libquadmath": ("libquadmath", "LGPL-2.1-or-later", ""),
    "libharfbuzz": ("harfbuzz", "MIT", ""),
    "libfribidi": ("fribidi", "LGPL-2.1-or-later", ""),
    "libicu": ("icu", "Unicode-DFS-2016", ""),
    "libjpegxr": ("jxrlib", "BSD-2-Clause", "LICENSE-jxrlib"),
    "libjxrglue": ("jxrlib", "BSD-2-Clause", "LICENSE-jxrlib"),
    "libjpeg": ("libjpeg-turbo", "IJG AND BSD-3-Clause AND Zlib", "LICENSE-libjpeg-turbo"),
    "libjxl": ("libjxl", "BSD-3-Clause", "LICENSE-libjxl"),
    "liblcms2": ("lcms2", "MIT", "LICENSE-lcms2"),
    "liblz4": ("lz4", "BSD-2-Clause", "LICENSE-lz4"),
    "liblzfse": ("lzfse", "BSD-3-Clause", "LICENSE-lzfse"),
    "liblzham": ("lzham", "MIT", "LICENSE-lzham"),
    "liblzma": ("xz", "0BSD", "LICENSE-liblzma"),
    "liblzokay": ("lzokay", "MIT", "LICENSE-lzokay"),
    "libmeshoptimizer": ("meshoptimizer", "MIT", "LICENSE_meshoptimizer"),
    "libopenjp2": ("openjpeg", "BSD-2-Clause", "LICENSE-openjpeg"),
    "libopenjph": ("openjph", "BSD-2-Clause", "LICENSE_openjph"),
    "libpng": ("libpng", "libpng-2.0", "LICENSE-libpng"),
    "libscipy_openblas": ("openblas", "BSD-3-Clause", ""),
    "libopenblas": ("openblas", "BSD-3-Clause", ""),
    "libsharpyuv": ("libwebp", "BSD-3-Clause", "LICENSE-libwebp"),
    "libwebp": ("libwebp", "BSD-3-Clause", "LICENSE-libwebp"),
    "libsnappy": ("snappy", "BSD-3-Clause", "LICENSE-snappy"),
    "libtiff": ("libtiff", "libtiff", "LICENSE-libtiff"),
    "libuhdr": ("libultrahdr", "Apache-2.0", "LICENSE-libultrahdr"),
    "libzfp": ("zfp", "BSD-3-Clause", "LICENSE-zfp"),
    "libzopfli": ("zopfli", "Apache-2.0", "LICENSE-zopfli"),
    "libzstd": ("zstd", "BSD-3-Clause OR GPL-2.0-only", "LICENSE-zstd"),
    "libXau": ("libxau", "MIT", ""),
    "libxcb": ("libxcb", "MIT", ""),
    "libpq": ("libpq", "PostgreSQL", ""),
    "libcrypto": ("openssl", "Apache-2.0", ""),
    "libssl": ("openssl", "Apache-2.0", ""),
    "libcrypt": ("libxcrypt", "LGPL-2.1-or-later", ""),
    "libcom_err": ("e2fsprogs-com-err", "MIT", ""),
    "libgssapi_krb5": ("krb5", "MIT", ""),
    "libk5crypto": ("krb5", "MIT", ""),
    "libkrb5": ("krb5", "MIT", ""),
    "libkeyutils": ("keyutils", "LGPL-2.1-or-later", ""),
    "liblber": ("openldap", "OLDAP-2.8", ""),
    "libldap": ("openldap", "OLDAP-2.8", ""),
    "libsasl2": ("cyrus-sasl", "BSD-Attribution-HPND-disclaimer", ""),
    "libcyrus-sasl": ("cyrus-sasl", "BSD-Attribution-HPND-disclaimer", ""),
    "libQt6": ("qt", "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", ""),
    "libshm": ("pytorch-libshm", "BSD-3-Clause", ""),
    "libffi": ("libffi", "MIT", ""),
}

#: Libraries that are part of another file and so have no file of their own: package -> (component, SPDX, which versions
#: `sbom._versions` finds out). imagecodecs' own list says what was linked into its extensions.
INSIDE: dict[str, tuple[tuple[str, str], ...]] = {
    "torch": (
        ("intel-mkl", "LicenseRef-Intel-Simplified-Software-License"),
        ("onednn", "Apache-2.0"),
        ("fbgemm", "BSD-3-Clause"),
        ("xnnpack", "BSD-3-Clause"),
        ("gloo", "BSD-3-Clause"),
        ("sleef", "BSL-1.0"),
        ("protobuf", "BSD-3-Clause"),
    ),
    "imagecodecs": (
        ("bcdec", "MIT OR Unlicense"),
        ("bitshuffle", "MIT"),
        ("libspng", "BSD-2-Clause"),
        ("liblzf", "BSD-2-Clause OR GPL-2.0-or-later"),
        ("liblj92", "MIT"),
        ("libbzip2", "bzip2-1.0.6"),
        ("qoi", "MIT"),
        ("ricecomp", "CFITSIO"),
        ("h5checksum", "BSD-3-Clause"),
        ("pg_lzcompress", "PostgreSQL"),
        ("nc4var", "BSD-3-Clause"),
        ("zlib", "Zlib"),
        ("zlib_ng", "Zlib"),
    ),
    "cryptography": (("openssl", "Apache-2.0"),),
    "onnx": (("protobuf", "BSD-3-Clause"),),
}

#: Debian packages whose copyright file is not machine readable, or names the licences of its build scripts too:
#: start of the package's name -> SPDX of the library, from /usr/share/doc/PACKAGE/copyright.
DEBIAN = {
    "libatk": "LGPL-2.0-or-later",
    "libblkid": "LGPL-2.1-or-later",
    "libbrotli": "MIT",
    "libbsd": "BSD-3-Clause",
    "libbz2": "bzip2-1.0.6",
    "libcairo": "LGPL-2.1-only OR MPL-1.1",
    "libcap": "BSD-3-Clause OR GPL-2.0-only",
    "libcom-err": "MIT",
    "libcups": "Apache-2.0",
    "libcrypt1": "LGPL-2.1-or-later",
    "libdb5.3": "Sleepycat",
    "libdbus-1": "AFL-2.1 OR GPL-2.0-or-later",
    "libdrm": "MIT",
    "libegl": "MIT",
    "libexpat": "MIT",
    "libffi": "MIT",
    "libfontconfig": "HPND-sell-variant",
    "libfreetype": "FTL OR GPL-2.0-or-later",
    "libgbm": "MIT",
    "libgcc": GCC,
    "libgcrypt": "LGPL-2.1-or-later",
    "libgdk-pixbuf": "LGPL-2.1-or-later",
    "libgl": "MIT",
    "libglib": "LGPL-2.1-or-later",
    "libgomp": GCC,
    "libgpg-error": "LGPL-2.1-or-later",
    "libgraphite2": "LGPL-2.1-or-later OR MPL-1.1",
    "libgssapi": "MIT",
    "libgtk-3": "LGPL-2.0-or-later",
    "libharfbuzz": "MIT",
    "libice": "MIT",
    "libjpeg": "IJG AND BSD-3-Clause AND Zlib",
    "libk5crypto": "MIT",
    "libkeyutils": "LGPL-2.1-or-later",
    "libkrb5": "MIT",
    "liblz4": "BSD-2-Clause",
    "liblzma": "LicenseRef-Public-Domain",  # from 5.6 on 0BSD
    "libmd": "BSD-3-Clause",
    "libmount": "LGPL-2.1-or-later",
    "libncurses": "X11-distribute-modifications-variant",
    "libnsl": "LGPL-2.1-or-later",
    "libopengl": "MIT",
    "libpango": "LGPL-2.1-or-later",
    "libpcre2": "BSD-3-Clause",
    "libpixman": "MIT",
    "libpng": "libpng-2.0",
    "libselinux": "LicenseRef-Public-Domain",
    "libsm": "MIT",
    "libsqlite3": "blessing",
    "libssl3": "Apache-2.0",
    "libstdc++": GCC,
    "libsystemd": "LGPL-2.1-or-later",
    "libtinfo": "X11-distribute-modifications-variant",
    "libtirpc": "BSD-3-Clause",
    "libuuid": "BSD-3-Clause",
    "libwayland": "MIT",
    "libx11": "MIT",
    "libxau": "MIT",
    "libxcb": "MIT",
    "libxcomposite": "MIT",
    "libxcursor": "HPND-sell-variant",
    "libxdamage": "HPND-sell-variant",
    "libxdmcp": "MIT",
    "libxext": "MIT",
    "libxfixes": "HPND-sell-variant",
    "libxi6": "MIT",
    "libxinerama": "MIT",
    "libxkbcommon": "MIT",
    "libxrandr": "HPND-sell-variant",
    "libxrender": "HPND-sell-variant",
    "libzstd": "BSD-3-Clause OR GPL-2.0-only",
    "zlib1g": "Zlib",
}

#: Exceptions under which a GPL library may be in a program that is not under the GPL.
EXCEPTIONS = ("GCC-exception-3.1", "Bootloader-exception", "Classpath-exception-2.0", "Font-exception-2.0")
_WORD = re.compile(r"\(|\)|[^\s()]+")


def of_words(name: str, expression: str, words: list[str]) -> str:
    """Return the SPDX expression of a package by its metadata; "" where none is known."""
    if expression:
        return expression
    if name.lower() in PACKAGES:
        return PACKAGES[name.lower()]
    for word in words:
        if word in SAID:
            return SAID[word]
    spdx = [word for word in words if re.fullmatch(r"[\w.+-]+( (AND|OR|WITH) [\w.+-]+)*", word) and word != "BSD"]
    return spdx[0] if spdx else ""


def only_gpl(expression: str) -> bool:
    """Say whether an SPDX expression leaves no choice but a GPL (or AGPL) without an exception that we may use."""
    words = _WORD.findall(expression)

    def either() -> bool:
        bad = both()
        while words[:1] == ["OR"]:
            words.pop(0)
            bad = both() and bad
        return bad

    def both() -> bool:
        bad = one()
        while words[:1] == ["AND"]:
            words.pop(0)
            bad = one() or bad
        return bad

    def one() -> bool:
        word = words.pop(0)
        if word == "(":
            bad = either()
            words.pop(0)
            return bad
        excepted = words[:1] == ["WITH"] and words[1] in EXCEPTIONS
        if words[:1] == ["WITH"]:
            del words[:2]
        return word.startswith(("GPL-", "AGPL-")) and not excepted

    return either()


def of_library(file: str) -> tuple[str, str, str] | None:
    """Return (component, SPDX, file of its text) of a library inside a wheel; the longest fitting name decides."""
    fits = [start for start in LIBRARIES if file.startswith(start)]
    return LIBRARIES[max(fits, key=len)] if fits else None


def of_debian(package: str, copyright_text: str) -> str:
    """Return the SPDX expression of a Debian package's library; "" where neither table nor copyright file says it."""
    fits = [start for start in DEBIAN if package.startswith(start)]
    if fits:
        return DEBIAN[max(fits, key=len)]
    paragraph = re.search(r"^Files: \*\n(?:.*\n)*?License: *(.+)$", copyright_text, re.MULTILINE)
    names = {"Expat": "MIT", "X11": "MIT", "BSD-3-clause": "BSD-3-Clause", "BSD-2-clause": "BSD-2-Clause"}
    said = paragraph[1].strip() if paragraph else ""
    return names.get(said, _debian_gpl(said))


def _debian_gpl(said: str) -> str:
    match = re.fullmatch(r"(A?L?GPL)-(\d)(?:\.(\d))?(\+)?", said)
    return f"{match[1]}-{match[2]}.{match[3] or 0}-{'or-later' if match[4] else 'only'}" if match else ""
