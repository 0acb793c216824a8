# SPDX-License-Identifier: GPL-2.0-only
"""plugsched-lsp in Neovim with the plugin of editors/nvim, on the real kernel tree and on the
extracted scheduler.

Neovim does what a person would do (editor.lua): hover, lenses, definition, references, callers,
symbols, an edit. What it shows is compared with plugsched-graph's answers and with the sources. If
clangd is installed, both servers are attached to one buffer.
"""
import collections
import json
import os
import re
import shutil
import subprocess
import tempfile

import truth

HERE = os.path.dirname(os.path.abspath(__file__))
PLUGIN = os.path.join(HERE, '../../../editors/nvim')
INTERFACE, CALLED, INDIRECT = 'wake_up_process', 'update_curr', 'update_curr_fair'
HINT = {'→ vmlinux', '→ module', 'internal', 'external'}


class Place(dict):
    """The place of a word in a file: line from 1, column from 0 in bytes."""

    def __init__(self, path, pattern, word):
        with open(path, encoding='utf-8') as file:
            lines = file.read().split('\n')
        found = [n for n, line in enumerate(lines) if re.search(pattern, line)]
        if not found:
            raise SystemExit(f'{path}: no line like {pattern}; the test tests nothing')
        at = re.search(rf'\b{re.escape(word)}\b', lines[found[0]]).start()
        super().__init__(file=path, line=found[0] + 1, column=at, word=word)


def ask(found, *words):
    done = subprocess.run((found.graph, found.report, *words, '--json'), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def run_neovim(work, plan):
    plan_path = os.path.join(work, 'plan.json')
    with open(plan_path, 'w', encoding='utf-8') as file:
        json.dump({**plan, 'out': os.path.join(work, 'seen.json')}, file)
    environment = {**os.environ, 'PLUGSCHED_TEST': plan_path, 'HOME': work, 'G_DEBUG': 'fatal-criticals'}
    environment.update({f'XDG_{name}_HOME': os.path.join(work, name) for name in ('CONFIG', 'DATA', 'STATE', 'CACHE')})
    done = subprocess.run(['nvim', '--headless', '-u', 'NONE', '-i', 'NONE', '-n', '--cmd', f'set rtp^={PLUGIN} lines=60 columns=160',
                           '--cmd', 'runtime plugin/plugsched.lua', '-c', f'luafile {HERE}/editor.lua'],
                          env=environment, capture_output=True, text=True, timeout=3000)
    seen_path = os.path.join(work, 'seen.json')
    if not os.path.exists(seen_path):
        raise SystemExit(f'Neovim left no result: {done.stderr[-2000:]}')
    with open(seen_path, encoding='utf-8') as file:
        seen = json.load(file)
    if 'fault' in seen:
        raise SystemExit(f'in Neovim: {seen["fault"]}')
    return seen


def commands_for_clangd(tree, work):
    """A compilation database for core.c from kbuild's command, with the flags that clang knows."""
    with open(os.path.join(tree, 'kernel/sched/.core.o.cmd'), encoding='utf-8') as file:
        words = file.readline().split(':=', 1)[1].split()
    flags = [word for word in words if re.match(r'-(I|D|U|nostdinc|std=|m64|f(short-wchar|no-strict-aliasing))', word)
             and 'KBUILD' not in word]
    for at, word in enumerate(words):
        if word == '-include':
            flags += [word, words[at + 1]]
    entry = {'directory': tree, 'file': os.path.join(tree, 'kernel/sched/core.c'),
             'arguments': ['clang', *flags, '-DKBUILD_MODNAME="core"', '-DKBUILD_BASENAME="core"', '-c', 'kernel/sched/core.c']}
    with open(os.path.join(work, 'compile_commands.json'), 'w', encoding='utf-8') as file:
        json.dump([entry], file)


def callers_of(found, name):
    """(caller's name, whether the call is indirect), from plugsched-graph."""
    answer = ask(found, 'callers', name)
    rows = [(row, answer['edges'][row['edge']]) for row in answer['rows'] if row['role'] == 'caller' and 'edge' in row]
    names = {node['id']: node['name'] for node in answer['nodes']}
    return {(names[edge['from']], edge['kind'] == 'may-call') for _, edge in rows if edge['kind'] in ('call', 'may-call')}


def check_hovers(check, found, plan, seen):
    for place, text in zip(plan['hovers'], seen['hovers']):
        name = place['entry']
        answer = ask(found, 'why', name)
        node = answer['nodes'][answer['rows'][0]['node']] if isinstance(answer['rows'][0]['node'], int) else \
            [n for n in answer['nodes'] if n['id'] == answer['rows'][0]['node']][0]
        why = node['why'].split(': ', 1)[1]
        for part in (name, node['class'], node['reason'], why):
            check.expect(part in text.replace('\n', ' ').replace('  ', ' '), f'the hover of {name} has no {part!r}: {text}')
    names = [place['entry'] for place in plan['hovers']]
    check.expect('may not change' in seen['hovers'][names.index('task_struct.on_rq')], 'the layout of task_struct may change')


def check_document(check, seen):
    """docs/editors.md shows what the editor does."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../../docs/editors.md'), encoding='utf-8') as file:
        section = file.read().split('\n## What is shown\n')[1].split('\n## ')[0]
    lines = [line.strip() for line in section.split('\n') if line.startswith('    ')]
    shown = re.sub(r'[*`]', '', seen['hovers'][-1]).split('\n') + [title for _, title in seen['lenses']]
    check.expect(lines, 'docs/editors.md shows nothing')
    for line in lines:
        check.expect(line in shown, f'docs/editors.md has {line!r}; the hover is {shown[:6]}')


def check_lenses(check, found, plan, seen):
    callers = {name for name, _ in callers_of(found, INTERFACE)}
    titles = dict((line, title) for line, title in seen['lenses'])
    title = titles.get(plan['interface']['line'], '')
    numbers = re.fullmatch(r'interface · (\d+) callers? outside · (\d+) inside(?: \(.*\))?', title)
    check.expect(numbers and sum(map(int, numbers.groups())) == len(callers), f'{INTERFACE}: {len(callers)} callers, and the lens says {title}')
    check.expect(len(titles) > 200, f'only {len(titles)} lenses in core.c')
    places = {tuple(item[:2]) for item in seen['lens_run']}
    check.expect(len(places) >= len(callers), f"the lens's command shows {len(places)} places of {len(callers)} callers")


def check_places(check, found, plan, seen):
    """Each place has the name in its line, and there are as many places as in the graph."""
    with open(found.report, encoding='utf-8') as file:
        report = json.load(file)
    ids = [f['id'] for f in report['functions'] if f['name'] == INTERFACE]
    uses = {(use['file'], use['line']) for part in ('edges', 'references') for use in report[part] if use['to'] in ids and use['line']}
    places = {tuple(item[:2]) for item in seen['references']}
    check.expect(len(places) == len(uses), f'{len(places)} references of {INTERFACE}, the report has {len(uses)}')
    # in files that were not edited the line is exact, if no macro made the name
    for file, line in uses:
        path = os.path.join(found.tree, file)
        with open(path, encoding='utf-8', errors='replace') as text:
            is_named = INTERFACE in text.read().split('\n')[line - 1]
        if is_named and not os.path.exists(os.path.join(plan['root'], os.path.relpath(file, truth.FOLDER))):
            check.expect((path, line) in places, f'{file}:{line} is no reference of {INTERFACE}')
    path, line, word = seen['definition']
    with open(path, encoding='utf-8') as file:
        text = file.read().split('\n')[line - 1]
    check.expect(word == CALLED and re.match(rf'static void {CALLED}\(struct cfs_rq \*cfs_rq\)$', text),
                 f'the definition of {CALLED} is {path}:{line}: {text}')
    check.expect(path.startswith(plan['root']), f'the definition is in {path}, not in {plan["root"]}')
    check.expect(seen['own_definition'] == seen['definition'], f':PlugschedDefinition goes to {seen["own_definition"]}')
    check.expect(seen['own_references'] == seen['references'], ':PlugschedReferences shows others')


def check_calls(check, found, seen):
    wanted = callers_of(found, INTERFACE)
    have = {item[2].split('  ')[0] for item in seen['callers']}
    check.expect(have == {name for name, _ in wanted}, f'callers: {have ^ {name for name, _ in wanted}}')
    check.expect({item[2].split(' ')[0].split('(')[0] for item in seen['incoming']} <= have, f'incoming_calls(): {seen["incoming"][:3]}')
    wanted = callers_of(found, INDIRECT)
    have = {(item[2].split('  ')[0], 'indirect, may call' in item[2]) for item in seen['indirect_callers']}
    check.expect(have == wanted and any(is_indirect for _, is_indirect in have), f'callers of {INDIRECT}: {have ^ wanted}')
    answer = ask(found, 'callees', INTERFACE)
    names = {node['id']: node['name'] for node in answer['nodes']}
    edges = [answer['edges'][row['edge']] for row in answer['rows'] if row['role'] == 'callee' and 'edge' in row]
    wanted = {names[edge['to']] for edge in edges if edge['kind'] in ('call', 'may-call')}
    have = {item[2].split('  ')[0] for item in seen['callees']}
    check.expect(have == wanted, f'callees: {have ^ wanted}')


def check_symbols(check, found, plan, seen):
    with open(found.report, encoding='utf-8') as file:
        report = json.load(file)
    have = collections.Counter(re.sub(r'^\[\w+\] ', '', item[2]) for item in seen['symbols'])
    wanted = [f['name'] for f in report['functions'] if f['file'] == truth.FOLDER + 'core.c' and f['scheduler'] and f.get('end_line')]
    missing = [name for name in wanted if name not in have]
    check.expect(len(missing) <= plan['gone'], f'{len(missing)} functions of core.c are no symbols: {missing[:5]}')
    check.expect(any(re.search(r'\bupdate_curr\b', item[2]) for item in seen['workspace']), 'no update_curr in the workspace')
    first, last = seen['seen_lines']
    check.expect(all(first <= line <= last + 1 for line, _ in seen['hints']), f'hints outside of {first}-{last}: {seen["hints"][:5]}')
    check.expect({label for _, text in seen['hints'] for label in text.split('  ')} <= HINT, f'{seen["hints"][:5]}')
    check.expect(seen['hints_off'] == 0, ':PlugschedHints leaves marks')
    check.expect([plan['marked']['line'], 'external'] in seen['hints'], f'{plan["marked"]["word"]} has no mark: {seen["hints"]}')


def check_edit(check, plan, seen):
    found = seen['diagnostics']
    rules = [item for item in found if item[2] == 'interface-signature']
    check.expect(rules and rules[0][0] == plan['edit']['line'], f'no interface-signature at line {plan["edit"]["line"]}: {found}')
    check.expect(rules and rules[0][3] == 'plugsched' and INTERFACE in rules[0][4], f'{found}')


def check_tree(check, found, root, folder, work, clangd=None):
    core, fair, header = (os.path.join(folder, name) for name in ('core.c', 'fair.c', 'sched.h'))
    plan = {
        'root': root, 'gone': 0 if clangd is not None else 400,
        'cmd': [found.server, f'--kernel={found.tree}', '--lint=' + (found.lint or '/none')], 'report': found.report,
        'interface': Place(core, rf'^int {INTERFACE}\(struct task_struct \*p\)$', INTERFACE),
        'call': Place(fair, rf'^\t{CALLED}\(cfs_rq\);', CALLED),
        'indirect': Place(fair, rf'^static void {INDIRECT}\(', INDIRECT),
        'marked': Place(header, r'^\traw_spinlock_t\t\t__lock;', '__lock'),
        'hovers': [{**Place(core, r'__schedule\(unsigned int sched_mode\)', '__schedule'), 'entry': '__schedule'},
                   {**Place(fair, rf'^static void {CALLED}\(', CALLED), 'entry': CALLED},
                   {**Place(fair, rf'^\t{CALLED}\(cfs_rq\);', CALLED), 'entry': CALLED},
                   {**Place(core, r'^\tp->on_rq = TASK_ON_RQ_QUEUED;', 'on_rq'), 'entry': 'task_struct.on_rq'},
                   {**Place(core, rf'^int {INTERFACE}\(struct task_struct \*p\)$', INTERFACE), 'entry': INTERFACE}],
    }
    if found.lint:
        plan['edit'] = {**plan['interface'], 'text': f'int {INTERFACE}(struct task_struct *p, int more)'}
    if clangd:
        commands_for_clangd(found.tree, work)
        plan['clangd'] = [clangd, f'--compile-commands-dir={work}', '--background-index=false', '-j=1']
    seen = run_neovim(work, plan)
    check.expect(seen['root'] == root, f'the root is {seen["root"]}')
    check_hovers(check, found, plan, seen)
    check_document(check, seen)
    check_lenses(check, found, plan, seen)
    check_places(check, found, plan, seen)
    check_calls(check, found, seen)
    check_symbols(check, found, plan, seen)
    if 'edit' in plan:
        check_edit(check, plan, seen)
    if clangd:
        answers = seen['beside']['answers']
        check.expect(INTERFACE in answers.get('clangd', '') and 'callers outside' in answers.get('plugsched', ''),
                     f'both servers were asked: {seen["beside"]}')
        check.expect(len(set(seen['beside']['encodings'].values())) == 1, f'position encodings: {seen["beside"]["encodings"]}')
    return seen


def main():
    found = truth.arguments('report', 'out', 'server', 'graph', optional=('lint',))
    found.report = os.path.abspath(found.report)
    check = truth.Check('editor')
    clangd = shutil.which('clangd') or ''
    with tempfile.TemporaryDirectory() as work:
        for name in ('kernel', 'extracted', 'copy'):
            os.mkdir(os.path.join(work, name))
        check_tree(check, found, found.tree, os.path.join(found.tree, truth.FOLDER.rstrip('/')), os.path.join(work, 'kernel'), clangd)
        folder = os.path.join(work, 'copy/scheduler')
        shutil.copytree(found.out, folder, ignore=shutil.ignore_patterns('*.o', '*.ko', '.git'))
        seen = check_tree(check, found, folder, folder, os.path.join(work, 'extracted'))
    what = f'{len(seen["lenses"])} lenses, {len(seen["references"])} references, {len(seen["callees"])} calls in the extracted folder'
    check.finish(what + ('; beside clangd' if clangd else '') + ('' if found.lint else '; without plugsched-lint'))


if __name__ == '__main__':
    main()
