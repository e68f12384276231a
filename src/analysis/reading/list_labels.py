"""Labels that OpenDocument lists show before their paragraphs: 'I:', 'P1:' of a list of speakers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from analysis.reading.markup import attribute, local
from analysis.reading.word_numbers import Level, says_who, written

_KINDS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}
_LEVELS = 10


@dataclass
class ListLabels:
    """The list styles of one document, and how far its lists have counted.

    `left_out` tells whether an entry has a bare number or bullet, which is no text.
    """

    styles: dict[str, dict[int, Level]] = field(default_factory=dict)
    of_paragraphs: dict[str, str] = field(default_factory=dict)
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    left_out: bool = False

    @classmethod
    def of(cls, *parts: etree._Element | None) -> ListLabels:
        """Read the list styles of content.xml and styles.xml, None where one is missing."""
        labels = cls()
        for part in parts:
            for style in part.iter("{*}list-style") if part is not None else ():
                labels.styles[attribute(style, "name")] = dict(_levels(style))
            for style in part.iter("{*}style") if part is not None else ():
                if attribute(style, "list-style-name"):
                    name = attribute(style, "name")
                    labels.of_paragraphs[name] = attribute(style, "list-style-name")
        return labels

    def style_of(self, whole: etree._Element, outer: str) -> str:
        """The name of the style of a list: its own, that of its first paragraph, or `outer`."""
        named = attribute(whole, "style-name")
        if named or outer:
            return named or outer
        first = next(whole.iter("{*}p", "{*}h"), None)
        return self.of_paragraphs.get(attribute(first, "style-name"), "")

    def begin(self, whole: etree._Element, style: str, depth: int) -> None:
        """Begin to count the list `whole`, unless it goes on with one before."""
        goes_on = attribute(whole, "continue-numbering") == "true" or attribute(
            whole, "continue-list"
        )
        counts = self.counts.setdefault(style, [None] * _LEVELS)
        if not goes_on and depth <= _LEVELS:
            counts[depth - 1 :] = [None] * (_LEVELS - depth + 1)

    def label(self, entry: etree._Element, style: str, depth: int) -> str:
        """Return the label of the next entry; '' without one, and for bare numbers and bullets."""
        level = self.styles.get(style, {}).get(depth)
        if local(entry) != "list-item" or level is None:
            return ""
        counts = self.counts[style]
        now, start = counts[depth - 1], attribute(entry, "start-value")
        following = level.begins if now is None else now + 1
        counts[depth - 1] = int(start) if re.fullmatch(r"[0-9]{1,6}", start) else following
        counts[depth:] = [None] * (_LEVELS - depth)
        if not says_who(level):
            self.left_out = True
            return ""

        def shown(match: re.Match[str]) -> str:
            of = self.styles[style].get(int(match[1]), level)
            count = counts[int(match[1]) - 1]
            return written(of.begins if count is None else count, of.kind)

        return re.sub("%([1-9])", shown, level.text).strip()


def _levels(style: etree._Element) -> Iterator[tuple[int, Level]]:
    for level in style:
        stated = attribute(level, "level")
        if not re.fullmatch(r"[1-9]|10", stated):
            continue
        depth = int(stated)
        around = attribute(level, "num-prefix"), attribute(level, "num-suffix")
        if local(level) == "list-level-style-bullet":
            text = attribute(level, "bullet-char").join(around)
            yield depth, Level(text, "bullet")
        elif local(level) == "list-level-style-number":
            kind = _KINDS.get(attribute(level, "num-format"), "none")
            # LibreOffice writes the whole form too: 'P%1%:'.
            form = re.sub("%([0-9]{1,2})%", r"%\1", attribute(level, "num-list-format"))
            start = attribute(level, "start-value")
            begins = int(start) if re.fullmatch(r"[0-9]{1,6}", start) else 1
            yield depth, Level(form or f"%{depth}".join(around), kind, begins)
