"""What a researcher touches in JupyterLab: everything that is clicked is also one line of code."""

from analysis.explore.beside import show_studies_beside
from analysis.explore.explorer import Explorer

__all__ = ["Explorer"]

show_studies_beside()
