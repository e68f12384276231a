"""The look of the pages: what is read stands out enough from its ground, by day and by night."""

from __future__ import annotations

import re

import pytest

from analysis.report.look import TEMPLATES

CSS = (TEMPLATES / "report.css").read_text(encoding="utf-8")
_DARK = re.compile(r"@media screen and \(prefers-color-scheme: dark\) \{(.*?)\n\}\n", re.S)
# What is written in a colour, and the grounds that it stands on.
WORDS = ("ink", "soft", "link", "warn")
GROUNDS = ("paper", "wash", "field", "mark", "coded", "warn-wash")
OF_CODE = ("keyword", "string", "comment", "digits")


def colours(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css))


def schemes() -> dict[str, dict[str, str]]:
    light = colours(_DARK.sub("", CSS))
    found = _DARK.search(CSS)
    assert found
    return {"light": light, "dark": light | colours(found[1])}


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.1, section 1.4.3.

    >>> round(contrast("#000000", "#ffffff"), 1), contrast("#777777", "#777777")
    (21.0, 1.0)
    """

    def luminance(colour: str) -> float:
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_every_ground(scheme: str) -> None:
    named = schemes()[scheme]
    pairs = [(word, ground) for word in WORDS for ground in GROUNDS]
    pairs += [(word, "wash") for word in OF_CODE]
    assert [pair for pair in pairs if contrast(named[pair[0]], named[pair[1]]) < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_marks_and_focus_are_seen(scheme: str) -> None:
    named = schemes()[scheme]
    edges = ("field-line", "focus", "mark-line", "coded-line", "accent")
    assert [one for one in edges if contrast(named[one], named["paper"]) < 3] == []


def test_every_colour_of_a_page_has_a_name_that_the_dark_look_changes() -> None:
    light, dark = schemes().values()
    assert [name for name in light if light[name] == dark[name]] == []
    paper_and_pictures = r"@media print \{.*|figure img, \.cell img \{[^}]*\}"
    for css in (CSS, *(each.read_text(encoding="utf-8") for each in TEMPLATES.glob("*.html"))):
        left = re.sub(paper_and_pictures, "", re.sub(r"--[\w-]+: #\w+;", "", css), flags=re.S)
        assert re.findall(r"#[0-9a-f]{3,6}\b(?=\s*[;,)])", left) == []


def test_paper_stays_light() -> None:
    assert CSS.count("prefers-color-scheme") == 1 and _DARK.search(CSS)
