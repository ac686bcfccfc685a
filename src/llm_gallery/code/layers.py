"""The layers of a model as code: a function for each sort, and which layer is of which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from llm_gallery.architecture.block import Block, distinct, join, walk
from llm_gallery.architecture.repeats import fold
from llm_gallery.code.lending import Lending
from llm_gallery.code.lent import START
from llm_gallery.code.mixers import SETTINGS
from llm_gallery.code.titles import of_channels, of_layers
from llm_gallery.code.wiring import ENDS, Stream

OWN = ("positions",)
"""What a layer is given in any model, and hands on in some."""
OF_LISTS = {"messages": "list[Array]"}
"""What layers hand on that is no one array, and its type."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer's statements, in which a word stands for its mixers' settings, and these."""

    text: str
    settings: tuple[str, ...]

    def stated(self) -> str:
        """The statements with the settings of this layer."""
        text = self.text
        for one in self.settings:
            text = text.replace(SETTINGS, one, 1)
        return text


@dataclass(frozen=True, slots=True)
class Stack:
    """All layers of a model."""

    stream: Stream
    lending: Lending
    path: str

    def code(self) -> tuple[str, str, str]:
        """The functions of the layers, which layer is of which sort, and the loop over them."""
        blocks = self.lending.layers
        keys = [*map(self.stream.mixers.builds.whole, blocks)]
        distinct = dict(zip(keys, blocks, strict=True))
        made = {key: self.layer(block) for key, block in distinct.items()}
        layers = [made[key] for key in keys]
        one_text = len({layer.text for layer in layers}) == 1
        alike = len({*layers}) == 1 or (one_text and len(layers[0].settings) < 2)
        functions, schedule, loop = (self.alike if alike else self.of_sorts)(layers)
        if self.lending.sources:
            own = min(self.lending.sources)  # so many layers make their own keys and values
            readers = [str(i) for i in self.lending.read()[own:]]
            schedule += f"SOURCES = [*range({own})] + {folded(readers)}\n"
        return functions, schedule, loop

    def layer(self, block: Block) -> Layer:
        """One layer."""
        stream = self.stream.anew()
        given = stream.after("", block, "x", "x")
        back = ", ".join(("past", *stream.handed))
        lines = [*stream.lines, f"return {given}, {back}"]
        if ENDS in stream.beside and not leaves(block):  # no patch may be whole
            lines = ["if not len(x):", f"    return x, {back}", *lines]
        return Layer("".join(f"    {line}\n" for line in lines), tuple(stream.settings))

    def alike(self, layers: Sequence[Layer]) -> tuple[str, str, str]:
        """One function for all, which takes what differs."""
        schedule = [one for layer in layers for one in layer.settings]
        if len({*layers}) == 1:
            function = self.function("layer", layers[0].stated(), "")
            return function, "", self.loop("for i in range(LAYERS):", "")
        of = self.stream.mixers.type_of(schedule[0])
        function = self.function("layer", layers[0].text.replace(SETTINGS, "b"), f"b: {of}, ")
        return (
            function,
            _schedule(schedule),
            self.loop("for i, b in enumerate(SCHEDULE):", "b, "),
        )

    def of_sorts(self, layers: Sequence[Layer]) -> tuple[str, str, str]:
        """A function for each sort."""
        sorts = dict(zip(layers, self.lending.layers, strict=True))
        if self.takes_settings(sorts):
            return self.of_settings(layers)
        words = dict(zip(sorts, self.names(sorts), strict=True))
        functions = [self.function(word, layer.stated(), "") for layer, word in words.items()]
        return (
            "\n\n".join(functions),
            _schedule([words[layer] for layer in layers]),
            self.loop("for i, layer in enumerate(SCHEDULE):", ""),
        )

    def takes_settings(self, sorts: Mapping[Layer, Block]) -> bool:
        """Whether all sorts have settings of one type, and some of them differ in nothing else."""
        if any(len(layer.settings) != 1 for layer in sorts):
            return False
        types = {self.stream.mixers.type_of(layer.settings[0]) for layer in sorts}
        return len(types) == 1 and len({layer.text for layer in sorts}) < len(sorts)

    def of_settings(self, layers: Sequence[Layer]) -> tuple[str, str, str]:
        """A function for each sort that differs in more than settings, which it takes."""
        texts = {
            layer.text: block for layer, block in zip(layers, self.lending.layers, strict=True)
        }
        of = self.stream.mixers.type_of(layers[0].settings[0])
        bare = {Layer(text, ()): block for text, block in texts.items()}
        words = {layer.text: word for layer, word in zip(bare, self.names(bare), strict=True)}
        functions = [
            self.function(word, text.replace(SETTINGS, "b"), f"b: {of}, ")
            for text, word in words.items()
        ]
        return (
            "\n\n".join(functions),
            _schedule([f"({words[layer.text]}, {layer.settings[0]})" for layer in layers]),
            self.loop("for i, (layer, b) in enumerate(SCHEDULE):", "b, "),
        )

    def names(self, sorts: Mapping[Layer, Block]) -> list[str]:
        """A name for each sort of layer: how far it sees, its mixers, what it does to channels."""
        tags = []
        for layer, block in sorts.items():
            held = (part for _, part in walk(block) if part.mixes_tokens)
            mixers = "_".join(dict.fromkeys(map(self.stream.mixers.title_of, held)))
            tags.append(("_".join(layer.settings).lower(), mixers, of_channels(block)))
        return of_layers(tags)

    def function(self, word: str, text: str, first: str) -> str:
        """A layer's function; `first` is a parameter before the others."""
        past, last = self.stream.past_type, ", layer: int" if self.stream.numbered else ""
        more = "".join(f", {given}: Array" for given in self.stream.beside)
        types = [OF_LISTS.get(given, "Array") for given in self.stream.handed]
        given = zip(self.stream.handed, types, strict=True)
        more += "".join(f", {word}: {of}" for word, of in given if word not in OWN)
        gives = f"tuple[{', '.join(('Array', past, *types))}]"
        width = self.stream.root.number("width")
        return (
            f"def {word}({first}w: Weights, x: Array, past: {past}, positions: Array{more}{last}) -> {gives}:\n"
            f'    """x (T, {width}) to the same, and what the layer keeps."""\n{text}'
        )

    def loop(self, head: str, first: str) -> str:
        """The loop over the layers."""
        stream, last = self.stream, ", i" if self.stream.numbered else ""
        view = join(self.path, "{i}")
        handed = [word for word in stream.handed if word not in OWN]
        more = "".join(f", {given}" for given in (*stream.beside.values(), *handed))
        call = f"layer({first}w.at(f'{view}'), x, {self.lending.past()}, positions{more}{last})"
        lines = [head, f"    {', '.join(('x', 'past[i]', *stream.handed))} = {call}"]
        if self.lending.chosen:  # each layer hands on which tokens it saw
            lines = ["lent: Past = {}", *lines, "    lent = {'chosen': past[i].pop('chosen')}"]
        if stream.passes > 1:
            lines = self.again(lines)
        before = [self.first(word) for word in handed]
        return "\n".join([*before, *lines, *self.lending.forgotten(stream.functions, stream.whole)])

    def first(self, word: str) -> str:
        """A line with what the first layer is handed: nothing, or the low state before a run wrote it."""
        for block in distinct(self.stream.root) if word == "low" else ():
            for tensor in (one for one in block.tensors if one.role == START):
                return f"{word} = w[{tensor.stored_as!r}]"
        return f"{word}: {OF_LISTS[word]} = []" if word in OF_LISTS else f"{word} = np.empty(0)"

    def again(self, lines: Sequence[str]) -> list[str]:
        """The loop as often as a token runs it; each pass keeps what is its own."""
        made = [f"for turn in range({self.stream.number('passes', self.stream.passes)}):"]
        if self.stream.between is not None:
            path, norm = self.stream.between
            made += ["    if turn:", f"        x = {self.stream.plain(path, norm, 'x')}"]
        return made + [
            f"    {line}".replace("past[i]", "past[turn * LAYERS + i]") for line in lines
        ]


def leaves(layer: Block) -> bool:
    """Whether a layer is the first of bytes after those of patches."""
    return any(part.value("way") == "to bytes" for part in layer.inside)


def _schedule(words: Sequence[str]) -> str:
    return f"SCHEDULE = {folded(words)}\n"


def folded(schedule: Sequence[str]) -> str:
    """A list of names by its shortest repeating unit: `([LOCAL] * 5 + [GLOBAL]) * 10`."""
    words = [*dict.fromkeys(schedule)]
    sides: list[str] = []
    single: list[str] = []  # layers that no run repeats
    for run in fold([words.index(one) for one in schedule]):
        unit = [words[i] for i in run.unit]
        if run.times == 1:
            single += unit
            continue
        if single:
            sides.append(f"[{', '.join(single)}]")
            single = []
        text = f"[{', '.join(unit)}]"
        if len({*unit}) < len(unit):
            text = f"({folded(unit)})"
        sides.append(f"{text} * {run.times}")
    if single:
        sides.append(f"[{', '.join(single)}]")
    return " + ".join(sides)
