// SPDX-License-Identifier: GPL-2.0-only
/* Functions of every class and linkage. */
#include "sched.h"

static int fn_state;

static void fn_forward_waits(int x);
static int fn_forward_internal(int x);
static int __init fn_forward_init(int x);
static inline int fn_forward_dropped(int x);
static __always_inline int fn_forward_copied(int x);
static noinline void fn_twice_waits(int x);
static noinline void fn_twice_internal(int x), fn_twice_more(int x);

/* Entered from outside. */
int fn_interface(int x)
{
	return fn_forward_internal(x) + fn_forward_copied(x) + fn_state;
}

static noinline int fn_forward_internal(int x)
{
	fn_forward_waits(x);
	fn_twice_waits(x);
	fn_twice_internal(x);
	fn_twice_more(x);
	return x * 3 + fn_state;
}

/* Sleeps for its caller. */
void __sched fn_waits(int x)
{
	fn_state = x + fn_forward_dropped(x);
	schedule();
}

/* The same without linkage, and needed. */
static noinline void __sched fn_forward_waits(int x)
{
	fn_state = x + 1;
	schedule();
}

static noinline void __sched fn_twice_waits(int x)
{
	fn_state = x + 2;
	schedule();
}

static noinline void fn_twice_internal(int x)
{
	fn_state = x - 2;
}

static noinline void fn_twice_more(int x)
{
	fn_state = x - 3;
}

/* No symbol, only needed by what stays. */
static inline int fn_forward_dropped(int x)
{
	return x * 5 + fn_state;
}

/* No symbol, needed on both sides. */
static __always_inline int fn_forward_copied(int x)
{
	return x * 6 + fn_state;
}

/* Stays, and holds a copy of the one above. */
noinstr int fn_quiet(int x)
{
	return fn_forward_copied(x) + 2;
}

__weak int fn_weak_used(int x)
{
	return x + 11 + fn_state;
}

int __weak fn_weak_lost(int x)
{
	return x + 12 + fn_state;
}

/* --- attributes and `static` in all places */

__attribute__((__noinline__)) static int fn_attribute_first(int x)
{
	schedule();
	return x + 21 + fn_state;
}

static int __attribute__((__noinline__)) fn_attribute_middle(int x)
{
	schedule();
	return x + 22 + fn_state;
}

int static noinline fn_static_behind(int x)
{
	schedule();
	return x + 23 + fn_state;
}

noinline __cold static int
fn_own_line(int x)
{
	schedule();
	return x + 24 + fn_state;
}

static
noinline
int
fn_words_apart(
	int x)
{
	schedule();
	return x + 25 + fn_state;
}

static noinline __attribute__((__section__(".text.odd"), __cold__)) const char *fn_pointer(int x)
{
	schedule();
	return &"constant"[x & fn_state];
}

/* A function that gives a pointer to a function. */
static noinline int (*fn_gives_function(int x))(int)
{
	schedule();
	return x ? fn_interface : NULL;
}

__attribute__((__noinline__)) static int fn_attribute_kept(int x)
{
	return x + 26 + fn_state;
}

noinline
static int
fn_own_line_kept(int x)
{
	return x + 27 + fn_state;
}

int fn_attributes(int x)
{
	x += fn_attribute_first(x) + fn_attribute_middle(x) + fn_static_behind(x) + fn_own_line(x) + fn_words_apart(x);
	x += *fn_pointer(x) + fn_gives_function(x)(x);
	return x + fn_attribute_kept(x) + fn_own_line_kept(x);
}

/* --- init code */

/* With a comment of one line. */
static noinline int __init fn_init_one(int x)
{
	return x + 31 + fn_state;
}

/*
 * With a comment of several lines,
 * of which none says anything.
 */
static noinline int __init fn_init_two(int x)
{
	return x + 32 + fn_state;
}

// With a comment of the other kind,
// of two lines.
static noinline int __init fn_init_line_comment(int x)
{
	return x + 33 + fn_state;
}
static noinline int __init fn_init_close(int x)
{
	return x + 34 + fn_state;
}
static noinline __init int fn_forward_init(int x) /* and one behind */
{
	return x + 35 + fn_state;
} /* at the end */

/* This one is about fn_init_user and below. */

int __init fn_init_user(void)
{
	return fn_init_one(1) + fn_init_two(2) + fn_init_line_comment(3) + fn_init_close(4) + fn_forward_init(5);
}

int fn_callers(int x) { return header_copied(&main_rq) + x; }

noinstr int fn_copied_out(int x)
{
	return header_copied(&main_rq) + x + 1;
}

/* Nothing in this kernel uses it. */
int fn_nobody(int x)
{
	fn_waits(x);
	return fn_interface(x);
}

/* Nor these, which have no symbol. */
static inline int fn_unused_inline(int x)
{
	return fn_nobody(x);
}

static int __maybe_unused fn_unused_static(int x)
{
	return fn_nobody(x) + 1;
}

int header_called(int x)
{
	return x + 41 + fn_state;
}

// extracted:
// -static int fn_state;
// +extern int fn_state;
// -static void fn_forward_waits(int x);
// +void fn_forward_waits(int x);
// -static int __init fn_forward_init(int x);
// -static inline int fn_forward_dropped(int x);
// -static __always_inline int fn_forward_copied(int x);
// -static noinline void fn_twice_waits(int x);
// +noinline void fn_twice_waits(int x);
// -int fn_interface(int x)
// -{
// -	return fn_forward_internal(x) + fn_forward_copied(x) + fn_state;
// -}
// +int fn_interface(int x); /* stays in vmlinux: inlined-outside */
// +/* plugsched interface, keep the signature: the configuration says so */
// -void __sched fn_waits(int x)
// -{
// -	fn_state = x + fn_forward_dropped(x);
// -	schedule();
// -}
// +void __sched fn_waits(int x); /* stays in vmlinux: waits */
// -static noinline void __sched fn_forward_waits(int x)
// -{
// -	fn_state = x + 1;
// -	schedule();
// -}
// +noinline void __sched fn_forward_waits(int x); /* stays in vmlinux: waits */
// -static noinline void __sched fn_twice_waits(int x)
// -{
// -	fn_state = x + 2;
// -	schedule();
// -}
// +noinline void __sched fn_twice_waits(int x); /* stays in vmlinux: waits */
// -/* No symbol, only needed by what stays. */
// -static inline int fn_forward_dropped(int x)
// -{
// -	return x * 5 + fn_state;
// -}
// -
// -/* No symbol, needed on both sides. */
// -static __always_inline int fn_forward_copied(int x)
// -{
// -	return x * 6 + fn_state;
// -}
// -
// -noinstr int fn_quiet(int x)
// -{
// -	return fn_forward_copied(x) + 2;
// -}
// +noinstr int fn_quiet(int x); /* stays in vmlinux: noinstr */
// +/* plugsched interface, keep the signature: enter() in kernel/outside.c calls it */
// -int __weak fn_weak_lost(int x)
// -{
// -	return x + 12 + fn_state;
// -}
// +int fn_weak_lost(int x); /* stays in vmlinux: overridden */
// -__attribute__((__noinline__)) static int fn_attribute_first(int x)
// -{
// -	schedule();
// -	return x + 21 + fn_state;
// -}
// +__attribute__((__noinline__)) int fn_attribute_first(int x); /* stays in vmlinux: waits */
// -static int __attribute__((__noinline__)) fn_attribute_middle(int x)
// -{
// -	schedule();
// -	return x + 22 + fn_state;
// -}
// +int __attribute__((__noinline__)) fn_attribute_middle(int x); /* stays in vmlinux: waits */
// -int static noinline fn_static_behind(int x)
// -{
// -	schedule();
// -	return x + 23 + fn_state;
// -}
// +int noinline fn_static_behind(int x); /* stays in vmlinux: waits */
// -noinline __cold static int
// +noinline __cold int
// -fn_own_line(int x)
// -{
// -	schedule();
// -	return x + 24 + fn_state;
// -}
// +fn_own_line(int x); /* stays in vmlinux: waits */
// -static
// +
// -	int x)
// -{
// -	schedule();
// -	return x + 25 + fn_state;
// -}
// +	int x); /* stays in vmlinux: waits */
// -static noinline __attribute__((__section__(".text.odd"), __cold__)) const char *fn_pointer(int x)
// -{
// -	schedule();
// -	return &"constant"[x & fn_state];
// -}
// +noinline __attribute__((__section__(".text.odd"), __cold__)) const char *fn_pointer(int x); /* stays in vmlinux: waits */
// -static noinline int (*fn_gives_function(int x))(int)
// -{
// -	schedule();
// -	return x ? fn_interface : NULL;
// -}
// +noinline int (*fn_gives_function(int x))(int); /* stays in vmlinux: waits */
// +/* plugsched interface, keep the signature: the configuration says so */
// -/* With a comment of one line. */
// -static noinline int __init fn_init_one(int x)
// -{
// -	return x + 31 + fn_state;
// -}
// -
// -/*
// - * With a comment of several lines,
// - * of which none says anything.
// - */
// -static noinline int __init fn_init_two(int x)
// -{
// -	return x + 32 + fn_state;
// -}
// -
// -static noinline int __init fn_init_line_comment(int x)
// -{
// -	return x + 33 + fn_state;
// -}
// -static noinline int __init fn_init_close(int x)
// -{
// -	return x + 34 + fn_state;
// -}
// -static noinline __init int fn_forward_init(int x) /* and one behind */
// -{
// -	return x + 35 + fn_state;
// -} /* at the end */
// -int __init fn_init_user(void)
// -{
// -	return fn_init_one(1) + fn_init_two(2) + fn_init_line_comment(3) + fn_init_close(4) + fn_forward_init(5);
// -}
// -
// +/* plugsched interface, keep the signature: enter() in kernel/outside.c calls it */
// -noinstr int fn_copied_out(int x)
// -{
// -	return header_copied(&main_rq) + x + 1;
// -}
// +noinstr int fn_copied_out(int x); /* stays in vmlinux: noinstr */
// -int fn_nobody(int x)
// -{
// -	fn_waits(x);
// -	return fn_interface(x);
// -}
// +int fn_nobody(int x); /* stays in vmlinux: waits */
// -/* Nor these, which have no symbol. */
// -static inline int fn_unused_inline(int x)
// -{
// -	return fn_nobody(x);
// -}
// -
// -static int __maybe_unused fn_unused_static(int x)
// -{
// -	return fn_nobody(x) + 1;
// -}
// -
