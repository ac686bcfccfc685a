"""Names that aren't the release's: those that transformers saves, or with another prefix."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from llm_gallery.checking.matrix import Matrix
from llm_gallery.families import Saved

PREFIXES = (
    ((r"^(?!lm_head\b)", "model."), "read with `model.` before them, as of a model without its head"),
    ((r"^model\.", ""), "read without their `model.`"),
    ((r"^model\.language_model\.", "language_model.model."), "read as `language_model.model.`"),
    ((r"^model\.language_model\.", "model."), "read without their `language_model.`"),
    ((r"^language_model\.model\.", "model.language_model."), "read as `model.language_model.`"),
    ((r"^language_model\.", ""), "read without their `language_model.`"),
    ((r"^model\.", "model.language_model."), "read as `model.language_model.`"),
    ((r"^(?=model\.|lm_head\.)", "language_model."), "read with `language_model.` before them"),
)  # fmt: skip
"""Patterns with what stands there instead, and how a report says it; the first that fits best is taken."""
OF_MIXTRAL = (
    (r"\.mlp\.(?=(experts|gate|e_score_correction_bias)\b)", ".block_sparse_moe."),
    "read with `block_sparse_moe` for `mlp`, as transformers has them in memory",
)
"""The experts of Mixtral and its kin, where they weren't saved as in the release."""


def renamed(
    held: Mapping[str, Matrix], wanted: Collection[str], saved: Saved
) -> tuple[dict[str, Matrix], str]:
    """The matrices under the names that fit most described ones, and how they were read where that isn't as stored."""
    best, said, most = dict(held), "", sum(name in wanted for name in held)
    if most == min(len(wanted), len(held)):
        return best, said
    prefixed = 2 * most < min(len(wanted), len(held))
    for released, words in _readings(saved, prefixed=prefixed):
        names = {name: released(name) for name in held}
        fitting = sum(name in wanted for name in names.values())
        if fitting > most and len({*names.values()}) == len(names):
            most, said = fitting, f"names are {words}"
            best = {new: held[old]._replace(name=new) for old, new in names.items()}
    return best, said


def _readings(saved: Saved, *, prefixed: bool) -> Iterator[tuple[Callable[[str], str], str]]:
    if saved.names or saved.halves:
        yield saved.released, "read as transformers saves them"
    for (pattern, instead), words in (OF_MIXTRAL, *(PREFIXES if prefixed else ())):
        yield Saved({pattern: instead}).released, words
