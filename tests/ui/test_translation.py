"""Every word of the window can be translated, and Chinese is whole."""

import ast
import itertools
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from medviewer.app.commands import COMMANDS, GROUPS
from medviewer.app.methods import METHODS
from medviewer.app.opinions import SAID
from medviewer.app.ranking import OVERDUE, PLACED, WAITING, Limits, why
from medviewer.app.settings import PAGES, SETTINGS
from medviewer.app.worklist import LISTS, AiState, AiSummary, StudyRow, Urgency
from medviewer.core.intensity import PRESETS
from medviewer.ui import app_sentences, app_texts, translation
from medviewer.ui.theme import resource
from medviewer.ui.widgets import Label
from tests.ui.shell import Shell, application, shell, study, until

ROOT = Path(__file__).parents[2]
TS = resource("translations", "medviewer_zh_CN.ts")
#: Modules whose sentences go to the terminal or into files, never into the window; ranking has a test of its own.
NOT_SHOWN = {
    "analyze.py",
    "crash_report.py",
    "dataset_documents.py",
    "demo.py",
    "doctor.py",
    "evaluate.py",
    "keys_docs.py",
    "labelled.py",
    "library_list.py",
    "manifest.py",
    "ranking.py",
    "render.py",
    "run_documents.py",
    "settings_docs.py",
    "site_doctor.py",
    "site_table.py",  # sentences of the safe side: tests/ui/test_site.py
    "triage_page.py",
}


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
    titles |= set(LISTS.values()) | set(SAID.values())
    known = set(app_texts.TEXTS) | set(app_sentences.TEXTS)
    missing = {t for t in titles if t not in known and not re.search(r"\d×\d", t)}
    assert missing == set(), "add them to medviewer/ui/app_texts.py"


def texts_of(path: Path) -> Iterator[str]:
    """Yield the sentences and the titles of jobs that a module makes, "7" in place of each part that differs."""
    tree = ast.parse(path.read_text("utf-8"))
    skip: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):  # docstrings
            skip.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            skip.update(each for value in node.values for each in ast.walk(value))
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Job" and (title := text_of(node.args[0])):
            yield title
        elif isinstance(node, ast.Call) and node.args and getattr(node.args[0], "value", "") == "usage":
            skip.update(node.args)  # scripts alone can ask for what is not there
    for node in ast.walk(tree):
        text = text_of(node) if node not in skip else ""
        if re.match(r"[A-Z7].* .*\.$", text):
            yield text


def text_of(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(value) for value in node.values)
    if isinstance(node, ast.FormattedValue):
        return (text_of(node.value.body) if isinstance(node.value, ast.IfExp) else "") or "7"
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{\w*\}", "7", node.value.replace("{where}", ""))
    return ""


def in_chinese(text: str) -> bool:
    """Say whether a text is Chinese with at most names left in it ("postgresql+psycopg", "policy.json")."""
    return bool(re.search(r"[\u4e00-\u9fff]", text)) and not re.search(r"[a-z]{2,} [a-z]{2,} [a-z]", text)


@pytest.mark.parametrize("room", ["app", "library", "core", "inference", "dicom"])
def test_sentences_from_below_are_known(room: str) -> None:
    application("zh_CN")
    modules = [p for p in sorted((ROOT / "medviewer" / room).rglob("*.py")) if p.name not in NOT_SHOWN]
    texts = {text: path.name for path in modules for text in texts_of(path)}
    missing = {text: name for text, name in texts.items() if not in_chinese(translation.say(text))}
    assert missing == {}, "add them to medviewer/ui/app_sentences.py or library_sentences.py, then translate them"


def test_reasons_for_a_place_are_whole_in_chinese() -> None:
    application("zh_CN")
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    row = StudyRow(id=1, uid="1", placed_by="Dr Li Wen")
    limits = Limits({u: timedelta(minutes=m) for u, m in zip(Urgency, (30, 130, 4000), strict=True)})
    scored = AiSummary(AiState.DONE, 0.83, "score", 0.79, True, "lung-nodule", "1.0.0", "Lung nodule")
    unconfirmed = "The film has no header: nobody confirmed that it is a chest film."
    said = [
        scored,
        replace(scored, positive=False, finding=""),
        replace(scored, kind="probability", reason=unconfirmed),
        replace(scored, kind="probability", positive=False, state=AiState.READING, done=3, total=40),
        *(AiSummary(state) for state in AiState),
    ]
    waits = [timedelta(minutes=m) for m in (5, 120, 125, 2880, 2945)]
    for ai, urgency, group, wait in itertools.product(said, Urgency, (PLACED, OVERDUE, WAITING), waits):
        study = replace(row, ai=ai, urgency=urgency, received=now - wait)
        for reason in why(study, group, now, limits):
            english = re.sub(r"lung-nodule 1\.0\.0|Dr Li Wen|AI", "", translation.say(reason))
            assert not re.search("[A-Za-z]", english), reason


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("Layout 1×2", "布局 1×2"),
        ("Reading Axial 5 mm with Lung nodules", "用“肺结节”阅读 Axial 5 mm"),
        ("3 of 40 files are not DICOM and were left out.", "40 个文件中有 3 个不是 DICOM，已略过。"),
        ("The model needs the modality DX; this is CT.", "模型需要设备类型为 DX；当前为 CT。"),
        ("The header does not say the plane. Confirm that it is axial.", "文件头没有说明平面。请确认其为 轴位。"),
        ("Image 17 is damaged and cannot be shown.", "第 17 幅图像已损坏，无法显示。"),
        ("Moved here by Dr Li Wen.", "由 Dr Li Wen 移到此处。"),
        ("Kept: present.", "已保存：有。"),
        ("Urgency: stat.", "紧急程度：特急。"),
        ("Not evaluated. No model here reads MR of the knee.", "未评估。膝部 MR 无模型可读。"),
        ("The model needs the body part CHEST or LUNG; this is KNEE.", "模型需要部位为 CHEST 或 LUNG；当前为 KNEE。"),
        (
            "Your opinion was not kept. The disk with the library is full; free some space and try again. "
            "Nothing was written.",
            "您的意见未能保存。资料库所在磁盘已满；请腾出空间后再试。未写入任何内容。",
        ),
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
