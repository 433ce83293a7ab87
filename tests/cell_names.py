"""Which names a cell sets and which it takes from cells before it, without running anything."""

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
