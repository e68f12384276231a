"""From processed tables to the site: tables, data pages, values, checks, rendering."""

from __future__ import annotations

import dataclasses
import re
import shutil
import sys
from pathlib import Path

import pandas as pd

from analysis.preparation import pseudonym_key
from analysis.problems import Problem, raise_if_any
from analysis.report import (
    cards,
    check,
    codebook_page,
    consent,
    evidence,
    gate,
    notebook_page,
    provenance,
    render,
    source_page,
    tables,
    values,
)
from analysis.report.evidence import Evidence
from analysis.study import Study

SITE = "_site"
_QUOTED = re.compile(r"_generated/quotations/([\w-]+)\.md")


def publish(study: Study, *, final: bool = False) -> None:
    """Make `reports/_site` from what the stages left.

    Raises `StudyError` before anything is rendered when the prose does not fit the data; the
    last good site then stays, unless it shows a source that has left since: then it goes first.
    """
    consent.remove_withdrawn(study.register, study.reports / SITE)
    generated = study.reports / render.GENERATED
    shutil.rmtree(generated / "pages", ignore_errors=True)
    (generated / "pages").mkdir(parents=True)
    shown = evidence.gather(study.passages, study.all_codings, study.sources)
    for warning in evidence.extract_warnings(
        shown, study.passages, study.sources, study.choices.extract_share
    ):
        print(f"warning: {warning}", file=sys.stderr)
    tables.write_all(study)
    cards.write_all(study)
    _write_quotations(study, shown)
    made = provenance.write_all(study)
    _write_data_pages(study, shown, generated / "pages")
    consent.write_published(study.sources, generated / "pages")
    values.collect(study.processed, study.reports, _settings(study, made))
    raise_if_any(check.check(study.reports).problems)
    render.render(
        study.reports,
        study.reports / SITE,
        constructed=study.constructed,
        gate=lambda building: _leaks(study, building),
    )


def _leaks(study: Study, building: Path) -> list[Problem]:
    figures = sorted((study.reports / "figures").glob("*.svg"))
    beside = [study.reports / "_variables.yml", *figures]
    return gate.leaks(building, pseudonym_key(study), also=beside)


def _settings(study: Study, made: dict[str, str]) -> dict[str, object]:
    return {**dataclasses.asdict(study.choices), **made}


def _write_quotations(study: Study, shown: Evidence) -> None:
    """Write the quotations that the prose asks for by name; a name without words is a problem."""
    wanted: dict[str, str] = {}
    for page in sorted(study.reports.glob("*.qmd")):
        for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), start=1):
            for name in _QUOTED.findall(line):
                wanted.setdefault(name, f"reports/{page.name}, line {number}")
    found, problems = {}, []
    for name, where in wanted.items():
        words = evidence.quotation(shown, name, study.sources)
        if words is None:
            problems.append(
                Problem(
                    where, f"quotation {name}", "<source>-<passage>-<n> of the evidence page",
                    "choose a coded span there; a source without consent cannot be quoted",
                )
            )  # fmt: skip
        else:
            found[name] = words
    raise_if_any(problems)
    tables.write_quotations(found, study.reports / render.GENERATED)


def _write_data_pages(study: Study, shown: Evidence, folder: Path) -> None:
    constructed = study.constructed
    frequencies = study.table("frequencies_overall")
    pages = {
        "evidence.html": evidence.page(shown, study.sources, _uses(study), constructed=constructed),
        "codebook.html": codebook_page.page(
            study.codebook, frequencies, shown, constructed=constructed
        ),
    }
    passages, codings = study.passages, study.all_codings
    for _, source in study.sources[study.sources["publish"] == "full"].iterrows():
        own = source["source_id"]
        pages[f"source-{own}.html"] = source_page.page(
            source,
            passages[passages["source_id"] == own],
            codings[codings["source_id"] == own],
            constructed=constructed,
        )
    for name, content in pages.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    for notebook in sorted((study.reports / "notebooks").glob("*.ipynb")):
        if ".unfinished" not in notebook.name:
            target = folder / "notebooks" / f"{notebook.stem}.html"
            target.parent.mkdir(exist_ok=True)
            notebook_page.render_notebook(notebook, target, constructed=constructed)


def _uses(study: Study) -> pd.DataFrame:
    """Which claim a shown passage bears on: id, claim, bears."""
    examples = study.table("examples")
    if examples.empty:
        return pd.DataFrame(columns=["id", "claim", "bears"])
    known = examples[examples["bears"] != "presence only"]
    ids = "q-" + known["source_id"].astype(str) + "-" + known["passage"].astype(str)
    return known.assign(id=ids)[["id", "claim", "bears"]].drop_duplicates()
