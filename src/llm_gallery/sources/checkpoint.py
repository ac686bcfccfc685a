"""A checkpoint on disk: a file of weights, the index of several, or the folder that holds them."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from llm_gallery.architecture.refusal import Refusal, counted, printable, quoted
from llm_gallery.sources.config_file import OF_WEIGHTS
from llm_gallery.sources.safetensors import Header, read_header
from llm_gallery.sources.stored import Stored, StoredTensor, size_of, unreadable

SINGLE = "model.safetensors"
ENDING, INDEX = OF_WEIGHTS
LARGEST_INDEX = 64 * 2**20
"""Bytes of an index that is read: one of 400,000 tensors has 40 MB."""
MOST_TENSORS = 2_000_000
"""In all files together; the largest release has 200,000."""
_SHARD = re.compile(r"(.+)-(\d{5,6})-of-(\d{5,6})\.safetensors", re.ASCII)
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")


class _Files(NamedTuple):
    """Files that make one checkpoint, by name, and what an index says stands in each."""

    names: tuple[str, ...]
    indexed: Mapping[str, str] = {}
    faults: tuple[str, ...] = ()


def read(path: Path, sizes: Mapping[str, int] | None = None) -> Stored:
    """The headers of a checkpoint. Raises Refusal where there is none, or none that can be read.

    `sizes` are the bytes of all files that belong in the folder, of which only headers are here.
    """
    if path.suffix in PICKLED:
        raise _pickled(path)
    of_folder = path.is_dir()
    folder = path if of_folder else path.parent
    names = (_names(folder) if of_folder else ()) if sizes is None else sizes
    chosen = _chosen(path, names)
    headers, faults = _headers(folder, chosen, sizes or {})
    tensors = [tensor for header in headers.values() for tensor in header.tensors]
    return Stored(
        place=path,
        format="safetensors",
        tensors=tuple(tensors),
        files={name: header.size for name, header in headers.items()},
        faults=(*chosen.faults, *faults, *_misplaced(chosen.indexed, headers, tensors)),
        beside=tuple(_beside(names, chosen.names)) if of_folder else (),
    )


def files(path: Path, names: Collection[str]) -> tuple[str, ...]:
    """The files that `read` reads, of a folder that holds those names; an index must be here. Raises Refusal as it does."""
    return _chosen(path, names).names


def _chosen(path: Path, names: Collection[str]) -> _Files:
    if path.is_dir():
        return _in_folder(path, sorted(names))
    return _indexed(path) if path.name.endswith(INDEX) else _Files((path.name,))


def _names(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


def _in_folder(folder: Path, names: Sequence[str]) -> _Files:
    """The files that loading a folder reads. Raises Refusal where it has none."""
    found = [name for name in names if name.endswith(ENDING)]
    indexes = [name for name in names if name.endswith(INDEX)]
    if SINGLE in found:
        return _Files((SINGLE,))
    if indexes:
        usual = f"model{INDEX}"
        return _indexed(folder / (usual if usual in indexes else indexes[0]))
    shards = [match for name in found if (match := _SHARD.fullmatch(name))]
    if shards:
        first = shards[0]
        return _without_index([s[0] for s in shards if s.group(1, 3) == first.group(1, 3)], first)
    if len(found) == 1:
        return _Files((found[0],))
    if found:
        raise Refusal(
            f"{folder} holds {', '.join(found[:4])}, expected {SINGLE}, or shards and their index; "
            "give one of the files"
        )
    pickled = [name for name in names if _is_pickled(name)]
    if pickled:
        raise _pickled(folder / pickled[0])
    raise Refusal(
        f"{folder} holds no weights, expected {SINGLE}, or shards and their index; "
        "download them from the model's repository"
    )


def _without_index(names: list[str], first: re.Match[str]) -> _Files:
    stem, _, total = first.groups()
    digits = len(total)
    wanted = min(int(total), 100_000)
    absent = [
        name
        for number in range(1, wanted + 1)
        if (name := f"{stem}-{number:0{digits}}-of-{total}{ENDING}") not in names
    ]
    index = f"{stem}{INDEX} is missing beside its shards, and programs find no shard without it; download it"
    return _Files(tuple(names), faults=(index, *_absent(absent, "the names of the others count")))


def _indexed(index: Path) -> _Files:
    """The files that an index names. Raises Refusal where it is none, or names files elsewhere."""
    expected = "the index of a checkpoint's files"
    size = size_of(index, expected)
    if size > LARGEST_INDEX:
        raise Refusal(
            f"{index} has {size:,} bytes, expected an index of at most {LARGEST_INDEX:,}; check the file"
        )
    try:
        parsed = json.loads(index.read_bytes())
    except OSError as error:
        raise unreadable(index, expected, error) from None
    except (ValueError, RecursionError):
        raise Refusal(f"{index} is no JSON, expected {expected}; download it again") from None
    placed = parsed.get("weight_map") if isinstance(parsed, dict) else None
    if not isinstance(placed, dict) or not placed:
        raise Refusal(
            f"{index} has no weight_map, expected {expected}, which says where each tensor is; "
            "download it again"
        )
    for tensor, name in placed.items():
        if not isinstance(name, str) or not _beside_index(name):
            raise Refusal(
                f"{index} says that {quoted(tensor)} is in {quoted(name)}, expected the name of a file "
                "beside it; download it again"
            )
    names = sorted(set(placed.values()))
    return _Files(tuple(names), placed)


def _beside_index(name: str) -> bool:
    return name.endswith(ENDING) and name.isprintable() and not re.search(r"[/\\]", name)


def _headers(
    folder: Path, chosen: _Files, sizes: Mapping[str, int]
) -> tuple[dict[str, Header], tuple[str, ...]]:
    """The headers that can be read; of several files, why others can't is a fault.

    Raises Refusal where none can.
    """
    headers: dict[str, Header] = {}
    faults: list[str] = []
    refused: Refusal | None = None
    absent = []
    count = 0
    for name in chosen.names:
        if not (folder / name).exists():
            absent.append(name)
            continue
        try:
            headers[name] = read_header(folder / name, sizes.get(name))
        except Refusal as refusal:
            refused = refused or refusal
            faults.append(str(refusal))
            continue
        faults += headers[name].faults
        count += len(headers[name].tensors)
        if count > MOST_TENSORS:
            raise Refusal(
                f"{folder} lists more than {MOST_TENSORS:,} tensors, expected fewer; check its files"
            )
    if not headers:
        if refused is not None:
            raise refused
        if not chosen.indexed:
            read_header(folder / chosen.names[0])  # refuses it
        raise Refusal(
            f"{folder} has none of the {counted(len(chosen.names), 'file')} that its index names, such as "
            f"{chosen.names[0]}, expected all; download them"
        )
    return headers, (*_absent(absent, "the index names"), *faults)


def _absent(names: list[str], named_by: str) -> tuple[str, ...]:
    if not names:
        return ()
    shown = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
    verb = "is" if len(names) == 1 else "are"
    return (
        f"{counted(len(names), 'file')} that {named_by} {verb} missing: {shown}; download {'it' if verb == 'is' else 'them'}",
    )


def _misplaced(
    indexed: Mapping[str, str], headers: Mapping[str, Header], tensors: Iterable[StoredTensor]
) -> list[str]:
    """What an index and the headers say differently of files that are there, and names in two files."""
    places: dict[str, str] = {}
    twice = []
    for tensor in tensors:
        before = places.setdefault(tensor.name, tensor.file)
        if before != tensor.file:
            twice.append(f"{before} and {tensor.file} both hold {quoted(tensor.name)}")
    faults = [f"{twice[0]}; remove the file that isn't this checkpoint's"] if twice else []
    if not indexed:
        return faults
    lost = Counter(
        file for name, file in indexed.items() if file in headers and places.get(name) != file
    )
    for file, count in lost.items():
        name = next(n for n, f in indexed.items() if f == file and places.get(n) != file)
        where = f", which is in {places[name]}" if name in places else ""
        others = f" and {count - 1:,} more" if count > 1 else ""
        faults.append(
            f"{file} lacks {quoted(name)}{where}{others} that the index says it holds; download both again"
        )
    unnamed = [name for name in places if name not in indexed]
    if unnamed:
        others = f" and {len(unnamed) - 1:,} more" if len(unnamed) > 1 else ""
        faults.append(
            f"the index doesn't name {quoted(unnamed[0])}{others} of {places[unnamed[0]]}; download it again"
        )
    return faults


def _beside(names: Iterable[str], read: Collection[str]) -> list[str]:
    """Other files of weights in a folder, which loading it doesn't read."""
    found = sorted(name for name in names if name.endswith((ENDING, ".gguf")) or _is_pickled(name))
    return [printable(name) for name in found if name not in read]


def _is_pickled(name: str) -> bool:
    """Whether a file is pickled weights by its name; training_args.bin and the like are none."""
    return (
        name.endswith(PICKLED) and re.match(r"pytorch_model|model|consolidated", name) is not None
    )


def _pickled(file: Path) -> Refusal:
    return Refusal(
        f"{file} is a pickled checkpoint, which may run any code when it is read, expected safetensors; "
        "take the release's .safetensors, or convert it where you trust it: "
        "`AutoModel.from_pretrained(FOLDER).save_pretrained(NEW)`"
    )
