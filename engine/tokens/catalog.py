"""The models and what is known about them: ``catalog.toml``, overridden and extended by files of the same keys."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

from engine.errors import InputError
from engine.model import Method, Model
from engine.tokens import entries


class Catalog:
    """Models by id and alias."""

    def __init__(self, models: Iterable[Model]) -> None:
        self._by_id: dict[str, Model] = {model.id.lower(): model for model in models}
        self._names: dict[str, str] = {}
        for key, model in self._by_id.items():
            for alias in model.aliases:
                self._names[alias.lower()] = key
        self._names.update((key, key) for key in self._by_id)

    @property
    def models(self) -> tuple[Model, ...]:
        """All models in the order of the files."""
        return tuple(self._by_id.values())

    def find(self, name: str) -> Model:
        """Return the model with this id or alias, without regard to case.

        A provider in front, as gateways write it (``openai/gpt-4o``), is looked past when the name needs it.

        Raises:
            InputError: there is none; the hint names the nearest ones.
        """
        asked = name.strip().lower()
        key = self._names.get(asked) or self._names.get(asked.rpartition("/")[2])
        if key is None:
            import difflib

            near = difflib.get_close_matches(asked.rpartition("/")[2], self._names, 6, 0.5)
            ids = list(dict.fromkeys(self._by_id[self._names[one]].id for one in near))[:3]
            raise InputError(
                f"unknown model {name!r}",
                f"nearest: {', '.join(ids)}" if ids else "see the list of models: packsight models",
            )
        return self._by_id[key]


def catalog(user_files: Sequence[Path] = ()) -> Catalog:
    """Read the shipped models, then each file in turn; a later entry changes the keys it gives of an earlier one.

    A file may also register encodings (``[[encoding]]``: name, ranks, pattern); they are then known to
    ``engine.tokens.tokenizer`` in this process.

    Raises:
        InputError: a file cannot be read, is no TOML, or has a key or a value that has no meaning.
    """
    if not user_files:
        return _shipped()
    presets, models = _tables()
    merged = {name: dict(fields) for name, fields in models.items()}
    origin: dict[str, str] = {}
    for path in user_files:
        _merge(path, merged, presets, origin)
    return Catalog([entries.model(fields, presets, origin.get(key, "catalog.toml")) for key, fields in merged.items()])


@cache
def _shipped() -> Catalog:
    presets, models = _tables()
    return Catalog([entries.model(fields, presets, "catalog.toml") for fields in models.values()])


@cache
def _tables() -> tuple[Mapping[str, Mapping[str, object]], Mapping[str, Mapping[str, object]]]:
    """How families count, and the fields of each shipped model by its id; reading them takes some 10 ms."""
    from importlib.resources import files

    text = files("engine.tokens").joinpath("catalog.toml").read_text("utf-8")
    shipped = tomllib.loads(text, parse_float=Decimal)
    models = {fields["id"]: {**shipped["defaults"], **fields} for fields in shipped["model"]}
    return shipped["tokens"], models


def _merge(
    path: Path,
    merged: dict[str, dict[str, object]],
    presets: Mapping[str, Mapping[str, object]],
    origin: dict[str, str],
) -> None:
    from engine.tokens.registry import register

    table = entries.read(path)
    register([entries.encoding(fields, path) for fields in table.get("encoding", [])])
    lower = {key.lower(): key for key in merged}
    for fields in table.get("model", []):
        entries.check(fields, presets, str(path))
        key = lower.setdefault(str(fields["id"]).lower(), str(fields["id"]))
        before = merged.get(key, {})
        if "tokens" in fields or "encoding" in fields:
            before = {name: value for name, value in before.items() if name not in entries.TOKEN_KEYS}
        merged[key] = {
            **before,
            "source": str(path),
            "as_of": entries.modified_on(path),
            **fields,
            "id": key,
        }
        origin[key] = str(path)


__all__ = ["Catalog", "Method", "Model", "catalog"]
