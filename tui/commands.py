"""The palette: every action that can be done now, named by its binding id (``tree.pin`` → "tree: Pin")."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.dom import DOMNode


class ActionCommands(Provider):
    """Finds actions by their names and tooltips."""

    def _actions(self) -> Iterator[tuple[str, str, DOMNode, Binding]]:
        """(title, help, owner, binding) of everything with an id, the nearest owner of each id only."""
        seen: set[str] = set()
        focused = self.screen.focused
        nodes: list[DOMNode] = list(focused.ancestors_with_self) if focused is not None else []
        nodes += [self.screen, *self.screen.walk_children(), self.app]
        for node in nodes:
            for bindings in node._bindings.key_to_bindings.values():
                for binding in bindings:
                    if not binding.id or binding.id in seen or "." not in binding.id:
                        continue
                    seen.add(binding.id)
                    area, _, _ = binding.id.partition(".")
                    yield f"{area}: {binding.description}", f"{binding.tooltip}  ({binding.key})", node, binding

    def _run(self, node: DOMNode, binding: Binding) -> partial[Any]:
        return partial(self.app.run_action, binding.action, node)

    async def discover(self) -> Hits:
        """List all actions before anything is typed."""
        for title, help_text, node, binding in sorted(self._actions(), key=lambda found: found[0]):
            yield DiscoveryHit(title, self._run(node, binding), help=help_text)

    async def search(self, query: str) -> AsyncIterator[Hit]:
        """Find actions by fuzzy match."""
        matcher = self.matcher(query)
        for title, help_text, node, binding in self._actions():
            score = max(matcher.match(title), 0.6 * matcher.match(help_text))
            if score > 0:
                yield Hit(score, matcher.highlight(title), self._run(node, binding), help=help_text)
