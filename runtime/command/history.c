// SPDX-License-Identifier: GPL-2.0-only
/* plugsched history: the last orders, and what came of them. */
#include "runtime/command/history.h"

#include "runtime/command/command.h"
#include "runtime/command/kernel.h"
#include "runtime/command/runtime.h"
#include "runtime/command/table.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#define READ_TRIES 10

/* --- reading */

/*
 * The kernel hands the file out in pieces. An order that ends between two of them shifts the lines,
 * so it is read until it is the same twice.
 */
static char *read_whole(void)
{
	g_autofree char *last = runtime_value("history");

	for (guint i = 1; i < READ_TRIES; i++) {
		char *text = runtime_value("history");
		bool is_same = !g_strcmp0(text, last);

		g_free(last);
		last = text;
		if (is_same)
			break;
	}
	return g_steal_pointer(&last);
}

bool history_is_kept(void)
{
	return kernel_has("/sys/kernel/plugsched/history");
}

char **history_lines(void)
{
	g_autofree char *text = read_whole();

	return text ? g_strsplit(text, "\n", -1) : NULL;
}

char *history_value(const char *line, const char *name)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	gsize length = strlen(name);

	for (char **word = words; *word; word++)
		if (g_str_has_prefix(*word, name) && (*word)[length] == '=')
			return g_strdup(*word + length + 1);
	return NULL;
}

char *history_last_to(const char *scheduler)
{
	g_auto(GStrv) lines = history_lines();
	char *last = NULL;

	for (char **line = lines; line && *line; line++) {
		g_autofree char *to = history_value(*line, "to");

		if (!g_strcmp0(to, scheduler))
			last = *line;
	}
	return g_strdup(last);
}

/* --- an order, for people */

static double number(const char *line, const char *name)
{
	g_autofree char *text = history_value(line, name);

	return text ? g_ascii_strtod(text, NULL) : 0;
}

/* What came of an order: "done", or why not. */
static const char *outcome(const char *line)
{
	int error = (int)number(line, "error");

	return error ? g_strerror(-error) : "done";
}

static char *local_time(const char *line)
{
	g_autoptr(GDateTime) when =
		g_date_time_new_from_unix_local(g_ascii_strtoll(line, NULL, 10));

	return when ? g_date_time_format(when, "%F %T") : g_strdup("?");
}

static void add_row(struct table *table, const char *line)
{
	g_autofree char *when = local_time(line), *from = history_value(line, "from"),
			*to = history_value(line, "to");
	g_autofree char *standstill =
		g_strdup_printf("%.1f us", number(line, "standstill_ns") / 1e3);
	g_autofree char *attempts = g_strdup_printf("%.0f", number(line, "attempts"));
	g_autofree char *retries = g_strdup_printf("%.0f", number(line, "retries"));
	g_autofree char *total = g_strdup_printf("%.1f ms", number(line, "total_ns") / 1e6);

	table_add(table, when, from ? from : "?", to ? to : "?", outcome(line), standstill,
		  attempts, retries, total, NULL);
}

static void print_text(char **lines)
{
	struct table *table;

	if (!lines) {
		puts("no order was carried out since the core came into the kernel");
		return;
	}
	table = table_new("<time", "<from", "<to", "<outcome", ">standstill", ">attempts",
			  ">retries", ">total", NULL);
	for (char **line = lines; *line; line++)
		add_row(table, *line);
	table_print(table);
	table_free(table);
}

/* --- and for programs */

/* Adds NAME=VALUE, a number unless it names a scheduler. */
static void add_word(cJSON *object, const char *word)
{
	const char *value = strchr(word, '=');
	g_autofree char *name = value ? g_strndup(word, value - word) : NULL;

	if (!name)
		return;
	if (!strcmp(name, "from") || !strcmp(name, "to"))
		cJSON_AddStringToObject(object, name, value + 1);
	else
		cJSON_AddNumberToObject(object, name, g_ascii_strtod(value + 1, NULL));
}

static cJSON *order_of(const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	cJSON *object = cJSON_CreateObject();

	cJSON_AddNumberToObject(object, "time", g_ascii_strtod(line, NULL));
	cJSON_AddStringToObject(object, "outcome", outcome(line));
	for (char **word = words; *word; word++)
		add_word(object, *word);
	return object;
}

static void print_json(char **lines)
{
	cJSON *object = cJSON_CreateObject(), *orders = cJSON_AddArrayToObject(object, "orders");
	char *text;

	for (char **line = lines; line && *line; line++)
		cJSON_AddItemToArray(orders, order_of(*line));
	text = cJSON_PrintUnformatted(object);
	puts(text);
	cJSON_free(text);
	cJSON_Delete(object);
}

bool command_history(const char *none, const struct command_options *options, GError **error)
{
	g_auto(GStrv) lines = history_lines();

	(void)none;
	(void)error;
	if (options->is_json)
		print_json(lines);
	else
		print_text(lines);
	return true;
}
