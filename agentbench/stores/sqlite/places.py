"""Places: folders in which a database is not safe, told apart where that is cheap."""

from pathlib import Path

_NETWORK = frozenset(
    {"9p", "afs", "ceph", "cifs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4"}
    | {"smb3", "smbfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "fuse.gcsfuse"}
)
_SYNCED = ("dropbox", "googledrive", "icloud", "mobiledocuments", "mydrive")
_SYNCING = ("nextcloud", "onedrive", "owncloud", "syncthing")
_MOUNTS = Path("/proc/self/mountinfo")


def place_notice(folder: Path) -> str:
    """What to say of a store in that folder; empty if there is nothing to say."""
    kind = _network_kind(folder)
    if kind:
        return (
            f"The store's folder {folder} is on a network file system ({kind}). One"
            " machine at a time may use it: kernels on two machines would damage it."
            " Set AGENTBENCH_HOME to a local folder, or AGENTBENCH_STORE_URL to PostgreSQL."
        )
    if _is_synced(folder):
        return (
            f"The store's folder {folder} is kept in step with other machines by a"
            " program that knows no databases, and may damage it. Set AGENTBENCH_HOME to"
            " a folder that is not synchronised."
        )
    return ""


def _network_kind(folder: Path) -> str:
    try:
        mounts = _MOUNTS.read_text(errors="replace").splitlines()
    except OSError:  # not a Linux
        return ""
    found, kind = Path("/"), ""
    for mount in mounts:
        before, _, after = mount.partition(" - ")
        point = Path(before.split()[4].replace("\\040", " "))
        if folder.is_relative_to(point) and point.is_relative_to(found):
            found, kind = point, after.split()[0]
    return kind if kind in _NETWORK else ""


def _is_synced(folder: Path) -> bool:
    names = [part.lower().replace(" ", "") for part in folder.parts]
    if any(name.startswith(_SYNCED + _SYNCING) for name in names):
        return True
    return any((near / ".stfolder").exists() for near in (folder, *folder.parents))
