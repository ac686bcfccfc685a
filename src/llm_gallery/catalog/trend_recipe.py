"""The recipe of a year: for each part of a model, what its designs chose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from llm_gallery.architecture.block import Block, channel_mixers, distinct_layers, layers, mixers
from llm_gallery.catalog.concept import concepts
from llm_gallery.lineage.designs import Design


def always(one: Design) -> bool:
    """Every design answers."""
    return True


def having(concept: str) -> Callable[[Design], bool]:
    """Designs that have a concept answer."""
    return lambda one: concept in one.concepts


def attending(one: Design) -> bool:
    """Those with attention answer."""
    return any(block.attends for layer in _layers(one) for block in mixers(layer))


def working(one: Design) -> bool:
    """Those with an MLP or experts answer."""
    return any(map(channel_mixers, _layers(one)))


def first_layer(one: Design) -> str:
    """What the first layer has of designs whose dense layers aren't all at the bottom."""
    first = layers(one.first.architecture.root)[0]
    mixture = any(block.is_mixture for block in channel_mixers(first))
    return "With experts as well" if mixture else "Without, and others further up"


def _layers(one: Design) -> tuple[Block, ...]:
    return tuple(distinct_layers(one.first.architecture.root))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the recipe: the concepts among which a design chooses, and what it is called to have none."""

    name: str
    among: tuple[str, ...]
    otherwise: str | Callable[[Design], str]
    asked: Callable[[Design], bool] = always
    unasked: str = (
        ""  # what is said of designs for which the question doesn't arise; "" leaves them out
    )
    one: bool = False  # only the first that holds; else all that do, together
    called: Mapping[str, str] = field(default_factory=dict)  # instead of the concept's name


RECIPE = (
    Part(
        "Layers",
        (
            "hybrid",
            "compressed-attention",
            "sparse-attention",
            "block-sparse-attention",
            "local-global-layers",
            "chunked-attention",
            "sliding-window-attention",
        ),
        "Every layer sees everything",
        attending,
        unasked="States alone",
        one=True,
    ),
    Part(
        "Heads",
        (
            "multi-head-latent-attention",
            "grouped-query-attention",
            "multi-query-attention",
            "multi-head-attention",
            "shared-key-value",
        ),
        "Others",
        attending,
        one=True,
    ),
    Part("Query and key", ("qk-norm",), "Not normed", attending),
    Part("Behind the attention", ("gated-attention",), "No gate", attending),
    Part(
        "Positions",
        (
            "rope",
            "nope",
            "learned-positions",
            "sinusoidal-positions",
            "alibi",
            "relative-positions",
        ),
        "None",
        attending,
    ),
    Part(
        "Rotated",
        ("multi-head-latent-attention", "partial-rope"),
        "The whole head",
        having("rope"),
        one=True,
        called={
            "multi-head-latent-attention": "A part apart, beside the latent",
            "partial-rope": "A part of the head",
        },
    ),
    Part(
        "Norm of a branch",
        ("pre-norm", "post-norm", "sandwich-norm", "mixed-norm", "stream-norm"),
        "Elsewhere or none",
        one=True,
    ),
    Part("MLP", ("mixture-of-experts",), "Dense", working, unasked="None"),
    Part(
        "Activation",
        ("swiglu", "geglu", "gelu", "relu-squared"),
        "Another one",
        working,
        one=True,
    ),
    Part(
        "Router",
        ("sigmoid-routing", "softmax-routing", "sqrtsoftplus-routing"),
        "Another one",
        having("mixture-of-experts"),
        one=True,
    ),
    Part("Balance", ("bias-balanced-routing",), "Without a bias", having("mixture-of-experts")),
    Part("Expert for all", ("shared-expert",), "None", having("mixture-of-experts")),
    Part("First layers", ("dense-prefix",), first_layer, having("mixture-of-experts")),
    Part(
        "Residual",
        (
            "alternating-updates",
            "hyper-connections",
            "attention-residuals",
            "gated-residual-streams",
        ),
        "One stream",
        one=True,
    ),
    Part("Head", ("tied-embeddings",), "Of its own"),
    Part("Modules that foresee more tokens", ("multi-token-prediction",), "None"),
)
"""In the order of a layer; what designs are asked by is asked of its first model's tree."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What designs chose for a part, and which, oldest first."""

    words: str
    designs: tuple[Design, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part with its choices, the most common first."""

    part: str
    choices: tuple[Choice, ...]

    @property
    def of(self) -> int:
        """Designs that had the choice."""
        return sum(len(one.designs) for one in self.choices)


def recipe(new: Sequence[Design]) -> tuple[Chosen, ...]:
    """Each part with its choices; without those that no design was asked for."""
    return tuple(filter(lambda one: one.choices, (_chosen(part, new) for part in RECIPE)))


def _chosen(part: Part, new: Sequence[Design]) -> Chosen:
    held: dict[str, list[Design]] = {}
    for one in new:
        if words := _words(part, one):
            held.setdefault(words, []).append(one)
    ranked = sorted(held.items(), key=lambda item: (-len(item[1]), item[0]))
    return Chosen(part.name, tuple(Choice(words, tuple(found)) for words, found in ranked))


def _words(part: Part, one: Design) -> str:
    if not part.asked(one):
        return part.unasked
    known = concepts()
    held = [part.called.get(n, known[n].name) for n in part.among if n in one.concepts]
    if held:
        return held[0] if part.one else " and ".join(held)
    return part.otherwise if isinstance(part.otherwise, str) else part.otherwise(one)
