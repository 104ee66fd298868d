"""One small change at a time in the SQL of a model: what a slip of the hand would have written.

Belongs here: how a syntax tree is changed. Does not belong here: running the tests (``__main__``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp

FIXTURE = "__dbt__cte__"
"""Name prefix under which dbt writes the given rows of a unit test into the query."""

OTHER_COMPARISON: dict[type[exp.Expression], type[exp.Expression]] = {
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.EQ: exp.NEQ,
    exp.NEQ: exp.EQ,
    exp.And: exp.Or,
    exp.Or: exp.And,
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.Add: exp.Sub,
    exp.Sub: exp.Add,
}


def parse(sql: str) -> exp.Expression:
    """The query of a compiled unit test."""
    return sqlglot.parse_one(sql, dialect="duckdb")


def _places(tree: exp.Expression) -> list[exp.Expression]:
    """Every node of the model itself, in a fixed order; the given rows of the test are left alone."""
    fixtures = {
        id(node) for cte in tree.find_all(exp.CTE) if cte.alias.startswith(FIXTURE) for node in cte.walk()
    }
    return [node for node in tree.walk(bfs=False) if id(node) not in fixtures]


def _changes(node: exp.Expression) -> Iterator[tuple[str, Callable[[exp.Expression], None]]]:
    """What can be changed at one node: a name and the change itself."""
    other = OTHER_COMPARISON.get(type(node))
    if other is not None:
        yield f"{type(node).__name__} -> {other.__name__}", lambda n: n.replace(other(**n.args))
    if isinstance(node, exp.Join) and node.args.get("kind") != "CROSS":
        side = "" if node.side else "left"
        yield f"join -> {side or 'inner'}", lambda n: (n.set("side", side), n.set("kind", None))[0]
    if isinstance(node, exp.Where | exp.Having):
        yield f"no {type(node).__name__.lower()}", lambda n: n.set("this", exp.true())
    if isinstance(node, exp.Literal) and not isinstance(node.parent, exp.Interval | exp.DataTypeParam):
        if node.is_string:
            yield f"{node} -> other text", lambda n: n.set("this", n.this + "x")
        elif node.is_int:
            yield f"{node} -> {int(node.this) + 1}", lambda n: n.set("this", str(int(n.this) + 1))
    if isinstance(node, exp.Boolean):
        yield f"{node} -> {not node.this}", lambda n: n.set("this", not n.this)
    if isinstance(node, exp.Ordered):
        yield "other order", lambda n: n.set("desc", not n.args.get("desc"))
    if isinstance(node, exp.Not):
        yield "no not", lambda n: n.replace(n.this)
    if isinstance(node, exp.Coalesce):
        yield "no coalesce", lambda n: n.replace(n.this)
    if isinstance(node, exp.Distinct):
        yield "no distinct", _undistinct
    if isinstance(node, exp.Union):
        yield "union: other kind", lambda n: n.set("distinct", not n.args.get("distinct"))


def _undistinct(node: exp.Expression) -> None:
    parent = node.parent
    if isinstance(parent, exp.Select):
        parent.set("distinct", None)
    elif node.expressions:
        node.replace(node.expressions[0])


def mutants(sql: str) -> Iterator[tuple[str, str]]:
    """Every mutant of a compiled unit test, as (what was changed, SQL), in the same order for every test of a model.

    Args:
        sql: the compiled query, given rows included.
    """
    count = len(_places(parse(sql)))
    for place in range(count):
        original = _places(parse(sql))[place]
        for number, (name, _) in enumerate(list(_changes(original))):
            tree = parse(sql)
            node = _places(tree)[place]
            where = (node.parent or node).sql(dialect="duckdb")[:100]
            list(_changes(node))[number][1](node)
            yield f"{name} in «{where}»", tree.sql(dialect="duckdb")
