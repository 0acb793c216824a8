// SPDX-License-Identifier: GPL-2.0-only
/* Options: what this configuration leaves out is left alone. */
#include "sched.h"

static int option_state;

#ifdef CONFIG_NUMA
static int option_off_state;

/* Not compiled. */
int __init option_off(int x)
{
	schedule();
	return x + option_off_state;
}
EXPORT_SYMBOL(option_off);
late_initcall(option_off);
#endif

#ifdef CONFIG_SMP
int option_on(int x)
{
	return x + option_state;
}
#else
int option_on(int x)
{
	return x;
}
#endif

#if defined(CONFIG_NUMA)
int option_either(int x)
{
	schedule();
	return x;
}
#elif defined(CONFIG_SMP)
int option_either(int x)
{
	schedule();
	return x + 1 + option_state;
}
#else
int option_either(int x) { return x + 2; }
#endif

int option_parameters(int x
#ifdef CONFIG_NUMA
		      , int node
#endif
		      )
{
	schedule();
	return x + option_state;
}

#ifdef CONFIG_SMP
static noinline int __init option_init(int x)
{
	return x + option_state;
}

static int __init option_init_user(void)
{
	return option_init(option_state);
}
core_initcall(option_init_user);
#endif

static noinline int option_static(int x)
{
#ifdef CONFIG_NUMA
	static int calls;

	calls++;
#else
	static int calls = 3;

	calls += x;
#endif
	return calls;
}

static int option_array[] = {
#ifdef CONFIG_NUMA
	1, 2, 3,
#endif
#ifdef CONFIG_SMP
	4, 5,
#endif
};

int option_wait(int x)
{
	return option_static(x) + option_array[x]++;
}

// extracted:
// +/* plugsched interface, keep the signature: enter_more() in kernel/outside.c calls it */
// -int option_either(int x)
// -{
// -	schedule();
// -	return x + 1 + option_state;
// -}
// +int option_either(int x); /* stays in vmlinux: waits */
// -		      )
// -{
// -	schedule();
// -	return x + option_state;
// -}
// +		      ); /* stays in vmlinux: waits */
// -static noinline int __init option_init(int x)
// -{
// -	return x + option_state;
// -}
// -static int __init option_init_user(void)
// -{
// -	return option_init(option_state);
// -}
// -core_initcall(option_init_user);
// -	static int calls = 3;
// +	extern int option_static__calls asm("__vmlinux_calls__0__pos_1");
// -	calls += x;
// +	option_static__calls += x;
// -	return calls;
// +	return option_static__calls;
// -static int option_array[] = {
// -#ifdef CONFIG_NUMA
// -	1, 2, 3,
// -#endif
// -#ifdef CONFIG_SMP
// -	4, 5,
// -#endif
// -};
// +extern int option_array[2];
// +/* plugsched interface, keep the signature: enter_more() in kernel/outside.c calls it */
