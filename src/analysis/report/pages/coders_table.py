"""How the coders differ on what carries a claim: coefficients, where they part, what was settled."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.claims import Claim
from analysis.claims.asking import asked_code
from analysis.measures.pooled import kappa_over_codes
from analysis.report.links import Linker, computed
from analysis.report.numbers import format_value
from analysis.report.pages.lab_history import lab_history, with_decisions
from analysis.report.pages.tables import Table
from analysis.study.folder import Study
from analysis.text.english import plural
from analysis.text.escape import markdown
from analysis.text.passage_html import leaf

_NOTEBOOK = "05-agreement"
WHY_NONE = (
    "Agreement between coders is not computed. In a reflexive analysis coding is an interpretation"
    " that a reader makes and deepens; a coefficient would measure how alike readers are, and that"
    " is no mark of a good reading. Where more than one reads, their differences are material: what"
    " they open up belongs in the memos and in the text."
)


def coders_table(study: Study, claims: Sequence[Claim], linker: Linker) -> str:
    """The section's table and what is to be said with it, as Markdown; coefficients lead to the
    passages to which either of two coders put the code.

    A reflexive analysis says why there is none; without two coders, that there are none. What was
    coded and settled in the lab is told after it (`lab_history`).
    """
    return _compared(study, claims, linker) + lab_history(study)


def _compared(study: Study, claims: Sequence[Claim], linker: Linker) -> str:
    if study.choices.approach == "reflexive":
        return WHY_NONE + "\n"
    by_code = study.table("agreement")
    if by_code.empty:
        return (
            "No source was coded by two people in a way that could be compared, so nothing is known"
            " of how differently the codes can be read.\n"
        )
    carrying = {
        code: [claim.id for claim in claims if code in _codes_of(claim)] for code in by_code["code"]
    }
    # A content analysis answers for every category; so does a study that claims nothing yet.
    every = study.choices.approach == "content" or not claims
    own = by_code if every else by_code[[bool(carrying[code]) for code in by_code["code"]]]
    differences = with_decisions(study, study.table("disagreements"))
    below = study.choices.discuss_below
    rows = [_row(row, carrying, differences, below) for row in own.to_dict("records")]
    units = {
        "code": "text",
        "claims": "text",
        "units with it": "count",
        "of both": "count",
        "alpha": "coefficient",
        "its range": "range",
        "kappa": "coefficient",
        "apart": "count",
        "settled": "count",
    }
    both = _read_by_both(study.all_codings)
    # What nobody's coding counts is in no coefficient either.
    both |= {"voice": list(study.counted_voices)} if both else {}
    asked = [{"list": "passages", "code": asked_code(code), **both} for code in own["code"]]
    linked = {
        name: [
            linker.behind(format_value(row[name], "coefficient"), one)
            for one, row in zip(asked, rows, strict=True)
        ]
        for name in (("alpha", "kappa") if both else ())
    }
    for name in ("of both", "apart") if both else ():
        linked[name] = [
            linker.behind(str(row[name]), one) if row[name] else "0"
            for one, row in zip(asked, rows, strict=True)
        ]
    if both and all(
        linker.counted(one) == row["units with it"] for one, row in zip(asked, rows, strict=True)
    ):
        linked["units with it"] = [
            linker.told(int(str(row["units with it"])), one)
            for one, row in zip(asked, rows, strict=True)
        ]
    table = Table(pd.DataFrame(rows, columns=list(units)), units, linked).shown(study.reports)
    return (
        f"{_over_all(by_code, study)} {_settled(differences, study)}\n\n{table}\n"
        f": How two coders put the codes{'' if every else ' that carry a claim'}: units (each"
        f" {markdown(study.choices.agreement_unit)} of the sources that both coded) to which"
        " either put the code and to which both did; Krippendorff’s alpha with its 95 % range, cases"
        " taken for drawn whole, and Cohen’s kappa; spans on which they part, and how many of these"
        f" were settled. A dagger marks alpha below {study.choices.discuss_below:g}."
        " {#tbl-coders}\n"
    )


def _read_by_both(codings: pd.DataFrame) -> dict[str, list[str]]:
    """The two coders and the sources that both coded, to be asked for; nothing with more coders."""
    sources = codings.groupby("coder")["source_id"].agg(set)
    if len(sources) != 2:
        return {}
    return {
        "coder": [str(coder) for coder in sources.index],
        "source": sorted(map(str, set.intersection(*sources))),
    }


def _codes_of(claim: Claim) -> set[str]:
    return {code for one in claim.expectations for code in one.codes}


def _row(
    row: Mapping[str, float | str],
    carrying: Mapping[str, list[str]],
    differences: pd.DataFrame,
    below: float,
) -> dict[str, object]:
    code = str(row["code"])
    # A parent holds its children's spans, here as in the coefficients.
    apart = differences[(differences["code"] + "/").str.startswith(f"{code}/")]
    alpha, lower, upper = (float(row[name]) for name in ("alpha", "lower", "upper"))
    return {
        "code": leaf(code) + (" †" if alpha < below else ""),
        "claims": ", ".join(carrying[code]),
        "units with it": int(row["applied"]),
        "of both": int(row["agreed"]),
        "alpha": alpha,
        "its range": (lower, upper),
        "kappa": float(row["kappa"]),
        "apart": len(apart),
        "settled": int((apart["decision"].fillna("") != "").sum()),
    }


def _two(value: float) -> str:
    return "not defined" if math.isnan(value) else f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def _over_all(by_code: pd.DataFrame, study: Study) -> str:
    codes = set(by_code["code"])
    parents = {str(code).rpartition("/")[0] for code in codes}
    found = kappa_over_codes(by_code[~by_code["code"].isin(parents)])
    pooled, macro = (
        computed(study, _NOTEBOOK, _two(kappa)) for kappa in (found.pooled, found.macro)
    )
    return (
        f"Over the {found.n_codes} codes at the ends of the codebook’s branches for which it is"
        f" defined, kappa is {pooled} pooled (observed and expected agreement averaged"
        f" over codes) and {macro} as the mean of the codes."
    )


def _settled(differences: pd.DataFrame, study: Study) -> str:
    """How many spans the coders part on, and how these were decided, without anybody's words."""
    decided = differences[differences["decision"].fillna("") != ""]
    if differences.empty:
        return "They part on no span."
    kinds = Counter(differences["difference"])
    listed = ", ".join(f"{markdown(str(kind))} {count}" for kind, count in sorted(kinds.items()))
    spans = computed(study, _NOTEBOOK, plural(len(differences), "span"))
    first = f"They part on {spans} ({listed})."
    if decided.empty:
        return f"{first} None was settled: the figures follow the one coder, and the difference stands."
    return f"{first} Of these {len(decided)} were settled; of the others the difference stands."
