"""A second machine's cold scan, with a team's cache that a first one filled, against the same scan without."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Figure, Ran, packsight, run
from benchmarks.table import show


def main(words: Sequence[str] | None = None) -> list[Figure]:
    """Run it; ``--db`` names an empty database of a server."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks team", description=__doc__)
    parser.add_argument("--repo", type=Path, required=True)
    parser.add_argument("--db", required=True, metavar="URL")
    asked = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="packsight-team-") as folder:
        alone, _ = _scan(Path(folder, "alone"), asked.repo, "")
        first, gave = _scan(Path(folder, "first"), asked.repo, asked.db)
        second, took = _scan(Path(folder, "second"), asked.repo, asked.db)
    name = asked.repo.name
    found = [
        Figure(f"{name}: second machine, CPU", second.cpu_s, "s", "without a team", alone.cpu_s, at_most=0.5),
        Figure(f"{name}: second machine, wall", second.wall_s, "s", "without a team", alone.wall_s),
        Figure(f"{name}: first machine, CPU", first.cpu_s, "s", "without a team", alone.cpu_s, at_most=1.25),
        Figure(f"{name}: analyses taken", took["taken"], "", "sent by the first", gave["sent"], at_least=1.0),
    ]
    show("a team's cache", found)
    return found


def _scan(home: Path, repo: Path, db: str) -> tuple[Ran, dict[str, int]]:
    own = {f"PACKSIGHT_{which}_DIR": str(home / which.lower()) for which in ("CACHE", "DATA", "CONFIG")}
    ran = run([packsight(), "scan", repo, "--json", "-q"], {**own, "PACKSIGHT_DB": db})
    if ran.code:
        raise SystemExit(ran.errors.decode("utf-8", "replace"))
    shared: dict[str, int] = json.loads(ran.output).get("shared", {})
    return ran, shared


if __name__ == "__main__":
    main()
