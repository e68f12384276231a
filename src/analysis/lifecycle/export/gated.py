"""The leak gate over an export: what it finds, nobody is given."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from analysis.files.problems import raise_if_any
from analysis.files.whole_file import write_bytes
from analysis.report.gate import closed, gate
from analysis.report.gate.authors import Authors
from analysis.report.gate.labels import labels_of
from analysis.report.gate.way_out import WayOut
from analysis.report.gate.withheld import withheld_words
from analysis.stages.texts import pseudonym_key
from analysis.study.folder import Study

# Addresses of the vocabularies that our own forms are written in, and their words: nobody's.
_VOCABULARIES = re.compile(
    rb"https?://(?:www\.w3\.org/(?:ns|\d{4})/|w3id\.org/|(?:www\.)?schema\.org/|purl\.org/|"
    rb"(?:www\.)?gexf\.net/|datapackage\.org/|creativecommons\.org/licenses/)[\w./#-]*"
)


_KEYWORDS = re.compile(rb'"@(context|graph|id|type)"')
_WRITTEN_IN_THEM = (".jsonld", ".json", ".gexf", ".graphml")


def refuse_leaks(
    study: Study, files: Mapping[str, bytes], authors_own: Collection[str] = ()
) -> None:
    """Raise `StudyError` where `files`, by their names, hold what must not go out.

    That is what the gate looks for in the paper's site, and, before any words are looked at, names
    of collected sources that nobody has decided on. `authors_own` are those of `files` that are
    the authors' prose: there they may stand by name, and cite, as in the paper itself.
    """
    closed.refuse_unnamed(study)
    with tempfile.TemporaryDirectory() as held:
        for name, content in files.items():
            if name.endswith(_WRITTEN_IN_THEM):
                content = _KEYWORDS.sub(rb'"\1"', _VOCABULARIES.sub(b"urn:v", content))
            write_bytes(Path(held) / name, content)
        pages = frozenset(authors_own)
        typed = Authors.of(study.reports).identifiers if pages else frozenset()
        raise_if_any(
            gate.leaks(
                Path(held),
                pseudonym_key(study),
                withheld=withheld_words(study),
                authors=Authors(pages, typed),
                way_out=WayOut.of(study.reports, pages, study.choices.exempt, labels_of(study)),
            )
        )
