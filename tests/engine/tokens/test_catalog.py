"""The catalog: what it holds, how models are found, what a person's file changes, and what errors say."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.model import Method, Model
from engine.tokens import catalog, encodings, tokenizer

SHIPPED = catalog()


def written(folder: Path, text: str) -> Path:
    path = folder / "models.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("model", SHIPPED.models, ids=lambda model: model.id)
def test_every_entry_makes_sense(model: Model) -> None:
    assert model.encoding in encodings()
    assert 0 < model.max_input <= model.context_window
    assert 0 < model.max_output <= model.context_window
    assert model.provider == model.provider.lower()
    assert model.claim
    assert model.source
    assert date.fromisoformat(model.as_of)
    assert not model.deprecation or date.fromisoformat(model.deprecation)
    prices = (model.price_in, model.price_out, model.price_cache_read)
    assert all(price is None or Decimal(0) < price < 1000 for price in prices)
    if model.price_in is not None and model.price_out is not None:
        assert model.price_in <= model.price_out
        assert model.price_cache_read is None or model.price_cache_read < model.price_in
    limits = [tier.above_tokens for tier in model.price_tiers]
    assert limits == sorted(limits)
    low, high = model.error_band
    assert low <= 0 <= high
    assert (low < 0 < high) == (model.method is Method.ESTIMATE)


def test_vendors_and_names() -> None:
    assert len({model.provider for model in SHIPPED.models}) >= 10
    names = [name.lower() for model in SHIPPED.models for name in (model.id, *model.aliases)]
    assert len(names) == len(set(names))


def test_every_encoding_of_the_catalog_counts() -> None:
    for name in {model.encoding for model in SHIPPED.models}:
        assert tokenizer(name).count("def f(x):\n    return x\n") > 5


@pytest.mark.parametrize(
    ("name", "encoding", "method"),
    [
        ("gpt-4o", "o200k_base", Method.EXACT),
        ("GPT-4", "cl100k_base", Method.EXACT),
        ("openai/gpt-oss-120b", "o200k_harmony", Method.EXACT),
        ("claude-sonnet-4-6", "claude-3", Method.RECONSTRUCTED),
        ("claude-opus-4-7", "claude-4.7", Method.RECONSTRUCTED),
        ("claude-opus-4-8", "claude-5", Method.RECONSTRUCTED),
        ("claude-fable-5-1", "claude-5", Method.RECONSTRUCTED),
        ("anthropic/Claude-Opus-5.5", "claude-5", Method.RECONSTRUCTED),
        ("gemini-2.5-pro", "gemma3", Method.EXACT),
        ("deepseek-v4-pro", "deepseek_v3", Method.EXACT),
        ("gpt-6-astra", "o200k_base", Method.ESTIMATE),
        ("grok-4.7", "estimate", Method.ESTIMATE),
    ],
)
def test_names_lead_to_encodings(name: str, encoding: str, method: Method) -> None:
    found = SHIPPED.find(name)
    assert (found.encoding, found.method) == (encoding, method)


def test_an_unknown_model_names_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        SHIPPED.find("claude-opos-5-5")
    assert "claude-opos-5-5" in caught.value.message
    assert "claude-opus-5-5" in caught.value.hint
    with pytest.raises(InputError) as caught:
        SHIPPED.find("")
    assert caught.value.exit_code == 3


def test_room_keeps_the_output_free() -> None:
    shared, apart = SHIPPED.find("claude-opus-5-5"), SHIPPED.find("gpt-5")
    assert shared.room(64_000) == 936_000
    assert shared.room() == 1_000_000
    assert apart.room(1_000) == 272_000
    assert apart.room(200_000) == 200_000
    assert apart.room(900_000) == 0


def test_a_file_overrides_and_extends(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '[[model]]\nid = "GPT-4o"\nprice_in = 1.5\n\n'
        '[[model]]\nid = "mine"\naliases = ["my-model"]\nprovider = "me"\ncontext_window = 8192\nmax_output = 1024\n'
        'encoding = "llama3"\nas_of = 2026-01-02\n\n'
        '[[model]]\nid = "grok-4.7"\ntokens = "o200k"\n',
    )
    mine = catalog([path])
    changed = mine.find("gpt-4o")
    assert (changed.price_in, changed.price_out) == (Decimal("1.5"), Decimal(10))
    assert changed.source == str(path)
    own = mine.find("MY-MODEL")
    assert (own.max_input, own.encoding, own.method, own.as_of) == (8192, "llama3", Method.EXACT, "2026-01-02")
    assert own.price_in is None
    assert str(path) in own.claim
    assert mine.find("grok-4.7").method is Method.EXACT
    assert len(mine.models) == len(SHIPPED.models) + 1
    assert SHIPPED.find("gpt-4o").price_in == Decimal("2.5")


ENTRY = '[[model]]\nid = "m"\nprovider = "p"\ncontext_window = 10\nmax_output = 5\nencoding = "llama3"\n'


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[[model]\n", "not TOML", ""),
        ("[[models]]\nid = 1\n", "'models'", "model"),
        ("model = 3\n", "model", "[[model]]"),
        ('[[model]]\nname = "x"\n', "no id", ""),
        ("[[model]]\nid = 7\n", "no id", ""),
        (ENTRY + "contxt_window = 5\n", "contxt_window", "context_window"),
        (ENTRY.replace("10", '"10"'), "context_window", "whole number"),
        (ENTRY.replace("10", "-10"), "context_window", "whole number"),
        (ENTRY + "price_in = -1\n", "price_in", "at least 0"),
        (ENTRY + 'price_in = "free"\n', "price_in", "number"),
        (ENTRY + "price_tiers = [[1, 2]]\n", "price_tiers", "list of"),
        (ENTRY + "error_band = [0.5, 0.1]\n", "error_band", "two numbers"),
        (ENTRY + 'aliases = "x"\n', "aliases", "list"),
        (ENTRY + 'method = "exakt"\n', "exakt", "exact"),
        (ENTRY.replace("llama3", "lama3"), "lama3", "llama3"),
        (ENTRY + 'tokens = "o200"\n', "o200", "o200k"),
        (ENTRY.replace("max_output = 5\n", ""), "max_output", ""),
        ('[[encoding]]\nname = "e"\n', "ranks", ".tiktoken"),
        ('[[encoding]]\nname = "e"\nranks = "no.tiktoken"\npattern = "."\n', "no.tiktoken", ""),
        ('[[encoding]]\nname = "e"\nranks = "x"\npattern = "."\ncuts = "line"\n', "line", "lines"),
        ('[[encoding]]\nname = "e"\npatern = "."\n', "patern", "pattern"),
    ],
)
def test_errors_name_file_key_and_nearest(tmp_path: Path, text: str, message: str, hint: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError) as caught:
        catalog([path])
    assert str(path) in caught.value.message
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert "\n" not in caught.value.hint


def test_a_missing_or_binary_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        catalog([tmp_path / "none.toml"])
    (tmp_path / "models.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="not TOML"):
        catalog([tmp_path / "models.toml"])
