"""WITH members that are read several times, and subqueries that depend on nothing around them, where shards could compute what is around
them: most of it is about tables that are distributed alike."""
from deep.expressions import Column, Scope
from deep.marks import may

TOGETHER = {"alpha": "id", "beta": "j", "skew": "v", "v_filter": "id", "v_join": "j", "v_barrier": "j"}  # and an integer of each


class Shared:
    """Of Queries."""

    def shared(self, types):
        """(WITH, the query) of a statement with columns of these types."""
        self.left = self.chance.choice((4, 6, 8, 10, 12))
        self.cte_share = 0.75
        head = self.kept_tables() if self.chosen(0.75) else ""
        return head, self.nested(types, self.chance.choice((0, 0, 1, 2, 3)))

    def kept_tables(self):
        items, recursive = [], ""
        for _ in range(self.chance.choice((1, 1, 2, 3))):
            name = self.alias().replace("t", "w")
            if self.chosen(0.25):
                recursive, columns, sql = "RECURSIVE ", [("k", "bigint"), ("c1", "int"), ("c2", "int")], self.recursion_by_key(name)
            else:
                columns, sql = self.by_key()
            hint = self.chance.choice(("", "", "", "MATERIALIZED ", "MATERIALIZED ", "NOT MATERIALIZED "))
            items.append(f"{name} ({', '.join(c for c, _ in columns)}) AS {hint}({sql})")
            self.ctes.append((name, columns))
        return f"WITH {recursive}{', '.join(items)} "

    def recursion_by_key(self, name):
        start, step = self.chance.choice(list(TOGETHER)), self.chance.choice(list(TOGETHER))
        key = self.chance.choice(("r.k", "r.k", "u.k", "u.k", "r.k + 1"))
        again = self.chance.choice(("UNION", "UNION ALL"))
        where = self.comparison(Scope([Column("t.k", "bigint"), Column(f"t.{TOGETHER[start]}", "int")]))
        match = self.chance.choice(("u.k = r.k", "u.k = r.k", "u.k = r.k", "u.k = r.c1"))
        more = self.chance.choice(("<>", "=", ">"))
        return (f"SELECT t.k, t.{TOGETHER[start]}, 0 FROM {start} AS t WHERE {where} {again} SELECT {key}, u.{TOGETHER[step]}, r.c2 + 1"
                f" FROM {name} AS r JOIN {step} AS u ON {match} AND u.{TOGETHER[step]} {more} r.c1 WHERE r.c2 < 2")

    def by_key(self):
        """(columns, sql) of a query with a key among its columns."""
        source, scope = self.together()
        conditions = [self.alone(scope) for _ in range(self.chance.choice((0, 0, 1, 1, 2)))]
        conditions += [self.comparison(scope)] if self.chosen(0.3) else []
        where = may(" WHERE " + " AND ".join(conditions), "") if conditions else ""
        kind, types = self.chance.random(), self.some_types(2)
        if kind < 0.35:
            rest, tail = [may(self.aggregate(scope, t), f"NULL::{t}") for t in types], " GROUP BY t.k"
            tail += may(f" HAVING count(*) >= {self.alone_value('bigint')}", "") if self.chosen(0.2) else ""
        elif kind < 0.55:
            others = ", ".join(column.sql for column in scope.columns)
            rest, tail, types = [f"row_number() OVER (PARTITION BY t.k ORDER BY {others})"], "", ["bigint"]
        else:
            rest, tail = [self.target(scope, t, False) for t in types], ""
        columns = [("k", "bigint")] + [(f"c{i}", t) for i, t in enumerate(types, 1)]
        sql = f"SELECT {', '.join(['t.k'] + rest)} FROM {source}{where}{tail}"
        if kind > 0.9:
            again = self.chance.choice(("UNION", "UNION ALL", "INTERSECT", "EXCEPT"))
            other = ", ".join(["t.k"] + [f"NULL::{t}" for t in types])
            sql = may(f"{sql} {again} SELECT {other} FROM {self.chance.choice(list(TOGETHER))} AS t", sql)
        return columns, sql

    def together(self):
        """(FROM, scope) of one or two tables joined by their key; the first is t."""
        first = self.chance.choice(list(TOGETHER))
        columns = [Column("t.k", "bigint"), Column(f"t.{TOGETHER[first]}", "int")]
        self.left -= 1
        if self.ctes and self.chosen(0.3):
            name, kept = self.chance.choice(self.ctes)
            if kept[0][0] == "k":
                return f"{name} AS t", Scope([Column(f"t.{c}", t) for c, t in kept])
        if self.chosen(0.3):
            second, alias = self.chance.choice(list(TOGETHER)), self.alias()
            columns += [Column(f"{alias}.k", "bigint"), Column(f"{alias}.{TOGETHER[second]}", "int")]
            kind = self.chance.choice(("JOIN", "LEFT JOIN"))
            return f"{first} AS t {kind} {second} AS {alias} ON {alias}.k = t.k", Scope(columns)
        return f"{first} AS t", Scope(columns)

    def alone_value(self, type_name):
        """A subquery that depends on nothing."""
        if self.left <= 0:
            return self.literal(type_name)
        self.left -= 1
        source, columns, _ = self.from_list([], 1)
        where = f" WHERE {self.comparison(Scope(columns))}" if self.chosen(0.6) else ""
        return may(f"(SELECT {self.aggregate(Scope(columns), type_name)} FROM {source}{where})", f"NULL::{type_name}")

    def alone(self, scope):
        """A condition with such a subquery."""
        if self.left <= 0:
            return self.comparison(scope)
        column, kind = self.pick(scope.columns), self.chance.random()
        negation = self.chance.choice(("", "", "NOT "))
        if kind < 0.3:
            return f"{column.sql} {self.chance.choice(('<', '<=', '>', '<>'))} {self.alone_value(column.type)}"
        if kind < 0.4:
            return f"coalesce({column.sql}, {self.alone_value(column.type)}) {self.chance.choice(('<=', '>'))} {self.literal(column.type)}"
        if kind < 0.55:
            condition = f"{negation}EXISTS ({self.query(self.some_types(1), [], 1)})"
        elif kind < 0.8:
            condition = f"{column.sql} {negation}IN ({self.query([column.type], [], 2)})"
        elif kind < 0.9:
            other = self.chance.choice(scope.columns)
            condition = f"({column.sql}, {other.sql}) {negation}IN ({self.query([column.type, other.type], [], 2)})"
        else:
            operator = f"{self.chance.choice(('<', '=', '<>', '>='))} {self.chance.choice(('ANY', 'ALL'))}"
            condition = f"{column.sql} {operator} ({self.query([column.type], [], 1)})" if column.type != "bool" else column.sql
        if self.chosen(0.25):
            condition = f"({condition} OR {self.comparison(scope)})"
        return may(condition, "true")

    def nested(self, types, depth):
        """A query of that many levels around one by key."""
        if depth <= 0:
            return self.query(types, [])
        columns, sql = self.by_key()
        if depth > 1:
            inner = self.nested(["bigint", "int"], depth - 1)
            alias = self.alias()
            sql = f"SELECT t.k, {', '.join('t.' + c for c, _ in columns[1:])} FROM ({sql}) AS t ({', '.join(c for c, _ in columns)})" \
                  f" {self.chance.choice(('JOIN', 'LEFT JOIN'))} ({inner}) AS {alias} (k, c1) ON {alias}.k = t.k"
        alias, names = self.alias(), ", ".join(c for c, _ in columns)
        here = [Column(f"{alias}.{c}", t) for c, t in columns]
        source = f"({sql}) AS {alias} ({names})"
        if self.chosen(0.5) and self.left > 0:
            item, more = self.beside(here) if self.chosen(0.35) else self.relation([])
            source = may(f"{source} {self.chance.choice(('JOIN', 'LEFT JOIN'))} {item} ON {self.join_condition(here, more)}", source)
            here += more
        scope = Scope(here)
        where = may(f" WHERE {self.alone(scope)}", "") if self.chosen(0.5) else ""
        if self.chosen(0.3):
            return self.grouped(source, scope, where, types)
        return f"SELECT {', '.join(self.target(scope, t) for t in types)} FROM {source}{where}"

    def beside(self, here):
        """LATERAL, by the key of what it stands beside."""
        alias, (table, number) = self.alias(), self.chance.choice(list(TOGETHER.items()))
        scope = Scope([Column("t.k", "bigint"), Column(f"t.{number}", "int")])
        sql = f"SELECT t.k, t.{number} FROM {table} AS t WHERE t.k = {here[0].sql} AND {self.alone(scope)} ORDER BY 1, 2 LIMIT 2"
        return f"LATERAL ({sql}) AS {alias} (k, c1)", [Column(f"{alias}.k", "bigint"), Column(f"{alias}.c1", "int")]
