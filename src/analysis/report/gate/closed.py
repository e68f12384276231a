"""Closed by default: what must be decided on names before any words of collected sources go out."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping

import pandas as pd

from analysis.cleaning.prepared import Prepared
from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.cleaning.speakers import is_conventional
from analysis.corpus import QUOTABLE
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.report.gate.named_in_register import possible_names
from analysis.report.gate.way_out import authors_of
from analysis.stages.texts import prepared_sources, pseudonym_key
from analysis.study.folder import Study
from analysis.study.names import KEY, NOT_NAMES, read_not_names, undecided
from analysis.text.folding import fold

_KEY = f"data/private/{KEY}"
_WORD = re.compile(r"[^\W\d_]+")
_SAY = 'no_names: "reason" in params.yml'


def refuse_unnamed(study: Study) -> None:
    """Stop while words of collected sources would go out and no key says whom they name.

    Raises `StudyError` when there is no key, an empty one, or one of whose names none stands in any
    source that is shown; and where the register names somebody (`named_in_register`) whom neither
    the key nor `not_names.csv` knows, and who is no author. `no_names` in params.yml, a reason, takes
    the place of all that.
    """
    if study.choices.no_names.strip():
        return
    key = pseudonym_key(study)
    shown = _shown(study)
    collected = shown[shown["provenance"] != "constructed"]
    if collected.empty:
        return
    if not (key and key.entries):
        raise StudyError(_no_key(study, key))
    texts = prepared_sources(study)
    unused = [] if _is_used(key, texts, collected) else [_unused(key)]
    raise_if_any([*unused, *_named_in_register(study, key, texts, collected)])


def tell_undecided(study: Study, *, final: bool) -> None:
    """Count on the console the candidates in sources that are shown; a `final` report stops."""
    shown = set(_shown(study)["source_id"])
    waiting = undecided(study.private)
    count = int(waiting["source_id"].isin(shown).sum())
    if not count:
        return
    names = "possible name waits" if count == 1 else "possible names wait"
    if final:
        raise_if_any(
            [
                Problem(
                    "data/private/review/candidates-*.csv",
                    f"{count} {names} for a decision, in sources that are shown",
                    f"each in {_KEY}, or in data/private/{NOT_NAMES}",
                    f"look through them; a line of {NOT_NAMES} has name and source_id",
                )
            ]
        )
    print(
        f"warning: {count} {names} for a decision (data/private/review/candidates-*.csv): "
        f"into {_KEY}, or into data/private/{NOT_NAMES}",
        file=sys.stderr,
    )


def _shown(study: Study) -> pd.DataFrame:
    sources = study.sources
    return sources[sources["publish"].isin(QUOTABLE)]


def _no_key(study: Study, key: PseudonymKey | None) -> Problem:
    path = study.private / KEY
    folder = sorted(study.private.rglob("*")) if study.private.is_dir() else []
    alike = [
        file.relative_to(study.private).as_posix()
        for file in folder
        if "pseudonym" in fold(file.name) and file != path
    ]
    found = "a key without a name" if key else "a folder" if path.is_dir() else "no key"
    if alike and not key:
        found += f" (there is {', '.join(alike)})"
    return Problem(
        _KEY,
        found,
        "the names to replace, since words of collected sources would be published",
        f"fill in the key under this very name, or say {_SAY} that they name nobody",
    )


def _is_used(key: PseudonymKey, texts: Mapping[str, Prepared], collected: pd.DataFrame) -> bool:
    """Whether any name of the key stands in what is shown: in the register, or in a text, where the
    cleaning has replaced it, or left it as it was told."""
    if any(map(key.find_names, collected.astype(str).to_numpy().ravel())):
        return True
    shown = set(collected["source_id"])
    return any(
        "pseudonyms" in {rule for rule, *_ in one.clean.made()} or key.find_names(one.clean.text)
        for source_id, one in texts.items()
        if source_id in shown
    )


def _unused(key: PseudonymKey) -> Problem:
    count = len(key.entries)
    return Problem(
        _KEY,
        f"{count} name{'s' * (count > 1)}, of which none stands in any source that is shown",
        "the names that are said in the sources: a list of others, or a line that was meant as an "
        "example, hides nobody",
        f"add the names that are said; if nobody is named in these texts any more, say {_SAY}",
    )


def _named_in_register(
    study: Study, key: PseudonymKey, texts: Mapping[str, Prepared], collected: pd.DataFrame
) -> list[Problem]:
    """Names in the register that the key lacks: told by column and number, not by name."""
    decided = read_not_names(study.private)
    authors = authors_of(study.reports)
    stand_ins = {_bare(entry.replace) for entry in key.entries}
    ordinary = _words_in_small_letters(one.clean.text for one in texts.values())
    problems = []
    for source in collected.to_dict("records"):
        for column, names in possible_names(source, ordinary):
            unknown = [
                number
                for number, name in enumerate(names, start=1)
                if not is_conventional(name)
                and not name.startswith("[")
                and not key.find_names(name)
                and not {("", fold(name).strip()), (source["source_id"], fold(name).strip())}
                & decided
                # The authors sign with their names.
                and _bare(name) not in authors | stand_ins
            ]
            if unknown:
                which = f"name {', '.join(map(str, unknown))} of {len(names)} there"
                problems.append(
                    Problem(
                        f"data/raw/sources.csv, source {source['source_id']}, column {column}",
                        f"{which} may be somebody's, and the key has none such",
                        f"a line of {_KEY} for each person who is named",
                        f"add it; where it names nobody, add it to data/private/{NOT_NAMES}, or "
                        f"say {_SAY}",
                    )
                )
    return problems


def _bare(name: str) -> str:
    return " ".join(fold(name).strip("[]").split())


def _words_in_small_letters(texts: Iterable[str]) -> frozenset[str]:
    """The words that the `texts` have in small letters, which are nobody's names."""
    return frozenset(word for text in texts for word in _WORD.findall(text) if word.islower())
