"""Notebooks without what they show, which is people's words: for whatever is saved or committed.

JupyterLab as `make lab` starts it saves every notebook so (`strip_on_saving`). Whoever saves one
with another program: git runs this module on each notebook that is added (`.gitattributes`,
`scripts/strip-outputs`). Nothing but Python is needed for that, in whatever state `.venv` is.
"""

from __future__ import annotations

import json
import sys
from typing import Any

# What the notebooks say of their kernel; JupyterLab adds which Python it was that ran them.
_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def strip(notebook: dict[str, Any]) -> bool:
    """Take outputs, their numbers and the state of widgets out; return whether there were any.

    Of the kernel no more is left than that it is Python's: else whoever looks at a notebook and
    saves it would have changed it.
    """
    metadata = notebook["metadata"]
    found = metadata.pop("widgets", None) is not None
    if metadata.get("kernelspec", {}).get("name") == "python3" and not (
        _KERNEL.items() <= metadata.items()
    ):
        metadata |= _KERNEL
        found = True
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and (cell["outputs"] or cell["execution_count"] is not None):
            cell["outputs"], cell["execution_count"] = [], None
            found = True
    return found


def strip_on_saving(model: dict[str, Any], **_: object) -> None:
    """Strip a notebook that JupyterLab is about to write: its hook `pre_save_hook`."""
    if model["type"] == "notebook":
        strip(model["content"])


def stripped(text: bytes) -> bytes:
    """The bytes of a notebook, stripped; one that shows nothing stays as it is to the byte.

    Raises ValueError, KeyError, TypeError or AttributeError for what is no notebook.
    """
    notebook = json.loads(text)
    if not strip(notebook):
        return text
    return (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


if __name__ == "__main__":
    try:
        sys.stdout.buffer.write(stripped(sys.stdin.buffer.read()))
    except (ValueError, KeyError, TypeError, AttributeError):
        sys.exit("this is no notebook, so that git cannot leave out what it shows")
