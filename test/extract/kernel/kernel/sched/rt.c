// SPDX-License-Identifier: GPL-2.0-only
/* Part of build_policy.c: a scheduling class, and what twins.c has too. */

static int twin_state = 6;

static noinline int twin_kept(int x)
{
	return x + 1 + twin_state++;
}

static noinline void twin_waits(int x)
{
	twin_state += x + 1;
	schedule();
}

int rt_user(int x)
{
	static int calls = 7;

	twin_waits(x);
	call_later(twin_kept);
	calls++;
	return twin_kept(x);
}

static void enqueue_task_rt(struct rq *rq, struct task_struct *p)
{
	p->on_rq = rq->nr_running;
}

static struct task_struct *pick_next_task_rt(struct rq *rq)
{
	return rq->curr;
}

DEFINE_SCHED_CLASS(rt) = {
	.enqueue_task		= enqueue_task_rt,
	.pick_next_task		= pick_next_task_rt,
};

// extracted:
