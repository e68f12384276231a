"""Which elements of a web page its own styles hide, as far as simple selectors say."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from analysis.reading.markup import local

_COMMENT = re.compile(r"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)")
_BRACE = re.compile(r"[{}]")
_COMPOUND = re.compile(r"(?P<tag>[a-zA-Z][\w-]*|\*)?(?P<marks>(?:[.#][\w-]+)*)")
_MARK = re.compile(r"([.#])([\w-]+)")
_FAR_OFF = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|em|rem|pt|vw|%)?|-\d{2,}(?:em|rem)")
_RULES_AT_MOST = 500


@dataclass(frozen=True)
class _Compound:
    """A tag, an id and classes that one element must have."""

    tag: str
    ids: frozenset[str]
    classes: frozenset[str]

    def fits(self, element: etree._Element) -> bool:
        return (
            (not self.tag or local(element) == self.tag)
            and self.ids <= {element.get("id", "")}
            and self.classes <= set(element.get("class", "").split())
        )


@dataclass(frozen=True)
class PageStyles:
    """The rules of a page that say whether something is shown: a selector and what it says."""

    rules: tuple[tuple[tuple[_Compound, ...], bool], ...] = ()

    @classmethod
    def of(cls, root: etree._Element) -> PageStyles:
        """Read the <style> elements of a page; what selectors cannot be read decide nothing."""
        rules = []
        for style in root.iter("style"):
            for prelude, declarations in _blocks(_COMMENT.sub(" ", style.text or "")):
                hides = hides_text(declarations)
                if hides is None:
                    continue
                for selector in prelude.split(","):
                    compounds = _compounds(selector)
                    if compounds:
                        rules.append((compounds, hides))
        return cls(tuple(rules[:_RULES_AT_MOST]))

    def hide(self, element: etree._Element) -> bool:
        """Tell whether `element` is hidden by its own style, or by the last rule that fits it."""
        own = hides_text(element.get("style", ""))
        if own is not None:
            return own
        hidden = False
        for compounds, hides in self.rules:
            if hides != hidden and _fits(compounds, element):
                hidden = hides
        return hidden


def _fits(compounds: tuple[_Compound, ...], element: etree._Element) -> bool:
    if not compounds[-1].fits(element):
        return False
    above = list(element.iterancestors())
    return all(any(one.fits(ancestor) for ancestor in above) for one in compounds[:-1])


def hides_text(declarations: str) -> bool | None:
    """Tell whether CSS such as 'display: none' hides (True) or shows (False); None for neither."""
    if not declarations:
        return None
    stated: dict[str, str] = {}
    for declaration in declarations.lower().split(";"):
        name, _, value = declaration.partition(":")
        stated[name.strip()] = value.replace("!important", "").strip()
    if stated.get("display") == "none" or stated.get("visibility") in ("hidden", "collapse"):
        return True
    if re.fullmatch(r"0(?:\.0+)?(?:px|pt|em|rem|%)?", stated.get("font-size", "")):
        return True
    if re.fullmatch(r"0(?:\.0+)?%?", stated.get("opacity", "")):
        return True
    if stated.get("color") == "transparent" or "rect(0" in stated.get("clip", "").replace(" ", ""):
        return True
    places = [stated.get(name, "") for name in ("left", "top", "right", "bottom")]
    off_page = stated.get("position") in ("absolute", "fixed") and any(
        map(_FAR_OFF.fullmatch, places)
    )
    if off_page or _FAR_OFF.fullmatch(stated.get("text-indent", "")):
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
    return prelude.startswith("@media") and "print" not in prelude and "not " not in prelude


def _compounds(selector: str) -> tuple[_Compound, ...]:
    parts = selector.replace(">", " ").split()
    found = []
    for part in parts:
        match = _COMPOUND.fullmatch(part)
        if match is None:
            return ()
        marks = _MARK.findall(match["marks"] or "")
        tag = (match["tag"] or "").lower().replace("*", "")
        ids = frozenset(name for mark, name in marks if mark == "#")
        classes = frozenset(name for mark, name in marks if mark == ".")
        found.append(_Compound(tag, ids, classes))
    return tuple(found)
