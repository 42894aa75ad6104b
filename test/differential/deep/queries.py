"""Random queries over the tables of tables.sql: joins of every shape, subqueries everywhere, grouping sets, windows, CTEs."""
from deep.expressions import TYPES, Column, Expressions, Scope
from deep.marks import may
from deep.shared import Shared
from deep.sources import Sources, has_grouping_sets

SET_OPERATIONS = ("UNION", "UNION ALL", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL")


class Queries(Expressions, Shared, Sources):
    def __init__(self, chance, parameters=None):
        """parameters: a list to which the types of $1, $2 … are appended."""
        self.chance, self.parameters = chance, parameters
        self.aliases = 0
        self.left = chance.choice((1, 2, 2, 3, 3, 4, 6, 8, 10))  # relations that may still come
        self.ctes = []  # (name, columns)
        self.cte_share = 0.5

    def alias(self):
        self.aliases += 1
        return f"t{self.aliases}"

    def some_types(self, most=4):
        return [self.chance.choice(TYPES) for _ in range(self.chance.randint(1, most))]

    # ---- statements ----

    def statement(self):
        """(sql, is the order total?)"""
        types = self.some_types()
        if self.chosen(0.3):
            head, sql = self.shared(types)
        else:
            head = self.common_tables() if self.chosen(0.25) else ""
            sql = self.query(types, [])
        if self.chosen(0.5):
            return head + sql + self.locks(sql), False
        return head + self.ordered(sql, types, self.chosen(0.6)), not has_grouping_sets(sql)

    def locks(self, sql):
        """Not everywhere where PostgreSQL would refuse them."""
        if not self.chosen(0.08) or not sql.startswith("SELECT") or has_grouping_sets(sql):
            return ""
        strength = self.chance.choice(("UPDATE", "NO KEY UPDATE", "SHARE", "KEY SHARE"))
        return may(f" FOR {strength}{self.chance.choice(('', '', ' NOWAIT', ' SKIP LOCKED'))}", "")

    def common_tables(self, outer=()):
        items, recursive = [], ""
        for _ in range(self.chance.choice((1, 1, 2, 3))):
            name = self.alias().replace("t", "w")
            if not outer and self.chosen(0.12):
                recursive = "RECURSIVE "
                types, sql = ["int", "int"], self.recursion(name)
            else:
                types = self.some_types()
                sql = self.query(types, list(outer))
            hint = self.chance.choice(("", "", "MATERIALIZED ", "NOT MATERIALIZED "))
            names = [f"c{i}" for i in range(len(types))]
            items.append(f"{name} ({', '.join(names)}) AS {hint}({sql})")
            self.ctes.append((name, list(zip(names, types))))
        self.left = max(self.left, 2)
        return f"WITH {recursive}{', '.join(items)} "

    def recursion(self, name):
        start = self.comparison(Scope([Column("t.id", "int"), Column("t.label", "text")]))
        return (f"SELECT t.id, 0 FROM tree AS t WHERE {start} UNION"
                f" SELECT t.id, w.c1 + 1 FROM tree AS t JOIN {name} AS w ON t.parent = w.c0 WHERE w.c1 < 5")

    def query(self, types, outer, most=6):
        """A SELECT or a set operation with columns of exactly these types."""
        if outer and self.chosen(0.04) and self.left > 1:
            return self.with_inside(types, outer, most)
        if self.chosen(0.87) or self.left < 2:
            return self.select(types, outer, most)
        sql = f"({self.select(types, outer, 2)})"
        for _ in range(self.chance.choice((1, 1, 2))):
            operation = self.chance.choice(SET_OPERATIONS)
            sql = f"({may(sql + f' {operation} ({self.select(types, outer, 2)})', sql)})"
        return sql

    def with_inside(self, types, outer, most):
        """A CTE of a subquery, seen by nothing else."""
        known, self.ctes = self.ctes, list(self.ctes)
        head = self.common_tables(outer)
        sql = f"{head}{self.select(types, outer, most)}"
        self.ctes = known
        return sql

    def ordered(self, sql, types, limited):
        """By all columns, so that rows that tie are equal."""
        if has_grouping_sets(sql):
            # PostgreSQL before 18 leaves out a sort by a column that a condition pins, though grouping sets make it null.
            return sql
        directions = ("", "", " DESC", " NULLS FIRST", " DESC NULLS LAST")
        keys = [f"{i}{self.chance.choice(directions)}" for i in range(1, len(types) + 1)]
        self.chance.shuffle(keys)
        if self.parameters and self.chosen(0.3) and sql.startswith("SELECT") and "DISTINCT" not in sql:
            keys.insert(0, f"${self.chance.randint(1, len(self.parameters))}")
        sql += " ORDER BY " + ", ".join(keys)
        if limited:
            count = self.value("int") if self.parameters is not None and self.chosen(0.4) else self.chance.randint(0, 12)
            sql += may(f" FETCH FIRST {count} ROWS WITH TIES" if self.chosen(0.1) else f" LIMIT {count}", "")
            sql += may(f" OFFSET {self.chance.randint(0, 4)}", "") if self.chosen(0.2) else ""
        return sql

    # ---- one level ----

    def select(self, types, outer, most=6):
        source, columns, conditions = self.from_list(outer, most)
        scope = Scope(columns, outer)
        if outer and self.chosen(0.75):
            conditions.append(may(self.join_condition(outer, columns), "true"))
        conditions += [self.condition(scope) for _ in range(self.chance.choice((0, 0, 0, 0, 1, 1, 2)))]
        where = may(" WHERE " + " AND ".join(conditions), "") if conditions else ""
        if self.chosen(0.3):
            return self.grouped(source, scope, where, types)
        targets = [self.target(scope, type_name) for type_name in types]
        if self.chosen(0.07):
            return self.distinct_on(source, where, targets)
        distinct = may("DISTINCT ", "") if self.chosen(0.1) else ""
        return f"SELECT {distinct}{', '.join(targets)} FROM {source}{where}"

    def target(self, scope, type_name, windows=True):
        if windows and self.chosen(0.07):
            sql = self.window(scope, type_name)
            if sql:
                return sql
        return may(self.expression(scope, type_name), f"NULL::{type_name}")

    def distinct_on(self, source, where, targets):
        names = [f"c{i}" for i in range(len(targets))]
        listed = ", ".join(f"{target} AS {name}" for target, name in zip(targets, names))
        first = self.chance.randint(1, len(names))
        keys, order = ", ".join(names[:first]), ", ".join(names)
        return f"SELECT * FROM (SELECT DISTINCT ON ({keys}) {listed} FROM {source}{where} ORDER BY {order}) AS {self.alias()}"

    def grouped(self, source, scope, where, types):
        keys = []
        for _ in range(self.chance.choice((0, 1, 1, 2, 2, 3))):
            column = self.pick(scope.columns)
            sql = column.sql if self.chosen(0.8) else self.composed(Scope(scope.columns), column.type, 0)
            if self.parameters is not None and self.chosen(0.2):
                sql = f"({self.value(column.type)})::{column.type}"
            keys.append(Column(sql, column.type))
        keys = list({key.sql: key for key in keys}.values())
        group, sets = self.grouping(keys)
        targets = [self.grouped_target(scope, keys, type_name, sets) for type_name in types]
        having = f" HAVING {self.having(scope, keys)}" if self.chosen(0.25) else ""
        if not keys and not any("(" in target for target in targets):
            targets[0] = self.aggregate(scope, types[0])
        return f"SELECT {', '.join(targets)} FROM {source}{where}{group}{may(having, '')}"

    def grouping(self, keys):
        """(the clause, has it several sets?)"""
        if not keys:
            return "", False
        names = ", ".join(key.sql for key in keys)
        if self.chosen(0.75):
            return f" GROUP BY {names}", False
        form = self.chance.choice(("ROLLUP ({})", "CUBE ({})", "GROUPING SETS (({}), ())", "GROUPING SETS (({}), ({}))"))
        return f" GROUP BY {form.format(names, self.chance.choice(keys).sql)}", True

    def grouped_target(self, scope, keys, type_name, sets):
        same = [key.sql for key in keys if key.type == type_name]
        kind = self.chance.random()
        if same and kind < 0.5:
            return self.chance.choice(same)
        if sets and type_name == "int" and kind < 0.7:
            return f"grouping({self.chance.choice(keys).sql})"
        if kind > 0.9 and type_name == "bigint":
            order = self.aggregate(scope, self.chance.choice(("bigint", "numeric")))
            return may(f"rank() OVER (ORDER BY {order} DESC)", "count(*)")
        if kind > 0.86 and type_name == "bigint" and self.left > 0:
            # An aggregate of this level, written in a subquery.
            source, inner, _ = self.from_list([], 1)
            numbers = [c.sql for c in scope.columns if c.type in ("int", "bigint")]
            if numbers:
                return f"(SELECT sum({self.chance.choice(numbers)})::bigint + count({self.chance.choice(inner).sql}) FROM {source})"
        sql = self.aggregate(scope, type_name)
        if kind > 0.82 and keys and not sets:
            plain = [key for key in keys if "(" not in key.sql]
            query = self.scalar_subquery(Scope(plain), type_name) if plain else None
            return may(f"coalesce({sql}, {query})", sql) if query else sql
        return sql

    def having(self, scope, keys):
        type_name = self.chance.choice(("bigint", "numeric"))
        one = self.aggregate(scope, type_name)
        if self.chosen(0.25):
            plain = [key for key in keys if "(" not in key.sql]
            query = self.scalar_subquery(Scope([], plain), type_name)
            if query:
                return f"{one} {self.chance.choice(('<', '>='))} {query}"
        return f"{one} {self.chance.choice(('<', '>', '<>'))} {self.literal(type_name)}"
