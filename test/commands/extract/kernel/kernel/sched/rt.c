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
// -static int twin_state = 6;
// +extern int twin_state asm("__vmlinux_twin_state__pos_2");
// +/* plugsched interface, keep the signature: its address is taken by rt_user, so it is entered through a pointer */
// -static noinline void twin_waits(int x)
// -{
// -	twin_state += x + 1;
// -	schedule();
// -}
// +noinline void twin_waits(int x) asm("__vmlinux_twin_waits__pos_2"); /* stays in vmlinux: waits */
// +/* plugsched interface, keep the signature: the configuration says so */
// -	static int calls = 7;
// +	extern int rt_user__calls asm("__vmlinux_calls__0__pos_3");
// -	call_later(twin_kept);
// +	call_later(vmlinux_at(twin_kept, 2));
// -	calls++;
// +	rt_user__calls++;
// +/* plugsched interface, keep the signature: it is a method of rt_sched_class, whose contents the module replaces */
// +/* plugsched interface, keep the signature: it is a method of rt_sched_class, whose contents the module replaces */
// -DEFINE_SCHED_CLASS(rt) = {
// +static const struct sched_class plugsched_rt_sched_class = {
