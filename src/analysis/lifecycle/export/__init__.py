"""The study for other programs: one table of forms, one file and one line a form."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from pathlib import Path

from analysis.files.problems import Problem, StudyError
from analysis.files.vocabulary import perhaps
from analysis.files.whole_file import write_bytes, write_text
from analysis.lifecycle.export import (
    graphs,
    iramuteq,
    joint,
    plain_tables,
    qca,
    refi,
    rena,
    rock,
    w3c,
    wide,
)
from analysis.lifecycle.export.form import Form
from analysis.lifecycle.export.gated import refuse_leaks
from analysis.lifecycle.export.material import Material
from analysis.lifecycle.export.private import refuse_public_folder

__all__ = ["FORMS", "Material", "export_study", "files_of", "readme"]

FORMS: tuple[Form, ...] = (
    refi.FORM,
    plain_tables.FORM,
    wide.FORM,
    rock.FORM,
    w3c.FORM,
    joint.FORM,
    iramuteq.FORM,
    rena.FORM,
    qca.FORM,
    graphs.GRAPHML,
    graphs.GEXF,
)
# What is written where no form is named.
_USUAL = ("refi", "csv", "wide")
ALL = "all"

_README = """\
# Export of a study

{notice}| file | what it is |
|---|---|
{files}

{consent}

Positions count Unicode code points from 0, end-exclusive. Names of files and speakers, and names
used in coding programs, are left out, since they can be names of people. A cell of a table that
would be taken for a formula has an apostrophe in front.{recognised}
"""
_OPEN = """\
Texts are the cleaned, pseudonymised ones. A text is here only where consent to publish is `full`
({full} of {sources} sources): a REFI-QDA project, ROCK sources and texts for IRaMuTeQ hold these
sources alone. Codings, attributes and counts are those of all active sources, without words where
consent does not reach so far; memos, which may quote, are left out there too. Quotations are those
that the evidence page prints. Withdrawn and embargoed sources are in no file."""
_PRIVATE = """\
**Not to be passed on.** For your own programs: all {sources} sources in use with their whole
cleaned, pseudonymised texts ({full}), whatever consent says of publishing; embargoed ones too."""
_RECOGNISED = """ People can still be recognised by what is
said and by combinations of attributes: pass this on under the terms they agreed to."""


def export_study(study: Path, folder: Path, form: str = "", *, private: bool = False) -> None:
    """Write the study in the folder `study` into `folder`, as consent allows.

    `form` is the name of one of FORMS, or `all`; REFI-QDA and plain tables where it is ''. Every
    coder's codings of active sources are written; whole texts, and the words and memos of codings,
    only of sources with `publish: full`, but all of them in `private`. Files of an earlier export
    are replaced. Raises `StudyError` when the coding has not been placed yet, for an unknown form,
    when the leak gate finds what must not go out (nothing is then written), and in `private` for a
    folder that git would take in.
    """
    forms = _chosen(form)
    if private:
        refuse_public_folder(folder, study)
    material = Material.of(study, private=private)
    files = files_of(material, forms)
    if not private:
        refuse_leaks(material.study, files)
    for name, content in files.items():
        write_bytes(folder / name, content)
    _remove_earlier(folder, forms, files)
    write_text(folder / "README.md", readme(material, folder))
    if private:
        for name in (*files, "README.md"):
            (folder / name).chmod(0o600)
    print(
        f"exported to {folder}: {len(material.sources)} sources, {len(material.texts)} of them "
        f"with text, {len(material.codings)} codings",
        file=sys.stderr,
    )


def files_of(material: Material, forms: Iterable[Form]) -> dict[str, bytes]:
    """The files of all `forms` by their names."""
    return {name: content for form in forms for name, content in form.write(material).items()}


def readme(material: Material, folder: Path) -> str:
    """What lies in `folder`, of whatever form and export, and how far consent let it out."""
    told = [
        f"| `{pattern}` | {what} |"
        for form in FORMS
        for pattern, what in form.files.items()
        if any(folder.glob(pattern))
    ]
    said = _PRIVATE if material.private else _OPEN
    return _README.format(
        notice="All evidence in it is invented.\n\n" if material.invented else "",
        files="\n".join(told),
        consent=said.format(full=len(material.texts), sources=len(material.sources)),
        recognised="" if material.private else _RECOGNISED,
    )


def _chosen(form: str) -> list[Form]:
    known = {one.name: one for one in FORMS}
    if form == ALL:
        return list(FORMS)
    if not form:
        return [known[name] for name in _USUAL]
    if form not in known:
        raise StudyError(
            Problem(
                f"AS={form}",
                f"no such form{perhaps(form, known)}",
                "; ".join(f"{one.name} ({one.summary})" for one in FORMS) + f"; or {ALL}",
                "name one of them",
            )
        )
    return [known[form]]


def _remove_earlier(folder: Path, forms: Iterable[Form], files: Collection[str]) -> None:
    """Of an earlier export in these forms, those that are none of these `files`: a source that left
    since must not stay in a file of its own."""
    written = {folder / name for name in files}
    for form in forms:
        for pattern in form.files:
            for file in set(folder.glob(pattern)) - written:
                file.unlink()
