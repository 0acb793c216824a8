// SPDX-License-Identifier: GPL-2.0-only
/* The last orders, with what they cost. */
#include "history.h"

#include "outcome.h"
#include "scheduler.h"

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#define KEPT 32
#define LONGEST_LINE (2 * MODULE_NAME_LEN + 384)

struct event {
	time64_t when; /* seconds since the epoch */
	char from[MODULE_NAME_LEN], to[MODULE_NAME_LEN];
	int error;
	struct plugsched_figures figures;
};

static DEFINE_SPINLOCK(lock); /* protects both; held for a copy only */
static struct event events[KEPT];
static unsigned long noted; /* how many in all; the next is events[noted % KEPT] */

void plugsched_history_add(const struct plugsched_change *change, int error)
{
	struct event *event;

	spin_lock(&lock);
	event = &events[noted++ % KEPT];
	event->when = ktime_get_real_seconds();
	strscpy(event->from, change->from->name, sizeof(event->from));
	strscpy(event->to, change->to->name, sizeof(event->to));
	event->error = error;
	event->figures = plugsched_figures;
	spin_unlock(&lock);
}

static bool take(unsigned long number, struct event *event)
{
	bool is_kept;

	spin_lock(&lock);
	is_kept = number < noted && number + KEPT >= noted;
	if (is_kept)
		*event = events[number % KEPT];
	spin_unlock(&lock);
	return is_kept;
}

static size_t print(const struct event *event, char *text, size_t size)
{
	const struct plugsched_figures *f = &event->figures;

	return scnprintf(
		text, size,
		"%lld from=%s to=%s error=%d total_ns=%llu standstill_ns=%llu stop_ns=%llu "
		"gather_ns=%llu check_ns=%llu clear_ns=%llu redirect_ns=%llu "
		"rebuild_ns=%llu attempts=%u retries=%u tasks=%u tasks_active=%u "
		"tasks_queued=%u\n",
		event->when, event->from, event->to, event->error, f->total_ns, f->standstill_ns,
		f->stop_ns, f->gather_ns, f->check_ns, f->clear_ns, f->redirect_ns, f->rebuild_ns,
		f->attempts, f->retries, f->tasks, f->tasks_active, f->tasks_queued);
}

size_t plugsched_history_print(char *text, size_t size)
{
	/* READ_ONCE() pairs with the write in plugsched_history_add(); an old value skips the newest */
	unsigned long end = READ_ONCE(noted), number = end > KEPT ? end - KEPT : 0;
	struct event event;
	size_t length = 0;

	for (; number < end; number++)
		if (take(number, &event))
			length += print(&event, text + length, size - length);
	return length;
}

size_t plugsched_history_size(void)
{
	return KEPT * LONGEST_LINE;
}
