"""Print how ``engine/tokens/catalog.toml`` differs from the price table inside a litellm wheel.

Usage: python benchmarks/catalog_from_litellm.py litellm-*.whl | model_prices.json

Get the wheel with ``pip download --no-deps litellm``. A difference is no error by itself: some figures were
corrected by hand (the table mixes up input limits and windows in places). It is what a person looks at before changing
the catalog.
"""

from __future__ import annotations

import argparse
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.model import Model
from engine.tokens import catalog

TABLE = "litellm/model_prices_and_context_window_backup.json"
PREFIXES = {
    "google": "gemini/",
    "mistral": "mistral/",
    "deepseek": "deepseek/",
    "alibaba": "dashscope/",
    "meta": "meta/",
    "xai": "xai/",
    "zhipu": "zai/",
    "moonshot": "moonshot/",
    "minimax": "minimax/",
    "amazon": "amazon-nova/",
    "perplexity": "perplexity/",
}
OTHER_NAMES = {
    "codellama-70b-instruct": "perplexity/codellama-70b-instruct",
    "llama-2-70b-chat": "perplexity/llama-2-70b-chat",
    "llama-3.1-8b-instruct": "perplexity/llama-3.1-8b-instruct",
    "gpt-oss-120b": "groq/openai/gpt-oss-120b",
    "gpt-oss-20b": "groq/openai/gpt-oss-20b",
    "claude-3-5-sonnet": "anthropic.claude-3-5-sonnet-20241022-v2:0",
    "mixtral-8x7b": "together_ai/mistralai/Mixtral-8x7B-Instruct-v0.1",
    "mixtral-8x22b": "nscale/mistralai/mixtral-8x22b-instruct-v0.1",
    "qwen3-235b-a22b": "deepinfra/Qwen/Qwen3-235B-A22B-Instruct-2507",
    "qwen2.5-coder-32b-instruct": "nscale/Qwen/Qwen2.5-Coder-32B-Instruct",
    "llama-4-maverick": "meta_llama/Llama-4-Maverick-17B-128E-Instruct-FP8",
    "llama-4-scout": "meta_llama/Llama-4-Scout-17B-16E-Instruct-FP8",
    "llama-3.3-70b-instruct": "cerebras/llama-3.3-70b",
    "minimax-m3": "minimax/MiniMax-M3",
    "minimax-m2.5": "minimax/MiniMax-M2.5",
    "minimax-m2": "minimax/MiniMax-M2",
    "nova-2-lite": "amazon.nova-2-lite-v1:0",
    "nemotron-3-super-120b-a12b": "nebius/nvidia/nemotron-3-super-120b-a12b",
    "nemotron-nano-3-30b": "nvidia.nemotron-nano-3-30b",
    "llama-3.1-nemotron-70b-instruct": "lambda_ai/llama3.1-nemotron-70b-instruct-fp8",
    "granite-4-h-small": "watsonx/ibm/granite-4-h-small",
}
FIELDS = {
    "max_input": "max_input_tokens",
    "max_output": "max_output_tokens",
    "price_in": "input_cost_per_token",
    "price_out": "output_cost_per_token",
    "price_cache_read": "cache_read_input_token_cost",
    "deprecation": "deprecation_date",
}


def table(path: Path) -> dict[str, dict[str, Any]]:
    """Read the price table from a wheel or from the file itself, numbers as they are written."""
    if path.suffix == ".whl":
        with zipfile.ZipFile(path) as wheel:
            text = wheel.read(TABLE).decode()
    else:
        text = path.read_text("utf-8")
    rows: dict[str, dict[str, Any]] = json.loads(text, parse_float=Decimal)
    return rows


def row(model: Model, rows: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    """Find the row of a model under the names the table may have for it."""
    for name in (OTHER_NAMES.get(model.id, ""), PREFIXES.get(model.provider, "") + model.id, model.id):
        if name in rows:
            return rows[name]
    return None


def theirs(found: dict[str, Any], field: str) -> Any:
    """Return a figure of a row in the unit of the catalog."""
    value = found.get(FIELDS[field])
    if field.startswith("price") and value is not None:
        return (Decimal(value) * 1_000_000).normalize()
    return value or ("" if field == "deprecation" else None)


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    rows = table(parser.parse_args().source)
    models = catalog().models
    same = 0
    for model in models:
        found = row(model, rows)
        if found is None:
            print(f"{model.id}: not in the table")
            continue
        lines = []
        for field in FIELDS:
            ours, other = getattr(model, field), theirs(found, field)
            if ours != other and not (ours is None and not other):
                lines.append(f"{model.id}: {field} {ours} here, {other} there")
        same += not lines
        for line in lines:
            print(line)
    print(f"{same} of {len(models)} models without a difference")


if __name__ == "__main__":
    main()
