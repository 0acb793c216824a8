// SPDX-License-Identifier: GPL-2.0-only
/* Looks up names and suggests the nearest ones. */
#include "tools/query/names.h"

#include <string.h>

#define OFFERED_MAX 8
#define WORD_MAX 128 /* for longer words no nearest names are searched */

static unsigned kind_of(const struct named *named)
{
	return named->record ? NAMES_RECORD : 1u << named->node->kind;
}

static const char *kind_word(const struct named *named)
{
	return named->record ? (named->record->is_union ? "union" : "struct")
			     : graph_kind_name(named->node->kind);
}

static const char *name_of(const struct named *named)
{
	return named->record ? named->record->name : named->node->name;
}

static const char *file_of(const struct named *named)
{
	return named->record ? named->record->file : named->node->file;
}

/* What follows "FILE:" in `text`; `text` itself if it does not begin so. */
static const char *skip_file(const char *text, const char *file)
{
	size_t length = strlen(file);

	return strncmp(text, file, length) == 0 && text[length] == ':' ? text + length + 1 : text;
}

static bool is_record(const struct graph_record *record, const char *word)
{
	const char *keyword = record->is_union ? "union " : "struct ";

	word = skip_file(word, record->file);
	return strcmp(g_str_has_prefix(word, keyword) ? word + strlen(keyword) : word,
		      record->name) == 0;
}

/* True if the word is the entry's name, its id, or its id without the file. */
static bool is_named(const struct named *named, const char *word)
{
	const struct graph_node *node = named->node;

	if (named->record)
		return is_record(named->record, word);
	return strcmp(node->name, word) == 0 || strcmp(node->id, word) == 0 ||
	       strcmp(skip_file(node->id, node->file), word) == 0;
}

/* Calls `visit` for every entry of the graph. */
static void each_entry(const struct graph *graph, void (*visit)(const struct named *, void *),
		       void *data)
{
	const GPtrArray *arrays[] = { graph->functions, graph->variables, graph->members };

	for (size_t a = 0; a < G_N_ELEMENTS(arrays); a++)
		for (guint i = 0; i < arrays[a]->len; i++)
			visit(&(struct named){ .node = g_ptr_array_index(arrays[a], i) }, data);
	for (guint i = 0; i < graph->records->len; i++)
		visit(&(struct named){ .record = g_ptr_array_index(graph->records, i) }, data);
}

/* --- exact names */

struct name_search {
	const char *word;
	bool is_id;    /* the word is the id of the only entry found */
	GArray *found; /* struct named */
};

/* An id names one node only, even if a struct in the same file has the node's name. */
static void visit_exact(const struct named *named, void *data)
{
	struct name_search *search = data;

	if (search->is_id || !is_named(named, search->word))
		return;
	search->is_id = named->node && strcmp(named->node->id, search->word) == 0;
	if (search->is_id)
		g_array_set_size(search->found, 0);
	g_array_append_vals(search->found, named, 1);
}

/* --- nearest names */

/*
 * The number of letters to insert, delete or change to turn one word into the other; `limit` + 1 if
 * it is above `limit`.
 */
static unsigned distance(const char *left, const char *right, unsigned limit)
{
	size_t length = strlen(right), n = strlen(left);
	unsigned row[WORD_MAX + 1];

	if (n > WORD_MAX || length > WORD_MAX || n > length + limit || length > n + limit)
		return limit + 1;
	for (size_t j = 0; j <= length; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned corner = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= length; j++) {
			unsigned changed = corner + (g_ascii_tolower(left[i - 1]) !=
						     g_ascii_tolower(right[j - 1]));

			corner = row[j];
			row[j] = MIN(changed, MIN(row[j], row[j - 1]) + 1);
		}
	}
	return MIN(row[length], limit + 1);
}

struct offer {
	struct named named;
	unsigned score; /* the lower the nearer */
};

struct nearest {
	const char *word; /* without the file, if it had one */
	unsigned limit;   /* most letters that may differ */
	GArray *offers;   /* struct offer */
};

/* How far a name is from the word; UINT_MAX if it is too far to be what was meant. */
static unsigned score_name(const struct nearest *nearest, const char *name)
{
	unsigned letters = distance(nearest->word, name, nearest->limit);

	if (letters <= nearest->limit)
		return letters;
	if (strlen(nearest->word) >= 3 && strstr(name, nearest->word))
		return nearest->limit + 1 + (unsigned)(strlen(name) - strlen(nearest->word));
	return G_MAXUINT;
}

static void visit_near(const struct named *named, void *data)
{
	struct nearest *nearest = data;
	struct offer offer = { *named, score_name(nearest, name_of(named)) };

	if (named->node && named->node->kind == GRAPH_MEMBER) {
		unsigned score =
			score_name(nearest, ((const struct graph_member *)named->node)->member);

		offer.score = MIN(offer.score, score == G_MAXUINT ? score : score + 1);
	}
	if (offer.score != G_MAXUINT)
		g_array_append_val(nearest->offers, offer);
}

static bool is_scheduler(const struct named *named)
{
	return named->record ? named->record->is_scheduler : named->node->is_scheduler;
}

static gint compare_offers(gconstpointer left, gconstpointer right)
{
	const struct offer *l = left, *r = right;

	if (l->score != r->score)
		return l->score < r->score ? -1 : 1;
	if (is_scheduler(&l->named) != is_scheduler(&r->named))
		return is_scheduler(&l->named) ? -1 : 1;
	return strcmp(name_of(&l->named), name_of(&r->named));
}

static void append_offer(GString *text, const struct named *named)
{
	g_string_append_printf(text, "\n  %s  (%s, %s)", name_of(named), kind_word(named),
			       file_of(named));
}

static GArray *find_nearest(const struct graph *graph, const char *word)
{
	const char *name = strrchr(word, ':') ? strrchr(word, ':') + 1 : word;
	struct nearest nearest = {
		.word = name,
		.limit = 1 + (unsigned)MIN(strlen(name), WORD_MAX) / 4,
		.offers = g_array_new(FALSE, FALSE, sizeof(struct offer)),
	};

	if (*name && strlen(name) <= WORD_MAX)
		each_entry(graph, visit_near, &nearest);
	g_array_sort(nearest.offers, compare_offers);
	return nearest.offers;
}

static void fail_unknown(const struct query *query, const char *word, GError **error)
{
	g_autoptr(GArray) offers = find_nearest(query->report->graph, word);
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < offers->len && i < OFFERED_MAX; i++)
		append_offer(text, &g_array_index(offers, struct offer, i).named);
	g_set_error(error, QUERY_ERROR, QUERY_ERROR_UNKNOWN, "%s has nothing called \"%s\"; %s%s",
		    query->name, word,
		    text->len ? "the nearest names are:"
			      : "it holds the scheduler's names and those they touch only",
		    text->str);
}

/* Reports that all entries of that name are of kinds that the question does not accept. */
static void fail_kind(const struct query *query, const char *word, const GArray *others,
		      GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < others->len && i < OFFERED_MAX; i++)
		append_offer(text, &g_array_index(others, struct named, i));
	g_set_error(
		error, QUERY_ERROR, QUERY_ERROR_UNKNOWN,
		"%s has no \"%s\" of a kind that this question takes; \"why\" and \"uses\" may do for:%s",
		query->name, word, text->str);
}

static void fail_many(const char *word, const GArray *found, GError **error)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i < found->len; i++) {
		const struct named *named = &g_array_index(found, struct named, i);

		if (named->node)
			g_string_append_printf(text, "\n  %s", named->node->id);
		else
			g_string_append_printf(text, "\n  %s:%s", file_of(named), name_of(named));
	}
	g_set_error(error, QUERY_ERROR, QUERY_ERROR_UNKNOWN,
		    "%u entries are called \"%s\"; name one by its id:%s", found->len, word,
		    text->str);
}

GArray *names_find(const struct query *query, const char *word, unsigned kinds, GError **error)
{
	struct name_search search = { .word = word,
				      .found = g_array_new(FALSE, FALSE, sizeof(struct named)) };
	g_autoptr(GArray) others = g_array_new(FALSE, FALSE, sizeof(struct named));

	each_entry(query->report->graph, visit_exact, &search);
	for (guint i = 0; i < search.found->len;) {
		const struct named named = g_array_index(search.found, struct named, i);

		if (kind_of(&named) & kinds) {
			i++;
			continue;
		}
		g_array_append_val(others, named);
		g_array_remove_index(search.found, i);
	}
	if (search.found->len && search.found->len <= NAMES_MAX)
		return search.found;
	if (search.found->len)
		fail_many(word, search.found, error);
	else if (others->len)
		fail_kind(query, word, others, error);
	else
		fail_unknown(query, word, error);
	g_array_unref(search.found);
	return NULL;
}
