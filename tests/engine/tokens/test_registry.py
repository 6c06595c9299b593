"""Loading: lazily, once, with a fallback, and with encodings of a person's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import splintr

from engine.errors import InputError
from engine.model import Method
from engine.tokens import catalog, encodings, ranks, tokenizer
from engine.tokens.specs import Spec, built_in
from engine.tokens.vocabulary import VocabularyTokenizer
from tests.engine.tokens import texts

SAMPLES = [texts.mixed(seed, 60) for seed in range(10)] + [texts.code(1, 30)]


def test_importing_loads_no_engine() -> None:
    program = (
        "import sys, engine.tokens; engine.tokens.catalog().find('gpt-4o'); engine.tokens.encodings();"
        "print([name for name in ('splintr', 'tiktoken', 'numpy', 'regex') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_one_object_for_each_encoding_and_its_aliases() -> None:
    assert tokenizer("o200k_base") is tokenizer("o200k_base")
    assert tokenizer("mistral_v3") is tokenizer("tekken")
    assert tokenizer("o200k_base").method is Method.EXACT
    assert tokenizer("estimate").method is Method.ESTIMATE
    assert set(encodings()) >= {"o200k_base", "claude-3", "claude-4.7", "claude-5", "gemma4", "estimate"}


def test_an_unknown_encoding_names_the_nearest() -> None:
    with pytest.raises(InputError) as caught:
        tokenizer("o20k_base")
    assert "o200k_base" in caught.value.hint


class Broken:
    """An engine that cannot be loaded."""

    @staticmethod
    def from_pretrained(name: str) -> splintr.AnyTokenizer:
        raise ImportError(f"no {name}")


class Panic(BaseException):
    """What a failure of compiled code looks like."""


def test_a_panic_of_the_engine_is_counted_by_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("cl100k_base", "qwen3"):
        expected = tokenizer(name).count_many(SAMPLES)
        counter = VocabularyTokenizer(built_in()[name])

        def fail(text: str) -> int:
            raise Panic(text)

        monkeypatch.setattr(counter, "_size", fail)
        assert counter.count_many(SAMPLES) == expected


def test_a_wish_to_stop_is_no_panic(monkeypatch: pytest.MonkeyPatch) -> None:
    counter = VocabularyTokenizer(built_in()["cl100k_base"])

    def stop(text: str) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(counter, "_size", stop)
    with pytest.raises(KeyboardInterrupt):
        counter.count("x")


def test_without_the_engine_ranks_come_from_the_cache_of_tiktoken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    spec = built_in()["cl100k_base"]
    data = ranks.serialise(ranks.from_engine(spec.engine))
    expected = tokenizer("cl100k_base").count_many(SAMPLES)
    monkeypatch.setattr(splintr, "Tokenizer", Broken)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    with pytest.raises(InputError, match="cannot serve cl100k_base"):
        VocabularyTokenizer(spec)
    (tmp_path / spec.cache).write_bytes(data[:-10])
    with pytest.raises(InputError, match="cannot serve"):
        VocabularyTokenizer(spec)
    assert (tmp_path / spec.cache).exists()
    (tmp_path / spec.cache).write_bytes(data)
    assert VocabularyTokenizer(spec).count_many(SAMPLES) == expected


def registered(folder: Path, name: str, cuts: str = "") -> Path:
    """Write a file that registers a vocabulary of the 256 bytes and a few merges."""
    table = {bytes((byte,)): byte for byte in range(256)}
    for piece in (b"  ", b"    ", b"th", b"the", b"in", b"re", b"ret", b"\n\n", b"aa", b"aaaa"):
        table[piece] = len(table)
    (folder / "own.tiktoken").write_bytes(ranks.serialise(table))
    path = folder / "own.toml"
    pattern = built_in()["llama3"].pattern
    path.write_text(
        f"[[encoding]]\nname = '{name}'\nranks = 'own.tiktoken'\npattern = '''{pattern}'''\n{cuts}", "utf-8"
    )
    return path


@pytest.mark.parametrize("cuts", ["", "cuts = 'lines'\n"])
def test_a_registered_encoding_counts(tmp_path: Path, cuts: str) -> None:
    name = f"own-{len(cuts)}"
    path = registered(tmp_path, name, cuts)
    with path.open("a", encoding="utf-8") as more:
        more.write(
            f"\n[[model]]\nid = 'my-own'\nprovider = 'me'\ncontext_window = 9000\n"
            f"max_output = 900\nencoding = '{name}'\n"
        )
    assert catalog([path]).find("my-own").encoding == name
    counter = tokenizer(name)
    assert name in encodings()
    assert counter.count("theret") == 2
    for sample in SAMPLES:
        shares = counter.count_parts([sample[at : at + 7] for at in range(0, len(sample), 7)])
        assert sum(shares) == counter.count(sample)
    assert counter.count("a" * 1_100_000) == 275_000
    assert counter.count(" " * 1_200_000) == 300_000


@pytest.mark.parametrize(
    ("data", "message"), [(b"", "256"), (b"!!! 1\n", ":1:"), (b"YQ== x\n", ":1:"), (b"YQ== 1\nYg== 1\n", "254")]
)
def test_a_rank_file_that_is_none_is_told(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "bad.tiktoken"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        VocabularyTokenizer(Spec(name="bad", pattern=".", ranks=path))
    assert str(path) in caught.value.message
    assert message in caught.value.message


def test_a_pattern_that_is_none_is_told(tmp_path: Path) -> None:
    path = registered(tmp_path, "unbalanced")
    spec = Spec(name="unbalanced", pattern="(", ranks=path.with_name("own.tiktoken"))
    with pytest.raises(InputError, match="pattern"):
        VocabularyTokenizer(spec)
