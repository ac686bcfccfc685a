"""What the first files of OLMo, Qwen, Ling, Yi, Aquila and Orion say of their models."""

from __future__ import annotations

QWEN = {
    "activation": "swiglu", "architectures": ["QWenLMHeadModel"], "bias_dropout_fusion": True, "ffn_hidden_size": 22016,
    "kv_channels": 128, "layer_norm_epsilon": 1e-06, "model_type": "qwen", "n_embd": 4096, "n_head": 32, "n_inner": None,
    "n_layer": 32, "n_positions": 6144, "no_bias": True, "padded_vocab_size": 151936, "pos_emb": "rotary", "seq_length": 2048,
    "params_dtype": "torch.bfloat16", "tie_word_embeddings": False, "tokenizer_type": "QWenTokenizer", "vocab_size": 151936,
}  # fmt: skip
LING = {
    "architectures": ["BailingMoeForCausalLM"], "first_k_dense_replace": 0, "hidden_act": "silu", "hidden_size": 2048,
    "intermediate_size": 5632, "max_position_embeddings": 16384, "model_type": "bailing_moe", "moe_intermediate_size": 1408,
    "norm_topk_prob": True, "num_attention_heads": 16, "num_experts": 64, "num_experts_per_tok": 6, "num_hidden_layers": 28,
    "num_key_value_heads": 4, "num_shared_experts": 2, "rms_norm_eps": 1e-06, "rope_scaling": None, "rope_theta": 600000,
    "tie_word_embeddings": False, "use_bias": False, "use_qkv_bias": False, "vocab_size": 126464,
}  # fmt: skip
OLMO = {
    "activation_type": "swiglu", "alibi": False, "alibi_bias_max": 8.0, "architectures": ["OLMoForCausalLM"], "clip_qkv": None,
    "attention_layer_norm": False, "block_type": "sequential", "d_model": 4096, "embedding_size": 50304, "include_bias": False,
    "init_fn": "mitchell", "layer_norm_type": "default", "layer_norm_with_affine": False, "max_sequence_length": 2048,
    "mlp_hidden_size": 22016, "mlp_ratio": 4, "model_type": "hf_olmo", "multi_query_attention": False, "n_heads": 32,
    "n_layers": 32, "precision": "amp_bf16", "rope": True, "scale_logits": False, "vocab_size": 50280, "weight_tying": False,
}  # fmt: skip
YI = {
    "architectures": ["YiForCausalLM"], "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 11008,
    "max_position_embeddings": 4096, "model_type": "Yi", "num_attention_heads": 32, "num_hidden_layers": 32,
    "num_key_value_heads": 4, "rms_norm_eps": 1e-05, "rope_theta": 5000000.0, "tie_word_embeddings": False, "vocab_size": 64000,
}  # fmt: skip
AQUILA = {
    "architectures": ["AquilaForCausalLM"], "hidden_act": "silu", "hidden_size": 4096, "intermediate_size": 11008,
    "max_position_embeddings": 2048, "model_type": "aquila", "num_attention_heads": 32, "num_hidden_layers": 32,
    "num_key_value_heads": 32, "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "tie_word_embeddings": False, "vocab_size": 100008,
}  # fmt: skip
ORION = {
    "architectures": ["OrionForCausalLM"], "attention_bias": False, "hidden_act": "silu", "hidden_size": 5120,
    "intermediate_size": 15360, "max_position_embeddings": 4096, "model_type": "orion", "num_attention_heads": 40,
    "num_hidden_layers": 40, "num_key_value_heads": 40, "rms_norm_eps": 1e-05, "rope_scaling": None, "rope_theta": 10000.0,
    "tie_word_embeddings": False, "vocab_size": 84608,
}  # fmt: skip
