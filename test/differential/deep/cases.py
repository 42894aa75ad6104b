"""Cases of the deep part: random.SEED.N as everywhere, on the tables of this folder, and their reduction."""
import random
import re
from pathlib import Path

import generator
from cases import Case, Statement
from dataset import Dataset
from deep import marks
from deep.queries import Queries

FOLDER = Path(__file__).parent
# Plans that PostgreSQL itself thinks dearer than this are not tried.
COST_LIMIT = 300
ATTEMPTS = 20


def make_dataset(plain, dist, shard_count, distribute):
    texts = [(FOLDER / name).read_text() for name in ("tables.sql", "rows.sql")]
    return Dataset(plain, dist, shard_count, distribute, *texts)


def run(runner, seed, first, count, only, reduced=False):
    """The cases deep.SEED.FIRST and so on. Those that fail are made smaller, if asked for."""
    for table in runner.dataset.tables:
        for side in (runner.plain, runner.dist):
            side.run(f'ANALYZE "{table}"')
    for number in range(first, first + count):
        name = f"deep.{seed}.{number}"
        if re.search(only, name):
            case, marked = make_case(name, runner.plain)
            failed = runner.run_case(case)
            if failed and reduced:
                print("reduced: " + marks.reduce(marked, lambda text: fails(runner, case, text)) + ";", flush=True)


def make_case(name, plain):
    """(case, the marked text of its query)"""
    for attempt in range(ATTEMPTS):
        chance = random.Random(f"{name}.{attempt}")
        parameters = [] if chance.random() < 0.15 else None
        queries = Queries(chance, parameters)
        marked, ordered = queries.statement()
        case = Case(name)
        case.statements = make_statements(marks.plain_text(marked), ordered, parameters, queries)
        if generator.is_cheap(plain, case, COST_LIMIT):
            if chance.random() < 0.4:
                case.statements = generator.leave_joins_to_shards(case.statements)
            return case, marked
    return Case(name), ""


def make_statements(sql, ordered, parameters, queries):
    if not parameters:
        return [Statement(sql, ordered=ordered)]
    statements = [Statement(f"PREPARE q ({', '.join(parameters)}) AS {sql}")]
    if queries.chosen(0.6):
        statements.insert(0, Statement("SET plan_cache_mode = force_generic_plan"))
    for _ in range(2):
        values = ", ".join(queries.literal(type_name) for type_name in parameters)
        statements.append(Statement(f"EXECUTE q ({values})", ordered=ordered))
    return statements + [Statement("DEALLOCATE q"), Statement("RESET plan_cache_mode")]


def fails(runner, case, text):
    """Does the case fail with this query in it, in a way that is not the query's own fault?"""
    smaller = Case(case.name)
    for statement in case.statements:
        sql = statement.sql
        if sql.startswith("PREPARE"):
            sql = sql[: sql.index(" AS ") + 4] + text
        elif statement.reads and sql.startswith(("SELECT", "WITH", "(")):
            sql = text
        smaller.statements.append(Statement(sql, ordered=statement.ordered))
    lines = runner.find_difference(smaller)[1]
    runner.clean_up()
    return bool(lines) and not any("the test itself" in line for line in lines)
