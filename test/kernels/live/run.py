# SPDX-License-Identifier: GPL-2.0-only
"""Boots the real kernel in QEMU with a built module and runs one of this folder's scripts in it.

Builds what the guest needs: storm, failing, attach, the modules of modules/, BPF programs, and,
with objdump, two lists. For some functions of the scheduler, /places has the offset of an
instruction behind the place of their jump, in vmlinux and in the module; for others, /jumps has the
offset of the jump's place. A line with WRONG fails the test, and so does a script that fails. The
guest's whole console is printed. --cpu is another CPU model for QEMU, --append adds arguments for
the kernel, --nodes=2 makes two NUMA nodes. With --panic the guest must end with a panic, and print
a line for each of these expressions, which are separated by " / ".
"""
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../real'))
from patched import LABELS, is_hit, patched_places  # noqa: E402
from truth import Report, arguments, run  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
GUEST = os.path.join(HERE, '../../lib/guest')
PROGRAMS = ('hackbench', 'cyclictest', 'stress-ng', 'setpriv', 'chrt', 'nice')
# what must run in the new scheduler and not in the old one: the switch, a wakeup, a tick (renamed
# in 6.10), a class's method, a file of proc, of debugfs and of sysctl
COUNTED = (('__schedule',), ('try_to_wake_up',), ('scheduler_tick', 'sched_tick'), ('enqueue_task_fair',),
           ('proc_sched_show_task',), ('sched_feat_show',), ('sched_rr_handler',))
STUB = 'plugsched_schedule'  # springboard.S
EARLY = 'update_rq_clock'  # faults.sh sees whether the module's runs too early
PROBED = ('resched_curr', 'nr_iowait')  # refusals.sh puts kprobes in the way of their jumps
# of the functions that gained.sh counts, those that nothing in the guest uses
RARE = re.compile('sched_clock_stable|sched_clock_tick_stable|wait_for_completion_.*|yield|housekeeping_(any_cpu|affine|test_cpu)|'
                  'psi_memstall_.*|psi_trigger_poll|rt_task_fits_capacity|scx_bpf_.*|test_and_clear_cpu_idle')
# two cores of two threads each, so that there are domains of both levels, and core scheduling
CPUS = '4,sockets=1,cores=2,threads=2'
NOT_AT_ITS_END = 125  # boot.sh's status
# a node for each socket, with half of the memory
TWO_NODES_CPUS = '4,sockets=2,cores=2,threads=1'
NODES = ' '.join(f'-object memory-backend-ram,id=memory{i},size=512M -numa node,cpus={2 * i}-{2 * i + 1},memdev=memory{i}' for i in (0, 1))
JUMP_ENDS = 14  # bytes: endbr64, five for ftrace, five for the jump


def instructions(file, name):
    """(offset, text) of the first instructions of a function."""
    begin, section = re.search(rf'^([0-9a-f]+) .*\bF (\S+)\s+[0-9a-f]+ {name}$', run('objdump', '-t', file), re.M).groups()
    text = run('objdump', '-d', '--no-show-raw-insn', '-j', section, f'--start-address=0x{begin}',
               f'--stop-address={int(begin, 16) + 64}', file)
    return [(int(place, 16) - int(begin, 16), text) for place, text in re.findall(r'^\s*([0-9a-f]+):\s+(.*)$', text, re.M)]


def offset_behind_jump(file, name):
    """The offset of the first instruction of a function that the jump of a
    redirection does not touch."""
    return next(offset for offset, _ in instructions(file, name) if offset >= JUMP_ENDS)


def offset_of_jump(file, name):
    """The offset of the instruction behind what ftrace patches, in a traced function."""
    lines = instructions(file, name)
    return lines[2 if lines[0][1].startswith('endbr64') else 1][0]


def build_places(work, tree, module):
    path = os.path.join(work, 'places')
    with open(path, 'w', encoding='ascii') as file:
        known = set(re.findall(r'(\S+)$', run('nm', os.path.join(tree, 'vmlinux')), re.M))
        for name in (name for names in COUNTED for name in [name for name in names if name in known][:1]):
            # no kprobe can be in the module's __schedule, so the stub before it is counted
            new = STUB if name == '__schedule' else name
            shown = new if new == STUB else f'{new}.plugsched'
            print(name, offset_behind_jump(os.path.join(tree, 'vmlinux'), name), f'{shown}+{offset_behind_jump(module, new)}', file=file)
    return path


def build_early(work, module):
    path = os.path.join(work, 'early')
    with open(path, 'w', encoding='ascii') as file:
        print(f'scheduler:{EARLY}.plugsched+{offset_behind_jump(module, EARLY)}', file=file)
    return path


def build_jumps(work, tree):
    path = os.path.join(work, 'jumps')
    with open(path, 'w', encoding='ascii') as file:
        for name in PROBED:
            print(name, offset_of_jump(os.path.join(tree, 'vmlinux'), name), file=file)
    return path


def entries(module, name):
    """Offsets of instructions one of which runs if the function is entered: its first one behind
    endbr64, or those that follow its jump labels, where no kprobe can be."""
    lines = instructions(module, name)
    known, places, left = {offset for offset, _ in lines}, [], [0]
    while left:
        at = left.pop()
        text, following = next((text, following) for (offset, text), following in zip(lines, [*(o for o, _ in lines[1:]), None]) if offset == at)
        if not re.match(r'endbr64|jmp|nop|xchg +%ax,%ax|data16', text):
            places.append(at)
            continue
        target = re.search(rf'<{name}\+0x([0-9a-f]+)>', text)
        left += [place for place in (following, int(target[1], 16) if target else None) if place in known]
    return places


def build_gained(work, tree, folder):
    """The functions for which a jump over a jump label, a wait by a jump or a clone was proven, and
    the offsets of entries()."""
    path = os.path.join(work, 'gained')
    report = Report(os.path.join(folder, 'boundary.json'))
    labels = patched_places(os.path.join(tree, 'vmlinux'), LABELS)
    with open(os.path.join(folder, 'interface.h'), encoding='utf-8') as file:
        rows = {name: int(entry) for name, entry in re.findall(r'^PLUGSCHED_INTERFACE\((\w+), 0x[0-9a-f]+, (\d+), \w+\)$', file.read(), re.M)}
    with open(path, 'w', encoding='ascii') as file:
        for function in report.functions:
            binary = function.get('binary', {})
            if not function['scheduler'] or function['name'] not in rows or not binary.get('symbol'):
                continue
            place = int(binary['address'], 16) + rows[function['name']]
            if 'ends_in' in binary or '.' in binary['symbol'] or is_hit(labels, place):
                print(function['name'], 'rarely' if RARE.fullmatch(function['name']) else 'often',
                      *entries(os.path.join(folder, 'scheduler.o'), function['name']), file=file)
    return path


def digest_again(path):
    """Writes the digest that fits the file, as `plugsched anchor` does."""
    section = re.search(r' \.comment\.plugsched\.digest +PROGBITS +\S+ (\S+)', run('readelf', '-SW', path))
    place = int(section[1], 16)
    with open(path, 'r+b') as file:
        image = bytearray(file.read())
        image[place:place + 64] = b'0' * 64
        file.seek(place)
        file.write(hashlib.sha256(image).hexdigest().encode())


def build_foreign(work, module, name):
    """A module as if it were made for another kernel."""
    path = os.path.join(work, name)
    with open(module, 'rb') as file:
        image = file.read()
    build_id = re.search(rb'plugsched_build_id=([0-9a-f]+)', image)[1]
    with open(path, 'wb') as file:
        file.write(image.replace(build_id, build_id[:4][::-1] + build_id[4:]))
    digest_again(path)
    return path


def build_stripped(found, work, module, name):
    """Without debug information, as INSTALL_MOD_STRIP=1 installs modules: this saves
    an emulated CPU a second."""
    path = os.path.join(work, name)
    shutil.copy(module, path)
    run('strip', '--strip-debug', path)
    run(found.command, 'anchor', '--vmlinux=' + os.path.join(found.tree, 'vmlinux'), path)
    return path


def build_others(found, work):
    """The core with steps that can be made to fail, and a second scheduler, as far as they were built."""
    modules = ((name, os.path.join(found.out, name)) for name in ('tests-core.ko', 'second.ko'))
    return [build_stripped(found, work, module, name) for name, module in modules if os.path.exists(module)]


def build_modules(work, tree):
    folder = os.path.join(work, 'modules')
    shutil.copytree(os.path.join(HERE, 'modules'), folder)
    run('make', '-s', '-C', tree, f'M={folder}', 'modules')
    return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith('.ko')]


def build_program(work, name):
    path = os.path.join(work, name)
    run('gcc', '-O2', '-Wall', '-Wextra', '-static', '-pthread', '-o', path, os.path.join(HERE, name + '.c'))
    return f'{path}=bin/{name}'


def build_bpf(work, tree):
    """Programs at the end of functions, a BPF scheduler if the kernel has sched_ext, and their
    loaders; nothing without BPF."""
    with open(os.path.join(tree, 'include/config/auto.conf'), encoding='ascii') as file:
        options = file.read()
    if 'CONFIG_DEBUG_INFO_BTF=y' not in options:
        return []
    bpftool = shutil.which('bpftool', path='/usr/sbin:/sbin:' + os.environ['PATH'])
    with open(os.path.join(work, 'vmlinux.h'), 'w', encoding='ascii') as file:
        file.write(run(bpftool, 'btf', 'dump', 'file', os.path.join(tree, 'vmlinux'), 'format', 'c'))
    names = ['fexit', *(['count'] if 'CONFIG_SCHED_CLASS_EXT=y' in options else [])]
    for name in names:
        run('clang-19', '-g', '-O2', '-target', 'bpf', '-D__TARGET_ARCH_x86', '-I', work, '-c',
            os.path.join(HERE, f'bpf/{name}.bpf.c'), '-o', os.path.join(work, f'{name}.bpf.o'))
    return [*(os.path.join(work, f'{name}.bpf.o') for name in names), f'{bpftool}=bin/bpftool']


def build_root(found, work, script, extra=()):
    """The guest's file system. `script` is the line of shell that it runs; `extra` are further
    files for root.sh."""
    module, core = (os.path.join(found.out, name) for name in ('scheduler.ko', 'plugsched.ko'))
    start = os.path.join(work, 'run')
    with open(start, 'w', encoding='ascii') as file:
        file.write(f'dmesg -n 1\n{script}\n')
    path = os.path.join(work, 'root.cpio.gz')
    scripts = [os.path.join(HERE, name) for name in os.listdir(HERE) if name.endswith('.sh')]
    modules = [module, core, build_foreign(work, module, 'foreign.ko'), build_foreign(work, core, 'foreign-core.ko'),
               build_stripped(found, work, module, 'stripped.ko'), *build_others(found, work), *build_modules(work, found.tree)]
    programs = [f'{found.command}=bin/plugsched', *(build_program(work, name) for name in ('storm', 'failing', 'attach'))]
    names = os.path.join(found.out, 'scheduler.o')  # in scheduler.ko the functions have other ones
    lists = [build_places(work, found.tree, names), build_early(work, names), build_jumps(work, found.tree),
             build_gained(work, found.tree, found.out)]
    run(os.path.join(GUEST, 'root.sh'), path, *PROGRAMS, *modules, *programs, *build_bpf(work, found.tree), *lists, start, *scripts, *extra)
    return path


def machine(found):
    """boot.sh's options for the CPUs, another CPU model (QEMU uses the last of two -cpu), two
    nodes, and the kernel."""
    more = ['-cpu ' + found['cpu']] if found.get('cpu') else []
    if found.get('nodes'):
        more.append(NODES)
    return ['-c', TWO_NODES_CPUS if found.get('nodes') else CPUS, *(['-q', ' '.join(more)] if more else []),
            '-a', found.get('append', '')]


def run_guest(found, script, extra=()):
    """Boots the guest; returns the lines of its console, which are also printed as they come,
    and the exit status of boot.sh."""
    with tempfile.TemporaryDirectory() as work:
        root = build_root(found, work, script, extra)
        kernel = vars(found).get('kernel') or found.tree  # other.py boots another one
        command = [os.path.join(GUEST, 'boot.sh'), '-t', found.seconds, *machine(vars(found)), kernel, root]
        lines = []
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors='replace') as guest:
            for line in guest.stdout:
                print(line, end='', flush=True)
                lines.append(line.rstrip('\n'))
        return lines, guest.returncode


def judge(script, lines, status):
    """The program's exit status."""
    good = sum(line.startswith('ok') for line in lines)
    wrong = sum('WRONG' in line for line in lines)
    print(f'{script}: {good} ok, {wrong} wrong, ended with {status}')
    return 1 if wrong else status


def judge_panic(wanted, lines, status):
    """The program's exit status if the guest must panic and print all of these expressions."""
    missing = [expression for expression in ('Kernel panic', *wanted.split(' / ')) if not any(re.search(expression, line) for line in lines)]
    wrong = [line for line in lines if 'WRONG' in line]
    print(f'a panic was wanted: {len(missing)} lines are missing {missing}, {len(wrong)} wrong, ended with {status}')
    return 1 if missing or wrong or status != NOT_AT_ITS_END else 0


def boot(found, script, extra=()):
    """Boots the guest and judges the result; ends the program."""
    lines, status = run_guest(found, script, extra)
    wanted = vars(found).get('panic')
    sys.exit(judge_panic(wanted, lines, status) if wanted else judge(script, lines, status))


if __name__ == '__main__':
    options = arguments('out', 'command', 'script', 'arguments', 'seconds', optional=('cpu', 'append', 'nodes', 'panic'))
    boot(options, f'sh /{options.script} {options.arguments}')
