"""A model's facts under its id and name: the machine-readable contract in full."""

from __future__ import annotations

from typing import Any

from llm_gallery.analysis.contract import facts
from llm_gallery.catalog.load import Model


def model_facts(model: Model, dtype: str = "bf16") -> dict[str, Any]:
    """Every key of the contract (`docs/definitions.md`); bytes in `dtype`."""
    return {"id": model.id, "name": model.name, **facts(model.architecture, dtype=dtype)}
