"""JupyterLab itself, on a free port of this machine, closed to all but whoever has the token."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import nbformat
from browser import launch
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Locator, Page, expect

from analysis.explore import Explorer
from analysis.lifecycle.lab import OPTIONS
from analysis.study.folder import Study

# A machine that does other things besides takes longer than five seconds to show something.
expect.set_options(timeout=30_000)

PROJECT = Path(__file__).resolve().parents[1]
_QUIET = ["--no-browser", "--ServerApp.port_retries=0"]


class Lab:
    """A notebook that ran from top to bottom, and the study under it."""

    def __init__(self, page: Page, notebook: Path, study: Path, asked: list[str]) -> None:
        self.page, self.notebook, self.study, self.asked = page, notebook, study, asked
        self.explore = Explorer(Study.open(study, embargoed=True))

    @property
    def explorer(self) -> Locator:
        return self.page.locator(".explorer")

    @property
    def desk(self) -> Locator:
        return self.page.locator(".desk").first

    @property
    def passages(self) -> Locator:
        """What `explore.passages(start.query)` shows."""
        return self.page.locator(".jp-CodeCell").filter(has_text="explore.passages(start.query)")

    def grid(self, title: str) -> Locator:
        return self.page.locator(".gridded").filter(
            has=self.page.get_by_role("heading", name=title)
        )


@contextmanager
def opened(folder: Path, study: Path) -> Iterator[Lab]:
    """Every cell of the notebook run in a browser, over `study`."""
    with launch() as browser, running_lab(folder, study) as address:
        context = browser.new_context(viewport={"width": 1400, "height": 1400})
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        run_all(page)
        yield Lab(page, folder / "notebooks" / "explore.ipynb", study, asked)


def choose(explorer: Locator, number: int, code: str, operator: str = "") -> None:
    if number:
        explorer.get_by_role("button", name="Add another code").click()
    if operator:
        explorer.get_by_label("Operator").nth(number).select_option(operator)
    explorer.get_by_label("Code", exact=True).nth(number).select_option(code)


@contextmanager
def running_lab(
    folder: Path, study: Path, others: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Serve a copy of `notebooks/explore.ipynb` over `study`; yields its address with token.

    `others`: further notebooks of one cell each, name -> its code.
    """
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    shutil.copy(PROJECT / "notebooks" / "explore.ipynb", notebooks)
    for name, code in (others or {}).items():
        notebook = new_notebook(cells=[new_code_cell(code, id="0")])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(notebook, notebooks / f"{name}.ipynb")
    _want_no_news(folder / "jupyterlab_settings_dir")
    port, token = _free_port(), secrets.token_hex(16)
    own = {
        name: str(folder / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTER_RUNTIME_DIR",
            "IPYTHONDIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
        )
    }
    environment = os.environ | own | {"PYTHONPATH": str(PROJECT / "src"), "STUDY": str(study)}
    arguments = [
        *_QUIET,
        *OPTIONS,
        "--ip=127.0.0.1",
        f"--port={port}",
        f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={notebooks}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--allow-root")
    with (folder / "lab.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *arguments],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/api?token={token}", server, folder / "lab.log")
            yield f"http://127.0.0.1:{port}/lab/tree/explore.ipynb?token={token}"
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()


def run_all(page: Page, patience: float = 300) -> None:
    """Run every cell of the open notebook by its menu, and wait until all have a number."""
    page.locator(".jp-Notebook").wait_for(timeout=60_000)
    page.locator("#jp-main-statusbar").get_by_text("Idle").wait_for(timeout=60_000)
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).click()
    last = page.locator(".jp-CodeCell .jp-InputPrompt").last
    last.scroll_into_view_if_needed()
    end = time.monotonic() + patience
    while not last.inner_text().strip("[]: ").isdigit():
        assert time.monotonic() < end, "the notebook did not finish"
        page.wait_for_timeout(200)
    page.locator(".jp-Cell").first.scroll_into_view_if_needed()


def choose_theme(page: Page, name: str) -> None:
    """Another theme of JupyterLab, by its menu ('JupyterLab Dark')."""
    page.get_by_text("Settings", exact=True).first.click()
    page.locator(".lm-Menu-itemLabel").get_by_text("Theme", exact=True).hover()
    page.locator(".lm-Menu-itemLabel").get_by_text(name, exact=True).click()
    kind = str("Light" in name).lower()
    page.locator(f"body[data-jp-theme-light={kind}]").wait_for(state="attached")


def _want_no_news(settings: Path) -> None:
    """Answer JupyterLab's question beforehand, so that no notice lies over the page."""
    own = settings / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    own.parent.mkdir(parents=True)
    own.write_text('{"fetchNews": "false"}', encoding="utf-8")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(
    address: str, server: subprocess.Popen[bytes], log: Path, seconds: float = 60
) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"JupyterLab did not answer:\n{log.read_text(encoding='utf-8')}")
