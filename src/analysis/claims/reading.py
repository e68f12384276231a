"""`data/raw/claims.yml` -> claims; every fault of the file is told with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis import corpus
from analysis.claims.model import (
    ANY_KIND,
    COUNTED_BY_DEFAULT,
    COUNTS,
    DECISIONS,
    KINDS,
    MEASURES,
    MEETINGS,
    MENTIONED,
    ORIGINS,
    REACHES,
    SHARE,
    STOPS_SHORT,
    WORDED,
    Claim,
    Decision,
    Expectation,
    Theme,
)
from analysis.files.problems import Problem, raise_if_any
from analysis.files.vocabulary import meant, perhaps
from analysis.files.yaml_fields import Fields, compose
from analysis.study import tables
from analysis.study.schemas import schema_of

CLAIMS = "claims.yml"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_OWN_FIELDS = {
    "prevalence": ("code", "group", "at_least", "counts"),
    "contrast": ("code", "group", "than", "counts", "measure"),
    "association": ("codes", "unit"),
    "dissociation": ("codes", "unit"),
    "reach": ("from", "to", "share", "direction", "unit", "group", "counts"),
}
_EVERY = ("id", "kind", "kind_of_source", "against", "says")


def read_claims(
    path: Path, codes: pd.DataFrame | Iterable[str], roles: Iterable[str] | None = None
) -> list[Claim]:
    """Read the claims; without the file, or with nothing in it, there are none.

    `codes`: the codebook (tables.CODES) or its paths; `roles`: the roles that a group may name
    (None: any). Raises one `StudyError` with every fault, each with its line: an unknown or
    missing field, kind, code or role, an id twice (claims and expectations share one list of
    ids, for they name values), a sentence missing for a pattern of the kind.
    """
    problems: list[Problem] = []
    document = compose(path, f"data/raw/{path.name}", problems)
    if document is None:
        return []
    document.only(["claims"])
    listed = codes["code"] if isinstance(codes, pd.DataFrame) else codes
    reader = _Reader(frozenset(map(str, listed)), None if roles is None else sorted(set(roles)))
    entries = [] if document.is_empty("claims") else document.mappings("claims", "a claim")
    claims = [reader.claim(fields) for fields in entries]
    raise_if_any(problems)
    return claims


def read_agreement(processed: Path) -> pd.DataFrame | None:
    """The agreement of two coders by code, or None where that stage left nothing."""
    path = processed / "agreement.csv"
    return tables.read_table(path, schema_of("agreement")) if path.is_file() else None


class _Reader:
    """What a claim may name, and the ids and themes met so far."""

    def __init__(self, codes: frozenset[str], roles: list[str] | None) -> None:
        self.codes, self.roles = codes, roles
        self.ids: set[str] = set()
        self.themes: set[str] = set()

    def claim(self, fields: Fields) -> Claim:
        own = self._id(fields)
        fields = fields.called(f"claim {own}")
        fields.only(
            ["id", "heading", "sentence", "origin", "date", "themes", "expectations", "decision"]
        )
        return Claim(
            own,
            fields.text("heading"),
            fields.text("sentence"),
            fields.one_of("origin", ORIGINS),
            fields.date("date"),
            tuple(self._theme(one) for one in fields.mappings("themes", f"claim {own}, a theme")),
            tuple(
                self._expectation(one)
                for one in fields.mappings("expectations", f"claim {own}, an expectation")
            ),
            _decision(fields.mapping("decision")),
        )

    def _id(self, fields: Fields) -> str:
        own = fields.text("id")
        if own and not _ID.fullmatch(own):
            fields.problem("id", repr(own[:60]), "small letters, digits and hyphens", "correct it")
        elif own in self.ids:
            fields.problem("id", f"{own} a second time", "each id once", "rename one")
        self.ids.add(own)
        return own

    def _theme(self, fields: Fields) -> Theme:
        name = fields.text("name")
        if name in self.themes:
            fields.problem("name", "this theme a second time", "each name once", "rename one")
        self.themes.add(name)
        fields.only(["name", "idea", "codes"])
        return Theme(name, fields.text("idea"), self._known(fields, "codes", fields.texts("codes")))

    def _expectation(self, fields: Fields) -> Expectation:
        own = self._id(fields)
        fields = fields.called(f"expectation {own}")
        kind = fields.one_of("kind", KINDS)
        fields.only([*_EVERY, *_OWN_FIELDS.get(kind, sum(_OWN_FIELDS.values(), ()))])
        has_group = kind in ("prevalence", "contrast")
        group = self._role(fields, "group", required=has_group)
        than = self._role(fields, "than", required=True) if kind == "contrast" else ""
        if kind == "contrast" and group and group == than:
            fields.problem("than", "the same group twice", "another role", "correct one of them")
        is_reach = kind == "reach"
        return Expectation(
            own,
            kind,
            self._codes_of(fields, kind),
            group,
            than,
            int(fields.number("at_least", 1, float("inf"), whole=True))
            if kind == "prevalence"
            else 0,
            fields.number("share", 0, 1, whole=False) if is_reach else 0.0,
            fields.one_of("direction", (REACHES, STOPS_SHORT), REACHES) if is_reach else "",
            _unit(fields, kind),
            fields.one_of("kind_of_source", (*corpus.KINDS, ANY_KIND), "interview"),
            fields.text("against"),
            _sentences(fields, kind),
            *_counting(fields, kind),
        )

    def _codes_of(self, fields: Fields, kind: str) -> tuple[str, ...]:
        if kind in MEETINGS:
            codes = self._known(fields, "codes", fields.texts("codes"))
            if len(codes) != 2 or len(set(codes)) != 2:
                fields.problem("codes", f"{len(set(codes))} codes", "two codes", "name two")
            elif any(f"{one}/".startswith(f"{other}/") for one, other in (codes, codes[::-1])):
                fields.problem(
                    "codes",
                    "a code and its own parent",
                    "two codes apart from each other",
                    "name others: a parent counts wherever its child does",
                )
            return codes
        names = ("from", "to") if kind == "reach" else ("code",) if kind in KINDS else ()
        return tuple(self._known(fields, name, (fields.called_here(name),))[0] for name in names)

    def _known(self, fields: Fields, field: str, codes: tuple[str, ...]) -> tuple[str, ...]:
        known = tuple(meant(code, self.codes) for code in codes)
        for code, path in zip(codes, known, strict=True):
            if code and path is None:
                fields.problem(
                    field,
                    f"code {code[:80]!r}{perhaps(code, self.codes)}",
                    "the path of a code of the codebook",
                    "correct the path, or add the code to codebook.yml",
                )
        return tuple(path or code for code, path in zip(codes, known, strict=True))

    def _role(self, fields: Fields, field: str, *, required: bool) -> str:
        role = fields.text(field, required=required)
        if self.roles is None:
            return role
        known = meant(role, self.roles)
        if role and known is None:
            fields.problem(
                field,
                f"role {role[:60]!r}{perhaps(role, self.roles)}",
                f"a role of the register: {', '.join(self.roles)}",
                "correct it",
            )
        return known or role


def _unit(fields: Fields, kind: str) -> str:
    if kind == "reach":
        return fields.one_of("unit", ("case", "source"), "case")
    if kind in MEETINGS and "unit" in fields.nodes:
        return fields.one_of("unit", corpus.UNITS)
    return ""


def _counting(fields: Fields, kind: str) -> tuple[str, str]:
    """What counts, and what a contrast is of; a rate is of segments, which nobody affirms."""
    measure = fields.one_of("measure", MEASURES, SHARE) if kind == "contrast" else SHARE
    own = MENTIONED if measure != SHARE else COUNTED_BY_DEFAULT.get(kind, MENTIONED)
    counts = own if kind in MEETINGS else fields.one_of("counts", COUNTS, own)
    if measure != SHARE and counts != MENTIONED:
        fields.problem(
            "counts", f"{counts}, of a rate", "mentioned: segments are not judged", "correct it"
        )
    return counts, measure


def _sentences(fields: Fields, kind: str) -> dict[str, str]:
    says = fields.mapping("says")
    if says is None:
        fields.problem("says", "no sentences", "one for each pattern", "write them")
        return {}
    patterns = KINDS.get(kind, ())
    if patterns:
        says.only([*patterns, *WORDED])
    worded = [pattern for pattern in WORDED if pattern in says.nodes]
    return {pattern: says.text(pattern) for pattern in (*patterns, *worded)}


def _decision(fields: Fields | None) -> Decision:
    if fields is None:
        return Decision()
    fields.only(["status", "paragraphs", "signed_by", "date", "digest"])
    return Decision(
        fields.one_of("status", DECISIONS, "undecided"),
        fields.paragraphs("paragraphs"),
        fields.text("signed_by", required=False),
        fields.date("date", required=False),
        fields.text("digest", required=False),
    )
