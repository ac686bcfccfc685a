"""The formula of a part with its model's numbers put in, marked up as drawings have it: _italic_, ^raised^."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import SHARES
from llm_gallery.mechanisms import DRAWN
from llm_gallery.mechanisms.attention_lanes import bias
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, State
from llm_gallery.mechanisms.moe import chosen
from llm_gallery.mechanisms.wording import root, words_for
from llm_gallery.mechanisms.written import activation, rope_base

Lines = tuple[str, ...]


def formula(block: Block, whole: Block) -> Lines:
    """What a part computes, a line each; none where it is nothing but its parts. `whole` is the model."""
    if block.kind in _FORMULAS:
        return _FORMULAS[block.kind](block)
    if block.is_norm:
        return _norm(block, whole)
    drawn = DRAWN.get(block.kind)
    if drawn is not None and isinstance(drawn.drawing, LaneDrawing):
        core = drawn.drawing.core
        if isinstance(core, State):
            return core.update, words_for(core.reading, block)
    return ()


def _attention(block: Block) -> Lines:
    size = block.number("scale_dim") if "scale_dim" in block.facts else block.number("head_dim")
    scale = block.value("score_scale")
    factor = f"{scale:.4g} " if isinstance(scale, (int, float)) and scale != 1 else ""
    over = "" if size == 1 else f" / {root(size)}"
    scores = f"{factor}_q k_^T^{over}{bias(block)}"
    return _weighted(block, scores)


def _weighted(block: Block, scores: str) -> Lines:
    """Values by the softmax of their scores, and what else is done with either."""
    if cap := block.value("softcap"):
        scores = f"{cap:g} tanh( {scores} / {cap:g} )"
    gate = " · σ( _g_ )" if block.value("gate") else ""
    lines = [f"_o_ = softmax( {scores} ) _v_{gate}"]
    if "selected" in block.facts:
        lines.append(f"over the {block.number('selected'):,} tokens chosen")
    elif "window" in block.facts:
        lines.append(f"over the last {block.number('window'):,} tokens")
    elif "chunk" in block.facts:
        lines.append(f"within {block.number('chunk'):,} tokens")
    return tuple(lines)


def _latent_attention(block: Block) -> Lines:
    turned, plain = block.number("rope_dim"), block.number("nope_dim")
    products = "( _q k_^T^ + _q_^r^ _k_^r T^ )" if turned else "_q k_^T^"
    scale = block.value("score_scale")
    factor = f"{scale:.4g} " if isinstance(scale, float) else ""
    if "learned_temperature" in block.facts:
        factor += "( _a_ ln _t_ + _b_ ) "
    kept = f"_c_ = _W_^down^ _x_, {block.number('kv_rank'):,} numbers"
    if "shared_kv" in block.facts:
        kept = f"_c_: an earlier layer's {block.number('kv_rank'):,} numbers"
    made = "_k_, _v_ = _W_^K^ _c_, _W_^V^ _c_"
    return kept, made, *_weighted(block, f"{factor}{products} / {root(plain + turned)}")


def _compressed_attention(block: Block) -> Lines:
    over = root(block.number("head_dim"))
    lines = [f"_o_ = softmax( _q k_^T^ / {over} ) _k_"]
    near = f"the last {block.number('window'):,} tokens" if "window" in block.facts else ""
    if "selected" in block.facts:
        far = f"{block.number('selected'):,} chosen entries"
    else:
        far = "entries" if "ratio" in block.facts else ""
    if "ratio" in block.facts:
        far += f" of {block.number('ratio'):,} tokens each"
    lines.append("over " + " and ".join(filter(None, (near, far))) if near or far else "")
    return tuple(filter(None, lines))


def _indexer(block: Block) -> Lines:
    if "block_size" in block.facts:
        return (f"_s_ = max of _q k_^T^ over {block.number('block_size'):,} tokens",)
    return (f"_s_ = Σ _w_ relu( _q k_^T^ ), {block.number('heads'):,} heads",)


def _mlp(block: Block) -> Lines:
    style = activation(block)
    inner = f"{style}( _W_^gate^ _x_ ) · _W_^up^ _x_" if block.value("gated") else ""
    inner = inner or f"{style}( _W_^up^ _x_ )"
    return (f"_y_ = _W_^down^ ( {inner} )",)


def _moe(block: Block) -> Lines:
    used, experts = chosen(block), block.number("experts")
    shared = " + _E_^shared^( _x_ )" if block.value("shared") else ""
    scale = block.value("score_scale")
    factor = f"{scale:.4g} " if isinstance(scale, (int, float)) and scale != 1 else ""
    if block.value("hashed"):
        return (f"_y_ = Σ _p_ _E_( _x_ ){shared}", f"over {used} of {experts:,} by the token")
    routed = f"Σ _p E_( _x_ ){shared}"
    if block.value("combined") == SHARES:
        routed = "_a_ Σ _p E_( _x_ ) + ( 1 − _a_ ) _E_^shared^( _x_ )"
    return (
        f"_p_ = {_score(block)}( {factor}_W x_ )",
        f"_y_ = {routed}",
        f"over the {used} of {experts:,} with the highest _p_",
    )


def _shared_gate(block: Block) -> Lines:
    if block.number("outputs") == 1:
        return ("_g_ = σ( _w x_ )",)
    return ("( _a_, 1 − _a_ ) = softmax( _W x_ + _b_ )",)


def _score(block: Block) -> str:
    scoring = str(block.value("scoring"))
    return {"sigmoid": "σ", "sqrtsoftplus": "√softplus"}.get(scoring, scoring)


def _norm(block: Block, whole: Block) -> Lines:
    settings = {**whole.settings, **block.settings}
    eps = settings.get("eps")
    tiny = "" if eps is None else f" + {_power(float(eps))}"
    if block.kind == "l2_norm":
        return (f"_x_ / √( Σ _x_^2^{tiny} )",)
    if settings.get("scale_first"):
        return ("_z_ = _x_ · (1 + _w_)", f"_z_ / √( mean( _z_^2^ ){tiny} )")
    scale = ""
    if block.tensors:
        scale = " · (1 + _w_)" if settings.get("offset") else " · _w_"
    if "gate_rank" in block.facts:
        normed = f"_y_ = _x_ / √( mean( _x_^2^ ){tiny} ){scale}"
        times = settings.get("gate_scale", 1)
        factor = "" if times == 1 else f"{times:g} · "
        return (normed, f"{factor}_y_ · σ( _W_^up^ SiLU( _W_^down^ _y_ ) )")
    if block.kind == "rms_norm":
        return (f"_x_ / √( mean( _x_^2^ ){tiny} ){scale}",)
    bias = " + _b_" if len(block.tensors) > 1 else ""
    return (f"( _x_ − mean _x_ ) / √( var _x_{tiny} ){scale}{bias}",)


def _power(value: float) -> str:
    """0.000001 as 10^−6^."""
    digits, power = f"{value:e}".split("e")
    times = float(digits)
    raised = f"10^{int(power)}^".replace("-", "−")
    return raised if times == 1 else f"{times:g} · {raised}"


def _linear(block: Block) -> Lines:
    bias = " + _b_" if block.value("bias") else ""
    return (f"_y_ = _W x_{bias}",)


def _head(block: Block) -> Lines:
    """Its rows are the embedding's where it is tied."""
    return ("_z_ = _E x_" if block.value("tied") else "_z_ = _W x_",)


def _convolution(block: Block) -> Lines:
    return (f"_y_ = Σ _w_^i^ _x_^t−i^, _i_ from 0 to {block.number('taps') - 1:,}",)


def _connection(block: Block) -> Lines:
    if (heat := block.settings.get("temperature")) is not None:
        return (f"_b_ = σ( _g_ / {heat:g} )", "_x_ ← √( 1 − _b_^2^ ) · _x_ + _b f_( _x_ )")
    if (unit := block.settings.get("rate_unit")) is not None:
        return (f"_a_ = | λ · {unit:.4g} |", "_x_ ← _x_ + _a_ ( _f_( _x_ ) − _x_ )")
    if "summand" in block.settings:
        return ("_x_ ← √( ( _n_ − 1 ) / _n_ ) · _x_ + √( 1 / _n_ ) · _f_( _x_ )",)
    return ("_H_ ← _A H_ + _b f_( _c_^T^ _H_ )",) if "mixing" in block.facts else ()


def _channel_mixing(block: Block) -> Lines:
    """RWKV's, gated by a receptance where it has one."""
    ready = "" if block.part("receptance") is None else "σ( _r_ ) · "
    if block.value("activation") == "relu2":
        return (f"_y_ = {ready}_W_^v^ relu( _k_ )^2^",)
    return (f"_y_ = {ready}_W_^v^ {activation(block)}( _k_ )",)


def _per_layer_input(block: Block) -> Lines:
    return (
        f"_x_ ← _x_ + _W_ ( {activation(block)}( _G x_ ) · _p_ ), _p_ of {block.number('width'):,}",
    )


_FORMULAS: Mapping[str, Callable[[Block], Lines]] = {
    "attention": _attention,
    "latent_attention": _latent_attention,
    "compressed_attention": _compressed_attention,
    "cross_attention": lambda block: (
        f"_o_ = softmax( _q k_^T^ / {root(block.number('head_dim'))} ) _v_",
        "over all places in a picture",
    ),
    "patch_attention": lambda block: (
        f"_o_ = softmax( _q k_^T^ / {root(block.number('head_dim'))} ) _v_",
        "over the bytes of its patch"
        if block.value("asked") == "bytes"
        else f"over the {block.number('vectors'):,} vectors of a patch",
    ),
    "indexer": _indexer,
    "position_scale": lambda block: (
        "_q_ ← ( _a_ ln _t_ + _b_ ) _q_",
        "the first token is _t_ = 1",
    ),
    "mlp": _mlp,
    "moe": _moe,
    "receptance_mlp": _channel_mixing,
    "short_convolution": lambda block: (
        f"_y_ = _C_ · Σ _w_^i^ ( _B x_ )^t−i^, _i_ from 0 to {block.number('taps') - 1:,}",
    ),
    "router": lambda block: (f"_s_ = _W x_, {block.number('outputs'):,} scores",),
    "shared_gate": _shared_gate,
    "convolution": _convolution,
    "connection": _connection,
    "per_layer_input": _per_layer_input,
    "delay_scale": lambda block: (
        "_x_ · ( 1 + _W_^up^ GELU( _W_^down^ _t_ ) )",
        f"_t_: waves of {block.number('delay'):,} tokens of delay",
    ),
    "linear": _linear,
    "embedding": lambda block: ("_x_ = _E_[ id ]",),
    "position_embedding": lambda block: ("_x_ ← _x_ + _P_[ _t_ ]",),
    "segment_embedding": lambda block: ("_x_ ← _x_ + _S_[ segment ]",),
    "position_bias": lambda block: (
        "_b_ = _B_[ range of _j_ − _i_ ], or _B_[ segments of _i_, _j_ ]",
    ),
    "decay_floors": lambda block: (
        "_floor_ of a layer = Σ softmax over layers, of those up to it",
    ),
    "head": _head,
}


def turning(block: Block) -> Lines:
    """By what angle a pair of channels is turned at a position."""
    turned = block.value("rotated") or block.value("rope_dim") or block.value("head_dim")
    base = rope_base(block.facts["rope_base"])
    return (f"angle = _t_ · {base}^−2i/{turned}^",) if isinstance(turned, int) else ()
