# SPDX-License-Identifier: GPL-2.0-only
"""A client of a language server, for tests and benches. It starts the server
and talks to it over pipes."""
import json
import os
import queue
import subprocess
import threading
import urllib.parse


class RpcError(Exception):
    """An error answered by the server."""

    def __init__(self, error):
        super().__init__(f"{error['code']}: {error['message']}")
        self.code = error["code"]


def uri_of(path):
    return "file://" + urllib.parse.quote(os.path.abspath(path))


def path_of(uri):
    return urllib.parse.unquote(uri.removeprefix("file://"))


def frame(message):
    body = message if isinstance(message, bytes) else json.dumps(message, ensure_ascii=False).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


class Client:
    """A thread receives the server's messages, so that neither side waits for the other."""

    def __init__(self, command, seconds=600, **options):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, **options)
        self.seconds = seconds
        self.number = 0
        self.answers = queue.Queue()      # answers without a known id, and answers to batches
        self.waiting = {}                 # id: queue of its answer
        self.notifications = queue.Queue()
        self.requests = []                # requests from the server
        self.seen = []                    # all notifications, in order
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        out = self.process.stdout
        stream = os.fdopen(os.dup(out.fileno()), "rb")
        while True:
            length = None
            while (line := stream.readline().strip()):
                name, value = line.split(b":", 1)
                if name.lower() == b"content-length":
                    length = int(value)
            if length is None:
                break
            self._take(json.loads(stream.read(length)))
        stream.close()
        self.notifications.put(None)
        self.answers.put(None)
        for waiting in list(self.waiting.values()):
            waiting.put(None)

    def _take(self, message):
        if isinstance(message, dict) and "method" in message:
            if "id" in message:
                self.requests.append(message)
                self.send({"jsonrpc": "2.0", "id": message["id"], "result": None})
            else:
                self.seen.append(message)
                self.notifications.put(message)
        elif isinstance(message, dict) and message.get("id") in self.waiting:
            self.waiting[message["id"]].put(message)
        else:
            self.answers.put(message)

    def raw(self, data):
        view = memoryview(data)
        while view:
            view = view[self.process.stdin.write(view):]

    def send(self, message):
        self.raw(frame(message))

    def begin(self, method, params=None, id=None):
        """Sends a request; end() receives its answer."""
        if id is None:
            self.number += 1
            id = self.number
        self.waiting[id] = queue.Queue()
        message = {"jsonrpc": "2.0", "id": id, "method": method}
        if params is not None:
            message["params"] = params
        self.send(message)
        return id

    def end(self, id):
        answer = self.waiting[id].get(timeout=self.seconds)
        del self.waiting[id]
        assert answer is not None, "the server ended without an answer"
        assert ("result" in answer) != ("error" in answer), answer
        if "error" in answer:
            raise RpcError(answer["error"])
        return answer["result"]

    def request(self, method, params=None):
        return self.end(self.begin(method, params))

    def notify(self, method, params=None):
        message = {"jsonrpc": "2.0", "method": method}
        if params is not None:
            message["params"] = params
        self.send(message)

    def wait(self, method, accept=lambda params: True):
        """The next notification of that method that `accept` accepts; others are skipped."""
        while (message := self.notifications.get(timeout=self.seconds)) is not None:
            if message["method"] == method and accept(message["params"]):
                return message["params"]
        raise AssertionError(f"the server ended without {method}")

    # --- what most tests need

    def initialize(self, root, capabilities=None, options=None, pid=None):
        result = self.request("initialize", {
            "processId": pid, "rootUri": uri_of(root), "capabilities": capabilities or {},
            "initializationOptions": options or {}})
        self.notify("initialized", {})
        return result

    def open(self, path, text=None, version=1):
        if text is None:
            with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
                text = file.read()
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": uri_of(path), "languageId": "c", "version": version, "text": text}})

    def change(self, path, text, version):
        self.notify("textDocument/didChange", {"textDocument": {"uri": uri_of(path), "version": version},
                                               "contentChanges": [{"text": text}]})

    def at(self, method, path, line, character, **more):
        """A request about a position; lines and columns count from 0."""
        return self.request("textDocument/" + method, {
            "textDocument": {"uri": uri_of(path)}, "position": {"line": line, "character": character}, **more})

    def of(self, method, path, **more):
        """A request about a document."""
        return self.request("textDocument/" + method, {"textDocument": {"uri": uri_of(path)}, **more})

    def close(self):
        """Sends shutdown and exit; returns the exit status."""
        self.request("shutdown")
        self.notify("exit")
        return self.finish()

    def finish(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        status = self.process.wait(timeout=self.seconds)
        self.thread.join(timeout=self.seconds)
        self.process.stdout.close()
        return status


def hover_text(hover):
    return hover["contents"]["value"] if hover else ""


def find(text, line_part, word):
    """Line and column (from 0, in characters) of `word` in the first line that has `line_part`."""
    for number, line in enumerate(text.split("\n")):
        if line_part in line:
            return number, line.index(word, line.index(line_part) if word in line_part else 0)
    raise AssertionError(f"no line has {line_part!r}")
