"""The scan's JSON."""

from __future__ import annotations

from typing import Any

from engine.usecases.repository import Repository


def scan_report(repository: Repository) -> dict[str, Any]:
    """Plain data with the keys of the contract; paths with undecodable bytes keep them as surrogate escapes."""
    model, listing = repository.model, repository.listing
    return {
        "root": str(listing.root),
        "kind": listing.kind,
        "revision": listing.revision,
        "model": model.id,
        "encoding": model.encoding,
        "method": model.method.value,
        "error_band": list(model.error_band),
        "band_source": model.band_source,
        "context_window": model.context_window,
        **repository.summary,
        "skipped": [{"path": item.path, "reason": item.reason} for item in repository.skipped],
        "cache": {"hits": repository.hits, "misses": repository.misses},
        "seconds": {phase: round(spent_s, 4) for phase, spent_s in repository.seconds.items()},
    }
