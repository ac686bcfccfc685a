"""Random configs of every family come out as the reference builds them: tensors, ties, caches and positions.

The reference is built anew for each, so these tests need the `truth` extra; seeds are fixed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from llm_gallery.analysis.contract import facts
from llm_gallery.architecture.block import Architecture, Block, layers, mixers
from llm_gallery.families import names
from llm_gallery.recognition import describe
from llm_gallery.recognition.lone_names import TEXTS as INNER
from llm_gallery.recognition.wrapper_rows import ROWS
from tests.sample import first
from tests.truth.mutations_of_dense import DENSE
from tests.truth.mutations_of_early_families import EARLY_FAMILIES
from tests.truth.mutations_of_experts import EXPERTS
from tests.truth.mutations_of_late_2026 import LATE_2026
from tests.truth.mutations_of_latents import LATENTS
from tests.truth.mutations_of_reference_additions import REFERENCE_ADDITIONS
from tests.truth.mutations_of_shared_blocks import SHARED_BLOCKS
from tests.truth.mutations_of_single_releases import SINGLE_RELEASES
from tests.truth.mutations_of_states import STATES
from tests.truth.mutations_of_streams import STREAMS
from tests.truth.mutations_of_texts import TEXTS
from tests.truth.mutations_of_towers import TOWERS
from tests.truth.mutations_of_uncatalogued import UNCATALOGUED
from tests.truth.mutations_of_variants import VARIANTS
from tools import reference
from tools.digests import DIFFERENCES, cached_bytes, described, renamed, spelled, tied
from tools.generate_defaults import LACKING

SEEDS = range(8)
FAMILIES = {
    **DENSE, **EXPERTS, **LATENTS, **STATES, **TOWERS, **EARLY_FAMILIES, **UNCATALOGUED, **SINGLE_RELEASES,
    **VARIANTS, **REFERENCE_ADDITIONS, **TEXTS, **STREAMS, **SHARED_BLOCKS, **LATE_2026,
}  # fmt: skip
DEEPSEEK_V4 = {
    "sliding_attention": "main",
    "compressed_sparse_attention": "compress",
    "heavily_compressed_attention": "compress",
}
"""The rotation of each kind of its layers, by the reference's names."""
COMPARED = ("parameters", "layers", "cache", "flops_per_token_at", "concepts", "context", "width")


def mutated(model_type: str, seed: int) -> Mapping[str, Any]:
    """A config of that family; the same seed gives the same config."""
    return FAMILIES[model_type](Random(f"{model_type} {seed}"))


def test_every_family_is_drawn() -> None:
    drawn = {*FAMILIES, *reference.BUILT_AS, *LACKING} - {*ROWS, *INNER}
    assert drawn == set(names())


@pytest.mark.truth
@pytest.mark.parametrize("seed", first(SEEDS, SEEDS[:2], SEEDS[2:]))
@pytest.mark.parametrize("family", FAMILIES)
def test_random_config_equals_the_reference(family: str, seed: int) -> None:
    raw = mutated(family, seed)
    architecture = describe(raw)
    root = architecture.root
    built = reference.model(raw)
    stored = reference.stored(built)
    assert described(root) == spelled(raw["model_type"], {**stored.parameters, **stored.buffers})
    assert tied(root) == renamed(raw["model_type"], stored.tied)
    assert architecture.unread == ()
    text = built.config.get_text_config()
    for length in lengths(text, root) if comparable(raw, root) else ():
        assert cached_bytes(root, length) == reference.cached_bytes(built, length)
    longest = getattr(text, "max_position_embeddings", getattr(text, "max_seq_len", None))
    assert root.value("context") == longest
    for index, layer in zip(ran(text, len(layers(root))), layers(root), strict=True):
        assert positions(layer) == reference_positions(raw, text, index, layer), index


@pytest.mark.truth
@pytest.mark.parametrize("whole", [True, False], ids=["whole", "difference"])
@pytest.mark.parametrize("seed", first(SEEDS[:6], SEEDS[:2], SEEDS[2:6]))
@pytest.mark.parametrize("family", FAMILIES)
def test_config_saved_by_the_reference_says_the_same(family: str, seed: int, whole: bool) -> None:
    raw = mutated(family, seed)
    saved = json.loads(reference.config(raw).to_json_string(use_diff=not whole))
    ours, again = describe(raw), describe(saved)
    assert described(again.root) == described(ours.root)
    assert again.unread == ()
    if family != DIFFERENCES["rope_theta"]["model_type"]:
        assert told(again) == told(ours)


def comparable(raw: Mapping[str, Any], root: Block) -> bool:
    """Whether the reference can run a cache, and keeps in it what its checkpoint stores."""
    attends_somewhere = any(attends(layer) for layer in layers(root))
    asked = attends_somewhere or raw["model_type"] in DIFFERENCES["stateful"]["model_types"]
    return asked and raw["model_type"] not in DIFFERENCES["expanded"]["model_types"]


def lengths(text: Any, root: Block) -> tuple[int, int]:
    """After how many tokens caches are compared: two points fix a line, the second beyond every window.

    A window as long as the context is none to us; the reference still closes it, after the context's end.
    """
    windows = any(getattr(text, key, None) for key in ("sliding_window", "attention_chunk_size"))
    context = root.value("context")
    longest = min(9000, context - 1) if isinstance(context, int) else 9000
    return (3, longest) if windows else (3, 260)


def told(architecture: Architecture) -> Mapping[str, Any]:
    held = facts(architecture)
    return {key: held[key] for key in COMPARED} | {
        "positions": [positions(layer) for layer in layers(architecture.root)]
    }


def ran(text: Any, count: int) -> list[int]:
    """The reference's layers in the order in which a token runs them: those of Dory's loop several times."""
    if not hasattr(text, "n_recurrent_loops"):
        return [*range(count)]
    start, again = text.n_input_layers, text.n_recurrent_layers
    loop = [*range(start, start + again)] * text.n_recurrent_loops
    return [*range(start), *loop, *range(start + again, text.num_hidden_layers)]


def attends(layer: Block) -> bool:
    return any(block.attends for block in mixers(layer))


def positions(layer: Block) -> tuple[Any, ...] | None:
    """Base, extension and its factor of a layer that rotates; None for others."""
    block = next((block for block in mixers(layer) if block.value("position") == "rope"), None)
    if block is None:
        return None
    return block.value("rope_base"), block.value("rope_scaling"), block.value("rope_factor")


def unrotated(layer: Block) -> bool:
    return any(block.value("position") == "none" for block in mixers(layer))


def reference_positions(
    raw: Mapping[str, Any], text: Any, index: int, layer: Block
) -> tuple[Any, ...] | None:
    """The same from the reference's config object, which fills in what a config leaves out."""
    if raw["model_type"] in DIFFERENCES["fixed_base"]["model_types"]:
        return 10000.0, None, None
    held = getattr(text, "rope_parameters", None)
    rotated = getattr(text, "no_rope_layers", None)
    if not held or not attends(layer) or (rotated and not rotated[index]):
        return None
    if raw["model_type"] in DIFFERENCES["nope"]["model_types"] and unrotated(layer):
        return None
    kinds = getattr(text, "layer_types", None)
    kind = kinds[index] if kinds else None
    if kind in held and held[kind] is None:  # Beam: such layers know no positions
        return None
    said = held.get(kind) or held.get(DEEPSEEK_V4.get(kind or "")) or held
    extended = said["rope_type"] not in ("default", "proportional")  # Gemma 4: a part of each head
    own = getattr(text, "layer_rope_theta", None)  # Muse Glimmer: a base for each layer, 0 for none
    if own and not own[index]:
        return None
    base = own[index] if own else said["rope_theta"]
    if base is None:  # OLMo Hybrid: a base that is null is none
        return None
    lost = raw["model_type"] == DIFFERENCES["rope_theta"]["model_type"] and "rope_theta" in raw
    if lost and kind == "sliding_attention":
        base = raw["rope_theta"]
    return base, said["rope_type"] if extended else None, said["factor"] if extended else None
