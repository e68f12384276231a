"""What the package's README shows is what happens."""

from __future__ import annotations

import doctest

from analysis.files.project import PACKAGE


def test_the_readme_of_the_package() -> None:
    told = doctest.testfile(str(PACKAGE / "README.md"), module_relative=False)
    assert told.attempted > 5
    assert told.failed == 0
