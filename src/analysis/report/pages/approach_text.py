"""What a paper says of its kind of analysis, by `approach` in params.yml: each its own text."""

from __future__ import annotations

from analysis.study.choices import Choices

# Each says what the kind of analysis asks. What was done, the authors say: the program cannot know.
_TEXTS = {
    "reflexive": (
        "This is a reflexive thematic analysis. Codes are not found in the texts: they are made in"
        " reading, and change as the reading goes on; themes are patterns of shared meaning that"
        " the analysts put together, each round a central idea. What the analysts bring to the"
        " material is a resource of the analysis and is set out in their memos. Counts of coded"
        " material are given so that a reader can see where in the corpus a reading rests; they"
        " measure neither how common a view is nor how good a reading is. Such an analysis is finished"
        " when the themes tell a story that the authors can argue for, not when a count stops"
        " rising."
    ),
    "codebook": (
        "This is a thematic analysis with a codebook. The codebook says what each code takes in and"
        " leaves out, and may change as coding goes on; its dated history stands on"
        " [its own page](codebook.html). Themes are in part given by the questions of the study and"
        " in part made from the material. Where people code the same sources, their differences"
        " serve to sharpen the codebook and to learn where a code can be read in more than one way."
    ),
    "content": (
        "This is a qualitative content analysis. Codes are categories with rules for what falls"
        " under them ([the codebook](codebook.html)); the unit of counting is stated wherever a"
        " count is given. Since the categories are meant to be applied alike by whoever applies"
        " them, agreement between coders is reported for every category that was used, with its"
        " range, and categories that coders applied differently are marked wherever they carry"
        " weight."
    ),
    "framework": (
        "This is a framework analysis. After coding, what each case says under each theme is summed"
        " up by a person in a matrix of cases by themes ([the framework matrix](matrix.html)), in"
        " which every cell leads to the passages that it rests on. Cases are then compared along"
        " the rows and themes down the columns, and explanations are looked for in both. The"
        " patterns of coding stand beside the matrix; where the two part, it is said."
    ),
}


def approach_text(choices: Choices) -> str:
    """The paragraph on the kind of analysis, as Markdown."""
    return _TEXTS[choices.approach] + "\n"
