"""Which column of a table of coded segments is what, in the languages that programs speak."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.coding.formats.format import NoCodingError
from analysis.files.problems import Problem, StudyError
from analysis.text.english import plural

# Headings of ATLAS.ti, MAXQDA, NVivo, Dedoose, QDA Miner, QualCoder and Taguette; of several in
# one table the first of a list is taken.
_HEADINGS: dict[str, tuple[str, ...]] = {
    "quote": (
        "quotation content",
        "excerpt copy",
        "coded segment",
        "coded segments",
        "coded text",
        "segment",
        "segments",
        "quote",
        "quotation",
        "excerpt",
        "reference text",
        "text content",
        "coded",
        "content",
        "text",
        "codiertes segment",
        "codierter text",
        "zitatinhalt",
        "zitat",
        "contenido de la cita",
        "segmento",
        "segmento codificado",
        "cita",
        "texto",
        "segment text",
        "seltext",
        "coded content",
        "conteúdo da citação",
        "citação",
        "trecho",
        "contenu de la citation",
        "citation",
        "segment codé",
        "extrait",
        "texte",
    ),
    "codes": (
        "codes applied combined",
        "codes applied",
        "codes",
        "tags",
        "nodes",
        "kodes",
        "códigos",
        "codices",
        "codici",
    ),
    "code": (
        "hierarchical name",
        "code",
        "codename",
        "code name",
        "code path",
        "code label",
        "tag",
        "node",
        "theme",
        "kode",
        "codename",
        "código",
        "codice",
        "nœud",
    ),
    "source": (
        "document name",
        "media title",
        "document",
        "documents",
        "file",
        "file name",
        "filename",
        "source",
        "source name",
        "source id",
        "doc name",
        "transcript",
        "resource",
        "case",
        "dokumentname",
        "dokument",
        "quelle",
        "documento",
        "nombre del documento",
        "nome do documento",
        "fuente",
        "nom du document",
        "fichier",
        "fonte",
    ),
    "coder": (
        "coder",
        "excerpt creator",
        "coded by",
        "coded by initials",
        "created by",
        "creator",
        "author",
        "user",
        "initials",
        "coder name",
        "user name",
        "owner",
        "annotator",
        "modified by",
        "codierer",
        "erstellt von",
        "autor",
        "bearbeitet von",
        "codificador",
        "creado por",
        "criado por",
        "codeur",
        "auteur",
        "créé par",
    ),
    "memo": (
        "memo",
        "coded memo",
        "comment",
        "comments",
        "note",
        "kommentar",
        "comentario",
        "comentário",
        "commentaire",
        "mémo",
    ),
    "id": ("id", "quotation id", "excerpt id", "segment id", "nr", "number"),
    "category": ("category", "code category", "kategorie", "categoría", "categoria", "catégorie"),
    "definition": (
        "definition",
        "description",
        "beschreibung",
        "definición",
        "code comment",
        "code memo",
        "code description",
        "code definition",
        "descripción",
        "definição",
        "descrição",
        "définition",
    ),
    "include": (
        "include",
        "inclusion",
        "inclusion criteria",
        "included",
        "when to use",
        "use when",
        "einschluss",
        "einschlusskriterien",
        "criterios de inclusión",
        "critères d'inclusion",
    ),
    "exclude": (
        "exclude",
        "exclusion",
        "exclusion criteria",
        "excluded",
        "when not to use",
        "do not use when",
        "ausschluss",
        "ausschlusskriterien",
        "criterios de exclusión",
        "critères d'exclusion",
    ),
    "example": (
        "example",
        "examples",
        "anchor example",
        "typical example",
        "ankerbeispiel",
        "beispiel",
        "ejemplo",
        "exemple",
        "exemplo",
    ),
    "parent": (
        "parent code",
        "parent",
        "parent name",
        "parent path",
        "parent tag",
        "oberkategorie",
        "übergeordneter code",
        "código padre",
        "código pai",
        "code parent",
        "theme",
    ),
    "count": ("number of codes", "code count", "codes count", "no. of codes", "# codes"),
    "stance": ("stance",),
    "start": ("start", "segment start", "selfirst", "start offset", "start position", "pos0"),
    "end": ("end", "segment end", "selend", "end offset", "end position", "pos1"),
}
# In a list with definitions these name codes; in any other table they name anything.
_NAMES_OF_CODES = ("path", "tag", "name", "label")
ROLES = ("quote", "code", "source", "coder", "memo", "stance", "id", "category", "start", "end")
# A heading is short, and no sentence.
_MAY_BE_SPEECH = re.compile(r".{41}|[.?!…](\s|$)|(\S+\s+){5}")
_CODE_COLUMN = re.compile(r"^code:\s*+(?P<name>\S.*)\sapplied$", re.IGNORECASE)


@dataclass(frozen=True)
class Columns:
    """The place of each column that is used, and how the codes of a row are written."""

    places: Mapping[str, int]
    code_columns: Mapping[str, int] = field(default_factory=dict)
    several: bool = False
    has_paths: bool = False
    has_slashes: bool = False

    @property
    def known(self) -> int:
        """How many columns were told; more when the needed ones are among them."""
        needed = sum(role in self.places for role in ("quote", "code", "source"))
        return len(self.places) + 3 * needed

    @property
    def is_codebook(self) -> bool:
        """Whether this is a list of codes: codes, perhaps with what they mean, and no segments."""
        said = self.places.keys()
        means = bool({"definition", "memo"} & said)
        return "code" in said and means and not {"quote", "source"} & said

    def of(self, row: Sequence[str], role: str) -> str:
        """The cell of a row, '' when there is none."""
        place = self.places.get(role, len(row))
        return row[place].strip() if place < len(row) else ""

    def said(self, heading: Sequence[str]) -> str:
        """Which column was taken for what, for the report."""
        told = [f"{role} = {heading[place].strip()}" for role, place in self.places.items()]
        told += [f"{len(self.code_columns)} columns of codes"] if self.code_columns else []
        return ", ".join(told)

    def unused(self, heading: Sequence[str]) -> list[str]:
        """The columns that were not taken."""
        used = {*self.places.values(), *self.code_columns.values()}
        return [
            name.strip() for place, name in enumerate(heading) if place not in used and name.strip()
        ]

    def check(self, heading: Sequence[str], where: str) -> None:
        """Raise `StudyError` when a table of segments lacks a column that it needs."""
        if self.is_codebook:
            return
        missing = [role for role in ("source", "quote", "code") if role not in self.places]
        if "code" in missing and self.code_columns:
            missing.remove("code")
        # Positions say which words, without repeating them.
        if "quote" in missing and {"start", "end"} <= self.places.keys():
            missing.remove("quote")
        if missing:
            # A table with neither codes nor quotations was never meant as coding.
            meant = {"quote", "code", "start"} & self.places.keys() or self.code_columns
            raise (StudyError if meant else NoCodingError)(
                Problem(
                    where,
                    f"no column told as {' or '.join(missing)} among {self._shown(heading)}",
                    "a table of coded segments, or a project of a QDA program",
                    f"name its headings {', '.join(missing)}; or, in a study, say which column is "
                    f"which under columns in params.yml ({', '.join(ROLES)}: heading)",
                )
            )

    def _shown(self, heading: Sequence[str]) -> str:
        """How many headings there are, and which: unless this may be a line of a transcript."""
        names = [name.strip() for name in heading if name.strip()]
        count = plural(len(names), "heading")
        told = bool(self.places or self.code_columns) and len(names) > 1
        if told and not any(_MAY_BE_SPEECH.search(name) for name in names):
            return f"{count}: {', '.join(map(repr, names))}"
        return count


def find_columns(heading: Sequence[str], stated: Mapping[str, str]) -> Columns:
    """The columns of a heading row; `stated` (role -> heading) overrules what is known."""
    plain = [_plain(name) for name in heading]
    first = {name: place for place, name in reversed(list(enumerate(plain)))}
    places: dict[str, int] = {}
    several = False
    for role, names in _HEADINGS.items():
        known = next((first[name] for name in names if name in first), None)
        if role == "codes":
            several = known is not None
            role = "code"
        if known is not None and known not in places.values():
            places.setdefault(role, known)
    named = next((first[name] for name in _NAMES_OF_CODES if name in first), None)
    if named is not None and "definition" in places and not {"code", "quote"} & places.keys():
        places["code"] = named
    if {"parent", "code"} <= places.keys() and "source" not in places:
        # A list of codes counts its segments under the heading that tables have their words under.
        places.pop("quote", None)
    for role, name in stated.items():
        if _plain(name) in first:
            place = first[_plain(name)]
            places = {one: at for one, at in places.items() if at != place}
            places[role] = place
            several |= role == "code"
    code_columns = {
        found["name"].strip(): place
        for place, name in enumerate(heading)
        if (found := _CODE_COLUMN.match(name.strip()))
    }
    # MAXQDA and NVivo write the whole path of a code, with marks of their own.
    has_slashes = places.get("code") == first.get("path", -1)
    has_paths = bool({"segment", "coded text", "hierarchical name", "codiertes segment"} & {*plain})
    return Columns(places, code_columns, several, has_paths, has_slashes)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).replace("_", " ").casefold().split()).strip(
        "\ufeff●"
    )
