/**
 * Commands of the desk whose key the user may change, with their names and the keys they have until then (UX 2.2). Walking through fields
 * (Enter, Tab, Esc, arrows) and the clipboard are not among them: they are the same in every program.
 */

/** Where a command works: in the editor of documents, in the list of documents, everywhere. */
export type KeyScope = 'entry' | 'list' | 'desk';

interface CommandSpec {
  readonly key: string;
  readonly zh: string;
  readonly en: string;
}

export const deskCommands = {
  'entry.help': { key: 'F1', zh: '本栏说明', en: 'Field help' },
  'entry.lookup': { key: 'F2', zh: '查代码', en: 'Look up a code' },
  'entry.template': { key: 'F4', zh: '用模板', en: 'Use a template' },
  'entry.mine': { key: 'F5', zh: '我的清单', en: 'My list' },
  'entry.above': { key: 'F6', zh: '取上一行', en: 'From the line above' },
  'entry.check': { key: 'F7', zh: '检查', en: 'Check' },
  'entry.queue': { key: 'F8', zh: '放入待发', en: 'Put into queue' },
  'entry.print': { key: 'F9', zh: '打印预览', en: 'Print preview' },
  'entry.problem': { key: 'F10', zh: '下一处问题', en: 'Next problem' },
  'entry.previous': { key: 'F11', zh: '上一份', en: 'Previous document' },
  'entry.following': { key: 'Shift+F11', zh: '下一份', en: 'Next document' },
  'entry.saveTemplate': { key: 'F12', zh: '存为模板', en: 'Save as template' },
  'entry.fillDown': { key: 'Ctrl+D', zh: '向下填充', en: 'Fill down' },
  'entry.insert': { key: 'Ctrl+Insert', zh: '插入行', en: 'Insert lines' },
  'entry.delete': { key: 'Ctrl+Delete', zh: '删除行', en: 'Delete lines' },
  'entry.duplicate': { key: 'Ctrl+Shift+D', zh: '复制行', en: 'Duplicate lines' },
  'entry.moveUp': { key: 'Alt+Up', zh: '行上移', en: 'Move lines up' },
  'entry.moveDown': { key: 'Alt+Down', zh: '行下移', en: 'Move lines down' },
  'entry.confirm': { key: 'Ctrl+M', zh: '确认照旧', en: 'Confirm as it is' },
  'entry.undo': { key: 'Ctrl+Z', zh: '撤销', en: 'Undo' },
  'entry.redo': { key: 'Ctrl+Y', zh: '重做', en: 'Redo' },
  'entry.layout': { key: 'Ctrl+Shift+F', zh: '栏目排列', en: 'Arrange fields' },
  'entry.review': { key: 'Ctrl+Shift+M', zh: '复核意见', en: 'Review' },
  'list.edit': { key: 'F2', zh: '录单', en: 'Edit' },
  'list.copy': { key: 'Ctrl+D', zh: '复制旧单', en: 'Copy earlier' },
  'list.reload': { key: 'F5', zh: '刷新', en: 'Reload' },
  'list.check': { key: 'F7', zh: '全部检查', en: 'Check all' },
  'list.queue': { key: 'F8', zh: '放入待发', en: 'Queue' },
  'list.print': { key: 'F9', zh: '单据', en: 'Papers (单据)' },
  'list.problem': { key: 'F10', zh: '下一处问题', en: 'Next problem' },
  'desk.search': { key: 'F3', zh: '搜索', en: 'Search' },
  'desk.switchBook': { key: 'Ctrl+B', zh: '切换账套', en: 'Switch book' },
  'desk.lock': { key: 'Ctrl+Shift+L', zh: '锁屏', en: 'Lock the screen' },
  'desk.simple': { key: 'Shift+F2', zh: '简易模式', en: 'Simple mode (简易模式)' },
} as const satisfies Record<`${KeyScope}.${string}`, CommandSpec>;

export type CommandId = keyof typeof deskCommands;
export const commandIds = Object.keys(deskCommands) as readonly CommandId[];

/** Keys the user has given to commands; the others have their own. */
export type KeyMap = Readonly<Partial<Record<CommandId, string>>>;

export function isCommand(text: string): text is CommandId {
  return Object.hasOwn(deskCommands, text);
}

export function scopeOf(command: CommandId): KeyScope {
  return command.startsWith('entry.') ? 'entry' : command.startsWith('list.') ? 'list' : 'desk';
}

/** The key a command has now. */
export function keyOf(keys: KeyMap, command: CommandId): string {
  return keys[command] ?? deskCommands[command].key;
}

/** Keys with a meaning of their own that no command may take: clipboard, sections, areas of the desk, what pages begin with, the window. */
const fixed =
  /^(Ctrl\+(Shift\+)?[ACVX]|Ctrl\+(Enter|I|K|N|\\|Home|End|Left|Right|Up|Down)|(Ctrl\+)?Alt\+\d|Alt\+(Left|Right|F4)|Ctrl\+Alt\+(M|Enter))$/;
const form =
  /^(?:(?:Ctrl\+|Alt\+|Ctrl\+Alt\+)(?:Shift\+)?(?:[A-Z\d]|F\d{1,2}|Insert|Delete|Up|Down|PageUp|PageDown|[\\,.;'=[\]/-])|(?:Shift\+)?F\d{1,2})$/;

/** Whether a key may be given to a command at all: a function key, or one held with Ctrl or Alt that means nothing else. */
export function isAllowedKey(key: string): boolean {
  return form.test(key) && !fixed.test(key);
}

/** The other command that has the key where this one works; undefined when it is free. */
export function holderOf(keys: KeyMap, command: CommandId, key: string): CommandId | undefined {
  const scope = scopeOf(command);
  return commandIds.find(
    (other) =>
      other !== command &&
      keyOf(keys, other) === key &&
      (scopeOf(other) === scope || scope === 'desk' || scopeOf(other) === 'desk'),
  );
}
