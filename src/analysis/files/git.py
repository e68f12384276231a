"""git, asked about a folder that may be anybody's: nothing that its settings name is run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

# What a repository may name to be run, or to be fetched from.
_SHUT = ("core.fsmonitor=false", "core.hooksPath=/dev/null", "protocol.allow=never")


def git(folder: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git in `folder` with `given` as its input; raises `FileNotFoundError` where there is none.

    Only for commands that read what git holds as it holds it: checkout, archive and diff would run
    the filters of the repository.
    """
    shut = [part for one in _SHUT for part in ("-c", one)]
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    own |= {"GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", *shut, "-C", str(folder), *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False, env=own)


def files_at(folder: Path, tree: str) -> dict[str, bytes]:
    """The files of a tree ('commit:path') and what they hold, as git holds them.

    Links and repositories within are left out. Raises `FileNotFoundError` where there is no git.
    """
    listed = git(folder, "ls-tree", "-r", "-z", tree).stdout.decode("utf-8", "surrogateescape")
    rows = [row.partition("\t") for row in listed.split("\0") if row]
    # A tree that was made by hand may hold a path that leaves it.
    blobs = {
        path: told.split()[2]
        for told, _, path in rows
        if told.startswith("100") and ".." not in path.split("/")
    }
    asked = "".join(f"{blob}\n" for blob in blobs.values()).encode()
    answer = git(folder, "cat-file", "--batch", given=asked).stdout
    held, at = {}, 0
    for path in blobs:
        line = answer.index(b"\n", at)
        size = int(answer[at:line].split()[2])
        held[path] = answer[line + 1 : line + 1 + size]
        at = line + size + 2
    return held
