// SPDX-License-Identifier: GPL-2.0-only
/* Values and code that are compiled into functions on both sides, and memory that both sides use. */
#include <linux/services.h>
#include "sched.h"

#define SHARED_STEP 16
/* Only functions that move have it. */
#define OWN_STEP 8

enum own_state { OWN_IDLE, OWN_BUSY };

static enum shared_kind shared_kind;
static struct shared_node *shared_first;
static int shared_limit __ro_after_init = 3;
static unsigned long shared_count;

static int __init shared_init(void)
{
	shared_limit = 4;
	shared_kind = SHARED_DIRECT;
	return 0;
}
core_initcall(shared_init);

/* Copied into both. */
static __always_inline int shared_scale(int x)
{
	return x * SHARED_STEP + (int)shared_count;
}

/* Stays. */
static noinline int __sched shared_waits(int x)
{
	while (x == SHARED_QUEUED)
		schedule();
	return shared_scale(x) + SHARED_FIELD(x) + SHARED_MIGRATING;
}

/* What has a constant of the mask stays. */
noinstr int shared_flags(int x)
{
	return x & SHARED_MASK;
}

/* Only on the stacks of functions that move. */
struct shared_env {
	int load, limit;
};

static noinline int shared_load(const struct shared_env *env)
{
	return env->load / (env->limit + 1);
}

static noinline int shared_inner(int x)
{
	struct shared_env env = { .load = x, .limit = shared_limit };

	x += shared_load(&env);
	return shared_scale(x) + x / OWN_STEP + (x == OWN_BUSY) + shared_limit + SHARED_QUEUED + SHARED_FIELD(x) + (x & SHARED_MASK);
}

int shared_user(struct shared_node *node, int x)
{
	shared_first = node;
	node->weight = shared_kind == SHARED_MESH ? x : -x;
	x += shared_inner(x) + (int)shared_count++;
	return x + shared_waits(x) + shared_first->weight;
}

// extracted:
// -static enum shared_kind shared_kind;
// +extern enum shared_kind shared_kind;
// -static struct shared_node *shared_first;
// +extern struct shared_node *shared_first;
// -static int shared_limit __ro_after_init = 3;
// +extern int shared_limit __ro_after_init;
// -static unsigned long shared_count;
// +extern unsigned long shared_count;
// -static int __init shared_init(void)
// -{
// -	shared_limit = 4;
// -	shared_kind = SHARED_DIRECT;
// -	return 0;
// -}
// -core_initcall(shared_init);
// +/* plugsched copy, vmlinux keeps its own in shared_inner and others: change neither alone */
// -static noinline int __sched shared_waits(int x)
// -{
// -	while (x == SHARED_QUEUED)
// -		schedule();
// -	return shared_scale(x) + SHARED_FIELD(x) + SHARED_MIGRATING;
// -}
// +noinline int __sched shared_waits(int x); /* stays in vmlinux: waits */
// -noinstr int shared_flags(int x)
// -{
// -	return x & SHARED_MASK;
// -}
// +noinstr int shared_flags(int x); /* stays in vmlinux: noinstr */
// +/* plugsched interface, keep the signature: the configuration says so */
