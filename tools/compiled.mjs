// Compiles a zip of Python's modules by the Python that will import them: node compiled.mjs PYODIDE ZIP PLACE LEVEL OUT
// PLACE is where the modules will stand, which tracebacks say; LEVEL 1 leaves assertions out, 2 docstrings, too. The same modules give the same bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [pyodide, zip, place, level, out] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(pyodide, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: `${resolve(pyodide)}/`, env: { HOME: "/", PYTHONHASHSEED: "0" } });
python.FS.writeFile("/given.zip", new Uint8Array(readFileSync(zip)));
python.globals.set("place", place);
python.globals.set("level", Number(level));
python.runPython(`
import importlib.util, marshal, zipfile
NEVER_CHECKED = (1).to_bytes(4, "little") + bytes(8)  # PEP 552: by hash, and nobody looks at a source that isn't there
with zipfile.ZipFile("/given.zip") as given, zipfile.ZipFile("/made.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
    for name in sorted(given.namelist()):
        if name.endswith("/"):
            continue
        data = given.read(name)
        if name.endswith(".py"):
            code = compile(data, f"{place}/{name}", "exec", dont_inherit=True, optimize=level)
            name, data = f"{name}c", importlib.util.MAGIC_NUMBER + NEVER_CHECKED + marshal.dumps(code)
        made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
`);
writeFileSync(out, python.FS.readFile("/made.zip"));
process.exit(0); // Pyodide would keep node waiting
