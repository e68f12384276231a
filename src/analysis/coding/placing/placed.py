"""What became of the codings of a part of a project."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.coding.placing.ledger import Fate
from analysis.coding.project import (
    CodedProject,
    Report,
)
from analysis.files.problems import Problem


@dataclass
class Found:
    """What became of the codings of a part: rows placed and not, the fate of each, what is wrong,
    codes that the codebook lacks with the rows that have them, and what the report says."""

    report: Report
    placed: list[tuple[object, ...]] = field(default_factory=list)
    unplaced: list[tuple[object, ...]] = field(default_factory=list)
    fates: list[Fate] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unknown: dict[str, list[int]] = field(default_factory=dict)

    def add(self, other: Found) -> None:
        """Let what `other` found follow."""
        self.placed += other.placed
        self.unplaced += other.unplaced
        self.fates += other.fates
        self.problems += other.problems
        for code, rows in other.unknown.items():
            self.unknown.setdefault(code, []).extend(rows)
        for line, count in other.report.counts.items():
            self.report.add(*line, count)

    def unknown_codes(self, project: CodedProject) -> list[Problem]:
        """One problem for each code that the codebook does not list, at its first coding."""
        return [
            Problem(
                project.where(rows[0]),
                f"code {code[:80]!r}" + (f", and in {len(rows) - 1} more" if rows[1:] else ""),
                "a code that the codebook lists as usable",
                "add it to codebook.yml, or name its code under code_names in params.yml",
            )
            for code, rows in self.unknown.items()
        ]
