"""Every source of a register, read and cleaned: in parallel, each only when it changed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path, PurePath
from urllib.parse import quote

import pandas as pd

from analysis import cleaning, reading, text
from analysis.cleaning import (
    CleanText,
    PseudonymKey,
    Speakers,
    check_rules,
    clean,
)
from analysis.cleaning.candidates import find_candidates
from analysis.cleaning.near_names import with_near_names
from analysis.cleaning.passages import DE_IDENTIFYING, passages, tags_of_turns
from analysis.cleaning.speakers import INTERVIEWER
from analysis.files import untrusted
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.whole_file import write_text
from analysis.reading import Reading, read
from analysis.reading.bounds import shown
from analysis.workers import Died, each

# Fewer sources than this are cleaned sooner than workers have started.
_WORTH_WORKERS = 40
# About a second's work: interviews take some 30 ms each.
_AT_A_TIME = 32


CANDIDATES = ("source_id", "start", "end", "cue", "found", "context")
REPLACED = ("source_id", "rule", "kind", "found", "replacement", "count")


@dataclass(frozen=True)
class Prepared:
    """One source, read and cleaned. It holds the original words: private matter.

    `passages` as in `tables.PASSAGES`; `candidates` has columns source_id, start, end, cue,
    found, context.
    """

    source_id: str
    format: str
    encoding: str
    notes: tuple[str, ...]
    clean: CleanText
    passages: pd.DataFrame
    candidates: pd.DataFrame

    def log(self) -> pd.DataFrame:
        """The cleaning log of this source, as in `tables.CLEANING_LOG`."""
        log = self.clean.log()
        log.insert(0, "source_id", pd.Series([self.source_id] * len(log), dtype="str"))
        return log

    def replacements(self) -> list[tuple[str, str, str, str, str, int]]:
        """What was replaced by what, a row of `REPLACED` each, sorted. Private."""
        counts = Counter(
            (self.source_id, rule, kind, found, replacement)
            for rule in DE_IDENTIFYING
            for found, replacement, kind in self.clean.replaced(rule)
        )
        return [(*row, counts[row]) for row in sorted(counts)]


def prepare(
    source: Mapping[str, str],
    path: Path,
    rules: Sequence[str] = cleaning.RULES,
    key: PseudonymKey | None = None,
    cache: Path | None = None,
) -> Prepared:
    """Read and clean one source: a row of the register, and its file at `path`.

    With a folder `cache`, what was prepared before is taken from there if the bytes of the file,
    the row's kind and tags, the rules, the key and this program are the same. Raises `StudyError`
    naming the source.
    """
    where = _where(source)
    stored = None if cache is None else cache / f"{quote(source['source_id'], safe='')}.json"
    fingerprint = ""
    if stored is not None and path.is_file():
        fingerprint = _fingerprint(path, source, rules, key)
        known = _from_cache(stored, fingerprint)
        if known is not None:
            found, cleaned = known
            return _prepared(source, found, cleaned, key)
    found = read(path, where)
    cleaned = clean(found, source["kind"], rules, key, Speakers.of(source))
    if not cleaned.text:
        raise StudyError(
            Problem(where, "nothing left after cleaning", "a text", "look at file and rules")
        )
    if stored is not None:
        content = {
            "fingerprint": fingerprint,
            "format": found.format,
            "encoding": found.encoding,
            "notes": list(found.notes),
            "clean": cleaned.as_json(),
        }
        write_text(stored, json.dumps(content))
    return _prepared(source, found, cleaned, key)


def prepare_text(
    source: Mapping[str, str],
    text: str,
    rules: Sequence[str] = cleaning.RULES,
    key: PseudonymKey | None = None,
) -> Prepared:
    """Clean the text of a source that exists only inside a coded project."""
    found = Reading(text, "txt", "", ("taken from a coded project",))
    cleaned = clean(found, source["kind"], rules, key, Speakers.of(source))
    return _prepared(source, found, cleaned, key)


def prepare_all(
    sources: pd.DataFrame,
    folder: Path,
    rules: Sequence[str] = cleaning.RULES,
    key: PseudonymKey | None = None,
    cache: Path | None = None,
) -> dict[str, Prepared]:
    """Read and clean all `sources` that name a file in `folder`, by source_id, in their order.

    Whoever works (`workers`) gets them in batches. Every source is tried; then one `StudyError` tells
    all problems of all of them, if any: one that ends whoever reads it is a problem too.
    """
    check_rules(rules)
    problems: list[Problem] = []
    tasks: list[tuple[dict[str, str], Path]] = []
    for row in sources.to_dict("records"):
        source = {str(name): str(value) for name, value in row.items()}
        if not source["file"]:
            continue
        try:
            tasks.append((source, source_path(folder, source)))
        except StudyError as error:
            problems += error.problems
    work = partial(_prepared_or_not, rules=tuple(rules), key=key, cache=cache)
    prepared = {}
    outcomes = each(work, tasks, worth=_WORTH_WORKERS, at_a_time=_AT_A_TIME)
    for (source, _), outcome in zip(tasks, outcomes, strict=True):
        if isinstance(outcome, Prepared):
            prepared[source["source_id"]] = outcome
        elif isinstance(outcome, Died):
            problems.append(
                Problem(
                    _where(source),
                    "a file that ended the process reading it, each time it was tried",
                    "a file that can be read",
                    "save it anew in its program, or as text; or take it out of the register",
                )
            )
        else:
            problems += outcome.problems
    raise_if_any(problems)
    return prepared


def _prepared_or_not(
    task: tuple[dict[str, str], Path],
    rules: Sequence[str],
    key: PseudonymKey | None,
    cache: Path | None,
) -> Prepared | StudyError:
    """`prepare`, its problems returned: a cluster logs what is raised."""
    source, path = task
    try:
        return prepare(source, path, rules, key, cache)
    except StudyError as error:
        return error


def _where(source: Mapping[str, str]) -> str:
    return f"source {shown(source['source_id'])}, file data/raw/{shown(source['file'])}"


def source_path(folder: Path, source: Mapping[str, str]) -> Path:
    """Return where the file of `source` lies.

    Raises `StudyError` for a path that is absolute, climbs with '..', or leads through a link
    out of `folder`.
    """
    named = source["file"]
    where = _where(source)
    relative = PurePath(named)
    outside = relative.is_absolute() or ".." in relative.parts or "\x00" in named
    try:
        outside = outside or not (folder / relative).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        outside = True
    if outside:
        raise StudyError(
            Problem(
                where,
                f"a path that leaves {folder.name}",
                f"a file inside {folder.name}",
                "put the file there and correct the register",
            )
        )
    return folder / relative


def _prepared(
    source: Mapping[str, str], found: Reading, cleaned: CleanText, key: PseudonymKey | None
) -> Prepared:
    source_id, kind, speakers = source["source_id"], source["kind"], Speakers.of(source)
    tags = tags_of_turns(cleaned, speakers) if kind == "interview" else []
    unregistered = [place for tag, place in tags if place and not speakers.is_registered(tag)]
    possible = find_candidates(cleaned.text, unregistered)
    if key is not None:
        near = with_near_names(possible, cleaned.text, key)
        possible = [one for one in near if not speakers.is_registered(one.found)]
    candidates = pd.DataFrame(
        [
            (source_id, name.start, name.end, name.cue, name.found, name.context)
            for name in possible
        ],
        columns=list(CANDIDATES),
    ).astype(
        {
            "source_id": "str",
            "start": "int64",
            "end": "int64",
            "cue": "str",
            "found": "str",
            "context": "str",
        }
    )
    return Prepared(
        source_id,
        found.format,
        found.encoding,
        (*found.notes, *_of_speakers(kind, speakers, tags)),
        cleaned,
        passages(source_id, cleaned, kind, speakers),
        candidates,
    )


def _of_speakers(
    kind: str, speakers: Speakers, tags: Sequence[tuple[str, tuple[int, int] | None]]
) -> tuple[str, ...]:
    """Notes on who speaks in an interview: tags never heard, nobody named, nobody who asks."""
    if kind != "interview":
        return ()
    heard = [tag for tag, _ in tags]
    lacking: tuple[str, ...] = ()
    if not heard:
        lacking = ("no speaker found: all words count as the participants'",)
    elif INTERVIEWER not in speakers.voices(heard).values():
        lacking = ("no interviewer found: all words count as the participants'",)
    return (*speakers.unheard(heard), *lacking)


def _fingerprint(
    path: Path, source: Mapping[str, str], rules: Sequence[str], key: PseudonymKey | None
) -> str:
    settings = [
        source["kind"],
        source.get("participant_tags", ""),
        source.get("interviewer_tags", ""),
        path.suffix.lower(),
        sorted(rules),
        key.digest if key else "",
        _program(),
    ]
    with path.open("rb") as stream:
        content = hashlib.file_digest(stream, "sha256").hexdigest()
    return hashlib.sha256(json.dumps([content, settings]).encode()).hexdigest()


@cache
def _program() -> str:
    """Return a fingerprint of the code that reads and cleans."""
    folders = [Path(str(package.__file__)).parent for package in (reading, cleaning, text)]
    files = sorted(file for folder in folders for file in folder.glob("*.py"))
    digest = hashlib.sha256()
    for file in [*files, Path(untrusted.__file__)]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _from_cache(stored: Path, fingerprint: str) -> tuple[Reading, CleanText] | None:
    """Return what `prepare` stored under this fingerprint; None for none, another, or a broken one."""
    try:
        content = json.loads(stored.read_text(encoding="utf-8"))
        if content["fingerprint"] != fingerprint:
            return None
        cleaned = CleanText.from_json(content["clean"])
        found = Reading(
            cleaned.original, content["format"], content["encoding"], tuple(content["notes"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found, cleaned
