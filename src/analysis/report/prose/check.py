"""Refuse a report whose prose could go wrong without anybody noticing.

Runs before any rendering. Numbers and quantities must come from the data; every variable,
reference, citation, figure and include must exist. Renderers pass over such faults in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from analysis.files.problems import Problem
from analysis.files.safe_yaml import LOADER
from analysis.report.numbers import is_spelled_variant, load
from analysis.report.prose import only_data, only_one, prose, title_block
from analysis.report.prose import page as pages
from analysis.report.prose.blanking import prose_only, without_code, without_markup
from analysis.report.prose.crossrefs import REFERENCE
from analysis.report.prose.prose import Line
from analysis.report.prose.wording import typed_quantities

ALLOWED = "allowed_numbers.yml"
# '&#39;' in a title is an apostrophe, no id.
_IDENTIFIER = re.compile(r"\{[^}]*?(?<!&)#([\w-]+)")
_IMAGE = re.compile(r"!\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)(\{[^}]*\})?")
_BIB_KEY = re.compile(r"^\s*@\w+\s*[{(]\s*([^,\s]+)\s*,", re.M)


@dataclass(frozen=True)
class Checked:
    """What the check found: problems that forbid rendering, and variables that nothing uses."""

    problems: list[Problem] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)


def check(reports: Path) -> Checked:
    """Check all prose pages of `reports` and what they include.

    Problems come in the order of pages and lines. What must not be published is the leak gate's
    matter (`report.gate`). Raises StudyError only when a page cannot be read at all.
    """
    variables = load(reports)
    allowed, problems = allowed_numbers(reports)
    problems += only_data.problems(reports)
    used: set[str] = set()
    for name in prose.page_names(reports):
        lines, missing = prose.lines_with_includes(reports, name)
        text = "\n".join(line.text for line in lines)
        found = missing + _typed(lines, allowed)
        found += title_block.read(prose.read_page(reports, name), name)[1] + only_one.problems(
            lines
        )
        found += _variables(lines, text, variables.keys())
        found += _references(reports, name, lines, text)
        found += _figures(reports, name, lines, text) + _headings(lines, text)
        problems += sorted(found, key=_place)
        used.update(prose.used_variables(text))
    unused = [
        name
        for name in variables
        if not is_spelled_variant(name) and not used & {name, f"{name}_word", f"{name}_Word"}
    ]
    return Checked(list(dict.fromkeys(problems)), unused)


def _typed(lines: Sequence[Line], allowed: Sequence[str]) -> list[Problem]:
    """Find quantities in what the authors typed; generated includes are not theirs."""
    problems = []
    for group in _by_file(lines):
        if group[0].file.startswith("_generated/"):
            continue
        text = without_allowed(prose_only("\n".join(line.text for line in group)), allowed)
        for finding in typed_quantities(text):
            line = group[text.count("\n", 0, finding.start)]
            problems.append(
                Problem(
                    _at(line),
                    f"{finding.kind} '{finding.words}'",
                    "a value from the data",
                    f"use a variable, or list it with its reason in {ALLOWED}",
                )
            )
    return problems


def without_allowed(text: str, allowed: Sequence[str]) -> str:
    """The `text` with blanks for the phrases that are `allowed`."""
    for phrase in allowed:
        words = r"\s+".join(map(re.escape, without_markup(phrase).split()))
        text = re.sub(rf"(?<!\w){words}(?!\w)", lambda f: re.sub(r"\S", " ", f[0]), text)
    return text


def _by_file(lines: Sequence[Line]) -> list[list[Line]]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.file, []).append(line)
    return list(groups.values())


_INCLUDE = re.compile(r"\{\{<\s*include\s")


def _variables(lines: Sequence[Line], text: str, known: Iterable[str]) -> list[Problem]:
    problems, names = [], set(known)
    spans = prose.code_spans(text)
    for found in re.finditer(r"\{{2,}<.*?>\}{2,}|\{{2,}<", text):
        line = lines[text.count("\n", 0, found.start())]
        variable = prose.VARIABLE.fullmatch(found[0])
        if any(start <= found.start() < end for start, end in spans):
            problem = (
                "a shortcode inside code",
                "code that both renderers print alike",
                "take it out of the code",
            )
        elif found[0].startswith("{{{"):
            problem = (
                "an escaped shortcode, `{{{<`",
                "words that both renderers print alike",
                "say it without braces",
            )
        elif variable is None:
            if prose.INCLUDE.match(line.text):
                continue  # a missing include has been told already
            problem = (
                (
                    "an include within a line",
                    "an include on a line of its own, an empty line before and after it",
                    "give it a line of its own; a number within a sentence is a `var`",
                )
                if _INCLUDE.match(found[0])
                else (
                    "a shortcode other than var and include",
                    "var or include, well formed",
                    "write it otherwise: both renderers must know it",
                )
            )
        elif variable[1] in names:
            continue
        else:
            problem = (
                f"unknown variable {variable[1]}",
                "a name in _variables.yml",
                "correct the name, or run the stage that writes the value",
            )
        problems.append(Problem(_at(line), *problem))
    return problems


def _references(reports: Path, name: str, lines: Sequence[Line], text: str) -> list[Problem]:
    front = prose.project_settings(reports) | prose.front_matter(text, name)
    problems: list[Problem] = []
    readable = without_code(text)
    identifiers: dict[str, Line] = {}
    for found in _IDENTIFIER.finditer(readable):
        line = lines[readable.count("\n", 0, found.start())]
        if found[1] in identifiers:
            problems.append(
                Problem(_at(line), f"id {found[1]} a second time", "each id once", "rename one")
            )
        elif "_" in found[1] and REFERENCE.fullmatch(found[1]):
            problems.append(
                Problem(_at(line), f"id {found[1]}", "a label without underscores", "write hyphens")
            )
        identifiers[found[1]] = line
    keys, missing = _citation_keys(reports, name, front.get("bibliography"))
    problems += missing
    start = prose.front_matter_length(readable)
    for found in only_one.CITATION.finditer(readable, start):
        key = (found[1] or found[2]).rstrip(".:")
        line = lines[readable.count("\n", 0, found.start())]
        if REFERENCE.fullmatch(key):
            if key[:3].lower() + key[3:] not in identifiers:
                problems.append(
                    Problem(
                        _at(line),
                        f"unresolved reference @{key}",
                        "the id of a figure, table or section of this page",
                        "correct it, or give the id",
                    )
                )
        elif key not in keys and not only_one.OTHER_LABEL.fullmatch(key):
            problems.append(
                Problem(
                    _at(line),
                    f"citation @{key}",
                    "a key of the bibliography",
                    "add the work to references.bib, or correct the key",
                )
            )
    return problems


def _citation_keys(reports: Path, name: str, listed: object) -> tuple[set[str], list[Problem]]:
    files = [listed] if isinstance(listed, str) else list(listed or ())  # type: ignore[call-overload]
    keys: set[str] = set()
    problems = []
    for file in files:
        if (reports / file).is_file():
            keys.update(_BIB_KEY.findall((reports / file).read_text(encoding="utf-8")))
        else:
            problems.append(
                Problem(
                    name,
                    f"missing bibliography {file}",
                    "a BibTeX file",
                    "write it, or correct the name",
                )
            )
    return keys, problems


def _figures(reports: Path, name: str, lines: Sequence[Line], text: str) -> list[Problem]:
    """Each picture needs a file for each format of the page, and words for who cannot see it."""
    formats = pages.formats(prose.project_settings(reports) | prose.front_matter(text, name))
    wanted = [".svg"] + ([".png"] if "docx" in formats else [])
    problems = []
    readable = without_code(text)
    for found in _IMAGE.finditer(prose.VARIABLE.sub(lambda f: "v" * len(f[0]), readable)):
        line, target = lines[readable.count("\n", 0, found.start())], found[1]
        endings = [""] if Path(target).suffix.lower() in (".svg", ".png", ".jpg") else wanted
        for ending in endings:
            file = reports / (target + ending)
            if not (file.is_file() and file.resolve().is_relative_to(reports.resolve())):
                problems.append(
                    Problem(
                        _at(line),
                        f"missing figure {target}{ending}",
                        "a file below the reports folder",
                        "run the stage that draws it, or correct the name",
                    )
                )
        if not re.search(r"\bfig-alt=(\"[^\"]+\"|'[^']+')", found[2] or ""):
            problems.append(
                Problem(
                    _at(line),
                    f"figure {target} without fig-alt",
                    "words for readers who cannot see it",
                    'add {fig-alt="…"}',
                )
            )
    return problems


def _headings(lines: Sequence[Line], text: str) -> list[Problem]:
    """Find headings that would print as text, and levels left out, which readers' aids lose."""
    readable = without_code(text).split("\n")
    problems: list[Problem] = []
    last, above = 0, ""
    for line, here in zip(lines, readable, strict=True):
        heading = re.match(r"(#{1,6}) ", here)
        if heading:
            level = len(heading[1])
            if above.strip() and not above.lstrip().startswith((":::", "---")):
                problems.append(
                    Problem(
                        _at(line), "a heading right below text", "a blank line before it", "add one"
                    )
                )
            if not above.lstrip().startswith(":::"):
                if level > last + 1:
                    problems.append(
                        Problem(
                            _at(line),
                            f"a heading of level {level} below level {last}",
                            f"level {last + 1} at most",
                            "take off a #",
                        )
                    )
                last = level
        above = here
    return problems


def allowed_numbers(reports: Path) -> tuple[list[str], list[Problem]]:
    """Read the allow-list: a list of `text` and `reason`, longest first."""
    file = reports / ALLOWED
    if not file.is_file():
        return [], []
    entries = yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER) or []
    phrases, problems = [], []
    for place, entry in enumerate(entries if isinstance(entries, list) else [entries], start=1):
        entry = entry if isinstance(entry, dict) else {}
        text, reason = str(entry.get("text") or ""), str(entry.get("reason") or "")
        if text and reason.strip():
            phrases.append(text)
        else:
            problems.append(
                Problem(
                    f"{ALLOWED}, entry {place}",
                    "no text or no reason",
                    "text: the words allowed, reason: why they are no result",
                    "give both",
                )
            )
    return sorted(phrases, key=len, reverse=True), problems


def _at(line: Line) -> str:
    return f"{line.file}, line {line.number}"


def _place(problem: Problem) -> tuple[str, int]:
    file, _, number = problem.where.partition(", line ")
    digits = re.match(r"\d+", number)
    return file, int(digits[0]) if digits else 0
