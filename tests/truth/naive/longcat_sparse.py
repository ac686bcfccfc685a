"""LongCat-2.0's choice of tokens, naively.

https://github.com/sgl-project/sglang/blob/main/python/sglang/srt/layers/attention/dsa/dsa_indexer.py: `Indexer`,
`_mask_init_and_local_tokens`; longcat_flash.py beside it hands the choice on (`prev_topk_indices`).
https://github.com/ml-explore/mlx-lm: models/longcat2.py says the same.
"""

from __future__ import annotations

from typing import Any

from tests.truth.naive.ngram_embedding import ngram_embedding
from tests.truth.naive.parts import Config


def longcat(model: Any, config: Config) -> None:
    """LongCat-Flash with n-grams and sparse attention; latents are normed with the model's epsilon."""
    words = ("vocab_size", "hidden_size", "eos_token_id")
    ngrams = {
        "emb_neighbor_num": config["oe_neighbor_num"],
        "emb_split_num": config["oe_split_num"],
        "ngram_vocab_size_ratio": config["oe_vocab_size_ratio"],
    }
    ngram_embedding(model, {**{word: config[word] for word in words}, **ngrams})
    attentions = [attention for layer in model.model.layers for attention in layer.self_attn]
    chosen: list[Any] = [None]  # by the last that chose
    for number, attention in enumerate(attentions):
        for norm in (attention.q_a_layernorm, attention.kv_a_layernorm):
            norm.variance_epsilon = config["rms_norm_eps"]
        own = indexed(attention, config, number) if number % config["cli_factor"] == 0 else None
        attention.register_forward_pre_hook(masking(own, chosen), with_kwargs=True)


def masking(own: Any, chosen: list[Any]) -> Any:
    """Hides from an attention what wasn't chosen, by itself or before."""
    import torch

    def hook(attention: Any, given: Any, named: dict[str, Any]) -> Any:
        if own is not None:
            chosen[0] = own(attention, named["hidden_states"][0], *named["position_embeddings"])
        hidden = torch.zeros(chosen[0].shape, dtype=torch.float64)
        hidden[~chosen[0]] = -torch.inf
        return given, {**named, "attention_mask": hidden[None, None]}

    return hook


def indexed(attention: Any, config: Config, number: int) -> Any:
    """Gives an attention an indexer, and gives back what chooses: for each token (T, T), whether it sees each."""
    import torch

    width, rank = config["hidden_size"], config["q_lora_rank"]
    heads, size = config["index_n_heads"], config["index_head_dim"]
    draw = torch.Generator().manual_seed(40 + number)
    made = torch.nn.Module()
    made.wq_b = torch.nn.Linear(rank, heads * size, bias=False)
    made.wk = torch.nn.Linear(width, size, bias=False)
    made.weights_proj = torch.nn.Linear(width, heads, bias=False)
    made.k_norm = torch.nn.RMSNorm(size, eps=1e-6)
    for weight in made.parameters():
        weight.data = torch.randn(weight.shape, generator=draw)
    attention.indexer = made

    def choose(block: Any, x: Any, cos: Any, sin: Any) -> Any:
        count, turns = len(x), config["qk_rope_head_dim"]
        angles = cos[0, :, : turns // 2], sin[0, :, : turns // 2]
        latent = block.q_a_layernorm(block.q_a_proj(x))
        q, k = made.wq_b(latent).view(count, heads, size), made.k_norm(made.wk(x))
        weights = made.weights_proj(x)
        found = torch.zeros(count, count, dtype=torch.bool)
        for token in range(count):
            scores = {}
            for other in range(token + 1):
                key = turned(k[other], turns, *(a[other] for a in angles))
                asks = [turned(one, turns, *(a[token] for a in angles)) for one in q[token]]
                matches = torch.stack([torch.relu(ask @ key) for ask in asks])
                scores[other] = float(weights[token] @ matches)
                first = other < config["index_init_tokens"]
                if first or token - other < config["index_local_tokens"]:
                    scores[other] = float("inf")
            best = sorted(scores, key=lambda other: -scores[other])
            found[token, best[: config["index_topk"]]] = True
        return found

    return choose


def turned(vector: Any, turns: int, cos: Any, sin: Any) -> Any:
    """A vector whose first `turns` channels turn in neighbouring pairs."""
    import torch

    first, second = vector[:turns:2], vector[1:turns:2]
    pairs = torch.stack((first * cos - second * sin, second * cos + first * sin), dim=-1)
    return torch.cat([pairs.flatten(), vector[turns:]])
