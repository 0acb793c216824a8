#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""plugsched.el in Emacs: what it shows of the fixture kernel. Skipped (77) if there
is no Emacs or no Eglot."""
import json
import os
import pathlib
import shutil
import subprocess
import sys

import suite

HERE = pathlib.Path(__file__).resolve().parent
PLUGIN = HERE / "../../../editors/emacs"
CORE = "kernel/sched/core.c"


def test_emacs(setup):
    out = setup.folder / "seen.json"
    path = setup.path(CORE)
    environment = {**os.environ, "SERVER": setup.server, "FILE": path, "OUT": str(out), "HOME": str(setup.folder)}
    done = subprocess.run(["emacs", "--batch", "-L", str(PLUGIN), "-l", str(HERE / "emacs.el")], env=environment,
                          capture_output=True, text=True, timeout=1000)
    assert done.returncode == 0 and out.exists(), done.stderr[-3000:]
    seen = json.loads(out.read_text())
    lines = pathlib.Path(path).read_text().split("\n")
    report = json.loads(setup.report.read_text())
    assert seen["managed"] is True and seen["root"].rstrip("/") == str(setup.kernel), seen
    assert "copy_process() in kernel/fork.c calls it" in seen["hover"] and "1 caller outside" in seen["hover"], seen["hover"]
    # Emacs shows the file's name in its own form, relative or not
    (group, line), = seen["definition"]
    assert group.endswith(CORE) and "noinline void activate_task" in lines[line - 1], seen["definition"]
    uses = [use for part in ("edges", "references") for use in report[part] if use["to"] == CORE + ":activate_task"]
    assert seen["references"] == len(uses) or seen["references"] == len(uses) + 1, (seen["references"], uses)
    assert "copy_process  external" in seen["callers"] and "kernel/fork.c" in seen["callers"], seen["callers"]
    assert "activate_task  internal" in seen["callees"], seen["callees"]
    functions = [f for f in report["functions"] if f["file"] == CORE and f["scheduler"] and f.get("end_line")]
    assert len(seen["lenses"]) == len({f["line"] for f in functions}), len(seen["lenses"])
    number = next(i for i, each in enumerate(lines, 1) if each.startswith("void wake_up_new_task"))
    assert [number, "interface · 1 caller outside · 0 inside\n"] in seen["lenses"], seen["lenses"][:5]
    assert "wake_up_new_task" in seen["imenu"], seen["imenu"][:5]


if __name__ == "__main__":
    has_eglot = shutil.which("emacs") and subprocess.run(["emacs", "--batch", "--eval", "(require 'eglot)"], capture_output=True).returncode == 0
    if not has_eglot:
        print("there is no Emacs with Eglot here")
        sys.exit(77)
    suite.run(sys.modules["__main__"])
