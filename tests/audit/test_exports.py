"""Exports opened by the programs that they are for: TeX compiles them, Excalidraw restores, shows and edits them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser, Page, Route

from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, Figure, ThemeName
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.nunito import ems
from llm_gallery.figure.kit.shapes import Picture, Shape, Text
from llm_gallery.figure.kit.text import Span

pytestmark = pytest.mark.audit
HERE = Path(__file__).parent / "excalidraw"
HOST = "http://excalidraw.test/"
DRAWN: tuple[tuple[str, Detail, ThemeName], ...] = (
    ("deepseek-v3", "card", "light"),
    ("qwen3-next-80b-a3b", "paper", "print"),
    ("deepseek-v4-pro", "slide", "dark"),
    ("gemma-3n-e2b", "layer", "print"),
)
SAME = {"version": 0, "versionNonce": 0, "updated": 0}
"""What tells of a change, and of none that is seen."""
PIXEL = 0.25 / 25.4 * 72
"""Points of a pixel of the figure."""
STRANGE = (
    r"\input{/etc/passwd}\write18{ls}", "100% of $x_1^2$ #1 & {~}", "--- `` '' << >> ,, !` ?`", "^^41^^M",
    "中文 Ελληνικά Кириллица é Ł ẞ 🙂", "a\nb\tc\rd\u2028e", "}}} \\end{document} {{{", "\\", "%", "{", "[x]", "]",
    "".join(map(chr, range(32, 127))), "× ÷ ± · − √ → ← ≤ ≥ ≈ ∞ ² ½ Δ Σ α β γ λ μ σ",
)  # fmt: skip


def compiled(folder: Path, **files: str) -> tuple[str, bytes]:
    """What TeX says of the first file, and its PDF."""
    for name, text in files.items():
        (folder / f"{name}.tex").write_text(text, "utf-8")
    first = next(iter(files))
    program = shutil.which("pdflatex") or pytest.fail(
        "pdflatex is not installed: apt-get install texlive-latex-extra texlive-pictures texlive-fonts-recommended"
    )
    ran = subprocess.run(
        [
            program,
            "-interaction=nonstopmode",
            "-halt-on-error",
            f"-jobname={first}",
            f"\\pdfobjcompresslevel=0\\input{{{first}}}",
        ],
        cwd=folder,
        capture_output=True,
    )
    log = (folder / f"{first}.log").read_text("utf-8", errors="replace")
    assert ran.returncode == 0, log[log.find("\n!") :][:800]
    return log, (folder / f"{first}.pdf").read_bytes()


def complaints(log: str) -> list[str]:
    """Lines in which TeX lacks a letter or a size, or has no room."""
    return re.findall(r"^.*(?:Overfull|Missing character|Warning).*$", log, re.M)


@pytest.mark.parametrize(("name", "detail", "theme"), DRAWN)
def test_tex_compiles_it_by_itself(
    name: str, detail: Detail, theme: ThemeName, tmp_path: Path
) -> None:
    figure = find(name).figure(detail=detail, theme=theme)
    log, page = compiled(tmp_path, figure=figure.tikz())
    assert complaints(log) == []
    (box,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page)
    picture = figure.drawing.picture
    assert float(box[0]) == pytest.approx(picture.width * PIXEL, abs=0.1)
    assert float(box[1]) == pytest.approx(picture.height * PIXEL, abs=0.1)


def test_a_document_inputs_several(tmp_path: Path) -> None:
    """As the head of each file says: the lines of its packages, and `standalone`."""
    figures = [
        find(n).figure(detail="card", theme="print").tikz() for n in ("gpt2-xl", "llama-3-8b")
    ]
    packages = re.findall(r"^\\usepackage.*$", figures[0], re.M)
    main = "\n".join((
        r"\documentclass{article}", *packages, r"\usepackage{standalone}", r"\begin{document}",
        r"Before. \input{a} \clearpage \input{b} After.", r"\end{document}",
    ))  # fmt: skip
    log, _ = compiled(tmp_path, main=main, a=figures[0], b=figures[1])
    assert complaints(log) == []


def test_tex_sets_any_words(tmp_path: Path) -> None:
    """Names of strangers are neither commands nor errors."""
    chance = Random(0)
    signs = [chr(n) for n in range(0x20, 0x2FFF) if chr(n).isprintable()]
    more = ("".join(chance.choices(signs, k=12)) for _ in range(200))
    said: list[Shape] = [
        Text(x=10, y=20 + 14 * n, spans=(Span(words), Span(words, 600, 9, italic=True)), role="ink")
        for n, words in enumerate((*STRANGE, *more))
    ]
    drawn = Drawing(
        Picture(width=400, height=3200, shapes=(*said,)), " ".join(STRANGE), name="a.b (c)"
    )
    log, _ = compiled(tmp_path, figure=Figure(drawn).tikz())
    assert not re.search("Missing character|passwd|Emergency", log)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Excalidraw as package-lock.json pins it, in one file for a page."""
    folder = tmp_path_factory.mktemp("excalidraw") / "own"
    shutil.copytree(HERE, folder)
    install = ["npm", "ci", "--silent", "--no-audit", "--no-fund"]
    subprocess.run(install, check=True, cwd=folder)
    build = [
        str(folder / "node_modules/.bin/esbuild"), "open.js", "--bundle", "--outfile=bundle.js",
        "--loader:.css=empty", "--define:import.meta.env={}", "--log-level=error",
        '--define:process.env.NODE_ENV="production"', '--define:process.env.IS_PREACT="false"',
    ]  # fmt: skip
    subprocess.run(build, check=True, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def page(program: Path, browser: Browser) -> Iterator[Page]:
    """A page that has it."""
    brought = program / "node_modules/@excalidraw/excalidraw/dist/prod"

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(HOST)
        if path:
            route.fulfill(path=brought / path)
        else:
            style = '<!doctype html><link rel="stylesheet" href="index.css"><body></body>'
            route.fulfill(body=style, content_type="text/html")

    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    opened = context.new_page()
    opened.route(f"{HOST}**", answer)
    opened.goto(HOST)
    opened.evaluate("host => { window.EXCALIDRAW_ASSET_PATH = host }", HOST)
    opened.add_script_tag(path=program / "bundle.js")
    yield opened
    context.close()


def written(text: str) -> str:
    """As markup holds it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(("name", "detail", "theme"), DRAWN)
def test_excalidraw_restores_it_unchanged(
    name: str, detail: Detail, theme: ThemeName, page: Page
) -> None:
    text = find(name).figure(detail=detail, theme=theme).excalidraw()
    found = page.evaluate("text => opened(text)", text)
    *ours, frame = json.loads(text)["elements"]
    assert found["elements"] == [*ours, frame]
    svg = found["svg"]
    place = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", svg)  # of the frame, which clips all
    assert place is not None
    across, down = float(place[1]) - frame["x"], float(place[2]) - frame["y"]
    shown = iter(re.findall(r'<g[^>]* transform="translate\(([-\d.]+) ([-\d.]+)\)', svg))
    for element in ours:  # each in its order at its place; between them stand tips of arrows
        x, y = element["x"] + across, element["y"] + down
        assert any(abs(float(a) - x) + abs(float(b) - y) < 0.1 for a, b in shown), element["id"]
    words = [element["text"] for element in ours if element["type"] == "text"]
    assert re.findall(r"<text[^>]*>([^<]*)</text>", svg) == [*map(written, words), frame["name"]]


def test_a_block_is_moved_and_its_arrows_follow(page: Page) -> None:
    """A click takes the block with its words, and a key moves them: nobody else, but for the arrows that end there."""
    text = find("deepseek-v3").figure(detail="card").excalidraw()
    page.evaluate("text => edited(text)", text)
    page.wait_for_function("editor.getSceneElements().length > 0")
    read = "Object.fromEntries(editor.getSceneElements().map(e => [e.id, e]))"
    before, name = page.evaluate(read), "deepseek-v3-layer-4-attention"
    block = before[name]
    page.wait_for_function("editor.getAppState().width > 0")
    x, y, zoom = page.evaluate("(s => [s.scrollX, s.scrollY, s.zoom.value])(editor.getAppState())")
    right, low = block["x"] + block["width"] - 12, block["y"] + block["height"] - 12
    page.mouse.click((right + x) * zoom, (low + y) * zoom)
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    after = page.evaluate(read)
    moved = {key for key in after if after[key]["x"] - before[key]["x"] == 5}
    assert moved == {key for key, e in before.items() if name in e["groupIds"]}
    assert len(moved) >= 3
    others = {key for key in after if {**after[key], **SAME} != {**before[key], **SAME}} - moved
    tied = {e["id"] for e in block["boundElements"]}
    assert others == tied
    assert len(tied) == 2


def test_widths_of_nunito(page: Page) -> None:
    """As the font has them that Excalidraw brings: each sign alone, and words at most a hundredth of an em wider."""
    signs = [chr(n) for n in range(32, 127)] + [*"×·−÷±²…’"]
    words = [
        "Latent attention",
        "37.6B active, 128K context",
        "Bias-balanced routing",
        "8 of 256 + 1 shared",
    ]
    found = page.evaluate(
        "([texts, font]) => widths(texts, font)", [[*signs, *words], "500 1000px Nunito"]
    )
    for text, wide in zip(signs, found, strict=False):
        assert round(wide) == round(1000 * ems(text)), text
    for text, wide in zip(words, found[len(signs) :], strict=True):
        assert -0.03 * wide <= wide - 1000 * ems(text) <= 10, text
