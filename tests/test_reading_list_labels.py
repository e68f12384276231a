"""Labels that lists show by themselves: in .odt as in Word, words are speakers and numbers are none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from analysis.cleaning import clean, passages
from analysis.reading import Reading, read

_SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
    for name, urn in (("office", "office"), ("text", "text"), ("style", "style"))
)


def odt(folder: Path, styles: str, body: str) -> Reading:
    """Read an .odt of `body` with these automatic styles."""
    content = (
        f"<office:document-content {_SPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        packed.writestr("content.xml", content)
    path = folder / "a.odt"
    path.write_bytes(stream.getvalue())
    return read(path)


def numbered(name: str, level: str) -> str:
    return f'<text:list-style style:name="{name}">{level}</text:list-style>'


def level(prefix: str, suffix: str, kind: str = "", more: str = "") -> str:
    return (
        f'<text:list-level-style-number text:level="1" style:num-format="{kind}" '
        f'style:num-prefix="{prefix}" style:num-suffix="{suffix}" {more}/>'
    )


def entry(style: str, words: str, more: str = "") -> str:
    return (
        f'<text:list text:style-name="{style}" {more}><text:list-item><text:p>{words}</text:p>'
        "</text:list-item></text:list>"
    )


SAID = ("How did it begin?", "With two chairs.", "And then?", "Families came.")


@pytest.mark.parametrize(
    ("asks", "answers", "expected"),
    [
        (level("I", ":"), level("P", ":"), ["I", "P", "I", "P"]),
        (
            level("Interviewer", ":"),
            level("P", ":", "1"),
            ["Interviewer", "P1", "Interviewer", "P2"],
        ),
        (
            level("Hester", ":"),
            '<text:list-level-style-bullet text:level="1" text:bullet-char="Orrin" style:num-suffix=":"/>',
            ["Hester", "Orrin"] * 2,
        ),
        (
            level("", "", "1", 'style:num-list-format="Q%1%:"'),
            level("", "", "I", 'style:num-list-format="A%1%:"'),
            ["Q1", "AI", "Q2", "AII"],
        ),
    ],
)
def test_labels_with_words_are_speakers(
    tmp_path: Path, asks: str, answers: str, expected: list[str]
) -> None:
    lists = ("L1", "L2") * 2
    goes_on = 'text:continue-numbering="true"'
    body = "".join(entry(name, words, goes_on) for name, words in zip(lists, SAID, strict=True))
    found = odt(tmp_path, numbered("L1", asks) + numbered("L2", answers), body)
    table = passages("s", clean(found, "interview"), "interview")
    assert list(zip(table["speaker"], table["text"], strict=True)) == list(
        zip(expected, SAID, strict=True)
    )


def test_bare_numbers_and_bullets_are_no_text_and_told(tmp_path: Path) -> None:
    bullet = '<text:list-level-style-bullet text:level="1" text:bullet-char="•"/>'
    styles = numbered("L1", level("", ".", "1")) + numbered("L2", bullet)
    found = odt(tmp_path, styles, entry("L1", "kettle") + entry("L2", "tea"))
    assert found.text == "kettle\ntea"
    assert found.notes == ("left out: automatic numbers of lists",)


def test_lists_count_anew_and_a_header_counts_for_nothing(tmp_path: Path) -> None:
    body = (
        '<text:list text:style-name="L1">'
        "<text:list-header><text:p>Heading</text:p></text:list-header>"
        '<text:list-item text:start-value="4"><text:p>four</text:p><text:p>more</text:p></text:list-item>'
        "<text:list-item><text:p>five</text:p></text:list-item></text:list>" + entry("L1", "one")
    )
    found = odt(tmp_path, numbered("L1", level("P", ":", "1")), body)
    assert found.text == "Heading\nP4: four\nmore\nP5: five\nP1: one"


def test_a_paragraph_s_style_may_name_the_list(tmp_path: Path) -> None:
    styles = numbered("L1", level("I", ":")) + (
        '<style:style style:name="Asks" style:family="paragraph" style:list-style-name="L1"/>'
    )
    body = '<text:list><text:list-item><text:p text:style-name="Asks">How?</text:p></text:list-item></text:list>'
    assert odt(tmp_path, styles, body).text == "I: How?"
