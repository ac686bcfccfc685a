"""Commands that print: for people on a terminal, or for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from llm_gallery.architecture.refusal import printable
from llm_gallery.catalog.load import Model, entries, find

if TYPE_CHECKING:
    from llm_gallery.catalog.entry import Entry


def models(form: str) -> None:
    """The catalog, newest first."""
    found = entries()
    if form == "json":
        as_json([_listed(entry) for entry in found])
        return
    from llm_gallery.cli import tables

    tables.catalog([(entry, find(entry.id).architecture) for entry in found])


def facts(model: str, form: str, dtype: str, guess: bool) -> None:
    """One model's facts."""
    found = chosen(model, guess)
    from llm_gallery.catalog.facts import model_facts

    said = model_facts(found, dtype)
    if form == "json":
        as_json(said)
        return
    from llm_gallery.cli import tables

    tables.facts(found, said)


def accuracy(form: str) -> None:
    """Every model's counts beside the published one."""
    from llm_gallery.catalog.accuracy import rows
    from llm_gallery.catalog.accuracy_table import markdown, to_json

    found = rows()
    if form == "json":
        as_json(to_json(found))
    elif form == "markdown":
        sys.stdout.write(markdown(found))
    else:
        from llm_gallery.cli import tables

        tables.accuracy(found)


def tensors(model: str, form: str, guess: bool) -> None:
    """One model's tensors, line by line: a checkpoint may have a hundred thousand."""
    from llm_gallery.architecture.block import tensors as stored

    root = chosen(model, guess).architecture.root
    if form == "tsv":
        print("name\tshape\tparameters\ttied_to")
    for tensor in stored(root):
        if form == "tsv":
            shape = ",".join(map(str, tensor.shape))
            print(tensor.name, shape, tensor.elements, tensor.tied_to or "", sep="\t")
        else:
            shape = " × ".join(f"{size:,}" for size in tensor.shape)
            tied = f"  = {tensor.tied_to}" if tensor.tied_to else ""
            print(f"{tensor.name:<64} {shape:>28} {tensor.elements:>18,}{tied}")


def chosen(model: str, guess: bool) -> Model:
    """The model that a person names; a guess is said on standard error, whatever is printed."""
    found = find(model, guess=guess)
    if found.architecture.guess:
        for line in found.architecture.warnings:
            print(f"llm-gallery: {printable(line, 300)}", file=sys.stderr)
    return found


def _listed(entry: Entry) -> Mapping[str, Any]:
    return {
        "id": entry.id,
        "name": entry.name,
        "organization": entry.organization,
        "repository": entry.repository,
        "released": entry.released.isoformat(),
    }


def as_json(found: object) -> None:
    """Prints plain data for programs."""
    json.dump(found, sys.stdout, indent=2, ensure_ascii=False, allow_nan=False)
    print()
