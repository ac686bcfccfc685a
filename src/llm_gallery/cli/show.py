"""Commands that print: for people on a terminal, or for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from llm_gallery.catalog.load import entries, find

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


def facts(model: str, form: str, dtype: str) -> None:
    """One model's facts."""
    found = find(model)
    from llm_gallery.catalog.facts import model_facts

    said = model_facts(found, dtype)
    if form == "json":
        as_json(said)
        return
    from llm_gallery.cli import tables

    tables.facts(found, said)


def tensors(model: str, form: str) -> None:
    """One model's tensors, line by line: a checkpoint may have a hundred thousand."""
    from llm_gallery.architecture.block import tensors as stored

    root = find(model).architecture.root
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
