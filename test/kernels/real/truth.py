# SPDX-License-Identifier: GPL-2.0-only
"""What the tests on the real kernels share: the report under test, the built tree, and a verdict.

Nothing here uses the analyser or its code. A tree is only read: every tool that writes does so
into a temporary directory. "The scheduler" is kernel/sched, the tool's default.
"""
import argparse
import collections
import functools
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

FOLDER = 'kernel/sched/'
PREPARE = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../lib/kernel/prepare.sh')
# what gcc appends to a function's name for a variant of its own making
CLONE = re.compile(r'\.(isra|constprop|part|cold|localalias)(\.\d+)?')

# readelf -rW: offset, information, type, value, symbol, addend
RELOCATION = re.compile(r'([0-9a-f]{16})\s+[0-9a-f]+ (R_\S+)\s+(?:[0-9a-f]{16}\s+)?(\S+)(?: ([+-]) ([0-9a-f]+))?$')


def arguments(*names, runs=None, optional=()):
    """Parses the command line: the tree by --version or --tree, a path for each of `names`, any
    number of --`runs`, and `optional` options."""
    parser = argparse.ArgumentParser()
    tree = parser.add_mutually_exclusive_group(required=True)
    tree.add_argument('--version', help='of a kernel that test/lib/kernel/prepare.sh has prepared; VERSION-VARIANT is one with a variant')
    tree.add_argument('--tree', help='a built kernel tree')
    for name in names:
        parser.add_argument('--' + name, required=True)
    for name in optional:
        parser.add_argument('--' + name, default='')
    if runs:
        parser.add_argument('--' + runs, action='append', required=True)
    found = parser.parse_args()
    if not found.tree:
        found.tree = run(PREPARE, '--path', *found.version.split('-', 1)).strip()
    if not os.path.exists(os.path.join(found.tree, 'vmlinux')):
        sys.exit(f'{found.tree} is not a built kernel: run test/lib/kernel/prepare.sh VERSION [VARIANT] first')
    return found


def difference(left, right, limit=4):
    """The first lines that only one of the two texts (bytes) has."""
    left, right = left.splitlines(), right.splitlines()
    sides = (('<', left, set(right)), ('>', right, set(left)))
    only = [f'\n{sign} {line.decode()[:400]}' for sign, lines, others in sides
            for line in [line for line in lines if line not in others][:limit]]
    return ''.join(only) or 'the order of lines'


class Check:
    """Collects faults; finish() prints the figures and exits with 1 if there are faults."""

    def __init__(self, name):
        self.name, self.wrong = name, []

    def expect(self, is_good, message):
        if not is_good:
            self.wrong.append(message)
        return is_good

    def finish(self, figures, limit=40):
        for message in self.wrong[:limit]:
            print('WRONG:', message)
        if len(self.wrong) > limit:
            print(f'WRONG: ... and {len(self.wrong) - limit} more')
        print(f'{self.name}: {figures}, {len(self.wrong)} wrong')
        sys.exit(1 if self.wrong else 0)


class Report:
    """A boundary report: its nodes by id and by name, and its uses by either end."""

    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            self.json = json.load(file)
        self.functions, self.variables = self.json['functions'], self.json['variables']
        self.members = self.json['members']
        self.nodes = {n['id']: n for n in self.functions + self.variables + self.members}
        self.all_uses = self.json['edges'] + self.json['references']
        # uses with known ends; that all uses have known ends is one of the invariants
        self.uses = [u for u in self.all_uses
                     if u['to'] in self.nodes and (u['from'] is None or u['from'] in self.nodes)]
        self.by_name = collections.defaultdict(list)
        for node in self.functions + self.variables:
            self.by_name[node['name']].append(node)
        self.uses_of, self.uses_by = collections.defaultdict(list), collections.defaultdict(list)
        for use in self.uses:
            self.uses_of[use['to']].append(use)
            self.uses_by[use['from']].append(use)

    def scheduler(self, name):
        """The scheduler's definitions of that name."""
        return [n for n in self.by_name[name] if n['scheduler']]

    def is_freed(self, name):
        """True if the function's code is freed after boot: it lies in init text, or is inlined only into what lies there."""
        node = self.nodes.get(name, {})
        if node.get('binary', {}).get('symbol'):
            return 'init' in node['binary'].get('flags', ())
        return 'init' in node.get('attributes', ()) and all(self.is_freed(h) for h in node.get('inlined_into', ()))

    def is_outside(self, use):
        """True if the use is made by code outside the scheduler."""
        return use['from'] is None or not self.nodes[use['from']]['scheduler']


def run(*command, tree=None):
    """The output of a command that must succeed."""
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f'{shlex.join(command[:8])}: {done.stderr}')
    return done.stdout


class Tree:
    """A built kernel tree."""

    def __init__(self, path):
        self.path = path
        # the objects of which vmlinux is linked: the members of its thin archive,
        # including assembly, and the two objects that scripts/link-vmlinux.sh adds
        # (tables of exports, the banner)
        added = [o for o in ('.vmlinux.export.o', 'init/version-timestamp.o') if os.path.exists(os.path.join(path, o))]
        self.objects = sorted(set(run('ar', 't', 'vmlinux.a', tree=path).split() + added))
        self.scheduler = [o for o in self.objects if o.startswith(FOLDER)]
        self.outside = [o for o in self.objects if not o.startswith(FOLDER)]

    def relative(self, path):
        """A path as the report has it: relative to the tree, no "." or ".."."""
        return os.path.relpath(os.path.normpath(os.path.join(self.path, path)), self.path)

    def config(self):
        """The lines of the configuration."""
        with open(os.path.join(self.path, '.config'), encoding='utf-8') as file:
            return frozenset(file.read().splitlines())

    def command_file(self, target):
        folder, name = os.path.split(target)
        with open(os.path.join(self.path, folder, f'.{name}.cmd'), encoding='utf-8') as file:
            return file.read()

    def command(self, target):
        """The compiler's command for an object, split as the shell would,
        without the commands behind it."""
        line = self.command_file(target).split('\n', 1)[0].split(' := ', 1)[1]
        words = shlex.split(line.replace('$(pound)', '#').replace('$$', '$'))
        ends = [i for i, word in enumerate(words) if word in (';', '&&', '||', '|', '&')]
        return words[:ends[0]] if ends else words

    @functools.lru_cache(maxsize=None)
    def inputs(self, target):
        """The files that the compilation of an object read, by make's dependency list."""
        try:
            text = self.command_file(target)
        except FileNotFoundError:
            return frozenset()
        words = re.sub(r'\$\(wildcard [^)]*\)', '', text.split('\n', 1)[1]).replace('\\\n', ' ').split()
        return frozenset(self.relative(w) for w in words if '$(' not in w and not w.endswith((':', ':=')))

    def symbols(self, objects, *options):
        """nm: (object, type, name, source file or '') of each symbol;
        undefined ones are type U or w."""
        for line in run('nm', '-A', *options, *objects, tree=self.path).splitlines():
            found = re.match(r'(\S+?):\s*[0-9a-f]*\s+([A-Za-z-])\s+(\S+)(?:\t(.*):\d+)?$', line)
            if found:
                place = self.relative(found[4]) if found[4] else ''
                yield found[1], found[2], found[3], place

    def definitions(self, *options):
        """The scheduler objects' definitions by name: (object, type, source
        file by debug information)."""
        return {name: (target, kind, place)
                for target, kind, name, place in self.symbols(self.scheduler, '-l', '--defined-only', *options)}

    @functools.lru_cache(maxsize=None)
    def relocations(self, target):
        """readelf: (section, offset, type, symbol or section, addend) of each relocation but
        debug information's."""
        with tempfile.TemporaryDirectory() as folder:
            bare = os.path.join(folder, 'bare.o')
            run('strip', '-g', '-o', bare, target, tree=self.path)
            text = run('readelf', '-rW', bare)
        found, section = [], ''
        for line in text.splitlines():
            if line.startswith("Relocation section '.rela"):
                section = line.split("'")[1][len('.rela'):]
            part = RELOCATION.match(line)
            if part:
                addend = int(part[5] or '0', 16) * (-1 if part[4] == '-' else 1)
                found.append((section, int(part[1], 16), part[2], part[3], addend))
        return found

    @functools.lru_cache(maxsize=None)
    def sections(self, target):
        """readelf: the names of an object's sections, by number."""
        text = run('readelf', '-SW', target, tree=self.path)
        return dict((int(n), name) for n, name in re.findall(r'^\s*\[\s*(\d+)\] (\S+)', text, re.M))

    @functools.lru_cache(maxsize=None)
    def table(self, target):
        """readelf: (name, section, value, size, type) of each defined symbol."""
        names, found = self.sections(target), []
        for line in run('readelf', '-sW', target, tree=self.path).splitlines():
            part = line.split()
            if len(part) == 8 and part[6].isdigit() and part[3] in ('FUNC', 'OBJECT', 'NOTYPE'):
                found.append((part[7], names[int(part[6])], int(part[1], 16), int(part[2], 0), part[3]))
        return found

    def pointers(self, target, name):
        """The names of the scheduler's functions whose addresses are in the
        initial value of a data symbol."""
        places = {(section, value): symbol for symbol, section, value, _, kind in self.table(target) if kind == 'FUNC'}
        known = set(places.values())
        for symbol, section, value, size, _ in self.table(target):
            if symbol != name:
                continue
            for place, offset, kind, to, addend in self.relocations(target):
                if place == section and value <= offset < value + size and kind == 'R_X86_64_64':
                    to = to if to in known and addend == 0 else places.get((to, addend), to)
                    if to in self.functions():
                        yield to

    @functools.lru_cache(maxsize=None)
    def functions(self):
        """The names of the functions in the scheduler's objects, including static ones."""
        return frozenset(name for target in self.scheduler
                         for name, _, _, _, kind in self.table(target) if kind == 'FUNC')
