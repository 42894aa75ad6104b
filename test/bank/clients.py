"""Who comes to the bank."""
import random
import time

import psycopg2

from server import Unknown, connect, kind_of

UNKNOWN_OUTCOME = "08007"


def work(role, number, arguments, started, sender):
    """The life of a client: until the time is over, again and again what its role says."""
    client = Client(number, arguments)
    started.wait()
    deadline = time.monotonic() + arguments.seconds
    while time.monotonic() < deadline and not client.counts.get("refused"):
        client.attempt(role)
        if arguments.pause and role is move_money:
            time.sleep(random.uniform(0, 2 * arguments.pause))
    client.disconnect()
    sender.send({**client.counts, "failures": client.failures, "acknowledged": client.acknowledged})


class Client:
    def __init__(self, number, arguments):
        self.number = number
        self.arguments = arguments
        self.connection = None
        self.transfers = 0
        self.counts = {}
        self.failures = {}
        self.acknowledged = []
        random.seed(number)

    def count(self, name):
        self.counts[name] = self.counts.get(name, 0) + 1

    def attempt(self, role):
        try:
            if self.connection is None:
                self.connection = connect(self.arguments.dsn, self.arguments.snapshot)
            role(self)
        except Unknown as error:
            self.count("unknown")
            self.fail(str(error))
        except psycopg2.Error as error:
            self.fail(kind_of(error), error)

    def fail(self, kind, error=None):
        self.failures[kind] = self.failures.get(kind, 0) + 1
        if not self.arguments.tolerate:
            print(f"# client {self.number}: {kind} {error or ''}".rstrip(), flush=True)
            self.count("refused")
        self.recover()

    def recover(self):
        """A fresh connection, or a transaction rolled back on the old one."""
        try:
            if self.connection is not None and not self.connection.closed:
                self.connection.cursor().execute("ROLLBACK")
                return
        except psycopg2.Error:
            pass
        self.disconnect()
        time.sleep(0.1)

    def disconnect(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def commit(self, cursor):
        try:
            cursor.execute("COMMIT")
        except psycopg2.Error as error:
            if kind_of(error) in ("connection", UNKNOWN_OUTCOME) or self.connection.closed:
                raise Unknown(kind_of(error)) from error
            raise


def move_money(client):
    arguments = client.arguments
    accounts = random.sample(range(1, arguments.accounts + 1), 2)
    if not arguments.unordered:
        accounts.sort()
    amount = random.randint(1, 10) * random.choice((-1, 1))
    cursor = client.connection.cursor()
    cursor.execute("BEGIN")
    cursor.execute("UPDATE accounts SET balance = balance - %s WHERE id = %s", (amount, accounts[0]))
    cursor.execute("UPDATE accounts SET balance = balance + %s WHERE id = %s", (amount, accounts[1]))
    name = f"{arguments.run}.{client.number}.{client.transfers}"
    client.transfers += 1
    if arguments.ledger:
        cursor.execute("INSERT INTO ledger VALUES (%s, %s, %s, %s)", (name, *accounts, amount))
    client.commit(cursor)
    client.count("transfers")
    if arguments.ledger:
        client.acknowledged.append(name)


def sum_balances(client):
    arguments = client.arguments
    cursor = client.connection.cursor()
    if arguments.isolation == "repeatable read":
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        check_sum(client, cursor)
        check_sum(client, cursor)
        cursor.execute("COMMIT")
    else:
        check_sum(client, cursor)


def check_sum(client, cursor):
    cursor.execute("SELECT sum(balance), count(*) FROM accounts")
    total, count = cursor.fetchone()
    client.count("sums")
    if (total, count) != (client.arguments.accounts * 1000, client.arguments.accounts):
        client.count("wrong_sums")
