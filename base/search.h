/* SPDX-License-Identifier: GPL-2.0-only */
/* Where something stands in a sorted array. */
#ifndef PLUGSCHED_BASE_SEARCH_H
#define PLUGSCHED_BASE_SEARCH_H

#include <glib.h>
#include <stdbool.h>

/*
 * Index of the first element that does not stand before `wanted`; the array's length if all do. `is_before` gets an element and
 * `wanted`; the array must be sorted so that it is true for some first elements and for no other.
 */
static inline guint search_array(const GArray *array, bool (*is_before)(const void *element, const void *wanted), const void *wanted)
{
	gsize size = g_array_get_element_size((GArray *)array);
	guint low = 0, high = array->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (is_before(array->data + middle * size, wanted))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The same for an array of pointers; `is_before` gets what they point to. */
static inline guint search_pointers(const GPtrArray *array, bool (*is_before)(const void *element, const void *wanted), const void *wanted)
{
	guint low = 0, high = array->len;

	while (low < high) {
		guint middle = low + (high - low) / 2;

		if (is_before(array->pdata[middle], wanted))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

#endif
