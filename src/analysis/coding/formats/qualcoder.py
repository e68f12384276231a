"""QualCoder's project database (`data.qda`), schema versions 8 to 17."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.format import Format
from analysis.coding.formats.judged import Stated, judged
from analysis.coding.formats.offsets import StoredText
from analysis.coding.formats.rows_of import count_of, rows_of
from analysis.coding.formats.without.databases import Kept, rewriting
from analysis.coding.project import (
    MOST_LEVELS,
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
    step,
)

_NOT_TAKEN = {
    "code_image": "codings of pictures",
    "code_av": "codings of sound and video",
    "annotation": "annotations",
    "journal": "journal entries",
}


def is_qualcoder(file: CodingFile) -> bool:
    """Whether the database, or the one in the folder or zip, has QualCoder's tables."""
    return {"code_text", "code_name"} <= file.tables.keys()


def read_qualcoder(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read a QualCoder database; the words stored with each coding judge its positions.

    Raises `StudyError` for what is no whole SQLite file.
    """
    where, report = file.name, Report(file.name)
    with file.opened() as connection:
        rows = {
            table: rows_of(connection, table, columns)
            for table, columns in {
                "source": ("id", "name", "fulltext", "mediapath"),
                "code_cat": ("catid", "name", "memo", "supercatid"),
                "code_name": ("cid", "name", "memo", "catid", "supercid"),
                "code_text": ("cid", "fid", "seltext", "pos0", "pos1", "owner", "memo"),
                "cases": ("caseid", "name"),
                "case_text": ("caseid", "fid", "pos0", "pos1"),
                "attribute": ("name", "attr_type", "value", "id"),
            }.items()
        }
        for table, detail in _NOT_TAKEN.items():
            report.add("left out", detail, count_of(connection, table))

    texts = {
        one["id"]: StoredText.of(str(one["fulltext"])) for one in rows["source"] if one["fulltext"]
    }
    report.add("left out", "sources without text", len(rows["source"]) - len(texts))
    names = distinct_names([str(one["name"] or "") for one in rows["source"]], "source")
    source_ids = {one["id"]: name for one, name in zip(rows["source"], names, strict=True)}
    codes = list(_codes(rows["code_cat"], rows["code_name"]))
    paths = {
        one["cid"]: code.path
        for one, code in zip(rows["code_name"], codes[len(rows["code_cat"]) :], strict=True)
    }
    codings = _codings(rows["code_text"], texts, source_ids, paths, report)
    linked, attributes, cases = _cases(rows, texts, report)
    for detail, count in (
        ("sources", len(names)),
        ("codes", len(paths)),
        ("codings", len(codings)),
        ("cases", len(cases)),
    ):
        report.add("read", detail, count)
    return CodedProject(
        where,
        "QualCoder project",
        attributes_table(
            [
                (
                    source_ids[one["id"]],
                    str(one["name"] or ""),
                    str(one["mediapath"] or "").rpartition("/")[2],
                    "; ".join(linked[one["id"]]),
                )
                for one in rows["source"]
            ],
            SOURCE_COLUMNS,
            [attributes[one["id"]] for one in rows["source"]],
        ),
        {source_ids[key]: stored.text for key, stored in texts.items()},
        codes_table(codes, report),
        codings_table(codings),
        quotations_table([]),
        attributes_table([(name,) for name, _ in cases], ("case",), [got for _, got in cases]),
        report.table(),
    )


def _codes(categories: list[dict[str, Any]], names: list[dict[str, Any]]) -> Iterable[Code]:
    """The categories as headings, then the codes, in the order of their tables."""
    category = {one["catid"]: (one["name"], ("cat", one["supercatid"])) for one in categories}
    code = {
        one["cid"]: (
            one["name"],
            ("code", one["supercid"]) if one["supercid"] is not None else ("cat", one["catid"]),
        )
        for one in names
    }

    def path(kind: str, key: Any) -> str:
        steps: list[str] = []
        seen = set()
        while (
            key in (known := category if kind == "cat" else code)
            and (kind, key) not in seen
            and len(steps) <= MOST_LEVELS
        ):
            seen.add((kind, key))
            name, (kind, key) = known[key]
            steps.append(step(str(name or "")))
        return "/".join(reversed(steps))

    for one in categories:
        yield Code(path("cat", one["catid"]), "", str(one["memo"] or ""), usable=False)
    labels = distinct_names([path("code", one["cid"]) for one in names], "unnamed")
    for one, label in zip(names, labels, strict=True):
        yield Code(label, "", str(one["memo"] or ""))


def _codings(
    coded: list[dict[str, Any]],
    texts: dict[Any, StoredText],
    source_ids: dict[Any, str],
    paths: dict[Any, str],
    report: Report,
) -> list[tuple[object, ...]]:
    by_source: dict[Any, list[tuple[int, dict[str, Any]]]] = {}
    for number, one in enumerate(coded, 1):
        if one["cid"] not in paths:
            report.add("left out", "codings with a code that is not listed")
        elif one["fid"] not in texts:
            report.add("left out", "codings of sources without text")
        elif not (_is_position(one["pos0"]) and _is_position(one["pos1"])):
            report.add("left out", f"coding whose words are not those stored (row {number})")
        else:
            by_source.setdefault(one["fid"], []).append((number, one))
    rows: list[tuple[object, ...]] = []
    for key, numbered in by_source.items():
        stated = [
            Stated(one["pos0"], one["pos1"], str(one["seltext"] or "")) for _, one in numbered
        ]
        for (number, one), span in zip(numbered, judged(texts[key], stated, report), strict=True):
            if span is None:
                report.add("left out", f"coding whose words are not those stored (row {number})")
                continue
            owner, memo = str(one["owner"] or UNKNOWN_CODER), str(one["memo"] or "")
            rows.append((source_ids[key], *span, paths[one["cid"]], owner, memo, number, ""))
    return sorted(rows, key=lambda row: int(str(row[6])))


def _is_position(value: object) -> bool:
    return isinstance(value, int) and abs(value) < 1 << 40


def _cases(
    rows: dict[str, list[dict[str, Any]]], texts: dict[Any, StoredText], report: Report
) -> tuple[dict[Any, list[str]], dict[Any, dict[str, str]], list[tuple[str, dict[str, str]]]]:
    """Names of cases by source, attributes by source, and the cases with their attributes."""
    names = {one["caseid"]: str(one["name"] or "").strip() for one in rows["cases"]}
    stated: dict[str, dict[Any, dict[str, str]]] = {"case": {}, "file": {}}
    for one in rows["attribute"]:
        if one["attr_type"] in stated:
            holder = stated[one["attr_type"]].setdefault(one["id"], {})
            holder[str(one["name"])] = str(one["value"] or "")
    linked: dict[Any, list[str]] = {one["id"]: [] for one in rows["source"]}
    attributes = {key: dict(stated["file"].get(key, {})) for key in linked}
    for one in rows["case_text"]:
        key, case = one["fid"], one["caseid"]
        if key not in linked or case not in names:
            report.add("left out", "links of cases to sources that are not listed")
        elif key in texts and not _is_whole(one, len(texts[key].text)):
            report.add("left out", "cases of parts of a source")
        elif names[case] not in linked[key]:
            linked[key].append(names[case])
            attributes[key] = {**stated["case"].get(case, {}), **attributes[key]}
    return (
        linked,
        attributes,
        sorted((name, stated["case"].get(key, {})) for key, name in names.items()),
    )


def _is_whole(link: dict[str, Any], length: int) -> bool:
    """Whether a link covers a source; the program's own ends are off by one in some versions."""
    start, end = link["pos0"] or 0, link["pos1"] or 0
    return bool(start <= 1 and end >= length - 2)


FORMAT = Format(
    "QualCoder project",
    (".qda", ".sqlite", ".sqlite3", ".db", ".zip"),
    is_qualcoder,
    read_qualcoder,
    rewriting(
        Kept(
            "source",
            "mediapath",
            "source",
            {
                "code_text": "fid",
                "annotation": "fid",
                "case_text": "fid",
                "code_image": "id",
                "code_av": "id",
            },
        )
    ),
)
