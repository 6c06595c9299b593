"""What a pack's frame costs, remembered with the state of the repository: thousands of paths to count."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any

import msgpack
import numpy as np

from engine.plugins import installed, version_of
from engine.render import FormatName, FrameCosts, frame_costs
from engine.tokens.protocol import Tokenizer
from engine.usecases.repository import Repository


def costs_of(
    repository: Repository,
    format_name: FormatName,
    title: str,
    counter: Callable[[], Tokenizer],
    samples: Callable[[], Sequence[tuple[int, str]]],
) -> FrameCosts:
    """Count the frame of a pack of this repository, or recall it.

    Args:
        repository: An opened repository.
        format_name: The output format.
        title: Name of the repository in the pack.
        counter: Gives the model's tokenizer; called only when needed.
        samples: Gives texts, each with its class, on which formats that escape text measure what that costs; called
            only when needed.
    """
    revision = repository.listing.revision[:12]
    place = f"{repository.place} frame {format_name}"
    state = hashlib.blake2b(repository.digest, digest_size=16)
    state.update(f"{title}\0{revision}".encode("utf-8", "replace"))
    state.update(version_of(installed("packsight.formats")))
    digest = state.digest()
    kept = repository.cache.snapshot(place, digest)
    if kept is not None:
        return FrameCosts(*map(_read, msgpack.unpackb(kept)))
    columns, _ = repository.columns()
    chosen = samples() if format_name not in ("xml", "markdown", "plain") else ()
    costs = frame_costs(
        columns,
        format_name,
        counter().count_many,
        title=title,
        revision=revision,
        samples=[text for _, text in chosen],
        sample_classes=[number for number, _ in chosen],
    )
    written = [_written(getattr(costs, field.name)) for field in fields(FrameCosts)]
    repository.cache.keep_snapshot(place, digest, msgpack.packb(written))
    return costs


def _written(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [value.dtype.str, value.tobytes()]
    return {"tuple": list(value)} if isinstance(value, tuple) else value


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return np.frombuffer(value[1], value[0])
    return tuple(value["tuple"]) if isinstance(value, dict) else value
