"""The stream through a model as code: branches, sums, mixers, both ends. A run is this code, executed."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from llm_gallery.architecture.block import Block, children, join
from llm_gallery.architecture.kinds import ALTERNATING, DEPTH_SHARES, OVER_DEPTH, WEIGHED
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.binding import takes_values
from llm_gallery.code.functions import Functions
from llm_gallery.code.mixers import Mixers
from llm_gallery.code.parts import part, view
from llm_gallery.code.values import Function, Known, Part, Value, constant, name
from llm_gallery.mechanisms import keeps, read_beside
from llm_gallery.mechanisms._mechanism import Beside

WIRED = ("language_model", "group", "layer")
SCALES = ("stream_scale", "residual_scale")
SIDES = "abcdefg"
"""What the summands of a sum are called ..."""
EMBEDDED: Final = "embedded"
"""What the embedding gave, where layers read it again."""
LOOPED: Final = "looped"
"""What was before a loop is called, where each pass reads it again."""
STATES: tuple[Beside, ...] = ("high", "low")
"""What two states are called that runs of layers read the sum of."""
BRANCHED: Final = "branched"
"""What a branch reads, which has another name from branch to branch."""
ROWS: Mapping[str, str] = {"row": "rows[:, i]", "tokens": "tokens", EMBEDDED: EMBEDDED}
"""What each layer may read that was there before them all, and what the loop gives it."""
HANDED: tuple[Beside, ...] = ("routing", "memory", *STATES, LOOPED, "messages")
"""What each layer may hand to the next."""
OF_PATCHES = ("positions", "places", "stream", "asked", "visible")
"""What layers hand on where bytes become patches and bytes again: where the rows at work stand, where the bytes stand, the
bytes, and what is asked by whom."""
ENDS, BIAS = "ends", "bias"
"""Whether a patch ends with each byte; what all layers add to their scores. Both are there before the layers."""
KNOWN: Collection[str] = {*ROWS, *HANDED, "rows", "positions", "patches", BRANCHED}
"""All that a file has beside the stream."""
INNER = {"x": "y", "y": "z"}
"""... and a branch of a stream."""


@dataclass(slots=True)
class Stream:
    """Lines that carry a stream through the parts of one function."""

    root: Block
    whole: Mapping[str, Any]
    functions: Functions
    mixers: Mixers
    several: bool  # whether a layer has several parts that keep something
    beside: Mapping[str, str]  # what else a layer reads: its name there, and what the loop gives
    handed: tuple[str, ...]  # what each layer hands to the next beside the stream
    passes: int  # how often a token runs the layers
    between: tuple[str, Block] | None  # the norm between two passes, with its path
    lines: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)  # of its mixers, where they differ
    past: str = "past[0]"  # where what a mixer keeps is held: beside the first layer's what stands before it
    recalled: bool = False  # whether what the last layer's router scored was read
    branched: str = "x"  # what the branch at work reads, before its norms

    @property
    def past_type(self) -> str:
        """The type of what a layer keeps."""
        return "dict[str, Past]" if self.several else "Past"

    @property
    def numbered(self) -> bool:
        """Whether a layer asks for its number: one of its mixers does, or a sum that counts those before it."""
        return self.mixers.numbered or self.whole["residual"] == DEPTH_SHARES

    def anew(self) -> Stream:
        """The same with no lines yet: for another function."""
        return replace(self, lines=[], settings=[], recalled=False, past="past")

    def through(self, parts: Sequence[tuple[str, Block]], source: str, target: str) -> str:
        """Parts one after another; what the last one gives, as an expression."""
        if any(block.settings.get("from_start") for _, block in parts):
            self.lines.append(f"start = {source}")
        given = source
        for path, block in parts:
            if block.stands_apart:
                continue
            if given != source:
                self.line(target, given)
                given = target
            source = given
            given = self.after(path, block, source, target)
        return given

    def line(self, target: str, given: str) -> None:
        """A line that names what was given, if it has no name yet."""
        if given != target:
            self.lines.append(f"{target} = {given}")

    def after(self, path: str, block: Block, source: str, target: str) -> str:
        """What one part makes of the stream `source`; `target` is the name for what is on its way."""
        if not block.is_run:
            return source
        match block.kind:
            case "layer" if self.whole["residual"] == ALTERNATING:
                return self.alternating(path, block, source)
            case kind if kind in WIRED:
                return self.through([*children(path, block)], source, target)
            case "residual":
                return self.added(path, block, source)
            case "sum":
                sides = []
                for letter, (at, side) in zip(SIDES, children(path, block), strict=False):
                    sides.append(self.after(at, side, source, letter))
                return self.scaled(f"({' + '.join(sides)})", "sum_scale", block.settings)
            case "embedding":
                embedded = self.scaled(self.plain(path, block, "tokens"), "embedding_scale")
                if EMBEDDED not in self.beside:
                    return embedded
                self.lines.append(f"{EMBEDDED} = {embedded}")
                return EMBEDDED
            case "joined_embedding":
                return f"np.concatenate([{source}, {EMBEDDED}], axis=-1)"
            case "connection" if any(tensor.role == "memory" for tensor in block.tensors):
                scales: list[Value] = [part([block], self.whole, path), name("routing")]
                left = self.functions.text(Function("learned_scales", "remembered"), scales)
                self.lines.append(f"routing = {left}")
                self.recalled = True
                return source
            case "exit_gate":
                return source  # it says which pass is read; all of them run
            case "per_layer_embedding":
                self.lines.append(f"rows = {self.plain(path, block, 'tokens')}")
                return source
            case "decay_floors":
                self.lines.append(f"rows = {self.plain(path, block)}")
                return source
            case "per_layer_input" if "rows" in read_beside(block):
                self.lines.append(f"rows = {self.plain(path, block, source, 'rows')}")
                return source
            case "loop_input":
                if block.settings.get("begins"):
                    self.line(LOOPED, source)
                return f"({source} + {LOOPED})"
            case "loop_messages":
                self.lines.append(f"{source}, messages = {self.plain(path, block, source)}")
                return source
            case "message_gate":  # each takes its own of what is left
                self.line(target, self.plain(path, block, source, "messages[0]"))
                self.lines.append("messages = messages[1:]")
                return target
            case "position_bias":
                self.lines.append(f"{BIAS} = {self.plain(path, block, 'positions')}")
                return source
            case "patcher":
                return self.guessed(path, block, source)
            case "patching":
                return self.patched(path, block, source)
            case "patch_attention":
                return self.plain(path, block, source, "asked", "visible")
            case "state_sum":
                state = str(block.value("state"))
                self.line(state, source)
                return f"({STATES[0]} + {STATES[1]})"
            case _ if "source" in block.roles:
                self.lines.append(f"source = {self.plain(path, block, source)}")
                return "source"
            case "moe" if block.value("shortcut"):
                return self.plain(path, block, "source")
            case "moe" if block.value("router_inner"):
                return self.remembering(path, block, source)
            case "convolution":
                return self.convolved(path, block, source)
            case "head":
                return self.headed(path, block, source)
            case kind if keeps(kind):
                return self.mixed(path, block, source, target)
        beside = [self.branched if word == BRANCHED else word for word in read_beside(block)]
        return self.plain(path, block, source, *beside)

    def plain(self, path: str, block: Block, *given: str) -> str:
        """The call of a part that keeps nothing."""
        return self.functions.plain(block, path, self.whole, *map(name, given))

    def mixed(self, path: str, block: Block, source: str, target: str) -> str:
        """A mixer, which takes what it kept and gives what it keeps."""
        kept, before = self.past, self.past
        if self.several:
            kept, before = f"{self.past}[{path!r}]", f"{self.past}.get({path!r}, {{}})"
            if takes_values(block):
                before += " | {'first': first}"
            if block.value("shared_index"):
                before += " | {'chosen': chosen}"
        elif self.past != "past":
            raise Refusal("can't run yet: what stands before the layers keeps something")
        if block.settings.get("shared_bias"):
            before += f" | {{{BIAS!r}: {BIAS}}}"
        call, settings = self.mixers.call(block, path, source, before)
        if settings is not None:
            self.settings.append(settings)
        self.lines.append(f"{target}, {kept} = {call}")
        if self.several and block.settings.get("lends"):
            self.lines.append(f"chosen = {kept}.pop('chosen')")
        if block.value("lends_memory"):
            self.lines.append(f"memory = {kept}.pop('memory')")
        if "first" in self.handed and block.mixes_tokens:
            self.lines.append(f"first = {kept}.pop('first')")
        return target

    def guessed(self, path: str, block: Block, source: str) -> str:
        """Where patches end, by a small model's guess of each next byte; the stream as it was."""
        scores = self.through([*children(path, block)], INNER[source], INNER[source])
        most = block.settings["threshold"]
        given: list[Value] = [
            ast.parse(scores, mode="eval").body,
            Known((most,), name(self.number("threshold", most))),
            name("positions"),
        ]
        self.lines.append(f"{ENDS} = {self.functions.text(Function('patching', 'ended'), given)}")
        return source

    def patched(self, path: str, block: Block, source: str) -> str:
        """Bytes as vectors of patches, these as one each, or the bytes again; what isn't whole yet is kept."""
        made = part([block], self.whole, path)
        self.functions.kind = self.functions.title = block.kind
        given: list[Value] = [made.settings, made, name(source)]
        kept = f"{self.past}['patches']"
        before = ast.parse(f"{self.past}.get('patches', {{}})", mode="eval").body
        if block.value("way") == "joined":
            return self.functions.text(Function("patching", "joined"), [*given, name("positions")])
        if block.value("way") == "to patches":
            given += [before, name(ENDS)]
            entered = self.functions.text(Function("patching", "entered"), given)
            self.lines.append(f"stream, places = {source}, positions")
            self.lines.append(f"{source}, asked, visible, positions, {kept} = {entered}")
            return source
        given += [before, name("stream"), name(ENDS)]
        left = self.functions.text(Function("patching", "left"), given)
        self.lines.append(f"asked, visible, {kept} = {left}")
        self.lines.append("positions = places")
        return "stream"

    def convolved(self, path: str, block: Block, source: str) -> str:
        """The stream with what a convolution over its tokens adds."""
        before = ast.parse(f"past.get({path!r}, {{}}).get('inputs')", mode="eval").body
        made = self.functions.plain(block, path, self.whole, name(source), before)
        self.lines.append(f"more, inputs = {made}")
        self.lines.append(f"past[{path!r}] = {{'inputs': inputs}}")
        return f"({source} + more)"

    def added(self, path: str, block: Block, source: str) -> str:
        """The stream with what a branch makes of it."""
        connection = next((part for part in children(path, block) if part[1].connects), None)
        if connection is not None:
            return self.connected(path, block, connection, source)
        self.branched = read = "start" if block.settings.get("from_start") else source
        branch = self.through([*children(path, block)], read, INNER[source])
        scales = [block.settings.get(word, self.root.value(word)) for word in SCALES]
        if any(scale is not None and not isinstance(scale, int | float) for scale in scales):
            raise Refusal("can't print yet: a scale of a branch that is no one number")
        stream, branch = (
            self.scaled(text, word, block.settings)
            for text, word in zip((source, branch), SCALES, strict=True)
        )
        return f"{stream} + {branch}"

    def connected(self, path: str, block: Block, connection: tuple[str, Block], source: str) -> str:
        """The streams, or the sums, with what a branch makes of what it reads of them."""
        target = INNER[source]
        if (way := self.whole["residual"]) in WEIGHED:
            *branch, last = children(path, block)
            self.line(target, self.through(branch, source, target))
            own = part([last[1]], self.whole, last[0])
            given: list[Value] = [own.settings, own, name(source), name(target)]
            return self.functions.text(Function(way.replace(" ", "_"), "joined"), given)
        branch = [part for part in children(path, block) if not part[1].connects]
        if self.whole["residual"] == OVER_DEPTH:
            self.line(target, self.plain(*connection, source))
            given_back = self.through(branch, target, target)
            self.line(target, self.scaled(given_back, "residual_scale", block.settings))
            word = "new_sum" if block.settings.get("begins") else "added_to_last"
            return self.functions.text(
                Function("depth_attention", word), [name(source), name(target)]
            )
        own = part([connection[1]], self.whole, connection[0])
        mix = "mix" if connection[1].value("mixing") else "_"
        self.lines.append(f"{target}, write, {mix} = {self.plain(*connection, source)}")
        self.line(target, self.through(branch, target, target))
        given = [own.settings, *map(name, (source, target, "write", mix))]
        return self.functions.text(Function("hyper_connection", "written"), given)

    def alternating(self, path: str, block: Block, source: str) -> str:
        """The streams after a layer that works on the first; its last branch is added to the others."""
        (at, first), *middle, (last_at, last) = children(path, block)
        place, held = next(one for one in children(at, first) if one[1].connects)
        own = part([held], self.whole, place)
        self.line(source, self.updated("predict", own, name(source)))
        target = INNER[source]
        self.line(target, f"{source}[:, 0]")
        plain = replace(first, inside=tuple(p for p in first.inside if not p.connects))
        self.line(target, self.through([(at, plain), *middle], target, target))
        self.line(source, self.updated("correct", own, name(source), name(target)))
        self.line(target, self.updated("first_stream", own.settings, own, name(source)))
        self.line(target, self.through([*children(last_at, last)], target, target))
        return self.updated("added_to_others", name(source), name(target))

    def updated(self, step: str, *given: Value) -> str:
        """The call of a step of alternating updates."""
        return self.functions.text(Function("alternating_updates", step), [*given])

    def remembering(self, path: str, block: Block, source: str) -> str:
        """The call of a mixture whose router adds the last layer's state to its own, which the next layer is given."""
        made = part([block], self.whole, path)
        router, stored = made.parts.held["router"], block.child("router")
        assert isinstance(router, Part)
        assert stored is not None
        held = replace(router, path=view(join(path, stored.name)))
        self.functions.kind = self.functions.title = "router"
        before = [name("routing")] if self.recalled else []
        given: list[Value] = [held, name(source), *before]
        self.lines.append(f"routing = {self.functions.text(Function('router', 'state'), given)}")
        self.functions.kind = self.functions.title = block.kind
        given = [made.settings, made, name(source), name("routing")]
        return self.functions.text(Function(block.kind, "forward"), given)

    def scaled(self, text: str, word: str, own: Mapping[str, Any] | None = None) -> str:
        """Times a number of the branch or of the model, where there is one."""
        value = (own or {}).get(word, self.root.value(word))
        return text if value is None else f"{text} * {self.number(word, value)}"

    def number(self, word: str, value: Any) -> str:
        """The name of a constant."""
        made = constant(word, value)
        self.functions.numbered(made, value)
        return made.id

    def headed(self, path: str, block: Block, source: str) -> str:
        """The scores, scaled and capped as the model says."""
        text = self.scaled(self.plain(path, block, source), "logit_scale")
        cap = self.root.value("logit_softcap")
        if cap is None:
            return text
        scores, most = ast.parse(text, mode="eval").body, name(self.number("logit_softcap", cap))
        return self.functions.text(Function("_array", "capped"), [scores, Known((cap,), most)])


def keeping(path: str, block: Block) -> Iterator[tuple[str, Block]]:
    """What keeps something in a layer, with its path."""
    for at, inside in children(path, block):
        if keeps(inside.kind) or inside.kind in ("convolution", "patching"):
            yield at, inside
        elif inside.joins and inside.used:  # what no text runs through keeps nothing of it
            yield from keeping(at, inside)
