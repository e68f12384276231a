"""Notebook kernels that are forked from a process that has its imports behind it.

A kernel that starts as a fresh interpreter imports pandas and plotnine again: seconds, for each
notebook. A fork has them at once. It is an ordinary ipykernel in every other way.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
import time
import warnings
from importlib.metadata import EntryPoint
from typing import Any

from jupyter_client.provisioning import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from analysis.measures import UndefinedMeasure

PROVISIONER = "forking-provisioner"
# A kernel keeps no history, and runs or imports nothing that lies in the folder of a study.
_SETTINGS = (
    "--HistoryManager.enabled=False",
    "--InteractiveShellApp.ignore_cwd=True",
    "--InteractiveShellApp.exec_PYTHONSTARTUP=False",
)


def use_forked_kernels() -> None:
    """Let every kernel that this process starts from now on be a fork of it."""
    factory = KernelProvisionerFactory.instance()
    factory.provisioners[PROVISIONER] = EntryPoint(
        PROVISIONER,
        "analysis.pipeline.forked_kernel:ForkingProvisioner",
        KernelProvisionerFactory.GROUP_NAME,
    )
    factory.default_provisioner_name = PROVISIONER


class ForkedKernel:
    """A forked kernel process, with the part of `subprocess.Popen` that Jupyter asks for."""

    stdin = stdout = stderr = None

    def __init__(self, connection_file: str, folder: str | None) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.returncode: int | None = None
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _become_kernel(connection_file, folder, parent)

    def poll(self) -> int | None:
        """The exit status, below 0 for the signal that ended it; None while the kernel runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self) -> int | None:
        """Wait for the end, and return the exit status."""
        while self.poll() is None:
            time.sleep(0.01)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send the signal, unless the kernel has ended: its number may be another's by now."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the kernel."""
        self.send_signal(signal.SIGKILL)


class ForkingProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Starts a kernel by fork instead of by command; ports and files stay Jupyter's business."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        kernel = ForkedKernel(self.parent.connection_file, options.get("cwd"))
        self.process = kernel
        self.pid = self.pgid = kernel.pid
        return self.connection_info


def _end_with(parent: int) -> None:
    """End this kernel, and the workers that it started, soon after its parent has gone."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.killpg(os.getpid(), signal.SIGKILL)


def _become_kernel(connection_file: str, folder: str | None, parent: int) -> None:
    status = 1
    try:
        os.setsid()
        # A closed terminal ends the parent, not a session of its own. ipykernel would watch, but
        # asks who its parent is when it is imported: before the fork.
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
        if folder:
            os.chdir(folder)
        # What cells print goes to the notebook; the kernel's own greetings go nowhere.
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nowhere, stream)
        # The fork happens inside the parent's running event loop, which is not the kernel's.
        asyncio._set_running_loop(None)
        asyncio.set_event_loop(asyncio.new_event_loop())
        # A warning's place is a path of this machine: a published notebook says what, not where.
        warnings.formatwarning = lambda message, category, *_: f"{category.__name__}: {message}\n"
        # Once a place is once until anything else touches the filters: an import may do so, or not.
        warnings.simplefilter("always", UndefinedMeasure)
        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.clear_instance()
        kernel = IPKernelApp.instance()
        kernel.initialize(["-f", connection_file, *_SETTINGS])
        kernel.start()
        status = 0
    finally:
        os._exit(status)
