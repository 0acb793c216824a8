/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of the module that puts its scheduler into the running kernel's place and takes it out again.
 *
 * A transition goes either way by the same steps: watch which tasks run (active.c); outside of any stop walk all stacks
 * (stack.c); hold off all who change text (transition.c); stop the machine (stop.c) and there look only at the tasks that ran
 * meanwhile, take all runnable tasks off their runqueues with the scheduler that leaves (state.c), write the jumps and the
 * scheduling classes (redirect.c, alias.c), put the tasks back with the one that comes. Until text is written all can be undone.
 *
 * Functions return 0 or -errno, and leave a sentence in `plugsched_why` if they refuse.
 */
#ifndef PLUGSCHED_RUNTIME_H
#define PLUGSCHED_RUNTIME_H

#include <linux/atomic.h>
#include <linux/sched.h>
#include <linux/types.h>

enum plugsched_direction {
	PLUGSCHED_TO_VMLINUX,
	PLUGSCHED_TO_MODULE,
};

/* --- why a transition was refused: one at a time, under the transition's lock */

struct plugsched_why {
	char error[384];       /* a sentence; "" while all is well */
	char in_the_way[256];  /* "COMM:PID in FUNCTION": who was there last, even if a later attempt succeeded; "" if nobody was */
};
extern struct plugsched_why plugsched_why;

/* Leaves the sentence, logs it, and gives `error` back. Not inside the stop. */
__printf(2, 3) int plugsched_refuse(int error, const char *format, ...);

/* --- figures of the last transition; times in ns */

struct plugsched_figures {
	u64 total_ns, prewalk_ns;
	u64 standstill_ns;         /* of all attempts */
	u64 stop_ns, check_ns, clear_ns, redirect_ns, rebuild_ns; /* of the last one */
	unsigned int attempts;     /* how often the machine was stopped */
	unsigned int retries;      /* how often somebody was in the way, before a stop or in it */
	unsigned int tasks;        /* whose stacks were walked before the first attempt */
	unsigned int tasks_active; /* looked at within the last */
	unsigned int tasks_queued; /* moved from the old scheduler to the new one */
};
extern struct plugsched_figures plugsched_figures;

/* --- faults that a test can order, once each: faults.def. Only in a module that is built for tests (make PLUGSCHED_TESTS=1) */

enum plugsched_fault {
#define FAULT(symbol, name) PLUGSCHED_FAULT_##symbol,
#include "faults.def"
#undef FAULT
	PLUGSCHED_FAULTS,
};

#ifdef PLUGSCHED_TESTS
/* Whether this step shall fail now. */
bool plugsched_fault(enum plugsched_fault fault);
/* Waits, if a test wants something else to happen just then, until it lets go. */
void plugsched_fault_pause(enum plugsched_fault fault);
/* Orders the fault of that name; "none" orders none any more, "go" ends the pause that is waited in. */
int plugsched_fault_order(const char *name);
/* Writes the names: [NAME] is ordered, (NAME) a pause that is waited in. */
ssize_t plugsched_fault_show(char *page);
#else
static inline bool plugsched_fault(enum plugsched_fault fault)
{
	return false;
}

static inline void plugsched_fault_pause(enum plugsched_fault fault)
{
}
#endif

struct plugsched_busy {
	struct task_struct *task;
	unsigned long address; /* where it stands; not sure: where it may stand, 0 if nothing can be told */
	u64 ran;               /* how long it had run by then, ns */
	bool is_sure;          /* the rest is of one whose stack the unwinder cannot walk */
	bool has_probe;        /* as a return probe is there, */
	unsigned long probed;  /* on this function; 0: not known */
	unsigned long last, beyond; /* as it knows what called `last`, but not what called `beyond`, if these are not 0 */
};

/* --- active.c: the tasks that a stop has to look at */

struct plugsched_active {
	struct task_struct **tasks; /* each once, with a reference; an entry may be NULL */
	int *filed, *taken;         /* for state.c: links of a runqueue's lists, by index; -1 ends one, -2: in none */
	atomic_t *slots;            /* hash: index + 1, 0 is free */
	unsigned int room, slot_mask;
	atomic_t used;              /* of `tasks` */
	bool is_overflown;
};

/* Begins to note every task that runs or becomes runnable. Undone by plugsched_active_end(). */
int plugsched_active_begin(struct plugsched_active *active);
void plugsched_active_end(struct plugsched_active *active);
/* Walks the stacks of all tasks; notes those that run, are runnable, or stand in the way. */
int plugsched_active_walk(struct plugsched_active *active, enum plugsched_direction direction);
/*
 * Begins and walks anew if so many tasks have run that the list is more than half full; most of them have long ended. -EAGAIN if it
 * is full even then.
 */
int plugsched_active_renew(struct plugsched_active *active, enum plugsched_direction direction);
/*
 * Walks the stacks of the noted tasks that do not run now. -EBUSY with `busy` filled if one stands in the way: then a stop would be in
 * vain. What it finds clean may run on, so the stop looks again.
 */
int plugsched_active_look(struct plugsched_active *active, enum plugsched_direction direction, struct plugsched_busy *busy);
/* Index of the task, noted if it was not yet; negative if there is no room. */
int plugsched_active_add(struct plugsched_active *active, struct task_struct *task);
unsigned int plugsched_active_count(const struct plugsched_active *active);

/* --- stack.c */

int plugsched_stack_prepare(void);
/* The replaced code of vmlinux that the address lies in; NULL if it is in none. */
const struct plugsched_text *plugsched_text_at(unsigned long address);
/*
 * 0, or -EBUSY with `busy` filled: the task stands in the scheduler that leaves, or may. The task must not run meanwhile, nor be woken: for
 * the stop.
 */
int plugsched_stack_check(struct task_struct *task, enum plugsched_direction direction, struct plugsched_busy *busy);
/* The same outside of a stop; -EAGAIN if the task runs now. */
int plugsched_stack_check_pinned(struct task_struct *task, enum plugsched_direction direction, struct plugsched_busy *busy);
void plugsched_busy_describe(const struct plugsched_busy *busy);

/* --- shadow.c: return addresses that are not on the stack, of a task that does not run */

typedef bool (*plugsched_shadow_look)(void *data, unsigned long address);

/* Shows `look` each of them; false as soon as that is, or if they cannot be read. */
bool plugsched_shadow_each(const struct task_struct *task, plugsched_shadow_look look, void *data);
/* Whether a return probe waits for a function of the task to return. */
bool plugsched_shadow_has_probe(const struct task_struct *task);
/* The function that the last of them is on; 0: not known. */
unsigned long plugsched_shadow_probed(const struct task_struct *task);

/* --- alias.c: text and read-only data, writable under another address */

struct plugsched_alias {
	unsigned long *pages; /* sorted */
	unsigned int count;
	void *mapping;
};

/* Maps the pages that hold [addresses[i], addresses[i] + sizes[i]). Undone by plugsched_alias_end(). */
int plugsched_alias_begin(struct plugsched_alias *alias, const unsigned long *addresses, const unsigned int *sizes,
			  unsigned int count);
void plugsched_alias_end(struct plugsched_alias *alias);
/* Where the byte and what was asked for behind it is writable; NULL if it was not asked for. A search: not for the stop. */
void *plugsched_alias_find(const struct plugsched_alias *alias, unsigned long address);
/* Writes there; at most 16 bytes that lie in one aligned 16 in one step that no other CPU can see half of. */
void plugsched_alias_write(u8 *to, const void *bytes, unsigned int size);

/* --- redirect.c */

/* Once, at load: finds all sites and sees that they are what the tables say. */
int plugsched_redirect_prepare(void);
void plugsched_redirect_release(void);
/* Before each transition, with all who change text held off: nobody else has changed the sites. */
int plugsched_redirect_check(enum plugsched_direction direction);
/* Maps all that is written, and finds where. Until plugsched_alias_end(). */
int plugsched_redirect_map(struct plugsched_alias *alias);
/* Within the stop. */
void plugsched_redirect_write(enum plugsched_direction direction);
unsigned int plugsched_redirect_count(void);
/* Whether the address is the entry of a function of vmlinux that has a jump, or would have. */
bool plugsched_redirect_is_entry(unsigned long address);

/* --- preempt.c */

/* No preemption within the kernel from here on, if it can do without. What plugsched_preempt_restore() takes to undo it. May sleep. */
int plugsched_preempt_calm(void);
void plugsched_preempt_restore(int before);
/* For the trace points' probes, after the first of these: where the kernel is preempted anywhere, a waker is not within the scheduler. */
void plugsched_preempt_prepare(void);
void plugsched_preempt_on_wakeup(const struct task_struct *woken);
void plugsched_preempt_on_switch(void);
/*
 * Waits until whoever is in a section without preemption has left it: each CPU switches to its stopper once. That is what a grace period
 * is for here, and it does not wait for preempted readers.
 */
void plugsched_preempt_wait_for_sections(void);
/*
 * Waits after attempt number `tries`, which took `spent_ns`, was in vain; longer if `busy` is a task that has not got a CPU since, of which
 * the list of active tasks must still hold a reference. 0, or -EINTR.
 */
int plugsched_preempt_pause(unsigned int tries, u64 spent_ns, const struct plugsched_busy *busy);

/* --- state.c */

/* Calls `work` while the task is neither woken nor put on a CPU, if it is not on one. It must not sleep, nor wake anybody. */
int plugsched_state_pin(struct task_struct *task, int (*work)(struct task_struct *task, void *data), void *data);

/* --- state.c: on the CPU itself, within the stop */

/* Files each active task that is queued under its CPU. */
void plugsched_state_file(struct plugsched_active *active, int index);
/*
 * Takes all off the runqueue and that offline. -EAGAIN if something is queued that nobody knows, -EBUSY with `busy` filled if a task that
 * is found only here stands in the way: then rebuild all.
 */
int plugsched_state_clear(struct plugsched_active *active, enum plugsched_direction direction, struct plugsched_busy *busy);
void plugsched_state_rebuild(struct plugsched_active *active, enum plugsched_direction direction);
/* Before each stop, with all who change text held off: whether the scheduler is in a state that can be rebuilt. */
int plugsched_state_check(void);
void plugsched_state_reset(struct plugsched_active *active); /* before each stop */
unsigned int plugsched_state_moved(void);

/* --- tunables.c: within the stop */

/* Notes what is set, before the first runqueue goes offline. */
void plugsched_tunables_note(void);
/* Puts it back; by each CPU, behind each call of the classes' methods that may have reset it. */
void plugsched_tunables_put_back(void);

/* --- transition.c */

int plugsched_transition(enum plugsched_direction direction);

/* --- stop.c */

enum plugsched_phase { PLUGSCHED_WALKED, PLUGSCHED_STOPPED, PLUGSCHED_CHECKED, PLUGSCHED_CLEARED, PLUGSCHED_REDIRECTED,
	PLUGSCHED_REBUILT };

enum plugsched_verdict { PLUGSCHED_GO_ON, PLUGSCHED_BUSY, PLUGSCHED_OVERFLOWN, PLUGSCHED_INCOMPLETE };

struct plugsched_stop {
	enum plugsched_direction direction;
	struct plugsched_active *active;
	struct task_struct *owner; /* who ordered it */
	unsigned int cpus;
	atomic_t arrived;          /* at meetings, all together */
	unsigned int opened;       /* meetings that are over */
	atomic_t ranks;
	atomic_t is_busy;          /* `busy` is taken */
	atomic_t is_incomplete;    /* a runqueue has tasks that nobody knows */
	atomic_t is_given_up;      /* a CPU has waited for too long and tells of it */
	/* By the last to come to a meeting, before it opens; so all see the same. What it is once, it stays. */
	enum plugsched_verdict verdict;
	bool is_unlooked;          /* ordered by a test: no noted task is looked at */
	struct plugsched_busy busy;
	u64 begin, checked, cleared, redirected, rebuilt; /* ns */
};

/* To be run by stop_machine() on every online CPU. */
int plugsched_stop_each(void *stop);

/* --- sysfs.c */

enum plugsched_state { PLUGSCHED_DISABLED, PLUGSCHED_CHANGING, PLUGSCHED_ENABLED };
extern enum plugsched_state plugsched_state;

int plugsched_sysfs_begin(void);
void plugsched_sysfs_end(void);

#endif
