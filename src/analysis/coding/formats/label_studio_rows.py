"""Label Studio's flat exports, CSV, TSV and JSON-MIN: one row an annotation of a task.

The columns of the data stand before `id`, the results between `id` and `annotator`. A cell of
results holds a list of spans in JSON, a single choice as its bare name, or several as
`{"choices": [...]}`.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.format import Format, Matches
from analysis.coding.formats.gathered import Gathered, Said
from analysis.coding.formats.label_studio import coder_of, name_of_task, said_in, text_of_task
from analysis.coding.project import CodedProject, Report, step
from analysis.file_text.file_words import is_copy
from analysis.files.csv_rows import delimiter_of, numbered_rows

_MARKS = frozenset({"id", "annotator", "annotation_id", "lead_time"})
# A choice is the name of a code; what is longer was typed, and is no code.
_LONGEST_CHOICE = 80

Annotation = Mapping[str, Any]


def is_label_studio_rows(file: CodingFile) -> bool:
    """Whether the heading, or the first object, has the columns that only this export has."""
    if isinstance(file.json, list):
        return bool(file.json) and isinstance(file.json[0], dict) and file.json[0].keys() >= _MARKS
    return delimiter_of(file.text, set(_MARKS)) is not None


def read_label_studio_rows(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read the export; `annotator` is the coder, and a task that several annotated one source.

    Positions are judged by the words stored with them. A choice is a coding of the whole text;
    answers that were typed are counted, not taken.
    """
    report = Report(file.name)
    gathered = Gathered(file.name, "Label Studio table", report, counted_in="annotation")
    texts: dict[str, str] = {}
    for number, annotation in _annotations(file):
        task = str(annotation.get("id", number))
        if task not in texts:
            data = _data(annotation)
            texts[task] = text_of_task(data)
            gathered.source(task, name_of_task(data, file, task), texts[task])
        coder = coder_of(annotation.get("annotator"))
        for told in _told(annotation):
            if isinstance(told, dict):
                for said in said_in({"value": told}, texts[task], coder, number):
                    gathered.coding(task, said)
            elif len(told) > _LONGEST_CHOICE or "\n" in told:
                report.add("left out", "answers that were typed, not chosen")
            elif texts[task]:
                whole_text = Said(0, len(texts[task]), texts[task], step(told), coder, row=number)
                gathered.coding(task, whole_text)
    return gathered.project()


def _annotations(file: CodingFile) -> Iterator[tuple[int, Annotation]]:
    """Each row with its line, or each object with its number."""
    if isinstance(file.json, list):
        yield from ((n, one) for n, one in enumerate(file.json, 1) if isinstance(one, dict))
        return
    rows = numbered_rows(file.text, file.name, _delimiter(file), strict=False)
    _, heading = next(rows)
    names = [name.strip().removeprefix("\ufeff") for name in heading]
    yield from ((line, dict(zip(names, row, strict=False))) for line, row in rows)


def _delimiter(file: CodingFile) -> str:
    return delimiter_of(file.text, set(_MARKS)) or ","


def _data(annotation: Annotation) -> Annotation:
    """The columns before `id`: what the task showed to people."""
    names = list(annotation)
    return {name: annotation[name] for name in names[: _place(names, "id")]}


def _told(annotation: Annotation) -> Iterator[dict[str, Any] | str]:
    """What stands between `id` and `annotator`: spans and choices as the full export has them, and
    choices or answers by their bare words."""
    names = list(annotation)
    for name in names[_place(names, "id") + 1 : _place(names, "annotator")]:
        cell = _parsed(annotation[name])
        for one in cell if isinstance(cell, list) else [cell]:
            if isinstance(one, dict):
                yield one
            elif isinstance(one, str) and one.strip():
                yield one.strip()


def _place(names: list[str], name: str) -> int:
    """Where a column stands; behind all others in a row that ends before it."""
    return names.index(name) if name in names else len(names)


def _parsed(cell: Any) -> Any:
    if not isinstance(cell, str) or cell.lstrip()[:1] not in ("[", "{"):
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


def _without(file: CodingFile, matches: Matches, sought: frozenset[str]) -> bytes:
    """The annotations of the other texts."""
    kept, gone = [], False
    for number, annotation in _annotations(file):
        data = _data(annotation)
        name = name_of_task(data, file, str(annotation.get("id", number)))
        if matches(name, "", "") or is_copy(text_of_task(data), sought):
            gone = True
        else:
            kept.append(annotation)
    if not gone:
        return file.data
    if isinstance(file.json, list):
        return json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")
    return _as_table(file, kept)


def _as_table(file: CodingFile, kept: Sequence[Annotation]) -> bytes:
    heading = next(numbered_rows(file.text, file.name, _delimiter(file), strict=False))[1]
    held = io.StringIO(newline="")
    writer = csv.writer(held, delimiter=_delimiter(file), lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(list(one.values()) for one in kept)
    return held.getvalue().encode()


FORMAT = Format(
    "Label Studio table",
    (".csv", ".tsv", ".json"),
    is_label_studio_rows,
    read_label_studio_rows,
    _without,
)
