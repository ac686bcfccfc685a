"""The token after the next: what a model's prediction module makes of the stream and of the token that follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.mechanisms.apart import behind, drafting, joining, table, without_head
from llm_gallery.mechanisms.forward._array import Array
from llm_gallery.running.past import Past
from llm_gallery.running.proven import refused
from llm_gallery.running.walk import Walk, checkpoint_of, unasked, unchecked


def drafted(
    architecture: Architecture,
    weights: Mapping[str, Any],
    tokens: Sequence[int],
    following: Sequence[int],
    past: Past | None = None,
) -> tuple[Array, Past]:
    """The scores of each token after the next, (tokens, vocabulary), and what model and module keep.

    `following` are the tokens that come next, as many as there are `tokens`. `weights` has the module's
    arrays beside the model's. Raises Refusal where the model can't run, where it has no module whose code is
    known, and where a tensor is missing. Source: https://arxiv.org/abs/2412.19437, section 2.2.
    """
    if reason := refused(architecture):
        raise Refusal(f"can't run yet: {reason}")
    root, found = architecture.root, drafting(architecture.root)
    if found is None:
        raise Refusal("can't draft: the model has no prediction module whose code is known")
    if len(tokens) != len(following):
        raise Refusal(
            f"{len(following)} tokens follow {len(tokens)}; give for each token the one after it"
        )
    before, (path, module) = Past() if past is None else past, found
    streams = replace(architecture, root=without_head(root))
    x, now, bound = unchecked(streams, weights, tokens, before)
    ids, positions = np.asarray(following), before.seen + np.arange(len(tokens))
    walk = Walk(root, checkpoint_of(root, weights), ids, before, positions, {}, ())
    rows = table(module)
    embedded = walk.part(rows, f"{path}.{rows.name}")(ids)
    x = walk.part(joining(module), path)(x, embedded)
    y = walk.through(behind(path, module), x)
    if wrong := [*unasked([*bound, *walk.checkpoint.bound])]:
        raise Refusal(f"can't draft: nothing computes with {', '.join(wrong)}")
    return y, Past(now.seen, {**now.kept, **walk.kept})
