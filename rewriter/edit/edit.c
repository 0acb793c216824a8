// SPDX-License-Identifier: GPL-2.0-only
/* Collects edits by file, sorts them, applies them, and computes the hunks of changed lines. */
#include "rewriter/edit/edit.h"

#include <string.h>

static const struct {
	const char *code, *text;
} kinds[] = {
#define EDIT(symbol, code, text) { code, text },
#include "rewriter/edit/kinds.def"
#undef EDIT
};

const char *edit_kind_code(enum edit_kind kind)
{
	return kinds[kind].code;
}

const char *edit_kind_text(enum edit_kind kind)
{
	return kinds[kind].text;
}

static void file_free(gpointer data)
{
	struct edit_file *file = data;

	g_free(file->name);
	g_free(file->text);
	g_ptr_array_unref(file->edits);
	g_free(file);
}

struct edits *edits_new(void)
{
	struct edits *edits = g_new0(struct edits, 1);

	edits->files = g_ptr_array_new_with_free_func(file_free);
	edits->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	edits->strings = g_string_chunk_new(4096);
	g_mutex_init(&edits->lock);
	return edits;
}

void edits_free(struct edits *edits)
{
	if (!edits)
		return;
	g_hash_table_destroy(edits->by_name);
	g_ptr_array_unref(edits->files);
	g_string_chunk_free(edits->strings);
	g_mutex_clear(&edits->lock);
	g_free(edits);
}

static unsigned count_lines(const char *text, gsize length)
{
	unsigned n = 0;

	for (gsize i = 0; i < length; i++)
		n += text[i] == '\n';
	return n + (length > 0 && text[length - 1] != '\n');
}

static struct edit_file *file_new(struct edits *edits, const char *name, const char *text,
				  gsize length)
{
	struct edit_file *file = g_new0(struct edit_file, 1);

	file->name = g_strdup(name);
	file->text = g_malloc(length + 1);
	memcpy(file->text, text, length);
	file->text[length] = '\0';
	file->length = length;
	file->lines = count_lines(text, length);
	file->edits = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(edits->files, file);
	g_hash_table_insert(edits->by_name, file->name, file);
	return file;
}

struct edit_file *edits_file(struct edits *edits, const char *name, const char *text, gsize length)
{
	struct edit_file *file;

	g_mutex_lock(&edits->lock);
	file = g_hash_table_lookup(edits->by_name, name);
	if (!file)
		file = file_new(edits, name, text, length);
	g_mutex_unlock(&edits->lock);
	return file;
}

void edits_add(struct edits *edits, struct edit_file *file, const struct edit *edit)
{
	struct edit *own = g_memdup2(edit, sizeof(*edit));

	g_mutex_lock(&edits->lock);
	own->text = g_string_chunk_insert_const(edits->strings, edit->text);
	own->why = g_string_chunk_insert_const(edits->strings, edit->why);
	g_ptr_array_add(file->edits, own);
	g_mutex_unlock(&edits->lock);
}

static gint compare_files(gconstpointer left, gconstpointer right)
{
	const struct edit_file *const *l = left, *const *r = right;

	return strcmp((*l)->name, (*r)->name);
}

/* By place. At one place insertions come first, then the larger edits. */
static gint compare_edits(gconstpointer left, gconstpointer right)
{
	const struct edit *l = *(const struct edit *const *)left,
			  *r = *(const struct edit *const *)right;
	bool is_l_insertion = l->begin == l->end, is_r_insertion = r->begin == r->end;

	if (l->begin != r->begin)
		return l->begin < r->begin ? -1 : 1;
	if (is_l_insertion != is_r_insertion)
		return is_l_insertion ? -1 : 1;
	if (l->end != r->end)
		return l->end > r->end ? -1 : 1;
	if (l->kind != r->kind)
		return l->kind < r->kind ? -1 : 1;
	return strcmp(l->text, r->text);
}

static unsigned line_at(const struct edit_file *file, unsigned offset)
{
	return 1 + count_lines(file->text, offset) - (offset > 0 && file->text[offset - 1] != '\n');
}

static bool is_same(const struct edit *l, const struct edit *r)
{
	return l->begin == r->begin && l->end == r->end && strcmp(l->text, r->text) == 0;
}

/*
 * True if `inner` is covered by `outer`. An insertion at either end of `outer` is not covered: it
 * stands beside it.
 */
static bool is_within(const struct edit *inner, const struct edit *outer)
{
	return inner->begin >= outer->begin && inner->end <= outer->end &&
	       inner->begin < outer->end &&
	       (inner->begin > outer->begin || inner->end > inner->begin);
}

static bool finish_file(struct edit_file *file, GError **error)
{
	g_autoptr(GPtrArray) all = g_steal_pointer(&file->edits);
	struct edit *last = NULL, *outer = NULL;

	g_ptr_array_sort(all, compare_edits);
	file->edits = g_ptr_array_new_with_free_func(g_free);
	for (guint i = 0; i < all->len; i++) {
		struct edit *edit = g_ptr_array_index(all, i);

		if ((last && is_same(last, edit)) || (outer && is_within(edit, outer)))
			continue;
		if (outer && edit->begin < outer->end) {
			g_set_error(
				error, EDIT_ERROR, 0,
				"%s:%u: the source asks for two edits that exclude each other: %s (%s) and %s (%s); give the "
				"definitions lines of their own",
				file->name, line_at(file, edit->begin), edit_kind_code(outer->kind),
				outer->why, edit_kind_code(edit->kind), edit->why);
			return false;
		}
		last = g_memdup2(edit, sizeof(*edit));
		if (last->end > last->begin)
			outer = last;
		g_ptr_array_add(file->edits, last);
	}
	return true;
}

bool edits_finish(struct edits *edits, GError **error)
{
	g_ptr_array_sort(edits->files, compare_files);
	for (guint i = 0; i < edits->files->len; i++)
		if (!finish_file(g_ptr_array_index(edits->files, i), error))
			return false;
	return true;
}

/* Appends the text of [begin, end) with the edits [first, last) applied. */
static void append_edited(const struct edit_file *file, GString *out, unsigned begin, unsigned end,
			  guint first, guint last)
{
	for (guint i = first; i < last; i++) {
		const struct edit *edit = g_ptr_array_index(file->edits, i);

		g_string_append_len(out, file->text + begin, edit->begin - begin);
		g_string_append(out, edit->text);
		begin = edit->end;
	}
	g_string_append_len(out, file->text + begin, end - begin);
}

char *edits_file_text(const struct edit_file *file, gsize *length)
{
	GString *out = g_string_sized_new(file->length + 4096);

	append_edited(file, out, 0, (unsigned)file->length, 0, file->edits->len);
	if (length)
		*length = out->len;
	return g_string_free(out, FALSE);
}

static void hunk_free(gpointer data)
{
	struct edit_hunk *hunk = data;

	g_free(hunk->old_text);
	g_free(hunk->new_text);
	g_ptr_array_unref(hunk->edits);
	g_free(hunk);
}

static unsigned line_begin(const struct edit_file *file, unsigned offset)
{
	while (offset > 0 && file->text[offset - 1] != '\n')
		offset--;
	return offset;
}

static unsigned line_end(const struct edit_file *file, unsigned offset)
{
	while (offset < file->length && file->text[offset] != '\n')
		offset++;
	return offset < file->length ? offset + 1 : offset;
}

/* True if the text behind the edit starts a line, both in the original and in the edited text. */
static bool ends_line(const struct edit_file *file, const struct edit *edit, unsigned line)
{
	size_t length = strlen(edit->text);
	bool was_end =
		edit->end > edit->begin ? file->text[edit->end - 1] == '\n' : edit->begin == line;

	return was_end && (length ? edit->text[length - 1] == '\n' : edit->begin == line);
}

/*
 * The whole lines that an edit touches. An edit that inserts whole lines between two lines touches
 * none.
 */
static void touched(const struct edit_file *file, const struct edit *edit, unsigned *begin,
		    unsigned *end)
{
	*begin = line_begin(file, edit->begin);
	*end = ends_line(file, edit, *begin) ? edit->end : line_end(file, edit->end);
}

static struct edit_hunk *hunk_new(const struct edit_file *file, unsigned begin, unsigned end,
				  guint first, guint last, int *shift)
{
	struct edit_hunk *hunk = g_new0(struct edit_hunk, 1);
	GString *text = g_string_new(NULL);

	append_edited(file, text, begin, end, first, last);
	hunk->old_text = g_strndup(file->text + begin, end - begin);
	hunk->old_count = count_lines(hunk->old_text, end - begin);
	hunk->old_line = line_at(file, begin) - (hunk->old_count == 0);
	hunk->new_count = count_lines(text->str, text->len);
	hunk->new_line = (unsigned)((int)line_at(file, begin) + *shift) - (hunk->new_count == 0);
	hunk->new_text = g_string_free(text, FALSE);
	hunk->edits = g_ptr_array_new();
	for (guint i = first; i < last; i++)
		g_ptr_array_add(hunk->edits, g_ptr_array_index(file->edits, i));
	*shift += (int)hunk->new_count - (int)hunk->old_count;
	return hunk;
}

GPtrArray *edits_file_hunks(const struct edit_file *file)
{
	GPtrArray *hunks = g_ptr_array_new_with_free_func(hunk_free);
	guint first = 0;
	int shift = 0;

	while (first < file->edits->len) {
		guint last = first + 1;
		unsigned begin, end;

		touched(file, g_ptr_array_index(file->edits, first), &begin, &end);
		for (; last < file->edits->len; last++) {
			unsigned next_begin, next_end;

			touched(file, g_ptr_array_index(file->edits, last), &next_begin, &next_end);
			if (next_begin > end ||
			    (next_begin == end && next_begin > begin && next_end > next_begin))
				break;
			end = MAX(end, next_end);
		}
		g_ptr_array_add(hunks, hunk_new(file, begin, end, first, last, &shift));
		first = last;
	}
	return hunks;
}
