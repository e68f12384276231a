"""Reproducible qualitative analysis: from raw evidence to a findings paper.

The rooms, in the order in which evidence goes through them:

- `files`, `text`: what every room reads with: problems, YAML, CSV; words and sentences
- `study`: what a researcher gave, where it is, and the schema of every table
- `reading`: a file -> its text; `file_text`: every word that a file carries
- `cleaning`: text -> clean text and passages, with a map between the two; names and identifiers
- `coding`: coded projects of any program (`formats`) -> spans on the clean text (`placing`)
- `measures`: pure functions, table in, table out
- `claims`: working claims + measures + what people judged -> patterns, examples, negative cases
- `figures`: a table -> a plot
- `stages`: what a notebook calls, a module for each notebook
- `pipeline`: what each stage is made from, and running the stages that are due
- `report`: values, pages, checks, rendering, and the gate that nothing private passes
- `explore`: what a researcher touches in JupyterLab
- `lifecycle`: a study begins, leaves for other programs, and lets a source go

Imports run one way: measures know nothing of files, reading nothing of codes, figures nothing of
disk; only `__main__` uses `report`.
"""

__version__ = "0.1.0"
