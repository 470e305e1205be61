import { describe, expect, it } from 'vitest';
import { commandIds, deskCommands, holderOf, isAllowedKey, keyOf } from './desk-keys.ts';

describe('keys of commands', () => {
  it('are those suggested until the user gives another', () => {
    const suggested = {
      'entry.help': 'F1',
      'entry.lookup': 'F2',
      'desk.search': 'F3',
      'entry.template': 'F4',
      'entry.mine': 'F5',
      'entry.above': 'F6',
      'entry.check': 'F7',
      'entry.queue': 'F8',
      'entry.print': 'F9',
      'entry.problem': 'F10',
      'entry.previous': 'F11',
      'entry.saveTemplate': 'F12',
      'entry.fillDown': 'Ctrl+D',
      'entry.undo': 'Ctrl+Z',
      'entry.redo': 'Ctrl+Y',
    } as const;
    for (const [command, key] of Object.entries(suggested))
      expect(keyOf({}, command as keyof typeof suggested)).toBe(key);
    expect(keyOf({ 'entry.check': 'Ctrl+F7' }, 'entry.check')).toBe('Ctrl+F7');
  });

  it('never meet where they work, and are all such as one may choose', () => {
    for (const command of commandIds) {
      expect(holderOf({}, command, deskCommands[command].key), command).toBeUndefined();
      expect(isAllowedKey(deskCommands[command].key), command).toBe(true);
    }
  });

  it('belong to one command of the place: the list may use what the editor uses, nothing what works everywhere', () => {
    expect(holderOf({}, 'entry.check', 'F8')).toBe('entry.queue');
    expect(holderOf({}, 'list.check', 'F12')).toBeUndefined();
    expect(holderOf({}, 'list.check', 'F3')).toBe('desk.search');
    expect(holderOf({}, 'desk.search', 'F12')).toBe('entry.saveTemplate');
    // A key that was given away is free for another.
    expect(holderOf({ 'entry.queue': 'Ctrl+F8' }, 'entry.check', 'F8')).toBeUndefined();
  });

  it('cannot be letters, walking, or the clipboard', () => {
    for (const key of ['A', '5', 'Enter', 'Tab', 'Esc', 'Shift+A', 'Ctrl+C', 'Ctrl+V', 'Ctrl+Enter', 'Alt+3', 'Up', ''])
      expect(isAllowedKey(key), key).toBe(false);
    for (const key of ['F13', 'Shift+F5', 'Ctrl+J', 'Ctrl+Shift+F9', 'Alt+Q', 'Ctrl+Alt+K'])
      expect(isAllowedKey(key), key).toBe(true);
  });
});
