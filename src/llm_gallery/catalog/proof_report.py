"""A proof as plain data: what running a miniature proves, and what it doesn't. Needs the `run` extra."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from llm_gallery.architecture.block import distinct, layers, model_parts
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import Model
from llm_gallery.code.supported import refused
from llm_gallery.mechanisms import label
from llm_gallery.running.compared import OTHER_TYPE, TWICE, compared_models, way_of
from llm_gallery.running.proof import Proof, proof


def report(model: Model) -> dict[str, Any]:
    """Keys as in `llm-gallery facts --prove --format json`."""
    reason = refused(model.architecture)
    try:
        ran = None if reason else proof(model.config)
    except Refusal as refusal:  # what only a run finds, or a size that can't be made small
        ran, reason = None, str(refusal).removeprefix("can't run yet: ")
    if ran is None:
        left = f"anything: it can't run yet, {reason}"
        return {"runs": False, "reference": _reference(model), "not_proven": [left]}
    run = ran.run
    return {
        "runs": True,
        "miniature": {"layers": ran.layers, "parameters": ran.parameters, "tokens": ran.tokens},
        "one_by_one": {"holds": run.alike, "error": run.one_by_one},
        "kept": {"holds": run.within(run.kept), **run.kept._asdict()},
        "multiply_adds": {
            "holds": run.within(run.work) and (run.most or not run.uneven),
            **run.work._asdict(),
        },
        "tensors": {"read": ran.read, "stored": ran.stored},
        "reference": _reference(model),
        "not_proven": [*_left(model, ran)],
    }


def _reference(model: Model) -> dict[str, Any]:
    """What was measured beside the reference: for this model, else for others of its family."""
    measured = compared_models()
    family = measured.families.get(model.architecture.model_type, {})
    return {
        "transformers": measured.transformers,
        "error": family.get(model.id) if model.listed else None,
        "models": sorted(family),
    }


def _left(model: Model, ran: Proof) -> Iterator[str]:
    """What a run says nothing of."""
    reference, architecture = _reference(model), model.architecture
    way = way_of(architecture)
    if not way:
        yield "this type by itself: no run of it was compared with the reference"
    elif way == OTHER_TYPE:
        yield "this type in transformers, which lacks it: another of its types gives the same scores"
    elif way == TWICE:
        yield "this type in transformers, which lacks it: a second writing of the published code gives the same scores"
    elif not reference["models"]:
        yield "this model's wiring by itself: of its family, random configs were compared with the reference"
    elif reference["error"] is None:
        yield "this model's wiring by itself: others of its family were compared with the reference"
    if ran.run.one_by_one is None:
        yield "tokens one after another beside all at once: a given text is read both ways, so that they differ"
    if any("prompt" in block.facts for block in distinct(architecture.root)):
        yield "the first token's multiply-adds: it brings the learned prompt with it, and those after it are counted"
    if apart := dict.fromkeys(
        label(b) for _, b in model_parts(architecture.root) if b.stands_apart
    ):
        yield f"what is stored beside the language model: {', '.join(apart)}"
    if ran.run.waiting:
        yield f"the {ran.run.waiting:,} numbers kept of tokens whose group isn't full yet: memory leaves them out"
    if ran.run.spared:
        yield f"{ran.run.spared:,} of the multiply-adds, which no token needed: where a router may choose no expert, the fact sheet states the most"
    deep = len(layers(architecture.root))
    if deep > ran.layers:
        yield f"all {deep:,} layers: the miniature has {ran.layers:,}, of each kind at least one"
    yield f"what begins after {ran.tokens} tokens, rounding in fewer than 64 bits, and the weights themselves"
