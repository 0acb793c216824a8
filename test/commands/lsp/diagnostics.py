#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Diagnostics, with a stand-in for plugsched-lint that has the same interface and records how it
was run: it finds each FORBIDDEN in the texts that it is given. The real one is tested by
test/kernels/real/editor.py."""
import json
import os
import pathlib
import sys
import time

import suite
from client import path_of, uri_of

FAKE = '''#!/usr/bin/python3
import json, os, pathlib, sys, time
here = pathlib.Path(__file__).resolve().parent
arguments = sys.argv[1:]
overlays, words, report, kernel = {}, [], None, None
while arguments:
    word = arguments.pop(0)
    if word == "--overlay":
        file, content = arguments.pop(0).split("=", 1)
        overlays[file] = pathlib.Path(content).read_text()
    elif word == "-r":
        report = arguments.pop(0)
    elif word == "-k":
        kernel = arguments.pop(0)
    elif word != "--json":
        words.append(word)
run = {"pid": os.getpid(), "folder": words[0], "files": words[1:], "overlays": overlays, "report": report, "kernel": kernel}
with open(here / "runs", "a") as runs:
    print(json.dumps(run), file=runs)
mode = (here / "mode").read_text() if (here / "mode").exists() else ""
if mode == "slow":
    time.sleep(1000)
if mode == "crash":
    sys.exit("something is broken")
if mode == "words":
    sys.exit(print("no JSON"))
findings = []
for file in words[1:]:
    text = overlays.get(file) or pathlib.Path(file).read_text()
    for number, line in enumerate(text.encode().split(b"\\n"), 1):
        at = line.find(b"FORBIDDEN")
        if at >= 0:
            findings.append({"rule": "interface-signature", "level": "warning" if b"mild" in line else "error", "file": file, "line": number,
                             "column": at + 1, "end_column": at + 10, "message": "it is forbidden", "id": "x", "help": "take it away",
                             "related": [{"file": file, "line": 1, "message": "because of this"}, {"file": "/none", "line": 1, "message": "x"}]})
print(json.dumps({"schema": "plugsched-lint", "version": 1, "findings": findings, "problems": [], "units": ["core.c"]}))
sys.exit(1 if findings else 0)
'''
CORE = "kernel/sched/core.c"
RELATED = {"textDocument": {"publishDiagnostics": {"relatedInformation": True}}}


def until(is_so, what):
    """Waits for an event; the limit only guards against hangs."""
    end = time.monotonic() + 600
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.02)


def is_gone(process):
    return not os.path.exists(f"/proc/{process}")


class Lint:
    def __init__(self, setup):
        self.folder = setup.folder / "lint"
        self.folder.mkdir()
        self.path = self.folder / "plugsched-lint"
        self.path.write_text(FAKE)
        self.path.chmod(0o755)

    def runs(self):
        file = self.folder / "runs"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def mode(self, mode):
        (self.folder / "mode").write_text(mode)

    def wait(self, count):
        until(lambda: len(self.runs()) >= count, f"fewer than {count} runs")
        return self.runs()[-1]


def begin(setup, capabilities=None):
    os.environ["TMPDIR"] = str(setup.folder / "tmp")
    (setup.folder / "tmp").mkdir(exist_ok=True)
    lint = Lint(setup)
    client = setup.start(f"--lint={lint.path}")
    client.initialize(setup.kernel, RELATED if capabilities is None else capabilities)
    return client, lint


def diagnostics(client, path, version=None):
    params = client.wait("textDocument/publishDiagnostics", lambda params: path_of(params["uri"]) == path
                         and (version is None or params.get("version") == version))
    return params["diagnostics"]


def left(setup):
    return list((setup.folder / "tmp").iterdir())


def test_edit(setup):
    """Open, edit, correct, save: each time the editor's text is checked, and the result has the
    version of that text."""
    client, lint = begin(setup)
    path = setup.path(CORE)
    text = pathlib.Path(path).read_text()
    client.open(path, text, version=3)
    assert diagnostics(client, path, 3) == []
    run = lint.wait(1)
    assert run == {**run, "folder": str(setup.kernel), "files": [path], "overlays": {}, "report": str(setup.kernel / "boundary.json"),
                   "kernel": str(setup.kernel)}
    edited = "/* é€ */ FORBIDDEN\n" + text + "\nmild FORBIDDEN"
    client.change(path, edited, 4)
    found = diagnostics(client, path, 4)
    assert lint.wait(2)["overlays"] == {path: edited}
    last = edited.count("\n")
    assert found == [
        {"range": {"start": {"line": line, "character": at}, "end": {"line": line, "character": at + 9}}, "severity": severity,
         "code": "interface-signature", "source": "plugsched", "message": "it is forbidden\ntake it away", "relatedInformation": [
             {"location": {"uri": uri_of(path), "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 18}}},
              "message": "because of this"}]} for line, at, severity in ((0, 9, 1), (last, 5, 2))], found
    client.change(path, text + "\n", 5)
    assert diagnostics(client, path, 5) == []
    pathlib.Path(path).write_text(text + "\n")
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri_of(path)}})
    assert diagnostics(client, path, 5) == [] and lint.wait(4)["overlays"] == {}
    assert left(setup) == [], left(setup)
    assert client.close() == 0


def test_debounce(setup):
    """Typing causes one run, after it; a change during a run ends it, and
    requests are answered meanwhile."""
    client, lint = begin(setup)
    path = setup.path(CORE)
    text = pathlib.Path(path).read_text()
    client.open(path, text)
    assert diagnostics(client, path, 1) == []
    for version in range(2, 12):
        client.change(path, text + "x" * version, version)
        time.sleep(0.05)
    assert diagnostics(client, path) == []
    assert len(lint.runs()) == 2 and lint.runs()[1]["overlays"][path].endswith("x" * 11), lint.runs()
    lint.mode("slow")
    client.change(path, text + "a", 20)
    slow = lint.wait(3)["pid"]
    for _ in range(20):
        assert client.of("codeLens", path)
    os.kill(slow, 0)  # the server did not wait for it
    lint.mode("")
    client.change(path, text + "FORBIDDEN", 21)
    assert len(diagnostics(client, path, 21)) == 1
    assert len(lint.runs()) == 4
    try:
        os.kill(slow, 0)
        raise AssertionError("the older run goes on")
    except ProcessLookupError:
        pass
    assert left(setup) == [], left(setup)
    # shut down while one runs
    lint.mode("slow")
    client.change(path, text, 22)
    slow = lint.wait(5)["pid"]
    assert client.close() == 0
    until(lambda: is_gone(slow), "the child outlives the server")
    assert left(setup) == [], left(setup)


def test_lost_client(setup):
    """A client that goes away during a check leaves neither a child nor files."""
    client, lint = begin(setup)
    path = setup.path(CORE)
    lint.mode("slow")
    client.open(path, pathlib.Path(path).read_text() + "x")
    slow = lint.wait(1)["pid"]
    assert client.finish() == 1
    until(lambda: is_gone(slow), "the child outlives the server")
    assert left(setup) == []


def test_two_files(setup):
    """A file with diagnostics is checked again when another changes; closing it clears them;
    other files are not checked."""
    client, lint = begin(setup)
    core, rt, fork = (setup.path(name) for name in (CORE, "kernel/sched/rt.c", "kernel/fork.c"))
    client.open(core, pathlib.Path(core).read_text() + "FORBIDDEN")
    assert len(diagnostics(client, core)) == 1
    client.open(fork)  # not the scheduler's
    client.open(rt)
    assert diagnostics(client, rt) == []
    run = lint.wait(2)
    assert set(run["files"]) == {core, rt} and set(run["overlays"]) == {core}, run
    client.change(rt, "one\nFORBIDDEN\n", 2)
    assert len(diagnostics(client, rt)) == 1
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri_of(core)}})
    client.wait("textDocument/publishDiagnostics", lambda params: path_of(params["uri"]) == core and not params["diagnostics"])
    client.change(rt, "one\nFORBIDDEN \n", 3)
    assert len(diagnostics(client, rt, 3)) == 1
    assert lint.runs()[-1]["files"] == [rt] and set(lint.runs()[-1]["overlays"]) == {rt}, lint.runs()[-1]
    assert client.close() == 0


def test_failures(setup):
    """A checker that crashes, prints nonsense or does not exist: logged once, the shown
    diagnostics stay, and the server continues."""
    client, lint = begin(setup, {})
    path = setup.path(CORE)
    text = pathlib.Path(path).read_text()
    client.open(path, text + "FORBIDDEN")
    found = diagnostics(client, path)
    assert len(found) == 1 and "relatedInformation" not in found[0]
    for mode, part in (("crash", "something is broken"), ("words", "without an answer")):
        lint.mode(mode)
        version = 10 * len(lint.runs())
        client.change(path, text, version)
        assert part in client.wait("window/logMessage")["message"]
        runs = len(lint.runs())
        client.change(path, text + " ", version + 1)
        lint.wait(runs + 1)
        assert client.of("codeLens", path)
    assert not [each for each in client.seen if each["method"] == "textDocument/publishDiagnostics"][1:]
    lint.mode("")
    client.change(path, text, 1000)
    assert diagnostics(client, path, 1000) == []
    lint.path.unlink()
    client.change(path, text + "FORBIDDEN", 1001)
    assert "plugsched-lint" in client.wait("window/logMessage", lambda params: params["type"] == 2)["message"]
    assert client.of("codeLens", path)
    assert left(setup) == []
    assert client.close() == 0


if __name__ == "__main__":
    suite.run(sys.modules["__main__"])
