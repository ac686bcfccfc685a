"""vLLM's own functions, over every model anew."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tools.generated import ROOT


@pytest.mark.truth
def test_the_digests_are_those_of_its_functions() -> None:
    """In a process of its own: there, nothing of torch is loaded."""
    command = [sys.executable, "-m", "tools.generate_vllm_digests", "--check"]
    subprocess.run(command, check=True, cwd=ROOT)
