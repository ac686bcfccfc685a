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
from llm_gallery.architecture.block import Architecture, Block, layers, mixers
from llm_gallery.comparison.phrases import listed
from llm_gallery.concepts import RANKS, Group, concepts, rank, telling
from llm_gallery.explanation.cost import end
from llm_gallery.explanation.kin import NOBODY, Kin
from llm_gallery.explanation.layer_names import within
from llm_gallery.explanation.makers import Makers, called
from llm_gallery.explanation.prose import Named, Paragraph, Sentence, joined, said, told, words
from llm_gallery.mechanisms import concepts_of
from llm_gallery.mechanisms.wording import capital, lowered, sentences_of
from llm_gallery.novelty.arrangements import ideas
from llm_gallery.novelty.leading import Hero, concepts_inside, leading, of_states
from llm_gallery.novelty.replaced import replaced
from llm_gallery.novelty.saving import Saving, of_weights, saving
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.place import Variant, by_ratio
from llm_gallery.plan.plan import Plan

SPECIAL = "What is special"
MOST, SENTENCES = 4, 2
"""Mechanisms that are told, and sentences on each."""
WORDS = 100
"""Words after which no further mechanism is told."""
WHOLE = ("attention and", "keys and values", "the cache", "with one")
"""How sentences begin that mechanisms put after a colon."""
SUBJECTLESS = ("Attends", "Caches", "Convolves", "Keeps", "Mixes", "Reads", "Widens")
"""Words with which a sentence begins whose subject is the mechanism itself."""
WIRING = ("looped-depth", "parallel-block", "parallel-mixers")
"""Concepts of how the parts of a layer, or the layers, are wired."""
OF_KIND = (
    "mixture-of-experts",
    "multi-head-latent-attention",
    "ngram-memory",
    "per-layer-embeddings",
)
"""Concepts after which a mechanism is called."""
CANVAS = (
    "This model denoises a canvas of tokens at once (diffusion): attention is bidirectional within the canvas and "
    "causal over the prompt."
)
"""What no block shows of a model whose tree is of how it reads."""
LEANING = re.compile(r"(Between|It|Its|There|One half)\b")
"""How a sentence begins that needs the one before it."""


def special(
    architecture: Architecture, plan: Plan, heading: Heading, kin: Kin = NOBODY
) -> Paragraph:
    """What leads, what stood in its place before, what it saves; then what else is new, holds most weights, or is rare.

    A model whose makers gave up their previous design's way to spare the past begins with that.
    """
    root, rare, makers = architecture.root, kin.rare, kin.makers
    link = [Named(heading.ancestor, "" if kin.nearest is None else kin.nearest.id)]
    returned = [*makers.given_up(sum(map(attends, layers(root))), plan.depth)]
    found: list[Sentence] = [said(CANVAS)] if architecture.canvas else []
    found += [] if makers.second else returned
    said_of = set[str]()
    known: Sentence | None = None
    for index, hero in enumerate(_telling(leading(plan, heading), rare, plan.depth)):
        if index and words(found) > WORDS:
            if _mixture(hero):
                found += [*_sentences(hero, plan, rare, "")][:1]
            continue
        against, did = replaced(hero, heading.inherited or frozenset()) if hero.new else ("", "")
        own = [*_sentences(hero, plan, rare, against)]
        places = [n for n, one in enumerate(own, 1) if against in one.about]
        if did and places and did not in said_of:
            said_of.add(did)
            unnamed = all(heading.ancestor not in sentence.text for sentence in found)
            before = _before(against, heading, link, did, makers, first=unnamed)
            own[places[-1] : places[-1]] = before
        shaping = any(map(_shapes, told(own)))
        spare = 0 if shaping or _mixture(hero) else index - 1
        found += [joined([s for s in own if not s.spare], spare)] if index else own
        if index == 0:
            found += _saves(root, hero)
            found += returned if makers.second else []
        if index == 0 and not _tells(hero) and not architecture.canvas:
            known = _known(root, hero, heading, link, kin) if hero.variants else None
            if known is not None:
                found.append(known)
    found += _central(plan, heading, told(found))
    if known is not None and known.spare:  # of the whole model
        found.remove(known)
        found.append(known)
    return Paragraph(SPECIAL, tuple(found))


def attends(layer: Block) -> bool:
    """Whether a layer attends."""
    return any(block.attends for block in mixers(layer))


def _central(plan: Plan, heading: Heading, known: frozenset[str]) -> Iterator[Sentence]:
    """One sentence on each concept that shapes a model and isn't told yet: how it spares the past, how its layers are wired."""
    for idea in ideas(plan):
        if idea.concept in WIRING and idea.concept not in known:
            yield said(_with_subject(_split(idea.words)[0], "This model"), about=(idea.concept,))
    for hero in leading(plan, heading):
        if hero.idea is not None:
            continue
        links = [name for variant in hero.variants for name in _links(variant)]
        for at, sentence in enumerate(_about(hero.variants)):
            shaping = {concept for concept in sentence[0] if _shapes(concept)}
            if shaping - known:
                name, first = _named(hero), _split(sentence[1])[0]
                having = len({layer for variant in hero.variants for layer in variant.layers})
                few = 0 < having < plan.depth and not at
                where = f"in {having:,} of {plan.depth:,} layers" if few else ""
                text = _placed(first, name, where, leads=True)
                yield said(text, links, about=sentence[0])
                known |= shaping


def _shapes(concept: str) -> bool:
    """Whether it is how a model spares the past, shares between layers, runs its streams or looks things up."""
    described = concepts().get(concept)
    return described is not None and (
        (rank((concept,)) < RANKS.index("routing") and described.group != "attention")
        or concept in ("multi-head-latent-attention", "per-layer-embeddings")
    )


def unsaid(paragraph: Paragraph, root: Block, heading: Heading) -> Iterator[Sentence]:
    """The names of new concepts that the paragraph doesn't tell."""
    known = told(paragraph.sentences)
    if heading.inherited is None:
        return
    fresh = [c for c in shown_by(root) if c not in heading.inherited and c not in known]
    ranked = [c for c in fresh if c in concepts() and concepts()[c].new.rank is not None]
    names = [*map(called, sorted(ranked, key=telling))]
    if names:
        yield said(f"Also new against {heading.ancestor}: {listed(names)}.", about=ranked)


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


def _sentences(hero: Hero, plan: Plan, rare: Sequence[str], against: str) -> Iterator[Sentence]:
    """Its own sentences on what is new and on what few had, each with the concepts that it tells."""
    if hero.idea is not None:
        for sentence in _split(hero.idea.words):
            yield said(_with_subject(sentence, "This model"), about=(hero.idea.concept,))
        return
    depth = plan.depth
    groups = by_ratio(hero.variants) or [hero.variants]
    names = [name for variant in hero.variants for name in _links(variant)]
    named = False
    for place, variants in enumerate(groups):
        held = sorted({layer for variant in variants for layer in variant.layers})
        where = "" if len(held) == depth else f"in {len(held):,} of {depth:,} layers"
        where = where if held else "before the layers"
        chosen = list(_chosen(variants, hero, rare, against))
        for number, (about, sentence, spare) in enumerate(chosen[:1] if place else chosen):
            name = "it" if named else _named(hero)
            named = named or sentence.split()[0].strip("*") in SUBJECTLESS
            text = _placed(sentence, name, "" if number else where, leads=place == 0)
            if len(held) < depth and variants[0].block.attends:
                text = re.sub(rf"(of \*?{len(held):,}) (layers)", r"\1 attention \2", text)
                text = text.replace("Every layer attends", "Every attention layer attends")
            yield said(text, names, spare=spare, about=about)


def _named(hero: Hero) -> str:
    """What it is called at the head of a sentence: attention by its kind, however it chooses."""
    block = hero.variants[0].block
    if block.is_mlp:
        return capital(within(block))
    return capital(mechanisms.sort(block)) if block.attends else hero.mechanism


About = tuple[frozenset[str], str]
"""The concepts that a sentence tells, and the sentence."""


def _about(variants: Sequence[Variant]) -> list[About]:
    """What a mechanism says of itself; what has no sentence of its own is told by the first."""
    sentences = [*mechanisms.sentences([(v.block, v.count) for v in variants])]
    own = {concept for concept, _ in sentences}
    shown = {c for v in variants for c in concepts_inside(v.block)}
    told = [frozenset((concept,)) - {""} for concept, _ in sentences]
    kinds = {c for c in shown - own if _names_its_kind(c)}
    chosen = [n for n, (concept, _) in enumerate(sentences) if concept == "shared-index"]
    if chosen and not any("ratio" in variant.block.facts for variant in variants):
        choices = _of("choice", kinds)  # the sentence on who shares a choice tells what chooses
        told[chosen[0]] |= choices
        kinds -= choices
    told[0] |= kinds
    if "sliding window" in sentences[0][1]:
        told[0] |= {"sliding-window-attention"}
    if any(variant.block.recurs for variant in variants):
        told[0] |= {name for name, concept in concepts().items() if concept.new.of_states}
    return [(about, words) for about, (_, words) in zip(told, sentences, strict=True)]


def _names_its_kind(concept: str) -> bool:
    """Whether a mechanism that has it is called by it, so that its first sentence tells it."""
    described = concepts().get(concept)
    return described is not None and (
        described.group not in (None, "attention", "window") or concept in OF_KIND
    )


def _chosen(
    variants: list[Variant], hero: Hero, rare: Sequence[str], against: str
) -> Iterator[tuple[frozenset[str], str, int]]:
    """What is said of a mechanism, and how easily it is spared: what is new in it, after what that leans on; else what it is, then what it has."""
    sentences = _about(variants)
    about, first = sentences[0]
    base, *explained = _split(first)
    fresh = [one for one in sentences if any(_is_of(concept, hero.new) for concept in one[0])]
    seldom = {concept: place for place, concept in enumerate(rare)}
    fresh.sort(
        key=lambda one: (
            hero.topic not in one[0],
            rank(one[0]),
            min((seldom.get(concept, len(rare)) for concept in one[0]), default=len(rare)),
        )
    )
    leads = hero.variants[0].block.is_mixture or "ratio" in variants[0].block.facts
    if _tells(hero) and fresh and not leads and not LEANING.match(fresh[0][1].lstrip("*")):
        best = rank(fresh[0][0])
        chosen = fresh[:SENTENCES]
        if not any(against in concepts for concepts, _ in chosen):
            chosen += [one for one in fresh if against in one[0]]
        chosen += [one for one in sentences[1:] if not one[0]]  # what no concept names is its own
        for of, words in chosen:
            less = against not in of and rank(of) > best
            yield from ((of, one, int(less)) for one in _split(words))
        return
    further = [one for one in sentences[1:] if one in fresh]
    # What no concept names is rarer than any that one does.
    few = [one for one in sentences[1:] if one not in further and (not one[0] or one[0] & {*rare})]
    further += sorted(
        few, key=lambda one: min((rare.index(c) for c in one[0] & {*rare}), default=-1)
    )
    others = [(*one, 0) for one in sorted(further[:SENTENCES], key=sentences.index)]
    if not _tells(hero):
        others = others or [(*one, 2) for one in sentences[1:]]
    yield about, base, 0
    leans = any(LEANING.match(words.lstrip("*")) for _, words, _ in others)
    yield from ((about, words, 0 if leans else _spare(words)) for words in explained[:SENTENCES])
    yield from others[:SENTENCES]


def _spare(words: str) -> int:
    """How easily a further sentence on a mechanism is spared: not where it counts something."""
    return 0 if re.search(r"\d|twice", words) else 1


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
        verb = sentence[0].lower() + sentence[1:]
        if not leads:
            return capital(f"{where} {name} {verb}".strip())
        return capital(f"{name}, {where}, {verb}" if where else f"{name} {verb}")
    if not where or re.search(r"of \*?[\d,]+ layers|[Ee]very layer", sentence):
        return sentence
    return f"{capital(where)} {lowered(sentence)}"


def _with_subject(sentence: str, subject: str) -> str:
    word = sentence.split()[0].strip("*")
    return f"{subject} {sentence[0].lower()}{sentence[1:]}" if word in SUBJECTLESS else sentence


def _before(
    concept: str,
    heading: Heading,
    link: Sequence[Named],
    did: str,
    makers: Makers,
    *,
    first: bool,
) -> Iterator[Sentence]:
    """What the nearest earlier model did in its place, and which of its makers' designs had the concept already."""
    name = f"An earlier design, {heading.ancestor}," if first else heading.ancestor
    if (forerunner := makers.had.get(concept)) is not None:
        had = f"unlike {forerunner.name} of the same makers"
        yield said(f"{name} {did}, {had}.", models=[*link, Named(forerunner.name, forerunner.id)])
    else:
        yield said(f"{name} {did}.", models=link)


def _saves(root: Block, hero: Hero) -> Iterator[Sentence]:
    """What it saves of memory or compute, counted on this model without it."""
    own = set(hero.new if _tells(hero) else hero.concepts)
    if hero.idea is not None:
        saved = of_weights(root, hero.idea.concept)
        if saved is not None:
            yield said(
                f"It stores {saved.form(saved.built)} parameters; {saved.words} it would store {saved.form(saved.whole)}."
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
    """The bytes that are cached, and those that would be."""
    words = saved.words if saved.words.startswith("with") else f"with {saved.words}"
    built, whole = saved.form(saved.built), saved.form(saved.whole)
    each = "per token" if saved.text == "a token" else f"at {saved.text}"
    return f"It keeps {built} {each}; {words} it would keep {whole}."


def _computed(root: Block, choice: str) -> Iterator[Sentence]:
    """Operations at the end of the context, and those of the same model that reads all tokens."""
    other, last = without(root, choice), end(root)
    if other is None:
        return
    built, whole = flops_per_token(root, last), flops_per_token(other, last)
    if whole > built:
        yield said(
            f"A token at position {last:,} costs {parameters(root).bound_of_compute}{gigaflop(built)}; with full attention it would cost {gigaflop(whole)}."
        )


def _is_one(hero: Hero) -> bool:
    """Whether it is of one kind, which concepts tell: of cross-attention beside attention they say nothing."""
    blocks = [variant.block for variant in hero.variants]
    return len({block.kind for block in blocks}) == 1 and all(any(concepts_of(b)) for b in blocks)


def _known(
    root: Block, hero: Hero, heading: Heading, link: Sequence[Named], kin: Kin
) -> Sentence | None:
    """That the nearest earlier model has every part, or the mechanism, too, where that is so."""
    had, unnamed = heading.inherited, any(not about for about, _ in _about(hero.variants)[1:])
    if had is None or unnamed:
        return None
    if had.issuperset(shown_by(root)):
        if kin.adds:
            return None
        return said(f"Nothing is new: {heading.ancestor} has every part.", models=link, spare=1)
    if hero.new or not _is_one(hero):
        return None
    return said(f"An earlier design, {heading.ancestor}, has the same mechanism.", models=link)
