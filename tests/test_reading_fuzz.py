"""Any bytes, and damaged files of every format: the project's own error or a text, and soon."""

from __future__ import annotations

import io
import signal
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import docx
import pypandoc
import pytest
import typst
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.cleaning import (
    RULES,
    CleanText,
    PseudonymKey,
    Speakers,
    clean,
    passages,
)
from analysis.cleaning.candidates import find_candidates
from analysis.cleaning.pseudonyms import Entry
from analysis.corpus import KINDS, VOICES
from analysis.files.problems import StudyError
from analysis.reading import ENDINGS, Reading, read
from analysis.study import tables

# As many in every run, always the same; five thousand of each where time does not matter.
OFTEN, SELDOM, LONG = 100, 40, 5_000


def times(examples: int) -> settings:
    # Not stored: what a failing example holds stays in the report of the run.
    return settings(
        max_examples=examples,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


TRANSCRIPT = "I: What is it?\n\nR: It’s this – [laughs] “that”.\n\nI: (unclear) And?\n\nR: No.\n"
CAPTIONS = "WEBVTT\n\n1\n00:00:01.000 --> 00:00:02.000\n<v Ann Lee>Hi &amp; bye</v>\n\n2\n00:03.000 --> 00:04.000\nBo: No\n"


@cache
def specimens() -> dict[str, bytes]:
    document, stream = docx.Document(), io.BytesIO()
    document.add_paragraph("I: What?")
    document.add_table(1, 2).cell(0, 0).text = "R"
    document.save(stream)
    made = {"docx": stream.getvalue(), "pdf": typst.compile(TRANSCRIPT.encode())}
    for format in ("odt", "rtf", "html"):
        made[format] = _converted(format)
    made |= {
        "txt": TRANSCRIPT.encode("cp1252"),
        "md": b"# A *b*\n\n| c | d |\n|---|---|\n| [e](f) | g |\n",
    }
    return made | {"vtt": CAPTIONS.encode(), "srt": CAPTIONS[8:].replace(".0", ",0").encode()}


def _converted(format: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a.{format}"
        pypandoc.convert_text(
            TRANSCRIPT, format, format="markdown", outputfile=str(path), extra_args=["-s"]
        )
        return path.read_bytes()


def tried(path: Path) -> Reading | None:
    """Read `path`; the project's own error is well, any other is not."""
    try:
        return read(path)
    except StudyError as error:
        assert all(p.where and p.found and p.expected and p.remedy for p in error.problems)
        return None


def damaged(content: bytes, data: st.DataObject) -> bytes:
    """Return `content` with some stretches cut, overwritten, doubled or put in."""
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(changed)))
        end = data.draw(st.integers(start, min(len(changed), start + 40)))
        changed[start:end] = data.draw(
            st.one_of(st.binary(max_size=12), st.just(bytes(changed[start:end]) * 2))
        )
    return bytes(changed)


def inside_damaged(content: bytes, data: st.DataObject) -> bytes:
    """Return the packed file `content` with its main part damaged, but packed well."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(
                name,
                damaged(part, data) if name.endswith(("document.xml", "content.xml")) else part,
            )
    return stream.getvalue()


@times(SELDOM)
@given(st.binary(max_size=300), st.sampled_from(sorted(ENDINGS)))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes, ending: str) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{ending}"
    path.write_bytes(content)
    tried(path)


@times(OFTEN)
@given(st.data())
def test_damaged_files(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    damaged_file(tmp_path_factory.getbasetemp(), data)


@pytest.mark.full("five thousand examples")
@times(LONG)
@given(st.data())
def test_damaged_files_often(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    damaged_file(tmp_path_factory.getbasetemp(), data)


def damaged_file(folder: Path, data: st.DataObject) -> None:
    format = data.draw(st.sampled_from(sorted(specimens())))
    content = specimens()[format]
    if format in ("docx", "odt") and data.draw(st.booleans()):
        content = inside_damaged(content, data)
    else:
        content = damaged(content, data)
    path = folder / f"damaged.{format}"
    path.write_bytes(content)
    found = tried(path)
    if found is not None:
        check_cleaning(found, data)


PIECES = st.sampled_from(
    [
        *"ab I:R\n\t\f .,()[]*|#<>&-'’0123456789\ufeff\u200b\u00a0\u00ad\u0301\ufb01\u2028😀",
        "\r\n",
        "I: ",
        "R: ",
        "Ann Lee: ",
        "(Kofi)\n",
        "**Ann**\n",
        "[00:12:03]",
        "Ann   0:03\n",
        "Page 3 of 9",
        "Date: 3 May\n",
        "Interviewer: ",
        "WEBVTT\n\n",
        "00:01.000 --> 00:02.000\n",
        "<v Ann>",
        "</v>",
        "&amp;",
        "HEARD (who): ",
        "DESCRIPTION:",
        "my name is ",
        "Margaret",
        "Grace",
        "07700 900456",
        "943 476 5919",
        "a@b.example",
        "WN4 7QD",
        "born on 3 May 2011",
        "https://x.org/in/ann",
        "commis-\nsioning",
        "| a | b |\n|---|\n",
        "[inaudible]",
        "wo\u0308rd ",
    ]
)
KEY = PseudonymKey(
    (
        Entry("Margaret", "[Nurse]", "person", False, 2),
        Entry("Grace", "[Teen]", "person", True, 3),
        Entry("Ann Lee", "[Researcher]", "person", False, 4),
    )
)


@times(OFTEN)
@given(st.data())
def test_any_text_is_cleaned(data: st.DataObject) -> None:
    any_text(data)


@pytest.mark.full("five thousand examples")
@times(LONG)
@given(st.data())
def test_any_text_is_cleaned_often(data: st.DataObject) -> None:
    any_text(data)


def any_text(data: st.DataObject) -> None:
    text = "".join(data.draw(st.lists(PIECES, max_size=60)))
    format = data.draw(st.sampled_from(sorted(set(ENDINGS.values()))))
    check_cleaning(Reading(text, format, ""), data)


@times(SELDOM)
@given(st.data(), st.text(max_size=200))
def test_any_unicode_is_cleaned(data: st.DataObject, text: str) -> None:
    check_cleaning(Reading(text, "txt", ""), data)


@pytest.mark.full("five thousand examples")
@times(LONG)
@given(st.data(), st.text(max_size=200))
def test_any_unicode_is_cleaned_often(data: st.DataObject, text: str) -> None:
    check_cleaning(Reading(text, "txt", ""), data)


def check_cleaning(reading: Reading, data: st.DataObject) -> None:
    """Whatever the rules, the passages lie in the text, in order, and the map holds."""
    kind = data.draw(st.sampled_from(KINDS))
    rules = data.draw(st.one_of(st.just(RULES), st.lists(st.sampled_from(RULES), unique=True)))
    speakers = Speakers(("Ann",), ("Kofi",)) if data.draw(st.booleans()) else Speakers()
    cleaned = clean(reading, kind, rules, KEY, speakers)
    table = passages("s", cleaned, kind, speakers)
    assert list(table.columns) == list(tables.PASSAGES.columns)
    assert set(table["voice"]) <= set(VOICES)
    reached = 0
    for row in table.itertuples(index=False):
        assert reached <= row.start < row.end
        assert row.text == cleaned.text[row.start : row.end] == row.text.strip()
        reached = row.end
    assert KEY.find_names(cleaned.text) == [] or "[" in cleaned.text
    for candidate in find_candidates(cleaned.text):
        assert cleaned.text[candidate.start : candidate.end] == candidate.found
    if reading.text:
        start = data.draw(st.integers(0, len(reading.text) - 1))
        end = data.draw(st.integers(start + 1, len(reading.text)))
        place = cleaned.to_clean(start, end)
        if place is not None:
            assert 0 <= place[0] < place[1] <= len(cleaned.text)
    again = CleanText.from_json(cleaned.as_json())
    assert again.text == cleaned.text


def hostile(part: int = 1) -> list[str]:
    """Texts on which a rule may run for ever, `part` times shorter; what ends one stays its end."""
    return [
        "a-" + "\n" * (60_000 // part) + "B",
        " " * (100_000 // part) + "x",
        "[" * (50_000 // part),
        "![" * (40_000 // part),
        "<v." * (40_000 // part),
        "|" * (60_000 // part),
        "(" * (60_000 // part) + "\n",
        "A " * (50_000 // part),
        "a." * (50_000 // part) + "@",
        "0 " * (60_000 // part),
        "I:" * (50_000 // part),
        "*" * (60_000 // part),
        "WEBVTT\n" + "00:01.000 --> 00:02.000\n" * (4_000 // part),
        "\n".join(["Ann: x"] * (20_000 // part)),
        "e\u0301" * (40_000 // part),
        "Grace " * (20_000 // part),
        "\f".join(["Head\n1\n"] * (3_000 // part)),
        "my name is " * (9_000 // part),
        "\t" * (90_000 // part) + "x",
        "-" * (80_000 // part),
        "00:00:00" * (9_000 // part),
        "&" * (60_000 // part),
        "#" * (60_000 // part),
        "http://" * (9_000 // part),
        "born " * (20_000 // part),
        "(" + " " * (90_000 // part) + "x",
        "{" * (60_000 // part),
        "<laugh " * (9_000 // part),
        "*laughs " * (9_000 // part),
        "(both " * (9_000 // part),
        "date of birth\n" + " \n" * (40_000 // part),
        "a:0" * (30_000 // part),
        "x:0770 " * (9_000 // part),
        "Grace, " * (20_000 // part),
        "I:R:" * (20_000 // part),
        "00:01.000 --> 00:02.000\n- a\n- b\n\n" * (3_000 // part),
        "Ann C  0:09\nYes.\n" * (5_000 // part),
    ]


@pytest.mark.parametrize("text", hostile(4), ids=lambda text: repr(text[:8]))
def test_no_text_makes_a_rule_hang(text: str) -> None:
    ends_soon(text, "txt", "interview", seconds=5)


FORMATS = [("txt", "interview"), ("vtt", "interview"), ("pdf", "document"), ("md", "observation")]


@pytest.mark.parametrize(("format", "kind"), FORMATS[1:])
def test_no_text_of_another_format_makes_a_rule_hang(format: str, kind: str) -> None:
    for text in hostile(16):
        ends_soon(text, format, kind)


@pytest.mark.full("the same texts at their whole length in every format")
@pytest.mark.parametrize("text", hostile(), ids=lambda text: repr(text[:8]))
@pytest.mark.parametrize(("format", "kind"), FORMATS)
def test_no_long_text_makes_a_rule_hang(text: str, format: str, kind: str) -> None:
    ends_soon(text, format, kind)


def ends_soon(text: str, format: str, kind: str, seconds: int = 20) -> None:
    """Within seconds of work; a rule that took the square of the length would take minutes."""

    def stop(*_: object) -> None:
        pytest.fail(f"{text[:8]!r} as {format} of an {kind}: a rule does not end")

    # The time of this process, not of the clock: a busy machine is no failure.
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        cleaned = clean(Reading(text, format, ""), kind, RULES, KEY)
        passages("s", cleaned, kind)
        find_candidates(cleaned.text)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
