"""The file of claims: each has its source, none claims itself, none is said twice; broken ones are refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.lineage import Claim, claims


def test_every_claim_stands_once_and_leads_elsewhere() -> None:
    said = claims()
    pairs = [(claim.child, claim.parent) for claim in said]
    assert len(set(pairs)) == len(pairs)
    assert all(child != parent for child, parent in pairs)
    assert all(claim.words.endswith(".") for claim in said if claim.by == "authors")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('[[claim]]\nchild = "a/b"', "a claim has parent = null, expected text"),
        (
            '[[claim]]\nchild = "a/b"\nparent = "c/d"\nsource = "http://x.org"\nwords = "So."',
            'a claim has the source "http://x.org", expected an https address',
        ),
        ('[[code]]\nfamily = ""\ninherits = "llama"', 'a claim has family = ""'),
        (
            '[[code]]\nfamily = "a"\ninherits = "b"\ntakes = ["tokens"]',
            "a claim has takes = a list of 1 value, expected some of attention, experts, layer",
        ),
    ],
)
def test_a_broken_claim_is_refused(tmp_path: Path, text: str, line: str) -> None:
    file = tmp_path / "stated_descents.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(Refusal) as refused:
        claims(file)
    assert line in str(refused.value)


REFERENCE = "https://github.com/huggingface/transformers/"
CODE = [
    claim
    for claim in claims()
    if claim.source.startswith(REFERENCE)
    and "/blob/v4." not in claim.source  # as it was then; the installed one has moved on
    and "/models/auto/" not in claim.source  # one class for both types, in a list
]
CLASSES = {
    "attention": r"\w*(Attention|Mixer|GatedDeltaNet|ShortConv)",
    "experts": r"\w*(Experts|MoE|Moe|SparseMoeBlock|Router)",
    "layer": r"\w*DecoderLayer",
}
"""Names of classes by what of a layer they are."""


@pytest.mark.truth
@pytest.mark.parametrize("claim", CODE, ids=lambda claim: f"{claim.child}-{claim.parent}")
def test_the_reference_code_imports_what_a_claim_says(claim: Claim) -> None:
    from transformers import models

    file = Path(models.__file__).parent / claim.source.split("/models/")[1]
    parent = claim.parent.removesuffix("_text")
    imports = rf"^from \.\.{parent}\.mod\w+ import (\([^)]*\)|.*)"
    found = [match[1] for match in re.finditer(imports, file.read_text("utf-8"), re.M)]
    names = re.findall(r"\w+", " ".join(found))
    assert names
    for part in claim.takes:
        assert any(re.fullmatch(CLASSES[part], name) for name in names), (part, names)
