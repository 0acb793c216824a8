# SPDX-License-Identifier: GPL-2.0-only
"""Where indirect calls lead when the kernel runs: each such place is a target of the report's site.

Truth: the kernel itself. QEMU's emulator boots the tree's bzImage, at the same addresses as
vmlinux, with a small program that exercises the scheduler (guest/init). A plugin of the emulator
(guest/plugin.c) records each indirect call and where it led. From the debug information, addr2line
tells the source line and the function, also if it is inlined. This sees only what happens in a few
seconds, and not quite the same each time. So it can prove that targets are missing, but not that
all are there, or that there are too many. For calls with no function of the scheduler at either end
it checks only that the report has a site; if that site is partial, by definition it has no such
function as a target.

Calls of functions in .init.text are not checked where the report has no site: the initcalls are in
tables made by assembly (.long), so do_one_initcall()'s pointer has an unknown origin, and that text
is freed before a module can be loaded.
"""
import collections
import os
import re
import shutil
import subprocess
import sys
import tempfile

import calls
import image
import indirect
import truth

GUEST = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'guest')
KERNEL = os.path.join(GUEST, '../../../lib/guest/kernel.sh')  # judges the guest's kernel
DONE, COMPLAINS = 'guest-finished', 'guest-complains'
SECONDS = 3000  # a guard against hangs
CPUS = 2
BOOTS = 3


def build_plugin(folder):
    path = os.path.join(folder, 'plugin.so')
    flags = truth.run('pkg-config', '--cflags', 'glib-2.0').split()
    truth.run('gcc', '-O2', '-shared', '-fPIC', *flags, '-o', path, os.path.join(GUEST, 'plugin.c'))
    return path


def build_root(folder):
    """The guest's file system: busybox and its first program."""
    root, path = os.path.join(folder, 'root'), os.path.join(folder, 'root.cpio')
    os.makedirs(os.path.join(root, 'bin'))
    shutil.copy(shutil.which('busybox'), os.path.join(root, 'bin'))
    shutil.copy(os.path.join(GUEST, 'init'), root)
    shutil.copy(KERNEL, root)
    with open(path, 'wb') as file:
        subprocess.run(('cpio', '-o', '-H', 'newc', '--quiet'), cwd=root, stdout=file, check=True,
                       input=b'.\ninit\nkernel.sh\nbin\nbin/busybox\n')
    return path


def boot(tree):
    """Boots the kernel; returns pairs (address of an indirect call or jump, address it led to)."""
    for _ in range(BOOTS):
        pairs, console = boot_once(tree)
        if pairs is not None:
            return pairs
        print('the guest did not come to its end, once more:', console[-400:].replace('\n', ' | '))
    sys.exit(f'the guest did not come to its end in {BOOTS} boots')


def boot_once(tree):
    """The result of boot(), or None, and the guest's console."""
    with tempfile.TemporaryDirectory() as folder:
        pairs = os.path.join(folder, 'pairs')
        # one thread for all CPUs: with more, the emulator can deliver a breakpoint of text_poke()
        # after it was removed
        command = ('qemu-system-x86_64', '-accel', 'tcg,thread=single', '-cpu', 'max', '-smp', str(CPUS), '-m', '512', '-nographic',
                   '-no-reboot', '-nic', 'none', '-kernel', os.path.join(tree.path, 'arch/x86/boot/bzImage'),
                   '-initrd', build_root(folder), '-plugin', f'{build_plugin(folder)},out={pairs}',
                   '-append', 'console=ttyS0 quiet panic=-1 nokaslr mitigations=off')
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors='replace',
                              timeout=SECONDS)
        if COMPLAINS in done.stdout or 'Kernel panic' in done.stdout:
            sys.exit(f'WRONG: the kernel complains: {done.stdout}')
        if DONE not in done.stdout:
            return None, done.stdout + done.stderr
        with open(pairs, encoding='utf-8') as file:
            return sorted(tuple(int(address, 16) for address in line.split()) for line in file), done.stdout


def find_places(tree, addresses):
    """For each address the functions that contain it, the innermost inlined one first: [(file,
    function, line)]."""
    text = subprocess.run(('addr2line', '-a', '-i', '-f', '-e', 'vmlinux'), cwd=tree.path, check=True, text=True,
                          input='\n'.join(map(hex, addresses)), capture_output=True).stdout
    places, lines = collections.defaultdict(list), iter(text.splitlines())
    address = 0
    for line in lines:
        if line.startswith('0x'):
            address = int(line, 16)
            continue
        file, _, number = next(lines).split(' (')[0].rpartition(':')
        if number.isdigit():
            places[address].append((tree.relative(file), truth.CLONE.sub('', line), int(number)))
    return places


def read_entry(tree):
    """The addresses of the code in which interrupts and system calls start."""
    symbols = {name: int(address, 16) for address, _, name in
               (line.split() for line in truth.run('nm', 'vmlinux', tree=tree.path).splitlines() if line[0] != ' ')}
    return range(symbols['__entry_text_start'], symbols['__entry_text_end'])


def read_init(tree):
    """The addresses of the code that is freed after boot."""
    for line in truth.run('readelf', '-SW', 'vmlinux', tree=tree.path).splitlines():
        found = re.match(r'\s*\[\s*\d+\] \.init\.text\s+PROGBITS\s+([0-9a-f]+) [0-9a-f]+ ([0-9a-f]+)', line)
        if found:
            return range(int(found[1], 16), int(found[1], 16) + int(found[2], 16))
    sys.exit('vmlinux has no .init.text')


def find_calls(tree, vmlinux, pairs):
    """The pairs that are calls: they lead to the beginning of a function of the source that is
    not an interrupt's."""
    entry = read_entry(tree)
    return [(site, to) for site, to in pairs
            if vmlinux.functions.get(to) and to not in entry and site not in entry]


def find_sites(sites, place):
    """The sites at a place; those of the whole function if its line has none, as for a
    call over several lines."""
    file, function, line = place
    # a macro can give a function a line of another file
    found = sites.by_function.get((file, function)) or [
        site for (_, name), all_of in sites.by_function.items() if name == function for site in all_of]
    return [site for site in found if site['line'] == line] or found


def is_inlined(sites, graph, frames, names):
    """True if code inlined into the function around a call has the site: gcc gives merged code
    the line of one origin."""
    holders = [node['id'] for node in sites.report.by_name[frames[-1][1]]]
    return any(indirect.has_inlined_site(sites, graph, holders, name) for _, name in names)


def is_scheduler(names, place):
    return place[0].startswith(truth.FOLDER) or indirect.is_scheduler(names)


def main():
    options = truth.arguments('report')
    tree, report, check = truth.Tree(options.tree), truth.Report(options.report), truth.Check('running')
    if not check.expect('sites' in report.json, 'the report has no "sites"'):
        check.finish('nothing to check')
    sites, vmlinux, graph = indirect.Sites(report), image.Image(tree), calls.Calls(report)
    happened = find_calls(tree, vmlinux, boot(tree))
    places = find_places(tree, sorted({site for site, _ in happened}))
    counts, seen, init = collections.Counter(), set(), read_init(tree)
    for site, to in happened:
        frames, names = places[site], vmlinux.functions[to]
        found = find_sites(sites, frames[0]) if frames else ()
        if to in init and not found:
            counts['init'] += 1
            continue
        if not frames or not found and not is_scheduler(names, frames[0]):
            counts['elsewhere'] += 1
            continue
        if found and not any(sites.demands(each, names) for each in found):
            counts['outside'] += 1
            continue
        file, function, line = frames[0]
        seen.add((file, function, line))
        counts['checked'] += 1
        counts['scheduler'] += is_scheduler(names, frames[0])
        if any(sites.has(each, names) for each in found):
            continue
        if is_inlined(sites, graph, frames, names):
            counts['merged'] += 1
            continue
        called = '/'.join(sorted({name for _, name in names}))
        what = 'does not have it as a target' if found else 'has no site there'
        check.expect(False, f'{file}:{line}: {function} called {called}: the report {what}')
    check.expect(counts['scheduler'] > 100, 'hardly any calls: the truth is broken')
    check.finish(f"{len(happened)} different indirect calls happened; {counts['checked']} checked in {len(seen)} "
                 f"places, {counts['scheduler']} of them from or to the scheduler, {counts['merged']} by the function "
                 f"around them; {counts['init']} of init code, {counts['outside']} of outside code by partial sites, "
                 f"{counts['elsewhere']} elsewhere")


if __name__ == '__main__':
    main()
