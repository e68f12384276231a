"""Where the package lies, what travels with it, and the project around it, if there is one."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
SKELETON = PACKAGE / "skeleton"


def _project() -> Path | None:
    """The folder of the sources that hold the package; None where it was installed from a wheel."""
    around = (folder for folder in PACKAGE.parents if (folder / "pyproject.toml").is_file())
    return next((one for one in around if (one / "src" / PACKAGE.name) == PACKAGE), None)


PROJECT = _project()
# A wheel brings these in its skeleton; beside the sources they lie at the top.
NOTEBOOKS = (PROJECT or SKELETON) / "notebooks"
LOCK = (PROJECT or SKELETON) / "requirements.lock"
# Fields of params.yml that are no choices: stages of the study's own, who works, and which sources
# have a page.
STAGES_FIELD, WORKERS_FIELD, SOURCES_FIELD = "stages", "workers", "source_pages"
