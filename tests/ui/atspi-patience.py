#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that need patience, through the accessibility bus: words with buttons, and the limits of the command line.

usage: atspi-patience.py PROGRAM SCHEMA_FOLDER (called by meson)
"""
import socket
import sys
import threading

from atspi_driver import Program, run, wait_for

HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n'
HALF = 'data: {"choices":[{"index":0,"delta":{"content":"first half"}}]}\n\n'
REST = ('data: {"choices":[{"index":0,"delta":{"content":" second half"},"finish_reason":"stop"}]}\n\n'
        'data: [DONE]\n\n')
BUSY = ('HTTP/1.1 503 Busy\r\nContent-Type: application/json\r\nRetry-After: 50\r\n'
        'Content-Length: 2\r\nConnection: close\r\n\r\n{}')
QUESTION = 'Why are there tides?'


class Server:
    """Answers connections in turn, each with texts; None waits until the gate is opened."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.requests = []
        self.gate = threading.Event()
        self.socket = socket.create_server(('127.0.0.1', 0))
        threading.Thread(target=self.accept, daemon=True).start()

    def url(self):
        """The base URL."""
        return f'http://127.0.0.1:{self.socket.getsockname()[1]}/v1'

    def accept(self):
        """Takes connections until the program ends."""
        while True:
            connection, _ = self.socket.accept()
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            threading.Thread(target=self.serve, args=(connection, answer), daemon=True).start()

    def serve(self, connection, answer):
        """One request and its answer."""
        received = b''
        while b'"messages"' not in received:
            received += connection.recv(65536)
        self.requests.append(received.decode())
        for text in answer:
            if text is None:
                self.gate.wait()
            else:
                connection.sendall(text.encode())
        connection.close()


def ad_hoc(server, *arguments):
    """The program with a provider of the command line."""
    return Program('--base-url', server.url(), '--model', 'm', '--prompt', QUESTION, *arguments)


def configured(server, *arguments):
    """The program with a provider of its preferences, which is the default."""
    program = Program('--prompt', QUESTION, *arguments)
    folder = program.home / 'config' / 'glib-2.0' / 'settings'
    folder.mkdir(parents=True)
    (folder / 'keyfile').write_text(
        "[org/example/StreamChat]\nproviders=['one']\ndefault-provider='one'\n\n"
        "[org/example/StreamChat/providers/one]\nname='One'\nprotocol='openai-chat'\nmodel='m'\n"
        f"base-url='{server.url()}'\n", encoding='utf-8')
    return program


def retry_is_not_waited_for():
    """Try Now ends the wait before a retry."""
    server = Server([BUSY], [HEAD, HALF, REST])
    with ad_hoc(server) as program:
        program.press('Try Now')
        program.wait_for_text('first half second half')
        wait_for('no more button', lambda: not program.has('Try Now') and not program.has('Stop'))


def retry_is_stopped():
    """Stop beside the words ends the answer."""
    server = Server([BUSY])
    with ad_hoc(server) as program:
        program.find('Try Now')
        program.press('Stop the Answer')
        program.find('Send')
        assert len(server.requests) == 1


def silence_is_waited_out():
    """Wait takes the question away, and the answer goes on; the limit of the command line holds."""
    for start in ad_hoc, configured:
        server = Server([HEAD, HALF, None, REST])
        with start(server, '--timeouts', 'quiet=0.5') as program:
            program.press('Wait')
            program.press('Wait')
            assert program.has('Stop')
            server.gate.set()
            program.wait_for_text('first half second half')
            wait_for('no more button', lambda: not program.has('Wait'))


def limits_hold():
    """No retry and no stream, whoever answers."""
    for start in ad_hoc, configured:
        server = Server([BUSY])
        with start(server, '--retries', '0', '--no-stream') as program:
            wait_for('the card', lambda: program.has('The provider is overloaded.'))
            assert not program.has('Try Now')
            assert len(server.requests) == 1
            assert '"stream":true' not in server.requests[0]
        server = Server([None])
        with start(server, '--retries', '0', '--timeouts', 'first-byte=0.3') as program:
            wait_for('the card', lambda: program.has('The server took too long.'))
            assert '"stream":true' in server.requests[0]
            server.gate.set()


TESTS = [
    retry_is_not_waited_for,
    retry_is_stopped,
    silence_is_waited_out,
    limits_hold,
]

if __name__ == '__main__':
    chosen = [test for test in TESTS if len(sys.argv) < 4 or test.__name__ in sys.argv[3:]]
    sys.exit(run(chosen))
