#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""How the server finds the tree: the client names no folder, or several, or another than the kernel's; and what it
says if plugsched-lint is missing."""
import os
import shutil
import sys

import suite
from client import uri_of

CORE = "kernel/sched/core.c"


def begin(client, folders, root=None):
    params = {"processId": None, "rootUri": root and uri_of(root), "capabilities": {}}
    if folders is not None:
        params["workspaceFolders"] = [{"uri": uri_of(each), "name": os.path.basename(each)} for each in folders]
    client.request("initialize", params)
    client.notify("initialized", {})


def knows(client, path):
    """The server takes this file, which it is told to open, for one that the report is about."""
    client.open(path)
    lenses = client.of("codeLens", path)
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri_of(path)}})
    return any("interface" in lens["command"]["title"] for lens in lenses)


def elsewhere(setup, name="elsewhere"):
    folder = setup.folder / name
    folder.mkdir()
    return folder


def shown(client):
    return [each["params"]["message"] for each in client.seen if each["method"] == "window/showMessage"]


def test_no_root(setup):
    """rootUri null, as a client sends that opened a single file."""
    client = setup.start(cwd=elsewhere(setup))
    begin(client, None)
    assert knows(client, setup.path(CORE))
    assert not shown(client), "it complains although it found the tree"
    assert client.close() == 0


def test_null_folders(setup):
    client = setup.start(cwd=elsewhere(setup))
    client.request("initialize", {"processId": None, "rootUri": None, "workspaceFolders": None, "capabilities": {}})
    client.notify("initialized", {})
    assert knows(client, setup.path("kernel/sched/core.c"))
    assert client.close() == 0


def test_second_folder(setup):
    other = elsewhere(setup)
    client = setup.start(cwd=other)
    begin(client, [other, setup.kernel], root=other)
    assert knows(client, setup.path(CORE))
    assert not shown(client)
    assert client.close() == 0


def test_folder_with_report(setup):
    """Two kernels, of which the second was analysed."""
    bare = setup.folder / "bare"
    shutil.copytree(setup.kernel, bare)
    (bare / "boundary.json").unlink()
    client = setup.start(cwd=setup.folder)
    begin(client, [bare, setup.kernel])
    assert knows(client, setup.path(CORE))
    assert client.close() == 0


def test_unrelated_root(setup):
    """The client names a folder that has nothing to do with the file opened."""
    client = setup.start(cwd=setup.folder)
    begin(client, [elsewhere(setup)])
    assert knows(client, setup.path(CORE))
    assert client.close() == 0


def test_two_trees(setup):
    """The server goes over to another tree when it has no document of its own left, and only then."""
    second = setup.folder / "second"
    shutil.copytree(setup.kernel, second)
    client = setup.start(cwd=setup.folder)
    begin(client, [setup.kernel, second])
    assert knows(client, setup.path(CORE))
    assert knows(client, str(second / CORE))
    assert knows(client, setup.path(CORE))
    client.open(setup.path("kernel/fork.c"))
    assert not knows(client, str(second / CORE)), "it left the tree of an open document"
    assert knows(client, setup.path(CORE))
    assert client.close() == 0


def test_file_of_no_tree(setup):
    client = setup.start(cwd=elsewhere(setup))
    begin(client, None)
    lone = setup.folder / "elsewhere/lone.c"
    lone.write_text("int sched_fork(int x);\n")
    assert not knows(client, str(lone))
    assert knows(client, setup.path(CORE))
    assert client.close() == 0


def test_missing_lint(setup):
    """plugsched-lint is neither beside the server nor in PATH."""
    alone = elsewhere(setup, "alone")
    shutil.copy(setup.server, alone)
    setup.server = str(alone / "plugsched-lsp")
    client = setup.start(cwd=alone, env={**os.environ, "PATH": str(alone)})
    begin(client, [setup.kernel])
    said = client.wait("window/logMessage", lambda params: params["type"] == 2)["message"]
    assert said.startswith("plugsched-lint: ") and "--lint" in said, said
    assert knows(client, setup.path(CORE))
    assert client.close() == 0


if __name__ == "__main__":
    suite.run(sys.modules["__main__"])
