"""The numbers of the paper: raw values of all stages, formatted once for the prose.

Each stage leaves `data/processed/values/<stage>.json`, a list of
`{"name": "freq.n_interviews", "value": 4, "unit": "count"}`. This module alone rounds.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from analysis.files.problems import Problem, raise_if_any
from analysis.files.safe_yaml import LOADER
from analysis.files.whole_file import write_text
from analysis.text.english import grouped
from analysis.text.escape import markdown

_NAME = re.compile(r"[a-z][a-z0-9]*(\.[a-z0-9][a-z0-9_]*)+")
_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
UNDEFINED = "not defined"

Tree = dict[str, Any]


def collect(processed: Path, reports: Path, choices: Mapping[str, object]) -> dict[str, str]:
    """Format every stage's values into `reports/_variables.yml` and return them, flat.

    `processed` holds `values/*.json`. `choices` are the parameters; they get the prefix
    `choice`. A count below ten also gets `<name>_word` and `<name>_Word` ('four', 'Four').
    The file is left alone when nothing changed. Raises StudyError with every bad value.
    """
    problems: list[Problem] = []
    formatted: dict[str, str] = {}
    for file in sorted((processed / "values").glob("*.json")):
        for place, entry in enumerate(_entries(file, problems), start=1):
            _add(entry, f"values/{file.name}, entry {place}", formatted, problems)
    formatted.update(_choices("choice", choices))
    tree = _nested(formatted, problems)
    raise_if_any(problems)
    _write_if_changed(reports / "_variables.yml", tree)
    return formatted


def load(reports: Path) -> dict[str, str]:
    """Read `reports/_variables.yml` as a flat mapping of dotted names; empty without a file."""
    file = reports / "_variables.yml"
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8") as stream:
        return dict(_flat("", yaml.load(stream, Loader=LOADER) or {}))


def spelled_number(shown: str) -> int | None:
    """The count that a number of the prose says: '1,024', 'four', '4 sources'; else None."""
    first = shown.partition(" ")[0]
    word, digits = first.lower(), first.replace(",", "")
    if word in _WORDS:
        return _WORDS.index(word)
    return int(digits) if digits.isdigit() else None


def is_spelled_variant(name: str) -> bool:
    """Tell whether `name` is the spelled-out form of another variable."""
    return name.endswith(("_word", "_Word"))


def format_value(value: object, unit: str) -> str:
    """Format one raw value for prose, as Markdown.

    Units: count and words (thousands separated), share (0 to 1, whole per cent), rate (one
    decimal), coefficient (two decimals), p (three decimals, never 0), of (two counts: '6 of 8'),
    range (two numbers, two decimals: '0.12 to 0.50'),
    text (escaped), phrase
    (texts, and counts with what they count in the plural, `[3, "sources"]`, a space apart:
    '1 source', '3 pairs of codes'), corrected (what a program counted: a mapping of corrected,
    lower, upper and uncorrected, shares, and by; all of it is printed, never a part). None and NaN print as 'not defined'. Raises ValueError for
    an unknown unit or a value that does not fit it.
    """
    if unit not in _FORMATS:
        raise ValueError(f"unit '{unit}'")
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return UNDEFINED
    return _FORMATS[unit](value)


def joined(parts: Sequence[str]) -> str:
    """Join texts as English does: 'a', 'a and b', 'a, b and c'; 'none' without any."""
    if len(parts) < 2:
        return "".join(parts) or "none"
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isinf(value):
        raise ValueError(f"a value of type {type(value).__name__}")
    return value


def _signed(text: str) -> str:
    """Replace the hyphen by a minus sign, and never print a negative zero."""
    return text.replace("-", "−") if text.strip("-0.,") else text.lstrip("-")


def _count(value: object) -> str:
    number = _number(value)
    if number != int(number):
        raise ValueError("a count that is not a whole number")
    return _signed(grouped(int(number)))


def _share(value: object) -> str:
    number = _number(value)
    if not 0 <= number <= 1:
        raise ValueError("a share outside 0 to 1")
    if 0 < number < 0.005:
        return "under 1%"
    if 0.995 <= number < 1:
        return "over 99%"
    return f"{math.floor(number * 100 + 0.5)}%"


def _p(value: object) -> str:
    number = _number(value)
    if not 0 <= number <= 1:
        raise ValueError("a p outside 0 to 1")
    return "under 0.001" if number < 0.001 else f"{number:.3f}"


def _of(value: object) -> str:
    if not (isinstance(value, tuple) and len(value) == 2):
        raise ValueError(f"two counts of type {type(value).__name__}")
    return " of ".join(map(_count, value))


def _range(value: object) -> str:
    if not (isinstance(value, tuple) and len(value) == 2):
        raise ValueError(f"two edges of type {type(value).__name__}")
    if any(math.isnan(_number(edge)) for edge in value):
        return UNDEFINED
    return " to ".join(_signed(f"{_number(edge):.2f}") for edge in value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a text of type {type(value).__name__}")
    return markdown(value)


def _phrase(value: object) -> str:
    if not isinstance(value, list):
        raise ValueError(f"a phrase of type {type(value).__name__}")
    return " ".join(_counted(*part) if isinstance(part, list) else _text(part) for part in value)


def _corrected(value: object) -> str:
    if not isinstance(value, dict):
        raise ValueError(f"a corrected figure of type {type(value).__name__}")
    share, low, high, alone = (
        format_value(value.get(name), "share")
        for name in ("corrected", "lower", "upper", "uncorrected")
    )
    by = _text(value.get("by"))
    return f"{share} (range {low} to {high}; {alone} as {by} alone counted, before correction)"


def _counted(number: object, counted: str) -> str:
    """Say '3 pairs of codes', or '1 pair of codes'."""
    plural, of, rest = counted.partition(" of ")
    return f"{_count(number)} {plural.removesuffix('s') if number == 1 else plural}{of}{rest}"


_FORMATS: dict[str, Callable[[object], str]] = {
    "count": _count,
    "words": _count,
    "share": _share,
    "rate": lambda value: _signed(f"{_number(value):,.1f}"),
    "coefficient": lambda value: _signed(f"{_number(value):.2f}"),
    "p": _p,
    "of": _of,
    "range": _range,
    "text": _text,
    "phrase": _phrase,
    "corrected": _corrected,
}


def _plain(value: object) -> str:
    """Format a value that has no unit, such as a parameter: as it was written."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return _count(value)
    if isinstance(value, float):
        return _signed(f"{value:.12g}")
    if isinstance(value, list | tuple):
        return joined([_plain(part) for part in value])
    if isinstance(value, Mapping):
        return joined([f"{markdown(str(name))}: {_plain(part)}" for name, part in value.items()])
    return markdown(str(value))


def _choices(prefix: str, choices: Mapping[str, object]) -> dict[str, str]:
    formatted: dict[str, str] = {}
    for name, value in choices.items():
        formatted[f"{prefix}.{name}"] = _plain(value)
        if isinstance(value, int) and not isinstance(value, bool):
            formatted |= _spelled(f"{prefix}.{name}", value)
    return formatted


def _spelled(name: str, count: int) -> dict[str, str]:
    if not 0 <= count < len(_WORDS):
        return {}
    return {f"{name}_word": _WORDS[count], f"{name}_Word": _WORDS[count].capitalize()}


def _entries(file: Path, problems: list[Problem]) -> list[dict[str, object]]:
    where = f"values/{file.name}"
    try:
        entries = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        found = f"not JSON: {error}"
    else:
        if isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries):
            return entries
        found = "something else than a list of objects"
    problems.append(
        Problem(where, found, "a JSON list of name, value, unit", "run the stage again")
    )
    return []


def _add(
    entry: Mapping[str, object], where: str, formatted: dict[str, str], problems: list[Problem]
) -> None:
    name, unit = str(entry.get("name", "")), str(entry.get("unit", ""))
    remedy = "correct the cell of the notebook that writes the values"
    if not _NAME.fullmatch(name):
        expected = "lower-case words joined by dots, such as freq.n_interviews"
        problems.append(Problem(where, f"name '{name}'", expected, remedy))
        return
    if name in formatted:
        problems.append(Problem(where, f"'{name}' a second time", "each name once", remedy))
        return
    try:
        formatted[name] = format_value(entry.get("value"), unit)
    except ValueError as error:
        units = "one of " + ", ".join(_FORMATS)
        problems.append(
            Problem(where, f"'{name}': {error}", f"a value of its unit, {units}", remedy)
        )
        return
    if unit == "count" and isinstance(entry["value"], int):
        formatted |= _spelled(name, entry["value"])


def _nested(flat: Mapping[str, str], problems: list[Problem]) -> Tree:
    tree: Tree = {}
    for name in sorted(flat):
        *parents, leaf = name.split(".")
        above = [".".join(parents[:depth]) for depth in range(1, len(parents) + 1)]
        if any(parent in flat for parent in above):
            if not is_spelled_variant(name):
                problems.append(
                    Problem(
                        "values",
                        f"'{name}' below a value",
                        "names that do not nest",
                        "rename one of them",
                    )
                )
            continue
        branch = tree
        for parent in parents:
            branch = branch.setdefault(parent, {})
        branch[leaf] = flat[name]
    return tree


def _flat(prefix: str, tree: Mapping[str, object]) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in tree.items():
        if isinstance(value, Mapping):
            pairs += _flat(f"{prefix}{name}.", value)
        else:
            pairs.append((f"{prefix}{name}", str(value)))
    return pairs


def _write_if_changed(file: Path, tree: Tree) -> None:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text = "# Generated from data/processed/values by analysis.report.numbers\n" + yaml.dump(
        tree,
        Dumper=dumper,
        allow_unicode=True,
        sort_keys=True,
        width=1_000_000,
        # Readers of YAML differ in which bare words are numbers: '1e3', '0o17', 'no'.
        default_style='"',
    )
    if file.is_file() and file.read_text(encoding="utf-8") == text:
        return
    write_text(file, text)
