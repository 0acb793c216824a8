/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PLUGSCHED_BUILD_ID_H
#define PLUGSCHED_BUILD_ID_H

/*
 * Is the running kernel the one that the core was made for? Reads the kernel's notes, through reads
 * that may fail. Returns -EINVAL if it is another one, or -ENOMEM; leaves no sentence in `error`,
 * which can be read only once the core is there, but one in the log.
 */
int plugsched_check_build_id(void);

#endif
