// SPDX-License-Identifier: GPL-2.0-only
/* Addresses of functions that vmlinux's entries lead to: a pointer that is kept must not lead into the module. */
#include "sched.h"

static int address_state;

static noinline int as_argument(int x) { return x + 101 + address_state; }
static noinline int as_compared(int x) { return x + 102 + address_state; }
static noinline int as_assigned(int x) { return x + 103 + address_state; }
static noinline int in_literal(int x) { return x + 104 + address_state; }
static noinline int in_automatic(int x) { return x + 105 + address_state; }
static noinline int in_static(int x) { return x + 106 + address_state; }
static noinline int in_array(int x) { return x + 107 + address_state; }
static noinline int in_conditional(int x) { return x + 108 + address_state; }
static noinline int with_ampersand(int x) { return x + 109 + address_state; }
static noinline int with_cast(void) { return 110 + address_state; }
static noinline int in_parentheses(int x) { return x + 111 + address_state; }
static noinline int starred(int x) { return x + 112 + address_state; }
static noinline int called_and_kept(int x) { return x + 113 + address_state; }
static noinline void as_callback(struct task_struct *p) { p->on_rq += 14 + address_state; }
static noinline void macro_callback(struct task_struct *p) { p->on_rq += 15 + address_state; }
static noinline void macro_argument(struct work *w) { w->n += 16 + address_state; }
static noinline void inline_argument(struct work *w) { w->n += 17 + address_state; }
static noinline int returned(int x) { return x + 118 + address_state; }
static noinline int in_typeof(int x) { return x + 119 + address_state; }

/* No symbol: only handed to code that is inlined. */
static inline int applied(int x)
{
	return x * 3 + address_state;
}

/* What stands in vmlinux holds vmlinux's addresses. */
static const struct ops address_ops = {
	.start = in_static,
	.stop = &in_static,
};

static int (*address_array[])(int) = { in_array, [2] = in_array };

static int (*address_kept)(int);

/* Kept by code of a header. */
void sched_work_fn(struct work *work)
{
	work->n += 20 + address_state;
}

static noinline int (*address_returned(void))(int)
{
	return returned;
}

int address_user(struct task_struct *p, int x)
{
	struct ops automatic = { .start = in_automatic, .stop = in_automatic, .limit = in_automatic(x) };
	typeof(in_typeof) *typed = &in_typeof;
	static struct work work;

	call_later(as_argument);
	if (address_kept == as_compared)
		x++;
	address_kept = as_assigned;
	register_ops(&(struct ops){ .start = in_literal });
	register_ops(&automatic);
	register_ops(&address_ops);
	call_later(address_array[x & 1]);
	call_later(x ? in_conditional : with_ampersand);
	call_later(&with_ampersand);
	call_later((int (*)(int))with_cast);
	address_kept = (in_parentheses);
	x += (in_parentheses)(x) + (*starred)(x) + (&starred)(x);
	address_kept = called_and_kept(x) ? called_and_kept : NULL;
	p->callback = as_callback;
	as_callback(p);
	SET_CALLBACK(p);
	INIT_WORK(&work, macro_argument);
	queue_work(&work);
	init_work(&work, inline_argument);
	queue_work(&work);
	INIT_SCHED_WORK(&work);
	queue_work(&work);
	queue_sched_work(&work);
	sched_work_fn(&work);
	x += apply(applied, x) + typed(x) + (int)sizeof(in_typeof(x));
	return x + address_returned()(x);
}

// extracted:
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_ops, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_array, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_returned, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: its address is taken by address_user, so it is entered through a pointer */
// -static const struct ops address_ops = {
// -	.start = in_static,
// -	.stop = &in_static,
// -};
// +extern const struct ops address_ops;
// -static int (*address_array[])(int) = { in_array, [2] = in_array };
// +extern int (*address_array[3])(int);
// -static int (*address_kept)(int);
// +extern int (*address_kept)(int);
// +/* plugsched interface, keep the signature: its address is taken by queue_sched_work, so it is entered through a pointer */
// +extern typeof(sched_work_fn) __module_sched_work_fn;
// +#define sched_work_fn(...) __module_sched_work_fn(__VA_ARGS__)
// -	return returned;
// +	return vmlinux(returned);
// +/* plugsched interface, keep the signature: enter() in kernel/outside.c calls it */
// -	struct ops automatic = { .start = in_automatic, .stop = in_automatic, .limit = in_automatic(x) };
// +	struct ops automatic = { .start = vmlinux(in_automatic), .stop = vmlinux(in_automatic), .limit = in_automatic(x) };
// -	typeof(in_typeof) *typed = &in_typeof;
// +	typeof(vmlinux(in_typeof)) *typed = &vmlinux(in_typeof);
// -	static struct work work;
// +	extern struct work address_user__work asm("__vmlinux_work__0");
// -	call_later(as_argument);
// +	call_later(vmlinux(as_argument));
// -	if (address_kept == as_compared)
// +	if (address_kept == vmlinux(as_compared))
// -	address_kept = as_assigned;
// +	address_kept = vmlinux(as_assigned);
// -	register_ops(&(struct ops){ .start = in_literal });
// +	register_ops(&(struct ops){ .start = vmlinux(in_literal) });
// -	call_later(x ? in_conditional : with_ampersand);
// +	call_later(x ? vmlinux(in_conditional) : vmlinux(with_ampersand));
// -	call_later(&with_ampersand);
// +	call_later(&vmlinux(with_ampersand));
// -	call_later((int (*)(int))with_cast);
// +	call_later((int (*)(int))vmlinux(with_cast));
// -	address_kept = (in_parentheses);
// +	address_kept = (vmlinux(in_parentheses));
// -	address_kept = called_and_kept(x) ? called_and_kept : NULL;
// +	address_kept = called_and_kept(x) ? vmlinux(called_and_kept) : NULL;
// -	p->callback = as_callback;
// +	p->callback = vmlinux(as_callback);
// -	INIT_WORK(&work, macro_argument);
// +	INIT_WORK(&address_user__work, vmlinux(macro_argument));
// -	queue_work(&work);
// +	queue_work(&address_user__work);
// -	init_work(&work, inline_argument);
// +	init_work(&address_user__work, vmlinux(inline_argument));
// -	queue_work(&work);
// +	queue_work(&address_user__work);
// -	INIT_SCHED_WORK(&work);
// +	INIT_SCHED_WORK(&address_user__work);
// -	queue_work(&work);
// +	queue_work(&address_user__work);
// -	queue_sched_work(&work);
// +	queue_sched_work(&address_user__work);
// -	sched_work_fn(&work);
// +	sched_work_fn(&address_user__work);
