"""A second machine's cold scan, with a team's cache that a first one filled, against the same scan without."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measure import Figure, Ran, packsight, run
from benchmarks.table import show

_WORK_S = 5.0
"""CPU time of a cold scan from which on sharing it is promised to be worth what the database's client costs."""


def main(words: Sequence[str] | None = None) -> list[Figure]:
    """Run it, with a server of its own unless ``--db`` names an empty database of one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks team", description=__doc__)
    parser.add_argument("--repos", type=Path, nargs="+", required=True, metavar="DIR")
    parser.add_argument("--db", metavar="URL")
    asked = parser.parse_args(words)
    if asked.db:
        found = [figure for repo in asked.repos for figure in _figures(repo, asked.db)]
    else:
        from tests.engine.store.postgresql import NotHere, empty_database, started_server

        try:
            with started_server() as server:
                found = [one for repo in asked.repos for one in _figures(repo, empty_database(server, "team"))]
        except NotHere as error:
            raise SystemExit(f"{error}, or --db URL") from error
    show("a team's cache", found)
    return found


def _figures(repo: Path, db: str) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="packsight-team-") as folder:
        alone, _ = _scan(Path(folder, "alone"), repo, "")
        first, gave = _scan(Path(folder, "first"), repo, db)
        second, took = _scan(Path(folder, "second"), repo, db)
    name, is_work = repo.name, alone.cpu_s >= _WORK_S
    return [
        Figure(
            f"{name}: second machine, CPU",
            second.cpu_s,
            "s",
            "without a team",
            alone.cpu_s,
            at_most=0.5 if is_work else None,
        ),
        Figure(f"{name}: second machine, wall", second.wall_s, "s", "without a team", alone.wall_s),
        Figure(
            f"{name}: first machine, CPU",
            first.cpu_s,
            "s",
            "without a team",
            alone.cpu_s,
            at_most=1.5 if is_work else None,
        ),
        Figure(f"{name}: analyses taken", took["taken"], "", "sent by the first", gave["sent"], at_least=1.0),
    ]


def _scan(home: Path, repo: Path, db: str) -> tuple[Ran, dict[str, int]]:
    own = {f"PACKSIGHT_{which}_DIR": str(home / which.lower()) for which in ("CACHE", "DATA", "CONFIG")}
    ran = run([packsight(), "scan", repo, "--json", "-q"], {**own, "PACKSIGHT_DB": db})
    if ran.code:
        raise SystemExit(ran.errors.decode("utf-8", "replace"))
    shared: dict[str, int] = json.loads(ran.output).get("shared", {})
    return ran, shared


if __name__ == "__main__":
    main()
