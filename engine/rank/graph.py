"""Who refers to whom: centrality of chunks in the graph of references to definitions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.columns import Floats, Ints
from engine.rank.settings import Settings, settings

Hashes = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Graph:
    """Identifiers as flat columns: one row per distinct identifier of a chunk."""

    define_chunk: Ints
    """(d,) row of the chunk that defines an identifier."""
    define_hash: Hashes
    """(d,) hash of the identifier."""
    refer_chunk: Ints
    """(r,) row of the chunk that uses an identifier."""
    refer_hash: Hashes
    """(r,) hash of the identifier."""


@dataclass(frozen=True, slots=True)
class Edges:
    """References resolved to chunks."""

    source: Ints
    """(e,) the chunk that refers."""
    target: Ints
    """(e,) the chunk that defines."""
    weight: Floats
    """(e,) share of the source's standing that goes to the target; sums to 1 per source."""


def edges(graph: Graph, rules: Settings | None = None) -> Edges:
    """Join references with definitions by hash.

    An identifier with several definitions is shared out evenly among them; one with too many is dropped, one that
    everything uses is damped, and a chunk never refers to itself.
    """
    rules = rules or settings()
    order = np.argsort(graph.define_hash, kind="stable")
    names = graph.define_hash[order]
    starts = np.flatnonzero(np.diff(names.astype(np.int64), prepend=-1))
    places = np.diff(starts, append=len(names))
    usable = places <= rules.most_definitions
    starts, places = starts[usable], places[usable]
    keys = names[starts]
    if not len(keys) or not len(graph.refer_hash):
        return _no_edges()
    at, found = _look_up(keys, graph.refer_hash)
    at, source = at[found], graph.refer_chunk[found]
    uses = np.bincount(at, minlength=len(keys))
    strength = 1.0 / (places * np.sqrt(np.maximum(1.0, uses / rules.common_references)))
    targets, sources, weights = [], [], []
    for number in range(int(places.max())):
        has = places[at] > number
        target = graph.define_chunk[order[starts[at[has]] + number]]
        other = target != source[has]
        targets.append(target[other])
        sources.append(source[has][other])
        weights.append(strength[at[has]][other])
    target, from_, weight = np.concatenate(targets), np.concatenate(sources), np.concatenate(weights)
    if not len(target):
        return _no_edges()
    total = np.bincount(from_, weights=weight)
    return Edges(from_.astype(np.int32), target.astype(np.int32), weight / total[from_])


def centrality(graph: Graph, chunks: int, rules: Settings | None = None) -> Floats:
    """(chunks,) standing of each chunk, mean 1: a random reader who follows references, and now and then jumps.

    Power iteration of PageRank (Brin and Page 1998); chunks that refer to nothing send their readers everywhere.
    """
    rules = rules or settings()
    links = edges(graph, rules)
    rank: Floats = np.ones(chunks, dtype=np.float64)
    if not len(links.source):
        return rank
    refers = np.zeros(chunks, dtype=np.bool_)
    refers[links.source] = True
    for _ in range(rules.rounds):
        flow = np.bincount(links.target, weights=rank[links.source] * links.weight, minlength=chunks)
        flow += rank[~refers].sum() / chunks
        rank = np.asarray((1.0 - rules.damping) + rules.damping * flow, dtype=np.float64)
    return np.asarray(rank / rank.mean(), dtype=np.float64)


def _look_up(keys: Hashes, wanted: Hashes) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Positions of ``wanted`` in the sorted ``keys``, through a table of their upper bits: a fifth of a search each."""
    bits = 16
    table = np.searchsorted(keys, (np.arange((1 << bits) + 1, dtype=np.uint64) << np.uint64(32 - bits)))
    bucket = (wanted >> np.uint32(32 - bits)).astype(np.intp)
    low, high = table[bucket], table[bucket + 1]
    padded = np.append(keys, np.uint32(0))
    at, found = low.copy(), np.zeros(len(wanted), dtype=np.bool_)
    open_rows = np.flatnonzero(low < high)
    while len(open_rows):
        hit = padded[at[open_rows]] == wanted[open_rows]
        found[open_rows[hit]] = True
        open_rows = open_rows[~hit]
        at[open_rows] += 1
        open_rows = open_rows[at[open_rows] < high[open_rows]]
    return at, found


def _no_edges() -> Edges:
    return Edges(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32), np.zeros(0))
