"""A figure takes under 20 ms of the processor, whatever else the machine does meanwhile."""

from __future__ import annotations

import time

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw


@pytest.mark.parametrize("name", ["llama-3-8b", "deepseek-v3", "qwen3-next-80b-a3b"])
def test_figure_is_quick(name: str) -> None:
    model = find(name)
    spent = []
    for _ in range(9):
        start = time.process_time()
        draw(model.architecture, model.heading).alone()
        spent.append(time.process_time() - start)
    assert min(spent) < 0.02
