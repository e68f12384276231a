"""What the authors typed themselves: it may hold an address of theirs, as data may not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from analysis.cleaning.identifiers import find_identifiers
from analysis.report.prose import prose, title_block

_FORMS = ("html", "pdf", "docx")


@dataclass(frozen=True)
class Authors:
    """The files of the site that are the authors' prose, and the identifiers that they typed."""

    pages: frozenset[str] = frozenset()
    identifiers: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, reports: Path) -> Authors:
        """Of the prose pages, references and settings in `reports`, before anything that is made
        from data (includes, variables) is read into them."""
        names = prose.page_names(reports)
        files = [
            *(reports / name for name in names),
            *reports.glob("*.bib"),
            reports / "_quarto.yml",
        ]
        typed = [
            line
            for file in files
            if file.is_file()
            for line in file.read_text(encoding="utf-8").splitlines()
        ]
        for name in names:
            block, _ = title_block.read(prose.read_page(reports, name), name)
            # An ORCID iD is typed by its digits and printed as the address that it stands for.
            typed += [address for author in block.authors for address in author.addresses]
        return cls(
            frozenset(f"{Path(name).stem}.{form}" for name in names for form in _FORMS),
            frozenset(
                (found.kind, spelled(line[found.start : found.end]))
                for line in typed
                for found in find_identifiers(line)
            ),
        )

    def typed(self, page: str, kind: str, text: str) -> bool:
        """Whether the identifier `text` on the file `page` of the site is one of theirs."""
        return page in self.pages and (kind, spelled(text)) in self.identifiers


NOBODY = Authors()


def spelled(identifier: str) -> str:
    """An identifier by its letters and digits alone: spaces and marks in it vary."""
    return re.sub(r"[\W_]", "", identifier).casefold()
