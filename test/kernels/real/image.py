# SPDX-License-Identifier: GPL-2.0-only
"""The static data of a vmlinux: which member of which variable holds the address of which function.

Truth: the linked image. From the debug information, elfutils' libdw (through ctypes) tells
where each variable is and which members its type has. The bytes of the sections show the
initial value of each pointer. Debug information or, for assembly, the symbol table tells which
function begins at that address.
"""
import collections
import ctypes
import os
import struct

import truth

# DW_TAG_*, DW_AT_*, DW_OP_addr
ARRAY, LEXICAL_BLOCK, MEMBER, POINTER, STRUCT, TYPEDEF, UNION = 0x01, 0x0b, 0x0d, 0x0f, 0x13, 0x16, 0x17
FUNCTION_TYPE, SUBRANGE, CONST, FUNCTION, VARIABLE, VOLATILE, ATOMIC = 0x15, 0x21, 0x26, 0x2e, 0x34, 0x35, 0x47
AT_LOCATION, AT_BYTE_SIZE, AT_UPPER_BOUND, AT_COUNT, AT_MEMBER_LOCATION, AT_TYPE = 0x02, 0x0b, 0x2f, 0x37, 0x38, 0x49
OP_ADDR = 0x03
NOBITS, ALLOC = 8, 2    # of ELF sections

# A variable's name and file; the members that lead to a pointer in it (ids of the report, innermost
# first); its value.
Holder = collections.namedtuple('Holder', 'variable file chain address')


class _Die(ctypes.Structure):
    _fields_ = [('addr', ctypes.c_void_p), ('cu', ctypes.c_void_p), ('abbrev', ctypes.c_void_p), ('pad', ctypes.c_long)]


class _Attribute(ctypes.Structure):
    _fields_ = [('code', ctypes.c_uint), ('form', ctypes.c_uint), ('value', ctypes.c_void_p), ('cu', ctypes.c_void_p)]


class _Block(ctypes.Structure):
    _fields_ = [('length', ctypes.c_size_t), ('data', ctypes.POINTER(ctypes.c_ubyte))]


def _load():
    library = ctypes.CDLL('libdw.so.1')
    pointer = ctypes.c_void_p
    library.dwarf_begin.restype = pointer
    library.dwarf_get_units.argtypes = [pointer] * 7
    library.dwarf_diename.restype = library.dwarf_decl_file.restype = ctypes.c_char_p
    library.dwarf_attr_integrate.restype = library.dwarf_formref_die.restype = pointer
    library.dwarf_dieoffset.restype = ctypes.c_size_t
    return library


DW = _load()


class Die:
    """An entry of the debug information."""

    def __init__(self, raw):
        self.raw, self.ref = raw, ctypes.byref(raw)
        self.tag = DW.dwarf_tag(self.ref)

    @property
    def offset(self):
        return DW.dwarf_dieoffset(self.ref)

    @property
    def name(self):
        name = DW.dwarf_diename(self.ref)
        return name.decode() if name else ''

    @property
    def file(self):
        name = DW.dwarf_decl_file(self.ref)
        return name.decode() if name else ''

    def attribute(self, code):
        found = _Attribute()
        return found if DW.dwarf_attr_integrate(self.ref, code, ctypes.byref(found)) else None

    def number(self, code, default=None):
        found, value = self.attribute(code), ctypes.c_uint64()
        if not found or DW.dwarf_formudata(ctypes.byref(found), ctypes.byref(value)):
            return default
        return value.value

    def type(self):
        found, raw = self.attribute(AT_TYPE), _Die()
        return Die(raw) if found and DW.dwarf_formref_die(ctypes.byref(found), ctypes.byref(raw)) else None

    def address(self):
        """The address of a variable with static storage; None for others."""
        found, block = self.attribute(AT_LOCATION), _Block()
        if not found or DW.dwarf_formblock(ctypes.byref(found), ctypes.byref(block)) or block.length != 9:
            return None
        data = bytes(block.data[:9])
        return struct.unpack('<Q', data[1:])[0] if data[0] == OP_ADDR else None

    def entry(self):
        """The address that a function begins at, or None."""
        value = ctypes.c_uint64()
        return None if DW.dwarf_lowpc(self.ref, ctypes.byref(value)) else value.value

    def children(self, tags):
        """Children with one of `tags`."""
        raw = _Die()
        ref = ctypes.byref(raw)
        is_over = DW.dwarf_child(self.ref, ref)
        while not is_over:
            if DW.dwarf_tag(ref) in tags:
                yield Die(_Die.from_buffer_copy(raw))
            is_over = DW.dwarf_siblingof(ref, ref)


class Image:
    """A vmlinux with debug information."""

    def __init__(self, tree):
        self.tree, self.path = tree, os.path.join(tree.path, 'vmlinux')
        with open(self.path, 'rb') as file:
            self.data = file.read()
        self.sections = list(self._read_sections())
        # address -> (file, name) by debug information, and ('', name) by symbol;
        # gcc merges equal functions
        self.functions = collections.defaultdict(set)
        self.holders, self._found = [], {}
        self._read_debug()
        for address, name in self._read_symbols():
            self.functions[address].add(('', truth.CLONE.sub('', name)))
        self.holders = [holder for holder in self.holders if self.functions.get(holder.address)]

    def _read_sections(self):
        """(address, size, offset) of each loaded section that has bytes."""
        start, = struct.unpack_from('<Q', self.data, 0x28)
        size, count = struct.unpack_from('<HH', self.data, 0x3a)
        for i in range(count):
            _, kind, flags, address, offset, length = struct.unpack_from('<IIQQQQ', self.data, start + i * size)
            if flags & ALLOC and kind != NOBITS and length:
                yield address, length, offset

    def _read_symbols(self):
        for line in truth.run('readelf', '-sW', self.path).splitlines():
            part = line.split()
            # a jump, not a function
            if len(part) == 8 and part[3] == 'FUNC' and not part[7].startswith('__SCT__'):
                yield int(part[1], 16), part[7]

    def read(self, address):
        """The 8 bytes at an address, or None."""
        for start, length, offset in self.sections:
            if start <= address <= start + length - 8:
                return struct.unpack_from('<Q', self.data, offset + address - start)[0]
        return None

    def _units(self):
        descriptor = os.open(self.path, os.O_RDONLY)
        handle = ctypes.c_void_p(DW.dwarf_begin(descriptor, 0))
        unit, following = None, ctypes.c_void_p()
        while True:
            raw = _Die()
            if DW.dwarf_get_units(handle, unit, ctypes.byref(following), None, None, ctypes.byref(raw), None):
                return
            unit = ctypes.c_void_p(following.value)
            yield Die(raw)

    def _read_debug(self):
        for unit in self._units():
            for die in unit.children((VARIABLE, FUNCTION)):
                if die.tag == FUNCTION:
                    self._read_function(die)
                else:
                    self._read_variable(die)

    def _read_function(self, die):
        entry = die.entry() if die.tag == FUNCTION else None
        if entry:
            self.functions[entry].add((self.tree.relative(die.file), die.name))
        for child in die.children((VARIABLE, LEXICAL_BLOCK)):
            if child.tag == VARIABLE:
                self._read_variable(child)
            else:
                self._read_function(child)

    def _read_variable(self, die):
        address = die.address()
        if address is None or self.read(address) is None:
            return
        kind = die.type()
        for offset, chain in self._pointers(kind, die.name) if kind else ():
            value = self.read(address + offset)
            if value:
                self.holders.append(Holder(die.name, self.tree.relative(die.file), chain, value))

    def _pointers(self, kind, name):
        """[(offset, chain)] of each pointer to functions or void in a type. `name` is the name
        of a type without a tag."""
        while kind and kind.tag in (TYPEDEF, CONST, VOLATILE, ATOMIC):
            if kind.tag == TYPEDEF:
                name = kind.name
            kind = kind.type()
        if not kind:
            return ()
        key = kind.offset, kind.name or name
        if key not in self._found:
            self._found[key] = list(self._find_pointers(kind, key[1]))
        return self._found[key]

    def _find_pointers(self, kind, name):
        if kind.tag == POINTER:
            to = strip(kind.type())
            if not to or to.tag == FUNCTION_TYPE:
                yield 0, ()
        elif kind.tag == ARRAY:
            yield from self._find_in_array(kind, name)
        elif kind.tag in (STRUCT, UNION):
            for member in kind.children((MEMBER,)):
                yield from self._find_in_member(kind, name, member)

    def _find_in_array(self, kind, name):
        element = kind.type()
        inner = self._pointers(element, name)
        size, count = measure(element), 1
        for bound in kind.children((SUBRANGE,)):
            upper = bound.number(AT_UPPER_BOUND)
            count *= upper + 1 if upper is not None else bound.number(AT_COUNT, 0)
        for i in range(count if inner and size else 0):
            for offset, chain in inner:
                yield i * size + offset, chain

    def _find_in_member(self, kind, name, member):
        kind_of, place = member.type(), member.number(AT_MEMBER_LOCATION, 0)
        label = member.name
        inner = self._pointers(kind_of, f'{name}.{label}' if label else name)
        # a member without a name is not a step: its members belong to the outer record
        step = (f'{self.tree.relative(member.file or kind.file)}:{name}.{label}',) if label else ()
        for offset, chain in inner:
            yield place + offset, chain + step


def strip(kind):
    """A type without typedefs and qualifiers."""
    while kind and kind.tag in (TYPEDEF, CONST, VOLATILE, ATOMIC):
        kind = kind.type()
    return kind


def measure(kind):
    """The size of a type."""
    kind = strip(kind)
    if not kind:
        return 0
    if kind.tag != ARRAY:
        return kind.number(AT_BYTE_SIZE, 8 if kind.tag == POINTER else 0)
    size = measure(kind.type())
    for bound in kind.children((SUBRANGE,)):
        upper = bound.number(AT_UPPER_BOUND)
        size *= upper + 1 if upper is not None else bound.number(AT_COUNT, 0)
    return size
