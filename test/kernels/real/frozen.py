# SPDX-License-Identifier: GPL-2.0-only
"""Records whose layout may change have no object that exists before a module is loaded; all others
are protected.

Truth: DWARF of the scheduler's objects (readelf) has every variable with its place and every member
with its type, so it shows which records are static, embedded in others, or on whose stack. The
sources show what an allocator creates. Then each frozen record of the scheduler gets one more
member in the extracted folder: plugsched-lint must find each of them and name the code that has
objects of it, and abi_check.h must have an assertion for it.
"""
import collections
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from truth import FOLDER, Check, Report, Tree, arguments

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../commands/lint'))
from linting import lint  # noqa: E402

# records seen only on stacks, and records with objects elsewhere; not every kernel has all of them
STACK_ONLY = {'lb_env', 'sd_lb_stats', 'sg_lb_stats', 'energy_env', 'task_numa_env', 'numa_stats'}
LIVE = {'numa_group', 'sched_group', 'sched_group_capacity', 'perf_domain', 'root_domain', 'cpuacct', 'sugov_policy', 'sugov_tunables',
        'sched_entity_stats', 'cpudl', 'cpupri', 'rq', 'cfs_rq', 'task_group'}
WRAPPERS = {'DW_TAG_typedef', 'DW_TAG_const_type', 'DW_TAG_volatile_type', 'DW_TAG_array_type', 'DW_TAG_atomic_type'}
RECORDS = {'DW_TAG_structure_type', 'DW_TAG_union_type'}
DIE = re.compile(r' *<([0-9a-f]+)><([0-9a-f]+)>: Abbrev Number: (?:0|\d+ \((\w+)\))')
ATTRIBUTE = re.compile(r' +<[0-9a-f]+> +(DW_AT_\w+) *: (.*)')
REFERENCE = re.compile(r'<0x([0-9a-f]+)>')


class Die:
    def __init__(self, tag, parent):
        self.tag, self.parent, self.attributes = tag, parent, {}

    def reference(self, dies, name):
        match = REFERENCE.search(self.attributes.get(name, ''))
        return dies.get(match[1]) if match else None

    def name(self, dies):
        """Its own name, or that of the entry of which it is an instance."""
        for _ in range(8):
            if 'DW_AT_name' in self.attributes:
                return self.attributes['DW_AT_name'].rsplit('): ', 1)[-1].strip()
            self = self.reference(dies, 'DW_AT_abstract_origin') or self.reference(dies, 'DW_AT_specification')
            if not self:
                break
        return None


def read_dies(path):
    """All entries of an object by their offset."""
    dies, stack, die = {}, [], None
    with subprocess.Popen(['readelf', '--debug-dump=info', path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        for line in process.stdout:
            match = DIE.match(line)
            if match:
                depth = int(match[1], 16)
                if not match[3]:
                    die = None
                    continue
                del stack[depth:]
                die = dies[match[2]] = Die(match[3], stack[-1] if stack else None)
                stack.append(die)
            elif die and (match := ATTRIBUTE.match(line)):
                die.attributes[match[1]] = match[2]
    return dies


def record_of(dies, die):
    """The name of the record that something contains directly, or None. A record without a tag
    has the name of its typedef."""
    kind, typedef = die.reference(dies, 'DW_AT_type'), None
    while kind and kind.tag in WRAPPERS:
        if kind.tag == 'DW_TAG_typedef':
            typedef = kind.name(dies)
        kind = kind.reference(dies, 'DW_AT_type')
    return kind.name(dies) or typedef if kind and kind.tag in RECORDS else None


def function_around(dies, die):
    """The function that has the variable, also if it is inlined; None at file scope."""
    while die and die.tag not in ('DW_TAG_subprogram', 'DW_TAG_inlined_subroutine'):
        die = die.parent
    return die.name(dies) if die else None


class Objects:
    """By the name of a record: the static variables of that type, the functions with an
    automatic variable of that type, and the records that contain it."""

    def __init__(self, tree):
        self.static, self.stacks, self.outer = (collections.defaultdict(set) for _ in range(3))
        self.variables = 0
        for path in tree.scheduler:
            dies = read_dies(os.path.join(tree.path, path))
            for die in dies.values():
                self.take(dies, die)

    def take(self, dies, die):
        if die.tag not in ('DW_TAG_variable', 'DW_TAG_formal_parameter', 'DW_TAG_member'):
            return
        origin = die if 'DW_AT_type' in die.attributes else die.reference(dies, 'DW_AT_abstract_origin') or die
        origin = origin if 'DW_AT_type' in origin.attributes else origin.reference(dies, 'DW_AT_specification') or origin
        name = record_of(dies, origin)
        if not name:
            return
        if die.tag == 'DW_TAG_member':
            outer = die.parent
            while outer.parent and outer.parent.tag in RECORDS and not outer.name(dies):
                outer = outer.parent
            self.outer[name].add(outer.name(dies) or '(unnamed)')
            return
        self.variables += 1
        # where it is declared: gcc may put a copy of a variable into a block of a function that is
        # inlined beside it
        function = function_around(dies, die.reference(dies, 'DW_AT_abstract_origin') or die)
        # a per-CPU variable has its offset in its section
        if 'DW_OP_addr' in die.attributes.get('DW_AT_location', '') or not function or 'DW_AT_external' in die.attributes:
            self.static[name].add(die.name(dies))
        else:
            self.stacks[name].add(function)


def scheduler_records(report):
    """The scheduler's records by name. Records inside others have a dot in their names."""
    return {r['name']: r for r in report.json['records'] if r['scheduler']}


def check_dead(check, objects, records, report):
    """A record that may change has objects only on the stacks of functions in the module."""
    free = {name for name, r in records.items() if r['class'] == 'internal'}
    for name in sorted(free):
        check.expect(not objects.static[name], f'{name} may change, and {objects.static[name]} is one')
        check.expect(objects.outer[name] <= free, f'{name} may change, and is embedded in {objects.outer[name] - free}')
        check.expect(objects.stacks[name] or objects.outer[name] or '.' in name, f'{name} may change, and DWARF knows nobody who has one')
        for function in sorted(objects.stacks[name]):
            nodes = report.scheduler(function)
            check.expect(nodes and all(n['class'] != 'external' and n['reason'] != 'springboard' for n in nodes),
                         f'{name} may change, and is on the stack of {function}, which stays')
    return free


def check_allocated(check, tree, free):
    """Records for which `struct NAME *v; ... v = xalloc(...)` occurs within a function, or
    sizeof(struct NAME) as an argument of an allocator."""
    allocated = set()
    for path in sorted(Path(tree.path, FOLDER).glob('*.[ch]')):
        text = path.read_text(encoding='utf-8')
        allocated |= set(re.findall(r'alloc\w*\([^;]*?sizeof\(struct (\w+)\)', text))
        for body in re.split(r'^\}', text, flags=re.M):
            for name, variables in re.findall(r'^\t+struct (\w+) (\*[^;=(){}]*?)\s*(?:=[^;]*)?;', body, flags=re.M):
                for variable in re.findall(r'\*\s*(\w+)', variables):
                    if re.search(rf'\b{variable} = \w*alloc\w*\(', body):
                        allocated.add(name)
    check.expect(not allocated & free, f'may change, and an allocator gives memory to them: {sorted(allocated & free)}')
    check.expect('numa_group' in allocated or 'sched_group' in allocated, f'no allocation was found: {sorted(allocated)}')
    return allocated


def add_members(folder, names):
    """Adds a member to each of these records. Returns the new text by file, and the file and
    line of the member by record."""
    texts, places = {}, {}
    for path in sorted(Path(folder).glob('*.[ch]')):
        lines = path.read_text(encoding='utf-8').splitlines()
        for name in names:
            begin = next((i for i, line in enumerate(lines) if re.match(rf'(?:static )?(?:struct|union) {name} \{{$', line)), None)
            if begin is None or name in places:
                continue
            end = next(i for i in range(begin, len(lines)) if lines[i].startswith('}'))
            # a record that is initialised without member names still compiles if
            # the new member is the last
            last = any(re.search(rf'struct {name} \w+ = \{{\s*[^.\s]', line) for line in lines)
            lines.insert(end if last else begin + 1, f'\tunsigned int plugsched_more_{name};')
            places[name] = path.name
        texts[path] = '\n'.join(lines) + '\n'
        for name in (name for name, file in places.items() if file == path.name):
            places[name] = path.name, lines.index(f'\tunsigned int plugsched_more_{name};') + 1
    return texts, places


def find_all(check, tool, folder, texts):
    """The messages by file and line. Headers are checked before the other files, because their
    changes cause errors there that hide findings."""
    found = {}
    for suffix in ('.h', '.c'):
        with tempfile.TemporaryDirectory() as work:
            options = []
            for path, text in texts.items():
                if path.suffix == suffix:
                    Path(work, path.name).write_text(text, encoding='utf-8')
                    options.append(f'--overlay={path}={work}/{path.name}')
            _, result, stderr = lint(tool, *options, folder)
        if check.expect(result, stderr):
            found.update({(os.path.basename(f['file']), f['line']): f['message'] for f in result['findings'] if f['rule'] == 'external-layout'})
    return found


def check_guarded(check, tool, folder, records, free):
    """With one more member in each frozen record, each is found at its place, with
    the words of the report."""
    frozen = {name: r for name, r in records.items() if name not in free and '.' not in name}
    texts, places = add_members(folder, frozen.keys())
    found = find_all(check, tool, folder, texts)
    for name, place in sorted(places.items()):
        why = records[name]['why'].split(': ', 1)[1]
        message = found.get(place, 'nothing')
        check.expect(f' {name} must keep its layout: plugsched_more_{name} is new' in message and why in message,
                     f'{name} with a member more: found {message}, not that {why}')
    assertions = Path(folder, 'abi_check.h').read_text(encoding='utf-8')
    for name in sorted(places):
        check.expect(re.search(rf'_Static_assert\(sizeof\((struct|union) {name}\) == ', assertions), f'abi_check.h has nothing about {name}')
    for name in sorted(free):
        check.expect(not re.search(rf'(struct|union) {name}\)', assertions), f'abi_check.h freezes {name}, which may change')
    check.expect(len(places) >= 0.8 * len(frozen), f'only {len(places)} of {len(frozen)} were found in the text: {sorted(frozen.keys() - places)}')
    return len(places)


def check_live(check, records, report, free):
    """`live` and `where` agree with what DWARF has shown."""
    for name, record in records.items():
        where = record.get('where', [])
        check.expect(record['live'] or name in free, f'{name} may not change, and no object of it is said to live')
        check.expect(not (name in free and record['live']), f'{name} may change, and objects of it are said to live in {where}')
        check.expect(all(node in report.nodes for node in where), f'{name}: unknown places among {where}')
        check.expect(not record['live'] or where or record['reason'] == 'unseen' or record['class'] == 'internal', f'{name} lives nowhere')
    for name in LIVE & records.keys():
        check.expect(records[name]['live'] and records[name]['where'], f'{name} has objects elsewhere, and is not said to live')


def main():
    found = arguments('report', 'out', 'tool')
    check = Check('frozen')
    tree, report = Tree(found.tree), Report(found.report)
    records = scheduler_records(report)
    objects = Objects(tree)
    check.expect(objects.variables > 300, f'DWARF has only {objects.variables} variables that are records')
    free = check_dead(check, objects, records, report)
    check.expect(STACK_ONLY & records.keys() <= free, f'live on stacks alone and are frozen: {STACK_ONLY & records.keys() - free}')
    check.expect(not LIVE & free, f'have objects elsewhere and may change: {LIVE & free}')
    check_live(check, records, report, free)
    allocated = check_allocated(check, tree, free)
    guarded = check_guarded(check, found.tool, found.out, records, free)
    check.finish(f'{len(records)} records of the scheduler, {len(free)} may change, {len(allocated)} get memory, {guarded} guarded')


if __name__ == '__main__':
    main()
