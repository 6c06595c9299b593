"""Remembers which levels a request came to, and what their text cost: the same request needs no search.

The text itself is not kept but rendered each time; its count is believed when it is the very text that was counted, by
the tokenizer that would count it now.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import astuple

import msgpack
import numpy as np

from engine.pack.problem import Problem, Solution
from engine.request import Tuning
from engine.scan.version import packer_version
from engine.tokens import counting_version
from engine.usecases.repository import Repository


class Memory:
    """The remembered solution of one request on one state of a repository."""

    def __init__(
        self, repository: Repository, budget_tokens: int, tuning: Tuning, problem: Problem, format_name: str
    ) -> None:
        asked = repr((budget_tokens, format_name, astuple(tuning), sorted(problem.weights.items())))
        digest = hashlib.blake2b(repository.digest + packer_version(), digest_size=16)
        digest.update(repository.listing.revision.encode())
        digest.update(problem.relevance.tobytes())
        digest.update(problem.pin_levels().tobytes())
        self._cache = repository.cache
        self._place = f"{repository.place} pack {hashlib.blake2b(asked.encode(), digest_size=12).hexdigest()}"
        self._digest = digest.digest()
        self._chunks = problem.columns.chunks
        self._encoding = repository.model.encoding
        self._counted: tuple[bytes, int] | None = None

    def recall(self) -> Solution | None:
        """The solution, if this was asked before."""
        kept = self._cache.snapshot(self._place, self._digest)
        if kept is None:
            return None
        budget_tokens, levels, est_used, value, bound, cut, quality, text, actual = msgpack.unpackb(
            zlib.decompress(kept)
        )
        chosen = np.frombuffer(levels, np.int8)
        if len(chosen) != self._chunks:
            return None
        self._counted = text, actual
        return Solution(budget_tokens, chosen, est_used, value, bound, cut, quality)

    def count_of(self, text: str) -> int | None:
        """Tokens of a text, if it is the one that was counted for the solution recalled."""
        return self._counted[1] if self._counted is not None and self._name(text) == self._counted[0] else None

    def keep(self, solution: Solution, text: str, actual_tokens: int) -> None:
        """Remember a solution and what its text costs."""
        fields = [
            solution.budget_tokens,
            np.ascontiguousarray(solution.levels, np.int8).tobytes(),
            int(solution.est_used),
            float(solution.value),
            float(solution.bound),
            float(solution.cut),
            float(solution.quality),
            self._name(text),
            actual_tokens,
        ]
        self._cache.keep_snapshot(self._place, self._digest, zlib.compress(msgpack.packb(fields), 1))

    def _name(self, text: str) -> bytes:
        named = hashlib.blake2b(counting_version(self._encoding), digest_size=16)
        named.update(text.encode("utf-8", "surrogatepass"))
        return named.digest()
