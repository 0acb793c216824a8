// SPDX-License-Identifier: GPL-2.0-only
/* Statics that rt.c and other code have too: vmlinux has several symbols of one name. */
#include "sched.h"

static int twin_state = 3;

static noinline int twin_kept(int x)
{
	return x + twin_state++;
}

static noinline void twin_waits(int x)
{
	twin_state += x;
	schedule();
}

static int twin_outside = 5;

/* Outside code has another of this name. */
static noinline int twin_named(int x)
{
	return x + 2 + twin_outside++;
}

int twin_user(int x)
{
	static int calls = 4;

	twin_waits(x);
	call_later(twin_kept);
	call_later(twin_named);
	calls++;
	return twin_kept(x) + twin_named(x);
}

// extracted:
