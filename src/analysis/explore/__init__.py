"""What a researcher touches in JupyterLab: everything that is clicked is also one line of code."""

import sys

from analysis.explore.explorer import Explorer
from analysis.study.choices import read_choices
from analysis.study.folder import Study

__all__ = ["Explorer"]


def _beside(study: Study) -> str | None:
    """A study under other choices than its params.yml, as HTML: what they would change."""
    there = read_choices(study.folder / "params.yml")
    changed = {
        name: value for name, value in vars(study.choices).items() if value != vars(there)[name]
    }
    if not changed:
        return None
    present = Study(study.folder, there, study.with_embargoed)
    return Explorer(present).beside(**changed)._repr_html_()


# In a notebook `study.with_choices(…)` shows the measures beside the present ones.
if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()) is not None:
    shell.display_formatter.formatters["text/html"].for_type(Study, _beside)
