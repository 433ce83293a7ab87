"""Which names a cell sets and which it takes from cells before it, without running anything."""

import re
import symtable


def names_of(source):
    """What a cell sets (imports apart), and what it takes from other cells or from Python."""
    table = symtable.symtable(source, "cell", "exec")
    bound, imported, taken = set(), set(), set()
    for symbol in table.get_symbols():
        if symbol.is_imported():
            imported.add(symbol.get_name())
        elif symbol.is_assigned():
            bound.add(symbol.get_name())
        elif symbol.is_referenced():
            taken.add(symbol.get_name())
    for scope in scopes_below(table):
        for symbol in scope.get_symbols():
            if symbol.is_global() and symbol.is_referenced():
                taken.add(symbol.get_name())
    return bound, taken - bound - imported


def scopes_below(table):
    """Functions, classes and comprehensions, nested ones too."""
    for child in table.get_children():
        yield child
        yield from scopes_below(child)


def find_changed(cells):
    """Names that a cell takes and a later one sets anew: run again, the first would take those.

    What no cell before has set is not counted: a function may take what is set before it is called.

    Args:
        cells: sources, by the numbers of their cells.

    Returns:
        The cell, the name, and the later cell, for each.
    """
    names = {number: names_of(source) for number, source in cells.items()}
    changed, known = [], set()
    for number, (own, taken) in names.items():
        for later, (bound, _) in names.items():
            both = taken & known & bound
            changed += [(number, name, later) for name in sorted(both) if later > number]
        known |= own
    return changed


def find_needed(cells, wanted):
    """The cells that must run so that the wanted ones can, those included, in their order.

    A name that is set more than once is taken from the last cell before that sets it.

    Args:
        cells: sources, by the numbers of their cells.
        wanted: numbers of cells.
    """
    needed, taken = [], set()
    for number in sorted(cells, reverse=True):
        own = _set_by(cells[number])
        if number in wanted or own & taken:
            needed.append(number)
            taken = taken - own | names_of(cells[number])[1]
    return needed[::-1]


def find_taken_from_optional(cells):
    """Names that only a section marked † sets and a cell outside takes: a reader may skip those.

    Such a section begins with its heading and ends with the next one of its level or above it. A
    name that a cell outside has set before is not counted.

    Args:
        cells: kind ("markdown" or "code") and source of each.

    Returns:
        The number of the cell outside and the name, for each.
    """
    optional, required, level = {}, {}, None
    for number, (kind, source) in enumerate(cells):
        if kind == "markdown":
            level = _level_of_optional(source, level)
        elif level is not None:
            optional[number] = source
        else:
            required[number] = source
    set_in = {name for source in optional.values() for name in _set_by(source)}
    missing, known = [], set()
    for number, source in required.items():
        taken = names_of(source)[1] & set_in - known
        missing += [(number, name) for name in sorted(taken)]
        known |= _set_by(source)
    return missing


def _level_of_optional(source, level):
    """The level of the section marked † that we are in after a Markdown cell, or None."""
    for heading in re.finditer(r"^(#+) (.*)$", source, re.MULTILINE):
        depth = len(heading[1])
        if heading[2].rstrip().endswith("†"):
            level = depth if level is None else min(level, depth)
        elif level is not None and depth <= level:
            level = None
    return level


def _set_by(source):
    """What a cell sets, imports included."""
    symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
