# SPDX-License-Identifier: GPL-2.0-only
"""plugsched-lint on real kernels: silent on unedited trees, and every forbidden edit is found at
its place.

"Unedited" means the extraction and the kernel's own tree. The truth is independent: the compiler
refuses the edits of forbidden.py; and `vmlinux()` is where the extractor knows of a pointer that
outlives the module, so removing it creates a dangling pointer.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from forbidden import CASES
from truth import Check, arguments

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../commands/lint'))
import corpus  # noqa: E402
from linting import lint, run_case, unwrapped  # noqa: E402

# what is found for each edit of forbidden.py that is not allowed, by the start of its description
FOUND = {
    'the signature of an interface': [('interface-signature', 'error', 'long wake_up_process(', 'wake_up_process')],
    'the signature of a static': [('interface-signature', 'error', 'static int hrtick(', 'hrtick')],
    'a parameter more': [('interface-signature', 'error', 'sched_rt_period_timer(struct hrtimer *timer, int', 'sched_rt_period_timer'),
                         ('does-not-parse', 'warning', 'vmlinux(sched_rt_period_timer)', None)],
    'a member in the middle': [('external-layout', 'error', 'plugsched_extra', 'plugsched_extra')],
    'a member at the begin': [('external-layout', 'error', 'plugsched_extra', 'plugsched_extra')],
    'a member more of a sched': [('external-layout', 'error', 'unsigned int plugsched_more;', 'plugsched_more')],
    'a member more of a root': [('external-layout', 'error', 'unsigned int plugsched_more;', 'plugsched_more')],
    'a member more of a numa': [('external-layout', 'error', 'unsigned int plugsched_more;', 'plugsched_more')],
    'a wider member': [('external-layout', 'error', 'unsigned long\t\tgroup_weight;', 'group_weight')],
    'a new system call': [('no-effect', 'error', 'SYSCALL_DEFINE1(mine', None)],
    'a new initcall': [('no-effect', 'error', 'late_initcall(mine)', 'mine')],
    'a body for a function that stays': [('stays-in-vmlinux', 'error', ('int wake_up_process(struct task_struct *p)', -4), 'schedule')],
    'a value for a variable of vmlinux': [('stays-in-vmlinux', 'error', 'int scheduler_running = 2', 'scheduler_running')],
    'a flipped feature': [('fixed-feature', 'error', 'SCHED_FEAT(NONTASK_CAPACITY, false)', 'NONTASK_CAPACITY')],
    'two features swapped': [('fixed-feature', 'error', 'SCHED_FEAT(WA_IDLE, true)', 'WA_IDLE')],
    'something to do after a wait': [],  # only the built code shows it
    'the type of a variable': [('external-layout', 'error', 'extern long scheduler_running', 'scheduler_running')],
}
WAKE_UP = r'^int wake_up_process\(struct task_struct \*p\)\n\{$'


def in_wake_up(before, statement):
    return f'{before}\nint wake_up_process(struct task_struct *p)\n{{\n\t{statement}'


TIMER = 'static void mine(struct timer_list *t)\n{\n}\n'
# all in one text, because each parse takes a second: (text before the function, a
# statement in it, what is found)
ADDRESSES = [
    ('static void mine_timer(struct timer_list *t)\n{\n}\n', 'static struct timer_list own_timer; timer_setup(&own_timer, mine_timer, 0);',
     'timer_setup(&own_timer'),
    ('static struct timer_list own_member;\nstatic void mine_member(struct timer_list *t)\n{\n}\n', 'own_member.function = mine_member;',
     'own_member.function = mine_member'),
    ('static void mine_call(void *data)\n{\n}\n', 'smp_call_function(mine_call, p, 0);', 'smp_call_function(mine_call'),
    ('static void mine_rcu(struct rcu_head *head)\n{\n}\n', 'void (*by_way)(struct rcu_head *) = mine_rcu; call_rcu(&p->rcu, by_way);',
     '(struct rcu_head *) = mine_rcu'),
    ('static int mine_thread(void *data)\n{\n\treturn 0;\n}\n', 'kthread_run(mine_thread, p, "mine");', 'kthread_run(mine_thread'),
    ('static enum hrtimer_restart mine_hrtimer(struct hrtimer *t)\n{\n\treturn HRTIMER_NORESTART;\n}\n',
     'cpu_rq(0)->hrtick_timer.function = mine_hrtimer;', 'hrtick_timer.function = mine_hrtimer'),
    ('static void mine_work(struct work_struct *w)\n{\n}\nstatic DECLARE_WORK(own_work, mine_work);\n', 'schedule_work(&own_work);',
     'DECLARE_WORK(own_work'),
    ('static void mine_balance(struct rq *rq)\n{\n}\n',
     'static struct balance_callback own_head; queue_balance_callback(task_rq(p), &own_head, mine_balance);', 'queue_balance_callback(task_rq(p)'),
]
HARMLESS = ('static int mine_policy(struct rq *rq)\n{\n\treturn 1;\n}\n'
            'static int (*const policies[])(struct rq *) = { mine_policy, NULL };\n'
            'struct own_policy {\n\tint (*pick)(struct rq *rq);\n};\n'
            'static const struct own_policy own_policy = { .pick = mine_policy };\n'
            'static void visit(void (*each)(struct task_struct *), struct task_struct *p)\n{\n\teach(p);\n}\n'
            'static void mine_each(struct task_struct *p)\n{\n}\n',
            'if (policies[0](task_rq(p)) + own_policy.pick(task_rq(p)) < 0)\n\t\treturn 0;\n\tvisit(mine_each, p);\n\t'
            'BUILD_BUG_ON(sizeof(*p) < 8);\n\tif (in_interrupt() || this_cpu_read(runqueues.nr_running) > 1000)\n\t\tcpu_relax();\n\t'
            'printk_deferred("%pS\\n", mine_policy);')
SYMBOLS = [
    ('int nobody_has(int x);\n', 'nobody_has(1);', [('unresolved-symbol', 'error', 'nobody_has(1)', 'nobody_has')]),
    ('', 'nobody_declares(1);', [('unresolved-symbol', 'error', 'nobody_declares(1)', 'nobody_declares')]),
    ('void free_initmem(void);\n', 'free_initmem();', [('unresolved-symbol', 'error', '\tfree_initmem()', 'free_initmem')]),
    ('void msleep(unsigned int msecs);\n', 'msleep(1);\n\tprintk("%d", jiffies_to_msecs(jiffies));', []),
]


# edits that build and have no effect, or a wrong one: (what, file, pattern, text, found)
SILENT_EDITS = [
    ('together: initcall, parameter, system call, body, value, condition', 'core.c', WAKE_UP,
     in_wake_up('static int __init mine(void)\n{\n\treturn 0;\n}\nlate_initcall(mine);\nearly_initcall(mine);\n__setup("mine=", mine);\n'
                'SYSCALL_DEFINE1(mine, int, x)\n{\n\treturn x;\n}\nvoid schedule(void)\n{\n\tcpu_relax();\n}\n'
                'int scheduler_running = 2;\n#ifdef CONFIG_PLUGSCHED_MINE\n#endif\n#ifdef CONFIG_SCHED_HRTICK\n#endif\n',
                'if (IS_ENABLED(CONFIG_PLUGSCHED_OWN))\n\t\treturn 0;'),
     [('no-effect', 'error', 'late_initcall(mine)', 'mine'), ('no-effect', 'error', 'early_initcall(mine)', 'mine'),
      ('no-effect', 'error', '__setup("mine="', 'mine'), ('no-effect', 'error', 'SYSCALL_DEFINE1(mine', None),
      ('stays-in-vmlinux', 'error', ('#ifdef CONFIG_PLUGSCHED_MINE', -5), 'schedule'),
      ('stays-in-vmlinux', 'error', 'int scheduler_running = 2', 'scheduler_running'),
      ('unknown-config', 'error', '#ifdef CONFIG_PLUGSCHED_MINE', 'CONFIG_PLUGSCHED_MINE'),
      ('unknown-config', 'error', 'IS_ENABLED(CONFIG_PLUGSCHED_OWN)', 'CONFIG_PLUGSCHED_OWN')]),
    ('a string of the module\'s in a name that outlives it', 'topology.c', r'vmlinux_string\("NODE", 0x[0-9a-f]+\)', '"NODE"',
     [('string-stored', 'error', '.name = "NODE"', None)]),
]


# edits of these kinds are in lint-edits.toml
ELSEWHERE = re.compile('init text that|a variable for each CPU|two that are larger|another value of')


def check_silent(check, tool, what, *options):
    code, result, stderr = lint(tool, *options)
    check.expect(code == 0 and result and not result['findings'] and not result['problems'] and len(result['units']) > 3,
                 f'{what}: {code} {result} {stderr}')


def check_forbidden(check, tool, folder, work):
    for what, name, pattern, text, unit, message in CASES:
        if ELSEWHERE.match(what):
            continue
        found = [FOUND[key] for key in FOUND if what.startswith(key)] if message else [[]]
        if not check.expect(len(found) == 1, f'{what}: it is not said what is to be found of it'):
            continue
        run_case(check.expect, tool, folder, work, (what, name, pattern, text, found[0]), asked=None if name.endswith('.c') else f'{unit}.c')


def check_addresses(check, tool, folder, work):
    """All edits in one text: one finding for each, in its line."""
    before = ''.join(case[0] for case in ADDRESSES) + HARMLESS[0]
    statements = '\n\t'.join(case[1] for case in ADDRESSES) + '\n\t' + HARMLESS[1]
    rules = [('address-stored', 'error', mark, None) for _, _, mark in ADDRESSES]
    # the objects that these two hand over are the module's as well
    rules += [('data-stored', 'error', mark, None) for mark in ('schedule_work(&own_work)', 'queue_balance_callback(task_rq(p)')]
    run_case(check.expect, tool, folder, work, ('addresses', 'core.c', WAKE_UP, in_wake_up(before, statements), rules), is_saved=False)


def check_symbols(check, tool, folder, work):
    before, statements = (separator.join(case[i] for case in SYMBOLS) for i, separator in ((0, ''), (1, '\n\t')))
    rules = [rule for case in SYMBOLS for rule in case[2]]
    run_case(check.expect, tool, folder, work, ('symbols', 'core.c', WAKE_UP, in_wake_up(before, statements), rules), is_saved=False)


def check_silent_edits(check, tool, folder, work):
    for case in SILENT_EDITS:
        run_case(check.expect, tool, folder, work, case, is_saved=False)


def check_unwrapped(check, tool, folder, work):
    """Code that gets the address only to call it or to compare it may get that of
    the module's own function."""
    silent = re.compile(r'walk_tg_tree|wq_worker_last_func|rt_task_fits_capacity\);')
    options, wanted = [], set()
    for path in sorted(Path(folder).glob('*.c')):
        text, places = unwrapped(path.read_text())
        if not places:
            continue
        Path(work, path.name).write_text(text)
        options.append(f'--overlay={path}={work}/{path.name}')
        lines = text.splitlines()
        wanted |= {(path.name, line, name) for line, name in places if not silent.search(lines[line - 1] + lines[line - 2])}
    _, result, stderr = lint(tool, *options, folder)
    if not check.expect(result, stderr):
        return 0
    found = {(os.path.basename(f['file']), f['line'], f['id'].split(':')[1]) for f in result['findings'] if f['rule'] == 'address-stored'}
    check.expect(wanted == found, f'vmlinux() taken off: not found {sorted(wanted - found)}, found besides {sorted(found - wanted)}')
    check.expect(len(wanted) > 30, f'only {len(wanted)} places')
    return len(wanted)


def check_kernel_tree(check, tool, tree, report, work):
    """The same in the kernel's own tree, without the files around a module and
    with headers of the kernel."""
    folder = os.path.join(tree, 'kernel/sched')
    options = ['-r', report]
    run = [('core.c', r'^int wake_up_process\(struct task_struct \*p\)$', 'long wake_up_process(struct task_struct *p)',
            {('interface-signature', 'long wake_up_process')}),
           ('../../include/linux/sched.h', r'^struct task_struct \{$', 'struct task_struct {\n\tlong plugsched_extra;',
            {('external-layout', None)}),
           ('core.c', WAKE_UP, in_wake_up(TIMER + 'static struct timer_list own;\nint nobody_has(int x);\n',
                                          'own.function = mine;\n\tnobody_has(1);'),
            {('address-stored', 'own.function = mine'), ('unresolved-symbol', '\tnobody_has(1)')})]
    for name, pattern, text, wanted in run:
        path = os.path.normpath(os.path.join(folder, name))
        original = Path(path).read_text(encoding='utf-8')
        edited, n = re.subn(pattern, lambda _, text=text: text, original, count=1, flags=re.M)
        check.expect(n == 1, f'{name}: nothing fits')
        Path(work, 'buffer').write_text(edited, encoding='utf-8')
        code, result, stderr = lint(tool, *options, f'--overlay={path}={work}/buffer', tree, f'{folder}/core.c')
        lines = edited.splitlines()
        found = {(f['rule'], lines[f['line'] - 1]) for f in (result or {'findings': []})['findings'] if f['file'] == path}
        for rule, mark in wanted:
            check.expect(code == 1 and any(r == rule and (not mark or mark in line) for r, line in found),
                         f'{name} in the kernel\'s tree: {rule} not found: {code} {result} {stderr}')
        if name == 'core.c':
            check.expect(len(found) == len(wanted), f'{name} in the kernel\'s tree: found {found}')


def check_examples(check, tool, folder, work):
    """Changes that were loaded into a running kernel give no findings, where they fit."""
    fit = 0
    for patch in sorted((Path(__file__).resolve().parent.parent.parent / 'examples').glob('*/*.patch')):
        copy = os.path.join(work, patch.stem)
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns('*.o', '*.ko', '.git'))
        if subprocess.run(['patch', '-s', '-p1', '-i', patch], cwd=copy, capture_output=True).returncode:
            continue
        fit += 1
        files = re.findall(r'^\+\+\+ b/(\S+\.c)', patch.read_text(encoding='utf-8'), re.M)
        code, result, stderr = lint(tool, copy, *(os.path.join(copy, name) for name in files))
        check.expect(files and code == 0 and result and not result['findings'], f'{patch.name}: {code} {result} {stderr}')
    return fit


def check_input(check, tool, folder, report, work):
    def refuses(text, *options):
        code, result, stderr = lint(tool, *options)
        check.expect(code == 2 and result is None and text in stderr and stderr.count('\n') == 1, f'{options}: {code} {stderr!r}, not {text!r}')

    copy = os.path.join(work, 'bare')
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns('boundary.json', '*.o', '*.ko', '.git'))
    with open(report, 'rb') as file:
        Path(work, 'cut.json').write_bytes(file.read()[:1000000])
    refuses('no report there', copy)
    refuses('cut.json', '-r', f'{work}/cut.json', folder)
    refuses('no such file', folder, f'{folder}/missing.c')
    refuses('FILE=CONTENT', f'--overlay={folder}/core.c=', folder)
    text = Path(report).read_text(encoding='utf-8')
    build_id = re.search(r'"build_id": ?"([0-9a-f]+)"', text).group(1)
    Path(work, 'other.json').write_text(text.replace(build_id, build_id[::-1], 1), encoding='utf-8')
    refuses('another kernel', '-r', f'{work}/other.json', folder)


def catches(process, number):
    """True once a process has a handler for a signal."""
    caught = re.search(r'^SigCgt:\s*([0-9a-f]+)$', Path(f'/proc/{process}/status').read_text(encoding='ascii'), re.M)
    return int(caught[1], 16) >> (number - 1) & 1


def check_interrupted(check, tool, folder, work):
    place = os.path.join(work, 'interrupted')
    os.mkdir(place)
    process = subprocess.Popen([tool, '--sarif', '-o', f'{place}/out.sarif', folder], env=dict(os.environ, TMPDIR=place), stderr=subprocess.PIPE)
    while process.poll() is None and not catches(process.pid, signal.SIGINT):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    message = process.communicate()[1].decode()
    check.expect(process.returncode == 2 and 'interrupted' in message, f'interrupted: {process.returncode} {message!r}')
    check.expect(not os.listdir(place), f'interrupted, and left: {os.listdir(place)}')
    status = subprocess.run(['git', '-C', folder, 'status', '--porcelain'], capture_output=True, text=True, check=True).stdout
    check.expect(not status, f'changed in the folder: {status}')


def check_sarif(check, tool, graph, folder, old, new, work):
    """Checks both programs' output against the schema; a diff in SARIF has
    what the diff as text has."""
    validator = os.path.join(os.path.dirname(os.path.abspath(__file__)), '../../commands/lint/sarif.py')
    original = Path(folder, 'core.c').read_text(encoding='utf-8')
    Path(work, 'core.c').write_text(re.sub(WAKE_UP, lambda _: in_wake_up(TIMER + 'static struct timer_list own;', 'own.function = mine;'),
                                           original, flags=re.M), encoding='utf-8')
    done = subprocess.run([tool, '--sarif', '-o', f'{work}/lint.sarif', f'--overlay={folder}/core.c={work}/core.c', folder, f'{folder}/core.c'])
    check.expect(done.returncode == 1, f'SARIF: exit status {done.returncode}')
    done = subprocess.run([graph, old, 'diff', new, '--sarif', '-o', f'{work}/diff.sarif'])
    check.expect(done.returncode in (0, 1), 'no diff in SARIF')
    done = subprocess.run([sys.executable, '-B', validator, f'{work}/lint.sarif', f'{work}/diff.sarif'], capture_output=True, text=True)
    check.expect(done.returncode == 0, f'SARIF: {done.stdout}{done.stderr}')


def main():
    found = arguments('tool', 'graph', 'report', 'out')
    check, tool, folder = Check('lint'), found.tool, os.path.realpath(found.out)
    with tempfile.TemporaryDirectory() as work:
        check_silent(check, tool, 'what was extracted', folder)
        check_silent(check, tool, 'the kernel', '-r', found.report, found.tree)
        check_forbidden(check, tool, folder, work)
        check_addresses(check, tool, folder, work)
        check_symbols(check, tool, folder, work)
        check_silent_edits(check, tool, folder, work)
        edits = corpus.read(Path(__file__).with_name('lint-edits.toml'))
        print(corpus.table(corpus.run(check.expect, tool, folder, work, edits, is_saved=False)))
        places = check_unwrapped(check, tool, folder, work)
        examples = check_examples(check, tool, folder, work)
        check_kernel_tree(check, tool, found.tree, found.report, work)
        check_input(check, tool, folder, found.report, work)
        check_interrupted(check, tool, folder, work)
        check_sarif(check, tool, found.graph, folder, found.report, found.report, work)
    n = len(CASES) + len(ADDRESSES) + len(SYMBOLS) + len(SILENT_EDITS) + len(edits)
    check.finish(f'{n} edits, {places} addresses laid bare, {examples} examples clean')


if __name__ == '__main__':
    main()
