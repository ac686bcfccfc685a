"""Random configs of families of late 2026, drawn with a seed."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from tests.truth.mutations import (
    ABSENT,
    ROTATION,
    TYPES,
    Config,
    Family,
    _chosen,
    _drawn,
    _heads,
    _part,
    _tower,
)


def _muse_spark(draw: Random) -> Config:
    """Its waveform is as wide as the stream at the end, and its patches are joined by fours."""
    layers = draw.randint(1, 9)
    width = (heads := draw.choice([1, 4])) * draw.choice([8, 64])
    text = _part(
        draw,
        "muse_spark",
        "text_config",
        "rope_theta",  # passed over where it stands alone
        rope_parameters=draw.choice([ABSENT, {"rope_type": "default", "rope_theta": 5e5}]),
        num_hidden_layers=layers,
        hidden_size=width,
        num_attention_heads=heads,
        num_key_value_heads=draw.choice([1, heads]),
        final_logit_softcapping=draw.choice([5.0, 20.0]),
        intermediate_size=draw.choice([24, 64]),  # of fewer, what is normed after them loses digits
        moe_intermediate_size=draw.choice([24, 64]),
        moe_hidden_size=draw.choice([8, 40]),
        post_norm_eps=draw.choice([ABSENT, 1e-4]),
        residual_gate_temperature=draw.choice([ABSENT, 0.3, 2.0]),
        layer_rope_theta=draw.choice([ABSENT, [draw.choice([0, 5e5]) for _ in range(layers)]]),
    )
    vision = _tower(draw, "muse_spark")
    stages = draw.randint(1, 3)
    audio = _part(
        draw,
        "muse_spark",
        "audio_config",
        num_hidden_layers=stages,
        patch_sizes=[draw.choice([1, 4]) for _ in range(stages)],
        hidden_sizes=[draw.choice([8, 24]) for _ in range(stages)],
        depths=[draw.choice([0, 1, 2]) for _ in range(stages)],
        conv_kernel_size=draw.choice([1, 3, 7]),
        mlp_ratio=draw.choice([0.5, 4.0]),
        out_hidden_size=width,
    )
    return _drawn(
        draw,
        "muse_spark",
        text_config=text,
        vision_config=vision,
        audio_config=audio,
        out_hidden_size=vision["hidden_size"] * 4,
        tie_word_embeddings=ABSENT,
    )


def _dory(draw: Random) -> Config:
    """Layers before, in and after the loop; a saved config, as the release, counts attention and MLP apart."""
    sizes = [draw.randint(0, 3), draw.randint(1, 3), draw.randint(0, 3)]
    layers = sum(sizes)
    kinds = [draw.choice(TYPES) for _ in range(layers)]
    each, paired = 1, [block for kind in kinds for block in (kind, "mlp")]
    if draw.random() < 0.3:
        each, kinds = 2, paired
    turned = {
        kind: {"rope_type": "default", "rope_theta": draw.choice([1e4, 5e5])} for kind in TYPES
    }
    return _drawn(
        draw,
        "dory",
        *ROTATION,
        rope_parameters=draw.choice([ABSENT, None, turned]),
        num_hidden_layers=layers * each,
        layer_types=kinds if each == 2 else draw.choice([ABSENT, None, kinds]),
        n_input_layers=sizes[0] * each,
        n_recurrent_layers=draw.choice([ABSENT, None, sizes[1] * each]),
        n_output_layers=sizes[2] * each,
        n_recurrent_loops=draw.choice([1, 2, 3]),
        recurrent_kv_cache_mode=draw.choice([ABSENT, "per_loop", "last_loop"]),
        sliding_window=draw.choice([2, 128]),
        initializer_range=draw.choice([ABSENT, 0.1]),
        ngpt_alpha_init=draw.choice([ABSENT, 0.2]),
    )


def _idefics(draw: Random) -> Config:
    """Layers that read pictures stand before every so many; the tower's width goes by either of its names."""
    every = draw.choice([1, 2, 3])
    patch, heads = draw.choice([2, 14]), draw.choice([1, 4])
    vision = _part(
        draw,
        "idefics",
        "vision_config",
        "hidden_size",
        num_attention_heads=heads,
        patch_size=patch,
        image_size=patch * draw.choice([2, 5]) + draw.choice([0, 1]),
        num_hidden_layers=draw.choice([1, 3]),
    )
    vision |= {draw.choice(["embed_dim", "hidden_size"]): heads * draw.choice([16, 96])}
    return _drawn(
        draw,
        "idefics",
        num_hidden_layers=every * draw.randint(1, 3),
        cross_layer_interval=every,
        additional_vocab_size=draw.choice([ABSENT, 0, 2]),
        alpha_type=draw.choice([ABSENT, "float", "vector"]),
        alpha_initializer=ABSENT,
        vision_config=vision,
        perceiver_config=_part(draw, "idefics", "perceiver_config"),
    )


def _inkling2_text(draw: Random) -> Config:
    return _of_inkling2(draw, "inkling2_text", draw.randint(1, 9))


def _of_inkling2(draw: Random, family: str, layers: int, **own: Any) -> Config:
    kv_heads = draw.choice([1, 4])
    kinds = [draw.choice(["hybrid", "hybrid_sliding"]) for _ in range(layers)]
    vocabulary = draw.choice([97, 50257])
    return _drawn(
        draw,
        family,
        num_hidden_layers=layers,
        layer_types=draw.choice([ABSENT, None, kinds]),
        vocab_size=vocabulary,
        unpadded_vocab_size=vocabulary - draw.choice([0, 5]),
        head_dim=draw.choice([8, 64]),
        swa_num_attention_heads=kv_heads * draw.choice([1, 2]),
        swa_num_key_value_heads=kv_heads,
        swa_head_dim=draw.choice([8, 64]),
        sliding_window_size=draw.choice([2, 128]),
        hidden_act=ABSENT,
        qk_l2_clip_threshold=draw.choice([0.5, 2.0, ABSENT]),
        rel_l2_clip_threshold=draw.choice([0.5, 2.0, ABSENT]),
        mlp_gate_softcap=draw.choice([0.5, 4.0]),
        mlp_up_softcap=draw.choice([0.5, 4.0]),
        final_logit_softcapping=draw.choice([1.0, 30.0]),
        tie_word_embeddings=ABSENT,
        **own,
    )


def _inkling2_loop_text(draw: Random) -> Config:
    """The loop is of whole sums, and begins behind at least one; the release's words count more than others."""
    every, before, inside = draw.choice([1, 2, 3]), draw.randint(1, 2), draw.randint(1, 2)
    start, end = every * before, every * (before + inside)
    passes, rank = draw.choice([2, 3]), draw.choice([2, 5])
    words = {"core_start": start, "core_end": end, "num_passes": passes, "gate_rank": rank}
    return _of_inkling2(
        draw,
        "inkling2_loop_text",
        end + draw.randint(0, 3),
        n_layers_per_attn_res_block=every,
        loop_config=draw.choice([ABSENT, words]),
        loop_layer_index_start=start,
        loop_layer_index_end=end,
        loop_num_passes=passes,
        loop_gate_rank=rank,
    )


def _voxtral_realtime(draw: Random) -> Config:
    """The waves of a delay are sines and as many cosines; the encoder's heads may be of any size."""
    heads = draw.choice([1, 4])
    audio = _part(
        draw,
        "voxtral_realtime",
        "audio_config",
        num_attention_heads=heads,
        hidden_size=heads * draw.choice([8, 96]),
        head_dim=draw.choice([ABSENT, 8, 32]),
    )
    return _drawn(
        draw,
        "voxtral_realtime",
        text_config=_part(draw, "voxtral_realtime", "text_config"),
        audio_config=audio,
        downsample_factor=draw.choice([ABSENT, 1, 3]),
        default_num_delay_tokens=draw.choice([ABSENT, 0, 1, 30]),
    )


def _beam(draw: Random) -> Config:
    """Kinds of layers are rotated or not as an object of each says; a token's experts stand in the best groups."""
    layers = draw.randint(1, 8)
    groups, each = draw.choice([1, 2, 4]), draw.choice([2, 3])
    best = draw.randint(1, groups)
    kinds = [draw.choice(TYPES) for _ in range(layers)]
    turned = {"rope_type": "default", "rope_theta": draw.choice([1e4, 5e5])}
    rotations = {kind: draw.choice([None, turned]) for kind in TYPES}
    return _drawn(
        draw,
        "beam",
        *ROTATION,
        rope_parameters=draw.choice([ABSENT, None, rotations]),
        num_hidden_layers=layers,
        layer_types=draw.choice([ABSENT, None, kinds]),
        mlp_layer_types=draw.choice(
            [ABSENT, None, [draw.choice(["dense", "sparse"]) for _ in range(layers)]]
        ),
        sliding_window=draw.choice([ABSENT, 2, 128]),
        num_experts=groups * each,
        n_group=groups,
        topk_group=best,
        num_experts_per_tok=draw.randint(1, best * each),
        routed_scaling_factor=draw.choice([ABSENT, 1.0, 0.5]),
        final_logit_softcapping=draw.choice([ABSENT, None, 5.0]),
    )


def _mistral_large4(draw: Random) -> Config:
    """Layers turn or don't, choose or follow, and borrow the latents of the last of their kind that has its own."""
    layers = draw.randint(1, 9)
    listed = [draw.choice([0, 1]) for _ in range(layers + draw.choice([0, 2]))]
    turns: Config = draw.choice(
        [{}, {"no_rope_layer_interval": 2}, {"no_rope_layers": listed}, {"no_rope_layers": None}]
    )
    every = turns.get("no_rope_layer_interval", 4)
    rotated = turns.get("no_rope_layers") or [(i + 1) % every for i in range(layers)]
    last: dict[bool, int] = {}
    sources = []
    for i, one in enumerate(rotated[:layers]):
        if bool(one) not in last or draw.random() < 0.5:
            last[bool(one)] = i
        sources.append(last[bool(one)])
    chosen = _chosen(draw, layers, "full", "shared")
    indexers: Config = draw.choice(
        [
            {},
            {"indexer_types": chosen},
            {"index_topk_pattern": "".join(kind[0].upper() for kind in chosen)},
            {"index_topk_freq": 3, "index_skip_topk_offset": draw.choice([1, 2, 4])},
        ]
    )
    text = _part(
        draw,
        "mistral_large4",
        "text_config",
        "head_dim",
        num_hidden_layers=layers,
        kv_source_layers=draw.choice([ABSENT, None, sources, sources, sources]),
        no_rope_layers=ABSENT,
        indexer_types=ABSENT,
        layer_types=draw.choice([ABSENT, ["indexed_attention"] * layers]),
        final_logit_softcapping=draw.choice([ABSENT, 5.0]),
        routed_scaling_factor=draw.choice([ABSENT, 2.5]),
        tie_word_embeddings=ABSENT,
        **_heads(draw),
    )
    if "rope_theta" in text and not text.get("rope_scaling"):
        text["rope_theta"] = 10000.0  # the reference passes over another that stands alone
    return _drawn(
        draw,
        "mistral_large4",
        text_config=text | turns | indexers,
        vision_config=_tower(draw, "mistral_large4", patch_size=draw.choice([2, 14])),
        vision_feature_layer=draw.choice([ABSENT, -2, [-1, -2, 0]]),
        spatial_merge_size=draw.choice([1, 2, ABSENT]),
    )


LATE_2026: Mapping[str, Family] = {
    "beam": _beam,
    "dory": _dory,
    "idefics": _idefics,
    "inkling2_loop_text": _inkling2_loop_text,
    "inkling2_text": _inkling2_text,
    "mistral_large4": _mistral_large4,
    "muse_spark": _muse_spark,
    "voxtral_realtime": _voxtral_realtime,
}
