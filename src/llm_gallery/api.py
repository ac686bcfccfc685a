"""Public functions that are no room's own: a model is given by name, path, Hub id or config, or is described already.

With `guess`, a config of unknown type is described as the family whose keys fit best, assumptions marked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from llm_gallery.architecture.block import Architecture, Tensor
from llm_gallery.architecture.block import tensors as tensors_of
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import Given, model
from llm_gallery.extras import need

if TYPE_CHECKING:
    from llm_gallery.mechanisms.forward._array import Array
    from llm_gallery.running.past import Past


def describe(given: Given, *, guess: bool = False) -> Architecture:
    """The architecture of a model: a tree of blocks.

    With `guess`, a config of unknown type is described as the family whose keys fit best, assumptions
    marked. Raises Refusal where there is no such model, or its config can't be described.
    """
    return model(given, guess=guess).architecture


def tensors(given: Given, *, guess: bool = False) -> Iterator[Tensor]:
    """Every tensor of the checkpoint, in order: name, shape, and the one that it is tied to.

    `counted_in` names the number of `facts(given)["parameters"]` that counts a tensor, "total",
    "multi_token_prediction" or "other_modalities", and is empty where it is tied to one that counts already: the
    total is `sum(tensor.elements for tensor in tensors(given) if tensor.counted_in == "total")`.
    """
    return tensors_of(describe(given, guess=guess).root)


def run(
    given: Given,
    weights: Mapping[str, Any],
    tokens: Sequence[int],
    past: Past | None = None,
    *,
    guess: bool = False,
) -> tuple[Array, Past]:
    """The scores of every next token, (tokens, vocabulary), and what is kept for the next call.

    `weights` maps the names of `tensors` to numpy arrays, all float32 or all float64; `past` is what the
    call before gave, and its `nbytes` what is kept. Raises Refusal where a tensor is missing or has
    another shape, and where the model has what can't run yet. Needs the `run` extra.
    """
    need("run", "Running a model")
    from llm_gallery.running.run import run as executed

    return executed(describe(given, guess=guess), weights, tokens, past)


def miniature(given: Given, *, guess: bool = False) -> dict[str, Any]:
    """A small config of the same `model_type`: every mechanism of the large one, in the same pattern of layers.

    With `guess`, that of a config of unknown type, which `describe` takes with `guess` too. Raises Refusal as
    `describe` does, and where what is given is described already and its config isn't known.
    """
    from llm_gallery.running.miniature import miniature as small

    found = model(given, guess=guess)
    config = given if isinstance(given, Mapping) else found.config
    if not config:
        raise Refusal(
            f"an architecture of {found.name} is given, expected its config or an id, a path or a Hub id: "
            "a miniature is made of the config; give that"
        )
    return small(config, found.architecture.guess)
