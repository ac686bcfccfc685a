"""Compressed attention: a window of tokens beside a stream of entries, each of which stands for several (CSA, HCA).

Report: https://huggingface.co/deepseek-ai/DeepSeek-V4-Flash/blob/main/DeepSeek_V4.pdf
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import (
    Callout,
    Kept,
    Mechanism,
    Mixer,
    Names,
    callout,
    no_work,
)
from llm_gallery.mechanisms.attended import counted, query_latent
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.lane_drawing import ByCode
from llm_gallery.mechanisms.legend import SCORES
from llm_gallery.mechanisms.shapes import Row, on_stream, shape
from llm_gallery.mechanisms.wording import Held, Said, capital, root, small
from llm_gallery.mechanisms.written import SLIDING_WINDOW, SWA, WINDOW, positions


def label(block: Block) -> str:
    """Compressed sparse, heavily compressed, or window alone, as DeepSeek V4 calls them."""
    if "ratio" not in block.facts:
        return f"{SLIDING_WINDOW} MQA"
    name = "CSA" if "selected" in block.facts else "HCA"
    if block.value("shared_index"):
        return f"shared {name}"
    return f"re-indexed {name}" if block.value("shared_stream") and name == "CSA" else name


def field(block: Block) -> str:
    """Compressed sparse, or heavily compressed, as its maker calls them; the window alone is anybody's."""
    if "ratio" not in block.facts:
        return SWA
    return "CSA" if "selected" in block.facts else "HCA"


def title(block: Block) -> str:
    """What is read of its entries, and how many tokens share one: "Compressed, 128 : 1", "Sparse, 4 : 1"."""
    if "ratio" not in block.facts:
        return WINDOW
    how = "Sparse" if "selected" in block.facts else "Compressed"
    if block.value("shared_index"):
        how = "Taken over"
    elif block.value("shared_stream") and "selected" in block.facts:
        how = "Chosen again"
    return f"{how}, {block.number('ratio'):,} : 1"


def full(block: Block) -> str:
    """By what it does with its entries."""
    if "ratio" not in block.facts:
        return f"{capital(SLIDING_WINDOW)} attention"
    return "Compressed sparse attention" if "selected" in block.facts else "Compressed attention"


def within(block: Block) -> str:
    """With how many tokens share one of its entries."""
    name = small(full(block))
    return f"{name} ({block.number('ratio'):,} : 1)" if "ratio" in block.facts else name


def short(block: Block) -> str:
    """The same as on its block."""
    return small(title(block)) if "ratio" in block.facts else "window"


def counted_name(block: Block) -> str:
    """All layers with entries together."""
    return "compressed attention" if "ratio" in block.facts else f"{SLIDING_WINDOW} attention"


def colour(block: Block) -> Colour:
    """That of latents where the past is compressed."""
    return "latent" if "ratio" in block.facts else "window"


def concepts(block: Block) -> Iterator[str]:
    """What it reads of the past, and that a key is its value, too."""
    if "ratio" in block.facts:
        yield "compressed-attention"
    elif "window" in block.facts:
        yield "sliding-window-attention"
    yield "shared-key-value"


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their size, the window, the compressed past, positions."""
    rows = [
        callout(block, "heads", "query heads"),
        ("1", "key, also the value", ("head_dim",)),
        callout(block, "head_dim", "head size"),
        callout(block, "window", "window"),
    ]
    if "ratio" in block.facts:
        rows.append((f"{block.number('ratio'):,} : 1", "compressed", ("ratio",)))
    if "selected" in block.facts:
        rows.append(callout(block, "selected", "entries chosen"))
    return rows + positions(block)


def size(block: Block) -> str:
    """Its heads, and what is kept of a token."""
    return (
        f"{block.number('heads'):,} query heads, one entry of {block.number('head_dim'):,} a token"
    )


def cached(block: Block) -> Kept:
    """Key and value in one, in the window."""
    return Kept(block.number("head_dim"))


def compressed(block: Block) -> Kept:
    """One entry for each group of tokens; the tokens of the open group are not counted."""
    return Kept(block.number("head_dim") // block.number("ratio"))


def work(block: Block, position: int) -> int:
    """Scores and values over the window and over the compressed past, or what was chosen of it.

    Uncompressed there is no window, and all is seen.
    """
    entries = min(position, block.number("window")) if "window" in block.facts else position
    if "ratio" in block.facts:
        past = position // block.number("ratio")
        entries += min(past, block.number("selected")) if "selected" in block.facts else past
    return block.number("heads") * 2 * block.number("head_dim") * entries


def two_vectors(block: Block) -> Block:
    """A key and a value where one vector was both; the indexer's keys stay as they are."""
    if block.kind not in ("compressed_attention", "compressor"):
        return block
    return counted(block, head_dim=2 * block.number("head_dim"))


def uncompressed(block: Block) -> Block:
    """Every token kept in full, and all of them attended to."""
    if block.kind != "compressed_attention" or "ratio" not in block.facts:
        return block
    inside = tuple(part for part in block.inside if part.kind not in ("compressor", "indexer"))
    return replace(block.lacking("window", "ratio", "selected"), inside=inside)


def tells(held: Held) -> Iterator[Said]:
    """How finely it keeps the past, and how much of that it reads; `held` are of one ratio and way to choose."""
    own = [one for one in held if "shared_stream" not in one[0].facts] or held
    block, made = own[0][0], sum(count for _, count in own)
    window = block.number("window")
    if "ratio" not in block.facts:
        yield "", f"Attends only to a sliding window of *{window:,} tokens*."
        return
    ratio = block.number("ratio")
    each = "every token" if ratio == 1 else f"every *{ratio:,} tokens*"
    keeps = (
        "Reads an earlier layer's entries, one"
        if own is held and "shared_stream" in block.facts
        else "Keeps one entry"
    )
    if "selected" not in block.facts:
        yield (
            "",
            f"{keeps} for {each} and reads *all of them*, beside a sliding window of {window:,} tokens.",
        )
    else:
        chosen = block.number("selected")
        yield (
            "",
            f"{keeps} for {each}; an *indexer* chooses *{chosen:,}* of them, read beside "
            f"a sliding window of {window:,} tokens.",
        )
    if borrowed := sum(count for _, count in held) - made:
        makes = "One layer makes" if made == 1 else f"{made:,} layers make"
        read = "one more reads" if borrowed == 1 else f"*{borrowed:,} more layers* read"
        anew = sum(
            n
            for block, n in held
            if "shared_stream" in block.facts and not block.value("shared_index")
        )
        again = f", of which {anew:,} choose anew" if "selected" in block.facts and anew else ""
        yield "shared-index", f"{makes} the entries, and {read} the same ones{again}."


def formula(block: Block) -> tuple[str, ...]:
    """One vector is key and value; the softmax is over near tokens, and entries of far ones."""
    near = f"the last {block.number('window'):,} tokens" if "window" in block.facts else ""
    if "selected" in block.facts:
        far = f"{block.number('selected'):,} chosen entries"
    else:
        far = "entries" if "ratio" in block.facts else ""
    if "ratio" in block.facts:
        far += f" of {block.number('ratio'):,} tokens each"
    scores = f"_o_ = softmax( _q k_^T^ / {root(block.number('head_dim'))} ) _k_"
    return (scores, "over " + " and ".join(filter(None, (near, far)))) if near or far else (scores,)


def between(block: Block) -> Iterator[Row]:
    """Queries, the vector that is key and value, the entries, and what heads read."""
    heads, size = block.number("heads"), block.number("head_dim")
    yield from query_latent(block)
    yield "q", shape(heads, size)
    yield "k, also v", shape(size)
    if "ratio" in block.facts:
        yield "entries", f"B × T / {block.number('ratio'):,} × {size:,}"
    yield "o", shape(heads, size)


def compressor_of(block: Block) -> Block | None:
    """What makes entries of several tokens inside a block, if something does."""
    return block.child("compressor")


MECHANISMS = (
    Mixer(
        kind="compressed_attention",
        names=Names(
            title,
            short,
            label,
            field,
            makers={"CSA": "DeepSeek", "HCA": "DeepSeek"},
            sort="compressed attention",
            full=full,
            within=within,
            counted=counted_name,
            share=counted_name,
            compared="compressed attention",
            concept="compressed-attention",
        ),
        colour=colour,
        concepts=concepts,
        does="",
        tells=tells,
        numbers=numbers,
        drawing=ByCode(readable=430),
        size=size,
        kept=cached,
        work=work,
        introduced=(),
        searched=("heads", "head_dim", "window"),
        against_attention=False,
        formula=formula,
        shapes=on_stream(between),
        legend=SCORES,
        miniature={
            "o_groups": 2,
            "o_lora_rank": 16,
        },
    ),
    Mechanism(
        kind="compressor",
        names=Names("compressed stream"),
        colour="latent",
        concepts=(),
        does="Makes one entry of several neighbouring tokens, which later tokens attend to.",
        kept=compressed,
        work=no_work,
        purposes={"gate": "how much each token counts in the entry"},
        borrowable=True,
    ),
)
