// SPDX-License-Identifier: GPL-2.0-only
/*
 * The core: the module that all schedulers of one kernel build need. It is compiled into
 * plugsched.ko and stays in the kernel while schedulers come and go.
 *
 * A scheduler reaches vmlinux by distances that hold for one build only (plugsched anchor). On any
 * other kernel it would do harm before its first line runs: the kernel applies a module's jump
 * labels and static calls first. So a scheduler asks for a symbol whose name has the build-id, which
 * only this module exports. Without it the kernel refuses the scheduler while it looks up symbols.
 *
 * This module must not do harm on another kernel either. It has no jump label, static call or trace
 * point of vmlinux, and looks at the running kernel's build-id, through reads that may fail, before
 * anybody can use its symbol.
 */
#define pr_fmt(fmt) "plugsched: " fmt

#include "../identity.h"

#include <linux/elf.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define BUILD_ID_NOTE 3 /* as lib/buildid.c has it */

extern const u8 plugsched_notes_begin[] __asm__("__start_notes");
extern const u8 plugsched_notes_end[] __asm__("__stop_notes");

/* The name has the build-id; so has the value, for whoever reads a dump. */
extern const char PLUGSCHED_KERNEL[];
const char PLUGSCHED_KERNEL[] = PLUGSCHED_BUILD_ID;
EXPORT_SYMBOL_GPL(PLUGSCHED_KERNEL);

/* Are these notes with our build-id? Any bytes may be there. */
static bool has_build_id(const u8 *notes, size_t size)
{
	size_t at = 0;

	while (size - at >= sizeof(struct elf_note)) {
		const struct elf_note *note = (const void *)(notes + at);
		u64 text = at + sizeof(*note) + ALIGN((u64)note->n_namesz, 4);
		char id[sizeof(PLUGSCHED_BUILD_ID)];

		if (text + note->n_descsz > size)
			return false;
		if (note->n_type == BUILD_ID_NOTE && note->n_namesz == sizeof("GNU") &&
		    !memcmp(note + 1, "GNU", sizeof("GNU")) &&
		    2 * note->n_descsz == sizeof(id) - 1) {
			*bin2hex(id, notes + text, note->n_descsz) = '\0';
			return !strcmp(id, PLUGSCHED_BUILD_ID);
		}
		at = min_t(u64, text + ALIGN((u64)note->n_descsz, 4), size);
	}
	return false;
}

static int __init plugsched_core_begin(void)
{
	size_t size = plugsched_notes_end - plugsched_notes_begin;
	u8 *notes = kvmalloc(size, GFP_KERNEL);
	bool is_ours;

	if (!notes)
		return -ENOMEM;
	is_ours = !copy_from_kernel_nofault(notes, plugsched_notes_begin, size) &&
		  has_build_id(notes, size);
	kvfree(notes);
	if (is_ours)
		return 0;
	pr_err("made for the kernel with build-id " PLUGSCHED_BUILD_ID
	       ", which is not the running one: extract it again from this kernel's build\n");
	return -EINVAL;
}

static void __exit plugsched_core_end(void)
{
}

PLUGSCHED_DIGEST;
module_init(plugsched_core_begin);
module_exit(plugsched_core_end);
MODULE_INFO(plugsched_build_id, PLUGSCHED_BUILD_ID);
MODULE_INFO(plugsched_version, PLUGSCHED_TOOL_VERSION);
MODULE_DESCRIPTION("The core of plugsched, which schedulers of one kernel build need");
MODULE_LICENSE("GPL");
