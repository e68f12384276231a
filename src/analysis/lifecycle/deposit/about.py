"""What a deposit is called, who made it, and under which licence: as the paper's front matter says."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from analysis.report.prose import prose, title_block
from analysis.report.prose.title_block import Author
from analysis.study.folder import Study

_VARIABLE = re.compile(r"\{\{<\s*var\s+([\w.]+)\s*>\}\}")
_PAPER = "index.qmd"


@dataclass(frozen=True)
class About:
    """Title, abstract, authors, licence ('' where none is stated) and day of a deposit."""

    title: str
    abstract: str
    authors: tuple[Author, ...]
    licence: str
    keywords: tuple[str, ...]
    on: str
    invented: bool

    @classmethod
    def of(cls, study: Study, on: str, values: dict[str, str]) -> About:
        """Of the study's paper, deposited on the day `on`; `values` are what it prints."""
        file = study.reports / _PAPER
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        front = prose.project_settings(study.reports) | prose.front_matter(text, _PAPER)
        block, _ = title_block.read(text, _PAPER)
        abstract = " ".join(str(front.get("abstract") or "").split())
        return cls(
            " ".join(str(front.get("title") or study.folder.resolve().name).split()),
            _VARIABLE.sub(lambda found: values.get(found[1], "…"), abstract).replace("*", ""),
            block.authors,
            block.licence,
            block.keywords,
            on,
            study.constructed,
        )

    @property
    def cited_as(self) -> list[Author]:
        """The authors; where none is stated, nobody by name."""
        return list(self.authors) or [Author("The authors of the study")]


def citation(about: About) -> str:
    """CITATION.cff (1.2.0) of the data set."""
    lines = [
        "cff-version: 1.2.0",
        "message: If you use these data, please cite them as below.",
        "type: dataset",
        f"title: {json.dumps(about.title, ensure_ascii=False)}",
        "authors:",
    ]
    for author in about.cited_as:
        lines.append(f"  - name: {json.dumps(author.name, ensure_ascii=False)}")
        if author.orcid:
            lines.append(f"    orcid: https://orcid.org/{author.orcid}")
    if about.abstract:
        lines.append(f"abstract: {json.dumps(about.abstract, ensure_ascii=False)}")
    if about.licence:
        lines.append(f"license: {json.dumps(about.licence, ensure_ascii=False)}")
    if about.keywords:
        lines.append(f"keywords: {json.dumps(list(about.keywords), ensure_ascii=False)}")
    lines.append(f"date-released: {about.on}")
    return "\n".join(lines) + "\n"
