# SPDX-License-Identifier: GPL-2.0-only
"""No code that stays in vmlinux branches into a replaced function except where a jump is, and the
stack check knows all code that is replaced.

Truth: every direct branch in vmlinux as objdump shows it, and the functions of the symbol table as
readelf shows it; the module's own table of jumps (interface.h), or without --out each interface
function's symbol. A function of the module is entered from vmlinux by its symbol, where the jump is.
Code that stays must not enter its clones (NAME.constprop.0, NAME.isra.0, NAME.part.0), its cold
parts, the copies of it in other units, or the symbol itself if no jump is there.
"""
import bisect
import collections
import os
import re
import subprocess

import truth
from truth import Check, Report, arguments, run

BRANCH = re.compile(r'\s*([0-9a-f]+):\t(?:[a-z]+ )*?(?:call|jmp|j[a-z]+)[a-z,]*\s+([0-9a-f]+)\b')
GONE = ('init-text', 'overridden')
JUMP = re.compile(r'PLUGSCHED_(?:INTERFACE|SPRINGBOARD)\(\w+, 0x([0-9a-f]+),')
TEXT = re.compile(r'PLUGSCHED_TEXT\w*\("[^"]*", 0x([0-9a-f]+), 0x([0-9a-f]+)\)')
CLASS = re.compile(r'PLUGSCHED_CLASS\((\w+)\)')

# a symbol of vmlinux's text; `file` is the name of its unit's source, '' for a global symbol
Piece = collections.namedtuple('Piece', 'begin end name file')


def plain(name):
    return truth.CLONE.sub('', name)


def read_pieces(path):
    found, file = set(), ''
    for line in run('readelf', '-sW', path).splitlines():
        part = line.split()
        if len(part) == 8 and part[3] == 'FILE':
            file = part[7]
        elif len(part) == 8 and part[3] == 'FUNC' and part[6].isdigit():
            begin = int(part[1], 16)
            found.add(Piece(begin, begin + int(part[2], 0), part[7], file if part[4] == 'LOCAL' else ''))
    return sorted(found)


def read_branches(path):
    """(address, target) of each direct call and jump."""
    with subprocess.Popen(('objdump', '-d', '--no-show-raw-insn', path), stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            match = BRANCH.match(line)
            if match:
                yield int(match[1], 16), int(match[2], 16)
    if process.returncode:
        raise SystemExit(f'objdump -d {path}: exit status {process.returncode}')


class Image:
    """vmlinux's text, and what the report says about it."""

    def __init__(self, path, report):
        self.path = path
        self.pieces = read_pieces(path)
        self.begins = [piece.begin for piece in self.pieces]
        self.nodes = collections.defaultdict(list)
        for node in report.functions:
            if node['scheduler']:
                self.nodes[node['name']].append(node)
        self.units = {os.path.basename(n['unit']) for n in report.functions if n['scheduler'] and n.get('unit')}
        self.owners = {piece: self.find_owner(piece) for piece in self.pieces if plain(piece.name) in self.nodes}

    def find_owner(self, piece):
        """The scheduler's function to which a piece of code belongs; None
        for a namesake elsewhere."""
        nodes = self.nodes[plain(piece.name)]
        for node in nodes:
            if self.is_symbol(node, piece):
                return node
        if not piece.file or piece.file not in self.units:
            return None
        fitting = [n for n in nodes if os.path.basename(n.get('unit') or piece.file) == piece.file]
        return fitting[0] if fitting else None

    @staticmethod
    def is_symbol(node, piece):
        binary = node.get('binary', {})
        return bool(binary.get('symbol')) and int(binary['address'], 16) == piece.begin and binary['symbol'] == piece.name

    def around(self, address):
        i = bisect.bisect_right(self.begins, address) - 1
        while i >= 0 and self.pieces[i].end <= address:
            if self.begins[i] < address - 0x20000:
                return None
            i -= 1
        return self.pieces[i] if i >= 0 else None

    def entries(self):
        """The addresses of the interface functions' symbols."""
        return {piece.begin for piece, node in self.owners.items() if node and node['class'] == 'interface' and self.is_symbol(node, piece)}

    def guarded(self, jumps):
        """The pieces of replaced functions that have no jump, sorted."""
        return sorted(piece for piece, node in self.owners.items()
                      if node and node['class'] != 'external' and piece.begin not in jumps)


def read_table(vmlinux, out, name):
    """A table of the module's, and the address that its offsets count from."""
    base = next(int(line.split()[0], 16) for line in run('nm', vmlinux).splitlines() if line.endswith(' _text'))
    with open(os.path.join(out, name), encoding='utf-8') as file:
        return file.read(), base


def read_jumps(vmlinux, out):
    """The addresses of vmlinux's functions that get a jump, and the names of the scheduling classes that are filled, by
    the module's table."""
    table, base = read_table(vmlinux, out, 'interface.h')
    return {base + int(offset, 16) for offset in JUMP.findall(table)}, set(CLASS.findall(table))


def check_text(check, image, out):
    """The module's table of replaced code has every piece of a replaced function. Returns their number."""
    table, base = read_table(image.path, out, 'text.h')
    sizes = {base + int(offset, 16): int(size, 16) for offset, size in TEXT.findall(table)}
    replaced = [piece for piece, node in image.owners.items() if node and node['class'] != 'external' and piece.end > piece.begin]
    for piece in replaced:
        check.expect(piece.begin + sizes.get(piece.begin, 0) >= piece.end,
                     f'{piece.name} at {piece.begin:#x} is replaced, and the stack check does not know all of it')
    return len(replaced)


def stays(node, piece):
    """True if the code runs while the module is loaded. Of the springboard only the part behind
    the switch does, which calls little."""
    if not node:
        return True
    if node['reason'] == 'springboard':
        return plain(piece.name) != piece.name
    return node['class'] == 'external' and node['reason'] not in GONE


def check_branches(check, image, guarded):
    begins, total, hits = [piece.begin for piece in guarded], 0, 0
    for address, target in read_branches(image.path):
        total += 1
        i = bisect.bisect_right(begins, target) - 1
        if i < 0 or guarded[i].end <= target:
            continue
        piece, source = guarded[i], image.around(address)
        node, owner = image.owners[piece], image.owners.get(source)
        if owner is node:
            continue
        hits += 1
        check.expect(not stays(owner, piece), f'{address:#x}: {source.name if source else "code without a symbol"} stays, and enters '
                     f'{piece.name} of {node["name"]}, which is {node["class"]} ({node["reason"]})')
    return total, hits


def main():
    found = arguments('report', optional=('out',))
    check, vmlinux = Check('clones'), os.path.join(found.tree, 'vmlinux')
    image = Image(vmlinux, Report(found.report))
    guarded = image.guarded(read_jumps(vmlinux, found.out)[0] if found.out else image.entries())
    clones = [p for p in image.pieces if plain(p.name) != p.name and image.owners.get(p)]
    total, hits = check_branches(check, image, guarded)
    check.expect(clones and hits and total > 5 * len(guarded), 'hardly any: the truth is broken')
    known = check_text(check, image, found.out) if found.out else 0
    check.finish(f'{known} pieces of replaced code known to the stack check; {total} branches, {hits} of them into {len(guarded)} pieces of '
                 f'replaced code without a jump; {len(clones)} clones and cold parts')


if __name__ == '__main__':
    main()
