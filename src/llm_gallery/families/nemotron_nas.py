"""Nemotron-NAS: Llama whose search chose for each layer how many heads share a key, how wide its MLP is, and what is left out.

Reference: modeling_decilm.py of the release (transformers has no such type), and vllm/model_executor/models/nemotron_nas.py
Model: https://huggingface.co/nvidia/Llama-3_3-Nemotron-Super-49B-v1
Paper: https://arxiv.org/abs/2411.19146
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Heads, layer, linear, residual
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Json, Size, config, multiple, per_layer
from llm_gallery.families._layers import each
from llm_gallery.families._values import Bounds, checked
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, norm, swiglu

WHOLE = 256
"""The inner width of an MLP is rounded up to a multiple of this."""
LINEAR = "replace_with_linear"
ATTENTION = (
    "no_op",
    LINEAR,
    "n_heads_in_group",
    "sparsify",
    "use_prefill_window_in_sink_attention",
)
FFN = ("no_op", LINEAR, "ffn_mult", "sparsify")
"""What is heeded of a part, and what isn't computed with: sparsity of training, windows of sinks that no layer has."""
Multiplier = Annotated[float, Bounds(0.001, 1000)]


class Chosen(NamedTuple):
    """What the search chose for a layer; None where the layer goes without that part, LINEAR where a matrix is all of it."""

    sharing: int | str | None  # query heads to one key and value head
    multiplier: float | str | None  # of the MLP's width


OF_EACH_LAYER = ("head_dim", "intermediate_size", "num_key_value_heads")
"""What the released code takes from the width, and from each layer."""


@config("nemotron-nas", unused=OF_EACH_LAYER, classes=("DeciLMForCausalLM",))
class NemotronNas(Llama):
    intermediate_size: None = None  # type: ignore[assignment]  # each layer has its own
    num_key_value_heads: None = None
    head_dim: None = None
    block_configs: tuple[Mapping[str, object], ...]


def nemotron_nas(c: NemotronNas) -> Block:
    blocks = per_layer(c.block_configs, c.num_hidden_layers, "block_configs") or ()
    chosen = [parsed_block(block, f"block_configs[{index}]") for index, block in enumerate(blocks)]
    return decoder(c, each(chosen, lambda chosen: layer(*branches(c, chosen))))


def branches(c: NemotronNas, chosen: Chosen) -> Iterator[Block]:
    """The parts that the layer has, each with the norm of what it reads."""
    if chosen.sharing is not None:
        yield residual(norm(c, "input_layernorm"), token_mixer(c, chosen.sharing))
    if chosen.multiplier is not None:
        yield residual(norm(c, "post_attention_layernorm"), channels(c, chosen.multiplier))


def token_mixer(c: NemotronNas, sharing: int | str) -> Block:
    """Attention, or the matrix in its place, which reads no other token."""
    if isinstance(sharing, str):
        return linear_in_place("self_attn.linear_attn", c.hidden_size)
    heads = c.num_attention_heads
    kv = multiple(heads, sharing, ("num_attention_heads", "n_heads_in_group"))
    linear_rows = Heads(heads, derived(kv, "num_attention_heads / n_heads_in_group"), head_dim(c))
    return grouped_query(c, heads=linear_rows)


def channels(c: NemotronNas, multiplier: float | str) -> Block:
    """The MLP, or the matrix in its place."""
    if isinstance(multiplier, str):
        return linear_in_place("mlp.linear_mlp", c.hidden_size)
    inner = inner_width(multiplier, c.hidden_size)
    return swiglu(c, inner=derived(inner, "2/3 ffn_mult x hidden_size, rounded up"))


def linear_in_place(name: str, width: int) -> Block:
    """One matrix without a bias, whatever the keys of biases say."""
    return linear(name, width, width, role="replacement")


def inner_width(multiplier: float, width: int) -> int:
    """Two thirds of what a plain MLP would have, as a gated one has three matrices for two; rounded up to whole 256."""
    return -(-int(2 * round(multiplier, 6) * width / 3) // WHOLE) * WHOLE


def parsed_block(block: Mapping[str, object], where: str) -> Chosen:
    """One entry of `block_configs`, with a value for each part that isn't left out."""
    attention = part(block, "attention", ATTENTION, where)
    ffn = part(block, "ffn", FFN, where)
    return Chosen(
        value(attention, "n_heads_in_group", Size, f"{where}.attention"),
        value(ffn, "ffn_mult", Multiplier, f"{where}.ffn"),
    )


def part(
    block: Mapping[str, object], name: str, known: Collection[str], where: str
) -> Mapping[str, object]:
    """What an entry says of one part; raises Refusal for what isn't computed here."""
    said = block.get(name)
    if not isinstance(said, Mapping):
        raise Refusal(f"{where}.{name} is {quoted(said)}, expected an object; correct it")
    for key, value in said.items():
        if value is not None and value is not False and key not in known:
            raise Refusal(
                f"{where}.{name}.{key} is {quoted(value)}, expected none: only "
                f"{', '.join(known)} are described; layers with more can't be told yet"
            )
    return said


def value(said: Mapping[str, object], key: str, hint: object, where: str) -> Any:
    """The number of a part that is there, None of one that is left out, LINEAR of one that a matrix stands for."""
    if checked(said.get("no_op", False), bool, f"{where}.no_op"):
        return None
    if checked(said.get(LINEAR, False), bool, f"{where}.{LINEAR}"):
        return LINEAR
    return checked(said.get(key), hint, f"{where}.{key}")


HEAD = 16
"""Channels of a head in a miniature, where the config leaves them to the width."""


def fit(config: Json, small: dict[str, Any]) -> None:
    """As many heads as share one key at most, where each layer says how many do."""
    blocks = config.get("block_configs") or ()
    shared = [block["attention"].get("n_heads_in_group") or 0 for block in blocks]
    if most := max(shared, default=0):
        small["num_attention_heads"] = min(most, config["num_attention_heads"])
        small["hidden_size"] = small["num_attention_heads"] * small.get("head_dim", HEAD)
