# SPDX-License-Identifier: GPL-2.0-only
"""Changes that a module cannot make do not compile, and the compiler says why. Changes that it can
make compile.

Each case is an edit of the extracted source: a text that occurs once, its replacement, the
unit to compile (layouts are checked in the first unit that sees them), and what the message
must contain, or nothing.
"""
import os
import re
import shutil
import subprocess
import tempfile

from truth import Check, arguments

WAKE_UP = r'^int wake_up_process\(struct task_struct \*p\)$'
CALL = '\twait_for_common(x, MAX_SCHEDULE_TIMEOUT, TASK_UNINTERRUPTIBLE);'
WAIT = f'^{re.escape(CALL)}$'
CASES = [
    ('the signature of an interface function', 'core.c', r'^int wake_up_process\(struct task_struct \*p\)$',
     'long wake_up_process(struct task_struct *p)', 'core', r'conflicting types for .wake_up_process'),
    ('the signature of a static interface function', 'core.c', r'^static enum hrtimer_restart hrtick\(struct hrtimer \*timer\)$',
     'static int hrtick(struct hrtimer *timer)', 'core', r'plugsched: hrtick\(\) is entered from vmlinux'),
    ('a parameter more of a timer callback', 'rt.c', r'^static enum hrtimer_restart sched_rt_period_timer\(struct hrtimer \*timer\)$',
     'static enum hrtimer_restart sched_rt_period_timer(struct hrtimer *timer, int more)', 'build_policy',
     r'plugsched: sched_rt_period_timer\(\)'),
    ('a member in the middle of the runqueue', 'sched.h', r'^\traw_spinlock_t\t\t__lock;$', '\tu64 plugsched_extra;\n\traw_spinlock_t\t\t__lock;',
     'build_policy', r'plugsched: struct rq'),
    ('a member at the begin of a task group', 'sched.h', r'^\tstruct cgroup_subsys_state css;$',
     '\tu64 plugsched_extra;\n\tstruct cgroup_subsys_state css;', 'build_policy', r'plugsched: struct task_group'),
    ('a member more of a sched group', 'sched.h', r'^struct sched_group \{$', 'struct sched_group {\n\tunsigned int plugsched_more;', 'build_policy',
     r"plugsched: struct sched_group must keep its layout: objects of it live in vmlinux\\?'s memory: .*gets one from k[mz]alloc"),
    ('a member more of a root domain', 'sched.h', r'^struct root_domain \{$', 'struct root_domain {\n\tunsigned int plugsched_more;', 'build_policy',
     r'plugsched: struct root_domain must keep its layout: (.*the variable def_root_domain holds one, '
     r'alloc_rootdomain\(\) gets one from|its member \w+ is external)'),
    ('a member more of a numa group', 'fair.c', r'^struct numa_group \{$', 'struct numa_group {\n\tunsigned int plugsched_more;', 'fair',
     r'plugsched: struct numa_group.*task_numa_group\(\) gets one from'),
    ('a wider member of a sched group', 'sched.h', r'^\tunsigned int\t\tgroup_weight;$', '\tunsigned long\t\tgroup_weight;', 'build_policy',
     r'plugsched: struct sched_group'),
    ('a member more of what lives on stacks alone', 'fair.c', r'^struct lb_env \{$', 'struct lb_env {\n\tunsigned int plugsched_more;', 'fair', None),
    ('the type of a variable that lies in vmlinux', 'core.c', r'^extern (__read_mostly )?int (__read_mostly )?scheduler_running;$',
     'extern long scheduler_running;', 'core', r'plugsched: scheduler_running lies in vmlinux|conflicting types'),
    ('a new system call', 'core.c', WAKE_UP, 'SYSCALL_DEFINE1(mine, int, x)\n{\n\treturn x;\n}\nint wake_up_process(struct task_struct *p)',
     'core', r'plugsched: vmlinux has no system call _mine'),
    ('a new initcall', 'core.c', WAKE_UP,
     'static int mine(void)\n{\n\treturn 0;\n}\nlate_initcall(mine);\nint wake_up_process(struct task_struct *p)',
     'core', r'plugsched: late_initcall\(mine\) has no effect'),
    ('a body for a function that stays', 'core.c', WAKE_UP,
     'void schedule(void)\n{\n\tcpu_relax();\n}\nint wake_up_process(struct task_struct *p)',
     'core', r"redefinition of .schedule.*plugsched: it stays in vmlinux"),
    ('a value for a variable of vmlinux', 'core.c', r'^extern (__read_mostly )?int (__read_mostly )?scheduler_running;$',
     'int scheduler_running = 2;', 'core', r"redefinition of .scheduler_running.*plugsched: it lies in vmlinux"),
    ('a flipped feature', 'features.h', r'^SCHED_FEAT\(NONTASK_CAPACITY, true\)$', 'SCHED_FEAT(NONTASK_CAPACITY, false)', 'build_utility',
     r'plugsched: the feature NONTASK_CAPACITY is 1 at boot'),
    ('two features swapped', 'features.h', r'^SCHED_FEAT\(WA_IDLE, true\)\nSCHED_FEAT\(WA_WEIGHT, true\)$',
     'SCHED_FEAT(WA_WEIGHT, true)\nSCHED_FEAT(WA_IDLE, true)', 'build_utility', r'plugsched: the feature WA_IDLE must keep its place'),
    ('the body of an interface function', 'core.c', r'^int wake_up_process\(struct task_struct \*p\)\n\{$',
     'int wake_up_process(struct task_struct *p)\n{\n\tif (!p)\n\t\treturn 0;', 'core', None),
    ('a new function of its own', 'rt.c', r'^static enum hrtimer_restart sched_rt_period_timer\(struct hrtimer \*timer\)$',
     'int plugsched_test(void);\nint plugsched_test(void)\n{\n\treturn 1;\n}\n\n'
     'static enum hrtimer_restart sched_rt_period_timer(struct hrtimer *timer)', 'build_policy', None),
    ('init text that runs later', 'core.c', r'^int wake_up_process\(struct task_struct \*p\)$', 'int __init wake_up_process(struct task_struct *p)',
     'core', r'plugsched: core\.o has code or data of init sections'),
    ('a variable for each CPU that is larger than the room for all', 'core.c', WAKE_UP,
     'DEFINE_PER_CPU(char[32768], plugsched_mine);\nint wake_up_process(struct task_struct *p)',
     'core', r'plugsched: per-CPU data \(plugsched_mine\) is larger'),
    ('two that are larger together', 'core.c', WAKE_UP,
     'DEFINE_PER_CPU(char[5000], plugsched_one);\nDEFINE_PER_CPU(char[5000], plugsched_two);\nint wake_up_process(struct task_struct *p)',
     'core', r'plugsched: the module has \d+ bytes for each CPU, and all modules together have \d+'),
    ('another value of a macro that vmlinux has compiled in', 'sched.h', r'^#define TASK_ON_RQ_QUEUED\t1$', '#define TASK_ON_RQ_QUEUED\t3',
     'build_policy', r'plugsched: TASK_ON_RQ_QUEUED is \(?1\)? in'),
    ('another value of an enumerator that vmlinux has compiled in', 'sched.h', r'^\tNUMA_DIRECT,$', '\tNUMA_MINE,\n\tNUMA_DIRECT,',
     'build_policy', r'plugsched: NUMA_DIRECT is \(?0\)? in'),
    ('something to do after a wait', 'completion.c', WAIT, f'{CALL}\n\tbarrier();', 'build_utility',
     r'plugsched: wait_for_completion calls __wait_for_common, which waits'),
    ('something to do before a wait', 'completion.c', WAIT, f'\tbarrier();\n{CALL}', 'build_utility', None),
]


def compile_unit(tree, folder, unit):
    """Compiles it and runs the check that the Makefile runs on the linked units."""
    done = subprocess.run(['make', '-C', tree, f'M={folder}', f'{unit}.o'], capture_output=True, text=True)
    if done.returncode:
        return done
    return subprocess.run(['sh', 'check.sh', 'symbols', f'{unit}.o', tree], cwd=folder, capture_output=True, text=True)


def run_case(check, tree, folder, case):
    what, name, pattern, text, unit, message = case
    path = os.path.join(folder, name)
    with open(path, encoding='utf-8') as file:
        original = file.read()
    edited, n = re.subn(pattern, lambda _: text, original, flags=re.M)
    if not check.expect(n == 1, f'{what}: {n} places fit in {name}; the case tests nothing'):
        return
    with open(path, 'w', encoding='utf-8') as file:
        file.write(edited)
    done = compile_unit(tree, folder, unit)
    if message:
        check.expect(done.returncode != 0, f'{what}: it compiles')
        check.expect(re.search(message, done.stderr, re.S), f'{what}: the compiler says nothing like {message}: {done.stderr[:600]}')
    else:
        check.expect(done.returncode == 0, f'{what}: does not compile: {done.stderr[:600]}')
    with open(path, 'w', encoding='utf-8') as file:
        file.write(original)


def check_core_names(check, tree, folder):
    """What the core is bound to is not for the scheduler."""
    subprocess.run(['gcc', '-xc', '-c', '-fno-pie', '-o', 'mine.o', '-'], cwd=folder, text=True, check=True,
                   input='extern int ftrace_lock; int *mine = &ftrace_lock;')
    subprocess.run(['ld', '-r', '-o', 'more.o', 'scheduler.o', 'mine.o'], cwd=folder, check=True)
    for name, is_good in (('scheduler.o', True), ('more.o', False)):
        done = subprocess.run(['sh', 'check.sh', 'symbols', name, tree], cwd=folder, capture_output=True, text=True)
        check.expect((done.returncode == 0) == is_good and ('ftrace_lock is used, but vmlinux does not export it' in done.stderr) != is_good,
                     f'{name}, with a name of the core\'s: {done.returncode}, {done.stderr}')


def main():
    found = arguments('out')
    check = Check('forbidden')
    with tempfile.TemporaryDirectory() as work:
        folder = os.path.join(work, 'scheduler')
        shutil.copytree(found.out, folder)
        for case in CASES:
            run_case(check, found.tree, folder, case)
        check_core_names(check, found.tree, folder)
    check.finish(f'{sum(case[5] is not None for case in CASES)} changes refused, {sum(case[5] is None for case in CASES)} allowed')


if __name__ == '__main__':
    main()
