"""The command that weighs a model in the mixes of llama-quantize."""

from __future__ import annotations

import sys
from pathlib import Path

from llm_gallery.cli.options import STANDARD_INPUT, STANDARD_OUTPUT, Unusable
from llm_gallery.cli.outputs import writing
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
    from llm_gallery.catalog.quants import of_file
    from llm_gallery.catalog.quants import quants as weighed
    from llm_gallery.catalog.source import stored_gguf
    from llm_gallery.cli.inputs import chosen

    stored = None if model == STANDARD_INPUT else stored_gguf(model)
    if stored is None:
        made = weighed(chosen(model, guess), imatrix=matrix)
    else:
        made = of_file(stored, model, imatrix=matrix)
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


def skeleton(model: str, output: Path | None, guess: bool) -> None:
    """Writes a GGUF of a model with a hole for its weights."""
    from llm_gallery.catalog.quants import conversion_of, half_type
    from llm_gallery.cli.inputs import chosen
    from llm_gallery.conversion.skeleton import write

    if output is None or output == STANDARD_OUTPUT:
        raise Unusable(
            "A GGUF of tensors is a file with a hole for the weights; name it with -o FILE.gguf."
        )
    found = chosen(model, guess)
    conversion = conversion_of(found)
    with writing(output):
        write(output, conversion, found.name, half_type(found))
