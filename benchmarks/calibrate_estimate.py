"""Print the figures of ``engine/tokens/estimate.toml``.

Usage: python benchmarks/calibrate_estimate.py CORPUS_DIR... [--vocabulary NAME=FILE]...

CORPUS_DIR are checkouts of real repositories, translations included. FILE is a tokenizer.json or a .tiktoken rank
file (a rank file is read with the expression of o200k) of a vocabulary that the package does not carry; each one gives
a table ``estimate-NAME`` with factors fitted to it and the band that 95 % of the files were in. The table ``estimate``
is for vocabularies that nobody can look into: there is nothing to calibrate on, so its factors are the middle of the
known published vocabularies and its band is how far apart those are. Claude's recovered vocabularies are printed
too, but are too far off to be a guide to others.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.tokens import tokenizer
from engine.tokens.estimate import _BEYOND_ASCII, _CJK
from engine.tokens.ranks import from_file

KNOWN = ("o200k_base", "cl100k_base", "llama3", "deepseek_v3", "glm4", "kimi_k2", "qwen3", "tekken", "gemma3")
RECONSTRUCTED = ("claude-3", "claude-4.7")
GENERATIONS = (
    ("cl100k_base", "o200k_base"),
    ("mistral_v2", "tekken"),
    ("gemma3", "gemma4"),
    ("claude-3", "claude-4.7"),
)
OLDER = ("mistral_v2", "gemma4")
SUFFIXES = frozenset(
    ".py .js .ts .rs .go .java .c .h .md .rst .txt .toml .yml .json .html .css .po .xml".split()  # noqa: SIM905
)
PER_SUFFIX = 40
PER_SUFFIX_TRANSLATED = 400
TRANSLATED = {".po", ".xml"}
LEAST_CHARS, MOST_CHARS = 1_000, 60_000
Floats = npt.NDArray[np.float64]


def corpus(folders: list[Path]) -> list[str]:
    """Read files of each suffix from each folder, spread evenly over its sorted paths; more where translations are."""
    texts: list[str] = []
    for folder in folders:
        by_suffix: dict[str, list[Path]] = {}
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES and path.is_file() and ".git" not in path.parts:
                by_suffix.setdefault(path.suffix, []).append(path)
        for suffix, paths in by_suffix.items():
            most = PER_SUFFIX_TRANSLATED if suffix in TRANSLATED else PER_SUFFIX
            for path in paths[:: max(1, len(paths) // most)][:most]:
                text = path.read_bytes().decode("utf-8", "replace")[:MOST_CHARS]
                if len(text) >= LEAST_CHARS:
                    texts.append(text)
    return texts


def features(texts: list[str]) -> Floats:
    """Return files × (o200k tokens, CJK characters, other characters beyond ASCII)."""
    exact = tokenizer("o200k_base").count_many(texts)
    cjk = [len(_CJK.findall(text)) for text in texts]
    other = [len(_BEYOND_ASCII.findall(text)) - many for text, many in zip(texts, cjk, strict=True)]
    return np.array([exact, cjk, other], dtype=float).T


def fit(columns: Floats, true: Floats) -> Floats:
    """Fit the three factors by least squares of the relative error."""
    return np.linalg.lstsq(columns / true[:, None], np.ones(len(true)), rcond=None)[0]


def print_table(name: str, factors: Floats, errors: Floats, basis: str) -> None:
    """Print one table of the data file; ``errors`` are true/estimate − 1."""
    low, high = np.percentile(errors, [2.5, 97.5])
    print(f'["{name}"]\nbase = "o200k_base"')
    for key, value in zip(("per_token", "per_cjk", "per_other"), factors, strict=True):
        print(f"{key} = {value:.3f}")
    print(f"error_band = [{low:.2f}, {high:.2f}]\nbasis = {basis!r}\n".replace("'", '"'))


def opened(file: Path) -> Callable[[str], int]:
    """Return a counter for a vocabulary file."""
    if file.suffix == ".json":
        import splintr

        engine = splintr.from_json(str(file))
        return lambda text: len(engine.encode_raw(text))
    import tiktoken

    from engine.tokens.specs import built_in

    reference = tiktoken.Encoding(
        file.stem, pat_str=built_in()["o200k_base"].pattern, mergeable_ranks=from_file(file), special_tokens={}
    )
    return lambda text: len(reference.encode_ordinary(text))


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="+", type=Path)
    parser.add_argument("--vocabulary", action="append", default=[], metavar="NAME=FILE")
    options = parser.parse_args()
    texts = corpus(options.corpus)
    columns = features(texts)
    where = f"{len(texts)} files, {sum(map(len, texts)) / 1e6:.1f} M characters"
    fits: dict[str, tuple[Floats, Floats]] = {}
    for name in (*KNOWN, *OLDER, *RECONSTRUCTED):
        try:
            true = np.array(tokenizer(name).count_many(texts), dtype=float)
        except ImportError:
            print(f"# {name}: not there", file=sys.stderr)
            continue
        fits[name] = (true, fit(columns, true))
        print(f"# {name}: total {true.sum() / columns[:, 0].sum():.3f} of o200k", fits[name][1].round(3))
    published = np.array([fits[name][1] for name in KNOWN])
    middle = (published.min(0) + published.max(0)) / 2
    pooled = np.concatenate([fits[name][0] / (columns @ middle) - 1 for name in KNOWN])
    print_table(
        "estimate", middle, pooled, f"spread of {len(KNOWN)} published vocabularies over {where}; not calibrated"
    )
    print("# one generation of a vendor's vocabulary to the next, as a share of the older one's count")
    for old, new in GENERATIONS:
        print(f"#   {old} -> {new}: {fits[new][0].sum() / fits[old][0].sum() - 1:+.3f}")
    for pair in options.vocabulary:
        name, _, file = pair.partition("=")
        size = opened(Path(file))
        true = np.array([size(text) for text in texts], dtype=float)
        factors = fit(columns, true)
        errors = true / (columns @ factors) - 1
        print_table(
            f"estimate-{name}", factors, errors, f"fitted to the published vocabulary over {where}; 95 % of files"
        )


if __name__ == "__main__":
    main()
