"""Reproducible qualitative analysis: from raw evidence to a findings paper.

The rooms, in the order in which evidence goes through them:

- `study`, `choices`, `register`, `codebook`: what a researcher gave, and where it is
- `reading`: a file -> its text
- `cleaning`: text -> clean text and passages, with a map between the two; names and identifiers
- `coding`: coded projects of any program -> spans on the clean text, and back
- `measures`: pure functions, table in, table out
- `claims`: working claims + measures + what people judged -> patterns, examples, negative cases
- `figures`: a table -> a plot
- `report`: values, pages, checks, rendering, and the gate that nothing private passes
- `explore`: what a researcher touches in JupyterLab
- `purge`: a source leaves, with every trace

A notebook calls the rooms through a module that knows both the study and the measure:
`preparation` (01), `coding` (02), `summary`, `contrasting`, `accumulating`, `shown_words` (03, 04),
`agreeing` (05), `claims` (06). `run` executes notebooks, `inputs` knows what each is made from,
`tables` what passes between them; `__main__` is the command line that the Makefile calls.

Imports run one way: measures know nothing of files, reading nothing of codes, figures nothing of
disk; only `__main__` uses `report`.
"""

__version__ = "0.1.0"
