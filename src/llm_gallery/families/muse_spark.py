"""Muse Spark: Muse Glimmer with experts on a narrow latent, each one's output normed, heads normed before their gate, and gates that weigh stream and branch; towers for images and waveforms counted apart.

A branch counts b times and the stream the root of 1 − b² times, never less than 0.03.

Reference: transformers/models/muse_spark/modular_muse_spark.py
Model: https://huggingface.co/meta-models/Muse-Spark-Open-816B-A42B
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import known
from llm_gallery.architecture.kinds import LEARNED_SCALES
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Head,
    Names,
    connection,
    facts,
    group,
    layer,
    linear,
    mixture_of_experts,
    plain_mlp,
    residual,
    rms_norm,
    router,
    stack,
    stacked_experts,
    with_settings,
)
from llm_gallery.families._config import (
    Count,
    Depth,
    Few,
    Length,
    Size,
    at_most,
    config,
    exactly,
    per_layer,
    same,
)
from llm_gallery.families._layers import each, sliding, typed
from llm_gallery.families._rope import rope
from llm_gallery.families._values import Bounds
from llm_gallery.families._vision import tensor_block
from llm_gallery.families.llama import Gate, Llama, decoder, grouped_query, head_dim, swiglu
from llm_gallery.families.muse_glimmer import Vision as PatchTower
from llm_gallery.families.muse_glimmer import centred, default_bases, projectors, vision

Temperature = Annotated[float, Bounds(1e-3, 1e3)]
"""What gates are divided by before their sigmoid."""


@config("muse_spark_text", unused=("output_router_logits",))
class MuseSparkText(Llama):
    tie_word_embeddings: Literal[False] = False  # the class ties nothing
    sliding_window: Length | None
    layer_types: tuple[str, ...] | None
    layer_rope_theta: tuple[float, ...] | None
    final_logit_softcapping: float
    output_multiplier: float
    qk_scale_factor: float
    post_norm_eps: float
    mlp_layer_types: tuple[str, ...] | None
    moe_intermediate_size: Size
    num_local_experts: Size
    num_experts_per_tok: Size
    moe_hidden_size: Size
    routed_scaling_factor: float
    residual_gate_temperature: Temperature


@config(
    "muse_spark_vision",
    unused=(
        "layer_types",
        "max_position_embeddings",
        "merge_size",
        "num_attention_heads",
        "rope_parameters",
    ),
)
class Vision(PatchTower):
    pass


@config("muse_spark_audio")
class Audio:
    patch_sizes: tuple[Size, ...]
    hidden_sizes: tuple[Size, ...]
    depths: tuple[Few, ...]
    num_hidden_layers: Depth
    mlp_ratio: float
    conv_kernel_size: Size
    hidden_act: str
    out_hidden_size: Size


@config("muse_spark", unused=("audio_token_id", "projector_hidden_act"))
class MuseSpark:
    text_config: MuseSparkText
    vision_config: Vision | None = None
    audio_config: Audio | None = None
    out_hidden_size: Size
    projector_hidden_size: Size
    tie_word_embeddings: Literal[False] = False


def muse_spark(c: MuseSpark) -> Block:
    text = c.text_config
    count = text.num_hidden_layers
    local = sliding(
        text.layer_types,
        count,
        ["sliding_attention" if (count - 1 - i) % 4 else "full_attention" for i in range(count)],
    )
    bases = per_layer(text.layer_rope_theta, count, "layer_rope_theta") or default_bases(text)
    sorts = typed(
        text.mlp_layer_types, count, ["sparse"] * count, ("dense", "sparse"), "mlp_layer_types"
    )
    keys = list(zip(local, bases, sorts, strict=True))
    layers = each(keys, lambda key: decoder_layer(text, *key))
    body = decoder(
        text,
        stack("layers", layers, residual=LEARNED_SCALES),
        Names("model.language_model"),
        before=(rms_norm("", text.hidden_size, learned=False),),
        head=Head(softcap=text.final_logit_softcapping, scale=text.output_multiplier),
    )
    beside: list[Block] = []
    if c.vision_config is not None:
        beside.append(vision(c.vision_config))
        beside += projectors(c.out_hidden_size, c.projector_hidden_size, text.hidden_size)
    if c.audio_config is not None:
        names = ("audio_config.out_hidden_size", "text_config.hidden_size")
        same(c.audio_config.out_hidden_size, text.hidden_size, names)
        beside.append(audio(c.audio_config, text.hidden_size))
    return replace(body, inside=(*body.inside, *beside))


def decoder_layer(c: MuseSparkText, local: bool, base: float, sort: str) -> Block:
    """Norms before and after each branch, and a gate at each sum; where a layer's base is 0, nothing is rotated."""
    eps, width = c.post_norm_eps, c.hidden_size
    return layer(
        residual(
            centred(c, "input_layernorm"),
            attends(c, local, base),
            rms_norm("", width, learned=False, eps=eps),
            gate(c, "post_attention_residual_gate"),
        ),
        residual(
            centred(c, "pre_feedforward_layernorm"),
            moe(c) if sort == "sparse" else swiglu(c),
            scaled_first("post_feedforward_layernorm", width, eps),
            gate(c, "post_feedforward_residual_gate"),
        ),
    )


def attends(c: MuseSparkText, local: bool, base: float) -> Block:
    """Muse Glimmer's attention, whose heads are normed once more before the gate."""
    dim = head_dim(c)
    positions = (
        rope(c, dim, base=known(base, "stated", "layer_rope_theta")) if base else NO_POSITION
    )
    mixer = grouped_query(
        c,
        positions=positions,
        window=c.sliding_window if local else None,
        qk_norm="without weights",
        gate=Gate(
            linear("gate_proj", c.hidden_size, c.num_attention_heads * dim, role="gate"),
        ),
    )
    added_facts = facts(query_scale=c.qk_scale_factor, output_norm=True)
    inside = (*mixer.inside, rms_norm("", dim, learned=False, role="output_norm"))
    return replace(mixer, facts={**mixer.facts, **added_facts}, inside=inside)


def gate(c: MuseSparkText, name: str) -> Block:
    """b = sigmoid(g / temperature), a number a channel: the branch times b, the stream times the root of 1 - b^2."""
    tensor = Tensor(f"{name}.gate", (int(c.hidden_size),), role="sum_gate")
    return with_settings(
        connection("", own=[tensor]), temperature=float(c.residual_gate_temperature), least=1e-3
    )


def scaled_first(name: str, width: int, eps: float, role: str | tuple[str, ...] = ()) -> Block:
    """A norm that scales what it reads, by its stored numbers and 1, and not what it gives."""
    block = rms_norm(name, width, offset=1.0, eps=eps, role=role)
    return with_settings(block, scale_first=True)


def moe(c: MuseSparkText) -> Block:
    """A router over the whole stream, and experts on a narrow projection of it, normed before and after them."""
    stored, used, narrow = c.num_local_experts, c.num_experts_per_tok, c.moe_hidden_size
    at_most(used, stored, ("num_experts_per_tok", "num_local_experts"))
    mixture = mixture_of_experts(
        "mlp",
        router=router(
            "gate", width=c.hidden_size, experts=stored, correction="e_score_correction_bias"
        ),
        experts=stacked_experts(
            "experts",
            stored=stored,
            used=used,
            width=narrow,
            inner=c.moe_intermediate_size,
            activation=c.hidden_act,
            outputs_first=True,
        ),
        scoring="sigmoid",
        scale=c.routed_scaling_factor,
        normalized=True,
    )
    scores, routed = mixture.inside
    inside = (
        scores,
        linear("pre_expert_proj", c.hidden_size, narrow, role="latent_down"),
        rms_norm("pre_expert_norm", narrow, offset=1.0, role="latent_down_norm"),
        routed,
        scaled_first("experts.post_expert_norm", narrow, c.post_norm_eps, "expert_norm"),
        linear("post_expert_proj", narrow, c.hidden_size, role="latent_up"),
    )
    added_facts = facts(latent=narrow, score_scale=c.output_multiplier)
    return replace(mixture, facts={**mixture.facts, **added_facts}, inside=inside)


def audio(c: Audio, width: Count) -> Block:
    """A pyramid over the waveform: each stage joins neighbours, then convolves over time and channels."""
    count = c.num_hidden_layers
    patches = exactly(c.patch_sizes, count, "audio_config.patch_sizes")
    sizes = exactly(c.hidden_sizes, count, "audio_config.hidden_sizes")
    depths = exactly(c.depths, count, "audio_config.depths")
    before = (1, *sizes[:-1])
    stages = (
        group(
            f"layers.{i}",
            group(
                "patch_embedder",
                linear("proj", before[i] * patches[i], sizes[i], bias=True),
                rms_norm("norm", sizes[i]),
            ),
            *(convolved(c, f"conv_blocks.{j}", sizes[i]) for j in range(depths[i])),
        )
        for i in range(count)
    )
    inside = (
        *stages,
        rms_norm("norm", sizes[-1]),
        linear("proj", sizes[-1], width, bias=True),
        rms_norm("post_proj_norm", width),
    )
    return Block("audio_tower", "model.audio_tower", inside=inside)


def convolved(c: Audio, name: str, size: int) -> Block:
    """A causal convolution a channel, a norm and an MLP, added to the stream."""
    taps = Tensor("weight", (int(size), 1, int(c.conv_kernel_size)))
    bias = Tensor("bias", (int(size),))
    return group(
        name,
        tensor_block("conv", taps, bias),
        rms_norm("norm", size),
        plain_mlp(
            "mlp",
            width=size,
            inner=int(size * c.mlp_ratio),
            activation=c.hidden_act,
            names=("fc1", "fc2"),
            bias=True,
        ),
    )
