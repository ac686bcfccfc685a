"""A property that a description doesn't hold is unknown: neither had nor lacked, wherever models are compared."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.kinds import kinds_named
from llm_gallery.catalog.load import Model, find
from llm_gallery.comparison import Difference, Profile, Subject, profile, table
from llm_gallery.comparison.block_facts import UNKNOWN
from llm_gallery.comparison.fingerprint import architecture
from llm_gallery.recognition import describe
from llm_gallery.recognition.recognized import MISLEADING
from tests.conftest import Golden
from tests.sample import models, sets

TOWERS = Path(__file__).parents[1] / "truth" / "towers.json"
"""The kinds of tower whose configs each of the reference's types nests; `make truth` shows that it is so."""
WITHOUT_A_TOWER = {("gemma4_unified", "audio_tower"): "sound enters by a linear map alone"}
RENAMED = {"QWenLMHeadModel", "Qwen2ForCausalLM"}
"""Qwen's own code of 2023, and the reference's class of the same layers from Qwen1.5 on."""
TOWER_KINDS = ("vision_tower", "audio_tower")


def towers_stated(config: Mapping[str, Any]) -> Iterator[str]:
    """The kinds of tower that a raw config, or the reference's class of its type, has a part for."""
    said = str(config.get("model_type"))
    nulls = [key for key, value in config.items() if value is None]
    empty = {kind for key in nulls for kind in kinds_named(key) if key.endswith("_config")}
    for key, value in config.items():
        if isinstance(value, Mapping):
            yield from kinds_named(key)
    if config.get("image_token_id") is not None:
        yield "vision_tower"
    if said not in MISLEADING:
        yield from {*json.loads(TOWERS.read_text("utf-8")).get(said, ())} - empty


@pytest.mark.truth
def test_the_references_types_are_listed_with_their_towers(golden: Golden) -> None:
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    found: dict[str, list[str]] = {}
    for model_type in sorted(CONFIG_MAPPING):
        parts = CONFIG_MAPPING[model_type].sub_configs
        if kinds := sorted({kind for part in parts for kind in kinds_named(part)}):
            found[model_type] = kinds
    golden(TOWERS, json.dumps(found, indent=1) + "\n")


@pytest.fixture(scope="module")
def llama() -> Profile:
    return profile(find("llama-3-8b"))


@pytest.mark.parametrize("model", models())
def test_a_tower_that_the_config_or_the_reference_has_is_had_or_unknown(
    model: str, llama: Profile
) -> None:
    """In what comparisons, neighbours and trends read, in the table, and in the concepts by which models are filtered."""
    found = find(model)
    held = profile(found)
    shown = {row.name: row for section in table([llama, held]) for row in section.rows}
    for kind in {*towers_stated(found.config)}:
        if (found.config["model_type"], kind) in WITHOUT_A_TOWER:
            continue
        assert held.traits.get(kind) is not None, kind
        assert shown[kind].words[1] != "–"
        assert found.architecture.has(kind) in (True, None)
        if kind == "vision_tower" and found.architecture.has(kind):
            assert "vision-tower" in concepts(found.architecture.root)


def alone(model: Model) -> Profile:
    """The same model as a config whose class reads pictures and that says nothing of what sees them."""
    text = dict(model.config, architectures=["AnybodysForConditionalGeneration"])
    return profile(Subject(id="alone", name="Alone", architecture=describe(text)))


def test_what_is_unknown_is_no_change_and_no_absence(llama: Profile) -> None:
    unsaid, seeing = alone(find("llama-3-8b")), profile(find("gemma-3-27b"))
    assert [unsaid.traits[kind] for kind in TOWER_KINDS] == [UNKNOWN, UNKNOWN]
    for old, new in ((unsaid, seeing), (seeing, unsaid), (unsaid, llama), (llama, unsaid)):
        difference = Difference(old, new)
        assert not {change.key for change in difference.changes} & {*TOWER_KINDS}
        assert "tower" not in " ".join(difference.sentences)
    for difference in (Difference(unsaid, llama), Difference(llama, unsaid)):
        assert difference.sentences[0].endswith(
            "'s architecture in all that is described, number for number."
        )
    rows = {row.name: row for section in table([unsaid, seeing]) for row in section.rows}
    assert rows["vision_tower"].words == ("unknown", "yes")


@pytest.mark.parametrize("chosen", sets())
def test_no_two_models_of_different_classes_are_the_same_number_for_number(
    chosen: tuple[str, ...],
) -> None:
    """Copies say the same class, but for those whose makers renamed it."""
    alike: dict[str, set[str]] = defaultdict(set)
    for model in chosen:
        found = find(model)
        (name,) = found.config["architectures"]
        alike[architecture(profile(found))].add(name)
    assert [names for names in alike.values() if len(names) > 1 and names != RENAMED] == []


def test_a_canvas_is_told_and_counted() -> None:
    old, new = (profile(find(name)) for name in ("gemma-4-26b-a4b", "diffusiongemma-26b-a4b"))
    whole = profile(find("llada-8b"))
    assert [change.words for change in Difference(old, new).changes] == [
        "block diffusion over a 256-token canvas with bidirectional attention instead of next-token prediction"
    ]
    for reads_both_ways in (new, whole):
        assert "bidirectional-attention" in concepts(reads_both_ways.architecture.root)
    assert new.traits["vision_tower"] == old.traits["vision_tower"] == 1
    assert "next-token" not in " ".join(change.words for change in Difference(whole, new).changes)
