"""One look for every HTML page: the base template, the navigation, the notice.

A page template extends `base.html` and fills its blocks `content` and, if it needs them,
`head` (styles of its own) and `foot`. Text printed by a template is escaped, and characters
that act without being seen are shown (see `analysis.text.escape.visible`).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.claims.asking import asked_code
from analysis.text.english import grouped
from analysis.text.escape import visible

NOTICE = (
    "Invented data: the people, organisations and words of this demonstration are made up. "
    "Nothing here is a finding about anybody."
)
# What every site has. A study may pass more pages.
NAVIGATION: tuple[tuple[str, str], ...] = (
    ("index.html", "Paper"),
    ("evidence.html", "Evidence"),
    ("matrix.html", "Matrix"),
    ("codebook.html", "Codebook"),
    ("notebooks.html", "Notebooks"),
    ("reproducibility.html", "Reproducibility"),
)
TEMPLATES = Path(__file__).parent / "templates"


@cache
def environment() -> Environment:
    """Return the Jinja2 environment of all pages: auto-escaping, strict about undefined names."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    made.filters["grouped"] = grouped
    made.filters["asked_code"] = asked_code
    return made


def page(
    template: str,
    *,
    title: str,
    constructed: bool,
    current: str = "",
    navigation: Sequence[tuple[str, str]] = NAVIGATION,
    script: str = "",
    loads: bool = False,
    **context: object,
) -> str:
    """Return a whole self-contained HTML page from `template`.

    `current` is the page's own address within the site ('notebooks/x.html' finds the others one
    folder up). `script`, if any, is the one script that may run: the page carries a content
    security policy with its digest, so that no other script would. With `loads` this one may
    load others, of files beside the page. Nothing remote is loaded.
    """
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    root = "../" * current.count("/")
    return (
        environment()
        .get_template(template)
        .render(
            title=title,
            notice=NOTICE if constructed else "",
            navigation=[(root + address, name, address == current) for address, name in navigation],
            root=root,
            script=Markup(script),
            script_source=_script_source(digest, loads=loads) if script else "'none'",
            **{"lang": "en-GB", "contents": [], "renderer": ""} | context,
        )
    )


def _script_source(digest: str, *, loads: bool) -> str:
    # A page of a folder has no origin to name; what the one script trusts is trusted.
    return f"'sha256-{digest}'" + " 'strict-dynamic'" * loads


def _shown(value: object) -> object:
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value
