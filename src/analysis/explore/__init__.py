"""What a researcher touches in JupyterLab: everything that is clicked is also one line of code."""

from analysis.explore.explorer import Explorer

__all__ = ["Explorer"]
