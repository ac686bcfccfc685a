"""A wrong name in a module is told when the module is loaded: its file and line, what stands there, the nearest name.

Each mistake is made in the text of a real module, which is then loaded under another name.
"""

from __future__ import annotations

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType

import pytest

import llm_gallery
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.mistake import Mistake
from llm_gallery.architecture.parts.basic import facts
from llm_gallery.mechanisms import MECHANISMS

PACKAGE = Path(llm_gallery.__file__).parent
MODULE = "mechanisms/mamba2.py"
FACT = "expected a fact of mechanisms/facts.toml"
BUILDER = "expected a fact that architecture/parts/recurrent/mamba2.py states"


class Changed(SourceFileLoader):
    """A module of the package with another text."""

    def __init__(self, file: str, text: str) -> None:
        super().__init__("changed", str(PACKAGE / file))
        self.text = text

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.text, self.path, "exec")


def loaded(file: str, old: str, new: str) -> ModuleType:
    """A module of the package with some words in place of others."""
    text = (PACKAGE / file).read_text("utf-8")
    assert text.count(old) == 1, old
    spec = spec_from_loader("changed", loader := Changed(file, text.replace(old, new)))
    assert spec is not None
    module = sys.modules["changed"] = module_from_spec(spec)
    try:
        loader.exec_module(module)
    finally:
        del sys.modules["changed"]
    return module


def line_of(file: str, words: str) -> int:
    """The line of a module that has some words."""
    lines = (PACKAGE / file).read_text("utf-8").split("\n")
    (found,) = [number for number, line in enumerate(lines, 1) if words in line]
    return found


def test_what_is_unchanged_loads() -> None:
    assert loaded(MODULE, 'colour="linear"', 'colour="linear"').MECHANISM.kind == "mamba2"


MIXER, DRAWING = "MECHANISM = Mixer(", "DRAWING = LaneDrawing("


@pytest.mark.parametrize(
    ("old", "new", "at", "told"),
    [
        (
            'colour="linear"',
            'colour="liner"',
            MIXER,
            "the colour is 'liner', expected one of full, window, latent, linear, convolution, mlp, moe, norm, "
            "embedding, position; the nearest is 'linear'",
        ),
        (
            'kind="mamba2"',
            'kind="mamba_2"',
            MIXER,
            "the kind is 'mamba_2', expected a kind that architecture/parts/ builds; the nearest is 'mamba2'",
        ),
        (
            'Lane("Δ", "step"',
            'Lane("Δ", "stepp"',
            DRAWING,
            "a role is 'stepp', expected a role of architecture/roles.py; the nearest is 'step'",
        ),
        (
            'Convolution("x B C")',
            'Convolution("x B c")',
            DRAWING,
            "a lane of the drawing is 'c', expected one of x, B, C, Δ, gate; the nearest is 'C'",
        ),
        (
            'means="Δ = softplus(dt + bias)", facts=("heads",)',
            'means="Δ = softplus(dt + bias)", facts=("head",)',
            DRAWING,
            f"a fact of the drawing is 'head', {FACT}; the nearest is 'heads'",
        ),
        (
            'sizes=("head_dim", "state_dim")',
            'sizes=("head_dim", "state_dims")',
            DRAWING,
            f"a fact of the drawing is 'state_dims', {FACT}; the nearest is 'state_dim'",
        ),
        (
            'sizes=("head_dim", "state_dim")',
            'sizes=("head_dim", "key_dim")',
            MIXER,
            f"a size of the drawing is 'key_dim', {BUILDER}; the nearest is 'head_dim'",
        ),
        (
            'axes=("channels", "state")',
            'axes=("channels",)',
            DRAWING,
            "a state has the sizes ('head_dim', 'state_dim') and the axes ('channels',), expected one for each",
        ),
        (
            'size="{heads} states',
            'size="{haeds} states',
            MIXER,
            f"a fact in `size` is 'haeds', {FACT}; the nearest is 'heads'",
        ),
        (
            'size="{heads} states',
            'size="{kv_heads} states',
            MIXER,
            f"a fact in `size` is 'kv_heads', {BUILDER}; the nearest is 'heads'",
        ),
        (
            "*{head_dim} × {state_dim} state*",
            "*{head_dim} × {stat_dim} state*",
            MIXER,
            f"a fact in `tells` is 'stat_dim', {FACT}; the nearest is 'state_dim'",
        ),
        (
            '("state_dim", "state size")',
            '("state_size", "state size")',
            MIXER,
            f"a fact of `numbers` is 'state_size', {FACT}; the nearest is 'state_dim'",
        ),
        (
            "introduced=()",
            'introduced=(("state_dims", "a state of {}"),)',
            MIXER,
            f"a fact of `introduced` is 'state_dims', {FACT}; the nearest is 'state_dim'",
        ),
        (
            "searched=()",
            'searched=("state_dims",)',
            MIXER,
            f"a fact of `searched` is 'state_dims', {FACT}; the nearest is 'state_dim'",
        ),
        (
            "purposes=PURPOSES_IN_SPACE",
            'purposes={"gat": "what scales"}',
            MIXER,
            "a role is 'gat', expected a role of architecture/roles.py; the nearest is 'gate'",
        ),
        (
            "searched=()",
            'searched=(), reads=("token",)',
            MIXER,
            "what is read is 'token', expected what a run has beside the stream; the nearest is 'tokens'",
        ),
        (
            "searched=()",
            'searched=(), reeds=("tokens",)',
            MIXER,
            "a member is 'reeds', expected a member of a Mixer; the nearest is 'reads'",
        ),
        (
            "drawing=DRAWING",
            'drawing="by cod"',
            MIXER,
            "the drawing is 'by cod', expected a LaneDrawing, or BY_CODE",
        ),
        ("    searched=(),\n", "", MIXER, "mamba2 has no searched; a Mixer states each"),
    ],
)
def test_a_mistake_in_a_mechanism_is_told_with_its_line(
    old: str, new: str, at: str, told: str
) -> None:
    with pytest.raises(Mistake) as caught:
        loaded(MODULE, old, new)
    assert str(caught.value) == f"{MODULE}:{line_of(MODULE, at)}: {told}"


@pytest.mark.parametrize("member", ["kept=state", "work=passes"])
def test_what_is_kept_and_computed_names_facts(member: str) -> None:
    (old,) = [
        line.strip().partition("  #")[0]
        for line in (PACKAGE / MODULE).read_text("utf-8").split("\n")
        if member in line
    ]
    with pytest.raises(Mistake) as caught:
        loaded(MODULE, old, old.replace("state_dim", "stat_dim"))
    name = member.partition("=")[0]
    told = f"a fact of `{name}` is 'stat_dim', {FACT}; the nearest is 'state_dim'"
    assert str(caught.value) == f"{MODULE}:{line_of(MODULE, old)}: {told}"


def test_a_role_that_a_builder_gives_is_told_with_its_line() -> None:
    file, old = "architecture/parts/recurrent/lightnet.py", 'role="gate_down"'
    module = loaded(file, old, 'role="gate_dwon"')
    sizes = {"width": 8, "heads": 2, "key_dim": 4, "value_dim": 4, "gate_rank": 2}
    with pytest.raises(Mistake) as caught:
        module.lightnet("mixer", **sizes, norm_eps=1e-6)
    assert str(caught.value) == (
        f"{file}:{line_of(file, old)}: a role is 'gate_dwon', expected a role of architecture/roles.py; "
        "the nearest is 'gate_down'"
    )


def test_a_fact_that_a_block_lacks_is_told() -> None:
    block = Block("mamba2", facts=facts(heads=2, head_dim=4))
    with pytest.raises(Mistake) as caught:
        MECHANISMS["mamba2"].kept(block)
    assert str(caught.value).endswith(
        "a fact of mamba2 is 'state_dim', expected one of heads, head_dim; the nearest is 'head_dim'"
    )
