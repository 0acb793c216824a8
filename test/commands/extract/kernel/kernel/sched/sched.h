/* SPDX-License-Identifier: GPL-2.0-only */
/* What the scheduler's files share; a header with definitions of its own. */
#ifndef KERNEL_SCHED_SCHED_H
#define KERNEL_SCHED_SCHED_H

#include <linux/init.h>
#include <linux/jump_label.h>
#include <linux/objects.h>
#include <linux/percpu.h>
#include <linux/sched.h>

struct rq {
	int nr_running;
	int clock;
	struct {
		int depth;
		int height;
	} tree;
	struct gapped {
		char first;
		int second;
	} gapped;
	struct task_struct *curr;
};

/* Nobody else knows it, but vmlinux has variables of it. */
struct private_stats {
	long waits, runs;
};

struct sched_class {
	void (*enqueue_task)(struct rq *rq, struct task_struct *p);
	struct task_struct *(*pick_next_task)(struct rq *rq);
};

#define DEFINE_SCHED_CLASS(name) \
	const struct sched_class name##_sched_class __aligned(32) __section("__" #name "_sched_class")

DECLARE_PER_CPU(struct rq, runqueues);
extern const struct sched_class rt_sched_class;
extern const struct sched_class idle_sched_class;
extern struct rq main_rq;

/* Others have them too. */
struct shared_mask {
	unsigned long bits;
};

struct shared_node {
	struct list_head link;
	struct shared_mask *mask;
	void (*callback)(struct task_struct *p);
	const struct ops *ops;
	unsigned long data;
	int weight;
};

/* Functions that stay have these values too. */
#define SHARED_QUEUED 1
#define SHARED_MIGRATING 2
#define SHARED_MASK (SHARED_HIGH | SHARED_QUEUED)
#define SHARED_HIGH 0x10
#define SHARED_FIELD(x) ((x) & 7)

enum shared_kind { SHARED_NONE, SHARED_DIRECT, SHARED_MESH };

int shared_user(struct shared_node *node, int x);
int shared_flags(int x);
int serve(struct shared_node *node, int x);

void resched_curr(struct rq *rq);
int header_called(int x);

static const int header_constant = 7;

/* Copied into functions that stay: a copy of it comes along. */
static inline int header_copied(const struct rq *rq)
{
	return rq->clock + header_constant;
}

/* Only what moves calls it. */
static inline int header_internal(const struct rq *rq)
{
	return rq->nr_running + 3;
}

/* Out of line in two units: each copy is replaced. */
static __maybe_unused noinline noclone int header_twice(const struct rq *rq)
{
	return rq->nr_running * 5 + rq->clock;
}

/* A macro of the scheduler's own that names a function. */
#define SET_CALLBACK(p) ((p)->callback = macro_callback)

#endif

// extracted:
// +/* plugsched copy, vmlinux keeps its own in enter and others: change neither alone */
// -#define SET_CALLBACK(p) ((p)->callback = macro_callback)
// +#define SET_CALLBACK(p) ((p)->callback = vmlinux(macro_callback))
