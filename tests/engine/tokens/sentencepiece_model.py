"""A SentencePiece model file written from the engine's vocabulary, for the independent library to read."""

from __future__ import annotations

import re
import struct

import splintr


def _number(value: int) -> bytes:
    data = b""
    while True:
        value, low = value >> 7, value & 0x7F
        data += bytes((low | 0x80 if value else low,))
        if not value:
            return data


def _field(number: int, kind: int, data: bytes) -> bytes:
    body = _number(len(data)) + data if kind == 2 else data
    return _number(number << 3 | kind) + body


def _piece(text: str, score: float, kind: int) -> bytes:
    return _field(1, 2, text.encode()) + _field(2, 5, struct.pack("<f", score)) + _field(3, 0, _number(kind))


def model(name: str) -> bytes:
    """Return a byte-pair model with byte fallback and a mark before the first word (Llama 2, Mistral)."""
    engine = splintr.Tokenizer.from_pretrained(name)
    special = {token: text for text, token in engine.special_tokens().items()}
    size = splintr.base_vocab_size(name)
    first_byte = next(
        at
        for at in range(size - 256)
        if at not in special
        and all(at + low not in special and engine.decode_token_bytes(at + low) == bytes((low,)) for low in (0, 1, 255))
    )
    data = b""
    for token in range(size):
        if token in special:
            piece = _piece(special[token], 0.0, 2 if token == 0 else 3)
        elif first_byte <= token < first_byte + 256:
            piece = _piece(f"<0x{token - first_byte:02X}>", 0.0, 6)
        else:
            text = engine.decode_token_bytes(token).decode().replace(" ", "\u2581")
            control = re.fullmatch(r"\[control_\d+\]", text) is not None
            # Runs of blanks merge last in the published files, whatever their number.
            score = -1e9 if not text.strip("\u2581") and len(text) > 1 else -float(token)
            piece = _piece(text, 0.0 if control else score, 3 if control else 1)
        data += _field(1, 2, piece)
    trainer = _field(3, 0, _number(2)) + _field(4, 0, _number(size)) + _field(35, 0, _number(1))
    normalizer = b"".join(_field(number, 0, _number(on)) for number, on in ((3, 1), (4, 0), (5, 1)))
    return data + _field(2, 2, trainer) + _field(3, 2, _field(1, 2, b"identity") + normalizer)
