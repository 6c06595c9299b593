"""Choose a level for each chunk so that the pack is worth most within a token budget.

In: columns of a scanned repository, relevance per chunk, class weights and shares, pins, excludes, and what the frame
of a pack costs (``Problem``). Out: one level per chunk with tokens, value and how far from optimal it can be
(``Solution``). This room does not see text, count tokens or render; the recount of the rendered pack is the truth.

The solver is loaded when it is first used: a request that is remembered needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.on_demand import names
from engine.pack.measure import class_quality, class_tokens, pack_quality, pack_value, used_tokens
from engine.pack.problem import Alternative, Frame, Problem, Solution
from engine.pack.stopping import stopping

if TYPE_CHECKING:
    from engine.pack.reasons import Reasons
    from engine.pack.solve import Solver
    from engine.pack.steps import Step

__all__ = [
    "Alternative",
    "Frame",
    "Problem",
    "Reasons",
    "Solution",
    "Solver",
    "Step",
    "class_quality",
    "class_tokens",
    "pack_quality",
    "pack_value",
    "stopping",
    "used_tokens",
]

__getattr__ = names(__name__, {"Reasons": "reasons", "Solver": "solve", "Step": "steps"})
