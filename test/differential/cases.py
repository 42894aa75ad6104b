"""Case files: SQL text with annotations.

    -- name: transfer_rolled_back      starts a case; its statements run in order on both sides
    -- error: 23505                    the next statement must fail so, on plain tables already
    -- ordered                         the next statement's ORDER BY is total: compare the order too
    -- may_refuse                      Herd may still raise feature_not_supported and change nothing
    -- differs                         it writes values that differ by nature (random, now)
    -- any_detail                      don't compare the error's detail (it names one of several rows)
    -- tables: users orders            tables to compare afterwards that the text doesn't name

COPY … FROM STDIN is followed by its data up to a line "\\.".
"""
import re
from dataclasses import dataclass, field


READING = (
    "SELECT", "VALUES", "TABLE", "WITH RECURSIVE", "DECLARE", "FETCH", "MOVE", "CLOSE", "SET ", "RESET", "PREPARE",
    "DEALLOCATE", "BEGIN", "SAVEPOINT", "RELEASE",
)


@dataclass
class Statement:
    sql: str
    error: str = None
    ordered: bool = False
    may_refuse: bool = False
    any_detail: bool = False
    differs: bool = False
    data: str = None  # of COPY FROM STDIN
    read_only: bool = False  # though its first word doesn't say so

    @property
    def reads(self):
        """Does it leave the tables alone? (A case whose SELECT calls a writing function ends with DROP FUNCTION.)"""
        return self.read_only or self.sql.lstrip("( \n").upper().startswith(READING)


@dataclass
class Case:
    name: str
    statements: list = field(default_factory=list)
    tables: list = field(default_factory=list)

    @property
    def text(self):
        return ";\n".join(statement.sql for statement in self.statements) + " " + " ".join(self.tables)


TOKEN = re.compile(
    r"""
    (?P<comment>--[^\n]*)
  | (?P<block>/\*.*?\*/)
  | (?P<escape>\b[eE]'(?:[^'\\]|\\.|'')*')
  | (?P<quoted>'(?:[^']|'')*')
  | (?P<name>"(?:[^"]|"")*")
  | (?P<dollar>\$(?P<tag>[a-zA-Z_]*)\$.*?\$(?P=tag)\$)
  | (?P<end>;)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

COPY_IN = re.compile(r"\s*COPY\b.*\bFROM\s+STDIN\b", re.IGNORECASE | re.DOTALL)


def parse_file(path):
    cases = parse(path.read_text())
    for case in cases:
        case.name = f"{path.stem}.{case.name}"
    return cases


def parse(text):
    cases, marks, sql, position = [], {}, [], 0
    while position < len(text):
        token = TOKEN.match(text, position)
        position = token.end()
        if token["comment"] and not "".join(sql).strip():
            read_comment(token["comment"], cases, marks)
        elif token["end"]:
            statement = Statement("".join(sql).strip(), **marks)
            if COPY_IN.match(statement.sql):
                statement.data, position = read_copy_data(text, position)
            cases[-1].statements.append(statement)
            marks, sql = {}, []
        else:
            sql.append(token[0])
    if "".join(sql).strip():
        raise ValueError("no ; after " + "".join(sql).strip())
    return cases


def read_comment(comment, cases, marks):
    word, _, value = comment[2:].strip().partition(":")
    value = value.strip()
    if word == "name":
        cases.append(Case(value))
    elif word == "tables":
        cases[-1].tables += value.split()
    elif word == "error":
        marks["error"] = value
    elif word in ("ordered", "may_refuse", "any_detail", "differs"):
        marks[word] = True


def read_copy_data(text, position):
    start = text.index("\n", position) + 1
    end = start if text.startswith("\\.\n", start) else text.index("\n\\.\n", start) + 1
    return text[start:end], end + 3
