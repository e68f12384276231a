"""requal's project database: segments counted from 1 with their end, or from 0 if imported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.format import Format
from analysis.coding.formats.gathered import Gathered, Said, whole
from analysis.coding.formats.judged import FROM_NOUGHT, FROM_ONE
from analysis.coding.formats.rows_of import count_of, rows_of
from analysis.coding.formats.without.databases import Kept, rewriting
from analysis.coding.project import CodedProject, Report, distinct_names, step

_TABLES = {
    "documents": ("doc_id", "doc_name", "doc_text"),
    "codes": ("code_id", "code_name", "code_description"),
    "categories": ("category_id", "category_name"),
    "categories_codes_map": ("category_id", "code_id"),
    "users": ("user_id", "user_name", "user_login"),
    "segments": ("user_id", "doc_id", "code_id", "segment_start", "segment_end", "segment_text"),
    "cases": ("case_id", "case_name"),
    "cases_documents_map": ("case_id", "doc_id"),
}


def is_requal(file: CodingFile) -> bool:
    """Whether the file is a database with requal's tables."""
    return {"segments", "documents", "codes", "users"} <= file.tables.keys()


def read_requal(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read a requal project; permissions, memos and attributes are not taken.

    Positions are judged by the words of each segment. A category is the parent of a code that is
    in no other. Raises `StudyError` for what is no whole database.
    """
    report = Report(file.name)
    with file.opened() as connection:
        rows = {table: rows_of(connection, table, names) for table, names in _TABLES.items()}
        report.add("left out", "memos", count_of(connection, "memos"))
    gathered = Gathered(file.name, "requal project", report, shifts=(FROM_ONE, FROM_NOUGHT))
    cases = {one["case_id"]: str(one["case_name"] or "") for one in rows["cases"]}
    linked: dict[object, list[str]] = defaultdict(list)
    for one in rows["cases_documents_map"]:
        if cases.get(one["case_id"]):
            linked[one["doc_id"]].append(cases[one["case_id"]])
    gathered.cases = {name: {} for name in cases.values() if name}
    for one in rows["documents"]:
        case = "; ".join(linked[one["doc_id"]])
        gathered.source(one["doc_id"], str(one["doc_name"] or ""), one["doc_text"], case=case)
    categories = {one["category_id"]: str(one["category_name"]) for one in rows["categories"]}
    above: dict[object, list[str]] = defaultdict(list)
    for one in rows["categories_codes_map"]:
        if one["category_id"] in categories:
            above[one["code_id"]].append(step(categories[one["category_id"]]))
    given = []
    for one in rows["codes"]:
        parents = above[one["code_id"]] if len(above[one["code_id"]]) == 1 else []
        given.append("/".join([*parents, step(str(one["code_name"] or ""))]))
    paths = {}
    for one, path in zip(rows["codes"], distinct_names(given, "unnamed"), strict=True):
        paths[one["code_id"]] = path
        gathered.code(path, str(one["code_description"] or ""))
    users = {
        one["user_id"]: str(one["user_name"] or one["user_login"] or "") for one in rows["users"]
    }
    for number, one in enumerate(rows["segments"], 1):
        start, end = whole(one["segment_start"]), whole(one["segment_end"])
        if one["code_id"] not in paths:
            report.add("left out", "segments with a code that is not listed")
        elif start is None or end is None:
            report.add("left out", "segments without whole numbers as positions")
        else:
            # A segment of one letter begins and ends at the same number.
            words, coder = str(one["segment_text"] or ""), users.get(one["user_id"], "")
            end = max(end, start + 1) if len(words) == 1 else end
            said = Said(start, end, words, paths[one["code_id"]], coder, "", number)
            gathered.coding(one["doc_id"], said)
    return gathered.project()


_OF_SOURCE = dict.fromkeys(
    ("segments", "cases_documents_map", "memos_documents_map", "attributes_documents_map"), "doc_id"
)
FORMAT = Format(
    "requal project",
    (".requal",),
    is_requal,
    read_requal,
    rewriting(Kept("documents", "", "source", _OF_SOURCE, key="doc_id", name="doc_name")),
)
