// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of graph/ on handmade graphs.
 *
 * Each reason has a case that leads to it; the last test checks that none was forgotten. In
 * addition, random graphs are solved and compared with `slow_*`, a plain definition of what the
 * boundary means: sets grow by rules until no rule adds anything, without regard to speed or order.
 */
#include <glib.h>
#include <string.h>

#include "graph/boundary.h"

#define N_REASONS (sizeof(reason_codes) / sizeof(reason_codes[0]))

static const char *const reason_codes[] = {
#define REASON(symbol, code, text) code,
#include "graph/reasons.def"
#undef REASON
};

static bool is_reached[N_REASONS];

/* --- making graphs */

static struct graph *graph;

static void begin(void)
{
	graph = graph_new();
}

static void end(void)
{
	g_clear_pointer(&graph, graph_free);
}

static struct graph_function *function_in(const char *file, const char *name)
{
	struct graph_function *f = graph_as_function(graph_node(graph, GRAPH_FUNCTION, name, NULL));

	f->node.name = graph_string(graph, name);
	f->node.file = graph_string(graph, file);
	f->node.line = 1;
	f->is_defined = true;
	f->node.is_scheduler = g_str_has_prefix(file, "kernel/sched/");
	f->binary = (struct graph_binary){
		.is_known = true, .symbol = f->node.name, .size = 64, .room = 64
	};
	return f;
}

static struct graph_function *inside(const char *name)
{
	return function_in("kernel/sched/core.c", name);
}

static struct graph_function *outside(const char *name)
{
	return function_in("kernel/fork.c", name);
}

static struct graph_variable *variable_in(const char *file, const char *name)
{
	struct graph_variable *v = graph_as_variable(graph_node(graph, GRAPH_VARIABLE, name, NULL));

	v->node.name = graph_string(graph, name);
	v->node.file = graph_string(graph, file);
	v->node.line = 1;
	v->node.is_scheduler = g_str_has_prefix(file, "kernel/sched/");
	v->is_defined = true;
	return v;
}

static struct graph_member *member_of(const char *record, const char *name)
{
	g_autofree char *full = g_strdup_printf("%s.%s", record, name);
	struct graph_member *m = graph_as_member(graph_node(graph, GRAPH_MEMBER, full, NULL));

	m->node.name = graph_string(graph, full);
	m->node.file = "kernel/sched/sched.h";
	m->node.line = 1;
	m->node.is_scheduler = true;
	m->record = graph_string(graph, record);
	m->member = graph_string(graph, name);
	return m;
}

static struct graph_use *use(enum graph_use_kind kind, void *from, void *to)
{
	static unsigned order;
	struct graph_use made = { .kind = kind, .from = from, .to = to, .file = "x.c" };

	made.line = made.order = ++order;
	return graph_use_add(graph, &made);
}

static struct graph_use *call(struct graph_function *from, struct graph_function *to)
{
	return use(GRAPH_CALL, &from->node, &to->node);
}

static void solve(void)
{
	graph->has_binary = true;
	graph_finish(graph);
	boundary_solve(graph, &(struct boundary_options){ 0 });
}

static void expect(const void *of, enum graph_class class, const char *code)
{
	const struct graph_node *node = of;

	g_assert_cmpstr(graph_class_name(node->class), ==, graph_class_name(class));
	g_assert_cmpstr(graph_reason_code(node->reason), ==, code);
	g_assert_true(g_str_has_prefix(node->why, graph_class_name(class)));
	is_reached[node->reason] = true;
}

/* --- functions, reason by reason */

static void test_called(void)
{
	struct graph_function *f, *callee, *unused, *out;

	begin();
	f = inside("wake_up");
	callee = inside("activate");
	unused = inside("unused");
	out = outside("fork");
	call(out, f);
	call(f, callee);
	solve();
	expect(f, GRAPH_INTERFACE, "called-from-outside");
	expect(callee, GRAPH_INTERNAL, "callers-inside");
	expect(unused, GRAPH_INTERNAL, "unused");
	expect(out, GRAPH_EXTERNAL, "outside");
	g_assert_true(f->node.via == &out->node);
	g_assert_nonnull(strstr(f->node.why, "fork() in kernel/fork.c"));
	end();
}

static void test_entries(void)
{
	static const char *objects[] = { "arch/x86/entry.o", NULL };
	struct graph_function *taken, *method, *syscall, *exported, *kfunc, *named, *forced;
	struct graph_member *enqueue;
	struct graph_variable *class;

	begin();
	taken = inside("taken");
	use(GRAPH_ADDRESS, inside("taker"), taken);
	method = inside("enqueue_task_fair");
	enqueue = member_of("sched_class", "enqueue_task");
	class = variable_in("kernel/sched/fair.c", "fair_sched_class");
	class->type = "const struct sched_class";
	use(GRAPH_ADDRESS, class, method)->kept_in = &enqueue->node;
	syscall = inside("__x64_sys_nice");
	syscall->is_syscall = true;
	exported = inside("exported");
	exported->binary.is_exported = true;
	kfunc = inside("kfunc");
	kfunc->is_used = true;
	named = inside("named");
	named->objects = g_memdup2(objects, sizeof(objects));
	use(GRAPH_OBJECT, NULL, named)->file = objects[0];
	forced = inside("forced");
	forced->is_forced_interface = true;
	solve();
	expect(taken, GRAPH_INTERFACE, "address-taken");
	expect(method, GRAPH_INTERFACE, "sched-class");
	expect(syscall, GRAPH_INTERFACE, "syscall");
	expect(exported, GRAPH_INTERFACE, "exported");
	expect(kfunc, GRAPH_INTERFACE, "marked-used");
	expect(named, GRAPH_INTERFACE, "named-by-object");
	expect(forced, GRAPH_INTERFACE, "forced-interface");
	end();
}

static void test_stays(void)
{
	struct graph_function *init, *forced, *overridden, *noinstr, *noreturn, *endless, *thread,
		*resched;

	begin();
	(init = inside("init"))->is_init = true;
	(forced = inside("forced"))->is_forced_external = true;
	(overridden = inside("weak"))->binary.is_overridden = true;
	(noinstr = inside("noinstr"))->binary.is_noinstr = true;
	(noreturn = inside("die"))->is_noreturn = true;
	(endless = inside("loop"))->is_endless = true;
	thread = inside("main_loop");
	use(GRAPH_ADDRESS, inside("starter"), thread)->is_thread_entry = true;
	resched = inside("resched");
	call(noinstr, resched);
	solve();
	expect(init, GRAPH_EXTERNAL, "init-text");
	expect(forced, GRAPH_EXTERNAL, "forced-external");
	expect(overridden, GRAPH_EXTERNAL, "overridden");
	expect(noinstr, GRAPH_EXTERNAL, "noinstr");
	expect(noreturn, GRAPH_EXTERNAL, "noreturn");
	expect(endless, GRAPH_EXTERNAL, "noreturn");
	expect(thread, GRAPH_EXTERNAL, "thread");
	expect(resched, GRAPH_INTERFACE, "called-by-external");
	end();
}

static void calls_unknown(struct graph_function *function, const char *signature)
{
	function->unknown_calls = g_ptr_array_new();
	g_ptr_array_add(function->unknown_calls, (gpointer)signature);
}

static void test_waits(void)
{
	static const char bit_signature[] = "int (struct wait_bit_key *, int)";
	struct graph_function *pivot, *schedule, *timeout, *common, *completion, *macro, *elsewhere,
		*idle, *entry;
	struct graph_function *bit_wait, *on_bit, *on_bit_lock, *other_pointer, *other_file, *user;

	begin();
	pivot = inside("__schedule");
	call(schedule = inside("schedule"), pivot);
	call(timeout = outside("schedule_timeout"), schedule);
	call(common = inside("do_wait_for_common"), timeout);
	call(completion = inside("wait_for_completion"), common);
	call(macro = inside("macro_user"), schedule)->in_foreign_macro = true;
	call(elsewhere = function_in("kernel/sched/other.c", "elsewhere"), completion);
	call(idle = inside("do_idle"), schedule);
	call(entry = inside("cpu_startup_entry"), idle)->in_endless_loop = true;
	call(bit_wait = inside("bit_wait"), schedule);
	bit_wait->signature = bit_signature;
	calls_unknown(on_bit = inside("__wait_on_bit"), bit_signature);
	/* nothing passes it anything yet, but a module may: it calls the same signature */
	calls_unknown(on_bit_lock = inside("__wait_on_bit_lock"), bit_signature);
	calls_unknown(other_pointer = inside("other_pointer"), "void (void)");
	calls_unknown(other_file = function_in("kernel/sched/other.c", "other_file"),
		      bit_signature);
	user = inside("wait_on_bit");
	call(user, on_bit);
	use(GRAPH_ADDRESS, user, bit_wait)->handed_to = &on_bit->node;
	solve();
	expect(pivot, GRAPH_INTERFACE, "springboard");
	expect(schedule, GRAPH_EXTERNAL, "waits");
	expect(common, GRAPH_EXTERNAL, "waits");
	expect(completion, GRAPH_EXTERNAL, "waits");
	g_assert_nonnull(strstr(completion->node.why,
				"calls schedule_timeout() through do_wait_for_common"));
	expect(macro, GRAPH_EXTERNAL, "waits");
	expect(elsewhere, GRAPH_EXTERNAL, "waits");
	expect(idle, GRAPH_EXTERNAL, "thread");
	expect(bit_wait, GRAPH_EXTERNAL, "waits");
	expect(on_bit, GRAPH_EXTERNAL, "waits");
	expect(on_bit_lock, GRAPH_EXTERNAL, "waits");
	expect(other_pointer, GRAPH_INTERNAL, "unused");
	expect(other_file, GRAPH_INTERNAL, "unused");
	g_assert_nonnull(strstr(on_bit->node.why, "the function it is handed, such as bit_wait()"));
	expect(user, GRAPH_EXTERNAL, "waits");
	end();
}

/* A function may wait in what is passed to it: the sentence must not go round in circles. */
static void test_waits_in_a_ring(void)
{
	struct graph_function *long_name, *ring, *loop;

	begin();
	call(long_name = inside("long_name_of_a_wait"), inside("__schedule"));
	calls_unknown(loop = inside("loop"), "void (void)");
	call(ring = inside("ring"), loop);
	use(GRAPH_ADDRESS, inside("user"), long_name)->handed_to = &loop->node;
	use(GRAPH_ADDRESS, inside("user"), ring)->handed_to = &loop->node;
	solve();
	expect(loop, GRAPH_EXTERNAL, "waits");
	expect(ring, GRAPH_EXTERNAL, "waits");
	g_assert_nonnull(strstr(loop->node.why, "long_name_of_a_wait"));
	end();
}

static void test_switch_tail(void)
{
	struct graph_function *pivot, *prepare, *finish;

	begin();
	pivot = inside("__schedule");
	call(pivot, prepare = inside("prepare"));
	call(pivot, outside("__switch_to_asm"));
	call(pivot, finish = inside("finish"));
	solve();
	expect(prepare, GRAPH_INTERNAL, "callers-inside");
	expect(finish, GRAPH_INTERFACE, "called-by-external");
	end();
}

static void test_not_redirectable(void)
{
	struct graph_function *out, *none, *clone, *tiny, *copied, *inner, *tiny_inside, *patched,
		*enough;

	begin();
	out = outside("fork");
	(none = inside("none"))->binary.symbol = NULL;
	(clone = inside("clone"))->binary.symbol = NULL;
	clone->binary.clones = g_new0(const char *, 2);
	clone->binary.clones[0] = "clone.isra.0";
	(tiny = inside("tiny"))->binary.room = 13;
	tiny->binary.has_endbr = tiny->binary.has_fentry = true;
	(enough = inside("enough"))->binary.room = 14;
	enough->binary.has_endbr = enough->binary.has_fentry = true;
	(tiny_inside = inside("tiny_inside"))->binary.room = 1;
	(patched = inside("patched"))->binary.is_patched = true;
	copied = inside("copied");
	copied->inlined_into = g_ptr_array_new();
	g_ptr_array_add(copied->inlined_into, out);
	inner = inside("inner");
	call(out, none);
	call(out, clone);
	call(out, tiny);
	call(out, enough);
	call(out, patched);
	call(inner, tiny_inside);
	solve();
	expect(none, GRAPH_EXTERNAL, "no-symbol");
	expect(clone, GRAPH_EXTERNAL, "abi-changed");
	expect(tiny, GRAPH_EXTERNAL, "too-short");
	expect(patched, GRAPH_EXTERNAL, "patched");
	expect(enough, GRAPH_INTERFACE, "called-from-outside");
	expect(tiny_inside, GRAPH_INTERNAL, "callers-inside");
	expect(copied, GRAPH_EXTERNAL, "inlined-outside");
	end();
}

static void enters_clone(struct graph_function *from, struct graph_function *to)
{
	use(GRAPH_CLONE, from, to)->detail = "clone.constprop.0";
}

/* vmlinux has both at one place. */
static void share(struct graph_binary *left, struct graph_binary *right)
{
	static uint64_t place = 0xffffffff81000000;

	left->address = right->address = place += 64;
	left->symbol = left->symbol ? left->symbol : "left";
	right->symbol = right->symbol ? right->symbol : "right";
	left->size = right->size = 64;
}

/*
 * Two functions whose code gcc has merged: a jump there takes both. One that stays keeps the other,
 * and of two that need a jump, neither can be told. An alias needs no telling.
 */
static void test_merged(void)
{
	struct graph_function *out, *stays, *with_stays, *init, *with_init, *left, *right, *entered,
		*inner, *target, *alias, *waits, *waits_alias;

	begin();
	out = outside("fork");
	(stays = inside("stays"))->is_noreturn = true;
	share(&stays->binary, &(with_stays = inside("with_stays"))->binary);
	(init = inside("init"))->is_init = true;
	share(&init->binary, &(with_init = inside("with_init"))->binary);
	share(&(left = inside("left"))->binary, &(right = inside("right"))->binary);
	call(out, left);
	call(out, right);
	share(&(entered = inside("entered"))->binary, &(inner = inside("inner"))->binary);
	call(out, entered);
	call(entered, inner);
	share(&(target = inside("target"))->binary, &(alias = inside("alias"))->binary);
	alias->alias = "target";
	call(out, alias);
	call(out, target);
	share(&(waits = inside("waits"))->binary, &(waits_alias = inside("waits_alias"))->binary);
	waits->is_forced_external = true;
	waits_alias->alias = "waits";
	call(out, waits_alias);
	solve();
	expect(with_stays, GRAPH_EXTERNAL, "same-place");
	g_assert_cmpstr(
		with_stays->node.why, ==,
		"external: vmlinux has one piece of code for it and stays, and a jump there "
		"would take both");
	expect(with_init, GRAPH_INTERNAL, "unused");
	expect(left, GRAPH_EXTERNAL, "same-place");
	expect(right, GRAPH_EXTERNAL, "same-place");
	expect(entered, GRAPH_INTERFACE, "called-from-outside");
	expect(inner, GRAPH_INTERNAL, "callers-inside");
	expect(target, GRAPH_INTERFACE, "called-from-outside");
	expect(alias, GRAPH_INTERFACE, "called-from-outside");
	expect(waits_alias, GRAPH_EXTERNAL, "same-place");
	end();
}

/* A use under one name is a use of the variable, under whatever name. */
static void test_shared_variable(void)
{
	struct graph_variable *one, *other, *third, *percpu, *empty, *behind;

	begin();
	one = variable_in("kernel/sched/core.c", "one");
	other = variable_in("kernel/sched/core.c", "other");
	share(&one->binary, &other->binary);
	third = variable_in("kernel/sched/core.c", "third");
	third->binary = one->binary;
	use(GRAPH_READ, outside("fork"), third);
	percpu = variable_in("kernel/sched/core.c", "percpu");
	percpu->binary = (struct graph_binary){ .symbol = "percpu", .size = 4, .is_percpu = true };
	empty = variable_in("kernel/sched/core.c", "empty");
	empty->binary = (struct graph_binary){ .symbol = "empty", .address = 64 };
	behind = variable_in("kernel/sched/core.c", "behind");
	behind->binary = (struct graph_binary){ .symbol = "behind", .address = 64, .size = 4 };
	use(GRAPH_READ, outside("fork"), empty);
	solve();
	expect(one, GRAPH_EXTERNAL, "same-place");
	g_assert_cmpstr(one->node.why, ==,
			"external: vmlinux has it and third, which is external, at one place");
	expect(other, GRAPH_EXTERNAL, "same-place");
	expect(percpu, GRAPH_INTERNAL, "unused");
	expect(behind, GRAPH_INTERNAL, "unused");
	end();
}

/*
 * A call by code that is freed after boot does not count, nor what the scheduler's part of it reads
 * or writes, unless a copy of it is in code that stays.
 */
static void test_freed(void)
{
	struct graph_function *init, *setup, *copied, *stays, *only, *shared, *patched, *by_copy,
		*boot, *of_boot, *handler;
	struct graph_variable *written, *kept, *given, *seen;

	begin();
	init = inside("sched_init");
	init->is_init = init->binary.is_init = true;
	(boot = outside("start_kernel"))->is_init = true;
	boot->binary = (struct graph_binary){ 0 }; /* its place in vmlinux is not known */
	(stays = inside("stays"))->is_noreturn = true;
	setup = inside("setup"); /* inlined into init text only */
	setup->is_init = true;
	setup->binary.symbol = NULL;
	setup->inlined_into = g_ptr_array_new();
	g_ptr_array_add(setup->inlined_into, &init->node);
	copied = inside("copied"); /* the compiler put a copy into code that stays */
	copied->is_init = true;
	copied->binary.symbol = NULL;
	copied->inlined_into = g_ptr_array_new();
	g_ptr_array_add(copied->inlined_into, &stays->node);
	call(init, only = inside("only"));
	call(setup, only);
	call(init, shared = inside("shared"));
	call(stays, shared);
	call(init, patched = inside("patched"));
	patched->binary.is_patched = true;
	call(copied, by_copy = inside("by_copy"));
	call(boot, of_boot = inside("of_boot"));
	use(GRAPH_ADDRESS, init, handler = inside("handler"));
	use(GRAPH_WRITE, init, written = variable_in("kernel/sched/core.c", "written"));
	use(GRAPH_READ, setup, written);
	use(GRAPH_WRITE, copied, kept = variable_in("kernel/sched/core.c", "kept"));
	use(GRAPH_ADDRESS, init, given = variable_in("kernel/sched/core.c", "given"));
	use(GRAPH_READ, boot, seen = variable_in("kernel/sched/core.c", "seen"));
	solve();
	expect(only, GRAPH_INTERNAL, "callers-inside");
	expect(shared, GRAPH_INTERFACE, "called-by-external");
	g_assert_true(shared->node.via == &stays->node);
	expect(patched, GRAPH_INTERNAL, "callers-inside");
	expect(by_copy, GRAPH_INTERFACE, "called-by-external");
	expect(of_boot, GRAPH_INTERNAL, "callers-inside");
	expect(handler, GRAPH_INTERFACE, "address-taken"); /* whoever has it now */
	expect(written, GRAPH_INTERNAL, "used-inside");
	expect(kept, GRAPH_EXTERNAL, "used-by-external");
	expect(given, GRAPH_EXTERNAL, "used-by-external"); /* whoever has its address now */
	expect(seen, GRAPH_EXTERNAL, "used-outside");
	end();
}

/*
 * gcc may have compiled a call within a unit by the registers that the called function leaves
 * alone. Then the function cannot be replaced while the caller stays.
 */
static void test_ipa_ra(void)
{
	struct graph_function *stays, *init, *called, *plain, *elsewhere, *pointed, *of_init,
		*abroad;

	begin();
	(stays = inside("stays"))->is_noreturn = true;
	init = inside("init");
	init->is_init = init->binary.is_init = true;
	call(stays, called = inside("called"));
	call(stays, plain = inside("plain"));
	call(stays, elsewhere = inside("elsewhere"));
	use(GRAPH_ADDRESS, stays, pointed = inside("pointed"));
	call(init, of_init = inside("of_init"));
	call(outside("fork"), abroad = inside("abroad"));
	called->binary.has_ipa_ra = elsewhere->binary.has_ipa_ra = true;
	pointed->binary.has_ipa_ra = of_init->binary.has_ipa_ra = abroad->binary.has_ipa_ra = true;
	stays->unit = called->unit = plain->unit = init->unit = of_init->unit = "core.c";
	elsewhere->unit = "fair.c";
	graph_as_function(graph_node(graph, GRAPH_FUNCTION, "fork", NULL))->unit = "fork.c";
	abroad->unit = pointed->unit = "core.c";
	solve();
	expect(called, GRAPH_EXTERNAL, "ipa-ra");
	g_assert_true(called->node.via == &stays->node);
	expect(plain, GRAPH_INTERFACE, "called-by-external");
	expect(elsewhere, GRAPH_INTERFACE, "called-by-external");
	expect(pointed, GRAPH_INTERFACE, "address-taken");
	expect(of_init, GRAPH_INTERNAL, "callers-inside");
	expect(abroad, GRAPH_INTERFACE, "called-from-outside");
	end();
}

/*
 * A jump at a symbol does not catch code that enters a clone. If such code stays in vmlinux, the
 * function is external; this must reach the fixed point.
 */
static void test_clone_called(void)
{
	struct graph_function *out, *stays, *init, *pivot, *inner, *entered, *next, *last, *of_init,
		*forced, *tail, *moves, *caller;

	begin();
	out = outside("fork");
	(stays = inside("stays"))->is_noreturn = true;
	init = inside("init");
	init->is_init = init->binary.is_init = true;
	pivot = inside("__schedule");
	caller = inside("caller");
	enters_clone(stays, inner = inside("inner"));
	call(stays, entered = inside("entered"));
	enters_clone(out, entered);
	enters_clone(entered, next = inside("next"));
	enters_clone(next, last = inside("last"));
	enters_clone(init, of_init = inside("of_init"));
	(forced = inside("forced"))->is_forced_interface = true;
	enters_clone(stays, forced);
	enters_clone(pivot, tail = inside("tail"));
	enters_clone(caller, moves = inside("moves"));
	call(out, moves);
	solve();
	expect(inner, GRAPH_EXTERNAL, "clone-called");
	g_assert_cmpstr(
		inner->node.why, ==,
		"external: stays, whose code stays in vmlinux, calls clone.constprop.0 there, and a jump at "
		"the symbol inner does not catch that");
	expect(entered, GRAPH_EXTERNAL, "clone-called");
	expect(next, GRAPH_EXTERNAL, "clone-called");
	expect(last, GRAPH_EXTERNAL, "clone-called");
	g_assert_true(last->node.via == &next->node);
	expect(of_init, GRAPH_INTERNAL, "callers-inside");
	expect(forced, GRAPH_EXTERNAL, "clone-called");
	expect(tail, GRAPH_EXTERNAL, "clone-called");
	expect(moves, GRAPH_INTERFACE, "called-from-outside");
	end();
}

/*
 * A method of a class is reached through the class; if it is also called directly, it needs a jump.
 */
static void test_class_method_called_directly(void)
{
	struct graph_function *method, *both, *short_one, *stored;
	struct graph_member *enqueue;
	struct graph_variable *class;

	begin();
	enqueue = member_of("sched_class", "enqueue_task");
	class = variable_in("kernel/sched/fair.c", "fair_sched_class");
	class->type = "const struct sched_class";
	(method = inside("method"))->binary.room = 1;
	(short_one = inside("short_one"))->binary.room = 1;
	both = inside("both");
	stored = inside("stored");
	use(GRAPH_ADDRESS, class, method)->kept_in = &enqueue->node;
	use(GRAPH_ADDRESS, class, both)->kept_in = &enqueue->node;
	use(GRAPH_ADDRESS, class, short_one)->kept_in = &enqueue->node;
	/* code copies it into a class at run time: nobody replaces that */
	use(GRAPH_ADDRESS, outside("register"), stored)->kept_in = &enqueue->node;
	call(outside("fork"), both);
	call(outside("fork"), short_one);
	solve();
	expect(method, GRAPH_INTERFACE, "sched-class");
	expect(both, GRAPH_INTERFACE, "sched-class");
	expect(short_one, GRAPH_EXTERNAL, "too-short");
	expect(stored, GRAPH_INTERFACE, "address-taken");
	g_assert_false(boundary_needs_jump(graph, method));
	g_assert_true(boundary_needs_jump(graph, both));
	g_assert_true(boundary_needs_jump(graph, stored));
	end();
}

/* Each link of the chain becomes external only because the one before it did. */
static void test_fixed_point(void)
{
	enum {
		LENGTH = 20
	};
	struct graph_function *chain[LENGTH], *last;

	begin();
	for (int i = 0; i < LENGTH; i++) {
		g_autofree char *name = g_strdup_printf("link_%02d", LENGTH - i);

		chain[i] = inside(name);
		chain[i]->binary.symbol = NULL;
		if (i)
			call(chain[i - 1], chain[i]);
	}
	call(outside("fork"), chain[0]);
	call(chain[LENGTH - 1], last = inside("last"));
	solve();
	for (int i = 0; i < LENGTH; i++)
		expect(chain[i], GRAPH_EXTERNAL, "no-symbol");
	expect(last, GRAPH_INTERFACE, "called-by-external");
	end();
}

/* --- data */

static void test_data(void)
{
	static const char *objects[] = { "arch/x86/entry.o", NULL };
	struct graph_variable *in, *out, *by_external, *exported, *named, *held, *holder, *unused,
		*forced, *foreign, *table;
	struct graph_function *f, *stays;
	struct graph_member *member;

	begin();
	f = inside("f");
	(stays = inside("stays"))->is_noreturn = true;
	use(GRAPH_READ, f, in = variable_in("kernel/sched/core.c", "in"));
	use(GRAPH_READ, outside("fork"), out = variable_in("kernel/sched/core.c", "out"));
	use(GRAPH_WRITE, stays, by_external = variable_in("kernel/sched/core.c", "by_external"));
	(exported = variable_in("kernel/sched/core.c", "exported"))->binary.is_exported = true;
	named = variable_in("kernel/sched/core.c", "named");
	named->objects = g_memdup2(objects, sizeof(objects));
	held = variable_in("kernel/sched/core.c", "held");
	holder = variable_in("kernel/sched/core.c", "holder");
	use(GRAPH_ADDRESS, holder, held);
	use(GRAPH_READ, outside("fork"), holder);
	unused = variable_in("kernel/sched/core.c", "unused_variable");
	(table = variable_in("kernel/sched/core.c", "table"))->section = "__param";
	(forced = variable_in("kernel/sched/core.c", "forced"))->is_forced_private = true;
	use(GRAPH_READ, f, foreign = variable_in("kernel/fork.c", "foreign"));
	use(GRAPH_READ, outside("fork"), member = member_of("rq", "clock"));
	solve();
	expect(in, GRAPH_INTERNAL, "used-inside");
	expect(out, GRAPH_EXTERNAL, "used-outside");
	expect(by_external, GRAPH_EXTERNAL, "used-by-external");
	expect(exported, GRAPH_EXTERNAL, "exported");
	expect(named, GRAPH_EXTERNAL, "named-by-object");
	expect(held, GRAPH_EXTERNAL, "held-by-external");
	expect(holder, GRAPH_EXTERNAL, "used-outside");
	expect(unused, GRAPH_INTERNAL, "unused");
	expect(foreign, GRAPH_EXTERNAL, "outside");
	expect(member, GRAPH_EXTERNAL, "used-outside");
	expect(table, GRAPH_EXTERNAL, "linker-table");
	g_assert_true(forced->is_private);
	g_assert_false(in->is_private);
	end();
}

/* An address that code that stays has makes the data external; one that stays inside does not. */
static void test_escapes(void)
{
	struct graph_function *f, *stays, *entered, *internal;
	struct graph_variable *outer = NULL;
	struct graph_member *own, *to_stays, *to_own, *kept, *kept_own, *given, *given_own, *lost,
		*behind;

	begin();
	f = inside("f");
	call(outside("fork"), entered = inside("entered"));
	call(f, internal = inside("internal"));
	(stays = inside("stays"))->is_noreturn = true;
	outer = variable_in("kernel/fork.c", "outer");
	own = member_of("rq", "own");
	use(GRAPH_WRITE, f, own);
	use(GRAPH_ESCAPE, f, to_stays = member_of("rq", "to_stays"))->handed_to = &stays->node;
	use(GRAPH_ESCAPE, f, to_own = member_of("rq", "to_own"))->handed_to = &internal->node;
	use(GRAPH_ESCAPE, f, kept = member_of("rq", "kept"))->kept_in = &outer->node;
	use(GRAPH_ESCAPE, f, kept_own = member_of("rq", "kept_own"))->kept_in = &own->node;
	use(GRAPH_ESCAPE, f, behind = member_of("rq", "behind"))->kept_in = &to_stays->node;
	use(GRAPH_ESCAPE, entered, given = member_of("rq", "given"))->is_with_caller = true;
	use(GRAPH_ESCAPE, internal, given_own = member_of("rq", "given_own"))->is_with_caller =
		true;
	use(GRAPH_ESCAPE, f, lost = member_of("rq", "lost"));
	solve();
	expect(to_stays, GRAPH_EXTERNAL, "escapes");
	g_assert_true(to_stays->node.via == &stays->node);
	expect(to_own, GRAPH_INTERNAL, "used-inside");
	expect(kept, GRAPH_EXTERNAL, "escapes");
	expect(kept_own, GRAPH_INTERNAL, "used-inside");
	expect(behind, GRAPH_EXTERNAL, "escapes");
	expect(given, GRAPH_EXTERNAL, "escapes");
	expect(given_own, GRAPH_INTERNAL, "used-inside");
	expect(lost, GRAPH_EXTERNAL, "escapes");
	end();
}

static struct graph_member *placed(const char *record, const char *name, const char *type,
				   unsigned offset, unsigned size)
{
	struct graph_member *m = member_of(record, name);

	m->type = type;
	m->offset = offset * 8;
	m->size = size;
	return m;
}

/* A use of a member is a use of what lies in its bytes, also within a record that does. */
static void test_overlaps(void)
{
	struct graph_function *f;
	struct graph_member *before, *word, *group, *deep, *deep_after, *after, *bit;

	begin();
	f = inside("f");
	before = placed("rq", "before", "int", 0, 4);
	word = placed("rq", "word", "int", 4, 4);
	group = placed("rq", "group", "struct inner", 4, 8);
	deep = placed("inner", "deep", "int", 0, 4);
	deep_after = placed("inner", "deep_after", "int", 4, 4);
	after = placed("rq", "after", "int", 12, 4);
	bit = placed("rq", "bit", "unsigned", 5, 0);
	bit->width = 2;
	use(GRAPH_READ, f, before);
	use(GRAPH_READ, f, after);
	use(GRAPH_READ, outside("fork"), word);
	solve();
	expect(before, GRAPH_INTERNAL, "used-inside");
	expect(word, GRAPH_EXTERNAL, "used-outside");
	expect(group, GRAPH_EXTERNAL, "overlaps");
	expect(bit, GRAPH_EXTERNAL, "overlaps");
	expect(deep, GRAPH_EXTERNAL, "overlaps");
	expect(deep_after, GRAPH_INTERNAL, "unused");
	expect(after, GRAPH_INTERNAL, "used-inside");
	g_assert_true(group->node.via == &word->node);
	end();
}

/* Records that hold each other in circles, as only damaged facts have, take no time without end. */
static void test_overlaps_in_circles(void)
{
	static const char *const records[] = { "a", "b" }, *const types[] = { "struct b",
									      "struct a" };

	begin();
	for (unsigned r = 0; r < 2; r++)
		for (unsigned i = 0; i < 12; i++) {
			g_autofree char *name = g_strdup_printf("m%u", i);
			struct graph_member *m = placed(records[r], name, types[r], i, 64 + i);

			use(GRAPH_READ, outside("fork"), m);
		}
	solve();
	end();
}

/* --- records */

static void instance(enum graph_instance_kind kind, const char *record, void *by,
		     const char *source)
{
	graph_instance_add(graph, &(struct graph_instance){ .kind = kind,
							    .record = record,
							    .file = "kernel/sched/sched.h",
							    .by = by,
							    .source = source });
}

static void expect_record(const char *name, enum graph_class class, const char *code,
			  const char *why)
{
	for (guint i = 0; i < graph->records->len; i++) {
		const struct graph_record *r = g_ptr_array_index(graph->records, i);

		if (strcmp(r->name, name) != 0)
			continue;
		g_assert_cmpstr(graph_reason_code(r->reason), ==, code);
		g_assert_cmpint(r->class, ==, class);
		g_assert_nonnull(strstr(r->why, why));
		is_reached[r->reason] = true;
		return;
	}
	g_error("no record %s", name);
}

/* `where`: the names of the nodes, in order. */
static void expect_live(const char *name, bool live, const char *where)
{
	for (guint i = 0; i < graph->records->len; i++) {
		const struct graph_record *r = g_ptr_array_index(graph->records, i);
		g_autoptr(GString) names = g_string_new("");

		if (strcmp(r->name, name) != 0)
			continue;
		for (guint n = 0; r->where && n < r->where->len; n++)
			g_string_append_printf(
				names, "%s%s", n ? " " : "",
				((const struct graph_node *)g_ptr_array_index(r->where, n))->name);
		g_assert_cmpint(r->is_live, ==, live);
		g_assert_cmpstr(names->str, ==, where);
		return;
	}
	g_error("no record %s", name);
}

static void test_records(void)
{
	struct graph_function *f, *waits;
	struct graph_member *foreign;

	begin();
	call(outside("fork"), f = inside("wake_up"));
	call(outside("fork"), waits = inside("waits"));
	waits->is_noreturn = true;
	use(GRAPH_READ, outside("fork"), member_of("used", "member"));
	for (const char *const *name =
		     (const char *const[]){ "dead", "part", "waiting", "unseen", "held", "deep",
					    "made", "kept", NULL };
	     *name; name++)
		member_of(*name, "member");
	foreign = member_of("foreign", "member");
	foreign->node.file = "include/linux/sched.h";
	foreign->node.is_scheduler = false;
	instance(GRAPH_INSTANCE_STACK, "dead", f, "");
	instance(GRAPH_INSTANCE_HELD, "part", member_of("dead", "member"), "");
	instance(GRAPH_INSTANCE_KEPT, "part", member_of("held", "member"), "");
	instance(GRAPH_INSTANCE_STACK, "waiting", f, "");
	instance(GRAPH_INSTANCE_STACK, "waiting", waits, "");
	instance(GRAPH_INSTANCE_HELD, "held", variable_in("kernel/sched/core.c", "holder"), "");
	instance(GRAPH_INSTANCE_STACK, "deep", f, "");
	instance(GRAPH_INSTANCE_HELD, "deep", member_of("held", "member"), "");
	instance(GRAPH_INSTANCE_STACK, "made", f, "");
	graph_instance_add(graph, &(struct graph_instance){ .kind = GRAPH_INSTANCE_POINTER,
							    .record = "made",
							    .file = "",
							    .by = &f->node,
							    .source = "void *" });
	instance(GRAPH_INSTANCE_STACK, "kept", f, "");
	instance(GRAPH_INSTANCE_KEPT, "kept", foreign, "");
	instance(GRAPH_INSTANCE_HELD, "used", variable_in("kernel/sched/core.c", "user"), "");
	solve();
	expect_record("dead", GRAPH_INTERNAL, "stack-only", "automatic variable");
	expect_record("part", GRAPH_INTERNAL, "stack-only", "automatic variable");
	expect_record("waiting", GRAPH_EXTERNAL, "live",
		      "waits() has one on its stack and stays in vmlinux");
	expect_record("unseen", GRAPH_EXTERNAL, "unseen", "no object");
	expect_record("held", GRAPH_EXTERNAL, "live", "the variable holder holds one");
	expect_record("deep", GRAPH_EXTERNAL, "live", "struct held embeds one (member)");
	expect_record("made", GRAPH_EXTERNAL, "live",
		      "wake_up() makes a pointer to one of a void *");
	expect_record("kept", GRAPH_EXTERNAL, "live", "foreign.member keeps pointers to them");
	expect_record("used", GRAPH_EXTERNAL, "member-external",
		      "its member member is external, and objects of it live in vmlinux's memory: "
		      "the variable user holds one");
	expect_live("dead", false, "");
	expect_live("waiting", true, "waits");
	expect_live("unseen", true, "");
	expect_live("kept", true, "foreign.member");
	expect_live("used", true, "user");
	expect_live("foreign", false, ""); /* nobody knows */
	expect_record("foreign", GRAPH_EXTERNAL, "outside", "include/linux/sched.h");
	end();
}

/* --- order, identity */

static void test_finish(void)
{
	struct graph_function *first, *second;
	struct graph_use twice = { .kind = GRAPH_CALL, .file = "x.c", .line = 3 };
	bool is_new;

	begin();
	(first = function_in("kernel/sched/b.c", "same"))->node.line = 2;
	second = graph_as_function(graph_node(graph, GRAPH_FUNCTION, "another key", &is_new));
	g_assert_true(is_new);
	second->node = first->node;
	second->is_defined = true;
	second->node.line = 1;
	g_assert_true(graph_node(graph, GRAPH_FUNCTION, "another key", &is_new) == &second->node);
	g_assert_false(is_new);
	g_assert_null(graph_find(graph, GRAPH_VARIABLE, "another key"));
	outside("dropped");
	twice.from = &first->node;
	twice.to = &second->node;
	graph_use_add(graph, &twice);
	graph_use_add(graph, &twice);
	graph_finish(graph);
	g_assert_cmpuint(graph->functions->len, ==, 2);
	g_assert_cmpuint(graph->uses->len, ==, 1);
	g_assert_true(g_ptr_array_index(graph->functions, 0) == second);
	g_assert_cmpstr(second->node.id, ==, "kernel/sched/b.c:same");
	g_assert_cmpstr(first->node.id, ==, "kernel/sched/b.c:same#2");
	g_assert_cmpuint(second->node.uses_of->len, ==, 1);
	g_assert_cmpuint(first->node.uses_by->len, ==, 1);
	end();
	graph_free(NULL);
}

/* --- random graphs */

enum {
	N_FUNCTIONS = 14,
	N_DATA = 6,
	N_USES = 34
};

/* The parts of a random graph, so that it can be made again in another order. */
struct plan {
	struct {
		bool is_outside, is_other_file, is_named_schedule;
		unsigned flaw, entry;
		int holder; /* function into which a copy is inlined, or -1 */
		int place;  /* vmlinux has those of the same place at one address; or -1 */
	} functions[N_FUNCTIONS];
	bool is_outside_data[N_DATA];
	struct {
		unsigned kind, from, to, order;
		bool is_foreign_macro, from_data, is_class_method;
	} uses[N_USES];
};

enum {
	FLAW_INIT = 1,
	FLAW_FORCED,
	FLAW_OVERRIDDEN,
	FLAW_NOINSTR,
	FLAW_NORETURN,
	FLAW_NO_SYMBOL,
	FLAW_SHORT,
	N_FLAWS = 16
};
enum {
	ENTRY_SYSCALL = 1,
	ENTRY_EXPORTED,
	ENTRY_FORCED,
	N_ENTRIES = 24
};

static void plan_make(struct plan *plan, GRand *rand)
{
	memset(plan, 0, sizeof(*plan));
	for (int i = 0; i < N_FUNCTIONS; i++) {
		plan->functions[i].is_outside = g_rand_int_range(rand, 0, 5) == 0;
		plan->functions[i].is_other_file = g_rand_boolean(rand);
		plan->functions[i].is_named_schedule = g_rand_int_range(rand, 0, 4) == 0;
		plan->functions[i].flaw = (unsigned)g_rand_int_range(rand, 0, N_FLAWS);
		plan->functions[i].entry = (unsigned)g_rand_int_range(rand, 0, N_ENTRIES);
		plan->functions[i].holder =
			g_rand_int_range(rand, 0, 8) ? -1 : g_rand_int_range(rand, 0, N_FUNCTIONS);
		plan->functions[i].place =
			g_rand_int_range(rand, 0, 3) ? -1 : g_rand_int_range(rand, 1, 4);
	}
	for (int i = 0; i < N_DATA; i++)
		plan->is_outside_data[i] = g_rand_int_range(rand, 0, 6) == 0;
	for (int i = 0; i < N_USES; i++) {
		plan->uses[i].kind = (unsigned)g_rand_int_range(rand, 0, 9);
		plan->uses[i].from = (unsigned)g_rand_int_range(rand, 0, N_FUNCTIONS);
		plan->uses[i].to = (unsigned)g_rand_int_range(rand, 0, N_FUNCTIONS);
		plan->uses[i].order = (unsigned)i;
		plan->uses[i].is_foreign_macro = g_rand_int_range(rand, 0, 6) == 0;
		plan->uses[i].from_data = g_rand_int_range(rand, 0, 5) == 0;
		plan->uses[i].is_class_method = g_rand_int_range(rand, 0, 3) == 0;
	}
}

/* Function 0 is the springboard. */
static struct graph_function *plan_function(const struct plan *plan, unsigned i)
{
	const char *file = plan->functions[i].is_outside && i ? "kernel/fork.c"
			   : plan->functions[i].is_other_file ? "kernel/sched/other.c"
							      : "kernel/sched/core.c";
	g_autofree char *name =
		i ? g_strdup_printf("%s_%u",
				    plan->functions[i].is_named_schedule ? "schedule" : "f", i)
		  : g_strdup("__schedule");
	struct graph_function *known = graph_as_function(graph_find(graph, GRAPH_FUNCTION, name));
	struct graph_function *f;

	if (known)
		return known;
	f = function_in(file, name);
	f->node.line = i + 1;
	f->is_init = f->binary.is_init = plan->functions[i].flaw == FLAW_INIT;
	f->is_forced_external = plan->functions[i].flaw == FLAW_FORCED;
	f->binary.is_overridden = plan->functions[i].flaw == FLAW_OVERRIDDEN;
	f->is_noinstr = plan->functions[i].flaw == FLAW_NOINSTR;
	f->is_noreturn = plan->functions[i].flaw == FLAW_NORETURN;
	if (plan->functions[i].flaw == FLAW_NO_SYMBOL)
		f->binary.symbol = NULL;
	if (plan->functions[i].flaw == FLAW_SHORT)
		f->binary.room = 4;
	if (plan->functions[i].place >= 0)
		f->binary.address = 64 * (uint64_t)plan->functions[i].place;
	f->is_syscall = plan->functions[i].entry == ENTRY_SYSCALL;
	f->binary.is_exported = plan->functions[i].entry == ENTRY_EXPORTED;
	f->is_forced_interface = plan->functions[i].entry == ENTRY_FORCED && !f->is_forced_external;
	return f;
}

static struct graph_node *plan_data(const struct plan *plan, unsigned i)
{
	g_autofree char *name = g_strdup_printf("v%u", i);
	struct graph_variable *v = variable_in(
		plan->is_outside_data[i] ? "kernel/fork.c" : "kernel/sched/core.c", name);

	v->node.line = i + 1;
	if (i % 2)
		v->type = "const struct sched_class";
	return &v->node;
}

static void plan_use(const struct plan *plan, unsigned i)
{
	struct graph_use made = { .file = "x.c", .line = i, .order = i };
	struct graph_node *from = &plan_function(plan, plan->uses[i].from)->node;
	struct graph_node *data = plan_data(plan, plan->uses[i].to % N_DATA);

	made.from = plan->uses[i].from_data ? plan_data(plan, plan->uses[i].from % N_DATA) : from;
	made.to = &plan_function(plan, plan->uses[i].to)->node;
	switch (plan->uses[i].kind) {
	case 0:
	case 1:
	case 2:
	case 3:
		made.kind = GRAPH_CALL;
		made.from = from;
		made.in_foreign_macro = plan->uses[i].is_foreign_macro;
		break;
	case 5:
		made.kind = GRAPH_CLONE;
		made.from = from;
		break;
	case 4:
		made.kind = GRAPH_ADDRESS;
		if (plan->uses[i].is_class_method)
			made.kept_in = &member_of("sched_class", "enqueue_task")->node;
		break;
	default:
		made.kind = GRAPH_READ;
		made.to = data;
		if (made.from == made.to)
			made.from = from;
	}
	graph_use_add(graph, &made);
}

/* Numbers below n in random order. */
static void shuffle(unsigned *order, unsigned n, GRand *rand)
{
	for (unsigned i = 0; i < n; i++)
		order[i] = i;
	for (unsigned i = n; rand && i > 1; i--) {
		unsigned j = (unsigned)g_rand_int_range(rand, 0, (gint32)i), kept = order[i - 1];

		order[i - 1] = order[j];
		order[j] = kept;
	}
}

static void plan_build(const struct plan *plan, GRand *rand)
{
	unsigned functions[N_FUNCTIONS], data[N_DATA], uses[N_USES];

	begin();
	shuffle(functions, N_FUNCTIONS, rand);
	shuffle(data, N_DATA, rand);
	shuffle(uses, N_USES, rand);
	for (unsigned i = 0; i < N_FUNCTIONS; i++)
		plan_function(plan, functions[i]);
	for (unsigned i = 0; i < N_DATA; i++)
		plan_data(plan, data[i]);
	for (unsigned i = 0; i < N_USES; i++)
		plan_use(plan, uses[i]);
	for (unsigned i = 0; i < N_FUNCTIONS; i++) {
		struct graph_function *f = plan_function(plan, functions[i]);
		int holder = plan->functions[functions[i]].holder;

		if (holder < 0 || (unsigned)holder == functions[i])
			continue;
		f->inlined_into = g_ptr_array_new();
		g_ptr_array_add(f->inlined_into, plan_function(plan, (unsigned)holder));
	}
	solve();
}

static void print_nodes(GString *text, const GPtrArray *nodes)
{
	for (guint i = 0; i < nodes->len; i++) {
		const struct graph_node *node = g_ptr_array_index(nodes, i);

		g_string_append_printf(text, "%s %s %s %s\n", node->id,
				       graph_class_name(node->class),
				       graph_reason_code(node->reason), node->why);
	}
}

static char *print_graph(void)
{
	GString *text = g_string_new(NULL);

	print_nodes(text, graph->functions);
	print_nodes(text, graph->variables);
	print_nodes(text, graph->members);
	return g_string_free(text, FALSE);
}

static void test_order(void)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(20230325);

	for (int round = 0; round < 100; round++) {
		g_autofree char *first = NULL;
		struct plan plan;

		plan_make(&plan, rand);
		plan_build(&plan, NULL);
		first = print_graph();
		boundary_solve(graph, &(struct boundary_options){ 0 });
		for (int again = 0; again < 4; again++) {
			g_autofree char *other = print_graph();

			g_assert_cmpstr(first, ==, other);
			end();
			plan_build(&plan, rand);
		}
		end();
	}
}

/* --- the plain definition */

static bool slow_calls(const struct graph_function *from, const struct graph_function *to)
{
	for (guint i = 0; i < graph->uses->len; i++) {
		const struct graph_use *u = g_ptr_array_index(graph->uses, i);

		if (u->kind == GRAPH_CALL && u->from == &from->node && u->to == &to->node)
			return true;
	}
	return false;
}

static struct graph_function *nth(guint i)
{
	return g_ptr_array_index(graph->functions, i);
}

static bool is_pivot(const struct graph_function *f)
{
	return strcmp(f->node.name, "__schedule") == 0;
}

/* The family: what reaches the springboard through functions of that name. */
static GHashTable *slow_family(void)
{
	GHashTable *family = g_hash_table_new(NULL, NULL);
	guint size;

	for (guint i = 0; i < graph->functions->len; i++)
		if (is_pivot(nth(i)))
			g_hash_table_add(family, nth(i));
	do {
		size = g_hash_table_size(family);
		for (guint i = 0; i < graph->functions->len; i++)
			for (guint j = 0; j < graph->functions->len; j++)
				if (g_hash_table_contains(family, nth(j)) &&
				    slow_calls(nth(i), nth(j)) &&
				    strstr(nth(i)->node.name, "schedule"))
					g_hash_table_add(family, nth(i));
	} while (size != g_hash_table_size(family));
	return family;
}

static GHashTable *slow_waiting(void)
{
	g_autoptr(GHashTable) family = slow_family();
	GHashTable *waiting = g_hash_table_new(NULL, NULL);
	guint size;

	do {
		size = g_hash_table_size(waiting);
		for (guint i = 0; i < graph->functions->len; i++)
			for (guint j = 0; j < graph->functions->len; j++) {
				struct graph_function *f = nth(i), *callee = nth(j);

				if (f != callee && f->node.is_scheduler && !is_pivot(f) &&
				    slow_calls(f, callee) &&
				    (g_hash_table_contains(family, callee) ||
				     g_hash_table_contains(waiting, callee)))
					g_hash_table_add(waiting, f);
			}
	} while (size != g_hash_table_size(waiting));
	return waiting;
}

/* Is its code freed after boot, so that what it uses does not matter? */
static bool slow_is_freed(const struct graph_node *node)
{
	return node->kind == GRAPH_FUNCTION && ((const struct graph_function *)node)->is_init;
}

static bool slow_must_stay(const struct graph_function *f, GHashTable *waiting)
{
	return !f->node.is_scheduler || f->is_init || f->is_forced_external ||
	       f->binary.is_overridden || f->is_noinstr ||
	       (f->is_noreturn && !f->is_forced_interface) ||
	       (g_hash_table_contains(waiting, f) && !f->is_forced_interface);
}

/* A scheduling class that the module fills? */
static bool is_class(const struct graph_node *node)
{
	return node->kind == GRAPH_VARIABLE && node->is_scheduler &&
	       *((const struct graph_variable *)node)->type;
}

/*
 * Is it entered? `only_by_class`: only through the scheduling classes, whose contents are replaced.
 */
static bool slow_is_entered(const struct graph_function *f, GHashTable *external,
			    bool *only_by_class)
{
	bool by_class = false, otherwise = f->is_forced_interface || is_pivot(f) || f->is_syscall ||
					   f->binary.is_exported;

	for (guint i = 0; i < graph->uses->len; i++) {
		const struct graph_use *u = g_ptr_array_index(graph->uses, i);
		bool is_as_call = u->kind == GRAPH_CALL ||
				  (u->kind == GRAPH_ADDRESS && u->from->kind == GRAPH_FUNCTION &&
				   !f->binary.symbol);

		if (u->to != &f->node || u->kind == GRAPH_CLONE)
			continue;
		if (is_as_call)
			otherwise |=
				g_hash_table_contains(external, u->from) && !slow_is_freed(u->from);
		else if (u->kind == GRAPH_ADDRESS && u->kept_in && is_class(u->from))
			by_class = true;
		else
			otherwise = true;
	}
	*only_by_class = by_class && !otherwise;
	return by_class || otherwise;
}

static bool slow_is_copied(const struct graph_function *f, GHashTable *external)
{
	for (guint i = 0; f->inlined_into && i < f->inlined_into->len; i++) {
		const struct graph_function *holder = g_ptr_array_index(f->inlined_into, i);

		if (!g_hash_table_contains(external, holder))
			continue;
		/* a copy that can no longer run, or does not exist, is harmless */
		if (holder->node.is_scheduler && (holder->is_init || holder->binary.is_overridden))
			continue;
		return true;
	}
	return false;
}

/* Is a clone of it entered by code that stays in vmlinux and can run? */
static bool slow_is_bypassed(const struct graph_function *f, GHashTable *external)
{
	for (guint i = 0; i < graph->uses->len; i++) {
		const struct graph_use *u = g_ptr_array_index(graph->uses, i);
		const struct graph_function *from = graph_as_function(u->from);

		if (u->kind != GRAPH_CLONE || u->to != &f->node)
			continue;
		if (is_pivot(from))
			return true;
		if (g_hash_table_contains(external, from) &&
		    !(from->node.is_scheduler && (from->is_init || from->binary.is_overridden)))
			return true;
	}
	return false;
}

/* Does vmlinux have its code for another one too, so that no jump can be there? */
static bool slow_is_merged(const struct graph_function *f, GHashTable *external)
{
	bool only_by_class, needs_jump;

	needs_jump = slow_is_entered(f, external, &only_by_class) && !only_by_class;
	for (guint i = 0; i < graph->functions->len; i++) {
		const struct graph_function *g = nth(i);

		if (g == f || !g->node.is_scheduler || !g->binary.symbol || !f->binary.symbol ||
		    !f->binary.address || g->binary.address != f->binary.address)
			continue;
		if (g_hash_table_contains(external, g) && !g->is_init && !g->binary.is_overridden)
			return true;
		if (needs_jump && slow_is_entered(g, external, &only_by_class) && !only_by_class)
			return true;
	}
	return false;
}

static GHashTable *slow_external(GHashTable *waiting)
{
	GHashTable *external = g_hash_table_new(NULL, NULL);
	bool only_by_class;
	guint size;

	for (guint i = 0; i < graph->functions->len; i++)
		if (slow_must_stay(nth(i), waiting))
			g_hash_table_add(external, nth(i));
	do {
		size = g_hash_table_size(external);
		for (guint i = 0; i < graph->functions->len; i++) {
			struct graph_function *f = nth(i);
			bool can_jump = f->binary.symbol && f->binary.room >= 5;

			if (slow_is_copied(f, external) || slow_is_bypassed(f, external) ||
			    slow_is_merged(f, external) ||
			    (slow_is_entered(f, external, &only_by_class) && !only_by_class &&
			     !can_jump))
				g_hash_table_add(external, f);
		}
	} while (size != g_hash_table_size(external));
	return external;
}

/* Adds data that external code or data uses. */
static void slow_add_data(GHashTable *external)
{
	guint size;

	for (guint i = 0; i < graph->variables->len; i++) {
		struct graph_node *v = g_ptr_array_index(graph->variables, i);

		if (!v->is_scheduler)
			g_hash_table_add(external, v);
	}
	do {
		size = g_hash_table_size(external);
		for (guint i = 0; i < graph->uses->len; i++) {
			const struct graph_use *u = g_ptr_array_index(graph->uses, i);

			bool is_access = u->kind >= GRAPH_READ && u->kind <= GRAPH_READ_WRITE;

			if (u->to->kind == GRAPH_FUNCTION ||
			    !g_hash_table_contains(external, u->from))
				continue;
			if (!is_access || !u->from->is_scheduler || !slow_is_freed(u->from))
				g_hash_table_add(external, u->to);
		}
	} while (size != g_hash_table_size(external));
}

static void compare_with_slow(int round)
{
	g_autoptr(GHashTable) waiting = slow_waiting();
	g_autoptr(GHashTable) external = slow_external(waiting);

	for (guint i = 0; i < graph->functions->len; i++) {
		const struct graph_function *f = nth(i);
		bool only_by_class, is_entered = slow_is_entered(f, external, &only_by_class);
		enum graph_class wanted = g_hash_table_contains(external, f) ? GRAPH_EXTERNAL
					  : is_entered                       ? GRAPH_INTERFACE
									     : GRAPH_INTERNAL;

		if (f->node.class != wanted)
			g_error("round %d: %s is %s, not %s", round, f->node.name, f->node.why,
				graph_class_name(wanted));
	}
	slow_add_data(external);
	for (guint i = 0; i < graph->variables->len; i++) {
		const struct graph_node *v = g_ptr_array_index(graph->variables, i);
		enum graph_class wanted =
			g_hash_table_contains(external, v) ? GRAPH_EXTERNAL : GRAPH_INTERNAL;

		if (v->class != wanted)
			g_error("round %d: %s is %s, not %s", round, v->name, v->why,
				graph_class_name(wanted));
	}
}

static void test_random(void)
{
	const guint32 seed = 20260101;
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	unsigned counts[3] = { 0 };

	g_test_message("seed %u", seed);
	for (int round = 0; round < 2000; round++) {
		struct plan plan;

		plan_make(&plan, rand);
		plan_build(&plan, rand);
		compare_with_slow(round);
		for (guint i = 0; i < graph->functions->len; i++)
			counts[nth(i)->node.class]++;
		end();
	}
	for (int i = 0; i < 3; i++) /* otherwise the test would prove little */
		g_assert_cmpuint(counts[i], >, 2000);
}

static void test_all_reasons(void)
{
	for (size_t i = 0; i < N_REASONS; i++)
		if (!is_reached[i])
			g_error("no test reaches the reason %s", reason_codes[i]);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/graph/called", test_called);
	g_test_add_func("/graph/entries", test_entries);
	g_test_add_func("/graph/stays", test_stays);
	g_test_add_func("/graph/waits", test_waits);
	g_test_add_func("/graph/waits-in-a-ring", test_waits_in_a_ring);
	g_test_add_func("/graph/switch-tail", test_switch_tail);
	g_test_add_func("/graph/not-redirectable", test_not_redirectable);
	g_test_add_func("/graph/fixed-point", test_fixed_point);
	g_test_add_func("/graph/freed", test_freed);
	g_test_add_func("/graph/ipa-ra", test_ipa_ra);
	g_test_add_func("/graph/clone-called", test_clone_called);
	g_test_add_func("/graph/merged", test_merged);
	g_test_add_func("/graph/shared-variable", test_shared_variable);
	g_test_add_func("/graph/data", test_data);
	g_test_add_func("/graph/escapes", test_escapes);
	g_test_add_func("/graph/overlaps", test_overlaps);
	g_test_add_func("/graph/overlaps-in-circles", test_overlaps_in_circles);
	g_test_add_func("/graph/records", test_records);
	g_test_add_func("/graph/finish", test_finish);
	g_test_add_func("/graph/order", test_order);
	g_test_add_func("/graph/all-reasons", test_all_reasons);
	g_test_add_func("/graph/class-method-called-directly", test_class_method_called_directly);
	g_test_add_func("/graph/random", test_random);
	return g_test_run();
}
