/* SPDX-License-Identifier: GPL-2.0-only */
/* One change from one scheduler to another. */
#ifndef PLUGSCHED_TRANSITION_H
#define PLUGSCHED_TRANSITION_H

struct plugsched_change;

/* What a transition has just finished; for its trace event. All but the first are in the stop. */
enum plugsched_phase {
	PLUGSCHED_WALKED,
	PLUGSCHED_STOPPED,
	PLUGSCHED_CHECKED,
	PLUGSCHED_CLEARED,
	PLUGSCHED_REDIRECTED,
	PLUGSCHED_REBUILT,
};

/*
 * Replace the scheduler, as a whole or not at all. The caller holds a lock, so that one transition
 * runs at a time. Sleeps, and tries again for a long time while tasks stand in the way; a signal
 * ends that. Fills `plugsched_figures` and `plugsched_why`, which the caller has cleared. If it returns an error (-EBUSY, -EINTR,
 * -ENOMEM, ...), the scheduler that was at work still is.
 */
int plugsched_transition(const struct plugsched_change *change);

#endif
