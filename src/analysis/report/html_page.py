"""A finished HTML page, read back: its words, anchors, links and whatever it would load."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from lxml import etree, html

_LOADING = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "link": ("href",),
    "iframe": ("src",),
    "object": ("data",),
    "embed": ("src",),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "track": ("src",),
    "input": ("src",),
    "image": ("href", "xlink:href"),
    "use": ("href", "xlink:href"),
    "base": ("href",),
    "form": ("action",),
    "body": ("background",),
}
_STYLE_URL = re.compile(r"url\(\s*['\"]?([^'\")]*)|@import\s+['\"]?([^'\";]*)", re.I)
_UNSEEN = ("script", "style", "template", "head", "title")
# Along `descendant`: of `.//text()` the library compares each text with all before it.
_SEEN = etree.XPath(
    f"descendant::text()[not({' or '.join(f'ancestor::{tag}' for tag in _UNSEEN)})]",
    smart_strings=False,
)


@dataclass(frozen=True)
class HtmlPage:
    """What a page shows and does.

    `text` are its words, `main` those of its main part without navigation and foot; `loads` the
    addresses of all that it would fetch to be shown; `handlers` the inline event handlers of its
    main part; `citations` and `references` the words of each, in order.
    """

    title: str
    text: str
    main: str
    anchors: tuple[str, ...]
    links: tuple[str, ...]
    loads: tuple[str, ...]
    alternatives: tuple[str, ...]
    handlers: tuple[str, ...]
    citations: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


def read_html(file: Path) -> HtmlPage:
    """Read the HTML page `file`. Its words have single spaces, without scripts and styles."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = html.fromstring(file.read_bytes() or b"<html></html>", parser=parser)
    main = next(iter(tree.iter("main")), tree)
    elements = [
        (str(element.tag), {str(name): str(value) for name, value in element.items()}, element.text)
        for element in tree.iter(etree.Element)
    ]
    return HtmlPage(
        title=" ".join((tree.findtext(".//title") or "").split()),
        text=_seen(tree),
        main=_seen(main),
        anchors=tuple(given["id"] for _, given, _ in elements if "id" in given),
        links=tuple(given["href"] for tag, given, _ in elements if tag == "a" and "href" in given),
        loads=tuple(load for element in elements for load in _loads(*element)),
        alternatives=tuple(
            given.get("alt") or given.get("aria-label", "")
            for tag, given, _ in elements
            if tag in ("img", "svg")
        ),
        handlers=tuple(
            f"{element.tag} {name}"
            for element in main.iter(etree.Element)
            for name in map(str, element.keys())
            if name.startswith("on")
        ),
        citations=tuple(
            _whole(one) for one in main.iter("span") if one.get("data-cites") is not None
        ),
        references=tuple(
            _whole(one) for one in main.iter("div") if str(one.get("id")).startswith("ref-")
        ),
    )


def _loads(tag: str, given: dict[str, str], text: str | None) -> list[str]:
    """Return the addresses that an element fetches, its styles included."""
    if tag == "link" and given.get("rel") == "canonical":
        return []
    addresses = [given[name] for name in _LOADING.get(tag, ()) if name in given]
    styles = given.get("style", "") + ((text or "") if tag == "style" else "")
    return addresses + [first or second for first, second in _STYLE_URL.findall(styles)]


def _seen(tree: html.HtmlElement) -> str:
    return " ".join(" ".join(cast("list[str]", _SEEN(tree))).split())


def _whole(element: html.HtmlElement) -> str:
    """The words of an element, without spaces that it does not have."""
    return " ".join("".join(map(str, element.itertext())).split())
