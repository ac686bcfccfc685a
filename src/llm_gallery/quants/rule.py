"""The type that llama-quantize gives each tensor of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.quants import ladders
from llm_gallery.quants.ladders import Ladder, Place, step
from llm_gallery.quants.members import Member
from llm_gallery.quants.mixes import LOW_BIT, MIXES, UNPACKED
from llm_gallery.quants.model import ModelFacts
from llm_gallery.sources.gguf_types import TYPES

BLOCKS = {kind.name: kind for kind in TYPES.values()}
FALLBACKS = {
    **dict.fromkeys(
        ("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ4_XS"), "IQ4_NL"
    ),
    **dict.fromkeys(("Q2_0", "Q2_K", "Q3_K", "TQ1_0", "TQ2_0"), "Q4_0"),
    "Q4_K": "Q5_0",
    "Q5_K": "Q5_1",
    "Q6_K": "Q8_0",
}
"""Types of smaller blocks, for rows that blocks of a type don't divide; F16 where theirs don't either."""
TABLES: Mapping[str, Mapping[str, Ladder]] = {
    "embedding": ladders.EMBEDDING,
    "values": ladders.VALUES,
    "keys": ladders.KEYS,
    "queries": ladders.QUERIES,
    "out": ladders.OUT,
    "down": ladders.DOWN,
    "up": ladders.UP_OR_GATE,
    "gate": ladders.UP_OR_GATE,
}
OF_FALCON = {**TABLES, "out": ladders.OUT_OF_FALCON, "down": ladders.DOWN_OF_FALCON}
OF_EIGHT_EXPERTS = {**TABLES, "out": ladders.OUT_OF_EIGHT}
ALWAYS_Q8_0 = {"glm5-next": ("attn_q_a", "attn_q_b", "nextn.eh_proj")}
"""Parts of names that one architecture has in Q8_0 in every mix with blocks."""


def types(
    tensors: Sequence[Member], model: ModelFacts, mix: str, *, matrix: bool = False
) -> dict[str, str]:
    """The type of every tensor in a mix.

    `matrix` is whether there is an importance matrix. Raises Refusal where llama-quantize stops.
    """
    of_values = sum(tensor.group == "values" for tensor in tensors)
    found = {}
    for tensor in tensors:
        if not tensor.quantized:
            found[tensor.weight.name] = tensor.weight.type
        elif mix in UNPACKED:
            found[tensor.weight.name] = mix
        else:
            count = of_values if tensor.group == "values" else model.layers
            at = Place(_number(tensor, mix, model), count, model, matrix)
            chosen = _chosen(tensor, at, mix)
            found[tensor.weight.name] = _fitting(chosen, tensor.weight.shape[-1])
    return found


def _number(tensor: Member, mix: str, model: ModelFacts) -> int:
    """The place of a tensor in its class: how many went before, or beside experts the number of its layer."""
    by_layer = model.experts > 1 and tensor.group in ("down", "up", "gate")
    if not by_layer or mix in LOW_BIT or mix == "MXFP4_MOE":
        return tensor.number
    if tensor.layer is None or tensor.layer >= model.layers:
        raise Refusal(
            f"{quoted(tensor.weight.name)} is in none of {model.layers:,} layers, expected one of them: "
            "llama-quantize stops there; check the keys of the file"
        )
    return tensor.layer


def _chosen(tensor: Member, at: Place, mix: str) -> str:
    """The type of a tensor before its rows are looked at."""
    model, kind, default = at.model, tensor.group, MIXES[mix]
    name, shape, _ = tensor.weight
    if any(part in name for part in ALWAYS_Q8_0.get(model.architecture, ())):
        return "Q8_0"
    if kind == "output":
        divided = shape[-1] % BLOCKS[default].elements == 0
        if not divided or model.architecture == "falcon":
            return "Q8_0"
        return step(ladders.OUTPUT.get(mix, ()), at, "Q6_K")
    if mix == "MXFP4_MOE":
        return "MXFP4" if _stacked(tensor, model) else "Q8_0"
    tables = TABLES
    if model.architecture == "falcon":
        tables = OF_FALCON
    elif model.experts == 8:
        tables = OF_EIGHT_EXPERTS
    chosen = step(tables.get(kind, {}).get(mix, ()), at, default)
    if mix in LOW_BIT:
        return chosen
    if kind == "values" and model.of_70b and chosen in ("Q3_K", "Q4_K"):
        chosen = "Q5_K"
    return "Q8_0" if kind in ("values", "keys") and model.experts == 8 else chosen


def _stacked(tensor: Member, model: ModelFacts) -> bool:
    """Whether a tensor is a stack of matrices: of experts, but that one architecture stacks heads too."""
    _, shape, _ = tensor.weight
    several = len(shape) > 2 and shape[-3] > 1
    return several and (
        model.architecture != "bailingmoe3" or tensor.group in ("up", "gate", "down")
    )


def _fitting(chosen: str, columns: int) -> str:
    """A type whose blocks divide a row. Raises Refusal where the rule has none."""
    block = BLOCKS[chosen].elements
    if columns % block == 0:
        return chosen
    if chosen not in FALLBACKS and block > 32:
        raise Refusal(
            f"a row of {columns:,} isn't whole blocks of {chosen}, expected a multiple of {block}: "
            "llama-quantize stops there; take another mix"
        )
    smaller = FALLBACKS.get(chosen, chosen)
    return "F16" if columns % BLOCKS[smaller].elements else smaller
