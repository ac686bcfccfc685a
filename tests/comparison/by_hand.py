"""Sentences read by hand against both configs, once: what an engineer who has both open would say."""

from __future__ import annotations

BY_HAND: dict[tuple[str, str], tuple[str, ...]] = {
    ("gpt2-xl", "kimi-k3"): (
        "Kimi K3 is a different design from GPT-2 XL: Kimi Delta Attention in three layers of four and gated multi-head latent attention (96 heads, a latent of 512) in one layer of four instead of multi-head attention in every layer, 896 experts (16 per token) and two shared experts after the first layer, attention over earlier layers' outputs as residual, gated SiTU instead of GELU, RMSNorm instead of LayerNorm, a vision tower, and an output head of its own, but no positions or MLP biases; layers 48 → 93, width 1,600 → 7,168, MLP width 6,400 → 33,792, vocabulary 50,257 → 163,840, context 1,024 → 1,048,576.",
        "Parameters 1.56B → 2.78T; active per token 1.56B → 105.36B; cache per token 300 KiB → 27 KiB; a state of 433.4 MiB is new.",
    ),
    ("mamba-2.8b", "llama-3-8b"): (
        "Llama 3 8B is a different design from Mamba 2.8B: grouped-query attention (32 heads, 8 key-value heads) instead of Mamba, a dense MLP in every layer, attention and MLP one after the other instead of one part a layer, a longest context of 8,192 and an output head of its own; layers 64 → 32, width 2,560 → 4,096, vocabulary 50,280 → 128,256.",
        "Parameters 2.77B → 8.03B; a cache of 128 KiB per token is new; no state any more (22.5 MiB before).",
    ),
    ("rwkv-4-7b", "xlstm-7b"): (
        "xLSTM 7B is a different design from RWKV-4 7B: mLSTM instead of RWKV, a dense MLP instead of channel mixing, RMSNorm instead of LayerNorm and a softcap on the output scores; vocabulary 50,277 → 50,304.",
        "Parameters 7.39B → 6.87B; state 2 MiB → 128.3 MiB.",
    ),
    ("llama-2-7b", "llama-3-8b"): (
        "Llama 3 8B is Llama 2 7B with grouped-query attention (8 key-value heads) instead of multi-head attention and a wider MLP (11,008 → 14,336); vocabulary 32,000 → 128,256, context 4,096 → 8,192.",
        "Parameters 6.74B → 8.03B; cache per token 512 KiB → 128 KiB.",
    ),
    ("mistral-7b-v0.1", "mixtral-8x7b"): (
        "Mixtral 8x7B is Mistral 7B v0.1 with eight experts (two per token) instead of a dense MLP, but no windows; context 8,192 → 32,768.",
        "Parameters 7.24B → 46.70B; active per token 7.24B → 12.88B; the cache no longer stops growing (128 KiB per token in long texts); the same cache per token (128 KiB).",
    ),
    ("gemma-2-27b", "gemma-3-27b"): (
        "Gemma 3 27B is Gemma 2 27B with queries and keys normed per head, full attention in one layer of six instead of one layer of two, a vision tower, windows of 1,024 tokens instead of 4,096, more layers (46 → 62), a wider stream (4,608 → 5,376) and a narrower MLP (36,864 → 21,504), but no softcap on the output scores or softcap on the attention scores; vocabulary 256,000 → 262,208, context 8,192 → 131,072.",
        "Parameters 27.23B → 27.01B; cache per token 368 KiB → 496 KiB; cache per token once windows are full 184 KiB → 80 KiB.",
    ),
    ("gemma-4-31b", "gemma-4-26b-a4b"): (
        "Gemma 4 26B-A4B is Gemma 4 31B with 128 experts (eight per token) beside the dense MLP in every layer; layers 60 → 30, width 5,376 → 2,816, heads 32 → 16, key-value heads in the windowed layers 16 → 8, key-value heads in the full layers 4 → 2, MLP width 21,504 → 2,112.",
        "Parameters 30.70B → 25.23B; active per token 30.70B → 3.82B; cache per token 880 KiB → 220 KiB; cache per token once windows are full 80 KiB → 20 KiB; compute per token at 128K 148.97 GFLOP → 29.54 GFLOP.",
    ),
    ("command-r-plus-104b", "command-a-111b"): (
        "Command A 111B is Command R+ 104B with windows of 4,096 tokens in three layers of four, no positions in one layer of four and a wider MLP (33,792 → 36,864), but no query and key norm; context 131,072 → 256,000.",
        "Parameters 103.81B → 111.06B; cache per token once windows are full 256 KiB → 64 KiB; compute per token at 128K 619.93 GFLOP → 334.86 GFLOP; the same cache per token (256 KiB).",
    ),
    ("gpt-oss-20b", "gpt-oss-120b"): (
        "gpt-oss 120B is gpt-oss 20B with half again as many layers (24 → 36) and four times the routed experts (32 → 128).",
        "Parameters 20.91B → 116.83B; active per token 4.19B → 5.71B; cache per token 48 KiB → 72 KiB; cache per token once windows are full 24 KiB → 36 KiB.",
    ),
    ("deepseek-v2", "deepseek-v3"): (
        "DeepSeek V3 is DeepSeek V2 with sigmoid router scores instead of softmax, a balancing bias in the router, multi-token prediction, three dense layers instead of one, one shared expert instead of two and the chosen experts' weights made to sum to 1; layers 60 → 61, width 5,120 → 7,168, MLP width 12,288 → 18,432, routed experts 160 → 256, experts per token 6 → 8, expert width 1,536 → 2,048, vocabulary 102,400 → 129,280.",
        "Parameters 235.74B → 671.03B; active per token 21.38B → 37.55B; cache per token 67.5 KiB → 68.6 KiB.",
    ),
    ("deepseek-v3", "deepseek-v3.2"): (
        "DeepSeek V3.2 is DeepSeek V3 with an indexer that picks the keys each query sees.",
        "Parameters 671.03B → 671.88B; active per token 37.55B → 38.40B; cache per token 68.6 KiB → 83.9 KiB; compute per token at 32K 236.99 GFLOP → 118.19 GFLOP.",
    ),
    ("deepseek-v3", "glm-4.5"): (
        "GLM-4.5 is DeepSeek V3 with grouped-query attention (96 heads, 8 key-value heads, normed queries and keys, half of each head rotated, biases) instead of multi-head latent attention, but no expert groups; layers 61 → 92, width 7,168 → 5,120, MLP width 18,432 → 12,288, routed experts 256 → 160, expert width 2,048 → 1,536, vocabulary 129,280 → 151,552.",
        "Parameters 671.03B → 352.80B; active per token 37.55B → 33.63B; cache per token 68.6 KiB → 368 KiB.",
    ),
    ("deepseek-v3", "deepseek-r1"): (
        "DeepSeek R1 has DeepSeek V3's architecture, number for number.",
    ),
    ("glm-5", "glm-5.2"): (
        "GLM-5.2 is GLM-5 with keys picked by an earlier layer's indexer in some layers; context 202,752 → 1,048,576.",
        "Parameters 743.91B → 743.38B; active per token 41.78B → 41.25B; cache per token 107.2 KiB → 93 KiB; compute per token at 128K 176.54 GFLOP → 113.79 GFLOP.",
    ),
    ("qwen2.5-72b", "qwen3-32b"): (
        "Qwen3 32B is Qwen2.5 72B with queries and keys normed per head, fewer layers (80 → 64), a narrower stream (8,192 → 5,120) and a narrower MLP (29,568 → 25,600), but no attention biases; vocabulary 152,064 → 151,936.",
        "Parameters 72.71B → 32.76B; cache per token 320 KiB → 256 KiB.",
    ),
    ("llama-3-8b", "llama-4-maverick"): (
        "Llama 4 Maverick is Llama 3 8B with 128 experts (one per token) and one shared expert in one layer of two, chunks of 8,192 tokens in three layers of four, no positions in one layer of four, a vision tower, and attention temperature by position in one layer of four; layers 32 → 48, width 4,096 → 5,120, heads 32 → 40, MLP width 14,336 → 16,384, vocabulary 128,256 → 202,048, context 8,192 → 1,048,576.",
        "Parameters 8.03B → 400.71B; active per token 8.03B → 17.18B; cache per token 128 KiB → 192 KiB; cache per token once windows are full 128 KiB → 48 KiB.",
    ),
    ("nemotron-h-56b", "nemotron-3-nano-30b-a3b"): (
        "Nemotron 3 Nano 30B-A3B is Nemotron-H 56B with 128 experts (six per token) and one shared expert in 23 of 52 layers instead of a dense MLP in 5 layers of 11, and attention in 6 of 52 layers instead of 1 layer of 11; layers 118 → 52, width 8,192 → 2,688, state-space heads 256 → 64, state size 256 → 128, heads 64 → 32, key-value heads 8 → 2, context 8,192 → 1,000,000.",
        "Parameters 56.32B → 31.58B; active per token 56.32B → 3.58B; cache per token 40 KiB → 6 KiB; state 872.4 MiB → 47.1 MiB.",
    ),
    ("kimi-k2", "kimi-linear-48b-a3b"): (
        "Kimi Linear 48B-A3B is Kimi K2 with Kimi Delta Attention in three layers of four and uncompressed queries, but no positions; layers 61 → 27, width 7,168 → 2,304, heads 64 → 32, MLP width 18,432 → 9,216, routed experts 384 → 256, expert width 2,048 → 1,024, context 131,072 → 1,048,576.",
        "Parameters 1.03T → 49.12B; active per token 32.86B → 3.48B; cache per token 68.6 KiB → 7.9 KiB; a state of 41.9 MiB is new; compute per token at 128K 390.86 GFLOP → 25.07 GFLOP.",
    ),
    ("minimax-m2", "minimax-text-01"): (
        "MiniMax-Text-01 is a different design from MiniMax M2: Lightning attention without positions in seven layers of eight, norms on the stream after each sublayer instead of before each sublayer and softmax router scores instead of sigmoid, but no query and key norm or balancing bias in the router; layers 62 → 80, width 3,072 → 6,144, heads 48 → 64, routed experts 256 → 32, experts per token 8 → 2, expert width 1,536 → 9,216, context 196,608 → 4,000,000.",
        "Parameters 228.69B → 456.09B; active per token 11.03B → 48.40B; cache per token 248 KiB → 40 KiB; a state of 140 MiB is new; compute per token at 128K 220.55 GFLOP → 137.59 GFLOP.",
    ),
    ("smollm3-3b", "llama-3.2-3b"): (
        "Llama 3.2 3B is SmolLM3 3B with positions in every layer; layers 36 → 28, width 2,048 → 3,072, heads 16 → 24, key-value heads 4 → 8, MLP width 11,008 → 8,192.",
        "Parameters 3.08B → 3.21B; cache per token 72 KiB → 112 KiB.",
    ),
    ("deepseek-v4-flash", "deepseek-v4.1-flash"): (
        "DeepSeek V4.1-Flash is DeepSeek V4-Flash with an n-gram memory, a compressed stream shared by several layers in some layers, a balancing bias in the router throughout, indexers that choose among 16,384 candidates of an earlier one in some layers and three multi-token-prediction modules instead of one, but no experts chosen by token id or norm on each head's query; layers 43 → 40, width 4,096 → 5,120, query rank 1,024 → 1,280, indexer heads 64 → 32, routed experts 256 → 384, expert width 2,048 → 2,304.",
        "Parameters 284.33B → 748.49B; active per token 13.80B → 16.79B; cache per token 49.7 KiB → 43.1 KiB; cache per token once windows are full 6.7 KiB → 3.1 KiB; a state of 48 B is new; compute per token at 1M 141.04 GFLOP → 57.66 GFLOP.",
    ),
    ("deepseek-v3", "kimi-k2"): (
        "Kimi K2 is DeepSeek V3 with half the heads (128 → 64), half again as many routed experts (256 → 384) and one dense layer instead of three, but no multi-token prediction or expert groups; vocabulary 129,280 → 163,840.",
        "Parameters 671.03B → 1.03T; active per token 37.55B → 32.86B; compute per token at 128K 728.23 GFLOP → 390.86 GFLOP; the same cache per token (68.6 KiB).",
    ),
    ("olmo-2-7b", "olmo-3-7b"): (
        "OLMo 3 7B is OLMo 2 7B with windows of 4,096 tokens in three layers of four; vocabulary 100,352 → 100,278, context 4,096 → 65,536.",
        "Parameters 7,298,617,344 → 7,298,011,136; cache per token once windows are full 512 KiB → 128 KiB; the same cache per token (512 KiB).",
    ),
    ("qwen3-235b-a22b", "qwen3-next-80b-a3b"): (
        "Qwen3-Next 80B-A3B is Qwen3 235B-A22B with Gated DeltaNet in three layers of four, a sigmoid gate on the attention's output, one shared expert, only a quarter of each head rotated, a gate on the shared expert and multi-token prediction; layers 94 → 48, width 4,096 → 2,048, heads 64 → 16, key-value heads 4 → 2, head size 128 → 256, routed experts 128 → 512, experts per token 8 → 10, expert width 1,536 → 512, context 131,072 → 262,144.",
        "Parameters 235.09B → 79.67B; active per token 22.19B → 3.87B; cache per token 188 KiB → 24 KiB; a state of 74.2 MiB is new; compute per token at 32K 144.07 GFLOP → 13.68 GFLOP.",
    ),
}
