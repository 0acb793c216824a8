# SPDX-License-Identifier: GPL-2.0-only
"""plugsched-graph's answers on a real kernel.

Truth: nm on the kernel's objects for which objects name a function; breadth-first searches, written
again, over the report for callers and paths; counts of the report's uses; for what-if, a new
analysis with a configuration file; for diff, a comparison of the tables of both reports. Every
function, variable and member is asked about once.
"""
import collections
import json
import os
import random
import subprocess
import tempfile

import truth

ROOTS = {'outside', 'forced-external', 'init-text', 'overridden', 'noinstr', 'noreturn', 'thread', 'linker-table'}
GONE = {'init-text', 'overridden'}  # never runs again


class Tool:
    def __init__(self, path, report):
        self.path, self.report = path, report

    def ask(self, *words, status=0):
        done = subprocess.run((self.path, self.report, *words, '--json'), capture_output=True, text=True)
        if done.returncode != status:
            raise SystemExit(f'{words[:4]}: exit status {done.returncode}: {done.stderr[:500]}')
        return json.loads(done.stdout)

    def ask_each(self, question, names, *options):
        """name -> the rows below its subject row, each with its edge in
        place of the edge's number."""
        rows = {}
        for start in range(0, len(names), 300):
            answer = self.ask(question, *names[start:start + 300], *options)
            for row in answer['rows']:
                if 'edge' in row:
                    row['edge'] = answer['edges'][row['edge']]
                if row['role'] == 'subject':
                    below = rows.setdefault(row['node'], [])
                else:
                    below.append(row)
        return rows


def calls_of(report):
    """caller -> callees, by direct calls and possible targets of indirect ones."""
    calls = collections.defaultdict(set)
    for edge in report.json['edges']:
        if edge['kind'] == 'call':
            calls[edge['from']].add(edge['to'])
    for site in report.json['sites']:
        calls[site['from']].update(site.get('targets', ()))
    return calls


def distances(steps, start, limit):
    found, border = {start: 0}, [start]
    for distance in range(1, limit + 1):
        border = sorted({n for node in border for n in steps[node]} - found.keys())
        found.update(dict.fromkeys(border, distance))
    return found


def check_callers(check, tool, report):
    """Three levels up are exactly the functions within three steps."""
    back = collections.defaultdict(set)
    for caller, callees in calls_of(report).items():
        for callee in callees:
            back[callee].add(caller)
    names = random.sample([f['id'] for f in report.functions if f['scheduler']], 60)
    levels = tool.ask_each('callers', names, '--depth', '3')
    answer = tool.ask('callers', *names, '--depth', '3')
    kinds = {(e['from'], e['to']) for e in answer['edges'] if e['kind'] in ('call', 'may-call')}
    for name in names:
        wanted = distances(back, name, 3)
        got, way = {name}, [name]
        for row in levels[name]:
            del way[row['depth']:]
            if row['role'] == 'caller' and row.get('node') and (row['node'], way[-1]) in kinds:
                got.add(row['node'])
                check.expect(wanted.get(row['node'], 9) <= row['depth'], f'callers {name}: {row["text"]} is too near')
            way.append(row.get('node'))
        check.expect(got == wanted.keys(), f'callers {name}: only one has {sorted(got ^ wanted.keys())[:4]}')


def check_objects(check, tool, report, tree):
    """The objects that name a function are those of its callers' units, and
    those that the answer names."""
    naming = collections.defaultdict(set)
    for target, kind, name, _ in tree.symbols(tree.outside):
        if kind in 'Uw':
            naming[name].add(target)
    functions = [f for f in report.functions if f['scheduler'] and f['linkage'] == 'external' and f.get('binary', {}).get('symbol')
                 and len(report.by_name[f['name']]) == 1]
    rows = tool.ask_each('callers', [f['id'] for f in functions])
    count = 0
    for f in functions:
        objects, headers = set(), False
        for row in rows[f['id']]:
            node = row.get('node')
            if row['role'] != 'caller' or row['edge']['kind'] == 'may-call':
                continue
            if not node:
                objects.add(row['text'].split('  ')[0])
            elif not report.nodes[node]['scheduler']:
                unit = report.nodes[node].get('unit')
                headers = headers or not unit
                objects.update([unit[:-2] + '.o'] if unit else [])
        known = naming[f['name']]
        count += len(known)
        check.expect(headers or known <= objects, f"callers {f['id']}: not {sorted(known - objects)[:4]}, which name it")
        check.expect(objects <= known | {o for o in objects if o.startswith('kernel/sched/')},
                     f"callers {f['id']}: {sorted(objects - known)[:4]}, which do not name it")
    return count


def check_paths(check, tool, report):
    calls = calls_of(report)
    functions = [f['id'] for f in report.functions if calls[f['id']]]
    ends = [f['id'] for f in report.functions if f['scheduler']]
    count = 0
    for turn in range(40):
        start = random.choice(functions)
        reached = distances(calls, start, 60)
        end = random.choice(sorted(reached) if turn % 2 else ends)
        wanted = reached.get(end)
        done = subprocess.run((tool.path, tool.report, 'path', start, end, '--json'), capture_output=True, text=True)
        answer = json.loads(done.stdout)
        by_calls = answer['positive'] and 'not by calls' not in answer['rows'][0]['text']
        got = answer['rows'][0]['values']['steps'] if by_calls else None
        check.expect(got == wanted, f'path {start} {end}: {got} steps, not {wanted}')
        edges = [answer['edges'][row['edge']] for row in answer['rows'][2:]] if by_calls else []
        way = [start] + [e['to'] for e in edges]
        check.expect(not by_calls or (way[-1] == end and all(e['from'] == way[i] for i, e in enumerate(edges))),
                     f'path {start} {end}: the steps do not join: {way}')
        count += by_calls
    return count


def check_why(check, tool, report):
    """Every chain consists of the report's uses, leads from cause to cause, and ends in one that
    needs no further cause."""
    names = list(report.nodes)
    known = {(u['from'], u['to'], u['file'], u['line']) for u in report.uses}
    for name, rows in tool.ask_each('why', names).items():
        node = report.nodes[name]
        check.expect(rows and rows[0]['text'] == node['why'], f'why {name}: {rows[:1]}')
        links = [r for r in rows if r['role'] == 'link']
        causes = [r['node'] for r in links if r.get('node')]
        if node['class'] == 'internal':
            check.expect(not links, f'why {name}: internal, but forced')
            for row in rows:
                user = report.nodes.get(row.get('node'))
                check.expect(row['role'] != 'user' or user['class'] != 'external' or user['reason'] in GONE,
                             f"why {name}: {row['text']} is not in the module")
        elif not links:
            check.expect(node['reason'] in ROOTS | {'exported', 'syscall', 'springboard', 'marked-used', 'named-by-object',
                                                    'no-symbol', 'abi-changed', 'too-short', 'patched', 'forced-interface'},
                         f"why {name}: {node['reason']} without a cause")
        elif node['class'] == 'external' and causes:
            last = report.nodes[causes[-1]]
            check.expect(last['reason'] in ROOTS or links[-1].get('edge') is not None or last['class'] != 'external',
                         f'why {name}: ends in {causes[-1]} ({last["reason"]})')
    return len(names), len(known)


def check_uses(check, tool, report):
    names = [n['id'] for n in report.variables + report.members]
    for name, rows in tool.ask_each('uses', names).items():
        got = {r['values']['kind']: r['values']['count'] for r in rows if r['role'] == 'group'}
        wanted = collections.Counter(u['kind'] for u in report.uses_of[name])
        check.expect(got == wanted, f'uses {name}: {got}, not {dict(wanted)}')
        shown = sum(r['role'] == 'use' for r in rows)
        check.expect(shown == sum(wanted.values()), f'uses {name}: {shown} shown')


def check_what_if(check, tool, report, analyzer, tree):
    """Compares with the analyser itself, run with the same request in a configuration file."""
    own = [f for f in report.functions if f['scheduler'] and len(report.by_name[f['name']]) == 1]
    for kind in 'interface', 'external':
        names = [f['name'] for f in random.sample(own, 3)]
        with tempfile.TemporaryDirectory() as folder:
            config, path = os.path.join(folder, 'config.yaml'), os.path.join(folder, 'report.json')
            with open(config, 'w', encoding='utf-8') as file:
                file.write(f"function: {{ {kind}: [{', '.join(names)}] }}\n")
            truth.run(analyzer, '--kernel', tree.path, '-q', '--config', config, '-o', path)
            other = truth.Report(path)
        wanted = {name: node['class'] for name, node in other.nodes.items() if node['class'] != report.nodes[name]['class']}
        answer = tool.ask('what-if', *[word for name in names for word in ('--' + kind, name)])
        got = {r['node']: r['values']['after'] for r in answer['rows'] if r['role'] == 'moved' and r['node'] in report.nodes}
        check.expect(got == wanted, f'what-if --{kind} {names}: {set(got.items()) ^ set(wanted.items())}')


def main():
    options = truth.arguments('tool', 'analyzer', 'report')
    check = truth.Check('questions')
    random.seed(20261123)
    tree, report = truth.Tree(options.tree), truth.Report(options.report)
    tool = Tool(options.tool, options.report)
    check_callers(check, tool, report)
    objects = check_objects(check, tool, report, tree)
    paths = check_paths(check, tool, report)
    asked, _ = check_why(check, tool, report)
    check_uses(check, tool, report)
    check_what_if(check, tool, report, options.analyzer, tree)
    check.finish(f'{asked} entries asked about, {objects} objects that name functions, {paths} paths')


main()
