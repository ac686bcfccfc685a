"""Decoders of the early years: GPT-2, GPT-NeoX, Bloom, Falcon, MPT, StarCoder, Qwen, ChatGLM."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llm_gallery.conversion.changes import turned
from llm_gallery.conversion.keys import NORM, PLAIN, rope
from llm_gallery.conversion.rest import holds, key
from llm_gallery.conversion.row import Row, Spelled
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
KEYS: Spelled = {**PLAIN, **NORM}
ENDS = {"wte": "token_embd", "wpe": "position_embd", "ln_f": "output_norm"}
GPT = {
    **ENDS,
    "ln_1": "attn_norm",
    "ln_2": "ffn_norm",
    "attn.c_attn": "attn_qkv",
    "attn.c_proj": "attn_output",
    "mlp.c_fc": "ffn_up",
    "mlp.c_proj": "ffn_down",
}
NEOX = {
    "embed_in": "token_embd",
    "embed_out": "output",
    "final_layer_norm": "output_norm",
    "query_key_value": "attn_qkv",
    "attention.dense": "attn_output",
    "self_attention.dense": "attn_output",
    "mlp.dense_h_to_4h": "ffn_up",
    "mlp.dense_4h_to_h": "ffn_down",
    "word_embeddings": "token_embd",
    "output_layer": "output",
}
TURNED = {
    "attn.c_attn.weight": turned("attn_qkv.weight"),
    "attn.c_proj.weight": turned("attn_output.weight"),
    "mlp.c_fc.weight": turned("ffn_up.weight"),
    "mlp.c_proj.weight": turned("ffn_down.weight"),
}
"""GPT-2's matrices, which are stored with the inputs first."""
MPT_EPSILON = 1e-5
"""What MPT's norms have, as the converter writes it."""
FALCON_CONTEXT = 2048
"""Falcon's configs don't state it."""


def fourfold(config: Json) -> Json:
    """A feed-forward part four times as wide, where it isn't stated."""
    width = config.get("n_embd") or config.get("hidden_size") or config["d_model"]
    return {"feed_forward_length": config.get("n_inner") or 4 * width}


def neox(config: Json) -> Json:
    """How many channels of a head are rotated, and that both branches of a layer read the same."""
    width = config["hidden_size"] // config["num_attention_heads"]
    return {
        "rope.dimension_count": int(config["rotary_pct"] * width),
        "use_parallel_residual": config.get("use_parallel_residual", True),
    }


def bloom(config: Json) -> Json:
    """Bloom is trained on as many tokens as its stream is wide, and has keys for each head."""
    return {
        "context_length": config.get("seq_length") or config["hidden_size"],
        "feed_forward_length": 4 * config["hidden_size"],
        "attention.head_count_kv": config["n_head"],
    }


def falcon(config: Json) -> Json:
    """Falcon's context, and its heads of keys: one, but in the newer layout."""
    newer = config.get("new_decoder_architecture")
    return {
        "context_length": FALCON_CONTEXT,
        "tensor_data_layout": "jploski",
        "feed_forward_length": 4 * config["hidden_size"],
        "attention.head_count_kv": config["num_kv_heads"] if newer else 1,
    }


def mpt(config: Json) -> Json:
    """MPT's attention, which is stated apart."""
    attention = config["attn_config"]
    return {
        "context_length": config["max_seq_len"],
        "feed_forward_length": 4 * config["d_model"],
        "attention.head_count_kv": attention.get("kv_n_heads"),
        "attention.layer_norm_epsilon": MPT_EPSILON,
        "attention.clamp_kqv": attention.get("clip_qkv"),
        "attention.max_alibi_bias": attention.get("alibi_bias_max", 8)
        if attention["alibi"]
        else 0.0,
    }


def single(config: Json) -> Json:
    """One head of keys and values."""
    return {"attention.head_count_kv": 1}


def chatglm(config: Json) -> Json:
    """Half of each head's channels are rotated."""
    width = config.get("kv_channels") or config["hidden_size"] // config["num_attention_heads"]
    groups = config.get("multi_query_group_num")
    grown = config.get("rope_ratio", 1)
    return {
        "context_length": config["seq_length"],
        "attention.head_count_kv": groups or config["num_attention_heads"],
        "rope.dimension_count": width // 2,
        "rope.freq_base": 10000 * grown,
    }


def rest(stored: Stored, said: Json) -> Json:
    """Falcon's heads of keys, and whether each branch of a layer has a norm."""
    count = key(stored, "attention.head_count_kv")
    newer = holds(stored, "attn_norm_2.weight")
    return {"num_kv_heads": count, "new_decoder_architecture": newer, "multi_query": count == 1}


OLD = "which of its publisher's early layouts it has"
ROWS = (
    Row("gpt2", ("gpt2",), KEYS, (fourfold,), names=GPT, changes=TURNED),
    Row("starcoder", ("gpt_bigcode",), KEYS, (single,), names=GPT),
    Row("gptneox", ("gpt_neox",), KEYS, (neox,), names=NEOX),
    Row(
        "bloom",
        ("bloom",),
        KEYS,
        (bloom,),
        names={**ENDS, **NEOX, "word_embeddings_layernorm": "token_embd_norm"},
    ),
    Row(
        "falcon",
        ("falcon",),
        KEYS,
        (falcon,),
        rest=rest,
        names={
            **ENDS,
            **NEOX,
            "ln_attn": "attn_norm_2",
            "ln_mlp": "attn_norm",
            "input_layernorm": "attn_norm",
        },
    ),
    Row(
        "mpt",
        ("mpt",),
        {
            "block_count": "n_layers",
            "embedding_length": "d_model",
            "attention.head_count": "n_heads",
        },
        (mpt,),
        names={
            **ENDS,
            "norm_f": "output_norm",
            "norm_1": "attn_norm",
            "norm_2": "ffn_norm",
            "attn.Wqkv": "attn_qkv",
            "attn.out_proj": "attn_output",
        },
    ),
    Row(
        "qwen",
        ("qwen",),
        KEYS,
        (rope,),
        names={**GPT, "mlp.w1": "ffn_up", "mlp.w2": "ffn_gate"},
        lost=OLD,
    ),
    Row(
        "chatglm",
        ("chatglm",),
        {
            "block_count": "num_layers",
            "embedding_length": "hidden_size",
            "feed_forward_length": "ffn_hidden_size",
            "attention.head_count": "num_attention_heads",
            "attention.layer_norm_rms_epsilon": "layernorm_epsilon",
        },
        (chatglm,),
        names=NEOX,
        lost=OLD,
    ),
)
