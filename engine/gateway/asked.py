"""What a request asks for, read from the dictionary that LiteLLM hands to its callbacks. Nothing of it can be trusted.

The work is named in ``metadata.packsight``, in the headers ``x-packsight-category`` and ``x-packsight-complexity``, or
in tags such as ``category:docs``; the first that says something counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.telemetry.importers.tags import labels

CEILINGS = ("max_completion_tokens", "max_tokens", "max_output_tokens")
"""Parameters by which callers set the ceiling."""
_RESPONSES = frozenset({"responses", "aresponses"})
_ANSWERING = _RESPONSES | {
    "completion", "acompletion", "text_completion", "atext_completion", "anthropic_messages",
}  # fmt: skip
_LONGEST_LABEL = 40
_MOST_PATHS = 200
_MOST_CHARACTERS = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, before anything is decided."""

    model: str
    category: str
    complexity: str
    deliverables: tuple[str, ...]
    text: str
    """Everything that is sent, to be counted; never stored."""
    caps: Mapping[str, int]
    """Ceilings that the caller set, by parameter."""
    thinking_tokens: int
    """What the caller reserved for thinking, which must stay below the ceiling."""
    stream: bool
    answers: int
    """How many answers are wanted at once."""

    @property
    def hard_cap_tokens(self) -> int | None:
        """The caller's own limit."""
        return min(self.caps.values()) if self.caps else None


def is_answering(call_type: str) -> bool:
    """Whether a kind of call makes an answer of tokens; embeddings, images and the like do not."""
    return call_type in _ANSWERING


def parameter_of(call_type: str) -> str:
    """The parameter that sets a ceiling where the caller set none; LiteLLM translates it for every provider."""
    return "max_output_tokens" if call_type in _RESPONSES else "max_tokens"


def read_request(request: Mapping[str, object]) -> Asked:
    """Read a request; what makes no sense is left out."""
    category, complexity, paths = _work(request)
    thinking = _count(_mapping(request.get("thinking")).get("budget_tokens"))
    return Asked(
        model=_word(request.get("model"), 300),
        category=category,
        complexity=complexity,
        deliverables=paths,
        text="\n".join(_bounded(_texts([request.get(name) for name in _CONTENT])))[:_MOST_CHARACTERS],
        caps={name: cap for name in CEILINGS if (cap := _count(request.get(name))) is not None and cap > 0},
        thinking_tokens=thinking or 0,
        stream=bool(request.get("stream")),
        answers=_count(request.get("n")) or 1,
    )


def hashed(key: str) -> str:
    """What a key is called here; nobody can find the key by it, and it is not the hash that LiteLLM stores."""
    return hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=12, person=b"packsight-key").hexdigest()


_CONTENT = ("messages", "system", "instructions", "input", "prompt", "tools", "functions")
_DEEPEST = 12


def _work(request: Mapping[str, object]) -> tuple[str, str, tuple[str, ...]]:
    places = [_mapping(request.get(name)) for name in ("metadata", "litellm_metadata")]
    said = next((found for place in places if (found := _mapping(place.get("packsight")))), {})
    heads = [_mapping(place.get("headers")) for place in places]
    heads.append(_mapping(_mapping(request.get("proxy_server_request")).get("headers")))
    headers = {str(name).casefold(): value for head in heads for name, value in head.items()}
    tagged = [labels(place.get("tags")) for place in places] + [labels(request.get("tags"))]
    category, complexity = (
        _word(said.get(name), _LONGEST_LABEL)
        or _word(headers.get(f"x-packsight-{name}"), _LONGEST_LABEL)
        or next((pair[number] for pair in tagged if pair[number]), "")
        for number, name in enumerate(("category", "complexity"))
    )
    paths = said.get("deliverables")
    paths = [paths] if isinstance(paths, str) else paths if isinstance(paths, list | tuple) else []
    return category, complexity, tuple(path[:500] for path in paths[:_MOST_PATHS] if isinstance(path, str))


def _texts(value: object, depth: int = 0) -> Iterator[str]:
    """Every text in nested content; inline pictures and files are no text."""
    if isinstance(value, str):
        yield "" if value.startswith("data:") else value
    elif depth < _DEEPEST and isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner, depth + 1)
    elif depth < _DEEPEST and isinstance(value, Sequence) and not isinstance(value, bytes):
        for inner in value:
            yield from _texts(inner, depth + 1)


def _bounded(texts: Iterator[str]) -> Iterator[str]:
    left = _MOST_CHARACTERS
    for text in texts:
        if left <= 0:
            return
        yield text
        left -= len(text)


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _word(value: object, longest: int) -> str:
    return value.strip()[:longest] if isinstance(value, str) else ""


def _count(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else None
