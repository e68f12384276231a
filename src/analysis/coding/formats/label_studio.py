"""Label Studio's export in JSON: tasks, each with the annotations of one person or several."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.format import Format, Matches
from analysis.coding.formats.gathered import Gathered, Said, whole
from analysis.coding.project import CodedProject, Report, step
from analysis.file_text.file_words import is_copy

_WITH_LABELS = ("labels", "hypertextlabels", "paragraphlabels", "taxonomy")
_NAMES = ("title", "name", "id", "file_name", "filename")


def is_label_studio(file: CodingFile) -> bool:
    """Whether this is a list of tasks with data and annotations."""
    tasks = file.json
    if not (isinstance(tasks, list) and tasks and isinstance(tasks[0], dict)):
        return False
    return "data" in tasks[0] and ("annotations" in tasks[0] or "completions" in tasks[0])


def read_label_studio(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read the export; `completed_by` is the coder. Cancelled annotations and predictions of a
    program are counted, not taken.

    Positions are judged by the words stored with them. A choice is a coding of the whole text;
    labels in HTML, whose positions are paths, are looked for by their words.
    """
    report = Report(file.name)
    gathered = Gathered(file.name, "Label Studio export", report, counted_in="task")
    for number, task in enumerate(file.json, 1):
        if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
            report.add("left out", "tasks without data")
            continue
        text = text_of_task(task["data"])
        gathered.source(number, _name(task, file, number), text)
        report.add("left out", "predictions of a program", len(_list(task.get("predictions"))))
        for annotation in _list(task.get("annotations", task.get("completions"))):
            if not isinstance(annotation, dict) or annotation.get("was_cancelled"):
                report.add("left out", "annotations that were cancelled")
                continue
            coder = coder_of(annotation.get("completed_by"))
            for result in _list(annotation.get("result")):
                for said in said_in(result, text, coder, number):
                    gathered.coding(number, said)
    return gathered.project()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def text_of_task(data: Mapping[str, Any]) -> str:
    """The text of a task: what is called so, else the longest there is."""
    if isinstance(data.get("text"), str):
        return str(data["text"])
    return max((one for one in data.values() if isinstance(one, str)), key=len, default="")


def _name(task: Mapping[str, Any], file: CodingFile, number: int) -> str:
    return name_of_task(task["data"], file, task.get("id", number))


def name_of_task(data: Mapping[str, Any], file: CodingFile, number: object) -> str:
    """What the task calls its text, else the name of the file with the number of the task."""
    told = (data.get(name) for name in _NAMES)
    own = next((str(one) for one in told if isinstance(one, str | int) and str(one).strip()), "")
    return own or f"{file.path.stem} {number}"


def coder_of(value: Any) -> str:
    """Who annotated: an e-mail address, a name or a number, as the export has it."""
    if isinstance(value, dict):
        value = value.get("email") or value.get("username") or value.get("id")
    return "" if value is None else str(value)


def said_in(result: Any, text: str, coder: str, number: int) -> Iterator[Said]:
    """The codings of one result, whose `value` holds labels with their span, or choices."""
    value = result.get("value") if isinstance(result, dict) else None
    if not isinstance(value, dict):
        return
    for choice in _list(value.get("choices")):
        if text:
            yield Said(0, len(text), text, step(str(choice)), coder, row=number)
    labels = [one for name in _WITH_LABELS for one in _list(value.get(name))]
    offsets = value.get("globalOffsets")
    start, end = whole(value.get("start")), whole(value.get("end"))
    words = value["text"] if isinstance(value.get("text"), str) else ""
    if isinstance(offsets, dict) or start is None or end is None:
        start = end = None
    for label in labels:
        code = "/".join(map(step, map(str, label))) if isinstance(label, list) else step(str(label))
        if start is not None or words:
            yield Said(start, end, words, code, coder, row=number)


def _without(file: CodingFile, matches: Matches, sought: frozenset[str]) -> bytes:
    """The tasks of the other texts."""
    kept = [
        task
        for number, task in enumerate(file.json, 1)
        if not (
            isinstance(task, dict)
            and isinstance(task.get("data"), dict)
            and (
                matches(_name(task, file, number), "", "")
                or is_copy(text_of_task(task["data"]), sought)
            )
        )
    ]
    if len(kept) == len(file.json):
        return file.data
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")


FORMAT = Format("Label Studio export", (".json",), is_label_studio, read_label_studio, _without)
