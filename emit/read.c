// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a report.
 *
 * scan.c finds the entries, cJSON parses them one by one, entry.c adds them to the graph. Nodes are
 * read first, then what names them, so the order of the keys in the file does not matter.
 */
#include "emit/read.h"

#include "emit/entry.h"
#include "emit/scan.h"

#include <string.h>

/* --- the outermost object */

/* The item under a key; NULL if there is none. That is a fault, and so are two of them. */
static const struct emit_scan_item *find_item(struct entry_reader *r, const char *key)
{
	const struct emit_scan_item *found = NULL;

	for (guint i = 0; i < r->items->len; i++) {
		const struct emit_scan_item *item = g_ptr_array_index(r->items, i);

		if (strcmp(item->key, key) != 0)
			continue;
		r->fields.place = item->value.begin;
		if (found)
			field_fail(&r->fields, "\"%s\" stands there twice", key);
		found = item;
	}
	if (!found)
		field_fail(&r->fields, "\"%s\" is missing", key);
	return found;
}

/* Parses a slice. NULL, and a fault, if it is not JSON. Caller frees with cJSON_Delete(). */
static cJSON *parse(struct entry_reader *r, const struct emit_scan_slice *slice)
{
	const char *end = NULL;
	cJSON *json = cJSON_ParseWithLengthOpts(slice->begin, slice->length, &end, false);

	r->fields.place = slice->begin;
	if (json && end == slice->begin + slice->length)
		return json;
	cJSON_Delete(json);
	field_fail(&r->fields, "not valid JSON");
	return NULL;
}

/* The value under a key of the outermost object, or NULL. Caller frees with cJSON_Delete(). */
static cJSON *parse_item(struct entry_reader *r, const char *key)
{
	const struct emit_scan_item *item = find_item(r, key);

	return item ? parse(r, &item->value) : NULL;
}

typedef void (*take_entry)(struct entry_reader *r, const cJSON *object);

/* Calls `take` for each entry of an array. */
static void read_array(struct entry_reader *r, const char *name, take_entry take)
{
	const struct emit_scan_item *item = find_item(r, name);

	if (item && !item->entries)
		field_fail(&r->fields, "\"%s\" is not an array", name);
	r->fields.array = name;
	for (guint i = 0; item && item->entries && i < item->entries->len && !r->fields.error;
	     i++) {
		cJSON *object;

		r->fields.entry = i;
		object = parse(r, &g_array_index(item->entries, struct emit_scan_slice, i));
		if (object && !cJSON_IsObject(object))
			field_fail(&r->fields, "the entry is not an object");
		else if (object)
			take(r, object);
		cJSON_Delete(object);
	}
	r->fields.array = NULL;
}

/* --- the head */

/*
 * True for a report of the version that this program reads. Another file, or another version, gets
 * an error of its own; it is not called damaged.
 */
static bool is_right_format(struct entry_reader *r, GError **error)
{
	cJSON *schema = parse_item(r, "schema");
	cJSON *version = schema ? parse_item(r, "version") : NULL;
	bool is_report = g_strcmp0(cJSON_GetStringValue(schema), EMIT_SCHEMA) == 0 &&
			 cJSON_IsNumber(version);
	bool is_good = is_report && version->valuedouble == EMIT_VERSION;

	if (!is_report)
		g_set_error(error, EMIT_ERROR, EMIT_ERROR_FORMAT,
			    "%s: not a report: it does not say \"schema\":\"" EMIT_SCHEMA
			    "\" and a version; name a file that "
			    "plugsched-analyze wrote",
			    r->fields.name);
	else if (!is_good)
		g_set_error(
			error, EMIT_ERROR, EMIT_ERROR_FORMAT,
			"%s: written in version %g of the format, and this program reads version %d; make the report again "
			"with plugsched-analyze",
			r->fields.name, version->valuedouble, EMIT_VERSION);
	cJSON_Delete(schema);
	cJSON_Delete(version);
	return is_good;
}

static void read_kernel(struct entry_reader *r)
{
	struct emit_provenance *p = &r->read->provenance;
	cJSON *kernel = parse_item(r, "kernel");
	cJSON *tool = kernel ? parse_item(r, "tool") : NULL;

	if (tool) {
		p->tool_version = field_string(&r->fields, tool, "version");
		p->kernel_release = field_optional(&r->fields, kernel, "release");
		p->build_id = field_optional(&r->fields, kernel, "build_id");
		p->config_hash = field_optional(&r->fields, kernel, "config_hash");
		r->read->graph->has_binary = field_bool(&r->fields, kernel, "vmlinux");
	}
	cJSON_Delete(kernel);
	cJSON_Delete(tool);
}

static void take_problem(struct entry_reader *r, const cJSON *object)
{
	struct emit_problem problem = {
		.code = field_string(&r->fields, object, "code"),
		.file = field_string(&r->fields, object, "file"),
		.message = field_string(&r->fields, object, "message"),
	};

	g_array_append_val((GArray *)r->read->provenance.problems, problem);
}

static void read_files(struct entry_reader *r)
{
	const char *const key = "scheduler_files";
	cJSON *files = parse_item(r, key), *each;

	if (files && !cJSON_IsArray(files))
		field_fail(&r->fields, "\"%s\" is not an array", key);
	cJSON_ArrayForEach(each, files) {
		if (!cJSON_IsString(each))
			field_fail(&r->fields, "\"%s\" holds something else than strings", key);
		g_ptr_array_add((GPtrArray *)r->read->provenance.scheduler_files,
				(gpointer)graph_string(r->read->graph, cJSON_GetStringValue(each)));
	}
	cJSON_Delete(files);
}

/* --- all of it */

static void read_all(struct entry_reader *r)
{
	static const struct {
		const char *array;
		take_entry take;
	} tables[] = {
		{ "problems", take_problem },    { "functions", entry_function },
		{ "variables", entry_variable }, { "records", entry_record },
		{ "members", entry_member },     { "instances", entry_instance },
		{ "edges", entry_use },          { "references", entry_use },
		{ "sites", entry_site },
	};

	read_kernel(r);
	read_files(r);
	for (size_t i = 0; i < G_N_ELEMENTS(tables) && !r->fields.error; i++)
		read_array(r, tables[i].array, tables[i].take);
	if (!r->fields.error)
		entry_resolve(r);
	if (!r->fields.error)
		graph_adopt(r->read->graph);
}

static struct emit_read *read_new(void)
{
	struct emit_read *read = g_new0(struct emit_read, 1);

	read->graph = graph_new();
	read->provenance.scheduler_files = g_ptr_array_new();
	read->provenance.problems = g_array_new(FALSE, FALSE, sizeof(struct emit_problem));
	return read;
}

void emit_read_free(struct emit_read *read)
{
	if (!read)
		return;
	graph_free(read->graph);
	g_ptr_array_unref((GPtrArray *)read->provenance.scheduler_files);
	g_array_unref((GArray *)read->provenance.problems);
	g_free(read);
}

static void pending_free(GArray *pending)
{
	for (guint i = 0; i < pending->len; i++)
		g_free(g_array_index(pending, struct pending, i).holders);
	g_array_unref(pending);
}

static void read_items(struct entry_reader *r, GError **error)
{
	r->fields.nodes = g_hash_table_new(g_str_hash, g_str_equal);
	r->fields.graph = r->read->graph;
	r->records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	r->pending = g_array_new(FALSE, FALSE, sizeof(struct pending));
	if (is_right_format(r, error)) {
		g_clear_error(&r->fields.error);
		read_all(r);
		if (r->fields.error)
			g_propagate_error(error, g_steal_pointer(&r->fields.error));
	}
	g_clear_error(&r->fields.error);
	g_hash_table_destroy(r->fields.nodes);
	g_hash_table_destroy(r->records);
	pending_free(r->pending);
}

struct emit_read *emit_read_bytes(const char *text, size_t length, const char *name, GError **error)
{
	const char *fault = NULL;
	GPtrArray *items = emit_scan_object(text, length, &fault);
	struct entry_reader r = { .fields = { .name = name, .text = text, .place = text },
				  .items = items };
	GError *found = NULL;

	if (!items) {
		r.fields.place = fault;
		field_fail(&r.fields, "%s",
			   fault == text + length ? "the file ends too early"
						  : "not the JSON of a report");
		g_propagate_error(error, r.fields.error);
		return NULL;
	}
	r.read = read_new();
	read_items(&r, &found);
	g_ptr_array_unref(items);
	if (!found)
		return r.read;
	emit_read_free(r.read);
	g_propagate_error(error, found);
	return NULL;
}

char *emit_read_text(const char *path, size_t *length, GError **error)
{
	g_autoptr(GError) cause = NULL;
	char *text = NULL;

	if (!g_file_get_contents(path, &text, length, &cause))
		g_set_error(error, EMIT_ERROR, EMIT_ERROR_IO,
			    "%s; name a report that plugsched-analyze wrote", cause->message);
	return text;
}

struct emit_read *emit_read_file(const char *path, GError **error)
{
	size_t length;
	g_autofree char *text = emit_read_text(path, &length, error);

	return text ? emit_read_bytes(text, length, path, error) : NULL;
}
