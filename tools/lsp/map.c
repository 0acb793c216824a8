// SPDX-License-Identifier: GPL-2.0-only
/* Uses the diff of libgit2, as hunks without context. */
#include "tools/lsp/map.h"

#include <git2.h>

/* Whole lines that differ. If a count is 0, its `start` is the line before. */
struct hunk {
	unsigned old_start, old_count, new_start, new_count;
};

struct map {
	GArray *hunks; /* struct hunk, in order */
};

static int take_hunk(const git_diff_delta *delta, const git_diff_hunk *hunk, void *data)
{
	struct hunk made = { (unsigned)hunk->old_start, (unsigned)hunk->old_lines,
			     (unsigned)hunk->new_start, (unsigned)hunk->new_lines };

	(void)delta;
	g_array_append_val((GArray *)data, made);
	return 0;
}

/*
 * Initialises libgit2 once, and only when texts differ: it reads certificates, which takes longer
 * than the rest of the start-up.
 */
static void begin_library(void)
{
	static gsize begun;

	if (g_once_init_enter(&begun)) {
		git_libgit2_init();
		g_once_init_leave(&begun, 1);
	}
}

struct map *map_new(const char *old, size_t old_length, const char *new, size_t new_length)
{
	struct map *map = g_new0(struct map, 1);
	git_diff_options options;

	map->hunks = g_array_new(FALSE, FALSE, sizeof(struct hunk));
	begin_library();
	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.context_lines = 0;
	options.flags = GIT_DIFF_FORCE_TEXT | GIT_DIFF_IGNORE_WHITESPACE_CHANGE;
	if (git_diff_buffers(old, old_length, NULL, new, new_length, NULL, &options, NULL, NULL,
			     take_hunk, NULL, map->hunks) == 0)
		return map;
	map_free(map);
	return NULL;
}

void map_free(struct map *map)
{
	if (!map)
		return;
	g_array_unref(map->hunks);
	g_free(map);
}

/*
 * Start and count of one side of a hunk; the direction of the mapping decides which side is `from`
 * and which is `to`.
 */
struct hunk_side {
	unsigned start, count;
};

static struct hunk_side side_of(const struct hunk *hunk, bool is_new)
{
	return is_new ? (struct hunk_side){ hunk->new_start, hunk->new_count }
		      : (struct hunk_side){ hunk->old_start, hunk->old_count };
}

/* The line behind the last line of the side; for an empty side, the line behind its `start`. */
static unsigned end_of(struct hunk_side side)
{
	return side.count ? side.start + side.count : side.start + 1;
}

static struct map_lines look_up(const struct map *map, unsigned line, bool is_from_new)
{
	long shift = 0;

	for (guint i = 0; map && i < map->hunks->len; i++) {
		const struct hunk *hunk = &g_array_index(map->hunks, struct hunk, i);
		struct hunk_side from = side_of(hunk, is_from_new),
				 to = side_of(hunk, !is_from_new);

		if (line < end_of(from) - from.count)
			break;
		if (line < end_of(from))
			return (struct map_lines){ end_of(to) - to.count, end_of(to) - 1, false };
		shift = (long)end_of(to) - (long)end_of(from);
	}
	return (struct map_lines){ (unsigned)(line + shift), (unsigned)(line + shift), true };
}

struct map_lines map_to_old(const struct map *map, unsigned line)
{
	return look_up(map, line, true);
}

struct map_lines map_to_new(const struct map *map, unsigned line)
{
	return look_up(map, line, false);
}
