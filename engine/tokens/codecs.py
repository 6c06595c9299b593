"""The two engines behind one seam: text in, token ids and their byte lengths out, for one call of bounded size."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from engine.tokens.specs import Spec

if TYPE_CHECKING:
    import splintr
    import tiktoken


class Codec(Protocol):
    """Encodes one bounded piece of valid Unicode text as plain content."""

    def size(self, text: str) -> int:
        """Count the tokens of ``text``."""
        ...

    def sizes(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text."""
        ...

    def ids(self, text: str) -> Sequence[int]:
        """Return the tokens of ``text``."""
        ...

    def width(self, token: int) -> int:
        """Return how many UTF-8 bytes of text a token stands for."""
        ...


def is_engine_failure(error: BaseException) -> bool:
    """Tell a failure of an engine from a wish to stop: panics of Rust code are no subclass of ``Exception``."""
    return not isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | MemoryError)


class SplintrCodec:
    """A vocabulary of the token engine.

    The engine's flat call is the fastest (bytes instead of a list of numbers) but matches literals of special tokens,
    also ones that the engine made up, so text that holds such a literal takes the slower call, which never does.
    """

    def __init__(self, spec: Spec) -> None:
        import splintr

        self._engine: splintr.AnyTokenizer = splintr.Tokenizer.from_pretrained(spec.engine)
        literals = set(self._engine.special_tokens())
        self._guards = ("<|", *sorted(name for name in literals if not name.startswith("<|")))
        self._declared = spec.codec == "declared"
        self._literal = re.compile("|".join(re.escape(name) for name in sorted(literals, key=len, reverse=True)))
        self._flat = self._engine.encode_flat
        self._ordinary = self._engine.encode_ordinary
        self._widths: dict[int, int] = {}

    def size(self, text: str) -> int:
        """See :class:`Codec`."""
        for guard in self._guards:
            if guard in text:
                return len(self.ids(text))
        return len(self._flat(text)) >> 2

    def sizes(self, texts: Sequence[str]) -> list[int]:
        """See :class:`Codec`; literals are looked for once, in all texts together."""
        whole = "\0".join(texts)
        if any(guard in whole for guard in self._guards):
            return list(map(self.size, texts))
        return [len(flat) >> 2 for flat in map(self._flat, texts)]

    def ids(self, text: str) -> Sequence[int]:
        """See :class:`Codec`."""
        if not self._declared:
            return self._ordinary(text)
        # Added symbols must match here, so literals are cut out of the text and encoded on their own. A vocabulary
        # with a mark before the first word would need more than that; the declared ones have none.
        result: list[int] = []
        start = 0
        for found in self._literal.finditer(text):
            result += self._engine.encode_raw(text[start : found.start()])
            result += self._ordinary(found.group())
            start = found.end()
        result += self._engine.encode_raw(text[start:])
        return result

    def width(self, token: int) -> int:
        """See :class:`Codec`."""
        width = self._widths.get(token)
        if width is None:
            # Gemma 4 hands out its word mark (U+2581) as it is stored; it stands for one blank.
            width = len(self._engine.decode_token_bytes(token).replace(b"\xe2\x96\x81", b" "))
            self._widths[token] = width
        return width


class TiktokenCodec:
    """A rank table served by tiktoken: the reference, the fallback, and the vocabularies that people register."""

    def __init__(self, spec: Spec, ranks: dict[bytes, int]) -> None:
        import tiktoken

        self._engine: tiktoken.Encoding = tiktoken.Encoding(
            spec.name, pat_str=spec.pattern, mergeable_ranks=ranks, special_tokens={}
        )

    def size(self, text: str) -> int:
        """See :class:`Codec`."""
        return len(self._engine.encode_ordinary(text))

    def sizes(self, texts: Sequence[str]) -> list[int]:
        """See :class:`Codec`."""
        return list(map(self.size, texts))

    def ids(self, text: str) -> Sequence[int]:
        """See :class:`Codec`."""
        return self._engine.encode_ordinary(text)

    def width(self, token: int) -> int:
        """See :class:`Codec`."""
        return len(self._engine.decode_single_token_bytes(token))


def without_surrogates(text: str) -> str:
    """Replace half pairs, which no vocabulary knows, by U+FFFD; whole pairs become their character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def composed(text: str) -> str:
    """Return ``text`` in normal form C, cheaply when it is in it already."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def composes_backwards(character: str) -> bool:
    """Tell whether normalisation may join ``character`` with what stands before it."""
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff"
