// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes SARIF 2.1.0 with cJSON. Section numbers in comments are those of the standard.
 */
#include "emit/sarif.h"

#include <cjson/cJSON.h>
#include <glib.h>
#include <string.h>

#define SCHEMA_URI \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
#define ROOT "SRCROOT"
#define FINGERPRINT "plugsched/v1"

struct sarif {
	cJSON *log, *run, *rules, *results, *notifications;
	cJSON *result;    /* the last result that was begun */
	GHashTable *seen; /* fingerprint -> how many results have it */
};

static const char *level_name(enum sarif_level level)
{
	static const char *const names[] = { "error", "warning", "note" };

	return names[level];
}

static void add_text(cJSON *object, const char *key, const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	cJSON_AddStringToObject(object, key, valid);
}

/* 3.11: {"text": ...} */
static void add_message(cJSON *object, const char *key, const char *text)
{
	add_text(cJSON_AddObjectToObject(object, key), "text", text);
}

/* 3.14.14: an absolute URI that ends in a slash. */
static void add_root(cJSON *run, const char *root)
{
	g_autofree char *with_slash =
		g_strconcat(root, g_str_has_suffix(root, "/") ? "" : "/", NULL);
	g_autofree char *uri = g_filename_to_uri(with_slash, NULL, NULL);
	cJSON *bases = cJSON_AddObjectToObject(run, "originalUriBaseIds"),
	      *base = cJSON_AddObjectToObject(bases, ROOT);

	if (uri)
		cJSON_AddStringToObject(base, "uri", uri);
}

struct sarif *sarif_new(const char *tool, const char *version, const char *root)
{
	struct sarif *sarif = g_new0(struct sarif, 1);
	cJSON *driver, *runs;

	sarif->log = cJSON_CreateObject();
	cJSON_AddStringToObject(sarif->log, "$schema", SCHEMA_URI);
	cJSON_AddStringToObject(sarif->log, "version", "2.1.0");
	runs = cJSON_AddArrayToObject(sarif->log, "runs");
	sarif->run = cJSON_CreateObject();
	cJSON_AddItemToArray(runs, sarif->run);
	driver = cJSON_AddObjectToObject(cJSON_AddObjectToObject(sarif->run, "tool"), "driver");
	cJSON_AddStringToObject(driver, "name", tool);
	cJSON_AddStringToObject(driver, "version", version);
	sarif->rules = cJSON_AddArrayToObject(driver, "rules");
	/* 3.14.17: what callers count */
	cJSON_AddStringToObject(sarif->run, "columnKind", "unicodeCodePoints");
	if (root)
		add_root(sarif->run, root);
	sarif->results = cJSON_AddArrayToObject(sarif->run, "results");
	sarif->notifications = cJSON_CreateArray();
	sarif->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return sarif;
}

void sarif_free(struct sarif *sarif)
{
	if (!sarif)
		return;
	cJSON_Delete(sarif->log);
	cJSON_Delete(sarif->notifications);
	g_hash_table_destroy(sarif->seen);
	g_free(sarif);
}

void sarif_add_rule(struct sarif *sarif, const struct sarif_rule *rule)
{
	cJSON *object = cJSON_CreateObject();

	add_text(object, "id", rule->id);
	add_message(object, "shortDescription", rule->text);
	add_message(object, "fullDescription", rule->text);
	add_message(object, "help", rule->help);
	cJSON_AddStringToObject(cJSON_AddObjectToObject(object, "defaultConfiguration"), "level",
				level_name(rule->level));
	cJSON_AddItemToArray(sarif->rules, object);
}

static int rule_index(const struct sarif *sarif, const char *id)
{
	const cJSON *rule;
	int i = 0;

	cJSON_ArrayForEach(rule, sarif->rules) {
		if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(rule, "id")),
			   id) == 0)
			return i;
		i++;
	}
	return -1;
}

/*
 * 3.27.17: equal for the same finding, whatever its lines are. The second of equal ones ends in /2,
 * and so on.
 */
static void add_fingerprint(struct sarif *sarif, cJSON *object, const struct sarif_result *result)
{
	g_autofree char *text = g_strjoin("\n", result->rule, result->name, NULL);
	g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1),
			*numbered = NULL;
	guint n = GPOINTER_TO_UINT(g_hash_table_lookup(sarif->seen, digest)) + 1;

	g_hash_table_insert(sarif->seen, g_strdup(digest), GUINT_TO_POINTER(n));
	numbered = n > 1 ? g_strdup_printf("%s/%u", digest, n) : g_strdup(digest);
	cJSON_AddStringToObject(cJSON_AddObjectToObject(object, "partialFingerprints"), FINGERPRINT,
				numbered);
}

void sarif_result_begin(struct sarif *sarif, const struct sarif_result *result)
{
	cJSON *object = cJSON_CreateObject();
	g_autofree char *text = result->help
					? g_strdup_printf("%s. %s", result->message, result->help)
					: g_strdup(result->message);

	add_text(object, "ruleId", result->rule);
	cJSON_AddNumberToObject(object, "ruleIndex", rule_index(sarif, result->rule));
	cJSON_AddStringToObject(object, "level", level_name(result->level));
	add_message(object, "message", text);
	cJSON_AddArrayToObject(object, "locations");
	add_fingerprint(sarif, object, result);
	cJSON_AddItemToArray(sarif->results, object);
	sarif->result = object;
}

/* A path relative to the root is percent-encoded; an absolute one becomes file://. */
static void add_artifact(cJSON *physical, const char *path)
{
	cJSON *artifact = cJSON_AddObjectToObject(physical, "artifactLocation");
	g_autofree char *uri =
		g_path_is_absolute(path)
			? g_filename_to_uri(path, NULL, NULL)
			: g_uri_escape_string(path, G_URI_RESERVED_CHARS_ALLOWED_IN_PATH, FALSE);

	cJSON_AddStringToObject(artifact, "uri", uri ? uri : "");
	if (!g_path_is_absolute(path))
		cJSON_AddStringToObject(artifact, "uriBaseId", ROOT);
}

static cJSON *location(const struct sarif_place *place)
{
	cJSON *object = cJSON_CreateObject(),
	      *physical = cJSON_AddObjectToObject(object, "physicalLocation"), *region;

	add_artifact(physical, place->path);
	if (place->line) {
		region = cJSON_AddObjectToObject(physical, "region");
		cJSON_AddNumberToObject(region, "startLine", place->line);
		if (place->column)
			cJSON_AddNumberToObject(region, "startColumn", place->column);
		if (place->column && place->end_column >= place->column)
			cJSON_AddNumberToObject(region, "endColumn", place->end_column);
	}
	if (place->message)
		add_message(object, "message", place->message);
	return object;
}

void sarif_location(struct sarif *sarif, const struct sarif_place *place)
{
	cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(sarif->result, "locations"),
			     location(place));
}

void sarif_related(struct sarif *sarif, const struct sarif_place *place)
{
	cJSON *list = cJSON_GetObjectItemCaseSensitive(sarif->result, "relatedLocations");

	if (!list)
		list = cJSON_AddArrayToObject(sarif->result, "relatedLocations");
	cJSON_AddItemToArray(list, location(place));
}

void sarif_add_problem(struct sarif *sarif, const char *path, unsigned line, const char *message)
{
	struct sarif_place place = { .path = path, .line = line };
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "level", "error");
	add_message(object, "message", message);
	cJSON_AddItemToArray(cJSON_AddArrayToObject(object, "locations"), location(&place));
	cJSON_AddItemToArray(sarif->notifications, object);
}

void sarif_write(FILE *out, const struct sarif *sarif)
{
	cJSON *invocations = cJSON_CreateArray(), *invocation = cJSON_CreateObject();
	char *text;

	cJSON_AddBoolToObject(invocation, "executionSuccessful",
			      cJSON_GetArraySize(sarif->notifications) == 0);
	cJSON_AddItemToObject(invocation, "toolExecutionNotifications",
			      cJSON_Duplicate(sarif->notifications, 1));
	cJSON_AddItemToArray(invocations, invocation);
	cJSON_AddItemToObject(sarif->run, "invocations", invocations);
	text = cJSON_Print(sarif->log);
	fprintf(out, "%s\n", text);
	cJSON_free(text);
	cJSON_DeleteItemFromObjectCaseSensitive(sarif->run, "invocations");
}
