"""Who works: one thread, or all cores."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor

import pandas as pd

# Fewer sources than this are cleaned sooner than workers have started.
_WORTH_WORKERS = 40


def executor_for(sources: pd.DataFrame) -> Executor:
    """Workers on all cores for many sources, one thread for few."""
    if len(sources) < _WORTH_WORKERS:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn"))
