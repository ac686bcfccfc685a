"""Public functions of no single room: `describe`, `tensors`, `run` and `miniature`.

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

    Returns: the tree under `root`, and `unread`, `assumed` and `warnings` of its config.
    Raises: Refusal where there is no such model, or its config can't be described.
    """
    return model(given, guess=guess).architecture


def tensors(given: Given, *, guess: bool = False) -> Iterator[Tensor]:
    """Every tensor of the checkpoint, in order: name, shape, and the one that it is tied to.

    `counted_in` names the number of `facts(given)["parameters"]` that counts a tensor: "total",
    "multi_token_prediction" or "other_modalities". It is empty where the tensor is tied to one that counts.

    Returns: an iterator; `shape` is as stored, (outputs, inputs) for most matrices, and `elements` its product.
    Raises: Refusal as `describe` does.
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
    """The scores of every next token, and the cache for the next call.

    `weights` maps the names of `tensors` to numpy arrays of these shapes, all float32 or all float64. `tokens` are ids
    below the vocabulary. `past` is the cache that the call before returned. Needs the `run` extra.

    Returns: logits of shape (tokens, vocabulary) in the weights' dtype, and the cache; its `nbytes` is in bytes.
    Raises: Refusal where a tensor is missing or has another shape, and where a part of the model has no forward.
    """
    need("run", "Running a model")
    from llm_gallery.running.run import run as executed

    return executed(describe(given, guess=guess), weights, tokens, past)


def miniature(given: Given, *, guess: bool = False) -> dict[str, Any]:
    """A small config of the same `model_type`: every mechanism of the large one, in the same pattern of layers.

    Returns: a config as a dict, to be described as any other.
    Raises: Refusal as `describe` does, and for a described architecture, whose config isn't known.
    """
    from llm_gallery.running.miniature import miniature as small

    found = model(given, guess=guess)
    if not found.config:
        raise Refusal(
            f"an architecture of {found.name} is given, expected its config or an id, a path or a Hub id: "
            "a miniature is made of the config; give that"
        )
    return small(found.config, found.architecture.guess)
