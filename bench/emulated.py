# SPDX-License-Identifier: GPL-2.0-only
"""What the benches in a guest share: the module's folder, the guest, and how measurements are
written down.

The guest's clock counts instructions, one nanosecond each (QEMU's -icount shift=0), so the
same work takes the same time however busy the machine is. One thread runs all CPUs in
turn: the clock advances by what each of them does, one after the other, so what they would
do at the same time adds up.

If a timer interrupts a CPU, QEMU 7.2 gives the next CPU an empty turn, so with adjacent CPUs every
second one may starve. Therefore the guest gets nearly twice as many CPUs as needed, boots with one,
and starts every second one; the CPUs in between are never started and take the empty turns.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
GUEST = os.path.join(TOP, 'test/lib/guest')
CPUS = 4
ONLINE = [2 * cpu for cpu in range(CPUS)]
ARGUMENTS = 'maxcpus=1 tsc=reliable'


def parser(text):
    """The options that all these benches have."""
    found = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument('version', nargs='*', default=['6.1', '6.12'], help='test kernels, prepared if they are not yet (default: 6.1 6.12)')
    found.add_argument('-o', metavar='FILE.csv', help='write what was measured there, too')
    found.add_argument('--tools', default=os.path.join(TOP, 'build/plain'), metavar='DIR', help='the build tree (default: build/plain)')
    found.add_argument('--module', metavar='DIR', help='take this extracted module, of the one VERSION, instead of extracting one')
    found.add_argument('--seconds', type=int, default=3600, help='that a guest may take (default: 3600)')
    found.add_argument('--smoke', action='store_true', help='little of everything, and only to see that it makes sense')
    return found


def options(of_parser):
    found = of_parser.parse_args()
    if found.module and len(found.version) != 1:
        of_parser.error('--module needs the one VERSION that it is of')
    if not os.path.exists(tool(found, 'bin/plugsched')):
        of_parser.error(f'{found.tools} has no tools: run ./demo.sh first, or name a build tree with --tools')
    subprocess.run(('bash', '-c', '. "$0" && packages_install "${PACKAGES_GUEST[@]}"', os.path.join(TOP, 'test/lib/packages.sh')), check=True)
    return found


def tool(found, path):
    return os.path.join(found.tools, path)


def run(*command):
    """The output of a command; the program ends if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, errors='replace')
    if done.returncode:
        sys.exit(f'{" ".join(command)}: ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}')
    return done.stdout


def tree_of(version):
    return run(os.path.join(TOP, 'test/lib/kernel/prepare.sh'), version).strip()


def release(tree):
    with open(os.path.join(tree, 'include/config/kernel.release'), encoding='ascii') as file:
        return file.read().strip()


def module_folder(found, tree, work):
    """An extracted module that may be changed."""
    folder = os.path.join(work, 'scheduler')
    if found.module:
        shutil.copytree(found.module, folder)
        return folder
    report = os.path.join(work, 'boundary.json')
    run(tool(found, 'bin/plugsched-analyze'), '-q', '-k', tree, '-o', report)
    run(tool(found, 'bin/plugsched-extract'), '-q', '-k', tree, '--boundary', report, '-o', folder)
    return folder


def build_module(found, folder, name='scheduler'):
    run(tool(found, 'bin/plugsched'), 'build', '--name=' + name, folder)
    return os.path.join(folder, name + '.ko')


def unchanged_module(found, tree, work):
    built = os.path.join(found.module or '', 'scheduler.ko')
    return built if found.module and os.path.exists(built) else build_module(found, module_folder(found, tree, work))


def with_core(module):
    """The module and the core that it needs, for the guest."""
    return [module, os.path.join(os.path.dirname(module), 'plugsched.ko')]


def build_program(work, source):
    """Builds a static program for root.sh."""
    name = os.path.splitext(os.path.basename(source))[0]
    path = os.path.join(work, name)
    run('gcc', '-O2', '-Wall', '-Wextra', '-static', '-pthread', '-o', path, source)
    return f'{path}=bin/{name}'


def boot(found, tree, work, script, files, memory):
    """Runs a line of shell in a guest with the command and the files; returns
    the lines of its console."""
    root, start = os.path.join(work, 'root.cpio.gz'), os.path.join(work, 'run')
    with open(start, 'w', encoding='ascii') as file:
        file.write('dmesg -n 1\n')
        file.writelines(f'echo 1 >/sys/devices/system/cpu/cpu{cpu}/online\n' for cpu in ONLINE[1:])
        file.write(f'{script}\n')
    run(os.path.join(GUEST, 'root.sh'), root, f'{tool(found, "bin/plugsched")}=bin/plugsched', start, *files)
    command = (os.path.join(GUEST, 'boot.sh'), '-c', str(ONLINE[-1] + 1), '-m', str(memory), '-t', str(found.seconds), '-a', ARGUMENTS,
               '-q', '-icount shift=0,sleep=off', tree, root)
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace') as guest:
        for line in guest.stdout:
            print(f'  guest: {line}', end='', file=sys.stderr, flush=True)
            lines.append(line.rstrip('\n'))
    if guest.returncode or 'complete' not in lines or any(re.match('WRONG', line) for line in lines):
        sys.exit(f'the bench did not come to its end in the guest, which ended with {guest.returncode}: its console is above')
    return lines


def write(path, header, rows):
    """Writes a CSV file beside its place, and moves it there in one step."""
    with open(path + '.aside', 'w', encoding='ascii') as file:
        file.writelines(','.join(map(str, row)) + '\n' for row in [header, *rows])
    os.replace(path + '.aside', path)


def each_version(found, measure, show, header):
    """Measures each kernel, prints its figures and writes all results so far. `measure(found,
    version)` returns the kernel's name and its figures, of which `show(name, found, figures)`
    prints a table and makes the rows of the CSV file."""
    written = []
    for version in found.version:
        name, figures = measure(found, version)
        written += show(name, found, figures)
        if found.o:
            write(found.o, header, written)
