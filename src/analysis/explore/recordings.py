"""The recording of a source, where the study has it: played in the lab, never published.

It lies in `data/raw/recordings` under the name of its source. Nothing that the study publishes,
exports or deposits takes anything from there.
"""

from __future__ import annotations

from pathlib import Path

from analysis.files.problems import Problem, StudyError
from analysis.files.regular import read_regular

FOLDER = "recordings"
KINDS = {
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".webm": "video/webm",
    ".mp4": "video/mp4",
}
_LARGEST = 500_000_000


def recording_of(raw: Path, source_id: str) -> Path | None:
    """The file of a source; None where there is none."""
    # A source's id is a name in the register, but nothing here may lead out of the folder.
    if Path(source_id).name != source_id:
        return None
    places = (raw / FOLDER / f"{source_id}{ending}" for ending in KINDS)
    return next((path for path in places if path.is_file() and not path.is_symlink()), None)


def played(raw: Path, source_id: str) -> tuple[str, bytes]:
    """The kind and the content of a source's recording. Raises `StudyError` where there is none."""
    path = recording_of(raw, source_id)
    if path is None:
        raise StudyError(
            Problem(
                source_id[:60],
                "no recording",
                f"data/raw/{FOLDER}/{source_id[:60]} with one of {', '.join(KINDS)}",
                "put it there; it stays on this machine",
            )
        )
    return KINDS[path.suffix], read_regular(path, f"data/raw/{FOLDER}/{path.name}", _LARGEST)
