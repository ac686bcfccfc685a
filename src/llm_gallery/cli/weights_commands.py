"""The commands on tensors and their files, and their arguments; each imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from llm_gallery.cli.app import app
from llm_gallery.cli.options import Guess, Named, Unusable


@app.command
def tensors(
    model: Named,
    /,
    *,
    format: Literal["text", "tsv", "gguf"] = "text",  # noqa: A002
    output: Annotated[Path | None, Parameter(alias="-o")] = None,
    guess: Guess = False,
) -> None:
    """List every tensor of the checkpoint, with its shape.

    Parameters
    ----------
    format
        Text for people, with the sums at its end; TSV for programs: name, shape, parameters, tied_to and counted_in.
        The number of `facts` that counts a tensor is its counted_in, empty for a tied one. GGUF writes a file without
        weights, which llama-quantize --dry-run and llama-fit-params take.
    output
        The file of --format gguf.
    """
    if format == "gguf":
        from llm_gallery.cli import quants_command

        quants_command.skeleton(model, output, guess)
        return
    if output is not None:
        raise Unusable(f"--output writes a GGUF; --format {format} prints.")
    from llm_gallery.cli import print_commands

    print_commands.tensors(model, format, guess)


@app.command
def check(
    place: Annotated[
        str,
        Parameter(
            help="A folder of a checkpoint, a .safetensors file, the index of several, a .gguf, or a Hub id."
        ),
    ],
    /,
    *,
    format: Literal["text", "json", "schema"] = "text",  # noqa: A002
    guess: Guess = False,
) -> int:
    """Check the files of a checkpoint against its config.json: missing, surplus and reshaped tensors, bytes.

    Only headers are read, and a GGUF is described by its own keys. It ends with 0 where all that is described is stored,
    with 1 where it isn't, and with 3 where nothing could be compared.

    Parameters
    ----------
    format
        Text for people, JSON for programs, or the JSON Schema of that.
    """
    from llm_gallery.cli import check_command

    if format == "schema":
        return check_command.schema()
    return check_command.check(place, format, guess)


@app.command
def quants(
    model: Named,
    /,
    *,
    mix: str = "",
    imatrix: Annotated[bool, Parameter(negative=())] = False,
    format: Literal["text", "json", "schema"] = "text",  # noqa: A002
    guess: Guess = False,
) -> None:
    """Weigh a model in every mix that llama-quantize makes: types, bytes of tensors, bits a weight.

    Parameters
    ----------
    mix
        Show the type of every tensor in this mix instead: Q4_K_M, say.
    imatrix
        With an importance matrix, which changes few types.
    format
        Text for people, JSON for programs, or the JSON Schema of that.
    """
    from llm_gallery.cli import quants_command

    if mix and format != "text":
        raise Unusable(f"--mix is for text, which --format {format} isn't.")
    if format == "schema":
        quants_command.schema()
    else:
        quants_command.quants(model, mix, imatrix, format, guess)
