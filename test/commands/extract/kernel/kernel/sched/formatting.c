// SPDX-License-Identifier: GPL-2.0-only
/* Braces and words in odd places. Each shape stays once and moves once. */
#include "sched.h"

static int format_state;

int format_same(int x) { format_state++; schedule(); return x; }

int format_odd(int x)

	{
	schedule();
	return x + 1;
	}

#ifdef CONFIG_SMP
int format_endif(int x)
#else
int format_endif(long x)
#endif
{
	schedule();
	return x + 2 + format_state;
}

int
format_own_line
(int x)
{
	schedule();
	return x + 3;
}

int format_old(x, y)
	int x;
	long y;
{
	schedule();
	return x + y;
}

int format_old_kept(x, y)
	int x; /* a comment */
	long y;
{
	return x + y + format_state;
}

int format_comment(int x) /* a { in a comment */
{
	schedule();
	return x + 4;
}

int format_line_comment(int x) // a { in a comment
{
	schedule();
	return x + 5;
}

static noinline int format_between(int x)
/* before the body */
{
	schedule();
	return x + 6 + format_state;
}

int format_pair_one(int x) { schedule(); return x + 7; } int format_pair_two(int x) { return x + 8 + format_state; }

int format_parameters(int x, /* the first; with ) in it */
		      int y  // the second {
		      )
{
	schedule();
	return x + y;
}

int format_ifdef_inside(int x)
{
#ifdef CONFIG_NUMA
	if (x) {
#else
	if (!x) {
#endif
		schedule();
	}
	return x + 9;
}

static noinline noclone int format_long_parameters(int (*callback)(int x, long y), int array[static 2],
					   struct rq *(*array_of[])(void))
	__attribute__((__nonnull__(2)));

static noinline noclone int format_long_parameters(int (*callback)(int x, long y), int array[static 2],
					   struct rq *(*array_of[])(void))
{
	schedule();
	return callback(array[0], 2) + (array_of[0] == NULL);
}

	static noinline int format_indented(int x)
	{
		schedule();
		return x + 10 + format_state;
	}

static noinline int format_indented_kept(int x) {
	return x + 11 + format_state; }

static noinline int format_kept_macro(int x) { return x + 12 + format_state; }

int format_user(int x)
{
	int array[2] = { 1, 2 };

	x += format_between(x) + format_indented(x) + format_indented_kept(x) + format_kept_macro(x);
	return x + format_state + (x == 77 ? format_long_parameters(NULL, array, NULL) : 0);
}

// extracted:
// -static int format_state;
// +extern int format_state;
// -int format_same(int x) { format_state++; schedule(); return x; }
// +int format_same(int x); /* stays in vmlinux: waits */
// -int format_odd(int x)
// -
// -	{
// -	schedule();
// -	return x + 1;
// -	}
// +int format_odd(int x); /* stays in vmlinux: waits */
// -{
// -	schedule();
// -	return x + 2 + format_state;
// -}
// +; /* stays in vmlinux: waits */
// -(int x)
// -{
// -	schedule();
// -	return x + 3;
// -}
// +(int x); /* stays in vmlinux: waits */
// -int format_old(x, y)
// -	int x;
// -	long y;
// -{
// -	schedule();
// -	return x + y;
// -}
// +extern typeof(int (int, long)) format_old;
// +/* plugsched interface, keep the signature: enter_more() in kernel/outside.c calls it */
// -int format_comment(int x) /* a { in a comment */
// -{
// -	schedule();
// -	return x + 4;
// -}
// +int format_comment(int x) /* a { in a comment */; /* stays in vmlinux: waits */
// -{
// -	schedule();
// -	return x + 5;
// -}
// +; /* stays in vmlinux: waits */
// -static noinline int format_between(int x)
// +noinline int format_between(int x)
// -/* before the body */
// -{
// -	schedule();
// -	return x + 6 + format_state;
// -}
// +/* before the body */; /* stays in vmlinux: waits */
// -int format_pair_one(int x) { schedule(); return x + 7; } int format_pair_two(int x) { return x + 8 + format_state; }
// +int format_pair_one(int x); /* stays in vmlinux: waits */ /* plugsched interface, keep the signature: enter_more() in kernel/outside.c calls it */
// +int format_pair_two(int x) { return x + 8 + format_state; }
// -		      )
// -{
// -	schedule();
// -	return x + y;
// -}
// +		      ); /* stays in vmlinux: waits */
// -int format_ifdef_inside(int x)
// -{
// -#ifdef CONFIG_NUMA
// -	if (x) {
// -#else
// -	if (!x) {
// -#endif
// -		schedule();
// -	}
// -	return x + 9;
// -}
// +int format_ifdef_inside(int x); /* stays in vmlinux: waits */
// -static noinline noclone int format_long_parameters(int (*callback)(int x, long y), int array[static 2],
// +noinline noclone int format_long_parameters(int (*callback)(int x, long y), int array[static 2],
// -static noinline noclone int format_long_parameters(int (*callback)(int x, long y), int array[static 2],
// +noinline noclone int format_long_parameters(int (*callback)(int x, long y), int array[static 2],
// -					   struct rq *(*array_of[])(void))
// -{
// -	schedule();
// -	return callback(array[0], 2) + (array_of[0] == NULL);
// -}
// +					   struct rq *(*array_of[])(void)); /* stays in vmlinux: waits */
// -	static noinline int format_indented(int x)
// -	{
// -		schedule();
// -		return x + 10 + format_state;
// -	}
// +	noinline int format_indented(int x); /* stays in vmlinux: waits */
// +/* plugsched interface, keep the signature: the configuration says so */
