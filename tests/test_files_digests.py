from __future__ import annotations

from pathlib import Path

import pytest

from analysis.files.digests import sha256_of


def test_a_published_digest_and_a_file_of_several_pieces(tmp_path: Path) -> None:
    """The examples of FIPS 180: 'abc', and a million times 'a'."""
    (tmp_path / "a").write_bytes(b"abc")
    (tmp_path / "b").write_bytes(b"a" * 1_000_000)
    assert sha256_of(tmp_path / "a") == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        3,
    )
    assert sha256_of(tmp_path / "b") == (
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        1_000_000,
    )
    with pytest.raises(OSError):
        sha256_of(tmp_path)
