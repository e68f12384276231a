"""WebAnno TSV 3, as INCEpTION exports it: layers of spans over tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from glob import escape
from pathlib import PurePosixPath

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.format import Format
from analysis.coding.formats.gathered import Gathered, Said
from analysis.coding.formats.judged import Stated, judged
from analysis.coding.formats.offsets import StoredText
from analysis.coding.project import CodedProject, Report, step

_HEAD = "#FORMAT=WebAnno TSV 3"
_ROW = re.compile(r"\d+-\d+(?:\.\d+)?")
_OFFSETS = re.compile(r"(\d{1,12})-(\d{1,12})")
_VALUE = re.compile(r"(.*?)(?:\[(\d+)\])?", re.DOTALL)
# Of several features of a layer the code is the first one of these names, else the first.
_CODES = ("label", "value", "code", "tag", "category", "identifier")
_DOCUMENTS = frozenset({".txt", ".pdf", ".html", ".xml", ".docx", ".tsv", ".json", ".md"})


@dataclass
class _Layer:
    """One layer: where its columns begin, and the names of its features."""

    name: str
    first: int
    features: list[str]

    @property
    def code_at(self) -> int:
        """Which of its columns has the code."""
        plain = [name.casefold() for name in self.features]
        return next((plain.index(name) for name in _CODES if name in plain), 0)


@dataclass
class _Span:
    """One annotation: the first and last position that it reaches, and its values."""

    start: int
    end: int
    row: int
    values: dict[int, str] = field(default_factory=dict)


def is_webanno(file: CodingFile) -> bool:
    """Whether the file says so in its first line."""
    return file.text.startswith(_HEAD)


def read_webanno(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read one document as one person annotated it; the name of the person is the file's, where its
    folder is named as a document, else the folder's.

    A code is the value of a span; with several layers it stands below the layer's name, and a span
    without a value is coded with that name alone. Other features are the memo. Positions are
    UTF-16 units, judged by the tokens. Chains and relations are counted. Raises `StudyError` where
    positions can be read in two ways.
    """
    return _Document(file).read()


def told_by_path(file: CodingFile) -> tuple[str, str]:
    """The document and the coder that INCEpTION names by folder and file: `doc.txt/ann.tsv`; or
    `ann/doc.tsv`, as people sort them, where another folder has a file of this name too. The coder
    is '' where neither is so."""
    path = PurePosixPath(file.name)
    folder = path.parent.name
    if PurePosixPath(folder).suffix.lower() in _DOCUMENTS:
        return PurePosixPath(folder).stem, path.stem
    others = [
        one for one in file.path.parent.parent.glob(f"*/{escape(path.name)}") if one != file.path
    ]
    return path.stem, folder if folder and others else ""


class _Document:
    def __init__(self, file: CodingFile) -> None:
        self._file = file
        self._report = Report(file.name)
        self._layers: list[_Layer] = []
        self._tokens: list[Stated] = []
        self._pieces: list[str] = []
        self._units = 0
        self._spans: dict[tuple[int, str], _Span] = {}

    def read(self) -> CodedProject:
        self._body()
        stored = StoredText("".join(self._pieces))
        name, coder = told_by_path(self._file)
        gathered = Gathered(
            self._file.name, "WebAnno TSV", self._report, program="webanno", counted_in="line"
        )
        gathered.source(0, name, stored.text)
        several = len({layer for layer, _ in self._spans}) > 1
        spans = list(self._spans.items())
        # The tokens say how positions are counted; the spans begin and end where tokens do.
        stated = [Stated(one.start, one.end, "") for _, one in spans]
        places = judged(stored, [*self._tokens, *stated], Report(""))[len(self._tokens) :]
        self._report.add("offsets", "judged by the tokens", len(places))
        for ((layer, _), one), place in zip(spans, places, strict=True):
            if place is None:
                self._report.add("left out", "codings whose positions are no span of their text")
                continue
            code, memo = self._said(self._layers[layer], one, several)
            words = stored.text[slice(*place)]
            gathered.coding(0, Said(*place, words, code, coder, memo, one.row))
        return gathered.project()

    def _body(self) -> None:
        sentence: list[str] = []
        for number, line in enumerate(self._file.text.split("\n"), 1):
            line = line.removesuffix("\r")
            if line.startswith("#T_"):
                self._layer(line)
            elif line.startswith("#Text="):
                sentence.append(_plain(line.removeprefix("#Text=")))
            elif _ROW.match(line):
                cells = line.split("\t")
                found = _OFFSETS.fullmatch(cells[1]) if len(cells) > 2 else None
                if found is None:
                    self._report.add("left out", "rows without positions (not codings)")
                    continue
                start, end = int(found[1]), int(found[2])
                if sentence:
                    self._sentence("\n".join(sentence), cells[2], start)
                    sentence = []
                if start < end:
                    self._tokens.append(Stated(start, end, cells[2]))
                self._row(cells, start, end, number)

    def _layer(self, line: str) -> None:
        kind, _, said = line.removeprefix("#T_").partition("=")
        name, *features = said.split("|")
        first = (
            self._layers[-1].first + max(len(self._layers[-1].features), 1) if self._layers else 3
        )
        self._layers.append(_Layer(name if kind == "SP" else "", first, features or [""]))

    def _sentence(self, text: str, token: str, start: int) -> None:
        """Add a sentence so that its first token stands at `start`."""
        begins = start - _width(text[: max(text.find(token), 0)])
        gap = min(max(begins - self._units, 0), 1 << 20)
        self._pieces.append("\n" * min(gap, 1) + " " * (gap - 1) + text)
        self._units += gap + _width(text)

    def _row(self, cells: list[str], start: int, end: int, number: int) -> None:
        for at, layer in enumerate(self._layers):
            for place in range(max(len(layer.features), 1)):
                column = layer.first + place
                cell = cells[column] if column < len(cells) else "_"
                if cell in ("_", ""):
                    continue
                if not layer.name:
                    self._report.add("left out", "chains and relations (not codings)", place == 0)
                    continue
                for stack, value in enumerate(_parts(cell)):
                    found = _VALUE.fullmatch(value)
                    said, identifier = (found[1], found[2]) if found else (value, None)
                    key = identifier or f"row {number}.{stack}"
                    span = self._spans.setdefault((at, key), _Span(start, end, number))
                    span.start, span.end = min(span.start, start), max(span.end, end)
                    if said != "*":
                        span.values[place] = _plain(said)

    def _said(self, layer: _Layer, span: _Span, several: bool) -> tuple[str, str]:
        """The code of a span, and what else was stated of it."""
        name = step(layer.name.rpartition(".")[2])
        value = span.values.get(layer.code_at, "")
        memo = "; ".join(
            f"{layer.features[place]}: {said}"
            for place, said in sorted(span.values.items())
            if place != layer.code_at
        )
        if not value:
            return name, memo
        return (f"{name}/{step(value)}" if several else step(value)), memo


def _parts(cell: str) -> Iterator[str]:
    """The annotations that are stacked in a cell."""
    part = ""
    escaped = False
    for mark in cell:
        if mark == "|" and not escaped:
            yield part
            part = ""
            continue
        part += mark
        escaped = mark == "\\" and not escaped
    yield part


def _plain(text: str) -> str:
    """`text` without the backslashes that the format puts before its own marks."""
    return re.sub(
        r"\\(.)", lambda found: {"t": "\t", "n": "\n", "r": "\r"}.get(found[1], found[1]), text
    )


def _width(text: str) -> int:
    return len(text) + sum(mark > "\uffff" for mark in text)


FORMAT = Format("WebAnno TSV", (".tsv",), is_webanno, read_webanno)
