"""A checkpoint beside its config: every fault is found, and nothing else is called one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from llm_gallery import check, describe, facts
from llm_gallery.architecture.block import stack_path
from llm_gallery.catalog.load import find
from llm_gallery.checking.folded import folded
from llm_gallery.checking.report import schema
from llm_gallery.cli import main
from tests.checkpoint_headers import Tensors, described, folder
from tests.sample import models

QWEN, LLAMA = "qwen3-0.6b", "llama-3-8b"
LAYER = "model.layers.0."


@pytest.mark.parametrize("model", [QWEN, "gpt2-xl", "gemma-3-27b", "llama-4-scout", "glm-4.5-air"])
def test_what_is_described_is_whole(model: str, tmp_path: Path) -> None:
    report = check(folder(tmp_path / "m", described(model), model))
    assert report.verdict == "whole", report.text()
    assert repr(report).endswith(": whole>")
    counted = facts(model)["parameters"]
    beside = counted["multi_token_prediction"] + counted["other_modalities"]
    assert report.parameters == report.described == counted["total"] + beside
    assert sum(part.parameters for part in report.by_part) == report.parameters


CHANGES: dict[str, tuple[Callable[[Tensors], Tensors], str, dict[str, str]]] = {
    "missing": (lambda t: {n: v for n, v in t.items() if ".up_proj" not in n}, "not whole", {"missing": "model.layers.{0-31}.mlp.up_proj.weight"}),
    "reshaped": (lambda t: t | {f"{LAYER}mlp.up_proj.weight": ("BF16", (4096, 14336))}, "not whole", {"reshaped": f"{LAYER}mlp.up_proj.weight"}),
    "surplus": (lambda t: t | {f"{LAYER}mlp.extra.weight": ("BF16", (3,))}, "not whole", {"surplus": f"{LAYER}mlp.extra.weight"}),
    "a layer more": (lambda t: t | {"model.layers.32.mlp.up_proj.weight": ("BF16", (3,))}, "not whole", {"surplus": "model.layers.32.mlp.up_proj.weight"}),
    "a tower": (lambda t: t | {"visual.blocks.0.w": ("BF16", (3,))}, "not whole", {"surplus": "visual.blocks.0.w"}),
    "fewer tokens": (lambda t: t | dict.fromkeys(("model.embed_tokens.weight", "lm_head.weight"), ("BF16", (32000, 4096))), "not whole", {"vocabulary": "model.embed_tokens.weight"}),
    "scales of keys": (lambda t: t | {f"{LAYER}self_attn.k_proj.k_scale": ("F32", ())}, "whole", {"extra": f"{LAYER}self_attn.k_proj.k_scale"}),
    "a buffer": (lambda t: t | {f"{LAYER}self_attn.rotary_emb.inv_freq": ("F32", (64,))}, "whole", {"extra": f"{LAYER}self_attn.rotary_emb.inv_freq"}),
    "no head": (lambda t: {n.removeprefix("model."): v for n, v in t.items()}, "whole", {}),
}  # fmt: skip
LISTS = ("missing", "reshaped", "surplus", "vocabulary", "unscaled", "undescribed", "tied", "extra")


@pytest.mark.parametrize("name", CHANGES)
def test_a_difference_is_found_and_no_other(name: str, tmp_path: Path) -> None:
    changed, verdict, found = CHANGES[name]
    report = check(folder(tmp_path / "m", changed(described(LLAMA)), LLAMA))
    assert report.verdict == verdict
    said = {key: lines[0].names for key in LISTS if (lines := getattr(report.lines, key))}
    assert said == found
    assert all(names in report.text() for names in found.values())


@pytest.mark.parametrize("model", models())
def test_tensors_that_the_config_does_not_ask_for_are_told(model: str, tmp_path: Path) -> None:
    """Of a config with parts that nothing describes, those that are named as layers are: others may be such a part's."""
    architecture = find(model).architecture
    strays = dict.fromkeys(("model.layers.0.stray", f"{stack_path(architecture.root)}.0.stray"))
    if not (architecture.uncounted or architecture.canvas):
        strays |= dict.fromkeys(("stray", "stray.weight", "visual.blocks.0.stray"))
    held = described(model) | dict.fromkeys(strays, ("F32", (3,)))
    place = folder(tmp_path / "m", held, model)
    report = check(place)
    assert report.surplus == (*strays,)
    assert {line.names: line.bytes for line in report.lines.surplus} == dict.fromkeys(strays, 12)
    assert all(f"  {name} " in report.text() for name in strays)
    assert main(["check", str(place)]) == 1


def test_a_tower_is_named_with_its_bytes(tmp_path: Path) -> None:
    """One that the config states and nothing describes."""
    held = described(QWEN) | {f"visual.blocks.{i}.w": ("BF16", (512, 1024)) for i in range(2)}
    place = folder(tmp_path / "m", held)
    text = find(QWEN).config
    wrapped = {"model_type": "unheard_of_vl", "text_config": text, "vision_config": {"depth": 2}}
    (place / "config.json").write_text(json.dumps(wrapped))
    report = check(place)
    assert [(part.name, part.tensors, part.bytes) for part in report.but_for] == [
        ("visual", 2, 2 * 2**20)
    ]
    assert "whole but for visual (2 MiB), not described" in report.text()


def test_a_tied_head_may_be_stored_all_the_same(tmp_path: Path) -> None:
    held = described(QWEN)
    before = check(folder(tmp_path / "a", held, QWEN))
    after = check(
        folder(tmp_path / "b", held | {"lm_head.weight": held["model.embed_tokens.weight"]}, QWEN)
    )
    assert (before.verdict, after.verdict) == ("whole", "whole")
    assert [line.names for line in after.lines.tied] == ["lm_head.weight"]
    assert after.parameters == before.parameters


def test_an_unknown_model_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = folder(tmp_path / "m", {f"h.{i}.w": ("BF16", (2, 3)) for i in range(4)})
    (place / "config.json").write_text('{"model_type": "unheard_of", "hidden_size": 3}')
    assert main(["check", str(place)]) == 3
    said = capsys.readouterr()
    assert "h.{0-3}.w (4)" in " ".join(said.out.split())
    assert '"unheard_of"' in said.err


CONTRACT = ("whole", "model_type", "missing", "surplus", "reshaped", "tied", "tensors", "parameters", "bytes", "types")  # fmt: skip
"""Keys that other programs rely on."""


def test_names_are_listed_in_full(tmp_path: Path) -> None:
    held = described(QWEN)
    up = [name for name in held if ".up_proj" in name]
    changed = {name: one for name, one in held.items() if name not in up}
    changed[f"{LAYER}mlp.extra.weight"] = ("BF16", (3,))
    changed["model.norm.weight"] = ("BF16", (1023,))
    changed["lm_head.weight"] = held["model.embed_tokens.weight"]
    said = check(folder(tmp_path / "m", changed, QWEN)).to_json()
    assert said["missing"] == up
    assert said["surplus"] == [f"{LAYER}mlp.extra.weight"]
    assert said["reshaped"] == [{"name": "model.norm.weight", "stored": [1023], "expected": [1024]}]
    assert said["tied"] == ["lm_head.weight"]


def test_exit_codes_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    held = described(QWEN)
    place = folder(tmp_path / "m", held, QWEN, shards=2)
    assert main(["check", str(place), "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert {key: said[key] for key in CONTRACT} == {
        "whole": True,
        "model_type": "qwen3",
        "missing": [],
        "surplus": [],
        "reshaped": [],
        "tied": [],
        "tensors": 310,
        "parameters": 596_049_920,
        "bytes": 1_192_099_840,
        "types": {"BF16": 310},
    }
    assert main(["check", "--format", "schema", "."]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written == schema()
    jsonschema.validate(said, written)
    (place / "model-00002-of-00002.safetensors").unlink()
    assert main(["check", str(place), "--format", "json"]) == 1
    lost = json.loads(capsys.readouterr().out)
    assert not lost["whole"]
    assert set(lost["missing"]) == {*[*held][1::2]}
    assert main(["check", str(place)]) == 1
    assert "1 file that the index names is missing" in capsys.readouterr().out
    assert main(["check", str(tmp_path / "absent")]) == 3


def test_weights_are_described_by_the_config_beside_them(tmp_path: Path) -> None:
    place = folder(tmp_path / "m", described(QWEN), QWEN, shards=2)
    for name in ("model.safetensors.index.json", "model-00001-of-00002.safetensors"):
        assert describe(place / name).root == describe(QWEN).root
        assert describe(str(place / name)).root == describe(QWEN).root


def test_names_are_folded_to_what_they_are() -> None:
    names = [f"l.{i}.e.{j}.w" for i in range(3) for j in range(4) if (i, j) != (1, 2)]
    assert {key: len(held) for key, held in folded(names).items()} == {
        "l.{0,2}.e.{0-3}.w": 8,
        "l.1.e.{0-1,3}.w": 3,
    }
    assert folded(["a.1.b", "a.x", "3.c"]) == {"a.1.b": ["a.1.b"], "a.x": ["a.x"], "3.c": ["3.c"]}
