"""XML and SQLite from strangers: nothing in them is run, fetched, expanded or followed.

Every reader of such files begins here, so that a hardening reaches all of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

# A cell that a database computes, generated or in a view, can be of any length.
LONGEST_CELL = 100_000_000


def xml_root(data: bytes, *, searched: bool = False) -> etree._Element:
    """The root of an XML document; entities stay as they are written.

    Comments and processing instructions are left out, and a document of unbounded depth or size
    is refused; not so where the document is to be `searched` for whatever it holds. Raises
    `etree.XMLSyntaxError`, or ValueError for bytes that are no document at all; MemoryError where
    there is no room for it.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=not searched,
        remove_pis=not searched,
        huge_tree=searched,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if getattr(error, "code", None) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise


def declares_type(root: etree._Element) -> bool:
    """Whether the document has a document type: one can only serve to define entities."""
    return root.getroottree().docinfo.internalDTD is not None


@contextmanager
def sqlite_in_memory(data: bytes) -> Iterator[sqlite3.Connection]:
    """The database `data`, apart from the disk; bytes that are no UTF-8 are replaced in its texts.

    The write-ahead mark in the header is cleared, since a file in memory has no log beside it.
    Raises `sqlite3.Error` for what is no database.
    """
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(data[:18] + b"\x01\x01" + data[20:])
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST_CELL)
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        yield connection
    finally:
        connection.close()
