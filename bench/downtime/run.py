#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-only
"""How long the machine stands still, phase by phase, with three ways to check the tasks' stacks, in
one run.

  serial     one CPU walks the stacks of all threads within the stop, as kpatch did
  parallel   each CPU goes over all threads and walks the stack of each n-th, as the published
             Plugsched does
  noted      this project's: all stacks were walked before, and within the stop only those of
             tasks that ran since

The core is the usual one with ways.patch, which only adds the other two ways. The unwinder, the
search for an address (binary; kpatch's was linear) and all other phases are the same. The ways take
turns among the same threads, which sleepers.c creates: many that sleep, and four times as many
active ones as CPUs.

The times are the guest's: one nanosecond per instruction, without caches and contention. The
emulator runs the CPUs one after the other, so what they do at the same time adds up in the "sum"
columns. With ways.patch they do their shares in turn and measure each, so the "at once" columns
show how long CPUs that work at the same time would need: for check, clear and rebuild the longest
share. "call" is all of stop_machine(), including the gathering of the CPUs, as a sum. The ratios
are given twice: for the stops "at once"; and for the sums, where only the parallel way's check is
divided by the number of CPUs, as if it scaled ideally.
"""
import collections
import os
import statistics
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
import emulated  # noqa: E402

WAYS = ('noted', 'parallel', 'serial')       # indexed by check_way
ORDERS = ('unload', 'load', 'change')        # indexed by guest.sh's ORDER; change: from one module's scheduler to another's
SHARED = ('check', 'clear', 'rebuild')       # phases that all CPUs share
FIGURES = ('gather', 'check', 'clear', 'redirect', 'rebuild', 'stop', 'standstill', 'prewalk', 'total', 'tasks', 'active', 'queued', 'attempts',
           'retries', 'call')
COLUMNS = ('groups', 'sleeping', 'way', 'order', *FIGURES, *(f'{name}_longest' for name in SHARED), *(f'{name}_sum' for name in SHARED))
MEDIANS = ('gather', 'check', 'clear', 'redirect', 'rebuild', 'stop', 'standstill', 'call', 'check_longest', 'clear_longest',
           'rebuild_longest', 'phases', 'at_once', 'ideal',
           'prewalk', 'total', 'active', 'queued')
HEADER = ('kernel', 'cpus', 'groups', 'sleeping', 'way', 'order', 'repetitions', *(name + '_ns' for name in MEDIANS[:-2]), 'tasks_active',
          'tasks_queued', 'at_once_min_ns', 'at_once_max_ns', 'attempts_max', 'retries_max')
ACTIVE_PER_CPU = 4
WIDTHS = {'standstill': 11}                   # of the columns that are not 9 wide
MEMORY = 2048


def parse():
    parser = emulated.parser(__doc__)
    parser.add_argument('--threads', default='100,1000,10000', help='numbers of sleeping threads (default: 100,1000,10000)')
    parser.add_argument('--groups', default='0', help='numbers of cgroups with a quota, ascending, as 0,1000,5000 (default: 0)')
    parser.add_argument('-n', type=int, default=5, metavar='REPETITIONS', help='of which the median is shown (default: 5)')
    found = emulated.options(parser)
    if found.smoke:
        found.threads, found.n = '100', 1
    found.counts = [int(count) for count in found.threads.split(',')]
    found.numbers = [int(number) for number in found.groups.split(',')]
    return found


def second_module(found, folder):
    """Another scheduler for the order "change": what the tests have left there, or the same one under another name."""
    path = os.path.join(folder, 'second.ko')
    return path if os.path.exists(path) else emulated.build_module(found, folder, 'second')


def measure(found, version):
    """The kernel's name, and the medians by (cgroups, sleeping threads, way, order)."""
    with tempfile.TemporaryDirectory() as work:
        tree = emulated.tree_of(version)
        folder = emulated.module_folder(found, tree, work)
        emulated.run('patch', '-s', '-p1', '-F0', '-d', folder, '-i', os.path.join(HERE, 'ways.patch'))
        files = [second_module(found, folder), *emulated.with_core(emulated.build_module(found, folder)),
                 emulated.build_program(work, os.path.join(HERE, 'sleepers.c')), os.path.join(HERE, 'guest.sh')]
        script = f'sh /guest.sh /scheduler.ko {found.n} {ACTIVE_PER_CPU * emulated.CPUS} {found.threads} {found.groups}'
        lines = emulated.boot(found, tree, work, script, files, MEMORY)
    rows = [row_of(line) for line in lines if line.startswith('row ')]
    check(found, rows)
    return emulated.release(tree), summarise(rows)


def row_of(line):
    row = dict(zip(COLUMNS, map(int, line.split()[1:]), strict=True))
    row['phases'] = row['ideal'] = row['stop'] - row['gather']
    row['at_once'] = row['phases'] - sum(row[f'{name}_sum'] - row[f'{name}_longest'] for name in SHARED)
    if WAYS[row['way']] == 'parallel':
        row['ideal'] -= row['check'] - row['check'] // emulated.CPUS
    return row


def check(found, rows):
    """Checks that all rows are there and plausible; ends the program if not."""
    wanted = len(found.numbers) * len(found.counts) * len(WAYS) * len(ORDERS) * found.n
    wrong = [] if len(rows) == wanted else [f'{len(rows)} rows instead of {wanted}']
    for row in rows:
        parts = row['gather'] + row['check'] + row['clear'] + row['redirect'] + row['rebuild']
        if parts != row['stop'] or not all(row[name] > 0 for name in ('check', 'clear', 'redirect', 'rebuild', 'at_once')):
            wrong.append(f'the phases do not make the stop: {row}')
        if any(row[f'{name}_longest'] > row[f'{name}_sum'] or row[f'{name}_sum'] > row[name] for name in SHARED):
            wrong.append(f'shares are longer than their phase: {row}')
        if not 1 <= row['attempts'] <= row['retries'] + 1 or row['standstill'] < row['stop']:
            wrong.append(f'attempts that were not counted: {row}')
        if row['tasks'] < row['sleeping'] or row['stop'] > row['call']:
            wrong.append(f'fewer tasks than sleep, or a stop that is longer than its call: {row}')
    for count in found.counts if not wrong else ():
        longest = [min(row['check_longest'] for row in rows if (row['sleeping'], row['way']) == (count, way)) for way in range(len(WAYS))]
        if sorted(longest) != longest:
            wrong.append(f'{count} sleeping: the longest shares of the checks are not in the order of {WAYS}: {longest}')
    if wrong:
        sys.exit('WRONG: ' + '\nWRONG: '.join(wrong))


def summarise(rows):
    """Medians by (groups, sleeping, way, order)."""
    groups, found = collections.defaultdict(list), {}
    for row in rows:
        groups[row['groups'], row['sleeping'], row['way'], row['order']].append(row)
    for key, group in groups.items():
        summary = {name: round(statistics.median(row[name] for row in group)) for name in MEDIANS}
        values = [row['at_once'] for row in group]
        summary |= {'least': min(values), 'most': max(values)} | {name: max(row[name] for row in group) for name in ('attempts', 'retries')}
        found[key] = summary
    return found


def show_phases(counts, summary):
    print(f'{"":26}{"us, sum of the CPUs":^74} | {"us, CPUs at once":^44}')
    names = ('gather', 'check', 'clear', 'redirect', 'rebuild', 'stop', 'standstill', 'call')
    print(f'{"sleeping":>8} {"order":<7} {"way":<9}' + ''.join(f'{name:>{WIDTHS.get(name, 9)}}' for name in names) + ' |' +
          ''.join(f'{name:>9}' for name in names[1:6]) + f'{"(least":>9} {"most)":>9} {"active":>7}')
    for count in counts:
        for order in reversed(range(len(ORDERS))):
            for way in reversed(range(len(WAYS))):
                row = summary[count, way, order]
                sums = ''.join(f'{row[name] / 1000:{WIDTHS.get(name, 9)}.1f}' for name in names)
                parts = (row['check_longest'], row['clear_longest'], row['redirect'], row['rebuild_longest'], row['at_once'], row['least'],
                         row['most'])
                print(f'{count:>8} {ORDERS[order]:<7} {WAYS[way]:<9}{sums} |' + ''.join(f'{part / 1000:9.1f}' for part in parts[:5]) +
                      f'{parts[5] / 1000:9.1f} {parts[6] / 1000:9.1f} {row["active"]:>7}')


def show_ratios(counts, summary):
    print(f'\n{"":16}{"noted to parallel":^25}{"noted to serial":^25}{"noted to that with " + str(counts[0]):>27}{"noted to load":>15}')
    print(f'{"sleeping":>8} {"order":<7}' + f'{"at once":>12}{"sum, ideal":>13}' + f'{"at once":>12}{"sum":>13}' + f'{"at once":>27}{"at once":>15}')
    for count in counts:
        for order in reversed(range(len(ORDERS))):
            noted, parallel, serial = (summary[count, way, order] for way in range(len(WAYS)))
            print(f'{count:>8} {ORDERS[order]:<7}{noted["at_once"] / parallel["at_once"]:12.3f}{noted["phases"] / parallel["ideal"]:13.3f}'
                  f'{noted["at_once"] / serial["at_once"]:12.3f}{noted["phases"] / serial["phases"]:13.3f}'
                  f'{noted["at_once"] / summary[counts[0], 0, order]["at_once"]:27.2f}'
                  f'{noted["at_once"] / summary[count, 0, ORDERS.index("load")]["at_once"]:15.2f}')


def show_groups(found, summary):
    """How the stop grows with cgroups and threads together."""
    print(f'\n{"":16}{"at once, to that with " + str(found.counts[0]) + " threads and " + str(found.numbers[0]) + " cgroups":^60}')
    for number in found.numbers:
        for count in found.counts:
            ratios = [summary[number, count, 0, order]['at_once'] / summary[found.numbers[0], found.counts[0], 0, order]['at_once']
                      for order in range(len(ORDERS))]
            print(f'{number:>8} cgroups {count:>8} sleeping' + ''.join(f'   {name} {ratio:6.2f}' for name, ratio in zip(ORDERS, ratios, strict=True)))


def show(name, found, summary):
    """Prints a kernel's figures; returns the rows for the CSV file."""
    print(f'\nLinux {name}, {emulated.CPUS} CPUs, {ACTIVE_PER_CPU * emulated.CPUS} active threads, median of {found.n}')
    for number in found.numbers:
        of_number = {key[1:]: row for key, row in summary.items() if key[0] == number}
        if number:
            print(f'\nwith {number} cgroups that have a quota')
        show_phases(found.counts, of_number)
        show_ratios(found.counts, of_number)
    if len(found.numbers) > 1:
        show_groups(found, summary)
    return [(name, emulated.CPUS, number, count, WAYS[way], ORDERS[order], found.n, *(row[key] for key in MEDIANS), row['least'], row['most'],
             row['attempts'], row['retries']) for (number, count, way, order), row in sorted(summary.items())]


def main():
    emulated.each_version(parse(), measure, show, HEADER)


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
