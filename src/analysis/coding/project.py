"""What a coded project holds once it is read, whatever program wrote it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.files.problems import Problem, StudyError

UNKNOWN_CODER = "unknown"
SET_ASIDE = "set aside"
FOLDER = "data/raw/coding"
OUR_ORIGIN = "Qualitative analysis export"

SOURCE_COLUMNS = ("source_id", "name", "file", "case")
# What a codebook says of a code.
TOLD_OF_CODES = ("definition", "include", "exclude", "example")
CODE_COLUMNS = ("code", "parent", "name", "depth", "guid", *TOLD_OF_CODES, "usable")
CODING_COLUMNS = ("source_id", "start", "end", "code", "coder", "memo", "row", "quote")
QUOTATION_COLUMNS = ("source_name", "row", "segment", "quote", "code", "coder", "memo")
REPORT_COLUMNS = ("file", "topic", "detail", "count")


@dataclass(frozen=True)
class CodedProject:
    """Sources, texts, codes and coded spans of one project file, as that file has them.

    - `sources`: source_id (unique within the project), name, file, case, then one column per
      attribute of the source or of its case.
    - `texts`: source_id -> text, for the sources whose text the project carries.
    - `codes`: code (path `parent/child`), parent, name, depth (0 at the top), guid ('' where the
      program has none), definition, include, exclude, example, usable. Sorted by path.
    - `codings`: source_id, start, end, code, coder, memo, row (counted in `counted_in`: line of a
      CSV as an editor shows it, row of a sheet, or running number of the coding), quote ('' where
      the file does not repeat the words). Positions are code points of `texts[source_id]`,
      end-exclusive; of the reader's text where there is no such text.
    - `quotations`: codings without positions: source_name, row, segment (what the file calls the
      passage, '' if nothing), quote, code, coder, memo.
      A `code` that a person typed into a comment or a cell may be several; `place` tells them
      apart by the codebook.
    - `cases`: case, then one column per attribute.
    - `report`: file, topic, detail, count: what was read, decided and left out.
    - `stated`: people wrote its positions, so that a quotation which is nowhere in the text is a
      fault of theirs, to be told, and no change that a program made.
    - `problems`: what is wrong with single rows, which are left out: to be told with all else.
    """

    origin: str
    format: str
    sources: pd.DataFrame
    texts: Mapping[str, str]
    codes: pd.DataFrame
    codings: pd.DataFrame
    quotations: pd.DataFrame
    cases: pd.DataFrame
    report: pd.DataFrame
    counted_in: str = "coding"
    stated: bool = False
    problems: tuple[Problem, ...] = ()

    @classmethod
    def unreadable(cls, origin: str, problems: Sequence[Problem]) -> CodedProject:
        """A file of which nothing could be read, and why."""
        return cls._empty(origin, "unreadable", Report(origin), problems)

    @classmethod
    def set_aside(cls, origin: str, found: str) -> CodedProject:
        """A file that is no coding, and what it is."""
        report = Report(origin)
        report.add(SET_ASIDE, found)
        return cls._empty(origin, SET_ASIDE, report, ())

    @classmethod
    def _empty(
        cls, origin: str, form: str, report: Report, problems: Sequence[Problem]
    ) -> CodedProject:
        return cls(
            origin,
            form,
            rows_table([], SOURCE_COLUMNS),
            {},
            codes_table([], report),
            codings_table([]),
            quotations_table([]),
            rows_table([], ("case",)),
            report.table(),
            problems=tuple(problems),
        )

    def where(self, row: int) -> str:
        """Where a coding stands, as said to the person who can correct it."""
        return f"{FOLDER}/{self.origin}, {self.counted_in} {row}"


@dataclass
class Report:
    """Lines on what was read and left out, in the order in which they were first said."""

    file: str
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, topic: str, detail: str, count: int = 1) -> None:
        """Count `detail` under `topic`; a count of 0 leaves no line."""
        if count:
            self.counts[topic, detail] += count

    def table(self) -> pd.DataFrame:
        """The lines as a table of REPORT_COLUMNS."""
        rows = [(self.file, *key, count) for key, count in self.counts.items()]
        return rows_table(rows, REPORT_COLUMNS, whole=("count",))


def rows_table(
    rows: Iterable[tuple[object, ...]], columns: Iterable[str], whole: Iterable[str] = ()
) -> pd.DataFrame:
    """A table of text columns, those in `whole` as int64; of the right types when empty too."""
    names = list(columns)
    values = list(zip(*rows, strict=True)) or [()] * len(names)
    return columns_table(dict(zip(names, values, strict=True)), whole)


def columns_table(
    columns: Mapping[str, Sequence[object]], whole: Iterable[str] = ()
) -> pd.DataFrame:
    """`columns` as a table: those in `whole` as int64, the others as text."""
    integers = set(whole)
    return pd.DataFrame(
        {
            name: pd.Series(column, dtype="int64" if name in integers else "str")
            for name, column in columns.items()
        }
    )


def codings_table(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """`rows` in the order of CODING_COLUMNS as the table of codings of a project."""
    return rows_table(rows, CODING_COLUMNS, whole=("start", "end", "row"))


def quotations_table(rows: Iterable[tuple[object, ...]]) -> pd.DataFrame:
    """`rows` in the order of QUOTATION_COLUMNS as the table of quotations of a project."""
    return rows_table(rows, QUOTATION_COLUMNS, whole=("row",))


def attributes_table(
    rows: Iterable[tuple[object, ...]],
    columns: tuple[str, ...],
    attributes: Iterable[Mapping[str, str]],
) -> pd.DataFrame:
    """`rows` of `columns` with a text column for every attribute, '' where one lacks it.

    An attribute named like one of `columns` is called `attribute <name>`.
    """
    table = rows_table(rows, columns)
    renamed = [
        {(f"attribute {name}" if name in columns else name): value for name, value in one.items()}
        for one in attributes
    ]
    for name in sorted({name for one in renamed for name in one}):
        table[name] = pd.Series([one.get(name, "") for one in renamed], dtype="str")
    return table


def step(name: str) -> str:
    """A code name as one step of a path: trimmed, NFC, its own `/` written `∕`."""
    trimmed = " ".join(unicodedata.normalize("NFC", name).split())
    return trimmed.replace("/", "∕") or "unnamed"


def parent_of(path: str) -> str:
    """The path above `path`, or '' at the top."""
    return path.rpartition("/")[0]


# Codebooks of people have four or five; of each code all that are above it are rows too.
MOST_LEVELS = 100


@dataclass(frozen=True)
class Code:
    """A code as a program has it: where it stands, what identifies it, and what is said of it."""

    path: str
    guid: str = ""
    definition: str = ""
    usable: bool = True
    include: str = ""
    exclude: str = ""
    example: str = ""

    def told(self) -> dict[str, str]:
        """What is said of it: `TOLD_OF_CODES` -> words."""
        return {name: str(getattr(self, name)) for name in TOLD_OF_CODES}

    def with_told(self, other: Code) -> Code:
        """This code with what `other` says where it says nothing itself."""
        return replace(
            self,
            guid=self.guid or other.guid,
            definition=self.definition or other.definition,
            include=self.include or other.include,
            exclude=self.exclude or other.exclude,
            example=self.example or other.example,
        )


def codes_table(codes: Iterable[Code], report: Report) -> pd.DataFrame:
    """The codes as a table sorted by path, with the parents that no program states.

    A heading (not usable) and a code of the same path are one code with children.
    Give paths through `distinct_paths` first: two usable codes never share one here. Raises
    `StudyError` for codes within codes without end.
    """
    codes = list(codes)
    deepest = max((code.path.count("/") + 1 for code in codes), default=0)
    if deepest > MOST_LEVELS:
        raise StudyError(
            Problem(
                report.file,
                f"codes within codes, {deepest:,} levels of them",
                f"at most {MOST_LEVELS} levels",
                "look for codes that stand above themselves, and export again",
            )
        )
    by_path: dict[str, Code] = {}
    for code in codes:
        known = by_path.get(code.path)
        if known is None:
            by_path[code.path] = code
            continue
        report.add("codes", "heading and code of one name taken as one code")
        usable, other = (code, known) if code.usable else (known, code)
        by_path[code.path] = usable.with_told(other)
    for path in list(by_path):
        above = parent_of(path)
        while above and above not in by_path:
            by_path[above] = Code(above, usable=False)
            above = parent_of(above)
    rows = [
        (
            path,
            parent_of(path),
            path.rpartition("/")[2],
            path.count("/"),
            code.guid,
            *code.told().values(),
        )
        for path, code in sorted(by_path.items())
    ]
    table = rows_table(rows, CODE_COLUMNS[:-1], whole=("depth",))
    table["usable"] = pd.Series([by_path[path].usable for path in sorted(by_path)], dtype=bool)
    return table


def distinct_names(names: Iterable[str], otherwise: str) -> list[str]:
    """The names, a repeated one with ` (2)`, ` (3)` behind it, an empty one as `otherwise`."""
    given = [name.strip() or otherwise for name in names]
    taken = set(given)
    seen: Counter[str] = Counter()
    distinct = []
    for name in given:
        seen[name] += 1
        label = name
        while seen[name] > 1 and (label := f"{name} ({seen[name]})") in taken:
            seen[name] += 1
        taken.add(label)
        distinct.append(label)
    return distinct
