"""Mixers that keep a state of fixed size instead of a cache."""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts.attention import QUERY_KEY_VALUE, Positions
from llm_gallery.architecture.parts.basic import Held, facts, layer_norm, linear, rms_norm
from llm_gallery.architecture.roles import roles


def convolution(
    name: str, channels: int, taps: int, *, role: Held = (), bias: bool = False
) -> Block:
    """A causal convolution over the last `taps` tokens, each channel by itself."""
    stored: tuple[Tensor, ...] = (Tensor("weight", (channels, 1, int(taps)), role="weight"),)
    if bias:
        stored += (Tensor("bias", (channels,), role="bias"),)
    slots = facts(channels=channels, taps=taps, bias=bias)
    return Block("convolution", name, slots, stored, roles=roles(role))


def short_convolution(
    name: str, *, width: int, taps: int, kernel: str = "conv", bias: bool | Fact = False
) -> Block:
    """out(C * convolution(B * x)) with B, C and x projected from the input: a gate before and one after.

    `kernel` is the checkpoint's name for the convolution. Paper: https://arxiv.org/abs/2511.23404
    """
    biased = bias.value is True if isinstance(bias, Fact) else bias
    inside = (
        linear("in_proj", width, 3 * width, role=("B", "C", "x"), bias=biased, rows=[width] * 3),
        convolution(kernel, int(width), taps, bias=biased),
        linear("out_proj", width, width, role="output", bias=biased),
    )
    return Block("short_convolution", name, facts(channels=width, taps=taps, bias=bias), (), inside)


def gated_deltanet(
    name: str,
    *,
    width: int,
    key_heads: int,
    value_heads: int,
    key_dim: int,
    value_dim: int,
    taps: int,
    activation: str,
    gate: str | None = None,
    fused: bool = True,
) -> Block:
    """Linear attention by the gated delta rule: S <- a S + b (v - a S k) kT, o = S q, in float32.

    `gate` is the output gate's activation, where it isn't that of the convolution.
    `fused` is how Qwen3-Next stores it: q, k, v, z in one projection, beta and alpha in another;
    Qwen3.5 keeps z, beta and alpha apart. Paper: https://arxiv.org/abs/2412.06464
    """
    keys, values = key_heads * key_dim, value_heads * value_dim
    each = value_heads // key_heads
    if fused:
        projections = [
            linear(
                "in_proj_qkvz",
                width,
                2 * keys + 2 * values,
                role=(*QUERY_KEY_VALUE, "gate"),
                rows=(key_dim, key_dim, each * value_dim, each * value_dim),
                groups=key_heads,
            ),
            linear(
                "in_proj_ba",
                width,
                2 * value_heads,
                role=("beta", "alpha"),
                rows=(each, each),
                groups=key_heads,
            ),
        ]
    else:
        projections = [
            linear(
                "in_proj_qkv",
                width,
                2 * keys + values,
                role=QUERY_KEY_VALUE,
                rows=(keys, keys, values),
            ),
            linear("in_proj_z", width, values, role="gate"),
            linear("in_proj_b", width, value_heads, role="beta"),
            linear("in_proj_a", width, value_heads, role="alpha"),
        ]
    inside = (
        *projections,
        convolution("conv1d", 2 * keys + values, taps),
        rms_norm("norm", value_dim, role="output_norm"),
        linear("out_proj", values, width, role="output"),
    )
    slots = facts(
        key_heads=key_heads,
        value_heads=value_heads,
        key_dim=key_dim,
        value_dim=value_dim,
        taps=taps,
        activation=activation,
        gate=gate,
        state_dtype="float32",
    )
    own = (
        Tensor("dt_bias", (int(value_heads),), role="step_bias"),
        Tensor("A_log", (int(value_heads),), role="decay"),
    )
    return Block("gated_deltanet", name, slots, own, inside)


def kimi_delta_attention(
    name: str,
    *,
    width: int,
    heads: int,
    head_dim: int,
    taps: int,
    activation: str,
    decay_rank: int | None,
    gate_rank: int | None,
    decay_shape: tuple[int, ...],
    decay_floor: float | Fact | None = None,
    negative_eigenvalues: bool | Fact | None = None,
) -> Block:
    """The gated delta rule with a decay for every channel of the keys: S <- a S + b (v - a S k) kT, a a vector.

    Decay and output gate each come from one matrix, or from two with a rank between. `decay_shape` is
    that of A_log. A decay is exp(-A softplus(f)), or, where `decay_floor` bounds its logarithm,
    exp(decay_floor sigmoid(A f)). With `negative_eigenvalues` b goes up to 2.
    Paper: https://arxiv.org/abs/2510.26692
    """
    inner = heads * head_dim
    inside = (
        *(linear(f"{role[0]}_proj", width, inner, role=role) for role in QUERY_KEY_VALUE),
        *(
            convolution(f"{role[0]}_conv1d", inner, taps, role=f"{role}_convolution")
            for role in QUERY_KEY_VALUE
        ),
        *_through("f", width, decay_rank, inner, "alpha"),
        linear("b_proj", width, heads, role="beta"),
        *_through("g", width, gate_rank, inner, "gate"),
        rms_norm("o_norm", head_dim, role="output_norm"),
        linear("o_proj", inner, width, role="output"),
    )
    slots = facts(
        heads=heads,
        head_dim=head_dim,
        taps=taps,
        activation=activation,
        decay_rank=decay_rank,
        gate_rank=gate_rank,
        decay_floor=decay_floor,
        negative_eigenvalues=negative_eigenvalues,
        state_dtype="float32",
    )
    own = (
        Tensor("A_log", decay_shape, role="decay"),
        Tensor("dt_bias", (int(inner),), role="step_bias"),
    )
    return Block("kimi_delta_attention", name, slots, own, inside)


def _through(stream: str, width: int, rank: int | None, inner: int, role: str) -> tuple[Block, ...]:
    """One projection, or two with a rank between."""
    if rank is None:
        return (linear(f"{stream}_proj", width, inner, role=role),)
    return (
        linear(f"{stream}_a_proj", width, rank, role=f"{role}_down"),
        linear(f"{stream}_b_proj", rank, inner, role=role),
    )


def lightning_attention(
    name: str,
    *,
    width: int,
    heads: int,
    head_dim: int,
    positions: Positions,
    names: tuple[str, str, str, str],
    activation: str | None = None,
    qk_norms: tuple[str, str] | None = None,
    norm_groups: int | None = None,
    state_dtype: str,
) -> Block:
    """Linear attention with one constant decay a head and layer: S <- a S + k vT, o = q S, then norm and gate.

    `names` are those of the joint q, k, v matrix, the norm, the output gate and the output projection;
    `activation` is that of q, k and v. Paper: https://arxiv.org/abs/2401.04658
    """
    inner = heads * head_dim
    joint, norm, gate, out = names
    inside = (
        linear(joint, width, 3 * inner, role=QUERY_KEY_VALUE),
        *(
            rms_norm(held, head_dim, role=role)
            for held, role in zip(qk_norms or (), ("query_norm", "key_norm"), strict=False)
        ),
        rms_norm(norm, inner, role="output_norm"),
        linear(gate, width, inner, role="gate"),
        linear(out, inner, width, role="output"),
    )
    slots = facts(
        heads=heads,
        head_dim=head_dim,
        position=positions.kind,
        rotated=positions.rotated,
        rope_base=positions.base,
        activation=activation,
        qk_norm=None if qk_norms is None else "per head",
        norm_groups=norm_groups,
        gate="sigmoid",
        state_dtype=state_dtype,
    )
    return Block("lightning_attention", name, slots, (), inside)


def mamba(
    name: str,
    *,
    width: int,
    inner: int,
    state_dim: int,
    step_rank: int,
    taps: int,
    activation: str,
    bias: bool | Fact = False,
    convolution_bias: bool = True,
) -> Block:
    """A selective state space with a decay for each channel and state: S <- exp(-A dt) S + dt x BT, y = S C + D x.

    The step dt passes through a bottleneck of `step_rank`. Paper: https://arxiv.org/abs/2312.00752
    """
    biased = bias.value is True if isinstance(bias, Fact) else bias
    inside = (
        linear("in_proj", width, 2 * inner, role=("x", "gate"), bias=biased, rows=[inner] * 2),
        convolution("conv1d", inner, taps, bias=convolution_bias),
        linear(
            "x_proj",
            inner,
            step_rank + 2 * state_dim,
            role=("step_down", "B", "C"),
            rows=(step_rank, state_dim, state_dim),
        ),
        linear("dt_proj", step_rank, inner, role="step", bias=True),
        linear("out_proj", inner, width, role="output", bias=biased),
    )
    slots = facts(
        inner=inner,
        state_dim=state_dim,
        step_rank=step_rank,
        taps=taps,
        activation=activation,
        bias=bias,
        state_dtype="float32",
    )
    own = (
        Tensor("A_log", (int(inner), int(state_dim)), role="decay"),
        Tensor("D", (int(inner),), role="skip"),
    )
    return Block("mamba", name, slots, own, inside)


def mlstm(
    name: str,
    *,
    width: int,
    heads: int,
    key_dim: int,
    value_dim: int,
    state_dtype: str,
    gate_softcap: float | None = None,
    bias: bool | Fact = False,
    fused: bool = False,
) -> Block:
    """The matrix LSTM: C <- f C + i v kT and n <- f n + i k, read as h = C q / max(|n q|, 1), times a sigmoid gate.

    `fused` stores q, k, v and the output gate as one matrix, the gates i and f as another.
    Paper: https://arxiv.org/abs/2405.04517
    """
    biased = bias.value is True if isinstance(bias, Fact) else bias
    keys, values = int(heads) * key_dim, int(heads) * value_dim
    if fused:
        projections = [
            linear(
                "qkv_opreact",
                width,
                2 * keys + 2 * values,
                role=(*QUERY_KEY_VALUE, "gate"),
                bias=biased,
                rows=(keys, keys, values, values),
            ),
            linear(
                "ifgate_preact",
                width,
                2 * heads,
                role=("input_gate", "forget_gate"),
                bias=True,
                rows=(heads, heads),
            ),
        ]
    else:
        projections = [
            linear("q", width, keys, role="query", bias=biased),
            linear("k", width, keys, role="key", bias=biased),
            linear("v", width, values, role="value", bias=biased),
            linear("ogate_preact", width, values, role="gate", bias=biased),
            linear("igate_preact", width, heads, role="input_gate", bias=True),
            linear("fgate_preact", width, heads, role="forget_gate", bias=True),
        ]
    inside = (
        *projections,
        layer_norm("multihead_norm", values, role="output_norm", bias=biased),
        linear("out_proj", values, width, role="output", bias=biased),
    )
    slots = facts(
        heads=heads,
        key_dim=key_dim,
        value_dim=value_dim,
        gate_softcap=gate_softcap,
        bias=bias,
        state_dtype=state_dtype,
    )
    return Block("mlstm", name, slots, (), inside)


def rwkv(name: str, *, width: int, inner: int) -> Block:
    """RWKV-4's time mixing: an average of all values so far, weighted by e^k and a decay for each channel.

    o = sigmoid(r) (a + e^(u+k) v) / (b + e^(u+k)), then a <- e^-w a + e^k v and b <- e^-w b + e^k. Each
    projection reads a learned mix of this token and the last one. Paper: https://arxiv.org/abs/2305.13048
    """
    channels = (int(inner),)
    own = (
        Tensor("time_decay", channels, role="decay"),
        Tensor("time_first", channels, role="first"),
        *shifted("key", "value", "receptance", width=width),
    )
    inside = (
        linear("key", width, inner, role="key"),
        linear("value", width, inner, role="value"),
        linear("receptance", width, inner, role="receptance"),
        linear("output", inner, width, role="output"),
    )
    slots = facts(inner=inner, width=width, state_dtype="float32")
    return Block("rwkv", name, slots, own, inside)


def shifted(*names: str, width: int) -> tuple[Tensor, ...]:
    """How much of this token each projection reads, channel by channel; the rest is the last token's."""
    return tuple(
        Tensor(f"time_mix_{name}", (1, 1, int(width)), role=f"{name}_mix") for name in names
    )


def mamba2(
    name: str,
    *,
    width: int,
    heads: int,
    head_dim: int,
    state_dim: int,
    groups: int,
    taps: int,
    activation: str,
    bias: bool = False,
    output_bias: bool | None = None,
    convolution_bias: bool = True,
    normed: bool = True,
    state_dtype: str | Fact = "float32",
) -> Block:
    """A selective state space whose decay is one number a head: S <- a S + dt x BT, y = S C + D x.

    `output_bias` is stated where it differs from `bias`; `normed` is false where only a gate follows.
    Paper: https://arxiv.org/abs/2405.21060
    """
    inner = heads * head_dim
    mixed = inner + 2 * groups * state_dim  # x, B and C pass through the convolution
    biased = bias if output_bias is None else output_bias
    streams = ("gate", "x", "B", "C", "step")
    inside = (
        linear(
            "in_proj",
            width,
            inner + mixed + heads,
            role=streams,
            bias=bias,
            rows=(inner, inner, groups * state_dim, groups * state_dim, heads),
        ),
        convolution("conv1d", mixed, taps, bias=convolution_bias),
        *((rms_norm("norm", inner, role="output_norm"),) if normed else ()),
        linear("out_proj", inner, width, role="output", bias=biased),
    )
    slots = facts(
        heads=heads,
        head_dim=head_dim,
        state_dim=state_dim,
        groups=groups,
        taps=taps,
        activation=activation,
        state_dtype=state_dtype,
    )
    per_head = (int(heads),)
    own = (
        Tensor("dt_bias", per_head, role="step_bias"),
        Tensor("A_log", per_head, role="decay"),
        Tensor("D", per_head, role="skip"),
    )
    return Block("mamba2", name, slots, own, inside)
