# SPDX-License-Identifier: GPL-2.0-only
"""The tool with other options produces exactly the bytes of the report.

Truth: the report itself. Each --run is one set of options ("-j 1", "--exhaustive").
"""
import os
import shlex
import subprocess
import tempfile

import truth


def main():
    options = truth.arguments('tool', 'report', runs='run')
    check = truth.Check('same')
    with open(options.report, 'rb') as file:
        report = file.read()
    for run in options.run:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'report.json')
            done = subprocess.run((options.tool, '--kernel', options.tree, '-q', '-o', path, *shlex.split(run)),
                                  capture_output=True, text=True)
            if not check.expect(done.returncode == 0, f'{run}: exit status {done.returncode}: {done.stderr[-500:]}'):
                continue
            with open(path, 'rb') as file:
                other = file.read()
        check.expect(other == report, f'{run}: the reports differ: ' + truth.difference(report, other))
    check.finish(f"{len(report)} bytes, again with {', '.join(options.run)}")


main()
