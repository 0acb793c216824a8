#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compares every answer with the report, which is read here as JSON, for the whole fixture
kernel: unedited, edited, and as an extracted folder."""
import collections
import json
import re
import sys

import suite
from client import hover_text, path_of, uri_of

SYMBOLS = {"textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": True}}}
CORE = "kernel/sched/core.c"


class Truth:
    """The report by ids, and the lines of the fixture."""

    def __init__(self, setup):
        self.report = json.loads(setup.report.read_text())
        self.nodes = {node["id"]: node for part in ("functions", "variables", "members") for node in self.report[part]}
        self.uses = [use for part in ("edges", "references") for use in self.report[part]]
        # an escape says where an address gets, and may stand at a line without the name
        self.named = [use for use in self.uses if use["kind"] != "escape"]
        self.lines = {}
        self.setup = setup

    def line(self, name, number):
        if name not in self.lines:
            with open(self.setup.path(name), encoding="utf-8") as file:
                self.lines[name] = file.read().split("\n")
        return self.lines[name][number - 1]

    def word(self, node):
        return node.get("member") or node["name"]

    def column(self, name, number, word, is_member=False):
        """Where a word is in a line, outside its comment; None if it is not there."""
        code = re.sub(r"//.*|/\*.*?\*/|\"[^\"]*\"", lambda match: " " * len(match[0]), self.line(name, number))
        found = [match.start() for match in re.finditer(rf"\b{re.escape(word)}\b", code)]
        found = [at for at in found if not re.search(r"(struct|union)\s+$", code[:at])] or found
        members = [at for at in found if re.search(r"(\.|->)\s*$", code[:at])]
        others = [at for at in found if at not in members]
        first, second = (members, others) if is_member else (others, members)
        return (first or second or [None])[0]

    def callers(self, id):
        """The functions that call it, directly or possibly: those outside the scheduler, those
        inside, and of the latter those that stay."""
        callers = {use["from"] for use in self.report["edges"] if use["to"] == id and use["kind"] == "call"}
        callers |= {site["from"] for site in self.report["sites"] if id in site.get("targets", [])}
        outside = {caller for caller in callers if not self.nodes[caller]["scheduler"]}
        staying = {caller for caller in callers - outside if self.nodes[caller]["class"] == "external"}
        return len(outside), len(callers - outside), len(staying)


def begin(setup, truth, names=None, **more):
    client = setup.start()
    client.initialize(setup.kernel, **{"capabilities": SYMBOLS, **more})
    for name in names or sorted({node["file"] for node in truth.nodes.values() if node["scheduler"]} | {"kernel/fork.c"}):
        client.open(setup.path(name))
    return client


def phrase(truth, id, noun="caller"):
    outside, inside, staying = truth.callers(id)
    stay = f" ({staying} stay{'s' if staying == 1 else ''} in vmlinux)" if staying else ""
    return f"{outside} {noun}{'' if outside == 1 else 's'} outside · {inside} inside{stay}"


def test_hover_of_definitions(setup):
    """At each definition whose name is in the text: class, reason, sentence, and
    for a function its callers."""
    truth = Truth(setup)
    client = begin(setup, truth)
    done = collections.Counter()
    for id, node in truth.nodes.items():
        column = truth.column(node["file"], node["line"], truth.word(node)) if node["line"] else None
        if column is None:
            continue
        text = hover_text(client.at("hover", setup.path(node["file"]), node["line"] - 1, column))
        kind = "member" if "member" in node else "function" if "signature" in node else "variable"
        for part in (f"**{node['name']}** — {kind}, **{node['class']}** (`{node['reason']}`)",
                     node["why"].split(": ", 1)[1] + ".", f"{node['file']}:{node['line']}"):
            assert part in text, f"{id}: no {part!r} in {text}"
        if kind == "function":
            assert f"**{phrase(truth, id)}**" in text, f"{id}: {phrase(truth, id)!r} is not in {text}"
        else:
            users = {use["from"] for use in truth.uses if use["to"] == id and use["from"]}
            inside = {user for user in users if truth.nodes[user]["scheduler"]}
            assert f"**{len(users - inside)} user{'' if len(users - inside) == 1 else 's'} outside · {len(inside)} inside" in text, text
        if kind == "member":
            record = [r for r in truth.report["records"] if (r["name"], r["file"]) == (node["record"], node["file"])][0]
            assert f"**{'may' if record['class'] == 'internal' else 'may not'} change**" in text, text
            assert record["why"].split(": ", 1)[1] in text, text
        done[kind] += 1
    assert done["function"] > 100 and done["variable"] > 30 and done["member"] > 30, done
    assert client.close() == 0


def test_hover_of_uses(setup):
    """At each use whose name is in the line, the entry is the report's for that place, and no
    other of that name."""
    truth = Truth(setup)
    client = begin(setup, truth)
    done = 0
    for use in truth.named:
        node = truth.nodes[use["to"]]
        word, is_member = truth.word(node), "member" in node
        at = truth.column(use["file"], use["line"], word, is_member) if use["line"] else None
        if at is None:
            continue
        same = {other["to"] for other in truth.named if (other["file"], other["line"]) == (use["file"], use["line"])
                and truth.word(truth.nodes[other["to"]]) == word}
        text = hover_text(client.at("hover", setup.path(use["file"]), use["line"] - 1, at))
        assert f"**{node['name']}** — " in text and f"\n{node['file']}:{node['line']}\n" in text, (use, text)
        if len(same) == 1 and "signature" not in node:
            assert text.count("** — ") == 1, (use, text)
        done += 1
    assert done > 400, done
    assert client.close() == 0


def test_hover_of_nothing(setup):
    """Comments, strings, keywords, numbers and local names have no hover, even
    if an entry has that name."""
    client = setup.start()
    client.initialize(setup.kernel)
    path = setup.path("kernel/sched/new.c")
    text = ('/* schedule */ // schedule\n"schedule" \'schedule\' 1.schedule 0xschedule\nreturn if int rq\n'
            'x = "\\"schedule";\n// a \\\nschedule\n#include <schedule.h>\n/* ...\nschedule */ schedule(), a.schedule\n')
    client.open(path, text)
    found = []
    for number, line in enumerate(text.split("\n")):
        for match in re.finditer("schedule|return|if|int|rq|include", line):
            if client.at("hover", path, number, match.start()):
                found.append((number, match.start()))
    assert found == [(8, 12)], found
    # an unedited line of the scheduler where the report has no use: the name alone is not a
    # function that is called
    core = setup.path(CORE)
    lines = open(core, encoding="utf-8").read().split("\n")
    number = next(i for i, line in enumerate(lines) if "int prio)" in line)
    client.open(core)
    assert client.at("hover", core, number, lines[number].index("prio)")) is None
    assert client.close() == 0


def test_unsure_members(setup):
    """A member in a line that the report does not know: all members of that name are listed, and
    the hover says so."""
    client = setup.start()
    client.initialize(setup.kernel)
    path = setup.path(CORE)
    lines = open(path, encoding="utf-8").read().split("\n")
    owners = collections.defaultdict(list)
    for node in Truth(setup).report["members"]:
        owners[node["member"]].append(f"**{node['name']}**")
    shared = min(name for name, nodes in owners.items() if len(nodes) == 2)
    begin = f"static int fresh(struct x *x) {{ return x->{shared} + x->"
    client.open(path, "\n".join([*lines[:5], begin + "nr_running; }", *lines[5:]]))
    text = hover_text(client.at("hover", path, 5, begin.index(shared)))
    assert "may be any of these" in text and all(name in text for name in owners[shared]), text
    text = hover_text(client.at("hover", path, 5, len(begin)))
    assert "**rq.nr_running**" in text and "any of these" not in text, text
    # in other places the lines have moved by one, and everything is found there
    number = next(i for i, line in enumerate(lines) if "rq->nr_running += pick_next(rq)" in line)
    text = hover_text(client.at("hover", path, number + 1, lines[number].index("pick_next")))
    assert f"\n{CORE}:" in text and "kernel/sched/rt.c:" not in text, text
    assert client.close() == 0


def test_definitions(setup):
    truth = Truth(setup)
    client = begin(setup, truth)
    done = 0
    for use in truth.named:
        node = truth.nodes[use["to"]]
        at = truth.column(use["file"], use["line"], truth.word(node), "member" in node) if use["line"] else None
        column = truth.column(node["file"], node["line"], truth.word(node)) if node["line"] else None
        if at is None or column is None:
            continue
        found = client.at("definition", setup.path(use["file"]), use["line"] - 1, at)
        wanted = {"line": node["line"] - 1, "character": column}
        assert any(path_of(each["uri"]) == setup.path(node["file"]) and each["range"]["start"] == wanted for each in found), (use, found)
        done += 1
    assert done > 400, done
    assert client.close() == 0


def test_references(setup):
    """All uses of an entry, each at its word if that is in the line."""
    truth = Truth(setup)
    client = begin(setup, truth)
    by_target = collections.defaultdict(list)
    for use in truth.uses:
        if use["line"]:
            by_target[use["to"]].append(use)
    done = 0
    for id, uses in by_target.items():
        node = truth.nodes[id]
        column = truth.column(node["file"], node["line"], truth.word(node)) if node["line"] else None
        same = [other for other in truth.nodes.values() if (other["file"], other["line"]) == (node["file"], node["line"])
                and truth.word(other) == truth.word(node)]
        if column is None or len(same) > 1:
            continue
        for declared in (False, True):
            found = client.at("references", setup.path(node["file"]), node["line"] - 1, column, context={"includeDeclaration": declared})
            places = {(path_of(each["uri"]), each["range"]["start"]["line"] + 1, each["range"]["start"]["character"]) for each in found}
            assert len(places) == len(found), (id, found)
            for use in uses:
                at = truth.column(use["file"], use["line"], truth.word(node), "member" in node)
                assert at is None or use["kind"] == "escape" or (setup.path(use["file"]), use["line"], at) in places, (use, places)
            lines = {(path, line) for path, line, _ in places}
            assert not declared or (setup.path(node["file"]), node["line"]) in lines, (id, places)
            # only uses, sites, and what was found in the lines of macros' arguments
            known = {(setup.path(use["file"]), use["line"]) for use in uses}
            known |= {(setup.path(site["file"]), site["line"]) for site in truth.report["sites"] if id in site.get("targets", [])}
            known |= {(setup.path(node["file"]), node["line"])} if declared else set()
            for path, line in lines:
                assert any(path == other and 0 <= line - number <= 12 for other, number in known), (id, path, line)
        done += 1
    assert done > 150, done
    assert client.close() == 0


def test_lenses(setup):
    """One lens above each function of the file, with the counts of the report; commands only for
    clients that have one."""
    truth = Truth(setup)
    for options in ({}, {"showReferencesCommand": "a.command"}):
        client = begin(setup, truth, options=options)
        for name in (CORE, "kernel/sched/rt.c", "kernel/sched/sched.h", "kernel/fork.c"):
            lenses = client.of("codeLens", setup.path(name))
            titles = {(each["range"]["start"]["line"] + 1, each["command"]["title"]) for each in lenses}
            functions = [f for f in truth.report["functions"] if f["file"] == name and f["scheduler"] and f.get("end_line")]
            assert len(titles) == len({f["line"] for f in functions}), (name, len(titles), len(functions))
            for f in functions:
                if truth.column(name, f["line"], f["name"]) is None:
                    continue  # made by a macro
                reason = f" ({f['reason']})" if f["class"] == "external" else ""
                assert (f["line"], f"{f['class']}{reason} · {phrase(truth, f['id'])}") in titles, (f["id"], phrase(truth, f["id"]), titles)
            for each in lenses:
                assert each["command"]["command"] == options.get("showReferencesCommand", "")
                assert ("arguments" in each["command"]) == bool(options)
                assert not options or each["command"]["arguments"] == [uri_of(setup.path(name)), each["range"]["start"]]
        assert any("__x64_sys_nice: interface" in each["command"]["title"] for each in client.of("codeLens", setup.path(CORE)))
        assert client.close() == 0


def test_document_symbols(setup):
    truth = Truth(setup)
    for is_flat in (False, True):
        client = begin(setup, truth, **({"capabilities": {}} if is_flat else {}))
        for name in (CORE, "kernel/sched/sched.h", "include/linux/sched.h"):
            symbols = client.of("documentSymbol", setup.path(name))
            records = {record["name"] for record in truth.report["records"] if record["file"] == name}
            wanted = collections.Counter(node["name"] for node in truth.nodes.values() if node["file"] == name and "member" not in node)
            wanted.update(records)
            members = [node for node in truth.nodes.values() if node["file"] == name and "member" in node]
            if is_flat:
                assert all("location" in symbol and "children" not in symbol for symbol in symbols)
                wanted.update(node["member"] for node in members)
            assert collections.Counter(symbol["name"] for symbol in symbols) == wanted, name
            for symbol in symbols if not is_flat else []:
                inner, outer = symbol["selectionRange"], symbol["range"]
                assert (outer["start"]["line"], outer["start"]["character"]) <= (inner["start"]["line"], inner["start"]["character"])
                assert (outer["end"]["line"], outer["end"]["character"]) >= (inner["end"]["line"], inner["end"]["character"])
                if symbol["kind"] == 23:
                    assert {child["name"] for child in symbol["children"]} == {
                        node["member"] for node in members if node["record"] == symbol["name"]}, symbol
                elif symbol["kind"] == 12:
                    function = [f for f in truth.report["functions"] if (f["file"], f["name"]) == (name, symbol["name"])][0]
                    assert function["class"] in symbol["detail"] and outer["end"]["line"] + 1 >= function.get("end_line", 0), symbol
        assert client.close() == 0


def test_workspace_symbols(setup):
    truth = Truth(setup)
    client = begin(setup, truth, names=[CORE])

    def names(query):
        return [symbol["name"] for symbol in client.request("workspace/symbol", {"query": query})]

    assert names("wake_up_new_task")[0] == "wake_up_new_task"
    assert names("WKNEWTSK") == ["wake_up_new_task"], names("WKNEWTSK")
    assert names("rq.nr")[0] == "rq.nr_running" and "rq.nr_running" in names("nr_running")
    assert len(names("")) == 128 and names("no such name") == []
    by_name = collections.defaultdict(list)
    for node in truth.nodes.values():
        by_name[node["name"]].append(node)
    for name, nodes in by_name.items():
        found = [s for s in client.request("workspace/symbol", {"query": name}) if s["name"] == name]
        have = sorted((path_of(s["location"]["uri"]), s["location"]["range"]["start"]["line"] + 1) for s in found)
        for node in nodes:
            if node["line"] and truth.column(node["file"], node["line"], truth.word(node)) is not None:
                assert (setup.path(node["file"]), node["line"]) in have, (name, have)
    assert client.close() == 0


def test_call_hierarchy(setup):
    """The callers and callees of every function, direct and indirect ones separately."""
    truth = Truth(setup)
    client = begin(setup, truth)
    total = collections.Counter()
    for f in truth.report["functions"]:
        column = truth.column(f["file"], f["line"], f["name"]) if f["line"] else None
        if column is None:
            continue
        items = client.at("prepareCallHierarchy", setup.path(f["file"]), f["line"] - 1, column)
        item = [each for each in items if each["data"] == f["id"]][0]
        assert item["name"] == f["name"] and f["class"] in item["detail"], item
        for method, end, ours in (("incoming", "from", "to"), ("outgoing", "to", "from")):
            calls = client.request(f"callHierarchy/{method}Calls", {"item": item})
            have = {(call[end]["data"], "indirect, may call" in call[end]["detail"]) for call in calls}
            wanted = {(use[end], False) for use in truth.report["edges"] if use[ours] == f["id"] and use["kind"] == "call"}
            for site in truth.report["sites"]:
                ends = [(site["from"], target) for target in site.get("targets", [])]
                wanted |= {(caller if end == "from" else callee, True) for caller, callee in ends
                           if (callee if end == "from" else caller) == f["id"]}
            wanted = {each for each in wanted if truth.nodes[each[0]]["line"]}
            assert have == wanted, (f["id"], method, have ^ wanted)
            for call in calls:
                uri = item["uri"] if method == "outgoing" else call["from"]["uri"]
                caller = f["id"] if method == "outgoing" else call["from"]["data"]
                callee = call["to"]["data"] if method == "outgoing" else f["id"]
                lines = {use["line"] for use in truth.report["edges"] if (use["from"], use["to"], use["kind"]) == (caller, callee, "call")}
                ranges = {each["start"]["line"] + 1 for each in call["fromRanges"]}
                if "indirect" not in call[end]["detail"] and uri == uri_of(setup.path(truth.nodes[caller]["file"])):
                    assert all(any(0 <= line - use <= 12 for use in lines) for line in ranges), (caller, callee, ranges, lines)
            total[method] += len(have)
            total["indirect"] += sum(is_indirect for _, is_indirect in have)
    assert total["incoming"] > 100 and total["indirect"] > 30, total
    assert client.at("prepareCallHierarchy", setup.path(CORE), 0, 0) is None
    assert client.close() == 0


def test_hints(setup):
    """Calls that leave the module or enter it, and members' classes;
    only in the requested range."""
    truth = Truth(setup)
    client = begin(setup, truth)
    marks = collections.Counter()
    for name in (CORE, "kernel/fork.c", "kernel/sched/sched.h", "include/linux/sched.h", "kernel/sched/wait.c"):
        end = len(open(setup.path(name), encoding="utf-8").read().split("\n"))
        whole = client.of("inlayHint", setup.path(name), range={"start": {"line": 0, "character": 0}, "end": {"line": end, "character": 0}})
        have = collections.Counter((hint["position"]["line"] + 1, hint["label"]) for hint in whole)
        wanted = collections.Counter()
        for node in truth.report["members"]:
            if node["file"] == name and truth.column(name, node["line"], node["member"]) is not None:
                wanted[node["line"], node["class"]] += 1
        for use in truth.report["edges"]:
            if use["file"] != name or use["kind"] != "call" or truth.column(name, use["line"], truth.nodes[use["to"]]["name"]) is None:
                continue
            ends = [truth.nodes[use[end]] for end in ("from", "to")]
            ours = [node["scheduler"] and node["class"] != "external" and "signature" in node for node in ends]
            theirs = [node["class"] == "external" and "signature" in node and not node["file"].endswith(".h") for node in ends]
            if ours[0] and theirs[1]:
                wanted[use["line"], "→ vmlinux"] += 1
            elif theirs[0] and ours[1]:
                wanted[use["line"], "→ module"] += 1
        assert have == wanted, (name, have - wanted, wanted - have)
        marks.update(label for _, label in have.elements())
        middle = [hint for hint in whole if 20 <= hint["position"]["line"] < 30]
        part = client.of("inlayHint", setup.path(name), range={"start": {"line": 20, "character": 0}, "end": {"line": 30, "character": 0}})
        assert part == middle, (name, part, middle)
    assert len(marks) == 4 and min(marks.values()) > 3, marks
    assert client.close() == 0


def extract(setup):
    """What plugsched-extract leaves of the fixture, as far as the server can tell: files without
    their folder, and changed pieces."""
    folder = setup.folder / "module"
    folder.mkdir()
    for path in (setup.kernel / "kernel/sched").iterdir():
        if path.suffix in (".c", ".h"):
            (folder / path.name).write_text(path.read_text())
    core = (folder / "core.c").read_text()
    start = core.index("void cpu_startup_entry(int state)")
    core = core[:start] + "void cpu_startup_entry(int state);\t/* stays in vmlinux: noreturn */" + core[core.index("\n}", start) + 2:]
    core = core.replace("static int inside_only;", "extern int inside_only;", 1).replace(
        "\tstatic int activations;", "\textern int activate_task__activations;")
    core = core.replace("activations++;", "activate_task__activations++;")
    (folder / "core.c").write_text("/* one line more */\n" + core)
    (folder / "EXTRACTED.md").write_text("# The scheduler\n")
    (folder / "Makefile").write_text(f"KERNEL ?= {setup.kernel}\n\nmodules:\n\t$(MAKE) -C $(KERNEL) M=$(CURDIR) $@\n")
    (folder / "boundary.json").write_text(setup.report.read_text())
    return folder


def test_extracted(setup):
    """An extracted folder: lines correspond to those of the original, and what was removed is
    found in the kernel."""
    truth = Truth(setup)
    folder = extract(setup)
    client = setup.start()
    client.initialize(folder, SYMBOLS)
    core = str(folder / "core.c")
    text = (folder / "core.c").read_text()
    lines = text.split("\n")
    client.open(core)

    def where(part, word):
        number = next(i for i, line in enumerate(lines) if part in line)
        return number, lines[number].index(word, lines[number].index(part))

    at = where("activate_task(per_cpu_ptr", "activate_task")
    assert f"{CORE}:" in hover_text(client.at("hover", core, *at))
    found = client.at("definition", core, *at)
    assert found[0]["uri"] == uri_of(core) and "activate_task" in lines[found[0]["range"]["start"]["line"]], found
    # its callers are outside the folder: in the kernel
    found = client.at("references", core, *where("void wake_up_new_task", "wake_up_new_task"), context={"includeDeclaration": False})
    assert [path_of(each["uri"]) for each in found] == [setup.path("kernel/fork.c")], found
    # a removed body is found in the kernel
    at = where("void cpu_startup_entry", "cpu_startup_entry")
    assert "noreturn" in hover_text(client.at("hover", core, *at))
    assert [path_of(each["uri"]) for each in client.at("definition", core, *at)] == [setup.path(CORE)]
    item = client.at("prepareCallHierarchy", core, *at)[0]
    calls = client.request("callHierarchy/outgoingCalls", {"item": item})
    assert path_of(item["uri"]) == setup.path(CORE) and calls and all(call["fromRanges"] for call in calls), calls
    # names that the extraction gives, and declarations in place of definitions
    assert "activations**" in hover_text(client.at("hover", core, *where("activate_task__activations++", "activate_task__activations")))
    found = client.at("definition", core, *where("extern int inside_only", "inside_only"))
    assert found[0]["range"]["start"]["line"] == where("extern int inside_only", "")[0]
    titles = {each["range"]["start"]["line"]: each["command"]["title"] for each in client.of("codeLens", core)}
    for f in truth.report["functions"]:
        if f["file"] == CORE and f["scheduler"] and f"{f['name']}(" in truth.line(CORE, f["line"]):
            part = "void cpu_startup_entry" if f["name"] == "cpu_startup_entry" else truth.line(CORE, f["line"])
            number = next((i for i, line in enumerate(lines) if part in line), None)
            assert number is None or phrase(truth, f["id"]) in titles[number], f["id"]
    # the kernel's own files, opened from the extracted folder
    client.open(setup.path("kernel/fork.c"))
    fork = open(setup.path("kernel/fork.c"), encoding="utf-8").read().split("\n")
    number = next(i for i, line in enumerate(fork) if "wake_up_new_task" in line)
    found = client.at("definition", setup.path("kernel/fork.c"), number, fork[number].index("wake"))
    assert path_of(found[0]["uri"]) == core, found
    # without the originals, only names count
    for path in (setup.kernel / "kernel/sched").iterdir():
        if path.suffix in (".c", ".h"):
            path.unlink()
    other = setup.start()
    other.initialize(folder)
    other.open(core)
    text = hover_text(other.at("hover", core, *where("activate_task(per_cpu_ptr", "activate_task")))
    assert "**activate_task**" in text, text
    assert client.close() == 0 and other.close() == 0


def test_links(setup):
    """A tree opened through one link and a file through another: the document is the same."""
    link, other = setup.folder / "link", setup.folder / "other"
    link.symlink_to(setup.kernel)
    other.symlink_to(setup.kernel)
    for root, folder in ((setup.kernel, link), (link, setup.kernel), (link, other)):
        client = setup.start()
        client.initialize(root)
        path = str(folder / CORE)
        text = "/* one line more */\n" + open(path, encoding="utf-8").read()
        client.open(path, text)
        lines = text.split("\n")
        number = next(i for i, line in enumerate(lines) if "noinline void activate_task" in line)
        assert number in {lens["range"]["start"]["line"] for lens in client.of("codeLens", path)}, (root, folder)
        found = client.at("definition", path, number, lines[number].index("activate_task"))
        assert found == [{"uri": uri_of(path), "range": {"start": {"line": number, "character": lines[number].index("activate_task")},
                                                         "end": {"line": number, "character": lines[number].index("activate_task") + 13}}}], found
        assert client.close() == 0


def test_saved_edits(setup):
    """In a kernel tree the analysed text is the one that was there first; saving an
    edit does not change it."""
    client = setup.start()
    client.initialize(setup.kernel)
    path = setup.path(CORE)
    lines = open(path, encoding="utf-8").read().split("\n")
    client.open(path)
    client.at("hover", path, 0, 0)  # after this answer the server has read the original file
    edited = "\n".join(["/* a */", "/* b */", *lines])
    client.change(path, edited, 2)
    with open(path, "w", encoding="utf-8") as file:
        file.write(edited)
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri_of(path)}})
    number = next(i for i, line in enumerate(lines) if "rq->nr_running += pick_next(rq)" in line)
    text = hover_text(client.at("hover", path, number + 2, lines[number].index("pick_next")))
    assert "**pick_next**" in text and "Found by its name" not in text and "several" not in text, text
    found = client.at("references", path, *next((i + 2, line.index("activate_task")) for i, line in enumerate(lines)
                                                if "noinline void activate_task" in line), context={"includeDeclaration": True})
    edited_lines = edited.split("\n")
    assert len(found) >= 2 and all("activate_task" in edited_lines[each["range"]["start"]["line"]] for each in found
                                   if path_of(each["uri"]) == path), found
    assert client.close() == 0


if __name__ == "__main__":
    suite.run(sys.modules["__main__"])
