// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of analyzer/tree on small invented kernel trees.
 *
 * Method: each case makes a tree in its own temporary directory, whose name has a blank, quotes and
 * a letter outside ASCII, opens it and compares. Nothing is compiled.
 *
 * Limit: the tests may run as root, who can read everything, so an unreadable file is simulated by
 * a directory in its place.
 */
#include <stdarg.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "analyzer/tree/tree.h"

struct fixture {
	char *top;    /* temporary directory, resolved */
	char *kernel; /* the kernel's source in `top` */
};

static void put(const char *folder, const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *parent = g_path_get_dirname(path);

	g_assert_cmpint(g_mkdir_with_parents(parent, 0777), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Writes folder/name with each @ of the text replaced by the path of `folder` as JSON. */
static void put_with_path(const char *folder, const char *name, const char *text)
{
	g_autoptr(GString) full = g_string_new(text);
	g_autoptr(GString) escaped = g_string_new(folder);

	g_string_replace(escaped, "\\", "\\\\", 0);
	g_string_replace(escaped, "\"", "\\\"", 0);
	g_string_replace(full, "@", escaped->str, 0);
	put(folder, name, full->str);
}

static void remove_all(const char *path)
{
	g_autoptr(GDir) directory =
		g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
	const char *name;

	while (directory && (name = g_dir_read_name(directory))) {
		g_autofree char *child = g_build_filename(path, name, NULL);

		remove_all(child);
	}
	g_remove(path);
}

static void put_source(const char *folder)
{
	static const char *const files[] = { "Makefile",      "Kbuild",
					     "Kconfig",       "kernel/sched/core.c",
					     "kernel/fork.c", "kernel/bounds.c",
					     "lib/string.c" };

	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		put(folder, files[i], "");
}

static void set_up(struct fixture *fixture, gconstpointer data)
{
	(void)data;
	fixture->top = g_dir_make_tmp("plugsched 'q' \303\274-XXXXXX", NULL);
	fixture->kernel = g_build_filename(fixture->top, "li nux's \"one\"", NULL);
	put_source(fixture->kernel);
}

static void tear_down(struct fixture *fixture, gconstpointer data)
{
	(void)data;
	remove_all(fixture->top);
	g_free(fixture->kernel);
	g_free(fixture->top);
}

static struct tree *open_valid(const char *kernel, const char *build)
{
	g_autoptr(GError) error = NULL;
	struct tree *tree = tree_open(kernel, build, &error);

	g_assert_no_error(error);
	g_assert_nonnull(tree);
	return tree;
}

static void assert_refused(const char *kernel, const char *build, enum tree_error code,
			   const char *words)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(tree_open(kernel, build, &error));
	g_assert_error(error, TREE_ERROR, (int)code);
	if (!strstr(error->message, words))
		g_error("expected \"%s\" in \"%s\"", words, error->message);
}

static const struct tree_unit *unit_at(const struct tree *tree, guint i)
{
	g_assert_cmpuint(i, <, tree->units->len);
	return g_ptr_array_index(tree->units, i);
}

static void assert_words(char **words, const char *expected)
{
	g_autofree char *joined = g_strjoinv("|", words);

	g_assert_cmpstr(joined, ==, expected);
}

/* Compares all units with "source>object " in order. */
static void assert_units(const struct tree *tree, const char *expected)
{
	g_autoptr(GString) all = g_string_new("");

	for (guint i = 0; i < tree->units->len; i++)
		g_string_append_printf(all, "%s>%s ", unit_at(tree, i)->source,
				       unit_at(tree, i)->object);
	g_assert_cmpstr(all->str, ==, expected);
}

static void assert_assembly(const struct tree *tree, const char *expected)
{
	g_autoptr(GString) all = g_string_new("");

	for (guint i = 0; i < tree->assembly->len; i++)
		g_string_append_printf(all, "%s ", (char *)g_ptr_array_index(tree->assembly, i));
	g_assert_cmpstr(all->str, ==, expected);
}

static void put_core_cmd(const char *folder)
{
	put(folder, "kernel/sched/.core.o.cmd",
	    "savedcmd_kernel/sched/core.o := gcc -Wp,-MMD,x -DKBUILD_MODNAME='\"core\"' -DV=\\\"a\\ b\\\" -DP='$(pound)$$x' "
	    "-c -o kernel/sched/core.o kernel/sched/core.c   ; ./tools/objtool/objtool --orc kernel/sched/core.o\n"
	    "\nsource_kernel/sched/core.o := kernel/sched/core.c\n");
}

static void test_cmd_files(struct fixture *fixture, gconstpointer data)
{
	struct tree *tree;

	(void)data;
	put_core_cmd(fixture->kernel);
	put(fixture->kernel, "kernel/.fork.o.cmd",
	    "cmd_kernel/fork.o := gcc -c -o kernel/fork.o kernel/fork.c\n");
	put(fixture->kernel, "kernel/.bounds.s.cmd",
	    "cmd_kernel/bounds.s := gcc -S -o kernel/bounds.s kernel/bounds.c\n");
	put(fixture->kernel, "kernel/.fork.s.cmd",
	    "cmd_kernel/fork.s := gcc -S -o kernel/fork.s kernel/fork.c\n");
	put(fixture->kernel, "kernel/.gone.o.cmd",
	    "cmd_kernel/gone.o := gcc -c -o kernel/gone.o kernel/gone.c\n");
	put(fixture->kernel, "lib/.string.o.cmd",
	    "cmd_lib/string.o := gcc -c -o lib/string.o lib/string.c");
	put(fixture->kernel, "lib/.lib.o.cmd",
	    "cmd_lib/lib.o := ld -r -o lib/lib.o lib/string.o\n");
	put(fixture->kernel, "lib/.empty.o.cmd", "");
	tree = open_valid(fixture->kernel, NULL);
	g_assert_cmpstr(tree->source_dir, ==, fixture->kernel);
	g_assert_cmpstr(tree->build_dir, ==, fixture->kernel);
	g_assert_null(tree->database);
	assert_units(tree, "kernel/bounds.c>kernel/bounds.s kernel/fork.c>kernel/fork.o "
			   "kernel/sched/core.c>kernel/sched/core.o lib/string.c>lib/string.o ");
	g_assert_true(unit_at(tree, 0)->asm_offsets);
	g_assert_false(unit_at(tree, 1)->asm_offsets);
	g_assert_cmpstr(unit_at(tree, 2)->directory, ==, fixture->kernel);
	assert_words(
		unit_at(tree, 2)->arguments,
		"gcc|-Wp,-MMD,x|-DKBUILD_MODNAME=\"core\"|-DV=\"a b\"|-DP=#$x|-c|-o|kernel/sched/core.o|kernel/sched/core.c");
	tree_free(tree);
}

static void put_object(const char *folder, const char *directory, const char *base,
		       const char *source)
{
	g_autofree char *cmd = g_strdup_printf("%s/.%s.o.cmd", directory, base);
	g_autofree char *text = g_strdup_printf("cmd_%s/%s.o := gcc -c -o %s/%s.o %s\n", directory,
						base, directory, base, source);

	put(folder, source, "");
	put(folder, cmd, text);
}

static void test_left_out(struct fixture *fixture, gconstpointer data)
{
	static const char *const objects[][3] = {
		{ "scripts/mod", "modpost", "scripts/mod/modpost.c" },
		{ "tools/objtool", "check", "tools/objtool/check.c" },
		{ "kernel/bpf", "relo_core", "tools/lib/bpf/relo_core.c" },
		{ "usr", "initramfs_data", "usr/initramfs_data.S" },
		{ "arch/x86/boot", "main", "arch/x86/boot/main.c" },
		{ "arch/x86/boot/compressed", "head_64", "arch/x86/boot/compressed/head_64.S" },
		{ "arch/x86/tools", "relocs", "arch/x86/tools/relocs.c" },
		{ "arch/x86/entry", "entry_64", "arch/x86/entry/entry_64.S" },
		{ "arch/x86/entry/vdso", "vclock_gettime", "arch/x86/entry/vdso/vclock_gettime.c" },
		{ "arch/x86/entry/vdso", "vma", "arch/x86/entry/vdso/vma.c" },
		{ "arch/x86/entry/vdso", "vdso-note", "arch/x86/entry/vdso/vdso-note.S" },
		{ "arch/x86/purgatory", "purgatory", "arch/x86/purgatory/purgatory.c" },
		{ "arch/x86/realmode", "init", "arch/x86/realmode/init.c" },
		{ "arch/x86/realmode/rm", "regs", "arch/x86/realmode/rm/regs.c" },
		{ "drivers/x", "x.mod", "drivers/x/x.mod.c" },
		{ "kernel/sched", "core", "kernel/sched/core.c" },
	};
	struct tree *tree;

	(void)data;
	for (size_t i = 0; i < G_N_ELEMENTS(objects); i++)
		put_object(fixture->kernel, objects[i][0], objects[i][1], objects[i][2]);
	put(fixture->kernel, ".vmlinux.export.c", "");
	put(fixture->kernel, "..vmlinux.export.o.cmd",
	    "cmd_.vmlinux.export.o := gcc -c -o .vmlinux.export.o .vmlinux.export.c\n");
	put(fixture->kernel, "out/kernel/.fork.o.cmd",
	    "cmd_kernel/fork.o := gcc -c -o kernel/fork.o kernel/fork.c\n");
	tree = open_valid(fixture->kernel, NULL);
	assert_units(
		tree,
		"arch/x86/entry/vdso/vma.c>arch/x86/entry/vdso/vma.o arch/x86/realmode/init.c>arch/x86/realmode/init.o "
		"kernel/sched/core.c>kernel/sched/core.o tools/lib/bpf/relo_core.c>kernel/bpf/relo_core.o ");
	assert_assembly(tree, "arch/x86/entry/entry_64.o ");
	tree_free(tree);
}

static void test_bad_cmd_file(struct fixture *fixture, gconstpointer data)
{
	(void)data;
	put(fixture->kernel, "kernel/.fork.o.cmd",
	    "cmd_kernel/fork.o := gcc -DX='a -c -o kernel/fork.o kernel/fork.c\n");
	assert_refused(fixture->kernel, NULL, TREE_ERROR_DATABASE,
		       "kernel/.fork.o.cmd:1: the command cannot be split");
}

static void test_unreadable(struct fixture *fixture, gconstpointer data)
{
	g_autofree char *database =
		g_build_filename(fixture->kernel, "compile_commands.json", NULL);
	g_autofree char *config = g_build_filename(fixture->kernel, ".config", NULL);
	g_autofree char *dangling = g_build_filename(fixture->kernel, "kernel/.fork.o.cmd", NULL);

	(void)data;
	put_core_cmd(fixture->kernel);
	g_assert_cmpint(g_mkdir(config, 0777), ==, 0);
	assert_refused(fixture->kernel, NULL, TREE_ERROR_IO, ".config");
	g_rmdir(config);
	g_assert_cmpint(g_mkdir(database, 0777), ==, 0);
	assert_refused(fixture->kernel, NULL, TREE_ERROR_IO, "compile_commands.json");
	g_rmdir(database);
	g_assert_cmpint(symlink("nowhere", dangling), ==, 0);
	assert_refused(fixture->kernel, NULL, TREE_ERROR_IO, "kernel/.fork.o.cmd");
}

static void test_facts(struct fixture *fixture, gconstpointer data)
{
	static const char *const configs[] = {
		"#\n# Compiler: gcc 12\n#\nCONFIG_SMP=y\n# CONFIG_X is not set\n",
		"# Compiler: gcc 13\n\nCONFIG_SMP=y\n\n# CONFIG_X is not set\n# a comment\n",
		"CONFIG_SMP=y\n",
	};
	g_autofree char *hashes[G_N_ELEMENTS(configs)] = { NULL };
	g_autofree char *expected = g_compute_checksum_for_string(
		G_CHECKSUM_SHA256, "CONFIG_SMP=y\n# CONFIG_X is not set\n", -1);
	g_autofree char *vmlinux = g_build_filename(fixture->kernel, "vmlinux", NULL);
	struct tree *tree;

	(void)data;
	put_core_cmd(fixture->kernel);
	tree = open_valid(fixture->kernel, NULL);
	g_assert_null(tree->release);
	g_assert_null(tree->config_hash);
	g_assert_null(tree->vmlinux);
	tree_free(tree);
	put(fixture->kernel, "include/config/kernel.release", "6.1.0-test\n");
	put(fixture->kernel, "vmlinux", "");
	for (size_t i = 0; i < G_N_ELEMENTS(configs); i++) {
		put(fixture->kernel, ".config", configs[i]);
		tree = open_valid(fixture->kernel, NULL);
		hashes[i] = g_strdup(tree->config_hash);
		g_assert_cmpstr(tree->release, ==, "6.1.0-test");
		g_assert_cmpstr(tree->vmlinux, ==, vmlinux);
		tree_free(tree);
	}
	g_assert_cmpstr(hashes[0], ==, expected);
	g_assert_cmpstr(hashes[0], ==, hashes[1]);
	g_assert_cmpstr(hashes[0], !=, hashes[2]);
	g_free(hashes[1]);
	g_free(hashes[2]);
}

static void test_database(struct fixture *fixture, gconstpointer data)
{
	struct tree *tree;

	(void)data;
	put(fixture->kernel, "lib/my file's.c", "");
	put(fixture->kernel, "scripts/x.c", "");
	put_object(fixture->kernel, "lib", "memcpy_64", "lib/memcpy_64.S");
	put(fixture->kernel, "kernel/.fork.o.cmd",
	    "cmd_kernel/fork.o := gcc -c -o kernel/fork.o kernel/fork.c\n");
	put(fixture->kernel, "kernel/.bounds.s.cmd",
	    "cmd_kernel/bounds.s := gcc -S -o kernel/bounds.s kernel/bounds.c\n");
	put_with_path(
		fixture->kernel, "compile_commands.json",
		"[{\"directory\": \"@\", \"file\": \"@/kernel/sched/core.c\","
		"  \"command\": \"gcc -DN='\\\"core\\\"' -DE=\\\\\\\"q\\\\\\\" -c -o kernel/sched/core.o kernel/sched/core.c\"},"
		" {\"directory\": \"@/lib\", \"file\": \"./my file's.c\", \"output\": \"mine.o\","
		"  \"arguments\": [\"gcc\", \"-DX=a b\", \"-c\", \"my file's.c\"]},"
		" {\"directory\": \"@\", \"file\": \"lib/string.c\", \"command\": \"gcc -c lib/string.c\"},"
		" {\"directory\": \"@\", \"file\": \"lib/string.c\", \"command\": \"gcc -c -olib/s.o lib/string.c\"},"
		" {\"directory\": \"@\", \"file\": \"lib/string.c\", \"command\": \"gcc -c -o lib/s.o lib/string.c\"},"
		" {\"directory\": \"@\", \"file\": \"lib/memcpy_64.S\", \"command\": \"gcc -c -o lib/memcpy_64.o x.S\"},"
		" {\"directory\": \"@\", \"file\": \"scripts/x.c\", \"command\": \"gcc -c -o scripts/x.o scripts/x.c\"}]\n");
	tree = open_valid(fixture->kernel, NULL);
	g_assert_true(g_str_has_suffix(tree->database, "/compile_commands.json"));
	assert_units(
		tree,
		"kernel/bounds.c>kernel/bounds.s kernel/sched/core.c>kernel/sched/core.o lib/my file's.c>lib/mine.o "
		"lib/string.c> lib/string.c>lib/s.o ");
	assert_words(unit_at(tree, 1)->arguments,
		     "gcc|-DN=\"core\"|-DE=\"q\"|-c|-o|kernel/sched/core.o|kernel/sched/core.c");
	assert_words(unit_at(tree, 2)->arguments, "gcc|-DX=a b|-c|my file's.c");
	g_assert_true(g_str_has_suffix(unit_at(tree, 2)->directory, "/lib"));
	assert_assembly(tree, "lib/memcpy_64.o ");
	tree_free(tree);
}

static void test_bad_database(struct fixture *fixture, gconstpointer data)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "[\n  {\"directory\": \"@\",\n   \"file\" \"x\"}]",
		  "compile_commands.json:3:11: not valid JSON" },
		{ "[\n", "not valid JSON" },
		{ "", "compile_commands.json:1:1: not valid JSON" },
		{ "[] x", "not valid JSON" },
		{ "[]", "compile_commands.json:1:1: the list is empty" },
		{ "{}", "not a list of compilations" },
		{ "[1]", "entry 1: no \"directory\"" },
		{ "[{\"directory\": \"/\", \"command\": \"gcc\"}]", "entry 1: no \"file\"" },
		{ "[{\"file\": \"x\", \"command\": \"gcc\"}]", "entry 1: no \"directory\"" },
		{ "[{\"directory\": \"@\", \"file\": \"lib/string.c\", \"command\": \"gcc\"},{\"directory\": \"@\", \"file\": \"x\"}]",
		  "entry 2: neither \"command\" nor \"arguments\"" },
		{ "[{\"directory\": \"@\", \"file\": \"x\", \"arguments\": [1]}]",
		  "entry 1: \"arguments\" is not a list of strings" },
		{ "[{\"directory\": \"@\", \"file\": \"x\", \"arguments\": []}]",
		  "entry 1: \"arguments\" is not a list of strings" },
		{ "[{\"directory\": \"@\", \"file\": \"x\", \"command\": \"gcc '\"}]",
		  "entry 1: \"command\" cannot be split" },
		{ "[{\"directory\": \"@\", \"file\": \"x\", \"command\": \"\"}]",
		  "entry 1: \"command\" cannot be split" },
		{ "[{\"directory\": \"/nowhere\", \"file\": \"kernel/fork.c\", \"command\": \"gcc -c kernel/fork.c\"}]",
		  "useless: 1 of 1 files that it names do not exist, the first is /nowhere/kernel/fork.c" },
		{ "[{\"directory\": \"@\", \"file\": \"lib/string.c\", \"command\": \"gcc -c lib/string.c\"}]",
		  "useless: it names no compiled file of kernel/" },
	};

	(void)data;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		put_with_path(fixture->kernel, "compile_commands.json", cases[i].text);
		assert_refused(fixture->kernel, NULL, TREE_ERROR_DATABASE, cases[i].words);
		assert_refused(
			fixture->kernel, NULL, TREE_ERROR_DATABASE,
			"; remove it to have it made from the .cmd files, or run scripts/clang-tools/gen_compile_commands.py");
	}
}

static void test_out_of_tree(struct fixture *fixture, gconstpointer data)
{
	g_autofree char *build = g_build_filename(fixture->top, "b\303\274ild", NULL);
	g_autofree char *link = g_build_filename(build, "source", NULL);
	g_autofree char *path = NULL;
	struct tree *tree;

	(void)data;
	put(build, "lib/crc32table.c", "");
	put(build, "lib/.crc32table.o.cmd",
	    "cmd_lib/crc32table.o := gcc -c -o lib/crc32table.o lib/crc32table.c\n");
	put(build, "kernel/.fork.o.cmd",
	    "cmd_kernel/fork.o := gcc \"-I../li nux's \\\"one\\\"/include\" -c -o kernel/fork.o \"../li nux's \\\"one\\\"/kernel/fork.c\"\n");
	g_assert_cmpint(symlink(fixture->kernel, link), ==, 0);
	tree = open_valid(fixture->kernel, build);
	assert_units(tree, "kernel/fork.c>kernel/fork.o lib/crc32table.c>lib/crc32table.o ");
	g_assert_cmpstr(unit_at(tree, 0)->directory, ==, build);
	g_assert_cmpstr(unit_at(tree, 0)->arguments[1], ==, "-I../li nux's \"one\"/include");
	path = tree_path(tree, build, "include/generated/autoconf.h");
	g_assert_cmpstr(path, ==, "include/generated/autoconf.h");
	tree_free(tree);
	assert_refused(fixture->kernel, NULL, TREE_ERROR_NOT_BUILT,
		       "nothing of kernel/ was built here");
	g_remove(link);
	g_assert_cmpint(symlink("/usr", link), ==, 0);
	assert_refused(fixture->kernel, build, TREE_ERROR_NOT_BUILT, "was built from /usr");
}

static void test_through_symlink(struct fixture *fixture, gconstpointer data)
{
	g_autofree char *link = g_build_filename(fixture->top, "link", NULL);
	g_autofree char *text =
		g_strdup_printf("[{\"directory\": \"%s\", \"file\": \"%s/kernel/fork.c\", "
				"\"command\": \"gcc -c -o kernel/fork.o kernel/fork.c\"}]",
				link, link);
	struct tree *tree;

	(void)data;
	g_assert_cmpint(symlink(fixture->kernel, link), ==, 0);
	put(fixture->kernel, "compile_commands.json", text);
	tree = open_valid(link, NULL);
	g_assert_cmpstr(tree->source_dir, ==, fixture->kernel);
	assert_units(tree, "kernel/fork.c>kernel/fork.o ");
	tree_free(tree);
}

static void test_no_kernel(struct fixture *fixture, gconstpointer data)
{
	g_autofree char *absent = g_build_filename(fixture->top, "absent", NULL);
	g_autofree char *core = g_build_filename(fixture->kernel, "kernel/sched/core.c", NULL);

	(void)data;
	assert_refused(absent, NULL, TREE_ERROR_NOT_A_KERNEL, absent);
	assert_refused(fixture->top, NULL, TREE_ERROR_NOT_A_KERNEL,
		       "it has no Makefile; name the top directory");
	assert_refused(fixture->kernel, NULL, TREE_ERROR_NOT_BUILT,
		       "build the kernel with make first");
	assert_refused(fixture->kernel, absent, TREE_ERROR_NOT_BUILT, absent);
	put_object(fixture->kernel, "lib", "string", "lib/string.c");
	assert_refused(fixture->kernel, NULL, TREE_ERROR_NOT_BUILT,
		       "nothing of kernel/ was built here");
	g_remove(core);
	assert_refused(fixture->kernel, NULL, TREE_ERROR_NOT_A_KERNEL,
		       "it has no kernel/sched/core.c");
	g_assert_null(tree_open(absent, NULL, NULL));
	tree_free(NULL);
}

static void test_path(void)
{
	static const struct {
		const char *directory, *path, *expected;
	} cases[] = {
		{ "/s/linux", "kernel/sched/core.c", "kernel/sched/core.c" },
		{ "/s/linux/kernel", "./sched/../fork.c", "kernel/fork.c" },
		{ "/s/linux", "/s/linux/lib//x.c", "lib/x.c" },
		{ "/b", "../s/linux/kernel/fork.c", "kernel/fork.c" },
		{ "/b", "include/generated/autoconf.h", "include/generated/autoconf.h" },
		{ NULL, "a.h", "a.h" },
		{ "kernel", "a.h", "kernel/a.h" },
		{ "/s/linux", "../linux-2/x.c", "/s/linux-2/x.c" },
		{ "/s/linux", "/s/linux", "/s/linux" },
		{ "/", "usr/include/x.h", "/usr/include/x.h" },
		{ "/", "../../x.h", "/x.h" },
	};
	struct tree tree = { .source_dir = "/s/linux", .build_dir = "/b" };

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *name = tree_path(&tree, cases[i].directory, cases[i].path);

		g_assert_cmpstr(name, ==, cases[i].expected);
	}
}

static void assert_clang(const char *line, const char *expected)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);
	struct tree_unit unit = { .arguments = words };
	g_auto(GStrv) result = tree_unit_clang_arguments(&unit);
	g_autofree char *joined = g_strjoinv(" ", result);
	g_autofree char *full =
		g_strconcat(expected, *expected ? " " : "", "-w -ferror-limit=0", NULL);

	g_assert_cmpstr(joined, ==, full);
}

static void test_flags_kept(void)
{
	static const char *const kept[] = {
		"-nostdinc -I./include -I include -isystem /x -include a.c -D X -DX=1 -U Y -UY -std=gnu11 -O2 -Os",
		"-m64 -mcmodel=kernel -march=x86-64 -mno-sse -mno-sse2 -mno-sse4a -mno-mmx -mno-3dnow -mno-avx -mno-80387",
		"-fshort-wchar -funsigned-char -fno-strict-aliasing -fno-common -fno-PIE -fno-builtin-wcslen",
		"-fno-delete-null-pointer-checks -fno-strict-overflow -fwrapv -ffreestanding -fms-extensions",
		"-fcf-protection=branch -fstack-protector-strong -fno-stack-protector -fstrict-flex-arrays=3",
		"-fsanitize=kernel-address -x c -Xclang -fX --target=x86_64-linux-gnu",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
		g_autofree char *line = g_strdup_printf("gcc %s a.c", kept[i]);

		assert_clang(line, kept[i]);
	}
}

static void test_flags_dropped(void)
{
	static const char *const dropped[] = {
		"-c -o a.o",
		"-S -oa.s",
		"-Wall -Wp,-MMD,x -Wa,-x -pedantic",
		"-MD -MF x -MT y -pipe -fverbose-asm",
		"-g -gdwarf-5 -ggdb -pg -p",
		"-mrecord-mcount -mfentry -mnop-mcount",
		"-mindirect-branch=thunk-extern -mindirect-branch-register -mindirect-branch-cs-prefix",
		"-mfunction-return=thunk-extern -mharden-sls=all -mretpoline-external-thunk",
		"-mno-fp-ret-in-387 -mpreferred-stack-boundary=3 -mskip-rax-setup -mtune=generic -maccumulate-outgoing-args",
		"-mstack-protector-guard=global -mstack-protector-guard-reg=gs -mhard-float -mno-red-zone",
		"-fconserve-stack -fno-allow-store-data-races -fpatchable-function-entry=16,16 -fzero-call-used-regs=used-gpr",
		"-ftrivial-auto-var-init=zero -fmin-function-alignment=16 -falign-functions=16 -falign-jumps=1",
		"-fno-stack-clash-protection -fno-var-tracking-assignments -femit-struct-debug-baseonly -fno-ipa-sra",
		"-fmacro-prefix-map=./= -fdebug-prefix-map=a=b -fplugin=x.so -fplugin-arg-x-y -fdump-tree-all -fprofile-arcs",
		"-fsanitize=bounds -fsanitize-coverage=trace-pc -fasan-shadow-offset=0x1 --param asan-stack=1 --param=x=1",
		"-mllvm -x -fomit-frame-pointer -fno-jump-tables -fno-inline-functions-called-once -fno-some-future-flag",
	};

	for (size_t i = 0; i < G_N_ELEMENTS(dropped); i++) {
		g_autofree char *line = g_strdup_printf("gcc %s kernel/a.c", dropped[i]);

		assert_clang(line, "");
	}
}

static void test_flags_edges(void)
{
	assert_clang("gcc", "");
	assert_clang("ccache gcc -DA a.c", "-DA");
	assert_clang("gcc a.c -o", "");
	assert_clang("gcc a.c -include", "-include");
	assert_clang("gcc -DB -O2 -Wall -DA a.c -DC", "-DB -O2 -DA -DC");
}

/* --- one command */

/*
 * Opens the tree of a single command in `directory` below the fixture; NULL and
 * `*error` if it is refused.
 */
static struct tree *open_command(const struct fixture *fixture, const char *directory,
				 const char *line, GError **error)
{
	g_autofree char *path = g_build_filename(fixture->kernel, directory, NULL);
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	return tree_open_command(fixture->kernel, NULL, path, words, error);
}

static void test_command(struct fixture *fixture, gconstpointer data)
{
	static const char *const lines[][2] = {
		{ ".", "gcc -Wp,-MMD,x.c -include a.c -c -o kernel/fork.o kernel/fork.c" },
		{ ".", "ccache gcc -c -okernel/fork.o ./kernel/../kernel/fork.c -DX" },
		{ "kernel", "gcc fork.c -c -o fork.o" },
	};

	(void)data;
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autoptr(GError) error = NULL;
		struct tree *tree = open_command(fixture, lines[i][0], lines[i][1], &error);
		const struct tree_unit *unit;

		g_assert_no_error(error);
		g_assert_cmpuint(tree->units->len, ==, 1);
		unit = g_ptr_array_index(tree->units, 0);
		g_assert_cmpstr(unit->source, ==, "kernel/fork.c");
		g_assert_cmpstr(unit->object, ==, "kernel/fork.o");
		tree_free(tree);
	}
}

static void test_no_command(struct fixture *fixture, gconstpointer data)
{
	static const struct {
		const char *directory, *line;
		enum tree_error code;
	} cases[] = {
		{ ".", "gcc -c -o kernel/fork.o", TREE_ERROR_COMMAND },
		{ ".", "gcc -include kernel/fork.c", TREE_ERROR_COMMAND },
		{ ".", "gcc -c -o scripts/a.o scripts/a.c", TREE_ERROR_COMMAND },
		{ ".", "gcc -c -o kernel/a.o kernel/a.S", TREE_ERROR_COMMAND },
		{ "nowhere", "gcc -c kernel/fork.c", TREE_ERROR_IO },
	};

	(void)data;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(open_command(fixture, cases[i].directory, cases[i].line, &error));
		g_assert_error(error, TREE_ERROR, (int)cases[i].code);
	}
}

/* --- one folder, and a copy in its place */

static void test_folder(struct fixture *fixture, gconstpointer data)
{
	struct tree *tree;

	(void)data;
	put_core_cmd(fixture->kernel);
	put(fixture->kernel, "kernel/.fork.o.cmd",
	    "cmd_kernel/fork.o := gcc -c -o kernel/fork.o kernel/fork.c\n");
	tree = tree_open_folder(fixture->kernel, NULL, "kernel/sched", NULL);
	g_assert_nonnull(tree);
	assert_units(tree, "kernel/sched/core.c>kernel/sched/core.o ");
	tree_free(tree);
	/* nothing was compiled there: everything is read */
	tree = tree_open_folder(fixture->kernel, NULL, "lib", NULL);
	g_assert_nonnull(tree);
	assert_units(tree, "kernel/fork.c>kernel/fork.o kernel/sched/core.c>kernel/sched/core.o ");
	tree_free(tree);
}

static void assert_name(const struct tree *tree, const char *folder, const char *path,
			const char *expected)
{
	g_autofree char *name = tree_path(tree, folder, path);

	g_assert_cmpstr(name, ==, expected);
}

static void assert_text(const struct tree *tree, const char *name, const char *expected)
{
	g_autofree char *text = tree_read_file(tree, name, NULL), *path = tree_file(tree, name),
			*there = NULL;

	g_assert_cmpstr(text, ==, expected);
	if (expected)
		g_assert_true(g_file_get_contents(path, &there, NULL, NULL));
	g_assert_cmpstr(there, ==, expected);
}

static void test_copy(struct fixture *fixture, gconstpointer data)
{
	static const char *const more[] = { "-DX", "-Iy", NULL };
	g_autofree char *copy = g_build_filename(fixture->kernel, "copy", NULL),
			*missing = g_build_filename(copy, "missing", NULL);
	g_autoptr(GError) error = NULL;
	struct tree *tree;

	(void)data;
	put_core_cmd(fixture->kernel);
	put(fixture->kernel, "kernel/sched/sched.h", "the kernel's");
	put(fixture->kernel, "kernel/sched/only.h", "the kernel's");
	put(copy, "sched.h", "the copy's");
	put(copy, "new.h", "the copy's");
	tree = tree_open_folder(fixture->kernel, NULL, "kernel/sched", NULL);
	g_assert_nonnull(tree);
	g_assert_false(tree_set_copy(tree, "kernel/sched", missing, &error));
	g_assert_nonnull(error);
	g_assert_true(tree_set_copy(tree, "kernel/sched", copy, NULL));
	assert_name(tree, copy, "sched.h", "kernel/sched/sched.h");
	assert_name(tree, copy, "../kernel/sched/sched.h", "kernel/sched/sched.h");
	assert_name(tree, copy, "../kernel/fork.c", "kernel/fork.c");
	assert_text(tree, "kernel/sched/sched.h", "the copy's");
	assert_text(tree, "kernel/sched/new.h", "the copy's");
	assert_text(tree, "kernel/sched/only.h", "the kernel's");
	assert_text(tree, "kernel/sched/none.h", NULL);
	tree_unit_append(tree, g_ptr_array_index(tree->units, 0), more);
	g_assert_true(g_strv_contains((const char *const *)unit_at(tree, 0)->arguments, "-Iy"));
	g_assert_cmpuint(g_strv_length(unit_at(tree, 0)->arguments), ==, 11);
	tree_free(tree);
}

#define ADD(name, function) \
	g_test_add("/tree/" name, struct fixture, NULL, set_up, function, tear_down)

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD("cmd-files", test_cmd_files);
	ADD("left-out", test_left_out);
	ADD("bad-cmd-file", test_bad_cmd_file);
	ADD("unreadable", test_unreadable);
	ADD("facts", test_facts);
	ADD("database", test_database);
	ADD("bad-database", test_bad_database);
	ADD("out-of-tree", test_out_of_tree);
	ADD("through-symlink", test_through_symlink);
	ADD("no-kernel", test_no_kernel);
	ADD("command", test_command);
	ADD("folder", test_folder);
	ADD("copy", test_copy);
	ADD("no-command", test_no_command);
	g_test_add_func("/tree/path", test_path);
	g_test_add_func("/tree/flags-kept", test_flags_kept);
	g_test_add_func("/tree/flags-dropped", test_flags_dropped);
	g_test_add_func("/tree/flags-edges", test_flags_edges);
	return g_test_run();
}
