"""Languages: loads the translation before the window is made, and translates sentences that come from app and core.

Texts of the window are `translate("Place", "Text {0}")`. Sentences made below the window (command titles, settings,
errors, job titles) are translated here, at the edge, by `say`: their templates stand in `app_texts.py`.
"""

import re
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from medviewer.ui.theme import resource

translate = QCoreApplication.translate

#: Setting value -> what the language is called in itself.
LANGUAGES = {"system": "", "en": "English", "zh_CN": "简体中文"}

#: Templates with fewer fixed characters than this have places for numbers only.
SHORT = 5

_installed: list[QTranslator] = []


def language_of(setting: str) -> str:
    """Return "en" or "zh_CN" for the setting ("system" asks the system)."""
    if setting in ("en", "zh_CN"):
        return setting
    for name in QLocale.system().uiLanguages():
        language = name.replace("_", "-")
        if language.startswith(("zh-Hans", "zh-CN", "zh-SG")) or language == "zh":
            return "zh_CN"
        if language.startswith("en"):
            return "en"
    return "en"


def install(app: QCoreApplication, setting: str) -> str:
    """Load the translations for the setting's language in place of the earlier ones; return that language."""
    for translator in _installed:
        app.removeTranslator(translator)
    _installed.clear()
    _templates.cache_clear()
    language = language_of(setting)
    QLocale.setDefault(QLocale("zh_CN" if language == "zh_CN" else "en_GB"))
    folders = [str(resource("translations"))]
    names = [f"medviewer_{language}"]
    if language != "en":
        folders.append(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath))
        names.append(f"qtbase_{language}")
    for name in names:
        for folder in folders:
            translator = QTranslator()
            if translator.load(name, folder):
                app.installTranslator(translator)
                _installed.append(translator)
                break
    return language


def say(sentence: str) -> str:
    """Return a sentence of app or core in the reader's language; one that has no translation stays as it is."""
    if not sentence or not _installed:
        return sentence
    whole = translate("app", sentence)
    if whole != sentence:
        return whole
    for pattern, template in _templates():
        if match := pattern.fullmatch(sentence):
            return template.format(*(say(part) if part else "" for part in match.groups()))
    parts = re.split(r"(?<=[.])\s+(?=[A-Z])", sentence)
    return "".join(map(say, parts)) if len(parts) > 1 else sentence


@lru_cache(maxsize=1)
def _templates() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return (pattern of an English sentence with places, its translation) for every template of app_texts."""
    from medviewer.ui.app_texts import TEMPLATES

    anything = r"((?:(?![.] [A-Z]).)+?)"  # a part never reaches into the next sentence
    found: list[tuple[re.Pattern[str], str]] = []
    for text in sorted(TEMPLATES, key=lambda each: -len(re.sub(r"\{\d\}", "", each))):  # the most exact one first
        parts = re.split(r"\{(\d)\}", text)
        short = len("".join(parts[::2])) < SHORT  # "{0} d" is for numbers, not for what a reader calls something
        place = r"(\d+)" if short else anything
        pattern = "".join(place if i % 2 else re.escape(part) for i, part in enumerate(parts))
        found.append((re.compile(pattern), translate("app", text)))
    return tuple(found)
