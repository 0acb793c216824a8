#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""floors.py notices each kind of fault: tests it on small trees with one fault each."""
import os
import sys
import tempfile

import floors

TABLE = """
| floor | libraries | what |
|---|---|---|
| `base/` | GLib | x |
| `graph/` | GLib | x |
| `graph/deep/` | cJSON | x |
| `runtime/command/` | GLib | x |
"""
PREFIXES = '| folder | prefixes |\n|---|---|\n| `base/` | `a_` |\n| `graph/` | `graph_`, `g_` |\n'
GOOD = {
    'docs/design.md': TABLE,
    'CONTRIBUTING.md': PREFIXES,
    'base/a.h': '#include <glib.h>\n#include <string.h>\n',
    'base/CMakeLists.txt': 'add_library(base STATIC a.c)\ntarget_link_libraries(base PUBLIC PkgConfig::GLIB)\n',
    'graph/g.h': '#include "base/a.h"\n',
    'graph/private.h': '/* Private to graph/. */\n',
    'graph/deep/d.c': '#include "graph/g.h"\n#include "graph/private.h"\n#include <cjson/cJSON.h>\n',
    'runtime/command/main.c': '#include <glib.h>\n',
}
BAD = {  # what is added or replaced, and a word of the fault
    'nothing': ({}, None),
    'upwards': ({'base/a.h': '#include "graph/g.h"\n'}, 'not below'),
    'the runtime stands alone': ({'runtime/command/main.c': '#include "base/a.h"\n'}, 'not below'),
    'a library of another folder': ({'graph/g.h': '#include <cjson/cJSON.h>\n'}, 'has no cJSON'),
    'in a comment': ({'base/a.h': '/*\n#include "graph/g.h"\n*/\n'}, None),
    'a private header': ({'tools/t.c': '', 'docs/design.md': TABLE + '| `tools/` | GLib | x |\n',
                          'tools/u.c': '#include "graph/private.h"\n'}, 'private to graph'),
    'a link line upwards': ({'base/CMakeLists.txt': 'add_library(base a.c)\ntarget_link_libraries(base g)\n',
                             'graph/CMakeLists.txt': 'add_library(g b.c)\n'}, 'links g of graph'),
    'a link line with a library': ({'graph/CMakeLists.txt': 'add_library(g b.c)\ntarget_link_libraries(g PRIVATE PkgConfig::CJSON)\n'},
                                   'links cJSON'),
    'a circle': ({'graph/g.h': '#include "graph/deep/d.h"\n', 'graph/deep/d.h': ''}, 'a circle'),
    'no table': ({'docs/design.md': ''}, 'no table'),
    'a tag twice': ({'base/b.c': 'struct t {\n};\n', 'graph/deep/e.c': 'enum t { A };\n'}, 't: a tag in base/b.c and in graph/deep/e.c'),
    'a tag that is only used': ({'base/b.c': 'struct t {\n};\n', 'graph/deep/e.c': 'struct t t = { 1 };\n'}, None),
    'a tag of two programs': ({'base/x/main.c': 'struct t {\n};\n', 'graph/y/main.c': 'struct t {\n};\n'}, None),
    'a tag of what stands alone': ({'base/b.c': 'struct t {\n};\n', 'runtime/command/b.c': 'struct t {\n};\n'}, None),
}
LIBRARIES = {'base/libbase.a': ['a_new', 'a'], 'graph/libgraph.a': ['graph_new', 'g_free']}
BAD_NAMES = {  # the table of prefixes, libraries that are added or replaced, and a word of the fault
    'no fault': (PREFIXES, {}, None),
    'another prefix': (PREFIXES, {'base/libbase.a': ['a_new', 'b_new']}, 'b_new: has no prefix of base'),
    'a prefix of another folder': (PREFIXES, {'base/libbase.a': ['a_new', 'g_new']}, 'g_new: has no prefix of base'),
    'no more than the beginning': (PREFIXES, {'base/libbase.a': ['a_new', 'anew']}, 'anew: has no prefix'),
    'a prefix that two have': (PREFIXES + '| `graph/deep/` | `a_` |\n', {'graph/deep/libd.a': ['a_old']}, 'a_: a prefix of base/ and of graph/deep/'),
    'a prefix that nothing has': (PREFIXES, {'graph/libgraph.a': ['graph_new']}, 'g_: no name of graph/'),
    'a library without prefixes': (PREFIXES, {'emit/libemit.a': ['emit']}, 'emit/libemit.a: its folder has no prefixes'),
    'a name twice': (PREFIXES, {'base/libother.a': ['a_new']}, 'a_new: defined in'),
}


def faults_of(files, libraries=None):
    """The faults found in a tree of these files, and in these libraries."""
    with tempfile.TemporaryDirectory() as top:
        for name, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(top, name)), exist_ok=True)
            with open(os.path.join(top, name), 'w', encoding='utf-8') as file:
                file.write(text)
        return floors.check(top, libraries=libraries)


def main():
    cases = [(title, GOOD | change, None, word) for title, (change, word) in BAD.items()]
    cases += [(title, GOOD | {'CONTRIBUTING.md': table}, LIBRARIES | change, word) for title, (table, change, word) in BAD_NAMES.items()]
    wrong = 0
    for title, files, libraries, word in cases:
        faults = faults_of(files, libraries)
        is_right = not faults if word is None else any(word in fault for fault in faults)
        if not is_right:
            print(f'WRONG {title}: wanted {word}, got {faults}')
            wrong += 1
    print(f'{len(cases)} trees, {wrong} wrong')
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
