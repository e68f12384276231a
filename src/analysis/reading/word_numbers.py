"""Labels that Word writes before paragraphs by itself: 'I:', 'P1:' of a list of speakers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from analysis.reading.markup import attribute, local

_LEVELS = 9
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_HIGHEST = 9_999


@dataclass
class Level:
    """A level of a list: its label ('P%1:'), the kind of its numbers and where they begin."""

    text: str = ""
    kind: str = "decimal"
    begins: int = 1


@dataclass
class Labels:
    """Counts through the lists of one document, paragraph by paragraph.

    `left_out` tells whether a paragraph has a bare number or bullet, which is no text.
    """

    lists: dict[str, dict[int, Level]] = field(default_factory=dict)
    of_paragraphs: dict[etree._Element, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)
    left_out: bool = False

    @classmethod
    def of(
        cls,
        numbering: etree._Element,
        in_lists: Mapping[str, tuple[str, int]],
        body: etree._Element,
    ) -> Labels:
        """Read numbering.xml, and which paragraphs are in lists, also by their styles."""
        labels = cls()
        abstract = {
            attribute(one, "abstractNumId"): {
                _whole(attribute(level, "ilvl"), 0): _level(level)
                for level in one.iterfind("{*}lvl")
            }
            for one in numbering.iterfind("{*}abstractNum")
        }
        for one in numbering.iterfind("{*}num"):
            number = attribute(one, "numId")
            base = attribute(one.find("{*}abstractNumId"), "val")
            levels = dict(abstract.get(base, {}))
            for override in one.iterfind("{*}lvlOverride"):
                at = _whole(attribute(override, "ilvl"), 0)
                changed, start = override.find("{*}lvl"), override.find("{*}startOverride")
                if changed is not None:
                    levels[at] = _level(changed)
                elif start is not None and at in levels:
                    old = levels[at]
                    levels[at] = Level(old.text, old.kind, _whole(attribute(start, "val"), 1))
            labels.lists[number] = levels
            overridden = one.find("{*}lvlOverride") is not None
            labels.same[number] = f"own {number}" if overridden else base
        labels.of_paragraphs = _by_style(in_lists, body) | _by_themselves(body)
        return labels

    def label(self, paragraph: etree._Element) -> str:
        """Return the label of the next paragraph; '' without one, and for bare numbers and bullets."""
        of_list = self.of_paragraphs.get(paragraph)
        if of_list is None or of_list[0] not in self.lists:
            return ""
        number, at = of_list
        levels = self.lists[number]
        level = levels.get(at)
        if level is None:
            return ""
        counts = self.counts.setdefault(self.same[number], [None] * _LEVELS)
        now = counts[at]
        counts[at] = level.begins if now is None else now + 1
        counts[at + 1 :] = [None] * (_LEVELS - at - 1)
        if not says_who(level):
            self.left_out = True
            return ""

        def counted(match: re.Match[str]) -> str:
            of = int(match[1]) - 1
            count = counts[of]
            shown = levels.get(of, level)
            return written(shown.begins if count is None else count, shown.kind)

        return re.sub("%([1-9])", counted, level.text).strip()


def says_who(level: Level) -> bool:
    """Tell labels with words ('I:', 'P%1:', 'Question %1') from numbers, letters and bullets."""
    words = re.sub(r"%[1-9]", "", level.text)
    letters = sum(map(str.isalpha, words))
    if level.kind == "bullet":
        return letters > 1 or bool(re.fullmatch(r"\W*\w\s*[:.)\]>-]\W*", words) and letters)
    return letters > 0


def written(count: int, kind: str) -> str:
    count = max(0, min(count, _HIGHEST))
    if kind in ("lowerRoman", "upperRoman"):
        roman = ""
        for value, letters in _ROMAN:
            roman += letters * (count // value)
            count %= value
        return roman.upper() if kind == "upperRoman" else roman
    if kind in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count else ""
        return letter.upper() if kind == "upperLetter" else letter
    if kind == "decimalZero":
        return f"{count:02}"
    return "" if kind in ("none", "bullet") else str(count)


def _level(level: etree._Element) -> Level:
    return Level(
        attribute(level.find("{*}lvlText"), "val"),
        attribute(level.find("{*}numFmt"), "val") or "decimal",
        _whole(attribute(level.find("{*}start"), "val"), 1),
    )


def styles_in_lists(styles: etree._Element | None) -> dict[str, tuple[str, int]]:
    """Return the list and level of each style whose paragraphs are in one, by the style's id."""
    return {
        attribute(style, "styleId"): of_list
        for numbered in (styles.iterfind("{*}style/{*}pPr/{*}numPr") if styles is not None else ())
        if (of_list := _list_of(numbered))[0]
        for style in numbered.iterancestors("{*}style")
    }


def _by_style(
    in_lists: Mapping[str, tuple[str, int]], body: etree._Element
) -> dict[etree._Element, tuple[str, int]]:
    """Return the list and level of each paragraph whose style is in a list."""
    return {
        paragraph: in_lists[name]
        for named in (body.iter("{*}pStyle") if in_lists else ())
        if (name := attribute(named, "val")) in in_lists
        if (paragraph := _paragraph_of(named)) is not None
    }


def _by_themselves(body: etree._Element) -> dict[etree._Element, tuple[str, int]]:
    """Return the list and level of each paragraph that states its own."""
    return {
        paragraph: _list_of(numbered)
        for numbered in body.iter("{*}numPr")
        if (paragraph := _paragraph_of(numbered)) is not None
    }


def _paragraph_of(setting: etree._Element) -> etree._Element | None:
    """Return the paragraph that `setting` is set for now, not before a tracked change."""
    settings = setting.getparent()
    paragraph = settings.getparent() if settings is not None else None
    return paragraph if paragraph is not None and local(paragraph) == "p" else None


def _list_of(numbered: etree._Element) -> tuple[str, int]:
    """Return the list and level that a setting names."""
    level = _whole(attribute(numbered.find("{*}ilvl"), "val"), 0)
    return attribute(numbered.find("{*}numId"), "val"), min(max(level, 0), _LEVELS - 1)


def _whole(stated: str, otherwise: int) -> int:
    return int(stated) if re.fullmatch(r"[0-9]{1,6}", stated) else otherwise
