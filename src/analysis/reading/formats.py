"""Which format a file is in: decided from its bytes, with its ending as the second witness."""

from __future__ import annotations

import re

from analysis.reading.archive import Packed
from analysis.reading.bounds import UnreadableError

ENDINGS = {
    ".txt": "txt",
    ".text": "txt",
    ".md": "md",
    ".markdown": "md",
    ".docx": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
    ".html": "html",
    ".htm": "html",
    ".pdf": "pdf",
    ".vtt": "vtt",
    ".srt": "srt",
    ".json": "transcript",
    ".tsv": "transcript",
    ".sbv": "transcript",
}
#: Endings that other files than texts have too: what such a file is, its content says.
SHARED = frozenset({".json", ".tsv"})
_CONTAINERS = ("docx", "odt", "pdf")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(
    rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*+-->\s*+)*+<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)
_SRT = re.compile(rb"\A\s*+\d++(?=[^\S\r\n]*+[\r\n])\s*+\d++:\d\d:\d\d[,.]\d{3}\s*+-->")
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def decide(data: bytes, ending: str) -> tuple[str, list[str]]:
    """Return the format of `data` and notes on it.

    A text that says what it is (HTML, RTF, captions) is read as that, with a note when its
    ending says otherwise. What only pretends to be a .docx, .odt or .pdf is refused, for then
    something went wrong when it was saved.
    """
    declared = ENDINGS.get(ending)
    found = _from_bytes(data)
    if found is None:
        if declared is None:
            raise UnreadableError(
                f"a file that ends in {ending or 'nothing'}"
                if ending.isascii()
                else "a file of an unknown kind",
                "one of " + " ".join(sorted(ENDINGS)),
                "save it in one of these formats",
            )
        if declared in (*_CONTAINERS, "rtf"):
            raise UnreadableError(
                f"not a .{declared} file, whatever its ending says",
                f"a .{declared} file",
                "open it in the program it came from and save it again",
            )
        return declared, []
    if declared == found or (declared == "md" and found == "html"):
        return declared or found, []
    if declared in _CONTAINERS and found not in _CONTAINERS:
        raise UnreadableError(
            f"a {found} file that is named .{declared}",
            f"a .{declared} file",
            f"rename it to .{found}, or save it again as .{declared}",
        )
    return found, [f"read as .{found}, which its content is"]


def is_plain(data: bytes) -> bool:
    """Whether `data` says of itself that it is no more than text; nothing is unpacked to tell."""
    return not data.startswith((b"PK", _OLE)) and _from_bytes(data) is None


def _from_bytes(data: bytes) -> str | None:
    """Return the format that `data` says it is in, or None for plain text and the unknown."""
    start = data[:4096]
    for mark in _BOMS:
        start = start.removeprefix(mark)
    if data.startswith(b"PK\x03\x04") or data.startswith(b"PK\x05\x06"):
        return _packed(data)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise UnreadableError(
                "a file protected by a password", "a file that opens", "save it without password"
            )
        raise UnreadableError("an old Word file (.doc)", "a .docx file", "save it as .docx")
    if b"%PDF-" in start[:1024]:
        return "pdf"
    if start.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    plain = start.replace(b"\x00", b"")
    if re.match(rb"WEBVTT(?:[ \t\r\n]|\Z)", plain):
        return "vtt"
    if _SRT.match(plain):
        return "srt"
    return "html" if _HTML.match(plain) else None


def _packed(data: bytes) -> str:
    names = Packed(data).names
    if "content.xml" in names:
        return "odt"
    if "[Content_Types].xml" in names and any(
        re.fullmatch(r"word/document\d*\.xml", name) for name in names
    ):
        return "docx"
    raise UnreadableError(
        "a packed file that is neither .docx nor .odt", "a .docx or .odt file", "unpack it first"
    )
