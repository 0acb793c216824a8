// SPDX-License-Identifier: GPL-2.0-only
/* How the module is built: Kbuild, the Makefile, and the header that every unit includes first. */
#include "rewriter/generate/generate.h"

#include <string.h>

const char *generated_file_name(const struct generated *module, const char *name)
{
	size_t n = strlen(module->folder);

	return strncmp(name, module->folder, n) == 0 && name[n] == '/' ? name + n + 1 : name;
}

/* The objects of the runtime's sources in that folder. */
static void write_runtime_objects(FILE *out, const char *folder)
{
	size_t count;
	const struct generated_runtime_file *files = generated_runtime_files(&count);

	for (size_t i = 0; i < count; i++)
		if (g_str_has_prefix(files[i].name, folder) &&
		    g_str_has_suffix(files[i].name, ".c"))
			fprintf(out, " %.*s.o", (int)strlen(files[i].name) - 2, files[i].name);
}

/* The rules for the check pass over each unit, which runs before the unit is compiled. */
static void write_checks(FILE *out, const struct generated *module)
{
	fputs("\n# Before a unit is compiled: check that it has nothing that would have no effect in a module, and\n"
	      "# no second definition of what stays in vmlinux.\n"
	      "quiet_cmd_plugsched_check = EDITS   $<\n"
	      "      cmd_plugsched_check = $(CC) $(c_flags) -DPLUGSCHED_CHECK -include $(src)/check_begin.h -w -fsyntax-only $<; touch $@\n"
	      "$(obj)/%.checked: $(src)/%.c FORCE\n"
	      "\t$(call if_changed_dep,plugsched_check)\n"
	      "clean-files := *.checked\n",
	      out);
	for (guint i = 0; i < module->units->len; i++) {
		const char *name =
			((struct generated_unit *)g_ptr_array_index(module->units, i))->name;

		fprintf(out, "$(obj)/%s.o: $(obj)/%s.checked\ntargets += %s.checked\n", name, name,
			name);
	}
}

void generate_kbuild(FILE *out, const struct generated *module)
{
	fprintf(out,
		"# SPDX-License-Identifier: GPL-2.0-only\n"
		"# Made by plugsched-extract %s for Linux %s, build-id %s.\n\n"
		"# The flags that the kernel has for these units.\n"
		"include $(srctree)/%s/Makefile\n"
		"obj-y :=\n\n"
		"# make NAME=other: the module's name in the kernel, so that two of them can be there at once.\n"
		"NAME := scheduler\n\n"
		"obj-m := $(NAME).o plugsched.o\n$(NAME)-y :=",
		module->tool_version, module->kernel_release, module->build_id, module->folder);
	for (guint i = 0; i < module->units->len; i++)
		fprintf(out, " %s.o",
			((struct generated_unit *)g_ptr_array_index(module->units, i))->name);
	fputs(" springboard.o tables.o\n$(NAME)-y +=", out);
	write_runtime_objects(out, "runtime/");
	fputs("\nplugsched-y :=", out);
	write_runtime_objects(out, "core/");
	fprintf(out,
		"\n\n"
		"# Each unit includes plugsched.h first, knows its own name, and finds \"../x.h\" from the scheduler's folder.\n"
		"plugsched-unit = -include $(src)/plugsched.h -I$(srctree)/%s -DPLUGSCHED_UNIT=$1 -DPLUGSCHED_UNIT_$1\n",
		module->folder);
	for (guint i = 0; i < module->units->len; i++) {
		const char *name =
			((struct generated_unit *)g_ptr_array_index(module->units, i))->name;

		fprintf(out, "CFLAGS_%s.o += $(call plugsched-unit,%s)\n", name, name);
	}
	fputs("# No KASAN redzones on stacks: a switch of stacks would leave a frame without clearing them.\n"
	      "CFLAGS_KASAN := $(subst asan-stack=1,asan-stack=0,$(CFLAGS_KASAN))\n"
	      "CFLAGS_runtime/methods.o += $(call plugsched-unit,methods)\n",
	      out);
	fprintf(out,
		"\n# The core. state.c includes the kernel's own sched.h, and define_trace.h includes trace.h.\n"
		"$(foreach object,$(plugsched-y),$(eval CFLAGS_$(object) += -include $(src)/core/prelude.h))\n"
		"CFLAGS_core/state.o += -DPLUGSCHED_AS_VMLINUX -I$(srctree)/%s\n"
		"CFLAGS_core/main.o += -I$(src)/core\n",
		module->folder);
	fputs("\n# make PLUGSCHED_TESTS=1: tests can let a step fail through /sys/kernel/plugsched/fault.\n"
	      "ifeq ($(origin PLUGSCHED_TESTS)-$(PLUGSCHED_TESTS),command line-1)\n"
	      "$(foreach object,$(filter runtime/%,$($(NAME)-y)) $(plugsched-y),$(eval CFLAGS_$(object) += -DPLUGSCHED_TESTS))\n"
	      "endif\n",
	      out);
	write_checks(out, module);
	fputs("\n# What the modules use of vmlinux although it is not exported. `plugsched anchor` binds these.\n"
	      "KBUILD_EXTRA_SYMBOLS := $(src)/vmlinux.symvers $(src)/core.symvers\n",
	      out);
}

void generate_makefile(FILE *out, const struct generated *module)
{
	fprintf(out,
		"# SPDX-License-Identifier: GPL-2.0-only\n"
		"# make: builds scheduler.ko, and plugsched.ko, which it needs, for the kernel in KERNEL; make NAME=other: other.ko in\n"
		"# place of scheduler.ko; make C=2: checks them with sparse; make SIGN_KEY=KEY SIGN_CERT=CERTIFICATE: signs them; make\n"
		"# clean.\n"
		"KERNEL ?= %s\n\n"
		"# plugsched-lint finds what neither the compiler nor check.sh can; `make PLUGSCHED_LINT=` leaves it out.\n"
		"PLUGSCHED_LINT ?= $(shell command -v plugsched-lint)\n\n"
		"# Binds the modules to the kernel's vmlinux.\n"
		"PLUGSCHED ?= $(shell command -v plugsched)\n"
		"NAME := scheduler\n"
		"$(if $(wildcard $(NAME).[cS])$(filter plugsched vmlinux,$(NAME)),$(error plugsched: this name is taken: NAME=$(NAME)))\n"
		"MODULES := plugsched.ko $(NAME).ko\n\n"
		"modules:\n"
		"\t@sh check.sh config $(KERNEL)\n"
		"\t$(MAKE) -C $(KERNEL) M=$(CURDIR) NAME=$(NAME) $@\n"
		"\t@$(if $(PLUGSCHED_LINT),$(PLUGSCHED_LINT) $(if $(filter-out file default,$(origin KERNEL)),--kernel $(or $(wildcard $(KERNEL)/source),$(KERNEL)) "
		"--build $(KERNEL)) . || test $$? -ne 1)\n"
		"\t@sh check.sh symbols $(NAME).o $(KERNEL)\n"
		"\t@$(if $(PLUGSCHED),for module in $(MODULES); do $(PLUGSCHED) anchor --vmlinux=$(KERNEL)/vmlinux $$module || exit 1; done,\\\n"
		"\t\techo 'error: plugsched is not installed, which binds the modules to their kernel; name it with PLUGSCHED=' >&2; exit 1)\n"
		"\t@$(if $(SIGN_KEY),for module in $(MODULES); do sh check.sh sign $$module $(KERNEL) \"$(SIGN_KEY)\" \"$(SIGN_CERT)\" || exit 1; done)\n\n"
		"clean:\n"
		"\t$(MAKE) -C $(KERNEL) M=$(CURDIR) $@\n\n"
		".PHONY: modules clean\n",
		module->build_dir);
}

void generate_gitignore(FILE *out, const struct generated *module)
{
	(void)module;
	fputs("*.o\n*.ko\n*.checked\n*.mod\n*.mod.c\n.*.cmd\n.*.d\nModule.symvers\nmodules.order\nbuild.log\n.tmp_versions/\n",
	      out);
}

void generate_gitattributes(FILE *out, const struct generated *module)
{
	(void)module;
	fputs("# The report of the kernel that this was extracted from: too long to be read as a diff.\n" GENERATED_REPORT
	      " -diff\n",
	      out);
}

void generate_prelude(FILE *out, const struct generated *module)
{
	(void)module;
	fputs("/* SPDX-License-Identifier: GPL-2.0-only */\n"
	      "/*\n"
	      " * Each of the scheduler's units includes this first, and so does tables.c.\n"
	      " *\n"
	      " * The units are compiled as parts of vmlinux are, without MODULE: headers give them what they hide from modules,\n"
	      " * EXPORT_SYMBOL() does nothing, and THIS_MODULE is NULL.\n"
	      " */\n"
	      "#ifndef PLUGSCHED_H\n#define PLUGSCHED_H\n\n"
	      "#ifdef PLUGSCHED_UNIT\n#undef MODULE\n#define __DISABLE_EXPORTS\n#endif\n\n"
	      "#include \"core/tables.h\"\n"
	      "#include \"runtime/locks.h\"\n\n"
	      "/*\n"
	      " * The address of vmlinux's function of that name. Use it where a pointer may outlive the module: a pointer to the\n"
	      " * module's own function would then lead into freed memory. While the module is active, vmlinux's function jumps to\n"
	      " * the module's. vmlinux_at() takes the one at that position among functions of the same name.\n"
	      " */\n"
	      "#ifdef __CHECKER__ /* sparse does not understand the other form */\n"
	      "#define vmlinux(function) function\n"
	      "#define vmlinux_at(function, position) function\n"
	      "#else\n"
	      "#define vmlinux(function) (*({ extern typeof(function) __vmlinux_##function; &__vmlinux_##function; }))\n"
	      "#define vmlinux_at(function, position) \\\n"
	      "\t(*({ extern typeof(function) __vmlinux_##function##__pos_##position; &__vmlinux_##function##__pos_##position; }))\n"
	      "#endif\n\n"
	      "/*\n"
	      " * vmlinux's own copy of a string, at an offset from _text. Use it where the pointer is stored in memory that outlives\n"
	      " * the module.\n"
	      " */\n"
	      "#ifdef __CHECKER__\n"
	      "#define vmlinux_string(text, offset) text\n"
	      "#else\n"
	      "extern char plugsched_vmlinux_text[] __asm__(\"_text\");\n"
	      "#define vmlinux_string(text, offset) (plugsched_vmlinux_text + (offset))\n"
	      "#endif\n\n"
	      "/* vmlinux has registered the data of its system calls, so the module has none. check_begin.h defines this otherwise. */\n"
	      "#define PLUGSCHED_SYSTEM_CALL(name)\n\n"
	      "/* Jumps into vmlinux's __schedule, which switches from prev to next. Does not return to its caller (springboard.S). */\n"
	      "struct task_struct;\n"
	      "void *plugsched_switch_to(struct task_struct *prev, struct task_struct *next);\n\n"
	      "/* The module's tables for the core: core/tables.h says what they are. */\n"
	      "extern const struct plugsched_text plugsched_text[];\n"
	      "extern const struct plugsched_name plugsched_names[];\n\n"
	      "/* Each unit has one table of each kind. An empty entry ends it. */\n"
	      "#define PLUGSCHED_EACH_UNIT(unit) \\\n"
	      "\textern const struct plugsched_interface plugsched_interface_##unit[]; \\\n"
	      "\textern const struct plugsched_class plugsched_classes_##unit[];\n"
	      "#include \"units.h\"\n"
	      "#undef PLUGSCHED_EACH_UNIT\n\n"
	      "#endif\n",
	      out);
}

void generate_boundary_header(FILE *out, const struct generated *module)
{
	(void)module;
	fputs("/* SPDX-License-Identifier: GPL-2.0-only */\n"
	      "/* Each unit includes this last: its tables of interface functions and scheduling classes, and its assertions. */\n"
	      "#ifndef __CHECKER__ /* sparse does not lay out records as gcc does */\n\n"
	      "#define PLUGSCHED_JOIN2(left, right) left##right\n"
	      "#define PLUGSCHED_JOIN(left, right) PLUGSCHED_JOIN2(left, right)\n\n"
	      "#define PLUGSCHED_INTERFACE(name, offset, entry, function)\n"
	      "#define PLUGSCHED_SPRINGBOARD(name, offset, entry, function) \\\n"
	      "\textern typeof(function) plugsched_schedule; \\\n"
	      "\textern typeof(function) plugsched_schedule_body __attribute__((alias(#function)));\n"
	      "#define PLUGSCHED_CLASS(name)\n"
	      "#include \"interface.h\"\n"
	      "#undef PLUGSCHED_INTERFACE\n#undef PLUGSCHED_SPRINGBOARD\n\n"
	      "#define PLUGSCHED_INTERFACE(name, offset, entry, function) { #name, offset, entry, function },\n"
	      "#define PLUGSCHED_SPRINGBOARD(name, offset, entry, function) { #name, offset, entry, plugsched_schedule },\n"
	      "const struct plugsched_interface PLUGSCHED_JOIN(plugsched_interface_, PLUGSCHED_UNIT)[] = {\n"
	      "#include \"interface.h\"\n"
	      "\t{ }\n};\n"
	      "#undef PLUGSCHED_INTERFACE\n#undef PLUGSCHED_SPRINGBOARD\n#undef PLUGSCHED_CLASS\n\n"
	      "#define PLUGSCHED_INTERFACE(name, offset, entry, function)\n"
	      "#define PLUGSCHED_SPRINGBOARD(name, offset, entry, function)\n"
	      "#define PLUGSCHED_CLASS(name) { &name, &plugsched_##name },\n"
	      "const struct plugsched_class PLUGSCHED_JOIN(plugsched_classes_, PLUGSCHED_UNIT)[] = {\n"
	      "#include \"interface.h\"\n"
	      "\t{ }\n};\n"
	      "#undef PLUGSCHED_INTERFACE\n#undef PLUGSCHED_SPRINGBOARD\n#undef PLUGSCHED_CLASS\n\n"
	      "#include \"abi_check.h\"\n\n"
	      "#define PLUGSCHED_VALUE(name, value, file, holder) \\\n"
	      "\t_Static_assert((name) == (value), \"plugsched: \" #name \" is \" #value \" in \" holder \", which stays in vmlinux; \" \\\n"
	      "\t\t\"give the new value a name of its own\");\n"
	      "#define PLUGSCHED_TEXT(name, file, holder)\n"
	      "#include \"values.h\"\n\n"
	      "#ifdef PLUGSCHED_CHECK\n#include \"check_end.h\"\n#endif\n\n#endif\n",
	      out);
}
