"""One self-contained Python file that runs a model: its numbers, its mechanisms, its layers, its checkpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from llm_gallery.architecture.block import (
    Architecture,
    Block,
    children,
    distinct,
    distinct_layers,
    main_stack,
    model_parts,
    stack_path,
)
from llm_gallery.architecture.kinds import ALTERNATING, OVER_DEPTH
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code import lent, program
from llm_gallery.code.binding import of_the_model
from llm_gallery.code.definitions import code_of, definitions
from llm_gallery.code.drafting import module_code, simple
from llm_gallery.code.functions import Functions
from llm_gallery.code.inlining import inlined
from llm_gallery.code.layers import Stack
from llm_gallery.code.lending import choosers, lending
from llm_gallery.code.merging import Merging
from llm_gallery.code.mixers import SETTINGS, Mixers, number
from llm_gallery.code.outline import MODEL, STREAM
from llm_gallery.code.rows import by_rows
from llm_gallery.code.sharing import shared, stored_together
from llm_gallery.code.supported import passed_over, refused, run_parts
from llm_gallery.code.values import Part, name
from llm_gallery.code.wiring import BIAS, ENDS, HANDED, KNOWN, OF_PATCHES, ROWS, Stream, keeping
from llm_gallery.families import saved_names
from llm_gallery.mechanisms import keeps, left_beside, read_beside
from llm_gallery.mechanisms.apart import drafting

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class File:
    """A printed file, and what its functions were made of."""

    text: str  # but for the breaks of long lines
    bound: Sequence[Part]  # parts of the model, each of which some function computes

    @property
    def asked_facts(self) -> set[tuple[str, str]]:
        """What its functions ask of which kind of block."""
        return {(b.kind, word) for part in self.bound for b, word in part.settings.each_asked()}

    @property
    def unread(self) -> Sequence[str]:
        """Facts and parts that no function asks for, so that what the file computes isn't the model."""
        return tuple(dict.fromkeys(word for part in self.bound for word in _unasked(part)))


def printed(architecture: Architecture, about: str, *, float8: bool = False) -> str:
    """The file, but for the breaks of long lines; `about` is its docstring.

    With `float8` it reads matrices of eight bits and their scales. Raises Refusal where the model can't run.
    """
    made = file_of(architecture, about, float8=float8)
    if made.unread:
        raise Refusal(f"can't run yet: nothing computes with {', '.join(made.unread[:4])}")
    return made.text


def file_of(architecture: Architecture, about: str = "", *, float8: bool = False) -> File:
    """The same, whatever nothing computes with."""
    root, stack = architecture.root, main_stack(architecture.root)
    if reason := refused(architecture):
        raise Refusal(f"can't run yet: {reason}")
    if stack is None:
        raise Refusal("can't run yet: the model has no stack of layers")
    for block in run_parts(root):
        if unknown := {*read_beside(block)} - {*KNOWN}:
            read = f"{block.kind.replace('_', ' ')} reads {', '.join(sorted(unknown))}"
            raise Refusal(f"can't run yet: {read}, which no file has")
    if "eps" not in root.settings:
        raise Refusal("can't run yet: no key says the epsilon of the norms; add rms_norm_eps")
    whole = of_the_model(root)
    whole |= {"layers": len(stack.inside), "residual": stack.value("residual")}
    functions = Functions(constants={"LAYERS": len(stack.inside)})
    for path, block in model_parts(root):
        if block.is_norm:  # the stream's has the plainest name
            functions.plain(block, path, whole, name("x"))
    lends = lending(architecture, stack, stack_path(root))
    kept = [[b for _, b in keeping("", layer)] for layer in lends.layers if layer.used]
    before = [
        block
        for _, part in model_parts(root)
        if part.is_run and not part.is_stack
        for block in distinct(part)
        if keeps(block.kind)
    ]
    held = [*before, *(b for blocks in kept for b in blocks if keeps(b.kind))]
    mixers = Mixers(held, whole, functions)
    several = any(len(blocks) > 1 for blocks in kept)
    passes = int(stack.value("passes") or 1)
    if (several or passes > 1) and (lends.sources or lends.chosen):
        raise Refusal("can't run yet: layers of several mixers lend what they keep")
    between = ending(root) if stack.value("pass_norm") else None
    stream = Stream(
        root, whole, functions, mixers, several, beside(root), handed(root), passes, between
    )
    layers, schedule, loop = Stack(stream, lends, stack_path(root)).code()
    drafts = drafting(root) if simple(stream, lends) else None
    model = whole_model(stream, loop, split=drafts is not None)
    if drafts is not None:
        model += "\n\n" + module_code(stream, *drafts)
    body = "\n\n".join([*functions.texts.values(), layers, *filter(None, [schedule]), model])
    together, values = stored_together(root), functions.constants
    split = [shared(one, together, values) for one in definitions(body)]
    rewritten = Merging(values, functions.shorter).merged(split)
    left = (shared(one, together, values) for one in inlined(rewritten, functions.forwards))
    body = code_of([*map(by_rows, left)])
    wrapped = any(block.other_modality for block in distinct(root))
    lent_names = [*lent.names(root)]
    parts = [
        program.TYPES,
        *mixers.classes(),
        *lent_names,
        *program.checkpoint(
            body,
            float8,
            flat(root),
            lent=bool(lent_names),
            saved=saved_names(architecture.model_type),
        ),
        body,
        program.generation(
            stream.past_type, passes > 1, wrapped, at_once(root), _switch(root, values)
        ),
    ]
    code = "\n\n".join(parts)
    constants = "".join(_constants(functions, code))
    text = f'"""{about}"""\n\n{_imports(functions, constants + code)}\n{constants}\n{code}'
    return File(text, tuple(functions.bound))


def beside(root: Block) -> dict[str, str]:
    """What a layer reads beside the stream, as it calls it, and what it is given."""
    read: set[str] = {word for block in _in_layers(root) for word in read_beside(block)}
    found: dict[str, str] = {word: given for word, given in ROWS.items() if word in read}
    found |= {ENDS: ENDS} if "patches" in read else {}
    shares = any(block.settings.get("shared_bias") for block in _in_layers(root))
    return found | ({BIAS: BIAS} if shares else {})


def _in_layers(root: Block) -> Iterator[Block]:
    """Every block of the layers, once."""
    stack = main_stack(root)
    return iter(()) if stack is None else distinct(stack)


def handed(root: Block) -> tuple[str, ...]:
    """What each layer hands to the next beside the stream: what its router scored, a memory, the first one's values, a choice."""
    blocks = [*distinct(root)]
    read = {word for block in blocks for word in read_beside(block)}
    found: list[str] = [word for word in HANDED if word in read]
    found += OF_PATCHES if "patches" in read else ()
    first = any("first" in left_beside(block) for block in blocks)
    held = [[part for _, part in choosers(layer)] for layer in distinct_layers(root)]
    several = any(len(parts) > 1 for parts in held)
    across = any(parts[0].value("shared_index") for parts in held if parts)
    return (*found, *["first"] * first, *["chosen"] * (several and across))


def at_once(root: Block) -> bool:
    """Whether a text is computed whole, since each token sees those after it."""
    return any("bidirectional" in block.facts for block in _in_layers(root))


def rotation_switch(root: Block) -> int | None:
    """The length of text, in tokens, beyond which LongRoPE rotates all of it by the long factors; None without LongRoPE.

    Keys that were kept before are no longer those of the text: reference and printed file compute it again.
    """
    scaled = (b for b in _in_layers(root) if b.value("rope_scaling") == "longrope")
    switches = {block.value("original_context") for block in scaled}
    if len(switches) > 1:
        raise Refusal("can't run yet: LongRoPE switches at another length in some layers")
    return int(switches.pop() or 0) if switches else None


def _switch(root: Block, constants: Mapping[str, object]) -> str:
    """The same as code: a constant of the file, else the number; "" without LongRoPE."""
    switch = rotation_switch(root)
    if switch is None:
        return ""
    return "ORIGINAL_CONTEXT" if constants.get("ORIGINAL_CONTEXT") == switch else f"{switch:_}"


def ending(root: Block) -> tuple[str, Block] | None:
    """The norm after the stack, with its path."""
    parts = [*model_parts(root)]
    after = next(place for place, (_, part) in enumerate(parts) if part.is_stack)
    return next((part for part in parts[after + 1 :] if part[1].is_norm), None)


def _unasked(part: Part) -> Iterator[str]:
    """What the forward of a part passed over."""
    blocks = part.settings.blocks
    for block in blocks:  # one may stand for variants that lack it
        asked = {word for other, word in part.settings.each_asked() if other is block}
        yield from (f"{block.kind}.{word}" for word in sorted(passed_over(block, asked)))
    yield from (f"{blocks[0].kind}: {role}" for role in part.parts.held.keys() - part.parts.asked)


def flat(root: Block) -> int:
    """How many experts stand below one another in a matrix; 0 where none do."""
    return max((block.copies for block in distinct(root) if block.settings.get("flat")), default=0)


def whole_model(stream: Stream, loop: str, *, split: bool) -> str:
    """The function from tokens to scores; where it is `split`, what comes before the head is one of its own."""
    root = stream.root
    scores = next(part for _, part in model_parts(root) if part.is_head)
    first, count = prompt(root)
    stream.lines += [*behind_a_prompt(first, count)] if count else []
    given = _through(stream, root, root.name, loop, "")
    given = f"({given})[-count:]" if count else given
    lines, before = stated(stream.lines, stream.settings), ""
    takes = (
        f"(w: Weights, tokens: Array, past: list[{stream.past_type}], positions: Array) -> Array:"
    )
    if split:
        before = (
            f"def {STREAM}{takes}\n"
            f'    """The stream after the last norm, (T, {root.number("width")}); `past` is renewed, layer by layer."""\n'
            f"    {_body(lines, 'x')}\n\n\n"
        )
        lines = [f"x = {STREAM}(w, tokens, past, positions)"]
    of = "place" if at_once(root) else "next token"
    return (
        f"{before}def {MODEL}{takes}\n"
        f'    """The scores of each {of}, (T, {scores.number("vocabulary")}); `past` is renewed, layer by layer."""\n'
        f"    {_body(lines, given)}\n"
    )


def stated(lines: Sequence[str], settings: Sequence[str]) -> list[str]:
    """Lines with the settings of the mixers that stand before the layers."""
    given = iter(settings)
    return [line.replace(SETTINGS, next(given)) if SETTINGS in line else line for line in lines]


def prompt(root: Block) -> tuple[int, int]:
    """The first row of the embedding that stands before any text, and how many, where a model has learned some."""
    learned = (block.settings["prompt"] for block in distinct(root) if "prompt" in block.settings)
    return next(learned, (0, 0))


def behind_a_prompt(first: int, count: int) -> Iterator[str]:
    """Lines that put a learned prompt before a text, whose tokens stand behind it."""
    yield "count = len(tokens)"
    yield "if positions[0] == 0:  # rows of a learned prompt stand before the text"
    yield f"    tokens = np.concatenate([np.arange({first}, {first + count}), tokens])"
    yield "    positions = np.arange(len(tokens))"
    yield "else:"
    yield f"    positions = positions + {count}"


def _body(lines: Sequence[str], given: str) -> str:
    *before, last = lines
    name, is_named, value = last.partition(" = ")
    if is_named and name == given:
        lines, given = before, value
    return "\n".join([*lines, f"return {given}"]).replace("\n", "\n    ")


def _through(stream: Stream, block: Block, path: str, loop: str, given: str) -> str:
    """What stands before the stack, the loop over it, and what stands behind; the last value."""
    for at, part in children(path, block):
        if not part.is_run:
            continue
        if part.kind == "group":
            given = _through(stream, part, at, loop, given)
            continue
        if given:
            stream.line("x", given)
        if part.is_stack:
            streams = part.value("streams")
            if streams and part.value("residual") != ALTERNATING:
                several = f"np.repeat(x[:, None], {stream.number('streams', streams)}, axis=1)"
                stream.lines.append(f"x = {several}")
            if part.value("residual") == OVER_DEPTH:
                stream.lines.append("x = x[:, None]  # the embedding is the first sum")
            if ENDS in stream.beside and not any(
                one.settings.get("threshold") for one in distinct(stream.root)
            ):
                stream.lines.append(f"{ENDS} = np.ones(len(tokens), bool)  # each byte is a patch")
            stream.lines.append(loop)
            if part.settings.get("collapsed") == "mean":
                stream.lines.append("x = x.mean(axis=1)")
            given = "x"
        else:
            given = stream.after(at, part, "x", "x")
    return given


def _constants(functions: Functions, code: str) -> Iterator[str]:
    """The numbers of the model that the code names, and what each is."""
    named = {*WORD.findall(code), *WORD.findall(" ".join(functions.computed.values()))}
    for word, value in functions.constants.items():
        if word in named:
            label = functions.labels.get(word)
            yield f"{word} = {number(value)}" + (f"  # {label}\n" if label else "\n")
    if "NEW_TOKENS" in named:
        yield "NEW_TOKENS = 32\n"
    for word, computed in functions.computed.items():
        label = functions.labels.get(word)
        yield f"{word} = {computed}" + (f"  # {label}\n" if label else "\n")


def _imports(functions: Functions, code: str) -> str:
    """The imports that the code needs, in order: the standard library, then numpy."""
    modules: dict[str, set[str]] = {}
    named = {*WORD.findall(code)}
    for line in {*functions.imports, *program.IMPORTS}:
        module, _, word = line.removeprefix("from ").partition(" import ")
        if word in named:
            modules.setdefault(module, set()).add(word)
    plain = [word for word in ("json", "re", "sys") if re.search(rf"\b{word}\.", code)]
    lines = ["from __future__ import annotations\n", *(f"import {word}" for word in plain)]
    for module, words in sorted(modules.items()):
        lines.append(f"from {module} import {', '.join(sorted(words))}")
    return "\n".join([*lines, "\nimport numpy as np\n"])
