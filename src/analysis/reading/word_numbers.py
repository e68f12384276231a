"""Labels that Word writes before paragraphs by itself: 'I:', 'P1:' of a list of speakers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from analysis.reading.markup import attribute

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
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)
    left_out: bool = False

    @classmethod
    def of(cls, numbering: etree._Element | None, styles: etree._Element | None) -> Labels:
        """Read numbering.xml and styles.xml, each None where the document has none."""
        labels = cls()
        if numbering is None:
            return labels
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
        for style in styles.iterfind("{*}style") if styles is not None else ():
            of_list = _list_of(style.find("{*}pPr"))
            if of_list is not None:
                labels.styles[attribute(style, "styleId")] = of_list
        return labels

    def label(self, paragraph: etree._Element) -> str:
        """Return the label of the next paragraph; '' without one, and for bare numbers and bullets."""
        settings = paragraph.find("{*}pPr")
        if not self.lists or settings is None:
            return ""
        of_list = _list_of(settings)
        if of_list is None:
            of_list = self.styles.get(attribute(settings.find("{*}pStyle"), "val"))
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


def _list_of(settings: etree._Element | None) -> tuple[str, int] | None:
    """Return the list and level that the settings of a paragraph or style name."""
    of_list = settings.find("{*}numPr") if settings is not None else None
    if of_list is None:
        return None
    level = _whole(attribute(of_list.find("{*}ilvl"), "val"), 0)
    return attribute(of_list.find("{*}numId"), "val"), min(max(level, 0), _LEVELS - 1)


def _whole(stated: str, otherwise: int) -> int:
    return int(stated) if re.fullmatch(r"[0-9]{1,6}", stated) else otherwise
