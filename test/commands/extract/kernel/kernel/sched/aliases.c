// SPDX-License-Identifier: GPL-2.0-only
/* Second names of functions. */
#include "sched.h"

static int alias_state;

static noinline noclone int alias_target(int x)
{
	return x + alias_state;
}

static noinline noclone int alias_target_waits(int x)
{
	schedule();
	return x + 1 + alias_state;
}

int alias_kept(int x) __attribute__((alias("alias_target")));

int alias_waits(int x) __attribute__((alias("alias_target_waits")));

int alias_weak(int x) __attribute__((weak, alias("alias_target")));

int alias_user(int x)
{
	return alias_target(x) + alias_target_waits(x) + alias_kept(x) + alias_waits(x);
}

// extracted:
// -static noinline noclone int alias_target_waits(int x)
// -{
// -	schedule();
// -	return x + 1 + alias_state;
// -}
// +noinline noclone int alias_target_waits(int x); /* stays in vmlinux: waits */
// -int alias_waits(int x) __attribute__((alias("alias_target_waits")));
// +extern typeof(int (int)) alias_waits;
// +/* plugsched interface, keep the signature: the configuration says so */
