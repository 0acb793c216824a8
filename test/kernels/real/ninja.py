# SPDX-License-Identifier: GPL-2.0-only
"""Facts made unit by unit, each by its own command under ninja, link to exactly the bytes of the
report.

Truth: the report itself, which one process made that parses only some units. A second run of ninja
must find nothing to do. This parses every unit without shortcuts, so it is run for one kernel only.
"""
import os
import re
import subprocess
import tempfile

import truth


def run(check, *command):
    done = subprocess.run(command, capture_output=True, text=True)
    check.expect(done.returncode == 0, f'{command}: exit status {done.returncode}: {(done.stdout + done.stderr)[-500:]}')
    return done.stdout


def main():
    options = truth.arguments('tool', 'report')
    check = truth.Check('ninja')
    with open(options.report, 'rb') as file:
        report = file.read()
    with tempfile.TemporaryDirectory() as folder:
        run(check, options.tool, '--kernel', options.tree, '--ninja', os.path.join(folder, 'build.ninja'))
        made = len(re.findall(r'FACTS ', run(check, 'ninja', '-C', folder)))
        with open(os.path.join(folder, 'boundary.json'), 'rb') as file:
            other = file.read()
        check.expect(other == report, 'the reports differ: ' + truth.difference(report, other))
        check.expect('no work to do' in run(check, 'ninja', '-C', folder), 'a second run of ninja works again')
    check.finish(f'{len(report)} bytes from {made} files of facts')


main()
