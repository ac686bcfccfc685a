"""The reference at work: a small transformers model with random weights, computing in double precision throughout.

Needs the `truth` extra. Nothing is downloaded and no remote code runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from math import inf
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from llm_gallery.architecture.block import Architecture
from llm_gallery.families import saved
from llm_gallery.families._config import LANGUAGE_MODEL
from llm_gallery.mechanisms.forward._array import Array
from llm_gallery.recognition import describe
from llm_gallery.recognition.epsilon import KEYS
from llm_gallery.running.proof import some
from tools import reference
from tools.digests import DIFFERENCES, recut

EPSILON = 1e-3
"""Of all norms: large enough that one left out, or at the wrong place, is seen."""
PASSED_OVER = {"minimax": ("rotary_dim",)}
"""Keys that the release's own code computes with, and the reference doesn't: it rotates whole heads."""
PADDED = ("modernbert_decoder",)
"""Types whose token for padding can't be null."""
FAILING = ("llama4",)
"""Wrappers that fail when they have the scores: they look for pictures in the answer of their language model."""
HEARING = ("voxtral_realtime",)
"""Wrappers that ask for some frames of sound with each token: nothing is left of them here."""


@contextmanager
def doubles() -> Iterator[None]:
    """Single precision is double: the reference computes norms, softmax and rotation in "float32"."""
    import torch
    from transformers.models.recurrent_gemma.modeling_recurrent_gemma import RecurrentGemmaRglru

    before = torch.get_default_dtype()
    with ExitStack() as held:
        scan = RecurrentGemmaRglru._rnn_scan  # its default was read when it was defined
        held.enter_context(patch.object(scan, "__defaults__", (torch.float64,)))
        for name in ("float32", "float"):
            held.enter_context(patch.object(torch, name, torch.float64))
        held.enter_context(patch.object(torch.Tensor, "float", torch.Tensor.double))
        torch.set_default_dtype(torch.float64)
        try:
            yield
        finally:
            torch.set_default_dtype(before)


def with_epsilon(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The config with that epsilon, under the names by which the reference knows it, and nothing that it passes over."""
    raw = {k: v for k, v in raw.items() if k not in PASSED_OVER.get(raw["model_type"], ())}
    made = _config(raw).get_text_config()
    said = {key: EPSILON for key in KEYS if hasattr(made, key)}
    inner = raw.get(LANGUAGE_MODEL)
    if isinstance(inner, Mapping):
        return {**raw, LANGUAGE_MODEL: {**inner, **said}}
    return {**raw, **said}


def _config(raw: Mapping[str, Any]) -> Any:
    """The reference's, which warns of a key of old that says nothing, and pads with no token of so few."""
    stated = {k: v for k, v in raw.items() if k != "rope_scaling" or v is not None}
    pad = 0 if raw["model_type"] in PADDED else None
    made = reference.config({**stated, "pad_token_id": pad})
    if made.get_text_config() is not made:
        made.get_text_config().pad_token_id = 0  # what stands in for a picture's tokens
    return made


def built(raw: Mapping[str, Any], seed: int) -> Any:
    """The reference's model of a small config with random weights; call it within `doubles`."""
    import torch
    import transformers
    from transformers import initialization

    held = _config(raw)
    cls = getattr(transformers, reference.classes()[held.model_type])
    held._attn_implementation = "eager"
    with (
        initialization.no_init_weights()
    ):  # all are drawn below; and RWKV's and xLSTM's own fails for some sizes
        model = cls._from_config(held, dtype=torch.float64, attn_implementation="eager").eval()
    model.tie_weights()
    if hasattr(model, "set_experts_implementation"):
        model.set_experts_implementation("eager")
    draw = torch.Generator().manual_seed(seed)
    stored = {**dict(model.named_parameters()), **_persistent(model)}
    with torch.no_grad():
        for name, value in stored.items():
            if value.is_floating_point():
                value.copy_(_random(name, value, draw))
            elif name.endswith("tid2eid"):  # the experts of each token, all different
                order = torch.rand(len(value), held.num_local_experts, generator=draw)
                value.copy_(order.argsort(dim=1)[:, : value.shape[1]])
    return model


def _persistent(model: Any) -> Mapping[str, Any]:
    """Buffers that a checkpoint holds and training changes: the bias that balances a router's choice."""
    stored = model.state_dict(keep_vars=True)
    held = model.named_buffers()
    return {
        name: value
        for name, value in held
        if name in stored and name.endswith(("bias", "biases", "tid2eid"))
    }


def _random(name: str, value: Any, draw: Any) -> Any:
    """Matrices that keep lengths, scales about 1, shifts about 0.

    What is inside an expert reaches beyond its limits, 7 in gpt-oss; what it gives is no longer than the stream, or
    rounding would grow with each layer.
    """
    import torch

    numbers = torch.randn(value.shape, generator=draw, dtype=torch.float64)
    if value.dim() < 2:
        return 0.3 * numbers + (1.0 if name.endswith("weight") else 0.0)
    if value.dim() == 3 and "experts" in name:
        numbers = numbers * (1 / 8 if "down" in name else 4)
    return numbers if re.search("embed|wte|wpe", name) else numbers * value.shape[-1] ** -0.5


def weights(model: Any, model_type: str) -> dict[str, Array]:
    """What `save_pretrained` would write, under the checkpoint's names."""
    from transformers.core_model_loading import revert_weight_conversion

    held = revert_weight_conversion(model, dict(model.state_dict()))
    released = saved(model_type).released
    arrays = {released(name): value.detach().numpy() for name, value in held.items()}
    for difference in (d for d in DIFFERENCES["transposed"] if d["model_type"] == model_type):
        arrays = {
            n: np.swapaxes(a, -1, -2) if re.search(difference["name"], n) else a
            for n, a in arrays.items()
        }
    for names, rows in recut(model_type, {n: a.shape for n, a in arrays.items()}):
        whole = np.concatenate([arrays[name] for name in names])
        arrays |= zip(names, np.split(whole, np.cumsum(rows)[:-1]), strict=True)
    return arrays


class Answer(NamedTuple):
    """A small model with random weights, and the reference's scores of some tokens."""

    architecture: Architecture
    weights: Mapping[str, Array]
    tokens: Sequence[int]
    scores: Array  # (tokens, vocabulary)

    def error(self, given: Array) -> float:
        """The largest difference of a score, as a part of the largest score; infinite where some are no scores."""
        if given.shape != self.scores.shape or not np.isfinite(given).all():
            return inf
        return float(np.abs(given - self.scores).max() / np.abs(self.scores).max())


def answer(config: Mapping[str, Any], seed: int = 1) -> Answer:
    """What the reference makes of a small config, but for its epsilons."""
    raw = with_epsilon(config)
    architecture = describe(raw)
    tokens = some(architecture.root)
    with doubles():
        model = built(raw, seed)
        held = weights(model, architecture.model_type)
        return Answer(architecture, held, tokens, scores(model, tokens))


def scores(model: Any, tokens: Sequence[int]) -> Array:
    """Logits (tokens, vocabulary), all tokens at once."""
    import torch

    asked = model.language_model if model.config.model_type in FAILING else model
    with torch.no_grad():
        beside = _silence(model, len(tokens)) if model.config.model_type in HEARING else {}
        ids = torch.tensor([tokens])
        held = asked(input_ids=ids, use_cache=False, **beside, **reference.unseen(model, ids))
        given: Array = held.logits[0].numpy()
    return given


def _silence(model: Any, tokens: int) -> Mapping[str, Any]:
    """Frames for each token, whose sum with it is the token: the last map of the projector gives 0."""
    import torch

    model.model.multi_modal_projector.linear_2.weight.zero_()
    frames = tokens * model.config.downsample_factor
    return {"encoder_inputs_embeds": torch.zeros(1, frames, model.config.audio_config.hidden_size)}
