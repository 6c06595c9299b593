"""From a solution to the text that a model reads."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from engine.columns import Columns, Texts
from engine.errors import UsageError
from engine.plugins import installed
from engine.render import json_format, markdown_format, plain_format, xml_format
from engine.render.document import BELOW, FORMATS, Document, FileSection, FormatName, RenderOptions
from engine.render.layout import build_document
from engine.visible import display_path, visible_text

if TYPE_CHECKING:
    from engine.render.plugged import Format


def check_format(name: str) -> None:
    """Refuse a format that does not exist.

    Raises:
        UsageError: Names the formats there are.
    """
    if installed("packsight.formats"):
        from engine.render.plugged import refuse

        refuse(name)
        if name not in FORMATS:
            plugged_format(name)
        return
    if name in FORMATS:
        return
    raise UsageError(f"there is no format {display_path(name)!r}", f"formats: {', '.join(FORMATS)}")


def plugged_format(name: str) -> Format:
    """The format of a plugin.

    Raises:
        UsageError: There is none.
    """
    from engine.render.plugged import format_named

    return format_named(name)


def render(
    columns: Columns,
    levels: npt.NDArray[np.int8],
    file_lines: npt.NDArray[np.bool_],
    texts: Texts,
    options: RenderOptions,
) -> str:
    """Write a pack. The same input gives the same bytes; no token count of the pack itself is in it.

    Args:
        columns: The scanned repository, n chunks of m files.
        levels: (n,) level of each chunk, 0-6.
        file_lines: (m,) files represented by their one line; ignored for files that have a chunk at level 0-4.
        texts: Fetches chunk text; called only for chunks at level 0-4.
        options: Format, title, revision, chunk values.

    Returns:
        Text that encodes to UTF-8, has no control characters but ``\\n`` and ``\\t``, and ends in a line break.

    Raises:
        UsageError: The format does not exist.
    """
    check_format(options.format)
    return write(build_document(columns, levels, file_lines, texts, options), options.format)


def write(document: Document, name: FormatName) -> str:
    """Write a document in a format."""
    paths = [display_path(file.path) for file in document.files]
    if name not in FORMATS:
        return plugged_format(name).write(document, paths)
    if document.stable and name in ("xml", "markdown"):
        return _stable(document, name)
    if name == "json":
        return json_format.write(document, paths)
    if name == "plain":
        return plain_format.write(document)
    if name == "xml":
        return xml_format.top(document) + "".join(map(xml_format.section, document.files, paths))
    return markdown_format.top(document) + "".join(map(markdown_format.section, document.files, paths))


def _stable(document: Document, name: FormatName) -> str:
    """Title and files, then everything that says what is where."""
    first = replace(
        document, stable=False, legend=BELOW, revision="", coverage="", notes=(), tree=(), directories=(), lines=()
    )
    last = replace(document, stable=False, files=())
    return write(first, name) + write(last, name)


def file_in_format(file: FileSection, name: FormatName) -> str:
    """A file as it stands in a pack of that format, for counting."""
    path = display_path(file.path)
    if name not in FORMATS:
        return plugged_format(name).section(file, path)
    if name == "json":
        return json_format.section(file, path) + ","
    if name == "plain":
        return plain_format.section(file, "".join(part.text + part.note for part in file.parts))
    return xml_format.section(file, path) if name == "xml" else markdown_format.section(file, path)


def chunk_in_format(text: str, name: FormatName) -> str:
    """A chunk's text as it stands in a pack of that format: what its cost there has to be counted on."""
    shown = visible_text(text)
    if name not in FORMATS:
        return plugged_format(name).text(shown)
    return json_format.encoded(shown) if name == "json" else shown
