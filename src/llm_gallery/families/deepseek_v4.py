"""DeepSeek V4: attention over a window and a compressed past, keys and values in one, over four mixed residual streams, all layers with experts.

Reference: transformers/models/deepseek_v4/modular_deepseek_v4.py
Reference: sglang/srt/models/deepseek_v4_nextn.py (multi-token prediction)
Report: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/DeepSeek_V4.pdf
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived, known
from llm_gallery.architecture.parts import (
    Names,
    Positions,
    Shared,
    Stream,
    apart,
    compressed_attention,
    compressor,
    connection,
    experts,
    facts,
    gated_mlp,
    group,
    hyper_connection,
    indexer_over_blocks,
    layer,
    linear,
    matrix,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
    scaled_and_shifted,
    stack,
)
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import (
    Count,
    Few,
    Json,
    Length,
    Size,
    altered,
    at_most,
    config,
    multiple,
    same,
    stated,
)
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import PART, rope
from llm_gallery.families._rope_scale import number
from llm_gallery.families._saved import Saved
from llm_gallery.families.llama import Llama, decoder, norm

WINDOW, SPARSE, HEAVY = (
    "sliding_attention",
    "compressed_sparse_attention",
    "heavily_compressed_attention",
)
"""Kinds of layers as the reference names them: of heavy ones all of the compressed past is seen, and no indexer chooses."""


@config(
    "deepseek_v4",
    unused=("expert_dtype", "hc_eps", "num_key_value_heads", "topk_method"),
    computes={"pairs": True},
)
class DeepseekV4(Llama):
    head_dim: Size
    q_lora_rank: Size
    qk_rope_head_dim: Size
    o_groups: Size
    o_lora_rank: Size
    sliding_window: Length
    compress_ratios: tuple[Count, ...]
    compress_rope_theta: float
    index_n_heads: Size
    index_head_dim: Size
    index_topk: Size
    n_routed_experts: Size
    n_shared_experts: Literal[1]  # the class has the key and one shared expert
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    scoring_func: Literal["sqrtsoftplus"]
    norm_topk_prob: bool
    routed_scaling_factor: float
    swiglu_limit: float
    num_hash_layers: Count
    hc_mult: Size
    hc_sinkhorn_iters: Size
    num_nextn_predict_layers: Few | None


RATES = {WINDOW: 0, SPARSE: 4, HEAVY: 128}
"""How many tokens each compresses into one where nothing says."""
ROTATED = 64 / 512
"""The part of a head that the class rotates where nothing says."""


SAVED = {
    r"^model\.embed_tokens": "embed",
    r"^model\.hc_head\.hc_": "hc_head_",
    r"^model\.": "",
    r"attn\.norm": "attn.kv_norm",
}
"""The conversion to stored names undoes only a part of its renaming."""


@config("deepseek_v4", saved=Saved(SAVED))
class AsSaved(DeepseekV4):
    """The release's keys, or those that the reference saves in their place."""

    qk_rope_head_dim: Count = 0  # 0: a part of the head
    compress_ratios: tuple[Count, ...] = ()  # none: by the kinds of layers
    num_hash_layers: Count = 3  # as the class falls back
    layer_types: tuple[str, ...] | None
    mlp_layer_types: tuple[str, ...] | None
    compress_rates: dict[str, Size] | None
    compress_rate_csa: Size | None = None
    compress_rate_hca: Size | None = None


def deepseek_v4(c: AsSaved) -> Block:
    keys = list(zip(paces(c), hashed(c), strict=True))
    c = release_rotation(c)
    layers = each(keys, lambda key: decoder_layer(c, attention(c, key[0]), moe(c, hashed=key[1])))
    return decoder(
        c,
        stack("layers", layers, residual="hyper-connections", streams=c.hc_mult),
        Names("", "embed", "head"),
        after=(group("", collapse(c), norm(c, "norm")),),
        beside=next_token_modules(c),
    )


class Pace(NamedTuple):
    """How many tokens a layer compresses into one, 0 where it sees a window alone, and whether it chooses among them."""

    tokens: int
    sparse: bool


def paces(c: AsSaved) -> Sequence[Pace]:
    """Each layer's: by a list, or by the rates of kinds of layers, two heavy ones first."""
    count, said = c.num_hidden_layers, stated_rates(c)
    if c.compress_ratios and c.layer_types is None:
        if len(c.compress_ratios) < count:
            raise Refusal(
                f"compress_ratios lists {len(c.compress_ratios)} layers, expected {count} "
                "(num_hidden_layers); make the two agree"
            )
        listed = c.compress_ratios[:count]
        if not said:  # as the release's own code: what isn't 4 sees all of the compressed past
            return [Pace(tokens, tokens == RATES[SPARSE]) for tokens in listed]
        kinds = {tokens: kind for kind, tokens in RATES.items()}
        if other := [tokens for tokens in listed if tokens not in kinds]:
            raise Refusal(
                f"compress_ratios has {other[0]} beside compress_rates, expected {', '.join(map(str, kinds))} "
                "there, which name kinds of layers; leave one of the two out"
            )
        named: Sequence[str] = [kinds[tokens] for tokens in listed]
    else:
        default = [HEAVY if i < 2 or i % 2 == 0 else SPARSE for i in range(count)]
        named = typed(c.layer_types, count, default, (*RATES,))
    rates = {**RATES, **said} if c.compress_rates is None else {WINDOW: 0, **said}
    if missing := [kind for kind in named if kind not in rates]:
        raise Refusal(
            f"compress_rates has no {missing[0]}, expected its number of tokens: layers are of that kind; add it"
        )
    return [Pace(rates[kind], kind == SPARSE) for kind in named]


def stated_rates(c: AsSaved) -> Mapping[str, int]:
    """What a config says of kinds of layers; two keys of old count more than the object, as in the reference."""
    rates = dict(c.compress_rates or {})
    rates |= {k: v for k, v in ((SPARSE, c.compress_rate_csa), (HEAVY, c.compress_rate_hca)) if v is not None}  # fmt: skip
    if other := [kind for kind in rates if kind not in (SPARSE, HEAVY)]:
        raise Refusal(
            f"compress_rates has {quoted(other[0])}, expected {SPARSE} and {HEAVY}, each with a number of "
            "tokens; correct it in the config"
        )
    return rates


def hashed(c: AsSaved) -> Sequence[bool]:
    """Whether a table chooses a layer's experts."""
    count = c.num_hidden_layers
    default = ["hash_moe" if i < c.num_hash_layers else "moe" for i in range(count)]
    types = typed(c.mlp_layer_types, count, default, ("hash_moe", "moe"), "mlp_layer_types")
    return [kind == "hash_moe" for kind in types]


def release_rotation(c: AsSaved) -> AsSaved:
    """Its rotation in the release's keys; the reference saves one for layers with a stream and one for the others."""
    factor = c.partial_rotary_factor
    if factor is None and not c.qk_rope_head_dim:
        factor = ROTATED
    rotated = c.qk_rope_head_dim
    if factor is not None:
        rotated = derived(int(c.head_dim * factor), PART)
    c = altered(c, qk_rope_head_dim=rotated, partial_rotary_factor=None)
    said = c.rope_parameters or {}
    main, compress = said.get("main"), said.get("compress")
    if not isinstance(main, Mapping) or not isinstance(compress, Mapping):
        return c
    if stated(c, "rope_parameters").evidence != "stated":  # made of the other keys
        return altered(c, rope_parameters=None)
    for key, rotation in (("main", main), ("compress", compress)):
        where = f"rope_parameters.{key}"
        if "partial_rotary_factor" in rotation:
            part = int(c.head_dim * number(rotation, "partial_rotary_factor", where))
            same(
                part, rotated, (f"{where}.partial_rotary_factor x head_dim", "what turns of a head")
            )
    if main.get("rope_type", "default") != "default":
        raise Refusal(
            f"rope_parameters.main.rope_type is {quoted(main['rope_type'])}, expected default: the "
            "release extends layers with a stream alone; correct it in the config"
        )
    bases = [number(rotation, "rope_theta", "rope_parameters") for rotation in (main, compress)]
    rotary_keys = ("rope_theta", "partial_rotary_factor")
    return altered(
        c,
        rope_theta=known(bases[0], "stated", "rope_parameters.main.rope_theta"),
        compress_rope_theta=known(bases[1], "stated", "rope_parameters.compress.rope_theta"),
        rope_parameters={key: value for key, value in compress.items() if key not in rotary_keys},
    )


def decoder_layer(c: DeepseekV4, mixer: Block, channels: Block) -> Block:
    return layer(
        residual(mixed(c, "hc_attn"), norm(c, "attn_norm"), mixer),
        residual(mixed(c, "hc_ffn"), norm(c, "ffn_norm"), channels),
    )


def mixed(c: DeepseekV4, name: str) -> Block:
    """A branch's hyper-connection."""
    return hyper_connection(name, c.hidden_size, int(c.hc_mult), c.hc_sinkhorn_iters)


def collapse(c: DeepseekV4) -> Block:
    """The streams' weighted sum, after the last layer."""
    streams = int(c.hc_mult)
    return connection(
        "",
        matrix("hc_head_fn", streams * c.hidden_size, streams, role="read"),
        own=scaled_and_shifted("hc_head_base", "hc_head_scale", streams, 1),
    )


def attention(c: DeepseekV4, pace: Pace) -> Block:
    """A window alone, few chosen entries of small groups, or all entries of large ones."""
    ratio, sparse = pace
    if not ratio:
        return beside_window(c, Stream(), query_norm=True)
    stream = Stream(
        ratio=ratio,
        selected=c.index_topk if sparse else None,
        compressor=compressor(
            "compressor",
            width=c.hidden_size,
            head_dim=c.head_dim,
            ratio=ratio,
            positions=rotation(c, ratio),
            overlapping=sparse,
        ),
        indexer=lightning_indexer(c, ratio) if sparse else None,
    )
    return beside_window(c, stream, query_norm=True)


def beside_window(c: DeepseekV4, stream: Stream, *, query_norm: bool) -> Block:
    """Attention over a window and the stream beside it; with one, the rotation has another base."""
    heads, dim, ratio = c.num_attention_heads, c.head_dim, stream.ratio or 0
    multiple(heads * dim, c.o_groups, ("num_attention_heads x head_dim", "o_groups"))
    if ratio:
        multiple(dim, ratio, ("head_dim", "compress_ratios"))
    return compressed_attention(
        "attn",
        width=c.hidden_size,
        heads=heads,
        head_dim=dim,
        query_rank=c.q_lora_rank,
        output_groups=c.o_groups,
        output_rank=c.o_lora_rank,
        positions=rotation(c, ratio),
        window=c.sliding_window,
        query_norm=query_norm,
        stream=stream,
    )


def rotation(c: DeepseekV4, ratio: int) -> Positions:
    """With a stream the rotation has another base and is extended; the class keeps YaRN's factor at 1."""
    base = c.compress_rope_theta if ratio else c.rope_theta
    return rope(c, c.qk_rope_head_dim, base=base, scaled=ratio > 0, lengthened=False)


def lightning_indexer(c: DeepseekV4, ratio: int) -> Block:
    """Scores of a second compressed stream, narrower than the first."""
    heads, dim = c.index_n_heads, c.index_head_dim
    per_token = multiple(dim, ratio, ("index_head_dim", "compress_ratios"))
    keys = compressor(
        "compressor",
        width=c.hidden_size,
        head_dim=dim,
        ratio=ratio,
        positions=rotation(c, ratio),
        overlapping=True,
    )
    return indexer_over_blocks(
        "indexer",
        linear("wq_b", c.q_lora_rank, heads * dim, role="query"),
        linear("weights_proj", c.hidden_size, heads, role="head_weight"),
        keys,
        heads=heads,
        head_dim=dim,
        positions=rotation(c, ratio),
        rotated_last=True,
        pooled=ratio,
        kept=per_token,
    )


def moe(c: DeepseekV4, *, hashed: bool) -> Block:
    """Experts chosen by score, or, in the first layers, by a table from token to experts."""
    stored, used = c.n_routed_experts, c.num_experts_per_tok
    at_most(used, stored, ("num_experts_per_tok", "n_routed_experts"))
    table = Tensor("tid2eid", (int(c.vocab_size), int(used)), role="table")
    scores = router("gate", width=c.hidden_size, experts=stored)
    bias = Tensor("bias", (int(stored),), role="correction")
    wide = derived(
        c.n_shared_experts * c.moe_intermediate_size, "n_shared_experts x moe_intermediate_size"
    )
    said = stated(c, "norm_topk_prob")
    mixture = mixture_of_experts(
        "ffn",
        router=scores,
        experts=experts(mlp(c, "experts", c.moe_intermediate_size), stored=stored, used=used),
        shared=Shared(mlp(c, "shared_experts", wide, bias=c.mlp_bias), c.n_shared_experts),
        scoring=c.scoring_func,
        scale=c.routed_scaling_factor,
        normalized=said if said.value is True else True,  # the class divides by the sum in any case
        correction=not hashed,
    )
    full = replace(scores, tensors=(*scores.tensors, table if hashed else bias))
    if hashed:
        full = replace(full, table=table.elements, read=int(used))
    return replace(
        mixture,
        facts={**mixture.facts, **facts(hashed=hashed or None)},
        inside=(full, *mixture.inside[1:]),
    )


def mlp(c: DeepseekV4, name: str, inner: int, *, bias: bool = False) -> Block:
    return gated_mlp(
        name,
        width=c.hidden_size,
        inner=inner,
        activation=c.hidden_act,
        limit=c.swiglu_limit,
        bias=bias,
        names=("w1", "w3", "w2"),
    )


def next_token_modules(c: DeepseekV4) -> Sequence[Block]:
    """Each a window-only layer over streams of its own; embedding and head are shared."""
    width = c.hidden_size
    return [
        apart(
            "multi_token_prediction",
            f"mtp.{i}",
            (
                rms_norm("enorm", width, role="token_norm"),
                rms_norm("hnorm", width, role="stream_norm"),
                linear("e_proj", width, width, role="join"),
                linear("h_proj", width, width, role="join"),
                decoder_layer(c, attention(c, Pace(0, sparse=False)), moe(c, hashed=False)),
                collapse(c),
                rms_norm("norm", width),
            ),
        )
        for i in range(c.num_nextn_predict_layers or 0)
    ]


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """Heads are as wide as the largest group is long."""
    if "o_groups" in config:
        small["head_dim"] = config["head_dim"]
