"""Who or what codes: `data/raw/coders.yml`, which declares every coder a person or a program.

    coders:
      - name: A
        kind: person
      - name: first-reader
        kind: program
        version: "1.2"
        settings: first-reader.txt
        sha256: 9f2c…
        date: 2024-05-02
        on: all consultation responses

A program's settings (a prompt, a configuration, a list of words) lie in `data/raw/programs`, and
are what they were when it coded: their SHA-256 says so. Without the file every coder is a person.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.vocabulary import perhaps, side_by_side
from analysis.files.yaml_fields import Fields, compose
from analysis.study.coders import EVERYONE

CODERS = "coders.yml"
PROGRAMS = "programs"
SHOWN = f"data/raw/{CODERS}"
PERSON, PROGRAM = "person", "program"
_OF_PROGRAM = ("version", "settings", "sha256", "date", "on")
_FIELDS = ("name", "kind", *_OF_PROGRAM)
_FILE = re.compile(r"[^/\\\0]+")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SHORT = 8


@dataclass(frozen=True)
class Coder:
    """One who codes. Of a person all but `name` and `kind` is ''.

    `settings` is the name of a file in `data/raw/programs`, `sha256` its digest; `on` says in words
    what was given to the program.
    """

    name: str
    kind: str
    version: str = ""
    settings: str = ""
    sha256: str = ""
    date: str = ""
    on: str = ""

    @property
    def is_program(self) -> bool:
        """Whether this coder is a program."""
        return self.kind == PROGRAM

    @property
    def told(self) -> str:
        """What is said of this coder wherever a number rests on it."""
        if not self.is_program:
            return self.name
        return (
            f"the program {self.name} {self.version} (settings {self.sha256[:_SHORT]}, {self.date})"
        )


def read_coders(raw: Path) -> dict[str, Coder]:
    """The declared coders by name, in the order of the file; none where there is no file.

    Raises one `StudyError` for all that is wrong, each with its line: a field of another name, a
    program without its version, settings, digest, date or what it coded, settings that are not in
    `data/raw/programs` or not what they were, a name declared twice.
    """
    problems: list[Problem] = []
    document = compose(raw / CODERS, SHOWN, problems)
    if document is None:
        return {}
    document.only(["coders"])
    if not isinstance(document.nodes.get("coders"), yaml.SequenceNode):
        raise StudyError(
            Problem(f"{SHOWN}, line 1", "no list `coders:`", "coders:, then a list", "add it")
        )
    coders: dict[str, Coder] = {}
    for entry in document.mappings("coders", "a coder"):
        coder = _coder(entry, raw / PROGRAMS)
        if coder.name in coders:
            entry.problem("name", f"{coder.name!r} a second time", "each coder once", "remove one")
        coders[coder.name] = coder
    places = {name: f"coder {number}" for number, name in enumerate(coders, 1)}
    problems += side_by_side(places, SHOWN, "coder", "name each in one way")
    raise_if_any(problems)
    return coders


def declares_program(raw: Path) -> bool:
    """Whether a program is declared; what is wrong with the file is told when it is read."""
    try:
        return any(coder.is_program for coder in read_coders(raw).values())
    except (StudyError, OSError):
        return False


def problems_of_names(declared: Mapping[str, Coder], coded: Iterable[str]) -> list[Problem]:
    """One problem for each coder who `coded` and is not declared, where any coder is."""
    return [
        Problem(
            SHOWN,
            f"no coder {name!r}, who has codings{perhaps(name, declared)}",
            "every coder, each a person or a program",
            f"add them (name: {name}, kind: person or program), or correct the name",
        )
        for name in sorted(set(coded) - set(declared))
        if declared
    ]


def problems_of_choice(
    declared: Mapping[str, Coder], chosen: Iterable[str], where: str
) -> list[Problem]:
    """One problem for each program among those who are `chosen` in `where` to be counted."""
    people = [name for name, one in declared.items() if not one.is_program]
    return [
        Problem(
            where,
            f"{name!r}, a program",
            f"a person who codes: {', '.join([*people, EVERYONE])}",
            "name a person; what a program coded is counted by the stage 07-programs alone, which "
            "corrects it by what people coded",
        )
        for name in chosen
        if name in declared and declared[name].is_program
    ]


def _coder(entry: Fields, folder: Path) -> Coder:
    entry.only(_FIELDS)
    name, kind = entry.text("name"), entry.one_of("kind", (PERSON, PROGRAM))
    if name == EVERYONE:
        entry.problem("name", repr(name), "a name", f"`{EVERYONE}` means all people: rename it")
    if kind != PROGRAM:
        for field in _OF_PROGRAM:
            if field in entry.nodes and kind == PERSON:
                entry.problem(field, "said of a person", "of programs only", "take it out")
        return Coder(name, kind)
    version, settings, on = (entry.text(field) for field in ("version", "settings", "on"))
    coder = Coder(name, kind, version, settings, entry.text("sha256"), entry.date("date"), on)
    _check_settings(entry, coder, folder)
    return coder


def _check_settings(entry: Fields, coder: Coder, folder: Path) -> None:
    """Note settings that are not there, or are others than those that the program coded with."""
    if not (coder.settings and coder.sha256):
        return
    expected = f"the name of a file in data/raw/{PROGRAMS}"
    path = folder / coder.settings
    if not _FILE.fullmatch(coder.settings) or coder.settings in (".", ".."):
        entry.problem("settings", repr(coder.settings[:60]), expected, "put the file there")
    elif path.is_symlink() or not path.is_file():
        entry.problem("settings", f"no file {coder.settings!r}", expected, "put the file there")
    elif not _DIGEST.fullmatch(coder.sha256):
        digest = digest_of(path)
        entry.problem(
            "sha256", repr(coder.sha256[:70]), "64 of 0-9 and a-f", f"if it is this: {digest}"
        )
    elif digest_of(path) != coder.sha256:
        entry.problem(
            "sha256",
            f"{coder.sha256[:_SHORT]}…, and the file's is {digest_of(path)[:_SHORT]}…",
            "the settings with which the program coded",
            "put that file back, or let the program code again and declare it anew",
        )


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
