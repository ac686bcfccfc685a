"""What each class of tensors gets in each mix, where that isn't the mix's own type.

A ladder is a row of rungs, each a type and when it holds; the first that holds counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from llm_gallery.quants.mixes import LOW_BIT
from llm_gallery.quants.model import ModelFacts


class Place(NamedTuple):
    """Where a tensor stands among those of its class, and in what model."""

    number: int
    of: int  # layers, or values
    model: ModelFacts
    matrix: bool  # whether there is an importance matrix


Condition = Callable[[Place], bool]
Rung = tuple[str, tuple[Condition, ...]]
Ladder = tuple[Rung, ...]


def when(kind: str, *conditions: Condition) -> Rung:
    """A rung: a type, where all conditions hold."""
    return kind, conditions


def always(kind: str) -> Ladder:
    """A ladder of one rung, which always holds."""
    return (when(kind),)


def first_two(at: Place) -> bool:
    """Of the first two tensors."""
    return at.number < 2


def first_four(at: Place) -> bool:
    """Of the first four tensors."""
    return at.number < 4


def first_sixteenth(at: Place) -> bool:
    """Of the first sixteenth of the layers."""
    return at.number < at.of // 16


def first_eighth(at: Place) -> bool:
    """Of the first eighth of the layers."""
    return at.number < at.of // 8


def middle(at: Place) -> bool:
    """Of neither the first nor the last eighth of the layers."""
    return at.of // 8 <= at.number < 7 * at.of // 8


def more_bits(at: Place) -> bool:
    """Of the first or the last eighth, or every third between."""
    return not middle(at) or (at.number - at.of // 8) % 3 == 2


def grouped(at: Place) -> bool:
    """Four queries or more share a key."""
    return at.model.grouping >= 4


def small_share(at: Place) -> bool:
    """The values are a small share of the model: of grouped queries, or beside experts."""
    return grouped(at) or at.model.experts >= 4


def eight_experts(at: Place) -> bool:
    """The model has eight experts, as Mixtral."""
    return at.model.experts == 8


def without_matrix(at: Place) -> bool:
    """There is no importance matrix."""
    return not at.matrix


def with_matrix(at: Place) -> bool:
    """There is an importance matrix."""
    return at.matrix


def _each(mixes: tuple[str, ...], ladder: Ladder) -> dict[str, Ladder]:
    return dict.fromkeys(mixes, ladder)


EMBEDDING: Mapping[str, Ladder] = {
    **_each(("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS"), always("Q2_K")),
    **_each(("IQ2_S", "IQ2_M", "IQ3_XXS"), always("IQ3_S")),
    **_each(("TQ1_0", "TQ2_0", "Q2_0"), always("Q4_K")),
}
OUTPUT: Mapping[str, Ladder] = {
    "Q8_0": always("Q8_0"),
    "MXFP4_MOE": always("Q8_0"),
    **_each((*LOW_BIT, "IQ3_XXS"), always("Q5_K")),
}
"""Of all other mixes the output is Q6_K."""
VALUES: Mapping[str, Ladder] = {
    **_each(("Q4_K_M", "Q5_K_M"), (when("Q6_K", more_bits),)),
    "Q4_K_S": (when("Q5_K", first_four),),
    **_each(("IQ4_NL", "IQ4_XS"), (when("Q5_K", grouped),)),
    "Q3_K_L": always("Q5_K"),
    "Q3_K_M": (when("Q5_K", first_two), when("Q4_K")),
    "IQ3_M": always("Q4_K"),
    **_each(("IQ3_S", "IQ3_XS"), (when("Q4_K", grouped),)),
    "IQ3_XXS": (when("Q4_K", grouped), when("IQ3_S", without_matrix)),
    "Q2_K": (when("Q4_K", grouped), when("Q3_K")),
    "Q2_K_S": (when("Q4_K", grouped),),
    **_each(("IQ2_S", "IQ2_M"), (when("Q4_K", small_share), when("IQ3_S"))),
    **_each(("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS"), (when("Q4_K", small_share), when("Q2_K"))),
}
KEYS: Mapping[str, Ladder] = {
    "IQ3_XS": always("IQ3_XXS"),
    "IQ3_XXS": always("IQ2_S"),
    **_each(LOW_BIT, (when("Q4_K", eight_experts),)),
}
QUERIES: Mapping[str, Ladder] = {"IQ3_XS": always("IQ3_XXS"), "IQ3_XXS": always("IQ2_S")}
OUT: Mapping[str, Ladder] = {
    "Q3_K_L": always("Q5_K"),
    "Q3_K_M": always("Q4_K"),
    "IQ3_M": always("Q4_K"),
    "IQ3_XXS": always("IQ3_S"),
    "Q2_K": always("Q3_K"),
    **_each(("IQ2_S", "IQ2_M"), always("IQ3_S")),
    **_each(("IQ1_S", "IQ1_M"), always("IQ2_XXS")),
}
OUT_OF_EIGHT: Mapping[str, Ladder] = _each(
    (
        *("Q4_K_M", "Q4_K_S", "IQ4_NL", "IQ4_XS", "Q3_K_M", "Q3_K_S", "IQ3_M", "IQ3_S", "IQ3_XS"),
        *("IQ3_XXS", "Q2_K", *LOW_BIT),
    ),
    always("Q5_K"),
)
"""Of models with eight experts."""
DOWN: Mapping[str, Ladder] = {
    **_each(("Q4_K_M", "Q5_K_M"), (when("Q6_K", more_bits),)),
    "Q5_0": (when("Q5_1", first_eighth, with_matrix),),
    "Q4_0": (when("Q4_1", first_eighth, with_matrix),),
    "Q4_K_S": (when("Q5_K", first_eighth),),
    **_each(("IQ4_NL", "IQ4_XS"), (when("Q5_K", first_eighth, without_matrix),)),
    "Q3_K_L": always("Q5_K"),
    "Q3_K_M": (when("Q5_K", first_sixteenth), when("Q4_K")),
    "IQ3_M": (when("Q4_K", first_eighth), when("Q4_K", eight_experts, more_bits)),
    "IQ3_XXS": (when("Q4_K", first_eighth, without_matrix), when("Q3_K", without_matrix)),
    "Q2_K": always("Q3_K"),
    "Q2_K_S": (when("Q4_K", first_eighth),),
    **_each(("IQ2_S", "IQ2_M"), (when("IQ3_S", first_eighth),)),
    **_each(("IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS"), (when("Q2_K", first_eighth),)),
}
UP_OR_GATE: Mapping[str, Ladder] = {"IQ3_XS": (when("IQ3_XXS", middle),)}

OUT_OF_FALCON: Mapping[str, Ladder] = {
    "Q3_K_L": always("Q4_K"),
    **{mix: ladder for mix, ladder in OUT.items() if mix in LOW_BIT},
}
DOWN_OF_FALCON: Mapping[str, Ladder] = {
    **DOWN,
    "Q4_K_M": (when("Q6_K", first_sixteenth), when("Q5_K", more_bits)),
    "Q4_K_S": (),
    "Q3_K_L": always("Q4_K"),
    "Q3_K_M": (when("Q5_K", first_sixteenth), when("Q4_K", more_bits)),
}


def step(ladder: Ladder, at: Place, default: str) -> str:
    """The type that a ladder has for a place; `default` where no rung holds."""
    held = (kind for kind, conditions in ladder if all(holds(at) for holds in conditions))
    return next(held, default)
