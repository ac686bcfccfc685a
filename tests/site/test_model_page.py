"""What model pages are filled with, for every model: parts, tensors, curves and words that agree with the tree."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import tensors
from llm_gallery.catalog.load import entries, find
from llm_gallery.site import vocabulary
from llm_gallery.site.ancestry import family
from llm_gallery.site.chart import crossings
from llm_gallery.site.exhibit import MECHANISMS, Exhibit, facets
from llm_gallery.site.fact_groups import groups, stored_tensors
from llm_gallery.site.tensors import patterns
from tests.described_catalog import site
from tests.sample import drawings

TOTAL = "Total parameters"
MODELS = [entry.id for entry in entries()]


def exhibit(model: str) -> Exhibit:
    found = find(model)
    assert found.entry is not None
    return Exhibit(found.entry, found.architecture, concepts(found.architecture.root))


@pytest.mark.parametrize("model", drawings())
def test_patterns_sum_to_the_whole(model: str) -> None:
    root = find(model).architecture.root
    held = parameters(root)
    found = patterns(root)
    apart = held.multi_token_prediction + held.other_modalities
    assert sum(pattern.elements for pattern in found) == held.total + apart
    assert sum(pattern.count for pattern in found) == sum(1 for _ in tensors(root))


@pytest.mark.parametrize("model", MODELS)
def test_a_page_has_one_count_of_tensors_or_says_why_another(model: str) -> None:
    """As in the table of tensors: Kimi K3's 249,924, of which 168 are its tower's."""
    root = find(model).architecture.root
    own = sum(1 for t in tensors(root) if not t.tied_to and t.counted_in == "total")
    whole = sum(1 for t in tensors(root) if not t.tied_to)
    assert stored_tensors(root) == (own, whole - own)
    (said,) = (row.source for row in groups(exhibit(model))[0].rows if row.term.name == TOTAL)
    assert said == (
        f"sum over {own:,} tensors"
        if own == whole
        else f"sum over {own:,} of {whole:,} tensors; the others stand beside the model"
    )


@pytest.mark.parametrize("model", MODELS)
def test_every_row_has_a_definition(model: str) -> None:
    for group in groups(exhibit(model)):
        for row in group.rows:
            assert row.term.text, row
            assert row.value, row
            assert row.source or row.evidence == "implied", row


def test_the_glossary_has_every_label_once_with_its_fact() -> None:
    glossary = {term.anchor: term.name.split(" / ") for term in vocabulary.facts()}
    shown = {row.term for model in MODELS for group in groups(exhibit(model)) for row in group.rows}
    stated = [term for term in shown if term.anchor.startswith("fact-")]
    assert stated
    for term in stated:
        assert term.name in glossary[term.anchor]


def test_vocabulary_knows_every_concept() -> None:
    used = {name for model in MODELS for name in exhibit(model).concepts}
    assert used <= set(vocabulary.concepts())


def test_facets_count_every_model() -> None:
    shown = [exhibit(model) for model in MODELS]
    for facet in facets(shown):
        if facet.name in ("org", "year"):
            assert sum(option.count for option in facet.options) == len(MODELS)
        assert len({option.value for option in facet.options}) == len(facet.options)
    assert all(one.mechanisms and set(one.mechanisms) <= set(MECHANISMS) for one in shown)


def test_crossings_are_exact() -> None:
    roots = {model: find(model).architecture.root for model in MODELS}
    for one in ("qwen3-next-80b-a3b", "gemma-3-27b", "gpt-oss-20b"):
        for other in MODELS:
            own, theirs = cache(roots[one]), cache(roots[other])
            for length in crossings(own, theirs):
                before = own.at(length - 1) - theirs.at(length - 1)
                after = own.at(length) - theirs.at(length)
                assert before * after <= 0, (one, other, length)
                assert after != 0, (one, other, length)


@pytest.mark.whole
def test_relatives_are_those_of_the_tree() -> None:
    held = site()
    tree = held.lineage
    followed = 0
    for own in held.models:
        found = family(own, held)
        assert [kin.id for kin in found.ancestors] == [s.parent.id for s in tree.measured[own.id]]
        assert all(kin.released >= own.member.released for kin in found.children)
        assert all(kin.source.startswith("https://") for kin in found.stated)
        assert found.drawn == bool(found.ancestors and tree.measured[own.id][0].difference.causes)
        followed += len(found.children) + found.more
    assert followed == sum(tree.parent(own.id) is not None for own in held.models)


def test_vendored_files_are_what_the_manifest_says() -> None:
    root = Path(__file__).parents[2]
    manifest = json.loads((root / "tools" / "vendored.json").read_text("utf-8"))
    for path, digest in manifest["sha256"].items():
        assert sha256((root / path).read_bytes()).hexdigest() == digest, path
    static = root / "src" / "llm_gallery" / "site" / "static"
    folders = (static / "fonts", static / "pyodide", root / "tests" / "site" / "axe")
    shipped = {str(path.relative_to(root)) for folder in folders for path in folder.iterdir()}
    assert shipped == set(manifest["sha256"])
