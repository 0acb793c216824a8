// SPDX-License-Identifier: GPL-2.0-only
/*
 * Places in vmlinux's text that the kernel patches while it runs, from its own tables: static calls,
 * lock prefixes.
 *
 * A redirection's jump must not overlap one. What the kernel patches only once, at boot
 * (alternatives, paravirt calls, return thunks), is finished before a module can be loaded, and
 * does not count. Nor do jump labels, which the kernel leaves alone while a jump is over them
 * (runtime/module/label.c).
 */
#include "analyzer/binary/internal.h"
#include "base/search.h"

#include <string.h>

/* Each entry begins with the place: a distance of 4 bytes, relative to where it stands. */
static const struct patched_table {
	const char *start, *end;
	unsigned entry; /* size of an entry, bytes */
	unsigned size;  /* size of what is patched, bytes */
} tables[] = {
	{ "__start_static_call_sites", "__stop_static_call_sites", 8, 5 },
	{ "__smp_locks", "__smp_locks_end", 4, 1 },
};

static void add_place(GArray *patched, uint64_t address, unsigned size)
{
	struct patched_place place = { address, size };

	g_array_append_val(patched, place);
}

static void read_table(GArray *patched, const struct binary_state *state,
		       const struct patched_table *table)
{
	uint64_t start = binary_address_of(state->image, table->start),
		 end = binary_address_of(state->image, table->end);
	const struct image_section *section =
		start && start < end ? image_section_at(state->image, start) : NULL;

	for (uint64_t at = start; section && at < end; at += table->entry) {
		int32_t distance;
		const uint8_t *bytes =
			image_bytes(state->image, section->index, at, sizeof(distance));

		if (!bytes)
			return;
		memcpy(&distance, bytes, sizeof(distance));
		add_place(patched, at + (uint64_t)(int64_t)distance, table->size);
	}
}

static gint compare(gconstpointer left, gconstpointer right)
{
	const struct patched_place *l = left, *r = right;

	return l->address < r->address ? -1 : l->address > r->address;
}

GArray *patched_read(const struct binary_state *state)
{
	GArray *patched = g_array_new(FALSE, FALSE, sizeof(struct patched_place));

	for (size_t i = 0; i < G_N_ELEMENTS(tables); i++)
		read_table(patched, state, &tables[i]);
	g_array_sort(patched, compare);
	return patched;
}

static bool ends_before(const void *place, const void *address)
{
	return ((const struct patched_place *)place)->address + PATCHED_LONGEST <=
	       *(const uint64_t *)address;
}

bool patched_overlaps(const GArray *patched, uint64_t address, uint64_t size)
{
	/* the first place that would end behind the address if all had the longest size */
	guint first = search_array(patched, ends_before, &address);

	for (guint low = first; low < patched->len; low++) {
		const struct patched_place *place =
			&g_array_index(patched, struct patched_place, low);

		if (place->address >= address + size)
			return false;
		if (place->address + place->size > address)
			return true;
	}
	return false;
}
