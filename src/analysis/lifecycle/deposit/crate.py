"""The open part as an RO-Crate (1.2): what each file is, who made it, under which licence."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

from rocrate.model.person import Person
from rocrate.rocrate import ROCrate

from analysis.lifecycle.deposit.about import About

_VERSION = "1.2"
_MEDIA = {
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".cff": "text/yaml",
    ".yml": "text/yaml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".qdpx": "application/zip",
    ".qdc": "application/xml",
    ".graphml": "application/graphml+xml",
    ".gexf": "application/gexf+xml",
    ".ipynb": "application/x-ipynb+json",
}
_LICENCES = {
    "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC BY-SA 4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC BY-NC 4.0": "https://creativecommons.org/licenses/by-nc/4.0/",
    "CC0": "https://creativecommons.org/publicdomain/zero/1.0/",
}
_NO_LICENCE = "#no-licence"


def crate(files: Mapping[str, bytes], told: Mapping[str, str], about: About) -> bytes:
    """`ro-crate-metadata.json` of `files` by path; `told`: what a file, or the files of a folder
    (`name/`), are. The same files give the same bytes."""
    made = ROCrate(version=_VERSION)
    root = made.root_dataset
    made.name = about.title
    made.description = about.abstract or about.title
    root["datePublished"] = about.on
    root["license"] = _licence(made, about)
    root["keywords"] = ", ".join(about.keywords) or "qualitative data"
    root["author"] = [
        made.add(
            Person(
                made,
                f"https://orcid.org/{one.orcid}" if one.orcid else f"#author-{number}",
                properties={"name": one.name},
            )
        )
        for number, one in enumerate(about.cited_as, 1)
    ]
    with tempfile.TemporaryDirectory() as held:
        for path in sorted(files):
            file = Path(held) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"")
            made.add_file(
                file,
                path,
                properties={
                    "name": path.rpartition("/")[2],
                    "description": _described(path, told),
                    "encodingFormat": _MEDIA.get(
                        Path(path).suffix.lower(), "application/octet-stream"
                    ),
                    "contentSize": str(len(files[path])),
                },
            )
    document = made.metadata.generate()
    document["@graph"] = sorted(document["@graph"], key=lambda one: str(one["@id"]))
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _licence(made: ROCrate, about: About) -> object:
    from rocrate.model.contextentity import ContextEntity

    address = _LICENCES.get(about.licence.upper().replace("CC-BY", "CC BY"), _NO_LICENCE)
    name = about.licence or "All rights reserved: the authors have stated no licence yet"
    return made.add(
        ContextEntity(
            made,
            address,
            properties={"@type": "CreativeWork", "name": name, "description": name},
        )
    )


def _described(path: str, told: Mapping[str, str]) -> str:
    if path in told:
        return told[path]
    folders = [name for name in told if name.endswith("/") and path.startswith(name)]
    return told[max(folders, key=len)] if folders else path
