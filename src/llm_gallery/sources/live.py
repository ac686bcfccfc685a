"""The config of a live object of transformers: a model, or a config; the package itself isn't imported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable


@runtime_checkable
class LiveConfig(Protocol):
    """A config of transformers (`PretrainedConfig`)."""

    @property
    def model_type(self) -> str:
        """As in its config.json."""

    def to_dict(self) -> Mapping[str, Any]:
        """Its keys, those of defaults too."""


@runtime_checkable
class LiveModel(Protocol):
    """A model of transformers (`PreTrainedModel`)."""

    @property
    def config(self) -> LiveConfig:
        """Of the model."""
