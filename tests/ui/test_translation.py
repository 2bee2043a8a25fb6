"""Every word of the window can be translated, and Chinese is whole."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from medviewer.app.commands import COMMANDS, GROUPS
from medviewer.app.methods import METHODS
from medviewer.app.settings import PAGES, SETTINGS
from medviewer.core.intensity import PRESETS
from medviewer.ui import app_sentences, app_texts, translation
from medviewer.ui.theme import resource
from medviewer.ui.widgets import Label
from tests.ui.shell import Shell, application, shell, study, until

ROOT = Path(__file__).parents[2]
TS = resource("translations", "medviewer_zh_CN.ts")


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    application("en")


def messages(path: Path) -> list[tuple[str, str, str, str]]:
    """(context, source, translation, state) of every message."""
    found = []
    for context in ElementTree.parse(path).getroot().findall("context"):
        for message in context.findall("message"):
            translated = message.find("translation")
            assert translated is not None
            name, source = context.findtext("name", ""), message.findtext("source", "")
            found.append((name, source, translated.text or "", translated.get("type", "")))
    return found


def test_chinese_has_no_unfinished_message() -> None:
    unfinished = [m for m in messages(TS) if not m[2] or m[3]]
    assert unfinished == []


def test_chinese_knows_every_text_of_the_sources(tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.ts"
    tool = Path(sys.executable).parent / "pyside6-lupdate"
    files = sorted(str(p) for p in (ROOT / "medviewer" / "ui").rglob("*.py"))
    subprocess.run([tool, *files, "-ts", fresh, "-no-obsolete"], check=True, capture_output=True)
    known = {(context, source) for context, source, *_ in messages(TS)}
    missing = sorted((c, s) for c, s, *_ in messages(fresh) if (c, s) not in known)
    assert missing == [], "run lupdate, translate them, run lrelease"


def test_places_are_the_same_in_both_languages() -> None:
    for _, source, translated, _ in messages(TS):
        assert set(re.findall(r"\{\d\}", translated)) <= set(re.findall(r"\{\d\}", source)), source


def test_compiled_file_is_that_of_the_source() -> None:
    translator = QTranslator()
    assert translator.load(str(resource("translations", "medviewer_zh_CN.qm")))
    for context, source, translated, _ in messages(TS):
        assert translator.translate(context, source) == translated, source


def test_texts_of_the_tables_can_be_translated() -> None:
    titles = {c.title for c in COMMANDS.values()} | set(GROUPS) | set(PAGES.values())
    titles |= {
        text for s in SETTINGS.values() for text in (s.title, s.help, s.unit, *(t for _, t in s.choices)) if text
    }
    titles |= {text for m in METHODS.values() for text in (m.title, m.cost)} | {p.name for p in PRESETS}
    known = set(app_texts.TEXTS) | set(app_sentences.TEXTS)
    missing = {t for t in titles if t not in known and not re.search(r"\d×\d", t)}
    assert missing == set(), "add them to medviewer/ui/app_texts.py"


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Layout 1×2", "布局 1×2"),
        ("Reading Axial 5 mm with Lung nodules", "用“肺结节”阅读 Axial 5 mm"),
        ("3 of 40 files are not DICOM and were left out.", "40 个文件中有 3 个不是 DICOM，已略过。"),
        ("The model needs the modality DX; this is CT.", "模型需要设备类型为 DX；当前为 CT。"),
        ("The header does not say the plane. Confirm that it is axial.", "文件头没有说明平面。请确认其为 轴位。"),
        ("Image 17 is damaged and cannot be shown.", "第 17 幅图像已损坏，无法显示。"),
        ("A sentence of the future.", "A sentence of the future."),
    ],
)
def test_sentences_from_below_are_translated_at_the_edge(english: str, chinese: str) -> None:
    application("zh_CN")
    assert translation.say(english) == chinese


def test_chinese_window_speaks_chinese(tmp_path: Path) -> None:
    with shell(tmp_path / "home", language="zh_CN") as made:
        made.open(study(tmp_path / "study"))
        made.window.commander.run("ai.read")
        until(lambda: not made.session.jobs.active)
        made.settle()
        allowed = re.compile(
            r"medviewer.*|SAMPLE, Avery|[\d\s.,×\[\]/A-Z-]*|CT Chest.*|F   63 .*|LUNA16 patches|.*HU.*"
        )
        labels = [w.text() for w in made.window.findChildren(QLabel) if w.isVisible() and w.text()]
        labels += [w.text() for w in made.window.findChildren(QPushButton) if w.isVisible() and w.text()]
        english = [t for t in labels if not re.search(r"[\u4e00-\u9fff]", t) and not allowed.fullmatch(t)]
        assert english == []
        assert any("未经核实" in t for t in labels)
        assert any("不可用于诊断" in t for t in labels)


class Pseudo(QTranslator):
    """Makes every text 40 % longer and keeps its places."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, comment: str | None = None, n: int = -1) -> str:  # type: ignore[override]
        if context == "Date" and "MMM" in source:
            return source
        return source + "·" * max(1, round(len(source) * 0.4))


def clipped(desk: Shell) -> list[str]:
    found = []
    for label in desk.window.findChildren(Label):
        if label.isVisible() and label.text() and not label.wordWrap() and not label._elide:
            wide = QFontMetrics(label.font()).horizontalAdvance(label.text())
            if wide > label.width() + 1:
                found.append(label.text())
    for button in desk.window.findChildren(QPushButton):
        if button.isVisible() and button.text():
            wide = QFontMetrics(button.font()).horizontalAdvance(button.text())
            if wide > button.width():
                found.append(button.text())
    return found


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_texts_that_are_40_percent_longer_are_not_clipped(tmp_path: Path, size: tuple[int, int]) -> None:
    application("en")
    pseudo = Pseudo()
    app = QApplication.instance()
    assert app is not None
    app.installTranslator(pseudo)
    try:
        from medviewer.app.session import Session
        from medviewer.ui.main_window import MainWindow
        from tests.ui import fakes

        session = Session(tmp_path / "home")
        fakes.install(session, fakes.model())
        made = Shell(session, MainWindow(session))
        made.window.resize(*size)
        made.window.show()
        made.settle()
        assert clipped(made) == []
        made.open(study(tmp_path / "study"))
        made.window.commander.run("ai.read")
        until(lambda: not session.jobs.active)
        made.window.commander.run("ai.heat")
        made.settle()
        assert clipped(made) == []
        made.window.close()
    finally:
        app.removeTranslator(pseudo)
