"""What is particular about attention, in sentences: how heads share what is kept, what is read, how positions are known.

Each sentence holds by the facts of the blocks that it is about, and says how many layers have them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.reach import reach
from llm_gallery.mechanisms.attention_sizes import experts_used, sink_keys
from llm_gallery.mechanisms.wording import Held, Said, as_large, in_layers, layers_of, some
from llm_gallery.mechanisms.written import NO_POSITIONS

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
            "Every token sees *those after it too*, and masked ones are guessed at once (masked diffusion): "
            "none is kept, and each step computes all anew.",
        )
        yield from qualities(held)
        return
    if shared := _with("shared_kv", held):
        who = layers_of(shared, _all(held))
        yield (
            "shared-kv-cache",
            f"{who} read the keys and values of an *earlier layer* and keep none.",
        )
    blocks = [block for block, _ in held]
    yield f"{SHARING[sharing(blocks[0])]}-attention", _sharing(blocks)
    if unified := _with("unified_kv", held):
        said = "One matrix makes *both keys and values*; only the keys are rotated."
        yield "unified-kv", _placed(said, unified, held)
    yield from qualities(held)


def _sharing(blocks: Sequence[Block]) -> str:
    """How many query heads read one key and value, and what the cache would be otherwise."""
    kept = [block for block in blocks if "shared_kv" not in block.facts] or blocks
    heads = some(block.number("heads") for block in kept)
    pairs = [(block.number("heads"), block.number("kv_heads")) for block in kept]
    each = {heads // shared if heads % shared == 0 else heads / shared for heads, shared in pairs}
    if each == {1}:
        return f"Each of *{heads} heads* keeps a key and a value of its own for every token."
    times = some(each - {1})
    if len(each) > 1:
        bounds = f"*{some({min(each)})} to {some({max(each)})} times* as large"
        often = bounds if 1 not in each else "as many times as large there"
        where = "In some layers *" if 1 in each else "*"
        return (
            f"{where}{times} query heads* share each key and value: with one for every head, "
            f"the cache would be {often}."
        )
    if all(shared == 1 for _, shared in pairs):
        return (
            f"*One* key and value serves all {heads} query heads: with one for every head, "
            f"the cache would be {as_large(times)}."
        )
    shared = some(shared for _, shared in pairs)
    return (
        f"{heads} query heads share *{shared}* keys and values: with one for every head, "
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
                f"*{choose:,} of {of:,} attentions* score the past and choose *{best} tokens*; the others read the same ones.",
            )
        else:
            where = in_layers(_with("selected", held), _all(held))
            yield (
                "sparse-attention",
                f"An *indexer* scores the past{where}, and only the best *{best} tokens* are read.",
            )
    if by_means := [block for block, _ in held if "sparse_from" in block.facts]:
        one = by_means[0]
        start, many, long = (one.number(f"sparse_{n}") for n in ("from", "blocks", "block"))
        whole = f"From *{start:,} tokens* on" if start > 1 else "Of a text"
        yield (
            "block-sparse-attention",
            f"{whole} only *{many:,} blocks* of {long:,} tokens are read: the first, the last, and those whose "
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
        who = "Every layer reads" if count == of else f"{layers_of(count, of)} read"
        own = "its" if count == of else "their"
        what = (
            f"the last *{size} tokens* only"
            if fact == "window"
            else f"{own} own chunk of *{size} tokens* only"
        )
        yield concept, f"{who} {what}."


def qualities(held: Held) -> Iterator[Said]:
    """What else sets attention apart."""
    if noise := [block for block, _ in held if "noise_heads" in block.facts]:
        heads, subtracted = noise[0].number("heads"), noise[0].number("noise_heads")
        yield (
            "differential-attention",
            f"*{subtracted:,} of {heads:,} heads* are subtracted from the others, so that noise cancels.",
        )
    if left := {b.number("dynamic_mask") for b, _ in held if "dynamic_mask" in b.facts}:
        many = some(left)
        yield (
            "",
            f"Each value says how much it counts: of more than *{many} tokens* those that say most are read.",
        )
    if any("forgetting" in block.facts for block, _ in held):
        yield (
            "",
            "Each head *forgets* as each token says: a score falls by all that was forgotten between key and query.",
        )
    if chosen := next((b for b, _ in held if "head_experts" in b.facts), None):
        yield (
            "attention-experts",
            f"Within attention a router chooses *{experts_used(chosen):,} of {chosen.number('head_experts'):,} experts* that ask and answer; "
            "keys and values serve all.",
        )
    if chosen := next((b for b, _ in held if "value_experts" in b.facts), None):
        used, stored = chosen.number("value_experts_used"), chosen.number("value_experts")
        said = f"A router makes each token's values of *{used:,} of {stored:,} matrices*."
        yield "value-experts", _placed(said, _with("value_experts", held), held)
    if sets := {b.number("weight_sets") for b, _ in held if "weight_sets" in b.facts}:
        many = some(sets)
        said = f"*{many} sets* of weights serve" if sets != {1} else "*One set* of weights serves"
        who = f"{_with('weight_sets', held):,} layers"
        yield (
            "",
            f"{said} {who}{' by turns' if sets != {1} else ''}; each keeps keys and values of its own.",
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
            "A learned *bias by distance* joins the scores in place of rotation.",
        )
    if any("given_both_ways" in block.facts for block, _ in held):
        before = some(block.number("prompt") for block, _ in held if "prompt" in block.facts)
        stands = f"*{before} learned tokens* stand before each text. " if before else ""
        yield (
            "bidirectional-attention",
            f"{stands}What is given is read *both ways*, what is written sees what stands before it.",
        )
    if any(block.value("position") == "alibi" for block, _ in held):
        yield (
            "alibi",
            "No position is stored: scores *fall with distance*, at a slope of its own in each head (ALiBi).",
        )
    yield from _positions(held)
    if count := _with("temperature_tuning", held):
        said = "Scores *grow with a query's position*, so that attention stays sharp in long texts."
        yield "attention-temperature", _placed(said, count, held)
    if count := _with("sinks", held):
        yield (
            "attention-sinks",
            _placed(_sink([block for block, _ in held]), count, held),
        )
    if count := _with("gate", held):
        yield (
            "gated-attention",
            _placed("A *gate* set by the token weighs what heads give back.", count, held),
        )
    if count := _with("softcap", held):
        cap = some(_number(block, "softcap") for block, _ in held if "softcap" in block.facts)
        yield "attention-softcap", _placed(f"A tanh holds scores below *{cap}*.", count, held)
    if count := _with("longest_qk", held):
        most = some(
            _number(block, "longest_qk") for block, _ in held if "longest_qk" in block.facts
        )
        said = f"Queries and keys longer than *{most}* are scaled down to it."
        yield "", _placed(said, count, held)
    if count := _with("inputs_apart", held):
        said = "Queries, keys and values are made of *inputs of their own*."
        yield "", _placed(said, count, held)
    if count := _with("qk_norm", held):
        yield "qk-norm", _placed("Queries and keys are *normed* before they meet.", count, held)
    partly = [(block, n) for block, n in held if _partly_rotated(block)]
    shares = {(block.number("rotated"), block.number("head_dim")) for block, _ in partly}
    if len(shares) == 1:
        rotated, size = shares.pop()
        said = f"*{rotated:,}* of each head's {size:,} channels are rotated."
        yield "partial-rope", _placed(said, sum(n for _, n in partly), held)


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
        yield "nope", f"Its queries and keys carry *{NO_POSITIONS}*."
        return
    unlimited = [block for block, _ in held if reach(block) is None]
    who = layers_of(sum(n for _, n in free), _all(held))
    if (
        len(unlimited) < len(held)
        and all(block in unlimited for block, _ in free)
        and len(free) == len(unlimited)
    ):
        who = f"The *{sum(n for _, n in free):,} layers* that read everything"
    yield "nope", f"{who} carry *{NO_POSITIONS}*."


def _all(held: Held) -> int:
    """How many layers they are."""
    return sum(count for _, count in held)


def _sink(blocks: Sequence[Block]) -> str:
    """What makes the score of nothing: a learned key, the token, or nothing else."""
    if any(sink_keys(block) for block in blocks):
        return "A *key for nothing*, learned, lets every head look at nothing."
    if any(block.part("sink") is not None for block in blocks):
        return "A *sink* that the token sets lets every head look at nothing."
    return "A learned *sink* lets every head look at nothing."


def _by_place(block: Block) -> str:
    """Which blocks of tokens heads read, by where these stand."""
    long, stride = block.number("sparse_block"), block.number("sparse_stride")
    if "sparse_patterns" not in block.facts:
        return (
            f"read the last *{block.number('sparse_local'):,} blocks* of {long:,} tokens, and "
            f"*one of {stride:,}* before them, another in each head."
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
    return f"In {count:,} of {_all(held):,} layers {sentence[0].lower()}{sentence[1:]}"


def _number(block: Block, fact: str) -> float:
    return float(str(block.value(fact)))
