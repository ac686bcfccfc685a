"""Multi-head latent attention: keys and values of all heads come from one small vector, which is all that is kept.

Paper: https://arxiv.org/abs/2405.04434
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from llm_gallery.architecture.block import Block, distinct
from llm_gallery.mechanisms import attention
from llm_gallery.mechanisms._mechanism import Callout, Kept, Mixer, Names, callout
from llm_gallery.mechanisms.attended import (
    GATED,
    attended,
    counted,
    query_latent,
    read_rows,
    weighted,
)
from llm_gallery.mechanisms.attention_told import limits, qualities
from llm_gallery.mechanisms.lane_drawing import BY_CODE
from llm_gallery.mechanisms.legend import SCORES, Term
from llm_gallery.mechanisms.shapes import Row, on_stream, shape
from llm_gallery.mechanisms.wording import Held, Said, in_layers, layers_of, root
from llm_gallery.mechanisms.written import SLIDING_WINDOW, positions

_QUALITIES = {
    "window": SLIDING_WINDOW,
    "shared_kv": "KV-sharing",
    "shared_index": "shared-index",
    "selected": "sparse",
}


def named(block: Block, fact: str) -> str:
    """A fact's name as it is shown: the key that latent heads share is no key of positions where there are none."""
    return "shared_dim" if fact == "rope_dim" and block.value("position") == "none" else fact


def label(block: Block) -> str:
    """ "MLA", "sparse MLA" """
    return " ".join((*(q for fact, q in _QUALITIES.items() if fact in block.facts), "MLA"))


def title(block: Block) -> str:
    """By how it chooses, where it does."""
    if "selected" not in block.facts:
        return "Latent attention"
    return "Shared index" if "shared_index" in block.facts else "Sparse attention"


def short(block: Block) -> str:
    """The same in a word."""
    return attention.short(block) if "selected" in block.facts else "latent"


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, the sizes of their parts, the latent, positions."""
    nope, rope = block.number("nope_dim"), block.number("rope_dim")
    rows = [
        callout(block, "heads", "heads"),
        (f"{nope:,} + {rope:,}" if rope else f"{nope:,}", "q and k size", ("nope_dim", "rope_dim")),
        callout(block, "value_dim", "v size"),
        callout(block, "kv_rank", "latent"),
    ]
    if block.value("sinks"):
        rows.append(("1", "sink a head", ("sinks",)))
    if "kv_heads" in block.facts:
        rows.insert(1, callout(block, "kv_heads", "key, value heads"))
    limits = {"window": "tokens seen", "selected": "tokens chosen"}
    rows += [callout(block, fact, words) for fact, words in limits.items() if fact in block.facts]
    return rows + positions(block)


def size(block: Block) -> str:
    """Its heads, and what is kept of a token."""
    return f"{block.number('heads'):,} heads, {kept(block).growing:,} kept"


def kept(block: Block) -> Kept:
    """The latent, and the key that all heads share; nothing where both are an earlier layer's."""
    if "shared_kv" in block.facts:
        return Kept()
    return Kept(block.number("kv_rank") + block.number("rope_dim"))


def work(block: Block, position: int) -> int:
    """Scores over both parts of a key, values over theirs, expanded from the latent."""
    widths = block.number("nope_dim") + block.number("rope_dim") + block.number("value_dim")
    return block.number("heads") * widths * attended(block, position)


def compute_words(root: Block) -> str:
    """In which form compute counts latent attention, and what the other does; empty where a model has none."""
    sizes = dict.fromkeys(
        tuple(map(block.number, ("nope_dim", "rope_dim", "value_dim", "kv_rank")))
        for block in distinct(root)
        if block.kind == "latent_attention"
    )
    if not sizes:
        return ""
    expanded = " or ".join(f"{plain + turned + value:,}" for plain, turned, value, _ in sizes)
    absorbed = " or ".join(f"{2 * latent + turned:,}" for _, turned, _, latent in sizes)
    return (
        f"keys and values expanded: a head does {expanded} multiply-adds a token attended to, "
        f"with absorbed matrices {absorbed}"
    )


def unrolled(block: Block) -> Block:
    """The same as attention that keeps keys and values: one for each head, or for each group that shares them."""
    if block.kind != "latent_attention":
        return block
    pairs, key = key_heads(block), block.number("nope_dim") + block.number("rope_dim")
    return replace(counted(block, kv_heads=pairs, head_dim=key), kind="attention")


def key_heads(block: Block) -> int:
    """How many heads of keys and values are made of the latent."""
    return block.number("kv_heads" if "kv_heads" in block.facts else "heads")


def _numbers_kept(block: Block) -> str:
    """Of the latent and the rotated key: "512 + 64"."""
    latent, rotated = block.number("kv_rank"), block.number("rope_dim")
    return f"{latent:,} + {rotated:,}" if rotated else f"{latent:,}"


def tells(held: Held) -> Iterator[Said]:
    """What is kept in place of keys and values, and how much of the past is read."""
    every = sum(count for _, count in held)
    own = [(block, count) for block, count in held if "shared_kv" not in block.facts]
    if shared := every - sum(count for _, count in own):
        who = layers_of(shared, every)
        yield "shared-kv-cache", f"{who} read an *earlier layer's* latents and keep none."
    if own:
        yield "multi-head-latent-attention", _saved(own, every)
    yield from limits(held)
    if any("learned_temperature" in block.facts for block, _ in held):
        said = "Each head *learns* how its queries grow with the logarithm of their position."
        yield "attention-temperature", said
    if any("learned_speeds" in block.facts for block, _ in held):
        yield "rope", "How fast pairs of channels turn is *learned*, once for all layers."
    yield from qualities(held)


def _saved(own: Held, every: int) -> str:
    """What is kept in place of the keys and values of all heads; of two sizes, in which of so many layers each is."""
    sizes: dict[str, int] = {}
    for block, count in own:
        said = (
            f"*{_numbers_kept(block)} numbers* of a token for all {block.number('heads'):,} heads"
        )
        sizes[said] = sizes.get(said, 0) + count
    if len(sizes) > 1:
        words = ", ".join(f"{said}{in_layers(count, every)}" for said, count in sizes.items())
        return f"Keeps {words}."
    block, (words, *_) = own[0][0], sizes
    times = attention.kept(unrolled(block)).growing / kept(block).growing
    if times >= 1.5:
        pairs, many = key_heads(block), f"{times:,.0f}" if times >= 10 else f"{times:.2g}"
        whose = "of every head" if pairs == block.number("heads") else f"of their {pairs:,} groups"
        words += f": keys and values {whose} would take *{many} times* as much"
    return f"Keeps {words}."


def formula(block: Block) -> tuple[str, ...]:
    """The latent, keys and values made of it, and these by the softmax of their scores."""
    turned, plain = block.number("rope_dim"), block.number("nope_dim")
    products = "( _q k_^T^ + _q_^r^ _k_^r T^ )" if turned else "_q k_^T^"
    scale = block.value("score_scale")
    factor = f"{scale:.4g} " if isinstance(scale, float) else ""
    if "learned_temperature" in block.facts:
        factor += "( _a_ ln _t_ + _b_ ) "
    latent = f"_c_ = _W_^down^ _x_, {block.number('kv_rank'):,} numbers"
    if "shared_kv" in block.facts:
        latent = f"_c_: an earlier layer's {block.number('kv_rank'):,} numbers"
    both = "_k_, _v_ = _W_^K^ _c_, _W_^V^ _c_"
    return latent, both, *weighted(block, f"{factor}{products} / {root(plain + turned)}")


def made(block: Block) -> Iterator[Row]:
    """Queries, what is kept, keys and values made of it, the shares of these, and what heads read."""
    heads, plain, turned, values = (
        block.number(name) for name in ("heads", "nope_dim", "rope_dim", "value_dim")
    )
    keys = block.number("kv_heads") if "kv_heads" in block.facts else heads
    yield from query_latent(block)
    yield "q", shape(heads, plain + turned)
    of_whom = "an earlier layer's" if "shared_kv" in block.facts else "kept"
    yield f"c, {of_whom}", shape(block.number("kv_rank"))
    if turned:
        yield f"rotated k, {of_whom}", shape(turned)
    yield "k", shape(keys, plain + turned)
    yield "v", shape(keys, values)
    yield from read_rows(block, values)


MECHANISM = Mixer(
    kind="latent_attention",
    names=Names(
        title,
        short,
        label,
        within=attention.choosing(title),
        subtitle="multi-head (MLA)",
        spelled={"MLA": "multi-head latent attention", "sparse MLA": "sparse latent attention"},
    ),
    colour="latent",
    concepts=("multi-head-latent-attention",),
    does="",
    tells=tells,
    numbers=numbers,
    drawing=BY_CODE,
    size=size,
    kept=kept,
    work=work,
    introduced=(
        ("heads", "{} heads"),
        ("kv_rank", "a latent of {}"),
        ("sinks", "sinks"),
        ("indexer", "an indexer"),
        ("noise_heads", "noise heads"),
    ),
    searched=("heads", "kv_heads", "head_dim", "kv_rank", "window"),
    against_attention=False,
    formula=formula,
    shapes=on_stream(made),
    purposes={"gate": GATED, "latent_down": "to the latent that is kept"},
    legend=(*SCORES, Term("Latent", "A short vector from which longer ones are made again.")),
    miniature={
        **dict.fromkeys(("q_lora_rank", "share_q_dim"), 24),
        "kv_lora_rank": 20,
        **dict.fromkeys(("qk_nope_head_dim", "swa_qk_nope_head_dim"), 16),
        **dict.fromkeys(("swa_q_lora_rank", "swa_kv_lora_rank"), 28),
        "qk_rope_head_dim": 8,
    },
)
