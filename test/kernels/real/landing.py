# SPDX-License-Identifier: GPL-2.0-only
"""Whatever is called through a pointer begins with endbr64 and keeps it, so a CPU that enforces
this (IBT) never faults.

When a kernel boots, and when a module is loaded, the kernel overwrites endbr64 in functions whose
address nobody takes; the section .ibt_endbr_seal lists them. So a function whose address the module
takes must not be in a list: neither in the module's nor, for functions of vmlinux, in vmlinux's.
The emulator does not enforce IBT, so this test reads relocations and bytes.
"""
import collections
import os
import re
import struct
import sys

from leaks import CALLS, Module, is_call, section_bytes
from truth import Check, arguments, run

ENDBR64 = bytes.fromhex('f30f1efa')
SEAL = '.ibt_endbr_seal'
SYMBOL = re.compile(r'^PLUGSCHED_SYMBOL\("([^"]+)", "([^"]+)", (\d+)\)$', re.M)
TEXT = re.compile(r'\.((sched|noinstr|cpuidle|spinlock|init|exit)\.)?text$')
TRAMPOLINE = '__SCT__'  # of a static call: always called directly


class Vmlinux:
    """What the module's names mean in vmlinux, which functions are sealed, and
    how each function begins."""

    def __init__(self, path, folder):
        self.sections, self.named = [], collections.defaultdict(list)
        with open(path, 'rb') as file:
            self.image = file.read()
        for line in run('readelf', '-SW', path).splitlines():
            match = re.match(r'\s*\[\s*\d+\]\s+(\S+)\s+PROGBITS\s+([0-9a-f]+) ([0-9a-f]+) ([0-9a-f]+)', line)
            if match:
                self.sections.append((match[1], *(int(word, 16) for word in match.groups()[1:])))
        for line in run('readelf', '-sW', path).splitlines():
            words = line.split()
            if len(words) == 8 and words[6].isdigit() and words[3] in ('FUNC', 'NOTYPE', 'OBJECT'):
                self.named[words[7]].append((int(words[1], 16), words[3] == 'FUNC'))
        with open(os.path.join(folder, 'symbols.h'), encoding='utf-8') as file:
            self.labels = {label: (name, int(position)) for label, name, position in SYMBOL.findall(file.read())}
        self.sealed = set(self.seals())

    def seals(self):
        for _, address, offset, size in (s for s in self.sections if s[0] == SEAL):
            for at, (distance,) in enumerate(struct.iter_unpack('<i', self.image[offset:offset + size])):
                yield address + 4 * at + distance

    def address(self, label):
        """The function for which the module uses this name; None if it is not a function."""
        name, position = self.labels.get(label, (label, 0))
        places = sorted(self.named.get(name, ()))
        address, is_function = places[max(position - 1, 0)] if len(places) >= max(position, 1) else (None, False)
        return address if is_function else None

    def begins(self, address):
        offset = next(address - start + where for _, start, where, size in self.sections if start and start <= address < start + size)
        return self.image[offset:offset + len(ENDBR64)]


def sealed_of(module):
    """The module's functions that its own seal section lists. The list consists of relocations
    in a section that no code reads."""
    found, inside = set(), False
    for line in run('readelf', '-rW', module.path).splitlines():
        if line.startswith('Relocation section'):
            inside = f"'.rela{SEAL}'" in line
        words = line.split()
        if inside and len(words) >= 5 and words[2].startswith('R_X86_64'):
            value = int(words[6], 16) if len(words) > 6 else 0
            found.add(module.target(words[4], value, ''))
    return found - {None}


def places_of(path):
    """name -> (section, offset) of the module's functions."""
    sections = {number: name for name, number in Module(path).sections.items()}
    return {name: (sections[number], begin) for number, rows in Module(path).functions.items() for begin, _, name in rows}


def check_object(check, path, vmlinux, counts):
    """Returns how many functions of the module are sealed."""
    module, places = Module(path), places_of(path)
    sealed = sealed_of(module)
    for section, offset, kind, symbol, addend in module.relocations():
        if TEXT.match(section) and kind in CALLS and is_call(section_bytes(path, section), offset):
            continue
        if symbol.startswith(TRAMPOLINE):
            continue
        name, place = module.target(symbol, addend, kind), vmlinux.address(symbol)
        where = f'{os.path.basename(path)}, {section}+{offset:#x} in {module.holder(module.sections[section], offset)}'
        if name:
            text, begin = places[name]
            counts['addresses in the module'] += 1
            check.expect(section_bytes(path, text)[begin:begin + 4] == ENDBR64, f'{where}: {name} has no endbr64')
            check.expect(name not in sealed, f'{where}: {name} is sealed when the module is loaded')
        elif place and symbol not in module.sections and addend == (-4 if kind in CALLS else 0):
            counts['addresses in vmlinux'] += 1
            check.expect(vmlinux.begins(place) == ENDBR64, f'{where}: vmlinux\'s {symbol} has no endbr64')
            check.expect(place not in vmlinux.sealed, f'{where}: vmlinux\'s {symbol} is sealed at boot')
    return len(sealed)


def main():
    found = arguments('out')
    with open(os.path.join(found.tree, '.config'), encoding='utf-8') as file:
        if 'CONFIG_X86_KERNEL_IBT=y\n' not in file.read():
            print('the kernel is built without IBT')
            sys.exit(77)
    check, vmlinux, counts = Check('landing'), Vmlinux(os.path.join(found.tree, 'vmlinux'), found.out), collections.Counter()
    sealed = [check_object(check, os.path.join(found.out, name), vmlinux, counts) for name in ('scheduler.o', 'plugsched.o')]
    check.expect(all(sealed) and vmlinux.sealed, 'nothing is sealed')
    check.expect(all(counts[what] > 50 for what in ('addresses in the module', 'addresses in vmlinux')), f'only {counts}')
    check.finish(', '.join(f'{n} {what}' for what, n in sorted(counts.items())) +
                 f'; {sealed} functions of the module and the core and {len(vmlinux.sealed)} of vmlinux are sealed')


if __name__ == '__main__':
    main()
