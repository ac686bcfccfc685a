"""Attention: each token takes a mean of values, weighted by how well its queries fit their keys.

Papers: https://arxiv.org/abs/1706.03762, https://arxiv.org/abs/2305.13245
"""

from __future__ import annotations

import numpy as np

from llm_gallery.mechanisms.forward._array import (
    Array,
    Numbers,
    Past,
    Weights,
    extended,
    scaled,
    unknown,
)
from llm_gallery.mechanisms.forward.activations import activation
from llm_gallery.mechanisms.forward.block_sparse import by_blocks
from llm_gallery.mechanisms.forward.bounded_length import shortened
from llm_gallery.mechanisms.forward.chosen_blocks import chosen_blocks
from llm_gallery.mechanisms.forward.convolved_queries import convolved_queries, delayed
from llm_gallery.mechanisms.forward.dynamic_mask import masked
from llm_gallery.mechanisms.forward.fading_scores import fading
from llm_gallery.mechanisms.forward.filtered_input import filtered_input, head_by_head
from llm_gallery.mechanisms.forward.head_experts import (
    chosen_experts,
    expert_outputs,
    expert_queries,
)
from llm_gallery.mechanisms.forward.keys_by_turns import in_turn, side_by_side
from llm_gallery.mechanisms.forward.l2_norm import unit_length
from llm_gallery.mechanisms.forward.paired_heads import halved, paired
from llm_gallery.mechanisms.forward.relative_bias import relative_bias
from llm_gallery.mechanisms.forward.rms_norm import by_length, rms_normalized
from llm_gallery.mechanisms.forward.rotation import partial_rope
from llm_gallery.mechanisms.forward.scores import (
    beside_a_key,
    beside_a_sink,
    in_reach,
    key_positions,
    masked_softmax,
    softmax_with_sinks,
    temperature,
    trimmed,
    visible,
)
from llm_gallery.mechanisms.forward.value_experts import mixed_values

EACH = ("per head", "each head its own")


def forward(b: Numbers, w: Weights, x: Array, past: Past, positions: Array) -> tuple[Array, Past]:
    """x (T, width) to (T, width); kept are keys and values, (tokens, kv_heads, channels)."""
    x = scaled(x, b.input_scale)
    keyed, valued = x, x
    if b.inputs_apart:
        x, keyed, valued = x[:, 0], x[:, 1], x[:, 2]
    if b.shared_kv:  # an earlier layer's
        q, keys, values = queries(b, w, x, positions), past["keys"], past["values"]
    elif b.kept_plain:  # as projected: each layer that reads them turns and norms them by itself
        q, k, v = queries(b, w, x, positions), by_head(b, w.key(x)), by_head(b, w.value(x))
        keys, values = extended(past, "keys", k), extended(past, "values", v)
    else:
        if b.convolved == "inputs of queries and keys":
            keyed, inputs = filtered_input(w, x, past)
            x = keyed
        if b.head_experts:
            chosen, share = chosen_experts(b, w, x)
            q, k = expert_queries(b, w, x, chosen), w.key(x)
        else:
            q, k = w.query(query_input(b, w, x)), w.key(keyed)
        if b.both_head_by_head:
            q, k = head_by_head(b, q, k)
        if b.value_experts:
            v = mixed_values(b, w, valued)
        else:
            v = k if b.unified_kv else w.value(valued)
        if b.convolved == "keys and values":
            k, v, inputs = convolved(b, w, k, v, past, keyed, valued)
        if b.convolved == "queries and keys":
            q, k, inputs = convolved_queries(b, w, q, k, past)
        if b.delayed:
            v, late = delayed(w, x, v, past)
        q, k, v = split_heads(b, w, q, k, v, positions)
        if b.bidirectional:
            keys, values = k, v
        else:
            keys, values = extended(past, "keys", k), extended(past, "values", v)
    k, v = in_reach(b, keys, positions), in_reach(b, values, positions)  # (S, kv_heads, channels)
    if b.kept_plain:
        k = own_keys(b, w, k, positions)
    if b.striped:  # one half of each pair after the other
        q, k, v = (halved(one) for one in (q, k, v))
    if b.by_turns:
        q = side_by_side(b, q)
    if b.selected:
        chosen, index = w.indexer(x, x, past, positions, b.selected)  # (T, S), or (heads, T, S)
        chosen = chosen & visible(b, positions[:, None], key_positions(len(k), positions))
        chosen, k, v = of_each_head(chosen.reshape(-1, len(x), len(k)), k, v)
    if b.sparse_from:
        chosen, k, v = of_each_head(chosen_blocks(b, q, k, positions), k, v)
    if b.sparse_stride:
        o = by_blocks(b, q, k, v, positions)
    else:
        shared = q.reshape(len(x), b.kv_heads, -1, b.head_dim)  # the queries of each key
        scores = np.einsum("tghd,sgd->ghts", shared, k).reshape(b.heads, len(x), -1)
        scores = scaled(scores / b.scale_dim**0.5, b.score_scale)
        if b.shared_bias:
            scores = scores + past["bias"]
        elif b.position == "relative":
            places = key_positions(len(k), positions)
            scores = scores + relative_bias(b, w, x, positions, places)
        if b.forgetting:
            scores, log_decays = fading(w, x, past, scores)
        if b.dynamic_mask:
            scores = masked(b, w, v, scores, positions)
        if b.scores_by_layer:
            scores = scores / (b.layer + 1)
        if b.selected or b.sparse_from:
            each = np.repeat(chosen, b.heads // len(chosen), axis=0)
            p = softmax_with_sinks(b, w, np.where(each, scores, -np.inf))
        elif w.sink is not None:
            p = beside_a_sink(b, w, x, scores, positions)
        elif w.sink_keys is not None:
            p = beside_a_key(b, w, q, scores, positions)
        else:
            p = masked_softmax(b, w, scores, positions)
        if b.paired:
            o = paired(b, w, p, v)
        else:
            p = p.reshape(b.kv_heads, -1, len(x), len(k))
            o = np.einsum("ghts,sgd->tghd", p, v).reshape(len(x), b.heads, -1)
    if b.by_turns:
        o = in_turn(b, o)
    if b.output_norm:
        if b.all_heads_normed:  # together, not each by itself
            o = w.output_norm(o.reshape(len(x), -1)).reshape(o.shape)
        else:
            o = w.output_norm(o)
    if b.gate is not None:
        o = gated(b, gate_logits(b, w, x), o)
    o = o.reshape(len(x), -1)
    if b.gated_norm:
        o = w.gated_norm(o)
    cache = past if b.bidirectional else {"keys": trimmed(b, keys), "values": trimmed(b, values)}
    if b.lends:  # later layers of this pass see what its own first queries saw
        cache = {"keys": keys, "values": values}
    if b.selected:
        cache |= index
    if b.forgetting:
        cache |= {"faded": log_decays}
    if b.convolved:
        cache |= inputs
    if b.delayed:
        cache |= late
    if b.head_experts:
        return expert_outputs(b, w, o, chosen, share), cache
    return scaled(w.output(o), b.output_scale), cache


def of_each_head(chosen: Array, k: Array, v: Array) -> tuple[Array, Array, Array]:
    """Keys and values (S, kv_heads, channels) that some query of their head chose, and who did: (kv_heads, T, S)."""
    chosen = np.repeat(chosen, k.shape[1] // len(chosen), axis=0)
    of_any = chosen.any(axis=1)
    first = np.argsort(~of_any, axis=-1, kind="stable")[:, : of_any.sum(axis=-1).max()]
    k, v = (np.take_along_axis(held, first.T[..., None], axis=0) for held in (k, v))
    return np.take_along_axis(chosen, first[:, None], axis=-1), k, v


def queries(b: Numbers, w: Weights, x: Array, positions: Array) -> Array:
    """(T, heads, channels), normed and rotated: all that a layer with another's keys and values makes."""
    q = w.query(query_input(b, w, x)).reshape(len(x), b.heads, -1)
    if b.qk_norm in EACH:
        q = w.query_norm(q)
    if b.position == "rope":
        q = partial_rope(b, q, positions)
    if b.qk_norm == "per head, after rotation":
        q = w.query_norm(q)
    return np.asarray(q)


def by_head(b: Numbers, x: Array) -> Array:
    """Keys or values (T, kv_heads, channels) as they are projected."""
    return np.asarray(x.reshape(len(x), b.kv_heads, -1))


def own_keys(b: Numbers, w: Weights, k: Array, positions: Array) -> Array:
    """Keys (S, kv_heads, channels) that were kept as projected, as this layer turns and norms them."""
    k = partial_rope(b, k, key_positions(len(k), positions))
    return np.asarray(w.key_norm(k)) if b.qk_norm else k


def query_input(b: Numbers, w: Weights, x: Array) -> Array:
    """What queries are projected from: the stream (T, width), or a normed latent of it (T, rank)."""
    if b.query_rank is None:
        return x
    return np.asarray(w.query_latent_norm(w.query_down(x)))


def convolved(
    b: Numbers, w: Weights, k: Array, v: Array, past: Past, keyed: Array, valued: Array
) -> tuple[Array, Array, Past]:
    """Keys and values (T, channels) with what convolutions over tokens add to each, and the inputs that these keep.

    What both were made of, (T, width), may set the taps.
    """
    more_k, key_inputs = w.key_convolution(k, past.get("key_inputs"), keyed)
    more_v, value_inputs = w.value_convolution(v, past.get("value_inputs"), valued)
    return (
        scaled(k + more_k, b.convolved_scale),
        scaled(v + more_v, b.convolved_scale),
        {"key_inputs": key_inputs, "value_inputs": value_inputs},
    )


def split_heads(
    b: Numbers, w: Weights, q: Array, k: Array, v: Array, positions: Array
) -> tuple[Array, Array, Array]:
    """Queries, keys and values (T, heads, channels) as attention compares them."""
    if b.qk_norm == "all heads":
        q, k = w.query_norm(q), w.key_norm(k)
    if b.clip is not None:
        q, k, v = (np.clip(one, -b.clip, b.clip) for one in (q, k, v))
    q, k = q.reshape(len(q), b.heads, -1), k.reshape(len(k), b.kv_heads, -1)
    v = v.reshape(len(v), b.kv_heads, -1)
    if b.qk_norm in EACH:
        q, k = w.query_norm(q), w.key_norm(k)
    if b.qk_norm == "without weights":
        q, k = (
            (by_length(q), by_length(k))
            if b.floored
            else (rms_normalized(b, q), rms_normalized(b, k))
        )
    if b.qk_norm == "unit length":
        q, k = unit_length(b, q), unit_length(b, k)
    if b.longest_qk is not None:
        q, k = shortened(q * w.query_scales, b.longest_qk), shortened(k, b.longest_qk)
    if b.value_norm:
        v = rms_normalized(b, v)
    if b.position == "rope":
        q, k = partial_rope(b, q, positions), partial_rope(b, k, positions)
    if b.qk_norm == "per head, after rotation":
        q, k = w.query_norm(q), w.key_norm(k)
    if b.qk_norm == "l2":
        q, k = rms_normalized(b, q), rms_normalized(b, k)
    if w.key_scale is not None:
        k = w.key_scale(k)
    if b.squared_scales:
        q = q * ((w.query_scales * b.query_unit) ** 2).reshape(b.heads, -1)
    q = scaled(q, b.query_scale)
    if b.temperature_tuning and not b.temperature_after:
        q = q * temperature(b, positions)[:, None, None].astype(q.dtype)
    if b.value_scale is not None:
        v = v * b.value_scale
    return q, k, v


def gate_logits(b: Numbers, w: Weights, x: Array) -> Array:
    """Gates of the output, (T, channels), before their activation; each head may add a number, or scale by learned ones."""
    if b.squared_scales:
        return np.asarray(w.gate(x) * (w.gate_scales * b.gate_unit) ** 2)
    if b.gate_bias:
        each = w.gate(x).reshape(len(x), b.heads, -1) + w.gate_bias[:, None]
        return np.asarray(each.reshape(len(x), -1))
    return np.asarray(w.gate(x))


def gated(b: Numbers, gate: Array, o: Array) -> Array:
    """The output o (T, heads, channels), times a gate a head or a channel."""
    if not isinstance(b.gate, str):
        raise unknown("a gate", b.gate)
    gate = activation(b.gate)(gate)
    return o * gate.reshape(*o.shape[:2], -1)  # one number a head, or one a channel
