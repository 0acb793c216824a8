/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connects the report and the texts: what is under the cursor, and where an entry of
 * the report is in the texts.
 */
#ifndef PLUGSCHED_LSP_VIEW_H
#define PLUGSCHED_LSP_VIEW_H

#include "graph/index.h"
#include "tools/query/walk.h"
#include "tools/lsp/files.h"

#define VIEW_SPAN 12 /* most lines of a macro's arguments: uses in them have the macro's line */

struct view {
	struct workspace *workspace;
	struct files *files;
	const struct emit_read *report; /* NULL, as is `index`, if no report could be read */
	struct graph_index *index;
	struct walk *walk; /* finds the neighbours of a node */
};

/* How an entry was found, the most certain way first. */
enum view_how {
	VIEW_LINE, /* the report has it in this line of the analysed text */
	VIEW_FILE, /* an entry of that name is defined in this file */
	VIEW_NAME, /* only by its name */
	/*
	 * a member: the report has no use in this line, so it may be in any record
	 * with a member of that name
	 */
	VIEW_MEMBERS,
};

/* What a word means. */
struct view_found {
	const struct word *word;
	char *name;
	GPtrArray *nodes;   /* struct graph_node * */
	GPtrArray *records; /* struct graph_record * */
	enum view_how how;
};

/*
 * Looks up the word at a byte of the file's text. False if there is no word or the report knows
 * nothing of it. Free `found` with view_found_clear().
 */
bool view_find(const struct view *view, struct file *file, size_t offset, struct view_found *found);

/* Also accepts a zeroed structure. */
void view_found_clear(struct view_found *found);

/* A range of a text, in bytes. */
struct view_place {
	struct file *file;
	size_t begin, end;
};

/*
 * Finds `word` where the report has it: in a line of an analysed file. If it is not there, because
 * a macro made it, the whole line without its indentation. What was removed by the extraction is
 * found in the kernel's own file. False if the file cannot be read.
 */
bool view_locate(const struct view *view, const char *name, unsigned line, const char *word,
		 bool is_member, struct view_place *place);

/* Finds where a node is defined. */
bool view_locate_node(const struct view *view, const struct graph_node *node,
		      struct view_place *place);

/*
 * Finds a function's body: if an extracted folder has only a prototype, the
 * body in the kernel's file.
 */
bool view_locate_body(const struct view *view, const struct graph_node *node,
		      struct view_place *place);
/* Finds where a record is defined. */
bool view_locate_record(const struct view *view, const struct graph_record *record,
			struct view_place *place);

/*
 * Maps a line of the analysed text, from 1, to a line of the file, from 0. False
 * if the line was removed.
 */
bool view_line(const struct view *view, struct file *file, unsigned line, unsigned *found);

/* The lines of the analysed text that correspond to a line of the file, from 0. */
struct map_lines view_old_lines(const struct view *view, struct file *file, unsigned line);

/* What the report says about a file; NULL if it says nothing or there is no report. Borrowed. */
const struct graph_index_file *view_file(const struct view *view, const struct file *file);

/* True for one of the scheduler's files, of which the report has all uses. */
bool view_is_scheduler(const struct view *view, const struct file *file);

#endif
