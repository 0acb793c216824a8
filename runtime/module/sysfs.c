// SPDX-License-Identifier: GPL-2.0-only
/* /sys/kernel/plugsched: a folder with one value in each file. */
#include "log.h"

#include "sysfs.h"

#include "fault.h"
#include "outcome.h"
#include "redirect.h"
#include "transition.h"

#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/kobject.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sysfs.h>

#include "../identity.h"

static enum state {
	DISABLED,
	CHANGING,
	ENABLED
} state;
static const char *const state_names[] = { "disabled", "changing", "enabled" };

static struct kobject *folder;
static DEFINE_MUTEX(lock); /* protects everything: one transition at a time */

static int enable(void)
{
	int error;

	if (!try_module_get(THIS_MODULE)) /* held while the kernel runs the module's scheduler */
		return plugsched_refuse(-ENODEV, "the module is being removed");
	state = CHANGING;
	error = plugsched_transition(PLUGSCHED_TO_MODULE);
	state = error ? DISABLED : ENABLED;
	if (error)
		module_put(THIS_MODULE);
	else
		pr_info("the module's scheduler is at work\n");
	return error;
}

static int disable(void)
{
	int error;

	state = CHANGING;
	error = plugsched_transition(PLUGSCHED_TO_VMLINUX);
	state = error ? ENABLED : DISABLED;
	if (error)
		return error;
	pr_info("vmlinux's scheduler is at work\n");
	module_put(THIS_MODULE);
	return 0;
}

static int change(bool is_wanted)
{
	if (is_wanted == (state == ENABLED))
		return plugsched_refuse(-EALREADY,
					is_wanted ? "already enabled" : "already disabled");
	plugsched_fault_pause(PLUGSCHED_FAULT_PAUSE_ORDERED);
	return is_wanted ? enable() : disable();
}

static ssize_t enable_store(struct kobject *object, struct kobj_attribute *attribute,
			    const char *text, size_t length)
{
	bool is_wanted;
	int error = kstrtobool(text, &is_wanted);

	if (error)
		return error;
	if (!capable(CAP_SYS_MODULE)) /* as for loading the module: this makes its code run */
		return -EPERM;
	if (!mutex_trylock(&lock)) /* no task may wait here: it would stand in the module's code */
		return -EBUSY;
	error = change(is_wanted);
	mutex_unlock(&lock);
	return error ? error : length;
}

static ssize_t enable_show(struct kobject *object, struct kobj_attribute *attribute, char *page)
{
	return sysfs_emit(page, "%d\n", state == ENABLED);
}

static ssize_t state_show(struct kobject *object, struct kobj_attribute *attribute, char *page)
{
	return sysfs_emit(page, "%s\n", state_names[state]);
}

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
SHOW(functions, "%u", plugsched_redirect_count());
SHOW(total_ns, "%llu", plugsched_figures.total_ns);
SHOW(prewalk_ns, "%llu", plugsched_figures.prewalk_ns);
SHOW(standstill_ns, "%llu", plugsched_figures.standstill_ns);
SHOW(stop_ns, "%llu", plugsched_figures.stop_ns);
SHOW(check_ns, "%llu", plugsched_figures.check_ns);
SHOW(clear_ns, "%llu", plugsched_figures.clear_ns);
SHOW(redirect_ns, "%llu", plugsched_figures.redirect_ns);
SHOW(rebuild_ns, "%llu", plugsched_figures.rebuild_ns);
SHOW(tasks, "%u", plugsched_figures.tasks);
SHOW(tasks_active, "%u", plugsched_figures.tasks_active);
SHOW(tasks_queued, "%u", plugsched_figures.tasks_queued);
SHOW(attempts, "%u", plugsched_figures.attempts);
SHOW(retries, "%u", plugsched_figures.retries);

static struct kobj_attribute state_attribute = __ATTR_RO(state);
static struct kobj_attribute enable_attribute = __ATTR(enable, 0644, enable_show, enable_store);

static const struct attribute *const attributes[] = { &state_attribute.attr,
						      &enable_attribute.attr,
						      &error_attribute.attr,
						      &in_the_way_attribute.attr,
#ifdef PLUGSCHED_TESTS
						      &fault_attribute.attr,
#endif
						      &build_id_attribute.attr,
						      &version_attribute.attr,
						      &functions_attribute.attr,
						      &total_ns_attribute.attr,
						      &prewalk_ns_attribute.attr,
						      &standstill_ns_attribute.attr,
						      &stop_ns_attribute.attr,
						      &check_ns_attribute.attr,
						      &clear_ns_attribute.attr,
						      &redirect_ns_attribute.attr,
						      &rebuild_ns_attribute.attr,
						      &tasks_attribute.attr,
						      &tasks_active_attribute.attr,
						      &tasks_queued_attribute.attr,
						      &attempts_attribute.attr,
						      &retries_attribute.attr,
						      NULL };

int plugsched_sysfs_begin(void)
{
	int error = -ENOMEM;

	folder = plugsched_fault(PLUGSCHED_FAULT_SYSFS)
			 ? NULL
			 : kobject_create_and_add("plugsched", kernel_kobj);
	if (folder) {
		error = sysfs_create_files(folder, attributes);
		if (error)
			kobject_put(folder);
	}
	return error ? plugsched_refuse(error, "/sys/kernel/plugsched cannot be made (error %d)",
					error)
		     : 0;
}

void plugsched_sysfs_end(void)
{
	sysfs_remove_files(folder, attributes);
	kobject_put(folder);
}
