"""Entry point of the ``packsight`` command: answers ``--version`` at once, else runs the commands."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import sys
import threading

USUAL_COLLECTION = gc.get_threshold()
"""How often the interpreter looks for garbage by itself."""


def run() -> None:
    """Run the command line of this process and exit with its code."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from engine import __version__

        # When this fails, the commands below say so in words.
        with contextlib.suppress(OSError):
            if sys.stdout is not None:
                print(f"packsight {__version__}", flush=True)
                return
    # numpy starts a thread per core for linear algebra that is never used here; forking would then be unsafe.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Most commands end before there is garbage worth looking for; those that last put this back (``engine.cli.app``).
    gc.set_threshold(50_000, 50, 1000)
    from engine.cli.app import main
    from engine.cli.streams import hold_descriptors

    hold_descriptors()
    code = main(sys.argv[1:])
    # What is alive now ends with the process: looking for garbage in it takes a tenth of a second after a large scan.
    gc.freeze()
    _leave(code)


def _leave(code: int) -> None:
    """End the process, without taking its interpreter apart object by object where nobody could tell.

    Everything that was to be kept is closed by now. What was registered for the end is called, as it would be; while
    there are threads, or somebody looks on (a profiler, a debugger), the interpreter ends in its own way.
    """
    if threading.active_count() > 1 or sys.getprofile() or sys.gettrace():
        sys.exit(code)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        # A stream that takes nothing any more was complained about when it was written to.
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)
