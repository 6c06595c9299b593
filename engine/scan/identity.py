"""What the files of a listing are, and the name of the state they make: all that a scan of a known state needs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from engine.errors import PacksightError
from engine.model import Skipped, SourceFile
from engine.scan.settings import MAX_FILE_BYTES, Settings
from engine.scan.version import summary_version
from engine.tokens.plugged import counted_as
from engine.walk import Listing, blob_id


def identify(listing: Listing, skipped: list[Skipped]) -> list[tuple[SourceFile, str]]:
    """Find the blob id of every file; files without a known one are read here, once, to learn it.

    Args:
        listing: What to analyse.
        skipped: Receives the files that cannot be read.

    Returns:
        Each file with the id of its content.
    """
    found: list[tuple[SourceFile, str]] = []
    for file in listing.files:
        identity = file.blob_id
        if not identity:
            try:
                identity = blob_id(listing.content.read(file, MAX_FILE_BYTES), listing.object_format)
            except PacksightError as error:
                skipped.append(Skipped(file.path, error.message))
                continue
        found.append((file, identity))
    return found


def fingerprint(identified: Sequence[tuple[SourceFile, str]], settings: Settings) -> bytes:
    """Digest of everything that the scan of a listing depends on, before a single file is classified.

    Equal for equal paths, contents, attributes, rules and vocabulary, seen by the same program.
    """
    digest = hashlib.blake2b(repr((counted_as(settings.encoding), settings.class_rules)).encode(), digest_size=16)
    digest.update(summary_version())
    for file, identity in identified:
        digest.update(file.path.encode("utf-8", "surrogateescape"))
        digest.update(f"\0{identity}\0".encode())
        if file.attributes:
            digest.update(",".join(sorted(file.attributes)).encode())
    return digest.digest()
