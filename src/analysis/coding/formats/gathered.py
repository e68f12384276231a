"""What a reader gathers of one file, and the project that it makes: positions judged by words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from analysis.coding.formats.judged import FROM_NOUGHT, Span, Stated, judged
from analysis.coding.formats.offsets import Selections, StoredText, choose_reading
from analysis.coding.project import (
    SOURCE_COLUMNS,
    UNKNOWN_CODER,
    Code,
    CodedProject,
    Report,
    attributes_table,
    codes_table,
    codings_table,
    distinct_names,
    quotations_table,
)

# Beyond any text, and still a number of 64 bits.
_FARTHEST = 1 << 40


@dataclass(frozen=True)
class Said:
    """One coding as a file has it. `start` and `end` are as stated, None where it states none;
    `words` are those that it stores, '' where it stores none."""

    start: int | None
    end: int | None
    words: str
    code: str
    coder: str = ""
    memo: str = ""
    row: int = 0


@dataclass
class Gathered:
    """Sources, codes and codings in the order in which they stand in the file `where`.

    `program` is who counted the positions, as far as that is known (`offsets`); `shifts` what may
    have to be added to them (`judged`). The codings of a source without text are judged on the
    text of the study.
    """

    where: str
    form: str
    report: Report
    program: str = ""
    shifts: tuple[Span, ...] = (FROM_NOUGHT,)
    counted_in: str = "coding"
    codes: dict[str, Code] = field(default_factory=dict)
    cases: dict[str, dict[str, str]] = field(default_factory=dict)
    _sources: dict[object, tuple[str, str, str, Mapping[str, str]]] = field(default_factory=dict)
    _texts: dict[object, StoredText] = field(default_factory=dict)
    _said: dict[object, list[Said]] = field(default_factory=dict)
    _rows: int = 0

    def source(
        self,
        key: object,
        name: str,
        text: str | None,
        file: str = "",
        case: str = "",
        attributes: Mapping[str, str] | None = None,
    ) -> None:
        """Add the source `key`; `text` is None where the file does not hold it."""
        self._sources[key] = (name, file, case, attributes or {})
        if text:
            self._texts[key] = StoredText.of(text)

    def code(self, path: str, definition: str = "", *, usable: bool = True) -> None:
        """Add a code; of several by one path the first that says what it means counts."""
        known = self.codes.get(path)
        if known is None or (definition and not known.definition):
            self.codes[path] = Code(path, definition=definition, usable=usable)

    def coding(self, key: object, said: Said) -> None:
        """Add a coding of the source `key`; positions beyond any text are left out and told."""
        self._rows += 1
        if key not in self._sources:
            self.report.add("left out", "codings of sources that are not listed")
        elif said.start is not None and not _possible(said):
            self.report.add("left out", "codings whose positions are no span of their text")
        else:
            if said.code not in self.codes:
                self.code(said.code)
            self._said.setdefault(key, []).append(
                Said(
                    said.start,
                    said.end,
                    said.words,
                    said.code,
                    said.coder.strip() or UNKNOWN_CODER,
                    said.memo,
                    said.row or self._rows,
                )
            )

    def project(self) -> CodedProject:
        """The project; raises `StudyError` where positions can be read in two ways."""
        keys = list(self._sources)
        names = distinct_names([self._sources[key][0] for key in keys], "source")
        ids = dict(zip(keys, names, strict=True))
        codings: list[tuple[object, ...]] = []
        quotations: list[tuple[object, ...]] = []
        spans = self._spans()
        for key, told in self._said.items():
            for number, one in enumerate(told):
                rest = (one.code, one.coder, one.memo, one.row)
                if (key, number) in spans:
                    span = spans[key, number]
                    if span is None:
                        self.report.add(
                            "left out", f"coding whose words are not in its text (row {one.row})"
                        )
                        continue
                    codings.append((ids[key], *span, *rest, ""))
                elif one.start is not None:
                    codings.append((ids[key], one.start, one.end, *rest, one.words))
                else:
                    quotations.append((ids[key], one.row, "", one.words, *rest[:3]))
        for detail, count in (
            ("sources", len(keys)),
            ("codes", len(self.codes)),
            ("codings", len(codings) + len(quotations)),
        ):
            self.report.add("read", detail, count)
        told_of = [self._sources[key] for key in keys]
        return CodedProject(
            self.where,
            self.form,
            attributes_table(
                [(ids[key], *self._sources[key][:3]) for key in keys],
                SOURCE_COLUMNS,
                [attributes for *_, attributes in told_of],
            ),
            {ids[key]: stored.text for key, stored in self._texts.items()},
            codes_table(self.codes.values(), self.report),
            codings_table(sorted(codings, key=lambda row: int(str(row[6])))),
            quotations_table(quotations),
            attributes_table(
                [(name,) for name in self.cases], ("case",), list(self.cases.values())
            ),
            self.report.table(),
            counted_in=self.counted_in,
        )

    def _spans(self) -> dict[tuple[object, int], Span | None]:
        """The span of every coding of a source whose text is here."""
        spans: dict[tuple[object, int], Span | None] = {}
        wordless: dict[object, list[int]] = {}
        for key, told in self._said.items():
            if key not in self._texts:
                continue
            placed = [number for number, one in enumerate(told) if one.start is not None]
            if any(told[number].words for number in placed):
                stated = [
                    Stated(told[number].start or 0, told[number].end or 0, told[number].words)
                    for number in placed
                ]
                found = judged(self._texts[key], stated, self.report, self.shifts)
                spans |= {(key, number): span for number, span in zip(placed, found, strict=True)}
            elif placed:
                wordless[key] = placed
        return spans | self._by_edges(wordless)

    def _by_edges(
        self, wordless: Mapping[object, list[int]]
    ) -> dict[tuple[object, int], Span | None]:
        """Spans without stored words: read as most of them begin and end at the edge of a word."""
        if not wordless:
            return {}
        told = {
            key: Selections(
                self._texts[key],
                np.array([self._said[key][n].start for n in numbers], dtype=np.int64),
                np.array([self._said[key][n].end for n in numbers], dtype=np.int64),
                [""] * len(numbers),
            )
            for key, numbers in wordless.items()
        }
        reading = choose_reading(list(told.values()), self.program, self.report)
        spans: dict[tuple[object, int], Span | None] = {}
        for key, selections in told.items():
            starts, ends = selections.read(reading)
            for number, start, end in zip(
                wordless[key], starts.tolist(), ends.tolist(), strict=True
            ):
                spans[key, number] = (start, end) if start >= 0 else None
        return spans


def _possible(said: Said) -> bool:
    start, end = said.start, said.end
    return start is not None and end is not None and -1 <= start < end < _FARTHEST


def whole(value: object) -> int | None:
    """`value` as a whole number: an int, a float without a fraction, or either as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return int(number) if abs(number) < _FARTHEST and number == int(number) else None


def united(ranges: list[Span], text: str | None) -> list[Span]:
    """The ranges of one annotation, those joined that touch, or have but white space between."""
    joined: list[Span] = []
    for start, end in sorted(ranges):
        between = "" if text is None or not joined else text[joined[-1][1] : start]
        if joined and (start <= joined[-1][1] or (text is not None and not between.strip())):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
