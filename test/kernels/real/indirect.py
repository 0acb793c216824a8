# SPDX-License-Identifier: GPL-2.0-only
"""Where indirect calls lead: each target that another truth knows is a target in the report's
`sites`.

Three truths:
 - image: the data of vmlinux (image.py). What a member of a static variable holds is a target of each site that
   calls through that member, unless the members around it say that it is another object's.
 - machine: where gcc compiled a scheduler unit with a direct call that the source has not, because a function was
   handed to an inline function: that function is a target of a site in code that was inlined there.
 - named: for the callbacks that every scheduler has, the functions that its source registers, found by their words,
   are targets of the site in the very function of the kernel that calls them.
Which members and places matter is asked of the tree: what it does not have is left out,
and told by the figures.

A site in a unit without scheduler code ("partial") has by definition no other targets than the
scheduler's functions, so only these are demanded of it.
"""
import collections
import functools
import os
import re
import tempfile

import calls
import image
import semind
import truth

LAYERS = ('signature', 'value', 'member', 'chain', 'static-call')
INCLUDED = re.compile(r'^# \d+ "([^"]+)"', re.M)


class Sites:
    """The report's sites, by the member that is called through and by the
    function that contains them."""

    def __init__(self, report):
        self.report, self.all = report, report.json['sites']
        self.by_member, self.by_function = collections.defaultdict(list), collections.defaultdict(list)
        for site in self.all:
            node = report.nodes.get(site['from'])
            if node:
                self.by_function[node['file'], node['name']].append(site)
            if site.get('through', []):
                self.by_member[site.get('through', [])[0]].append(site)

    def key(self, node_id):
        node = self.report.nodes[node_id]
        return node['file'], node['name']

    def has(self, site, names):
        """True if one of `names` is a target. Names are (file, name);
        the file '' means any file."""
        keys = {self.key(target) for target in site.get('targets', [])}
        return bool(keys & names) or any(('', name) in names for _, name in keys)

    def demands(self, site, names):
        """True if a function with these names, all for one address, must be a
        target if the site calls it."""
        return not site.get('partial') or is_scheduler(names)

    def names(self, sites):
        """The names of all targets."""
        return {self.key(target)[1] for site in sites for target in site.get('targets', [])}


def is_scheduler(names):
    """True if a function with these names, (file, name), belongs to the scheduler."""
    return any(file.startswith(truth.FOLDER) for file, _ in names)


def check_form(check, sites):
    """Both ends are nodes of the report, layers are known, and partial sites have only the
    scheduler's functions."""
    for site in sites.all:
        where = f"{site['file']}:{site['line']}"
        check.expect(site['layer'] in LAYERS, f"{where}: layer {site['layer']}")
        for end in (site['from'], *site.get('through', []), *site.get('targets', [])):
            check.expect(end in sites.report.nodes, f'{where}: unknown {end}')
        foreign = [end for end in site.get('targets', []) if not sites.report.nodes[end]['scheduler']]
        check.expect(not site.get('partial') or not foreign, f'{where}: partial, but has {foreign[:1]}')
        is_inside = site['file'].startswith(truth.FOLDER)
        check.expect(not is_inside or not site.get('partial'), f'{where}: partial in the scheduler')


# --- image ---

def is_excluded(sites, site, holder):
    """True if the members around the one called through show that it is not in this holder; None
    if that is unknown."""
    for i, member in enumerate(site.get('through', [])[1:], 1):
        node = sites.report.nodes[member]
        if 'record' not in node:    # a variable: the object itself
            return (node['file'], node['name']) != (holder.file, holder.variable)
        if node['type'].endswith('*'):
            # reached through a pointer: the image does not show to what it points
            return None
        if i >= len(holder.chain) or holder.chain[i] != member:
            return True
    return False


def check_image(check, sites, vmlinux):
    """Counts the pairs (site, function) that are checked, excluded, unknown, and not
    required of a partial site."""
    counts = collections.Counter()
    for holder in vmlinux.holders:
        if not holder.chain:
            continue
        for site in sites.by_member.get(holder.chain[0], ()):
            names = vmlinux.functions[holder.address]
            if not sites.demands(site, names):
                counts['outside'] += 1
                continue
            is_other = is_excluded(sites, site, holder)
            counts[{True: 'excluded', False: 'checked', None: 'unknown'}[is_other]] += 1
            if is_other is False:
                held = '/'.join(sorted({name for _, name in names}))
                check.expect(sites.has(site, names), f"image: {site['file']}:{site['line']} calls {holder.chain[0]}, "
                             f'which {holder.variable} in {holder.file} has as {held}: no target')
    return counts


# --- machine ---

def has_inlined_site(sites, graph, holders, callee):
    """True if code that is inlined into one of `holders`, by calls or as a target of sites, may
    call a function of that name."""
    for holder in holders:
        seen, todo = {holder}, [holder]
        while todo:
            node = todo.pop()
            following = {use['to'] for use in graph.report.uses_by[node] if use['kind'] == 'call'}
            following.update(*(site.get('targets', []) for site in sites.by_function[sites.key(node)]))
            for to in following - seen:
                if graph.report.nodes[to]['name'] == callee:
                    return True
                if graph.is_within(graph.report.nodes[to], holder):
                    seen.add(to)
                    todo.append(to)
    return False


def check_machine(check, sites, tree):
    """Returns the number of calls that gcc made direct."""
    graph, count = calls.Calls(sites.report), 0
    for target in tree.scheduler:
        with tempfile.TemporaryDirectory() as folder:
            _, machine, aux = calls.compile_unit(tree, target, folder)
        places = calls.read_places(tree, aux)
        for caller, callee in sorted(set(calls.read_final_calls(machine))):
            is_ours = places.get(caller, '').startswith(truth.FOLDER) and sites.report.scheduler(callee)
            if not is_ours or caller == callee:
                continue
            holders = graph.nodes(caller, places[caller])
            if graph.has_path(holders, callee):
                continue
            count += 1
            check.expect(has_inlined_site(sites, graph, holders, callee),
                         f'machine: gcc has {caller} call {callee}, which no site inlined there has as a target')
    return count


# --- named ---

class Source:
    """The text of the scheduler's units as compiled, and of files as written."""

    def __init__(self, tree):
        self.tree = tree
        self.compiled = '\n'.join(self._own(semind.preprocess(tree, target)) for target in tree.scheduler)
        self.written = '\n'.join(self.read(path) for path in sorted(
            {path for target in tree.scheduler for path in tree.inputs(target) if path.startswith(truth.FOLDER)}))

    def _own(self, text):
        """The text without that of files outside kernel/sched, and without line markers."""
        parts, kept = re.split(r'^(# \d+ "[^"]+".*)$', text, flags=re.M), []
        for marker, part in zip(parts[1::2], parts[2::2]):
            if self.tree.relative(INCLUDED.match(marker)[1]).startswith(truth.FOLDER):
                kept.append(part)
        return ''.join(kept)

    @functools.lru_cache(maxsize=None)
    def read(self, path):
        try:
            with open(os.path.join(self.tree.path, path), encoding='utf-8') as file:
                return re.sub(r'/\*.*?\*/', '', file.read(), flags=re.S)
        except FileNotFoundError:
            return ''

    def tables(self, record):
        """(member, function) in initialisers of variables of that record in kernel/sched."""
        start = r'\bstruct ' + record + r'\s+(?!\*)[^;={}]*=\s*'
        for body in re.findall(start + r'\{(.*?)\}\s*;', self.compiled, re.S):
            yield from re.findall(r'\.(\w+)\s*=\s*&?\(?(\w+)\)?\s*[,}]', body + '}')

    def arguments(self, function, index, text):
        """The names that calls of a function have as that argument."""
        found = [words[index] for words in find_calls(function, text) if index < len(words)]
        return {word.lstrip('&') for word in found if re.fullmatch(r'&?\w+', word)}

    @functools.lru_cache(maxsize=None)
    def built(self, word):
        """The texts of all files compiled into vmlinux that have a word."""
        texts = [self.read(target.removesuffix('.o') + '.c') for target in self.tree.objects]
        return [text for text in texts if word in text]


def find_calls(function, text):
    """The arguments of each call of a function, or use of a macro."""
    return [split_arguments(text[found.end():found.end() + 1000])
            for found in re.finditer(r'\b' + function + r'\s*\(', text)]


def split_arguments(text):
    """The arguments of a call; `text` begins behind its opening parenthesis."""
    words, depth, start = [], 1, 0
    for i, sign in enumerate(text):
        depth += (sign in '([{') - (sign in ')]}')
        if (depth == 1 and sign == ',') or not depth:
            words.append(' '.join(text[start:i].split()))
            start = i + 1
        if not depth:
            break
    return words


# How functions of kernel/sched are registered (a call or macro and the arguments, or an
# assignment), and who calls them.
REGISTERED = (
    (re.compile(r'(?:->|\.)function = (\w+);'), 'kernel/time/hrtimer.c', ('__run_hrtimer',)),
    (('hrtimer_setup', 1), 'kernel/time/hrtimer.c', ('__run_hrtimer',)),
    (('queue_balance_callback', 2), 'kernel/sched/core.c', ('do_balance_callbacks',)),
    (('init_irq_work', 1), 'kernel/irq_work.c', ('irq_work_single',)),
    (('IRQ_WORK_INIT', 0), 'kernel/irq_work.c', ('irq_work_single',)),
    (('IRQ_WORK_INIT_HARD', 0), 'kernel/irq_work.c', ('irq_work_single',)),
    (('DEFINE_IRQ_WORK', 1), 'kernel/irq_work.c', ('irq_work_single',)),
    (('stop_one_cpu', 1), 'kernel/stop_machine.c', ('cpu_stopper_thread',)),
    (('stop_one_cpu_nowait', 1), 'kernel/stop_machine.c', ('cpu_stopper_thread',)),
    (('stop_two_cpus', 2), 'kernel/stop_machine.c', ('multi_cpu_stop',)),
    (('call_rcu', 1), 'kernel/rcu/tree.c', ('rcu_do_batch',)),
    (('init_task_work', 1), 'kernel/task_work.c', ('task_work_run',)),
    (('DECLARE_WORK', 1), 'kernel/workqueue.c', ('process_one_work',)),
    (('INIT_WORK', 1), 'kernel/workqueue.c', ('process_one_work',)),
    (('INIT_DELAYED_WORK', 1), 'kernel/workqueue.c', ('process_one_work',)),
    (('kthread_init_work', 1), 'kernel/kthread.c', ('kthread_worker_fn',)),
    (('timer_setup', 1), 'kernel/time/timer.c', ('call_timer_fn',)),
    (('single_open', 1), 'fs/seq_file.c', ('seq_read_iter', 'traverse')),
    (('INIT_CSD', 1), 'kernel/smp.c', ()),
    (('smp_call_function_single', 1), 'kernel/smp.c', ()),
    (('smp_call_function_many', 1), 'kernel/smp.c', ()),
    (('on_each_cpu_mask', 1), 'kernel/smp.c', ()),
    (('walk_tg_tree', 0, 1), 'kernel/sched/core.c', ('walk_tg_tree_from',)),
    (('walk_tg_tree_from', 1, 2), 'kernel/sched/core.c', ('walk_tg_tree_from',)),
)

# Records whose initialisers in kernel/sched hold functions, and the files or
# folders that call through them.
TABLES = (
    ('sched_class', (truth.FOLDER,)),
    ('cftype', ('kernel/cgroup/',)),
    ('cgroup_subsys', ('kernel/cgroup/',)),
    ('ctl_table', ('fs/proc/proc_sysctl.c',)),
    ('seq_operations', ('fs/seq_file.c',)),
    ('file_operations', ('fs/',)),
    ('proc_ops', ('fs/proc/inode.c',)),
    ('cpufreq_governor', ('drivers/cpufreq/',)),
    ('kobj_type', ('fs/', 'lib/')),
)


def find_registered(source, how):
    """The scheduler's functions that are registered as `how`, from REGISTERED, says."""
    if isinstance(how, re.Pattern):
        names = set(how.findall(source.compiled))
    else:
        function, *indices = how
        names = set().union(*(source.arguments(function, index, source.written) for index in indices))
    return names & source.tree.functions()  # without those that are not configured


def check_registered(check, sites, source):
    """Returns the number of functions checked, by caller."""
    counts = collections.Counter()
    for how, file, holders in REGISTERED:
        names = find_registered(source, how)
        found = [site for (path, holder), all_of in sites.by_function.items() if path == file
                 and (holder in holders or not holders) for site in all_of]
        where = f"{file}:{'/'.join(holders)}"
        check.expect(found or not names, f"named: no site in {where} for {' '.join(sorted(names))}")
        targets = sites.names(found)
        for name in sorted(names):
            counts[where] += 1
            check.expect(not found or name in targets, f'named: {where} does not lead to {name}')
    return counts


def check_tables(check, sites, source, built):
    """Returns the numbers of functions checked by record, and of outside functions that only
    partial sites call."""
    counts, outside = collections.Counter(), 0
    for record, places in TABLES:
        for member, name in sorted(set(source.tables(record))):
            if name not in built:   # not a function
                continue
            found = [site for through, all_of in sites.by_member.items()
                     if sites.report.nodes[through]['name'] == f'{record}.{member}'
                     for site in all_of if site['file'].startswith(places)]
            if name not in source.tree.functions() and all(site.get('partial') for site in found):
                outside += 1
                continue
            counts[record] += 1
            if check.expect(found, f"named: no site calls {record}.{member} in {' '.join(places)}, as for {name}"):
                check.expect(name in sites.names(found), f'named: {record}.{member} does not lead to {name}')
    return counts, outside


def find_probes(source, point):
    """What built code registers for a tracepoint, from the text of all sources."""
    probes = {f'{prefix}_{point}' for prefix in ('trace_event_raw_event', 'perf_trace', '__bpf_trace')}
    for text in source.built('register_trace_'):
        for call in (f'register_trace_{point}', f'register_trace_prio_{point}'):
            probes |= source.arguments(call, 0, text)
    return probes


def check_tracepoints(check, sites, source, built):
    """Probes that built code registers for a tracepoint are targets of its
    iterator. Returns their number."""
    count = 0
    for (file, holder), found in sorted(sites.by_function.items()):
        point = holder.removeprefix('__traceiter_')
        if point == holder or not point.startswith('sched_'):
            continue
        for probe in sorted(find_probes(source, point) & built):
            count += 1
            check.expect(probe in sites.names(found), f'named: {holder} in {file} does not lead to the probe {probe}')
    check.expect(count, 'named: no site in a __traceiter_sched_* function')
    return count


def find_static_call(source, key):
    """
    What a static call is defined as or updated to, by the words of all sources. A tracepoint's
    calls the iterator, or the only probe there is (tracepoint_update_call()).
    """
    point, names = key.removeprefix('tp_func_'), set()
    if point != key:
        names = {'__traceiter_' + point} | find_probes(source, point)
    for text in source.built('static_call'):
        for macro in ('DEFINE_STATIC_CALL', 'DEFINE_STATIC_CALL_RET0', 'static_call_update'):
            names |= {words[1] for words in find_calls(macro, text) if words[0] == key and len(words) == 2}
    return names


def find_assembly_calls(source):
    """Static calls that assembly in the files of the scheduler's units calls, such as
    preempt_schedule. These are not calls in C."""
    files = set().union(*(source.tree.inputs(target) for target in source.tree.scheduler))
    return {key for file in files for key in re.findall(r'"call " STATIC_CALL_TRAMP_STR\((\w+)\)', source.read(file))}


def check_static_calls(check, sites, source, built):
    """The static calls of the scheduler's objects have sites. Returns the
    number of targets checked."""
    count, seen = 0, set()
    for site in sites.all:
        through = sites.report.nodes[site['through'][-1]]['name'] if site.get('through') else ''
        key = through.removeprefix('__SCK__')
        check.expect(key != through or site['layer'] != 'static-call',
                     f"{site['file']}:{site['line']}: calls through {through}, which is no static call's key")
        if key != through and not site.get('partial'):
            seen.add(key)
            names = find_static_call(source, key)
            check.expect(names, f"named: {site['file']}:{site['line']}: nothing in the source sets static call {key}")
            for name in sorted(names & built):
                count += 1
                check.expect(name in sites.names([site]),
                             f"named: {site['file']}:{site['line']}: {key} does not lead to {name}")
    used = {to.removeprefix('__SCT__') for target in source.tree.scheduler
            for section, _, kind, to, _ in source.tree.relocations(target)
            if to.startswith('__SCT__') and '.text' in section and kind == 'R_X86_64_PLT32'}
    for key in sorted(used - seen - find_assembly_calls(source)):
        check.expect(False, f'named: the scheduler has the static call {key}, the report no site of it')
    return count


def check_paravirt(check, sites, tree):
    """Where assembly in the scheduler's objects calls through pv_ops, there are
    sites. Returns their number."""
    count, has_them = 0, 'CONFIG_PARAVIRT=y' in tree.config()
    named = [site for site in sites.all if any(':pv_ops' in end for end in site.get('through', []))]
    for target in tree.scheduler:
        functions = [(section, value, size, truth.CLONE.sub('', name))
                     for name, section, value, size, kind in tree.table(target) if kind == 'FUNC']
        for section, offset, _, to, _ in tree.relocations(target):
            if to != 'pv_ops':
                continue
            count += 1
            holder = [name for place, value, size, name in functions
                      if place == section and value <= offset < value + size]
            check.expect(has_them, f'{target} uses pv_ops without CONFIG_PARAVIRT')
            check.expect(named, f'named: {target}: {holder} calls through pv_ops, the report has no such site')
    return count


def describe(sites):
    """Prints how many targets the sites have."""
    for layer in LAYERS:
        found = [len(site.get('targets', [])) for site in sites.all if site['layer'] == layer]
        if found:
            print(f'{layer:12} {len(found):6} sites, {sum(found) / len(found):8.1f} targets each, '
                  f'{max(found)} at most, {found.count(0)} without')


def main():
    options = truth.arguments('report')
    tree, report, check = truth.Tree(options.tree), truth.Report(options.report), truth.Check('indirect')
    if not check.expect('sites' in report.json, 'the report has no "sites"'):
        check.finish('nothing to check')
    sites, vmlinux, source = Sites(report), image.Image(tree), Source(tree)
    built = {name for names in vmlinux.functions.values() for _, name in names}
    check_form(check, sites)
    pairs = check_image(check, sites, vmlinux)
    machine = check_machine(check, sites, tree)
    registered = check_registered(check, sites, source)
    tables, foreign = check_tables(check, sites, source, built)
    probes = check_tracepoints(check, sites, source, built)
    static = check_static_calls(check, sites, source, built)
    paravirt = check_paravirt(check, sites, tree)
    describe(sites)
    for name, count in sorted((registered + tables).items()):
        print(f'{count:6} {name}')
    check.expect(len(vmlinux.holders) > 5000 and pairs['checked'] > 100 and machine and sum(registered.values()) > 30
                 and sum(tables.values()) > 100, 'hardly any truth: it is broken')
    check.finish(f"{len(sites.all)} sites; by the image {pairs['checked']} pairs checked, {pairs['excluded']} another "
                 f"object's, {pairs['unknown']} behind a pointer, {pairs['outside']} not demanded of partial sites; "
                 f'by gcc {machine}; by name {sum(registered.values())} registered, {sum(tables.values())} in tables '
                 f'and {foreign} not demanded, {probes} probes, {static} of static calls, '
                 f'{paravirt} of pv_ops')


if __name__ == '__main__':
    main()
