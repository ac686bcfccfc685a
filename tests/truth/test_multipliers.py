"""What multiplies embeddings and scores in the reference's own modules, beside what our facts say."""

from __future__ import annotations

import re
from math import isclose, sqrt
from typing import Any

import pytest

from llm_gallery.architecture.block import Block, layers, mixers
from llm_gallery.catalog.load import entries, find
from tests.sample import first, sample
from tests.truth.test_catalog import BUILT
from tools import reference

pytestmark = [pytest.mark.truth, pytest.mark.filterwarnings("ignore::FutureWarning")]

CONFIGS = {entry.id: entry.config for entry in entries()}
BY_LENGTH = ("phi-3.5-moe",)
"""The forward pass takes its factor from the config, by the text's length, and leaves the module's aside."""
BEYOND = {*BUILT} - {*sample()}
EACH = first(BUILT, (), BEYOND)
"""Every model's scores are the reference's in `test_running.py`; here a sample says by which of its modules."""
IN_PLACE = (
    "bloom-176b", "dbrx-132b", "falcon-180b", "falcon-40b", "falcon-7b", "gpt-1", "gpt-neo-2.7b", "longcat-flash-560b", "mpt-7b",
    "recurrentgemma-2b",
)  # fmt: skip
"""Their code divides by the root where it needs it, and no module says so; LongCat has two of them a layer, numbered."""
LAYER = re.compile(
    r"(?:^|\.)(?:layers|h)\.(\d+)\.(?:shared_transformer\.)?(?:[a-z_]*attn?[a-z_]*|mixer)$"
)


def text_modules(model: str) -> list[tuple[str, Any]]:
    """The modules of the language model, towers left out."""
    built = reference.model(CONFIGS[model])
    apart = ("visual", "vision", "audio", "projector")
    return [(n, m) for n, m in built.named_modules() if not any(word in n for word in apart)]


def attending(model: str) -> dict[int, Block]:
    """The softmax attention of each layer that has one."""
    kinds = ("attention", "latent_attention")
    found = enumerate(layers(find(model).architecture.root))
    return {i: m for i, layer in found for m in mixers(layer) if m.kind in kinds}


def ours(block: Block) -> float:
    """What the product of a query and a key is multiplied by."""
    if block.kind == "latent_attention":
        root = block.number("nope_dim") + block.number("rope_dim")
    else:
        root = block.number("scale_dim")
    return float(str(block.value("score_scale", 1.0))) / sqrt(root)


def close(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=1e-6)


@pytest.mark.parametrize("model", EACH)
def test_scores_are_scaled_as_the_reference_does(model: str) -> None:
    blocks = attending(model)
    compared: set[int] = set()
    for name, module in text_modules(model):
        found = LAYER.search(name)
        scaling = getattr(module, "scaling", None)
        if found and isinstance(scaling, float) and int(found[1]) in blocks:
            block = blocks[int(found[1])]
            times = getattr(module, "key_multiplier", 1.0)
            assert close(ours(block), scaling * times), (name, scaling)
            compared.add(int(found[1]))
    assert compared == (set() if model in IN_PLACE else set(blocks))


@pytest.mark.parametrize(
    "model", first([model for model in BUILT if model not in BY_LENGTH], (), BEYOND)
)
def test_the_rotation_lengthens_as_the_references(model: str) -> None:
    theirs = {
        float(value) ** 2
        for _, module in text_modules(model)
        for key, value in vars(module).items()
        if key.endswith("attention_scaling") and isinstance(value, int | float)
    }
    rotated = [b for b in attending(model).values() if b.value("position") == "rope"]
    held = {float(str(block.value("rotated_scale", 1.0))) for block in rotated}
    if theirs and held:
        assert all(any(close(one, other) for other in theirs) for one in held), (held, theirs)
        assert max(held) == pytest.approx(max(theirs), rel=1e-6)


@pytest.mark.parametrize("model", EACH)
def test_embeddings_are_scaled_as_the_references(model: str) -> None:
    torch = pytest.importorskip("torch")
    root = find(model).architecture.root
    scale = float(str(root.value("embedding_scale", 1.0)))
    modules = text_modules(model)
    theirs = [
        float(value)
        for name, module in modules
        for key in ("scalar_embed_scale", "embedding_multiplier")
        if (value := vars(module).get(key)) is not None and "per_layer" not in name
    ]
    if not theirs:
        width = root.number("width")
        # RecurrentGemma holds the root in bfloat16.
        kept = float(torch.tensor(sqrt(width)).to(torch.bfloat16))
        rounded = model == "recurrentgemma-2b" and scale == kept
        assert scale == 1.0 or rounded or width == pytest.approx(scale**2)
    assert all(close(scale, other) for other in theirs), theirs
