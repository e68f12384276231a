"""Time the measures beside the alternatives, in one run on one machine: trust the ratios.

    python benchmarks/measures.py            the speed table
    python benchmarks/measures.py --growth   overlap counts from 1e4 to 1e7 spans

Ours and the rivals take turns, and each is judged by its best turn, so that what else the machine
does hits all alike and decides little. Beside the time by the clock stands that of the processor,
over all its cores, which other work on the machine hardly touches. Rivals that are not installed are named and left out; all
that ran must give the same counts.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from analysis.corpus import Corpus
from analysis.measures.chance.passages import exact_tail
from analysis.measures.coefficients import krippendorff_alpha
from analysis.measures.cooccurrence import cooccurrence
from analysis.measures.pairs import overlap_counts

N_CODES = 100


class Taken(NamedTuple):
    """Seconds by the clock, and of processor time over all cores."""

    clock: float
    cpu: float

    def times(self, n: int) -> Taken:
        return Taken(n * self.clock, n * self.cpu)


def race(works: dict[str, Callable[[], object]], rounds: int = 5) -> dict[str, Taken]:
    """Return the best times of each work; they run in turn, after one turn to warm up."""
    best = dict.fromkeys(works, Taken(float("inf"), float("inf")))
    for turn in range(rounds + 1):
        for name, work in works.items():
            clock, cpu = time.perf_counter(), time.process_time()
            work()
            taken = Taken(time.perf_counter() - clock, time.process_time() - cpu)
            if turn:
                best[name] = Taken(*map(min, best[name], taken))
    return best


def say(name: str, taken: Taken, over: Taken | None = None, note: str = "") -> None:
    """Print both times, and how many times those of `over` they are."""
    ratio = " " * 20
    if over is not None:
        ratio = f"{taken.clock / over.clock:8.1f} x {taken.cpu / over.cpu:7.1f} x"
    print(
        f"  {name:<50}{1000 * taken.clock:9.1f} ms{1000 * taken.cpu:9.1f} ms cpu{ratio}  {note}",
        flush=True,
    )


def spans(n: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Return n spans in n / 100 sources of 60,000 characters, some 80 long, 100 codes."""
    generator = np.random.default_rng(seed)
    start = generator.integers(0, 60_000, n)
    return {
        "track": generator.integers(0, max(n // 100, 1), n),
        "start": start,
        "end": start + 1 + generator.poisson(80, n),
        "code": generator.integers(0, N_CODES, n),
    }


def by_join(columns: dict[str, np.ndarray]) -> dict[str, Callable[[], np.ndarray]]:
    """Return the rivals that are installed: each gives the codes x codes counts."""
    for package in ("ncls", "duckdb", "polars_bio"):
        if not importlib.util.find_spec(package):
            print(f"  {package} is not installed, so left out")
    # All put sources end to end, which suits them best, except the joins on source.
    offset = columns["track"] * 100_000
    start, end, code = columns["start"] + offset, columns["end"] + offset, columns["code"]

    def counted(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        apart = one < other
        pair = np.sort(np.stack([code[one[apart]], code[other[apart]]]), axis=0)
        return np.bincount(pair[0] * N_CODES + pair[1], minlength=N_CODES**2).reshape(N_CODES, -1)

    rivals: dict[str, Callable[[], np.ndarray]] = {}
    frame = pd.DataFrame({**columns, "row": np.arange(len(code))})

    def with_pandas() -> np.ndarray:
        found = np.zeros((N_CODES, N_CODES), dtype=np.int64)
        columns_needed = ["track", "start", "end", "row"]
        for _, part in frame[columns_needed].groupby(frame["track"] // 100):
            pairs = part.merge(part, on="track")
            kept = pairs[(pairs["start_x"] < pairs["end_y"]) & (pairs["start_y"] < pairs["end_x"])]
            found += counted(kept["row_x"].to_numpy(), kept["row_y"].to_numpy())
        return found

    rivals["pandas, self-merge in chunks"] = with_pandas
    if importlib.util.find_spec("ncls"):
        from ncls import NCLS

        def with_ncls() -> np.ndarray:
            row = np.arange(len(code))
            tree = NCLS(start, end, row)
            return counted(*tree.all_overlaps_both(start, end, row))

        rivals["ncls"] = with_ncls
    if importlib.util.find_spec("duckdb"):
        import duckdb

        database = duckdb.connect()
        database.register("spans", frame)

        def with_duckdb() -> np.ndarray:
            table = database.sql(
                "select least(a.code, b.code) as one, greatest(a.code, b.code) as other, "
                "count(*) as n from spans a join spans b on a.track = b.track and a.row < b.row "
                'and a.start < b."end" and b.start < a."end" group by all'
            ).fetchnumpy()
            found = np.zeros((N_CODES, N_CODES), dtype=np.int64)
            found[table["one"], table["other"]] = table["n"]
            return found

        rivals["DuckDB, join on source"] = with_duckdb
    if importlib.util.find_spec("polars_bio"):
        import polars as pl
        import polars_bio

        polars_bio.set_option("datafusion.bio.coordinate_system_check", False)
        table = pl.DataFrame(
            {
                "chrom": columns["track"].astype(str),
                "start": columns["start"],
                "end": columns["end"],
                "row": np.arange(len(code)),
            }
        )
        table.config_meta.set(coordinate_system_zero_based=True)

        def with_polars_bio() -> np.ndarray:
            pairs = polars_bio.overlap(table, table, output_type="polars.DataFrame")
            return counted(pairs["row_1"].to_numpy(), pairs["row_2"].to_numpy())

        rivals["polars-bio"] = with_polars_bio
    return rivals


def overlaps(n: int) -> None:
    columns = spans(n)
    key = (columns["track"] << 17) | columns["start"]
    print(f"overlap counts, {n:,} spans, {N_CODES} codes")
    table = pd.DataFrame(
        {
            "source_id": pd.Series(columns["track"]).map("source{:05d}".format),
            "start": columns["start"],
            "end": columns["end"],
            "code": pd.Series(columns["code"]).map("code{:02d}".format),
            "coder": "A",
        }
    ).astype({"source_id": str, "code": str, "coder": str})
    rivals = by_join(columns)
    found = overlap_counts(**columns, n_codes=N_CODES)
    same = {name: (np.triu(rival()) == found).all() for name, rival in rivals.items()}
    best = race(
        {
            "sort": lambda: np.sort(key),
            "kernel": lambda: overlap_counts(**columns, n_codes=N_CODES),
            "whole": lambda: cooccurrence(Corpus(codings=table), "overlap"),
            **rivals,
        }
    )
    sort, kernel = best["sort"], best["kernel"]
    say("np.sort of the keys", sort)
    say("overlap_counts on arrays", kernel, sort, "of the sort; must be at most 4")
    say(
        "cooccurrence(unit='overlap') on a DataFrame",
        best["whole"],
        sort,
        "of the sort; at most 12",
    )
    size = int(table.memory_usage(deep=True).sum())
    tracemalloc.start()
    cooccurrence(Corpus(codings=table), "overlap")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"  peak memory {peak / 1e6:.0f} MB = {peak / size:.2f} x the input; must be under 3")
    for name in rivals:
        note = "same counts" if same[name] else "OTHER COUNTS"
        say(name, best[name], kernel, f"of the kernel; must be at least 10; {note}")


def alpha() -> None:
    import krippendorff

    print("nominal alpha, 1,000,000 units x 2 coders")
    generator = np.random.default_rng(2)
    table = generator.integers(0, 5, (1_000_000, 2)).astype(float)
    table[generator.random(table.shape) < 0.05] = np.nan
    turned = table.T
    best = race(
        {
            "ours": lambda: krippendorff_alpha(table),
            "theirs": lambda: krippendorff.alpha(
                reliability_data=turned, level_of_measurement="nominal"
            ),
        }
    )
    say("krippendorff_alpha", best["ours"])
    say("krippendorff", best["theirs"], best["ours"], "of ours; at least 8")


def exact_p() -> None:
    print("exact p, 4,950 pairs, 50 sources, 5,000 passages")
    generator = np.random.default_rng(4)
    held = [generator.random((100, N_CODES)) < generator.uniform(0.02, 0.2) for _ in range(50)]
    one, other = np.triu_indices(N_CODES, 1)
    whole = [each.astype(np.float32) for each in held]
    observed = sum(each.T @ each for each in whole).astype(int)[one, other]
    for null in ("shift", "shuffle"):

        def rearranged(null: str = null) -> None:
            for _ in range(20):
                total = np.zeros((N_CODES, N_CODES), dtype=np.float32)
                for each in whole:
                    order = generator.permutation(100)
                    if null == "shift":
                        order = np.roll(np.arange(100), generator.integers(100))
                    total += each.T @ each[order]
                _ = total[one, other] >= observed

        best = race(
            {
                "ours": lambda null=null: exact_tail(held, one, other, observed, null),
                "drawn": rearranged,
            }
        )
        say(f"exact_tail, {null}", best["ours"], note="must be under 3,000")
        say(
            "10,000 rearrangements (20 x 500)",
            best["drawn"].times(500),
            best["ours"],
            "of ours; at least 30",
        )


def growth() -> None:
    print("growth of overlap counts: time against spans + pairs")
    for n in (10_000, 100_000, 1_000_000, 10_000_000):
        columns = spans(n)
        pairs = int(overlap_counts(**columns, n_codes=N_CODES).sum())
        taken = race(
            {"ours": lambda columns=columns: overlap_counts(**columns, n_codes=N_CODES)}, 3
        )["ours"]
        say(
            f"{n:>10,} spans, {pairs:>11,} pairs",
            taken,
            note=f"{1e9 * taken.cpu / (n + pairs):.0f} ns of processor each",
        )


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--growth", action="store_true", help="only the table of growth")
    arguments.add_argument("--spans", type=int, default=1_000_000)
    chosen = arguments.parse_args()
    if chosen.growth:
        growth()
    else:
        overlaps(chosen.spans)
        alpha()
        exact_p()
