"""Elements of a REFI-QDA document, whatever namespace and spelling a program gave them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lxml import etree

Element = etree._Element


@cache
def local(tag: str) -> str:
    return tag.rpartition("}")[2]


def children(element: Element | None, *names: str) -> Iterator[Element]:
    for child in () if element is None else element:
        if local(child.tag) in names:
            yield child


def child_of(element: Element | None, name: str) -> Element | None:
    return next(children(element, name), None)


def text_of(element: Element | None) -> str:
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def guid_of(element: Element, name: str = "guid") -> str:
    """A GUID as compared: lower case, without braces."""
    return bare(element.get(name) or "")


@cache
def bare(guid: str) -> str:
    return guid.strip().strip("{}").lower()
