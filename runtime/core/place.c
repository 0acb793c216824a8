// SPDX-License-Identifier: GPL-2.0-only
/* The places for jumps, found by their addresses. The registry's lock protects all of this. */
#include "place.h"

#include "label.h"
#include "outcome.h"

#include <linux/hashtable.h>
#include <linux/slab.h>
#include <linux/string.h>

static DEFINE_HASHTABLE(places, 9);

static struct plugsched_place *find(unsigned long address)
{
	struct plugsched_place *place;

	hash_for_each_possible(places, place, node, address)
	{
		if (place->address == address)
			return place;
	}
	return NULL;
}

static struct plugsched_place *add(unsigned long address)
{
	struct plugsched_place *place = kzalloc(sizeof(*place), GFP_KERNEL);

	if (!place)
		return NULL;
	place->address = address;
	place->length = JUMP_LENGTH;
	hash_add(places, &place->node, address);
	return place;
}

struct plugsched_place *plugsched_place_get(unsigned long address)
{
	struct plugsched_place *place = find(address);

	if (!place)
		place = add(address);
	if (!place)
		return NULL;
	place->users++;
	if (!place->has_jump)
		memcpy(place->before, (void *)address, JUMP_LENGTH);
	return place;
}

void plugsched_place_put(struct plugsched_place *place)
{
	if (!place || --place->users)
		return;
	hash_del(&place->node);
	plugsched_labels_free(place);
	kfree(place);
}

int plugsched_site_refuse(const struct plugsched_site *site)
{
	return plugsched_refuse(-EINVAL,
				"%s: the kernel itself patches the place for the jump; "
				"analyse with the function forced external",
				site->name);
}
