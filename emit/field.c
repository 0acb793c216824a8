// SPDX-License-Identifier: GPL-2.0-only
/* Typed access to the fields of one entry of a report. */
#include "emit/field.h"

#include "emit/emit.h"

#include <string.h>

/* JSON's numbers are doubles, which hold every whole number up to this one. */
#define NUMBER_MAX 9007199254740992.0

static unsigned line_of(const struct field_reader *r)
{
	unsigned line = 1;

	for (const char *c = r->text; c < r->place; c++)
		line += *c == '\n';
	return line;
}

void field_fail(struct field_reader *r, const char *format, ...)
{
	g_autofree char *what = NULL;
	g_autofree char *array =
		r->array ? g_strdup_printf("%s[%u]: ", r->array, r->entry) : g_strdup("");
	va_list arguments;

	if (r->error)
		return;
	va_start(arguments, format);
	what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error(&r->error, EMIT_ERROR, EMIT_ERROR_FORMAT,
		    "%s:%u: %s%s; the report is damaged, make it again with plugsched-analyze",
		    r->name, line_of(r), array, what);
}

static const cJSON *find(struct field_reader *r, const cJSON *object, const char *key,
			 bool is_needed)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!item && is_needed)
		field_fail(r, "\"%s\" is missing", key);
	return item;
}

const char *field_string(struct field_reader *r, const cJSON *object, const char *key)
{
	const cJSON *item = find(r, object, key, true);

	if (item && !cJSON_IsString(item))
		field_fail(r, "\"%s\" is not a string", key);
	return graph_string(r->graph, cJSON_GetStringValue(item));
}

const char *field_optional(struct field_reader *r, const cJSON *object, const char *key)
{
	const cJSON *item = find(r, object, key, false);

	if (!item || cJSON_IsNull(item))
		return NULL;
	return field_string(r, object, key);
}

uint64_t field_number(struct field_reader *r, const cJSON *object, const char *key, bool is_needed,
		      uint64_t max)
{
	const cJSON *item = find(r, object, key, is_needed);
	double value = cJSON_IsNumber(item) ? item->valuedouble : 0;

	if (!item)
		return 0;
	if (!cJSON_IsNumber(item) || !(value >= 0 && value <= NUMBER_MAX) ||
	    (double)(uint64_t)value != value || (uint64_t)value > max) {
		field_fail(r, "\"%s\" is not a whole number in its range", key);
		return 0;
	}
	return (uint64_t)value;
}

bool field_bool(struct field_reader *r, const cJSON *object, const char *key)
{
	const cJSON *item = find(r, object, key, true);

	if (item && !cJSON_IsBool(item))
		field_fail(r, "\"%s\" is neither true nor false", key);
	return cJSON_IsTrue(item);
}

unsigned field_word(struct field_reader *r, const cJSON *object, const char *key,
		    const char *const *names, unsigned n)
{
	const char *word = cJSON_GetStringValue(find(r, object, key, true));

	for (unsigned i = 0; word && i < n; i++)
		if (strcmp(word, names[i]) == 0)
			return i;
	field_fail(r, "\"%s\" has no value that is known", key);
	return 0;
}

const cJSON *field_array(struct field_reader *r, const cJSON *object, const char *key)
{
	const cJSON *item = find(r, object, key, false);

	if (item && !cJSON_IsArray(item)) {
		field_fail(r, "\"%s\" is not an array", key);
		return NULL;
	}
	return item;
}

const char **field_strings(struct field_reader *r, const cJSON *object, const char *key)
{
	const cJSON *array = field_array(r, object, key), *each;
	GPtrArray *strings;

	if (!array)
		return NULL;
	strings = g_ptr_array_new();
	cJSON_ArrayForEach(each, array) {
		if (!cJSON_IsString(each))
			field_fail(r, "\"%s\" holds something else than strings", key);
		g_ptr_array_add(strings,
				(gpointer)graph_string(r->graph, cJSON_GetStringValue(each)));
	}
	g_ptr_array_add(strings, NULL);
	return (const char **)g_ptr_array_free(strings, FALSE);
}

static void set_flag(struct field_reader *r, const char *word, const struct flag *flags, void *of)
{
	for (; word && flags->name; flags++)
		if (strcmp(word, flags->name) == 0) {
			*(bool *)((char *)of + flags->offset) = !flags->is_inverted;
			return;
		}
	field_fail(r, "an unknown flag, \"%s\"", word ? word : "");
}

void field_flags(struct field_reader *r, const cJSON *object, const char *key,
		 const struct flag *flags, void *of)
{
	const cJSON *array = field_array(r, object, key), *each;

	for (const struct flag *flag = flags; flag->name; flag++)
		*(bool *)((char *)of + flag->offset) = flag->is_inverted;
	cJSON_ArrayForEach(each, array)
		set_flag(r, cJSON_GetStringValue(each), flags, of);
}

struct graph_node *field_node(struct field_reader *r, const char *id, const char *key)
{
	struct graph_node *node = id ? g_hash_table_lookup(r->nodes, id) : NULL;

	if (!node)
		field_fail(r, "\"%s\" names \"%s\", which no entry has as its id", key,
			   id ? id : "");
	return node;
}

void field_nodes(struct field_reader *r, const cJSON *object, const char *key, bool are_functions,
		 GPtrArray *nodes)
{
	const cJSON *array = field_array(r, object, key), *each;

	cJSON_ArrayForEach(each, array) {
		struct graph_node *node = field_node(r, cJSON_GetStringValue(each), key);

		if (node && are_functions && node->kind != GRAPH_FUNCTION)
			field_fail(r, "\"%s\" names %s, which is no function", key, node->id);
		else if (node)
			g_ptr_array_add(nodes, node);
	}
}
