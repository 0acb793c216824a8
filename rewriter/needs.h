/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel options without which the scheduler cannot be replaced. All other options may be on or
 * off.
 */
#ifndef PLUGSCHED_REWRITER_NEEDS_H
#define PLUGSCHED_REWRITER_NEEDS_H

#include <glib.h>
#include <stdbool.h>

/*
 * Checks the .config of a built kernel for these options. False with `error`, in `domain`, which
 * lists every option that is missing and what it is needed for.
 */
bool needs_check(const char *config_path, GQuark domain, GError **error);

#endif
