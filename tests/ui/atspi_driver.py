# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives the program through the accessibility bus, as a screen reader would: no coordinates, no sleeps.

A Program is started with a home of its own. Everything is found by role and accessible name, and every wait ends as
soon as its condition holds or fails the test with what was waited for.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

TIMEOUT_S = float(os.environ.get('STREAM_CHAT_TEST_TIMEOUT', '90'))
POLL_S = 0.05

# Warnings are fatal in the program, not in the libraries of this script.
os.environ.pop('G_DEBUG', None)
if 'DISPLAY' not in os.environ:
    print('1..0 # SKIP no display')
    sys.exit(0)
try:
    import gi
    gi.require_version('Atspi', '2.0')
    from gi.repository import Atspi, GLib
except (ImportError, ValueError) as problem:
    print(f'1..0 # SKIP {problem}')
    sys.exit(0)


class Failure(Exception):
    """A condition that did not come true."""


def wait_for(what, condition):
    """Returns the first true value of condition(); what names it for people."""
    end = time.monotonic() + TIMEOUT_S
    while True:
        try:
            value = condition()
        except GLib.Error:
            # The widget went away while it was looked at.
            value = None
        if value:
            return value
        if time.monotonic() > end:
            raise Failure(f'waited in vain for {what}')
        time.sleep(POLL_S)


def is_named(node, name):
    """Whether that is its accessible name; GTK 4.8 says the label of a button with a mnemonic twice."""
    return node.get_name() in (name, f'{name} {name}', f'_{name} {name}')


class Program:
    """The running program; use it in a with statement."""

    def __init__(self, *arguments, environment=None):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix='stream-chat-test-'))
        self.arguments = [sys.argv[1], *arguments]
        self.environment = {
            **os.environ,
            'HOME': str(self.home),
            'XDG_CONFIG_HOME': str(self.home / 'config'),
            'XDG_DATA_HOME': str(self.home / 'data'),
            'XDG_CACHE_HOME': str(self.home / 'cache'),
            'XDG_STATE_HOME': str(self.home / 'state'),
            'GSETTINGS_BACKEND': 'keyfile',
            'GSETTINGS_SCHEMA_DIR': sys.argv[2],
            'GTK_A11Y': 'atspi',
            'GDK_BACKEND': 'x11',
            'GSK_RENDERER': 'cairo',
            'GDK_DEBUG': 'gl-disable',
            'GTK_USE_PORTAL': '0',
            'G_DEBUG': 'fatal-warnings',
            'LC_ALL': 'C.UTF-8',
            'LANGUAGE': 'en',
            'SECRET_BACKEND': 'file',
            'SECRET_FILE_TEST_PATH': str(self.home / 'test.keyring'),
            'SECRET_FILE_TEST_PASSWORD': 'test',
            **(environment or {}),
        }
        self.environment.pop('NO_AT_BRIDGE', None)
        self.process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.end(is_quiet=exception[0] is not None)
        shutil.rmtree(self.home, ignore_errors=True)

    def start(self, *arguments):
        """Starts the program, again with the same home if it ran before."""
        self.process = subprocess.Popen([*self.arguments, *arguments], env=self.environment)
        wait_for('the program on the accessibility bus', self.find_root)

    def end(self, is_quiet=False):
        """Ends the program as a session does and checks that it ends well."""
        if self.process is None:
            return
        process, self.process = self.process, None
        process.terminate()
        try:
            code = process.wait(TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        if code != 0 and not is_quiet:
            raise Failure(f'the program ended with {code}')

    def kill(self):
        """Ends the program as a power cut does."""
        self.process.kill()
        self.process.wait()
        self.process = None

    def find_root(self):
        """The program's own object, None while it is not there."""
        if self.process.poll() is not None:
            raise Failure(f'the program ended by itself with {self.process.returncode}')
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and child.get_process_id() == self.process.pid and child.get_child_count() > 0:
                return child
        return None

    def walk(self, node=None, depth=0):
        """Every visible object, depth first. GTK 4.8 never says SHOWING, so a hidden page of a stack is walked too."""
        node = node or self.find_root()
        if node is None or depth > 60:
            return
        yield node
        for i in range(node.get_child_count()):
            child = node.get_child_at_index(i)
            if child is not None and child.get_state_set().contains(Atspi.StateType.VISIBLE):
                yield from self.walk(child, depth + 1)

    def find_all(self, name=None, role=None):
        """What is visible with that accessible name and role (a Role or a tuple of them)."""
        roles = role if isinstance(role, tuple) or role is None else (role,)
        return [node for node in self.walk()
                if (name is None or is_named(node, name)) and (roles is None or node.get_role() in roles)]

    def has(self, name, role=None):
        """Whether something with that name is visible."""
        return bool(self.find_all(name, role))

    def find(self, name, role=None):
        """Waits until it is visible."""
        return wait_for(f'“{name}”', lambda: self.find_all(name, role))[0]

    def find_button(self, name):
        """Waits until a button of that name is visible and can be pressed."""
        def usable():
            for node in self.find_all(name, (Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON)):
                if node.get_state_set().contains(Atspi.StateType.SENSITIVE):
                    return node
            return None
        return wait_for(f'a usable button “{name}”', usable)

    def press(self, name):
        """Presses a button."""
        self.find_button(name).do_action(0)

    def text_of(self, name):
        """The text of a text view, '' while it is not visible."""
        found = [node for node in self.find_all(name) if node.get_role() == Atspi.Role.TEXT]
        return Atspi.Text.get_text(found[0], 0, -1) if found else ''

    def wait_for_text(self, *parts, name='Conversation'):
        """Waits until all parts are in the text and returns it."""
        return wait_for(f'{parts} in {name}',
                        lambda: (lambda text: text if all(part in text for part in parts) else None)(self.text_of(name)))

    def write(self, text, name='Message'):
        """Replaces the text of an editable text view."""
        Atspi.EditableText.set_text_contents(self.find(name, Atspi.Role.TEXT), text)

    def window_id(self):
        """The X window, for xdotool."""
        def search():
            result = subprocess.run(['xdotool', 'search', '--onlyvisible', '--pid', str(self.process.pid)],
                                    capture_output=True, text=True, check=False)
            return result.stdout.split()
        return wait_for('the X window', search)[-1]

    def type_keys(self, *keys):
        """Sends keys to the window, by xdotool's names."""
        window = self.window_id()
        subprocess.run(['xdotool', 'windowfocus', '--sync', window, 'key', '--clearmodifiers', *keys], check=True)

    def type_text(self, text):
        """Types a text into the window."""
        window = self.window_id()
        subprocess.run(['xdotool', 'windowfocus', '--sync', window, 'type', text], check=True)

    def is_pressed(self, name):
        """Whether a toggle button is pressed."""
        return self.find(name).get_state_set().contains(Atspi.StateType.PRESSED)

    def resize(self, width, height):
        """Gives the window a size."""
        subprocess.run(['xdotool', 'windowmove', self.window_id(), '0', '0'], check=True)
        subprocess.run(['xdotool', 'windowsize', '--sync', self.window_id(), str(width), str(height)], check=True)


def run(tests):
    """Runs test functions as a TAP program."""
    n_failed = 0
    print(f'1..{len(tests)}')
    for number, test in enumerate(tests, 1):
        try:
            test()
            print(f'ok {number} {test.__name__}', flush=True)
        except Exception:  # pylint: disable=broad-except
            n_failed += 1
            for line in traceback.format_exc().splitlines():
                print(f'# {line}')
            print(f'not ok {number} {test.__name__}', flush=True)
    return 1 if n_failed > 0 else 0
