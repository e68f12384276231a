"""What one renderer knows and the other would print as it stands, or leave out.

Each construct is refused by name, with what to write instead, so that a paper says the same
whichever renderer its authors happen to have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from analysis.files.problems import Problem
from analysis.report.prose import callouts, prose
from analysis.report.prose.blanking import without_code
from analysis.report.prose.crossrefs import REFERENCE
from analysis.report.prose.prose import Line

# Kinds of labels that Quarto numbers, beside sections, figures and tables.
_KINDS = "eq|lst|vid|suppl|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|nte|tip|wrn|imp|cau"
OTHER_LABEL = re.compile(rf"(?:{_KINDS})-[\w-]+")
CITATION = re.compile(r"(?<![\w@\\])-?@(?:\{([^}]+)\}|([A-Za-z_][\w:.#$%&+?<>~/-]*\w|[A-Za-z_]))")
_BRACKETS = re.compile(r"(?<!\\)\[(?P<inside>[^\[\]]*@[^\[\]]*)\](?![({\[:])")
_TO_NAME = "sections, figures and tables, which both renderers number"
_PLAIN = "what both renderers print alike"
_CONSTRUCTS = (
    (
        re.compile(rf"\{{[^{{}}]*?(?<!&)#({_KINDS})-[\w-]+[^{{}}]*\}}"),
        "a label {found}, which Quarto alone numbers",
        _TO_NAME,
        "take the label out, and say in words what is meant ('the equation above')",
    ),
    (
        re.compile(rf"(?<![\w@\\])-?@\{{?(?:{_KINDS})-[\w-]+"),
        "a reference {found}, which Quarto alone resolves",
        _TO_NAME,
        "say in words what is meant ('the equation above'), or refer to the section",
    ),
    (
        re.compile(r"^:{3,}\s*\{[^{}]*(?<!&)#(?:fig|tbl)-[\w-]+[^{}]*\}", re.M),
        "a box with the label of a figure or table, {found}",
        _TO_NAME,
        "put the label behind the picture, `![…](…){#fig-x}`, or the caption, `: … {#tbl-x}`",
    ),
    (
        re.compile(
            r"\{[^{}]*\.(?:panel-[\w-]+|content-visible|content-hidden|aside|columns?(?![\w-])"
            r"|column-[\w-]+|appendix(?![\w-]))[^{}]*\}"
            r"|^:{3,}\s*(?:columns?|panel-[\w-]+)\s*$"
            r"|\{[^{}]*\b(?:layout(?:-\w+)?|tbl-colwidths|collapse)=[^{}]*\}",
            re.M,
        ),
        "a layout that Quarto alone knows, {found}",
        _PLAIN,
        "write the parts one below the other",
    ),
    (
        re.compile(
            rf"\{{[^{{}}]*\.callout-(?!(?:{'|'.join(callouts.KINDS)})(?![\w-]))[\w-]+[^{{}}]*\}}"
        ),
        "a box of a kind that there is not, {found}",
        f"one of {', '.join(callouts.KINDS)}",
        "correct the kind",
    ),
    (
        re.compile(r"\{[^{}]*\b(?:fig|tbl)-cap=[^{}]*\}"),
        "a caption among the attributes, {found}",
        "captions as text, which both renderers number",
        "write `![caption](…)`, or `: caption` below a table",
    ),
    (
        re.compile(r"^#{1,6} [^\n]*?(?:\[\^[^\]\n]+\]|\^\[)", re.M),
        "a footnote in a heading, {found}",
        _PLAIN,
        "put it into the first sentence below",
    ),
    (
        re.compile(
            r"^:[ \t](?:[^\n]|\n(?![ \t]*\n))*?(?:\[\^[^\]\n]+\]|\^\[)"
            r"|!\[(?:[^\[\]]|\[(?!\^)[^\[\]]*\])*?(?:\[\^[^\]\n]+\]|\^\[)",
            re.M,
        ),
        "a footnote in a caption, {found}",
        _PLAIN,
        "put it into the text, or into the caption itself",
    ),
)
# HTML that Quarto reads into its own document, or that would load or run something.
_TAGS = re.compile(
    r"<(?:table|figure|img|picture|video|audio|source|iframe|script|style|svg|object|embed|form|input"
    r"|link|base|canvas|math)\b[^>\n]*>?",
    re.I,
)
_RAW = re.compile(r"^[ \t>]*(`{3,}|~{3,})\s*\{=html\}.*?^[ \t>]*\1", re.M | re.S)
_PROGRAM = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})\s*(\{[A-Za-z][^}\n]*\})", re.M)


def problems(lines: Sequence[Line]) -> list[Problem]:
    """Find in a page, its includes read in, what one renderer alone knows."""
    text = "\n".join(line.text for line in lines)
    readable = without_code(text)
    start = prose.front_matter_length(readable)
    found = [
        (match.start(), named.format(found=" ".join(match[0].split())[:60]), expected, remedy)
        for pattern, named, expected, remedy in _CONSTRUCTS
        for match in pattern.finditer(readable, start)
    ]
    found += _in_brackets(readable, start)
    found += [
        (match.start(), f"code to be run, {match[1][:60]}", _PLAIN, "show it: take the braces away")
        for match in _PROGRAM.finditer(text, start)
    ]
    found += _tags(lines, text, readable)
    return [_at(lines, text, *one) for one in sorted(found)]


def _tags(lines: Sequence[Line], text: str, readable: str) -> Iterator[tuple[int, str, str, str]]:
    """HTML that the authors typed and that the two do not treat alike."""
    raw = [(block.start(), block[0]) for block in _RAW.finditer(text)]
    for start, part in [(0, readable), *raw]:
        for match in _TAGS.finditer(part):
            place = start + match.start()
            if not lines[text.count("\n", 0, place)].file.startswith("_generated/"):
                yield (
                    place,
                    f"HTML in the text, {match[0][:60]}",
                    _PLAIN,
                    "write it as Markdown: a table with |, a picture as ![…](…)",
                )


def _in_brackets(readable: str, start: int) -> Iterator[tuple[int, str, str, str]]:
    """References to parts of the page in brackets, with citations or with words before them."""
    for match in _BRACKETS.finditer(readable, start):
        keys = list(CITATION.finditer(match["inside"]))
        references = [key for key in keys if REFERENCE.fullmatch(key[1] or key[2])]
        if references and len(references) < len(keys):
            yield (
                match.start(),
                f"citations and references in one pair of brackets, {match[0][:60]}",
                "each in a pair of its own",
                "write them apart, such as `[-@work] (see @sec-x)`",
            )
        elif any(_before(match["inside"], key).strip() for key in references):
            yield (
                match.start(),
                f"words before a reference in brackets, {match[0][:60]}",
                "brackets that hold references alone",
                "write round brackets, such as `(see @sec-x)`",
            )


def _before(inside: str, key: re.Match[str]) -> str:
    """The words between the last semicolon and a reference."""
    return inside[: key.start()].rpartition(";")[2]


def _at(
    lines: Sequence[Line], text: str, place: int, found: str, expected: str, remedy: str
) -> Problem:
    line = lines[text.count("\n", 0, place)]
    return Problem(f"{line.file}, line {line.number}", found, expected, remedy)
