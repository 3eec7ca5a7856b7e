"""Installs Debian packages, where that is possible without asking anybody."""

import os
import shutil
import subprocess


def install(*packages: str) -> bool:
    """Installs the packages and says whether it could: as root, with apt-get there."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing {', '.join(packages)} with apt-get ...", flush=True)
    apt_get = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (["update"], ["install", "-y", "--no-install-recommends", *packages])
    return all(
        subprocess.run([*apt_get, *step], env=quiet, check=False).returncode == 0
        for step in steps
    )
