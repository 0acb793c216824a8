/* SPDX-License-Identifier: GPL-2.0-only */
/* Binary search in sorted arrays. */
#ifndef PLUGSCHED_BASE_SEARCH_H
#define PLUGSCHED_BASE_SEARCH_H

#include <glib.h>
#include <stdbool.h>

/*
 * The index of the first element that is not before `wanted`; the array's length if all are.
 * `is_before` receives an element and `wanted`. The array must be sorted so that `is_before` is
 * true for some number of elements at the beginning and false for all others.
 */
static inline guint search_array(const GArray *array,
				 bool (*is_before)(const void *element, const void *wanted),
				 const void *wanted)
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

/* The same for an array of pointers; `is_before` receives the pointers themselves. */
static inline guint search_pointers(const GPtrArray *array,
				    bool (*is_before)(const void *element, const void *wanted),
				    const void *wanted)
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
