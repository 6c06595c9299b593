"""Every installed plugin, loaded and checked by the room that it is for."""

from __future__ import annotations

from engine.errors import PacksightError
from engine.plugins import Plugin, installed, troubles


def plugins_json() -> list[dict[str, str]]:
    """Load all plugins and say of each what it is and whether it is used; the keys are a contract.

    Keys: ``group``, ``name``, ``value``, ``distribution``, ``version``, ``place`` (folder of the distribution) and
    ``problem`` (why it is left out, or ``""``).
    """
    plugins = installed()
    if plugins:
        _load(plugins)
    problems = {trouble.plugin: trouble.reason for trouble in troubles()}
    return [
        {
            "group": plugin.group,
            "name": plugin.name,
            "value": plugin.value,
            "distribution": plugin.distribution,
            "version": plugin.version,
            "place": plugin.place,
            "problem": problems.get(plugin, "") or _shadowed(plugin, plugins),
        }
        for plugin in plugins
    ]


def _shadowed(plugin: Plugin, plugins: tuple[Plugin, ...]) -> str:
    """Whose name it has, where another plugin of its group came first."""
    first = next(other for other in plugins if (other.group, other.name) == (plugin.group, plugin.name))
    return "" if first is plugin else f"{first.distribution} {first.version} has one of this name"


def _load(plugins: tuple[Plugin, ...]) -> None:
    """Ask each room for its plugins, which checks them."""
    from engine.chunk.languages import table
    from engine.classify import default_rules
    from engine.levels.plugged import ready
    from engine.render import check_format
    from engine.telemetry.importers import importers
    from engine.tokens import tokenizer

    table()
    default_rules()
    ready()
    importers()
    for plugin in plugins:
        try:
            if plugin.group == "packsight.tokenizers":
                tokenizer(plugin.name)
            elif plugin.group == "packsight.formats":
                check_format(plugin.name)
        except PacksightError:
            continue  # what is wrong is remembered as trouble with the plugin
