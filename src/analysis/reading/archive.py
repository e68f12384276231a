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


class Packed:
    """The zip file `data`. Raises `UnreadableError` for a broken one."""

    def __init__(self, data: bytes) -> None:
        try:
            self._file = zipfile.ZipFile(io.BytesIO(data))
        except _BROKEN as error:
            raise _truncated() from error
        if len(self._file.infolist()) > MEMBER_COUNT:
            raise UnreadableError("a packed file of very many parts", "a document", "save it again")
        self.names = frozenset(self._file.namelist())

    def member(self, name: str) -> bytes:
        """Return the member `name`, at most `MEMBER_LIMIT` bytes of it.

        The size a zip file states of itself is not believed: unpacking stops at the limit.
        """
        try:
            entry = self._file.getinfo(name)
            if entry.flag_bits & 1:
                raise UnreadableError(
                    "a file protected by a password",
                    "a file that opens",
                    "save it without password",
                )
            with self._file.open(entry) as stream:
                content = stream.read(MEMBER_LIMIT + 1)
        except (KeyError, *_BROKEN) as error:
            raise _truncated() from error
        if len(content) > MEMBER_LIMIT:
            raise UnreadableError(
                f"a packed file that unpacks to more than {megabytes(MEMBER_LIMIT)}",
                f"at most {megabytes(MEMBER_LIMIT)} of text",
                "do not open it; ask where it came from",
            )
        return content


def _truncated() -> UnreadableError:
    return UnreadableError(
        "a broken or cut-off file", "a whole file", "copy it again from where it came from"
    )
