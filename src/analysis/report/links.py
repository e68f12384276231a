"""Where the numbers of the paper lead: the question of the evidence page that each one answers.

A number is linked only when what its question lists has that many entries (`Linker.told`). A figure
that is made of entries and counts none (words, coefficients) leads to these in tables, with their number
beside the link (`Linker.behind`); what the evidence page cannot list (settings, shares of
rearrangements) stands as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.claims.asking import PASSAGES, Asked, Asking, Questions, asked_code, meeting
from analysis.claims.kinds import KINDS
from analysis.claims.stance import AFFIRMING, CONTRADICTING, MIXED, NOT_ASKED, UNJUDGED
from analysis.claims.wording import MENTIONING
from analysis.report.evidence_index import WINDOW, Index, address, question_of
from analysis.stages.cooccurrence import meeting_most
from analysis.stages.frequencies import most_spread, value_names
from analysis.stages.values import plain_name
from analysis.study.folder import Study
from analysis.text.english import grouped, plural

LINKS = "links.json"
_OF_VALUES = {"segments": "segments", "sources": "sources", "cases": "cases"}
_JUDGED = {
    "n_supports": "supports",
    "n_qualifies": "qualifies",
    "n_contradicts": "contradicts",
    "n_beside": "does not bear",
    "n_judged": "any",
    "n_unjudged": "not judged",
}
_STANCES = {
    "cases_affirming": AFFIRMING,
    "cases_contradicting": CONTRADICTING,
    "cases_mixed": MIXED,
    "cases_unjudged": UNJUDGED,
}


@dataclass
class Linker:
    """Links numbers to what they count; `refused` names those whose list has another length.

    `parents` are the codes with others beneath them; `stances` how each case stands to each
    expectation, as the rows of that table, by expectation; `window` is that of the choices.
    """

    index: Index
    parents: frozenset[str] = frozenset()
    stances: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    window: int = WINDOW
    refused: list[str] = field(default_factory=list)
    _listed: dict[str, list[str]] = field(default_factory=dict)

    def counted(self, asked: Asked) -> int:
        """How many entries are listed."""
        return len(self.listed(asked))

    def listed(self, asked: Asked) -> list[str]:
        """The entries that are listed."""
        question = address(**asked).partition("#")[2]
        if question not in self._listed:
            self._listed[question] = self.index.entries(question_of(question))
        return self._listed[question]

    def fits(self, count: int, asked: Asked) -> bool:
        """Whether what is asked lists `count` entries; what does not is remembered."""
        where = address(**asked)
        found = self.counted(asked)
        if found != count:
            self.refused.append(f"{count}, but {found} stand at {where}")
        return found == count

    def told(self, count: int, asked: Asked | None, words: str = "") -> str:
        """`count` as Markdown, or `words` for it, linked to what it counts; nought leads nowhere."""
        shown = words or grouped(count)
        if asked is None or not count or not self.fits(count, asked):
            return shown
        return f"[{shown}]({address(**asked)})"

    def behind(self, shown: str, asked: Asked) -> str:
        """A figure that is no count of entries (words, a coefficient), as Markdown, linked to the
        entries that it was made from; how many these are stands with the link, to be proven."""
        found = self.counted(asked)
        return f"[{shown}]({address(**asked)}){{data-count={found}}}" if found else shown

    def as_put(self, code: str) -> str:
        """`code` without those beneath it, for figures in which nothing is rolled up."""
        return asked_code(code, alone=code in self.parents)


def linker(index: Index, study: Study) -> Linker:
    """The `Linker` of a study's index."""
    used = {row.code for one in index.passages for row in one.rows} | set(study.codes["code"])
    stances = study.table("stances").sort_values("case_id")
    return Linker(
        index,
        frozenset(str(code).rpartition("/")[0] for code in used) - {""},
        {str(name): own.to_dict("records") for name, own in stances.groupby("expectation")},
        study.choices.window,
    )


def computed(study: Study, stage: str, words: str) -> str:
    """`words`, as Markdown, leading to the notebook that computed what no list holds; as they are
    where the study has not run that one."""
    ran = (study.reports / "notebooks" / f"{stage}.ipynb").is_file()
    return f"[{words}](notebooks/{stage}.html)" if ran else words


def of_code(code: str, listed: str, **further: Any) -> Asked:
    """What a figure of one code counts."""
    return {"list": listed, "code": asked_code(code), "coding": "counted", **further}


def of_expectation(row: Mapping[str, Any], linker: Linker) -> Questions:
    """What the figures of an expectation count, by the column of `patterns` that holds them.

    Its kind says so (`Expectation.asks`); of the passages that carry it, in cases that make its
    count, those that were judged; and the cases by how they stand to it, each by its name.
    """
    stances = linker.stances.get(row["expectation"], ())
    away = [one["case_id"] for one in stances if one["state"] == NOT_ASKED]
    found = KINDS[row["kind"]].asks(row, Asking(linker.window, away))
    if PASSAGES not in found:
        return found
    carrying = found[PASSAGES]
    counting = {one["case_id"] for one in stances}
    others = sorted(set(linker.listed({**carrying, "list": "cases"})) - counting)
    if counting and others:
        carrying = {**carrying, "without_case": others}
    judged = {
        column: {**carrying, "claim": row["claim"], "bears": does}
        for column, does in _JUDGED.items()
    }
    named = {
        column: {**carrying, "list": "cases", "case": cases}
        for column, cases in _by_stance(row, stances).items()
        if len(cases) == row.get(column, len(cases))
    }
    asked = {"cases_not_asked": {"list": "cases", "case": away}} if away else {}
    return {**found, PASSAGES: carrying, **judged, **named, **asked}


def _by_stance(
    row: Mapping[str, Any], stances: Sequence[Mapping[str, Any]]
) -> dict[str, list[str]]:
    """The cases that the counts by stance are of, by column of `patterns`; of the bounds those that
    affirm already, and those that may once all is read."""
    found = {
        column: [one["case_id"] for one in stances if one["state"] == state]
        for column, state in _STANCES.items()
    }
    found[MENTIONING] = sorted(case for cases in found.values() for case in cases)
    for name, is_other in (("n", False), ("than", True)):
        side = [one for one in stances if (one["side"] == row["than"]) == is_other]
        affirm = [one["case_id"] for one in side if one["n_supports"]]
        may = [one["case_id"] for one in side if one["n_supports"] or one["n_unjudged"]]
        found |= {f"{name}_least": affirm, f"{name}_most": may}
    return found


def of_pair(linker: Linker, code_a: str, code_b: str, unit: str) -> Asked:
    """What the meetings of two codes, as they were put, count."""
    codes = [linker.as_put(code_a), linker.as_put(code_b)]
    return meeting(codes, unit, linker.window) | {"coding": "counted"}


def of_values(study: Study, linker: Linker) -> dict[str, Asked]:
    """What the values of the prose count, by name: those that the evidence page can list."""
    codes, frequencies = study.codes, study.table("frequencies_overall")
    found: dict[str, Asked] = {
        "coding.n_sources": {"list": "sources"},
        "coding.n_cases": {"list": "cases"},
        "coding.n_people": {"list": "cases", "kind": "interview"},
        "coding.n_segments": {"list": "segments", "coder": study.choices.coder},
        "coding.n_sources_coded": {"list": "sources", "coder": study.choices.coder},
    }
    further = study.all_codings[study.all_codings["coder"] != study.choices.coder]
    own = study.all_codings.loc[study.all_codings["coder"] == study.choices.coder, "source_id"]
    if set(further["source_id"]) <= set(own):
        # Then whatever another coder coded was coded twice.
        others = sorted(map(str, further["coder"].unique()))
        found["coding.n_sources_coded_twice"] = {"list": "sources", "coder": others}
    for kind in ("interview", "document", "observation", "unknown"):
        found[f"coding.n_{kind}s"] = {"list": "sources", "kind": kind}
    named = value_names(codes)
    roles = sorted(study.sources["role"].unique())
    for role in roles:
        name, of_role = plain_name(role), {"kind": "interview", "role": role}
        found[f"coding.n_interviews_{name}"] = {"list": "sources", **of_role}
        found[f"coding.n_people_{name}"] = found[f"freq.n_cases_{name}"] = {
            "list": "cases",
            **of_role,
        }
    for code in map(str, frequencies["code"]):
        name = f"freq.{named.get(code, plain_name(code))}"
        for ending, listed in _OF_VALUES.items():
            found[f"{name}.{ending}"] = of_code(code, listed)
        for role in roles:
            found[f"{name}.cases_{plain_name(role)}"] = of_code(
                code, "cases", kind="interview", role=role
            )
    for place, code in enumerate(most_spread(frequencies, codes, 5), start=1):
        for ending in ("segments", "sources"):
            found[f"freq.top{place}_{ending}"] = of_code(code, ending)
    most = meeting_most(study.table("cooccurrence")).head(3)
    for place, pair in enumerate(most.itertuples(), start=1):
        found[f"cooc.top{place}_n"] = of_pair(linker, pair.code_a, pair.code_b, study.choices.unit)
    for row in study.table("patterns").to_dict("records"):
        name = f"find.{plain_name(row['expectation'])}"
        own = of_expectation(row, linker)
        said = {"n": "n_group", "n_of": "of_group", "than_n": "n_than", "than_of": "of_than"}
        said |= {"n_passages": "n_passages", "n_unjudged": "n_unjudged"}
        found |= {
            f"{name}.{said[column]}": asked for column, asked in own.items() if column in said
        }
    return found


def behind_values(study: Study) -> dict[str, Asked]:
    """What the values of the prose that count no entries were made from, by name."""
    codes, frequencies = study.codes, study.table("frequencies_overall")
    named = value_names(codes)
    return {
        f"freq.{named.get(code, plain_name(code))}.words": of_code(code, "segments")
        for code in map(str, frequencies["code"])
    }


@dataclass(frozen=True)
class Lead:
    """Where a value of the prose leads; `address` is empty where only numbers in it lead on.

    `behind` is how many entries stand there, where the value is another number than theirs; `words`
    is what stands in place of the value, as Markdown, where numbers in it lead on by themselves.
    """

    address: str
    behind: int = 0
    words: str = ""

    def markdown(self, name: str) -> str:
        """What stands in the prose for the variable `name`."""
        beside = f"{{data-count={self.behind}}}" if self.behind else ""
        return self.words or f"[{{{{< var {name} >}}}}]({self.address}){beside}"


def leads(
    linker: Linker,
    asked: Mapping[str, Asked],
    behind: Mapping[str, Asked],
    shown: Mapping[str, str],
    used: Iterable[str],
) -> dict[str, Lead]:
    """The values that the prose uses and the evidence page can list, or list what is behind them.

    `shown` are the values as they are printed; one that is spelled out leads where its number does.
    """
    found = {}
    for name in sorted(set(used)):
        number = number_of(name)
        digits = shown.get(number, "").replace(",", "")
        if number in asked and digits.isdigit() and linker.fits(int(digits), asked[number]):
            found[name] = Lead(address(**asked[number]))
        elif name in behind and (count := linker.counted(behind[name])):
            found[name] = Lead(address(**behind[name]), count)
    return found


def number_of(name: str) -> str:
    """The name of the number that the value `name` says in words, or with what it counts."""
    return name.removesuffix("_word").removesuffix("_Word").removesuffix("_counted")


def spread_furthest(found: Mapping[str, Asked], shown: Mapping[str, str]) -> dict[str, Lead]:
    """The phrase that says in how many sources and segments the code is that is spread furthest."""
    name = "freq.top1_reach"
    words = shown.get(name, "")
    for one in ("source", "segment"):
        number = f"freq.top1_{one}s"
        if number in found and number in shown:
            said = plural(int(shown[number].replace(",", "")), one)
            words = words.replace(said, f"[{said}]({address(**found[number])})", 1)
    return {name: Lead("", words=words)} if words else {}


def write(reports: Path, found: Mapping[str, Lead]) -> None:
    """Keep what stands for each variable that leads somewhere, in `_generated/links.json`."""
    kept = {name: lead.markdown(name) for name, lead in found.items()}
    text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
    (reports / "_generated" / LINKS).write_text(text + "\n", encoding="utf-8", newline="\n")


def load(reports: Path) -> dict[str, str]:
    """What `write` kept, as Markdown by name; nothing without the file."""
    file = reports / "_generated" / LINKS
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}
