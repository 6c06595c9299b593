"""Accuracy of intents against queries labelled by hand.

The labels are in ``tests/engine/rank/intents.toml``. Rules were tuned on one part of them; the other was only ever
counted. ``--misses`` names the misses of the tuned part. Exit code 1 when the promise (90 % of the held part) is
missed.
"""

from __future__ import annotations

import argparse
import time
import tomllib
from collections import Counter
from pathlib import Path

from engine.rank.intent import read_intent
from engine.rank.intent_rules import INTENTS

LABELS = Path(__file__).parent.parent / "tests" / "engine" / "rank" / "intents.toml"
WANTED = 0.90


def main() -> int:
    """Count, print, and say whether the promise is kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="name the misses of the tuned part")
    arguments = parser.parse_args()
    parts = tomllib.loads(LABELS.read_text("utf-8"))
    print(f"{'part':6}  {'queries':>7}  {'right':>5}  {'share':>6}  " + "  ".join(f"{name:>8}" for name in INTENTS))
    shares: dict[str, float] = {}
    for part, by_intent in parts.items():
        right: Counter[str] = Counter()
        seconds = -time.process_time()
        for label, queries in by_intent.items():
            for query in queries:
                found = read_intent(query)
                right[label] += found.name == label
                if arguments.misses and part == "tuned" and found.name != label:
                    print(f"  {label} read as {found.name} {found.confidence:.2f} {found.reasons}: {query[:90]!r}")
        seconds += time.process_time()
        number = sum(map(len, by_intent.values()))
        shares[part] = right.total() / number
        each = "  ".join(f"{right[name]:>4}/{len(by_intent[name]):<3}" for name in INTENTS)
        print(f"{part:6}  {number:>7}  {right.total():>5}  {shares[part]:>6.1%}  {each}")
        print(f"{'':6}  {seconds / number * 1000:.2f} ms a query")
    return int(shares["held"] < WANTED)


if __name__ == "__main__":
    raise SystemExit(main())
