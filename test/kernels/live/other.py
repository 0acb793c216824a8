# SPDX-License-Identifier: GPL-2.0-only
"""The same kernel with one more line, and so another build of the same release: boots it and runs
other.sh, which finds that the modules of the first build do no harm there.
"""
import os
import re
import shutil
import sys
import tempfile

import run
from truth import arguments

PLACE = re.compile(r'^\tpr_notice\("%s", linux_banner\);\n', re.M)


def build_other(tree, work):
    """A copy of the built tree, changed and built again."""
    copy = os.path.join(work, 'linux')
    shutil.copytree(tree, copy, symlinks=True)
    path = os.path.join(copy, 'init/main.c')
    with open(path, encoding='utf-8') as file:
        text, count = PLACE.subn(lambda found: 2 * found[0], file.read())
    if count != 1:
        sys.exit(f'WRONG: {path} has {count} places for another line')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(text)
    # at the old path, which the tools of the kernel's build have in their rules: or all is built again
    run.run('unshare', '--mount', 'sh', '-c', 'mount --bind "$0" "$1" && exec make -C "$1" -j2 bzImage', copy, tree)
    return copy


def main():
    found = arguments('out', 'command', 'seconds')
    with tempfile.TemporaryDirectory() as work:
        found.kernel = build_other(found.tree, work)
        run.boot(found, 'sh /other.sh')


main()
