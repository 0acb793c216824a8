// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is a clone called as the source says?
 *
 * gcc makes NAME.isra.0 or NAME.constprop.0 for callers that it knows. It may have dropped or split
 * parameters, or only the result, which nobody used. DWARF tells where each parameter of the source
 * is when the clone is entered. If each is in the register of the calling convention, a function
 * with the source's type can take the clone's place: callers give it all that it wants, and a result
 * that they do not expect is in a register that they do not rely on.
 *
 * Limits: parameters and results that are records, floating-point numbers or larger than a register,
 * a seventh parameter, and variable ones are not looked at: such a clone counts as changed.
 */
#include "analyzer/binary/scan.h"

#include <dwarf.h>
#include <string.h>

/* True for what is passed in one register for integers. */
static bool is_plain(Dwarf_Die *holder)
{
	Dwarf_Attribute attribute;
	Dwarf_Die type;
	Dwarf_Word encoding = 0;

	if (!dwarf_formref_die(dwarf_attr_integrate(holder, DW_AT_type, &attribute), &type) ||
	    dwarf_peel_type(&type, &type) != 0)
		return false;
	switch (dwarf_tag(&type)) {
	case DW_TAG_pointer_type:
	case DW_TAG_enumeration_type:
		return true;
	case DW_TAG_base_type:
		dwarf_formudata(dwarf_attr(&type, DW_AT_encoding, &attribute), &encoding);
		return encoding != DW_ATE_float && encoding != DW_ATE_complex_float &&
		       dwarf_bytesize(&type) > 0 && dwarf_bytesize(&type) <= 8;
	default:
		return false;
	}
}

/* Finds the entry of a clone's parameter that stands for the source's `parameter`. */
static bool find_instance(Dwarf_Die *clone, Dwarf_Die *parameter, Dwarf_Die *found)
{
	Dwarf_Attribute attribute;
	Dwarf_Die origin;
	int left = dwarf_child(clone, found);

	for (; left == 0; left = dwarf_siblingof(found, found))
		if (dwarf_tag(found) == DW_TAG_formal_parameter &&
		    dwarf_formref_die(dwarf_attr(found, DW_AT_abstract_origin, &attribute),
				      &origin) &&
		    dwarf_dieoffset(&origin) == dwarf_dieoffset(parameter))
			return true;
	return false;
}

static bool is_in_register(Dwarf_Die *parameter, uint64_t entry, unsigned number)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *operations;
	size_t n;

	return dwarf_attr(parameter, DW_AT_location, &attribute) &&
	       dwarf_getlocation_addr(&attribute, entry, &operations, &n, 1) == 1 && n == 1 &&
	       operations[0].atom == DW_OP_reg0 + number;
}

bool scan_keeps_convention(Dwarf_Die *clone, const char *suffix, uint64_t entry)
{
	Dwarf_Die root, parameter, instance;
	unsigned position = 0;
	int left;

	scan_root(clone, &root);
	if (strstr(suffix, ".part.") || dwarf_tag(clone) != DW_TAG_subprogram ||
	    dwarf_dieoffset(clone) == dwarf_dieoffset(&root) ||
	    (dwarf_hasattr_integrate(&root, DW_AT_type) && !is_plain(&root)))
		return false;
	left = dwarf_child(&root, &parameter);
	for (; left == 0; left = dwarf_siblingof(&parameter, &parameter)) {
		if (dwarf_tag(&parameter) == DW_TAG_unspecified_parameters)
			return false;
		if (dwarf_tag(&parameter) != DW_TAG_formal_parameter)
			continue;
		if (position == arch_argument_count || !is_plain(&parameter) ||
		    !find_instance(clone, &parameter, &instance) ||
		    !is_in_register(&instance, entry, arch_arguments[position++]))
			return false;
	}
	return true;
}
