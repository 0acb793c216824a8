#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The protocol: start and end of the server, and messages that are late, wrong, huge, cancelled
or no messages at all."""
import json
import os
import signal
import subprocess
import sys
import time

import suite
from client import RpcError, find, frame, hover_text, uri_of

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
NOT_INITIALIZED, CANCELLED = -32002, -32800
CORE = "kernel/sched/core.c"


def refused(code, ask):
    try:
        result = ask()
    except RpcError as error:
        assert error.code == code, f"{error}, not {code}"
        return str(error)
    raise AssertionError(f"not refused but answered: {result}")


def is_alive(client):
    """Checks that the server still answers correctly."""
    refused(METHOD_NOT_FOUND, lambda: client.request("plugsched/nothing", {}))


def ready(setup, *options, **more):
    client = setup.start(*options)
    client.initialize(setup.kernel, **more)
    return client


def fault(client, code):
    """An answer to a message without an id."""
    answer = client.answers.get(timeout=client.seconds)
    assert answer["id"] is None and answer["error"]["code"] == code, answer
    return answer["error"]["message"]


def test_life(setup):
    client = setup.start()
    refused(NOT_INITIALIZED, lambda: client.at("hover", setup.path(CORE), 0, 0))
    # dropped
    client.notify("textDocument/didOpen", {"textDocument": {"uri": "file:///x.c", "text": "x"}})
    refused(INVALID_PARAMS, lambda: client.request("initialize"))
    result = client.initialize(setup.kernel)
    assert result["serverInfo"]["name"] == "plugsched-lsp", result
    capabilities = result["capabilities"]
    for absent in ("documentFormattingProvider", "completionProvider", "renameProvider", "semanticTokensProvider"):
        assert absent not in capabilities, f"{absent} would get in clangd's way"
    refused(INVALID_REQUEST, lambda: client.request("initialize", {"capabilities": {}}))
    is_alive(client)
    assert client.request("shutdown") is None
    refused(INVALID_REQUEST, lambda: client.at("hover", setup.path(CORE), 0, 0))
    client.notify("exit")
    assert client.process.wait(timeout=600) == 0


def test_exit_without_shutdown(setup):
    client = ready(setup)
    client.notify("exit")
    assert client.process.wait(timeout=600) == 1
    client = setup.start()
    client.notify("exit")
    assert client.process.wait(timeout=600) == 1


def test_end_of_input(setup):
    client = ready(setup)
    assert client.finish() == 1
    client = ready(setup)
    client.raw(b"Content-Length: 100\r\n\r\n{")
    assert client.finish() == 1
    client = ready(setup)
    client.request("shutdown")
    assert client.finish() == 0


def test_requests_before_the_end_are_answered(setup):
    client = ready(setup)
    ids = [client.begin("workspace/symbol", {"query": "q"}) for _ in range(50)]
    client.process.stdin.close()
    for id in ids:
        assert isinstance(client.end(id), list)


def test_dead_client(setup):
    """The process that processId names ends while the pipes stay open."""
    with subprocess.Popen(["sleep", "1000"]) as parent:
        client = ready(setup, pid=parent.pid)
        is_alive(client)
        parent.kill()
        parent.wait()
        assert client.process.wait(timeout=600) == 1
        client = setup.start()
        client.send({"jsonrpc": "2.0", "id": 1, "method": "initialize",
                     "params": {"processId": parent.pid, "rootUri": uri_of(setup.kernel), "capabilities": {}}})
        assert client.process.wait(timeout=600) == 1


def test_client_that_does_not_read(setup):
    """The server goes on reading whatever it has to answer: some MB of
    unread answers do not stop it."""
    process = subprocess.Popen([setup.server], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    setup.clients.append(type("Client", (), {"process": process})())
    send = process.stdin.write
    send(frame({"jsonrpc": "2.0", "id": 0, "method": "initialize",
                "params": {"rootUri": uri_of(setup.kernel), "capabilities": {}}}))
    ask = frame({"jsonrpc": "2.0", "id": 1, "method": "workspace/symbol", "params": {"query": ""}})
    for _ in range(300):
        send(ask)
    send(frame({"jsonrpc": "2.0", "method": "exit"}))
    process.stdin.flush()
    assert process.wait(timeout=600) == 1


def test_unknown_methods(setup):
    client = ready(setup)
    refused(METHOD_NOT_FOUND, lambda: client.request("textDocument/formatting", {}))
    refused(METHOD_NOT_FOUND, lambda: client.request("$/whatever", {}))
    refused(METHOD_NOT_FOUND, lambda: client.request("exit"))
    client.notify("$/whatever", {})
    client.notify("textDocument/whatever", {})
    is_alive(client)
    assert client.close() == 0


def test_bad_params(setup):
    client = ready(setup)
    path = setup.path(CORE)
    document = {"uri": uri_of(path)}
    bad = [None, {}, [], {"textDocument": 1}, {"textDocument": {"uri": 3}}, {"textDocument": document},
           {"textDocument": document, "position": {"line": -1, "character": 0}},
           {"textDocument": document, "position": {"line": 0.5, "character": 0}},
           {"textDocument": document, "position": {"line": "0", "character": 0}},
           {"textDocument": {"uri": "file:///no/such.c"}, "position": {"line": 0, "character": 0}},
           {"textDocument": {"uri": "untitled:1"}, "position": {"line": 0, "character": 0}}]
    for method in ("hover", "definition", "references", "prepareCallHierarchy"):
        for params in bad:
            refused(INVALID_PARAMS, lambda: client.request("textDocument/" + method, params))
    refused(INVALID_PARAMS, lambda: client.request("workspace/symbol", {}))
    refused(INVALID_PARAMS, lambda: client.request("callHierarchy/incomingCalls", {"item": {"data": "no such id"}}))
    refused(INVALID_PARAMS, lambda: client.request("callHierarchy/incomingCalls", {"item": {}}))
    refused(INVALID_REQUEST, lambda: client.request("textDocument/hover", "text"))
    # positions behind an end mean that end
    assert client.at("hover", path, 100000, 100000) is None
    for notification in ("didOpen", "didChange", "didSave", "didClose"):
        for params in (None, [], {"textDocument": document}, {"textDocument": {"uri": 1}}):
            client.notify("textDocument/" + notification, params)
    is_alive(client)
    assert client.close() == 0


def test_messages_that_are_none(setup):
    client = ready(setup)
    for message in ([], 1, "x", None, {}, {"jsonrpc": "1.0", "method": "x", "id": 1}, {"jsonrpc": "2.0", "id": {}, "method": "x"},
                    {"jsonrpc": "2.0", "method": 3}):
        client.send(message)
        answer = client.answers.get(timeout=600)
        assert answer["error"]["code"] == INVALID_REQUEST, (message, answer)
    for body in (b"", b"{", b"nothing", b'{"jsonrpc": "2.0"} {}', b'{"a": "\xff"}', b"[" * 5000, b"\0\0"):
        client.raw(frame(body))
        fault(client, PARSE_ERROR)
    client.send({"jsonrpc": "2.0", "id": "unasked", "result": 1})  # an answer to no request
    client.send({"jsonrpc": "2.0", "id": None, "error": {"code": 1, "message": "x"}})
    is_alive(client)
    assert client.close() == 0


def test_headers(setup):
    client = ready(setup)
    body = json.dumps({"jsonrpc": "2.0", "id": "h", "method": "plugsched/nothing"}).encode()
    length = b"%d" % len(body)

    def answered():
        assert client.answers.get(timeout=600)["id"] == "h"

    for good in (b"content-length:%s\r\n\r\n", b"Content-Length: %s\n\n",
                 b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: %s\r\n\r\n",
                 b"X-Other: 1\r\nContent-Length:   %s  \r\nContent-Type: x; charset=\"utf8\"\r\n\r\n"):
        client.raw(good % length + body)
        answered()
    for bad in (b"Content-Length: x\r\n\r\n", b"Content-Length: -5\r\n\r\n", b"X: 1\r\n\r\n", b"\r\n",
                b"Content-Length: 99999999999999999999999\r\n\r\n", b"no colon\r\n\r\n", b"\0\0: 1\r\n\r\n", b"A" * 10000 + b"\r\n\r\n"):
        client.raw(bad + body)  # everything is skipped up to the next header
        fault(client, PARSE_ERROR)
        client.raw(frame(body))
        answered()
    # reported, and read nevertheless
    client.raw(b"junk\r\nContent-Length: %s\r\n\r\n" % length + body)
    fault(client, PARSE_ERROR)
    answered()
    client.raw(b"Content-Type: x; charset=utf-16\r\nContent-Length: %s\r\n\r\n" % length + body)
    fault(client, INVALID_REQUEST)
    for byte in frame(body):  # in pieces
        client.raw(bytes([byte]))
    answered()
    client.raw(frame(body) * 3)  # together
    for _ in range(3):
        answered()
    assert client.close() == 0


def test_huge(setup):
    client = ready(setup)
    size = (32 << 20) + 1
    client.raw(b"Content-Length: %d\r\n\r\n" % size)
    for _ in range(32):
        client.raw(b" " * (1 << 20))
    client.raw(b" ")
    assert str(size) in fault(client, INVALID_REQUEST)
    is_alive(client)
    # a large message within the limit is accepted
    client.open(setup.path("large.c"), "/* " + "x" * (20 << 20) + " */\nint schedule(void);\n")
    assert "schedule" in hover_text(client.at("hover", setup.path("large.c"), 1, 5))
    # a length that is never reached, and then the end
    client.raw(b"Content-Length: 9000000000000000\r\n\r\nx")
    fault(client, INVALID_REQUEST)
    assert client.finish() == 1


def test_batch(setup):
    client = ready(setup)
    ask = {"jsonrpc": "2.0", "method": "workspace/symbol", "params": {"query": "pick_next"}}
    client.send([{**ask, "id": "a"}, {"jsonrpc": "2.0", "method": "$/note"}, {**ask, "id": "b"}, 5,
                 {"jsonrpc": "2.0", "id": "c", "method": "none"}])
    answers = client.answers.get(timeout=600)
    assert [answer["id"] for answer in answers] == ["a", "b", None, "c"], answers
    assert answers[0]["result"] == answers[1]["result"] != []
    assert [answers[2]["error"]["code"], answers[3]["error"]["code"]] == [INVALID_REQUEST, METHOD_NOT_FOUND]
    client.send([{"jsonrpc": "2.0", "method": "$/note"}])  # nothing to answer
    is_alive(client)
    assert client.close() == 0


def test_cancel(setup):
    """A waiting request is cancelled; cancelling one that is answered,
    or unknown, has no effect."""
    client = ready(setup)
    os.kill(client.process.pid, signal.SIGSTOP)  # so that all messages wait
    first = client.begin("workspace/symbol", {"query": "a"})
    second = client.begin("workspace/symbol", {"query": "b"}, id="text")
    third = client.begin("workspace/symbol", {"query": "c"})
    for id in (second, first, 12345, None):
        client.notify("$/cancelRequest", {"id": id})
    client.notify("$/cancelRequest")
    os.kill(client.process.pid, signal.SIGCONT)
    for id in (first, second):
        refused(CANCELLED, lambda: client.end(id))
    assert isinstance(client.end(third), list)
    client.notify("$/cancelRequest", {"id": third})
    is_alive(client)
    assert client.close() == 0


def word_at(client, path, line, character):
    """The range that the server takes for the word at that position."""
    found = client.at("hover", path, line, character)
    return found and (found["range"]["start"]["character"], found["range"]["end"]["character"])


def test_encodings(setup):
    """The server chooses the first offered encoding that it knows; columns behind characters of
    one to four bytes are right."""
    text = "/* aé€😀 */ int x = schedule();\n"
    widths = {"utf-8": lambda s: len(s.encode()), "utf-16": lambda s: len(s.encode("utf-16-le")) // 2, "utf-32": len}
    for offered, chosen in ((None, "utf-16"), ([], "utf-16"), (["utf-7", "utf-8", "utf-16"], "utf-8"), (["utf-32"], "utf-32"),
                            (["utf-16", "utf-8"], "utf-16"), (["x", 1], "utf-16")):
        client = setup.start()
        capabilities = {"general": {"positionEncodings": offered}} if offered is not None else {}
        result = client.initialize(setup.kernel, capabilities)
        assert result["capabilities"]["positionEncoding"] == chosen, (offered, result)
        path = setup.path("new.c")
        client.open(path, text)
        begin = widths[chosen](text[:text.index("schedule")])
        assert word_at(client, path, 0, begin) == (begin, begin + 8)
        assert word_at(client, path, 0, begin + 8) == (begin, begin + 8)
        assert word_at(client, path, 0, begin - 1) is None
        # an edit behind the wide characters, in units of the chosen encoding
        client.notify("textDocument/didChange", {"textDocument": {"uri": uri_of(path), "version": 2}, "contentChanges": [
            {"range": {"start": {"line": 0, "character": begin}, "end": {"line": 0, "character": begin + 8}}, "text": "é yield_once"}]})
        begin += 2 if chosen != "utf-8" else 3
        assert word_at(client, path, 0, begin) == (begin, begin + 10)
        assert client.close() == 0


def test_sync(setup):
    """After any sequence of edits the server has the client's text: checked
    by where words are found."""
    client = ready(setup)
    path = setup.path("new.c")
    client.open(path, "one\r\ntwo\rthree\nschedule();")
    assert word_at(client, path, 3, 0) == (0, 8)
    version = 1

    def edit(begin, end, text, version_given=None):
        nonlocal version
        version += 1
        client.notify("textDocument/didChange", {
            "textDocument": {"uri": uri_of(path), "version": version if version_given is None else version_given},
            "contentChanges": [{"range": {"start": dict(zip(("line", "character"), begin)),
                                          "end": dict(zip(("line", "character"), end))}, "text": text}]})

    edit((0, 0), (0, 0), "\n\n")
    assert word_at(client, path, 5, 0) == (0, 8)
    edit((0, 0), (5, 0), "")
    assert word_at(client, path, 0, 3) == (0, 8)
    edit((0, 0), (0, 0), "/* ")
    assert word_at(client, path, 0, 3) is None  # in a comment now
    edit((0, 100), (7, 7), " */ schedule")  # behind the end: the end
    assert word_at(client, path, 0, 20) == (18, 26), word_at(client, path, 0, 20)
    # out of order: refused, and the text stays
    stale = version - 1
    edit((0, 0), (9, 9), "gone", stale)
    edit((0, 0), (9, 9), "gone", version - 1)
    assert word_at(client, path, 0, 20) == (18, 26)
    assert any("comes after version" in message["params"]["message"] for message in client.seen)
    # invalid changes of all kinds leave the text unchanged too
    version += 10
    for change in ({"text": 1}, {}, {"text": "x", "range": 5}, {"text": "x", "range": {"start": {"line": 0, "character": 0}}},
                   {"text": "x", "range": {"start": {"line": 0, "character": 9}, "end": {"line": 0, "character": 2}}}):
        version += 1
        client.notify("textDocument/didChange", {"textDocument": {"uri": uri_of(path), "version": version}, "contentChanges": [change]})
    assert word_at(client, path, 0, 20) == (18, 26)
    # several changes in one message are applied in order; a whole text replaces everything
    version += 1
    client.notify("textDocument/didChange", {"textDocument": {"uri": uri_of(path), "version": version}, "contentChanges": [
        {"text": "a"}, {"range": {"start": {"line": 0, "character": 1}, "end": {"line": 0, "character": 1}}, "text": "\nschedule"}]})
    assert word_at(client, path, 1, 0) == (0, 8)
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri_of(path)}})
    refused(INVALID_PARAMS, lambda: client.at("hover", path, 0, 0))  # neither open nor on disk
    assert client.close() == 0


def shown(client):
    return [message["params"]["message"] for message in client.seen if message["method"] == "window/showMessage"]


def test_no_report(setup):
    """Without a report the server starts, says so once, and answers with nothing; once there is
    a report, it is read."""
    report = setup.kernel / "boundary.json"
    report.rename(setup.folder / "kept")
    client = setup.start()
    client.initialize(setup.kernel, {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True},
                                                   "codeLens": {"refreshSupport": True}, "inlayHint": {"refreshSupport": True}}})
    message = client.wait("window/showMessage")["message"]
    assert "no report" in message and "plugsched-analyze --kernel" in message and str(report) in message, message
    path = setup.path(CORE)
    client.open(path)
    text = open(path, encoding="utf-8").read()
    where = find(text, "void wake_up_new_task", "wake_up_new_task")
    assert client.at("hover", path, *where) is None and client.at("definition", path, *where) is None
    assert client.of("codeLens", path) == [] and client.of("documentSymbol", path) == []
    assert client.request("workspace/symbol", {"query": ""}) == []
    assert len(shown(client)) == 1
    watched = [r for r in client.requests if r["method"] == "client/registerCapability"]
    assert watched[0]["params"]["registrations"][0]["registerOptions"]["watchers"][0]["globPattern"] == str(report)
    (setup.folder / "kept").rename(report)
    # another file
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(path), "type": 2}]})
    assert client.at("hover", path, *where) is None
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri_of(report), "type": 1}]})
    assert "wake_up_new_task" in hover_text(client.at("hover", path, *where))
    assert {"workspace/codeLens/refresh", "workspace/inlayHint/refresh"} <= {r["method"] for r in client.requests}
    assert client.close() == 0


def test_report_changes(setup):
    """A changed report is read again on a save; a bad one is reported, and the old one stays."""
    client = ready(setup)
    path, report = setup.path(CORE), setup.kernel / "boundary.json"
    client.open(path)
    where = find(open(path, encoding="utf-8").read(), "void wake_up_new_task", "wake_up_new_task")
    before = hover_text(client.at("hover", path, *where))
    good = json.loads(report.read_text())
    for bad in ("{", "{}", report.read_text()[:5000]):
        report.write_text(bad)
        client.notify("textDocument/didSave", {"textDocument": {"uri": uri_of(path)}})
        assert "kept as it was" in client.wait("window/showMessage")["message"]
        assert hover_text(client.at("hover", path, *where)) == before
        # not reported again
        client.notify("textDocument/didSave", {"textDocument": {"uri": uri_of(path)}})
        is_alive(client)
        assert client.notifications.empty()
    for function in good["functions"]:
        if function["name"] == "wake_up_new_task":
            function["why"] = "interface: another sentence"
    report.write_text(json.dumps(good))
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri_of(path)}})
    assert "another sentence" in hover_text(client.at("hover", path, *where))
    assert client.close() == 0


def test_options(setup):
    """The command line's options, and initializationOptions, which take precedence."""
    report = setup.folder / "elsewhere.json"
    (setup.kernel / "boundary.json").rename(report)
    path = setup.path(CORE)
    where = find(open(path, encoding="utf-8").read(), "void wake_up_new_task", "wake_up_new_task")
    log = setup.folder / "log"
    for options, initialization in (([f"--report={report}", f"--log={log}"], {}), ([], {"report": str(report)}),
                                    (["--report=/none", "--kernel=/none"], {"report": str(report), "kernel": str(setup.kernel)}),
                                    (["--report=/none"], {"report": "../elsewhere.json"})):
        client = ready(setup, *options, options=initialization)
        client.open(path)
        assert "wake_up_new_task" in hover_text(client.at("hover", path, *where)), options
        assert client.close() == 0
    assert "elsewhere.json" in log.read_text()
    client = setup.start()
    refused(INVALID_PARAMS, lambda: client.initialize(setup.kernel, options={"report": 5}))
    # a folder within the tree means the tree
    client = setup.start(f"--report={report}")
    client.initialize(setup.kernel / "kernel/sched")
    client.open(path)
    assert "wake_up_new_task" in hover_text(client.at("hover", path, *where))
    for arguments in (["--none"], ["word"], ["--report"]):
        done = subprocess.run([setup.server, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert done.returncode == 2 and "see --help" in done.stderr and not done.stdout, done
    done = subprocess.run([setup.server, "--log=/none/such"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 1 and "goes on without a log" in done.stderr, done


def test_plain_text(setup):
    client = ready(setup, capabilities={"textDocument": {"hover": {"contentFormat": ["plaintext"]}}})
    path = setup.path(CORE)
    client.open(path)
    hover = client.at("hover", path, *find(open(path, encoding="utf-8").read(), "void wake_up_new_task", "wake_up_new_task"))
    assert hover["contents"]["kind"] == "plaintext", hover
    assert "**" not in hover_text(hover) and "`" not in hover_text(hover), hover
    assert client.close() == 0


def test_storm(setup):
    """Many messages at once, some of them invalid: every request gets one answer, in order for
    those of one kind."""
    client = ready(setup)
    path = setup.path(CORE)
    client.open(path)
    started = time.monotonic()
    ids = []
    for number in range(3000):
        ids.append(client.begin("textDocument/hover", {"textDocument": {"uri": uri_of(path)},
                                                       "position": {"line": number % 450, "character": 6}}))
        if number % 50 == 0:
            client.raw(frame(b"{"))
    for id in ids:
        client.end(id)
    assert client.answers.qsize() == 60
    print(f"storm: 3000 hovers in {time.monotonic() - started:.2f} s")
    assert client.close() == 0


if __name__ == "__main__":
    suite.run(sys.modules["__main__"])
