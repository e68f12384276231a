"""XML of documents, without entities, network or unbounded depth."""

from __future__ import annotations

from lxml import etree

from analysis.files.untrusted import declares_type, xml_root
from analysis.reading.bounds import TAG_LIMIT, UnreadableError


def parsed(content: bytes) -> etree._Element:
    """Return the root of the XML `content`; refuse what is broken or declares a type.

    No document program writes a document type into these files; one that is there can only
    serve to define entities.
    """
    if len(content) > TAG_LIMIT and content.count(b"<") > TAG_LIMIT:
        raise UnreadableError("a document of millions of parts", "a text", "save it as plain text")
    try:
        root = xml_root(content)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(
            "a broken document", "a whole document", "open it in its program and save it again"
        ) from error
    if declares_type(root):
        raise UnreadableError(
            "a document with a type declaration", "a plain document", "save it again"
        )
    return root


def attribute(element: etree._Element | None, name: str) -> str:
    """Return the attribute `name` of whatever namespace, '' without one."""
    if element is None:
        return ""
    ending = "}" + name
    for key, value in element.attrib.items():
        if str(key).endswith(ending):
            return str(value)
    return ""


def local(element: etree._Element) -> str:
    """Return the name of `element` without its namespace, '' for comments and the like."""
    return LOCAL[element.tag]


class _LocalNames(dict[object, str]):
    """Tag -> name without its namespace. A document uses few tags many times."""

    _AT_MOST = 1_000

    def __missing__(self, tag: object) -> str:
        name = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(self) < self._AT_MOST:
            self[tag] = name
        return name


# For loops over all elements, where a call for each would be a good part of the time.
LOCAL = _LocalNames()
