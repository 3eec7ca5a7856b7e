"""Finds a Chromium for the browser tests and prints its path, or says how to get one.

With `--install` it gets Debian's package first, where that needs nobody's leave.
"""

import os
import shutil
import sys
from pathlib import Path

import debian

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET_ONE = """\
The browser tests need Chromium, and none was found. Any one of these will do:
  apt-get install chromium                       on Debian, as root
  .venv/bin/python -m playwright install chromium   elsewhere
  AGENTBENCH_CHROMIUM=/path/to/chrome make test  one that you have
  NO_BROWSER=1 make test                         goes without the browser tests"""


def find() -> str | None:
    """The Chromium that was named, else one on this machine, else Playwright's own."""
    named = os.environ.get("AGENTBENCH_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    on_path = (shutil.which(name) for name in NAMES)
    return next((path for path in on_path if path), None) or _playwright()


def _playwright() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def main() -> None:
    """Prints one path, or fails with what to do."""
    path = find()
    if path is None and "--install" in sys.argv:
        debian.install("chromium", "fonts-liberation", "fonts-dejavu-core")
        path = find()
    if path is None:
        sys.exit(HOW_TO_GET_ONE)
    print(path)


if __name__ == "__main__":
    main()
