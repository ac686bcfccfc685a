"""What is special about a model: what the nearest earlier one lacks, what holds most weights, what few had; and what it saves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from llm_gallery import mechanisms
from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.concepts import concepts as shown_by
from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import gigaflop
from llm_gallery.architecture.block import Architecture, Block, walk
from llm_gallery.concepts import RANKS, Group, concepts, rank, telling
from llm_gallery.explanation.cost import end
from llm_gallery.explanation.layer_names import within
from llm_gallery.explanation.prose import Named, Paragraph, Sentence, joined, said, words
from llm_gallery.mechanisms import concepts_of
from llm_gallery.mechanisms.activation import function, mlp_concept
from llm_gallery.mechanisms.wording import Said, capital, sentences_of
from llm_gallery.novelty.leading import Hero, leading, of_states
from llm_gallery.novelty.replaced import replaced
from llm_gallery.novelty.saving import Saving, of_weights, saving
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.place import Variant, by_ratio
from llm_gallery.plan.plan import Plan

MOST, SENTENCES = 4, 2
"""Mechanisms that are told, and sentences on each."""
WORDS = 100
"""Words after which no further mechanism is told."""
WHOLE = ("attention and", "however", "keys and values", "the cache", "with one")
"""How sentences begin that mechanisms put after a colon."""
SUBJECTLESS = ("Keeps", "Mixes", "Norms", "Reads", "Works")
"""Words with which a sentence begins whose subject is the mechanism itself."""
PLAIN_GATE = "gated with SiLU"
CANVAS = (
    "This model writes a canvas of tokens at once, out of noise: there each sees all others, while in what it "
    "reads a token sees those before it."
)
"""What no block shows of a model whose tree is of how it reads."""
LEANING = re.compile(r"(Between|It|Its|There|They|One half|One more|\*?[\d,]+ more)\b")
"""How a sentence begins that needs the one before it."""


def special(
    architecture: Architecture,
    plan: Plan,
    heading: Heading,
    nearest: str,
    rare: Sequence[str] = (),
) -> Paragraph:
    """What leads, what stood in its place before, what it saves; then what else is new, holds most weights, or is rare.

    `nearest` is the id of the nearest earlier model, empty where none is known; `rare` are concepts that few had, the rarest first.
    """
    root = architecture.root
    link = [Named(heading.ancestor, nearest)]
    found: list[Sentence] = [said(CANVAS)] if architecture.canvas else []
    said_of = set[str]()
    for index, hero in enumerate(_telling(leading(plan, heading), rare, plan.depth)):
        if index and words(found) > WORDS:
            if _mixture(hero):
                found += [*_sentences(hero, plan.depth, rare, "")][:1]
            continue
        against, did = replaced(hero, heading.inherited or frozenset()) if hero.new else ("", "")
        told = [*_sentences(hero, plan.depth, rare, against)]
        if did and did not in said_of:
            said_of.add(did)
            unnamed = all(heading.ancestor not in sentence.text for sentence in found)
            told += _before(hero, heading, link, did, first=unnamed)
        spare = 0 if _mixture(hero) else index - 1
        found += [joined([s for s in told if not s.spare], spare)] if index else told
        if index == 0:
            found += _saves(root, hero)
        if index == 0 and not _tells(hero) and not architecture.canvas:
            found += _known(root, hero, heading, link)
    return Paragraph("What is special", tuple(found))


def _telling(heroes: Sequence[Hero], rare: Sequence[str], depth: int) -> list[Hero]:
    """What leads the figure, then the most telling news, experts, which hold most weights, and states in most layers that few had.

    Then other news, and what else few had; what works on each token alone is told where it is new.
    """

    def place(hero: Hero) -> int:
        blocks = [variant.block for variant in hero.variants]
        uncommon = any(_tells_a_layer(concept) for concept in hero.concepts & {*rare})
        reasons = (
            rank(hero.new) < RANKS.index("reading"),
            _mixture(hero),
            uncommon and 2 * len(hero.layers) > depth and any(block.recurs for block in blocks),
            _tells(hero),
            uncommon,
            bool(hero.new) and any(block.on_tokens for block in blocks),
        )
        return next((n for n, holds in enumerate(reasons) if holds), len(reasons))

    further = sorted((hero for hero in heroes[1:] if place(hero) < 6), key=place)
    shown = [*heroes[:1], *further][:MOST]
    return [*shown, *filter(_mixture, further[MOST - 1 :])]


def _tells_a_layer(concept: str) -> bool:
    """Whether it is about more than each token alone."""
    return rank((concept,)) != RANKS.index("channels")


def _of(group: Group, among: Iterable[str]) -> frozenset[str]:
    """Those of a group."""
    known = concepts()
    return frozenset(name for name in among if name in known and known[name].group == group)


def _mixture(hero: Hero) -> bool:
    """Whether it is experts, which hold most of the weights."""
    return any(variant.block.is_mixture for variant in hero.variants)


def _tells(hero: Hero) -> bool:
    """Whether something is new in it that leads a figure."""
    return rank(hero.new) < len(RANKS)


def _sentences(hero: Hero, depth: int, rare: Sequence[str], against: str) -> Iterator[Sentence]:
    """Its own sentences on what is new and on what few had; that on what is set against another model is last."""
    if hero.idea is not None:
        for sentence in _split(hero.idea.words):
            yield said(_with_subject(sentence, "This model"))
        return
    groups = by_ratio(hero.variants) or [hero.variants]
    names = [name for variant in hero.variants for name in _links(variant)]
    named = False
    for place, variants in enumerate(groups):
        layers = sorted({layer for variant in variants for layer in variant.layers})
        where = "" if len(layers) == depth else f"in {len(layers):,} of {depth:,} layers"
        where = where if layers else "before the layers"
        chosen = list(_chosen(variants, hero, rare, against))
        for number, (sentence, spare) in enumerate(chosen[:1] if place else chosen):
            name = "it" if named else _named(hero)
            named = named or sentence.split()[0].strip("*") in SUBJECTLESS
            text = _placed(sentence, name, "" if number else where, leads=place == 0)
            if len(layers) < depth and variants[0].block.attends:
                own = rf"(of \*?{len(layers):,} layers\*?) (?!that attend)"
                text = re.sub(own, r"\1 that attend ", text)
                text = text.replace("Every layer reads", "Every layer that attends reads")
            yield said(text, names, spare=spare)


def _named(hero: Hero) -> str:
    """What it is called at the head of a sentence: attention by its kind, however it chooses."""
    block = hero.variants[0].block
    if block.is_mlp:
        return capital(within(block))
    return capital(mechanisms.sort(block)) if block.attends else hero.mechanism


def _chosen(
    variants: list[Variant], hero: Hero, rare: Sequence[str], against: str
) -> Iterator[tuple[str, int]]:
    """What is said of a mechanism, and how easily it is spared: what is new in it, after what that leans on; else what it is, then what it has."""
    held = [(variant.block, variant.count) for variant in variants]
    sentences = list(mechanisms.sentences(held))
    base, *explained = _split(sentences[0][1])
    fresh = [(concept, words) for concept, words in sentences if _is_of(concept, hero.new)]
    seldom = {concept: place for place, concept in enumerate(rare)}
    fresh.sort(
        key=lambda one: (
            one[0] != hero.topic,
            rank(frozenset((one[0],))),
            seldom.get(one[0], len(rare)),
        )
    )
    leads = hero.variants[0].block.is_mixture or "ratio" in variants[0].block.facts
    if _tells(hero) and fresh and not leads and not LEANING.match(fresh[0][1].lstrip("*")):
        first = rank(frozenset((fresh[0][0],)))
        told = fresh[:SENTENCES]
        if against not in {concept for concept, _ in told}:
            told += [one for one in fresh if one[0] == against]
        for concept, words in told:
            less = concept != against and rank(frozenset((concept,))) > first
            yield from ((one, int(less)) for one in _split(words))
        return
    further = [one for one in sentences[1:] if one in fresh]
    # What no concept names is rarer than any that one does.
    few = [one for one in sentences[1:] if one not in further and one[0] in ("", *rare)]
    further += sorted(few, key=lambda one: rare.index(one[0]) if one[0] else -1)
    told = sorted(further[:SENTENCES], key=sentences.index)
    others = [(words, 0) for _, words in _last(told, against)]
    if not _tells(hero):
        others = others or [(words, 2) for _, words in sentences[1:]]
    yield base, 0
    leans = any(LEANING.match(words.lstrip("*")) for words, _ in others)
    yield from ((words, 0 if leans else _spare(words)) for words in explained[:SENTENCES])
    yield from others[:SENTENCES]


def _last(told: list[Said], against: str) -> list[Said]:
    """The sentences with the one on a concept behind the others."""
    return sorted(told, key=lambda one: one[0] == against)


def _spare(words: str) -> int:
    """How easily a further sentence on a mechanism is spared: not where it counts something."""
    return 0 if re.search(r"\d|twice", words) else 2


def _split(marked: str) -> list[str]:
    """The sentences one by one; what stands after a colon and is a sentence itself, too."""
    parts = re.sub(rf": (?=\*?(?:{'|'.join(WHOLE)})\b)", ".\n", marked).split("\n")
    return [capital(sentence) for part in parts for sentence in sentences_of(part)]


def _is_of(concept: str, new: frozenset[str]) -> bool:
    """Whether a sentence is about something new; one on how heads share is about each way to."""
    return concept in new or bool(_of("attention", (concept,)) and _of("attention", new))


def _links(variant: Variant) -> Iterator[Named]:
    """A mechanism by its name, else by what its sentences speak of."""
    block, path = variant.block, variant.path
    words = (capital(within(block)), within(block), mechanisms.title(block), *_SPOKEN)
    yield from (Named(word, path) for word in words)


_SPOKEN = (
    "query heads",
    "heads",
    "experts",
    "indexer",
    "streams",
    "earlier sums",
    "queries and keys",
    "positions",
)
"""What sentences on mechanisms speak of, the most telling first."""


def _placed(sentence: str, name: str, where: str, *, leads: bool) -> str:
    """The sentence with its subject, and with the layers that it is about where they aren't all."""
    word = sentence.split()[0].strip("*")
    if word in SUBJECTLESS:
        verb = (sentence[0].lower() + sentence[1:]).replace(": widens", " and widens")
        if not leads:
            return capital(f"{where} {name} {verb}".strip())
        return capital(f"{name}, {where}, {verb}" if where else f"{name} {verb}")
    if not where or re.search(r"of \*?[\d,]+ layers|[Ee]very layer", sentence):
        return sentence
    start = len(sentence) - len(sentence.lstrip("*"))
    small = sentence[:start] + sentence[start].lower() + sentence[start + 1 :]
    return f"{capital(where)} {sentence if word[1:2].isupper() else small}"


def _with_subject(sentence: str, subject: str) -> str:
    word = sentence.split()[0].strip("*")
    return f"{subject} {sentence[0].lower()}{sentence[1:]}" if word in SUBJECTLESS else sentence


def _before(
    hero: Hero, heading: Heading, link: Sequence[Named], did: str, *, first: bool
) -> Iterator[Sentence]:
    """What the nearest earlier model did in its place."""
    if did == PLAIN_GATE:
        parts = [part for variant in hero.variants for _, part in walk(variant.block)]
        gates = {function(str(p.value("activation"))) for p in parts if mlp_concept(p) in hero.new}
        did += "".join(f", not {gate}" for gate in sorted(gates))
    name = f"An earlier design, {heading.ancestor}," if first else heading.ancestor
    yield said(f"{name} {did}.", models=link)


def _saves(root: Block, hero: Hero) -> Iterator[Sentence]:
    """What it saves of memory or compute, counted on this model without it."""
    own = set(hero.new if _tells(hero) else hero.concepts)
    if hero.idea is not None:
        saved = of_weights(root, hero.idea.concept)
        if saved is not None:
            yield said(
                f"It stores {saved.form(saved.built)}; {saved.words} it would store {saved.form(saved.whole)}."
            )
        return
    if any(variant.block.recurs for variant in hero.variants):
        own |= of_states(root)
    saved = saving(root, own - _of("attention", own))  # whose own sentences say it
    if saved is not None:
        yield said(_saving_words(saved))
    elif choices := sorted(_of("choice", own), key=telling):
        yield from _computed(root, choices[0])


def _saving_words(saved: Saving) -> str:
    """The bytes that are kept, and those that would be."""
    words = saved.words if saved.words.startswith("with") else f"with {saved.words}"
    built, whole = saved.form(saved.built), saved.form(saved.whole)
    return f"For {saved.text} it keeps {built}; {words} it would keep {whole}."


def _computed(root: Block, choice: str) -> Iterator[Sentence]:
    """Operations at the end of the context, and those of the same model that reads all tokens."""
    other, last = without(root, choice), end(root)
    if other is None:
        return
    built, whole = flops_per_token(root, last), flops_per_token(other, last)
    if whole > built:
        yield said(
            f"The token at {last:,} takes {parameters(root).bound_of_compute}{gigaflop(built)}; reading all tokens it would take {gigaflop(whole)}."
        )


def _is_one(hero: Hero) -> bool:
    """Whether it is of one kind, which concepts tell: of cross-attention beside attention they say nothing."""
    blocks = [variant.block for variant in hero.variants]
    return len({block.kind for block in blocks}) == 1 and all(any(concepts_of(b)) for b in blocks)


def _known(root: Block, hero: Hero, heading: Heading, link: Sequence[Named]) -> Iterator[Sentence]:
    """That the nearest earlier model has every concept, or the mechanism, too, where that is so."""
    if heading.inherited is None:
        return
    if heading.inherited.issuperset(shown_by(root)):
        yield said(
            f"{heading.ancestor}, an earlier design, has every concept that it has.",
            models=link,
            spare=1,
        )
    elif not hero.new and _is_one(hero):
        yield said(f"{heading.ancestor}, an earlier design, has the same mechanism.", models=link)
