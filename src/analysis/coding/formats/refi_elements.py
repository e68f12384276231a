"""Elements of a REFI-QDA document, whatever namespace and spelling a program gave them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lxml import etree

Element = etree._Element


@cache
def local(tag: str) -> str:
    """The name in a tag, without its namespace."""
    return tag.rpartition("}")[2]


def children(element: Element | None, *names: str) -> Iterator[Element]:
    """The children of one of these names, in their order; none of no element."""
    for child in () if element is None else element:
        if local(child.tag) in names:
            yield child


def child_of(element: Element | None, name: str) -> Element | None:
    """The first child of this name, or None."""
    return next(children(element, name), None)


def text_of(element: Element | None) -> str:
    """All text in an element, trimmed; '' of no element."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def guid_of(element: Element, name: str = "guid") -> str:
    """The GUID that an attribute holds, as it is compared; '' without one."""
    return bare(element.get(name) or "")


@cache
def bare(guid: str) -> str:
    """A GUID as it is compared: programs differ in case and in braces round it."""
    return guid.strip().strip("{}").lower()
