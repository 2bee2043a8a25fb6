"""Texts at the library's edge: whatever a file or a reader wrote is stored, found and compared as plain text."""

import hashlib
import re
import unicodedata
from urllib.parse import quote_from_bytes, unquote_to_bytes

#: Characters of one text that are kept, and of all that can be searched for of one study.
MOST, MOST_SEARCHED = 10_000, 100_000
#: What no database stores: NUL (PostgreSQL) and halves of surrogate pairs (neither).
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_PLAIN = re.compile("[^\0\ud800-\udfff]*")
_BYTES = "bytes:"
_PARTS = str.maketrans("^=", "  ")


def clean(value: str, most: int = MOST) -> str:
    """Return `value` as every database keeps it unchanged: U+FFFD for what cannot be stored, cut at `most`."""
    if len(value) > most:
        value = value[:most]
    if value.isascii() and "\0" not in value:
        return value
    return _UNSTORABLE.sub("\ufffd", value)


def hashed(*parts: str) -> str:
    """Return 32 hex digits for a row of clean texts (none of them holds NUL)."""
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).hexdigest()


def stored_path(path: str) -> str:
    """Return a path as text that every database keeps; names that are no UTF-8 as escaped bytes."""
    if _PLAIN.fullmatch(path):
        return path
    return _BYTES + quote_from_bytes(path.encode("utf-8", "surrogatepass"))


def path_of(stored: str) -> str:
    """Return the path that `stored_path` wrote."""
    if stored.startswith(_BYTES):
        return unquote_to_bytes(stored[len(_BYTES) :]).decode("utf-8", "surrogatepass")
    return stored


def folded(value: str) -> str:
    """Return text for comparison: compatible forms are one (full and half width, ligatures), and so is case."""
    if value.isascii():
        return value.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold())


def words(search: str) -> list[str]:
    """Return the words of a search; a study fits when it holds all of them."""
    return folded(clean(search)).split()


def searchable(*parts: str) -> str:
    """Return the text that searches look into; components and groups of person names are words as well (PS3.5 6.2)."""
    found = dict.fromkeys(folded(part) for part in parts if part)
    names = dict.fromkeys(" ".join(part.translate(_PARTS).split()) for part in found)
    return "\n".join((found | names).keys())[:MOST_SEARCHED]
