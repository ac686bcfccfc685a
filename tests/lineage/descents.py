"""Documented descents: child, parent, what the edge must name (keys of changes), and who documents it; and siblings.

Parents are the models that the authors name, or the catalog's model of the design that they name.
None of it is read by the program: measurement has to find it by itself.
"""

from __future__ import annotations

ARXIV = "https://arxiv.org/abs/"
HUB = "https://huggingface.co/"
CODE = "https://github.com/huggingface/transformers/blob/main/src/transformers/models/"

Descent = tuple[str, str, tuple[str, ...], str]

DESCENTS: tuple[Descent, ...] = (
    (
        "gpt2-xl", "gpt-1", ("norm_placement", "final_norm"),
        "https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf",
    ),
    ("llama-65b", "gpt2-xl", ("activation", "norm", "attention.position"), f"{ARXIV}2302.13971"),
    ("mistral-7b-v0.1", "llama-2-70b", ("attention.window",), f"{ARXIV}2310.06825"),
    ("mixtral-8x7b", "mistral-7b-v0.1", ("channel_mixer.mechanism",), f"{ARXIV}2401.04088"),
    ("mixtral-8x22b", "mixtral-8x7b", ("layers", "width"), "https://mistral.ai/news/mixtral-8x22b"),
    ("internlm2-7b", "llama-7b", ("vocabulary",), f"{ARXIV}2403.17297"),
    ("stablelm-3b-4e1t", "llama-2-7b", ("norm", "attention.rotated_share"), f"{HUB}stabilityai/stablelm-3b-4e1t"),
    ("olmo-7b", "llama-2-7b", ("norm",), f"{ARXIV}2402.00838"),
    ("starcoder2-15b", "starcoder-15.5b", ("attention.position", "attention.sharing"), f"{ARXIV}2402.19173"),
    ("phi-3-mini", "llama-2-7b", ("attention.window",), f"{ARXIV}2404.14219"),
    ("llama-3-8b", "llama-2-70b", ("vocabulary", "context"), f"{ARXIV}2407.21783"),
    ("llama-3.1-405b", "llama-3-8b", ("layers", "width", "attention.rope_scaling"), f"{ARXIV}2407.21783"),
    ("llama-3.2-3b", "llama-3-8b", ("tied",), f"{HUB}meta-llama/Llama-3.2-3B"),
    (
        "deepseek-v3", "deepseek-v2", ("moe.scoring", "moe.correction", "multi_token_prediction"),
        f"{ARXIV}2412.19437",
    ),
    ("qwen2.5-72b", "qwen2-7b", ("layers", "width"), f"{ARXIV}2412.15115"),
    ("gemma-2-27b", "gemma-7b", ("norm_placement", "attention.softcap", "logit_softcap"), f"{ARXIV}2408.00118"),
    ("gemma-3-27b", "gemma-2-27b", ("attention.qk_norm", "attention.softcap"), f"{ARXIV}2503.19786"),
    ("gemma-3-270m", "gemma-3-27b", ("attention.sharing", "attention.window"), f"{HUB}google/gemma-3-270m"),
    ("gemma-4-31b", "gemma-3-27b", ("logit_softcap", "attention.value_norm"), f"{CODE}gemma4/modular_gemma4.py"),
    ("phi-4", "phi-3-mini", ("attention.window", "attention.sharing"), f"{ARXIV}2412.08905"),
    ("olmoe-1b-7b", "olmo-7b", ("channel_mixer.mechanism", "norm", "attention.qk_norm"), f"{ARXIV}2409.02060"),
    ("olmo-2-7b", "olmo-7b", ("norm_placement", "norm", "attention.qk_norm"), f"{ARXIV}2501.00656"),
    ("olmo-3-7b", "olmo-2-7b", ("token_mixer.attention.window",), f"{ARXIV}2512.13961"),
    ("olmo-hybrid-7b", "olmo-3-7b", ("token_mixer.attention.window", "norm_placement"), f"{ARXIV}2604.03444"),
    ("olmo-3-32b", "olmo-2-32b", ("token_mixer.attention.window",), f"{ARXIV}2512.13961"),
    ("deepseek-r1", "deepseek-v3", (), f"{ARXIV}2501.12948"),
    ("deepseek-v3.1", "deepseek-v3", (), f"{HUB}deepseek-ai/DeepSeek-V3.1"),
    ("deepseek-v3.2", "deepseek-v3.1", ("latent_attention.indexer",), f"{ARXIV}2512.02556"),
    (
        "command-r7b", "command-r-35b", ("token_mixer.attention.window", "attention.position"),
        f"{ARXIV}2504.00698",
    ),
    (
        "llama-4-maverick", "llama-3.1-70b", ("channel_mixer.moe", "token_mixer.attention.chunk"),
        "https://ai.meta.com/blog/llama-4-multimodal-intelligence/",
    ),
    ("glm-4-32b", "chatglm3-6b", ("norm_placement",), f"{ARXIV}2406.12793"),
    ("qwen3-8b", "qwen2.5-7b", ("attention.qk_norm", "attention.bias"), f"{ARXIV}2505.09388"),
    ("qwen3-32b", "qwen2.5-72b", ("attention.qk_norm", "attention.bias"), f"{ARXIV}2505.09388"),
    ("qwen3-coder-480b-a35b", "qwen3-235b-a22b", ("moe.experts",), f"{HUB}Qwen/Qwen3-Coder-480B-A35B-Instruct"),
    (
        "qwen3-next-80b-a3b", "qwen3-30b-a3b", ("token_mixer.gated_deltanet", "attention.gate", "moe.shared"),
        f"{HUB}Qwen/Qwen3-Next-80B-A3B-Instruct",
    ),
    ("qwen3.5-397b-a17b", "qwen3-next-80b-a3b", ("vision_tower",), f"{CODE}qwen3_5_moe/modular_qwen3_5_moe.py"),
    ("dots.llm1", "deepseek-v3", ("token_mixer.mechanism", "moe.shared"), f"{ARXIV}2506.05767"),
    ("smollm3-3b", "llama-3.2-3b", ("token_mixer.attention.no_positions",), f"{HUB}blog/smollm3"),
    (
        "kimi-k2", "deepseek-v3", ("latent_attention.heads", "moe.experts", "channel_mixer.layout"),
        f"{ARXIV}2507.20534",
    ),
    ("kimi-k2-thinking", "kimi-k2", ("context",), f"{HUB}moonshotai/Kimi-K2-Thinking"),
    ("kimi-k2.5", "kimi-k2", ("vision_tower",), f"{HUB}moonshotai/Kimi-K2.5"),
    (
        "kimi-linear-48b-a3b", "kimi-k2", ("token_mixer.kimi_delta_attention", "latent_attention.position"),
        f"{ARXIV}2510.26692",
    ),
    ("glm-4.5", "deepseek-v3", ("token_mixer.mechanism", "moe.groups"), f"{ARXIV}2508.06471"),
    ("glm-4.5-air", "deepseek-v3", ("token_mixer.mechanism", "moe.groups"), f"{ARXIV}2508.06471"),
    ("mistral-nemo-12b", "mistral-7b-v0.1", ("attention.window",), "https://mistral.ai/news/mistral-nemo"),
    ("mistral-small-3.1-24b", "mistral-nemo-12b", ("vision_tower",), f"{HUB}mistralai/Mistral-Small-3.1-24B-Base-2503"),
    ("vaultgemma-1b", "gemma-2-2b", ("norm_placement",), f"{HUB}docs/transformers/model_doc/vaultgemma"),
    ("rwkv-7-2.9b", "eagle-7b", (), f"{ARXIV}2503.14456"),
    ("qwen3.8-2.4t-a95b", "qwen3.5-397b-a17b", (), "https://github.com/QwenLM/Qwen3.8"),
    ("zamba2-2.7b", "mamba2-2.7b", (), "https://github.com/Zyphra/Zamba2"),
    ("jamba-v0.1-52b", "mamba-2.8b", (), f"{ARXIV}2403.19887"),
    ("moonlight-16b-a3b", "deepseek-v3", (), f"{ARXIV}2502.16982"),
    ("glm-4.7", "glm-4.5", (), f"{HUB}zai-org/GLM-4.7"),
    ("intellect-3-106b", "glm-4.5-air", (), f"{HUB}PrimeIntellect/INTELLECT-3"),
    ("glm-5", "deepseek-v3.2", ("moe.groups", "latent_attention.heads"), f"{CODE}glm_moe_dsa/modular_glm_moe_dsa.py"),
    ("mistral-large-3-675b", "deepseek-v3", ("moe.scoring", "vision_tower"), f"{HUB}mistralai/Mistral-Large-3-675B-Instruct-2512"),
    ("nemotron-3-nano-30b-a3b", "nemotron-nano-12b-v2", ("channel_mixer.mechanism",), f"{HUB}nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16"),
    ("minimax-m2.5", "minimax-m2", (), f"{HUB}MiniMaxAI/MiniMax-M2.5"),
    ("apertus-70b", "llama-3.1-70b", ("activation", "attention.qk_norm"), f"{ARXIV}2509.14233"),
    ("lfm2-8b-a1b", "lfm2-1.2b", ("channel_mixer.moe",), f"{HUB}LiquidAI/LFM2-8B-A1B"),
    ("gemma-2-9b", "gemma-7b", ("norm_placement",), f"{ARXIV}2408.00118"),
)  # fmt: skip

SIBLINGS: tuple[tuple[str, str], ...] = (
    ("llama-65b", "llama-7b"),
    ("falcon-40b", "falcon-7b"),
    ("llama-2-70b", "llama-2-7b"),
    ("deepseek-v2", "deepseek-v2-lite"),
    ("gemma-2-27b", "gemma-2-9b"),
    ("gemma-2-27b", "gemma-2-2b"),
    ("llama-3.1-405b", "llama-3.1-70b"),
    ("llama-3.2-3b", "llama-3.2-1b"),
    ("llama-4-maverick", "llama-4-scout"),
    ("qwen3-8b", "qwen3-4b"),
    ("qwen3-8b", "qwen3-30b-a3b"),
    ("qwen3-30b-a3b", "qwen3-235b-a22b"),
    ("qwen3-4b", "qwen3-0.6b"),
    ("gemma-3n-e4b", "gemma-3n-e2b"),
    ("glm-4.5", "glm-4.5-air"),
    ("gpt-oss-120b", "gpt-oss-20b"),
    ("qwen3.5-122b-a10b", "qwen3.5-35b-a3b"),
    ("gemma-4-31b", "gemma-4-26b-a4b"),
    ("gemma-4-e4b", "gemma-4-e2b"),
    ("deepseek-v4-pro", "deepseek-v4-flash"),
    ("k2-horizon-375b-a23b", "k2-horizon-mova-36b-a4b"),
    ("mimo-v2.5-pro", "mimo-v2.5"),
)
"""Two of one release each, the elder first."""
