// SPDX-License-Identifier: GPL-2.0-only
/* Macros that define functions and variables. */
#include <linux/syscalls.h>
#include "sched.h"

static int macro_state;
static int (*macro_hook)(int);

/* All of it moves. */
SYSCALL_DEFINE1(nice, int, increment)
{
	return increment + macro_state++;
}

/* All of it stays. */
SYSCALL_DEFINE1(nap, int, length)
{
	macro_state += length;
	schedule();
	return 0;
}

SYSCALL_DEFINE0(pause)
{
	macro_state++;
	schedule();
	return 0;
}

SYSCALL_DEFINE0(count)
{
	return macro_state++;
}

/* Two variables at once. */
#define DEFINE_PAIR(name) static int name##_low, name##_high
DEFINE_PAIR(macro_pair);

/* One with a name that is written, one without. */
#define DEFINE_COUNTED(name) static int name##_count; static int name
DEFINE_COUNTED(macro_counted);

/* A function with a name made up, in the scheduler's own macro. */
#define DEFINE_GETTER(name, value)					\
static noinline int get_##name(int x)					\
{									\
	return x + (value) + macro_state;				\
}
DEFINE_GETTER(one, 1)
DEFINE_GETTER(two, 2)

/* One that stays. */
#define DEFINE_WAITER(name, value)					\
static noinline int wait_##name(int x)					\
{									\
	macro_state = value;						\
	schedule();							\
	return x;							\
}
DEFINE_WAITER(one, 1)

DEFINE_WAITER(two, 2)

/* A function whose head only is a macro's. */
#define HANDLER(name) static noinline int name(int x)
HANDLER(macro_handler)
{
	return x + 3 + macro_state;
}

HANDLER(macro_handler_waits)
{
	schedule();
	return x + 4 + macro_state;
}

/* Functions in a list that is included. */
#define FEATURE(name, value) static noinline int feature_##name(int x) { return x + value + macro_state; }
#include "features.h"
#undef FEATURE

/* A call and an address in the body of a macro. */
#define RUN_AND_KEEP(x) ({ macro_hook = macro_kept; macro_kept(x); })

static noinline int macro_kept(int x)
{
	return x + 5 + macro_state;
}

int macro_user(int x)
{
	macro_pair_low = macro_pair_high++;
	macro_counted += macro_counted_count++;
	x += get_one(x) + get_two(x) + wait_one(x) + wait_two(x);
	x += macro_handler(x) + macro_handler_waits(x);
	call_later(feature_GENTLE);
	x += feature_GENTLE(x) + feature_HRTICK(x);
	return RUN_AND_KEEP(x);
}

// extracted:
// -static int macro_state;
// +extern int macro_state;
// +/* plugsched interface, keep the signature: the system call table enters it */
// +#undef SYSCALL_METADATA /* vmlinux has these system calls' trace events */
// +#define SYSCALL_METADATA(name, ...) PLUGSCHED_SYSTEM_CALL(name)
// -/* All of it stays. */
// -SYSCALL_DEFINE1(nap, int, length)
// -{
// -	macro_state += length;
// -	schedule();
// -	return 0;
// -}
// -
// -SYSCALL_DEFINE0(pause)
// -{
// -	macro_state++;
// -	schedule();
// -	return 0;
// -}
// -
// +/* plugsched interface, keep the signature: the system call table enters it */
// -DEFINE_COUNTED(macro_counted);
// +extern int macro_counted_count;
// +extern int macro_counted;
// -DEFINE_WAITER(one, 1)
// +extern typeof(int (int)) wait_one;
// -DEFINE_WAITER(two, 2)
// +extern typeof(int (int)) wait_two;
// -HANDLER(macro_handler_waits)
// -{
// -	schedule();
// -	return x + 4 + macro_state;
// -}
// +extern typeof(int (int)) macro_handler_waits;
// -#define RUN_AND_KEEP(x) ({ macro_hook = macro_kept; macro_kept(x); })
// +#define RUN_AND_KEEP(x) ({ macro_hook = vmlinux(macro_kept); macro_kept(x); })
// +/* plugsched interface, keep the signature: its address is taken by macro_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: the configuration says so */
// -	call_later(feature_GENTLE);
// +	call_later(vmlinux(feature_GENTLE));
