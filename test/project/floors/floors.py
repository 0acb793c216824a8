#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""The code against the table of floors in docs/design.md.

A floor includes and links only itself, the floors above it in the table, and the libraries that its row names. A row for one
folder of a floor says which libraries that folder has besides. No circle between folders, no header of a folder that it keeps
to itself ("Private to FOLDER" in its first lines) included from elsewhere, no external symbol that two libraries define.

Prints a line for each fault; ends with 1 if there is one.
"""
import argparse
import os
import re
import subprocess
import sys

# a header or a word of a link line: the library as the table names it
LIBRARIES = [
    (r'glib.*|PkgConfig::GLIB', 'GLib'), (r'gio/.*|PkgConfig::GIO', 'GIO'), (r'g?elf\.h|libelf\.h', 'elfutils'),
    (r'elfutils/.*|dwarf\.h|PkgConfig::ELF', 'elfutils'), (r'llvm-c/.*|\$\{LLVM_LIBRARY\}', 'LLVM'),
    (r'clang-c/.*|\$\{CLANG_LIBRARY\}', 'libclang'), (r'cjson/.*|PkgConfig::CJSON', 'cJSON'), (r'yaml\.h|PkgConfig::YAML', 'libyaml'),
    (r'xxhash\.h|PkgConfig::XXHASH', 'xxHash'), (r'zlib\.h|PkgConfig::ZLIB', 'zlib'), (r'git2\.h|PkgConfig::LIBGIT2', 'libgit2'),
]


def library_of(word):
    """The library that a header or a word of a link line belongs to; None for the C library."""
    return next((name for pattern, name in LIBRARIES if re.fullmatch(pattern, word)), None)


def read_table(text):
    """The rows of the table: folder, set of libraries; in their order."""
    rows = re.findall(r'^\| `([\w/]+)/` \| ([^|]*) \|', text, re.M)
    return [(folder, set(re.split(r', *', libraries.strip())) - {''}) for folder, libraries in rows]


class Floors:
    """The table, asked."""

    def __init__(self, rows):
        self.rows = rows
        self.order = [folder for folder, _ in rows if '/' not in folder or folder == 'runtime/command']

    def floor(self, folder):
        """The floor that a folder belongs to, or None."""
        return next((floor for floor in self.order if folder == floor or folder.startswith(floor + '/')), None)

    def libraries(self, folder):
        """The libraries that a folder may use."""
        found = set()
        for row, libraries in self.rows:
            if folder == row or folder.startswith(row + '/'):
                found |= libraries
        return found

    def allows(self, folder, other):
        """True if code of `folder` may use code of `other`."""
        mine, theirs = self.floor(folder), self.floor(other)
        if mine == theirs:
            return True
        return theirs is not None and mine != 'runtime/command' and theirs != 'runtime/command' and \
            self.order.index(theirs) < self.order.index(mine)


def sources(top, floors):
    """Names of all sources of the floors."""
    for floor in floors.order:
        for folder, _, names in os.walk(os.path.join(top, floor)):
            for name in sorted(names):
                if name.endswith(('.c', '.h', '.def')):
                    yield os.path.relpath(os.path.join(folder, name), top)


def without_comments(text):
    """Strings and comments emptied; include lines stay."""
    return re.sub(r'/\*.*?\*/|//[^\n]*', lambda match: '\n' * match.group().count('\n'), text, flags=re.S)


def private_to(text):
    """The folder that a header is private to, or None."""
    match = re.search(r'Private to (\w+(?:/\w+)*)/?[:. ]', text[:400])
    if match and '/' not in match.group():
        return None
    return match.group(1) if match else None


def check_includes(top, floors):
    """Faults of the #include lines, and the edges between folders."""
    faults, edges = [], set()
    texts = {name: open(os.path.join(top, name), encoding='utf-8').read() for name in sources(top, floors)}
    for name, text in texts.items():
        folder = os.path.dirname(name)
        code = without_comments(text)
        for header in re.findall(r'^\s*#\s*include "([^"]+)"', code, re.M):
            if '/' not in header and not os.path.exists(os.path.join(top, folder, header)):
                continue  # made by the build
            other = os.path.dirname(header) if '/' in header else folder
            if not floors.allows(folder, other):
                faults.append(f'{name}: includes {header}, which is not below it (docs/design.md, "Floors")')
            owner = private_to(texts.get(header, ''))
            if owner and folder != owner and not folder.startswith(owner + '/'):
                faults.append(f'{name}: includes {header}, which is private to {owner}')
            if other != folder:
                edges.add((folder, other))
        for header in re.findall(r'^\s*#\s*include <([^>]+)>', code, re.M):
            library = library_of(header)
            if library and library not in floors.libraries(folder):
                faults.append(f'{name}: includes <{header}>, but {folder}/ has no {library} (docs/design.md, "Floors")')
    return faults, edges


def read_links(top, floors):
    """From the CMakeLists: target: its folder, and (folder, target, words linked)."""
    homes, links = {}, []
    for floor in floors.order:
        for folder, _, names in os.walk(os.path.join(top, floor)):
            if 'CMakeLists.txt' not in names:
                continue
            text = re.sub(r'#[^\n]*', '', open(os.path.join(folder, 'CMakeLists.txt'), encoding='utf-8').read())
            where = os.path.relpath(folder, top)
            homes.update((name, where) for name in re.findall(r'add_library\(\s*([\w-]+)', text))
            found = re.findall(r'target_link_libraries\(\s*([\w-]+)([^)]*)\)', text)
            found += re.findall(r'plugsched_program\(\s*([\w-]+)[^)]*LIBRARIES([^)]*)\)', text)
            links += [(where, name, set(words.split()) - {'PUBLIC', 'PRIVATE'}) for name, words in found]
    return homes, links


def check_links(top, floors):
    """Faults of the link lines."""
    homes, links = read_links(top, floors)
    faults = []
    for folder, name, words in links:
        for word in sorted(words):
            library = library_of(word)
            if word in homes and not floors.allows(folder, homes[word]):
                faults.append(f'{folder}/CMakeLists.txt: {name} links {word} of {homes[word]}, which is not below it')
            if library and library not in floors.libraries(folder):
                faults.append(f'{folder}/CMakeLists.txt: {name} links {library}, which {folder}/ does not have')
            if not library and word not in homes:
                faults.append(f'{folder}/CMakeLists.txt: {name} links {word}: what is that?')
    return faults


def find_circle(edges):
    """Folders that include each other in a circle, as a list; [] if there are none."""
    after = {}
    for begin, end in sorted(edges):
        after.setdefault(begin, []).append(end)
    done, path = set(), []

    def visit(folder):
        if folder in path:
            return path[path.index(folder):] + [folder]
        if folder in done:
            return []
        path.append(folder)
        circle = next((found for found in map(visit, after.get(folder, [])) if found), [])
        path.pop()
        done.add(folder)
        return circle
    return next((found for found in map(visit, sorted(after)) if found), [])


def check_symbols(build, floors):
    """Faults of the libraries that were built: a name that two of them define."""
    homes, faults = {}, []
    for floor in floors.order:
        for folder, _, names in os.walk(os.path.join(build, floor)):
            for name in names:
                if not name.endswith('.a'):
                    continue
                path = os.path.join(folder, name)
                text = subprocess.run(['nm', '--defined-only', '-g', path], capture_output=True, text=True, check=True).stdout
                for symbol in re.findall(r'^[0-9a-f]+ [A-TX-Z] (\w+)$', text, re.M):
                    homes.setdefault(symbol, []).append(os.path.relpath(path, build))
    if not homes:
        faults.append(f'{build}: no library there; build first')
    for symbol, where in sorted(homes.items()):
        if len(where) > 1 and not symbol.startswith(('__asan', '__odr_asan')):
            faults.append(f'{symbol}: defined in {" and in ".join(where)}')
    return faults


def check(top, build=None):
    """All faults of a tree, and of what was built of it."""
    with open(os.path.join(top, 'docs/design.md'), encoding='utf-8') as file:
        floors = Floors(read_table(file.read()))
    if not floors.order:
        return ['docs/design.md: no table of floors']
    faults, edges = check_includes(top, floors)
    faults += check_links(top, floors)
    circle = find_circle(edges)
    if circle:
        faults.append('a circle: ' + ' includes '.join(circle))
    return faults + (check_symbols(build, floors) if build else [])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n', maxsplit=1)[0])
    parser.add_argument('--source', required=True)
    parser.add_argument('--build', required=True)
    found = parser.parse_args()
    faults = check(found.source, found.build)
    print(*faults, sep='\n')
    print(f'{len(faults)} faults')
    sys.exit(1 if faults else 0)


if __name__ == '__main__':
    main()
