"""An explanation in the field's terms: no paraphrase, every part that shapes a model named, every width the tree's."""

from __future__ import annotations

import re

import pytest

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.block import Block, walk
from llm_gallery.catalog.load import find
from llm_gallery.concepts import RANKS, rank
from llm_gallery.concepts import concepts as described
from llm_gallery.explanation.prose import told
from tests.explanation.test_special import paragraph, root, special
from tests.explanation.test_texts import explanation
from tests.sample import models

PARAPHRASES = (
    r"gives? back|\bfades?\b|picks one of [\d,]+ rows|every concept that it has|answers to its key|normed before they|"
    r"reads? the past|carry no positions|looked up, not computed|at nothing\b|among all experts at once|"
    r"run for a token|on a stream of|inner width|keys and values: with|serves all|keeps their load even|by measure alone|"
    r"stands under|This one also has|Of them \d|\bnumber by number\b"
)  # fmt: skip
"""What used to be said in place of the field's terms."""
SHAPES = {
    "parallel-block": r"in parallel|parallel block",
    "parallel-mixers": r"in parallel",
    "looped-depth": r"(?:times|twice)\b|run again",
    "multi-head-latent-attention": r"[Ll]atent attention|MLA|one vector of",
    "sliding-window-attention": r"sliding window",
    "chunked-attention": r"chunk",
    "sparse-attention": r"indexer",
    "block-sparse-attention": r"blocks",
    "compressed-attention": r"one entry",
    "shared-kv-cache": r"(?:reuse|read) .*earlier layer's|of an earlier layer",
    "hyper-connections": r"parallel streams",
    "attention-residuals": r"earlier sums",
    "per-layer-embeddings": r"an embedding of its own",
    "ngram-memory": r"n-gram",
    "mamba": r"Mamba",
    "mamba-2": r"Mamba-2",
    "gated-deltanet": r"Gated DeltaNet",
    "kimi-delta-attention": r"Kimi Delta Attention",
    "lightning-attention": r"Lightning attention",
    "differential-attention": r"Differential attention|differential attention",
}
"""What shapes a model, and the words by which what is special names it."""


def text(model: str) -> str:
    return "\n".join(one.text for one in explanation(model).paragraphs)


@pytest.mark.parametrize("model", models())
def test_no_paraphrase_stands_for_a_term(model: str) -> None:
    own = "\n".join(
        one.text.split("By its authors' account: ")[0] for one in explanation(model).paragraphs
    )
    assert re.findall(PARAPHRASES, own) == []


@pytest.mark.parametrize("model", models())
def test_what_shapes_a_model_is_named(model: str) -> None:
    for concept in concepts(root(model)):
        if concept in SHAPES:
            assert re.search(SHAPES[concept], special(model)), concept


@pytest.mark.parametrize("model", models())
def test_what_is_new_is_named(model: str) -> None:
    """Every ranked concept that the ancestor lacks is told in a sentence, or named at the end."""
    inherited = find(model).heading.inherited
    if inherited is None:
        return
    said = next(p for p in explanation(model).paragraphs if p.title == "What is special")
    fresh = {c for c in concepts(root(model)) if c not in inherited and rank((c,)) < len(RANKS)}
    assert fresh - told(said.sentences) == set()
    for concept in re.findall(r"Also new against [^:]*: (.*)\.$", special(model)):
        assert any(described()[c].name.lower()[:5] in concept.lower() for c in fresh)


@pytest.mark.parametrize("model", models())
def test_widths_of_experts_are_the_trees(model: str) -> None:
    flow = paragraph(explanation(model), "How a token flows")
    known = {_widths(b) for _, b in walk(root(model)) if b.is_mixture}
    for each, shared in re.findall(r"([\d,]+) each, [^)]*\)(?: and [\w ]+ \(([\d,]+))?", flow):
        apart = int(shared.replace(",", "")) if shared else None
        assert (int(each.replace(",", "")), apart) in known, flow


def _widths(mixture: Block) -> tuple[int, int | None]:
    """The width of a routed expert, and of all shared ones together where that is no multiple of it."""
    routed, *shared = [part for part in mixture.inside if part.is_mlp]
    together = sum(part.copies * part.number("inner") for part in shared)
    each = routed.number("inner")
    return each, None if together == mixture.number("shared") * each else together


@pytest.mark.parametrize("model", models())
def test_norms_within_mamba_and_a_query_latent_are_told(model: str) -> None:
    blocks = [block for _, block in walk(root(model))]
    normed = [b.part("B_norm") is not None for b in blocks if b.kind == "mamba"]
    latent = [b for b in blocks if b.kind == "attention" and "query_rank" in b.facts]
    assert bool(normed and all(normed)) == ("RMSNorm is applied to B, C and Δ" in special(model))
    assert bool(latent) == ("Queries are projected from a latent" in special(model))


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("qwen1.5-moe-a2.7b", "4 of 60 experts (1,408 each, SiLU) and a shared one (5,632)"),
        ("qwen2-57b-a14b", "8 of 64 experts (2,560 each, SiLU) and a shared one (20,480)"),
        ("granite-4.0-h-small", "10 of 72 experts (768 each, SiLU) and a shared one (1,536)"),
        ("step-3", "multi-matrix factorization attention (MFA)"),
        ("falcon-mamba-7b", "RMSNorm is applied to B, C and Δ"),
        ("spark-x2.5-4b", "27 of 36 layers attend only to a sliding window of 512 tokens."),
        ("command-r-35b", "Attention and MLP run in parallel on the same input (a parallel block)"),
        ("gemma-4-e4b", "An earlier design, Gemma 3n E2B, applied RoPE to whole heads, unlike RecurrentGemma 2B of the same makers."),
        ("gemma-3n-e4b", "An earlier design, Gemma 3 27B, cached keys and values in every layer."),
        ("qwen3-next-80b-a3b", "It has 79.67B parameters, 3.87B active per token, in 48 layers with hidden size 2,048, and a context of 262,144 tokens."),
        ("qwen3-next-80b-a3b", "A token costs 7.24 GFLOP at position 1 and 58.78 at 262,144; past 36,829 attention is most of it."),
        ("qwen3-next-80b-a3b", "A token's embedding passes 48 layers: three Gated DeltaNet layers to one of gated attention, 12 times."),
        ("a.x-k2", "A sigmoid gate scales the attention output. An earlier design, DeepSeek V3.2-Exp, had no gate on attention."),
        ("deepseek-v3.2-exp", "reads only the best 2,048. An earlier design, DeepSeek V3, used full attention in every layer."),
        ("granite-4.0-h-small", "Against Bamba 9B: 72 experts (ten per token, one shared), tied embeddings"),
        ("hy4-preview-770b-a49b", "Latent attention caches one vector of 512 + 64 numbers per token for all 64 heads."),
        ("mixtral-8x7b", "Against Mistral 7B v0.1:"),
    ],
)  # fmt: skip
def test_by_hand(model: str, words: str) -> None:
    assert words in text(model)
