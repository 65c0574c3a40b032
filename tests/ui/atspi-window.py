#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uses the whole program through the accessibility bus: sends, reads, stops, starts anew, folds.

usage: atspi-window.py PROGRAM SCHEMA_FOLDER (called by meson)
"""
import http.server
import json
import pathlib
import re
import ssl
import subprocess
import sys
import tempfile
import threading

from atspi_driver import Atspi, Program, run, wait_for

DEMO = ('--protocol', 'demo')
TABLE = 'Make a table of the planets'
LONG = 'Write 200 KB at 1000 characters a second'


def answer_is_shown():
    """A prompt of the command line is answered, and Send is there again."""
    with Program(*DEMO, '--prompt', TABLE) as program:
        program.wait_for_text(TABLE, 'Neptune')
        program.find('Send', Atspi.Role.PUSH_BUTTON)
        assert not program.has('Stop')


def stop_keeps_what_came():
    """Stop in the middle ends the answer; what came stays, and nothing comes after it."""
    with Program(*DEMO, '--prompt', LONG) as program:
        wait_for('some text', lambda: len(program.text_of('Conversation')) > 400)
        program.press('Stop')
        program.find('Send', Atspi.Role.PUSH_BUTTON)
        stopped = program.text_of('Conversation')
        assert len(stopped) > 400
        # The next question is answered below what was stopped.
        program.write(TABLE)
        program.press('Send')
        text = program.wait_for_text('Neptune')
        assert stopped[:400] in text


def first_start_has_demo_ready():
    """With nothing configured the window offers Demo, and what is typed is answered."""
    with Program() as program:
        program.find('Model')
        program.find('Add a Provider', Atspi.Role.PUSH_BUTTON)
        program.find('Take the tour', Atspi.Role.PUSH_BUTTON)
        program.write(TABLE)
        program.press('Send')
        program.wait_for_text(TABLE, 'Neptune')
        wait_for('an empty composer', lambda: program.text_of('Message') == '')


def card_sends_its_prompt():
    """A card of the empty state sends its prompt at once."""
    with Program() as program:
        program.press('Make a table')
        program.wait_for_text('Neptune')


def conversations_are_listed():
    """A new conversation leaves the old one in the list; it can be found, chosen and deleted, and comes back by Undo."""
    with Program(*DEMO, '--prompt', TABLE) as program:
        program.wait_for_text('Neptune')
        program.find_button('New Conversation')
        wait_for('the row', lambda: find_row(program))
        program.press('New Conversation')
        wait_for('an empty page', lambda: 'Neptune' not in program.text_of('Conversation'))
        program.type_keys('ctrl+k')
        program.type_text('planets')
        wait_for('the row', lambda: find_row(program))
        program.type_keys('Return')
        program.wait_for_text('Neptune')
        program.type_keys('ctrl+a')
        program.type_text('nothing has these words')
        wait_for('an empty list', lambda: find_row(program) is None)
        program.type_keys('Escape')
        wait_for('the row', lambda: find_row(program))


def title_is_changed():
    """F2 renames the conversation that is shown."""
    with Program(*DEMO, '--prompt', TABLE) as program:
        program.wait_for_text('Neptune')
        program.type_keys('F2')
        program.find('Title')
        program.type_text('Eight worlds')
        program.type_keys('Return')
        wait_for('the new title', lambda: row_name(program) == 'Eight worlds')


def deleted_conversation_comes_back():
    """Delete takes a conversation away without a question; Undo brings it back."""
    with Program(*DEMO, '--prompt', TABLE) as program:
        program.wait_for_text('Neptune')
        wait_for('the row', lambda: find_row(program))
        program.type_keys('ctrl+k', 'Tab', 'Delete')
        # The button goes away after a while, so nothing is looked at before.
        program.press('Undo')
        program.wait_for_text('Neptune')
        wait_for('the row', lambda: find_row(program))


def row_name(program):
    """The accessible name of the first row of the list of conversations."""
    row = find_row(program)
    return row.get_name() if row is not None else None


def find_row(program):
    """The first row of the list of conversations."""
    for node in program.find_all('Conversations'):
        if node.get_role() == Atspi.Role.LIST and node.get_child_count() > 0:
            return node.get_child_at_index(0)
    return None


def keys_write_and_edit():
    """Shift+Enter breaks the line, Enter sends, Up in the empty composer takes the message up again, Esc leaves it."""
    with Program(*DEMO) as program:
        program.find('Message', Atspi.Role.TEXT)
        program.type_text('Make a table')
        program.type_keys('shift+Return')
        program.type_text('of the planets')
        wait_for('two lines', lambda: program.text_of('Message') == 'Make a table\nof the planets')
        program.type_keys('Return')
        program.wait_for_text('Neptune')
        program.find('Send', Atspi.Role.PUSH_BUTTON)
        program.type_keys('Up')
        wait_for('the message', lambda: program.text_of('Message') == 'Make a table\nof the planets')
        program.find('Cancel Editing', Atspi.Role.PUSH_BUTTON)
        program.type_keys('Escape')
        wait_for('an empty composer', lambda: program.text_of('Message') == '')
        assert not program.has('Cancel Editing')


def focused_name(program):
    """The accessible name of what has the keyboard."""
    for node in program.walk():
        if node.get_state_set().contains(Atspi.StateType.FOCUSED) and node.get_role() != Atspi.Role.FRAME:
            return node.get_name()
    return None


def go_on(program, key, name, names):
    """Presses a key until what is called that has the keyboard. Only what is not in names may come before it: the page
    has stops of its own."""
    passed = set()

    def arrived():
        focused = focused_name(program)
        if focused is not None and focused not in names and focused not in passed:
            passed.add(focused)
            program.type_keys(key)
        return focused == name

    program.type_keys(key)
    wait_for(f'“{name}” after {key}', arrived)


def tab_goes_round():
    """Tab reaches every part of the window in the order in which people read it, Shift+Tab goes the same way back."""
    names = ['Attach Files', 'Message', 'Send', 'New Conversation', 'Search Conversations', TABLE, 'Show Conversations',
             'Model', 'Main Menu', 'Conversation']
    with Program(*DEMO, '--prompt', TABLE) as program:
        program.wait_for_text('Neptune')
        program.find('Send', Atspi.Role.PUSH_BUTTON)
        program.resize(1000, 700)
        wait_for('the row', lambda: row_name(program) == TABLE)
        program.type_keys('ctrl+l')
        program.type_text('x')
        program.find_button('Send')
        wait_for('the composer', lambda: focused_name(program) == 'Message')
        for key, step in (('Tab', 1), ('shift+Tab', -1)):
            for i in range(1, len(names) + 1):
                go_on(program, key, names[(1 + step * i) % len(names)], names)


def escape_stops():
    """Esc does what Stop does."""
    with Program(*DEMO, '--prompt', LONG) as program:
        wait_for('some text', lambda: len(program.text_of('Conversation')) > 200)
        program.type_keys('Escape')
        program.find('Send', Atspi.Role.PUSH_BUTTON)


def narrow_window_folds():
    """At 360 pixels the panel is away, F9 brings it, and everything is inside the window."""
    with Program(*DEMO, '--prompt', TABLE) as program:
        program.wait_for_text('Neptune')
        program.resize(1000, 700)
        wait_for('the panel', lambda: program.is_pressed('Show Conversations'))
        program.resize(360, 640)
        wait_for('the folded panel', lambda: not program.is_pressed('Show Conversations'))
        for name in ('Message', 'Send', 'Model', 'Main Menu', 'Show Conversations'):
            extents = Atspi.Component.get_extents(program.find(name), Atspi.CoordType.WINDOW)
            assert extents.width > 0 and extents.x >= 0 and extents.x + extents.width <= 360, (name, extents.x)
        program.type_keys('F9')
        wait_for('the panel', lambda: program.is_pressed('Show Conversations'))


def model_popover_opens():
    """Ctrl+M opens the list of models, and a model can be chosen by keys."""
    with Program() as program:
        program.find('Message', Atspi.Role.TEXT)
        program.type_keys('ctrl+m')
        program.find('Search Models')
        wait_for('a model', lambda: program.find_all(role=Atspi.Role.LIST_ITEM))
        program.type_keys('Escape')
        wait_for('a closed popover', lambda: not program.has('Search Models'))


def keyboard_goes_on_where_it_was():
    """After a look at the models, and after a title was changed or not, what is typed goes into the message."""
    with Program(*DEMO, '--prompt', TABLE) as program:
        program.wait_for_text('Neptune')
        program.find('Send', Atspi.Role.PUSH_BUTTON)
        for key, name, end in (('ctrl+m', 'Search Models', 'Escape'), ('F2', 'Title', 'Escape'), ('F2', 'Title', 'Return')):
            program.type_keys('ctrl+l', key)
            program.find(name)
            program.type_keys(end)
            wait_for(f'no “{name}”', lambda name=name: not program.has(name))
            program.write('')
            program.type_text('here')
            wait_for(f'the text after “{name}”', lambda: program.text_of('Message') == 'here')


def new_conversation_ends_the_search():
    """A new conversation would not be listed while others are searched for."""
    with Program(*DEMO, '--prompt', TABLE) as program:
        program.wait_for_text('Neptune')
        wait_for('the row', lambda: find_row(program))
        program.type_keys('ctrl+k')
        program.type_text('nothing has these words')
        wait_for('an empty list', lambda: find_row(program) is None)
        program.type_keys('ctrl+n')
        wait_for('the row', lambda: find_row(program))


def wheel_keeps_the_page():
    """Lines that come into sight for the first time are laid out while something else changes its size: the page stays
    and can be painted, which the warning that ends the program would tell."""
    with Program(*DEMO, '--prompt', 'Write 20 KB at 100000 characters a second') as program:
        program.find('Send', Atspi.Role.PUSH_BUTTON)
        window = program.window_id()
        for _ in range(4):
            for button in ('4', '5'):
                subprocess.run(['xdotool', 'mousemove', '--window', window, '640', '300',
                                'click', '--repeat', '60', '--delay', '10', button], check=True)
        program.write('Still here')
        wait_for('the text', lambda: program.text_of('Message') == 'Still here')


def escape_leads_out_of_the_preferences():
    """Esc leads from a new provider to the services, ends their search, leads to the list, and closes the window."""
    with Program() as program:
        program.find('Message', Atspi.Role.TEXT)
        program.type_keys('ctrl+comma')
        program.press('Add Provider')
        program.find('Search Services')
        program.type_text('other')
        program.find('Other (OpenAI-compatible)…')
        program.type_keys('Return')
        program.find('Address')
        # A key that comes while a page slides is lost.
        wait_for('a closed window', lambda: not program.has('Add Provider') or program.type_keys('Escape'))


def unknown_server_is_told_in_the_page():
    """A refused connection is told in words in the page, with a way to try again."""
    with Program('--base-url', 'http://127.0.0.1:9/v1', '--model', 'none', '--prompt', 'hello') as program:
        program.find_button('Retry')
        program.find('Send', Atspi.Role.PUSH_BUTTON)
        assert 'hello' in program.text_of('Conversation')


def read_define(name):
    """A text of the header with the certificates for tests."""
    header = (pathlib.Path(__file__).parent.parent / 'net' / 'certificates.h').read_text(encoding='utf-8')
    lines = header.split(f'#define {name} ')[1].split('\n\n')[0]
    return ''.join(line + '\n' for line in re.findall(r'\"(.*?)\\n\"', lines))


class AnswerHandler(http.server.BaseHTTPRequestHandler):
    """Answers everything with one streamed word."""

    def do_POST(self):  # pylint: disable=invalid-name
        """Answers a request for an answer."""
        self.rfile.read(int(self.headers['Content-Length']))
        self.send_response(200)
        self.send_header('Content-Type', 'text/event-stream')
        self.end_headers()
        self.wfile.write(b'data: {"choices":[{"index":0,"delta":{"content":"Trusted"},"finish_reason":"stop"}]}\n\n'
                         b'data: [DONE]\n\n')

    def log_message(self, *arguments):  # pylint: disable=arguments-differ
        """Says nothing."""


def start_secure_server(folder):
    """A server with a certificate that nobody signed; returns its port."""
    path = pathlib.Path(folder) / 'server.pem'
    path.write_text(read_define('TEST_SERVER_KEY') + read_define('TEST_OWN_CERTIFICATE'), encoding='utf-8')
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), AnswerHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def certificate_is_shown_and_accepted():
    """A certificate without trust is told in the page, at 360 pixels too; accepted there, the question is asked again."""
    with tempfile.TemporaryDirectory() as folder:
        url = f'https://127.0.0.1:{start_secure_server(folder)}/v1'
        with Program('--protocol', 'openai-chat', '--base-url', url, '--model', 'any', '--prompt', 'hello') as program:
            program.find_button('Show Certificate…')
            program.resize(360, 640)
            wait_for('the folded panel', lambda: not program.is_pressed('Show Conversations'))
            for name in ('Retry', 'Show Certificate…', 'Open Preferences'):
                wait_for(f'“{name}” in the window', lambda name=name: is_inside(program.find_button(name), 360))
            program.press('Show Certificate…')
            program.press('Accept for This Provider')
            program.wait_for_text('hello', 'Trusted')


def is_inside(node, width):
    """Whether it is not cut at the side of a window of that width."""
    extents = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
    return extents.width > 0 and extents.x >= 0 and extents.x + extents.width <= width


def history_survives():
    """What was said is there after the program was ended, and after it was killed while an answer streamed."""
    with Program() as program:
        program.write(TABLE)
        program.press('Send')
        program.wait_for_text('Neptune')
        program.find('Send', Atspi.Role.PUSH_BUTTON)
        program.end()
        program.start()
        wait_for('the row', lambda: find_row(program))
        program.type_keys('ctrl+Tab')
        program.wait_for_text(TABLE, 'Neptune')


def draft_survives():
    """What was not sent is there after the next start, in a new conversation and in an old one."""
    with Program(*DEMO) as program:
        program.write(TABLE)
        program.press('Send')
        program.wait_for_text('Neptune')
        program.find('Send', Atspi.Role.PUSH_BUTTON)
        program.write('And the moons')
        program.press('New Conversation')
        wait_for('an empty composer', lambda: program.text_of('Message') == '')
        program.write('Something else')
        program.end()
        program.start()
        wait_for('the draft', lambda: program.text_of('Message') == 'Something else')
        wait_for('the row', lambda: find_row(program))
        program.type_keys('ctrl+Tab')
        wait_for('the other draft', lambda: program.text_of('Message') == 'And the moons')


def killed_answer_survives():
    """What had arrived when the program was killed is there after the next start."""
    with Program() as program:
        program.write(LONG)
        program.press('Send')
        # More than two seconds of text: what is older than one second must be on disk.
        text = wait_for('much text', lambda: at_least(program.text_of('Conversation'), 2500))
        program.kill()
        program.start()
        wait_for('the row', lambda: find_row(program))
        program.type_keys('ctrl+Tab')
        start = text.index('A long answer')
        program.wait_for_text(text[start:start + 1000])
        program.find('Send', Atspi.Role.PUSH_BUTTON)


def at_least(text, length):
    """The text if it is that long."""
    return text if len(text) >= length else None


def export_writes_a_file():
    """Ctrl+Shift+E writes the conversation; the ending says as what; a file that cannot be written is told."""
    with Program(*DEMO, '--prompt', TABLE) as program:
        program.wait_for_text('Neptune')
        program.find('Send', Atspi.Role.PUSH_BUTTON)
        for name, parts in (('out.md', ('# Make a table', 'Neptune')), ('out.json', ('"role":"assistant"', 'Neptune'))):
            path = program.home / name
            export_to(program, path)
            wait_for(f'“{name}” to be written', path.exists)
            program.find(f'Saved as “{name}”.')
            text = path.read_text(encoding='utf-8')
            assert all(part in text for part in parts), text
            if name.endswith('.json'):
                json.loads(text)
        export_to(program, pathlib.Path('/proc/none.md'))
        wait_for('the fault', lambda: [node for node in program.walk()
                                       if node.get_name().startswith('“none.md” could not be saved')])


def export_to(program, path):
    """Answers the dialog that Ctrl+Shift+E opens."""
    program.type_keys('ctrl+shift+e')
    program.find_button('Export')
    program.type_keys('ctrl+a')
    program.type_text(str(path))
    program.press('Export')
    wait_for('the dialog to go', lambda: not program.has('Export', Atspi.Role.PUSH_BUTTON))


def unseen_answer_is_marked():
    """An answer that ends while another conversation is shown is marked in the list until it is looked at."""
    with Program(*DEMO, '--prompt', TABLE) as program:
        wait_for('the answer', lambda: row_name(program) == f'{TABLE}, answering')
        program.press('New Conversation')
        wait_for('the mark', lambda: row_name(program) == f'{TABLE}, new answer')
        program.type_keys('ctrl+Tab')
        program.wait_for_text('Neptune')
        wait_for('no mark', lambda: row_name(program) == TABLE)


TESTS = [
    answer_is_shown,
    stop_keeps_what_came,
    first_start_has_demo_ready,
    card_sends_its_prompt,
    conversations_are_listed,
    title_is_changed,
    deleted_conversation_comes_back,
    keys_write_and_edit,
    tab_goes_round,
    escape_stops,
    narrow_window_folds,
    model_popover_opens,
    keyboard_goes_on_where_it_was,
    new_conversation_ends_the_search,
    wheel_keeps_the_page,
    escape_leads_out_of_the_preferences,
    unknown_server_is_told_in_the_page,
    certificate_is_shown_and_accepted,
    export_writes_a_file,
    history_survives,
    draft_survives,
    killed_answer_survives,
    unseen_answer_is_marked,
]

if __name__ == '__main__':
    chosen = [test for test in TESTS if len(sys.argv) < 4 or test.__name__ in sys.argv[3:]]
    sys.exit(run(chosen))
