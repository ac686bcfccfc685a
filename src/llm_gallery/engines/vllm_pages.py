"""What vLLM 0.32.0 keeps of each layer, as pages of so many tokens, or as a state: read from the tree and the config.

Source: get_kv_cache_spec of vLLM's layers, and its vllm/platforms/interface.py for the block of hybrids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from llm_gallery.analysis.memory import depth_passes
from llm_gallery.architecture.block import Block, layers, main_stack, model_parts, walk
from llm_gallery.architecture.reach import reach, reads_whole
from llm_gallery.architecture.refusal import Refusal, expect, quoted
from llm_gallery.engines.subject import Subject
from llm_gallery.mechanisms import MECHANISMS, label

VERSION = "0.32.0"
CACHES: Mapping[str, int] = {"bf16": 2, "f16": 2, "fp8": 1, "fp8_ds_mla": 1, "nvfp4_ds_mla": 1}
"""Bytes of a number of keys and values, by the cache type: the last two are of sparse latents alone."""
PACKED: Mapping[str, int] = {"fp8": 656, "fp8_ds_mla": 656, "nvfp4_ds_mla": 352}
"""Bytes of a token's latent that a sparse kernel reads: with scales, and rotated channels in 16 bits."""
MODEL = 2
"""Bytes of a number in the model's dtype: vLLM runs in 16 bits whatever a checkpoint holds."""
STATES: Mapping[str, int] = {"float32": 4, "bfloat16": 2, "float16": 2, "auto": MODEL}
STATED_BY = {
    "nemotron_h": "mamba_ssm_cache_dtype",
    **dict.fromkeys(
        ("qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text"), "mamba_ssm_dtype"
    ),
}
"""Keys of the dtype of a state, by the model types of which vLLM reads one; their releases say float32."""
EXPANDED = ("minicpm3",)
"""Model types of latent attention that vLLM runs on keys and values of every head."""
CHECKPOINTED = ("kimi_k3", "kimi_linear", "glm5_next")
"""Model types whose KDA may leave a state within a prefill: FlashKDA, where the decay has a floor."""
SPARSE_BLOCK = 64
"""Tokens of a block that the kernels of an indexer read."""
Sort = Literal["full", "latent", "window", "latent window", "chunk", "state"]


class Settings(NamedTuple):
    """What `vllm serve` is told, by its defaults."""

    block: int = 16  # tokens, where no kernel wants more
    drafts: int = 0  # speculative tokens
    prefix_caching: bool = True


class Rank(NamedTuple):
    """One rank, and what it is asked for."""

    subject: Subject
    cache: str
    tensor: int = 1
    settings: Settings = Settings()

    @property
    def model_type(self) -> str:
        """The family."""
        return self.subject.architecture.model_type

    def share(self, count: int, what: str) -> int:
        """How many of something a rank has. Raises Refusal where the ranks don't divide it."""
        if count % self.tensor:
            raise Refusal(f"{count} {what}, expected a number that {self.tensor} ranks divide")
        return count // self.tensor

    def pairs(self, block: Block) -> int:
        """Heads of keys and values, copied where there are fewer than ranks."""
        count = block.number("kv_heads")
        if self.tensor % count == 0:
            return 1
        return self.share(count, "key-value heads")


@dataclass(frozen=True, slots=True)
class Page:
    """What one layer keeps in one block, or one of its states."""

    label: str  # of the mixer
    sort: Sort
    held: int  # bytes
    shape: tuple[int, ...]  # what layers of one group have in common
    block: int = 0  # tokens; 0 of a state
    limit: int | None = None  # tokens that are kept beside those in flight
    beyond: int = 0  # pages that are kept beside ...
    caching: int = 0  # ... and more of them with prefix caching
    kernel: int = 1  # tokens of the smallest block that is read at once
    padded: int = 0  # bytes with what holds nothing, where there is such
    dtype: str = ""

    @property
    def size(self) -> int:
        """Bytes of the page."""
        return self.padded or self.held

    def of(self, block: int) -> Page:
        """The same of another number of tokens; a state has none."""
        if not self.block:
            return self
        return replace(self, block=block, held=self.held // self.block * block)


def pages(rank: Rank) -> tuple[Page, ...]:
    """A page a layer and pass, first to last. Raises Refusal for what vLLM has no cache for."""
    subject, root = rank.subject, rank.subject.root
    expect("the cache type", rank.cache, CACHES)
    if reads_whole(root):
        raise _unknown(subject, "attention to later tokens")
    made: dict[int, tuple[Page, ...]] = {}
    found: list[Page] = []
    for layer in layers(root):
        if id(layer) not in made:
            made[id(layer)] = tuple(_visited(layer, layer, rank))
        found += made[id(layer)]
    found *= depth_passes(root)
    for _, part in model_parts(root):
        if part is not main_stack(root) and not part.stands_apart:
            found += _visited(part, part, rank)
    return _in_blocks(found, rank)


def _visited(block: Block, mixer: Block, rank: Rank) -> Iterator[Page]:
    """The pages of a block and of what is inside, but for what a state's mixer takes along."""
    if not block.used or block.stands_apart:
        return
    if block.kind in PAGES:
        yield from PAGES[block.kind](block, rank)
        if PAGES[block.kind] in WHOLE:
            return
        mixer = block
    else:
        kept = MECHANISMS[block.kind].kept(block)
        if kept.growing or kept.states or block.reads_beside:
            raise _unknown(rank.subject, label(block if kept.row else mixer))
    for part in block.inside:
        yield from _visited(part, mixer, rank)


def _unknown(subject: Subject, what: str) -> Refusal:
    return Refusal(
        f"{subject.name} has {what}, expected mixers that vLLM {VERSION} has a cache for; use --with ideal"
    )


def _attention(block: Block, rank: Rank) -> Iterator[Page]:
    """Keys and values of the heads; a borrower has none."""
    kept = MECHANISMS[block.kind].kept(block)
    if not kept.growing:
        return
    keys = block.number("head_dim")
    values = block.number("value_dim") if "value_dim" in block.facts else keys
    heads, width = block.number("kv_heads"), keys + values
    if kept != (heads * width, (), True, False) or not UNCOVERED.isdisjoint(block.facts):
        raise _unknown(rank.subject, label(block))
    yield _paged(block, rank, rank.pairs(block), width, (keys, values))


UNCOVERED = {"convolved", "noise_heads"}
"""Facts of attention that keeps other than its keys and values."""


def _paged(block: Block, rank: Rank, heads: int, width: int, shape: tuple[int, ...]) -> Page:
    """Pages of heads of so many numbers, as far as the attention sees."""
    tokens, seen = rank.settings.block, reach(block)
    page = Page(
        label(block),
        "full",
        heads * width * CACHES[rank.cache] * tokens,
        (heads, *shape),
        tokens,
        dtype=rank.cache,
    )
    if seen is None:
        return page
    if "chunk" in block.facts:
        return replace(page, sort="chunk", limit=seen)
    # A window may begin within a block, so there is one more.
    return replace(page, sort="window", limit=seen - 1, beyond=1)


def _latent(block: Block, rank: Rank) -> Iterator[Page]:
    """A latent a token, whole on every rank; a borrower has none."""
    kept = MECHANISMS[block.kind].kept(block)
    if not kept.growing:
        return
    width = block.number("kv_rank") + block.number("rope_dim")
    if kept != (width, (), True, False) or not UNCOVERED.isdisjoint(block.facts):
        raise _unknown(rank.subject, label(block))
    if rank.model_type in EXPANDED:
        heads = rank.share(block.number("heads"), "heads")
        keys = block.number("nope_dim") + block.number("rope_dim")
        yield _paged(block, rank, heads, 2 * keys, (keys, keys))  # values padded to the keys' size
        return
    page = _paged(block, rank, 1, width, (width,))
    if "selected" in block.facts:
        token = PACKED.get(rank.cache, page.held // page.block)
        page = replace(page, held=token * page.block, kernel=SPARSE_BLOCK)
    yield replace(page, sort="latent" if page.limit is None else "latent window")


def _indexer(block: Block, rank: Rank) -> Iterator[Page]:
    """A key in 8 bits with 4 bytes of scale for each 128 numbers; MiniMax's, which chooses blocks, in 16 bits."""
    size = block.number("head_dim")
    if MECHANISMS[block.kind].kept(block).growing != size or "pooled" in block.facts:
        raise _unknown(rank.subject, f"{label(block)} of pooled keys")
    in_16_bits = "block_size" in block.facts
    token = size * MODEL if in_16_bits else size + size // 128 * 4
    dtype = "bf16" if in_16_bits else "fp8"
    tokens = rank.settings.block
    kernel = block.number("block_size") if in_16_bits else SPARSE_BLOCK
    page = Page(label(block), "latent", token * tokens, (token,), tokens, dtype=dtype)
    yield replace(page, kernel=kernel)


def _deltanet(block: Block, rank: Rank) -> Iterator[Page]:
    heads = rank.share(block.number("value_heads"), "value heads")
    state = heads * block.number("key_dim") * block.number("value_dim")
    yield _state(block, rank, _convolved(block, rank), state)


def _kimi_delta(block: Block, rank: Rank) -> Iterator[Page]:
    heads, size = rank.share(block.number("heads"), "heads"), block.number("head_dim")
    exported = rank.model_type in CHECKPOINTED and "decay_floor" in block.facts and size == 128
    page = _state(block, rank, _convolved(block, rank), heads * size**2, "float32")
    yield _checkpointed(page) if exported else page


def _mamba(block: Block, rank: Rank) -> Iterator[Page]:
    # Mamba-1's convolution isn't widened by drafts.
    state = rank.share(block.number("inner"), "channels") * block.number("state_dim")
    yield _state(block, rank, _convolved(block, rank, drafts=0), state)


def _mamba2(block: Block, rank: Rank) -> Iterator[Page]:
    """Groups that the ranks don't divide are copied until there is one a rank."""
    heads, groups, size = (block.number(fact) for fact in ("heads", "groups", "state_dim"))
    inner = block.number("head_dim") * rank.share(heads, "heads")
    of_rank = groups // rank.tensor if groups % rank.tensor == 0 else 1
    taps = _taps(block) - 1 + rank.settings.drafts
    convolved = (inner + 2 * of_rank * size) * taps
    yield _checkpointed(_state(block, rank, convolved, inner * size))


def _lightning(block: Block, rank: Rank) -> Iterator[Page]:
    heads = rank.share(block.number("heads"), "heads")
    yield _state(block, rank, 0, heads * block.number("head_dim") ** 2)


def _short_convolution(block: Block, rank: Rank) -> Iterator[Page]:
    yield _state(block, rank, _convolved(block, rank), 0)


def _ngram_memory(block: Block, rank: Rank) -> Iterator[Page]:
    """The last ids are the request's own, and take no page; a convolution behind the tables isn't covered."""
    if any(_convolutions(block)):
        raise _unknown(rank.subject, label(block))
    yield from ()


PAGES: Mapping[str, Callable[[Block, Rank], Iterator[Page]]] = {
    "attention": _attention,
    "gated_deltanet": _deltanet,
    "indexer": _indexer,
    "kimi_delta_attention": _kimi_delta,
    "latent_attention": _latent,
    "lightning_attention": _lightning,
    "mamba": _mamba,
    "mamba2": _mamba2,
    "ngram_memory": _ngram_memory,
    "short_convolution": _short_convolution,
}
"""What a mixer keeps, by its kind."""
WHOLE = (
    _deltanet,
    _indexer,
    _kimi_delta,
    _lightning,
    _mamba,
    _mamba2,
    _ngram_memory,
    _short_convolution,
)
"""Those in which what the parts keep is counted."""


def _convolutions(block: Block) -> Iterator[Block]:
    """The convolutions inside, the same where it stands several times."""
    return (part for _, part in walk(block) if "taps" in part.facts and "channels" in part.facts)


def _taps(block: Block) -> int:
    return max(part.number("taps") for part in _convolutions(block))


def _convolved(block: Block, rank: Rank, drafts: int | None = None) -> int:
    """Numbers that its convolutions keep: one token fewer than taps, and one for each draft."""
    drafts = rank.settings.drafts if drafts is None else drafts
    return sum(
        rank.share(part.number("channels"), "channels") * (part.number("taps") - 1 + drafts)
        for part in _convolutions(block)
        if part is not block
    )


def _state(block: Block, rank: Rank, convolved: int, state: int, dtype: str = "") -> Page:
    """A state and the end of its convolution: one, two with prefix caching, and one more a draft."""
    dtype = dtype or _state_dtype(rank)
    held = convolved * MODEL + state * STATES[dtype]
    shape, drafts = (convolved, state, STATES[dtype]), rank.settings.drafts
    return Page(label(block), "state", held, shape, beyond=drafts, caching=1, dtype=dtype)


def _checkpointed(page: Page) -> Page:
    """The same where a prefill may leave a state within a block for later prompts."""
    return replace(page, caching=2)


def _state_dtype(rank: Rank) -> str:
    """The dtype of a state: the model's, or what the config says where vLLM reads it."""
    if rank.model_type not in STATED_BY:
        return "auto"
    config: Any = rank.subject.config
    text = config.get("text_config", config)
    key = STATED_BY[rank.model_type]
    dtype = text.get(key, "float32") if isinstance(text, Mapping) else "float32"
    if dtype not in STATES:
        raise Refusal(f"{key} is {quoted(dtype)}, expected one of {', '.join(STATES)}")
    return str(dtype)


def _in_blocks(found: list[Page], rank: Rank) -> tuple[Page, ...]:
    """Pages in the model's block; of a hybrid, in one that holds a state, with all states padded to it."""
    states = [page for page in found if page.sort == "state"]
    paged = [page for page in found if page.sort != "state"]
    block = max((page.kernel for page in paged), default=1)
    block = max(block, rank.settings.block)
    if states and paged:
        # Kernels of latents read blocks of 128 tokens beside states.
        step = max(block, 128) if any("latent" in page.sort for page in paged) else block
        token = max(page.held // page.block for page in paged)
        block = step * -(-max(page.held for page in states) // (step * token))
        found = [_beside_pages(page, block * token, rank.settings) for page in found]
    return tuple(page.of(block) for page in found)


def _beside_pages(page: Page, size: int, settings: Settings) -> Page:
    """A state in a page of attention's size; prefix caching is on by default only where both stand in a model."""
    if page.block:
        return page
    return replace(page, padded=size, beyond=page.beyond + page.caching * settings.prefix_caching)
