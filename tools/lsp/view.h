/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Report and texts together: what is under the cursor, and where in the texts something of the report stands.
 */
#ifndef PLUGSCHED_LSP_VIEW_H
#define PLUGSCHED_LSP_VIEW_H

#include "graph/index.h"
#include "tools/query/walk.h"
#include "tools/lsp/files.h"

#define VIEW_SPAN 12 /* lines that a macro's arguments may span: uses in them have the macro's line */

struct view {
	struct workspace *workspace;
	struct files *files;
	const struct emit_read *report; /* NULL: none could be read; so is `index` */
	struct graph_index *index;
	struct walk *walk;              /* from any node to those around it */
};

/* How an entry was found, from the surest way on. */
enum view_how {
	VIEW_LINE,    /* the report has it at this line of the analysed text */
	VIEW_FILE,    /* one of that name is defined in this file */
	VIEW_NAME,    /* by its name alone */
	VIEW_MEMBERS, /* a member: the report has no use at this line, so it may be any record's that has one of that name */
};

/* What a word stands for. */
struct view_found {
	const struct word *word;
	char *name;
	GPtrArray *nodes;    /* struct graph_node * */
	GPtrArray *records;  /* struct graph_record * */
	enum view_how how;
};

/* Looks up the word at a byte of the file's text; false if there is none or the report has nothing of it. */
bool view_find(const struct view *view, struct file *file, size_t offset, struct view_found *found);

/* Accepts one that was not filled, if it is zeroed. */
void view_found_clear(struct view_found *found);

/* A piece of a text. */
struct view_place {
	struct file *file;
	size_t begin, end;
};

/*
 * Where `word` stands that the report has at a line of an analysed file; the whole line without its indentation if it does not
 * (a macro made it). What was extracted away is found in the kernel's own file. False if the file cannot be read.
 */
bool view_locate(const struct view *view, const char *name, unsigned line, const char *word, bool is_member,
		 struct view_place *place);

/* Where a node or record is defined. */
bool view_locate_node(const struct view *view, const struct graph_node *node, struct view_place *place);

/* The same for a function's body: where an extracted folder has a prototype only, that is the kernel's. */
bool view_locate_body(const struct view *view, const struct graph_node *node, struct view_place *place);
bool view_locate_record(const struct view *view, const struct graph_record *record, struct view_place *place);

/* The line of the file, from 0, that is a line of its analysed text; false if that was removed. */
bool view_line(const struct view *view, struct file *file, unsigned line, unsigned *found);

/* The lines of the analysed text that a line of the file, from 0, stands for. */
struct map_lines view_old_lines(const struct view *view, struct file *file, unsigned line);

/* What the report says of a file; NULL if it says nothing or there is no report. */
const struct graph_index_file *view_file(const struct view *view, const struct file *file);

/* True if it is one of the scheduler's files, of which the report has all uses. */
bool view_is_scheduler(const struct view *view, const struct file *file);

#endif
