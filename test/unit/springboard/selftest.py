#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""run.py notices fixtures that expect nothing, the wrong thing, or use unknown tags.

    selftest.py PRINT
"""
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
BODY = (HERE / 'fixtures' / 'plain.S').read_text().split('*/', 2)[2]
CASES = {
    'nothing': ('no tags at all', 1),
    'wrong': ('\n * expect: sub 0x68\n', 1),
    'unknown': ('\n * expect: sub 0x60\n * expects: frame 0x90\n', 1),
    'both': ('\n * expect: sub 0x60\n * refuse: anything\n', 1),
    'not-refused': ('\n * refuse: anything\n', 1),
    'right': ('\n * expect: sub 0x60\n', 0),
}


def main():
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for name, (comment, status) in CASES.items():
            fixture = Path(folder) / f'{name}.S'
            fixture.write_text(f'/* {comment} */\n{BODY}')
            run = subprocess.run([HERE / 'run.py', sys.argv[1], fixture], capture_output=True, check=False)
            if run.returncode != status:
                wrong.append(f'{name}: exit status {run.returncode}, not {status}')
    print('\n'.join(wrong) or f'{len(CASES)} cases')
    sys.exit(bool(wrong))


main()
