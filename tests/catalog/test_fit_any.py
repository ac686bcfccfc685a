"""Whatever is asked of whatever config: an answer whose numbers agree, or a refusal in one line."""

from __future__ import annotations

import json
import re
from collections import ChainMap
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from llm_gallery import Refusal, fit
from llm_gallery.catalog.fit_report import Fit
from llm_gallery.catalog.load import entries
from llm_gallery.cli.fit_command import schema
from tests.odd_configs import DROPPED, VALUES, Place, changed, places, well_said

CONFIGS = {entry.id: entry.config for entry in entries()}
MODELS = sorted(CONFIGS)
MILD = (DROPPED, DROPPED, None, True, False, 1, 2, 4)
"""Values with which most configs are described all the same."""
NONSENSE = re.compile(r"\b0 × |× 0\b|-0\.00|\bnan\b|\binf\b|None|Fraction")
WIDEST = 150
"""Columns of a line, but of the command, which is pasted."""
Asked = dict[str, Any]

MACHINES = st.sampled_from(
    [
        *({"on": "rtx-4090", "engine": name} for name in ("llama.cpp", "vllm", "sglang", "ideal")),
        *({"on": "8xh200", "engine": name} for name in ("", "llama.cpp", "vllm", "ideal", "mlx")),
        *({"on": "m4-max-64gb", "engine": name} for name in ("", "llama.cpp", "mlx", "sglang")),
        *({"memory": "24GiB"}, {"memory": "3x2000MB"}, {"memory": "80GB", "bandwidth": "2TB/s"}),
    ]
)
COUNTS: Asked = {
    "context": st.sampled_from([1, 2, 4_095, 131_072, 2**20, 2**24]),
    "sequences": st.sampled_from([1, 2, 7, 64, 4_096]),
    "file_bytes": st.sampled_from([1, 5 * 10**9, 10**13]),
    "ep": st.booleans(),
}
WRONG: Asked = {
    "context": st.sampled_from([0, 2**70]),
    "sequences": st.sampled_from([0, -1]),
    "cache": st.sampled_from(["F16", "bf16", "fp8", "q8_0", "q4_0", "iq4_nl", "x\n"]),
    "quant": st.sampled_from(["Q4_K_M", "q4_k", "IQ1_S", "bf16", "fp8", "4-bit", "\0"]),
    "file_bytes": st.sampled_from([0, 10**16]),
    "tp": st.sampled_from([1, 2, 3, 8, 0, -1, 10**20]),
    "dp": st.sampled_from([1, 2, 8, 0]),
}
"""Most engines or devices have no such cache, weights or ranks; at most one of these is asked for."""
OFTEN = st.fixed_dictionaries({}, optional=COUNTS)
ODD: st.SearchStrategy[Asked] = (
    st.just({})
    | st.just({})
    | st.one_of([st.fixed_dictionaries({key: held}) for key, held in WRONG.items()])
)
ASKED = st.builds(lambda *parts: dict(ChainMap(*parts)), ODD, MACHINES, OFTEN)


def settled(config: Any, asked: Asked) -> None:
    """Answered with numbers that agree, or refused in one line."""
    try:
        found = fit(config, **asked)
    except Refusal as refusal:
        well_said(str(refusal))
        return
    sound(found)


def sound(found: Fit) -> None:
    """The numbers of an answer agree, whatever they are."""
    asked, row = found.request, found.row
    assert found.spare_bytes == row.room.usable - found.weights_bytes - found.cache_bytes
    assert found.fits == (found.spare_bytes >= 0) == (found.longest_context >= asked.context)
    assert ("doesn’t" in found.verdict) != found.fits
    if found.longest_context:
        assert row.spare(found.longest_context) >= 0
    if found.longest_context < asked.most:
        assert row.spare(found.longest_context + 1) < 0
    if (most := found.most_sequences) is not None:
        assert (most >= asked.sequences) == found.fits
    spares = [row.spare(length) for length in (1, 100, asked.context, asked.context + 5_000)]
    assert sorted(spares[2:], reverse=True) == spares[2:]
    assert spares[0] >= spares[1]
    speeds = [row.speed(length) for length in (1, asked.context)]
    if speeds[0] is not None and speeds[1] is not None:
        assert speeds[0] >= speeds[1] > 0
    stored = sum(tensor.bytes for tensor in row.loaded if not tensor.on_host)
    assert asked.split.ranks * found.weights_bytes >= stored * (row.file_bytes is None)
    sizes = [each.stored for each in found.rows]
    assert sizes == sorted(sizes, reverse=True)
    assert row in found.rows
    assert sum(part["bytes"] for part in found.to_json()["parts"]) == -(
        found.spare_bytes - row.room.usable
    )
    *lines, _ = found.text().splitlines()
    assert [line for line in lines if NONSENSE.search(line) or len(line) > WIDEST] == []


@given(st.sampled_from(MODELS), ASKED)
@settings(max_examples=25)
@example("gpt2-xl", {"on": "m4-max-64gb", "engine": "mlx", "quant": "nope"})
@example("gpt2-xl", {"on": "rtx-4090", "quant": "q4_k"})
@example("gpt2-xl", {"on": "rtx-4090", "quant": "nope", "file_bytes": 10**9})
@example("gpt2-xl", {"memory": "1MB"})
@example("pythia-12b", {"on": "rtx-4090"})
@example("phi-4", {"on": "rtx-4090", "engine": "sglang"})
def test_anything_asked_of_a_model(model: str, asked: Asked) -> None:
    settled(model, asked)


@pytest.mark.every
@given(st.sampled_from(MODELS), ASKED)
@settings(max_examples=1_000)
def test_anything_asked_of_any_model(model: str, asked: Asked) -> None:
    settled(model, asked)


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, Place, Any]:
    """A model, a place of its config, and what stands there then."""
    model = draw(st.sampled_from(MODELS))
    place = draw(st.sampled_from([*places(CONFIGS[model])]))
    return model, place, draw(st.sampled_from(MILD) | st.sampled_from(VALUES))


def settled_changed(change: tuple[str, Place, Any], asked: Asked) -> None:
    """The same of a config with another value."""
    model, place, value = change
    settled(changed(CONFIGS[model], place, value), asked)


@given(changes(), ASKED)
@settings(max_examples=35)
@example(
    ("laguna-m.1", ("rope_parameters", "full_attention"), 0.5),
    {"on": "rtx-4090", "context": 8_192},
)
@example(("kimi-k3", ("model_type",), DROPPED), {"on": "rtx-4090"})
@example(
    ("qwen3.5-35b-a3b", ("text_config", "linear_conv_kernel_dim"), 1),
    {"on": "m4-max-64gb", "engine": "mlx"},
)
@example(
    ("gemma-3-27b", ("vision_config", "model_type"), {"x": 1}), {"on": "8xh200", "context": 8_192}
)
def test_anything_asked_of_a_changed_config(change: tuple[str, Place, Any], asked: Asked) -> None:
    settled_changed(change, asked)


@pytest.mark.every
@given(changes(), ASKED)
@settings(max_examples=2_000)
def test_anything_asked_of_any_changed_config(change: tuple[str, Place, Any], asked: Asked) -> None:
    settled_changed(change, asked)


@pytest.mark.parametrize("engine", ["llama.cpp", "vllm", "ideal"])
def test_json_has_its_schema_whatever_is_left(
    engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    schema()
    validator = jsonschema.Draft202012Validator(json.loads(capsys.readouterr().out))
    machines: list[Asked] = [{"memory": "1500MB"}, {"on": "8xh200", "sequences": 9}]
    for machine in machines:
        found = fit("gemma-2-2b", engine=engine, context=77, **machine)
        validator.validate(found.to_json())
