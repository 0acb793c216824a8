# SPDX-License-Identifier: GPL-2.0-only
"""What a scheduler developer expects to replace can be replaced; what must stay stays, for its
right reason.

Truth: names that any kernel's scheduler has; the methods that the initialisers of the *_sched_class
objects and of the cgroup file tables hold (relocations of kernel/sched's objects); the functions in
their .init.text; what their BTF lists name.
"""
import re

import truth

REPLACEABLE = ('__schedule', 'try_to_wake_up', 'wake_up_new_task')
TICK = ('scheduler_tick', 'sched_tick')                       # renamed in 6.10
CGROUP_FILES = ('cpu_files', 'cpu_legacy_files', 'files')     # core.c twice, cpuacct.c
CGROUP_METHODS = re.compile(r'.*_cgrp_subsys$')
# sleeps for a moment only, in other code
INSIDE = ('cpu_weight_write_u64',)
STAYS = {
    'schedule': ('waits',),
    'cpu_startup_entry': ('noreturn', 'thread'),
    'do_idle': ('thread',),
    'wait_for_completion_killable': ('waits',),
    'wait_woken': ('waits',),
    '__set_cpus_allowed_ptr': ('waits',),
    'yield_to': ('waits',),
    '__cond_resched': ('waits',),
    'preempt_schedule': ('waits',),
}
BTF_FUNCTION = re.compile(r'__BTF_ID__func__(\w+?)__\d+$')
OPTIONAL = ('preempt_schedule',)                              # with CONFIG_PREEMPTION only


def main():
    options = truth.arguments('report')
    tree, report, check = truth.Tree(options.tree), truth.Report(options.report), truth.Check('classes')

    def nodes(name, what):
        found = [n for n in report.scheduler(name) if 'signature' in n]
        check.expect(found, f'{what} {name} is not in the report')
        return found

    def expect(name, what, classes, reasons=None):
        for node in nodes(name, what):
            is_good = node['class'] in classes and (not reasons or node['reason'] in reasons)
            check.expect(is_good, f"{what} {name} is to be {'/'.join(classes)} {'/'.join(reasons or ())}: {node['why']}"
                                  f" ({node['reason']})")

    compiled = tree.functions()
    ticks = [name for name in TICK if name in compiled]
    check.expect(len(ticks) == 1, f'{len(ticks)} of {TICK} in kernel/sched')
    # internal functions are replaceable too: all their callers are in the module
    for name in (*REPLACEABLE, *ticks):
        expect(name, 'function', ('interface', 'internal'))
    expect('__schedule', 'function', ('interface',))
    tables = {'scheduling class': set(), 'cgroup file': set(), 'cgroup method': set()}
    counts = dict.fromkeys(tables, 0)
    for target in tree.scheduler:
        for symbol, _, _, _, kind in tree.table(target):
            what = ('scheduling class' if symbol.endswith('_sched_class') else 'cgroup file' if symbol in CGROUP_FILES
                    else 'cgroup method' if CGROUP_METHODS.match(symbol) else None)
            if what and kind == 'OBJECT':
                counts[what] += 1
                tables[what] |= {truth.CLONE.sub('', name) for name in tree.pointers(target, symbol)}
    for what, names in tables.items():
        for name in sorted(names):
            expect(name, f'{what}\'s', ('interface',))
    check.expect(counts['scheduling class'] >= 5 and counts['cgroup file'] >= 2, f'tables found: {counts}')
    for name in INSIDE:
        if name in compiled:  # static: gcc may inline it
            expect(name, 'function', ('interface', 'internal'))
    stays = [name for name in STAYS if name in compiled or name not in OPTIONAL]
    for name in stays:
        expect(name, 'function', ('external',), STAYS[name])
    early = {truth.CLONE.sub('', symbol) for target in tree.scheduler
             for symbol, section, _, _, kind in tree.table(target) if section == '.init.text' and kind == 'FUNC'}
    for name in sorted(early):
        expect(name, 'init function', ('external',), ('init-text',))
    check.expect(len(early) > 10, f'only {len(early)} init functions: the truth is broken')
    # functions that BPF programs may call or that a BTF list names are entered in
    # ways that no object shows
    listed = {found[1] for _, _, symbol, _ in tree.symbols(tree.scheduler)
              for found in [BTF_FUNCTION.match(symbol)] if found and found[1] in compiled}
    for name in sorted(listed):
        expect(name, 'BTF-listed function', ('interface', 'external'))
    check.finish(f"{counts['scheduling class']} scheduling classes with {len(tables['scheduling class'])} methods, "
                 f"{len(tables['cgroup file'])} cgroup file handlers and {len(tables['cgroup method'])} methods, "
                 f'{len(early)} init functions, {len(listed)} BTF-listed ones, {len(stays)} others that stay')


main()
