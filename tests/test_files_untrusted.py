"""Whoever reads a stranger's XML or database: nothing is expanded, fetched or left locked."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from lxml import etree

from analysis.files.untrusted import declares_type, sqlite_in_memory, xml_root


@pytest.mark.parametrize("searched", [False, True])
def test_an_entity_stays_as_it_is_written(tmp_path: Path, searched: bool) -> None:
    (tmp_path / "secret").write_text("told")
    address = (tmp_path / "secret").as_uri()
    declared = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{address}"><!ENTITY y "spread">]>'
    root = xml_root(f"{declared}<a>&x; &y;</a>".encode(), searched=searched)
    assert declares_type(root)
    written = etree.tostring(root)
    assert b"told" not in written and written == b"<a>&x; &y;</a>"
    assert not declares_type(xml_root(b"<a/>", searched=searched))


def test_what_is_searched_keeps_its_comments_and_any_depth() -> None:
    deep = b"<a>" * 1_000 + b"<!-- said --><?pi told?>" + b"</a>" * 1_000
    assert etree.tostring(xml_root(deep, searched=True)).count(b"said --><?pi told") == 1
    with pytest.raises(etree.XMLSyntaxError):
        xml_root(deep)
    assert etree.tostring(xml_root(b"<a><!-- said --><?pi told?></a>")) == b"<a/>"


def test_a_database_is_read_from_its_bytes_whatever_its_log_and_its_letters(
    tmp_path: Path,
) -> None:
    path = tmp_path / "project.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE t (a TEXT)")
    connection.execute("INSERT INTO t VALUES (CAST(x'6361ff' AS TEXT))")
    connection.commit()
    connection.close()
    with sqlite_in_memory(path.read_bytes()) as held:
        assert held.execute("SELECT a FROM t").fetchall() == [("ca\ufffd",)]
    with pytest.raises(sqlite3.Error), sqlite_in_memory(b"no database" * 100) as held:
        held.execute("SELECT 1 FROM t")
