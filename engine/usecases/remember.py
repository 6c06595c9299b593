"""Remembers which levels a request came to: the same request on the same state needs no search.

Only the choice is kept, never the text: the text is rendered and recounted each time.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import astuple

import msgpack
import numpy as np

from engine.pack import Problem, Solution
from engine.request import Tuning
from engine.usecases.repository import Repository


class Memory:
    """The remembered solution of one request on one state of a repository."""

    def __init__(
        self, repository: Repository, budget_tokens: int, tuning: Tuning, problem: Problem, format_name: str
    ) -> None:
        asked = repr((budget_tokens, format_name, astuple(tuning), sorted(problem.weights.items())))
        digest = hashlib.blake2b(repository.digest + repository.listing.revision.encode(), digest_size=16)
        digest.update(problem.relevance.tobytes())
        digest.update(problem.pin_levels().tobytes())
        self._cache = repository.cache
        self._place = f"{repository.place} pack {hashlib.blake2b(asked.encode(), digest_size=12).hexdigest()}"
        self._digest = digest.digest()
        self._chunks = problem.columns.chunks

    def recall(self) -> Solution | None:
        """The solution, if this was asked before."""
        kept = self._cache.snapshot(self._place, self._digest)
        if kept is None:
            return None
        budget_tokens, levels, est_used, value, bound, cut, quality = msgpack.unpackb(zlib.decompress(kept))
        chosen = np.frombuffer(levels, np.int8)
        if len(chosen) != self._chunks:
            return None
        return Solution(budget_tokens, chosen, est_used, value, bound, cut, quality)

    def keep(self, solution: Solution) -> None:
        """Remember a solution."""
        fields = [
            solution.budget_tokens,
            np.ascontiguousarray(solution.levels, np.int8).tobytes(),
            int(solution.est_used),
            float(solution.value),
            float(solution.bound),
            float(solution.cut),
            float(solution.quality),
        ]
        self._cache.keep_snapshot(self._place, self._digest, zlib.compress(msgpack.packb(fields), 1))
