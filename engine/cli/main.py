"""Entry point of the ``packsight`` command: answers ``--version`` at once, else runs the commands."""

from __future__ import annotations

import contextlib
import gc
import os
import sys


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
    from engine.cli.app import main
    from engine.cli.streams import hold_descriptors

    hold_descriptors()
    code = main(sys.argv[1:])
    # What is alive now ends with the process: looking for garbage in it takes a tenth of a second after a large scan.
    gc.freeze()
    sys.exit(code)
