"""The words by which a headline speaks of a concept, for the test that it begins with what leads its figure."""

from __future__ import annotations

import re

HEADS = (
    r"multi-head attention|(?:query|key) heads?|heads ask|heads? (?:each )?keep(?!s a matrix)|heads share|grouped|keys? and values?|keys of its own|"
    r"oldest attention|key for every|all \d+ layers read everything|heads of \d+"
)
"""Of how heads share what they keep, which is one idea."""
STATE = (
    r"states? (?:of|that|whose)|keep a cache|growing cache|layers attend|no attention|without attention|Mamba|"
    r"keeps? (?:a |eight )?matri|average|never attends|DeltaNet|Delta Attention|linear attention with|short convolutions|(?<!\w )attention in \d+ of|look back|state spaces?|neither attention"
)
"""Of what keeps a state beside attention or in place of it."""
EXPERTS = r"(?<!without )(?<!training of the )experts?|MLPs in each|mixture"
SPEAKS = {
    "sliding-window-attention": (
        r"(?:see|read)s? (?:only )?(?:the )?(?:last )?[\d,]+(?! chosen| earlier|,?\d)\b|last [\d,]+|"
        r"\d+ of \d+ layers read everything|that read everything|(?<!no )windows?|reads everything in"
    ),
    "chunked-attention": r"chunked attention|\d+ of \d+ layers read only their own chunk",
    **dict.fromkeys(
        ("grouped-query-attention", "multi-query-attention", "multi-head-attention"), HEADS
    ),
    "multi-head-latent-attention": r"latent attention|MLA\b|[\d,]+ numbers of a token",
    **dict.fromkeys(("mixture-of-experts", "shared-expert"), EXPERTS),
    "latent-experts": r"experts work on",
    "identity-experts": r"\d+ of \d+ experts are zero-computation|\d+ of the router's \d+ choices run nothing",
    "sparse-attention": r"\d+ of \d+ layers attend to [\d,]+ picked|reads? (?:only )?[\d,]+ chosen|sparse attention|[\d,]+ chosen|chooses?\b|indexer|earlier tokens|of [\d,]+ tokens that a query sees",
    "block-sparse-attention": r"block-sparse|past [\d,]+ tokens|chosen blocks",
    "shared-index": r"shared indexer|\d+ of \d+ layers choose|share a choice|layers make the (?:entries|compressed cache)",
    "compressed-attention": r"compressed|entry",
    "hyper-connections": r"residual streams",
    "gated-residual-streams": r"residual streams",
    "alternating-updates": r"one of four streams",
    "residual-scaling": r"learned gates blend|(?:divides the )?sum of all branches|what each branch adds",
    "attention-residuals": r"each branch reads a weighted mix",
    "looped-depth": r"same \d+ layers",
    "ngram-memory": r"[\d.]+B of its parameters are looked up|parameters in n-gram embeddings",
    "qk-norm": r"QK norm|norms? queries|normed queries|queries and keys (?:are )?normed|norm on each query",
    "gated-attention": r"has a gate|full attention in all \d+ layers, gated",
    "partial-rope": r"quarter of (?:each|every) head|half of each head|rotates only",
    "nope": r"every fourth layer does without positions",
    "alibi": r"each head lowers its scores by distance",
    "relative-positions": r"bias for each distance",
    "convolved-attention": r"mixes queries and keys with|queries and keys are convolved",
    "differential-attention": r"\d+ of \d+ heads are subtracted",
    "value-experts": r"a router makes each token's values|routed values",
    "bidirectional-attention": r"causal mask|sees all others",
    "cross-attention": r"layers? \d+ that read pictures|\d+ that read pictures",
    "parallel-block": r"attention and MLP",
    "parallel-mixers": r"attention and Mamba-2 (?:work side by side|run in parallel)",
    "sandwich-norm": r"norms? stand (?:on|before)|norms on both sides|norms before and after",
    "post-norm": r"norms what each branch adds|norms on the output of each branch",
    "shared-kv-cache": r"\d+ of \d+ layers keep no keys|\d+ of (?:them|\d+ layers) reuse an earlier layer's keys|cross-layer KV sharing|every second layer attends with the keys",
    "geglu": r"its MLP",
    "relu-squared": r"squared ReLU",
    "xielu": r"its MLP",
    **dict.fromkeys(
        (
            "gated-deltanet", "kimi-delta-attention", "mamba", "mamba-2", "hybrid", "lightning-attention", "mlstm",
            "rwkv", "rwkv-7", "matrix-rwkv", "gated-linear-attention", "rg-lru", "short-convolution", "gated-memory",
        ),
        STATE,
    ),
}  # fmt: skip
"""By a concept, what only a headline about it says."""


def spoken_of(headline: str) -> dict[str, int]:
    """The concepts that a headline speaks of, each with the place of the words."""
    found = {}
    for concept, words in SPEAKS.items():
        if match := re.search(rf"(?i)\b(?:{words})", headline):
            found[concept] = match.start()
    return found
