/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The prefix of every line that the runtime writes to the kernel's log.
 *
 * A file that logs includes this header before all others, as <linux/printk.h> defines pr_fmt()
 * itself if nobody has done so. WARN() and panic() do not use pr_fmt(): write it around their text.
 */
#ifndef PLUGSCHED_LOG_H
#define PLUGSCHED_LOG_H

#define pr_fmt(format) "plugsched: " format

#include <linux/printk.h>

#endif
