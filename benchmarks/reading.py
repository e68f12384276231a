"""How fast each format is read, beside other libraries, and what a source costs as a corpus grows.

Run: python benchmarks/reading.py [folder with .odt and .pdf of real studies]

Each library reads the same files in the same run; `words` is the share of pairs of
neighbouring words that are those of the file as it was written, so that a fast reader that loses
text or mixes columns shows; from 0.99 on it counts as faithful (page numbers are in the text of
some). `open_as_utf_8` decides nothing: the floor, not a rival. For real files our own reading stands for what was written. MB/s counts bytes of the file.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from pathlib import Path

import docx
import pandas as pd
import pypandoc
import typst

from analysis.cleaning.preparing import prepare_all
from analysis.reading import read
from analysis.workers.pools import work_with

Reader = Callable[[Path], str]
TURN = (
    "Well, we said “this is not co-production” at the board – and then the café, the £5 voucher, "
    "and nobody asked the {0} young people who came every time, said number {0}. "
)
PARAGRAPHS = [
    f"{'IR'[n % 2]}: Paragraph {n}. {TURN.format(n) * (1 + n % 3)}".strip() for n in range(600)
]


def analysis_reader(path: Path) -> str:
    return read(path).text


def pandoc(path: Path) -> str:
    return pypandoc.convert_file(str(path), "plain", extra_args=["--wrap=none"])


def python_docx(path: Path) -> str:
    lines = []
    for block in docx.Document(str(path)).iter_inner_content():
        if hasattr(block, "rows"):
            lines += ["\t".join(cell.text for cell in row.cells) for row in block.rows]
        else:
            lines.append(block.text)
    return "\n".join(lines)


def odfpy(path: Path) -> str:
    from odf import teletype
    from odf import text as odf_text
    from odf.opendocument import load

    return "\n".join(map(teletype.extractText, load(str(path)).getElementsByType(odf_text.P)))


def striprtf(path: Path) -> str:
    from striprtf.striprtf import rtf_to_text

    return rtf_to_text(path.read_bytes().decode("latin-1"))


def pypdf(path: Path) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def pdfium(path: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def pdfplumber(path: Path) -> str:
    import pdfplumber as plumber

    with plumber.open(path) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def pdftotext(path: Path) -> str:
    return subprocess.run(
        ["pdftotext", path, "-"], capture_output=True, check=True, text=True
    ).stdout


def html5lib(path: Path) -> str:
    import html5lib as parser

    return "".join(parser.parse(path.read_text("utf-8"), treebuilder="lxml").getroot().itertext())


def beautifulsoup(path: Path) -> str:
    from bs4 import BeautifulSoup

    return BeautifulSoup(path.read_bytes(), "lxml").get_text("\n")


def charset_normalizer(path: Path) -> str:
    from charset_normalizer import from_path

    return str(from_path(path).best())


def open_as_utf_8(path: Path) -> str:
    return path.read_text("utf-8")


OTHERS: dict[str, tuple[Reader, ...]] = {
    "txt": (open_as_utf_8, charset_normalizer),
    "docx": (python_docx, pandoc),
    "odt": (odfpy, pandoc),
    "rtf": (striprtf, pandoc),
    "html": (beautifulsoup, html5lib, pandoc),
    "pdf": (pdfium, pypdf, pdfplumber, pdftotext),
}


def written(folder: Path, format: str) -> Path:
    """Write the paragraphs as `format`, by pandoc, Typst (two columns) or as they are."""
    path = folder / f"specimen.{format}"
    text = "\n\n".join(PARAGRAPHS)
    if format == "txt":
        path.write_text(text, encoding="utf-8")
    elif format == "pdf":
        escaped = re.sub(r"([\[\]#$*_@<>\\-])", r"\\\1", text)
        setting = '#set page(columns: 2)\n#set text(lang: "en", hyphenate: true)\n'
        path.write_bytes(typst.compile(f"{setting}{escaped}".encode()))
    else:
        arguments = ["-s", "--metadata", "title= "]
        pypandoc.convert_text(
            text, format, "markdown-smart", outputfile=str(path), extra_args=arguments
        )
    return path


def words(text: str) -> list[str]:
    """Return the words of `text`; one that a hyphen parts, at a line end or not, is one word."""
    return re.findall(r"\w+", re.sub(r"[-\u2010\ufffe]\s*", "", text))


def pairs(found: list[str]) -> Counter[tuple[str, str]]:
    """Return the pairs of neighbouring words, which mixed columns tear apart."""
    return Counter(pairwise(found))


def timed(reader: Reader, path: Path) -> tuple[float, str]:
    """Return the median of up to 7 readings in seconds (fewer of a slow one), and the text."""
    text, taken = reader(path), []
    while len(taken) < 7 and sum(taken) < 3:
        start = time.perf_counter()
        text = reader(path)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken), text


def compare(path: Path, expected: list[str] | None) -> pd.DataFrame:
    rows = []
    for reader in (analysis_reader, *OTHERS[path.suffix[1:]]):
        try:
            seconds, text = timed(reader, path)
        except FileNotFoundError as error:
            print(f"  {reader.__name__}: not here ({error})", file=sys.stderr)
            continue
        found = words(text)
        expected = expected or found
        alike = (pairs(expected) & pairs(found)).total() / max(len(expected), len(found), 1)
        size = path.stat().st_size
        rows.append(
            (
                path.suffix[1:],
                reader.__name__.removesuffix("_reader"),
                size,
                seconds * 1000,
                size / 1e6 / seconds,
                alike,
            )
        )
    table = pd.DataFrame(rows, columns=["format", "library", "bytes", "ms", "MB_s", "words"])
    faithful = table[(table["words"] > 0.99) & (table["library"] != "open_as_utf_8")]
    table["times_fastest_faithful"] = table["ms"] / faithful["ms"].min()
    return table


def started(_: int) -> None:
    """Give each worker process time to start and to import the package."""
    time.sleep(0.2)


def corpus_cost(folder: Path) -> pd.DataFrame:
    """Prepare 10, 100 and 1,000 sources: seconds and peak memory of this process, each source."""
    rows = []
    for count in (10, 100, 1_000):
        raw = folder / f"raw{count}"
        raw.mkdir()
        for number in range(count):
            text = "\n\n".join(PARAGRAPHS[number % 300 :][:60])
            (raw / f"s{number}.txt").write_text(text, encoding="utf-8")
        sources = pd.DataFrame(
            {
                "source_id": [f"s{n}" for n in range(count)],
                "kind": "interview",
                "file": [f"s{n}.txt" for n in range(count)],
            }
        )
        cache = folder / f"cache{count}"
        with ProcessPoolExecutor(2) as executor, work_with(executor):
            list(executor.map(started, range(8)))
            tracemalloc.start()
            start = time.perf_counter()
            prepare_all(sources, raw, cache=cache)
            first = time.perf_counter() - start
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            start = time.perf_counter()
            prepare_all(sources, raw, cache=cache)
            again = time.perf_counter() - start
        rows.append((count, first / count * 1000, again / count * 1000, peak / count / 1000))
    return pd.DataFrame(rows, columns=["sources", "ms_a_source", "ms_unchanged", "kB_a_source"])


def main() -> None:
    pd.options.display.width = 160
    expected = words("\n".join(PARAGRAPHS))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = [compare(written(folder, format), expected) for format in OTHERS]
        for path in sorted(Path(sys.argv[1]).rglob("*.*")) if len(sys.argv) > 1 else ():
            if path.name in ("P1_GMT20211118.odt", "P4.pdf"):
                made.append(compare(path, None).assign(format=f"{path.suffix[1:]} (real)"))
        print(pd.concat(made).round(3).to_string(index=False))
        print(corpus_cost(folder).round(2).to_string(index=False))


if __name__ == "__main__":
    main()
