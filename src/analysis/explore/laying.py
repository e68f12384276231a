"""Codes laid out over a text, over sources side by side, and over two attributes crossed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.claims.joint import levels_of
from analysis.explore.counting import counted_rows
from analysis.explore.counts import Cell, Grid, Table
from analysis.explore.passages import Passages
from analysis.explore.results import Session
from analysis.explore.view import plural
from analysis.explore.wording import tree
from analysis.files.problems import Problem, StudyError
from analysis.measures import frequencies
from analysis.measures.said import words_of
from analysis.study.cases import CASES, read_cases

if TYPE_CHECKING:
    from plotnine import ggplot

Asking = Callable[..., Passages]
_NAMED = re.compile(r"[\w-]+")


def code_line(session: Session, source_id: str, asked: Asking) -> Grid:
    """A source from its first passage to its last: which codes lie on which passage."""
    page = asked(source=source_id, voice=session.corpus.values("voice"))
    names = session.corpus.names
    cells: dict[tuple[str, str], Cell] = {}
    spans = session.corpus.spans(source_id)
    for row in page.rows.to_dict("records"):
        own = [one for one in spans if one.start < row["end"] and one.end > row["start"]]
        for code in {one.code for one in own}:
            count = sum(one.code == code for one in own)
            said = f"{names.name(code)}, passage {row['passage']}: {plural(count, 'segment')}"
            cells[code, str(row["passage"])] = Cell(str(count), said, 1.0)
    first: dict[str, int] = {}
    for code, passage in cells:
        first[code] = min(first.get(code, int(passage)), int(passage))
    down = {code: names.name(code) for code in sorted(first, key=lambda one: (first[one], one))}
    ids = [f"{source_id}-{passage}" for passage in page.rows["passage"]]
    across = {str(passage): str(passage) for passage in page.rows["passage"]}
    table = pd.DataFrame(
        [
            [names.name(code), int(passage), int(cell.label)]
            for (code, passage), cell in cells.items()
        ],
        columns=["code", "passage", "segments"],
    ).sort_values(["passage", "code"], ignore_index=True)
    return Grid(
        session,
        session.line("code_line", source_id),
        f"{source_id}, passage by passage",
        "Codes stand in the order in which they first come.",
        table,
        page.rows[page.rows["id"].isin(ids)],
        down,
        {passage: said for passage, said in across.items() if any(passage == p for _, p in cells)},
        cells,
        lambda code, passage: page.only(f"{source_id}-{passage}"),
        about=list(down),
    )


def documents(session: Session, source_ids: Sequence[str], asked: Asking) -> Grid:
    """Sources side by side: segments under each code, for as many as are named; all, if none is."""
    corpus, names = session.corpus, session.corpus.names
    known, named = list(corpus.sources["source_id"]), source_ids
    source_ids = source_ids or known
    for one in source_ids:
        if one not in known:
            raise StudyError(Problem("source", repr(one)[:60], ", ".join(known[:40]), "correct it"))
    codings = corpus.readings[""]
    codings = codings[codings["source_id"].isin(source_ids)]
    counts = codings.groupby(["code", "source_id"]).size()
    top = int(counts.max()) if len(counts) else 1
    cells = {
        (str(code), str(source)): Cell(
            str(count),
            f"{names.name(str(code))}, {source}: {plural(int(count), 'segment')}",
            count / top,
        )
        for (code, source), count in counts.items()
    }
    shared = codings.groupby("code")["source_id"].nunique()
    order = sorted({code for code, _ in cells}, key=lambda code: (-int(shared[code]), code))
    table = pd.DataFrame(
        [
            [
                names.name(code),
                *(int(counts.get((code, one), 0)) for one in source_ids),
                int(shared[code]),
            ]
            for code in order
        ],
        columns=["code", *source_ids, "in sources"],
    )
    return Grid(
        session,
        session.line("documents", *named),
        f"Segments by code: {', '.join(named) or 'every source'}",
        "What most of them share stands first; each code counts alone, without those beneath it.",
        table,
        counted_rows(corpus, pd.Series(list(source_ids))),
        {code: names.name(code) for code in order},
        {one: one for one in source_ids},
        cells,
        lambda code, source: asked(f"={names.written(code)}", source=source),
        about=order,
    )


def coverage(session: Session, asked: Asking) -> Grid:
    """How much of each source's words lies under each code, those beneath it included."""
    study, names = session.study, session.corpus.names
    found = frequencies.code_by_source(study.corpus)
    found = found[found["words"] > 0]
    share = found["words"] / found["total_words"]
    cells = {
        (str(row.code), str(row.source_id)): Cell(
            f"{part:.0%}",
            f"{names.name(str(row.code))}, {row.source_id}: {plural(int(row.words), 'word')}"
            f" of {row.total_words:,}",
            float(part),
        )
        for row, part in zip(found.itertuples(index=False), share, strict=True)
    }
    order = [code for code in study.codes["code"] if code in set(found["code"])]
    table = found.assign(share=share.round(4))
    columns = ["code", "source_id", "words", "total_words", "share"]
    return Grid(
        session,
        session.line("coverage"),
        "Share of a source’s words under each code",
        "Words of the voices that count, each once; a code includes the codes beneath it.",
        table[columns].reset_index(drop=True),
        counted_rows(session.corpus),
        {code: _indented(session, code) for code in order},
        {one: one for one in session.corpus.sources["source_id"]},
        cells,
        lambda code, source: asked(names.written(code), source=source),
        about=order,
    )


def hierarchy(session: Session, asked: Asking) -> Grid:
    """The codebook as a tree: under each code, with those beneath it, segments, sources, cases."""
    study, names = session.study, session.corpus.names
    by_source = frequencies.code_by_source(study.corpus)
    used = by_source[by_source["segments"] > 0].groupby("code")
    counted = pd.DataFrame(
        {
            "segments": used["segments"].sum(),
            "sources": used["source_id"].nunique(),
            "cases": used["case_id"].nunique(),
        }
    )
    counted.index = counted.index.astype(str)
    order = [code for code in study.codes["code"] if code in counted.index]
    cells = {
        (code, name): Cell(
            str(counted.loc[code, name]),
            f"{names.name(code)}: {counted.loc[code, name]} {name}",
            float(counted.loc[code, name] / counted[name].max()),
        )
        for code in order
        for name in counted
    }
    table = counted.loc[order].rename_axis("code").reset_index()

    def drawn() -> ggplot:
        from analysis.figures import tree_of_codes

        return tree_of_codes(table)

    return Grid(
        session,
        session.line("hierarchy"),
        "The tree of codes",
        "A code includes the codes beneath it; bars of a column are of one scale.",
        table,
        counted_rows(session.corpus),
        {code: _indented(session, code) for code in order},
        {name: name for name in counted},
        cells,
        lambda code, _: asked(names.written(code)),
        figure=drawn,
        size=(7.0, min(2.0 + 0.16 * len(order), 9.0)),
        bars=True,
        about=order,
    )


def word_tree(session: Session, line: str, said: Table, side: str, depth: int) -> Grid:
    """What follows words, or leads up to them, as branches; each lists its passages."""
    table = tree(said.table, side, depth)
    before = side == "left"
    words = [words_of(text) for text in said.table[side]]
    paths = [tuple((own[::-1] if before else own)[:depth]) for own in words]

    def behind(branch: str, _: str) -> Passages:
        own = branch.split(" ")
        own = own[::-1] if before else own
        ids = {
            one
            for one, path in zip(said.table["id"], paths, strict=True)
            if list(path[: len(own)]) == own
        }
        return said.passages.only(*sorted(ids))

    down, cells = {}, {}
    for row in table.itertuples(index=False):
        own = row.words.split(" ")
        last = f"{row.words} …" if before else f"… {row.words}"
        down[row.words] = "\u2003" * (row.depth - 1) + (
            "… " + own[-1] if not before else own[0] + " …"
        )
        cells[row.words, "count"] = Cell(str(row.count), f"{last}: {row.count}", float(row.share))
    where = "before" if before else "after"

    def drawn() -> ggplot:
        from analysis import figures

        return figures.word_tree(table, said.about[0], before=before)

    return Grid(
        session,
        line,
        f"Words {where} {said.about[0]}",
        f"Of {plural(len(said.table), 'place')}; each branch stands above those that it parts into.",
        table,
        said.rows,
        down,
        {"count": "places"},
        cells,
        behind,
        figure=drawn,
        size=(7.0, 5.5),
        bars=True,
        about=said.about,
    )


def _indented(session: Session, code: str) -> str:
    return "\u2003" * code.count("/") + code.rpartition("/")[2]


def crosstab(session: Session, down: str, across: str, code: str, asked: Asking) -> Grid:
    """Cases by two attributes, columns of the register or of cases.csv; with a code, or a query of
    several, how many of them carry it."""
    sources = _with_attributes(session)
    for name in (down, across):
        if name not in sources:
            listed = ", ".join(map(str, sources.columns))
            raise StudyError(Problem("column", repr(name)[:60], listed, "correct it"))
    carrying = set(asked(code).rows["source_id"]) if code else set(sources["source_id"])
    cells: dict[tuple[str, str], Cell] = {}
    members: dict[tuple[str, str], list[str]] = {}
    rows = []
    said_of = [sources[name].fillna("").astype(str) for name in (down, across)]
    for key, own in sources.groupby(said_of, sort=True):
        one, other = map(str, key)
        held = own[own["source_id"].isin(carrying)]
        cases, n = held["case_id"].nunique(), own["case_id"].nunique()
        members[one, other] = list(own["source_id"])
        label = f"{cases} of {n}" if code else str(n)
        if cases:
            cells[one, other] = Cell(label, f"{one}, {other}: {label} cases", cases / n)
        rows.append([one, other, n, cases])
    columns = [down, across if across != down else f"{across} (again)", "n_cases", "cases"]
    return Grid(
        session,
        session.line("crosstab", down, across, code=code or None),
        f"Cases by {down} and {across}" + (f" that carry {code}" if code else ""),
        "Cases, not sources. Where cells are small, who is meant may be told from them.",
        pd.DataFrame(rows, columns=columns),
        counted_rows(session.corpus),
        {one: one.replace("_", " ") or "not known" for one in sorted({one for one, _ in members})},
        {one: one.replace("_", " ") or "not known" for one in sorted({one for _, one in members})},
        cells,
        lambda one, other: asked(code, source=members[one, other]),
        bars=True,
        about=list(asked(code).about) if code else [],
    )


def _with_attributes(session: Session) -> pd.DataFrame:
    """The sources with the measured attributes of their cases, numbers parted at their middle; ''
    where a case has none. A column of the register goes before an attribute of its name."""
    study, sources = session.study, session.corpus.sources
    measured = read_cases(study.raw / CASES, set(study.register["case_id"]))
    kept = measured[measured.index.isin(sources["case_id"])]
    levels = {name: levels_of(kept[name]) for name in kept.columns if name not in sources}
    told = {name: sources["case_id"].map(level).fillna("") for name, level in levels.items()}
    return sources.assign(**told)


def memos(session: Session, words: str, written: pd.DataFrame) -> Table:
    """What people wrote: memos of the study, and those on coded spans, that hold `words`."""
    codings = session.study.all_codings
    own = codings[codings["memo"] != ""]
    spans = pd.DataFrame(
        {
            "memo": own["source_id"] + ", " + own["code"],
            "kind": "on a span",
            "date": "",
            "about": own["code"],
            "text": own["memo"],
            "source_id": own["source_id"],
            "start": own["start"],
            "end": own["end"],
        }
    )
    pages = pd.DataFrame(
        {
            "memo": written["memo_id"],
            "kind": written["kind"],
            "date": written["date"],
            "about": written["about"],
            "text": written["text"],
            "source_id": "",
            "start": 0,
            "end": 0,
        }
    )
    found = pd.concat([pages, spans], ignore_index=True)
    wanted = words.casefold()
    held = found["text"] + " " + found["about"] + " " + found["memo"]
    found = found[held.str.casefold().str.contains(wanted, regex=False)]
    rows = session.corpus.passages
    # A memo of the study is about the passages whose ids it names.
    named = {one.strip("-") for text in found["text"] for one in _NAMED.findall(text)}
    near = rows["id"].isin(named)
    for one in found[found["end"] > 0].itertuples(index=False):
        near |= (
            (rows["source_id"] == one.source_id)
            & (rows["start"] < one.end)
            & (rows["end"] > one.start)
        )
    line = session.line("memos", words or None) if words else session.line("memos")
    table = found[["memo", "kind", "date", "about", "text"]].reset_index(drop=True)
    return Table(session, line, table, rows[near])
