"""The command that weighs a model in the mixes of llama-quantize."""

from __future__ import annotations

import sys
from pathlib import Path

from llm_gallery.cli.print_commands import as_json

SIZE = {
    "type": "object",
    "required": ["name", "bytes", "bits_per_weight", "types"],
    "properties": {
        "name": {"type": "string"},
        "bytes": {
            "type": "integer",
            "description": "of the tensors, without header and vocabulary",
        },
        "bits_per_weight": {"type": "number"},
        "types": {"type": "object", "additionalProperties": {"type": "integer"}},
        "needs_imatrix": {"type": "boolean"},
    },
}
"""A mix, or what a file holds itself."""


def quants(model: str, mix: str, matrix: bool, form: str, guess: bool) -> None:
    """Prints the sizes of all mixes, or the type of every tensor in one."""
    from llm_gallery.catalog.quants import quants as weighed
    from llm_gallery.cli.inputs import chosen
    from llm_gallery.sources import config_file

    given = model if config_file.of_gguf(Path(model)) else chosen(model, guess)
    made = weighed(given, guess=guess, imatrix=matrix)
    if form == "json":
        as_json(made.to_json())
    else:
        sys.stdout.write(made.text(mix))


def schema() -> None:
    """Prints the JSON Schema of what the command prints."""
    as_json(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "required": ["version", "mixes"],
            "properties": {
                "version": {"type": "string"},
                "mixes": {"type": "array", "items": SIZE},
                "stopped": {"type": "object", "additionalProperties": {"type": "string"}},
                "file": SIZE,
            },
        }
    )
