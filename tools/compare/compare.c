// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver: opens both files, checks that they belong together, pairs functions by name, compares
 * them and finds causes.
 *
 * A function of the module is compared with every function of that name in vmlinux. Its
 * partner is the identical one; else the one from the same file that differs least; else the
 * one that differs least. If vmlinux has no function of that name, it is compared with clones
 * of the same source function.
 */
#include "tools/compare/cause.h"
#include "tools/compare/fits.h"
#include "tools/compare/name.h"

#include <string.h>

G_DEFINE_QUARK(plugsched - compare - error, compare_error)

struct sides {
	struct side module, vmlinux;
	struct reported *reported; /* NULL if no report was given */
	struct evidence evidence;
};

/* --- tables */

static const char *const verdict_names[COMPARE_VERDICTS] = { "identical", "different",
							     "only-in-module" };
static const char *const cause_names[COMPARE_CAUSES] = {
#define CAUSE(symbol, code, text) code,
#include "tools/compare/causes.def"
#undef CAUSE
};
static const char *const cause_texts[COMPARE_CAUSES] = {
#define CAUSE(symbol, code, text) text,
#include "tools/compare/causes.def"
#undef CAUSE
};

const char *compare_verdict_name(enum compare_verdict verdict)
{
	return verdict_names[verdict];
}

const char *compare_cause_name(enum compare_cause cause)
{
	return cause_names[cause];
}

const char *compare_cause_text(enum compare_cause cause)
{
	return cause_texts[cause];
}

/* --- one function */

static void function_free(gpointer data)
{
	struct compare_function *function = data;

	g_free(function->module.text);
	g_free(function->vmlinux.text);
	g_free(function->detail);
	g_free(function);
}

static struct compare_line line_at(const struct body *body, guint index)
{
	if (index >= body->lines->len)
		return (struct compare_line){ .text = NULL, .offset = body->symbol->size };
	return (struct compare_line){
		.text = body_text(body, index),
		.offset = body_line(body, index)->instruction->address - body->symbol->address,
	};
}

static guint first_alone(const int *partners, guint count)
{
	guint i = 0;

	while (i < count && partners[i] >= 0)
		i++;
	return i;
}

/*
 * The first line of either body that has no partner, and the line at the same
 * place in the other body.
 */
static void first_difference(struct compare_function *function, const struct pair *pair)
{
	guint i = first_alone(pair->partners, pair->module->lines->len);
	guint j = first_alone(pair->back, pair->vmlinux->lines->len);

	if (i > 0 && j > (guint)pair->partners[i - 1] + 1)
		j = (guint)pair->partners[i - 1] + 1;
	if (j > 0 && i > (guint)pair->back[j - 1] + 1)
		i = (guint)pair->back[j - 1] + 1;
	function->module = line_at(pair->module, i);
	function->vmlinux = line_at(pair->vmlinux, j);
}

static void judge(struct compare_function *function, const struct pair *pair, struct sides *sides)
{
	function->partner = pair->vmlinux->symbol->name;
	function->partner_instructions = pair->vmlinux->lines->len;
	function->differing = pair_differing(pair);
	function->verdict = function->differing ? COMPARE_DIFFERENT : COMPARE_IDENTICAL;
	if (function->differing) {
		first_difference(function, pair);
		function->cause = cause_find(pair, &sides->evidence, &function->detail);
	}
}

/* --- partners */

/* The functions of vmlinux of that name, or else clones of the same function. Caller unrefs. */
static GPtrArray *find_candidates(const struct sides *sides, const struct image_symbol *symbol)
{
	g_autofree char *normal = name_normal(symbol->name), *plain = name_plain(symbol->name);
	const GPtrArray *named = side_named(&sides->vmlinux, normal),
			*clones = side_functions(&sides->vmlinux, plain);
	GPtrArray *candidates = g_ptr_array_new();

	for (guint i = 0; named && i < named->len; i++)
		if (side_is_function(&sides->vmlinux, named->pdata[i]))
			g_ptr_array_add(candidates, named->pdata[i]);
	for (guint i = 0; candidates->len == 0 && clones && i < clones->len; i++) {
		const struct image_symbol *clone = clones->pdata[i];

		if (name_is_cold(clone->name) == name_is_cold(symbol->name))
			g_ptr_array_add(candidates, (gpointer)clone);
	}
	return candidates;
}

/* Lower is better: identical first, then the same file, then fewer differences. */
static uint64_t rank(const struct pair *pair)
{
	const char *ours = pair->module->symbol->file, *theirs = pair->vmlinux->symbol->file;
	bool is_same_file = ours && theirs && !strcmp(ours, theirs);
	unsigned differing = pair_differing(pair);

	return differing ? (uint64_t)differing + 1 + (is_same_file ? 0 : UINT32_MAX)
			 : !is_same_file;
}

/* Keeps the better of the two pairs in `best`, and frees the other one with its body. */
static void keep_better(struct pair **best, struct pair *pair)
{
	struct pair *worse = pair;

	if (!*best || rank(pair) < rank(*best)) {
		worse = *best;
		*best = pair;
	}
	if (worse)
		body_free((struct body *)worse->vmlinux);
	pair_free(worse);
}

static bool compare_with(struct compare_function *function, struct sides *sides,
			 const struct body *body, const GPtrArray *candidates, GError **error)
{
	struct pair *best = NULL;
	bool is_good = true;

	for (guint i = 0; i < candidates->len && !(best && rank(best) == 0) && is_good; i++) {
		struct body *other = body_new(&sides->vmlinux, candidates->pdata[i], error);

		is_good = other != NULL;
		if (other)
			keep_better(&best, pair_new(body, other));
	}
	if (is_good)
		judge(function, best, sides);
	if (best)
		body_free((struct body *)best->vmlinux);
	pair_free(best);
	return is_good;
}

static char *why_only_module(const struct sides *sides, const struct image_symbol *symbol)
{
	g_autofree char *plain = name_plain(symbol->name);
	unsigned copies =
		reported_inlined_everywhere(sides->evidence.reported, symbol->file, plain);

	if (name_is_own(symbol->name))
		return g_strdup("it is plugsched's own");
	if (copies)
		return g_strdup_printf("vmlinux has it inlined everywhere, into %u functions",
				       copies);
	return g_strdup("vmlinux has no function of that name");
}

static struct compare_function *
function_new(const struct sides *sides, const struct image_symbol *symbol, const struct body *body)
{
	struct compare_function *function = g_new0(struct compare_function, 1);
	g_autofree char *plain = name_plain(symbol->name);

	function->name = symbol->name;
	function->file = symbol->file;
	function->class = reported_class(sides->evidence.reported, symbol->file, plain);
	function->verdict = COMPARE_ONLY_MODULE;
	function->instructions = body->lines->len;
	return function;
}

static struct compare_function *compare_symbol(struct sides *sides,
					       const struct image_symbol *symbol, GError **error)
{
	g_autoptr(GPtrArray) candidates = find_candidates(sides, symbol);
	struct body *body = body_new(&sides->module, symbol, error);
	struct compare_function *function = body ? function_new(sides, symbol, body) : NULL;
	bool is_good = true;

	if (function && !name_is_own(symbol->name) && candidates->len)
		is_good = compare_with(function, sides, body, candidates, error);
	else if (function)
		function->detail = why_only_module(sides, symbol);
	body_free(body);
	if (is_good)
		return function;
	function_free(function);
	return NULL;
}

/* --- all */

static int compare_places(gconstpointer left, gconstpointer right)
{
	const struct compare_function *first = *(const struct compare_function *const *)left;
	const struct compare_function *second = *(const struct compare_function *const *)right;
	int order = strcmp(first->name, second->name);

	return order ? order : g_strcmp0(first->file, second->file);
}

static bool compare_all(struct comparison *comparison, GError **error)
{
	struct sides *sides = comparison->sides;
	const GArray *symbols = image_symbols(sides->module.code);

	for (guint i = 0; i < symbols->len; i++) {
		const struct image_symbol *symbol = &g_array_index(symbols, struct image_symbol, i);
		struct compare_function *function;

		if (!side_is_function(&sides->module, symbol) ||
		    side_is_beside(&sides->module, symbol))
			continue;
		function = compare_symbol(sides, symbol, error);
		if (!function)
			return false;
		g_ptr_array_add(comparison->functions, function);
		comparison->verdicts[function->verdict]++;
		comparison->causes[function->cause]++;
	}
	g_ptr_array_sort(comparison->functions, compare_places); /* a stable sort */
	if (comparison->functions->len)
		return true;
	g_set_error(error, COMPARE_ERROR, COMPARE_ERROR_EMPTY,
		    "%s: it has no functions with symbols; name a module that is not stripped",
		    comparison->module);
	return false;
}

static bool check_kinds(const struct sides *sides, GError **error)
{
	if (!image_is_linked(sides->vmlinux.code))
		g_set_error(error, COMPARE_ERROR, COMPARE_ERROR_KIND,
			    "%s: not linked; name the vmlinux first, then the module",
			    image_path(sides->vmlinux.code));
	else if (image_is_linked(sides->module.code))
		g_set_error(error, COMPARE_ERROR, COMPARE_ERROR_KIND,
			    "%s: not a module; name the vmlinux first, then the module",
			    image_path(sides->module.code));
	else
		return true;
	return false;
}

static bool open_sides(struct sides *sides, const struct compare_options *options, GError **error)
{
	if (!side_open(&sides->vmlinux, options->vmlinux, error) ||
	    !side_open(&sides->module, options->module, error) || !check_kinds(sides, error) ||
	    !fits_vmlinux(&sides->module, &sides->vmlinux, error))
		return false;
	if (options->boundary) {
		sides->reported = reported_open(options->boundary,
						image_build_id(sides->vmlinux.code), error);
		sides->evidence.reported = sides->reported;
		if (!sides->reported)
			return false;
	}
	sides->evidence.module = inlines_open(options->module);
	sides->evidence.vmlinux = inlines_open(options->vmlinux);
	return true;
}

static void close_sides(struct sides *sides)
{
	inlines_close(sides->evidence.module);
	inlines_close(sides->evidence.vmlinux);
	reported_free(sides->reported);
	side_close(&sides->module);
	side_close(&sides->vmlinux);
	g_free(sides);
}

struct comparison *compare_run(const struct compare_options *options, GError **error)
{
	struct comparison *comparison = g_new0(struct comparison, 1);
	struct sides *sides = g_new0(struct sides, 1);

	comparison->sides = sides;
	comparison->vmlinux = g_strdup(options->vmlinux);
	comparison->module = g_strdup(options->module);
	comparison->functions = g_ptr_array_new_with_free_func(function_free);
	if (open_sides(sides, options, error) && compare_all(comparison, error)) {
		comparison->vmlinux_build_id = g_strdup(image_build_id(sides->vmlinux.code));
		return comparison;
	}
	compare_free(comparison);
	return NULL;
}

void compare_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	g_ptr_array_unref(comparison->functions);
	close_sides(comparison->sides);
	g_free(comparison->vmlinux);
	g_free(comparison->module);
	g_free(comparison->vmlinux_build_id);
	g_free(comparison);
}
