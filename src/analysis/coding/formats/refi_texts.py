"""Where the text of a source of a REFI-QDA project stands, and how its bytes are read."""

from __future__ import annotations

from analysis.coding.formats.containers import Archive
from analysis.coding.formats.offsets import StoredText
from analysis.coding.formats.refi_elements import Element, child_of
from analysis.coding.project import Report


class Texts:
    """The plain texts that a project carries, in itself or in files of its `archive`.

    `member` is the project's own file there. What is not there is told in `report`.
    """

    def __init__(self, archive: Archive | None, member: str, report: Report) -> None:
        self._archive, self._member, self._report = archive, member, report

    def of(self, holder: Element) -> StoredText | None:
        """The text of the source, or of the representation of one; None without a plain text."""
        content = child_of(holder, "PlainTextContent")
        if content is not None:
            inline = "".join(map(str, content.itertext()))
            return StoredText.of(inline)
        path = holder.get("plainTextPath") or ""
        if path:
            return self._stored(path)
        self._report.add("left out", "texts that the project does not carry as plain text")
        return None

    def _stored(self, path: str) -> StoredText | None:
        scheme, found, name = path.rpartition("://")
        if not found:
            name = path
        if scheme not in ("", "internal"):
            self._report.add("left out", "texts outside the project file, not followed")
            return None
        member = self._archive and self._archive.sibling(self._member, "sources", name.lstrip("/"))
        if not self._archive or not member:
            self._report.add("left out", "texts named but not in the project file")
            return None
        return self._decoded(self._archive.read(member))

    def _decoded(self, data: bytes) -> StoredText:
        for mark, encoding in (
            (b"\xef\xbb\xbf", "utf-8"),
            (b"\xff\xfe", "utf-16-le"),
            (b"\xfe\xff", "utf-16-be"),
        ):
            if data.startswith(mark):
                return StoredText(data[len(mark) :].decode(encoding, "replace"), bom=True)
        try:
            return StoredText(data.decode("utf-8"))
        except UnicodeDecodeError:
            self._report.add("read", "texts that are not UTF-8, read as cp1252")
            return StoredText(data.decode("cp1252", "replace"))
