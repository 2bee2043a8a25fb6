"""Search finds text of any script and length; hostile texts are stored and found as plain text."""

from dataclasses import replace

from medviewer.library.library import Library
from medviewer.library.records import FindingRecord, SeriesRecord
from tests.unit.library.make import film, keep, opinion, reading, study

NAMES = {
    "Yamada^Tarou=山田^太郎=やまだ^たろう": [
        "山",
        "田^太",
        "山田 太郎",
        "やまだ",
        "た",
        "YAMADA",
        "tarou yam",
        "yamada tarou",
    ],
    "Hong^Gildong=洪^吉洞=홍^길동": ["홍", "길동", "洪", "gil"],
    "Wang^XiaoDong=王^小东": ["王", "东", "王 小", "xiaodong"],
    "Müller^Jürgen": ["müller", "MÜLLER", "ürg", "Mu\u0308ller"],
    "Großmann^Ida": ["grossmann", "GROSSMANN", "großmann"],
    "Иванов^Иван": ["иванов", "ИВАН"],
    "محمد^أحمد": ["محمد", "م"],
    "ﾔﾏﾀﾞ^ﾀﾛｳ": ["ヤマダ", "ﾔﾏﾀﾞ", "タロウ"],
    "ＳＭＩＴＨ^ＪＯＨＮ": ["smith", "ｓｍｉｔｈ john"],
}
HOSTILE = [
    "Robert'); DROP TABLE studies;--",
    '" OR 1=1 --',
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "a\nb\r\nc\td",
    "x" * 10_000,
    "\u202egnihton\u202c \u200f\u200e",
    "nul\0in\0the\0name",
    "half \ud800 a pair \udfff",
    "100% _under_ \\back [a-z]* ?",
    "%",
    "{0} {name} %s %(x)s :name",
    "\u0000",
]


def test_that_names_of_every_script_are_found_by_any_part_of_them(library: Library) -> None:
    numbers = keep(library, *(study(name, patient_name=name, patient_id="") for name in NAMES))
    for number, texts in zip(numbers, NAMES.values(), strict=True):
        for text in texts:
            assert number in library.list("all", search=text), text
    assert library.list("all", search="山田") == numbers[:1]
    assert library.list("all", search="王小") == []  # family and given name are two words
    assert library.list("unread", search="홍") == [numbers[1]]
    assert library.list("unread", search="た") == [numbers[0]]


def test_that_every_word_must_fit_somewhere(library: Library) -> None:
    one, two = keep(
        library,
        study("1", patient_name="Doe^Jane", description="Thorax PA"),
        study("2", patient_name="Doe^John", description="CT Abdomen"),
    )
    assert library.list("unread", search="doe") == [one, two]
    assert library.list("unread", search="doe thorax") == [one]
    assert library.list("unread", search="  THORAX \u3000 j ") == [one]
    assert library.list("unread", search="thorax john") == []
    assert library.list("unread", search="   ") == [one, two]


def test_that_descriptions_ids_and_file_names_are_searched(library: Library) -> None:
    series = (SeriesRecord("1.1", "CT", "Lunge 1.25 mm"),)
    one, two = keep(library, study("1", patient_id="PAT-007", series=series), film("aa", "/data/chest_12.png"))
    assert library.list("all", search="pat-007") == [one]
    assert library.list("all", search="1.25") == [one]
    assert library.list("all", search="chest_1") == [two]


def test_that_findings_and_opinions_are_searched_while_they_stand(library: Library) -> None:
    kept = library.keep([study("1"), study("2")], listed=True)
    one, two = (k.study_id for k in kept)
    point = FindingRecord("1.1.1", 0, 0, (1.0, 2.0), 0.9, "spiculated nodule")
    library.keep_readings([reading(kept[0], 0.9, finding="Lung cancer", findings=(point,)), reading(kept[1], 0.1)])
    assert library.list("all", search="lung") == [one]
    assert library.list("all", search="spicul") == [one]
    assert library.list("all", search="nodule") == [one]  # two has none: its score is below the point
    number = library.give_opinion(opinion(two, label="Hamartoma", note="see 2019"))
    assert library.list("all", search="hamart 2019") == [two]
    library.undo_opinion(number)
    assert library.list("all", search="hamart") == []
    library.keep_readings([reading(kept[0], 0.1)])
    assert library.list("all", search="spicul") == []


def test_that_hostile_names_are_plain_text(library: Library) -> None:
    records = [
        study(str(n), patient_name=name, patient_id=name, description=name, birth_date=name, issuer=name)
        for n, name in enumerate(HOSTILE)
    ]
    numbers = keep(library, *records, study("other", patient_name="Other^Person", patient_id="Q", description="Z"))
    library.opened(numbers)
    for number, record in zip(numbers, records, strict=False):
        name = record.patient_name
        stored = name.replace("\0", "\ufffd").replace("\ud800", "\ufffd").replace("\udfff", "\ufffd")
        row = library.row(number)
        assert row is not None
        assert row.patient_name == row.patient_id == row.description == stored
        assert number in library.list("all", search=name)
        assert numbers[-1] not in library.list("all", search=name)
        assert library.find(record.uid, record) == number
        assert library.find(record.uid, replace(record, patient_name=f"x{name}"[:9000])) is None
        assert library.earlier(number) == ()
        library.assign(number, name)
        library.give_opinion(opinion(number, label=name, note=name, answer=name, reader=name))
        said = library.opinions(number)[0]
        assert (said.label, said.note, said.answer, said.reader) == (stored,) * 4
    assert library.verify_audit().ok
    assert len(library.list("all")) == len(HOSTILE) + 1


def test_that_longer_texts_are_cut_and_still_found(library: Library) -> None:
    [number] = keep(library, study("1", patient_name="Long^" + "n" * 50_000 + "end", description="d" * 20_000))
    row = library.row(number)
    assert row is not None
    assert (len(row.patient_name), len(row.description)) == (10_000, 10_000)
    assert library.list("all", search="n" * 5_000) == [number]
    assert library.list("all", search="ddd") == [number]


def test_that_hostile_uids_are_told_apart(library: Library) -> None:
    uids = ["", "\0", "9" * 5_000, "9" * 4_999 + "8", "' OR 1=1", "1\\2", "\ud800"]
    numbers = keep(library, *(study(uid) for uid in uids))
    assert len(set(numbers)) == len(uids) - 1  # what cannot be stored is the same
    assert library.find(uids[2]) == numbers[2]


def test_that_hundreds_of_modalities_and_huge_numbers_do_no_harm(library: Library) -> None:
    series = tuple(SeriesRecord(f"s{n}", f"M\\{n}" * 9, "x", 10**30) for n in range(300))
    [number] = keep(library, study("1", series=series))
    assert len(library.series(number)) == 300
    row = library.row(number)
    assert row is not None
    assert row.modalities
