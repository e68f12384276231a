"""Parts of a coded project that are placed by themselves, by whoever works."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.cleaning.edits import CleanText
from analysis.cleaning.preparing import CleanTexts
from analysis.coding.placing.matching import SourceMatcher
from analysis.coding.project import CodedProject

# The codings of so many sources, their texts read from the cache, take about a second.
_AT_A_TIME = 500


@dataclass(frozen=True)
class Part:
    """Codings of some sources of a project: their names there, which sources of the register these
    fit and whether one of them is withdrawn, and the clean texts of these."""

    project: CodedProject
    matched: Mapping[str, tuple[set[str], bool]]
    cleaned: Mapping[str, CleanText]


def parts_of(
    project: CodedProject, matcher: SourceMatcher, cleaned: Mapping[str, CleanText]
) -> Iterator[Part]:
    """`project` in parts of `_AT_A_TIME` sources, in the order of their names; codings without a
    position, which are looked for together, are in the last. There is one part at least."""
    told_as = {one["source_id"]: tellings(one) for one in project.sources.to_dict("records")}
    names = sorted(project.codings["source_id"].unique())
    place = {name: at // _AT_A_TIME for at, name in enumerate(names)}
    coded = dict(list(project.codings.groupby(project.codings["source_id"].map(place))))
    number = max(1, -(-len(names) // _AT_A_TIME))
    for at in range(number):
        own = names[at * _AT_A_TIME : (at + 1) * _AT_A_TIME]
        quotations = project.quotations if at == number - 1 else project.quotations.iloc[:0]
        matched = {}
        for name in {*own, *quotations["source_name"]}:
            told = told_as.get(name, [name])
            matched[name] = matcher.find(*told), matcher.is_withdrawn(*told)
        part = replace(
            project,
            sources=project.sources.iloc[:0],
            texts={name: project.texts[name] for name in own if name in project.texts},
            codings=coded.get(at, project.codings.iloc[:0]),
            quotations=quotations,
        )
        wanted = sorted({source_id for fitting, _ in matched.values() for source_id in fitting})
        yield Part(part, matched, _only(cleaned, wanted))


def _only(cleaned: Mapping[str, CleanText], wanted: Sequence[str]) -> Mapping[str, CleanText]:
    if isinstance(cleaned, CleanTexts):
        return cleaned.only(wanted)
    return {source_id: cleaned[source_id] for source_id in wanted if source_id in cleaned}


def tellings(source: Mapping[Hashable, Any]) -> list[str]:
    """The names under which a project knows a source."""
    return [source[name] for name in ("source_id", "name", "file") if source[name]]
