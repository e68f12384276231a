"""What is said of a stage: its notebook, what it comes after, what it reads and makes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """One notebook run: `01-clean-interview` is notebook `01-clean` with kind=interview.

    `after` names the stages whose tables and texts it uses; `reads` further files of the study, a
    folder with a `/` at its end; `makes` the files that it leaves. Of a file whose name begins with
    a dot every line names one more text that was made. `may_make` are such lists which it leaves of
    a large corpus only. `own`: the notebook is the study's own.
    """

    name: str
    notebook: str
    parameters: tuple[tuple[str, str], ...] = ()
    after: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    may_make: tuple[str, ...] = ()
    own: bool = False

    @property
    def executed(self) -> str:
        """Where the notebook lies as it ran."""
        return f"reports/notebooks/{self.name}.ipynb"
