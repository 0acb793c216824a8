// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/plugsched: a folder with one value in each file, but for "history", and with a folder
 * for each scheduler that has joined.
 */
#include "sysfs.h"

#include "fault.h"
#include "history.h"
#include "outcome.h"
#include "registry.h"
#include "scheduler.h"
#include "sites.h"

#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "../identity.h"

static struct kobject *folder;
static struct kobject *schedulers;

/* --- the core's files */

static ssize_t scheduler_store(struct kobject *object, struct kobj_attribute *attribute,
			       const char *text, size_t length)
{
	int error;

	if (!capable(CAP_SYS_MODULE)) /* as for loading the module: this makes its code run */
		return -EPERM;
	error = plugsched_order(text);
	return error ? error : length;
}

static ssize_t scheduler_show(struct kobject *object, struct kobj_attribute *attribute, char *page)
{
	char name[MODULE_NAME_LEN];

	plugsched_name_at_work(name);
	return sysfs_emit(page, "%s\n", name);
}

static ssize_t history_read(struct file *file, struct kobject *object,
			    struct bin_attribute *attribute, char *buffer, loff_t offset,
			    size_t size)
{
	char *text = kvzalloc(plugsched_history_size(), GFP_KERNEL);
	ssize_t length;

	if (!text)
		return -ENOMEM;
	length = plugsched_history_print(text, plugsched_history_size());
	length = memory_read_from_buffer(buffer, size, &offset, text, length);
	kvfree(text);
	return length;
}

static struct bin_attribute history_attribute = {
	.attr = { .name = "history", .mode = 0444 },
	.read = history_read,
};

#ifdef PLUGSCHED_TESTS
static ssize_t fault_show(struct kobject *object, struct kobj_attribute *attribute, char *page)
{
	return plugsched_fault_show(page);
}

static ssize_t fault_store(struct kobject *object, struct kobj_attribute *attribute,
			   const char *text, size_t length)
{
	int error = plugsched_fault_order(text);

	return error ? error : length;
}

static struct kobj_attribute fault_attribute = __ATTR(fault, 0600, fault_show, fault_store);
#endif

#define SHOW(name, format, value)                                                            \
	static ssize_t name##_show(struct kobject *object, struct kobj_attribute *attribute, \
				   char *page)                                               \
	{                                                                                    \
		return sysfs_emit(page, format "\n", value);                                 \
	}                                                                                    \
	static struct kobj_attribute name##_attribute = __ATTR(name, 0444, name##_show, NULL)

SHOW(error, "%s", plugsched_why.error);
SHOW(in_the_way, "%s", plugsched_why.in_the_way);
SHOW(build_id, "%s", PLUGSCHED_BUILD_ID);
SHOW(version, "%s", PLUGSCHED_TOOL_VERSION);
SHOW(state, "%s", plugsched_state_name());
SHOW(functions, "%u", plugsched_functions_at_work());
SHOW(total_ns, "%llu", plugsched_figures.total_ns);
SHOW(prewalk_ns, "%llu", plugsched_figures.prewalk_ns);
SHOW(standstill_ns, "%llu", plugsched_figures.standstill_ns);
SHOW(stop_ns, "%llu", plugsched_figures.stop_ns);
SHOW(gather_ns, "%llu", plugsched_figures.gather_ns);
SHOW(check_ns, "%llu", plugsched_figures.check_ns);
SHOW(clear_ns, "%llu", plugsched_figures.clear_ns);
SHOW(redirect_ns, "%llu", plugsched_figures.redirect_ns);
SHOW(rebuild_ns, "%llu", plugsched_figures.rebuild_ns);
SHOW(tasks, "%u", plugsched_figures.tasks);
SHOW(tasks_active, "%u", plugsched_figures.tasks_active);
SHOW(tasks_queued, "%u", plugsched_figures.tasks_queued);
SHOW(attempts, "%u", plugsched_figures.attempts);
SHOW(retries, "%u", plugsched_figures.retries);

static struct kobj_attribute scheduler_attribute =
	__ATTR(scheduler, 0644, scheduler_show, scheduler_store);

static const struct attribute *const attributes[] = {
	&state_attribute.attr,      &scheduler_attribute.attr,    &error_attribute.attr,
	&in_the_way_attribute.attr,
#ifdef PLUGSCHED_TESTS
	&fault_attribute.attr,
#endif
	&build_id_attribute.attr,   &version_attribute.attr,      &functions_attribute.attr,
	&total_ns_attribute.attr,   &prewalk_ns_attribute.attr,   &standstill_ns_attribute.attr,
	&stop_ns_attribute.attr,    &gather_ns_attribute.attr,    &check_ns_attribute.attr,
	&clear_ns_attribute.attr,   &redirect_ns_attribute.attr,  &rebuild_ns_attribute.attr,
	&tasks_attribute.attr,      &tasks_active_attribute.attr, &tasks_queued_attribute.attr,
	&attempts_attribute.attr,   &retries_attribute.attr,      NULL
};

static int add_files(void)
{
	int error = sysfs_create_files(folder, attributes);

	if (error)
		return error;
	error = sysfs_create_bin_file(folder, &history_attribute);
	if (error)
		return error;
	schedulers = kobject_create_and_add("schedulers", folder);
	return schedulers ? 0 : -ENOMEM;
}

int plugsched_sysfs_begin(void)
{
	int error = -ENOMEM;

	folder = plugsched_fault(PLUGSCHED_FAULT_SYSFS)
			 ? NULL
			 : kobject_create_and_add("plugsched", kernel_kobj);
	if (folder) {
		error = add_files();
		if (error)
			kobject_put(folder); /* with the files in it */
	}
	return error ? plugsched_refuse(error, "/sys/kernel/plugsched cannot be made (error %d)",
					error)
		     : 0;
}

void plugsched_sysfs_end(void)
{
	kobject_put(schedulers);
	sysfs_remove_bin_file(folder, &history_attribute);
	sysfs_remove_files(folder, attributes);
	kobject_put(folder);
}

/* --- a scheduler's files */

struct plugsched_folder {
	struct kobject object;
	const struct plugsched_scheduler *scheduler; /* stays as long as the folder is in sysfs */
};

#define SHOW_OF(name, format, value)                                                              \
	static ssize_t of_##name##_show(struct kobject *object, struct kobj_attribute *attribute, \
					char *page)                                               \
	{                                                                                         \
		const struct plugsched_scheduler *scheduler =                                     \
			container_of(object, struct plugsched_folder, object)->scheduler;         \
                                                                                                  \
		return sysfs_emit(page, format "\n", value);                                      \
	}                                                                                         \
	static struct kobj_attribute of_##name = __ATTR(name, 0444, of_##name##_show, NULL)

SHOW_OF(at_work, "%d", plugsched_is_at_work(scheduler));
SHOW_OF(functions, "%u", scheduler->site_count);
SHOW_OF(version, "%s", scheduler->tables->tool_version);

static struct attribute *scheduler_attrs[] = { &of_at_work.attr, &of_functions.attr,
					       &of_version.attr, NULL };
ATTRIBUTE_GROUPS(scheduler);

static void free_folder(struct kobject *object)
{
	kfree(container_of(object, struct plugsched_folder, object));
}

static const struct kobj_type folder_type = {
	.release = free_folder,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = scheduler_groups,
};

int plugsched_sysfs_add(struct plugsched_scheduler *scheduler)
{
	struct plugsched_folder *own = kzalloc(sizeof(*own), GFP_KERNEL);
	int error = -ENOMEM;

	if (own) {
		own->scheduler = scheduler;
		error = kobject_init_and_add(&own->object, &folder_type, schedulers, "%s",
					     scheduler->name);
		if (error)
			kobject_put(&own->object);
	}
	if (error)
		return plugsched_refuse(error, "the folder of %s cannot be made (error %d)",
					scheduler->name, error);
	scheduler->folder = own;
	return 0;
}

void plugsched_sysfs_remove(struct plugsched_scheduler *scheduler)
{
	kobject_del(&scheduler->folder->object);
	kobject_put(&scheduler->folder->object);
}
