"""Families of Flash Linear Attention, whose kernels need a graphics card, each with a second, naive writing."""

from __future__ import annotations

from collections.abc import Mapping

from tests.truth.naive import (
    delta_net,
    forgetting_transformer,
    gated_deltanet,
    gla,
    gsa,
    hgrn,
    kda,
    lightnet,
    of_fla,
    retnet,
    samba,
)
from tests.truth.naive.model import Naive

OF_FLA: Mapping[str, Naive] = {
    "delta_net": Naive(
        "delta-net-default",
        delta_net.scores,
        {
            "a layer attends": {"attn": {"layers": [0], "num_heads": 4, "window_size": 5}},
            "gated, wide values, tied": {
                "use_gate": True,
                "expand_v": 2.0,
                "tie_word_embeddings": True,
            },
            "negative eigenvalues": {"allow_neg_eigval": True, "conv_size": 3},
        },
    ),
    "forgetting_transformer": Naive(
        "forgetting-transformer-default",
        forgetting_transformer.scores,
        {
            "biases, shared keys": {"qkv_bias": True, "num_kv_heads": 2},
            "gated, tied": {"use_output_gate": True, "tie_word_embeddings": True},
            "normed heads": {"qk_norm": True},
            "normed heads that share keys": {"qk_norm": True, "num_kv_heads": 2},
        },
        {"num_heads": 4},
    ),
    "gated_deltanet": Naive(
        "gated-deltanet-1.3b",
        gated_deltanet.scores,
        {
            "a layer attends": {"attn": {"layers": [0], "num_heads": 4, "window_size": 5}},
            "narrow values, tied": {"expand_v": 1.0, "tie_word_embeddings": True},
            "negative eigenvalues": {"allow_neg_eigval": True},
            "shared keys": {"num_v_heads": 8, "conv_size": 3},
        },
    ),
    "gla": Naive(
        "gla-1.3b",
        gla.scores,
        {
            "a floor": {"clamp_min": -0.03},
            "a layer attends": {
                "attn": {"layers": [1], "num_heads": 4, "num_kv_heads": 2, "window_size": 5}
            },
            "convolved": {"use_short_conv": True, "conv_size": 3},
            "convolved and mapped": {"use_short_conv": True, "feature_map": "gelu"},
            "mapped, ungated: the 7B": {
                "feature_map": "relu",
                "num_kv_heads": 2,
                "use_output_gate": False,
                "expand_k": 1.0,
            },
            "norms apart, without scales": {"fuse_norm": False, "elementwise_affine": False},
            "wide values, tied": {"expand_v": 2.0, "tie_word_embeddings": True},
        },
    ),
    "gsa": Naive(
        "gsa-default",
        gsa.scores,
        {
            "a layer attends": {"attn": {"layers": [0], "num_heads": 4, "rope_theta": 500.0}},
            "as many slots as channels, another divisor": {
                "num_slots": None,
                "gate_logit_normalizer": 3,
            },
            "convolved, wide keys, tied": {
                "use_short_conv": True,
                "conv_size": 3,
                "expand_k": 2,
                "tie_word_embeddings": True,
            },
            "shared keys, mapped, unscaled": {
                "num_kv_heads": 2,
                "feature_map": "relu",
                "elementwise_affine": False,
            },
        },
        {"num_slots": 6},
    ),
    "lightnet": Naive(
        "lightnet-default",
        lightnet.scores,
        {
            "a layer attends": {"attn": {"layers": [1], "num_heads": 4, "rope_theta": 500.0}},
            "convolved, tied": {
                "use_short_conv": True,
                "conv_size": 3,
                "tie_word_embeddings": True,
            },
            "heads by their number": {"expand_ratio": None, "num_heads": 2},
            "narrow keys, unscaled": {
                "num_heads": 4,
                "expand_ratio": 16,
                "elementwise_affine": False,
            },
        },
        {"expand_ratio": 32},
    ),
    "hgrn": Naive(
        "hgrn-default",
        hgrn.first,
        {
            "a layer attends": {"attn": {"layers": [0], "num_heads": 4, "window_size": 5}},
            "convolved, tied": {
                "use_short_conv": True,
                "conv_size": 3,
                "tie_word_embeddings": True,
            },
            "no floors, more channels, unscaled": {
                "use_lower_bound": False,
                "expand_ratio": 2,
                "elementwise_affine": False,
            },
        },
    ),
    "hgrn2": Naive(
        "hgrn2-default",
        hgrn.second,
        {
            "a layer attends": {"attn": {"layers": [1], "num_heads": 4, "num_kv_heads": 2}},
            "convolved, tied": {
                "use_short_conv": True,
                "conv_size": 3,
                "tie_word_embeddings": True,
            },
            "heads by their number": {"expand_ratio": None, "num_heads": 2},
            "no floors, unscaled": {"use_lower_bound": False, "elementwise_affine": False},
        },
        {"expand_ratio": 32},
    ),
    "kda": Naive(
        "kda-default",
        kda.scores,
        {
            "a floor": {"lower_bound": -5.0},
            "a layer attends": {"attn": {"layers": [0], "num_heads": 4, "window_size": 5}},
            "negative eigenvalues, tied": {"allow_neg_eigval": True, "tie_word_embeddings": True},
        },
    ),
    "retnet": Naive(
        "retnet-default",
        retnet.scores,
        {
            "a layer attends": {"attn": {"layers": [1], "num_heads": 4, "num_kv_heads": 2}},
            "norm and gate apart": {"fuse_norm": False},
            "shared keys, ungated": {"num_kv_heads": 4, "use_output_gate": False},
            "unscaled norms, narrow values, tied": {
                "elementwise_affine": False,
                "expand_v": 1.0,
                "tie_word_embeddings": True,
            },
        },
    ),
    "samba": Naive(
        "samba-1.3b",
        samba.scores,
        {
            "Mamba alone": {"attn": None},
            "biases": {"use_bias": True},
            "all attend": {"attn": {"layers": [0, 1], "num_heads": 4, "qkv_bias": True}},
            "sizes of its own": {"intermediate_size": 40, "time_step_rank": 3, "conv_kernel": 3},
            "tied": {"tie_word_embeddings": True},
        },
    ),
    "transformer": Naive(
        "fla-transformer-340m",
        of_fla.transformer,
        {
            "a window": {"window_size": 5},
            "biases": {"qkv_bias": True},
            "normed heads": {"qk_norm": True},
            "shared keys, another base": {"num_kv_heads": 2, "rope_theta": 500.0},
            "untied, an inner width": {"tie_word_embeddings": False, "intermediate_size": 40},
        },
    ),
}
