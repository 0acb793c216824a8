// SPDX-License-Identifier: GPL-2.0-only
/*
 * Initialiser lists: which member each value belongs to.
 *
 * libclang gives a list as it is written. `.member = value` comes as the member's name and the
 * value; a plain value belongs to what follows the last one that got a value. Where the braces
 * around an inner record or array are left out, the values go to its members (C17 6.7.9, paragraphs
 * 17 to 22): so a list is walked with a stack of records and arrays, the outermost first. Each value
 * is a write of its member and of the members around it, and an address in it goes into that
 * member.
 */
#include "analyzer/source/visit.h"

/* How deep lists without braces nest. */
#define MAX_LEVELS 32

/* A record or array that is being filled. */
struct level {
	CXType type; /* canonical */
	struct place place;
	GArray *fields;  /* CXCursor: members that values are for; NULL for an array */
	long long at, n; /* position of the next value, and how many there are */
};

struct filling {
	struct unit *unit;
	struct level levels[MAX_LEVELS];
	unsigned depth; /* number of levels */
};

static enum CXVisitorResult add_field(CXCursor field, CXClientData data)
{
	GArray *fields = data;

	if (!clang_Cursor_isBitField(field) ||
	    unit_has_name(field)) /* one without a name gets none */
		g_array_append_val(fields, field);
	return CXVisit_Continue;
}

static bool is_aggregate(CXType type)
{
	return type.kind == CXType_Record || clang_getArrayElementType(type).kind != CXType_Invalid;
}

/* Opens a record or array. False if it is neither, or too deep. */
static bool push(struct filling *f, CXType type, struct place place)
{
	struct level *level = &f->levels[f->depth];

	type = clang_getCanonicalType(type);
	if (f->depth == MAX_LEVELS || !is_aggregate(type))
		return false;
	*level = (struct level){ .type = type, .place = place, .n = clang_getArraySize(type) };
	if (type.kind == CXType_Record) {
		level->fields = g_array_new(FALSE, FALSE, sizeof(CXCursor));
		clang_Type_visitFields(type, add_field, level->fields);
		level->n = level->fields->len;
		if (level->n > 1 &&
		    clang_getCursorKind(clang_getTypeDeclaration(type)) == CXCursor_UnionDecl)
			level->n = 1; /* without a name a value is for the first member */
	} else if (level->n < 0) {
		level->n = G_MAXINT64; /* an array without a length */
	}
	f->depth++;
	return true;
}

static void pop(struct filling *f)
{
	f->depth--;
	if (f->levels[f->depth].fields)
		g_array_free(f->levels[f->depth].fields, TRUE);
}

static struct level *top(struct filling *f)
{
	return &f->levels[f->depth - 1];
}

static CXCursor field_at(const struct level *level)
{
	return level->fields && level->at >= 0 && level->at < level->fields->len
		       ? g_array_index(level->fields, CXCursor, level->at)
		       : clang_getNullCursor();
}

static bool is_member(CXCursor field)
{
	return clang_getCursorKind(field) == CXCursor_FieldDecl && unit_has_name(field);
}

/* The type of what the next value of the level is for. */
static CXType next_type(const struct level *level)
{
	return level->fields ? clang_getCursorType(field_at(level))
			     : clang_getArrayElementType(level->type);
}

/*
 * Notes that the member at the level's position is written, at `where`. Returns the place of what
 * is put into it.
 */
static struct place fill_next(struct filling *f, CXCursor where)
{
	struct level *level = top(f);
	CXCursor field = field_at(level);
	struct place place = level->place;

	if (clang_Cursor_isNull(field) || !is_member(field))
		return place;
	visit_add_use(f->unit, where, place_plain(place), FACTS_WRITE, FACTS_TARGET_MEMBER,
		      unit_member(f->unit, field), 0);
	place.sink = FACTS_SINK_INIT;
	place.sink_target = unit_member(f->unit, field);
	place.to = slot_of_member(f->unit, field, place.to);
	return place;
}

/* Moves a level to a field, through anonymous members. False if it is not in the record. */
static bool go_to_field(struct filling *f, CXCursor field)
{
	struct level *level = top(f);

	for (guint i = 0; level->fields && i < level->fields->len; i++) {
		CXCursor at = g_array_index(level->fields, CXCursor, i);

		level->at = i;
		if (clang_equalCursors(at, field))
			return true;
		if (unit_has_name(at) || !push(f, clang_getCursorType(at), level->place))
			continue;
		if (go_to_field(f, field))
			return true;
		pop(f);
	}
	return false;
}

/*
 * True for `.member = value` and `[i] = value`, which libclang gives as expressions that begin with
 * a member's name or have no type.
 */
static bool is_designated(CXCursor element, const struct children *c)
{
	return clang_getCursorKind(element) == CXCursor_UnexposedExpr && c->n > 1 &&
	       (clang_getCursorKind(c->items[0]) == CXCursor_MemberRef ||
		clang_getCursorType(element).kind == CXType_Void);
}

/* Visits a value that is put where the topmost level stands, at `where`. A record is copied. */
static void put_value(struct filling *f, CXCursor where, CXCursor value)
{
	CXType type = next_type(top(f));
	struct place place = fill_next(f, where);

	if (clang_getCursorKind(value) != CXCursor_InitListExpr)
		visit_copy(f->unit, value, value, place);
	instance_conversion(f->unit, type, value, place.from);
	visit(f->unit, value, place);
	top(f)->at++;
}

static bool is_text(CXCursor value)
{
	return clang_getCursorKind(slot_unwrap(value)) == CXCursor_StringLiteral;
}

static bool is_char(CXType type)
{
	type = clang_getCanonicalType(type);
	return type.kind == CXType_Char_S || type.kind == CXType_Char_U ||
	       type.kind == CXType_SChar || type.kind == CXType_UChar;
}

/* True if the value is for the whole of what stands at the position, not for its first part. */
static bool fits_whole(CXCursor value, CXType type)
{
	CXType of = clang_getUnqualifiedType(clang_getCanonicalType(clang_getCursorType(value)));

	type = clang_getUnqualifiedType(clang_getCanonicalType(type));
	if (!is_aggregate(type) || clang_getCursorKind(value) == CXCursor_InitListExpr)
		return true;
	if (type.kind == CXType_Record)
		return clang_equalTypes(of, type);
	return clang_getCursorKind(slot_unwrap(value)) == CXCursor_CompoundLiteralExpr ||
	       (is_text(value) && is_char(clang_getArrayElementType(type)));
}

/* Puts a value where the list stands; opens what it is the first part of. */
static void put_next(struct filling *f, CXCursor value)
{
	while (f->depth > 1 && top(f)->at >= top(f)->n) { /* full */
		pop(f);
		top(f)->at++;
	}
	while (top(f)->at < top(f)->n && !fits_whole(value, next_type(top(f)))) {
		CXType type = next_type(top(f));

		if (!push(f, type, fill_next(f, value)))
			break;
	}
	put_value(f, value, value);
}

static bool is_name(CXCursor designator)
{
	return clang_getCursorKind(designator) == CXCursor_MemberRef;
}

/* Moves to the element of an index; a second one may be the end of a range `[1 ... 3]`. */
static void go_to_index(struct filling *f, CXCursor index)
{
	CXEvalResult value = clang_Cursor_Evaluate(index);

	if (value && clang_EvalResult_getKind(value) == CXEval_Int)
		top(f)->at = clang_EvalResult_getAsLongLong(value);
	clang_EvalResult_dispose(value);
	visit(f->unit, index, place_plain(top(f)->place));
}

/* True if the designator is for what is within the place that the one before it leads to. */
static bool goes_deeper(struct filling *f, CXCursor before, CXCursor designator)
{
	bool is_range = !is_name(before) && !is_name(designator) &&
			clang_getArrayElementType(clang_getCanonicalType(next_type(top(f)))).kind ==
				CXType_Invalid;

	return !is_range;
}

/* Follows `.a[1].b` of `.a[1].b = value`, then puts the value there. */
static void put_designated(struct filling *f, const struct children *c)
{
	const CXCursor *d = c->items;
	unsigned n = c->n - 1;

	while (f->depth > 1)
		pop(f);
	for (unsigned i = 0; i < n; i++) {
		if (i > 0 && goes_deeper(f, d[i - 1], d[i]) &&
		    !push(f, next_type(top(f)), fill_next(f, d[i - 1])))
			break;
		if (!is_name(d[i]))
			go_to_index(f, d[i]);
		else if (!go_to_field(f, clang_getCursorReferenced(d[i])))
			break;
	}
	put_value(f, d[n - 1], d[n]);
}

static void put_element(struct filling *f, CXCursor element)
{
	struct children c;

	children_get(&c, element);
	if (is_designated(element, &c))
		put_designated(f, &c);
	else
		put_next(f, element);
	children_clear(&c);
}

void visit_initialisers(struct unit *unit, CXCursor cursor, struct place place)
{
	struct filling f = { .unit = unit };
	struct children c;

	/* the list's address goes there, not its values */
	if (place.access != ACCESS_READ || place.is_behind)
		place.to = FACTS_NONE;
	place.access = ACCESS_READ;
	place.is_behind = place.is_array_base = false;
	children_get(&c, cursor);
	if (push(&f, clang_getCursorType(cursor), place))
		for (unsigned i = 0; i < c.n; i++)
			put_element(&f, c.items[i]);
	else /* braces around the value of a scalar */
		for (unsigned i = 0; i < c.n; i++)
			visit(unit, c.items[i], place);
	while (f.depth)
		pop(&f);
	children_clear(&c);
}
