"""States that vLLM 0.32.0 keeps of recurrent mixers: what they hold of a sequence, and of each draft.

Source: vllm/model_executor/layers/mamba/mamba_utils.py, and get_kv_cache_spec of its mixers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from llm_gallery.architecture.block import Block, distinct, walk
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.engines.vllm_page import MODEL, Page, Rank
from llm_gallery.mechanisms import MECHANISMS, label

DTYPES: Mapping[str, int] = {"float32": 4, "bfloat16": MODEL, "float16": MODEL, "auto": MODEL}
QWEN4 = ("qwen4_exp", "qwen4_exp_text")
STATED_BY = {
    "nemotron_h": "mamba_ssm_cache_dtype",
    **dict.fromkeys(
        ("qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text", *QWEN4), "mamba_ssm_dtype"
    ),
}
"""Keys of the dtype of a state, by the model types of which vLLM reads one; their releases say float32."""
CHECKPOINTED = ("kimi_k3", "kimi_linear", "glm5_next", "glm5_next_text")
"""Model types whose KDA may leave a state within a prefill, by FlashKDA: where the decay has a floor."""
FLASH_HEAD = 128
"""The size of a head that FlashKDA takes."""


def deltanet(block: Block, rank: Rank) -> Iterator[Page]:
    """A matrix a value head."""
    heads, keys, values = (block.number(fact) for fact in ("value_heads", "key_dim", "value_dim"))
    rank.share(heads, "value heads")
    yield _state(block, rank, _convolved(block, rank), heads * keys * values)


def kimi_delta(block: Block, rank: Rank) -> Iterator[Page]:
    """A matrix a head, in 32 bits whatever the model's dtype."""
    heads, size = block.number("heads"), block.number("head_dim")
    rank.share(heads, "heads")
    page = _state(block, rank, _convolved(block, rank), heads * size**2, "float32")
    flash = rank.model_type in CHECKPOINTED and "decay_floor" in block.facts and size == FLASH_HEAD
    yield _checkpointed(page) if flash else page


def mamba(block: Block, rank: Rank) -> Iterator[Page]:
    """A state a channel; drafts don't widen its convolution."""
    inner = block.number("inner")
    rank.share(inner, "channels")
    state = inner * block.number("state_dim")
    yield _state(block, rank, _convolved(block, rank, drafts=0), state)


def mamba2(block: Block, rank: Rank) -> Iterator[Page]:
    """A matrix a head; groups that the ranks don't divide are copied until each has one."""
    heads, groups, size = (block.number(fact) for fact in ("heads", "groups", "state_dim"))
    width = block.number("head_dim")
    inner = width * rank.share(heads, "heads")
    of_rank = groups // rank.tensor if groups % rank.tensor == 0 else 1
    kept = _taps(block) - 1 + rank.settings.drafts
    convolved = (inner + 2 * of_rank * size) * kept
    yield _checkpointed(_state(block, rank, convolved, heads * width * size))


def lightning(block: Block, rank: Rank) -> Iterator[Page]:
    """A matrix a head, in the model's dtype."""
    heads = block.number("heads")
    rank.share(heads, "heads")
    yield _state(block, rank, 0, heads * block.number("head_dim") ** 2)


def short_convolution(block: Block, rank: Rank) -> Iterator[Page]:
    """The end of its convolution alone."""
    yield _state(block, rank, _convolved(block, rank), 0)


def ngram_memory(block: Block, rank: Rank) -> Iterator[Page]:
    """The last ids are the request's own and take no page; every rank holds the end of a convolution behind the tables."""
    for part in _convolutions(block):
        if rank.model_type not in QWEN4:
            raise rank.unknown(label(block))
        kept = part.number("channels") * (part.number("kept") + rank.settings.drafts)
        yield replace(_page(block, rank, kept, 0, "auto"), copied=True)


def _convolutions(block: Block) -> Iterator[Block]:
    """The convolutions inside, each where it stands."""
    parts = (part for _, part in walk(block) if part is not block)
    return (part for part in parts if {"taps", "channels"} <= part.facts.keys())


def _taps(block: Block) -> int:
    return max(part.number("taps") for part in distinct(block) if "taps" in part.facts)


def _convolved(block: Block, rank: Rank, drafts: int | None = None) -> int:
    """Numbers that its convolutions keep: one token fewer than taps, and one for each draft."""
    drafts = rank.settings.drafts if drafts is None else drafts
    return sum(
        rank.share(part.number("channels"), "channels") * (part.number("taps") - 1 + drafts)
        for part in _convolutions(block)
    )


def _state(block: Block, rank: Rank, convolved: int, state: int, dtype: str = "") -> Page:
    """A rank's share of a state, and the end of a convolution: one, one more a draft, and one with prefix caching.

    Raises Refusal where the mixer keeps another state.
    """
    kept = MECHANISMS[block.kind].kept(block)
    if kept.growing or state != sum(elements for elements, _ in kept.states):
        raise rank.unknown(label(block))
    return _page(block, rank, convolved, state // rank.tensor, dtype or _dtype(rank))


def _page(block: Block, rank: Rank, convolved: int, state: int, dtype: str) -> Page:
    return Page(
        label=label(block),
        sort="state",
        held=convolved * MODEL + state * DTYPES[dtype],
        shape=(convolved, state, DTYPES[dtype]),
        dtype="bf16" if dtype == "auto" else dtype,
        beyond=rank.settings.drafts,
        caching=1,
    )


def _checkpointed(page: Page) -> Page:
    """The same where a prefill may leave a state at the end of a block within it."""
    return replace(page, caching=2)


def _dtype(rank: Rank) -> str:
    """The dtype of a state: the model's, or what the config says where vLLM reads it.

    Raises Refusal for one that vLLM doesn't know.
    """
    if rank.model_type not in STATED_BY:
        return "auto"
    config: Any = rank.subject.config
    text = config.get("text_config", config)
    key = STATED_BY[rank.model_type]
    dtype = text.get(key, "float32") if isinstance(text, Mapping) else "float32"
    if not isinstance(dtype, str) or dtype not in DTYPES:
        raise Refusal(f"{key} is {quoted(dtype)}, expected one of {', '.join(DTYPES)}")
    return dtype
