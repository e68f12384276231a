"""The codings of one part of a project -> spans on the clean texts, or why not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.cleaning import PseudonymKey
from analysis.cleaning.edits import CleanText
from analysis.coding.placing.alignment import Alignment
from analysis.coding.placing.anchoring import Anchorer, Quotation
from analysis.coding.placing.coders import coders_of
from analysis.coding.placing.disguise import Disguise, trimmed
from analysis.coding.placing.folding import fold_text
from analysis.coding.placing.ledger import PLACED, Fate
from analysis.coding.placing.names import CodeNames
from analysis.coding.placing.nearest import Nearest
from analysis.coding.placing.part import Part
from analysis.coding.placing.placed import Found
from analysis.coding.project import Report
from analysis.files.problems import Problem, StudyError


class Placer:
    """Places one part of a project; gathers what went wrong."""

    def __init__(
        self,
        part: Part,
        names: CodeNames,
        coders: Mapping[str, str],
        anchor_score: float,
        key: PseudonymKey | None,
    ) -> None:
        self.project, self._matched, self._cleaned = part.project, part.matched, part.cleaned
        self._report = Report(part.project.origin)
        self.found = Found(self._report)
        self._names = names
        self._called, self._anchor_score = coders_of(part.project, coders), anchor_score
        self._disguise = Disguise(key)
        self._anchorers: dict[str, Anchorer] = {}
        self._split: dict[str, tuple[list[str], list[str]]] = {}

    def place_spans(self) -> None:
        """Place the codings that come with positions."""
        for name, codings in self.project.codings.groupby("source_id", sort=True):
            source_id = self._source_of(str(name), codings)
            if source_id:
                self._place_in(source_id, str(name), codings)

    def _place_in(self, source_id: str, name: str, codings: pd.DataFrame) -> None:
        clean = self._cleaned[source_id]
        text = self.project.texts.get(name)
        alignment = None if text is None else Alignment(text, clean.original)
        if text is not None and text != clean.original:
            self._report.add("aligned", "sources whose text differs from the project's")
        held = clean.original if text is None else text
        nearest, cleaned = Nearest(held), Nearest(clean.text)
        disguised = self._disguise.beside(text, clean)
        spots: dict[tuple[int, int], tuple[int, int] | str] = {}
        for one in codings.itertuples():
            start, end = _between(nearest, one) or (one.start, one.end)
            if end == len(held) + 1:
                end -= 1
                self._report.add("offsets", "ends one past the end of their text, cut back to it")
            inside = 0 <= start < end <= len(held)
            if one.quote and not (inside and self._repeats(clean, held, start, end, one.quote)):
                place = nearest.place(one.quote, start)
                if place is None:
                    shown = cleaned.place(self._disguise.of(one.quote), start)
                    if shown is not None:
                        self._report.add("anchored", "found by its words in the text as cleaned")
                        self._keep(source_id, trimmed(clean, shown), one)
                    elif self.project.stated:
                        self._mismatch(one.row, inside, one, len(held))
                    else:
                        self._keep(source_id, self._anchored(source_id, one.quote), one)
                    continue
                (start, end), inside = place, True
                self._report.add("anchored", "found by its words, not at the position stated")
            if not inside:
                self._mismatch(one.row, inside, one, len(held))
                continue
            if (start, end) not in spots:
                spots[start, end] = self._spot(clean, alignment, start, end)
                if isinstance(spots[start, end], str) and disguised:
                    # Aligned once more only now: two long texts cost time.
                    spots[start, end] = disguised.spot(start, end, self._anchor_score)
            self._keep(source_id, spots[start, end], one)

    def _repeats(self, clean: CleanText, held: str, start: int, end: int, quote: str) -> bool:
        """Whether the quotation is what stands at the span, as it is or as it was cleaned."""
        if fold_text(quote) == fold_text(held[start:end]):
            return True
        if held is not clean.original:
            return False
        span = clean.to_clean(start, end)
        said = fold_text(clean.text[slice(*span)]) if span else ""
        return bool(said) and said in (fold_text(quote), fold_text(self._disguise.of(quote)))

    def _mismatch(self, row: int, inside: bool, one: Any, length: int) -> None:
        if inside:
            self._wrong(
                row,
                "a quote that does not match the text of its span",
                "the words of the span",
                "correct start and end, or the quote",
            )
        else:
            self._wrong(
                row,
                f"span {one.start} to {one.end}",
                f"a span within 0 to {length}",
                "code this passage again, or take the row out",
            )

    def _anchored(self, source_id: str, quote: str) -> tuple[int, int] | str:
        """Where words stand whose position is not theirs."""
        clean = self._cleaned[source_id]
        if source_id not in self._anchorers:
            self._anchorers[source_id] = Anchorer({source_id: clean}, self._anchor_score)
        (anchor,) = self._anchorers[source_id].anchor([Quotation(source_id, quote, "")])
        if anchor.span is None:
            return anchor.reason
        self._report.add("anchored", anchor.reason)
        return trimmed(clean, clean.to_clean(*anchor.span))

    def _spot(
        self, clean: CleanText, alignment: Alignment | None, start: int, end: int
    ) -> tuple[int, int] | str:
        """Where a span of the project stands in the clean text, or why it does not."""
        span = alignment.to_other(start, end, self._anchor_score) if alignment else (start, end)
        if span is None:
            return "these words are not in the source's text"
        return trimmed(clean, clean.to_clean(*span))

    def place_quotations(self) -> None:
        """Find the codings that come without positions by the words they quote."""
        coded: list[tuple[str, Any]] = []
        for name, quotations in self.project.quotations.groupby("source_name", sort=True):
            source_id = self._source_of(str(name), quotations)
            if source_id:
                coded += [(source_id, one) for one in quotations.itertuples()]
        coded.sort(key=lambda pair: pair[1].row)
        anchorer = Anchorer(
            {source_id: self._cleaned[source_id] for source_id, _ in coded}, self._anchor_score
        )
        anchors = anchorer.anchor(
            [Quotation(source_id, one.quote, one.segment) for source_id, one in coded]
        )
        for (source_id, one), anchor in zip(coded, anchors, strict=True):
            if anchor.span is None and (said := self._disguise.of(one.quote)) != one.quote:
                (anchor,) = anchorer.anchor([Quotation(source_id, said, one.segment)])
            spot: tuple[int, int] | str = anchor.reason
            if anchor.span is not None:
                clean = self._cleaned[source_id]
                spot = trimmed(clean, clean.to_clean(*anchor.span))
                self._report.add("anchored", anchor.reason)
            self._keep(source_id, spot, one)

    def _source_of(self, name: str, coded: pd.DataFrame) -> str | None:
        """The source of the register for a source of the project; None when not to be placed."""
        rows, (found, is_withdrawn) = coded["row"], self._matched[name]
        if not found and is_withdrawn:
            self._report.add("withdrawn", "codings of withdrawn sources, skipped", len(rows))
            for one in coded.itertuples():
                for code in self._codes(one.code, None):
                    self._note(one, code, "of a withdrawn source")
            return None
        if len(found) != 1:
            what = "no source" if not found else f"{len(found)} sources"
            self._wrong(
                rows.iloc[0],
                f"{len(rows)} codings of {name!r}, which fits {what} of the register",
                "one source",
                "give this name in the column coded_as of sources.csv",
            )
            return None
        source_id = next(iter(found))
        if source_id not in self._cleaned:
            self._wrong(
                rows.iloc[0],
                f"codings of {source_id}, which has no text",
                "a text for every coded source",
                "give its file in sources.csv",
            )
            return None
        return source_id

    def _codes(self, given: str, row: int | None) -> list[str]:
        """The codes of a cell; with a `row` those that the codebook lacks are noted, else kept."""
        if given not in self._split:
            self._split[given] = self._names.split(given)
        found, missing = self._split[given]
        missing = missing or ([] if found else [given])
        if row is None:
            return [*found, *missing]
        for code in missing:
            self.found.unknown.setdefault(code, []).append(row)
        return found

    def _keep(self, source_id: str, spot: tuple[int, int] | str, one: Any) -> None:
        for path in self._codes(one.code, one.row):
            if isinstance(spot, str):
                self._report.add("not placed", spot)
                self.found.unplaced.append((self.project.origin, one.row, source_id, spot))
                self._note(one, path, spot)
                continue
            self._report.add("placed", "codings on the clean texts")
            coder = self._called[one.coder]
            self.found.placed.append((source_id, *spot, path, coder, self.project.origin, one.memo))
            self._note(one, path, PLACED)

    def _note(self, one: Any, code: str, fate: str) -> None:
        table = "quotations" if hasattr(one, "segment") else "codings"
        coder = self._called[one.coder]
        self.found.fates.append(Fate(self.project.origin, table, one.Index, coder, code, fate))

    def _wrong(self, row: int, found: str, expected: str, remedy: str) -> None:
        self.found.problems.append(Problem(self.project.where(row), found, expected, remedy))


def _between(nearest: Nearest, one: Any) -> tuple[int, int] | None:
    """The one place that has the words which the file gives around a quotation, if it gives any."""
    before, after = getattr(one, "before", ""), getattr(one, "after", "")
    if not before and not after:
        return None
    return nearest.between(before, one.quote, after, one.start, one.end)


def placed(
    part: Part,
    names: CodeNames,
    coders: Mapping[str, str],
    anchor_score: float,
    key: PseudonymKey | None,
) -> Found:
    """Place one part; a text that cannot be read is a problem, for a cluster logs what is raised."""
    placer = Placer(part, names, coders, anchor_score, key)
    try:
        placer.place_spans()
        placer.place_quotations()
    except StudyError as error:
        placer.found.problems += error.problems
    return placer.found
