"""From tokens to scores: the stream through the tree, block by block."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from llm_gallery.architecture.block import Architecture, Block, children, distinct, main_stack
from llm_gallery.architecture.kinds import ALTERNATING, OVER_DEPTH, WEIGHED
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.mechanisms import keeps, read_beside
from llm_gallery.mechanisms.forward import alternating_updates as altup
from llm_gallery.mechanisms.forward._array import Array, capped
from llm_gallery.mechanisms.forward.connection import JOINED
from llm_gallery.mechanisms.forward.depth_attention import begun, grown
from llm_gallery.mechanisms.forward.hyper_connection import written
from llm_gallery.mechanisms.forward.learned_scales import remembered
from llm_gallery.mechanisms.forward.router import state
from llm_gallery.mechanisms.forward.scores import forgotten
from llm_gallery.running.binding import CHOICE, CHOOSING, borrowed, of_the_model, takes_values
from llm_gallery.running.parts import Checkpoint, Part
from llm_gallery.running.past import Past
from llm_gallery.running.patches import KEPT, Patches, idle, leaves
from llm_gallery.running.proven import passed_over, refused, unwired


@dataclass(slots=True)
class Walk:
    """One pass of tokens through a tree."""

    root: Block
    checkpoint: Checkpoint
    tokens: Array
    past: Past
    positions: Array
    borrowed: Mapping[str, str]  # a mixer's path -> the path whose keys and values it reads
    choosing: Container[str]  # paths of mixers whose choice of tokens later layers see
    kept: dict[str, Mapping[str, Array]] = field(default_factory=dict)
    lent: dict[str, Part] = field(default_factory=dict)  # mixers whose keys later layers see
    chosen: Array | None = None  # which tokens the last indexer chose: (tokens, keys)
    values: Array | None = None  # of the first layer, where later ones take a share of them
    ending: tuple[str, Block] | None = None  # the norm after the stack
    rows: Array | None = None  # of the per-layer embeddings: (tokens, layers, width)
    source: Array | None = None  # what the experts of a shortcut read: an earlier norm's
    routing: Array | None = None  # what the last router scored: (tokens, inner)
    branched: Array | None = None  # what the branch at work reads, before its norms
    start: Array | None = None  # the stream as the layer at work was given it
    embedded: Array | None = None  # what the embedding gave, which some branches read too
    bias: Array | None = None  # on the scores of all layers, by distance: (heads, tokens, keys)
    memory: Array | None = None  # what a state space read that later layers gate: (tokens, inner)
    looped: Array | None = None  # what was before a loop, which each pass reads again
    patches: Patches = field(init=False)
    states: dict[str, Array] = field(default_factory=dict)  # two that layers read the sum of
    messages: Iterator[Array] = field(default_factory=lambda: iter(()))  # of a loop's last pass

    def __post_init__(self) -> None:
        self.patches = Patches(self.past.kept.get(KEPT, {}), self.positions)

    def through(self, parts: Sequence[tuple[str, Block]], x: Array, turn: str = "") -> Array:
        """The stream after several parts, one after another."""
        for at, (path, block) in enumerate(parts):
            if block.is_stack:
                self.ending = next((part for part in parts[at + 1 :] if part[1].is_norm), None)
            x = self.after(block, path, x, turn)
        return x

    def after(self, block: Block, path: str, x: Array, turn: str) -> Array:
        """The stream after one part; `turn` tells passes through the same layers apart."""
        if not block.is_run:
            return x
        match block.kind:
            case "group" | "language_model":
                return self.through([*children(path, block)], x, turn)
            case "layer" if self.checkpoint.whole.get("residual") == ALTERNATING:
                return self.alternating(block, path, x, turn)
            case "layer" if not len(x) and not leaves(block):
                self.kept |= idle(block, path, self.past.kept)
                return x
            case "layer":
                self.start = x
                return self.through([*children(path, block)], x, turn)
            case "stack":
                return self.stacked(block, path, x)
            case "patcher":
                logits = self.through([*children(path, block)], x)
                self.patches.end(logits, float(block.settings["threshold"]))
                return x
            case "patching":
                x = self.patches.between(block, x, lambda rows: self.part(block, path)(rows))
                self.positions, self.kept[KEPT] = self.patches.places, self.patches.now
                return x
            case "patch_attention":
                return np.asarray(
                    self.part(block, path)(x, self.patches.asked, self.patches.visible)
                )
            case "residual":
                return self.added(block, path, x, turn)
            case "sum":
                sides = [self.after(p, at, x, turn) for at, p in children(path, block)]
                return self.scaled(np.sum(sides, axis=0), "sum_scale", block.settings)
            case "embedding":
                self.embedded = self.scaled(self.part(block, path)(self.tokens), "embedding_scale")
                return self.embedded
            case "joined_embedding":
                assert self.embedded is not None
                return np.concatenate([x, self.embedded], axis=-1)
            case "head":
                y = self.scaled(self.part(block, path)(x), "logit_scale")
                cap = self.root.value("logit_softcap")
                return capped(y, float(cap)) if isinstance(cap, int | float) else y
            case "per_layer_embedding":
                self.rows = self.part(block, path)(self.tokens)
                return x
            case "per_layer_input" if "rows" in read_beside(block):
                self.rows = self.part(block, path)(x, self.rows)
                return x
            case "state_sum":
                return self.summed(block, path, x)
            case "loop_input":
                if block.settings.get("begins"):
                    self.looped = x
                return x + self.looped
            case "loop_messages":
                x, given = self.part(block, path)(x)
                self.messages = iter(given)
                return x
            case "message_gate":
                return np.asarray(self.part(block, path)(x, next(self.messages)))
            case _ if "source" in block.roles:
                self.source = np.asarray(self.part(block, path)(x))
                return self.source
            case "moe" if block.value("shortcut"):
                return np.asarray(self.part(block, path)(self.source))
            case "moe" if block.value("router_inner"):
                return self.remembering(block, path, x)
            case "connection" if any(tensor.role == "memory" for tensor in block.tensors):
                assert self.routing is not None
                self.routing = remembered(self.part(block, path).w, self.routing)
                return x
            case "connection":
                y = self.part(block, path)(x)
                return np.asarray(y if self.over_depth else y[0])
            case "decay_floors":
                self.rows = np.asarray(self.part(block, path)())
                return x
            case "position_bias":
                self.bias = self.part(block, path)(self.positions)
                return x
            case kind if keeps(kind):
                return self.mixed(block, path, x, turn)
            case "convolution":
                before = self.past.kept.get(path + turn, {}).get("inputs")
                y, inputs = self.part(block, path)(x, before)
                self.kept[path + turn] = {"inputs": inputs}
                return np.asarray(x + y)
            case "identity":
                return x
            case "exit_gate":
                return x  # it says which pass is read; all of them run
        beside = [getattr(self, word) for word in read_beside(block)]
        return np.asarray(self.part(block, path)(x, *beside))

    @property
    def row(self) -> Array:
        """Each token's row of the layer at work: (tokens, width)."""
        assert self.rows is not None
        return self.rows[:, self.checkpoint.whole["layer"]]

    @property
    def over_depth(self) -> bool:
        """Whether branches read a mean of sums, so that the stream is (tokens, sums, width)."""
        return bool(self.checkpoint.whole.get("residual") == OVER_DEPTH)

    def part(self, block: Block, path: str) -> Part:
        return Part(block, path, self.checkpoint)

    def scaled(self, x: Array, name: str, own: Mapping[str, Any] = MappingProxyType({})) -> Array:
        """x times a number of a branch or of the whole model, where either states one."""
        scale = own.get(name, self.root.value(name))
        if scale is None:
            return x
        if not isinstance(scale, int | float):
            raise Refusal(f"can't run yet: {name} is {scale!r}, which is no one number")
        return np.asarray(x * x.dtype.type(scale))

    def stacked(self, block: Block, path: str, x: Array) -> Array:
        """The layers, as often as a token runs them."""
        if odd := unwired(block):
            raise Refusal(f"can't run yet: the stack states {', '.join(odd)}")
        streams = block.value("streams")
        if streams and block.value("residual") != ALTERNATING:  # those are many before it
            x = np.repeat(x[:, None], int(streams), axis=1)
        if self.over_depth:
            x = x[:, None]  # the embedding is the first sum
        whole, parts = self.checkpoint.whole, [*children(path, block)]
        for turn in range(int(block.value("passes") or 1)):
            if turn and block.value("pass_norm") and self.ending is not None:
                x = self.through([self.ending], x)
            for number, part in enumerate(parts):
                self.checkpoint.whole = {**whole, "layer": number, "layers": len(parts)}
                x = self.through([part], x, f"@{turn}" if turn else "")
        self.checkpoint.whole = whole
        return x.mean(axis=1) if block.settings.get("collapsed") == "mean" else x

    def added(self, block: Block, path: str, x: Array, turn: str) -> Array:
        """The stream with what a branch makes of it."""
        connection = next((part for part in block.inside if part.connects), None)
        if connection is not None:
            return self.connected(block, path, connection, x, turn)
        own = block.settings
        self.branched = read = self.start if own.get("from_start") and self.start is not None else x
        branch = self.through([*children(path, block)], read, turn)
        return self.scaled(x, "stream_scale", own) + self.scaled(branch, "residual_scale", own)

    def connected(self, block: Block, path: str, connection: Block, x: Array, turn: str) -> Array:
        """The streams, or the sums, with what a branch makes of what it reads of them."""
        if (way := self.checkpoint.whole["residual"]) in WEIGHED:
            *branch, last = children(path, block)
            part = self.part(last[1], last[0])
            return JOINED[way](part.b, part.w, x, self.through(branch, x, turn))
        at = {id(part): below for below, part in children(path, block)}
        read = self.part(connection, at[id(connection)])(x)
        branch = [(at[id(part)], part) for part in block.inside if not part.connects]
        if self.over_depth:
            y = self.scaled(self.through(branch, read, turn), "residual_scale", block.settings)
            return begun(x, y) if block.settings.get("begins") else grown(x, y)
        y, write, mix = read
        return written(x, self.through(branch, y, turn), write, mix)

    def alternating(self, block: Block, path: str, x: Array, turn: str) -> Array:
        """The streams after a layer that works on the first; its last branch is added to the others."""
        (at, first), *middle, (last_at, last) = children(path, block)
        connection = next(part for part in children(at, first) if part[1].connects)
        part = self.part(connection[1], connection[0])
        x = altup.predict(part.w, x)
        plain = replace(first, inside=tuple(p for p in first.inside if not p.connects))
        y = self.through([(at, plain), *middle], x[:, 0], turn)
        x = altup.correct(part.w, x, y)
        lead = altup.leading(part.b, part.w, x)
        return altup.joined(x, self.through([*children(last_at, last)], lead, turn))

    def mixed(self, block: Block, path: str, x: Array, turn: str) -> Array:
        """What a mixer makes of the stream and of what it kept."""
        source = self.borrowed.get(path)
        given = dict(self.past.kept.get(path + turn, {}))
        if source:  # but that a choice is made with keys of the layer's own
            lent = self.kept[source].items()
            given |= {k: a for k, a in lent if not k.startswith(CHOOSING)}
        part = self.part(block, path)
        if path in self.borrowed.values():
            self.lent[path] = part
        if path in self.choosing or (path in self.lent and block.keeps_heads):
            part.b.told("lends", True)
        if block.value("shared_index"):
            assert self.chosen is not None
            given["chosen"] = self.chosen
        if takes_values(block):
            assert self.values is not None
            given["first"] = self.values
        if block.settings.get("shared_bias"):
            assert self.bias is not None
            given["bias"] = self.bias
        read = next(iter(read_beside(block)), "positions")
        y, now = part(x, given, getattr(self, read))
        self.chosen = now.pop("chosen", self.chosen)
        self.memory = now.pop("memory", self.memory)
        self.values = now.pop("first", self.values)
        own = {k: a for k, a in now.items() if k.startswith(CHOOSING)} if source else now
        self.kept[path + turn] = own
        return np.asarray(y)

    def summed(self, block: Block, path: str, x: Array) -> Array:
        """The stream, which becomes one of two states, with the other one added."""
        part = self.part(block, path)
        self.states[part.b.state] = x
        return np.asarray(part(x, self.states.get("low" if part.b.state == "high" else "high")))

    def remembering(self, block: Block, path: str, x: Array) -> Array:
        """What a mixture gives whose router adds the last layer's state to its own."""
        part = self.part(block, path)
        self.routing = state(part.w.router.w, x, self.routing)
        return np.asarray(part(x, self.routing))

    def forget(self) -> None:
        """What was kept whole for the layers that borrowed it is cut to what the next tokens see."""
        for path, part in self.lent.items():
            self.kept[path] = {k: forgotten(part.b, a) for k, a in self.kept[path].items()}


def run(
    architecture: Architecture,
    weights: Mapping[str, Any],
    tokens: Sequence[int],
    past: Past | None = None,
) -> tuple[Array, Past]:
    """The scores of every next token, (tokens, vocabulary), and what is kept for the next call.

    `weights` maps the names of `llm_gallery.tensors`, which are the checkpoint's, to numpy arrays of
    one dtype, float32 or float64, in which all is computed; those of whole numbers stay such. Where all
    tokens see each other, the scores are those of each place, and nothing is kept to go on from. Raises
    Refusal where a tensor is missing, and where the model has what nothing computes yet.
    """
    if reason := refused(architecture):
        raise Refusal(f"can't run yet: {reason}")
    return walked(architecture, weights, tokens, past)


def walked(
    architecture: Architecture,
    weights: Mapping[str, Any],
    tokens: Sequence[int],
    past: Past | None = None,
) -> tuple[Array, Past]:
    """The same, whether or not the family's runs were proven: for what proves them."""
    return checked(architecture, weights, tokens, past)[:2]


def checked(
    architecture: Architecture,
    weights: Mapping[str, Any],
    tokens: Sequence[int],
    past: Past | None = None,
) -> tuple[Array, Past, Sequence[Part]]:
    """The same, and the parts that ran."""
    y, now, bound = unchecked(architecture, weights, tokens, past)
    if wrong := [*unasked(bound)]:
        raise Refusal(f"can't run yet: nothing computes with {', '.join(wrong)}")
    return y, now, bound


def unchecked(
    architecture: Architecture,
    weights: Mapping[str, Any],
    tokens: Sequence[int],
    past: Past | None = None,
) -> tuple[Array, Past, Sequence[Part]]:
    """The same, whatever nothing computes with: for what shows that each fact counts."""
    before = Past() if past is None else past
    root = architecture.root
    if before.seen and any("bidirectional" in block.facts for block in distinct(root)):
        raise Refusal(
            f"{before.seen} tokens went before, and each sees those after it, so that nothing was kept of them; "
            "give the whole text"
        )
    checkpoint = checkpoint_of(root, weights)
    ids = np.asarray(tokens, dtype=np.int64)
    learned = prompt(root)
    positions = len(learned) + before.seen + np.arange(len(ids))
    if not before.seen:
        ids, positions = np.concatenate([learned, ids]), np.arange(len(learned) + len(ids))
    choosing = {k.source.rpartition(".")[0] for k in architecture.links if k.flow == CHOICE}
    walk = Walk(root, checkpoint, ids, before, positions, borrowed(architecture), choosing)
    y = walk.after(root, root.name, ids, "")[-len(tokens) :]
    walk.forget()
    return y, Past(before.seen + len(tokens), walk.kept), checkpoint.bound


def prompt(root: Block) -> Array:
    """The rows of the embedding that stand before any text, where a model has learned some."""
    learned = (b.settings["prompt"] for b in distinct(root) if "prompt" in b.settings)
    first, count = next(learned, (0, 0))
    return np.arange(first, first + count)


def checkpoint_of(root: Block, weights: Mapping[str, Any]) -> Checkpoint:
    """The weights with what holds for the whole model. Raises Refusal where no key says the norms' epsilon."""
    whole = of_the_model(root)
    if "eps" not in whole:
        raise Refusal("can't run yet: no key says the epsilon of the norms; add rms_norm_eps")
    stack = main_stack(root)
    if stack is not None:
        whole["residual"] = stack.value("residual")
    return Checkpoint(weights, whole)


def unasked(bound: Sequence[Part]) -> Iterator[str]:
    """Facts and parts that a forward passed over, so that what it gave isn't the model."""
    found = {}
    for part in bound:
        for name in passed_over(part.block, part.b._asked):
            found[f"{part.block.kind}.{name}"] = True
        for name in part.w._held.keys() - part.w._asked:
            found[f"{part.path}: {name}"] = True
    yield from list(found)[:4]
