// SPDX-License-Identifier: GPL-2.0-only
/* Part of build_policy.c: scheduling classes without a macro, and code that compares them. */

static void enqueue_task_idle(struct rq *rq, struct task_struct *p)
{
	p->on_rq = rq->nr_running + 1;
}

static struct task_struct *pick_next_task_idle(struct rq *rq)
{
	return rq->curr;
}

static noinline void call_enqueue(void (*enqueue)(struct rq *rq, struct task_struct *p), struct task_struct *p)
{
	enqueue(&main_rq, p);
}

/* declared before it is defined */
const struct sched_class idle_sched_class;

const struct sched_class idle_sched_class
	__section("__idle_sched_class") = {
	.enqueue_task = enqueue_task_idle,
	.pick_next_task = pick_next_task_idle,
};

static const struct sched_class stop_sched_class = {
	enqueue_task_idle,
	pick_next_task_idle,
};

int class_user(struct task_struct *p, int x)
{
	if (p->sched_class == &rt_sched_class)
		return x;
	p->sched_class = x ? &idle_sched_class : &stop_sched_class;
	call_enqueue(enqueue_task_idle, p);
	p->sched_class->enqueue_task(&main_rq, p);
	return x + 1;
}

// extracted:
// +/* plugsched interface, keep the signature: it is a method of idle_sched_class, whose contents the module replaces */
// +/* plugsched interface, keep the signature: it is a method of idle_sched_class, whose contents the module replaces */
// -const struct sched_class idle_sched_class;
// +extern const struct sched_class idle_sched_class;
// -const struct sched_class idle_sched_class
// +static const struct sched_class plugsched_idle_sched_class
// -static const struct sched_class stop_sched_class = {
// +extern const struct sched_class stop_sched_class;
// +static const struct sched_class plugsched_stop_sched_class = {
// +/* plugsched interface, keep the signature: enter_more() in kernel/outside.c calls it */
// -	call_enqueue(enqueue_task_idle, p);
// +	call_enqueue(vmlinux(enqueue_task_idle), p);
