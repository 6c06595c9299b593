"""What the app does about the collector of garbage while it opens a repository."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import gc, weakref
from tui.memory import hold_memory, settle_memory
usual = gc.get_threshold()
hold_memory()
assert gc.get_threshold() > usual
class Ring:
    pass
for number in range(2):  # another repository is opened later
    rings = [Ring() for _ in range(1000)]
    for ring in rings:
        ring.own = ring
    watched = weakref.ref(rings[0])
    settle_memory()
    assert gc.get_freeze_count() > 1000, "what is in use is out of the way"
    assert gc.get_threshold() == usual
    del ring, rings
    settle_memory()
    assert watched() is None, "what is garbage by now is given back"
"""


def test_what_was_built_is_out_of_the_way_and_what_a_repository_before_left_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
