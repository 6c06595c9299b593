"""Secrets made by a seed; no value stands in the source."""

from __future__ import annotations

import random
import string

ALNUM = string.ascii_letters + string.digits


def random_text(number: int, alphabet: str = ALNUM, seed: int = 1) -> str:
    dice = random.Random(f"{seed} {number} {alphabet}")
    return "".join(dice.choice(alphabet) for _ in range(number))


def github(seed: int = 1) -> str:
    return "ghp" + "_" + random_text(36, seed=seed)


def private_key(end: str = "\n") -> str:
    lines = [random_text(64, seed=number) for number in range(6)]
    return end.join(["-----BEGIN RSA PRIVATE" + " KEY-----", *lines, "-----END RSA PRIVATE" + " KEY-----", ""])
