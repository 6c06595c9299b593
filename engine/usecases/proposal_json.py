"""A proposal as the JSON of ``packsight calibrate``: what the command prints is what screens draw."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from engine.budgets import Cell
from engine.telemetry.calibrate.backtest import name_of
from engine.telemetry.calibrate.proposals import Proposal
from engine.telemetry.calibrate.survival import Curve

_CURVE_POINTS = 120
"""Points of a curve that are printed; a screen has hardly more columns for it."""


def proposal_json(proposal: Proposal, target: float) -> dict[str, Any]:
    """Write a proposal; its curve is thinned to what can be drawn.

    Args:
        proposal: What is proposed.
        target: Share of calls that may be cut off; ``at_target`` is the length that this share of answers exceeds.
    """
    cell, at_target = proposal.cell, proposal.curve.quantile(target)
    return {
        "cell": name_of(cell),
        **Cell._asdict(cell),
        "current": proposal.current_tokens,
        "budget": proposal.budget_tokens,
        "action": proposal.action,
        "quantiles": {"p50": proposal.p50_tokens, "p90": proposal.p90_tokens, "p95": proposal.p95_tokens},
        "samples": proposal.samples,
        "truncated": proposal.cut,
        "truncated_interval": [round(bound, 5) for bound in proposal.cut_interval],
        "basis": proposal.basis,
        "parent": None if proposal.parent is None else name_of(proposal.parent),
        "parent_share": proposal.parent_share,
        "provisional": proposal.is_provisional,
        "drift": proposal.has_drifted,
        "projected": {
            "truncation": proposal.truncation,
            "truncation_interval": [round(bound, 5) for bound in proposal.truncation_interval],
            "reserved_per_used": proposal.reserved_per_used,
        },
        "now": {
            "truncation": proposal.current_truncation,
            "reserved_per_used": proposal.current_reserved_per_used,
        },
        "predicted": proposal.predicted_tokens,
        "at_target": math.ceil(at_target) if math.isfinite(at_target) else None,
        "curve": _thinned(proposal.curve),
        "cut_at": [list(pair) for pair in proposal.cuts[-_CURVE_POINTS:]],
        "longest": proposal.longest_tokens,
        "why": proposal.why,
    }


def _thinned(curve: Curve) -> list[list[float]]:
    """[length, share longer] of so many lengths, the first and the last among them; each length once."""
    # Of answers of one length the last step says how many are longer.
    ends = np.flatnonzero(np.append(np.diff(curve.lengths) > 0, True)[: len(curve.lengths)])
    kept = ends[np.unique(np.linspace(0, len(ends) - 1, min(len(ends), _CURVE_POINTS)).astype(np.int64))]
    return [[float(curve.lengths[at]), round(float(curve.survival[at]), 5)] for at in kept]
