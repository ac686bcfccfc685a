"""Types whose own code computes what a known family does are described as that, in their files' keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import tensors, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import defaults
from llm_gallery.recognition import catalog_config, describe, known
from llm_gallery.running.proof import proof
from tests.recognition.test_spellings import settled, shapes

Json = Mapping[str, Any]

FILES: Mapping[str, Json] = {
    # https://huggingface.co/microsoft/phi-1_5/blob/b6a7e2fe15c21f5847279f23e280cc5a0e7049ef/config.json
    "Phi-1.5": {
        "activation_function": "gelu_new", "architectures": ["MixFormerSequentialForCausalLM"], "embd_pdrop": 0.0,
        "layer_norm_epsilon": 1e-05, "model_type": "mixformer-sequential", "n_embd": 2048, "n_head": 32, "n_inner": None,
        "n_layer": 24, "n_positions": 2048, "resid_pdrop": 0.0, "rotary_dim": 32, "tie_word_embeddings": False, "vocab_size": 51200,
    },
    # https://arxiv.org/abs/2309.11568, under the keys of https://huggingface.co/cerebras/btlm-3b-8k-base
    "BTLM 3B": {
        "activation_function": "swiglu", "architectures": ["BTLMLMHeadModel"], "embd_pdrop": 0.0, "layer_norm_epsilon": 1e-05,
        "model_type": "btlm", "mup_embeddings_scale": 14.6, "mup_output_alpha": 2.2, "mup_scale_qk_dot_by_d": True,
        "mup_width_scale": 0.1, "n_embd": 2560, "n_head": 32, "n_inner": 6826, "n_layer": 32, "n_positions": 8192,
        "position_embedding_type": "alibi", "scale_attn_weights": True, "vocab_size": 50257,
    },
    # https://github.com/wwnaitang/CodeShell-7B-Chat-int4/blob/main/config.json
    "CodeShell 7B": {
        "activation_function": "gelu_pytorch_tanh", "architectures": ["CodeShell4bitForCausalLM"], "group_query_attention": True,
        "attention_softmax_in_fp32": True, "layer_norm_epsilon": 1e-05, "model_type": "codeshell", "n_embd": 4096, "n_head": 32,
        "n_inner": 16384, "n_layer": 42, "n_positions": 8192, "num_query_groups": 8, "position_embedding_type": "rope",
        "rope_scaling": None, "scale_attn_weights": True, "vocab_size": 70144,
    },
    # https://github.com/leejamesss/moss_7b/blob/main/config.json
    "MOSS 16B": {
        "activation_function": "gelu_new", "architectures": ["MossForCausalLM"], "layer_norm_epsilon": 1e-05, "model_type": "moss",
        "n_ctx": 2048, "n_embd": 6144, "n_head": 24, "n_inner": None, "n_layer": 34, "n_positions": 2048, "rotary_dim": 64,
        "scale_attn_weights": True, "tie_word_embeddings": False, "vocab_size": 107008,
    },
    # https://github.com/IDLEOAK/openpangu-lightweight-methods/blob/main/config.json
    "openPangu Embedded 7B": {
        "architectures": ["PanguEmbeddedForCausalLM"], "bias": True, "hidden_act": "silu", "hidden_size": 4096,
        "intermediate_size": 12800, "max_position_embeddings": 32768, "model_type": "PanguEmbedded", "num_attention_heads": 32,
        "num_hidden_layers": 34, "num_key_value_heads": 8, "rms_norm_eps": 1e-05, "rope_theta": 16000000.0,
        "tie_word_embeddings": False, "vocab_size": 153376,
    },
    # https://github.com/HYanChen/MiniMind2/blob/main/config.json
    "MiniMind 2": {
        "architectures": ["MiniMindLM"], "aux_loss_alpha": 0.1, "dim": 768, "dropout": 0.0, "flash_attn": True, "hidden_dim": 2048,
        "max_seq_len": 8192, "model_type": "minimind", "multiple_of": 64, "n_heads": 8, "n_kv_heads": 2, "n_layers": 16,
        "n_routed_experts": 4, "n_shared_experts": True, "norm_eps": 1e-05, "norm_topk_prob": True, "num_experts_per_tok": 2,
        "rope_theta": 1000000.0, "scoring_func": "softmax", "seq_aux": True, "use_moe": False, "vocab_size": 6400,
    },
    # Of https://github.com/jingyaogong/minimind, what `save_pretrained` keeps of its later configs
    "MiniMind of April 2025": {
        "architectures": ["MiniMindForCausalLM"], "dropout": 0.0, "flash_attn": True, "hidden_act": "silu", "hidden_size": 512,
        "intermediate_size": 1408, "max_position_embeddings": 32768, "model_type": "minimind", "n_routed_experts": 4,
        "n_shared_experts": 1, "num_attention_heads": 8, "num_experts_per_tok": 2, "num_hidden_layers": 8,
        "num_key_value_heads": 2, "rms_norm_eps": 1e-05, "rope_theta": 1000000.0, "use_moe": False, "vocab_size": 6400,
    },
    "MiniMind 3": {
        "architectures": ["MiniMindForCausalLM"], "dropout": 0.0, "flash_attn": True, "head_dim": 96, "hidden_act": "silu",
        "hidden_size": 768, "inference_rope_scaling": False, "intermediate_size": 2432, "max_position_embeddings": 32768,
        "model_type": "minimind", "moe_intermediate_size": 2432, "norm_topk_prob": True, "num_attention_heads": 8,
        "num_experts": 4, "num_experts_per_tok": 1, "num_hidden_layers": 8, "num_key_value_heads": 4, "rms_norm_eps": 1e-06,
        "rope_scaling": None, "rope_theta": 1000000.0, "router_aux_loss_coef": 0.0005, "tie_word_embeddings": True,
        "use_moe": False, "vocab_size": 6400,
    },
    # https://github.com/junqi-jiang/oasstpythia1.5brm/blob/main/config.json
    "Open Assistant's judge": {
        "architectures": ["GPTNeoXRewardModel"], "attention_bias": True, "hidden_act": "gelu", "hidden_size": 2048,
        "intermediate_size": 8192, "layer_norm_eps": 1e-05, "max_position_embeddings": 2048, "model_type": "gpt_neox_reward_model",
        "num_attention_heads": 16, "num_hidden_layers": 24, "pooling": "last", "rope_scaling": None, "rotary_emb_base": 10000,
        "rotary_pct": 0.25, "tie_word_embeddings": False, "use_parallel_residual": True, "vocab_size": 50288,
    },
}  # fmt: skip
LLAMA = {"model_type": "llama", "hidden_act": "silu"}
TODAY: Mapping[str, Json] = {
    "Phi-1.5": {
        "model_type": "phi", "hidden_act": "gelu_new", "hidden_size": 2048, "intermediate_size": 8192, "num_attention_heads": 32,
        "num_hidden_layers": 24, "max_position_embeddings": 2048, "partial_rotary_factor": 0.5, "vocab_size": 51200,
        "tie_word_embeddings": False,
    },
    "BTLM 3B": {**FILES["BTLM 3B"], "model_type": "jais", "architectures": ["JAISLMHeadModel"]},
    "CodeShell 7B": {
        "model_type": "starcoder2", "hidden_act": "gelu_pytorch_tanh", "hidden_size": 4096, "intermediate_size": 16384,
        "max_position_embeddings": 8192, "num_attention_heads": 32, "num_hidden_layers": 42, "num_key_value_heads": 8,
        "rope_theta": 10000.0, "sliding_window": None, "use_bias": True, "vocab_size": 70144,
    },
    "MOSS 16B": {**FILES["MOSS 16B"], "model_type": "codegen", "architectures": ["CodeGenForCausalLM"]},
    "openPangu Embedded 7B": LLAMA | {
        "attention_bias": True, "hidden_size": 4096, "intermediate_size": 12800, "max_position_embeddings": 32768,
        "mlp_bias": False, "num_attention_heads": 32, "num_hidden_layers": 34, "num_key_value_heads": 8,
        "rope_theta": 16000000.0, "tie_word_embeddings": False, "vocab_size": 153376,
    },
    "MiniMind 2": LLAMA | {
        "hidden_size": 768, "intermediate_size": 2048, "max_position_embeddings": 8192, "num_attention_heads": 8,
        "num_hidden_layers": 16, "num_key_value_heads": 2, "rope_theta": 1000000.0, "tie_word_embeddings": True, "vocab_size": 6400,
    },
    "MiniMind of April 2025": LLAMA | {
        "hidden_size": 512, "intermediate_size": 1408, "max_position_embeddings": 32768, "num_attention_heads": 8,
        "num_hidden_layers": 8, "num_key_value_heads": 2, "rope_theta": 1000000.0, "tie_word_embeddings": True, "vocab_size": 6400,
    },
    "MiniMind 3": {
        "model_type": "qwen3", "head_dim": 96, "hidden_act": "silu", "hidden_size": 768, "intermediate_size": 2432,
        "max_position_embeddings": 32768, "num_attention_heads": 8, "num_hidden_layers": 8, "num_key_value_heads": 4,
        "rope_theta": 1000000.0, "tie_word_embeddings": True, "use_sliding_window": False, "vocab_size": 6400,
    },
    "Open Assistant's judge": {
        **FILES["Open Assistant's judge"], "model_type": "gpt_neox", "architectures": ["GPTNeoXForCausalLM"],
    },
}  # fmt: skip
"""The same models as transformers would save their configs in the family's keys."""
PUBLISHED = {"Phi-1.5": 1_418_270_720, "MiniMind 2": 104_030_976}
"""What checkpoints hold: the first's index counts it, the second is its authors' 104M."""


@pytest.mark.parametrize("name", FILES)
def test_is_the_family_in_its_own_keys(name: str) -> None:
    ours, theirs = describe(FILES[name]), describe(TODAY[name])
    assert ours.model_type == theirs.model_type
    assert shapes(ours.root) == shapes(theirs.root)
    assert settled(ours.root) == settled(theirs.root)
    assert ours.unread == ()
    assert known(FILES[name])
    assert any("is another name of" in line for line in ours.warnings)


@pytest.mark.parametrize("name", PUBLISHED)
def test_totals_are_those_of_checkpoints(name: str) -> None:
    assert parameters(describe(FILES[name]).root).total == PUBLISHED[name]


@pytest.mark.parametrize("name", FILES)
def test_its_own_class_raises_no_doubt(name: str) -> None:
    """A class that somebody looked up computes what is described; another one's name is told where the reference has one."""
    assert not any("its own code" in line for line in describe(FILES[name]).warnings)
    if not defaults(TODAY[name]["model_type"]):
        return
    other = {**FILES[name], "architectures": ["MadeUpForCausalLM"]}
    assert any("its own code" in line for line in describe(other).warnings)


@pytest.mark.parametrize("name", FILES)
def test_what_a_catalog_keeps_says_the_same(name: str) -> None:
    held = catalog_config(FILES[name])
    assert held.keys() <= FILES[name].keys()
    assert describe(held).root == describe(FILES[name]).root


@pytest.mark.parametrize("name", ["BTLM 3B", "CodeShell 7B", "MiniMind 2", "MOSS 16B"])
def test_a_miniature_of_it_runs(name: str) -> None:
    assert proof(FILES[name]).run.holds


def test_the_first_minimind_has_metas_names_and_pairs() -> None:
    first = describe(FILES["MiniMind 2"]).root
    assert {tensor.name for tensor in tensors(first)} > {
        "tok_embeddings.weight",
        "layers.15.attention.wk.weight",
        "layers.0.feed_forward.w3.weight",
    }
    later = describe(FILES["MiniMind of April 2025"]).root
    rotated = [
        next(block.settings for _, block in walk(root) if block.kind == "attention")
        for root in (first, later)
    ]
    assert rotated[0] != rotated[1]


@pytest.mark.parametrize(
    ("name", "changed", "says"),
    [
        ("BTLM 3B", {"alibi_scaling": {"type": "linear", "factor": 2.0}}, "alibi_scaling is .*expected null"),
        ("BTLM 3B", {"position_embedding_type": "learned"}, "position_embedding_type is .*expected \"alibi\""),
        ("CodeShell 7B", {"position_embedding_type": "learned_absolute"}, "position_embedding_type is .*expected \"rope\""),
        ("CodeShell 7B", {"group_query_attention": False}, "group_query_attention is false, expected true"),
        ("CodeShell 7B", {"num_query_groups": None}, "num_query_groups is null"),
        ("CodeShell 7B", {"n_inner": 0}, "n_inner is 0"),
        ("MiniMind 2", {"use_moe": True}, "use_moe is true, expected false"),
        ("MiniMind 3", {"use_moe": True}, "use_moe is true, expected false"),
        ("MiniMind 3", {"rope_scaling": {"type": "yarn"}}, "rope_scaling is "),
        ("MiniMind of April 2025", {"tie_word_embeddings": False}, "tie_word_embeddings is false, expected true"),
        ("openPangu Embedded 7B", {"bias": None}, "bias is null"),
        ("Phi-1.5", {"rotary_dim": 65}, "rotary_dim is 65, expected a part of a head"),
    ],
)  # fmt: skip
def test_another_model_of_the_type_is_refused(name: str, changed: Json, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        describe({**FILES[name], **changed})


def test_an_mlp_that_states_no_width_is_four_times_as_wide() -> None:
    wide = describe({**FILES["CodeShell 7B"], "n_inner": None})
    assert shapes(wide.root) == shapes(describe(FILES["CodeShell 7B"]).root)
