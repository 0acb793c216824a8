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
	return twin_kept(x) + twin_named(x) + header_twice(&main_rq);
}

// extracted:
// -static int twin_state = 3;
// +extern int twin_state asm("__vmlinux_twin_state__pos_1");
// +/* plugsched interface, keep the signature: its address is taken by twin_user, so it is entered through a pointer */
// -static noinline void twin_waits(int x)
// -{
// -	twin_state += x;
// -	schedule();
// -}
// +noinline void twin_waits(int x) asm("__vmlinux_twin_waits__pos_1"); /* stays in vmlinux: waits */
// -static int twin_outside = 5;
// +extern int twin_outside asm("__vmlinux_twin_outside__pos_1");
// +/* plugsched interface, keep the signature: its address is taken by twin_user, so it is entered through a pointer */
// +/* plugsched interface, keep the signature: the configuration says so */
// -	static int calls = 4;
// +	extern int twin_user__calls asm("__vmlinux_calls__0__pos_2");
// -	call_later(twin_kept);
// +	call_later(vmlinux_at(twin_kept, 1));
// -	call_later(twin_named);
// +	call_later(vmlinux_at(twin_named, 1));
// -	calls++;
// +	twin_user__calls++;
