"""What of a study may go out: the part that every form of export is made from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from analysis.claims import Claim, Theme, quotable, read_claims
from analysis.claims.quotable import Evidence
from analysis.cleaning.pseudonyms import replace_names
from analysis.coding.formats.refi_export import NOT_ATTRIBUTES
from analysis.stages.texts import pseudonym_key
from analysis.study.cases import CASES, read_cases
from analysis.study.codebook import beneath
from analysis.study.folder import Study


@dataclass(frozen=True)
class Material:
    """A study as consent lets it out; for one's own programs (`private`) all of it.

    - `sources`: those that are active; in private, those that are embargoed too.
    - `texts`: source_id -> clean text, of sources with `publish: full` alone; in private of all.
    - `codings`: every coder's, of all `sources`; a memo, which may quote, only where there is the
      text, its names replaced as in texts.
    - `shown`: the coded and judged passages whose words may be printed, as on the evidence page.
    """

    study: Study
    private: bool
    sources: pd.DataFrame
    texts: Mapping[str, str]
    codes: pd.DataFrame
    codings: pd.DataFrame
    shown: Evidence

    @classmethod
    def of(
        cls, folder: Path, *, private: bool = False, also_whole: Collection[str] = ()
    ) -> Material:
        """Of the study in `folder`; of the sources `also_whole` the whole text too.

        Raises `StudyError` when its coding is not placed yet.
        """
        study = Study.open(folder, embargoed=private)
        sources, codes, codings = study.sources, study.codes, study.all_codings
        lifted = sources["source_id"].isin(also_whole) | private
        allowed = sources.assign(publish=sources["publish"].mask(lifted, "full"))
        whole = list(allowed.loc[allowed["publish"] == "full", "source_id"])
        spoken = codings["source_id"].isin(whole)
        memos = codings["memo"] if private else _named_nobody(codings["memo"], study)
        return cls(
            study,
            private,
            sources,
            {source_id: study.text(source_id) for source_id in whole},
            codes,
            codings.assign(memo=memos.where(spoken, "")),
            quotable.gather(study.passages, study.all_codings, allowed, _judged(study)),
        )

    def only(self, source_ids: Collection[str]) -> Material:
        """The part of it that is of these sources."""
        return replace(
            self,
            sources=self.sources[self.sources["source_id"].isin(source_ids)],
            texts={name: text for name, text in self.texts.items() if name in source_ids},
            codings=self.codings[self.codings["source_id"].isin(source_ids)],
        )

    @property
    def invented(self) -> bool:
        """Whether any source was invented."""
        return self.study.constructed

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The codings that the paper counts: the headline coder's, of counted voices."""
        return self.study.corpus.counted

    @cached_property
    def claims(self) -> list[Claim]:
        """The study's claims; none where it makes none."""
        path = self.study.raw / "claims.yml"
        return list(read_claims(path, self.codes)) if path.is_file() else []

    @cached_property
    def themes(self) -> list[Theme]:
        """The themes of all claims; where there are none, each usable code as one."""
        of_claims = [theme for claim in self.claims for theme in claim.themes]
        usable = self.codes.loc[self.codes["usable"], "code"]
        return of_claims or [Theme.of_code(code) for code in usable]

    def beneath(self, codes: Iterable[str]) -> frozenset[str]:
        """These codes and all below them: who carries one below carries it."""
        return beneath(codes, self.codes["code"])

    @cached_property
    def cases(self) -> pd.DataFrame:
        """One row a case: its attributes in the register, then those of `cases.csv`.

        Index case_id, sorted. Where sources of a case differ in one, all are told, joined by '; '.
        """
        by_case = self.sources.sort_values("source_id").groupby("case_id", sort=True)
        table = by_case.size().rename("sources").to_frame()
        for column in self.attributes:
            table[column] = by_case[column].agg(lambda values: "; ".join(dict.fromkeys(values)))
        measured = read_cases(self.study.raw / CASES, set(self.study.register["case_id"]))
        twice = {name: f"{name} (measured)" for name in measured.columns if name in table}
        return table.join(measured.rename(columns=twice))

    @property
    def attributes(self) -> list[str]:
        """The columns of the register that say what a source is."""
        return [name for name in self.sources.columns if name not in NOT_ATTRIBUTES]

    def stored(self, name: str) -> pd.DataFrame | None:
        """A table that a stage leaves; None where that stage has not run."""
        there = (self.study.processed / f"{name}.csv").is_file()
        return self.study.table(name) if there else None


def _named_nobody(memos: pd.Series, study: Study) -> pd.Series:
    """Coders' memos with the pseudonyms of the key in place of names: nothing else cleans them."""
    key = pseudonym_key(study)
    if key is None:
        return memos
    told: dict[str, str] = {}
    for memo in set(memos):
        text = str(memo)
        for edit in reversed(list(replace_names(text, key))):
            text = text[: edit.start] + edit.replacement + text[edit.end :]
        told[memo] = text
    return memos.map(told)


def _judged(study: Study) -> pd.DataFrame | None:
    if not (study.processed / "examples.csv").is_file():
        return None
    examples = study.table("examples")
    judged = examples[examples["bears"] != "presence only"]
    return judged[judged["source_id"].isin(study.sources["source_id"])]
