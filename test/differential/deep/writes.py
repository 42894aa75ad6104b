"""Random writes of the tables of tables.sql, with any subqueries in them. Which of several matching rows counts never matters."""
from cases import Statement
from deep import marks
from deep.expressions import Column, Scope
from deep.queries import Queries
from deep.sources import RELATIONS, columns_of

# Columns that may be changed: none of unique constraints, none that are NOT NULL.
CHANGED = {
    "alpha": ("s", "n", "d", "b"), "beta": ("k", "j", "s", "m"), "skew": ("k", "w"), "nothing": ("k", "s", "n"),
    "gamma": ("q", "d", "b"), "delta": ("code", "n", "i"), "other": ("i", "k", "code", "n"), "price": ("n", "i", "s"),
    "flag": ("b", "k", "s"), "local_two": ("k", "n", "b"), "tree": ("parent", "label"), "ref_number": ("s", "n"),
}
# Tables with at most one row for each value of the column.
UNIQUE = {"ref_number": "k", "gamma": "code", "ref_code": "code", "days": "d", "lone": "i", "local_one": "id"}


class Writes(Queries):
    def statements(self):
        """In a transaction that is rolled back."""
        result = [Statement("BEGIN")]
        for _ in range(self.chance.choice((1, 1, 2, 3))):
            sql = self.chance.choice((self.update, self.update, self.delete, self.insert, self.upsert, self.with_writes))()
            result.append(Statement(marks.plain_text(sql), may_refuse=True, any_detail=True))
            self.left = self.chance.choice((1, 2, 3, 4))
        if self.chosen(0.3):
            sql, ordered = self.statement()
            result.append(Statement(marks.plain_text(sql), ordered=ordered, read_only=True))
        return result + [Statement("ROLLBACK")]

    def target_of_write(self):
        table, alias = self.chance.choice(list(CHANGED)), self.alias()
        return table, alias, columns_of(alias, RELATIONS[table])

    def where(self, scope):
        conditions = [self.condition(scope) for _ in range(self.chance.choice((0, 1, 1, 2)))]
        return " WHERE " + " AND ".join(conditions) if conditions else ""

    def partner(self, columns):
        """A table that has at most one row for each of the target's, and the condition."""
        table, alias = self.chance.choice(list(UNIQUE)), self.alias()
        more = columns_of(alias, RELATIONS[table])
        key = next(column for column in more if column.sql == f"{alias}.{UNIQUE[table]}")
        same = [column for column in columns if column.type == key.type]
        if not same:
            return None
        return f"{table} AS {alias}", more, f"{self.chance.choice(same).sql} = {key.sql}"

    def update(self):
        table, alias, columns = self.target_of_write()
        partner = self.partner(columns) if self.chosen(0.3) else None
        scope = Scope(columns + (partner[1] if partner else []))
        names = self.chance.sample(CHANGED[table], self.chance.choice((1, 1, 2)))
        types = dict(item.split() for item in RELATIONS[table].split(", "))
        changes = ", ".join(f"{name} = {self.expression(scope, types[name])}" for name in names)
        where = self.where(scope)
        source = ""
        if partner:
            source = f" FROM {partner[0]}"
            where = f"{where} AND {partner[2]}" if where else f" WHERE {partner[2]}"
        return f"UPDATE {table} AS {alias} SET {changes}{source}{where}{self.returning(scope)}"

    def delete(self):
        table, alias, columns = self.target_of_write()
        scope, source, join = Scope(columns), "", ""
        if self.chosen(0.25):
            item, more = self.relation([])
            source, join = f" USING {item}", self.join_condition(columns, more)
            scope = Scope(columns + more)
        where = self.where(scope)
        if join:
            where = f"{where} AND {join}" if where else f" WHERE {join}"
        return f"DELETE FROM {table} AS {alias}{source}{where}{self.returning(Scope(columns))}"

    def insert(self):
        table = self.chance.choice([name for name in CHANGED if name not in UNIQUE and name not in ("alpha", "skew", "tree")])
        columns = [item.split() for item in RELATIONS[table].split(", ")]
        if self.chosen(0.3):
            columns = self.chance.sample(columns, self.chance.randint(1, len(columns)))
        query = self.query([type_name for _, type_name in columns], [])
        names = ", ".join(name for name, _ in columns)
        own = Scope([Column(f"{table}.{name}", type_name) for name, type_name in columns])
        return f"INSERT INTO {table} ({names}) {query}{self.returning(own)}"

    def upsert(self):
        """With one row for each key, so that no row is met twice."""
        table, key = self.chance.choice(list(UNIQUE.items()))
        types = dict(item.split() for item in RELATIONS[table].split(", "))
        name = self.chance.choice([name for name in types if name != key and types[name] != "bool"])
        query = self.query([types[key], types[name]], [])
        rows = f"SELECT c0, min(c1) FROM ({query}) AS x (c0, c1) WHERE c0 IS NOT NULL GROUP BY c0"
        own = Scope([Column(f"{table}.{column}", type_name) for column, type_name in types.items()])
        action = "NOTHING"
        if self.chosen(0.75):
            value = self.chance.choice((f"excluded.{name}", f"coalesce({table}.{name}, excluded.{name})"))
            action = f"UPDATE SET {name} = {value}"
            action += f" WHERE {self.comparison(own)}" if self.chosen(0.4) else ""
        return f"INSERT INTO {table} ({key}, {name}) {rows} ON CONFLICT ({key}) DO {action}{self.returning(own)}"

    def with_writes(self):
        """A CTE that writes, and a query of what it returns."""
        table, alias, columns = self.target_of_write()
        names = ", ".join(column.sql for column in columns)
        if self.chosen(0.5):
            write = f"DELETE FROM {table} AS {alias}{self.where(Scope(columns))} RETURNING {names}"
        else:
            types = dict(item.split() for item in RELATIONS[table].split(", "))
            name = self.chance.choice(CHANGED[table])
            value = self.expression(Scope(columns), types[name])
            write = f"UPDATE {table} AS {alias} SET {name} = {value}{self.where(Scope(columns))} RETURNING {names}"
        self.ctes.append(("changed", [(name_of(column), column.type) for column in columns]))
        query = self.query(self.some_types(), [])
        self.ctes.pop()
        return f"WITH changed AS ({write}) {query}"

    def returning(self, scope):
        if self.chosen(0.6):
            return ""
        return " RETURNING " + ", ".join(self.expression(Scope(scope.columns), c.type, 0) for c in scope.columns[:3])


def name_of(column):
    return column.sql.rpartition(".")[2]
