"""``python -m benchmarks``: quick figures in one table; ``python -m benchmarks NAME …``: one benchmark in full."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from benchmarks.measure import Figure
from benchmarks.sample import repository
from benchmarks.table import show

NAMES = {
    "scan": ("scan", "cold and warm scan and pack of checkouts, against git and repomix: --repos DIR…"),
    "memory": ("memory", "peak memory of the same: --repos DIR…"),
    "tokens": ("tokens", "speed and exactness of every encoding, against tiktoken"),
    "startup": ("startup", "start-up, against an interpreter that imports three modules"),
    "pack": ("pack_budgets", "budgets × models × formats: over budget, share used: [--repos DIR…]"),
    "robust": ("robust", "10,000 random and 200 nested files"),
    "fuzz": ("fuzz", "spoiled input for all readers of input, 1,000,000 cases: [--target NAME] [--minutes M]"),
    "killed": ("killed", "kill -9 of a cold scan, 50 times: [--repo DIR]"),
    "watch": ("watch", "editor stream: from a key to its count, against counting the whole text"),
    "repack": ("repack_latency", "budget moved and solved again, at 1k, 10k and 100k chunks"),
    "app": ("app", "first frame, keypress to repaint, scrolling, filtering, memory of the app: --repo DIR"),
    "recall": ("edit_recall", "lines that real commits changed, in packs for their messages: --repos DIR…"),
    "search": ("search", "from a query to the packed result, warm; what the index adds to a cold scan: --repos DIR…"),
    "weights": ("rank_weights", "numbers of the ranking, each moved alone, on edits of real commits: --repos DIR…"),
    "optimum": ("pack_optimum", "value of packs, against the exact optimum"),
    "pictures": ("pictures", "the pictures of the README, by the real app on a repository: [--repo DIR]"),
    "classes": ("classify_accuracy", "accuracy of classes, against labels made by hand: --repos DIR"),
    "intents": ("intents", "accuracy of intents of queries, against labels made by hand: [--misses]"),
    "secrets": ("secrets", "recall, precision and cost of finding secrets: [--each N] [--repos DIR…] [--misses]"),
    "team": ("team", "second machine's cold scan with a team's cache, against without: --repos DIR… [--db URL]"),
    "telemetry": ("telemetry", "a million recorded calls: lists, filters, reports; replay of a trace: [--trace FILE]"),
    "import": ("telemetry_import", "import of Claude Code logs, against json.loads of every line: [--logs DIR]"),
    "soak": ("soak", "hours of use in minutes: changes on disk, 10,000 repacks, 1,000 models; what grows, what stays"),
    "licences": ("licences", "the page of licences of everything that is installed, from metadata"),
    "estimate": ("calibrate_estimate", "factors of estimated encodings, from a corpus: DIR…"),
    "catalog": ("catalog_from_litellm", "prices and windows of the catalog, against a published table: FILE"),
}
"""Module and description of every benchmark by the name it is called by."""


def quick() -> list[Figure]:
    """Run everything that needs no checkout, in short form, on a repository made by code."""
    from benchmarks import killed, pack_budgets, robust, scan, startup, tokens

    with tempfile.TemporaryDirectory(prefix="packsight-bench-") as folder:
        root = repository(Path(folder))
        found = startup.main(["--runs", "7"])
        found += scan.main(["--repos", str(root), "--runs", "1"])
        found += tokens.main(["--megabytes", "1", "--encodings", "o200k_base", "cl100k_base", "qwen3", "claude-4.7"])
        found += pack_budgets.main(["--repos", str(root), "--budgets", "4000", "64000", "--models", "gpt-5"])
        found += robust.main(["--random", "300", "--nested", "60"])
        found += killed.main(["--repo", str(root), "--times", "4"])
    return found


def main() -> int:
    """Run one benchmark, or the quick ones; 1 when a promise of a quick one is missed."""
    words = sys.argv[1:]
    if words and words[0] in NAMES:
        module = f"benchmarks.{NAMES[words[0]][0]}"
        if find_spec(module) is None:
            print(f"{module} is not in this checkout", file=sys.stderr)
            return 2
        sys.argv = [f"benchmarks {words[0]}", *words[1:]]
        outcome = import_module(module).main()
        return outcome if isinstance(outcome, int) else 0
    listing = "\n".join(f"  {name:9} {about}" for name, (_, about) in NAMES.items())
    if words:
        print(f"usage: python -m benchmarks [NAME [OPTION…]]\n\n{__doc__}\n\n{listing}")
        return 0 if words[0] in ("-h", "--help") else 2
    found = quick()
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    show(f"packsight, {machine}, {date.today().isoformat()}", found)
    print(f"\nmore: python -m benchmarks NAME --help\n{listing}")
    return int(any(figure.kept is False for figure in found))


if __name__ == "__main__":
    sys.exit(main())
