"""Members of a zip file, with bounds: nothing is unpacked to disk, nothing grows past a limit."""

from __future__ import annotations

import io
import zipfile
import zlib

from analysis.reading.bounds import UnreadableError, megabytes

MEMBER_LIMIT = 32_000_000
MEMBER_COUNT = 10_000
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    OverflowError,
    ValueError,
)


def members(data: bytes) -> frozenset[str]:
    """Return the names in the zip file `data`; refuse a broken one."""
    with _opened(data) as packed:
        return frozenset(packed.namelist())


def member(data: bytes, name: str) -> bytes:
    """Return the member `name` of the zip file `data`, at most `MEMBER_LIMIT` bytes of it.

    The size a zip file states of itself is not believed: unpacking stops at the limit.
    """
    with _opened(data) as packed:
        try:
            entry = packed.getinfo(name)
            if entry.flag_bits & 1:
                raise UnreadableError(
                    "a file protected by a password",
                    "a file that opens",
                    "save it without password",
                )
            with packed.open(entry) as stream:
                content = stream.read(MEMBER_LIMIT + 1)
        except KeyError as error:
            raise _truncated() from error
        except _BROKEN as error:
            raise _truncated() from error
    if len(content) > MEMBER_LIMIT:
        raise UnreadableError(
            f"a packed file that unpacks to more than {megabytes(MEMBER_LIMIT)}",
            f"at most {megabytes(MEMBER_LIMIT)} of text",
            "do not open it; ask where it came from",
        )
    return content


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise _truncated() from error
    if len(packed.infolist()) > MEMBER_COUNT:
        raise UnreadableError("a packed file of very many parts", "a document", "save it again")
    return packed


def _truncated() -> UnreadableError:
    return UnreadableError(
        "a broken or cut-off file", "a whole file", "copy it again from where it came from"
    )
