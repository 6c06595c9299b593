"""The last packs and their reports as resources."""

from __future__ import annotations

import json
from collections import OrderedDict

from mcp_types import Resource, ResourceTemplate, TextResourceContents

from engine.errors import InputError
from engine.mcp.answers import harmless
from engine.mcp.call import KeptPack
from engine.mcp.pages import Count
from engine.mcp.words import MOST_TOKENS

MOST_PACKS = 8
LAST = ("packsight://pack/last", "packsight://report/last")
"""The resources that another pack changes."""
_TYPES = {"markdown": "text/markdown", "xml": "application/xml", "json": "application/json"}

TEMPLATES = [
    ResourceTemplate(
        name="pack", uri_template="packsight://pack/{pack_id}", description="The text of a pack; 'last' is the newest."
    ),
    ResourceTemplate(
        name="report",
        uri_template="packsight://report/{pack_id}",
        description="The report of a pack, with every chunk; 'last' is the newest.",
        mime_type="application/json",
    ),
]


class Packs:
    """The packs of one connection, the newest last."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, KeptPack] = OrderedDict()

    def keep(self, pack: KeptPack) -> None:
        """Take a pack, and forget the oldest."""
        self._kept[pack.id] = pack
        while len(self._kept) > MOST_PACKS:
            self._kept.popitem(last=False)

    def listed(self) -> list[Resource]:
        """All resources, the newest first."""
        if not self._kept:
            return []
        rows = [
            ("last", next(reversed(self._kept.values()))),
            *((one.id, one) for one in reversed(self._kept.values())),
        ]
        return [resource for name, pack in rows for resource in _resources(name, pack)]

    def find(self, uri: str) -> tuple[str, KeptPack]:
        """``pack`` or ``report``, and which.

        Raises:
            InputError: there is none.
        """
        kind, _, name = uri.removeprefix("packsight://").partition("/")
        if uri.startswith("packsight://") and kind in ("pack", "report"):
            if name == "last" and self._kept:
                return kind, next(reversed(self._kept.values()))
            if name in self._kept:
                return kind, self._kept[name]
        there = f"there are {', '.join(('last', *reversed(self._kept)))}" if self._kept else "nothing was packed yet"
        raise InputError(f"there is no resource {str(harmless(uri))[:100]}", f"{there}; pack_context makes one")


def contents(uri: str, kind: str, pack: KeptPack, count: Count) -> TextResourceContents:
    """What a resource holds.

    Raises:
        InputError: it is longer than an answer may be; says how to get it in pages.
    """
    if kind == "pack":
        text, mime_type, way = str(harmless(pack.text)), _type(pack), "pack_context with the same arguments"
    else:
        text = json.dumps(harmless(pack.report), ensure_ascii=False, indent=1)
        mime_type, way = "application/json", "pack_context with report='full'"
    if (tokens := count(text)) > MOST_TOKENS:
        raise InputError(f"{uri} has {tokens:,} tokens, more than {MOST_TOKENS:,}", f"{way} gives it in pages")
    return TextResourceContents(uri=uri, mime_type=mime_type, text=text)


def _resources(name: str, pack: KeptPack) -> list[Resource]:
    said = f"{pack.report.get('actual', 0):,} tokens for {pack.report.get('model', '')}, from {pack.place.name}"
    which = "The last pack" if name == "last" else f"Pack {name}"
    return [
        Resource(
            name=f"pack {name}", title=which, uri=f"packsight://pack/{name}", description=str(harmless(said)),
            mime_type=_type(pack), size=len(pack.text.encode("utf-8", "replace")),
        ),
        Resource(
            name=f"report {name}", title=f"{which}: report", uri=f"packsight://report/{name}",
            description="Every chunk with its level, tokens and reason.", mime_type="application/json",
        ),
    ]  # fmt: skip


def _type(pack: KeptPack) -> str:
    return _TYPES.get(pack.format, "text/plain")
