"""What each mechanism is: one module a kind, and one row a fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.kinds import TRAITS, kinds
from llm_gallery.mechanisms._homes import Homes
from llm_gallery.mechanisms._mechanism import (
    Beside,
    Callout,
    Drawn,
    Mechanism,
    Mixer,
    Names,
    Wired,
    callout,
    keeps_nothing,
)
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.fact_concepts import of_facts
from llm_gallery.mechanisms.wording import (
    Held,
    Name,
    Said,
    capital,
    filled,
    singular,
    small,
    words_for,
)
from llm_gallery.mechanisms.written import SLIDING_WINDOW, SWA

MECHANISMS: Homes[Mechanism] = Homes(kinds(), Mechanism)
"""Every mechanism by its kind."""
DRAWN: Homes[Drawn] = Homes(kinds(), Drawn)
"""Those whose inside figures draw."""
MIXING: Homes[Mixer] = Homes(kinds("mixes"), Mixer)
"""Those that layers are told apart by."""


def keeps(kind: str) -> bool:
    """Whether it is what a layer is about, is given what it kept of the tokens so far, and gives what it keeps."""
    about = not TRAITS[kind].isdisjoint(("is about tokens", "is about channels"))
    return about and MECHANISMS[kind].kept is not keeps_nothing


def colour_of(block: Block) -> Colour:
    """The colour that a block has in figure, strip, chart and filter."""
    colour = MECHANISMS[block.kind].colour
    return colour(block) if callable(colour) else colour


def names(block: Block) -> Names:
    """What it is called."""
    return MECHANISMS[block.kind].names


def label(block: Block) -> str:
    """The field's short name: "GQA", "sliding-window MHA", "NoPE GQA", "MLA", "MoE", "gated MLP"."""
    return words_for(names(block).label, block)


def field_name(block: Block) -> str:
    """What the field calls it, where its plain words aren't that: "GQA", "SWA NoPE GQA", "MLA", "MoE", "SwiGLU", else nothing."""
    return words_for(names(block).field, block)


def field_names(blocks: Iterable[Block]) -> str:
    """The same of several as one: that of all, or every word of theirs once: "SWA, GQA", "HCA, CSA"."""
    found = dict.fromkeys(filter(None, map(field_name, blocks)))
    if len(found) < 2:
        return next(iter(found), "")
    words = (word for name in found for word in name.split() if word != "on")
    return ", ".join(dict.fromkeys(words))


def heading(block: Block) -> str:
    """Plain words, what else its label says, and what the field calls it: "Grouped-query attention · KV-sharing GQA"."""
    plain, field = full(block), field_name(block).split()
    said = {*plain.lower().replace("-", " ").split(), *plain.lower().split()}
    said |= {SLIDING_WINDOW} if SWA in field else set()
    told = [word for word in label(block).split() if word.lower() not in said]
    more = [word for word in told if not any(word in name for name in field)]
    whole = told if {*field} <= {*told} else [*more, *field]
    beside = _with_makers(block, whole)
    return f"{plain} · {beside}" if beside and beside.lower() != plain.lower() else str(plain)


def field_words(block: Block) -> str:
    """What the field calls it, and of a name of one maker alone whose it is: "CCA (Zyphra's name) GQA"."""
    return _with_makers(block, field_name(block).split())


def _with_makers(block: Block, words: Iterable[str]) -> str:
    own = makers(block)
    return " ".join(f"{word} ({own[word]}'s name)" if word in own else word for word in words)


def owned_names() -> dict[str, str]:
    """Every name of the field that one maker alone uses, with that maker."""
    return {
        name: maker for home in MECHANISMS.values() for name, maker in home.names.makers.items()
    }


def makers(block: Block) -> dict[str, str]:
    """Of the names of the field that it has those of one maker alone, each with that maker: {"HCA": "DeepSeek"}."""
    own, said = names(block).makers, field_name(block).split()
    return {name: own[name] for name in said if name in own}


def title(block: Block) -> Name:
    """What it is called on its block: "Latent attention"."""
    return names(block).name(names(block).title, block)


def short(block: Block) -> str:
    """What it is called where there is little room: "latent"."""
    return words_for(names(block).short, block)


def sort(block: Block) -> str:
    """What it is within a line, whatever its facts: "latent attention"."""
    return words_for(names(block).sort, block)


def called_attention(block: Block) -> bool:
    """Whether its name says that it is attention, as those of some states do: then that of scores is called softmax attention."""
    return sort(block).lower().endswith("attention")


def full(block: Block) -> Name:
    """What it is called where there is room: "Grouped-query attention"."""
    return names(block).name(names(block).full, block)


def within(block: Block) -> str:
    """What it is called within a sentence: "8 of 256 experts and a shared one"."""
    own = names(block)
    words = words_for(own.within, block)
    return words if own.proper else small(words)


def layer_word(block: Block) -> str:
    """What a layer is called by it: "Expert"."""
    return words_for(names(block).layer, block)


def subtitle_of(block: Block) -> str:
    """What stands under its title, where that alone doesn't say which it is."""
    return words_for(names(block).subtitle, block)


def compared_as(block: Block) -> str:
    """Its label without the qualities that are compared as facts."""
    return words_for(names(block).compared, block)


def counted_as(block: Block, part: Block | None = None) -> Name:
    """What it is called among the parameters: "Norms"; a part of it where each is counted by itself, or the rest of it."""
    own = names(block)
    words = (
        words_for(own.counted, block) if own.inside is None else own.inside(block, part or block)
    )
    return Name(capital(words), words if own.proper else small(words))


def share_of(block: Block) -> str:
    """What it is called in a bar of all parameters, where neither its colour says it nor what it is counted as."""
    return words_for(names(block).share, block)


def concepts_of(block: Block) -> Iterator[str]:
    """Ids of the concepts that it shows by itself, what it is before what it has."""
    concepts = MECHANISMS[block.kind].concepts
    own = concepts(block) if callable(concepts) else concepts
    yield from dict.fromkeys((*own, *of_facts(block)))


def read_beside(block: Block) -> tuple[Beside, ...]:
    """What its forward is given after the stream."""
    reads = MECHANISMS[block.kind].reads
    return reads(block) if callable(reads) else reads


def wired(kind: str) -> Wired:
    """The step by which a run carries the stream past a kind; empty where it calls its forward."""
    return MECHANISMS[kind].wired


def left_beside(block: Block) -> tuple[str, ...]:
    """What its forward gives beside what it keeps, for later layers."""
    return MECHANISMS[block.kind].leaves


def is_borrowable(block: Block) -> bool:
    """Whether layers may take what it gives from an earlier layer."""
    return MECHANISMS[block.kind].borrowable


def parts_streams(block: Block) -> bool:
    """Whether only layers of one stream have it, where several streams take turns."""
    return MECHANISMS[block.kind].parts_streams


def numbers_of(block: Block, width: int | None) -> list[Callout]:
    """The numbers that define it; `width` is the model's."""
    numbers = DRAWN[block.kind].numbers
    if callable(numbers):
        return numbers(block, width)
    return [callout(block, fact, words) for fact, words in numbers if fact in block.facts]


def size_of(block: Block) -> str:
    """A line on how large a mixer is: "32 query, 8 key heads", "14,336 inner width, SiLU"."""
    return singular(filled(words_for(MIXING[block.kind].size, block), block))


MOST_TOLD = 3
"""Sentences about one mechanism."""


def particulars(
    held: Held,
    new: Set[str] = frozenset(),
    most: int = MOST_TOLD,
    shown: Set[str] = frozenset(),
) -> str:
    """What is particular about a mechanism, in at most so many sentences, *what matters* marked.

    The first is about the mechanism itself; of the others, those about `new` concepts are said before the
    rest. What is `shown` by a picture with its words isn't said again.
    """
    if isinstance(DRAWN[held[0][0].kind].tells, str):
        ((_, words),) = sentences(held)
        return words
    (_, first), *others = (said for said in sentences(held) if said[0] not in shown)
    others.sort(key=lambda said: said[0] not in new)
    return " ".join((first, *(sentence for _, sentence in others[: most - 1])))


def on_topic(
    held: Held, new: Set[str], shown: Set[str], topic: str, instead: str, more: str
) -> str:
    """What is said of a mechanism that is told for one concept, in two sentences or three.

    The first is about that: its own, or the one that stands `instead` beside a picture. Then what else is new, then
    other qualities; where a first sentence stands alone, what the concept is for. Of what is `shown` no more is said.
    """
    first, *others = sentences(held)
    own = [words for concept, words in (first, *others) if concept == topic]
    told = [instead] if instead else own or [first[1]]
    rest = [said for said in others if said[0] not in {topic, *shown}]
    rest.sort(key=lambda said: said[0] not in new)
    further = [words for _, words in rest if words not in told]
    reason = [more] if more and not instead else []
    return " ".join([*told, *(further or reason)][:MOST_TOLD])


def sentences(held: Held) -> Iterator[Said]:
    """All that is particular about a mechanism, each with the concept that it is about; the weightiest first."""
    tells = DRAWN[held[0][0].kind].tells
    if isinstance(tells, str):
        yield "", singular(filled(tells, *(block for block, _ in held)))
    else:
        yield from ((concept, singular(words)) for concept, words in tells(held))
