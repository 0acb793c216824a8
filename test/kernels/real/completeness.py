# SPDX-License-Identifier: GPL-2.0-only
"""Every use of a scheduler symbol by an object outside kernel/sched is in the report.

Truth: the relocations of all objects that vmlinux is linked from, C and assembly (nm, readelf), and
for where a symbol is defined and which files a unit read, debug information and make's lists.
"""
import truth

# The TRACE_EVENT macros make these, or they are trampolines of static calls. kernel/sched/core.o
# holds them, but they come from include/trace/events or from assembly. So they are not the
# scheduler's, but the report must know them.
MADE = ('__tracepoint_', '__traceiter_', '__SCK__tp_func_', '__SCT__')


def find_pairs(tree, defined):
    """(object, symbol) for each relocation in an outside object that names a scheduler symbol."""
    strong, candidates = set(), {}
    for target, kind, name, _ in tree.symbols(tree.outside, '-g'):
        if name in defined and kind in 'UwvWV':
            candidates.setdefault(target, set()).add(name)
        elif name in defined:
            strong.add(name)
    overridden = {name for name in strong if defined[name][1] in 'WV'}
    pairs = {(target, symbol) for target, names in candidates.items()
             for _, _, _, symbol, _ in tree.relocations(target) if symbol in names}
    return sorted(p for p in pairs if p[1] not in overridden), sorted(overridden)


def is_explained(report, tree, use, target):
    """True if the use can be in the unit of `target`."""
    if use['kind'] == 'object':
        return use['file'] == target
    return report.is_outside(use) and use['file'] in tree.inputs(target)


def main():
    options = truth.arguments('report')
    tree, report, check = truth.Tree(options.tree), truth.Report(options.report), truth.Check('completeness')
    defined = tree.definitions('-g')
    pairs, overridden = find_pairs(tree, defined)
    checked = made = by_object = 0
    for target, name in pairs:
        definer, kind, place = defined[name]
        is_made = not place.startswith(truth.FOLDER) and name.startswith(MADE)
        made += is_made
        checked += 1
        what = f'{target} uses {name} ({place or definer})'
        nodes = [n for n in (report.by_name[name] if is_made else report.scheduler(name))
                 if n['linkage'] == 'external']
        if not check.expect(len(nodes) == 1, f'{what}: {len(nodes)} nodes of that name'):
            continue
        node = nodes[0]
        check.expect(is_made or node['file'] == place, f"{what}: the report has it in {node['file']}")
        check.expect(node['class'] != 'internal', f'{what}: it is internal')
        check.expect(target in node.get('objects', ()), f'{what}: not among its objects')
        uses = [u for u in report.uses_of[node['id']] if is_explained(report, tree, u, target)]
        check.expect(uses, f'{what}: no use by it')
        by_object += all(u['kind'] == 'object' for u in uses)
    for name in overridden:
        node = [n for n in report.scheduler(name) if n['class'] == 'external' and n['reason'] == 'overridden']
        check.expect(node, f'{name} is overridden outside, but not by the report')
    listed = {(o, n['name']) for n in report.functions + report.variables if n['scheduler']
              for o in n.get('objects', ())}
    for target, name in sorted(listed - set(pairs)):
        check.expect(False, f'{target} has no relocation for {name}, but the report lists it')
    check.expect(checked > 500, f'only {checked} pairs: the truth is broken')
    print('overridden:', ' '.join(overridden))
    check.finish(f'{checked} pairs of object and symbol checked ({by_object} known by relocation only, '
                 f'{made} made by macros)')


main()
