// SPDX-License-Identifier: GPL-2.0-only
/*
 * The common beginning and end are paired first, so the table of the longest common sequence is
 * needed only for the rest.
 */
#include "tools/compare/pair.h"
#include "tools/compare/target.h"

#include <string.h>

#define TABLE_MAX (256u << 20) /* bytes: one for each pair of lines */

/* The part of both bodies that is still to be paired: [ours, ours_end) and [theirs, theirs_end). */
struct range {
	guint ours, ours_end, theirs, theirs_end;
};

static void join(struct pair *pair, guint i, guint j)
{
	pair->partners[i] = (int)j;
	pair->back[j] = (int)i;
}

static void join_ends(struct pair *pair, struct range *range)
{
	while (range->ours < range->ours_end && range->theirs < range->theirs_end &&
	       target_lines_alike(pair, range->ours, range->theirs))
		join(pair, range->ours++, range->theirs++);
	while (range->ours < range->ours_end && range->theirs < range->theirs_end &&
	       target_lines_alike(pair, range->ours_end - 1, range->theirs_end - 1))
		join(pair, --range->ours_end, --range->theirs_end);
}

enum pair_step {
	STEP_OURS,
	STEP_THEIRS,
	STEP_BOTH
};

/* Fills steps[i][j]: the first step with the lines from (i, j) on that pairs the most lines. */
static void fill_steps(const struct pair *pair, const struct range *range, uint8_t *steps)
{
	guint width = range->theirs_end - range->theirs;
	g_autofree guint *below = g_new0(guint, width + 1), *row = g_new0(guint, width + 1);

	for (guint i = range->ours_end - range->ours; i-- > 0;) {
		for (guint j = width; j-- > 0;) {
			bool is_alike =
				target_lines_alike(pair, range->ours + i, range->theirs + j);

			row[j] = is_alike ? below[j + 1] + 1 : MAX(below[j], row[j + 1]);
			steps[(gsize)i * width + j] = is_alike                 ? STEP_BOTH
						      : below[j] >= row[j + 1] ? STEP_OURS
									       : STEP_THEIRS;
		}
		memcpy(below, row, (width + 1) * sizeof(*row));
	}
}

static void follow_steps(struct pair *pair, const struct range *range, const uint8_t *steps)
{
	guint width = range->theirs_end - range->theirs;
	guint i = range->ours, j = range->theirs;

	while (i < range->ours_end && j < range->theirs_end) {
		switch (steps[(gsize)(i - range->ours) * width + (j - range->theirs)]) {
		case STEP_BOTH:
			join(pair, i++, j++);
			break;
		case STEP_OURS:
			i++;
			break;
		default:
			j++;
		}
	}
}

static void join_rest(struct pair *pair, const struct range *range)
{
	gsize size = (gsize)(range->ours_end - range->ours) * (range->theirs_end - range->theirs);
	g_autofree uint8_t *steps = NULL;

	if (size == 0 || size > TABLE_MAX)
		return;
	steps = g_malloc(size);
	fill_steps(pair, range, steps);
	follow_steps(pair, range, steps);
}

/* Finds all wrong jumps before it separates any, so that each is judged by the original pairs. */
static void part_jumps(struct pair *pair)
{
	g_autoptr(GArray) wrong = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = 0; i < pair->module->lines->len; i++)
		if (pair->partners[i] >= 0 &&
		    !target_jumps_alike(pair, i, (guint)pair->partners[i]))
			g_array_append_val(wrong, i);
	for (guint i = 0; i < wrong->len; i++) {
		guint line = g_array_index(wrong, guint, i);

		pair->back[pair->partners[line]] = -1;
		pair->partners[line] = -1;
	}
}

static int *no_partners(guint count)
{
	int *partners = g_new(int, count + 1);

	for (guint i = 0; i < count; i++)
		partners[i] = -1;
	return partners;
}

static unsigned count_alone(const int *partners, guint count)
{
	unsigned alone = 0;

	for (guint i = 0; i < count; i++)
		alone += partners[i] < 0;
	return alone;
}

struct pair *pair_new(const struct body *module, const struct body *vmlinux)
{
	struct range range = { 0, module->lines->len, 0, vmlinux->lines->len };
	struct pair *pair = g_new0(struct pair, 1);

	pair->module = module;
	pair->vmlinux = vmlinux;
	pair->partners = no_partners(module->lines->len);
	pair->back = no_partners(vmlinux->lines->len);
	join_ends(pair, &range);
	join_rest(pair, &range);
	part_jumps(pair);
	pair->module_only = count_alone(pair->partners, module->lines->len);
	pair->vmlinux_only = count_alone(pair->back, vmlinux->lines->len);
	return pair;
}

void pair_free(struct pair *pair)
{
	if (!pair)
		return;
	g_free(pair->partners);
	g_free(pair->back);
	g_free(pair);
}

unsigned pair_differing(const struct pair *pair)
{
	return MAX(pair->module_only, pair->vmlinux_only);
}
