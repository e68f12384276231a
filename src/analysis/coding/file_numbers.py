"""Files of coding by number: what they are called can name a coder or a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.coding.formats import coded_in


def file_numbers(folder: Path) -> dict[str, str]:
    """Name below the folder of coding -> what a page calls the file: 'coding file 1' and so on.

    They are numbered in the order of their names, folders in which a program keeps a project and
    files that hold no coding among them.
    """
    if not folder.is_dir():
        return {}
    found = {*coded_in(folder), *folder.iterdir()}
    names = sorted(path.relative_to(folder).as_posix() for path in found)
    return {name: f"coding file {number}" for number, name in enumerate(names, start=1)}


def by_number(table: pd.DataFrame, numbers: Mapping[str, str]) -> pd.DataFrame:
    """`table` with the numbers of files in place of their names, wherever its texts have one.

    A name stands in a text where no letter, digit or mark of a longer name is beside it.
    """
    if not numbers:
        return table
    longest_first = sorted(numbers, key=len, reverse=True)
    names = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")

    def told(cell: object) -> object:
        return names.sub(lambda found: numbers[found[0]], cell) if isinstance(cell, str) else cell

    return table.map(told)
