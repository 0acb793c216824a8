#!/usr/bin/python3 -B
# SPDX-License-Identifier: GPL-2.0-only
"""What it costs to run on the module instead of on the kernel's own scheduler, of which it is an
unmodified copy.

  hackbench         20 senders and 20 receivers over pipes, on one CPU, SCHED_BATCH
  hackbench-fifo    the same with SCHED_FIFO
  pingpong          two processes on one CPU pass a byte back and forth through pipes, SCHED_BATCH
  pingpong-across   the same on two CPUs, so that each wakeup interrupts the other
  fork-exit         processes are created and end, one after the other, on one CPU
  cyclictest        how long after its timer a realtime thread runs, averaged without the longest
                    twentieth, while the CPUs are otherwise idle

The loads are made to be repeatable. On all CPUs, or with wakeup preemption, hackbench varies
by a tenth from run to run, with either scheduler. Over sockets it measures the allocator
instead: one with a single list, as in the test kernel of 6.1, takes a tenth more or less
depending on what was freed before.

Both schedulers take turns in one guest. The module is loaded once, so its effect on memory is the
same for both: with a module loaded, an allocator with a single list, as in the test kernel of 6.1,
searches longer, by 2 % of a fork, whichever scheduler is used. The guest's clock counts the
instructions of all CPUs together. In all loads but cyclictest some CPU always has work, so the time
of a load is the number of instructions that it takes, ticks included. The cost of an instruction
(caches, branch prediction) is not included. The ratio is that of the medians. The spread is the
smallest and the largest figure relative to the median of the same side.
"""
import collections
import os
import statistics
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..'))
import emulated  # noqa: E402

LOADS = ('hackbench', 'hackbench-fifo', 'pingpong', 'pingpong-across', 'fork-exit', 'cyclictest')
SIDES = ('builtin', 'module')
PROGRAMS = ('hackbench', 'cyclictest')
HEADER = ('kernel', 'cpus', 'load', 'rounds', *(f'{side}_{what}_ns' for side in SIDES for what in ('median', 'least', 'most')), 'ratio')
MEMORY = 1024
# How far from 1 the ratio of two single figures may be in a smoke test, which does a quarter of the
# work. Loads that create processes may include a burst of a million instructions (a list of pages
# that is refilled); pingpong-across has differed by 5 %. A few wakeups of cyclictest prove nothing.
SMOKE_LIMIT = 0.15
SMOKE_LOADS = LOADS[:-1]


def parse():
    parser = emulated.parser(__doc__)
    parser.add_argument('-n', type=int, default=15, metavar='ROUNDS', help='of which the median is shown (default: 15)')
    parser.add_argument('--share', type=int, default=100, metavar='PERCENT', help='of the work of each load (default: 100)')
    found = emulated.options(parser)
    if found.smoke:
        found.n, found.share = 1, 25
    return found


def measure(found, version):
    """The kernel's name, and the figures by (load, side)."""
    with tempfile.TemporaryDirectory() as work:
        tree = emulated.tree_of(version)
        files = [*emulated.with_core(emulated.unchanged_module(found, tree, work)), emulated.build_program(work, os.path.join(HERE, 'loads.c')),
                 os.path.join(HERE, 'guest.sh'), *PROGRAMS]
        script = f'sh /guest.sh /scheduler.ko {found.n} {found.share} {emulated.ONLINE[1]} {emulated.ONLINE[2]}'
        lines = emulated.boot(found, tree, work, script, files, MEMORY)
    figures = collections.defaultdict(list)
    for line in lines:
        word = line.split()
        if word[:1] == ['row'] and int(word[1]) > 0:
            figures[word[3], word[2]].append(int(word[4]))
    check(found, figures)
    return emulated.release(tree), figures


def check(found, figures):
    """Checks that all figures are there and, in a smoke test, plausible;
    ends the program if not."""
    wrong = [f'{load}, {side}: {len(figures[load, side])} figures instead of {found.n}'
             for load in LOADS for side in SIDES if len(figures[load, side]) != found.n]
    for load in SMOKE_LOADS if found.smoke and not wrong else ():
        ratio = ratio_of(figures, load)
        if abs(ratio - 1) > SMOKE_LIMIT:
            wrong.append(f'{load}: the module takes {ratio:.3f} times the instructions')
    if wrong:
        sys.exit('WRONG: ' + '\nWRONG: '.join(wrong))


def ratio_of(figures, load):
    return statistics.median(figures[load, 'module']) / statistics.median(figures[load, 'builtin'])


def spread(values):
    middle = statistics.median(values)
    return f'{100 * (min(values) / middle - 1):+.2f} {100 * (max(values) / middle - 1):+.2f} %'


def show(name, found, figures):
    """Prints a kernel's figures; returns the rows for the CSV file."""
    print(f'\nLinux {name}, {emulated.CPUS} CPUs, {found.n} rounds')
    print(f'{"":<16}{"built in, us":>14}{"spread":>18}{"module, us":>14}{"spread":>18}{"ratio":>9}')
    rows = []
    for load in LOADS:
        line, parts = f'{load:<16}', []
        for side in SIDES:
            values = figures[load, side]
            line += f'{statistics.median(values) / 1000:14.1f}{spread(values):>18}'
            parts += [round(statistics.median(values)), min(values), max(values)]
        print(f'{line}{ratio_of(figures, load):9.4f}')
        rows.append((name, emulated.CPUS, load, found.n, *parts, f'{ratio_of(figures, load):.5f}'))
    return rows


def main():
    emulated.each_version(parse(), measure, show, HEADER)


if __name__ == '__main__':
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
