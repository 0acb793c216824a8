# SPDX-License-Identifier: GPL-2.0-only
"""The examples: each patch applies to the extracted tree, builds with `plugsched build`, and
does in the guest what its README says."""
import os
import shutil
import subprocess
import sys
import tempfile

import run
from truth import arguments

EXAMPLES = os.path.join(run.HERE, '../../../examples')


def build(found, work, name):
    """Builds the module with the example's patch, and what its test in the guest needs besides."""
    folder = os.path.join(work, name)
    shutil.copytree(found.out, folder)
    patch = os.path.join(EXAMPLES, name, f'{name}.patch')
    for command in (['patch', '-s', '-p1', '-F0', '-d', folder, '-i', patch], [found.command, 'build', folder]):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f'WRONG: {" ".join(command)}: {done.stdout}{done.stderr}')
    return f'{folder}/scheduler.ko={name}.ko'


def main():
    found = arguments('out', 'command', 'seconds')
    with tempfile.TemporaryDirectory() as work:
        modules = [build(found, work, name) for name in sorted(os.listdir(EXAMPLES))]
        run.boot(found, 'sh /examples.sh', [*modules, os.path.join(EXAMPLES, 'batch-slices/switches.sh')])


if __name__ == '__main__':
    main()
