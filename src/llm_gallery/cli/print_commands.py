"""Commands that print: for people on a terminal, or for programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from llm_gallery.cli.inputs import chosen
from llm_gallery.extras import need

if TYPE_CHECKING:
    pass


def models(form: str) -> None:
    """The catalog, newest first."""
    from llm_gallery.catalog.listing import Catalog
    from llm_gallery.catalog.load import entries

    listed = Catalog(entries())
    if form == "json":
        as_json(listed.to_json())
        return
    from llm_gallery.catalog import tables

    listed.show(tables.terminal())


def facts(model: str, form: str, dtype: str, prove: bool, guess: bool) -> None:
    """One model's facts, and what running it proves of them where that is asked for."""
    if prove:
        need("run", "A proof")
    described = chosen(model, guess)
    from llm_gallery.catalog.model_facts import model_facts

    stated = model_facts(described, dtype)
    if prove:
        from llm_gallery.catalog.proof_report import report

        stated = {**stated, "proof": report(described)}
    if form == "json":
        as_json(stated)
        return
    from llm_gallery.catalog import tables

    tables.facts(tables.terminal(), described, stated)


def explanation(model: str, form: str, guess: bool) -> None:
    """One model in prose."""
    described = chosen(model, guess)
    from llm_gallery.catalog.explanations import explain
    from llm_gallery.explanation import markdown, text, to_json

    said = explain(described)
    if form == "json":
        as_json(to_json(said))
    else:
        sys.stdout.write(markdown(said) if form == "markdown" else text(said))


def nearest(model: str, form: str, guess: bool) -> None:
    """One model beside the catalog's."""
    described = chosen(model, guess)
    from llm_gallery.catalog.nearest import markdown, text, to_json
    from llm_gallery.catalog.nearest import nearest as found

    near = found(described)
    if form == "json":
        as_json(to_json(near))
    else:
        sys.stdout.write(markdown(near) if form == "markdown" else text(near))


def accuracy(form: str) -> None:
    """Every model's counts beside the published one."""
    from llm_gallery.catalog.accuracy import rows
    from llm_gallery.catalog.accuracy_table import markdown, to_json

    table = rows()
    if form == "json":
        as_json(to_json(table))
    elif form == "markdown":
        sys.stdout.write(markdown(table))
    else:
        from llm_gallery.catalog import tables

        tables.accuracy(tables.terminal(), table)


def tensors(model: str, form: str, guess: bool) -> None:
    """One model's tensors, line by line: a checkpoint may have a hundred thousand. Below a text stands what counts them."""
    from llm_gallery.architecture.block import tensors as stored

    root = chosen(model, guess).architecture.root
    if form == "tsv":
        print("name\tshape\tparameters\ttied_to\tcounted_in")
    sums: dict[str, int] = {}
    for tensor in stored(root):
        counted = tensor.counted_in
        if form == "tsv":
            shape = ",".join(map(str, tensor.shape))
            print(tensor.name, shape, tensor.elements, tensor.tied_to or "", counted, sep="\t")
            continue
        shape = " × ".join(f"{size:,}" for size in tensor.shape)
        beside = f"  = {tensor.tied_to}" if tensor.tied_to else ""
        if counted:
            sums[counted] = sums.get(counted, 0) + tensor.elements
            beside = "" if counted == "total" else f"  {_in_words(counted)}"
        print(f"{tensor.name:<64} {shape:>28} {tensor.elements:>18,}{beside}")
    for counted, elements in sums.items():
        print(f"{_in_words(counted):<64} {'':>28} {elements:>18,}")


def _in_words(counted_in: str) -> str:
    """The number that counts a tensor: "multi-token prediction"."""
    return counted_in.replace("multi_token", "multi-token").replace("_", " ")


def as_json(value: object) -> None:
    """Prints plain data for programs."""
    json.dump(value, sys.stdout, indent=2, ensure_ascii=False, allow_nan=False)
    print()
