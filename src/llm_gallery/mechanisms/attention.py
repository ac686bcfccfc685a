"""Attention over keys and values that query heads share or don't: MHA, GQA, MQA; windowed, chunked, sparse.

Papers: https://arxiv.org/abs/1706.03762, https://arxiv.org/abs/2305.13245
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Value
from llm_gallery.architecture.reach import reach
from llm_gallery.mechanisms._mechanism import Callout, Kept, Mixer, Names, States, callout
from llm_gallery.mechanisms.attended import (
    GATED,
    attended,
    in_blocks,
    means,
    query_latent,
    read_rows,
    weighted,
)
from llm_gallery.mechanisms.attention_lanes import LANES, QUERY_NORM, ROTATION, of_others
from llm_gallery.mechanisms.attention_sizes import bias, sink_keys, symbols, value_dim
from llm_gallery.mechanisms.attention_told import SHARING, sharing, tells
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.lane_drawing import Given, Lane, LaneDrawing, Norm, Passed
from llm_gallery.mechanisms.legend import SCORES
from llm_gallery.mechanisms.shapes import Row, on_stream, shape
from llm_gallery.mechanisms.wording import capital, root
from llm_gallery.mechanisms.written import (
    CHUNKED,
    NOPE,
    SLIDING_WINDOW,
    WINDOW,
    chosen_on,
    decimal,
    positions,
)

_QUALITIES = {
    "bidirectional": "bidirectional",
    "window": SLIDING_WINDOW,
    "chunk": CHUNKED,
    "selected": "sparse",
    "sparse_from": "sparse",
    "sparse_stride": "block-sparse",
    "gate": "gated",
}


def label(block: Block) -> str:
    """ "GQA", "sliding-window MHA", "NoPE GQA"."""
    qualities = [quality for fact, quality in _QUALITIES.items() if fact in block.facts]
    if block.value("position") == "none":
        qualities.append(NOPE)
    if "shared_kv" in block.facts:
        qualities.append("KV-sharing")
    return " ".join((*qualities, sharing(block)))


def field(block: Block) -> str:
    """How it sees and shares, as the field writes it: "GQA", "SWA NoPE GQA", "DSA on GQA"; Zyphra's convolved one is "CCA", StepFun's with a query latent "MFA"."""
    own = "CCA " if {"convolved", "delayed"} <= block.facts.keys() else ""
    own = "MFA " if "query_rank" in block.facts and sharing(block) == "MQA" else own
    return chosen_on(block, own + sharing(block))


def compared(block: Block) -> str:
    """How far it sees, and how it shares."""
    limited = next((fact for fact in ("window", "chunk") if fact in block.facts), None)
    return f"{_QUALITIES[limited]} {sharing(block)}" if limited else sharing(block)


def compared_facts(block: Block) -> dict[str, Value]:
    """How it shares, with how many heads where that isn't said already, and sizes that differ from the heads'."""
    size = block.value("head_dim")
    same = [name for name in ("scale_dim", "value_dim") if block.value(name) == size]
    plain = [] if sharing(block) == "GQA" else ["kv_heads"]
    return {"sharing": sharing(block), **dict.fromkeys((*same, *plain))}


_TITLES = {
    "window": (WINDOW, ""),
    "chunk": ("Chunked", "chunked-attention"),
    "selected": ("Sparse", "sparse-attention"),
    "sparse_from": ("Sparse", "sparse-attention"),
    "sparse_stride": ("Block-sparse", "block-sparse-attention"),
    "gate": ("Gated", "gated-attention"),
}
"""What sets attention apart by its title, and the concept that this is."""


def title(block: Block) -> str:
    """By what sets it apart from plain attention."""
    word = next((word for fact, (word, _) in _TITLES.items() if fact in block.facts), None)
    if "window" in block.facts:
        return WINDOW
    return f"{word} attention" if word else "Attention"


def of_title(block: Block) -> str:
    """The concept that its title in full is of."""
    own = (concept for fact, (_, concept) in _TITLES.items() if fact in block.facts)
    return next(own, f"{SHARING[sharing(block)]}-attention")


def full(block: Block) -> str:
    """Plain attention by how it shares: "Grouped-query attention"."""
    if "window" in block.facts:
        return f"{capital(SLIDING_WINDOW)} attention"
    plain = title(block)
    return f"{capital(SHARING[sharing(block)])} attention" if plain == "Attention" else plain


def choosing(named: Callable[[Block], str]) -> Callable[[Block], str]:
    """A name within a sentence, which says of sparse attention whose choice it reads."""

    def within(block: Block) -> str:
        return (
            "sparse attention with a shared index"
            if "shared_index" in block.facts
            else named(block)
        )

    return within


def subtitle(block: Block) -> str:
    """ "grouped-query (GQA)" """
    return f"{SHARING[sharing(block)]} ({sharing(block)})"


def short(block: Block) -> str:
    """Sparse attention by how it chooses."""
    if "sparse_from" in block.facts:
        return "sparse"
    if "selected" not in block.facts:
        return "attention"
    return "shared index" if "shared_index" in block.facts else "sparse"


def colour(block: Block) -> Colour:
    """A colour of its own where a window or a chunk limits what is seen."""
    return "window" if reach(block) is not None else "full"


def concepts(block: Block) -> Iterator[str]:
    """How it shares keys and values."""
    yield f"{SHARING[sharing(block)]}-attention"


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their size, how far they see, positions."""
    if sharing(block) == "MHA":
        rows: list[Callout] = [(f"{block.number('heads'):,}", "heads", ("heads", "kv_heads"))]
    else:
        rows = [
            callout(block, "heads", "query heads"),
            callout(block, "kv_heads", "key, value heads"),
        ]
    rows.append(callout(block, "head_dim", "head size"))
    limits = {
        "window": "tokens seen",
        "chunk": "tokens a chunk",
        "selected": "tokens chosen",
        "sparse_blocks": "blocks read",
        "sparse_local": "last blocks seen",
    }
    if "sparse_patterns" in block.facts:
        limits["sparse_stride"] = "blocks a stretch"
    rows += [callout(block, fact, words) for fact, words in limits.items() if fact in block.facts]
    if "rotated" in block.facts and block.value("rotated") != block.value("head_dim"):
        rows.append(callout(block, "rotated", "of them rotated"))
    rows += positions(block)
    if block.value("sinks"):
        rows.append(("1", "sink a head", ("sinks",)))
    if "softcap" in block.facts:
        rows.append((decimal(block.facts["softcap"]), "softcap", ("softcap",)))
    return rows


def size(block: Block) -> str:
    """Its heads."""
    heads = f"{block.number('heads'):,}"
    if sharing(block) == "MHA":
        return f"{heads} heads of {block.number('head_dim'):,}"
    kept = block.number("kv_heads")
    return f"{heads} query, {kept:,} key {'head' if kept == 1 else 'heads'}"


def widths(block: Block) -> int:
    """Numbers of one head's key and value."""
    return block.number("head_dim") + value_dim(block)


def cached(block: Block) -> Kept:
    """Keys and values of its own, how much each head forgot, those of a learned prompt, and of values that come from the last token, those channels.

    Where a token sees later ones, what it is changes with each of them, and nothing is kept.
    """
    if {"shared_kv", "bidirectional", "reads_last_pass"} & block.facts.keys():
        return Kept()
    each = block.number("kv_heads") * widths(block)
    fixed: States = ((block.number("delayed"), "bf16"),) if "delayed" in block.facts else ()
    if "prompt" in block.facts:
        fixed += ((block.number("prompt") * each, "bf16"),)
    forgot = block.number("heads") if "forgetting" in block.facts else 0
    return Kept(each + forgot, fixed)


def work(block: Block, position: int) -> int:
    """Scores and values of every query head, and of each its biases by distance, or scores of means or of a key for nothing, where it has them."""
    biases = sum(tensor.elements for tensor in block.tensors if tensor.role == "distances")
    heads = block.number("heads")
    if "sparse_stride" in block.facts:
        return widths(block) * in_blocks(block, position)
    seen = attended(block, position) + (block.number("prompt") if "prompt" in block.facts else 0)
    scored = block.number("head_dim") * (means(block, position) + (sink_keys(block) is not None))
    return heads * (widths(block) * seen + scored + biases)


def formula(block: Block) -> tuple[str, ...]:
    """Values by the softmax of scores, with what scores are multiplied by and what is added to them."""
    size = block.number("scale_dim") if "scale_dim" in block.facts else block.number("head_dim")
    scale = block.value("score_scale")
    factor = f"{scale:.4g} " if isinstance(scale, (int, float)) and scale != 1 else ""
    over = "" if size == 1 else f" / {root(size)}"
    return weighted(block, f"{factor}_q k_^T^{over}{bias(block)}")


def between(block: Block) -> Iterator[Row]:
    """Queries, keys, values, the shares of these, and what heads read."""
    heads, kept, size = (block.number(name) for name in ("heads", "kv_heads", "head_dim"))
    values = value_dim(block)
    yield from query_latent(block)
    gated = block.value("gate") and block.part("query", "gate") is not None
    yield "q, gate" if gated else "q", shape(heads, size)
    if values == size:
        yield "k, v", shape(kept, size)
    else:
        yield "k", shape(kept, size)
        yield "v", shape(kept, values)
    yield from read_rows(block, values)


FEWER_KEYS = {"MHA": "multi-head", "GQA": "grouped queries", "MQA": "one head of keys and values"}
SHARED = LaneDrawing(
    lanes=(
        Lane("q", "query", ("heads", "head_dim")),
        Lane("k", "", ("kv_heads", "head_dim")),
        Lane("v", "", ("kv_heads", value_dim)),
    ),
    rows=(QUERY_NORM._replace(on="q"), ROTATION._replace(on="q")),
    after=(
        Passed(
            lambda block: (
                f"{block.number('heads') - block.number('noise_heads'):,} heads − λ · "
                f"{block.number('noise_heads'):,} noise"
                if "noise_heads" in block.facts
                else ""
            ),
            "how much of the noise is subtracted",
            ("noise_heads",),
        ),
        Norm(means="norm of the heads' output"),
    ),
    title="Shared keys and values",
    note=lambda block: FEWER_KEYS[sharing(block)],
    symbols=symbols,
    **of_others(
        "attention",
        Given("k v", lambda held: "from an earlier layer's cache", ("shared_kv", "kv_heads")),
    ),
)
"""Of a layer that reads an earlier one's keys and values, already normed and rotated."""

MECHANISM = Mixer(
    kind="attention",
    names=Names(
        title,
        short,
        label,
        field,
        makers={"CCA": "Zyphra", "MFA": "StepFun"},
        sort="attention",
        full=full,
        within=choosing(full),
        subtitle=subtitle,
        compared=compared,
        share=lambda block: "chunked attention" if "chunk" in block.facts else "",
        concept=of_title,
        spelled={word: f"{words} attention" for word, words in SHARING.items()},
    ),
    colour=colour,
    concepts=concepts,
    does="",
    tells=tells,
    numbers=numbers,
    drawing=LANES,
    size=size,
    kept=cached,
    work=work,
    introduced=(
        ("heads", "{} heads"),
        ("kv_heads", "{} key-value heads"),
        ("qk_norm", "normed queries and keys"),
        ("rotated_share", "{} of each head rotated"),
        ("sinks", "sinks"),
        ("indexer", "an indexer"),
        ("noise_heads", "noise heads"),
        ("bias", "biases"),
    ),
    compared=compared_facts,
    searched=("heads", "kv_heads", "head_dim", "window"),
    against_attention=False,
    formula=formula,
    shapes=on_stream(between),
    purposes={"gate": GATED},
    legend=SCORES,
    miniature={
        **dict.fromkeys(
            (
                "head_dim",
                "swa_head_dim",
                "kv_channels",
                "head_size",
                "hidden_size_per_head",
                "mova_num_experts",
            ),
            16,
        ),
        "global_head_dim": 32,
        **dict.fromkeys(
            (
                "num_global_key_value_heads",
                "blocksparse_block_size",
                "blocksparse_triton_kernel_block_size",
                "blocksparse_num_local_blocks",
            ),
            2,
        ),
        **dict.fromkeys(("v_head_dim", "swa_v_head_dim"), 12),
        "rotary_dim": 8,
        "query_pre_attn_scalar": 24,
        **dict.fromkeys(("mova_num_experts_per_tok", "blocksparse_vert_stride"), 3),
        **dict.fromkeys(
            (
                "sliding_window",
                "sliding_window_size",
                "attention_chunk_size",
                "window_size",
                "attention_window_size",
                "sliding_windows",
            ),
            5,
        ),
        **dict.fromkeys(
            (
                "keep_window_size",
                "floor_scale",
                "attn_temperature_len",
                "d_rel",
                "rel_extent",
                "log_scaling_n_floor",
            ),
            4,
        ),
        "local_attention": 10,
        "adapter_rank": 6,
        "attention_hidden_size": 128,
    },
)
