// SPDX-License-Identifier: GPL-2.0-only
/*
 * Jump labels of vmlinux that lie under the schedulers' jumps.
 *
 * When a key changes, the kernel rewrites the labels of the key, and meets a BUG() where it does not
 * find the bytes that it left there. It leaves alone those that are marked as labels of init text,
 * which is freed. So a label under a jump has this mark as long as a jump is there. Then the label
 * is written as the kernel would have written it by then, and loses the mark.
 */
#include "label.h"

#include "alias.h"
#include "outcome.h"
#include "place.h"

#include <linux/jump_label.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <asm/nops.h>

#ifdef CONFIG_JUMP_LABEL
#define SHORT_LABEL 2

struct plugsched_label {
	struct plugsched_label *next; /* of the same place */
	struct jump_entry *entry;
	unsigned int size; /* bytes */
	u8 *writable;      /* the entry's key, valid during an attempt */
};

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
static void write_bytes(const struct plugsched_label *label, u8 *bytes)
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

/* --- finding them */

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

		if (sites[middle].place->address + JUMP_LENGTH <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && sites[low].place->address < address + LONGEST_LABEL ? &sites[low]
										  : NULL;
}

static void free_all(struct plugsched_label *label)
{
	struct plugsched_label *next;

	for (; label; label = next) {
		next = label->next;
		kfree(label);
	}
}

/* A list with one label more; NULL, with the list freed, without memory. */
static struct plugsched_label *allocate(struct plugsched_label *list)
{
	struct plugsched_label *label = kzalloc(sizeof(*label), GFP_KERNEL);

	if (label)
		label->next = list;
	else
		free_all(list);
	return label;
}

/* The site whose place the label may be the first to concern; or NULL. */
static struct plugsched_site *new_site_meeting(struct plugsched_site *sites, unsigned int count,
					       const struct jump_entry *entry)
{
	struct plugsched_site *site = site_meeting(sites, count, jump_entry_code(entry));

	return site && site->place->users == 1 ? site : NULL;
}

/* Note the label, for which one of the spare ones is used, and make the place as long as it needs. */
static int add(struct jump_entry *entry, const struct plugsched_site *site,
	       struct plugsched_label **spare)
{
	struct plugsched_place *place = site->place;
	unsigned long begin = jump_entry_code(entry), end = begin + size_of(entry);
	struct plugsched_label *label;

	if (begin < end && end <= place->address)
		return 0; /* ends before the jump */
	if (begin == end || begin < place->address)
		return plugsched_site_refuse(site);
	label = *spare;
	*spare = label->next;
	label->entry = entry;
	label->size = end - begin;
	label->next = place->labels;
	place->labels = label;
	place->length = max_t(unsigned int, place->length, end - place->address);
	return 0;
}

/* Allocate what plugsched_labels_find() needs at most: it must not wait for memory later. */
static int prepare(struct plugsched_site *sites, unsigned int count, struct plugsched_label **spare)
{
	struct jump_entry *entry;

	*spare = NULL;
	for (entry = __start___jump_table; entry < __stop___jump_table; entry++) {
		if (!new_site_meeting(sites, count, entry))
			continue;
		*spare = allocate(*spare);
		if (!*spare)
			return plugsched_refuse(-ENOMEM, "no memory for the jump labels");
	}
	return 0;
}

/*
 * vmlinux's table does not change, so it is read once for each place. jump_label_text_reserved() is
 * not used: it decodes every label for every place.
 */
int plugsched_labels_find(struct plugsched_site *sites, unsigned int count)
{
	struct plugsched_label *spare;
	struct plugsched_site *site;
	struct jump_entry *entry;
	int error = prepare(sites, count, &spare);

	if (error)
		return error;
	jump_label_lock();
	for (entry = __start___jump_table; !error && entry < __stop___jump_table; entry++) {
		site = new_site_meeting(sites, count, entry);
		if (site)
			error = add(entry, site, &spare);
	}
	jump_label_unlock();
	free_all(spare);
	return error;
}

void plugsched_labels_free(struct plugsched_place *place)
{
	free_all(place->labels);
	place->labels = NULL;
}

bool plugsched_labels_renew(struct plugsched_place *place, bool has_jump)
{
	const struct plugsched_label *label;

	for (label = place->labels; label; label = label->next) {
		if (jump_entry_is_init(label->entry) != has_jump)
			return false;
		write_bytes(label,
			    place->before + (jump_entry_code(label->entry) - place->address));
	}
	return true;
}

/* --- writing */

unsigned int plugsched_labels_count(const struct plugsched_place *place)
{
	const struct plugsched_label *label;
	unsigned int count = 0;

	for (label = place->labels; label; label = label->next)
		count++;
	return count;
}

void plugsched_labels_list(const struct plugsched_place *place, unsigned long *addresses,
			   unsigned int *sizes)
{
	const struct plugsched_label *label;

	for (label = place->labels; label; label = label->next) {
		*addresses++ = (unsigned long)&label->entry->key;
		*sizes++ = sizeof(label->entry->key);
	}
}

bool plugsched_labels_map(struct plugsched_place *place, const struct plugsched_alias *alias)
{
	struct plugsched_label *label;
	bool is_complete = true;

	for (label = place->labels; label; label = label->next) {
		label->writable = plugsched_alias_find(alias, (unsigned long)&label->entry->key);
		is_complete &= label->writable != NULL;
	}
	return is_complete;
}

void plugsched_labels_write(const struct plugsched_place *place, bool has_jump)
{
	const struct plugsched_label *label;

	for (label = place->labels; label; label = label->next) {
		struct jump_entry entry = { .key = label->entry->key };

		jump_entry_set_init(&entry, has_jump);
		plugsched_alias_write(label->writable, &entry.key, sizeof(entry.key));
	}
}
#else
int plugsched_labels_find(struct plugsched_site *sites, unsigned int count)
{
	return 0;
}

void plugsched_labels_free(struct plugsched_place *place)
{
}

bool plugsched_labels_renew(struct plugsched_place *place, bool has_jump)
{
	return true;
}

unsigned int plugsched_labels_count(const struct plugsched_place *place)
{
	return 0;
}

void plugsched_labels_list(const struct plugsched_place *place, unsigned long *addresses,
			   unsigned int *sizes)
{
}

bool plugsched_labels_map(struct plugsched_place *place, const struct plugsched_alias *alias)
{
	return true;
}

void plugsched_labels_write(const struct plugsched_place *place, bool has_jump)
{
}
#endif
