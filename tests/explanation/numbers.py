"""What each number of a text must be, worked out from the tree by other ways than the text's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary, gigaflop, short
from llm_gallery.architecture.block import Block, distinct, layers, mixers, walk
from llm_gallery.architecture.kinds import DEPTH_SHARES
from llm_gallery.comparison.phrases import NUMBERS
from llm_gallery.concepts import concepts as described
from llm_gallery.explanation import Explanation
from llm_gallery.mechanisms.moe import shared_experts
from llm_gallery.mechanisms.wording import sentences_of
from tests.explanation.described_model import (
    COUNT,
    FLOP,
    NUMBER,
    SHARE,
    SHORT,
    SIZE,
    Told,
    end,
    number,
)
from tests.explanation.sentences_of_mechanisms import of_mechanism

UNDONE = {
    "with attention in all layers": "hybrid",
    "without compression": "compressed-attention",
    "without windows": "sliding-window-attention",
    "without chunks": "chunked-attention",
    "with keys of its own": "shared-kv-cache",
}
"""What a model is called without a concept."""


Check = Callable[[Told, re.Match[str]], bool]


def _flops(model: Told, written: str, at: int) -> bool:
    return written == gigaflop(flops_per_token(model.root, at))


def _kept(model: Told, written: str, at: int) -> bool:
    return written == binary(cache(model.root).at(at))


def _even(model: Told, found: re.Match[str]) -> bool:
    """At the first, before it half at most, and from it on at every position that is tried more."""
    first, last = found[1], f"{found[2]} GFLOP"
    at, from_ = number(found[3]), number(found[4])
    root = model.root
    half = 2 * flops_per_token(root, 1)
    tried = [from_, *(from_ + (at - from_) * k // 7 for k in range(1, 8))]
    return (
        _flops(model, first, 1)
        and _flops(model, last, at)
        and at == end(root)
        and flops_per_token(root, from_ - 1) <= half
        and all(flops_per_token(root, position) > half for position in tried)
    )


def _without(model: Told, found: re.Match[str]) -> bool:
    at, words = number(found[2]), found[3]
    other = without(model.root, UNDONE[words])
    assert other is not None
    return (
        at == end(model.root)
        and _kept(model, found[1], at)
        and found[4] == binary(cache(other).at(at))
    )


def _without_a_token(model: Told, found: re.Match[str]) -> bool:
    """The same of one more token."""
    other = without(model.root, UNDONE[found[2]])
    assert other is not None
    each = [binary(cache(root).bytes_per_token) for root in (model.root, other)]
    return [found[1], found[3]] == each


def _reading_all(model: Told, found: re.Match[str]) -> bool:
    shown = concepts(model.root)
    choice = next(name for name in shown if described()[name].group == "choice")
    other = without(model.root, choice)
    assert other is not None
    at = number(found[1])
    return _flops(model, found[2], at) and found[3] == gigaflop(flops_per_token(other, at))


def _loops(model: Told, found: re.Match[str]) -> bool:
    other = without(model.root, "looped-depth")
    assert other is not None
    return [found[1], found[2]] == [short(parameters(tree).total) for tree in (model.root, other)]


def _past(model: Told, written: str, at: int) -> bool:
    first, there = flops_per_token(model.root, 1), flops_per_token(model.root, at)
    return written == _share(there - first, there)


def _share(part: int, whole: int) -> str:
    if part in (0, whole):
        return "all" if part else "none"
    percent = round(100 * part / whole)
    return f"{min(percent, 99)}%" if 100 * part >= whole else "less than 1%"


def _largest(model: Told, found: re.Match[str]) -> bool:
    counts = model.facts["parameters"]
    most = max(part["stored"] for part in counts["parts"])
    part = next(part for part in counts["parts"] if part["stored"] == most)
    runs = found[3] is None or found[3] == _share(part["active"], counts["active"])
    return found[2] == _share(most, counts["total"]) and runs


def _layer(model: Told, found: re.Match[str]) -> bool:
    return number(found[2]) == model.facts["layers"]["count"] and number(found[1]) in model.counts


def _attending(model: Told, found: re.Match[str]) -> bool:
    having = sum(any(one.attends for one in mixers(layer)) for layer in layers(model.root))
    return number(found[2]) == having and number(found[1]) in model.counts


def _shared_heads(model: Told, found: re.Match[str]) -> bool:
    """As many times as query heads share a key and value, in one of its blocks."""
    told = (block for _, block in walk(model.root) if block.kind == "attention")
    blocks = [block for block in told if block.facts]  # a tower's says nothing
    shares = {f"{b.number('heads') / b.number('kv_heads'):,.6g}" for b in blocks}
    times = (found[1] or "2").split(" to ")
    return all(one in shares for one in times)


def _latents(model: Told, found: re.Match[str]) -> bool:
    """What keys and values of all heads, or of those that groups share, hold beside the latent, in one of its blocks."""
    blocks = [block for _, block in walk(model.root) if block.kind == "latent_attention"]
    groups = "heads" if found[1] is None else "kv_heads"
    ratios = [
        b.number(groups)
        * (b.number("nope_dim") + b.number("rope_dim") + b.number("value_dim"))
        / (b.number("kv_rank") + b.number("rope_dim"))
        for b in blocks
        if groups in b.facts and (found[1] is None or b.number(groups) == number(found[1]))
    ]
    return float(found[2]) in [round(ratio, 1 if ratio < 10 else 0) for ratio in ratios]


def _chosen_heads(model: Told, found: re.Match[str]) -> bool:
    """As many experts as a key has queries, of those that attention holds."""
    blocks = [block for _, block in walk(model.root) if "head_experts" in block.facts]
    return [number(found[1]), number(found[2])] in [
        [b.number("heads") // b.number("kv_heads"), b.number("head_experts")] for b in blocks
    ]


def _chosen_values(model: Told, found: re.Match[str]) -> bool:
    """As many matrices as make a token's values, of those that attention holds."""
    blocks = [block for _, block in walk(model.root) if "value_experts" in block.facts]
    return [number(found[1]), number(found[2])] in [
        [b.number("value_experts_used"), b.number("value_experts")] for b in blocks
    ]


def _shares_by_depth(model: Told, _: re.Match[str]) -> bool:
    """Where the stack states it; the squares of the two are 1 together, whatever n is."""
    return any(block.value("residual") == DEPTH_SHARES for _, block in walk(model.root))


RETURNED = (
    rf"Full attention is back in (?:all )?{COUNT} (?:attention )?layers: |Every layer caches keys"
)
"""How a sentence begins on what the makers gave up; what they had before is asked of that design's tree elsewhere."""


def _back(model: Told, found: re.Match[str]) -> bool:
    """As many as attend, of a model that neither keeps states nor limits attention."""
    attending = [[one for one in mixers(layer) if one.attends] for layer in layers(model.root)]
    limited = {"window", "chunk", "selected", "sparse_from", "ratio"}
    if found[1] is None:
        return not any("shared_kv" in block.facts for blocks in attending for block in blocks)
    return number(found[1]) == sum(map(bool, attending)) and not any(
        limited & block.facts.keys() for blocks in attending for block in blocks
    )


def _beside(name: str) -> Check:
    return lambda m, f: f[1] == short(m.facts["parameters"][name])


def _turning(model: Told, found: re.Match[str]) -> bool:
    """The share of a head that some attention rotates."""
    shares = {
        f"{100 * block.number('rotated') / block.number('head_dim'):.3g}"
        for _, block in walk(model.root)
        if {"rotated", "head_dim"} <= block.facts.keys() and block.number("rotated")
    }
    return found[1] in shares


def _shared_widths(root: Block) -> set[int]:
    """The intermediate sizes of shared experts, by the shapes of their matrices: of all of a layer together."""
    mixtures = (block for block in distinct(root) if block.is_mixture)
    return {
        sum(part.copies * part.inside[-1].tensors[0].shape[1] for part in shared_experts(one))
        for one in mixtures
    }


CHECKS: tuple[tuple[str, Check], ...] = (
    (r"RoPE ([\d.]+)%", _turning),
    (rf"^It has {SHORT} parameters", lambda m, f: f[1] == short(m.facts["parameters"]["total"])),
    (
        rf"(?:at most )?{SHORT} active per token",
        lambda m, f: f[1] == short(m.facts["parameters"]["active"]),
    ),
    (rf"{SHORT} for multi-token prediction", _beside("multi_token_prediction")),
    (rf"{SHORT} for (?:images|sound|other)", _beside("other_modalities")),
    (rf" in {COUNT} layers?", lambda m, f: number(f[1]) == m.facts["layers"]["count"]),
    (rf"shared experts?, {COUNT} wide, runs?", lambda m, f: number(f[1]) in _shared_widths(m.root)),
    (rf"run {COUNT} times", lambda m, f: f[1] in m.numbers),
    (rf"hidden size {COUNT}", lambda m, f: number(f[1]) == m.facts["width"]),
    (rf"a context of {COUNT} tokens", lambda m, f: number(f[1]) == m.facts["context"]),
    (rf"vocabulary {COUNT}", lambda m, f: f[1] in m.numbers),
    (rf"is multiplied by √?({NUMBER})", lambda m, f: f[1] in m.numbers),
    (
        rf"(?:passes|streams and|LayerNorm and|RMSNorm and) {COUNT}(?: equal)?(?: bidirectional)? layers?(?:, (?:{COUNT} times|twice))?(?=[.:])",
        lambda m, f: (
            number(f[1]) == m.facts["layers"]["count"] and (f[2] is None or f[2] in m.numbers)
        ),
    ),
    (
        rf"^(Released in \w+, i|I)ts weights take {SIZE}(?: in \w+)?",
        lambda m, f: (
            f[2] == binary(m.facts["weights"]["bytes"])
            and f[1].startswith("Released") == m.facts["weights"]["packed"]
        ),
    ),
    (
        rf"^The largest part, (.+), is {SHARE} of the parameters(?: and {SHARE} of the active)?",
        _largest,
    ),
    (rf"hold {SHORT} of the parameters", lambda m, f: f[1] == short(parameters(m.root).lookup)),
    (
        rf"^A token adds {SIZE} to the cache",
        lambda m, f: f[1] == binary(m.facts["cache"]["bytes_per_token"]),
    ),
    (
        rf"(?:{SIZE}|nothing) past {COUNT} tokens",
        lambda m, f: (
            (f[1] or "0 B") == binary(m.facts["cache"]["bytes_per_token_long"])
            and number(f[2]) == max(row["window"] or 0 for row in m.facts["cache"]["rows"])
        ),
    ),
    (rf"^It keeps {SIZE} at {COUNT} tokens; (with\w* [a-z ]+) it would keep {SIZE}", _without),
    (rf"^It keeps {SIZE} per token; (with\w* [a-z ]+) it would keep {SIZE}", _without_a_token),
    (rf"{SIZE} at {COUNT}(?= tokens| and)", lambda m, f: _kept(m, f[1], number(f[2]))),
    (
        rf"^Its state takes {SIZE} at any length",
        lambda m, f: f[1] == binary(m.facts["cache"]["state_bytes"]),
    ),
    (
        rf"^A token costs (?:at most )?{FLOP} at position 1 and ([\d,.]+) at {COUNT}; past {COUNT} attention",
        _even,
    ),
    (
        rf"^A token costs (?:at most )?{FLOP} at every position",
        lambda m, f: all(_flops(m, f[1], at) for at in (1, 4_096, end(m.root))),
    ),
    (
        rf"^A token at position {COUNT} costs (?:at most )?{FLOP}, {SHARE} of it",
        lambda m, f: _flops(m, f[2], number(f[1])) and _past(m, f[3], number(f[1])),
    ),
    (
        rf"^At {COUNT} tokens each step costs (?:at most )?{FLOP} per token, {SHARE} of it",
        lambda m, f: _flops(m, f[2], number(f[1])) and _past(m, f[3], number(f[1])),
    ),
    (
        rf"^At position {COUNT} attention over the context is {SHARE}",
        lambda m, f: number(f[1]) == end(m.root) and _past(m, f[2], end(m.root)),
    ),
    (
        rf"^A token at position {COUNT} costs (?:at most )?{FLOP}; with full attention it would cost {FLOP}",
        _reading_all,
    ),
    (
        rf"^It stores {SHORT} parameters; with weights of its own for each pass it would store {SHORT}",
        _loops,
    ),
    (rf"[Ii]n {COUNT} of {COUNT} attention layers", _attending),
    (rf"[Ii]n {COUNT} of {COUNT} layers", _layer),
    (rf"^In {COUNT} layers?", lambda m, f: number(f[1]) < m.facts["layers"]["count"]),
    (rf"^{COUNT} layers also", lambda m, f: number(f[1]) < m.facts["layers"]["count"]),
    (
        r"^With one for every head, the cache would be (?:twice|([\d,. to]+) times) as large",
        _shared_heads,
    ),
    (
        rf"^The cache is (?:twice|{COUNT} times) as large as that of one pass",
        lambda m, f: (f[1] or "2") in m.numbers,
    ),
    (
        rf"^Keys and values of (?:every head|their {COUNT} groups) would take ([\d.]+) times as much",
        _latents,
    ),
    (rf"[Aa] router chooses {COUNT} of {COUNT} value projections", _chosen_values),
    (rf"^Within attention a router chooses {COUNT} of {COUNT} experts for queries", _chosen_heads),
    (rf"a mix of {COUNT} residual streams", lambda m, f: f[1] in m.numbers),
    (r"limited β to 1\.$", lambda m, _: "negative-eigenvalues" in concepts(m.root)),
    (r"the branch counts √\(1/n\), the stream √\(\(n − 1\)/n\)\.$", _shares_by_depth),
)


def unchecked(model: Told, explanation: Explanation) -> Iterator[str]:
    """Sentences with a number that is wrong, or of which nothing here says what it must be."""
    for paragraph in explanation.paragraphs:
        for rest in sentences_of(paragraph.text):
            whole = rest
            for name in sorted(model.names, key=len, reverse=True):
                rest = rest.replace(name, "_")
            if paragraph.title == "Whom it follows":
                continue
            if (returned := re.match(RETURNED, rest)) is not None:
                if not _back(model, returned):
                    yield f"wrong return: {whole}"
                continue
            depth = f"{model.facts['layers']['count']:,}"
            for found in re.finditer(rf"[Ii]n {COUNT} of {depth} layers", rest):
                if number(found[1]) not in model.counts:
                    yield f"wrong count of layers: {whole}"
            if of_mechanism(rest):
                continue
            for pattern, holds in CHECKS:
                while (said := re.search(pattern, rest)) is not None:
                    if not holds(model, said):
                        yield f"wrong, {pattern}: {whole}"
                    rest = rest[: said.start()] + "_" + rest[said.end() :]
            if paragraph.title == "How a token flows":
                rest = _flowing(model, rest)
            if re.search(r"\d", rest):
                yield f"unknown: {rest}"


def _flowing(model: Told, rest: str) -> str:
    """Without sizes that blocks state, bytes that layers keep, and layers that add up to the depth."""
    if (order := re.match(r"A token's embedding [^:]*: ", rest)) is not None:
        for part in rest.removeprefix(order[0]).removesuffix(".").split("; "):
            assert _adds_up(model, part), rest
        return "_"
    kept = {binary(size) for size in _sizes(model.root)}
    rest = re.sub(SIZE, lambda found: "_" if found[1] in kept else found[1], rest)
    return re.sub(NUMBER, lambda found: "_" if found[0] in model.numbers else found[0], rest)


def _adds_up(model: Told, words: str) -> bool:
    """Whether layers that are counted are as many as there are: all, or all that have such a thing."""
    words = re.sub(r"\([^()]*\)", "", words)
    depth = int(model.facts["layers"]["count"])
    if unit := re.fullmatch(rf"(.*), (?:{COUNT} times|twice)", words):
        parts = re.split(", then | to ", unit[1])
        counts = [part.split(" ", 1)[0] for part in parts]
        said = [
            NUMBERS.index(n) if n in NUMBERS else number(n)
            for n in counts
            if n in NUMBERS or n.isdigit()
        ]
        return (sum(said) or len(parts)) * (number(unit[2]) if unit[2] else 2) == depth
    if words.lower().startswith("the first"):
        first = re.match(rf"[Tt]he first(?: {COUNT})? ha", words)
        other = re.search(rf", (?:the other {COUNT}|the last) ", words)
        assert first is not None
        assert other is not None
        ends = [number(found[1]) if found[1] else 1 for found in (first, other)]
        return sum(ends) == depth
    counted = [number(n) for n in re.findall(rf"{COUNT} ha(?:s|ve) ", words)]
    return sum(counted) == depth or sum(counted) in model.counts


def _sizes(root: Block) -> Iterator[int]:
    """Bytes that a layer keeps of a token, and of any text."""
    found = cache(root)
    each = Counter[int]()
    for row in found.rows:
        each[row.elements_per_token * 2] += 1
        yield row.elements_per_token * 2
        yield row.state_bytes
    yield from (a + b for a in each for b in each)
    yield from (
        cache(layer).bytes_per_token for layer in {id(one): one for one in layers(root)}.values()
    )
