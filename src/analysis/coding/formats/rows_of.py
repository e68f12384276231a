"""Rows of a table of a stranger's database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

from analysis.coding.formats.containers import columns_of


def rows_of(
    connection: sqlite3.Connection, table: str, columns: Iterable[str]
) -> list[dict[str, Any]]:
    """The rows of a table, None in columns that this version of the program lacks."""
    there, wanted = columns_of(connection, table), tuple(columns)
    if not there:
        return []
    said = ", ".join(f'"{name}"' if name in there else "NULL" for name in wanted)
    return [
        dict(zip(wanted, row, strict=True))
        for row in connection.execute(f'SELECT {said} FROM "{table}" ORDER BY rowid')
    ]


def count_of(connection: sqlite3.Connection, table: str) -> int:
    """How many rows a table has; 0 without one."""
    if not columns_of(connection, table):
        return 0
    return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])
