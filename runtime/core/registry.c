// SPDX-License-Identifier: GPL-2.0-only
/*
 * The schedulers that have joined, which of them is at work, and the orders to change that.
 *
 * One lock protects everything: one order is carried out at a time, and no scheduler joins or leaves
 * meanwhile. The module of the scheduler at work has a reference, so that it cannot be removed. It
 * is dropped once the order that replaces it is over, as the task that gave the order may stand in
 * the module until then.
 */
#include "registry.h"

#include "fault.h"
#include "history.h"
#include "livepatch.h"
#include "outcome.h"
#include "scheduler.h"
#include "sites.h"
#include "stack.h"
#include "state.h"
#include "sysfs.h"
#include "transition.h"

#include <linux/delay.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>

static DEFINE_MUTEX(lock);
static LIST_HEAD(schedulers); /* all but vmlinux's */

static struct plugsched_scheduler vmlinux = {
	.name = "vmlinux",
	.methods = &plugsched_vmlinux_methods,
};

/*
 * READ_ONCE() outside of the lock pairs with WRITE_ONCE() under it: whoever asks gets the one before
 * or the one after, which may be gone by then.
 */
static struct plugsched_scheduler *at_work = &vmlinux;
static bool is_changing;

/* What the files show of the scheduler at work. They do not wait for an order. */
static DEFINE_SPINLOCK(shown_lock);
static struct {
	char name[MODULE_NAME_LEN];
	unsigned int functions;
} shown = { .name = "vmlinux" };

/* --- who is there */

static struct plugsched_scheduler *find(const char *name)
{
	struct plugsched_scheduler *scheduler;

	if (sysfs_streq(name, vmlinux.name))
		return &vmlinux;
	list_for_each_entry(scheduler, &schedulers, list)
		if (sysfs_streq(name, scheduler->name))
			return scheduler;
	return NULL;
}

static struct plugsched_scheduler *find_by(const struct plugsched_tables *tables)
{
	struct plugsched_scheduler *scheduler;

	list_for_each_entry(scheduler, &schedulers, list)
		if (scheduler->tables == tables)
			return scheduler;
	return NULL;
}

bool plugsched_is_at_work(const struct plugsched_scheduler *scheduler)
{
	return READ_ONCE(at_work) == scheduler; /* pairs: see at_work */
}

const char *plugsched_state_name(void)
{
	if (READ_ONCE(is_changing)) /* pairs with the writes in change() */
		return "changing";
	if (!plugsched_is_at_work(&vmlinux))
		return "enabled";
	/* an old answer is as good as a new one: READ_ONCE() pairs with the list's WRITE_ONCE() */
	return list_empty(&schedulers) ? "none" : "disabled";
}

void plugsched_name_at_work(char *name)
{
	spin_lock(&shown_lock);
	strscpy(name, shown.name, MODULE_NAME_LEN);
	spin_unlock(&shown_lock);
}

unsigned int plugsched_functions_at_work(void)
{
	unsigned int count;

	spin_lock(&shown_lock);
	count = shown.functions;
	spin_unlock(&shown_lock);
	return count;
}

/* --- orders */

static void begin_work(struct plugsched_scheduler *scheduler)
{
	WRITE_ONCE(at_work, scheduler); /* pairs: see at_work */
	spin_lock(&shown_lock);
	strscpy(shown.name, scheduler->name, MODULE_NAME_LEN);
	shown.functions = scheduler->site_count;
	spin_unlock(&shown_lock);
	pr_info("%s's scheduler is at work\n", scheduler->name);
}

/* The caller sees to the references to both modules, and to the history. Under the lock. */
static int carry_out(const struct plugsched_change *change)
{
	int error;

	plugsched_why = (struct plugsched_why){};
	plugsched_figures = (struct plugsched_figures){};
	WRITE_ONCE(is_changing, true); /* pairs: plugsched_state_name() */
	error = plugsched_livepatch_expect(change);
	if (!error)
		error = plugsched_transition(change);
	if (!error)
		begin_work(change->to);
	plugsched_livepatch_settle(at_work);
	WRITE_ONCE(is_changing, false);
	return error;
}

static int change_to(struct plugsched_scheduler *to)
{
	struct plugsched_change change = { .from = at_work, .to = to };
	int error;

	if (to->module && !try_module_get(to->module)) /* held while it is at work */
		return plugsched_refuse(-ENODEV, "the module %s is being removed", to->name);
	error = carry_out(&change);
	plugsched_history_add(&change, error);
	module_put(error ? to->module : change.from->module);
	return error;
}

int plugsched_order(const char *name)
{
	struct plugsched_scheduler *to;
	int error;

	if (!mutex_trylock(&lock))
		return -EBUSY;
	plugsched_why = (struct plugsched_why){};
	to = find(name);
	if (!to)
		error = plugsched_refuse(-ENOENT, "no scheduler of that name is there: %.*s",
					 (int)strcspn(name, "\n"), name);
	else if (to == at_work)
		error = plugsched_refuse(-EALREADY, "%s's scheduler is at work already", to->name);
	else {
		plugsched_fault_pause(PLUGSCHED_FAULT_PAUSE_ORDERED);
		error = change_to(to);
	}
	mutex_unlock(&lock);
	return error;
}

/* --- joining and leaving */

static struct plugsched_scheduler *allocate(const struct plugsched_tables *tables)
{
	struct plugsched_scheduler *scheduler = kzalloc(sizeof(*scheduler), GFP_KERNEL);

	if (!scheduler)
		return NULL;
	scheduler->name = tables->module->name;
	scheduler->module = tables->module;
	scheduler->methods = tables->methods;
	scheduler->tables = tables;
	return scheduler;
}

/* Frees the scheduler if it fails. */
static int enter(struct plugsched_scheduler *scheduler)
{
	int error = plugsched_stack_prepare(scheduler);

	if (!error)
		error = plugsched_sites_prepare(scheduler);
	if (!error) {
		error = plugsched_sysfs_add(scheduler);
		if (!error) {
			list_add_tail(&scheduler->list, &schedulers);
			return 0;
		}
		plugsched_sites_release(scheduler);
	}
	kfree(scheduler);
	return error;
}

static int join(const struct plugsched_tables *tables)
{
	struct plugsched_scheduler *scheduler;

	if (!strcmp(tables->module->name, vmlinux.name))
		return plugsched_refuse(-EINVAL, "a scheduler cannot be called vmlinux");
	scheduler = allocate(tables);
	return scheduler ? enter(scheduler)
			 : plugsched_refuse(-ENOMEM, "no memory for a scheduler's entry");
}

int plugsched_join(const struct plugsched_tables *tables)
{
	int error = mutex_lock_interruptible(&lock);

	if (error)
		return error;
	plugsched_why = (struct plugsched_why){};
	error = join(tables);
	mutex_unlock(&lock);
	return error;
}

#define FORCED_PAUSE_MS 1000
#define LEAVE_PAUSE (HZ / 20)

/*
 * The kernel removes a module in spite of its reference (rmmod -f): vmlinux's scheduler has to be at
 * work before its text is freed, however long that takes.
 */
static void go_back(struct plugsched_scheduler *scheduler)
{
	struct plugsched_change change = { .from = scheduler, .to = &vmlinux, .is_forced = true };

	pr_warn("%s is removed by force while its scheduler is at work\n", scheduler->name);
	while (carry_out(&change))
		msleep(FORCED_PAUSE_MS);
	plugsched_history_add(&change, 0);
}

void plugsched_leave(const struct plugsched_tables *tables)
{
	struct plugsched_scheduler *scheduler;

	/* an order may take minutes; whoever waits for it is idle and does not hang */
	while (!mutex_trylock(&lock))
		schedule_timeout_idle(LEAVE_PAUSE);
	scheduler = find_by(tables);
	if (at_work == scheduler)
		go_back(scheduler);
	list_del(&scheduler->list);
	plugsched_sysfs_remove(scheduler);
	plugsched_sites_release(scheduler);
	kfree(scheduler);
	mutex_unlock(&lock);
}
