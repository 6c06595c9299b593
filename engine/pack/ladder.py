"""Optima at fixed prices, kept: a budget between two of them can only change the files in which the two differ."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass

from engine.columns import Floats
from engine.pack.evaluate import Modes, evaluate
from engine.pack.forest import Forest
from engine.pack.listing import Ranking, by_listing
from engine.pack.price import FREE
from engine.pack.problem import Levels

OCTAVE = 4
"""Rungs between a price and its double."""
LOWEST, HIGHEST = -40 * OCTAVE, 40 * OCTAVE
"""First and last rung; at the first everything that has a use is bought."""
REMEMBERED = 48
"""Rungs that are kept; at 100,000 chunks one takes about 0.3 MB."""
CUTS = 4
"""Forests without chunks below a price that are kept."""


@dataclass(frozen=True, slots=True)
class Rung:
    """The optimum at one price, under the number of listed files that seems best there."""

    price: float
    listed: int
    worth: Floats
    """Worth for each number of listed files, from the fewest."""
    mode: Modes
    cost: Floats
    value: Floats
    levels: Levels
    """(n,) of all chunks in the order of the layout, as if no file were omitted."""
    tokens: int
    """Tokens above the fixed ones."""


class Ladder:
    """Rungs, made when they are asked for."""

    def __init__(self, forest: Forest, ranking: Ranking, hint: int | None = None) -> None:
        """Args:
        forest: The whole repository.
        ranking: Its files by the core rule.
        hint: Rung to begin with; it changes the time the first search takes.
        """
        self.forest, self.ranking = forest, ranking
        self._known: OrderedDict[int, Rung] = OrderedDict()
        self._cuts: OrderedDict[int, Forest] = OrderedDict()
        self.hint = hint if hint is not None else self._density()

    def _density(self) -> int:
        gain, tokens = float(self.forest.gain[3].sum()), float(self.forest.files.open_cost.sum())
        return max(LOWEST, min(HIGHEST, round(OCTAVE * math.log2(max(gain, 1e-9) / max(tokens, 1.0)))))

    @property
    def usual_price(self) -> float:
        """A price at which something but not everything is bought."""
        return float(2.0 ** (self._density() / OCTAVE))

    def cut(self, price: float) -> Forest:
        """The forest without chunks that nothing from a price on shows."""
        octave = math.floor(math.log2(price))
        if octave in self._cuts:
            self._cuts.move_to_end(octave)
            return self._cuts[octave]
        whole = next((self._cuts[known] for known in sorted(self._cuts, reverse=True) if known < octave), self.forest)
        self._cuts[octave] = made = whole.only(None, 2.0**octave)
        if len(self._cuts) > CUTS:
            self._cuts.popitem(last=False)
        return made

    def at(self, step: int) -> Rung:
        """One rung."""
        if step in self._known:
            self._known.move_to_end(step)
            return self._known[step]
        price = FREE if step <= LOWEST else 2.0 ** (step / OCTAVE)
        forest, ranking, most = self.cut(price), self.ranking, len(self.ranking.core)
        worth = by_listing(forest, price, ranking, ranking.least, most)
        listed = ranking.least + int(worth.argmax())
        state = evaluate(forest, price, ranking.limit(listed), ranking.forced(forest, listed))
        levels = self.forest.base.copy()
        levels[forest.place] = state.levels
        rung = Rung(price, listed, worth, state.mode, state.cost, state.value, levels, state.tokens)
        self._known[step] = rung
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return rung

    def around(self, room: int) -> tuple[int, int] | None:
        """Two neighbouring rungs: the dearer fits into so many tokens, the cheaper does not.

        Returns:
            Their steps, dearer first; the same one twice when everything that has a use fits; None when nothing fits.
        """
        step = max(LOWEST, min(HIGHEST, self.hint))
        fits, over = HIGHEST + 1, LOWEST - 1
        while fits - over > 1:
            if step <= over or step >= fits:
                step = (fits + over) // 2
            rung = self.at(step)
            if rung.tokens <= room:
                fits = step
            else:
                over = step
            octaves = math.log2(max(rung.tokens, 1) / max(room, 1))
            stride = max(1, min(24, round(OCTAVE * abs(octaves) * 0.7)))
            step += stride if rung.tokens > room else -stride
        if fits > HIGHEST:
            return None
        self.hint = fits
        return fits, max(over, LOWEST)
