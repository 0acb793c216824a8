// SPDX-License-Identifier: GPL-2.0-only
/* plugsched list: the schedulers that can be put to work at once, and which one is. */
#include "runtime/command/command.h"
#include "runtime/command/kernel.h"
#include "runtime/command/runtime.h"
#include "runtime/command/table.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

/*
 * Call `add` with vmlinux's scheduler, and with each that is registered: its name, whether it is at
 * work, and what its files say (NULL for vmlinux's). One that is removed meanwhile is left out.
 */
static void each_scheduler(void (*add)(const char *name, bool is_at_work, const char *functions,
				       const char *version, void *data),
			   void *data)
{
	g_autofree char *at_work = runtime_at_work();
	g_auto(GStrv) names = runtime_schedulers();

	add(KERNEL_VMLINUX, !g_strcmp0(at_work, KERNEL_VMLINUX), NULL, NULL, data);
	for (char **name = names; *name; name++) {
		g_autofree char *functions = runtime_value_of(*name, "functions"),
				*version = runtime_value_of(*name, "version");

		if (functions && version)
			add(*name, !g_strcmp0(at_work, *name), functions, version, data);
	}
}

static void add_row(const char *name, bool is_at_work, const char *functions, const char *version,
		    void *data)
{
	table_add(data, name, is_at_work ? "yes" : "no", functions ? functions : "-",
		  version ? version : "-", NULL);
}

static void print_text(void)
{
	struct table *table = table_new("<scheduler", "<at work", ">functions", "<version", NULL);

	each_scheduler(add_row, table);
	table_print(table);
	table_free(table);
}

static void add_object(const char *name, bool is_at_work, const char *functions,
		       const char *version, void *data)
{
	cJSON *object = cJSON_CreateObject();

	cJSON_AddStringToObject(object, "name", name);
	cJSON_AddBoolToObject(object, "at_work", is_at_work);
	if (functions)
		cJSON_AddNumberToObject(object, "functions", g_ascii_strtod(functions, NULL));
	if (version)
		cJSON_AddStringToObject(object, "version", version);
	cJSON_AddItemToArray(data, object);
}

static void print_json(void)
{
	cJSON *object = cJSON_CreateObject();
	char *text;

	each_scheduler(add_object, cJSON_AddArrayToObject(object, "schedulers"));
	text = cJSON_PrintUnformatted(object);
	puts(text);
	cJSON_free(text);
	cJSON_Delete(object);
}

bool command_list(const char *none, const struct command_options *options, GError **error)
{
	(void)none;
	(void)error;
	if (options->is_json)
		print_json();
	else
		print_text();
	return true;
}
