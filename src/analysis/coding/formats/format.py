"""What is known of one format of coding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.project import CodedProject
from analysis.files.problems import StudyError

# Whether the names under which a file knows a source are those of the one that leaves.
Matches = Callable[..., bool]
Without = Callable[[CodingFile, Matches, frozenset[str]], bytes]


class NoCodingError(StudyError):
    """A file in which there is no coding, and nothing that was meant as such."""


@dataclass(frozen=True)
class Format:
    """One format: how it is told, read, and written again without a source.

    - `endings`: those its files have, lower case, with the dot: a broken file is told by them.
    - `knows(file)`: whether this is one, by its content.
    - `read(file, columns)`: the project in it; raises `StudyError`. `columns` (role -> heading)
      is for tables alone.
    - `without(file, matches, sought)`: its bytes without the sources for which
      `matches(id, name, file)` holds, and without remarks that have a run of `sought`; the same
      bytes where nothing goes. None where it cannot be rewritten: purge then deletes a file that
      holds this source alone, and refuses any other by name.
    """

    name: str
    endings: tuple[str, ...]
    knows: Callable[[CodingFile], bool]
    read: Callable[[CodingFile, Mapping[str, str]], CodedProject]
    without: Without | None = None
