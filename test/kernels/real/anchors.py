# SPDX-License-Identifier: GPL-2.0-only
"""The relocations of the built modules mean what they meant before they were anchored, by nm,
readelf and objcopy alone.

The relocations of scheduler.o still name all of vmlinux's symbols. scheduler.ko is linked from it,
and `plugsched anchor` has changed it. For each relocation against something of vmlinux, that is the
kind of the relocation and the place in vmlinux; both files must have the same of these, as often.
(The last link merges sections, so a relocation need not be at the same place.) And what the kernel
applies of the core before its init runs names only the core's own symbols and exported ones, as the
core must do no harm on another kernel.
"""
import collections
import os
import re
import subprocess

from symbols import exports, table_of, text_of, vmlinux_symbols
from truth import Check, arguments, run

# what a kernel applies when it loads a module, with symbols of vmlinux that it writes to
APPLIED = ('__jump_table', '.static_call_sites', '__tracepoints_ptrs')
# the last link drops what objtool alone reads
NOT_LOADED = re.compile(r"\.rela\.(debug|comment|BTF|discard)|\.rela\.gnu\.linkonce\.this_module$|\.rela__versions$")


def relocations(path, is_wanted=lambda section: not NOT_LOADED.match(section)):
    """(type, symbol, addend) of each in a section that is wanted: all that are loaded."""
    is_loaded = False
    for line in run('readelf', '-rW', path).splitlines():
        head = re.match(r"Relocation section '(\S+)'", line)
        if head:
            is_loaded = is_wanted(head[1])
        words = line.split()
        if is_loaded and len(words) > 4 and re.fullmatch(r'[0-9a-f]{16}', words[0]):
            sign, number = (words[5], words[6]) if len(words) > 6 else ('+', '0')
            yield words[2], words[4], int(number, 16) * (-1 if sign == '-' else 1)


def undefined(path):
    return {line.split()[-1] for line in run('nm', '-u', path).splitlines()}


def absolute(path):
    return {words[-1]: int(words[0], 16) for words in map(str.split, run('nm', path).splitlines()) if len(words) == 3 and words[1] in 'Aa'}


class Vmlinux:
    def __init__(self, tree, table):
        self.symbols, self.exported, self.table = vmlinux_symbols(tree), exports(tree), table

    def address(self, label):
        """What a module calls by that name; None if vmlinux has no such symbol."""
        name, position = self.table.get(label, (label, 0))
        return int(self.symbols[name][max(position, 1) - 1], 16) if name in self.symbols else None


def meanings(path, vmlinux):
    """(type, address in vmlinux) of each relocation, counted, and the symbols that these name."""
    left, fixed = undefined(path), absolute(path)
    found, names = collections.Counter(), set()
    for kind, symbol, addend in relocations(path):
        address = vmlinux.address(symbol) if symbol in left else fixed.get(symbol)
        if address is not None:
            found[kind, address + addend] += 1
            names.add(symbol)
    return found, names


def compare(check, folder, name, vmlinux):
    before, names = meanings(os.path.join(folder, f'{name}.o'), vmlinux)
    path = os.path.join(folder, f'{name}.ko')
    after, _ = meanings(path, vmlinux)
    lost, new = before - after, after - before
    check.expect(not lost and not new, f'{name}: {sum(lost.values())} relocations mean something else: {list(lost)[:3]} became {list(new)[:3]}')
    ours = {label for label in undefined(path) if vmlinux.address(label) is not None and label not in vmlinux.exported}
    check.expect(not ours, f'{name}: left to the kernel, which does not export them: {sorted(ours)[:5]}')
    unexported = names - vmlinux.exported
    return sum(before.values()), len(names), len(unexported)


def check_core(check, folder, exported):
    path = os.path.join(folder, 'plugsched.o')
    left = undefined(path)
    applied = list(relocations(path, lambda section: section.removeprefix('.rela') in APPLIED))
    for _, symbol, _ in applied:
        check.expect(symbol not in left or symbol in exported, f'the kernel would apply something of {symbol} for the core')
    check.expect(applied, 'the core has nothing that the kernel applies: look at APPLIED')
    return len(applied)


def check_digest(check, folder):
    """No tool of ours is needed to see that the digest covers the file."""
    for name in ('scheduler.ko', 'plugsched.ko'):
        path = os.path.join(folder, name)
        with open(path, 'rb') as file:
            image = file.read()
        digest = text_of(path, '.comment.plugsched.digest').strip().encode()
        emptied = image.replace(digest, b'0' * 64, 1)
        summed = subprocess.run(('sha256sum',), input=emptied, capture_output=True, check=True).stdout.split()[0]
        check.expect(summed == digest, f'{name}: the digest does not cover the file')


def main():
    found = arguments('out')
    check = Check('anchors')
    vmlinux = Vmlinux(found.tree, table_of(os.path.join(found.out, 'scheduler.o')))
    count, names, unexported = compare(check, found.out, 'scheduler', vmlinux)
    core = compare(check, found.out, 'plugsched', vmlinux)
    check.expect(unexported > 100 and core[2], f'few symbols that are not exported: {unexported}, {core[2]}')
    applied = check_core(check, found.out, vmlinux.exported)
    check_digest(check, found.out)
    check.finish(f'{count} relocations against {names} symbols of vmlinux, {unexported} of these not exported; '
                 f'the core: {core[0]}, {core[1]}, {core[2]}; {applied} are applied before its init')


if __name__ == '__main__':
    main()
