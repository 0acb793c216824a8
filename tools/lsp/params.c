// SPDX-License-Identifier: GPL-2.0-only
/* Reads parameters and builds results. */
#include "tools/lsp/params.h"

const cJSON *params_get(const cJSON *object, ...)
{
	va_list keys;
	const char *key;

	va_start(keys, object);
	while (object && (key = va_arg(keys, const char *)))
		object = cJSON_GetObjectItemCaseSensitive(object, key);
	va_end(keys);
	return object;
}

const char *params_string(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
}

bool params_bool(const cJSON *value)
{
	return cJSON_IsTrue(value);
}

bool params_unsigned(const cJSON *object, const char *key, unsigned *number)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!cJSON_IsNumber(item) || item->valuedouble < 0 || item->valuedouble > G_MAXINT32 ||
	    item->valuedouble != (double)(unsigned)item->valuedouble)
		return false;
	*number = (unsigned)item->valuedouble;
	return true;
}

struct file *params_file(struct server *server, const cJSON *params, GError **error)
{
	const char *uri = params_string(params_get(params, "textDocument", NULL), "uri");
	struct file *file = uri ? files_get_uri(server->view.files, uri) : NULL;

	if (!uri)
		g_set_error(error, RPC_ERROR, RPC_INVALID_PARAMS,
			    "textDocument.uri is missing or not a string");
	else if (!file)
		g_set_error(error, RPC_ERROR, RPC_INVALID_PARAMS,
			    "%s is not open and cannot be read", uri);
	return file;
}

bool params_offset(const struct server *server, const struct file *file, const cJSON *object,
		   const char *key, size_t *offset, GError **error)
{
	const cJSON *position = cJSON_GetObjectItemCaseSensitive(object, key);
	unsigned line, character;

	if (!params_unsigned(position, "line", &line) ||
	    !params_unsigned(position, "character", &character)) {
		g_set_error(error, RPC_ERROR, RPC_INVALID_PARAMS,
			    "%s is not a position with a line and a character", key);
		return false;
	}
	*offset = text_offset(file->text, server->encoding, line, character);
	return true;
}

cJSON *result_null(void)
{
	return cJSON_CreateNull();
}

cJSON *result_position(const struct server *server, const struct text *text, size_t offset)
{
	cJSON *position = cJSON_CreateObject();

	cJSON_AddNumberToObject(position, "line", text_line_of(text, offset));
	cJSON_AddNumberToObject(position, "character",
				text_character(text, server->encoding, offset));
	return position;
}

cJSON *result_range(const struct server *server, const struct text *text, size_t begin, size_t end)
{
	cJSON *range = cJSON_CreateObject();

	cJSON_AddItemToObject(range, "start", result_position(server, text, begin));
	cJSON_AddItemToObject(range, "end", result_position(server, text, end));
	return range;
}

cJSON *result_location(const struct server *server, const struct view_place *place)
{
	cJSON *location = cJSON_CreateObject();

	cJSON_AddStringToObject(location, "uri", place->file->uri);
	cJSON_AddItemToObject(location, "range",
			      result_range(server, place->file->text, place->begin, place->end));
	return location;
}
