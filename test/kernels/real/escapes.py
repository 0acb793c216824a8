# SPDX-License-Identifier: GPL-2.0-only
"""Data whose address the kernel keeps is external: a file of debugfs, an RCU head, a timer, a work item.

Truth: the text of the scheduler's sources as gcc's preprocessor gives it. In every call of a function
that keeps what it is handed, each argument that is written as an address, `&a->b.c` or `&name`, names a
member or a variable. The report must have it as external, with where its address goes; and if its own
code hands over the address, it must say so by an edge of kind escape.
"""
import collections
import os
import re

import truth

# functions of other code that keep an address longer than the call
KEEPERS = re.compile(r'\b(debugfs_create_\w+|__?call_rcu\w*|call_rcu\w*|kvfree_call_rcu|hrtimer_(?:init|setup|start)\w*|init_timer_key'
                     r'|(?:schedule|queue|mod)_(?:delayed_)?work\w*|irq_work_queue\w*|kthread_(?:init|queue|mod)_\w*work\w*|kobject_init\w*'
                     r'|register_\w+|__register_\w+|proc_create\w*|cpuhp_\w+|smp_call_function_single_async)\s*\(')
MARKER = re.compile(r'# (\d+) "([^"]*)"')
ADDRESS = re.compile(r'^\(*\s*(?:\([\w\s*]+\)\s*)?&\s*\(*((?:[^&*()]|\([^()]*\))+?)\)*$')
LAST = re.compile(r'(?:(->|\.)\s*)?(\w+)\s*(?:\[[^]]*\])?\s*$')


def texts(tree, target):
    """(file, line, text) of each stretch of the preprocessed text that is the scheduler's own."""
    words = [w for w in tree.command(target) if not w.startswith('-Wp,')]
    words[words.index('-o'):words.index('-o') + 2] = []
    words = [w for w in words if w != '-c'] + ['-E']
    place, line, found, start = '', 0, [], 0
    for text in truth.run(*words, tree=tree.path).splitlines():
        marker = MARKER.match(text)
        if not marker:
            if place.startswith(truth.FOLDER):
                found.append(text)
            line += 1
            continue
        # a use of a macro is spread over several lines of one number
        if found and (tree.relative(marker[2]) != place or int(marker[1]) not in (line, line + 1, line - 1)):
            yield place, start, found
            found = []
        place, line = tree.relative(marker[2]), int(marker[1])
        if not found:
            start = line
    if found:
        yield place, start, found


def arguments(text, begin):
    """The arguments of the call whose parenthesis is in front of `begin`."""
    depth, start, found = 0, begin, []
    for at in range(begin, len(text)):
        c = text[at]
        if c in '([{':
            depth += 1
        elif c in ')]}' and depth:
            depth -= 1
        elif c == ')' or (c == ',' and not depth):
            found.append(text[start:at].strip())
            start = at + 1
            if c == ')':
                break
    return found


def handed(tree, target):
    """(file, keeper, is_member, name) of each address that is handed to a keeper."""
    for file, _, lines in texts(tree, target):
        text = ' '.join(lines)
        for call in KEEPERS.finditer(text):
            for argument in arguments(text, call.end()):
                address = ADDRESS.match(argument)
                last = address and LAST.search(address[1])
                if last:
                    yield file, call[1], bool(last[1]), last[2]


def main():
    options = truth.arguments('report')
    tree, report, check = truth.Tree(options.tree), truth.Report(options.report), truth.Check('escapes')
    members = collections.defaultdict(list)
    for node in report.members:
        members[node['member']].append(node)
    found = set()
    for target in tree.scheduler:
        if os.path.exists(os.path.join(tree.path, target[:-2] + '.c')):
            found.update(handed(tree, target))
    seen = collections.Counter()
    for file, keeper, is_member, name in sorted(found):
        nodes = [n for n in (members[name] if is_member else report.by_name[name])
                 # of other code's members, the report keeps one escape
                 if any((u['file'] == file or not n['scheduler']) and u['kind'] == 'escape' for u in report.uses_of[n['id']])]
        what = f"{file}: {keeper}() gets the address of {'member' if is_member else 'variable'} {name}"
        is_local = not is_member and not report.by_name[name]  # of a function: it is no data of the report
        # the body of an inline function tells what it does with the address; without its subsystem, nothing
        is_followed = any('inline' in n.get('attributes', ()) for n in report.by_name[keeper])
        check.expect(nodes or is_local or is_followed, f'{what}, the report has no escape of it')
        for node in nodes:
            check.expect(node['class'] == 'external', f"{what}: {node['id']} is {node['class']}: {node['why']}")
            seen[node['reason']] += 1
    check.expect(len(found) > 10 and sum(seen.values()) > 10, f'only {len(found)} addresses are handed over: the truth is broken')
    check.finish(f'{len(found)} addresses handed to keepers, {dict(seen)}')


main()
