"""Every source of a register, read and cleaned: in parallel, each only when it changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import takewhile
from pathlib import Path, PurePath

import pandas as pd

from analysis import cleaning
from analysis.cleaning import (
    CleanText,
    PseudonymKey,
    Speakers,
    check_rules,
    clean,
)
from analysis.cleaning.candidates import find_candidates
from analysis.cleaning.kept import Kept, kept_at
from analysis.cleaning.ledger import ledger
from analysis.cleaning.near_names import with_near_names
from analysis.cleaning.passages import (
    Columns,
    passage_columns,
    tags_of_turns,
)
from analysis.cleaning.prepared import OF_CANDIDATES, Prepared
from analysis.cleaning.speakers import INTERVIEWER, PARTICIPANT
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.reading import Reading, read
from analysis.reading.bounds import shown
from analysis.workers.pools import Died, each

# Fewer sources than this are cleaned sooner than workers have started.
_WORTH_WORKERS = 40
# About a second's work: interviews take some 30 ms each.
_AT_A_TIME = 32


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
    kept = None if cache is None else Kept.of(source, path, rules, key, cache)
    known = kept and kept.read(source["source_id"])
    if known:
        return known
    where = _where(source)
    found = read(path, where)
    cleaned = clean(found, source["kind"], rules, key, Speakers.of(source))
    if not cleaned.text:
        raise StudyError(
            Problem(where, "nothing left after cleaning", "a text", "look at file and rules")
        )
    prepared = _prepared(source, found, cleaned, key, path.read_bytes())
    # What is not explained is told anew each time.
    if kept and not prepared.unexplained:
        kept.write(prepared)
    return prepared


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
    real: dict[Path, Path] = {}
    for source in rows_of(sources):
        if not source["file"]:
            continue
        try:
            tasks.append((source, source_path(folder, source, real)))
        except StudyError as error:
            problems += error.problems
    prepared = {} if cache is None else _known(tasks, rules, key, cache)
    due = [task for task in tasks if task[0]["source_id"] not in prepared]
    work = partial(_prepared_or_not, rules=tuple(rules), key=key, cache=cache)
    outcomes = each(work, due, worth=_WORTH_WORKERS, at_a_time=_AT_A_TIME)
    for (source, _), outcome in zip(due, outcomes, strict=True):
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
    return {source["source_id"]: prepared[source["source_id"]] for source, _ in tasks}


def may_be_kept(
    sources: pd.DataFrame, folder: Path, cache: Path
) -> dict[str, tuple[dict[str, str], Path]]:
    """Of `sources` those of which `cache` holds something, perhaps of an earlier file: by source_id
    the row of the register, and where in `folder` the file lies. Raises `StudyError` as `source_path`."""
    found = {}
    real: dict[Path, Path] = {}
    for source in rows_of(sources[sources["file"] != ""]):
        if kept_at(cache, source["source_id"]).is_file():
            found[source["source_id"]] = source, source_path(folder, source, real)
    return found


def fingerprint(
    source: Mapping[str, str], path: Path, rules: Sequence[str], key: PseudonymKey | None
) -> str:
    """A digest of all that what is prepared of `source` hangs on; '' of a file that cannot be read."""
    kept = Kept.of(source, path, rules, key, path)
    return kept.fingerprint if kept else ""


def rows_of(sources: pd.DataFrame) -> Iterator[dict[str, str]]:
    """The rows of a register, each by the names of its columns."""
    names = list(map(str, sources))
    for row in zip(*(sources[name].to_numpy(object) for name in sources), strict=True):
        yield dict(zip(names, map(str, row), strict=True))


class CleanTexts(Mapping[str, CleanText]):
    """The cleaned texts of sources, each read from the cache when it is asked for first.

    What goes to a worker is where they lie, none of their words; but of those that came `ready`
    nothing lies anywhere. Looking one up raises `StudyError` as `prepare`.
    """

    def __init__(
        self,
        lying: Mapping[str, tuple[Mapping[str, str], Path]],
        ready: Mapping[str, CleanText],
        rules: Sequence[str],
        key: PseudonymKey | None,
        cache: Path,
    ) -> None:
        self._lying, self._ready = dict(lying), dict(ready)
        self._how = tuple(rules), key, cache

    def __getitem__(self, source_id: str) -> CleanText:
        if source_id not in self._ready:
            source, path = self._lying[source_id]
            self._ready[source_id] = prepare(source, path, *self._how).clean
        return self._ready[source_id]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._lying, **self._ready})

    def __len__(self) -> int:
        return len(self._lying.keys() | self._ready.keys())

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._lying or source_id in self._ready

    def only(self, source_ids: Iterable[str]) -> CleanTexts:
        """Those of these sources that there are; none has been read that lies somewhere."""
        own = [name for name in source_ids if name in self]
        return CleanTexts(
            {name: self._lying[name] for name in own if name in self._lying},
            {name: self._ready[name] for name in own if name not in self._lying},
            *self._how,
        )


def _known(
    tasks: Sequence[tuple[dict[str, str], Path]],
    rules: Sequence[str],
    key: PseudonymKey | None,
    cache: Path,
) -> dict[str, Prepared]:
    """What the cache holds of the sources, by source_id: sooner read here than sent by a worker."""
    known = {}
    for source, path in tasks:
        kept = Kept.of(source, path, rules, key, cache)
        found = kept and kept.read(source["source_id"])
        if found:
            known[source["source_id"]] = found
    return known


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


def source_path(
    folder: Path, source: Mapping[str, str], real: dict[Path, Path] | None = None
) -> Path:
    """Return where the file of `source` lies.

    `real` keeps where folders lie in truth, for whoever asks of many sources at once. Raises `StudyError` for a path that is absolute, climbs with '..', or leads through a link
    out of `folder`.
    """
    named = source["file"]
    where = _where(source)
    relative = PurePath(named)
    outside = relative.is_absolute() or ".." in relative.parts or "\x00" in named
    real = {} if real is None else real
    try:
        outside = outside or not _resolved(folder / relative, real).is_relative_to(
            real.get(folder) or real.setdefault(folder, folder.resolve())
        )
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


def _resolved(path: Path, real: dict[Path, Path]) -> Path:
    """`path.resolve()`; where its folder lies is looked up once."""
    if path.is_symlink():
        return path.resolve()
    if path.parent not in real:
        real[path.parent] = path.parent.resolve()
    return real[path.parent] / path.name


def _prepared(
    source: Mapping[str, str],
    found: Reading,
    cleaned: CleanText,
    key: PseudonymKey | None,
    data: bytes | None = None,
) -> Prepared:
    source_id, kind, speakers = source["source_id"], source["kind"], Speakers.of(source)
    tags = tags_of_turns(cleaned, speakers) if kind == "interview" else []
    unregistered = [place for tag, place in tags if place and not speakers.is_registered(tag)]
    possible = find_candidates(cleaned.text, unregistered)
    if key is not None:
        near = with_near_names(possible, cleaned.text, key)
        possible = [one for one in near if not speakers.is_registered(one.found)]
    said = passage_columns(cleaned, kind, speakers)
    found_here = {name: [getattr(one, name) for one in possible] for name in OF_CANDIDATES}
    accounted, unexplained = ledger(_where(source), data, found, cleaned)
    return Prepared(
        source_id,
        found.format,
        found.encoding,
        (*found.notes, *_of_speakers(kind, speakers, tags, said)),
        cleaned,
        said,
        found_here,
        tuple(accounted),
        tuple(unexplained),
    )


def _of_speakers(
    kind: str,
    speakers: Speakers,
    tags: Sequence[tuple[str, tuple[int, int] | None]],
    said: Columns,
) -> tuple[str, ...]:
    """Notes on who speaks in an interview: tags never heard, nobody named, nobody who asks, and
    what is said before anybody is named where both sides are."""
    if kind != "interview":
        return ()
    heard = [tag for tag, _ in tags]
    lacking: tuple[str, ...] = ()
    if not heard:
        lacking = ("no speaker found: all words count as the participants'",)
    elif INTERVIEWER not in speakers.voices(heard).values():
        lacking = ("no interviewer found: all words count as the participants'",)
    elif PARTICIPANT in speakers.voices(heard).values():
        first = takewhile(
            lambda turn: not turn[0], zip(said["speaker"], said["words"], strict=True)
        )
        words = sum(count for _, count in first)
        if words:
            lacking = (f"{words} words before the first turn count as the participants'",)
    return (*speakers.unheard(heard), *lacking)
