"""The tables of the paper, as Markdown in `reports/_generated`: every word in them is escaped.

They are handed on as data and printed at the last moment. The data behind each are kept beside
them, for whoever takes a table away (`downloads`).
"""

from __future__ import annotations

import csv
import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

import pandas as pd

from analysis.claims import read_claims
from analysis.claims.asking import Asked, asked_code
from analysis.claims.examples import PRESENCE, together
from analysis.claims.reading import CLAIMS
from analysis.coding import by_number, file_numbers
from analysis.files.problems import Problem, StudyError
from analysis.files.spreadsheet import safe_csv
from analysis.report.links import Linker, of_code, of_pair
from analysis.report.numbers import format_value
from analysis.report.pages.nobody_asks import MARK, nobody_asks
from analysis.stages.cooccurrence import meeting_most
from analysis.study.folder import Study
from analysis.text.english import grouped
from analysis.text.escape import markdown
from analysis.text.passage_html import leaf

# The data behind the tables, in the folder of reports.
KEPT = Path("_generated", "tables")
# Units of two numbers a cell, and what their columns are called after the name of the one.
_PAIRS = {"of": ("", ", of"), "range": (", lower", ", upper")}
MOST = 15
# So many rows of a table stand on a page; more are data, which nobody reads from row to row.
ON_A_PAGE = 500
# Choices whose keys may be names of people.
OF_PEOPLE = ("coders", "code_names")
# As many letters stand in a line of a table in the PDF, and are taken by what parts two columns.
_PAGE = 108
_BETWEEN = 3
# Of a column its longest cells tell how wide it should be.
_LOOKED_AT = 40
# A word, with what parts it from the next: a line may end after it.
_PIECE = re.compile(r"[^\s\-–/]*(?:[-–/]+|\s+|$)")


@dataclass(frozen=True)
class Table:
    """What a table of the paper shows: rows as data, and how each column is printed.

    `units` gives the unit of each column, in the order shown (`numbers.format_value`); `linked`
    the cells of some as Markdown that leads somewhere (`markdown_table`).
    """

    rows: pd.DataFrame
    units: Mapping[str, str]
    linked: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def shown(self, reports: Path) -> str:
        """The table as Markdown; its data are kept for the page that shows it (`kept`).

        Of more than `ON_A_PAGE` rows the first are shown, and a last one says how many more the data hold.
        """
        linked = {name: cells[:ON_A_PAGE] for name, cells in self.linked.items()}
        text = markdown_table(self.rows.head(ON_A_PAGE), self.units, linked)
        more = len(self.rows) - ON_A_PAGE
        if more > 0:
            told = f"and {grouped(more)} more, in the download of this table"
            text += "| " + " | ".join([told, *[""] * (len(self.units) - 1)]) + " |\n"
        folder = reports / KEPT
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _name_of(text)).write_bytes(safe_csv(self.data()))
        return text

    def data(self) -> pd.DataFrame:
        """The columns that are shown, not rounded; of a column of pairs there are two."""
        columns: dict[str, pd.Series] = {}
        for name, unit in self.units.items():
            own = self.rows[name] if name in self.rows else pd.Series(dtype=object)
            if unit not in _PAIRS:
                columns[name] = own
                continue
            for place, named in enumerate(_PAIRS[unit]):
                columns[name + named] = own.map(itemgetter(place), na_action="ignore")
        return pd.DataFrame(columns)


def kept(reports: Path, lines: Sequence[str]) -> list[list[str]] | None:
    """The rows, heading first, of the data behind a table that stands in prose as `lines`.

    None for a table that no `Table` wrote, such as one that authors typed.
    """
    file = reports / KEPT / _name_of("\n".join(lines))
    if not file.is_file():
        return None
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def _name_of(text: str) -> str:
    """Data are found by the Markdown that shows them: whatever page includes it, and where."""
    lines = (line.strip() for line in text.strip().splitlines())
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()[:32] + ".csv"


def write_all(study: Study, linker: Linker) -> None:
    """Write every table that a paper may include; one that has no rows says so."""
    folder = study.reports / "_generated"
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in _tables(study, linker).items():
        (folder / f"{name}.md").write_text(table.shown(study.reports), encoding="utf-8")
    crossed = crossed_attributes(
        study.sources, study.choices.crossed_attributes, study.choices.minimum_cell, study.reports
    )
    (folder / "participants-crossed.md").write_text(crossed, encoding="utf-8")


def markdown_table(
    table: pd.DataFrame,
    units: Mapping[str, str],
    linked: Mapping[str, Sequence[str]] | None = None,
) -> str:
    """`table` as a pipe table; `units` gives the unit of each column, in the order shown.

    `linked` gives the cells of a column as Markdown that says the same and leads somewhere.

    Columns whose unit is text or a pair stand left, numbers right; a number that is missing is one that
    could not be computed. Without rows one row says so: a table that prose refers to is there
    whatever the data hold.
    """
    names = list(units)
    rows = (
        [["nothing to show", *[""] * (len(names) - 1)]]
        if table.empty
        else [
            [
                format_value(_plain(cell), unit)
                for cell, unit in zip(row, units.values(), strict=True)
            ]
            for row in table[names].itertuples(index=False)
        ]
    )
    heading = [markdown(name) for name in names]
    aligned = [
        ":" + "-" * room if units[name] in ("text", *_PAIRS) else "-" * room + ":"
        for name, room in zip(names, _rooms([heading, *rows]), strict=True)
    ]
    if not table.empty:
        for name, cells in (linked or {}).items():
            for row, cell in zip(rows, cells, strict=True):
                row[names.index(name)] = cell
    lines = [heading, aligned, *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def _rooms(rows: Sequence[Sequence[str]]) -> list[int]:
    """How wide each column should be beside the others, in letters.

    Where all cells fit on a line each, they do. Else each column has room for its longest word, and
    what is left of the page goes, bit by bit, where it saves most lines.
    """
    columns = [*zip(*rows, strict=True)]
    wanted = [_BETWEEN + _set(max(map(len, column))) for column in columns]
    rooms = [_BETWEEN + _set(max(map(longest_word, column))) for column in columns]
    if sum(wanted) <= _PAGE:
        return wanted
    heights = [
        {room: _height(column, room - _BETWEEN) for room in range(low, max(low, want) + 1)}
        for column, low, want in zip(columns, rooms, wanted, strict=True)
    ]
    while spare := max(0, _PAGE - sum(rooms)):
        saved, at, more = max(
            ((heights[at][room] - heights[at][wider]) / (wider - room), -at, wider - room)
            for at, room in enumerate(rooms)
            for wider in range(room + 1, room + spare + 1)
            if wider in heights[at]
        )
        if not saved:
            break
        rooms[-at] += more
    return rooms


def _height(column: Sequence[str], room: int) -> int:
    """How tall a column of that room is; a cell of many lines counts more than many of two."""
    tallest = sorted(column, key=len)[-_LOOKED_AT:]
    return sum(_lines(cell, room) ** 2 for cell in tallest)


def _lines(cell: str, room: int) -> int:
    """In how many lines the words of a cell stand."""
    lines, used = 1, 0
    for piece in _PIECE.findall(cell):
        word = piece.rstrip()
        if used and used + len(word) > room:
            lines, used = lines + 1, 0
        used += len(piece)
    return lines


def longest_word(cell: str) -> int:
    """The most letters that stand without a place where a line may end."""
    return max((len(piece.rstrip()) for piece in _PIECE.findall(cell)), default=0)


def _set(letters: int) -> int:
    """The room that so many letters take at most: heads are bold, and other fonts are wider."""
    return letters + math.ceil(letters / 12)


def _plain(cell: object) -> object:
    return cell.item() if hasattr(cell, "item") else cell


def _tables(study: Study, linker: Linker) -> dict[str, Table]:
    codes, overall = study.codes, study.table("frequencies_overall")
    unit = study.choices.unit
    return {
        "sources": _sources(study.sources, nobody_asks(study.passages), linker),
        "participants": _participants(study.sources, linker),
        "codes": _codes(overall, codes, linker),
        "codes-by-role": _by_role(study.table("frequencies"), codes, linker),
        "pairs": _pairs(study.table("cooccurrence"), linker, unit),
        "cleaning": _cleaning(study),
        "coding-report": _coding_report(study),
        "claims-by-kind": _claims_by_kind(study, linker),
        "document-profiles": _document_profiles(study.table("document_profiles"), linker),
    }


def _told(linker: Linker, counts: Iterable[object], asked: Iterable[Asked | None]) -> list[str]:
    """Counts as Markdown, each leading to what it counts."""
    return [linker.told(int(str(n)), one) for n, one in zip(counts, asked, strict=True)]


def _sources(sources: pd.DataFrame, unknown: Set[str], linker: Linker) -> Table:
    """Sources by kind and role; how many are `unknown`, interviews without a known interviewer,
    where there are any."""
    sources = sources.assign(unknown=sources["source_id"].isin(unknown))
    grouped = sources.groupby(["kind", "role"], as_index=False).agg(
        sources=("source_id", "size"),
        cases=("case_id", "nunique"),
        earliest=("date", "min"),
        latest=("date", "max"),
        **({MARK: ("unknown", "sum")} if unknown else {}),
    )
    whose = [{"kind": row.kind, "role": row.role} for row in grouped.itertuples()]
    linked = {
        name: _told(linker, grouped[name], ({"list": name, **one} for one in whose))
        for name in ("sources", "cases")
    }
    grouped["role"] = grouped["role"].str.replace("_", " ")
    return Table(
        grouped,
        {
            "kind": "text",
            "role": "text",
            "sources": "count",
            "cases": "count",
            "earliest": "text",
            "latest": "text",
            **({MARK: "count"} if unknown else {}),
        },
        linked,
    )


def _participants(sources: pd.DataFrame, linker: Linker) -> Table:
    """People's attributes as separate margins: never crossed, so that nobody is singled out; of
    those that stand beside no passage the numbers lead nowhere."""
    people = sources[sources["kind"] == "interview"].drop_duplicates("case_id")
    parts = [
        people[name]
        .value_counts()
        .sort_index()
        .rename_axis("value")
        .reset_index(name="people")
        .assign(attribute=name)
        for name in ("role", "site")
    ]
    margins = pd.concat(parts, ignore_index=True)
    asked = [
        {"list": "cases", "kind": "interview", "role": row.value}
        if row.attribute == "role"
        else None
        for row in margins.itertuples()
    ]
    linked = {"people": _told(linker, margins["people"], asked)}
    margins["value"] = margins["value"].str.replace("_", " ")
    units = {"attribute": "text", "value": "text", "people": "count"}
    return Table(margins, units, linked)


def check_crossed(crossed: Sequence[str], register: pd.DataFrame) -> None:
    """Raise `StudyError` unless `crossed` is empty or names two different columns of `register`."""
    unknown = [name for name in crossed if name not in register.columns]
    if not crossed or (len(crossed) == len(set(crossed)) == 2 and not unknown):
        return
    found = ", ".join(map(repr, unknown or crossed))
    raise StudyError(
        Problem(
            "params.yml, crossed_attributes",
            f"{found}, no column of the register" if unknown else found,
            f"none, or two of {', '.join(register.columns)}",
            "correct the names, or write crossed_attributes: []",
        )
    )


def crossed_attributes(
    sources: pd.DataFrame, crossed: Sequence[str], least: int, reports: Path
) -> str:
    """How few people share what is published of them, and the crossing that was asked for.

    The first sentence tells k: the smallest number of interviewed people who share role and site.
    `crossed` is empty or names two columns of the register (`check_crossed`); their table is shown
    only when every cell has at least `least` people (an empty one has not), else a sentence says
    why not.
    """
    people = sources[sources["kind"] == "interview"].drop_duplicates("case_id")
    if people.empty:
        return "Nobody was interviewed yet.\n"
    k = int(people.groupby(["role", "site"]).size().min())
    told = f"The smallest group of people who share role and site has {k}.\n"
    if not crossed:
        return told
    cells = people.groupby(list(crossed)).size().unstack(fill_value=0)
    named = markdown(" and ".join(crossed))
    if int(cells.min().min()) < least:
        return f"{told}\n{named} are not crossed: a cell has fewer than {least} people.\n"
    shown = cells.rename(columns=str).reset_index()
    units = {str(name): "text" if name == crossed[0] else "count" for name in shown.columns}
    return f"{told}\n{Table(shown, units).shown(reports)}"


def _codes(overall: pd.DataFrame, codes: pd.DataFrame, linker: Linker) -> Table:
    usable = overall[overall["code"].isin(codes.loc[codes["usable"], "code"])]
    ranked = usable.sort_values(["sources", "segments", "code"], ascending=[False, False, True])
    ranked = ranked.head(MOST)
    linked = {
        name: _told(linker, ranked[name], (of_code(code, name) for code in ranked["code"]))
        for name in ("sources", "cases", "segments")
    }
    linked["words"] = [
        linker.behind(format_value(int(words), "words"), of_code(code, "segments"))
        for code, words in zip(ranked["code"], ranked["words"], strict=True)
    ]
    shown = ranked.assign(code=_short(ranked["code"]))
    return Table(
        shown,
        {
            "code": "text",
            "sources": "count",
            "cases": "count",
            "segments": "count",
            "words": "words",
        },
        linked,
    )


def _by_role(frequencies: pd.DataFrame, codes: pd.DataFrame, linker: Linker) -> Table:
    """Cases that carry each code, of the cases interviewed, one column for each role."""
    people = frequencies[frequencies["kind"] == "interview"]
    people = people[people["code"].isin(codes.loc[codes["usable"], "code"])]
    if people.empty:
        return Table(people, {"code": "text", "cases": "count"})
    shares = people.assign(
        of=list(zip(people["cases"].tolist(), people["n_cases"].tolist(), strict=True))
    ).pivot(index="code", columns="role", values="of")
    total = people.groupby("code")["cases"].sum()
    order = total[total > 0].sort_values(ascending=False, kind="stable").index[:MOST]
    counted = people.set_index(["code", "role"])

    def cell(code: str, role: str) -> str:
        if (code, role) not in counted.index:
            return ""
        row, whose = counted.loc[(code, role)], {"kind": "interview", "role": role}
        n = linker.told(int(row["cases"]), of_code(code, "cases", **whose))
        return f"{n} of {linker.told(int(row['n_cases']), {'list': 'cases', **whose})}"

    linked = {
        role.replace("_", " "): [cell(code, role) for code in order] for role in map(str, shares)
    }
    shown = shares.loc[order].rename(columns=lambda role: role.replace("_", " ")).reset_index()
    shown["code"] = _short(shown["code"])
    units = {str(name): "text" if name == "code" else "of" for name in shown.columns}
    return Table(shown, units, linked)


def _pairs(pairs: pd.DataFrame, linker: Linker, unit: str) -> Table:
    shown = meeting_most(pairs).head(MOST)
    asked = (of_pair(linker, row.code_a, row.code_b, unit) for row in shown.itertuples())
    linked = {"times met": _told(linker, shown["n_ab"], asked)}
    shown = shown.assign(code=_short(shown["code_a"]), meets=_short(shown["code_b"]))
    units = {
        "code": "text",
        "meets": "text",
        "n_ab": "count",
        "expected": "rate",
        "p": "p",
        "q": "p",
    }
    renamed = {"n_ab": "times met"}
    return Table(
        shown.rename(columns=renamed),
        {renamed.get(name, name): unit for name, unit in units.items()},
        linked,
    )


def _short(codes: pd.Series | Sequence[str]) -> list[str]:
    return [leaf(str(code)) for code in codes]


def _cleaning(study: Study) -> Table:
    log = pd.concat([study.table(f"cleaning_log-{kind}") for kind in study.kinds])
    used = log[log["source_id"].isin(study.sources["source_id"])]
    summed = used.groupby("rule", as_index=False).agg(
        sources=("source_id", "nunique"), edits=("count", "sum"), characters=("characters", "sum")
    )
    summed["rule"] = summed["rule"].str.replace("_", " ")
    return Table(
        summed, {"rule": "text", "sources": "count", "edits": "count", "characters": "count"}
    )


def _coding_report(study: Study) -> Table:
    report = by_number(study.table("coding_report"), file_numbers(study.raw / "coding"))
    return Table(report, {"file": "text", "topic": "text", "detail": "text", "count": "count"})


def _claims_by_kind(study: Study, linker: Linker) -> Table:
    """Each claim against each kind of source; a source with a code is no source in support."""
    stands = study.table("claims_by_kind")
    claims = read_claims(study.raw / CLAIMS, study.codes)
    codes = {claim.id: list(map(asked_code, claim.codes)) for claim in claims}
    columns = {
        "n_supporting": ("supports", "supports"),
        "n_qualifying": ("qualifies", "qualifies"),
        "n_contradicting": ("contradicts", "contradicts"),
    }
    linked = {
        name: _told(
            linker,
            stands[column],
            ({"claim": row.claim, "bears": does, "kind": row.kind} for row in stands.itertuples()),
        )
        for column, (name, does) in columns.items()
    }
    carrying = "sources with its codes"
    told = stands.assign(
        carrying=list(zip(stands["n_carrying"].tolist(), stands["n_sources"].tolist(), strict=True))
    )
    linked[carrying] = []
    for row in stands.itertuples():
        everywhere = {"list": "sources", "kind": row.kind}
        own = {"code": codes[row.claim][:1], "or_": codes[row.claim][1:], "coding": "counted"}
        n = linker.told(row.n_carrying, {**everywhere, **own})
        of = linker.told(row.n_sources, everywhere)
        linked[carrying].append(f"{n} of {of}")
    told = told.assign(leans=stands["state"].replace(PRESENCE, "present, nothing judged"))
    kinds = stands.groupby("claim", sort=False)["state"].agg(together)
    first = ~told["claim"].duplicated()
    told["together"] = told["claim"].map(kinds).where(first, "")
    told = told.rename(
        columns={
            "carrying": carrying,
            "leans": "this kind speaks",
            "together": "the kinds together",
            **{column: name for column, (name, _) in columns.items()},
        }
    )
    return Table(
        told,
        {
            "claim": "text",
            "kind": "text",
            carrying: "of",
            "supports": "count",
            "qualifies": "count",
            "contradicts": "count",
            "this kind speaks": "text",
            "the kinds together": "text",
        },
        linked,
    )


def _document_profiles(profiles: pd.DataFrame, linker: Linker) -> Table:
    """Who wrote each document, for whom; its name leads to what was coded or judged of it."""
    linked = [linker.behind(markdown(name), {"source": name}) for name in profiles["source_id"]]
    names = ("source", "date", "author", "audience", "purpose", "omissions")
    return Table(
        profiles.rename(columns={"source_id": "source"}),
        dict.fromkeys(names, "text"),
        {"source": linked},
    )


def write_quotations(quotations: Mapping[str, tuple[str, str, str]], folder: Path) -> None:
    """Write `folder/quotations/<name>.md` for each: words, who said them, and the link to them."""
    target = folder / "quotations"
    target.mkdir(parents=True, exist_ok=True)
    for name, (words, who, anchor) in quotations.items():
        (target / f"{name}.md").write_text(
            f"> {markdown(words)}\n>\n> [{markdown(who)}]({anchor})\n", encoding="utf-8"
        )
