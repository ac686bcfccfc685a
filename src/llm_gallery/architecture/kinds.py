"""Every kind of block there is, by its place in a model. A builder makes no other."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from pathlib import Path

ATTENTION = ("attention", "latent_attention", "compressed_attention")
CROSSING = ("cross_attention", "patch_attention")
"""Mixers whose keys and values are no tokens' of the text: a picture's, or those of bytes and patches for each other."""
RECURRENT = tuple(
    sorted(file.stem for file in (Path(__file__).parent / "parts" / "recurrent").glob("[a-z]*.py"))
)
"""Mixers whose state doesn't grow with the context: each has a builder of its own, and that file's name."""
CHANNEL_MIXERS = ("mlp", "moe", "receptance_mlp")
APART = ("multi_token_prediction", "vision_tower", "audio_tower", "speech_decoder", "projector")
"""Kinds that a checkpoint stores beside the language model: counted apart, never in the total."""
OTHER_MODALITIES = APART[1:]
NORMS = ("rms_norm", "layer_norm", "l2_norm")
JOINS = ("language_model", "group", "stack", "layer", "residual", "sum")
"""Kinds that store nothing of their own: they say in which order parts run, and what is added."""
ALTERNATING = "alternating updates"
"""What a stack states whose layers work on one of several streams, and correct a guess of the others by it."""
OVER_DEPTH = "attention over depth"
"""What a stack states whose branches read a mean of earlier sums instead of the stream."""
HYPER, GATED_STREAMS = "hyper-connections", "gated streams"
"""What a stack states whose branches read several streams and write to all, by weights or by gates of the token."""
LEARNED_SCALES, DEPTH_SHARES = "learned scales", "shares by depth"
"""What a stack states that weighs stream and branch at every sum: by learned numbers, or by how many were summed."""
LEARNED_RATES = "learned rates"
"""What a stack states whose stream moves towards what a branch gives, by a learned part of the way in each channel."""
WEIGHED = (LEARNED_SCALES, DEPTH_SHARES, LEARNED_RATES)
PLACES: Mapping[str, tuple[str, ...]] = {
    "attends": ATTENTION,
    "recurs": RECURRENT,
    "reads beside the text": CROSSING,
    "mixes channels": CHANNEL_MIXERS,
    "serves a mixer": (
        "indexer",
        "compressor",
        "router",
        "shared_gate",
        "convolution",
        "key_scale",
        "position_scale",
        "pool_positions",
    ),
    "stands beside": (
        "ngram_memory",
        "lookup_table",
        "per_layer_input",
        "per_layer_embedding",
        "layer_scale",
        "delay_scale",
        "low_rank_residual",
        "joined_embedding",
        "identity",
        "state_sum",
        "loop_messages",
        "loop_input",
        "message_gate",
        "patcher",
        "patching",
        "exit_gate",
        "position_bias",
        "decay_floors",
    ),
    "begins or ends": (
        "embedding",
        "position_embedding",
        "segment_embedding",
        "head_transform",
        "head",
    ),
    "norms": NORMS,
    "is a part of any": ("linear", "tensors"),
    "joins": (*JOINS, "connection"),
    "stands apart": APART,
}
KINDS = tuple(chain.from_iterable(PLACES.values()))
TOKEN_MIXERS = (*ATTENTION, *RECURRENT, *CROSSING)
MIXERS = (*TOKEN_MIXERS, *CHANNEL_MIXERS)
ON_TOKENS, ON_CHANNELS = (*TOKEN_MIXERS, "ngram_memory"), (*CHANNEL_MIXERS, "per_layer_input")
"""What a layer is about: blocks that read several tokens, or work on each alone; tables that are read count too."""
TO_SCORES = ("position_bias",)
"""Tables of the whole model whose rows are added to scores: the stream never meets them."""
ON_STREAM = (
    *NORMS,
    "position_embedding",
    "segment_embedding",
    "ngram_memory",
    "patcher",
    "connection",
)
"""What may stand on the stream before the stack."""
