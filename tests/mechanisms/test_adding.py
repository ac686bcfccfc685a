"""docs/adding-a-mechanism.md is true: its three files make a mechanism, and each look stands in one file.

The files are taken from the page and put into a copy of the package; another process looks at what follows.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import llm_gallery
from llm_gallery.catalog import load
from llm_gallery.figure.kit.theme import THEMES
from tests.mechanisms import added

pytestmark = pytest.mark.whole
PACKAGE = Path(llm_gallery.__file__).parent
DOCS = PACKAGE.parents[1] / "docs"
PAGE = (DOCS / "adding-a-mechanism.md").read_text("utf-8")
BLOCKS: Mapping[str, str] = dict(re.findall(r"^`(\S+)`\n\n```\w+\n(.*?)```", PAGE, re.S | re.M))
"""The code blocks of the page by the file that each is."""
LOOKS: Mapping[str, str] = dict(re.findall(r"^\| ([^|`]+) \| `(\S+\.py)` \|$", PAGE, re.M))
"""Its table of what stands in which file."""

WIDTH, INNER, VOCABULARY, HEADS, SIZE = 1024, 2816, 32_000, 8, 128
EACH = 5 * WIDTH * HEADS * SIZE + 2 * WIDTH * HEADS  # q, k, v, gate, out; surprise, forget
MEMORY = EACH + SIZE + HEADS  # the norm of a head, a momentum each
ATTENTION = 2 * WIDTH * 16 * 64 + 2 * WIDTH * 4 * 64
MLP = 3 * WIDTH * INNER
STATE = 9 * 2 * HEADS * SIZE * SIZE * 4  # memory and momentum, four bytes a number
MEMORIES = "Titans memory"


def copied(folder: Path, changed: Mapping[str, str]) -> Path:
    """A copy of the package with other files in it, beside the docs that its site reads."""
    package = folder / "src" / "llm_gallery"
    shutil.copytree(
        PACKAGE, package, copy_function=os.symlink, ignore=shutil.ignore_patterns("__pycache__")
    )
    (folder / "docs").symlink_to(DOCS)
    for name, content in changed.items():
        (package / name).unlink(missing_ok=True)
        (package / name).write_text(content, "utf-8")
    return package


def ran(package: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A run of Python with that package in place of this one."""
    paths = os.pathsep.join(map(str, (package.parent, PACKAGE.parents[1])))
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )


def run(package: Path, *arguments: object) -> str:
    """What it prints."""
    done = ran(package, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def entry(config: Mapping[str, Any]) -> str:
    """A catalog entry whose open lines are filled in."""
    text = """\
name = "Titans"
organization = "Nobody"
repository = "nobody/titans"
released = 2026-01-31
summary = "A memory that learns while it reads, in three layers of four."
licence = { name = "MIT", link = "https://example.org/licence" }
provenance = { quality = "official", source = "https://example.org/config.json" }

[config]
"""
    return text + "\n".join(f"{key} = {json.dumps(value)}" for key, value in config.items())


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy with the page's mechanism."""
    modules = {name: block for name, block in BLOCKS.items() if name.endswith(".py")}
    assert not any((PACKAGE / name).exists() for name in modules)
    folder = tmp_path_factory.mktemp("titans")
    (folder / "config.json").write_text(BLOCKS["config.json"], "utf-8")
    catalog = folder / "catalog"
    catalog.mkdir()
    (catalog / "titans.toml").write_text(entry(json.loads(BLOCKS["config.json"])), "utf-8")
    shutil.copy(load.MODELS / "llama-3-8b.toml", catalog)
    return copied(folder, modules)


@pytest.fixture(scope="module")
def titans(package: Path) -> Any:
    """All that is shown of its model."""
    folder = package.parents[1]
    return json.loads(run(package, added.__file__, folder / "config.json", folder / "catalog"))


def test_the_page_has_a_mechanism_a_builder_a_family_and_a_concept() -> None:
    assert [*BLOCKS] == [
        "mechanisms/titans_memory.py",
        "architecture/parts/recurrent/titans_memory.py",
        "families/titans.py",
        "config.json",
        "concepts/neural-memory/concept.toml",
    ]


def test_parameters_are_counted(titans: Any) -> None:
    held = titans["facts"]["parameters"]
    norms, ends = (2 * 12 + 1) * WIDTH, 2 * VOCABULARY * WIDTH
    assert held["total"] == 9 * MEMORY + 3 * ATTENTION + 12 * MLP + norms + ends == 224_569_544
    assert held["active"] == held["total"]
    assert f"{9 * MEMORY:,} parameters in nine layers" in PAGE
    assert titans["tensors"]["model.layers.0.memory.surprise_proj.weight"] == [HEADS, WIDTH]
    assert "model.layers.3.self_attn.q_proj.weight" in titans["tensors"]


def test_state_and_cache_are_kept(titans: Any) -> None:
    held = titans["facts"]["cache"]
    assert held["state_bytes"] == STATE == 9 * 2**20
    assert held["bytes_per_token"] == held["bytes_per_token_long"] == 3 * 2 * 4 * 64 * 2
    assert held["bytes_at"]["4096"] == 4096 * 3072 + STATE
    assert titans["bytes_without"] == 12 * 1024  # with attention in all layers


def test_work_is_computed(titans: Any) -> None:
    over_state = 4 * HEADS * SIZE * SIZE
    layers = 9 * (EACH + over_state) + 3 * (ATTENTION + 4096 * 16 * (64 + 64)) + 12 * MLP
    work = 2 * (layers + VOCABULARY * WIDTH)
    assert titans["facts"]["flops_per_token_at"]["4096"] == work == 443_318_272


def test_layers_and_concepts_are_named(titans: Any) -> None:
    held = titans["facts"]
    assert {line["kind"]: line["count"] for line in held["layers"]["mix"]} == {
        MEMORIES: 9,
        "GQA": 3,
    }
    assert held["layers"]["pattern"] == f"(3 {MEMORIES} + 1 GQA) × 3"
    assert "hybrid" in held["concepts"]
    assert held["unread"] == held["assumed"] == held["warnings"] == []
    (sheet,) = (part for part in held["sheet"] if part["title"] == MEMORIES)
    assert {fact["label"] for fact in sheet["facts"]} >= {"Heads", "Key size", "Value size"}


def test_it_is_drawn_at_every_level_and_in_every_theme(titans: Any) -> None:
    assert titans["unsaid"] == []
    for detail, figure in titans["figures"].items():
        assert figure["faults"] == [], detail
        assert MEMORIES in figure["description"]
        for theme, file in figure["files"].items():
            assert ElementTree.fromstring(file).tag.endswith("svg"), theme
    words = titans["figures"]["standard"]["words"]
    assert {MEMORIES, "in 9 layers", f"3 {MEMORIES}", "8 heads, each", "128 × 128"} <= {*words}
    assert {"q1,024", "θ8", "α8", "sigmoid", "L2 norm", "RMSNormper head"} <= {*words}
    assert any("S ← α S + P" in word for word in words)
    assert any("8 states of 128 × 128" in word for word in words)
    assert any("of state in 9 Titans memory layers" in word for word in words)
    assert any("memory" in word for word in titans["figures"]["card"]["words"])
    assert "Linear and state space" in titans["legend"]


def test_it_is_compared(titans: Any) -> None:
    said = titans["diff"]
    assert f") with {MEMORIES} in three layers of four, leaving attention in one" in said
    assert re.search(r"State +none +9 MiB", said)
    assert re.search(rf"^{MEMORIES}\nLayers +– +3 in 4\nHeads +– +8\n", said, re.M)


def test_it_survives_json(titans: Any) -> None:
    assert titans["survives"]


def test_its_pages_are_built(titans: Any) -> None:
    pages = titans["pages"]
    page, gallery = pages["models/titans/index.html"], pages["index.html"]
    assert "224,569,544" in page
    assert f"{MEMORIES}, 9 layers" in page
    assert (
        f"{MEMORIES} in three layers of four, leaving attention in one." in page
    )  # as it comes from Llama 3
    assert MEMORIES in gallery
    assert json.loads(pages["models/titans/facts.json"])["cache"]["state_bytes"] == STATE


REST = """
import json, sys
from llm_gallery import describe, miniature
from llm_gallery.parts.details import parts
from llm_gallery.plan.planning import plan
from llm_gallery.figure.sheets.glossary import glossary_of
config = json.load(open(sys.argv[1]))
root = describe(config).root
small = miniature(config)
print(json.dumps({
    "small": {key: small[key] for key in small if key.startswith("memory_")},
    "parts": parts(root)["parts"],
    "terms": [term.term for term in glossary_of(plan(root), root, {})],
}))
"""


def test_its_home_says_formula_shapes_purposes_terms_and_small_sizes(package: Path) -> None:
    said = json.loads(run(package, "-c", REST, package.parents[1] / "config.json"))
    assert said["small"] == {"memory_heads": 4, "memory_key_dim": 8, "memory_value_dim": 12}
    assert {"State", "S", "q, k, v"} <= {*said["terms"]}
    memory = said["parts"]["model.layers.0.memory"]
    assert memory["formula"] == ["_S_ ← _α S_ + _P_", "_o_ = _S q_"]
    assert ["state", "B × 8 × 128 × 128"] in memory["flow"]
    surprise = said["parts"]["model.layers.0.memory.surprise_proj"]
    assert surprise["say"].startswith("How much of a surprise counts.")


def test_the_commands_of_the_page_say_it(package: Path, tmp_path: Path) -> None:
    config, figure = package.parents[1] / "config.json", tmp_path / "figure.svg"
    assert f"{MEMORIES}  " in run(package, "-m", "llm_gallery.cli", "facts", config)
    run(package, "-m", "llm_gallery.cli", "draw", config, "-o", figure)
    assert MEMORIES in figure.read_text("utf-8")
    assert MEMORIES in run(package, "-m", "llm_gallery.cli", "diff", "llama-3-8b", config)


def test_a_mistake_in_it_is_a_line(package: Path, tmp_path: Path) -> None:
    """A colour that isn't there stops the command with its file, line and the nearest, not a figure with a KeyError."""
    name = "mechanisms/titans_memory.py"
    wrong = {**BLOCKS, name: BLOCKS[name].replace('colour="linear"', 'colour="green"')}
    copy = copied(tmp_path, {file: text for file, text in wrong.items() if file.endswith(".py")})
    config, line = package.parents[1] / "config.json", wrong[name].split("MECHANISM")[0].count("\n")
    done = ran(copy, "-m", "llm_gallery.cli", "facts", config)
    assert (done.returncode, done.stdout) == (70, "")
    assert done.stderr == (
        f"llm-gallery: {name}:{line + 1}: the colour is 'green', expected one of full, window, latent, linear, "
        "convolution, mlp, moe, norm, embedding, position; the nearest is 'embedding'\n"
    )


def test_what_it_lacks_is_listed(package: Path) -> None:
    said = run(package, "-m", "tools.absent", package.parents[1] / "config.json")
    assert "  titans_memory: no forward in mechanisms/forward/titans_memory.py\n" in said
    assert "  titans_memory: no concept in its mechanism's `concepts`" in said
    assert "titans_memory: no picture" not in said  # of a state there is one


def test_the_copy_is_typed_and_in_style(package: Path) -> None:
    files = [package / name for name in BLOCKS if name.endswith(".py")]
    configured = ("--config", PACKAGE.parents[1] / "pyproject.toml", *files)
    run(package, "-m", "ruff", "check", "--no-cache", *configured)
    run(package, "-m", "ruff", "format", "--check", "--no-cache", *configured)


CHANGES = {
    "the colour of latent attention": ("deepseek-v3", "#8672D2", "#0A0B0C"),
    "the words for NoPE": ("smollm3-3b", '"NoPE", "no positions"', '"XoPE", "not a position"'),
    "the words for a sliding window": ("gemma-3-27b", '"sliding-window"', '"near-sighted"'),
    "the cache of Mamba-2": (
        "nemotron-3-nano-30b-a3b",
        'state("heads", "head_dim", "state_dim")',
        'state("heads", "head_dim")',
    ),
    "how far a layer's branches stand apart": ("lfm2-1.2b", "18.0, 24.0", "18.0, 28.0"),
}
"""For each line of the page's table a model, and what is changed in the file."""


def test_every_look_is_changed_here() -> None:
    assert CHANGES.keys() == LOOKS.keys()


def looked_at(what: str, folder: Path) -> tuple[Any, Any]:
    """The model as it is, and with the one file changed."""
    model, old, new = CHANGES[what]
    text = (PACKAGE / LOOKS[what]).read_text("utf-8")
    assert text.count(old) == 1
    package = copied(folder, {LOOKS[what]: text.replace(old, new)})
    return added.shown(load.find(model)), json.loads(run(package, added.__file__, model))


def test_a_colour_stands_in_one_file(tmp_path: Path) -> None:
    was, now = looked_at("the colour of latent attention", tmp_path)
    for detail, figure in was["figures"].items():
        file = now["figures"][detail]["files"]["light"]
        assert coloured(file) == coloured(figure["files"]["light"])
        assert file != figure["files"]["light"]


def coloured(file: str) -> str:
    """The file with one name for both colours and for every tone that is mixed of them.

    A class is called after what it declares, so it is by its place among them that it is known.
    """
    light = THEMES["light"]
    for solid in ("#8672D2", "#0A0B0C"):
        tones = {"latent": replace(light.tones["latent"], solid=solid)}
        theme = replace(light, tones={**light.tones, **tones})
        for tone in ("solid", "pale", "wire", "dim", "cell", *map(str, range(1, 100))):
            file = re.sub(theme.colour(f"latent.{tone}"), f"latent.{tone}", file, flags=re.I)
    names = dict.fromkeys(re.findall(r"\.(\w+)\{", file))
    for place, name in enumerate(names):
        file = re.sub(rf"\b{name}\b", f"class-{place}", file)
    return file


def test_words_stand_in_one_file(tmp_path: Path) -> None:
    was, now = looked_at("the words for NoPE", tmp_path)
    assert "NoPE" in json.dumps(was)
    # A tower's tag is the concept's own name, whose home is its folder; the one-liner is the entry's.
    figures = {detail: drawn for detail, drawn in now["figures"].items() if detail != "card"}
    entry = load.find("smollm3-3b").entry
    assert entry is not None
    text = json.dumps({**now, "figures": figures}).replace(entry.summary, "")
    assert [word for word in ("NoPE", "no positions") if word in text] == []
    assert "not a position" in json.dumps(now["figures"]["standard"]["words"])
    assert "XoPE" in now["diff"] or "not a position" in now["diff"]


def test_a_name_stands_in_one_file(tmp_path: Path) -> None:
    """Also where layers are told apart by it: beside windows, attention that sees all is called full."""
    was, now = looked_at("the words for a sliding window", tmp_path)
    assert "full GQA" in (pattern := now["facts"]["layers"]["pattern"])
    assert "near-sighted GQA" in pattern
    before, after = (
        json.dumps(one).replace("sliding-window-attention", "id") for one in (was, now)
    )
    assert before.count("sliding-window") == after.count("near-sighted") > 0
    assert "sliding-window" not in after


def test_a_cache_stands_in_one_file(tmp_path: Path) -> None:
    was, now = looked_at("the cache of Mamba-2", tmp_path)
    before, after = (one["facts"]["cache"]["state_bytes"] for one in (was, now))
    state = 23 * 64 * 64 * 128 * 4  # layers, heads, their size, the state's
    assert before - after == state - state // 128
    assert now["figures"]["standard"]["words"] != was["figures"]["standard"]["words"]


def test_a_place_stands_in_one_file(tmp_path: Path) -> None:
    was, now = looked_at("how far a layer's branches stand apart", tmp_path)
    for detail in ("column", "standard", "full"):
        assert now["figures"][detail]["files"] != was["figures"][detail]["files"]
        assert now["figures"][detail]["words"] == was["figures"][detail]["words"]
        assert now["figures"][detail]["faults"] == []
