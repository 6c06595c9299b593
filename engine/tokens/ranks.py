"""Rank tables for tiktoken without a network: from the token engine, from tiktoken's cache, from a person's file."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import tempfile
from pathlib import Path

from engine.errors import InputError
from engine.tokens.specs import Spec


def from_engine(name: str) -> dict[bytes, int]:
    """Read the ranks out of a vocabulary of the token engine, which holds them inside its wheel (0.2 s).

    Special tokens, the vendor's and the engine's own, are no ranks and are left out.
    """
    import splintr

    engine = splintr.Tokenizer.from_pretrained(name)
    special = set(engine.special_tokens().values())
    ranks: dict[bytes, int] = {}
    for token in range(splintr.base_vocab_size(name)):
        if token in special:
            continue
        try:
            piece = engine.decode_token_bytes(token)
        except ValueError:  # a gap in the numbering, where the vendor keeps special tokens
            continue
        if piece:
            ranks.setdefault(piece, token)
    return ranks


def serialise(ranks: dict[bytes, int]) -> bytes:
    """Write ranks in the published form: base64, blank, rank, one a line in order of rank."""
    ordered = sorted(ranks.items(), key=lambda item: item[1])
    return b"".join(base64.b64encode(piece) + b" %d\n" % rank for piece, rank in ordered)


def parse(data: bytes, where: str) -> dict[bytes, int]:
    """Read the published form.

    Raises:
        InputError: a line is not a base64 piece and a rank, or single bytes are missing.
    """
    ranks: dict[bytes, int] = {}
    for number, line in enumerate(data.splitlines(), 1):
        if not line:
            continue
        try:
            piece, rank = line.split()
            ranks[base64.b64decode(piece, validate=True)] = int(rank)
        except (ValueError, binascii.Error):
            raise InputError(f"{where}:{number}: not a rank line", "expected: base64 piece, blank, rank") from None
    missing = sum(bytes((byte,)) not in ranks for byte in range(256))
    if missing or len(set(ranks.values())) != len(ranks):
        problem = f"{missing} of the 256 single bytes are missing" if missing else "two pieces share a rank"
        raise InputError(f"{where}: no usable rank file, {problem}", "a .tiktoken file of a byte-level vocabulary")
    return ranks


def from_file(path: Path) -> dict[bytes, int]:
    """Read a rank file.

    Raises:
        InputError: the file cannot be read or is no rank file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot read the rank file: {error.strerror}") from None
    return parse(data, str(path))


def from_cache(spec: Spec) -> dict[bytes, int] | None:
    """Read the published rank file where tiktoken keeps what it once downloaded, if it is there and intact.

    tiktoken itself would delete a damaged file and go to the network; this never does either.
    """
    folder = os.environ.get("TIKTOKEN_CACHE_DIR") or os.environ.get("DATA_GYM_CACHE_DIR")
    path = Path(folder or Path(tempfile.gettempdir()) / "data-gym-cache") / spec.cache
    if not spec.cache or not path.is_file():
        return None
    data = path.read_bytes()
    return parse(data, str(path)) if hashlib.sha256(data).hexdigest() == spec.sha256 else None
