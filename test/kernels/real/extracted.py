# SPDX-License-Identifier: GPL-2.0-only
"""The extracted module: few edits, reversible, and built without a warning by the kernel's own
build system.

Leaves the built extraction in --out for the tests of the module. Beside it are tests-core.ko, a core
in which steps can be made to fail, and second.ko, a scheduler with a change (SECOND). The original is
in the kernel tree; patch(1) reverses the edits, diff(1) counts them, and make shows warnings and flags.
"""
import filecmp
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from truth import FOLDER, Check, arguments, run

# Largest share of the scheduler's lines that may change, in per cent. A function that stays in
# vmlinux loses its body here, and more functions stay than extraction alone requires: those whose
# entries the kernel patches, and the calls for CPU affinity, which prevented every load.
GOAL = 8.0
# flags that a module's command line has in addition or with other values
OWN_FLAGS = re.compile(r'-DMODULE$|-D__?KBUILD|-DKBUILD_|-DPLUGSCHED_UNIT|-Wp,|-I.*/kernel/sched$|-fmacro-prefix-map')
# What is changed in second.ko: file, expression, replacement. Ticks are counted and shown in debugfs,
# and slices are twice as long, by whichever rule the kernel has.
SECOND = (
    ('sched.h', r'#endif[^\n]*\n*\Z', r'extern atomic_long_t second_ticks;\n\g<0>'),
    ('fair.c', r'(static void task_tick_fair\([^)]*\)\n\{(?:\n.*)*?\n\tstruct sched_entity \*se = )&curr->se;',
     r'atomic_long_t second_ticks;\n\n\1(atomic_long_inc(&second_ticks), &curr->se);'),
    ('fair.c', r'(\nstatic u64 sched_slice\((?:.*\n)*?.*return )(slice;)|(se->slice = )(sysctl_sched_base_slice;)', r'\1\3 2 * \2\4'),
    ('debug.c', r'\tSEQ_printf\(m, "Sched Debug Version', r'\tSEQ_printf(m, "ticks counted: %ld\\n", atomic_long_read(&second_ticks));\n\g<0>'),
)
PATCH = "sed -n '/^```diff$/,/^```$/{/^```/d;p}' EXTRACTED.md | patch -s -R -p0"


def sources_of(folder, tree):
    """The files of the extraction that the kernel's scheduler also has."""
    return sorted(name for name in os.listdir(folder) if os.path.exists(os.path.join(tree, FOLDER, name))
                  and name.endswith(('.c', '.h')))


def count_changes(check, folder, tree, names):
    """Counts, with diff, the lines of the original that were removed, and
    the lines that were added."""
    lines = gone = come = 0
    for name in names:
        original = os.path.join(tree, FOLDER, name)
        with open(original, 'rb') as file:
            lines += len(file.read().splitlines())
        done = subprocess.run(['diff', '-a', original, os.path.join(folder, name)], capture_output=True, text=True)
        gone += len(re.findall(r'^<', done.stdout, re.M))
        come += len(re.findall(r'^>', done.stdout, re.M))
    share = 100 * max(gone, come) / lines
    check.expect(share < GOAL, f'{share:.1f} % of the lines change; the goal is {GOAL} %')
    return f'{gone} of {lines} lines go ({100 * gone / lines:.1f} %), {come} come ({100 * come / lines:.1f} %)'


def check_round_trip(check, folder, tree, names):
    with tempfile.TemporaryDirectory() as work:
        copy = os.path.join(work, 'copy')
        shutil.copytree(folder, copy)
        done = subprocess.run(PATCH, shell=True, cwd=copy, capture_output=True, text=True)
        check.expect(done.returncode == 0, f'patch: {done.stdout}{done.stderr}')
        for name in names:
            check.expect(filecmp.cmp(os.path.join(copy, name), os.path.join(tree, FOLDER, name), shallow=False),
                         f'{name} is not the original again')


def check_history(check, folder):
    log = run('git', '-C', folder, 'log', '--format=%s', '--all').splitlines()
    check.expect(len(log) == 1, f'the history has {log}')
    check.expect(not run('git', '-C', folder, 'status', '--porcelain'), 'the work tree is not clean')
    check.expect(not run('git', '-C', folder, 'diff', 'extracted', 'main'), 'main is not what was extracted')


def build(check, tool, folder, *variables):
    command = os.path.join(os.path.dirname(tool), 'plugsched')
    done = subprocess.run(['make', '-C', folder, '-j2', f'PLUGSCHED={command}', *variables], capture_output=True, text=True)
    text = done.stdout + done.stderr
    check.expect(done.returncode == 0, f'make: {text[-2000:]}')
    for line in text.splitlines():
        check.expect(not re.search(r'warning|error|skipping', line, re.I), f'make: {line}')
    check.expect(not run('git', '-C', folder, 'status', '--porcelain'), 'a build leaves files that git does not ignore')


def build_second(check, tool, folder):
    """A changed scheduler of another name, in a copy of the folder."""
    with tempfile.TemporaryDirectory() as work:
        copy = os.path.join(work, 'second')
        shutil.copytree(folder, copy, symlinks=True)
        for name, expression, replacement in SECOND:
            path = os.path.join(copy, name)
            with open(path, encoding='utf-8') as file:
                text, count = re.subn(expression, replacement, file.read(), count=1)
            check.expect(count == 1, f'{name}: nothing to change in it')
            with open(path, 'w', encoding='utf-8') as file:
                file.write(text)
        run('git', '-C', copy, 'commit', '-qam', 'second')
        build(check, tool, copy, 'NAME=second')
        shutil.copy(os.path.join(copy, 'second.ko'), folder)


def build_all(check, tool, folder):
    """tests-core.ko has steps that can be made to fail; plugsched.ko is for use and has no trace of
    that."""
    plain, tests = os.path.join(folder, 'plugsched.ko'), os.path.join(folder, 'tests-core.ko')
    build(check, tool, folder, 'PLUGSCHED_TESTS=1')
    os.rename(plain, tests)
    build(check, tool, folder)
    build_second(check, tool, folder)
    for path, is_wanted in ((tests, True), (plain, False)):
        check.expect(('plugsched_fault' in run('nm', path)) == is_wanted, f'{path}: its symbols')
        with open(path, 'rb') as file:
            image = file.read()
        for text in (b'pause-held', b'plugsched_tests=y'):
            check.expect((text in image) == is_wanted, f'{path}: the text {text}')


def flags_of(command_file):
    """The compiler's flags in a .cmd file of the kernel's build, without those that name files."""
    with open(command_file, encoding='utf-8') as file:
        line = file.readline()
    words = shlex.split(re.split(r'[:?]?=', line, maxsplit=1)[1].split(';')[0])
    joined = []
    for word in words:
        if joined and joined[-1] == '-include':
            joined[-1] = '-include ' + word
        else:
            joined.append(word)
    return [w for w in joined if w.startswith('-') and not OWN_FLAGS.match(w) and not w.endswith('/plugsched.h')]


def check_flags(check, folder, tree):
    """Each unit is compiled as the kernel compiled it."""
    units = re.findall(r'^PLUGSCHED_EACH_UNIT\((\w+)\)', open(os.path.join(folder, 'units.h'), encoding='utf-8').read(), re.M)
    for unit in units:
        kernel = flags_of(os.path.join(tree, FOLDER, f'.{unit}.o.cmd'))
        module = flags_of(os.path.join(folder, f'.{unit}.o.cmd'))
        only = [f'-{w}' for w in kernel if w not in module] + [f'+{w}' for w in module if w not in kernel]
        check.expect(not only, f'{unit}: flags differ from the kernel\'s: {only}')
    check.expect(units, 'no units')
    return len(units)


def main():
    found = arguments('tool', 'report', 'out')
    check = Check('extracted')
    shutil.rmtree(found.out, ignore_errors=True)
    done = subprocess.run([found.tool, '-k', found.tree, '--boundary', found.report, '-o', found.out], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    print(done.stderr, end='')
    names = sources_of(found.out, found.tree)
    figures = count_changes(check, found.out, found.tree, names)
    check_round_trip(check, found.out, found.tree, names)
    check_history(check, found.out)
    check.expect(filecmp.cmp(found.report, os.path.join(found.out, 'boundary.json'), shallow=False), 'the report did not come along')
    build_all(check, os.path.realpath(found.tool), found.out)
    units = check_flags(check, found.out, found.tree)
    check.finish(f'{len(names)} files of {units} units: {figures}; taken back by patch to the same bytes; built without a warning')


if __name__ == '__main__':
    main()
