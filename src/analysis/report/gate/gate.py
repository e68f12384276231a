"""The leak gate: no name of the pseudonym key, no words that consent withholds, and nothing that
points at a person, goes out."""

from __future__ import annotations

import heapq
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.file_text import pieces
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.report.gate.authors import NOBODY, Authors
from analysis.report.gate.gate_search import (
    Finds,
    Kind,
    Search,
    Sought,
)
from analysis.report.gate.searched import Searched
from analysis.report.gate.way_out import NO_WAY_OUT, WayOut, with_our_words
from analysis.report.gate.withheld import NOTHING, Withheld, said_by_the_program
from analysis.workers import cores
from analysis.workers.pools import workers

_SEARCHED_FOR = "nothing that names or points at a person, and no words that consent withholds"
# Fewer bytes than this are searched sooner than workers have started.
_WORTH_WORKERS = 2_000_000

Named = tuple[str, Path]
Outcome = Mapping[Kind, Finds] | StudyError


def leaks(
    folder: Path,
    key: PseudonymKey | None,
    *,
    withheld: Withheld = NOTHING,
    authors: Authors = NOBODY,
    way_out: WayOut = NO_WAY_OUT,
    also: Iterable[Path] = (),
    kept: Path | None = None,
    jobs: int | None = None,
) -> list[Problem]:
    """Search every file of `folder`, and the files `also`, for what must not be published.

    Looked for are names of `key`; direct identifiers (`cleaning.identifiers`), but for those on
    the prose pages that the `authors` typed themselves; and runs of words that are `withheld`. Of
    all this the `way_out` lets some stand.
    One problem tells a file, the first place, the kind and how often; the words themselves are
    never repeated. Packed data, hashes and DOIs are no words. Up to `jobs` processes search at
    the same time, by default one a core; a file that is as it was when nothing was found in it is
    not searched again, if the file `kept` tells so (`searched`). Raises one StudyError for all
    files that cannot be read.
    """
    named = [
        (file.relative_to(folder).as_posix(), file)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    ]
    named += [(file.name, file) for file in also]
    pages = frozenset(name for name, _ in named)
    searched = Searched.of(kept, key, withheld, authors, way_out) if kept else None
    digests = _digests(named, pages, searched) if searched else {}
    new = [one for one in named if not searched or digests[one] not in searched.known]
    if not new:
        return []
    sought = Sought(with_our_words(key or PseudonymKey(())), withheld, authors, way_out)
    outcomes = _searched(new, sought, pages, jobs)
    if searched:
        stopped = {one for one, outcome in zip(new, outcomes, strict=True) if outcome}
        searched.keep(digests[one] for one in named if one not in stopped)
    raise_if_any(
        [
            problem
            for outcome in outcomes
            if isinstance(outcome, StudyError)
            for problem in outcome.problems
        ]
    )
    return [
        Problem(
            sought.key.mask(f"{name}, {found.place}"),
            f"{kind.what}, {_times(found.count)}",
            _SEARCHED_FOR,
            f"{kind.remedy}; where it must stand: in params.yml "
            f'exempt: {{"{sought.key.mask(name)}, {kind.label}": "reason"}}',
        )
        for (name, _), outcome in zip(new, outcomes, strict=True)
        if not isinstance(outcome, StudyError)
        for kind, found in outcome.items()
    ]


def _digests(named: Sequence[Named], pages: Container[str], searched: Searched) -> dict[Named, str]:
    return {
        (name, file): searched.digest(
            name, file.read_bytes(), is_told_elsewhere=_is_told_elsewhere(name, pages)
        )
        for name, file in named
    }


def _is_told_elsewhere(name: str, pages: Container[str]) -> bool:
    return name.endswith(".pdf") and f"{name[:-4]}.html" in pages


def _searched(
    named: Sequence[Named], sought: Sought, pages: frozenset[str], jobs: int | None
) -> list[Outcome]:
    """What each file holds, in the order of the files, whoever searched it."""
    sizes = [file.stat().st_size for _, file in named]
    number = jobs or cores()
    # The largest first, each to whoever has least to do.
    shares: list[tuple[int, int, list[int]]] = [(0, worker, []) for worker in range(number)]
    for at in sorted(range(len(named)), key=lambda at: -sizes[at]):
        size, worker, share = heapq.heappop(shares)
        share.append(at)
        heapq.heappush(shares, (size + sizes[at], worker, share))
    outcomes: dict[int, Outcome] = {}
    if sum(sizes) >= _WORTH_WORKERS:
        # Read once here, not in every fork.
        said_by_the_program()
    with workers(sum(sizes), _WORTH_WORKERS, start="fork", at_most=number) as pool:
        tasks = [
            (share, pool.submit(_search_all, [named[at] for at in share], sought, pages))
            for _, _, share in shares
        ]
        for share, task in tasks:
            outcomes |= zip(share, task.result(), strict=True)
    return [outcomes[at] for at in range(len(named))]


def _search_all(named: Sequence[Named], sought: Sought, pages: Container[str]) -> list[Outcome]:
    found: list[Outcome] = []
    for name, file in named:
        try:
            search = Search(name, sought, _is_told_elsewhere(name, pages))
            found.append(search.all_of(pieces(file)))
        except StudyError as error:
            found.append(error)
    return found


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
