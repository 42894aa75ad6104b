"""Cases of the deep part: deep.SEED.N, on the tables of this folder, and their reduction."""
import random
import re
from pathlib import Path

import generator
from cases import Case, Statement
from dataset import Dataset
from deep import marks
from deep.queries import Queries
from deep.writes import Writes

FOLDER = Path(__file__).parent
# Plans that PostgreSQL itself thinks dearer than this are not tried.
COST_LIMIT = 1200
ATTEMPTS = 20
WRITES = 0.15  # share of cases
SETTINGS = ("enable_hashjoin", "enable_mergejoin", "enable_nestloop", "enable_hashagg", "enable_sort", "enable_material",
            "enable_memoize", "enable_incremental_sort")


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
            if failed and reduced and marked:
                text = marks.reduce(marked, lambda smaller: fails(runner, with_query(case, smaller)))
                print("reduced:", *(f"{s.sql};" for s in with_query(case, text).statements), sep="\n", flush=True)


def make_case(name, plain):
    """(case, the marked text of its query)"""
    for attempt in range(ATTEMPTS):
        chance = random.Random(f"{name}.{attempt}")
        if chance.random() < WRITES:
            case = Case(name, Writes(chance).statements())
            if generator.is_cheap(plain, case, COST_LIMIT):
                return case, ""
            continue
        parameters = [] if chance.random() < 0.15 else None
        queries = Queries(chance, parameters)
        marked, ordered = queries.statement()
        case = Case(name)
        case.statements = make_statements(marks.plain_text(marked), ordered, parameters, queries)
        if generator.is_cheap(plain, case, COST_LIMIT):
            if chance.random() < 0.5:
                case.statements = with_settings(chance, case.statements)
            return case, marked
    return Case(name), ""


def with_settings(chance, statements):
    """Other plans than the usual ones: mostly PostgreSQL's own joins made dear, so that those of the shards are chosen."""
    if chance.random() < 0.6:
        return generator.leave_joins_to_shards(statements)
    names = chance.sample(SETTINGS, chance.randint(1, 4))
    return ([Statement(f"SET {name} = off") for name in names] + statements +
            [Statement(f"RESET {name}") for name in names])


def make_statements(sql, ordered, parameters, queries):
    if not parameters:
        return [Statement(sql, ordered=ordered, read_only=True)]
    statements = [Statement(f"PREPARE q ({', '.join(parameters)}) AS {sql}")]
    if queries.chosen(0.6):
        statements.insert(0, Statement("SET plan_cache_mode = force_generic_plan"))
    for _ in range(2):
        values = ", ".join(queries.literal(type_name) for type_name in parameters)
        statements.append(Statement(f"EXECUTE q ({values})", ordered=ordered, read_only=True))
    return statements + [Statement("DEALLOCATE q"), Statement("RESET plan_cache_mode")]


def with_query(case, text):
    """The case with another query in it."""
    changed = Case(case.name)
    for statement in case.statements:
        sql = statement.sql
        if sql.startswith("PREPARE"):
            sql = sql[: sql.index(" AS ") + 4] + text
        elif sql.startswith(("SELECT", "WITH", "(")):
            sql = text
        changed.statements.append(Statement(sql, ordered=statement.ordered, read_only=True))
    return changed


def fails(runner, case):
    """In a way that is not the query's own fault?"""
    lines = runner.find_difference(case)[1]
    runner.clean_up()
    return bool(lines) and not any("the test itself" in line for line in lines)
