// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads a configuration from YAML.
 *
 * Method: libyaml loads the document as nodes with their positions. A table lists the keys, the
 * section each belongs to, and the list each fills. Any other key is refused, with its line and
 * column: a mistyped key that is silently ignored would give another boundary than the one asked
 * for.
 *
 * Limits: positions count characters, from 1.
 */
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <yaml.h>

#include "analyzer/config/config.h"

/* One key that holds a list. */
struct key {
	const char *section; /* the key of the mapping that holds it; NULL at the top */
	const char *name;
	size_t list; /* offset in struct config of the list that it fills */
	/* offset of the list that must not hold the same name; `list` if there is none */
	size_t opposite;
};

#define LIST(field) offsetof(struct config, field)

static const struct key keys[] = {
	{ NULL, "mod_files", LIST(files), LIST(files) },
	{ NULL, "sidecar", LIST(sidecars), LIST(sidecars) },
	{ NULL, "interface_prefix", LIST(interface_prefix), LIST(interface_prefix) },
	{ "function", "interface", LIST(force_interface), LIST(force_external) },
	{ "function", "external", LIST(force_external), LIST(force_interface) },
	{ "global_var", "extra_public", LIST(inherit), LIST(private) },
	{ "global_var", "inherit", LIST(inherit), LIST(private) },
	{ "global_var", "force_private", LIST(private), LIST(inherit) },
	{ "global_var", "private", LIST(private), LIST(inherit) },
};

struct config_reader {
	const char *path;
	yaml_document_t *document;
	struct config *config;
	GError **error;
};

static G_GNUC_PRINTF(4, 5) bool fail(const struct config_reader *reader, enum config_error code,
				     yaml_mark_t mark, const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list list;

	va_start(list, format);
	what = g_strdup_vprintf(format, list);
	va_end(list);
	g_set_error(reader->error, CONFIG_ERROR, code, "%s:%zu:%zu: %s", reader->path,
		    mark.line + 1, mark.column + 1, what);
	return false;
}

static GPtrArray *list_at(const struct config *config, size_t offset)
{
	return *(GPtrArray *const *)((const char *)config + offset);
}

static bool has_string(GPtrArray *list, const char *string)
{
	return g_ptr_array_find_with_equal_func(list, string, g_str_equal, NULL);
}

static yaml_node_t *node_at(const struct config_reader *reader, int index)
{
	return yaml_document_get_node(reader->document, index);
}

static const char *scalar_of(const yaml_node_t *node)
{
	return node->type == YAML_SCALAR_NODE ? (const char *)node->data.scalar.value : NULL;
}

/* A key without value is a plain empty scalar; "~" and "null" are YAML's other spellings. */
static bool is_null(const yaml_node_t *node)
{
	const char *value = scalar_of(node);

	if (!value || node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		return false;
	return !*value || !strcmp(value, "~") || !strcmp(value, "null");
}

/*
 * The keys known in a section, as "x, y, z". At the top (NULL) the names of the sections are among
 * them. Caller frees.
 */
static char *known_keys(const char *section)
{
	GString *names = g_string_new("");
	const char *previous = "";

	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		bool is_here = !g_strcmp0(keys[i].section, section);
		const char *name = is_here ? keys[i].name : keys[i].section;

		if ((!is_here && section) || !strcmp(name, previous))
			continue;
		g_string_append_printf(names, "%s%s", names->len ? ", " : "", name);
		previous = name;
	}
	return g_string_free(names, FALSE);
}

static const struct key *find_key(const char *section, const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (!g_strcmp0(keys[i].section, section) && !strcmp(keys[i].name, name))
			return &keys[i];
	}
	return NULL;
}

static bool is_section(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		if (!g_strcmp0(keys[i].section, name))
			return true;
	}
	return false;
}

/* The file of an entry "FUNCTION: FILE" of the sidecars; the node itself if it is something else. */
static const yaml_node_t *file_of_pair(const struct config_reader *reader, const struct key *key,
				       const yaml_node_t *node)
{
	const yaml_node_pair_t *pair = node->data.mapping.pairs.start;

	if (key->list != LIST(sidecars) || node->type != YAML_MAPPING_NODE ||
	    node->data.mapping.pairs.top - pair != 1 || !scalar_of(node_at(reader, pair->key)))
		return node;
	return node_at(reader, pair->value);
}

static bool read_item(const struct config_reader *reader, const struct key *key,
		      const yaml_node_t *item)
{
	const yaml_node_t *node = file_of_pair(reader, key, item);
	GPtrArray *list = list_at(reader->config, key->list);
	const char *value = scalar_of(node);

	if (!value || is_null(node) || !*value || strlen(value) != node->data.scalar.length)
		return fail(
			reader, CONFIG_ERROR_KEY, node->start_mark,
			"an entry of \"%s\" is not a name; write one name or pattern in each entry",
			key->name);
	if (key->opposite != key->list && has_string(list_at(reader->config, key->opposite), value))
		return fail(
			reader, CONFIG_ERROR_KEY, node->start_mark,
			"\"%s\" is in \"%s\" and in the list contrary to it of \"%s\"; remove it from one",
			value, key->name, key->section);
	if (!has_string(list, value))
		g_ptr_array_add(list, g_strdup(value));
	return true;
}

static bool read_list(const struct config_reader *reader, const struct key *key,
		      const yaml_node_t *node)
{
	if (is_null(node))
		return true;
	if (node->type != YAML_SEQUENCE_NODE)
		return fail(
			reader, CONFIG_ERROR_KEY, node->start_mark,
			"\"%s\" is not a list; write each entry in a line of its own after \"- \"",
			key->name);
	if (key->list == LIST(files))
		g_ptr_array_set_size(reader->config->files, 0); /* replaces the default */
	for (yaml_node_item_t *item = node->data.sequence.items.start;
	     item < node->data.sequence.items.top; item++) {
		if (!read_item(reader, key, node_at(reader, *item)))
			return false;
	}
	return true;
}

static bool read_mapping(const struct config_reader *reader, const char *section,
			 const yaml_node_t *node);

static bool read_pair(const struct config_reader *reader, const char *section,
		      const yaml_node_t *name_node, const yaml_node_t *value)
{
	const char *name = scalar_of(name_node);
	const struct key *key = name ? find_key(section, name) : NULL;
	g_autofree char *known = NULL;

	if (key)
		return read_list(reader, key, value);
	if (name && !section && is_section(name))
		return is_null(value) || read_mapping(reader, name, value);
	known = known_keys(section);
	return fail(reader, CONFIG_ERROR_KEY, name_node->start_mark,
		    "unknown key \"%s\"%s%s; the keys known here are %s",
		    name ? name : "(not a name)", section ? " in " : "", section ? section : "",
		    known);
}

static bool check_new_key(const struct config_reader *reader, GHashTable *seen,
			  const yaml_node_t *node)
{
	const char *name = scalar_of(node);

	if (!name || g_hash_table_add(seen, (gpointer)name))
		return true;
	return fail(reader, CONFIG_ERROR_KEY, node->start_mark,
		    "the key \"%s\" is there twice; join both", name);
}

/* Sections do not nest in sections: read_pair() calls this again only for the top mapping. */
static bool read_mapping(const struct config_reader *reader, const char *section,
			 const yaml_node_t *node)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);

	if (node->type != YAML_MAPPING_NODE)
		return fail(reader, CONFIG_ERROR_KEY, node->start_mark,
			    "%s is not a mapping; write \"KEY:\" lines",
			    section ? section : "the document");
	for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
	     pair < node->data.mapping.pairs.top; pair++) {
		const yaml_node_t *name = node_at(reader, pair->key);

		if (!check_new_key(reader, seen, name) ||
		    !read_pair(reader, section, name, node_at(reader, pair->value)))
			return false;
	}
	return true;
}

static bool fail_syntax(const struct config_reader *reader, const yaml_parser_t *parser)
{
	/* An encoding error has no mark of its own, only the last position. */
	yaml_mark_t mark = parser->error == YAML_READER_ERROR ? parser->mark : parser->problem_mark;

	return fail(reader, CONFIG_ERROR_SYNTAX, mark, "not valid YAML: %s; correct it",
		    parser->problem ? parser->problem : "no reason known");
}

static bool check_end(const struct config_reader *reader, yaml_parser_t *parser)
{
	yaml_document_t document;
	const yaml_node_t *root;
	bool is_end;

	if (!yaml_parser_load(parser, &document))
		return fail_syntax(reader, parser);
	root = yaml_document_get_root_node(&document);
	is_end = !root || fail(reader, CONFIG_ERROR_KEY, root->start_mark,
			       "a second document; join both in one");
	yaml_document_delete(&document);
	return is_end;
}

static bool read_document(struct config_reader *reader, yaml_parser_t *parser)
{
	yaml_document_t document;
	const yaml_node_t *root;
	bool is_read;

	if (!yaml_parser_load(parser, &document))
		return fail_syntax(reader, parser);
	reader->document = &document;
	root = yaml_document_get_root_node(&document);
	is_read = !root || ((is_null(root) || read_mapping(reader, NULL, root)) &&
			    check_end(reader, parser));
	yaml_document_delete(&document);
	return is_read;
}

struct config *config_read_text(const char *name, const char *text, size_t length, GError **error)
{
	struct config_reader reader = { .path = name, .error = error, .config = config_new() };
	yaml_parser_t parser;
	bool is_read;

	if (yaml_parser_initialize(&parser)) {
		yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
		is_read = read_document(&reader, &parser);
		yaml_parser_delete(&parser);
	} else {
		is_read = fail(&reader, CONFIG_ERROR_IO, (yaml_mark_t){ 0 },
			       "no memory; free some and try again");
	}
	if (!is_read)
		g_clear_pointer(&reader.config, config_free);
	return reader.config;
}

struct config *config_read(const char *path, GError **error)
{
	g_autoptr(GError) cause = NULL;
	g_autofree char *text = NULL;
	gsize length;

	if (g_file_get_contents(path, &text, &length, &cause))
		return config_read_text(path, text, length, error);
	g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_IO, "%s; name a file that can be read",
		    cause->message);
	return NULL;
}
