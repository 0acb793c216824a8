// SPDX-License-Identifier: GPL-2.0-only
/*
 * Jump labels of vmlinux that lie under the module's jumps.
 *
 * When a key changes, the kernel rewrites the labels of the key, and meets a BUG() where it does not
 * find the bytes that it left there. It leaves alone those that are marked as labels of init text,
 * which is freed. So a label under a jump has this mark as long as the jump is there. Then the label
 * is written as the kernel would have written it by then, and loses the mark.
 */
#include "label.h"

#include "alias.h"
#include "outcome.h"
#include "site.h"

#include <linux/jump_label.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <asm/nops.h>

#ifdef CONFIG_JUMP_LABEL
#define SHORT_LABEL 2

struct label {
	struct jump_entry *entry;
	struct plugsched_site *site;
	unsigned int size; /* bytes */
	u8 *writable;      /* the entry's key, valid during a transition */
};

static struct label *labels;
static unsigned int label_count;

static const u8 short_nop[SHORT_LABEL] = { BYTES_NOP2 };
static const u8 long_nop[LONGEST_LABEL] = { BYTES_NOP5 };

/* --- one label */

/* Its bytes, or 0 if there is neither a nop nor a jump. Nobody changes the label meanwhile. */
static unsigned int size_of(const struct jump_entry *entry)
{
	const u8 *code = (const u8 *)jump_entry_code(entry);

	if (code[0] == JMP8_INSN_OPCODE || !memcmp(code, short_nop, sizeof(short_nop)))
		return SHORT_LABEL;
	if (code[0] == JMP32_INSN_OPCODE || !memcmp(code, long_nop, sizeof(long_nop)))
		return LONGEST_LABEL;
	return 0;
}

/* As jump_label_type() in kernel/jump_label.c decides. The key does not change meanwhile. */
static bool is_jump(const struct jump_entry *entry)
{
	bool is_enabled = static_key_count(jump_entry_key(entry)) > 0;

	return is_enabled != jump_entry_is_branch(entry);
}

/* Write what the label has to be now. */
static void write_bytes(const struct label *label, u8 *bytes)
{
	const struct jump_entry *entry = label->entry;
	s32 distance = (s32)(jump_entry_target(entry) - (jump_entry_code(entry) + label->size));

	if (!is_jump(entry)) {
		memcpy(bytes, label->size == SHORT_LABEL ? short_nop : long_nop, label->size);
	} else if (label->size == SHORT_LABEL) {
		bytes[0] = JMP8_INSN_OPCODE;
		bytes[1] = (u8)distance;
	} else {
		bytes[0] = JMP32_INSN_OPCODE;
		memcpy(bytes + 1, &distance, sizeof(distance));
	}
}

/* --- the table */

/*
 * The first site whose jump ends behind the address, if the jump may overlap a label there, of which
 * nobody knows yet how long it is; or NULL.
 */
static struct plugsched_site *site_meeting(struct plugsched_site *sites, unsigned int count,
					   unsigned long address)
{
	unsigned int low = 0, high = count;

	while (low < high) {
		unsigned int middle = low + (high - low) / 2;

		if (sites[middle].place + JUMP_LENGTH <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && sites[low].place < address + LONGEST_LABEL ? &sites[low] : NULL;
}

/* Note the label, and make the site's place as long as the label needs. */
static int add(struct jump_entry *entry, struct plugsched_site *site)
{
	unsigned long begin = jump_entry_code(entry), end = begin + size_of(entry);

	if (begin < end && end <= site->place)
		return 0; /* ends before the jump */
	if (begin == end || begin < site->place)
		return plugsched_site_refuse(site);
	site->length = max_t(unsigned int, site->length, end - site->place);
	labels[label_count++] = (struct label){ .entry = entry, .site = site, .size = end - begin };
	return 0;
}

/*
 * vmlinux's table does not change, so it is read once. jump_label_text_reserved() is not used: it
 * decodes every label for every site.
 */
int plugsched_labels_find(struct plugsched_site *sites, unsigned int count)
{
	struct plugsched_site *site;
	struct jump_entry *entry;
	unsigned int room = 0;
	int error = 0;

	for (entry = __start___jump_table; entry < __stop___jump_table; entry++)
		room += site_meeting(sites, count, jump_entry_code(entry)) != NULL;
	labels = kvcalloc(room, sizeof(*labels), GFP_KERNEL);
	if (!labels)
		return plugsched_refuse(-ENOMEM, "no memory for the table of %u jump labels", room);
	jump_label_lock();
	for (entry = __start___jump_table; !error && entry < __stop___jump_table; entry++) {
		site = site_meeting(sites, count, jump_entry_code(entry));
		if (site)
			error = add(entry, site);
	}
	jump_label_unlock();
	return error;
}

void plugsched_labels_release(void)
{
	kvfree(labels);
}

int plugsched_labels_renew(enum plugsched_direction direction)
{
	unsigned int i;

	for (i = 0; i < label_count; i++) {
		struct plugsched_site *site = labels[i].site;

		if (jump_entry_is_init(labels[i].entry) != (direction == PLUGSCHED_TO_VMLINUX))
			return plugsched_refuse(-EBUSY,
						"somebody has changed a jump label of %s: "
						"take that out first",
						site->name);
		write_bytes(&labels[i],
			    site->before + (jump_entry_code(labels[i].entry) - site->place));
	}
	return 0;
}

/* --- writing */

unsigned int plugsched_labels_count(void)
{
	return label_count;
}

void plugsched_labels_list(unsigned long *addresses, unsigned int *sizes)
{
	unsigned int i;

	for (i = 0; i < label_count; i++) {
		addresses[i] = (unsigned long)&labels[i].entry->key;
		sizes[i] = sizeof(labels[i].entry->key);
	}
}

bool plugsched_labels_map(const struct plugsched_alias *alias)
{
	bool is_complete = true;
	unsigned int i;

	for (i = 0; i < label_count; i++) {
		labels[i].writable =
			plugsched_alias_find(alias, (unsigned long)&labels[i].entry->key);
		is_complete &= labels[i].writable != NULL;
	}
	return is_complete;
}

void plugsched_labels_write(enum plugsched_direction direction)
{
	unsigned int i;

	for (i = 0; i < label_count; i++) {
		struct jump_entry entry = { .key = labels[i].entry->key };

		jump_entry_set_init(&entry, direction == PLUGSCHED_TO_MODULE);
		plugsched_alias_write(labels[i].writable, &entry.key, sizeof(entry.key));
	}
}
#else
int plugsched_labels_find(struct plugsched_site *sites, unsigned int count)
{
	return 0;
}

void plugsched_labels_release(void)
{
}

int plugsched_labels_renew(enum plugsched_direction direction)
{
	return 0;
}

unsigned int plugsched_labels_count(void)
{
	return 0;
}

void plugsched_labels_list(unsigned long *addresses, unsigned int *sizes)
{
}

bool plugsched_labels_map(const struct plugsched_alias *alias)
{
	return true;
}

void plugsched_labels_write(enum plugsched_direction direction)
{
}
#endif
