#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Uses the preferences through the accessibility bus: every control has a name, and a provider is
added by names alone.

usage: atspi-preferences.py PREFERENCES_HOST SCHEMA_FOLDER (called by meson)
"""
import sys

from atspi_driver import Atspi, GLib, Program, run, wait_for

CANARY = 'canary-52c19b7f3a-key'
CONTROLS = (Atspi.Role.PUSH_BUTTON, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.CHECK_BOX,
            Atspi.Role.COMBO_BOX, Atspi.Role.SPIN_BUTTON, Atspi.Role.TEXT,
            Atspi.Role.PASSWORD_TEXT, Atspi.Role.ENTRY)
# Parts of a spin button, of a row with a combo and of a search field belong to GTK, which gives
# them no name in 4.8.
PARENTS_THAT_SPEAK = (Atspi.Role.SPIN_BUTTON, Atspi.Role.COMBO_BOX, Atspi.Role.ENTRY)


class Preferences(Program):
    """The preferences host.

    GTK 4.8 calls only windows showing, so what has an area is taken for showing here.
    """

    def walk(self, node=None, depth=0):
        node = node or self.find_root()
        if node is None or depth > 60:
            return
        yield node
        for i in range(node.get_child_count()):
            child = node.get_child_at_index(i)
            if child is not None and has_area(child):
                yield from self.walk(child, depth + 1)


def has_area(node):
    """Whether the object has a place in its window; what has none of its own is as its parent."""
    if not node.get_state_set().contains(Atspi.StateType.VISIBLE):
        return False
    try:
        return node.get_extents(Atspi.CoordType.WINDOW).width > 0
    except GLib.Error:
        return True


def controls(program):
    """The controls of our own that are showing."""
    found = []
    for node in program.walk():
        if node.get_role() not in CONTROLS:
            continue
        if not node.get_state_set().contains(Atspi.StateType.FOCUSABLE):
            continue
        parent = node.get_parent()
        if parent is None or parent.get_role() not in PARENTS_THAT_SPEAK:
            found.append(node)
    return found


def describe(node):
    """Where a control is, for the log."""
    path = []
    while node is not None and len(path) < 6:
        path.append(f'{node.get_role_name()} “{node.get_name()}”')
        node = node.get_parent()
    return ' in '.join(path)


def check_names(*arguments, shown, n_controls):
    """Opens the preferences, waits for something to be shown, looks for controls without a name."""
    with Preferences('--height=760', *arguments) as program:
        program.find(shown)
        found = controls(program)
        # Without a name of its own a widget is called by its class.
        nameless = [describe(node) for node in found
                    if not node.get_name() or node.get_name().startswith(('Gtk', 'Adw'))]
        assert len(found) >= n_controls, f'only {len(found)} controls'
        assert not nameless, nameless


def providers_have_names():
    """The list of providers."""
    check_names('--page=providers', shown='More about OpenAI', n_controls=4)


def appearance_has_names():
    """The page of the appearance."""
    check_names('--page=appearance', shown='Wrap long lines of code', n_controls=3)


def behaviour_has_names():
    """The page of the behaviour."""
    check_names('--page=behaviour', shown='Enter sends the message', n_controls=4)


def privacy_has_names():
    """The page of privacy and data."""
    check_names('--page=privacy', shown='Open the Folder of the Conversations', n_controls=1)


def name_of_the_page_fits():
    """The last page has its whole name where there is room, a shorter one where it would be cut."""
    with Preferences('--page=privacy', '--height=760') as program:
        program.find('Privacy and Data')
        program.resize(360, 600)
        program.find('Privacy')
        program.resize(700, 600)
        program.find('Privacy and Data')


def editor_has_names():
    """The editor with everything unfolded, with a stored key and with a field for one."""
    check_names('--edit=0', '--expand', '--height=2800', shown='Replace Key', n_controls=25)
    check_names('--edit=1', '--expand', '--height=2800',
                shown='Show or Hide the Key', n_controls=25)


def provider_is_added():
    """Adding a provider needs nothing but names; its key is never readable afterwards."""
    with Preferences('--empty', '--height=760') as program:
        program.press('Add Provider')
        # The search field has the focus; Return takes the first service, and then the field of the
        # key has it.
        program.find('Search Services')
        program.type_text('groq')
        program.type_keys('Return')
        program.find('Get a Key')
        program.type_text(CANARY)
        program.press('Add')
        program.find('More about Groq')
        program.find('Default')
        for node in program.walk():
            assert CANARY not in (node.get_name() or ''), node.get_role_name()
            assert CANARY not in (node.get_description() or ''), node.get_role_name()


def tab_leads_through_the_editor():
    """Tab and Shift+Tab lead out of every group of a provider's page."""
    with Preferences('--empty', '--height=760') as program:
        program.press('Add Provider')
        program.find('Search Services')
        program.type_text('groq')
        program.type_keys('Return')
        program.find('Get a Key')
        for key in ('Tab', 'shift+Tab'):
            for name in ('Test Connection', 'Back', 'Get a Key'):
                # The key that is pressed once too often goes round once more.
                wait_for(f'“{name}” after {key}', lambda key=key, name=name:
                         is_focused(program, name) or program.type_keys(key))


def is_focused(program, name):
    """Whether what is called that has the keyboard."""
    return any(node.get_state_set().contains(Atspi.StateType.FOCUSED) for node in program.find_all(name))


if __name__ == '__main__':
    sys.exit(run([providers_have_names, appearance_has_names, behaviour_has_names,
                  privacy_has_names, editor_has_names, provider_is_added,
                  tab_leads_through_the_editor, name_of_the_page_fits]))
