"""What is particular about attention, in sentences: how heads share what is kept, what is read, how positions are known.

Each sentence holds by the facts of the blocks that it is about, and says how many layers have them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.reach import reach
from llm_gallery.mechanisms.attention_sizes import experts_used, sink_keys
from llm_gallery.mechanisms.wording import Held, Said, as_large, in_layers, layers_of, lowered, some
from llm_gallery.mechanisms.written import NOPE, NOT_ENCODED

SHARING = {"GQA": "grouped-query", "MHA": "multi-head", "MQA": "multi-query"}
"""What the sharing of keys and values is called in full."""


def sharing(block: Block) -> str:
    """How queries share keys and values: MHA, GQA or MQA."""
    heads, kv_heads = block.number("heads"), block.number("kv_heads")
    if heads == kv_heads:
        return "MHA"
    return "MQA" if kv_heads == 1 else "GQA"


def tells(held: Held) -> Iterator[Said]:
    """What is read, where that isn't all; how heads share keys and values; then what else the layers have."""
    yield from limits(held)
    if all("bidirectional" in block.facts for block, _ in held):
        yield (
            "bidirectional-attention",
            "Attention is *bidirectional*, and masked tokens are predicted together (masked diffusion): "
            "nothing is cached, and every step runs on the whole text.",
        )
        yield from qualities(held)
        return
    if shared := _with("shared_kv", held):
        who = layers_of(shared, _all(held))
        yield (
            "shared-kv-cache",
            f"{who} reuse the keys and values of an *earlier layer* and cache none.",
        )
    blocks = [block for block, _ in held]
    yield f"{SHARING[sharing(blocks[0])]}-attention", _sharing(blocks)
    if unified := _with("unified_kv", held):
        said = "One matrix makes *both keys and values* (K = V); RoPE rotates only the keys."
        yield "unified-kv", _placed(said, unified, held)
    yield from qualities(held)


def _sharing(blocks: Sequence[Block]) -> str:
    """How many query heads read one key and value, and what the cache would be otherwise."""
    kept = [block for block in blocks if "shared_kv" not in block.facts] or blocks
    heads = some(block.number("heads") for block in kept)
    pairs = [(block.number("heads"), block.number("kv_heads")) for block in kept]
    each = {heads // shared if heads % shared == 0 else heads / shared for heads, shared in pairs}
    if each == {1}:
        return f"Each of *{heads} query heads* has a key-value head of its own."
    times = some(each - {1})
    if len(each) > 1:
        bounds = f"*{some({min(each)})} to {some({max(each)})} times* as large"
        often = bounds if 1 not in each else "as many times as large there"
        where = "In some layers *" if 1 in each else "*"
        return (
            f"{where}{times} query heads* share each key-value head: with one for every head, "
            f"the cache would be {often}."
        )
    if all(shared == 1 for _, shared in pairs):
        return (
            f"All {heads} query heads share *one* key-value head: with one for every head, "
            f"the cache would be {as_large(times)}."
        )
    shared = some(shared for _, shared in pairs)
    return (
        f"{heads} query heads share *{shared}* key-value heads: with one for every head, "
        f"the cache would be {as_large(times)}."
    )


def limits(held: Held) -> Iterator[Said]:
    """How much of the past is read, where that isn't all."""
    of = _all(held)
    if chosen := [block for block, _ in held if "selected" in block.facts]:
        best = some(block.number("selected") for block in chosen)
        if follow := _with("shared_index", held):
            choose = _with("selected", held) - follow
            yield (
                "shared-index",
                f"In *{choose:,} of {of:,} layers* an indexer chooses *{best} tokens* to attend to; the others reuse the choice.",
            )
        else:
            where = in_layers(_with("selected", held), _all(held))
            yield (
                "sparse-attention",
                f"An *indexer* scores all earlier tokens{_in_blocks(chosen)}{where}; attention reads only the best *{best}*.",
            )
    if by_means := [block for block, _ in held if "sparse_from" in block.facts]:
        one = by_means[0]
        start, many, long = (one.number(f"sparse_{n}") for n in ("from", "blocks", "block"))
        whole = f"Past *{start:,} tokens*" if start > 1 else "At every length"
        yield (
            "block-sparse-attention",
            f"{whole} attention reads only *{many:,} blocks* of {long:,} tokens: the first, the last, and those whose "
            "mean keys score best.",
        )
    if blocks := [block for block, _ in held if "sparse_stride" in block.facts]:
        who = layers_of(_with("sparse_stride", held), of)
        yield "block-sparse-attention", f"{who} {_by_place(blocks[0])}"
    for fact, concept in (("window", "sliding-window-attention"), ("chunk", "chunked-attention")):
        limited = [block for block, _ in held if fact in block.facts]
        if not limited:
            continue
        size = some(block.number(fact) for block in limited)
        count = _with(fact, held)
        who = "Every layer attends" if count == of else f"{layers_of(count, of)} attend"
        own = "its" if count == of else "their"
        what = (
            f"a sliding window of *{size} tokens*"
            if fact == "window"
            else f"{own} own chunk of *{size} tokens*"
        )
        yield concept, f"{who} only to {what}."


def _in_blocks(choosing: Sequence[Block]) -> str:
    """How many tokens an indexer chooses together, where that is more than one."""
    indexers = (block.child("indexer") for block in choosing)
    sizes = {one.number("block_size") for one in indexers if one and "block_size" in one.facts}
    return f" in blocks of {some(sizes)}" if sizes else ""


def qualities(held: Held) -> Iterator[Said]:
    """What else sets attention apart."""
    if noise := [block for block, _ in held if "noise_heads" in block.facts]:
        heads, subtracted = noise[0].number("heads"), noise[0].number("noise_heads")
        yield (
            "differential-attention",
            f"*Differential attention* subtracts {subtracted:,} of {heads:,} heads from the others to cancel noise.",
        )
    if left := {b.number("dynamic_mask") for b, _ in held if "dynamic_mask" in b.facts}:
        many = some(left)
        yield (
            "",
            f"A score made of each value chooses the tokens that attention reads where there are more than *{many}*.",
        )
    if any("forgetting" in block.facts for block, _ in held):
        yield (
            "",
            "A *forget gate* per head lowers each score by all that was forgotten between key and query.",
        )
    if chosen := next((b for b, _ in held if "head_experts" in b.facts), None):
        yield (
            "attention-experts",
            f"Within attention a router chooses *{experts_used(chosen):,} of {chosen.number('head_experts'):,} experts* for queries and output; "
            "all share keys and values.",
        )
    if chosen := next((b for b, _ in held if "value_experts" in b.facts), None):
        used, stored = chosen.number("value_experts_used"), chosen.number("value_experts")
        said = f"A router chooses *{used:,} of {stored:,} value projections* for each token."
        yield "value-experts", _placed(said, _with("value_experts", held), held)
    if sets := {b.number("weight_sets") for b, _ in held if "weight_sets" in b.facts}:
        many = some(sets)
        said = (
            f"*{many} sets* of weights are shared by"
            if sets != {1}
            else "*One set* of weights is shared by"
        )
        who = f"{_with('weight_sets', held):,} layers"
        yield (
            "",
            f"{said} {who}{' in turn' if sets != {1} else ''}; each layer caches its own keys and values.",
        )
    if latents := {b.number("query_rank") for b, _ in held if _low_rank(b)}:
        alone = all(sharing(block) == "MQA" for block, _ in held)
        named = ": with a single key-value head, *multi-matrix factorization attention* (MFA)"
        yield (
            "",
            f"Queries are projected from a *latent of {some(latents)}*{named if alone else ''}.",
        )
    if mixed := next((b for b, _ in held if "convolved" in b.facts), None):
        what = mixed.value("convolved")
        yield (
            "convolved-attention",
            f"A short *convolution* mixes {what} with those of the tokens just before.",
        )
    if any(block.value("position") == "relative" for block, _ in held):
        yield (
            "relative-positions",
            "A learned *bias by distance* is added to the scores in place of RoPE.",
        )
    if any("given_both_ways" in block.facts for block, _ in held):
        before = some(block.number("prompt") for block, _ in held if "prompt" in block.facts)
        stands = f"*{before} learned tokens* precede each text. " if before else ""
        yield (
            "bidirectional-attention",
            f"{stands}The prompt is read *bidirectionally*, the output causally.",
        )
    if any(block.value("position") == "alibi" for block, _ in held):
        yield (
            "alibi",
            "*ALiBi* in place of position embeddings: scores fall linearly with distance, at a slope of each head's own.",
        )
    yield from _positions(held)
    if count := _with("temperature_tuning", held):
        said = "An *attention temperature* scales queries up with their position, to keep attention sharp in long texts."
        yield "attention-temperature", _placed(said, count, held)
    if count := _with("sinks", held):
        yield (
            "attention-sinks",
            _placed(_sink([block for block, _ in held]), count, held),
        )
    if count := _with("gate", held):
        gate = str(next(b for b, _ in held if "gate" in b.facts).value("gate")).partition("_")[0]
        yield (
            "gated-attention",
            _placed(f"A *{gate} gate* scales the attention output.", count, held),
        )
    if count := _with("softcap", held):
        cap = some(_number(block, "softcap") for block, _ in held if "softcap" in block.facts)
        yield (
            "attention-softcap",
            _placed(f"A tanh *softcap* bounds attention scores at *{cap}*.", count, held),
        )
    if count := _with("longest_qk", held):
        most = some(
            _number(block, "longest_qk") for block, _ in held if "longest_qk" in block.facts
        )
        said = f"Queries and keys are clipped to a norm of *{most}*."
        yield "", _placed(said, count, held)
    if count := _with("inputs_apart", held):
        said = "Queries, keys and values have *inputs of their own*."
        yield "", _placed(said, count, held)
    if count := _with("qk_norm", held):
        yield (
            "qk-norm",
            _placed("*QK norm* normalizes queries and keys before their product.", count, held),
        )
    partly = [(block, n) for block, n in held if _partly_rotated(block)]
    shares = {(block.number("rotated"), block.number("head_dim")) for block, _ in partly}
    if len(shares) == 1:
        rotated, size = shares.pop()
        said = f"RoPE rotates *{rotated:,}* of each head's {size:,} dimensions."
        yield "partial-rope", _placed(said, sum(n for _, n in partly), held)


def _low_rank(block: Block) -> bool:
    """True if queries alone come from a latent: multi-head latent attention has one for keys and values, too."""
    return "query_rank" in block.facts and "kv_rank" not in block.facts


def _partly_rotated(block: Block) -> bool:
    if not {"rotated", "head_dim"} <= block.facts.keys():
        return False
    return block.value("rotated") != block.value("head_dim")


def _positions(held: Held) -> Iterator[Said]:
    """Which layers know no positions."""
    free = [(block, n) for block, n in held if block.value("position") == "none"]
    if not free:
        return
    if len(free) == len(held):
        yield "nope", f"Attention uses *{NOT_ENCODED}* ({NOPE})."
        return
    unlimited = [block for block, _ in held if reach(block) is None]
    who = layers_of(sum(n for _, n in free), _all(held))
    if (
        len(unlimited) < len(held)
        and all(block in unlimited for block, _ in free)
        and len(free) == len(unlimited)
    ):
        who = f"The *{sum(n for _, n in free):,} full-attention layers*"
    yield "nope", f"{who} use *{NOT_ENCODED}* ({NOPE})."


def _all(held: Held) -> int:
    """How many layers they are."""
    return sum(count for _, count in held)


def _sink(blocks: Sequence[Block]) -> str:
    """What makes the score of nothing: a learned key, the token, or nothing else."""
    if any(sink_keys(block) for block in blocks):
        return "A learned *sink key* lets every head attend to nothing."
    if any(block.part("sink") is not None for block in blocks):
        return "An *attention sink*, set by the token, lets every head attend to nothing."
    return "A learned *attention sink* lets every head attend to nothing."


def _by_place(block: Block) -> str:
    """Which blocks of tokens heads read, by where these stand."""
    long, stride = block.number("sparse_block"), block.number("sparse_stride")
    if "sparse_patterns" not in block.facts:
        return (
            f"attend to the last *{block.number('sparse_local'):,} blocks* of {long:,} tokens and "
            f"to *one in {stride:,}* of the blocks before, another in each head."
        )
    seen, patterns = block.number("sparse_seen"), block.number("sparse_patterns")
    other = f", others in each of {patterns:,} heads" if patterns > 1 else ""
    return (
        f"read their own stretch of *{stride:,} blocks* of {long:,} tokens, and *{seen:,} of {stride:,}* of each "
        f"before it{other}."
    )


def _with(fact: str, held: Held) -> int:
    """Layers that have such a fact."""
    return sum(count for block, count in held if block.value(fact))


def _placed(sentence: str, count: int, held: Held) -> str:
    """The sentence, with its layers before it where they aren't all."""
    if count == _all(held):
        return sentence
    return f"In {count:,} of {_all(held):,} layers {lowered(sentence)}"


def _number(block: Block, fact: str) -> float:
    return float(str(block.value(fact)))
