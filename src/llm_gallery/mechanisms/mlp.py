"""The MLP: two matrices with an activation between them, or three with a gate.

Paper: https://arxiv.org/abs/2002.05202
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import (
    Callout,
    Mixer,
    Names,
    callout,
    keeps_nothing,
)
from llm_gallery.mechanisms.activation import activation as function
from llm_gallery.mechanisms.activation import function as plain
from llm_gallery.mechanisms.activation import mlp_concept, mlp_field, mlp_style
from llm_gallery.mechanisms.lane_drawing import Lane, LaneDrawing, Matrix, Norm, Product, Step
from llm_gallery.mechanisms.legend import ACTIVATION, INNER
from llm_gallery.mechanisms.shapes import Row, on_stream, shape
from llm_gallery.mechanisms.wording import Held, Said, Words, in_layers, some
from llm_gallery.mechanisms.written import activation, times


def label(block: Block) -> str:
    """Gated or not."""
    return "gated MLP" if block.value("gated") else "MLP"


def title(block: Block) -> str:
    """The same on its block."""
    return "Gated MLP" if block.value("gated") else "MLP"


def concepts(block: Block) -> Iterator[str]:
    """That of its activation, whether it gates or not."""
    if (known := mlp_concept(block)) is not None:
        yield known
    if "sparsity" in block.facts:
        yield "activation-sparsity"


def numbers(block: Block, width: int | None) -> list[Callout]:
    """Its inner width, also as a multiple of the stream's, and the activation."""
    rows = [callout(block, "inner", "inner width")]
    if width:
        read = block.number("width") if "width" in block.facts else width
        multiple = f"{block.number('inner') / read:.1f} ×".replace(".0 ×", " ×")
        rows.append((multiple, "model width" if read == width else "what it reads", ("inner",)))
    role = "gate" if block.value("gated") else "activation"
    return [*rows, (activation(block), role, ("activation",))]


def size(block: Block) -> str:
    """Its inner width and its activation."""
    return f"{block.number('inner'):,} inner width, {activation(block)}"


def tells(held: Held) -> Iterator[Said]:
    """How wide it is, and by which function."""
    block = held[0][0]
    widths = some(block.number("inner") for block, _ in held)
    yield "", f"Widens each token to *{widths} numbers* and back."
    by = plain(str(block.value("activation")))
    if block.value("gated"):
        yield (
            mlp_concept(block) or "",
            f"One half passes *{by}* and gates the other.",
        )
    else:
        yield mlp_concept(block) or "", f"Between its two matrices stands *{by}*, without a gate."
    if shares := dict.fromkeys(s for b, _ in held if isinstance(s := b.value("sparsity"), float)):
        cut = sum(layers for b, layers in held if "sparsity" in b.facts)
        where = in_layers(cut, sum(layers for _, layers in held))
        left = " or ".join(map(percent, shares))
        yield (
            "activation-sparsity",
            f"Only about the *largest {left}* of the gate's activations are kept{where} (activation sparsity).",
        )
    if learned := block.value("activation_learned"):
        yield (
            mlp_concept(block) or "",
            f"Every layer learns *{learned:,} parameters* of that function.",
        )


def work(block: Block, position: int) -> int:
    """Experts kept in tensors of their own: a matrix is what has two dimensions. Other matrices are parts."""
    return sum(tensor.elements for tensor in block.tensors if len(tensor.shape) == 2)


def gated(block: Block) -> bool:
    """Whether it has a lane for a gate."""
    return block.value("gated") is True


def largest(block: Block) -> str:
    """Which part of the gate is left where some is cut: "the largest 5%"."""
    share = block.value("sparsity")
    return f"the largest {percent(share)}" if isinstance(share, float) else ""


def percent(share: float) -> str:
    """What is left of a share: "5%"."""
    return f"{100 * (1 - share):.3g}%"


NONLINEARITY = ("activation", "gain", "gate_softcap", "activation_learned")


def nonlinearity(block: Block) -> str:
    """The activation with its gain or its softcap."""
    if (gain := block.value("gain")) is not None:
        return f"x σ({gain:g} x)"
    cap = block.value("gate_softcap")
    return function(str(block.value("activation"))) + ("" if cap is None else f", softcap {cap:g}")


def bound(words: str, fact: str) -> Words:
    """Words with the number of a fact, where it is stated: "within ± 7"."""

    def bounded(block: Block) -> str:
        number = block.value(fact)
        return "" if number is None else f"{words} {number:g}"

    return bounded


def limit(*, after: bool) -> Words:
    """The most of a gate, where that holds before or after its activation."""

    def most(block: Block) -> str:
        number, is_after = block.value("limit"), "limit_after" in block.settings
        return "" if number is None or after is not is_after else f"at most {number:g}"

    return most


def learned_scale(block: Block) -> str:
    """What gate and up are multiplied by, where they learn it: "× s · 50.6"."""
    unit = block.settings.get("scale_unit")
    return "" if unit is None else f"× s · {unit:.4g}"


def biases(block: Block) -> str:
    """Which of its matrices have a bias."""
    if block.value("output_bias"):
        return "down with bias"
    return "each with bias" if block.value("bias") else ""


def step(on: str, words: Words, *facts: str, chip: bool = True) -> Step:
    """A scalar, or a low pill that is as broad as its words."""
    return Step(on, words, means=facts[0], facts=facts, high=20, tight=True, chip=chip)


DRAWING = LaneDrawing(
    lanes=(Lane("gate", "gate", ("inner",), where=gated), Lane("up", "up", ("inner",))),
    rows=(
        step("gate", limit(after=False), "limit"),  # gpt-oss's, from above only
        step("up", bound("within ±", "limit"), "limit"),
        step("gate", lambda b: times(b.value("gate_scale")), "gate_scale"),
        step("gate", learned_scale, "scaled_inner"),
        step("up", learned_scale, "scaled_inner"),
        step("up", bound("softcap", "up_softcap"), "up_softcap"),
        step("gate", largest, "sparsity"),
        step("gate", nonlinearity, *NONLINEARITY, chip=False),
        step("gate", limit(after=True), "limit"),  # Step's
        step("up", lambda b: "" if gated(b) else nonlinearity(b), *NONLINEARITY, chip=False),
        step("up", bound("+", "shift"), "shift"),
    ),
    core=Product("gate up"),
    after=(Norm(role="inner_norm"),),
    output=Matrix("down", "down"),
    broadest=168,
    matrix=150,
    joint="gate up",
    shapes=("{width} → {outputs}", "→ {outputs}"),
    foot=biases,
    note=mlp_style,
    parameters=True,
)


def formula(block: Block) -> tuple[str, ...]:
    """Up, the activation, times up where that gates, and down."""
    style = activation(block)
    inner = f"{style}( _W_^up^ _x_ )"
    if block.value("gated"):
        inner = f"{style}( _W_^gate^ _x_ ) · _W_^up^ _x_"
    return (f"_y_ = _W_^down^ ( {inner} )",)


def between(block: Block) -> Iterator[Row]:
    """What is inside, of all experts that run."""
    yield "inside", shape(*((block.used,) if block.copies > 1 else ()), block.number("inner"))


MECHANISM = Mixer(
    kind="mlp",
    names=Names(
        title,
        short="dense",
        label=label,
        field=mlp_field,
        makers={"SiTU": "Moonshot AI", "PolyNorm": "Motif Technologies", "xIELU": "Swiss AI"},
        within=lambda block: f"{'a' if block.value('gated') else 'an'} {label(block)}",
        layer="Dense",
        compared="MLP",
        spelled={"MLP": "a dense MLP"},
    ),
    colour="mlp",
    concepts=concepts,
    does="Two matrices with a function between them, or three with a gate: works on each token alone.",
    tells=tells,
    numbers=numbers,
    drawing=DRAWING,
    size=size,
    kept=keeps_nothing,
    work=work,
    introduced=(),
    searched=("inner",),
    against_attention=False,
    formula=formula,
    shapes=on_stream(between),
    purposes={"gate": "what scales the numbers of up, one by one"},
    legend=(INNER, ACTIVATION),
    miniature={
        **dict.fromkeys(("multiple_of", "block_multiple_of"), 8),
        **dict.fromkeys(
            (
                "intermediate_size",
                "ffn_hidden_size",
                "intermediate_size_mlp",
                "mlp_hidden_size",
                "ffn_dim",
                "hidden_dim",
                "dff",
                "ff_intermediate_size",
            ),
            40,
        ),
        **dict.fromkeys(
            ("dense_intermediate_size", "prefix_dense_intermediate_size", "n_inner"), 36
        ),
        "block_ff_dim": 28,
    },
)
