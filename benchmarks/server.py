"""The server under 64 clients at once: each asks for pages, packed as browsers do, and describes configs; all must be answered.

python -m benchmarks.server [requests]
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Thread
from time import perf_counter

from llm_gallery.catalog.load import entries
from llm_gallery.server.serve import listening
from llm_gallery.site.build import build

CLIENTS = 64
QUESTIONS = 16
"""Of so many requests, one is a question about a config."""
PATIENCE = 30.0
PACKED = {"Accept-Encoding": "gzip"}


def main(requests: int) -> int:
    """Prints how requests ended and how long they took; one that wasn't answered is a fault."""
    configs = [json.dumps({"text": json.dumps(dict(entry.config))}).encode() for entry in entries()]
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        build(site)
        pages = sorted("/" + str(path.relative_to(site)) for path in site.rglob("index.html"))
        with listening(site, 0) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            port = server.server_port

            def one(number: int) -> tuple[str, float, int]:
                if number % QUESTIONS:
                    return asked(port, pages[number % len(pages)], None)
                return asked(port, "/api/describe", configs[number % len(configs)])

            start = perf_counter()
            with ThreadPoolExecutor(CLIENTS) as clients:
                ends = list(clients.map(one, range(requests)))
            seconds = perf_counter() - start
            server.shutdown()
    counts = Counter(end for end, *_ in ends)
    slowest, sent = max(taken for _, taken, _ in ends), sum(size for *_, size in ends)
    print(
        f"{requests:,} requests of {CLIENTS} clients in {seconds:.1f} s, slowest {slowest:.2f} s, "
        f"{sent / 2**20:,.0f} MiB"
    )
    print(", ".join(f"{end}: {count:,}" for end, count in sorted(counts.items())))
    return int(set(counts) != {"200"})


def asked(port: int, path: str, question: bytes | None) -> tuple[str, float, int]:
    """The status, or the fault, of one request on a connection of its own; its seconds and bytes."""
    start, size = perf_counter(), 0
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        if question is None:
            connection.request("GET", path, headers=PACKED)
        else:
            headers = {"Content-Type": "application/json", **PACKED}
            connection.request("POST", path, question, headers)
        answer = connection.getresponse()
        size = len(answer.read())
        end = str(answer.status)
    except (OSError, HTTPException) as error:
        end = type(error).__name__
    finally:
        connection.close()
    return end, perf_counter() - start, size


if __name__ == "__main__":
    sys.exit(main(*(int(given) for given in (*sys.argv[1:], "10048")[:1])))
