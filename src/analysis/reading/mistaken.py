"""Files that are easily taken for a text: what they are, and what to do instead."""

from __future__ import annotations

import re
from pathlib import PurePath

from analysis.reading.bounds import UnreadableError

_PACKED = b"PK\x03\x04"
_EXPECTED = "a text"
_AGAIN = "save it as .docx in its program, and name that file"
_BY_ENDING = {
    ".icloud": (
        "a placeholder of a file that is still in iCloud",
        "open it once, so that it is downloaded, and copy that",
    ),
    **dict.fromkeys(
        (".gdoc", ".url", ".webloc", ".lnk", ".desktop"),
        ("a link to a document, not the document", "download it as .docx"),
    ),
    **dict.fromkeys(
        (".mp3", ".m4a", ".wav", ".mp4", ".mov", ".aac", ".ogg", ".wma", ".amr"),
        ("a recording", "have it transcribed, and name the transcript"),
    ),
    **dict.fromkeys(
        (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".heic", ".gif"),
        ("a picture", "have it read by an OCR program, and name its text"),
    ),
    **dict.fromkeys((".msg", ".eml"), ("an e-mail", "save its text as .txt or .docx")),
    **dict.fromkeys((".xls", ".xlsx", ".ods", ".numbers"), ("a spreadsheet", _AGAIN)),
    **dict.fromkeys((".ppt", ".pptx", ".odp", ".key"), ("slides", "save them as .pdf")),
    ".pages": ("a document of Pages", "export it as Word (.docx)"),
    ".wpd": ("a document of WordPerfect", _AGAIN),
}
# What lies in a packed file of another program.
_BY_MEMBER = {
    b"xl/": ("an Excel workbook", _AGAIN),
    b"ppt/": ("slides of PowerPoint", "save them as .pdf"),
    b"Index/": ("a document of Pages", "export it as Word (.docx)"),
    b"application/vnd.oasis.opendocument.spreadsheet": ("a spreadsheet", _AGAIN),
    b"application/epub": ("an e-book", _AGAIN),
}
# What stands over the passages of a code where NVivo writes them as a text.
_CODED_BY_NVIVO = re.compile(
    r"\s*<(?:Files|Internals|Externals|Memos)\\[^>\r\n]{1,400}>[ \t]*[-–—][ \t]*§"
)
_BY_START = {
    b"\x89PNG": ("a picture", "have it read by an OCR program, and name its text"),
    b"\xff\xd8\xff": ("a picture", "have it read by an OCR program, and name its text"),
    b"ID3": ("a recording", "have it transcribed, and name the transcript"),
    b"RIFF": ("a recording", "have it transcribed, and name the transcript"),
    b"SQLite format 3\x00": (
        "a database",
        "name the texts; coding projects go into data/raw/coding",
    ),
    b"bplist00": _BY_ENDING[".icloud"],
}


def refuse_coded_passages(text: str) -> None:
    """Raise `UnreadableError` for passages that NVivo gathered under a code: they are no source."""
    if _CODED_BY_NVIVO.match(text):
        raise UnreadableError(
            "passages under a code, as NVivo exports them",
            _EXPECTED,
            "export the whole project as REFI-QDA (.qdpx) into data/raw/coding, and name its texts",
        )


def refuse_mistaken(name: str, data: bytes) -> None:
    """Raise `UnreadableError` for a file `name` of content `data` that is known to be no text."""
    file = PurePath(name).name
    ending = PurePath(name).suffix.lower()
    if file.startswith(("~$", ".~lock.")):
        raise UnreadableError(
            "the lock that a program leaves beside a document that is open",
            _EXPECTED,
            "close the document, and take this file out of the folder and the register",
        )
    if not data.strip(b"\x00"):
        raise UnreadableError(
            "a file of nothing but zeros, as a broken copy leaves",
            _EXPECTED,
            "copy it again from where it came from, once it is downloaded there",
        )
    by_start = next((told for start, told in _BY_START.items() if data.startswith(start)), None)
    found = by_start or _BY_ENDING.get(ending)
    if found is None and data.startswith(_PACKED) and b"word/document" not in data:
        found = next((told for mark, told in _BY_MEMBER.items() if mark in data), None)
    if found:
        raise UnreadableError(found[0], _EXPECTED, found[1])
