/* SPDX-License-Identifier: GPL-2.0-only */
/* The tunables of the fair class, kept over a stop. Both functions are for use within the stop. */
#ifndef PLUGSCHED_TUNABLES_H
#define PLUGSCHED_TUNABLES_H

/* Note the values that are set. On one CPU, before the first runqueue goes offline. */
void plugsched_tunables_note(void);

/*
 * Write the noted values back. On each CPU, after each call of methods of the scheduling classes
 * that may have reset them.
 */
void plugsched_tunables_put_back(void);

#endif
