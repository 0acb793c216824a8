// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text and read-only data of vmlinux, writable at a second address.
 *
 * The pages are mapped a second time, for one transition only. Their own mapping stays read-only,
 * and no CPU drops its write protection. 16 aligned bytes are written by one cmpxchg16b. Within the
 * stop only an NMI can run on another CPU; it executes the old instruction or the new one, never a
 * mixture.
 */
#include "alias.h"

#include "fault.h"
#include "outcome.h"

#include <linux/bsearch.h>
#include <linux/mm.h>
#include <linux/sort.h>
#include <linux/vmalloc.h>
#include <asm/cpufeature.h>

#define BLOCK 16

static int compare(const void *left, const void *right)
{
	unsigned long l = *(const unsigned long *)left, r = *(const unsigned long *)right;

	return l < r ? -1 : l > r;
}

static void list_pages(struct plugsched_alias *alias, const unsigned long *addresses,
		       const unsigned int *sizes, unsigned int count)
{
	unsigned int i, kept = 0;
	unsigned long page;

	alias->count = 0;
	/* nothing that is written is larger than a page, so each is in two pages at most */
	for (i = 0; i < count; i++)
		for (page = addresses[i] & PAGE_MASK; page < addresses[i] + sizes[i];
		     page += PAGE_SIZE)
			alias->pages[alias->count++] = page;
	sort(alias->pages, alias->count, sizeof(*alias->pages), compare, NULL);
	for (i = 0; i < alias->count; i++)
		if (!i || alias->pages[i] != alias->pages[kept - 1])
			alias->pages[kept++] = alias->pages[i];
	alias->count = kept;
}

static void *map_pages(const struct plugsched_alias *alias)
{
	struct page **pages = kvcalloc(alias->count, sizeof(*pages), GFP_KERNEL);
	void *mapping = NULL;
	unsigned int i;

	if (!pages || plugsched_fault(PLUGSCHED_FAULT_ALIAS))
		goto out;
	for (i = 0; i < alias->count; i++)
		pages[i] = virt_to_page((void *)alias->pages[i]);
	mapping = vmap(pages, alias->count, VM_MAP, PAGE_KERNEL);
out:
	kvfree(pages);
	return mapping;
}

int plugsched_alias_begin(struct plugsched_alias *alias, const unsigned long *addresses,
			  const unsigned int *sizes, unsigned int count)
{
	alias->pages = plugsched_fault(PLUGSCHED_FAULT_PAGES)
			       ? NULL
			       : kvcalloc(2 * count, sizeof(*alias->pages), GFP_KERNEL);
	if (!alias->pages)
		return plugsched_refuse(-ENOMEM, "no memory for the list of text pages");
	list_pages(alias, addresses, sizes, count);
	alias->mapping = map_pages(alias);
	if (alias->mapping)
		return 0;
	kvfree(alias->pages);
	return plugsched_refuse(-ENOMEM, "%u pages of vmlinux cannot be mapped writable",
				alias->count);
}

void plugsched_alias_end(struct plugsched_alias *alias)
{
	vunmap(alias->mapping);
	kvfree(alias->pages);
}

void *plugsched_alias_find(const struct plugsched_alias *alias, unsigned long address)
{
	unsigned long page = address & PAGE_MASK;
	unsigned long *found = bsearch(&page, alias->pages, alias->count, sizeof(page), compare);

	return found ? alias->mapping + (found - alias->pages) * PAGE_SIZE + offset_in_page(address)
		     : NULL;
}

/*
 * Write within one aligned block in one step. As a barrier the locked instruction has no partner:
 * the meeting that follows, and each CPU's sync_core() after it (stop.c), order the new text before
 * its execution.
 */
static void write_block(u64 *block, unsigned int offset, const void *bytes, unsigned int size)
{
	u64 old[2] = { block[0], block[1] }, new[2];
	bool is_done;

	do {
		memcpy(new, old, BLOCK);
		memcpy((u8 *)new + offset, bytes, size);
		asm volatile("lock cmpxchg16b %[block]"
			     : [block] "+m"(*(u64(*)[2])block), "=@ccz"(is_done), "+a"(old[0]),
			       "+d"(old[1])
			     : "b"(new[0]), "c"(new[1]));
	} while (!is_done);
}

void plugsched_alias_write(u8 *to, const void *bytes, unsigned int size)
{
	while (size) {
		unsigned int offset = (unsigned long)to % BLOCK;
		unsigned int part = min_t(unsigned int, size, BLOCK - offset);

		if (boot_cpu_has(X86_FEATURE_CX16))
			write_block((u64 *)(to - offset), offset, bytes, part);
		else
			memcpy(to, bytes, part);
		to += part;
		bytes += part;
		size -= part;
	}
}
