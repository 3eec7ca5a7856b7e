"""Branches, files, commits and repositories of GitHub, where that takes several calls."""

import base64
from typing import Any

from agentbench.formats.autogpt.block import Given, Stream
from agentbench.formats.autogpt.calls.call import Sent, given_of
from agentbench.formats.autogpt.calls.github.places import API, placed
from agentbench.formats.base import Native


def encoded(given: Given) -> dict[str, Any]:
    """The content of a file as GitHub takes it, beside the repository."""
    content = base64.b64encode(str(given["content"]).encode()).decode()
    return {**placed(given), "content64": content}


async def make_branch(given: Given, native: Native) -> Stream:
    """Makes a branch where another one stands."""
    repo = placed(given)["repo"]
    start = await API.ask(
        native, given, "GET", f"/repos/{repo}/git/ref/heads/{given['source_branch']}"
    )
    body = {"ref": f"refs/heads/{given['new_branch']}", "sha": start["object"]["sha"]}
    await API.ask(native, given, "POST", f"/repos/{repo}/git/refs", Sent(body=body))
    yield "status", "Branch created successfully"


async def read_folder(given: Given, native: Native) -> Stream:
    """The files and folders of a folder."""
    place = f"/repos/{placed(given)['repo']}/contents/{str(given['folder_path']).strip('/')}"
    answer = await API.ask(
        native, given, "GET", place, Sent(params={"ref": given["branch"]})
    )
    if not isinstance(answer, list):
        raise NotADirectoryError(f"{given['folder_path']!r} is a file, not a folder.")
    for one in answer:
        if one["type"] == "dir":
            yield "dir", {"name": one["name"], "path": one["path"]}
        else:
            yield "file", {it: one[it] for it in ("name", "path", "size")}


async def update_file(given: Given, native: Native) -> Stream:
    """Writes a file anew, which is there already."""
    place = (
        f"/repos/{placed(given)['repo']}/contents/{str(given['file_path']).strip('/')}"
    )
    there = await API.ask(
        native, given, "GET", place, Sent(params={"ref": given["branch"]})
    )
    body = {
        "message": given["commit_message"],
        "content": encoded(given)["content64"],
        "branch": given["branch"],
        "sha": there["sha"],
    }
    answer = await API.ask(native, given, "PUT", place, Sent(body=body))
    for pair in given_of("url<content.html_url; sha<commit.sha", answer, given):
        yield pair


async def commit_files(given: Given, native: Native) -> Stream:
    """Writes and deletes several files in one commit."""
    git = f"/repos/{placed(given)['repo']}/git"
    ref = f"{git}/ref/heads/{given['branch']}"
    parent = (await API.ask(native, given, "GET", ref))["object"]["sha"]
    base = (await API.ask(native, given, "GET", f"{git}/commits/{parent}"))["tree"][
        "sha"
    ]
    entries = []
    for file in given["files"]:
        entry = {
            "path": str(file["path"]).strip("/"),
            "mode": "100644",
            "type": "blob",
            "sha": None,
        }
        if str(file.get("operation", "upsert")).lower() != "delete":
            content = {"content": str(file.get("content", "")), "encoding": "utf-8"}
            made = await API.ask(
                native, given, "POST", f"{git}/blobs", Sent(body=content)
            )
            entry["sha"] = made["sha"]
        entries.append(entry)
    tree = await API.ask(
        native,
        given,
        "POST",
        f"{git}/trees",
        Sent(body={"base_tree": base, "tree": entries}),
    )
    body = {
        "message": given["commit_message"],
        "tree": tree["sha"],
        "parents": [parent],
    }
    commit = await API.ask(native, given, "POST", f"{git}/commits", Sent(body=body))
    await API.ask(
        native,
        given,
        "PATCH",
        ref.replace("/ref/", "/refs/"),
        Sent(body={"sha": commit["sha"]}),
    )
    yield "sha", commit["sha"]
    yield "url", commit["html_url"]


async def create_repository(given: Given, native: Native) -> Stream:
    """Makes a repository of the user's."""
    names = ("name", "description", "private", "auto_init", "gitignore_template")
    body = {it: given[it] for it in names if given[it] not in ("", None)}
    answer = await API.ask(native, given, "POST", "/user/repos", Sent(body=body))
    yield "url", answer["html_url"]
    yield "clone_url", answer["clone_url"]


async def star(given: Given, native: Native) -> Stream:
    """Stars a repository."""
    await API.ask(native, given, "PUT", f"/user/starred/{placed(given)['repo']}")
    yield "status", "Repository starred successfully"
