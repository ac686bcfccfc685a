"""vLLM's own functions anew: over a dozen models each time, over every one in `make every`."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.sample import dozen
from tools.generated import ROOT


@pytest.mark.truth
@pytest.mark.parametrize("models", [dozen(), pytest.param((), marks=pytest.mark.every)])
def test_the_digests_are_those_of_its_functions(models: tuple[str, ...]) -> None:
    """In a process of its own: there, nothing of torch is loaded."""
    command = [sys.executable, "-m", "tools.generate_vllm_digests", "--check", *models]
    subprocess.run(command, check=True, cwd=ROOT)
