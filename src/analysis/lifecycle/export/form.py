"""What a form of export is: a name, what its files are, and who writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.lifecycle.export.material import Material

#: The files of an export by their names, which may have one folder in front.
Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Form:
    """One form in which a study leaves.

    `files`: name, or pattern of names, of the files -> what they are, in a line of Markdown.
    `write` makes them; it writes nothing itself, and knows of consent only what `Material` says.
    """

    name: str
    summary: str
    files: Mapping[str, str]
    write: Callable[[Material], Files]
