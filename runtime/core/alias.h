/* SPDX-License-Identifier: GPL-2.0-only */
/* Text and read-only data of vmlinux, mapped writable at a second address. */
#ifndef PLUGSCHED_ALIAS_H
#define PLUGSCHED_ALIAS_H

#include <linux/types.h>

struct plugsched_alias {
	unsigned long *pages; /* the addresses of the pages in vmlinux, sorted */
	unsigned int count;   /* how many pages there are */
	void *mapping;        /* the same pages in this order, one after the other, writable */
};

/*
 * Map the pages that hold the bytes [addresses[i], addresses[i] + sizes[i]) for all i below
 * `count`; no size is larger than a page. Both arrays stay the caller's and are not needed
 * afterwards. Sleeps. Returns -ENOMEM if the pages cannot be listed or mapped. If it succeeds,
 * plugsched_alias_end() has to follow.
 */
int plugsched_alias_begin(struct plugsched_alias *alias, const unsigned long *addresses,
			  const unsigned int *sizes, unsigned int count);

/* Remove the mapping and free the list of pages. Sleeps. */
void plugsched_alias_end(struct plugsched_alias *alias);

/*
 * The writable address of the byte at `address`; the bytes behind it that were asked for together
 * with it follow there. NULL if its page was not asked for. This searches: do not call it within
 * the stop.
 */
void *plugsched_alias_find(const struct plugsched_alias *alias, unsigned long address);

/*
 * Write `size` bytes at the writable address `to`. Bytes within the same 16 aligned bytes are
 * written in one step, so that no other CPU can see half of them. Does not sleep.
 */
void plugsched_alias_write(u8 *to, const void *bytes, unsigned int size);

#endif
