"""A TCP proxy before a server. It passes everything on, until a rule fires or the traffic as a whole is cut, delayed or frozen."""
import select
import socket
import struct
import threading
import time

BEFORE, AFTER = "before", "after"


class Rule:
    """Fires once: when the client sends the text, before that reaches the server, or after, when the first of the answer has come
    but has not been passed on. The action gets the Link."""

    def __init__(self, text, moment, action):
        self.text = text
        self.moment = moment
        self.action = action
        self.fired = threading.Event()


class Proxy:
    def __init__(self, port, server_port, host="127.0.0.1"):
        self.server = (host, server_port)
        self.rule = None
        self.flowing = threading.Event()  # cleared: frozen, connections stay
        self.flowing.set()
        self.delay = 0  # seconds, each way
        self.refusing = False
        self.links = []
        self.lock = threading.Lock()
        self.listener = socket.create_server((host, port), backlog=200)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            if self.refusing:
                reset(client)
                continue
            link = Link(self, client)
            with self.lock:
                self.links = [other for other in self.links if not other.closed] + [link]
            threading.Thread(target=link.run, daemon=True).start()

    def arm(self, text, moment, action):
        self.rule = Rule(text, moment, action)
        return self.rule

    def disarm(self):
        self.rule = None

    def cut_all(self):
        with self.lock:
            for link in self.links:
                link.cut()

    def freeze(self):
        self.flowing.clear()

    def heal(self):
        self.disarm()
        self.refusing = False
        self.delay = 0
        self.flowing.set()


class Link:
    """One connection: both its sockets."""

    def __init__(self, proxy, client):
        self.proxy = proxy
        self.client = client
        self.server = None
        self.closed = False
        self.answering = None  # the rule that waits for the answer

    def run(self):
        try:
            self.server = socket.create_connection(self.proxy.server)
            for side in (self.client, self.server):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sides = {self.client.fileno(): self.client, self.server.fileno(): self.server}
            readable = select.poll()
            for descriptor in sides:
                readable.register(descriptor, select.POLLIN)
            while not self.closed:
                for descriptor, _ in readable.poll(5000):
                    self.pass_on(sides[descriptor])
        except OSError:
            pass
        self.cut()

    def pass_on(self, side):
        data = side.recv(65536)
        if not data:
            raise OSError
        if self.proxy.delay:
            time.sleep(self.proxy.delay)
        self.proxy.flowing.wait()
        if side is self.client:
            self.look_at(data)
            self.send(self.server, data)
        else:
            self.answer()
            self.send(self.client, data)

    def look_at(self, data):
        rule = self.proxy.rule
        if rule is None or rule.text not in data:
            return
        self.proxy.rule = None
        if rule.moment == AFTER:
            self.answering = rule
            return
        self.fire(rule)

    def answer(self):
        if self.answering is not None:
            rule, self.answering = self.answering, None
            self.fire(rule)

    def fire(self, rule):
        rule.action(self)
        rule.fired.set()
        self.proxy.flowing.wait()

    def send(self, side, data):
        if self.closed:
            raise OSError
        side.sendall(data)

    def cut(self):
        self.closed = True
        for side in (self.client, self.server):
            if side is not None:
                reset(side)


def reset(side):
    """The other end sees the connection break, not end."""
    try:
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        side.close()
    except OSError:
        pass
