"""The command that says whether a model fits a device."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from llm_gallery.cli.options import STANDARD_INPUT
from llm_gallery.cli.print_commands import as_json

if TYPE_CHECKING:
    from llm_gallery.cli.machine_options import Machine, Run

FITS, DOES_NOT = 0, 1
"""What the command ends with."""
_COUNT = {"type": "integer", "minimum": 0}
_COUNT_OR_NONE = {"type": ["integer", "null"], "minimum": 0}
_SPEED = {
    "type": ["number", "null"],
    "description": "of all sequences together; null without a bandwidth",
}
_NUMBER = {"type": "number"}
_TEXT = {"type": "string"}


def fit(model: str, machine: Machine, run: Run, form: str, guess: bool) -> int:
    """Prints whether it fits. Ends with 1 where it doesn't."""
    from llm_gallery.catalog.fit import fit as fitted
    from llm_gallery.cli.inputs import chosen

    options = {**asdict(machine), **asdict(run), "guess": guess}
    options["engine"] = options["engine"] or ""
    given = chosen(model, guess) if model == STANDARD_INPUT else model
    found = fitted(given, **options)
    for line in found.request.subject.architecture.warnings if guess else ():
        print(f"llm-gallery: {line}", file=sys.stderr)
    if form == "json":
        as_json(found.to_json())
    else:
        found.show()
    return FITS if found.fits else DOES_NOT


def schema() -> int:
    """Prints the JSON Schema of what the command prints."""
    row = _object(
        weights=_TEXT,
        weights_bytes=_COUNT,
        fits={"type": "boolean"},
        spare_bytes={"type": "integer"},
        longest_context=_COUNT,
        most_sequences=_COUNT_OR_NONE,
        tokens_per_second_at_most=_SPEED,
    )
    as_json(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **_object(
                fits={"type": "boolean"},
                verdict=_TEXT,
                engine=_object(name=_TEXT, version=_TEXT),
                device=_object(id=_TEXT, count=_COUNT, usable_bytes=_COUNT),
                weights=_TEXT,
                weights_bytes={**_COUNT, "description": "of the fullest rank"},
                cache=_TEXT,
                cache_bytes={**_COUNT, "description": "of all sequences of that rank"},
                per_rank_bytes=_COUNT,
                spare_bytes={"type": "integer", "description": "less than 0 where some lack"},
                on_host_bytes=_COUNT,
                context=_COUNT,
                sequences=_COUNT,
                split=_object(tp=_COUNT, dp=_COUNT, ep={"type": "boolean"}),
                longest_context={**_COUNT, "description": "up to the model's own; 0 for none"},
                most_sequences=_COUNT_OR_NONE,
                tokens_per_second_at_most=_SPEED,
                real_runs={
                    **_object(of=_TEXT, runs=_COUNT, least=_NUMBER, most=_NUMBER),
                    "type": ["object", "null"],
                },
                prompt_tokens_per_second_at_most=_SPEED,
                parts=_list(_object(name=_TEXT, bytes=_COUNT, how=_TEXT)),
                rows=_list(row),
                assumptions=_list(_TEXT),
                command=_TEXT,
            ),
        }
    )
    return FITS


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": [*properties], "properties": properties}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}
