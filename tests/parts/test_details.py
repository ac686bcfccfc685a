"""What a part of a figure says: every part of every figure, with numbers that are the library's and add up."""

from __future__ import annotations

import re
from typing import Any

import pytest

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block, distinct, model_parts, walk
from llm_gallery.catalog.load import find
from llm_gallery.catalog.load import models as catalog
from llm_gallery.figure import draw
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.mechanisms.bits import bytes_of
from llm_gallery.parts.details import parts
from llm_gallery.parts.formulas import formula
from llm_gallery.parts.numbers import POSITIONS
from llm_gallery.parts.shapes import shapes
from tests.sample import drawings, sampled

Counts = tuple[int, int, list[int], int, int, int]


@pytest.mark.parametrize("model", sampled())
def test_every_block_of_the_figures_has_its_part(model: str) -> None:
    found = find(model)
    told = parts(found.architecture.root)
    for detail in ("standard", "full"):
        text = draw(found.architecture, found.heading, detail=detail).alone(outlined=False)
        paths = set(re.findall(r'data-path="([^"]+)"', text))
        for path in paths:
            part = told["parts"][path]
            assert part["say"] or part["concepts"], path


def added(counted: list[list[Any]]) -> Counts:
    """The sum of parts: stored, run, compute at each position, kept of 1 and of 100,000 tokens, states."""
    kept = [
        sum(
            size * (min(length, window) if window else length)
            for *_, growing, _ in counted
            for size, window in growing
        )
        for length in (1, 100_000)
    ]
    compute = [sum(part[2][i] for part in counted) for i in range(len(POSITIONS))]
    return (
        sum(part[0] for part in counted),
        sum(part[1] for part in counted),
        compute,
        kept[0],
        kept[1],
        sum(part[4] for part in counted),
    )


@pytest.mark.whole
def test_parts_add_up_to_the_facts_of_every_model() -> None:
    """What stands round the stack and each layer, once as such and once by the parts inside it."""
    for model in catalog():
        root = model.architecture.root
        told = parts(root)
        held, stack = told["parts"], told["stack"]
        layer = [held[f"{stack}.{first}"]["counts"] for first in told["layers"]]
        total = parameters(root)
        facts = (
            total.total,
            total.active,
            [flops_per_token(root, position) for position in POSITIONS],
            cache(root).at(1) - cache(root).state_bytes,
            cache(root).at(100_000) - cache(root).state_bytes,
            cache(root).state_bytes,
        )
        assert added([told["whole"]["counts"]]) == facts, model.id
        assert added([*layer, *round_the_stack(root, held), *unnamed(root)]) == facts, model.id
        assert sum(piece["stored"] for piece in told["pieces"]) == total.total
        assert sum(piece["active"] for piece in told["pieces"]) == total.active


def unnamed(root: Block) -> list[list[Any]]:
    """What no path names: the stack's own work, and what stands round it, as Kimi K3, ZAYA1 and LongCat-2.0 have it."""
    found: list[list[Any]] = []
    for _, part in model_parts(root):
        lacks_name = not part.name and not part.stands_apart
        inner = [block for _, block in walk(part)] if lacks_name else [part]
        for block in inner if lacks_name or part.is_stack else ():
            passes = int(block.value("passes") or 1) if block.is_stack else 1
            work = [2 * passes * MECHANISMS[block.kind].work(block, at) for at in POSITIONS]
            held = sum(tensor.elements for tensor in block.tensors)
            states = MECHANISMS[block.kind].kept(block).states if lacks_name else ()
            state = sum(bytes_of(elements, dtype) for elements, dtype in states)
            found.append([held, held - block.table + block.read, work, (), state])
    return found


def round_the_stack(root: Block, held: dict[str, Any]) -> list[list[Any]]:
    """Counts of the parts before and behind the layers."""
    return [
        held[path]["counts"]
        for path, part in model_parts(root)
        if part.name and not (part.is_stack or part.stands_apart)
    ]


@pytest.mark.parametrize("model", drawings())
def test_each_layer_is_its_parts(model: str) -> None:
    """Of a layer all that stands directly in it; of a mechanism at most itself."""
    told = parts(find(model).architecture.root)
    held, stack = told["parts"], told["stack"]
    for first in set(told["layers"]):
        at = f"{stack}.{first}"
        inside = [path for path, one in held.items() if path.startswith(f"{at}.") and "at" in one]
        direct = [p for p in inside if not any(p.startswith(f"{other}.") for other in inside)]
        assert sum(held[p]["counts"][0] for p in direct) <= held[at]["counts"][0]
        for path in inside:
            below = [
                p for p in inside if p.startswith(f"{path}.") and "." not in p[len(path) + 1 :]
            ]
            assert sum(held[p]["counts"][0] for p in below) <= held[path]["counts"][0], path
            assert sum(held[p]["counts"][1] for p in below) <= held[path]["counts"][1], path


def test_counts_are_those_of_all_layers() -> None:
    """One matrix of V3's first layer stands in all 61, an expert's in 58 layers 256 times, of which 8 run."""
    told = parts(find("deepseek-v3").architecture.root)
    held = told["parts"]
    assert told["places"][held["model.layers.0.self_attn.o_proj"]["at"]] == list(range(61))
    expert = held["model.layers.3.mlp.experts"]
    assert expert["counts"][:2] == [256 * 44_040_192, 8 * 44_040_192]
    assert told["places"][expert["at"]] == list(range(3, 61))
    gate = held["model.layers.3.mlp.experts.gate_proj"]
    assert gate["counts"][:2] == [256 * 2_048 * 7_168, 8 * 2_048 * 7_168]
    assert held["model.layers.61"]["apart"]
    assert held["model.layers.61"]["counts"][1] == 0  # beside the total
    assert ["gate_proj.weight", "2,048 × 7,168", ""] in expert["shapes"]
    assert expert["name"] == "Routed experts"
    assert expert["flow"][1] == ("inside", "B × T × 8 × 2,048")


def test_what_is_kept_is_that_of_the_layer() -> None:
    """Of Qwen3-Next an attention layer keeps 2 KiB a token, a Gated DeltaNet layer 2 MiB and its convolution's inputs."""
    told = parts(find("qwen3-next-80b-a3b").architecture.root)["parts"]
    assert told["model.layers.3.self_attn"]["counts"][3:] == [((2_048, 0),), 0]
    state = 32 * 128 * 128 * 4
    taps = told["model.layers.0.linear_attn.conv1d"]["counts"][4]
    assert told["model.layers.0.linear_attn"]["counts"][3:] == [(), state + taps]
    assert taps == 8_192 * 4 * 2


def test_a_tied_head_stores_nothing_of_its_own() -> None:
    told = parts(find("gemma-3-27b").architecture.root)["parts"]
    head = told["language_model.lm_head"]
    assert head["counts"][0] == 0
    assert head["tied"]
    assert "shared with" in head["shapes"][0][1]


def test_every_mixer_has_a_formula_and_shapes_from_in_to_out() -> None:
    for model in catalog():
        root = model.architecture.root
        for block in distinct(root):
            if not block.mixes or block.stands_apart or "kv_heads" not in block.facts:
                continue
            assert formula(block, root), (model.id, block.kind)
            first, *_, last = shapes(block, root.number("width"))
            assert (first[0], last[0]) == ("in", "out")


@pytest.mark.parametrize(
    ("model", "path", "line"),
    [
        ("qwen3-next-80b-a3b", "model.layers.3.self_attn", "_o_ = softmax( _q k_^T^ / 16 ) _v_ · σ( _g_ )"),
        ("gemma-3-27b", "language_model.model.layers.0.self_attn", "over the last 1,024 tokens"),
        ("llama-3-8b", "model.layers.0.input_layernorm", "_x_ / √( mean( _x_^2^ ) + 10^−5^ ) · _w_"),
        ("deepseek-v3", "model.layers.3.mlp", "over the 8 of 256 with the highest _p_"),
        ("gpt2-xl", "transformer.h.0.mlp", "_y_ = _W_^down^ ( GELU( _W_^up^ _x_ ) )"),
    ],
)  # fmt: skip
def test_a_formula_has_the_model_s_numbers(model: str, path: str, line: str) -> None:
    assert line in parts(find(model).architecture.root)["parts"][path]["formula"]


def test_a_role_is_told_as_the_part_that_holds_it_has_it() -> None:
    """Values are carried forward by attention; in RWKV's channel mixing they lead back to the stream."""
    said = {
        path: part["say"]
        for model in ("llama-3-8b", "rwkv-4-7b")
        for path, part in parts(find(model).architecture.root)["parts"].items()
    }
    carried = said["model.layers.0.self_attn.v_proj"]
    assert carried.startswith("What attention and states carry forward. ")
    assert said["rwkv.blocks.0.feed_forward.value"].startswith("The way back to the stream. ")
