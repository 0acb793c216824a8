# SPDX-License-Identifier: GPL-2.0-only
"""Runs the test_ functions of a module. Each gets a Setup; a failure ends that function, and the
others still run."""
import argparse
import os
import pathlib
import shutil
import sys
import tempfile
import time
import traceback

import client


class Setup:
    """The server program, and a copy of the fixture kernel with its report as boundary.json."""

    def __init__(self, arguments, folder):
        self.server = str(pathlib.Path(arguments.server).resolve())
        self.report = pathlib.Path(arguments.report).resolve()
        self.folder = folder
        self.kernel = folder / "kernel"
        self.clients = []

    def start(self, *options, **more):
        os.environ["G_DEBUG"] = "fatal-criticals"  # GLib's critical warnings end the server
        made = client.Client([self.server, *options], **more)
        self.clients.append(made)
        return made

    def path(self, name):
        return str(self.kernel / name)


def run(module):
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--kernel", required=True, help="a built fixture kernel, which is not changed")
    parser.add_argument("--report", required=True)
    parser.add_argument("names", nargs="*", help="tests to run; default: all")
    arguments = parser.parse_args()
    tests = [value for name, value in vars(module).items()
             if name.startswith("test_") and (not arguments.names or name[5:] in arguments.names)]
    if not tests:
        sys.exit("there is no test of that name")
    failed = 0
    for test in tests:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            shutil.copytree(arguments.kernel, folder / "kernel")
            shutil.copy(arguments.report, folder / "kernel/boundary.json")
            setup = Setup(arguments, folder)
            started = time.monotonic()
            try:
                test(setup)
            except Exception:
                failed += 1
                print(f"FAILED {test.__name__}", file=sys.stderr)
                traceback.print_exc()
            print(f"{test.__name__}: {time.monotonic() - started:.1f} s")
            for each in setup.clients:
                if each.process.poll() is None:
                    each.process.kill()
                    each.process.wait()
    print(f"{len(tests) - failed} of {len(tests)} tests passed")
    sys.exit(1 if failed else 0)
