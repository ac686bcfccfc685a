"""Each tensor says which number counts it: their sums are those numbers, of every model."""

from __future__ import annotations

from collections import Counter

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import tensors
from llm_gallery.catalog.load import find
from tests.sample import drawings


@pytest.mark.parametrize("model", drawings())
def test_sums_are_the_facts(model: str) -> None:
    root, sums = find(model).architecture.root, Counter[str]()
    for tensor in tensors(root):
        assert bool(tensor.counted_in) == (tensor.tied_to is None)
        sums[tensor.counted_in] += tensor.elements
    sums.pop("", None)
    counted = parameters(root)
    names = ("total", "multi_token_prediction", "other_modalities")
    assert {name: sums.pop(name, 0) for name in names} == {n: getattr(counted, n) for n in names}
    assert not sums
