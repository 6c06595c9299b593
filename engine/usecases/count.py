"""Count the tokens of texts, files, folders and stdin for one or several models."""

from __future__ import annotations

import codecs
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from engine.chunk import Unreadable, decode
from engine.errors import InputError
from engine.events import Emit, IsCancelled
from engine.model import Model
from engine.request import ScanRequest
from engine.store.blobs import BlobCache
from engine.tokens import Tokenizer, count_stream, tokenizer
from engine.usecases.repository import open_repository

_PIECE_BYTES = 1 << 20
_WHOLE_BYTES = 32 << 20
"""Files up to this are decoded whole, with the encoding detected; larger ones are streamed as UTF-8 or Latin-1."""


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to count."""

    name: str
    """How the answer names it: the path, ``-`` or the text itself."""
    path: Path | None = None
    """File or folder, when it is one."""
    text: str | None = None
    """Text given on the command line."""
    stream: BinaryIO | None = None
    """Stdin."""


def source_of(argument: str, stdin: BinaryIO) -> Source:
    """Read an argument: ``-`` is stdin, an existing path is that path, anything else, even nothing, is text."""
    if argument == "-":
        return Source("-", stream=stdin)
    if not argument:
        # As a path, nothing would be the current folder.
        return Source("", text="")
    path = Path(argument)
    try:
        exists = path.exists()
    except (OSError, ValueError):
        exists = False
    return Source(argument, path=path) if exists else Source(argument, text=argument)


def count_sources(
    sources: Sequence[Source],
    models: Sequence[Model],
    cache: Callable[[], BlobCache],
    emit: Emit,
    cancelled: IsCancelled,
) -> list[dict[str, object]]:
    """Count every source for every model, in the order given.

    Raises:
        InputError: a file cannot be read or is binary.
    """
    rows: list[dict[str, object]] = []
    for source in sources:
        known: dict[str, int] = {}
        piped = source.stream.read() if source.stream is not None else None
        for model in models:
            if model.encoding not in known:
                known[model.encoding] = _count(source, piped, model, cache, emit, cancelled)
            rows.append(_row(source, model, known[model.encoding]))
    return rows


def _count(
    source: Source,
    piped: bytes | None,
    model: Model,
    cache: Callable[[], BlobCache],
    emit: Emit,
    cancelled: IsCancelled,
) -> int:
    counter = tokenizer(model.encoding)
    if source.text is not None:
        return _content(counter, source.text)
    if piped is not None:
        return _content(counter, _text(piped, "stdin"))
    assert source.path is not None
    if source.path.is_dir():
        repository = open_repository(ScanRequest(source.path, model.id), model, cache(), emit, cancelled)
        tokens = repository.summary["tokens"]
        assert isinstance(tokens, int)
        return tokens
    return _content_stream(counter, _pieces(source.path))


def _content(counter: Tokenizer, text: str) -> int:
    """Count a text; what is empty has no tokens, though some models frame even nothing with one."""
    return counter.count(text) if text else 0


def _content_stream(counter: Tokenizer, pieces: Iterator[str]) -> int:
    first = next((piece for piece in pieces if piece), "")
    return count_stream(counter, chain((first,), pieces)) if first else 0


def _pieces(path: Path) -> Iterator[str]:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{path} is neither a file nor a folder")
        if status.st_size <= _WHOLE_BYTES:
            yield _text(path.read_bytes(), str(path))
            return
        encoding = "utf-8" if _is_utf8(path) else "latin-1"
        decoder = codecs.getincrementaldecoder(encoding)()
        with path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                yield decoder.decode(piece)
            yield decoder.decode(b"", True)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE_BYTES):
                if b"\0" in piece:
                    raise InputError(f"{path} is binary", "only text has tokens")
                decoder.decode(piece)
            decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _text(raw: bytes, name: str) -> str:
    try:
        return decode(raw).data.decode("utf-8", "replace")
    except Unreadable as unreadable:
        raise InputError(f"{name} is {unreadable.message}", "only text has tokens") from unreadable


def _row(source: Source, model: Model, count: int) -> dict[str, object]:
    low, high = model.error_band
    return {
        "source": source.name,
        "model": model.id,
        "encoding": model.encoding,
        "method": model.method.value,
        "count": count,
        "context_size": model.context_window,
        "usage_percent": round(100 * count / model.context_window, 4),
        "error_band": [int(count * (1 + low)), -int(-count * (1 + high) // 1)],
        "band_source": model.band_source,
        "band_samples": model.band_samples,
    }
