"""OpenELM: Llama with norms on queries and keys, whose layers have more heads and a wider MLP the later they come.

The release's class works heads out from `qkv_multipliers` and overwrites `num_query_heads`; a file whose lists say
otherwise is refused.

Reference: configuration_openelm.py, modeling_openelm.py of the releases (transformers has no such type)
Model: https://huggingface.co/apple/OpenELM-270M, https://huggingface.co/apple/OpenELM-3B
Paper: https://arxiv.org/abs/2404.14619
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact, derived
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    Positions,
    attention,
    gated_mlp,
    language_model,
    layer,
    linear,
    plain_mlp,
    residual,
    rms_norm,
    stack,
    with_settings,
)
from llm_gallery.families._config import (
    Depth,
    Json,
    Length,
    Size,
    config,
    exactly,
    multiple,
    per_layer,
    same,
    stated,
)
from llm_gallery.families._layers import each
from llm_gallery.families._values import Bounds
from llm_gallery.families.llama import norm_settings

Base = Annotated[float, Bounds(1, 10**18)]
Multiplier = Annotated[float, Bounds(0.001, 1000)]
LEAST_OF_ROUNDED = 0.9
"""What rounding leaves of a width at least: one rounded down by more is rounded up."""


class Scaled(NamedTuple):
    """What differs from layer to layer: heads that ask, and the multiplier of the MLP's width."""

    queries: int
    multiplier: float


@config(
    "openelm",
    unused=("rope_max_length",),  # angles that are computed beforehand; longer texts compute theirs
    classes=("OpenELMForCausalLM",),
    computes={"eps": 1e-6},
)
class Openelm:
    """Defaults are those of configuration_openelm.py. An untied model stores a second head that nothing reads: no release is."""

    vocab_size: Size
    model_dim: Size
    head_dim: Size
    num_transformer_layers: Depth
    max_context_length: Length
    qkv_multipliers: Multiplier | tuple[Multiplier, ...] = 1.0
    num_gqa_groups: Size = 1
    num_query_heads: Size | tuple[Size, ...] | None = None
    num_kv_heads: tuple[Size, ...] | None = None
    ffn_multipliers: Multiplier | tuple[Multiplier, ...] = 4.0
    ffn_dim_divisor: Size = 256
    ffn_with_glu: bool = True
    activation_fn_name: str = "swish"
    normalization_layer_name: Literal["rms_norm"] = "rms_norm"
    normalize_qk_projections: bool = False
    rope_freq_constant: Base = 10000.0
    share_input_output_layers: Literal[True]


def openelm(c: Openelm) -> Block:
    width = c.model_dim

    def decoder_layer(scaled: Scaled) -> Block:
        return layer(
            residual(rms_norm("attn_norm", width), grouped_query(c, scaled.queries)),
            residual(rms_norm("ffn_norm", width), mlp(c, scaled.multiplier)),
        )

    whole = language_model(
        stack("layers", each(scaled(c), decoder_layer)),
        Names("transformer", "token_embeddings"),
        vocabulary=c.vocab_size,
        width=width,
        context=c.max_context_length,
        tied=stated(c, "share_input_output_layers"),
        after=(rms_norm("norm", width),),
    )
    return with_settings(whole, **norm_settings(c))


def scaled(c: Openelm) -> Sequence[Scaled]:
    """Of each layer: the class works heads out from the multipliers, so that lists of them may only repeat that."""
    layers = c.num_transformer_layers
    qkv_multipliers = c.qkv_multipliers
    if not isinstance(qkv_multipliers, float):
        exactly(qkv_multipliers, 2, "qkv_multipliers")
    whole = c.head_dim * c.num_gqa_groups
    queries = [
        rounded(c.model_dim * of, whole) // c.head_dim
        for of in layer_multipliers(qkv_multipliers, layers)
    ]
    if isinstance(c.num_query_heads, tuple):  # a number is what the class takes and overwrites
        repeats(c.num_query_heads, queries, ("num_query_heads", "what qkv_multipliers give"))
    if c.num_kv_heads is not None:
        shared = [heads // c.num_gqa_groups for heads in queries]
        repeats(c.num_kv_heads, shared, ("num_kv_heads", "num_query_heads / num_gqa_groups"))
    return [*map(Scaled, queries, layer_multipliers(c.ffn_multipliers, layers))]


def repeats(said: Sequence[int], counts: Sequence[int], names: tuple[str, str]) -> None:
    """Refuses a list with another number of heads in some layer than follows."""
    for index, (count, other) in enumerate(
        zip(exactly(said, len(counts), names[0]), counts, strict=True)
    ):
        same(count, other, (f"{names[0]}[{index}]", names[1]))


def layer_multipliers(stated_multipliers: float | Sequence[float], layers: int) -> Sequence[float]:
    """A multiplier for each layer: the same one, even steps from the first of two to the second, or what a list says."""
    if isinstance(stated_multipliers, float | int):
        return [stated_multipliers] * layers
    if len(stated_multipliers) != 2:
        return per_layer(stated_multipliers, layers, "ffn_multipliers") or ()
    first, last = stated_multipliers
    step = (last - first) / max(layers - 1, 1)
    steps = [first + index * step for index in range(layers)]
    if layers > 1:
        steps[-1] = last
    return [round(100 * of) / 100 for of in steps]


def rounded(width: float, divisor: int) -> int:
    """The nearest multiple, one at least, and not much less than what was asked for."""
    multiple = max(divisor, int(width + divisor / 2) // divisor * divisor)
    return multiple + divisor if multiple < LEAST_OF_ROUNDED * width else multiple


def grouped_query(c: Openelm, queries: int) -> Block:
    width, dim = c.model_dim, c.head_dim
    multiple(dim, 2, ("head_dim", "the two channels that turn together"))
    heads = derived(queries, "qkv_multipliers x model_dim / head_dim, rounded")
    shared = derived(queries // c.num_gqa_groups, "num_query_heads / num_gqa_groups")
    normed = stated(c, "normalize_qk_projections")
    style = Fact("per head" if normed.value else None, normed.evidence, normed.source)
    norms = ("q_norm", "query_norm"), ("k_norm", "key_norm")
    return attention(
        "attn",
        heads=Heads(heads, shared, dim),
        positions=Positions(kind="rope", rotated=dim, base=c.rope_freq_constant),
        inside=(
            linear(
                "qkv_proj",
                width,
                (queries + 2 * shared) * dim,
                role=("query", "key", "value"),
                rows=[queries * dim, shared * dim, shared * dim],
            ),
            *(rms_norm(name, dim, role=role) for name, role in norms if normed.value),
            linear("out_proj", queries * dim, width, role="output"),
        ),
        qk_norm=style,
    )


def mlp(c: Openelm, multiplier: float) -> Block:
    """proj_2(act(gate x) * up x), both halves in proj_1, or without a gate."""
    inner = derived(
        rounded(multiplier * c.model_dim, c.ffn_dim_divisor),
        "ffn_multipliers x model_dim, rounded to ffn_dim_divisor",
    )
    build, names = (gated_mlp if c.ffn_with_glu else plain_mlp), ("proj_1", "proj_2")
    return build(
        "ffn", width=c.model_dim, inner=inner, activation=c.activation_fn_name, names=names
    )


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """A few layers from OpenELM's narrowest to its widest: no two of a release are alike."""
    small |= {"model_dim": 128, "ffn_dim_divisor": 8, "max_context_length": 64}
    small["num_transformer_layers"] = min(config["num_transformer_layers"], 5)
    small["num_gqa_groups"] = min(config.get("num_gqa_groups", 1), 2)
    widths = config.get("ffn_multipliers")
    if isinstance(widths, list | tuple):
        small["ffn_multipliers"] = [widths[0], widths[-1]]
    for key in ("num_query_heads", "num_kv_heads"):  # which the multipliers give
        small.pop(key, None)
