// SPDX-License-Identifier: GPL-2.0-only
/* Is the running kernel the one that the core was made for? */
#include "build_id.h"

#include "../identity.h"

#include <linux/elf.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define BUILD_ID_NOTE 3 /* as lib/buildid.c has it */

extern const u8 plugsched_notes_begin[] __asm__("__start_notes");
extern const u8 plugsched_notes_end[] __asm__("__stop_notes");

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

int plugsched_check_build_id(void)
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
