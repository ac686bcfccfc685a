"""Multi-head latent attention: keys and values of all heads come from one small vector, which is all that is kept.

Paper: https://arxiv.org/abs/2405.04434
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from llm_gallery.mechanisms.attention_lanes import LANES
from llm_gallery.mechanisms.attention_sizes import BASE, input_width, output_width, rotated, turns
from llm_gallery.mechanisms.attention_told import limits, qualities
from llm_gallery.mechanisms.lane_drawing import (
    BY_CODE,
    Gate,
    HeadParts,
    Lane,
    LaneDrawing,
    Latent,
    Matrix,
    Step,
    Subtraction,
)
from llm_gallery.mechanisms.legend import SCORES, Term
from llm_gallery.mechanisms.shapes import Row, on_stream, shape
from llm_gallery.mechanisms.wording import Held, Said, in_layers, layers_of, root
from llm_gallery.mechanisms.written import EXTENSION, SLIDING_WINDOW, chosen_on, positions

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


def of_title(block: Block) -> str:
    """The concept that its title is of, where it chooses."""
    if "selected" not in block.facts:
        return ""
    return "shared-index" if "shared_index" in block.facts else "sparse-attention"


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
    return f"{block.number('heads'):,} heads, {cached(block).growing:,} kept"


def cached(block: Block) -> Kept:
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
        yield "shared-kv-cache", f"{who} reuse an *earlier layer's* latents and cache none."
    if own:
        yield "multi-head-latent-attention", _saved(own, every)
    yield from limits(held)
    if any("learned_temperature" in block.facts for block, _ in held):
        said = "Each head *learns* how its queries are scaled by the logarithm of their position."
        yield "attention-temperature", said
    if any("learned_speeds" in block.facts for block, _ in held):
        yield "rope", "RoPE's frequencies are *learned*, once for all layers."
    yield from qualities(held)


def _saved(own: Held, every: int) -> str:
    """What is kept in place of the keys and values of all heads; of two sizes, in which of so many layers each is."""
    sizes: dict[str, int] = {}
    for block, count in own:
        said = f"one vector of *{_numbers_kept(block)} numbers* per token for all {block.number('heads'):,} heads"
        sizes[said] = sizes.get(said, 0) + count
    if len(sizes) > 1:
        words = ", ".join(f"{said}{in_layers(count, every)}" for said, count in sizes.items())
        return f"Caches {words}."
    block, (words, *_) = own[0][0], sizes
    times = attention.cached(unrolled(block)).growing / cached(block).growing
    if times >= 1.5:
        pairs, many = key_heads(block), f"{times:,.0f}" if times >= 10 else f"{times:.2g}"
        whose = "of every head" if pairs == block.number("heads") else f"of their {pairs:,} groups"
        words += f": keys and values {whose} would take *{many} times* as much"
    return f"Caches {words}."


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


def between(block: Block) -> Iterator[Row]:
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


def drawn_title(block: Block) -> str:
    """Over its drawing: by how it chooses, and whether noise is subtracted."""
    words = "Sparse latent attention" if "selected" in block.facts else "Latent attention"
    return f"Differential {words.lower()}" if "noise_heads" in block.facts else words


def gated(block: Block) -> str:
    """How finely a learned gate scales the output, if there is one."""
    gate = block.part("gate") if "gate" in block.facts else None
    if gate is None:
        return ""
    return "gated per " + ("head" if gate.number("outputs") == block.number("heads") else "channel")


def symbols(held: Held, *, listed: bool = False) -> tuple[str, ...]:
    """What the symbols of its drawing are, a phrase each; how many heads, unless that is `listed` beside the block."""
    block = held[0][0]
    queries, pairs = f"{block.number('heads'):,} heads", f"{key_heads(block):,} heads"
    same = queries == pairs
    heads = (f"_q_, _k_, _v_: {queries}",) if same else (f"_q_: {queries}", f"_k_, _v_: {pairs}")
    part = "rotated" if rotated(block) else "second"
    shared = (f"_q_^r^, _k_^r^: {part} part, one _k_^r^ for all",) * bool(two_parts(block))
    turned = [words for words in turns(held) if not (listed and words.startswith(BASE))]
    return (*heads * (not listed or not same), *shared, *turned, *_of_the_latent(block))


def _of_the_latent(block: Block) -> tuple[str, ...]:
    """What is otherwise than drawn: what reads the queries' latent, what positions do."""
    if "learned_temperature" in block.facts:
        grown = ("_s_: a head's line in the logarithm of the position, learned",)
        return grown + ("speeds of RoPE learned",) * ("learned_speeds" in block.facts)
    if block.settings.get("query_of_both"):
        return ("_q_, gate: of the latent, normed and not",)
    return ("gate: of the queries' latent",) * bool(block.settings.get("gate_of_latent"))


def two_parts(block: Block) -> object:
    """Whether queries and keys have a part that carries positions. GLM-5.3-Flash's have none."""
    return block.number("rope_dim")


def source(role: str) -> Callable[[Block], str]:
    """What the matrix of a role reads, where that isn't the input: a gate's may read the queries' latent."""

    def words(block: Block) -> str:
        part = block.part(role)
        latent = part is not None and part.number("inputs") == block.value("query_rank")
        return "query latent" if latent else ""

    return words


def grown_by(block: Block) -> str:
    """What a head's queries are times, in a formula; nothing where they are as projected."""
    return "_s_ " if "learned_temperature" in block.facts else ""


def sums(block: Block) -> str:
    """What the scores are before they are divided."""
    products = "_q k_^T^ + _q_^r^_ k_^r T^" if two_parts(block) else "_q k_^T^"
    scale = grown_by(block)
    return f"{scale}( {products} )" if scale and two_parts(block) else scale + products


def formulas(held: Held) -> Iterator[str]:
    """The scores with what multiplies them, where it is the same in all layers; else their numbers tell.

    Where there is little room, both products are one sum.
    """
    block, scales = held[0][0], {block.value("score_scale") for block, _ in held}
    scale = scales.pop() if len(scales) == 1 else None
    factor = (f"{scale:.4g} " if isinstance(scale, float) else "") + grown_by(block)
    divisor = root(block.number("nope_dim") + block.number("rope_dim"))
    both = ("(_q k_^T^ + _q_^r^_ k_^r T^)", "Σ _q k_^T^")
    for products in both if two_parts(block) else ("_q k_^T^",):
        yield f"softmax( {factor}{products} / {divisor} ) _v_"


DRAWING = LaneDrawing(
    lanes=(
        Lane("q", "", ("heads", "nope_dim")),
        Lane("q^r^", "", ("heads", "rope_dim"), where=two_parts),
        Lane("k^r^", "rotated_key", ("rope_dim",), where=two_parts, kept=True),
        Lane("k", "", (key_heads, "nope_dim")),
        Lane("v", "", (key_heads, "value_dim")),
        *(
            lane._replace(reads=source(lane.role) if lane.role else "")
            for lane in LANES.lanes
            if lane.name in ("sinks", "λ", "gate")
        ),
    ),
    latents=(
        Latent("q q^r^", "query_rank", "query_down query_latent_norm query", symbol="q"),
        Latent("k v", "kv_rank", "latent_down latent_norm value", kept=True),
    ),
    borrowing="shared_kv",
    rows=(
        Step(
            on="q^r^ k^r^",
            words=lambda block: "RoPE" if rotated(block) else "",
            facts=("position", "rope_dim", "rope_base", *EXTENSION),
            colour="position",
            size=12,
            broadest=68,
        ),
    ),
    core=HeadParts(
        output_width,
        asks="q q^r^ k^r^ k",
        sums=sums,
        formulas=formulas,
        facts=("heads", "nope_dim", "rope_dim", "value_dim"),
        means="latent attention",
        without="λ gate",
    ),
    after=(Subtraction("λ"), Gate(function=("gate",), lane="gate")),
    output=Matrix(slanted=True),
    broadest=115,
    width=input_width,
    foot=lambda block: "with bias: inputs, out" if block.value("bias") else "",
    title=drawn_title,
    note=gated,
    around=BY_CODE,
)

MECHANISM = Mixer(
    kind="latent_attention",
    names=Names(
        title,
        short,
        label,
        lambda block: chosen_on(block, "MLA"),
        sort="latent attention",
        within=attention.choosing(title),
        subtitle="multi-head (MLA)",
        concept=of_title,
        tells=("indexer",),
        spelled={"MLA": "multi-head latent attention", "sparse MLA": "sparse latent attention"},
    ),
    colour="latent",
    concepts=("multi-head-latent-attention",),
    does="",
    tells=tells,
    numbers=numbers,
    drawing=DRAWING,
    size=size,
    kept=cached,
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
    shapes=on_stream(between),
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
