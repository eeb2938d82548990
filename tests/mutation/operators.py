"""Mutations that Cosmic Ray lacks, made for code whose mistakes are checks that do nothing.

Each class is one of Cosmic Ray's operators: `mutation_positions` finds the places in parso's tree, `mutate` changes one.
"""


class _Operator:
    @classmethod
    def arguments(cls):
        return ()

    def mutation_positions(self, node):
        return [(node.start_pos, node.end_pos)] * self.count(node)


class RemoveStatement(_Operator):
    """A call, a raise, or a return from within an if is left out."""

    def count(self, node):
        return node.type == "simple_stmt" and (
            node.children[0].type in {"atom_expr", "power", "raise_stmt"}
            or (node.children[0].type == "return_stmt" and node.search_ancestor("if_stmt") is not None)
        )

    def mutate(self, node, index):
        leaf = node.get_first_leaf()
        leaf.value = "pass"
        node.children[0] = leaf
        return node


class RemoveOperand(_Operator):
    """``a and b`` becomes ``a``, or ``b``; the same with or."""

    def count(self, node):
        return len(node.children[::2]) if node.type in {"and_test", "or_test"} else 0

    def mutate(self, node, index):
        first = max(0, 2 * index - 1)
        del node.children[first : first + 2]
        return node


class NegateMembership(_Operator):
    """``a in b`` becomes ``a not in b``, and the other way round."""

    def count(self, node):
        return node.type == "comparison" and node.children[1].get_last_leaf().value == "in"

    def mutate(self, node, index):
        leaf = node.children[1].get_first_leaf()
        leaf.value = "not in" if leaf.value == "in" else ""
        return node


class ReplaceText(_Operator):
    """A text that a program reads, so one without blanks or in upper case, becomes ``X``. Sentences and patterns stay."""

    def count(self, node):
        if node.type == "fstring_string":
            return _is_read_by_programs(node.value)
        is_text = node.type == "string" and not node.string_prefix.lower().startswith("r")
        return is_text and node.parent.type != "simple_stmt" and _is_read_by_programs(_content(node))

    def mutate(self, node, index):
        quotes = "" if node.type == "fstring_string" else node.value[-1]
        prefix = getattr(node, "string_prefix", "")
        node.value = f"{prefix}{quotes}X{quotes}"
        return node


def _content(string):
    return string.value.removeprefix(string.string_prefix)[1:-1]


def _is_read_by_programs(text):
    return " " not in text or text == text.upper()


OPERATORS = {
    operator.__name__: operator for operator in (RemoveStatement, RemoveOperand, NegateMembership, ReplaceText)
}
