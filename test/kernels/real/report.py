# SPDX-License-Identifier: GPL-2.0-only
"""Makes the report that the other tests use, with the tool's default cache. It must be complete."""
import os
import subprocess
import sys

import truth


def main():
    options = truth.arguments('tool', 'out')
    os.makedirs(os.path.dirname(options.out), exist_ok=True)
    done = subprocess.run((options.tool, '--kernel', options.tree, '-o', options.out))
    sys.exit(done.returncode)


main()
