# SPDX-License-Identifier: GPL-2.0-only
"""sparse reports nothing on the extracted module that it does not also report on the kernel's own
text.

The kernel's text is an unedited copy of its scheduler, compiled in the same way as part of a
module. A complaint is a file and a message, and each may occur at most as often as it does there.
"""
import collections
import os
import re
import shutil
import subprocess
import tempfile

from truth import FOLDER, Check, arguments

KBUILD = '''include $(srctree)/kernel/sched/Makefile
obj-y :=
obj-m := scheduler.o
scheduler-y := {objects}
ccflags-y += -include $(src)/plugsched.h -I$(srctree)/kernel/sched
'''
COMPLAINT = re.compile(r'([\w./-]+\.[ch]):\d+:\d+: ((?:warning|error): .*)$')


def complaints(tree, folder):
    """What make C=2 reports, by file and message. Objects that are missing are built."""
    done = subprocess.run(['make', '-C', tree, f'M={folder}', 'C=2', 'KBUILD_MODPOST_WARN=1', '-j2', 'modules'],
                          capture_output=True, text=True)
    found = collections.Counter()
    for line in (done.stdout + done.stderr).splitlines():
        match = COMPLAINT.match(line)
        if match:
            found[os.path.basename(match[1]), match[2]] += 1
    return found, done.returncode


def main():
    found = arguments('out')
    check = Check('sparse')
    units = re.findall(r'^PLUGSCHED_EACH_UNIT\((\w+)\)', open(os.path.join(found.out, 'units.h'), encoding='utf-8').read(), re.M)
    with tempfile.TemporaryDirectory() as work:
        plain, edited = os.path.join(work, 'plain'), os.path.join(work, 'edited')
        shutil.copytree(os.path.join(found.tree, FOLDER), plain, ignore=lambda _, names: [n for n in names if not n.endswith(('.c', '.h'))])
        with open(os.path.join(plain, 'Kbuild'), 'w', encoding='utf-8') as file:
            file.write(KBUILD.format(objects=' '.join(unit + '.o' for unit in units)))
        with open(os.path.join(plain, 'plugsched.h'), 'w', encoding='utf-8') as file:
            file.write('#undef MODULE\n#define __DISABLE_EXPORTS\n')
        shutil.copytree(found.out, edited)
        before, _ = complaints(found.tree, plain)
        after, status = complaints(found.tree, edited)
    check.expect(status == 0, 'make C=2 fails')
    check.expect(before, 'sparse says nothing of the kernel: it did not run')
    for (name, message), n in sorted((after - before).items()):
        check.expect(False, f'{name}: {message} ({n} more than of the kernel)')
    check.finish(f'{sum(before.values())} complaints of the kernel\'s text, {sum(after.values())} of the module\'s')


if __name__ == '__main__':
    main()
