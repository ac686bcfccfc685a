"""Zamba2: Mamba-2 in every layer, and in every sixth a transformer beside it whose weights such layers share by turns.

What the transformer gives is added to what Mamba-2 reads, not to the stream. It reads the stream and the token's
embedding side by side, and each layer has adapters of low rank of its own.

Each layer's adapters stand in that layer. Step sizes below `time_step_min` aren't raised, as the reference does for
several tokens at once alone.

Reference: transformers/models/zamba2/modular_zamba2.py
Paper: https://arxiv.org/abs/2411.15242
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Value, derived
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Convolved,
    Heads,
    Scaling,
    adapted,
    added,
    attention,
    facts,
    gated_mlp,
    group,
    identity,
    joined_embedding,
    layer,
    linear,
    mamba2,
    passed_by,
    residual,
    rms_norm,
    shared,
    with_settings,
)
from llm_gallery.families._config import Json, Size, config, multiple, same, shared_among
from llm_gallery.families._layers import typed
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, kv, norm

EPS = 1e-5
"""Of the norm inside Mamba-2, whatever the config says."""
HYBRID = "hybrid"
TYPES = ("linear_attention", "mamba", HYBRID)
"""Kinds of layers; "mamba" is the first release's word for the first."""
SCHEDULE = (
    tuple(kind for count in (6, *[5] * 6, 4, 3) for kind in (*["linear_attention"] * count, HYBRID))
    + ("linear_attention",) * 2
)
"""Kinds of the 54 layers of Zamba2 2.7B."""
LONG = 16384
"""Tokens of the context that `use_long_context` says, in place of the one that is stated."""


@config(
    "zamba2",
    unused=("kv_channels", "num_query_groups", "use_mem_eff_path", "use_conv_bias"),
)
class Zamba2(Llama):
    intermediate_size: Size | None  # type: ignore[assignment]  # ffn_hidden_size in older releases
    head_dim: Size | None = None
    layers_block_type: tuple[str, ...] | None
    mamba_d_state: Size
    mamba_d_conv: Size
    mamba_expand: Size
    mamba_ngroups: Size
    n_mamba_heads: Size
    add_bias_linear: bool
    num_mem_blocks: Size
    use_shared_attention_adapter: bool
    adapter_rank: Size
    use_mem_rope: bool
    use_long_context: bool
    attention_hidden_size: Size | None = None
    mamba_headdim: Size | None = None
    hybrid_layer_ids: tuple[int, ...] | None = None
    ffn_hidden_size: Size | None = None  # in released files, and read by no class


def zamba2(c: Zamba2) -> Block:
    said = c.layers_block_type
    usual = default(c) if said is None else ()
    types = typed(said, c.num_hidden_layers, usual, TYPES, "layers_block_type")
    users = [index for index, kind in enumerate(types) if kind == HYBRID]
    refuse_disagreement(c, users)
    plain = layer(residual(*recurrent(c)))
    layers = [
        hybrid(c, users, users.index(index)) if index in users else plain
        for index in range(len(types))
    ]
    return decoder(
        c,
        layers,
        after=(norm(c, "final_layernorm"),),
        context=derived(LONG, "use_long_context") if c.use_long_context else None,
    )


def default(c: Zamba2) -> Sequence[str]:
    """The schedule that the reference takes where none is stated."""
    words = ("num_hidden_layers", "the layers of the schedule without layers_block_type")
    same(c.num_hidden_layers, len(SCHEDULE), words)
    return SCHEDULE


def refuse_disagreement(c: Zamba2, users: list[int]) -> None:
    """Refuses what is stated beside the keys that it follows from, and doesn't."""
    wide = 2 * c.hidden_size
    stated: Mapping[str, tuple[object, object, str]] = {
        "head_dim": (c.head_dim, wide // c.num_attention_heads, "2 x hidden_size / heads"),
        "attention_hidden_size": (c.attention_hidden_size, wide, "2 x hidden_size"),
        "mamba_headdim": (c.mamba_headdim, head_dim(c), "mamba_expand x hidden_size / heads"),
        "hybrid_layer_ids": (c.hybrid_layer_ids, tuple(users), "layers of that type"),
        "ffn_hidden_size": (c.ffn_hidden_size, mlp_width(c), "intermediate_size"),
    }
    for key, (said, follows, words) in stated.items():
        if said is not None:
            same(said, follows, (key, words))


def head_dim(c: Zamba2) -> int:
    """Of a head of the state space."""
    inner = c.mamba_expand * c.hidden_size
    return shared_among(inner, c.n_mamba_heads, ("mamba_expand x hidden_size", "n_mamba_heads"))


def recurrent(c: Zamba2) -> tuple[Block, Block]:
    """A norm, and the state space that reads it."""
    multiple(c.n_mamba_heads, c.mamba_ngroups, ("n_mamba_heads", "mamba_ngroups"))
    block = mamba2(
        "mamba",
        width=c.hidden_size,
        heads=c.n_mamba_heads,
        head_dim=head_dim(c),
        state_dim=c.mamba_d_state,
        groups=c.mamba_ngroups,
        convolved=Convolved(c.mamba_d_conv, "silu", True),
        bias=c.add_bias_linear,
    )
    inside = tuple(with_settings(part, eps=EPS) if part.is_norm else part for part in block.inside)
    state_space = with_settings(replace(block, inside=inside), norm_groups=int(c.mamba_ngroups))
    return norm(c, "input_layernorm"), state_space


def hybrid(c: Zamba2, users: list[int], turn: int) -> Block:
    """Mamba-2, which reads the stream and what the transformer of this turn makes of it, added.

    Where head and embedding aren't tied, the reference shares no transformer either: each layer has one of its own,
    with the adapters of all turns that would share it.
    """
    if not c.tie_word_embeddings:
        path = f"model.layers.{users[turn]}.shared_transformer"
        block = added_to_input(c, transformer(c, path, turn), *recurrent(c))
        idle = [block for i in other_turns(c, users, turn) for block in adapters(c, i)]
        return (
            replace(block, inside=(*block.inside, passed_by(group("", *idle)))) if idle else block
        )
    path = f"model.layers.{users[turn % c.num_mem_blocks]}.shared_transformer"
    model = transformer(c, path, turn)
    if turn >= c.num_mem_blocks:
        model = shared(model, path)
    if len(users) > c.num_mem_blocks:
        model = with_shared_weights(model, c.num_mem_blocks)
    return added_to_input(c, model, *recurrent(c))


def other_turns(c: Zamba2, users: list[int], turn: int) -> list[int]:
    """The other turns of the same set of weights."""
    sets = int(c.num_mem_blocks)
    return [i for i in range(len(users)) if i != turn and i % sets == turn % sets]


def adapters(c: Zamba2, turn: int) -> Iterator[Block]:
    """The adapters of a turn that a layer stores and doesn't run: two matrices beside each of the transformer's."""
    for mixer in (attends(c, "self_attn", turn), mlp(c, "feed_forward", turn)):
        for part in mixer.inside:
            for tensor in part.tensors:
                if tensor.stored_as:
                    outputs, inputs = tensor.shape
                    name = f"shared_transformer.{tensor.stored_as.removesuffix('.weight')}"
                    yield linear(name, inputs, outputs)


def added_to_input(c: Llama, block: Block, *recurrent: Block) -> Block:
    """A layer of a state space that reads the stream and what a transformer gives, through a matrix of the layer's own."""
    to_input = linear("linear", c.hidden_size, c.hidden_size, role="output")
    beside = added(identity(), group("", block, to_input))
    return layer(residual(beside, group("mamba_decoder", *recurrent)))


def with_shared_weights(block: Block, count: int) -> Block:
    """The transformer, whose mixers say in how many sets of weights its layers run by turns."""
    return replace(
        block,
        inside=tuple(
            telling(part, weight_sets=count) if part.mixes else part for part in block.inside
        ),
    )


def telling(mixer: Block, **value: Value) -> Block:
    """The mixer with further facts."""
    return replace(mixer, facts={**mixer.facts, **facts(**value)})


def transformer(c: Zamba2, path: str, turn: int) -> Block:
    """Attention and an MLP, one after the other with no stream beside them; adapters are those of this turn."""
    width = c.hidden_size
    return group(
        "shared_transformer",
        joined_embedding(width),
        rms_norm("input_layernorm", 2 * width),
        attends(c, f"{path}.self_attn", turn),
        norm(c, "pre_ff_layernorm"),
        mlp(c, f"{path}.feed_forward", turn),
    )


def attends(c: Zamba2, path: str, turn: int) -> Block:
    """Attention over vectors of twice the width, whose scores the root of half a head divides."""
    wide, queries, keys = 2 * c.hidden_size, c.num_attention_heads, kv(c)
    multiple(queries, keys, ("num_attention_heads", "num_key_value_heads"))
    dim = shared_among(wide, queries, ("2 x hidden_size", "num_attention_heads"))
    inside = [
        linear(f"{letter}_proj", wide, count * dim, role=role)
        for letter, role, count in (
            ("q", "query", queries),
            ("k", "key", keys),
            ("v", "value", keys),
        )
    ]
    if c.use_shared_attention_adapter:
        same(queries, keys, ("num_attention_heads", "num_key_value_heads"))
        inside = [
            adapted(part, c.adapter_rank, f"{path}.linear_{part.name[0]}_adapter_list.{turn}")
            for part in inside
        ]
    mixer = attention(
        "self_attn",
        heads=Heads(queries, keys, dim),
        positions=rope(c, dim) if c.use_mem_rope else NO_POSITION,
        inside=[*inside, linear("o_proj", queries * dim, c.hidden_size, role="output")],
        scaling=Scaling(scale_dim=derived(multiple(dim, 2, ("head_dim", "2")), "head_dim / 2")),
        bias=False,
    )
    return telling(mixer, adapter_rank=c.adapter_rank) if c.use_shared_attention_adapter else mixer


def mlp_width(c: Zamba2) -> int:
    """Of the MLP inside, as stated or as the reference fills it in."""
    said = c.intermediate_size
    return derived(4 * c.hidden_size, "4 x hidden_size") if said is None else said


def mlp(c: Zamba2, path: str, turn: int) -> Block:
    """A gated MLP, gate and up in one matrix, and their adapter."""
    channels = gated_mlp(
        "feed_forward",
        width=c.hidden_size,
        inner=mlp_width(c),
        activation=c.hidden_act,
        bias=c.add_bias_linear,
        fused=True,
    )
    first, *others = channels.inside
    stored_as = f"{path}.gate_up_proj_adapter_list.{turn}"
    channels = replace(channels, inside=(adapted(first, c.adapter_rank, stored_as), *others))
    return telling(channels, adapter_rank=c.adapter_rank)


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """The first layers of the schedule that the class takes as fixed, where the config states none."""
    if not {"layers_block_type", "layer_types"} & config.keys():
        small["layers_block_type"] = [*SCHEDULE[:depth]]


def fit(config: Json, small: dict[str, Any]) -> None:
    """Attention is over twice the width, and the state space over all of it."""
    wide = small["hidden_size"] * 2
    each = wide // small["num_attention_heads"]
    inner = small["mamba_expand"] * small["hidden_size"] // small["n_mamba_heads"]
    sizes = {"attention_hidden_size": wide, "attention_head_dim": each, "head_dim": each}
    for key, size in (sizes | {"mamba_headdim": inner}).items():
        if isinstance(config.get(key), int):
            small[key] = size
