"""Copies the site's fonts, its Python (Pyodide, numpy) and the tests' axe-core from npm, pinned, and writes the manifest that a test re-checks.

Python's modules are compiled by that Python itself: a page starts in half the time.

Needs npm, node and the extra `fonts`; users and `make serve` need neither, the results are committed.
Run: python -m tools.vendor_assets [--check]
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from tools.generated import ROOT, settled

FONTS = Path("src/llm_gallery/site/static/fonts")
PYODIDE = Path("src/llm_gallery/site/static/pyodide")
AXE = Path("tests/site/axe")
MANIFEST = Path("tools/vendored.json")

PACKAGES = {
    "inter-ui@4.1.1": "OFL-1.1",
    "@fontsource/jetbrains-mono@5.3.0": "OFL-1.1",
    "axe-core@4.14.1": "MPL-2.0",
    "pyodide@0.27.7": "MPL-2.0",
    "@emscripten-forge/numpy@2.0.1-py312h4e66579-0": "BSD-3-Clause",
}
"""numpy is built for that Pyodide's Emscripten and Python: the two go together."""
RUNTIME = (
    "pyodide.mjs",
    "pyodide.asm.js",
    "pyodide.asm.wasm",
    "pyodide-lock.json",
)
LIBRARY = "python_stdlib.zip"
WITHOUT = {
    "cProfile", "cgi", "cgitb", "doctest", "ftplib", "imaplib", "mailbox", "multiprocessing", "nntplib", "pdb",
    "poplib", "profile", "pstats", "pydoc", "smtplib", "socketserver", "telnetlib", "unittest", "webbrowser",
    "wsgiref", "xml", "xmlrpc",
}  # fmt: skip
"""Of Python's library what no page can use: processes, mail and the web, debuggers."""
COMPILER = "tools/compiled.mjs"
NUMPY = "pkg/numpy-2.0.1-py312h4e66579_0.tar.gz"
PACKAGED = "lib/python3.12/site-packages/"
LICENCES = ("info/licenses/LICENSE.txt", f"{PACKAGED}numpy/random/LICENSE.md")
ROOMS = {"", "_core", "_typing", "_utils", "lib", "linalg", "matrixlib", "random"}
"""Folders of numpy that `import numpy` and `numpy.random` need; their tests and headers it does without."""
UNUSED = {
    "_operand_flag_tests",
    "_rational_tests",
    "_simd",
    "_struct_ufunc_tests",
    "_umath_tests",
    "ctypeslib",
    "lapack_lite",
    "matlib",
    "recfunctions",
    "setup",
}
"""Modules in them that nothing here imports."""
EPOCH = (1980, 1, 1, 0, 0, 0)
TEXT = "U+20-7E,U+A0-17F,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2032,U+2033,U+2039,U+203A"
SIGNS = (
    "U+2044,U+2070-207B,U+2190-2193,U+2206,U+2211,U+2212,U+221A,U+221E,U+2248,U+2260,U+2264,U+2265"
)
GREEK = "U+391-3A9,U+3B1-3C9"
SYMBOLS = "U+20-7E,U+B7,U+2013,U+2014,U+2019,U+2026,U+2212,U+394,U+3A3,U+3B1-3C9"
"""What is set in italics: letters of formulas, and names."""
CODE = "U+20-7E,U+A0,U+B7,U+D7,U+2013,U+2026,U+2192,U+2212"


def unpacked(package: str, folder: Path) -> dict[str, bytes]:
    """The files of one npm package by their path, as the registry's tarball has them."""
    command = ["npm", "pack", package, "--silent", "--pack-destination", str(folder)]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    with tarfile.open(folder / name.splitlines()[-1]) as archive:
        members = [member for member in archive.getmembers() if member.isfile()]
        held = {m.name.removeprefix("package/"): archive.extractfile(m) for m in members}
        return {path: stream.read() for path, stream in held.items() if stream is not None}


def smaller(data: bytes, unicodes: str, features: list[str], axes: dict[str, object]) -> bytes:
    """A font cut to some characters, layout features and axes, as woff2."""
    font = TTFont(BytesIO(data), recalcTimestamp=False)
    cutter = subset.Subsetter(subset.Options(layout_features=features, hinting=False))
    cutter.populate(unicodes=subset.parse_unicodes(unicodes))
    cutter.subset(font)
    if axes:
        font = instancer.instantiateVariableFont(font, axes)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def slim(packed: bytes) -> tuple[bytes, bytes]:
    """What of numpy's package runs, as a zip that holds no clock; and its licences."""
    out, licences = BytesIO(), []
    with (
        tarfile.open(fileobj=BytesIO(packed)) as archive,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made,
    ):
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            stream = archive.extractfile(member) if member.isfile() else None
            path = Path(member.name.removeprefix(PACKAGED))
            if stream is not None and member.name in LICENCES:
                licences.append(stream.read())
            if stream is not None and _runs(path):
                info = zipfile.ZipInfo(path.as_posix(), EPOCH)
                made.writestr(info, stream.read(), zipfile.ZIP_DEFLATED)
    return out.getvalue(), b"\n".join(licences)


def library(packed: bytes) -> bytes:
    """What of Python's own library a page may use."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(packed)) as archive, zipfile.ZipFile(out, "w") as made:
        for name in archive.namelist():
            if name.partition("/")[0].partition(".")[0] not in WITHOUT:
                made.writestr(name, archive.read(name))
    return out.getvalue()


def compiled(pyodide: dict[str, bytes], modules: bytes, place: str, level: int) -> bytes:
    """The modules of a zip compiled by that Pyodide's Python, for the place where they will stand, so far optimized."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        for name in (*RUNTIME, LIBRARY):
            (here / name).write_bytes(pyodide[name])
        (here / "given.zip").write_bytes(modules)
        given, made = str(here / "given.zip"), here / "made.zip"
        command = ["node", str(ROOT / COMPILER), folder, given, place, str(level), str(made)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
        return made.read_bytes()


def _runs(path: Path) -> bool:
    """Whether a file of numpy's package is in a folder that runs, and no test."""
    folder = "/".join(path.parts[1:-1])
    return (
        path.parts[0] == "numpy"
        and folder in ROOMS
        and path.suffix in (".py", ".so")
        and path.name.partition(".")[0] not in UNUSED
    )


def files(packages: dict[str, dict[str, bytes]]) -> dict[Path, bytes]:
    """What is shipped, by its path in the repository."""
    inter, mono, axe, pyodide, numpy = (packages[name] for name in PACKAGES)
    # As in figures, which are measured so: other features would move their words in a page.
    text_features = ["kern", "tnum"]
    axes: dict[str, object] = {"opsz": 14, "wght": (400, 650)}
    variable = inter["variable/InterVariable.woff2"]
    made = {
        FONTS / "inter.woff2": smaller(variable, f"{TEXT},{SIGNS},{GREEK}", text_features, axes),
        FONTS / "inter-italic.woff2": smaller(
            inter["web/Inter-Italic.woff2"], SYMBOLS, ["kern"], {}
        ),
        FONTS / "Inter-LICENSE.txt": inter["LICENSE.txt"],
        FONTS / "JetBrainsMono-LICENSE.txt": mono["LICENSE"],
        AXE / "axe.min.js": axe["axe.min.js"],
        AXE / "LICENSE": axe["LICENSE"],
        AXE / "LICENSE-3RD-PARTY.txt": axe["LICENSE-3RD-PARTY.txt"],
    }
    made[PYODIDE / "LICENSE"] = axe["LICENSE"]  # the MPL too; Pyodide's package leaves its text out
    for name in RUNTIME:
        made[PYODIDE / name] = pyodide[name]
    own = library(pyodide[LIBRARY])
    made[PYODIDE / LIBRARY] = compiled(pyodide, own, "/lib/python312.zip", 2)
    modules, made[PYODIDE / "numpy-LICENSE.txt"] = slim(numpy[NUMPY])
    made[PYODIDE / "numpy.zip"] = compiled(
        pyodide, modules, "/core", 1
    )  # numpy reads its docstrings
    for weight in ("400", "500"):
        source = mono[f"files/jetbrains-mono-latin-{weight}-normal.woff2"]
        name = f"jetbrains-mono-{weight}.woff2"
        made[FONTS / name] = smaller(source, CODE, ["kern"], {})
    return made


def manifest(made: dict[Path, bytes]) -> str:
    """What is shipped, from which packages, with its hashes."""
    held = {
        "generated_by": "tools/vendor_assets.py",
        "packages": PACKAGES,
        "sha256": {str(p): hashlib.sha256(d).hexdigest() for p, d in sorted(made.items())},
    }
    return json.dumps(held, indent=2, sort_keys=True) + "\n"


def main() -> int:
    """Writes the files and the manifest, or compares them with what is there."""
    with tempfile.TemporaryDirectory() as folder:
        made = files({name: unpacked(name, Path(folder)) for name in PACKAGES})
    every = {**made, MANIFEST: manifest(made).encode()}
    return settled(
        __doc__ or "", "tools.vendor_assets", {ROOT / path: data for path, data in every.items()}
    )


if __name__ == "__main__":
    sys.exit(main())
