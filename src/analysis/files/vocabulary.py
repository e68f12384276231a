"""Words that name something are compared as a reader compares them, not as a computer does."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable, Mapping

from analysis.files.problems import Problem

_MANY = 3
_PARTS_OF_NAMES = str.maketrans(dict.fromkeys(" _-"))


def folded(word: str) -> str:
    """`word` without what a reader does not see or would not part names by.

    Case, white space, compatibility forms and invisible marks go; letters keep their accents.
    """
    if word.isascii():
        return " ".join(word.casefold().split())
    if word.isascii():
        return " ".join(word.lower().split())
    # Folding twice: what a compatibility form opens into may have a case of its own.
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    return " ".join("".join(sign for sign in plain if unicodedata.category(sign) != "Cf").split())


def meant(word: str, allowed: Iterable[str]) -> str | None:
    """The one of `allowed` that `word` is, however it is written; None if there is none, or two."""
    known = list(allowed)
    if word in known:
        return word
    plain = folded(word)
    found = [one for one in known if folded(one) == plain]
    return found[0] if len(found) == 1 else None


def problems_of_heading(
    heading: Collection[str], needed: Iterable[str], where: str, others: Iterable[str] = ()
) -> list[Problem]:
    """A problem for each column that is not in `heading` under its own name: `needed` ones that are
    not there, and these and `others` that are there as 'Source ID' for 'source_id'. Many that are not
    there are one problem: the table is another, or has no heading."""
    needed = list(needed)
    unknown = [name for name in heading if name not in {*needed, *others}]
    written = {_run_together(name): name for name in unknown}
    problems, lacking = [], []
    for name in (*needed, *others):
        near = written.get(_run_together(name))
        if name in heading:
            continue
        if near is not None:
            problems.append(
                Problem(where, f"a column {near!r}", f"the column {name}", f"name it {name}")
            )
        elif name in needed:
            lacking.append(name)
    if len(lacking) > _MANY:
        listed = ", ".join(lacking)
        return [
            *problems,
            Problem(
                where,
                f"no columns {listed}",
                f"a heading with {', '.join(needed)}",
                "look whether it is the right file, and add them",
            ),
        ]
    return problems + [
        Problem(where, f"no column {name}{perhaps(name, unknown)}", f"the column {name}", "add it")
        for name in lacking
    ]


def has_columns(heading: Iterable[str], names: Iterable[str]) -> bool:
    """Tell whether all `names` are in `heading`, however they are written there."""
    return set(map(_run_together, names)) <= set(map(_run_together, heading))


def _run_together(name: str) -> str:
    return folded(name).translate(_PARTS_OF_NAMES)


def perhaps(word: str, allowed: Iterable[str]) -> str:
    """`: perhaps 'nurse'?` where one of `allowed` is much like `word`, else ''."""
    by_fold = {folded(one): one for one in allowed}
    near = difflib.get_close_matches(folded(word), by_fold, n=1, cutoff=0.75)
    return f": perhaps {by_fold[near[0]]!r}?" if near else ""


def side_by_side(places: Mapping[str, str], where: str, what: str, remedy: str) -> list[Problem]:
    """A problem for all words that differ in nothing a reader sees.

    `places`: each word -> where it stands; `what`: 'role', 'coder'.
    """
    together: dict[str, list[str]] = {}
    for word in places:
        together.setdefault(folded(word), []).append(word)
    return [
        Problem(
            where,
            " beside ".join(f"{word!r} ({places[word]})" for word in words),
            f"each {what} written in one way",
            remedy,
        )
        for words in together.values()
        if len(words) > 1
    ]
