"""What a study's data call somebody or something, in one cell: such a word is not the program's."""

from __future__ import annotations

from analysis.study.folder import Study


def labels_of(study: Study) -> frozenset[str]:
    """The cells of the register, speakers, codes by name and path, and coders.

    A participant called 'Root' who stands so in the register is found on every page, though the
    program says 'Root' somewhere too.
    """
    register, codes, passages = study.register, study.codes, study.passages
    found = {str(cell) for column in register.columns for cell in register[column].unique()}
    found |= {*codes["name"], *codes["code"], *passages["speaker"].unique()}
    found |= {*study.all_codings["coder"].unique(), *study.choices.coders}
    return frozenset(found - {""})
