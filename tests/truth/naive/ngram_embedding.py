"""LongCat-Flash-Lite's embedding of n-grams, naively.

https://huggingface.co/meituan-longcat/LongCat-Flash-Lite/blob/main/modeling_longcat_ngram.py: `NgramEmbedding`.
"""

from __future__ import annotations

from typing import Any

from tests.truth.naive.parts import Config


def ngram_embedding(model: Any, config: Config) -> None:
    """Puts it in the place of a model's embedding, with weights of its own.

    A text begins anew behind a token that ends one; a token that isn't there counts as number 0.
    """
    import torch

    vocabulary, width = config["vocab_size"], config["hidden_size"]
    splits, ends = config["emb_split_num"], config["eos_token_id"]
    lengths = [n for n in range(2, config["emb_neighbor_num"] + 1) for _ in range(splits)]
    first = int(config["ngram_vocab_size_ratio"] * vocabulary) + 1
    draw = torch.Generator().manual_seed(3)

    made, inner = torch.nn.Module(), width // len(lengths)
    rows = [first + 2 * i for i in range(len(lengths))]
    tables = [torch.nn.Embedding(size, inner) for size in rows]
    maps = [torch.nn.Linear(inner, width, bias=False) for _ in rows]
    made.word_embeddings = torch.nn.Embedding(vocabulary, width)
    made.embedders, made.post_projs = torch.nn.ModuleList(tables), torch.nn.ModuleList(maps)
    for weight in made.parameters():
        weight.data = torch.randn(weight.shape, generator=draw)

    def of(text: list[int]) -> Any:
        total = made.word_embeddings.weight[text[-1]]
        for length, size, table, back in zip(lengths, rows, tables, maps, strict=True):
            newest_first = text[::-1][:length]
            number = sum(token * vocabulary**k for k, token in enumerate(newest_first))
            total = total + back(table.weight[number % size])
        return total / (1 + len(lengths))

    def forward(tokens: Any) -> Any:
        (given,) = tokens.tolist()
        text: list[int] = []
        found = []
        for token in given:
            text.append(token)
            found.append(of(text))
            text = [] if token == ends else text
        return torch.stack(found)[None]

    made.forward = forward
    model.model.embed_tokens = made
