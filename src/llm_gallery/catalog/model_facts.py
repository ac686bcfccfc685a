"""A model's facts under its id and name: the machine-readable contract in full."""

from __future__ import annotations

from typing import Any, Self

from llm_gallery.analysis.contract import facts as counted
from llm_gallery.analysis.memory import CACHE_DTYPES
from llm_gallery.architecture.refusal import expect
from llm_gallery.catalog.load import Given, Model, model
from llm_gallery.engines.released import NUMBERS, Release, release
from llm_gallery.engines.subject import Subject

Json = dict[str, Any]


class Facts(dict[str, Any]):
    """Every number of a model, as `docs/definitions.md` defines it."""

    model: Model

    @classmethod
    def of(cls, model: Model, dtype: str) -> Self:
        """The numbers of a model, its cache in `dtype`."""
        stated = model_facts(model, dtype)
        sheet = cls({key: value for key, value in stated.items() if key not in ("id", "name")})
        sheet.model = model
        return sheet

    def __repr__(self) -> str:
        return f"<Facts of {self.model.name}: {self['parameters']['total']:,} parameters>"

    def text(self) -> str:
        """As text for a terminal."""
        from llm_gallery.catalog import tables

        return tables.plain(lambda console: tables.facts(console, self.model, self.to_json()))

    def to_json(self) -> Json:
        """As plain data, with the model's id and name."""
        return {"id": self.model.id, "name": self.model.name, **self}


def facts(given: Given, *, dtype: str = "bf16", guess: bool = False) -> Facts:
    """Every number of a model, each as `docs/definitions.md` defines it.

    `dtype` is that of keys and values: fp32, bf16, fp16, fp8, int8 or int4.

    Returns: a dict: `parameters` in elements, `weights` and `cache` in bytes, `flops_per_token_at` a position in operations (a
    multiply-add is two), `context` in tokens; `sheet` has every fact with its evidence.
    Raises: Refusal as `describe` does, and for an unknown dtype.
    """
    expect("dtype", dtype, CACHE_DTYPES)
    return Facts.of(model(given, guess=guess), dtype)


def model_facts(model: Model, dtype: str = "bf16") -> Json:
    """Every key of the contract (`docs/definitions.md`); bytes in `dtype`."""
    described = counted(model.architecture, dtype=dtype)
    weights = _weights(release(Subject(model.name, model.architecture, model.config)))
    return {"id": model.id, "name": model.name, **described, "weights": weights}


def _weights(released: Release) -> Json:
    """The format of a release, and bytes in it beside what `parameters` counts; None where they aren't known."""
    total, *apart = NUMBERS
    sizes = released.bytes or {}
    return {
        "format": released.format,
        "packed": released.packed,
        "bytes": sizes.get(total),
        **{name: sizes.get(name) for name in apart},
    }
