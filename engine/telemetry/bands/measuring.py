"""From samples to a verdict for each tokenizer and model family.

The band holds ``share`` of the errors by their ranks, ``(n + 1) * (1 - share) / 2`` from either end, which promises the
share for the next count whatever the distribution is, as long as it stays the same (split conformal prediction). Means
and standard deviations would let one prompt that held something else decide.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.telemetry.bands.band import Band, BandKey
from engine.telemetry.bands.sample import Sample
from engine.telemetry.bands.settings import BandSettings

Floats = npt.NDArray[np.float64]
_EXACT = "exact"
_PLACES = 3


@dataclass(frozen=True, slots=True)
class Language:
    """Files of one language."""

    name: str
    samples: int
    middle: float
    """Median of provider's count / ours - 1."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of one tokenizer for one model family."""

    key: BandKey
    prompts: int
    """Whole prompts that counts were compared for."""
    texts: int
    """Texts within conversations."""
    left_out: int
    """Samples that were too short, or where something else was sent than was counted."""
    band: Band | None
    """None without any samples."""
    frame: int
    """Tokens around a text within a conversation, taken off before the error is."""
    languages: tuple[Language, ...]
    action: str
    """``apply``, ``keep``, ``wait``, ``refuse``, or ``exact`` where there is nothing to state."""
    why: str

    @property
    def samples(self) -> int:
        """Samples that count."""
        return self.prompts + self.texts


def measure(samples: Iterable[Sample], in_force: Mapping[BandKey, Band], rules: BandSettings) -> tuple[Measured, ...]:
    """Measure each group.

    Args:
        samples: Comparisons, in any order.
        in_force: Bands that were applied.
        rules: When a band is good enough.
    """
    groups: dict[BandKey, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(BandKey(sample.encoding, sample.method, sample.family), []).append(sample)
    return tuple(_measured(key, groups[key], in_force.get(key), rules) for key in sorted(groups))


def _measured(key: BandKey, found: list[Sample], before: Band | None, rules: BandSettings) -> Measured:
    newest = sorted(found, key=lambda one: one.at_us)[-rules.latest :]
    usable = [one for one in newest if _is_usable(one, rules)]
    counted = np.array([one.counted for one in usable], np.float64)
    sent = np.array([one.sent for one in usable], np.float64)
    texts = np.array([one.is_text for one in usable], np.bool_)
    frame = _frame(counted[texts], sent[texts], rules)
    errors = (sent - frame * texts) / counted - 1
    band = _band(errors, rules.share) if usable else None
    action, why = _verdict(key, band, errors, before, rules)
    return Measured(
        key,
        int(len(usable) - texts.sum()),
        int(texts.sum()),
        len(newest) - len(usable),
        band,
        frame,
        _languages(usable, errors, rules),
        action,
        why,
    )


def _is_usable(one: Sample, rules: BandSettings) -> bool:
    return one.counted >= rules.least_tokens and 1 / rules.most_ratio <= one.sent / one.counted <= rules.most_ratio


def _frame(counted: Floats, sent: Floats, rules: BandSettings) -> int:
    """Where the line through texts of all sizes meets size 0, by the median of slopes (Theil and Sen)."""
    if len(counted) < rules.least:
        return 0
    runs = counted[:, None] - counted[None, :]
    far = runs > rules.least_tokens
    if not far.any():
        return 0
    slope = float(np.median((sent[:, None] - sent[None, :])[far] / runs[far]))
    return round(min(max(0.0, float(np.median(sent - slope * counted))), rules.most_frame))


def _band(errors: Floats, share: float) -> Band:
    ranked = np.sort(errors)
    outside = max(1, math.floor((len(ranked) + 1) * (1 - share) / 2))
    scale = 10**_PLACES
    low, high = float(ranked[outside - 1]), float(ranked[len(ranked) - outside])
    # Outward, so that rounding takes nothing from the share.
    return Band(
        math.floor(low * scale) / scale,
        round(float(np.median(ranked)), _PLACES + 1),
        math.ceil(high * scale) / scale,
        len(ranked),
    )


def _verdict(
    key: BandKey, band: Band | None, errors: Floats, before: Band | None, rules: BandSettings
) -> tuple[str, str]:
    if band is None:
        return "wait", "no sample can be used"
    if key.method == _EXACT:
        return "exact", "an exact count has no error band; what is measured is what goes around the text"
    if band.samples < rules.least:
        return "wait", f"{rules.least - band.samples} more samples are needed"
    width = band.high - band.low
    if width > rules.widest:
        return "refuse", f"errors lie {width:.0%} apart: more than was counted went into the prompts"
    half = len(errors) // 2
    moved = abs(float(np.median(errors[half:]) - np.median(errors[:half])))
    if half and moved > max(rules.most_moved * width, 10.0**-_PLACES):
        return "refuse", f"the newer half lies {moved:.1%} from the older one"
    if before is not None and (before.low, before.high) == (band.low, band.high):
        return "keep", "in force"
    return "apply", f"{band.samples} samples"


def _languages(usable: list[Sample], errors: Floats, rules: BandSettings) -> tuple[Language, ...]:
    by_name: dict[str, list[float]] = {}
    for one, error in zip(usable, errors.tolist(), strict=True):
        if one.language:
            by_name.setdefault(one.language, []).append(error)
    return tuple(
        Language(name, len(found), round(float(np.median(found)), _PLACES + 1))
        for name, found in sorted(by_name.items())
        if len(found) >= rules.language
    )
