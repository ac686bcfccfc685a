"""Prediction modules: two inputs joined, and tables of their own or the model's."""

from __future__ import annotations

from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block, tensors
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Heads,
    apart,
    attention,
    embedding,
    gated_mlp,
    group,
    head,
    layer,
    linear,
    residual,
    rms_norm,
    stack,
    with_settings,
)
from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from llm_gallery.mechanisms.apart import ends
from tests.figure.internals.seen import seen


def one() -> Block:
    """A layer of width 64."""
    mixer = attention("a", heads=Heads(4, 1, 16), positions=NO_POSITION, inside=())
    mlp = gated_mlp("mlp", width=64, inner=128, activation="silu")
    return layer(residual(rms_norm("n", 64), mixer), residual(rms_norm("m", 64), mlp))


def with_tables(*, copied: bool = False) -> Block:
    """As GLM-4.5 stores it, or DeepSeek V3, whose makers say that embedding and head are the model's once more."""
    ends = group("shared_head", rms_norm("norm", 64), head("head", 1000, 64))
    reads = (
        rms_norm("enorm", 64, role="token_norm"),
        rms_norm("hnorm", 64, role="stream_norm"),
        linear("eh_proj", 128, 64, role="join"),
    )
    parts = (embedding("embed_tokens", 1000, 64), *reads, one(), ends)
    made = apart("multi_token_prediction", "model.layers.61", parts)
    return with_settings(made, copied_ends=True) if copied else made


def without_tables() -> Block:
    """As Qwen3-Next stores it."""
    reads = (
        rms_norm("pre_fc_norm_embedding", 64, role="token_norm"),
        rms_norm("pre_fc_norm_hidden", 64, role="stream_norm"),
        linear("fc", 128, 64, role="join"),
    )
    parts = (*reads, stack("layers", [one()]), rms_norm("norm", 64))
    return apart("multi_token_prediction", "mtp", parts)


def test_both_inputs_are_normed_and_joined() -> None:
    for module in (with_tables(), without_tables()):
        drawn = seen((module, 1))
        joined = drawn.box("128 → 64")
        assert joined.form == "narrowing"
        norms = sorted((drawn.box("RMSNorm", nth) for nth in range(3)), key=lambda b: -b.y)
        assert drawn.feeds(norms[0], joined)
        assert drawn.feeds(norms[1], joined)
        assert drawn.feeds(drawn.box("one layer attention, gated MLP"), norms[2])


def test_tables_of_its_own() -> None:
    drawn = seen((with_tables(), 1))
    own = drawn.box("stored embedding")
    assert own.about is not None
    assert own.about.path == "model.layers.0.part.embed_tokens"
    assert drawn.feeds(own, drawn.box("RMSNorm"))
    assert not drawn.box("stored output head").dashed


def test_copies_of_the_models_tables() -> None:
    drawn = seen((with_tables(copied=True), 1))
    assert not drawn.box("copy of the embedding").dashed
    assert not drawn.box("copy of the output head").dashed


def test_whose_ends_each_model_uses() -> None:
    """DeepSeek's README_WEIGHTS says of V3's that they share their parameters; of GLM-4.5's nobody says so."""
    said = {
        "deepseek-v3": ("ends are copies", "store embedding and head once more, with the model's values"),
        "deepseek-r1": ("ends are copies", "store embedding and head once more, with the model's values"),
        "deepseek-v3.2": ("ends are copies", "store embedding and head once more, with the model's values"),
        "glm-4.5": ("stores both ends", "store an embedding and a head; whether with the model's values isn't stated"),
        "longcat-2.0": ("stores a table", "store an embedding; whether with the model's values isn't stated"),
        "step-3.5-flash": ("stores a head", "store a head; whether with the model's values isn't stated"),
        "qwen3-next-80b-a3b": ("ends shared", "use the model's embedding and head"),
    }  # fmt: skip
    for model, words in said.items():
        found = ends(find(model).architecture.root)
        assert (found.short, found.long) == words
        drawn = draw(find(model).architecture, find(model).heading).alone(outlined=False)
        assert words[0] in drawn
        assert words[1] in drawn.replace("\n", " ")
        assert "own ends" not in drawn


def test_tables_of_the_model() -> None:
    drawn = seen((without_tables(), 1))
    assert drawn.box("the model's embedding").dashed
    assert drawn.box("the model's output head").dashed


def test_norms_answer_for_themselves() -> None:
    drawn = seen((without_tables(), 1))
    paths = [box.about and box.about.path for box in (drawn.box("RMSNorm", n) for n in range(3))]
    names = ("pre_fc_norm_embedding", "pre_fc_norm_hidden", "norm")
    assert paths == [f"model.layers.0.part.{name}" for name in names]


def test_several_modules_are_counted() -> None:
    size = short(sum(tensor.elements for tensor in tensors(with_tables())))
    assert seen((with_tables(), 3)).inset.note.startswith(f"3 modules of {size} each, ")
    assert seen((with_tables(), 1)).inset.note.startswith(f"{size}, ")


def test_only_norms_that_it_stores() -> None:
    """DeepSeek V4.1's first module reads the streams of three layers, and no token; its last norm is another's."""
    parts = (
        linear("main_proj", 192, 64, role="join"),
        rms_norm("main_norm", 64, role="stream_norm"),
        one(),
    )
    drawn = seen((apart("multi_token_prediction", "mtp.0", parts), 3))
    assert drawn.feeds(drawn.box("RMSNorm"), drawn.box("192 → 64"))
    assert "streams of 3 layers" in drawn.words
    assert sum(words == "RMSNorm" for words in drawn.words) == 1
    assert "the model's embedding" not in drawn.words
