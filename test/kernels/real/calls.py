# SPDX-License-Identifier: GPL-2.0-only
"""Every direct call in the scheduler's code that gcc knows is an edge of the report, every
reference a use.

Two truths, both from gcc, run with the very command that the kernel was built with:
 - source: the call graph before any inlining (-fdump-ipa-cgraph, its first table): an edge is a call as
   written, minus code that the front end folds away. Where a function is defined is told by -aux-info.
   This serves better than -fno-inline: always_inline functions keep their own calls, too. The same table lists
   references: addresses taken of functions, in code and in initialisers, and uses of variables.
 - final: the calls left in the machine code (-fcallgraph-info). A call that an inlined function makes belongs to
   the function it was inlined into, so the report must have a path through functions without code of their own
   there. Between scheduler functions only: of inline functions elsewhere the report has only what touches those.
   -fno-ipa-icf keeps functions with equal code apart; else a call may show the twin's name.
"""
import collections
import os
import re
import tempfile

import truth


def compile_unit(tree, target, folder):
    """Runs gcc as the build did, with all output in `folder`; returns the
    texts of the three dumps."""
    words = [w for w in tree.command(target) if not w.startswith('-Wp,-M')]
    out = os.path.join(folder, 'unit.o')
    words[words.index('-o') + 1] = out
    aux = os.path.join(folder, 'unit.aux')
    truth.run(*words, '-w', '-fno-ipa-icf', '-fcallgraph-info',
              '-fdump-ipa-cgraph', '-aux-info', aux, tree=tree.path)
    dumps = [name for name in os.listdir(folder) if name.endswith('.cgraph')]
    texts = []
    for path in (dumps[0], 'unit.ci', aux):
        with open(os.path.join(folder, path), encoding='utf-8') as file:
            texts.append(file.read())
    return texts


def read_places(tree, text):
    """Name -> file of each function that the unit defines (N: prototype, F: definition)."""
    found = re.findall(r'^/\* (\S+):\d+:[NO]F \*/ (.*?);', text, re.M)
    return {re.search(r'(\w+) \((?!\*)', signature)[1]: tree.relative(path) for path, signature in found}


def read_source(text):
    """Reads the dump's first symbol table, from before anything is inlined or removed.
    Returns sets of calls (caller, callee) and of references (referring symbol,
    function or variable, how)."""
    table = text.split('Initial Symbol table:', 1)[1].split('Symbol table:', 1)[0]
    calls, references = set(), set()
    for block in re.split(r'\n(?=\S+/\d+ \()', table):
        name = re.match(r'\s*([^/\s]+)/\d+ \(', block)
        called = re.search(r'^  Calls: (.*)$', block, re.M)
        referred = re.search(r'^  References: (.*)$', block, re.M)
        if name and called:
            calls.update((name[1], callee) for callee in re.findall(r'(\S+)/\d+', called[1]))
        if name and referred:
            for other, kind in re.findall(r'(\S+)/\d+ \((\w+)\)', referred[1]):
                references.add((name[1], other, kind))
    return calls, references


def read_final_calls(text):
    """(caller, callee) of the VCG file; clones have the name of the function in the source."""
    for source, to in re.findall(r'^edge: \{ sourcename: "([^"]*)" targetname: "([^"]*)"', text, re.M):
        yield tuple(truth.CLONE.sub('', name.rsplit(':', 1)[-1]) for name in (source, to))


# Edges in gcc's dump that stand for no call in the source. Each must occur, else
# the table is out of date.
COMPILER_MADE = {
    '__builtin_': 'a builtin that is no function',
    '__compiletime_assert_': 'BUILD_BUG_ON: never called, and its name is a running number',
    'memcpy': 'made of a strcpy() of a constant',
}


class Calls:
    """The report's uses by the id of the user: names that it calls, and
    names that it uses otherwise."""

    def __init__(self, report):
        self.report = report
        self.called, self.used = collections.defaultdict(set), collections.defaultdict(set)
        for use in report.uses:
            names = self.called if use['kind'] == 'call' else self.used
            names[use['from']].add(report.nodes[use['to']]['name'])

    def nodes(self, name, place):
        return [n['id'] for n in self.report.by_name[name] if n['file'] == place]

    def stays(self, nodes):
        """True if a function of these names stays in vmlinux and can still run."""
        found = [self.report.nodes[n] for n in nodes]
        return any(n['class'] == 'external' and n['reason'] not in ('init-text', 'overridden') for n in found)

    def is_within(self, node, holder):
        """True if code of `node` can be part of the function `holder`: it is inlined there, or
        exists nowhere else."""
        if node['scheduler']:
            return holder in node.get('inlined_into', ()) or not node.get('binary', {}).get('symbol')
        return node['linkage'] == 'static'

    def has_path(self, caller, callee, kinds=('call',)):
        """True if the caller reaches `callee` by uses of these kinds through
        functions inlined into it only."""
        for start in caller:
            seen, todo = {start}, [start]
            while todo:
                for use in self.report.uses_by[todo.pop()]:
                    to = self.report.nodes[use['to']]
                    if use['kind'] not in kinds:
                        continue
                    if to['name'] == callee:
                        return True
                    if use['to'] not in seen and 'linkage' in to and self.is_within(to, start):
                        seen.add(use['to'])
                        todo.append(use['to'])
        return False


def check_source(check, calls, places, pairs, hit):
    """Each call as written is an edge. Returns the number of edges checked."""
    checked = 0
    for caller, callee in sorted(pairs):
        if not check.expect(caller in places, f'gcc does not say where {caller} is defined'):
            continue
        if not places[caller].startswith(truth.FOLDER):
            continue
        excuse = [prefix for prefix in COMPILER_MADE if callee.startswith(prefix)]
        found = any(callee in calls.called[i] for i in calls.nodes(caller, places[caller]))
        if excuse and not found:
            hit.update(excuse)
            continue
        checked += 1
        check.expect(found, f'source: no edge {places[caller]}:{caller} -> {callee}')
    return checked


def check_references(check, calls, places, triples):
    """Each reference to a function or variable of the scheduler, by one of them, is a use.
    Returns the number checked."""
    checked = 0
    for user, used, kind in sorted(triples):
        # gcc numbers static locals
        name, target = (re.sub(r'\.\d+$', '', n) for n in (user, used))
        if user in places and not places[user].startswith(truth.FOLDER):
            continue
        if places.get(used, '').startswith(truth.FOLDER):
            check.expect(calls.report.scheduler(target), f'{target} is not in the report')
        users = [n['id'] for n in calls.report.scheduler(name)]
        if not calls.report.scheduler(target) or not (users or user in places):
            continue
        checked += 1
        uses = calls.called if kind == 'alias' else calls.used  # an alias counts as a call
        check.expect(any(target in uses[i] for i in users), f'source: {name} refers to {target} ({kind}), no use')
    return checked


def check_final(check, calls, places, pairs, hit):
    """Each call in the machine code between scheduler functions is a path.
    Returns the number checked."""
    checked = 0
    for caller, callee in sorted(pairs):
        if not places.get(caller, '').startswith(truth.FOLDER) or not calls.report.scheduler(callee):
            continue
        if caller == callee:
            hit['a part of its own'] += 1
            continue
        checked += 1
        nodes = calls.nodes(caller, places[caller])
        check.expect(not calls.stays(nodes) or all(n['class'] != 'internal' for n in calls.report.scheduler(callee)),
                     f'final: {caller} stays in vmlinux and calls {callee}, which is internal')
        if calls.has_path(nodes, callee):
            continue
        # a function's address is passed to an inline function that calls it: the
        # call is no longer indirect
        if calls.has_path(nodes, callee, ('call', 'address')):
            hit['a handed function'] += 1
            continue
        check.expect(False, f'final: no path {places[caller]}:{caller} -> {callee}')
    return checked


def main():
    options = truth.arguments('report')
    tree, report, check = truth.Tree(options.tree), truth.Report(options.report), truth.Check('calls')
    calls, hit, source, references, final = Calls(report), collections.Counter(), 0, 0, 0
    for target in tree.scheduler:
        with tempfile.TemporaryDirectory() as folder:
            graph, machine, aux = compile_unit(tree, target, folder)
        places, (called, referred) = read_places(tree, aux), read_source(graph)
        source += check_source(check, calls, places, called, hit)
        references += check_references(check, calls, places, referred)
        final += check_final(check, calls, places, set(read_final_calls(machine)), hit)
    for name in (*COMPILER_MADE, 'a part of its own', 'a handed function'):
        check.expect(hit[name], f'the exception for {name} is never needed')
    lost, checked = len(check.wrong), source + references + final
    check.expect(source > 5000 and references > 1000 and final > 500, 'hardly any edges: the truth is broken')
    print('exceptions:', ', '.join(f'{name} {count}' for name, count in sorted(hit.items())))
    check.finish(f'{source} calls and {references} references of the source and {final} calls of the machine code '
                 f'checked, recall {100 * (1 - lost / checked):.2f} %')


if __name__ == '__main__':
    main()
