"""Kinds of files that hold no JSON, known by their first bytes, with what to give instead."""

from __future__ import annotations

import re
from typing import NamedTuple

HEAD = 512
"""Bytes that tell: an archive of tar says so at the 257th."""
OF_THE_REPOSITORY = "give the config.json of the model's repository"
BESIDE = "give the config.json beside it"
UNPACK = "unpack it, and give the config.json in it"
TEXT = "give the config.json, or its text"


class Kind(NamedTuple):
    """How a kind of file begins, what it is called, and what to give in its place."""

    begins: str  # a pattern, of bytes or of letters
    is_a: str
    instead: str


BINARY = (
    Kind(r"GGUF", "a GGUF file", "give its path to the command line, or the config.json of the model's repository"),
    Kind(r"(lm|tj|fm|al)gg", "a checkpoint of llama.cpp from before GGUF", OF_THE_REPOSITORY),
    Kind(r"PK\x03\x04", "an archive, as of a PyTorch checkpoint", OF_THE_REPOSITORY),
    Kind(r"\x80[\x02-\x05]", "a pickled checkpoint", OF_THE_REPOSITORY),
    Kind(r".{4}\x00{4}\{", "a checkpoint in safetensors", OF_THE_REPOSITORY),  # 8 bytes of a length
    Kind(r"\x89HDF", "a checkpoint in HDF5", OF_THE_REPOSITORY),
    Kind(r"\x08[\x03-\x10]\x12", "a model in ONNX", OF_THE_REPOSITORY),
    Kind(r"\x93NUMPY", "an array of numpy", OF_THE_REPOSITORY),
    Kind(r"PAR1", "a table in Parquet", OF_THE_REPOSITORY),
    Kind(r".{257}ustar", "an archive of tar", UNPACK),
    Kind(r"\x1f\x8b", "an archive of gzip", UNPACK),
    Kind(r"\n.\n.[^\n]*\x15", "a tokenizer of SentencePiece (tokenizer.model)", BESIDE),
    Kind(r"\x89PNG|\xff\xd8\xff|GIF8|RIFF.{4}WEBP", "a picture", TEXT),
    Kind(r"%PDF", "a PDF", TEXT),
    Kind(r"\xff\xfe|\xfe\xff|\{\x00|\x00+\{", "text in UTF-16 or UTF-32", "save it as UTF-8"),
    Kind(r"version https://git-lfs", "a pointer of Git LFS and not the file itself", "run `git lfs pull`"),
    Kind(r"\s*<(![Dd][Oo][Cc][Tt][Yy][Pp][Ee] )?(html|HTML)", "a web page", "download the file itself (its raw or resolve address)"),
)  # fmt: skip
LARGE = (
    Kind(r'\s*\{\s*"version": *"1\.0",\s*"truncation"', "a tokenizer (tokenizer.json)", BESIDE),
    Kind(
        r'\s*\{\s*("metadata": *\{[^{}]*\},\s*)?"weight_map"',
        "the index of a checkpoint's files (model.safetensors.index.json)",
        BESIDE,
    ),
)
"""JSON that may be larger than a config is."""
REFUSED = r"Access to model|Entry not found|Repository not found|Invalid (username|credentials)|(404: )?Not Found|Unauthorized"
TEXTS = (
    Kind(REFUSED, "an error message of the Hub", "log in with `hf auth login`, check the name, and get it again"),
    Kind(r"https?://\S+\s*\Z", "an address", "download it, and give the file"),
    Kind(r"[\w.-]+/[\w.-]+\s*\Z", "a name on the Hub", "give its config.json, or the name itself to the command line"),
    Kind(r"<\?xml|<\w+[ >]", "XML", TEXT),
    Kind(r"\{[%#{]", "the template of a chat (chat_template.jinja)", BESIDE),
    Kind(r"\{\s*'", "a Python dict", "write it with json.dumps"),
    Kind(r"\w+Config \{", "a printed Python config", "delete the text before its first {"),
    Kind(r"\w+\(\s*\(\w+\): ", "a printed PyTorch model", "give its config.json"),
    Kind(r"#version: \d", "the merges of a tokenizer (merges.txt)", BESIDE),
    Kind(r"(#[^\n]*\n\s*)*FROM \S", "a Modelfile of Ollama", "give the config.json of the model that it is made of"),
    Kind(r"---\s*\n(?s:.{0,400}?)(license|base_model|tags|language)\w*:", "the card of a model (README.md)", BESIDE),
    Kind(r"(#[^\n]*\n\s*)*(from [\w.]+ import|import \w+|class \w+|def \w+|\"\"\")", "Python code", BESIDE),
    Kind(r"(#[^\n]*\n\s*)*\[\w[\w.\-]*\]\s*\n", "TOML", BESIDE),
    Kind(r"(#[^\n]*\n\s*|---\s*\n)*(- )?[\w.-]+:(\s|\Z)", "YAML", BESIDE),
    Kind(r"#+ [A-Z]", "a text in Markdown", BESIDE),
)  # fmt: skip
"""Texts that are no JSON, tried in this order."""


def of_bytes(head: bytes, *, large: bool = False) -> Kind | None:
    """What bytes are that no config begins with; of a file that is larger than one, also which JSON."""
    kinds = (*BINARY, *LARGE) if large else BINARY
    return _first(kinds, head[:HEAD].decode("latin-1"), re.DOTALL)


def of_text(text: str) -> Kind | None:
    """What a text is that is no JSON; None where its beginning doesn't tell."""
    return _first(TEXTS, text[:HEAD].lstrip())


def _first(kinds: tuple[Kind, ...], head: str, flags: int = 0) -> Kind | None:
    return next((kind for kind in kinds if re.match(kind.begins, head, flags)), None)
