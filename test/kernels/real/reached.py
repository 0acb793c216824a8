# SPDX-License-Identifier: GPL-2.0-only
"""Nothing that stays in vmlinux holds or uses an address in replaced code, unless a jump is there.

Truth: the relocations that the linker left in vmlinux, read from its bytes. Where it left none: the
aligned words of the data, and the addresses that objdump shows in operands. Then the symbol table, and
the module's own tables of jumps and of scheduling classes (interface.h). The test clones.py does the
same for branches.

A place that stays may hold
 - the address of a function that has a jump,
 - in a scheduling class that the module fills: a method's address.
A variable of the module's own does not stay: nothing reads vmlinux's. The tables of LOOKED_UP tell
the kernel something about an address, and lead nobody there. Neither does a table of gcc's for a
switch, which has no symbol: only the function itself reads it.
"""
import bisect
import collections
import itertools
import os
import re
import struct
import subprocess

import clones
from truth import Check, Report, arguments, run

RELA, NOBITS, ALLOC, EXECUTE = 4, 8, 2, 4      # of a section: types, flags
# R_X86_64_64, PC32, PLT32, 32, 32S; PC32 and PLT32 are relative to the place
RELATIVE = {1: False, 2: True, 4: True, 10: False, 11: False}
LOOKED_UP = re.compile(r'(\.rela)?(\.debug|\.orc_unwind|__bug_table|__ex_table|\.smp_locks|\.alt|\.parainstructions|\.init|\.exit|\.BTF)')
# objdump: "lea 0x1234(%rip),%rax  # ffffffff81094e52 <name>", "mov $0xffffffff81094e52,%rdi"
OPERAND = re.compile(r'\s*([0-9a-f]+):\t.*(?:# |\$0x)(ffffffff[0-9a-f]{8})\b')
# tables within sections of data: the symbols around them
WITHIN = (('__start___jump_table', '__stop___jump_table'), ('__start_static_call_sites', '__stop_static_call_sites'),
          ('__start_kprobe_blacklist', '__stop_kprobe_blacklist'), ('__start_error_injection_whitelist', '__stop_error_injection_whitelist'))


class Elf:
    """The parts of an ELF file that the test needs."""

    def __init__(self, path):
        with open(path, 'rb') as file:
            self.data = file.read()
        start, = struct.unpack_from('<Q', self.data, 0x28)
        size, count, names = struct.unpack_from('<HHH', self.data, 0x3a)
        self.sections = [struct.unpack_from('<IIQQQQIIQQ', self.data, start + i * size) for i in range(count)]
        self.names = self.sections[names]

    def string(self, table, offset):
        at = table[4] + offset
        return self.data[at:self.data.index(b'\0', at)].decode()

    def relocations(self):
        """(section, place, target) of each relocation in what is loaded."""
        for section in self.sections:
            offset, size = section[4:6]
            if section[1] != RELA or LOOKED_UP.match(self.string(self.names, section[0])):
                continue
            symbols, target = self.sections[section[6]], self.sections[section[7]]
            if not target[2] & ALLOC:
                continue
            for at in range(offset, offset + size, 24):
                place, info, addend = struct.unpack_from('<QQq', self.data, at)
                if info & 0xffffffff not in RELATIVE:
                    continue
                value, = struct.unpack_from('<Q', self.data, symbols[4] + (info >> 32) * 24 + 8)
                # what is relative to the end of an instruction is 4 bytes further, or more if an immediate follows
                yield target, place, value + addend + (4 if RELATIVE[info & 0xffffffff] and target[2] & EXECUTE else 0)

    def words(self):
        """(section, place, word) of each aligned word of the data."""
        for section in self.sections:
            name, kind, flags, address, offset, size = section[:6]
            if kind == NOBITS or not flags & ALLOC or flags & EXECUTE or LOOKED_UP.match(self.string(self.names, name)):
                continue
            for i, (word,) in enumerate(struct.iter_unpack('<Q', self.data[offset:offset + size // 8 * 8])):
                yield section, address + 8 * i, word

    def operands(self, path):
        """(section, place, address) of each address in an operand."""
        code = [s for s in self.sections if s[2] & EXECUTE and not LOOKED_UP.match(self.string(self.names, s[0]))]
        with subprocess.Popen(('objdump', '-d', '--no-show-raw-insn', path), stdout=subprocess.PIPE, text=True) as process:
            for match in filter(None, map(OPERAND.match, process.stdout)):
                place = int(match[1], 16)
                section = next((s for s in code if s[3] <= place < s[3] + s[5]), None)
                if section:
                    yield section, place, int(match[2], 16)

    def addresses(self, path):
        """(section, place, address) of each address in what is loaded."""
        found = list(self.relocations())
        return found if len(found) > 10000 else itertools.chain(self.words(), self.operands(path))


def read_variables(path):
    """(begin, end, name) of each variable, sorted."""
    found = []
    for line in run('readelf', '-sW', path).splitlines():
        part = line.split()
        if len(part) == 8 and part[3] == 'OBJECT' and part[6].isdigit() and int(part[2], 0):
            found.append((int(part[1], 16), int(part[1], 16) + int(part[2], 0), part[7]))
    return sorted(found)


def symbol_addresses(path):
    return {line.split()[2]: int(line.split()[0], 16) for line in run('nm', path).splitlines() if len(line.split()) == 3}


class Holders:
    """Tells what is at a place in vmlinux, and whether it stays."""

    def __init__(self, path, report, image):
        self.image = image
        self.variables = read_variables(path)
        self.begins = [begin for begin, _, _ in self.variables]
        self.own = {node['name'] for node in report.variables if node['scheduler'] and node['class'] == 'internal'}
        symbols = symbol_addresses(path)
        self.tables = [(symbols[begin], symbols[end]) for begin, end in WITHIN if begin in symbols]

    def variable(self, place):
        i = bisect.bisect_right(self.begins, place) - 1
        return self.variables[i][2] if i >= 0 and place < self.variables[i][1] else ''

    def stays(self, section, place):
        """Its name, '' for data without a symbol, and whether it stays."""
        if section[2] & EXECUTE:
            piece = self.image.around(place)
            return piece.name if piece else 'code without a symbol', clones.stays(self.image.owners.get(piece), piece)
        name = self.variable(place)
        is_table = any(begin <= place < end for begin, end in self.tables)
        # a static local's symbol has a number behind its name
        return name, not is_table and re.sub(r'\.\d+$', '', name) not in self.own


def main():
    options = arguments('report', 'out')
    check, report = Check('reached'), Report(options.report)
    path = os.path.join(options.tree, 'vmlinux')
    jumps, classes = clones.read_jumps(path, options.out)
    image = clones.Image(path, report)
    holders = Holders(path, report, image)
    replaced = image.guarded(jumps)
    begins, seen = [piece.begin for piece in replaced], collections.Counter()
    for section, place, target in Elf(path).addresses(path):
        seen['addresses'] += 1
        i = bisect.bisect_right(begins, target) - 1
        if i < 0 or replaced[i].end <= target:
            continue
        piece, node = replaced[i], image.owners[replaced[i]]
        name, stays = holders.stays(section, place)
        seen['into replaced code'] += 1
        if name in classes and target == piece.begin:
            seen['methods'] += 1
            continue
        if not name and target != piece.begin:
            seen['in switches'] += 1
            continue
        check.expect(not stays, f'{place:#x}: {name or "data without a symbol"} stays, and has the address {target:#x} in {piece.name} of '
                     f'{node["id"]}, which is {node["class"]} ({node["reason"]}) and has no jump')
    check.expect(seen['addresses'] > 10000 and jumps and classes and seen['into replaced code'], 'hardly any: the truth is broken')
    check.finish(', '.join(f'{count} {what}' for what, count in seen.items()) + f'; {len(jumps)} jumps')


main()
