import { app } from 'electron';

/** The few texts of the main process: what is shown when there may be no page to show it. */
const texts = {
  zh: {
    edit: '编辑',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    window: '窗口',
    minimize: '最小化',
    hide: '隐藏通关簿',
    quit: '退出通关簿',
    pageRestarted: '页面意外停止，已重新打开。已保存的数据不受影响。',
    pageKeepsStopping: '页面多次意外停止。已保存的数据不受影响，请重新启动通关簿。',
    pageHangs: '页面没有响应。可以继续等待，也可以重新打开页面；已保存的数据不受影响。',
    wait: '继续等待',
    reopen: '重新打开',
    coreKeepsStopping: '账套服务多次意外停止，通关簿将关闭。已提交的数据不受影响，日志在用户数据文件夹的 logs 中。',
    bug: '通关簿遇到内部错误，将关闭。已提交的数据不受影响。错误编号：',
  },
  en: {
    edit: 'Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select All',
    window: 'Window',
    minimize: 'Minimize',
    hide: 'Hide Portbook',
    quit: 'Quit Portbook',
    pageRestarted: 'The page stopped unexpectedly and has been opened again. What was saved is safe.',
    pageKeepsStopping: 'The page keeps stopping. What was saved is safe; please restart Portbook.',
    pageHangs: 'The page does not respond. Wait, or open it again; what was saved is safe.',
    wait: 'Wait',
    reopen: 'Open again',
    coreKeepsStopping:
      'The account book service keeps stopping, so Portbook closes. What was committed is safe; the log is in the folder logs of the user data.',
    bug: 'Portbook met an internal error and closes. What was committed is safe. Error id: ',
  },
} as const;

/** Chinese, unless the system speaks English. */
export function text(id: keyof (typeof texts)['zh']): string {
  return texts[app.getLocale().startsWith('en') ? 'en' : 'zh'][id];
}
