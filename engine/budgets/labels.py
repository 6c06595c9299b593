"""Labels that mean the same everywhere: what people and logs call a category, a complexity, a provider, a model."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from engine.budgets.tables import OTHER, Category, Provider, categories, coefficients, limits, providers
from engine.errors import UsageError

_NOT_A_NAME = re.compile(r"[^a-z0-9_.]+")
_LONGEST_NAME = 60


@lru_cache(1024)
def plain(label: str) -> str:
    """Write a label as the tables do: lower case, ``_`` between words, nothing else."""
    return _NOT_A_NAME.sub("_", label.strip().lower())[:_LONGEST_NAME].strip("_")


@lru_cache(1024)
def category_name(label: str) -> str:
    """Return the category a label stands for; one that is not known stays as it is, ``""`` stays ``""``."""
    written = plain(label)
    return _category_names().get(written, written)


def category_of(name: str) -> Category:
    """Return the figures of a category; those of ``other`` when it has none."""
    return categories().get(name, categories()[OTHER])


def complexity_name(label: str) -> str:
    """Return the complexity a label stands for.

    Raises:
        UsageError: it is none of the three.
    """
    written = plain(label)
    if not written or written == "maintenance":
        return str(coefficients()["default_complexity"])
    if written not in coefficients()["complexities"]:
        raise UsageError(f"there is no complexity '{label[:60]}'", "complexities: low, medium, high")
    return written


@lru_cache(1024)
def provider_name(label: str) -> str:
    """Return the provider a label stands for; one that is not known stays as it is."""
    written = plain(label)
    return _provider_names().get(written, written)


def provider_of(name: str) -> Provider:
    """Return what is known of a provider; the figures of ``other`` when nothing is."""
    return providers().get(name, providers()[OTHER])


@lru_cache(4096)
def family_of(model: str) -> str:
    """Return the family of a model, ``""`` for no model: models of one family learn from each other."""
    name = model.strip().lower().rpartition("/")[2]
    found = _families().search(name)
    return found[0] if found else name


@cache
def _families() -> re.Pattern[str]:
    return re.compile("|".join(limits()["families"]["patterns"]))


@cache
def _category_names() -> dict[str, str]:
    return {word: one.name for one in categories().values() for word in (one.name, *one.names)}


@cache
def _provider_names() -> dict[str, str]:
    return {plain(word): one.name for one in providers().values() for word in (one.name, *one.names)}
