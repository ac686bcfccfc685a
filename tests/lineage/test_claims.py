"""The file of claims: each has its source, none claims itself, none is said twice; broken ones are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.lineage import claims


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
    ],
)
def test_a_broken_claim_is_refused(tmp_path: Path, text: str, line: str) -> None:
    file = tmp_path / "claims.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(Refusal) as refused:
        claims(file)
    assert line in str(refused.value)
