"""What a number at the top of a printed file is, in a few words."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.mechanisms.facts import terms

PLAIN = frozenset(
    {
        "heads",
        "kv_heads",
        "key_heads",
        "value_heads",
        "layers",
        "new_tokens",
        "vocabulary",
        "streams",
    }
)
"""Names that say it."""
SAID: Mapping[str, str] = {
    "eps": "added to a mean square before its root",
    "share_eps": "added to the sum of the chosen weights",
    "offset": "added to the scales of norms",
    "summand": "added to the scales of norms",
    "window": "tokens that a query sees",
    "width": "channels",
    "inner": "channels inside",
    "softcap": "scores stay between minus and plus this",
    "beta_fast": "YaRN: a pair of more turns in the old context stays",
    "beta_slow": "YaRN: a pair of fewer turns in the old context is stretched",
    "low_freq_factor": "a pair of fewer turns in the old context is stretched",
    "high_freq_factor": "a pair of more turns in the old context stays",
    "short_factor": "what each pair is slowed by in the old context",
    "long_factor": "what each pair is slowed by beyond it",
    "alpha": "base of the rotation times a power of this",
    "spacing": "channels over which speeds are spaced",
    "norm_groups": "groups that are normed apart",
    "groups_used": "expert groups per token",
    "group_best": "experts that a group is judged by",
    "left_out": "score of an expert of no chosen group",
    "sparsemixer": "how far below the best score an expert still counts",
    "temperature": "of the share of each side",
    "temperature_length": "tokens after which queries grow",
    "temperature_share": "of the logarithm that queries grow by",
    "temperature_from": "added to positions before they are divided",
    "temperature_power": "that queries grow by",
    "query_latent_scale": "latent of queries times",
    "latent_scale": "latent of keys and values times",
    "magnitude": "most that is written to a stream",
    "cutoff": "deviations above the mean that a gate must exceed",
    "hidden_clamp": "gate and up stay between minus and plus this",
    "inner_clamp": "inner vector stays between minus and plus this",
    "bias_clamp": "bias stays between minus and plus this",
    "noise_heads": "heads less one of noise",
    "convolved_heads": "heads that are convolved",
    "first_blocks": "blocks at the start that are always seen",
    "last_blocks": "blocks before the query that are always seen",
    "hashes": "hashes of each n-gram",
    "first_rows": "rows of the first table",
    "shard_rows": "rows of each shard of the table",
    "end": "token that ends a text",
    "least": "least share of the stream, squared",
    "filler": "token in place of those of another text",
    "first": "first row",
    "steps": "period that waves are spaced by",
    "sum_scale": "sum times",
    "apart": "tokens between two",
    "of_x": "input times",
    "of_step": "step times",
    "of_gate": "gate times",
    "of_b": "B times",
    "of_c": "C times",
}
"""Of settings, which no fact sheet lists."""


def label(kind: str, word: str) -> str:
    """What a constant is, in the words of the facts; empty where its name says as much."""
    fact = word.lower()
    term = terms().get(f"{kind}.{fact}") or terms().get(fact)
    if term is not None and term.label != fact.replace("_", " "):
        return term.label
    return "" if fact in PLAIN else SAID.get(fact, "")
