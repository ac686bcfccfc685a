"""dots3-note, text: DeepSeek V3.2 with scaled latents and gated heads, whose windowed layers have latent attention of other sizes.

Reference: transformers/models/dots3_note/modular_dots3_note.py
Model: https://huggingface.co/dots-studio/dots3-note-prev
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Positions,
    facts,
    indexer,
    linear,
    rms_norm,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import (
    Count,
    Json,
    Length,
    Size,
    altered,
    at_most,
    config,
    same,
    stated,
)
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.deepseek_v3 import AnyDeepseekV3, latent, moe
from llm_gallery.families.llama import decoder, pre_norm, swiglu

LOCAL, CHOSEN, FULL = KINDS = ("sliding_attention", "indexed_attention", "full_attention")
SIZES = (
    "num_attention_heads", "num_key_value_heads", "q_lora_rank", "kv_lora_rank", "head_dim",
    "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim",
)  # fmt: skip
"""What layers with a window may have of their own."""


@config("dots3_note_text")
class Dots3NoteText(AnyDeepseekV3):
    """Keys with a default here are those that the class reads in the releases' spelling alone."""

    q_lora_rank: Size
    num_nextn_predict_layers: None = None
    mlp_bias: Literal[False] = False  # the class has the key and no biases
    first_k_dense_replace: Count = 1
    moe_layer_freq: Size | tuple[Count, ...] = 1
    rope_interleave: bool = True
    mlp_layer_types: tuple[str, ...] | None
    layer_types: tuple[str, ...] | None
    use_dsa: bool | None = None
    use_sliding_window: bool = True
    sliding_window: Length | None
    sliding_window_size: Length = 512
    shared_experts_intermediate_size: Size
    moe_shared_expert_intermediate_size: Size | None = None
    index_topk: Size
    index_head_dim: Size
    index_n_heads: Size
    per_layer_config: dict[str, dict[str, Size]] | None = None
    swa_rope_theta: float = 50_000.0
    swa_num_attention_heads: Size = 64
    swa_num_key_value_heads: Size = 64
    swa_q_lora_rank: Size = 1024
    swa_kv_lora_rank: Size = 1024
    swa_head_dim: Size = 256
    swa_qk_nope_head_dim: Size = 192
    swa_qk_rope_head_dim: Size | None = None
    swa_v_head_dim: Size = 128


def dots3_note_text(c: Dots3NoteText) -> Block:
    keys = list(zip(layer_types(c), mlp_types(c), strict=True))
    local = sized(c, keys)
    channels = {"dense": swiglu(c), "sparse": with_shared(c)}

    def decoder_layer(key: tuple[str, str]) -> Block:
        return pre_norm(c, attention(local if key[0] == LOCAL else c, key[0]), channels[key[1]])

    return decoder(c, each(keys, decoder_layer))


def layer_types(c: Dots3NoteText) -> Sequence[str]:
    """As listed, where `full_attention` is an old word for layers that choose; else three of four have a window."""
    count = c.num_hidden_layers
    silent = stated(c, "use_dsa").evidence != "stated"  # a null that is written is neither
    chooses = c.use_dsa is True or (silent and c.per_layer_config is None)
    default = [
        LOCAL if c.use_sliding_window and i >= 2 and i % 4 != 1 else CHOSEN for i in range(count)
    ]
    types = typed(c.layer_types, count, default, KINDS)
    if chooses:
        return [CHOSEN if kind == FULL else kind for kind in types]
    if c.use_dsa is False:
        return [FULL if kind == CHOSEN else kind for kind in types]
    return types


def mlp_types(c: Dots3NoteText) -> Sequence[str]:
    count, freq = c.num_hidden_layers, c.moe_layer_freq
    if isinstance(freq, tuple) and len(freq) < count:
        raise Refusal(
            f"moe_layer_freq lists {len(freq)} layers, expected {count} (num_hidden_layers); "
            "make the two agree"
        )
    on = [bool(freq[i]) if isinstance(freq, tuple) else i % freq == 0 for i in range(count)]
    default = [
        "sparse" if i >= c.first_k_dense_replace and on[i] else "dense" for i in range(count)
    ]
    return typed(c.mlp_layer_types, count, default, ("dense", "sparse"), "mlp_layer_types")


def sized(c: Dots3NoteText, keys: Sequence[tuple[str, str]]) -> Dots3NoteText:
    """The config as layers with a window read it: by keys of their own, or by what the config says of each layer."""
    if c.per_layer_config is None:
        sizes = {name: getattr(c, f"swa_{name}") for name in SIZES}
        if sizes["qk_rope_head_dim"] is None:
            at_most(
                sizes["qk_nope_head_dim"] + 1,
                sizes["head_dim"],
                ("swa_qk_nope_head_dim + 1", "swa_head_dim"),
            )
            sizes["qk_rope_head_dim"] = derived(
                sizes["head_dim"] - sizes["qk_nope_head_dim"], "swa_head_dim - swa_qk_nope_head_dim"
            )
    else:
        sizes = of_each_layer(c.per_layer_config, [kind for kind, _ in keys])
    local = altered(c, **sizes)
    if any(kind == LOCAL for kind, _ in keys):
        parts = local.qk_nope_head_dim + local.qk_rope_head_dim
        same(parts, local.head_dim, ("qk_nope_head_dim + qk_rope_head_dim of windows", "head_dim"))
    return local


def of_each_layer(said: Mapping[str, Mapping[str, int]], kinds: Sequence[str]) -> dict[str, int]:
    """What is said of every layer with a window, which must be the same, and nothing of others."""
    numbered = {  # from "02" on
        int(key) if key.isdecimal() and len(key) < 5 else -1: sizes for key, sizes in said.items()
    }
    windows = [i for i, kind in enumerate(kinds) if kind == LOCAL]
    by_layer = [numbered.get(i, {}) for i in windows]
    others = numbered.keys() - {*windows}
    first = dict(by_layer[0]) if by_layer else {}
    if (
        others
        or any(stated_sizes != first for stated_sizes in by_layer)
        or not {*first} <= {*SIZES}
    ):
        raise Refusal(
            "per_layer_config says something else, expected the same sizes of all layers with a window and "
            "nothing of others: more isn't described here; correct it, or see docs/adding-a-family.md"
        )
    return first


def attention(c: Dots3NoteText, kind: str) -> Block:
    """Both latents are scaled, the rotated key is normed, and each head's output gated."""
    same(
        c.num_key_value_heads or c.num_attention_heads,
        c.num_attention_heads,
        ("num_key_value_heads", "num_attention_heads"),
    )
    assert c.q_lora_rank is not None
    width, rotation = c.hidden_size, positions(c, kind)
    mixer = latent(
        c,
        positions=rotation,
        gate=linear("g_proj", width, c.num_attention_heads, role="gate"),
        indexer=lightning_indexer(c, rotation) if kind == CHOSEN else None,
        selected=c.index_topk if kind == CHOSEN else None,
    )
    plain = {"q_a_layernorm": c.q_lora_rank, "kv_a_layernorm": c.kv_lora_rank}
    inside = (
        rms_norm(part.name, plain[part.name], role=part.roles) if part.name in plain else part
        for part in mixer.inside
    )
    key = rms_norm("k_rope_only_layernorm", c.qk_rope_head_dim, role="rotated_key_norm")
    window = window_of(c) if kind == LOCAL else None
    added_facts = facts(window=window, scaled_latents=True)
    mixer = replace(mixer, inside=(*inside, key), facts={**mixer.facts, **added_facts})
    ranks = {"query_latent_scale": c.q_lora_rank, "latent_scale": c.kv_lora_rank}
    return with_settings(mixer, **{name: (width / rank) ** 0.5 for name, rank in ranks.items()})


def window_of(c: Dots3NoteText) -> int:
    return c.sliding_window_size if c.sliding_window is None else c.sliding_window


def lightning_indexer(c: Dots3NoteText, positions: Positions) -> Block:
    if c.qk_rope_head_dim > c.index_head_dim:
        raise Refusal(
            f"qk_rope_head_dim is {c.qk_rope_head_dim}, expected at most index_head_dim "
            f"({c.index_head_dim}); check both values"
        )
    assert c.q_lora_rank is not None
    return indexer(
        "indexer",
        width=c.hidden_size,
        query_rank=c.q_lora_rank,
        heads=c.index_n_heads,
        head_dim=c.index_head_dim,
        positions=positions,
    )


def positions(c: Dots3NoteText, kind: str) -> Positions:
    """A base for windows and one for all else; or an object for each kind of layer, as the reference saves it."""
    if c.rope_scaling:
        raise Refusal("rope_scaling is stated, expected null: no release extends its context so")
    each_kind = c.rope_parameters or {}
    said = stated(c, "rope_parameters").evidence == "stated"
    if said and not isinstance(each_kind.get(kind), Mapping):
        raise Refusal(f"rope_parameters has no {kind}, expected an object for it; add it")
    if not said:
        usual = each_kind.get(CHOSEN, {}).get("rope_theta")
        base = c.swa_rope_theta if kind == LOCAL else c.rope_theta or usual
        return Positions(kind="rope", rotated=c.qk_rope_head_dim, base=base, pairs=True)
    parameters = {k: v for k, v in each_kind[kind].items() if k != "partial_rotary_factor"}
    return rope(altered(c, rope_parameters={kind: parameters}), c.qk_rope_head_dim, layer_type=kind)


def with_shared(c: Dots3NoteText) -> Block:
    """DeepSeek V3's experts beside shared ones of a size of their own."""
    block, inner = moe(c), c.shared_experts_intermediate_size
    if c.moe_shared_expert_intermediate_size is not None:
        inner = c.moe_shared_expert_intermediate_size
    wide = derived(c.n_shared_experts * inner, "n_shared_experts x their intermediate size")
    *others, _ = block.inside
    return replace(block, inside=(*others, swiglu(c, "shared_experts", wide)))


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """What of a windowed head doesn't pass a matrix alone turns."""
    if "swa_qk_nope_head_dim" in config:
        turned = config["swa_head_dim"] - config["swa_qk_nope_head_dim"]
        small["swa_head_dim"] = small["swa_qk_nope_head_dim"] + min(turned, 12)
