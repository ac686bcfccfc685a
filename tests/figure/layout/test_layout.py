"""The page's composition: its format, what leads, what it saves, and that no mechanism is lost on the way."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.catalog.load import find
from llm_gallery.figure.draw import Detail, draw
from llm_gallery.figure.kit.shapes import Picture, Text, flat
from llm_gallery.figure.lead.content import Content, content
from llm_gallery.figure.pictures.activation import CURVES
from llm_gallery.mechanisms.wording import sentences_of
from llm_gallery.novelty import saving as kept
from llm_gallery.novelty.leading import leading
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.planning import plan
from tests.figure.page_gates import of_a_page
from tests.sample import drawings


def page(model: str) -> Content:
    """What the page of a model is made of."""
    known = find(model)
    shown = plan(known.architecture.root)
    return content(known.architecture, known.heading, shown, split=True)


def words(picture: Picture) -> list[str]:
    """Every text of a picture."""
    texts = (shape for shape in flat(picture) if isinstance(shape, Text))
    return ["".join(span.text for span in text.spans) for text in texts]


@pytest.mark.parametrize("name", drawings())
def test_every_page_keeps_its_format_and_says_every_inner_width(name: str) -> None:
    """It may do without the drawing of a plain MLP, but not without its width."""
    model = find(name)
    shown = draw(model.architecture, model.heading).picture
    assert shown.width / 1.9 <= shown.height <= 1.25 * shown.width
    said = " ".join(words(shown))
    for use in plan(model.architecture.root).uses:
        widths = [v.block.number("inner") for v in use.variants if v.block.kind == "mlp"]
        assert not widths or any(f"{width:,}" in said for width in widths)


@pytest.mark.parametrize(
    ("model", "title"),
    [
        ("ouro-2.6b-thinking", "The same 48 layers, 4 times over"),
        ("olmo-2-7b", "Norms after, not before"),
        ("gpt2-xl", "Multi-head attention"),
        ("llama-3-8b", "Grouped-query attention"),
        ("apertus-70b", "MLP"),
    ],
)
def test_what_leads(model: str, title: str) -> None:
    known = find(model)
    assert leading(plan(known.architecture.root), known.heading)[0].title == title


def test_what_is_saved_is_counted() -> None:
    root = find("llama-3-8b").architecture.root
    other = without(root, "grouped-query-attention")
    assert other is not None
    saved = kept.saving(root)
    assert saved is not None
    assert (saved.built, saved.whole) == (
        cache(root).bytes_per_token,
        cache(other).bytes_per_token,
    )
    assert saved.times == "4 ×"


def test_nothing_is_saved_by_a_concept_that_a_model_lacks() -> None:
    root = find("llama-3-8b").architecture.root
    assert kept.saving(root, {"compressed-attention"}) is None
    assert kept.saving(find("gpt2-xl").architecture.root) is None


def test_loops_save_weights() -> None:
    root = find("ouro-2.6b-thinking").architecture.root
    saved = kept.of_weights(root, "looped-depth")
    assert saved is not None
    assert saved.built == parameters(root).total
    assert saved.whole > 3 * saved.built
    assert kept.of_weights(find("llama-3-8b").architecture.root, "looped-depth") is None


def test_what_is_shared_between_layers_leads_as_the_strip() -> None:
    assert page("deepseek-v4.1-flash").shares
    assert page("glm-5.2").shares
    assert not page("deepseek-v4-pro").shares


def test_a_high_frame_leaves_no_plate_blank_where_all_is_said() -> None:
    """Beside no ancestor two pictures lead, without wiring, next to a frame of six kinds of attention."""
    model = find("deepseek-v4.1-flash")
    page = draw(model.architecture, Heading(name="New"), detail="full").picture
    assert of_a_page(page, "full") == ()


def test_an_indexer_is_drawn_once() -> None:
    """On a phone its picture says it, where its inside would make the way to the end too long."""
    known = find("deepseek-v3.2")
    once: tuple[tuple[Detail, int], ...] = (("standard", 1), ("column", 1), ("phone", 0))
    for detail, times in once:
        said = words(draw(known.architecture, known.heading, detail=detail).picture)
        assert said.count("Indexer") == times


def test_sentences_part_where_they_end() -> None:
    said = sentences_of(
        "Keeps *one entry*. 3 layers make 1.5 of it. *15 more* read *them.* All do."
    )
    assert len(said) == 4
    assert sentences_of("") == []


@pytest.mark.parametrize(
    ("name", "at", "value"),
    [("ReLU²", 3.0, 9.0), ("ReLU²", -3.0, 0.0), ("SiLU", 0.0, 0.0), ("GELU", 1.0, 0.8413)],
)
def test_curves_are_the_functions(name: str, at: float, value: float) -> None:
    assert CURVES[name](at) == pytest.approx(value, abs=1e-4)


def test_xielu_has_one_slope_at_zero() -> None:
    curve = CURVES["xIELU"]
    assert (curve(1e-4) - curve(0)) / 1e-4 == pytest.approx(0.5, abs=1e-3)
    assert (curve(0) - curve(-1e-4)) / 1e-4 == pytest.approx(0.5, abs=1e-3)
