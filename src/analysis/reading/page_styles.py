"""Which elements of a web page its own styles hide, as far as simple selectors say."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from lxml import etree

from analysis.reading.markup import local

_COMMENT = re.compile(r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)")
_BRACE = re.compile(r"[{}]")
_COMPOUND = re.compile(
    r"(?P<tag>[a-zA-Z][\w-]*|\*)?(?P<marks>(?:[.#][\w-]+|\[[^\[\]]{1,80}\]|:(?:first|last)-child)*)"
)
_MARK = re.compile(r"([.#])([\w-]+)|\[([^\[\]]+)\]|:(first|last)-child")
_ATTRIBUTE = re.compile(
    r"\s*+([\w-]++)\s*+(?:([~^$*|]?=)\s*+(?:[\"']([^\"']*+)[\"']|([^\"'\s]*+))\s*+)?(?:[iIsS]\s*+)?"
)
_FAR_OFF = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|em|rem|pt|vw|%)?|-\d{2,}(?:em|rem)")
_RULES_AT_MOST = 500
_OUTSIDE_BRACKETS = re.compile(r"(?:\[[^\[\]]*\]|[^\s\[])+")
_CLEAR = re.compile(r"transparent|(?:rgb|hsl)a?\(.*[,/]0(?:\.0+)?%?\)|#[0-9a-f]{3}0|#[0-9a-f]{6}00")
_CLIPPED = ("rect(0", "rect(1px", "inset(50%", "inset(100%", "circle(0", "scale(0)", "scale(0,")
_SIZES = ("height", "max-height", "width", "max-width")
_TELLING = frozenset(
    (
        *("display", "visibility", "content-visibility", "mso-hide", "opacity", "color"),
        *(
            "font",
            "font-size",
            "text-indent",
            "margin-left",
            "margin-top",
            "position",
            "clip",
            "clip-path",
            "transform",
            "overflow",
        ),
        "filter",
    )
)
_NO_COLOUR = frozenset(
    ("", "inherit", "initial", "unset", "revert", "revert-layer", "currentcolor")
)
_NO_LENGTH = re.compile(r"[01](?:\.0+)?(?:px|pt|em|rem)|0(?:%|cm|mm|in)?")


@dataclass(frozen=True)
class _Compound:
    """What one element must be: a tag, an id, classes, attributes, first or last of its parent.

    `joint` tells how it stands to the one after it: within (' '), straight within ('>'), before
    ('~') or straight before ('+').
    """

    tag: str
    ids: frozenset[str]
    classes: frozenset[str]
    attributes: tuple[tuple[str, str, str], ...] = ()
    edges: frozenset[str] = frozenset()
    joint: str = " "

    def fits(self, element: etree._Element) -> bool:
        return (
            (not self.tag or local(element) == self.tag)
            and self.ids <= {element.get("id", "")}
            and self.classes <= set(element.get("class", "").split())
            and all(_has(element.get(name), sign, value) for name, sign, value in self.attributes)
            and not ("first" in self.edges and element.getprevious() is not None)
            and not ("last" in self.edges and element.getnext() is not None)
        )

    @property
    def weight(self) -> tuple[int, int, int]:
        """How specific it is: ids, then classes and the like, then tags."""
        return (
            len(self.ids),
            len(self.classes) + len(self.attributes) + len(self.edges),
            bool(self.tag),
        )


@dataclass(frozen=True)
class _Rule:
    """A selector, what it says, and how much that weighs against others: the last heaviest wins."""

    selector: tuple[_Compound, ...]
    hides: bool
    weight: tuple[bool, int, int, int]


@dataclass(frozen=True)
class PageStyles:
    """The rules of a page that say whether something is shown, the ones that win first.

    `unread` tells whether a rule that hides has a selector that is not understood.
    """

    rules: tuple[_Rule, ...] = ()
    unread: bool = False

    @classmethod
    def of(cls, root: etree._Element) -> PageStyles:
        """Read the <style> elements of a page; what selectors cannot be read decide nothing."""
        rules: list[_Rule] = []
        unread = False
        for style in root.iter("style"):
            for prelude, declarations in _blocks(_COMMENT.sub(" ", style.text or "")):
                hides = hides_text(declarations)
                if hides is None:
                    continue
                important = "!important" in declarations.lower()
                for selector in prelude.split(","):
                    compounds = _compounds(selector)
                    unread = unread or (hides and not compounds)
                    if compounds:
                        ids, marks, tags = (
                            sum(one) for one in zip(*(c.weight for c in compounds), strict=True)
                        )
                        rules.append(_Rule(compounds, hides, (important, ids, marks, tags)))
        ordered = sorted(rules[:_RULES_AT_MOST], key=lambda rule: rule.weight)[::-1]
        return cls(tuple(ordered), unread)

    @cached_property
    def hiding(self) -> tuple[_Rule, ...]:
        """The rules that hide."""
        return tuple(rule for rule in self.rules if rule.hides)

    def hide(self, element: etree._Element) -> bool:
        """Tell whether `element` is hidden by its own style, or by the rule for it that wins."""
        own = hides_text(element.get("style", ""))
        if not any(_fits(rule.selector, element) for rule in self.hiding):
            return bool(own)
        # Few elements get here: only now it matters which rule wins.
        winner = next(rule for rule in self.rules if _fits(rule.selector, element))
        return winner.hides if own is None or winner.weight[0] else own


def _has(found: str | None, sign: str, value: str) -> bool:
    """Tell whether an attribute is there and is as a selector wants it ('^=' and the like)."""
    if found is None or not sign:
        return found is not None
    if sign == "=":
        return found == value
    if sign == "~=":
        return value in found.split()
    if sign == "|=":
        return found == value or found.startswith(f"{value}-")
    by_sign = {"^=": found.startswith, "$=": found.endswith, "*=": found.__contains__}
    return bool(value) and by_sign[sign](value)


def _fits(compounds: tuple[_Compound, ...], element: etree._Element) -> bool:
    *before, last = compounds
    if not last.fits(element):
        return False
    if not before:
        return True
    joint = before[-1].joint
    above = element.iterancestors() if joint in " >" else element.itersiblings(preceding=True)
    near = islice(above, 1) if joint in ">+" else above
    return any(_fits(tuple(before), one) for one in near)


def hides_text(declarations: str) -> bool | None:
    """Tell whether CSS such as 'display: none' hides (True) or shows (False); None for neither."""
    if not declarations:
        return None
    stated: dict[str, str] = {}
    for declaration in declarations.lower().split(";"):
        name, _, value = declaration.partition(":")
        stated[name.strip()] = value.replace("!important", "").strip()
    if _TELLING.isdisjoint(stated):
        return None
    if stated.get("display") == "none" or stated.get("visibility") in ("hidden", "collapse"):
        return True
    if re.fullmatch(r"0(?:\.0+)?(?:px|pt|em|rem|%)?", stated.get("font-size", "")):
        return True
    if re.match(r"0(?:\.0+)?(?:px|pt|em|rem|%)?(?:/|[ ]|$)", stated.get("font", "")):
        return True
    if re.fullmatch(r"0(?:\.0+)?%?", stated.get("opacity", "")):
        return True
    # White on white.
    behind = stated.get("background-color") or stated.get("background", "").partition(" ")[0]
    if behind not in _NO_COLOUR and behind == stated.get("color"):
        return True
    if re.fullmatch(r"opacity\(0(?:\.0+)?%?\)", stated.get("filter", "")):
        return True
    if stated.get("mso-hide") == "all" or stated.get("content-visibility") == "hidden":
        return True
    if _CLEAR.fullmatch(stated.get("color", "").replace(" ", "")):
        return True
    clipped = "".join(stated.get(name, "") for name in ("clip", "clip-path", "transform"))
    if any(mark in clipped.replace(" ", "") for mark in _CLIPPED):
        return True
    no_room = any(_NO_LENGTH.fullmatch(stated.get(name, "")) for name in _SIZES)
    if no_room and stated.get("overflow", "") in ("hidden", "clip"):
        return True
    places = [stated.get(name, "") for name in ("left", "top", "right", "bottom")]
    off_page = stated.get("position") in ("absolute", "fixed") and any(
        map(_FAR_OFF.fullmatch, places)
    )
    indents = (stated.get(name, "") for name in ("text-indent", "margin-left", "margin-top"))
    if off_page or any(map(_FAR_OFF.fullmatch, indents)):
        return True
    return False if "display" in stated or "visibility" in stated else None


def _blocks(sheet: str) -> list[tuple[str, str]]:
    """Return the rules of a style sheet for the screen: what stands before braces, and in them."""
    found: list[tuple[str, str]] = []
    preludes: list[str] = []
    start = 0
    for brace in _BRACE.finditer(sheet):
        between = sheet[start : brace.start()].strip()
        start = brace.end()
        if brace[0] == "{":
            preludes.append(between.rpartition(";")[2].strip())
        elif preludes:
            prelude = preludes.pop()
            if all(map(_on_screen, preludes)) and not prelude.startswith("@"):
                found.append((prelude, between))
    return found


def _on_screen(prelude: str) -> bool:
    if prelude.startswith(("@layer", "@supports", "@container")):
        return True
    return prelude.startswith("@media") and "print" not in prelude and "not " not in prelude


def _compounds(selector: str) -> tuple[_Compound, ...]:
    """Return the parts of a selector; none where one is not understood."""
    spaced = re.sub(r"([>+~])(?!=)", r" \1 ", selector)
    found: list[_Compound] = []
    for part in _OUTSIDE_BRACKETS.findall(spaced):
        if part in (">", "+", "~"):
            if not found:
                return ()
            found[-1] = replace(found[-1], joint=part)
            continue
        match = _COMPOUND.fullmatch(part)
        if match is None:
            return ()
        ids: list[str] = []
        classes: list[str] = []
        attributes: list[tuple[str, str, str]] = []
        edges: list[str] = []
        for sign, name, within, edge in _MARK.findall(match["marks"] or ""):
            stated = _ATTRIBUTE.fullmatch(within) if within else None
            if sign:
                (ids if sign == "#" else classes).append(name)
            elif edge:
                edges.append(edge)
            elif stated:
                value = (stated[3] or stated[4] or "").strip()
                attributes.append((stated[1].lower(), stated[2] or "", value))
            else:
                return ()
        tag = (match["tag"] or "").lower().replace("*", "")
        of = frozenset(ids), frozenset(classes), tuple(attributes), frozenset(edges)
        found.append(_Compound(tag, *of))
    return tuple(found)
