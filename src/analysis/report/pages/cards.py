"""Evidence cards: for each claim what was claimed, what the coding shows, who carries it, what
speaks for and against it, and what the authors decided. As Markdown, every word escaped."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.claims import Claim, read_claims, wording
from analysis.claims.asking import Asked
from analysis.claims.bearing import CONTRADICTS, QUALIFIES, SUPPORTS
from analysis.claims.codes_cell import codes_in
from analysis.claims.examples import AGAINST, NOT_ASKED_CASE, PRESENCE, SILENT, cases_in
from analysis.claims.rule import AT_ODDS, CONSISTENT, PARTLY
from analysis.claims.sensitivity import notice
from analysis.claims.signing import MUST_REREAD, SIGNED
from analysis.claims.signing import NOTICE as MUST_REREAD_NOTICE
from analysis.claims.stance import STATES
from analysis.claims.terms import OPPOSITE
from analysis.corpus import may_be_quoted
from analysis.report.links import Linker, computed, of_expectation
from analysis.report.pages import choices_table, own_numbers, rule_table
from analysis.report.pages.cutting import cut
from analysis.report.pages.tables import Table
from analysis.stages.findings import figure_of
from analysis.study.folder import Study
from analysis.text.english import plural
from analysis.text.escape import markdown
from analysis.text.passage_html import leaf

NULLS = (
    "Which rearrangements hold their level was simulated: along the words they do, but for codes at "
    "home in one topic of the guide; by whole passages they do not where passages are of unequal "
    "length, nor freely exchanged where codes come in runs; along the words of each answer they do for "
    "topics and lengths, and tell nothing where an answer is a single passage. Exchanging cases between "
    "groups does not hold its level, for shares even less than for rates, where one group talks much "
    "longer than the other. What had to be drawn has a standard error of at most "
    "√(p (1 − p) / resamples)."
)
# As many passages are shown on each side of a claim; all of them are on the evidence page.
SHOWN = 3
TO_READ = 5
_WHICH = (
    "Shown are the judged passages that the authors chose in `bearings.csv`; else one from each case"
    " in turn, those first that carry more codes of the claim, of equals the shorter. Long ones are"
    " cut round what was coded or what the note speaks of; numbers in a note are the judge’s own.\n"
)
_SAID = (SUPPORTS, QUALIFIES, CONTRADICTS)
_AFTER = " (made or changed after patterns had been seen)"
_OPENS, _CLOSES = "\ue000", "\ue001"
_MARKED = re.compile(f"{_OPENS}(\\d+){_CLOSES}")


def write_all(
    study: Study,
    linker: Linker,
    bearings: pd.DataFrame,
    interpreted: Collection[str] = (),
    made_after: Collection[str] = (),
) -> None:
    """Write `_generated/claim-<id>.md`, `rule.md` and `sensitivity.md`.

    `bearings` say which passages the authors want to stand in a card. Of the claims that are
    `interpreted` in a text of the authors, that text tells the decision.
    """
    folder = study.reports / "_generated"
    claims = _claims(study)
    tables = {
        name: study.table(name)
        for name in (
            "patterns",
            "claim_patterns",
            "examples",
            "negative_cases",
            "decisions",
            "reading_list",
            "judges",
            "stances",
        )
    }
    key = ["claim", "source_id", "passage"]
    chosen = bearings.loc[bearings["shown"] != "", [*key, "shown"]].drop_duplicates(key)
    joined = tables["examples"].merge(chosen, on=key, how="left")
    dates = bearings.drop_duplicates([*key, "by"])[[*key, "by", "date"]]
    joined = joined.merge(dates, on=[*key, "by"], how="left")
    tables["examples"] = joined.assign(
        shown=joined["shown"].fillna(""), date=joined["date"].fillna("")
    )
    for claim in claims:
        own = {name: table[table["claim"] == claim.id] for name, table in tables.items()}
        _write(
            folder / f"claim-{claim.id}.md",
            _card(claim, own, study, linker, made_after, interpreted=claim.id in interpreted),
        )
    _write(
        folder / "rule.md", f"{rule_table.rule(claims, study.sources, study.choices)}\n{NULLS}\n"
    )
    _write(folder / "sensitivity.md", _sensitivity(study, claims, linker))


def _claims(study: Study) -> list[Claim]:
    return read_claims(study.raw / "claims.yml", study.codes)


def _write(path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")


class _Numbers:
    """Marks the numbers of a text while it is made and escaped, and puts the links in their place.

    As `expectation.Number`; the marks are letters that no text has.
    """

    def __init__(self, linker: Linker, asked: Mapping[str, Asked]) -> None:
        self.linker, self.asked = linker, asked
        self._told: list[str] = []

    def __call__(self, column: str, count: int) -> str:
        self._told.append(self.linker.told(count, self.asked.get(column)))
        return f"{_OPENS}{len(self._told) - 1}{_CLOSES}"

    def linked(self, text: str) -> str:
        """`text` as Markdown with its numbers leading to what they count."""
        return _MARKED.sub(lambda found: self._told[int(found[1])], markdown(text))


def _of_row(row: dict[str, Any], linker: Linker) -> _Numbers:
    return _Numbers(linker, of_expectation(row, linker))


def sentence(row: dict[str, Any], linker: Linker) -> str:
    """What the expectation says of its pattern; the program's own sentence leads to its figures."""
    numbers = _of_row(row, linker)
    own = wording.sentence(row, numbers) if row["sentence"] == wording.sentence(row) else ""
    return numbers.linked(own or str(row["sentence"]))


def _card(
    claim: Claim,
    own: dict[str, pd.DataFrame],
    study: Study,
    linker: Linker,
    made_after: Collection[str],
    *,
    interpreted: bool,
) -> str:
    coded = own["claim_patterns"].iloc[0]
    parts = [
        f'::: {{.callout-note title="Working claim, from {markdown(claim.origin)},'
        f' {markdown(claim.date)}{_AFTER * (claim.id in made_after)}"}}\n',
        f"**{markdown(claim.sentence)}**\n",
        f"{_coded(coded)}\n",
        ":::\n",
        *(f"*{markdown(theme.name)}.* {markdown(theme.idea)}\n" for theme in claim.themes),
        "::: {.generated}\n",
        "[**Generated from the data, down to the end of this section.**]{.voice}\n",
        _expected(claim, own["patterns"], linker, made_after),
        _cases(claim, own["stances"]) if len(own["stances"]) else "",
        _expectations(claim, own["patterns"], linker, study.reports),
        *_passages(claim, own["examples"], own["judges"], study, linker),
        _negative(claim, own["negative_cases"], own["judges"], linker),
        _judges(claim, own["judges"], linker, agreement=study.choices.approach != "reflexive"),
        _to_read(own["reading_list"], study),
        ":::\n",
        "" if interpreted else _decision(own["decisions"].iloc[0]),
    ]
    return "\n".join(part for part in parts if part)


def _coded(coded: pd.Series) -> str:
    """The coded pattern in a sentence, and where the judgements run the other way, that too."""
    pattern = markdown(coded["coded_pattern"])
    reason = markdown(str(coded["reason"]).removeprefix(f"{coded['coded_pattern']}: "))
    of_claim = coded["coded_pattern"] in (CONSISTENT, PARTLY, AT_ODDS)
    first = (
        f"The coded pattern is **{pattern}** with this claim: {reason}."
        if of_claim
        else f"Whether the coded pattern fits this claim: **{pattern}** ({reason})."
    )
    told = str(coded["judgements"])
    return first + (f" But {markdown(told)}." if told else "")


def _searched(judged: pd.DataFrame) -> str:
    """'none found among the 41 of 56 carrying passages that were judged (by A 30, B 11)', or that
    nobody searched."""
    row = judged.iloc[0]
    if not row["n_searched"]:
        return "not searched"
    return (
        f"none found among the {row['n_searched']} of {row['n_carrying']} carrying passages that"
        f" were judged (by {markdown(row['judges'])}; how chosen: {markdown(row['chosen'])})"
    )


def _judges(claim: Claim, judged: pd.DataFrame, linker: Linker, *, agreement: bool) -> str:
    """Who judged, whether they also coded or interviewed, and how far two of them agree.

    A reflexive analysis has no use for the coefficient of their `agreement`.
    """
    row = judged.iloc[0]
    if not row["n_judged"]:
        return ""
    also = f" Of these {markdown(row['also'])}." if row["also"] else ""
    chosen = f"; how chosen: {markdown(row['chosen'])}" if row["chosen"] else ""
    asked = {"list": "passages", "claim": claim.id, "bears": "any"}
    told = linker.told(int(row["n_judged"]), asked)
    twice = "none of them by a second person"
    if row["n_twice"]:
        alpha = "not defined" if math.isnan(row["alpha"]) else f"{row['alpha']:.3f}"
        twice = (
            f"{row['n_twice']} of them by a second person too, who of {row['n_blind']} did not see"
            f" what the first found; {row['n_differ']} differently"
            + f" (agreement on bearings: alpha {alpha})"
            * agreement
        )
    return (
        f"Judged for this claim: {told} {'passage' if row['n_judged'] == 1 else 'passages'}, by {markdown(row['judges'])}{chosen}; {twice}."
        f"{also}\n"
    )


def _to_read(listed: pd.DataFrame, study: Study) -> str:
    """The passages whose judgement settles most, where anything is open; only what may be quoted
    has a place on the evidence page to open."""
    if listed.empty:
        return ""
    first = listed.sort_values("rank").head(TO_READ)
    shown = study.sources[may_be_quoted(study.sources)]["source_id"]
    names = [f"{row.source_id}-{row.passage}" for row in first.itertuples()]
    links = [
        f"[{markdown(name)}](evidence.html#q-{name})" if quoted else markdown(name)
        for name, quoted in zip(names, first["source_id"].isin(shown), strict=True)
    ]
    return (
        f"Open until read: {plural(len(listed), 'passage')} could still settle an expectation; those that"
        f" settle most come first: {', '.join(links)}.\n"
    )


def _expected(
    claim: Claim, patterns: pd.DataFrame, linker: Linker, made_after: Collection[str] = ()
) -> str:
    """Each expectation as a point of a list: what was expected, what was found, what would count
    against it."""
    stated = {one.id: one for one in claim.expectations}
    points = []
    for row in patterns.to_dict("records"):
        one, numbers = stated[row["expectation"]], _of_row(row, linker)
        more = filter(None, (wording.affirmed(row, numbers), wording.asked(row, numbers)))
        points.append(
            f"- **{markdown(one.id)}**{_AFTER * (one.id in made_after)}{_named(row)}. *Expected:*"
            f" {markdown(one.expected())}. *Found:* {sentence(row, linker)}"
            + (f" {numbers.linked(_capital(told))}." if (told := "; ".join(more)) else "")
            + f" *Against it would count:* {markdown(row['against'])}\n"
        )
    return "\n".join(points)


def _named(row: Mapping[str, Any]) -> str:
    """The pattern in brackets, where its sentence is the authors' and need not name it."""
    own = row["sentence"] == wording.sentence(row)
    return "" if own else f" ({markdown(row['pattern'])})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _expectations(claim: Claim, patterns: pd.DataFrame, linker: Linker, reports: Path) -> str:
    """The figures of the expectations, a line each."""
    rows, linked = [], []
    for row in patterns.to_dict("records"):
        numbers = _of_row(row, linker)
        read = int(row["n_passages"]) - int(row["n_unjudged"])
        rows.append(
            {
                "expectation": row["expectation"] + " †" * bool(row["marked_codes"]),
                "counted": wording.counted(row),
                "range": (row["lower"], row["upper"]),
                "q": _q(row),
                "judged": (read, int(row["n_passages"])),
                **{said: int(row[f"n_{said}"]) for said in _SAID},
            }
        )
        of_those = numbers("n_passages", int(row["n_passages"]))
        linked.append(
            {
                "counted": numbers.linked(wording.counted(row, numbers)),
                "judged": numbers.linked(f"{numbers('n_judged', read)} of {of_those}"),
                **{
                    said: numbers.linked(numbers(f"n_{said}", int(row[f"n_{said}"])))
                    for said in _SAID
                },
            }
        )
    units = {"expectation": "text", "counted": "text", "range": "range", "q": "text"}
    units |= {"judged": "of", **dict.fromkeys(_SAID, "count")}
    cells = {name: [row[name] for row in linked] for name in ("counted", "judged", *_SAID)}
    table = Table(pd.DataFrame(rows, columns=list(units)), units, cells if rows else {})
    marked = sorted({code for row in patterns["marked_codes"] for code in codes_in(row)})
    drawn = ", with its standard error where they were drawn" * any(
        "drawn" in str(row["q"]) for row in rows
    )
    note = (
        " *Counted*: cases that carry the code, or how often two codes meet. *Range*: how far the"
        " effect, as the rule measures it, could move with other cases like these. *q*: the share of"
        " rearrangements of these codings that go at least as far, adjusted for the number of"
        f" expectations{drawn} (–: nothing could be shown, or chance is not asked). *Judged*: of"
        " the passages behind the count those that a person read for the claim, and how many of"
        " these support, qualify and contradict it."
    )
    if marked:
        note += f" † Coders read differently: {markdown(', '.join(map(leaf, marked)))}."
    return (
        f"{table.shown(reports)}\n: The figures of the claim on {markdown(claim.id)}.{note}"
        f" {{#tbl-claim-{claim.id}}}\n"
    )


def _cases(claim: Claim, stances: pd.DataFrame) -> str:
    """The figure of every case under every expectation, and the same in words for who cannot see."""
    told = []
    for name, own in stances.groupby("expectation", sort=False):
        counts = own["state"].value_counts()
        listed = ", ".join(f"{state} {counts[state]}" for state in STATES if state in counts)
        told.append(f"{name}: {listed}")
    alternative = markdown(
        f"A mark for each case in a row for each expectation. {'; '.join(told)}."
    )
    caption = (
        f"Every case under every expectation of the claim on {markdown(claim.id)}: what the"
        " passages behind the count were judged to hold. Shape and filling tell it, not colour; a"
        " case without a mark is not among those that the expectation looks at."
    )
    name = figure_of(claim.id)
    return f'![{caption}](figures/{name}){{#fig-cases-{claim.id} fig-alt="{alternative}"}}\n'


def _q(row: dict[str, Any]) -> str:
    # A pattern that lies the other way was judged by the rearrangements that lie that way.
    q = float(row["q_other" if row["pattern"] == OPPOSITE else "q"])
    if math.isnan(q):
        return "–"
    drawn = f" (drawn, ± {row['p_error']:.3f})" if row["p_error"] > 0 else ""
    return ("under 0.001" if q < 0.001 else f"{q:.3f}") + drawn


def _passages(
    claim: Claim, examples: pd.DataFrame, judged_by: pd.DataFrame, study: Study, linker: Linker
) -> list[str]:
    """The judged passages, for and against; those that consent does not let be shown are counted."""
    judged = examples[examples["bears"] != PRESENCE].drop_duplicates(
        ["source_id", "passage", "bears"]
    )
    if judged.empty:
        return [
            "Nobody has yet judged which passages bear on this claim: presence alone was counted.\n"
        ]
    parts, printed = [_WHICH], set[tuple[str, int, str]]()
    for bears, heading in (
        (SUPPORTS, "Passages that support the claim"),
        (QUALIFIES, "Passages that qualify it"),
        (CONTRADICTS, "Passages that contradict it"),
    ):
        own = judged[judged["bears"] == bears]
        if own.empty:
            parts.append(f"**{heading}:** {_searched(judged_by)}.\n")
        else:
            quotable = own[own["publishable"]]
            shown = _in_turn(quotable, study).to_dict("records") if len(quotable) else []
            kept = len(own) - len(quotable)
            silent = f"; {kept} may not be shown" if kept else ""
            asked = {"list": "passages", "claim": claim.id, "bears": bears}
            told = linker.told(len(own), asked)
            parts.append(f"**{heading}** ({len(shown)} of {told}{silent})\n")
            for row in shown:
                parts.append(_quotation(row, study, printed))
    return parts


def _in_turn(own: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The first passages by the rule that `_WHICH` states."""
    words = study.passages.set_index(["source_id", "passage"])["words"]
    places = pd.MultiIndex.from_frame(own[["source_id", "passage"]])
    table = own.assign(
        last=-own["shown"].map({"yes": 1, "": 0, "no": -1}).fillna(0),
        few=-own["code"].map(codes_in).map(len),
        long=words.reindex(places).to_numpy(),
    )
    order = ["last", "few", "long", "source_id", "passage"]
    table = table.sort_values(order)
    table["turn"] = table.groupby(["last", "case_id"]).cumcount()
    return table.sort_values(["last", "turn", *order[1:]]).head(SHOWN)


def _quotation(row: dict[str, Any], study: Study, printed: set[tuple[str, int, str]]) -> str:
    """The judged words, cut where they are long round what was coded and what the note speaks of.

    What is `printed` already in this card, as another judge found it to do something else, is only
    named; the set is added to.
    """
    start, end = row["start"], row["end"]
    codings, named = study.codings, set(codes_in(str(row["code"])))
    own = codings[(codings["source_id"] == row["source_id"]) & codings["code"].isin(named)]
    coded = [(a - start, b - start) for a, b in zip(own["start"], own["end"], strict=True)]
    words = cut(study.text(row["source_id"])[start:end], str(row["note"]), coded)
    role = row["role"].replace("_", " ")
    anchor = f"evidence.html#q-{row['source_id']}-{row['passage']}"
    who = markdown(f"{row['source_id']}, {role}")
    when = f", {markdown(row['date'])}" if row["date"] else ""
    label = f"[**Judge’s note, {markdown(row['by'])}{when}.**]{{.note-label}}"
    note = f"{label} “{own_numbers.marked(row['note'])}”" if row["note"] else ""
    told = f"\n\n::: {{.judges-note}}\n{note}\n:::\n" if note else "\n"
    place = (row["source_id"], row["passage"], words)
    if place in printed:
        return f"> [{who}]({anchor}), as quoted above{told}"
    printed.add(place)
    return f"> {markdown(words)}\n>\n> [{who}]({anchor}){told}"


def _negative(claim: Claim, negative: pd.DataFrame, judged: pd.DataFrame, linker: Linker) -> str:
    """Passages and cells that speak against the claim, of how many cases, and who says nothing.

    What tells one event is of one case, whoever told it.
    """

    def cases(state: str) -> str:
        own = negative[negative["state"] == state]
        names, count = sorted(own["case_id"].unique()), cases_in(own)
        # Where two tell one event, the cases by name are more than what is counted.
        asked = {"list": "cases", "case": names} if len(names) == count else None
        return linker.told(count, asked)

    against = negative[negative["state"] == AGAINST]
    if against.empty:
        first = f"Speaking against it: {_searched(judged)}"
    else:
        n_passages = len(against[against["start"] >= 0].drop_duplicates(["source_id", "passage"]))
        n_cells = int((against["start"] < 0).sum())
        asked = {"list": "passages", "claim": claim.id, "bears": "contradicts"}
        parts = [
            f"{linker.told(n_passages, asked)} passage{'s' * (n_passages != 1)}" * bool(n_passages),
            f"[{n_cells}](matrix.html) cell{'s' * (n_cells != 1)} of the matrix" * bool(n_cells),
        ]
        # A passage that two people found to contradict is one; cells are told apart by their words.
        cell = against["note"].where(against["start"] < 0, "")
        once = against.assign(cell=cell).drop_duplicates(
            ["case_id", "source_id", "passage", "cell"]
        )
        told = ", ".join(
            f"{markdown(str(name))} {linker.behind(str(len(own)), _cases_of(own))}"
            for name, own in once.groupby("outcome")
        )
        first = (
            f"Speaking against it: {' and '.join(part for part in parts if part)}, of"
            f" {cases(AGAINST)} cases. What followed from each: {told}"
        )
    silent, away = cases(SILENT), cases(NOT_ASKED_CASE)
    return f"{first}. Cases that say nothing on it: {silent}; not asked: {away}.\n"


def _cases_of(own: pd.DataFrame) -> Asked:
    """The cases of these passages and cells: no list of passages holds cells of the matrix too."""
    return {"list": "cases", "case": sorted(own["case_id"].unique())}


def _decision(decision: pd.Series) -> str:
    said = f"The authors' decision: **{markdown(decision['status'])}**"
    paragraphs = markdown(decision["paragraphs"])
    if decision["state"] == SIGNED:
        return f"{said}, signed by {markdown(decision['signed_by'])} on {markdown(decision['date'])}.\n\n{paragraphs}\n"
    if decision["state"] == MUST_REREAD:
        return f"::: {{.callout-warning}}\n{MUST_REREAD_NOTICE}\n:::\n\n{said}.\n\n{paragraphs}\n"
    unsigned = f"\n\n{paragraphs}" if paragraphs else ""
    return f"{said}; {decision['state'].replace('undecided', 'nothing signed yet')}.{unsigned}\n"


def _sensitivity(study: Study, claims: Sequence[Claim], linker: Linker) -> str:
    variants, turned = study.table("sensitivity"), study.table("turning")
    expectations = [one.id for claim in claims for one in claim.expectations]
    rows, linked = [], []
    for name in expectations:
        own = turned[turned["expectation"] == name]
        alone = sorted(set(own.loc[own["choice"] == "left_out_case", "value"].map(str)))
        cases = [linker.behind(markdown(case), {"case": case}) for case in alone]
        linked.append(", ".join(cases) or "no single case")
        rows.append(
            {
                "expectation": name,
                "distinct": int(
                    variants.loc[variants["expectation"] == name, "effective"].nunique()
                ),
                "turned by a choice": _by_choice(own[own["choice"] != "left_out_case"]),
                "turned by leaving out": ", ".join(alone) or "no single case",
            }
        )
    if not rows:
        return "The study states no expectations yet, so there is nothing to vary.\n"
    kinds = {"expectation": "text", "distinct": "count", "turned by a choice": "text"}
    # In a study of very many cases none was left out, and none can be said to turn nothing.
    one_by_one = bool((variants["left_out_case"] != "").any())
    if one_by_one:
        kinds["turned by leaving out"] = "text"
    table = Table(
        pd.DataFrame(rows)[list(kinds)],
        kinds,
        {"turned by leaving out": linked} if one_by_one else {},
    ).shown(study.reports)
    run = plural(variants["variant"].nunique(), "variant")
    return (
        "Every expectation was run again under the alternatives listed with the choices"
        f"{', and with each case left out' if one_by_one else ''}: "
        f"{computed(study, '06-findings', run)}. {markdown(notice(variants))}\n\n{table}\n"
        ": What turns a pattern: effectively different variants, and the single choice"
        f"{' or single case' if one_by_one else ''} that changes it {{#tbl-sensitivity}}\n"
    )


def _by_choice(turned: pd.DataFrame) -> str:
    told = [
        f"{choices_table.varied(row['choice'], str(row['value']))}: {row['becomes']}"
        for row in turned.to_dict("records")
    ]
    return "; ".join(dict.fromkeys(told)) or "nothing"
