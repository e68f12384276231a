"""Rich Text Format (.rtf): the words of the document, one line a paragraph."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis.reading.bounds import Extract, UnreadableError, bounded
from analysis.reading.raised import is_note_mark

# Rich Text Format Specification 1.9.1: a control word with its number and one space, a control
# symbol, a byte in hexadecimal, a brace, or plain characters.
_TOKEN = re.compile(
    r"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\",
    re.IGNORECASE,
)
_WORD, _NUMBER, _BYTE, _SYMBOL, _BRACE, _PLAIN = range(1, 7)
_MARKS = {
    "par": "\n",
    "line": "\n",
    "sect": "\n",
    "page": "\n",
    "row": "\n",
    "tab": "\t",
    "cell": "\t",
    "nestcell": "\t",
    "nestrow": "\n",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "zwj": "\u200d",
    "zwnj": "\u200c",
}
_SYMBOLS = {
    "~": "\u00a0",
    "-": "\u00ad",
    "_": "\u2011",
    "\n": "\n",
    "\r": "\n",
    "\\": "\\",
    "{": "{",
    "}": "}",
}
# The label of a list as it is shown, for programs that number nothing themselves.
_LABEL_GROUPS = frozenset({"listtext", "pntext"})
_LABEL_WITH_WORDS = re.compile(r"\s*(?:[^\W\d_]{2,}.*|[A-Z]\d{0,3}\s*:)\s*")
# What is set up or stands beside the text.
_BESIDE = """
fonttbl colortbl stylesheet info pict fldinst themedata colorschememapping datastore
latentstyles listtable listoverridetable rsidtbl generator xmlnstbl mmathPr bkmkstart
bkmkend template filetbl revtbl datafield nonshppict deleted shpinst
"""
_NOT_BODY = {
    **dict.fromkeys(("header", "headerl", "headerr", "headerf"), "headers"),
    **dict.fromkeys(("footer", "footerl", "footerr", "footerf"), "footers"),
    **dict.fromkeys(("footnote", "ftnsep", "ftnsepc"), "notes"),
    **dict.fromkeys(("annotation", "atnid", "atnauthor", "atnref", "atndate"), "comments"),
    **dict.fromkeys(
        _BESIDE.split(),
        "",
    ),
}
_CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gbk",
    136: "big5",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
# Words that `control` obeys; most only say how the text looks.
_OBEYED = frozenset(
    [
        *(_MARKS.keys() | _NOT_BODY.keys() | _LABEL_GROUPS),
        *[
            "u",
            "uc",
            "v",
            "sbasedon",
            "fs",
            "super",
            "nosupersub",
            "sub",
            "up",
            "dn",
            "s",
            "cs",
            "ds",
            "stylesheet",
            "fonttbl",
        ],
        *["ansicpg", "mac", "pc", "pca", "f", "fcharset", "plain", "pard"],
    ]
)
_DEPTH = 500


@dataclass(frozen=True)
class _State:
    """What a group of the file sets; its end gives back what was set before."""

    skipped: bool = False
    hidden: bool = False
    tiny: bool = False
    raised: bool = False
    encoding: str = "cp1252"
    fallback: int = 1
    in_fonts: bool = False
    in_styles: bool = False


class _Document:
    """Collects the text while the tokens go by."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.waiting = bytearray()
        self.left_out: set[str] = set()
        self.fonts: dict[int, str] = {}
        self.default = "cp1252"
        self.font = 0
        self.state = _State()
        self.above: list[_State] = []
        self.to_pass_over = 0
        # The style that the stylesheet describes just now, and those that hide their text.
        self.style: tuple[str, int] = ("s", 0)
        self.hiding: set[tuple[str, int]] = set()
        self.rests_on: dict[tuple[str, int], tuple[str, int]] = {}
        # How deep the labels of lists lie that are open, and where their text begins.
        self.labels: list[tuple[int, int]] = []

    def flush(self) -> None:
        """Decode the bytes that wait: a letter of some code pages takes two."""
        if self.waiting:
            text = self.waiting.decode(self.state.encoding, "replace")
            self.waiting.clear()
            if self.state.raised and is_note_mark("".join(self.pieces[-3:]), text):
                self.left_out.add("numbers of notes")
            else:
                self.pieces.append(text)

    def add(self, text: str) -> None:
        self.flush()
        if self.is_read(text):
            self.pieces.append(text)

    def add_bytes(self, content: bytes) -> None:
        passed = min(self.to_pass_over, len(content))
        self.to_pass_over -= passed
        if self.is_read(content[passed:]):
            self.waiting += content[passed:]

    def is_read(self, content: str | bytes) -> bool:
        """Tell whether what comes now is to be read; note what is hidden."""
        if self.state.skipped:
            return False
        # Where paragraphs and cells end is to be known, be their marks hidden or not.
        if (self.state.hidden or self.state.tiny) and content not in ("\n", "\t"):
            if content.strip():
                self.left_out.add("hidden text")
            return False
        return True

    def hide(self, hidden: bool) -> None:
        self.flush()
        if hidden != self.state.hidden:
            self.state = replace(self.state, hidden=hidden)

    def take_style(self, kind: str, number: int) -> None:
        """Note which style the stylesheet describes, or let the text look as that style says."""
        self.style = (kind, number)
        if not self.state.in_styles and self.hiding:
            at: tuple[str, int] | None = self.style
            seen: set[tuple[str, int]] = set()
            while at is not None and at not in self.hiding and at not in seen:
                seen.add(at)
                at = self.rests_on.get(at)
            self.hide(at in self.hiding)

    def open_group(self) -> None:
        self.flush()
        if len(self.above) > _DEPTH:
            raise UnreadableError(
                "groups within groups without end", "an RTF document", "save it again"
            )
        self.above.append(self.state)
        self.to_pass_over = 0

    def open_label(self) -> None:
        self.flush()
        self.labels.append((len(self.above), len(self.pieces)))

    def close_label(self) -> None:
        """Keep the label of a list that is at its end if it has words."""
        _, begin = self.labels.pop()
        label = "".join(self.pieces[begin:])
        del self.pieces[begin:]
        if _LABEL_WITH_WORDS.fullmatch(label):
            self.pieces.append(f"{label.strip()} ")
        elif label.strip():
            self.left_out.add("automatic numbers of lists")

    def close_group(self) -> None:
        self.flush()
        if self.labels and self.labels[-1][0] == len(self.above):
            self.close_label()
        if self.above:
            self.state = self.above.pop()
        self.to_pass_over = 0

    def skip_group(self, what: str) -> None:
        self.flush()
        self.left_out.add(what)
        self.state = replace(self.state, skipped=True)

    def encode_as(self, encoding: str) -> None:
        self.flush()
        if encoding != self.state.encoding:
            self.state = replace(self.state, encoding=encoding)

    def control(self, word: str, number: int | None) -> None:
        """Obey a control word; those that only say how the text looks are passed over."""
        if word == "u" and number is not None:
            self.add(_unit(number))
            self.to_pass_over = self.state.fallback
        elif word == "uc" and number is not None:
            self.state = replace(self.state, fallback=max(0, min(number, 100)))
        elif word in _MARKS:
            self.add(_MARKS[word])
        elif word == "v":
            if self.state.in_styles and number != 0:
                self.hiding.add(self.style)
            self.hide(number != 0)
        elif word == "sbasedon" and self.state.in_styles and number is not None:
            self.rests_on[self.style] = (self.style[0], number)
        elif word == "fs" and number is not None and self.state.tiny != (number == 0):
            self.flush()
            self.state = replace(self.state, tiny=number == 0)
        elif word in ("super", "nosupersub", "sub") or (word in ("up", "dn")):
            self.flush()
            self.state = replace(self.state, raised=word in ("super", "up") and number != 0)
        elif word in ("s", "cs", "ds") and number is not None:
            self.take_style(word, number)
        elif word == "stylesheet":
            self.skip_group("")
            self.state = replace(self.state, in_styles=True)
        elif word == "fonttbl":
            self.skip_group("")
            self.state = replace(self.state, in_fonts=True)
        elif word in _NOT_BODY and number != 0:
            self.skip_group(_NOT_BODY[word])
        elif word == "ansicpg" and number:
            self.default = _known(f"cp{number}")
            self.encode_as(self.default)
        elif word in ("mac", "pc", "pca"):
            self.default = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
            self.encode_as(self.default)
        elif word == "f" and number is not None:
            self.font = number
            self.encode_as(self.fonts.get(number, self.default))
        elif word == "fcharset" and number is not None and self.state.in_fonts and number > 1:
            self.fonts[self.font] = _CHARSETS.get(number, self.default)
        elif word in ("plain", "pard"):
            if self.hiding or word == "plain":
                self.hide(False)
            if word == "plain":
                self.state = replace(self.state, raised=False, tiny=False)
                self.encode_as(self.default)
        elif word in _LABEL_GROUPS:
            self.open_label()


def extract(data: bytes) -> Extract:
    """Return the body's text: paragraphs joined by LF, cells of a row by a tab.

    Letters come as bytes in the code page of the document or of the font, or as Unicode with a
    substitute for old programs, which is passed over. Headers, footers, notes and their numbers,
    comments, pictures, deletions and hidden text are left out. The label of a list is text where
    it has words ('I:' of a list of speakers), not where it is a number or a bullet.
    """
    source = data.decode("latin-1")
    if source.count("{") > source.count("}") + source.count("\\{"):
        raise UnreadableError("a cut-off file", "a whole RTF document", "copy it again")
    document = _Document()
    for token in _tokens(source):
        kind = token.lastindex
        if kind == _PLAIN:
            document.add_bytes(token[_PLAIN].encode("latin-1"))
        elif kind in (_WORD, _NUMBER):
            if token[_WORD] in _OBEYED:
                number = token[_NUMBER]
                document.control(token[_WORD], None if number is None else int(number))
        elif kind == _BYTE:
            document.add_bytes(bytes.fromhex(token[_BYTE]))
        elif kind == _BRACE:
            if token[_BRACE] == "{":
                document.open_group()
            else:
                document.close_group()
        elif kind == _SYMBOL:
            if token[_SYMBOL] == "*":
                document.skip_group("")
            elif token[_SYMBOL] in _SYMBOLS:
                document.add(_SYMBOLS[token[_SYMBOL]])
    document.flush()
    text = (
        "".join(document.pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    )
    left_out = ", ".join(sorted(document.left_out - {""}))
    lines = (line.rstrip("\t\x00") for line in text.replace("\x00", "").split("\n"))
    return Extract(
        bounded("\n".join(lines).strip("\n")),
        document.default,
        (f"left out: {left_out}",) if left_out else (),
    )


def _tokens(source: str) -> Iterator[re.Match[str]]:
    """Yield the tokens of an .rtf; bytes that are no text (`\\bin`) are passed over."""
    place = 0
    while place < len(source):
        for token in _TOKEN.finditer(source, place):
            place = token.end()
            yield token
            if token[_WORD] == "bin":
                place += max(0, int(token[_NUMBER] or 0))
                break
        else:
            return


def _unit(number: int) -> str:
    """Return the UTF-16 unit that \\u states, as a signed number of 16 bits or a plain one."""
    return chr(number & 0xFFFF)


def _known(encoding: str) -> str:
    try:
        return encoding if codecs.lookup(encoding)._is_text_encoding else "cp1252"
    except LookupError:
        return "utf-8" if encoding == "cp65001" else "cp1252"
