import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerDialogs, type Desk, deskEnvironment, launchDesk, root, runtime } from './launch.ts';

/** The security baseline, asked of the running desk and not of its source. */

let desk: Desk;

beforeAll(async () => {
  desk = await launchDesk();
});

afterAll(async () => {
  await desk.close();
});

/** Asks the app's own protocol as the page can. */
function fetchInPage(url: string, method = 'GET'): Promise<{ status: number; policy: string; type: string } | string> {
  return desk.page.evaluate(
    async ([address, verb]) => {
      try {
        const answer = await fetch(address, { method: verb });
        return {
          status: answer.status,
          policy: answer.headers.get('content-security-policy') ?? '',
          type: answer.headers.get('content-type') ?? '',
        };
      } catch (error) {
        return String(error);
      }
    },
    [url, method] as const,
  );
}

describe('the page', () => {
  it('has neither Node nor Electron', async () => {
    const found = await desk.page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron', '__dirname'].filter(
        (name) => name in globalThis,
      ),
    );
    expect(found).toEqual([]);
  });

  it('gets the one bridge, and only functions and facts on it', async () => {
    const [added, members] = await desk.page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      // A bare page of the same browser has everything but what the preload has put in.
      const bare = new Set(frame.contentWindow ? Object.getOwnPropertyNames(frame.contentWindow) : []);
      frame.remove();
      const names = Object.getOwnPropertyNames(window).filter((name) => !bare.has(name) && !/^\d+$/.test(name));
      const bridge = Reflect.get(window, 'portbook') as unknown as Record<string, unknown>;
      return [names, Object.keys(bridge).sort()] as const;
    });
    // Underscored names belong to Playwright and to the page's own libraries.
    expect(added.filter((name) => !name.startsWith('_'))).toEqual(['portbook']);
    expect(members).toEqual([
      'call',
      'cancel',
      'chooseDirectory',
      'chooseFile',
      'chooseFiles',
      'chooseSaveFile',
      'grantDroppedFile',
      'grantDroppedFolder',
      'newCallId',
      'onEvent',
      'onFlush',
      'openExternal',
      'platform',
      'setTheme',
    ]);
  });

  it('runs sandboxed, isolated and without Node in every place', async () => {
    const preferences = await desk.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      // Not part of the public types: what the page was really created with.
      const read = contents && Reflect.get(contents, 'getLastWebPreferences');
      return typeof read === 'function' ? read.call(contents) : undefined;
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(preferences.allowRunningInsecureContent ?? false).toBe(false);
  });

  it('cannot change the bridge', async () => {
    const isChanged = await desk.page.evaluate(() => {
      const bridge = Reflect.get(window, 'portbook') as unknown as Record<string, unknown>;
      const before = bridge.call;
      try {
        bridge.call = () => 'mine';
      } catch {
        // Frozen, as it should be.
      }
      return bridge.call !== before;
    });
    expect(isChanged).toBe(false);
  });
});

describe('the content security policy', () => {
  it('stands on the page with everything denied that is not named', async () => {
    const answer = await fetchInPage('app://portbook/index.html');
    if (typeof answer === 'string') throw new Error(answer);
    expect(answer.policy).toContain("default-src 'none'");
    expect(answer.policy).toContain("script-src 'self';");
    expect(answer.policy).toContain("frame-ancestors 'none'");
    expect(answer.policy).not.toMatch(/unsafe-eval|https?:|\*/);
  });

  it('blocks inline scripts, event attributes and eval', async () => {
    const ran = await desk.page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.ranInline = true';
      document.body.append(script);
      const image = document.createElement('img');
      image.setAttribute('onerror', 'window.ranAttribute = true');
      image.src = 'data:image/png;base64,AAAA';
      document.body.append(image);
      await new Promise((resolve) => setTimeout(resolve, 200));
      let isEvaluated = true;
      try {
        // biome-ignore lint/security/noGlobalEval: whether it is refused is the question
        globalThis.eval('1');
      } catch {
        isEvaluated = false;
      }
      return [Reflect.has(window, 'ranInline'), Reflect.has(window, 'ranAttribute'), isEvaluated];
    });
    // Playwright evaluates through the debugger, from which eval is let through; the two others are the page's own.
    expect(ran.slice(0, 2)).toEqual([false, false]);
  });

  it('changes its nonce with every load', async () => {
    const first = await fetchInPage('app://portbook/index.html');
    const second = await fetchInPage('app://portbook/index.html');
    if (typeof first === 'string' || typeof second === 'string') throw new Error('the page was not served');
    expect(first.policy).not.toBe(second.policy);
  });

  it('keeps the page from every network', async () => {
    const outcome = await fetchInPage('https://www.customs.gov.cn/');
    expect(outcome).toContain('TypeError');
  });
});

describe('the protocol', () => {
  it.each([
    'app://portbook/../../package.json',
    'app://portbook/..%2f..%2fpackage.json',
    'app://portbook/%2e%2e/%2e%2e/package.json',
    'app://portbook/assets/..%2f..%2f..%2fpackage.json',
    'app://portbook/..%5c..%5cpackage.json',
    'app://portbook//etc/passwd',
    'app://portbook/%00',
    'app://portbook/%zz',
  ])('serves nothing outside its folder: %s', async (url) => {
    const answer = await fetchInPage(url);
    if (typeof answer === 'string') throw new Error(answer);
    expect([403, 404]).toContain(answer.status);
  });

  it('serves one host and one verb', async () => {
    expect(await fetchInPage('app://elsewhere/index.html')).toContain('TypeError');
    expect(await fetchInPage('app://portbook/index.html', 'POST')).toMatchObject({ status: 405 });
    expect(await fetchInPage('app://portbook/index.html')).toMatchObject({
      status: 200,
      type: 'text/html; charset=utf-8',
    });
  });

  it('leaves files of the user out of reach', async () => {
    expect(await fetchInPage('file:///etc/hostname')).toContain('TypeError');
  });
});

describe('navigation', () => {
  it.each(['https://example.com/', 'file:///etc/hostname', 'data:text/html,<p>mine</p>'])(
    'to %s is refused',
    async (url) => {
      await desk.page.evaluate((address) => {
        window.location.href = address;
      }, url);
      await desk.page.waitForTimeout(200);
      expect(desk.page.url()).toBe('app://portbook/index.html');
    },
  );

  it('opens no window', async () => {
    const opened = await desk.page.evaluate(() => window.open('app://portbook/index.html') !== null);
    expect(opened).toBe(false);
    const count = await desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
    expect(count).toBe(1);
  });

  it('hands only official sites over https to the browser', async () => {
    await desk.app.evaluate(({ shell }) => {
      const opened: string[] = [];
      Reflect.set(globalThis, 'openedLinks', opened);
      shell.openExternal = async (url) => {
        opened.push(url);
      };
    });
    const answers = await desk.page.evaluate(async () => {
      const bridge: { openExternal(url: string): Promise<boolean> } = Reflect.get(window, 'portbook');
      const urls = [
        'https://www.customs.gov.cn/a',
        'https://app.singlewindow.cn/',
        'http://www.customs.gov.cn/',
        'https://example.com/',
        'https://gov.cn.example.com/',
        'https://www.customs.gov.cn@example.com/',
        'file:///etc/hostname',
        'javascript:1',
      ];
      const results: boolean[] = [];
      for (const url of urls) results.push(await bridge.openExternal(url));
      window.open('https://example.com/');
      return results;
    });
    expect(answers).toEqual([true, true, false, false, false, false, false, false]);
    const opened = await desk.app.evaluate(() => Reflect.get(globalThis, 'openedLinks'));
    expect(opened).toEqual(['https://www.customs.gov.cn/a', 'https://app.singlewindow.cn/']);
  });
});

describe('permissions', () => {
  it('are denied, all of them', async () => {
    const states = await desk.page.evaluate(async () => {
      const outcome: Record<string, string> = {};
      for (const name of ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read']) {
        try {
          outcome[name] = (await navigator.permissions.query({ name: name as PermissionName })).state;
        } catch (error) {
          outcome[name] = String(error);
        }
      }
      outcome.media = await navigator.mediaDevices.getUserMedia({ audio: true }).then(
        () => 'granted',
        (error: unknown) => String(error),
      );
      return outcome;
    });
    expect(Object.values(states).join(' ')).not.toContain('granted');
    expect(states.geolocation).toBe('denied');
  });
});

describe('files', () => {
  it('are handed over as tokens, and the page never sees a path', async () => {
    const folder = path.join(desk.home, 'chosen');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, '订单.csv'), 'a,b\n');
    await answerDialogs(desk.app, [path.join(folder, '订单.csv'), folder, path.join(folder, 'new.xml'), null]);
    const chosen = await desk.page.evaluate(async () => {
      const bridge = Reflect.get(window, 'portbook') as unknown as Record<
        string,
        (options: object) => Promise<unknown>
      >;
      return [
        await bridge.chooseFile?.({ purpose: 'orders', filters: [{ name: 'csv', extensions: ['csv'] }] }),
        await bridge.chooseDirectory?.({ purpose: 'folder' }),
        await bridge.chooseSaveFile?.({ purpose: 'save', defaultName: '../../x.xml' }),
        await bridge.chooseFile?.({ purpose: 'orders' }),
      ];
    });
    expect(chosen).toEqual([
      { token: expect.any(String), name: '订单.csv', size: 4 },
      { token: expect.any(String), name: 'chosen', size: 0 },
      { token: expect.any(String), name: 'new.xml', size: 0 },
      null,
    ]);
    expect(JSON.stringify(chosen)).not.toContain(folder);
  });

  it('made by the page itself are not granted', async () => {
    const grants = await desk.page.evaluate(async () => {
      const bridge: {
        grantDroppedFile(file: unknown): Promise<unknown>;
        grantDroppedFolder(folder: unknown, extensions: readonly string[]): Promise<unknown>;
      } = Reflect.get(window, 'portbook');
      return [
        await bridge.grantDroppedFile(new File(['x'], '/etc/hostname')),
        await bridge.grantDroppedFile({ name: 'hostname', size: 1, path: '/etc/hostname' }),
        await bridge.grantDroppedFolder(new File(['x'], '/etc'), []),
        await bridge.grantDroppedFolder({ name: 'etc', size: 1, path: '/etc' }, []),
      ];
    });
    const none = { files: [], findings: [] };
    expect(grants).toEqual([null, null, none, none]);
  });
});

describe('the program', () => {
  it('runs once for a user: a second start shows the first window and ends', async () => {
    await desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    const { executable, switches } = runtime();
    const second = spawn(executable, [...switches, root], { env: deskEnvironment(desk.home), stdio: 'ignore' });
    const code = await new Promise((resolve) => second.on('exit', resolve));
    expect(code).toBe(0);
    await expect
      .poll(() => desk.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized()))
      .toBe(false);
    expect(desk.app.windows()).toHaveLength(1);
  });

  it('writes logs without the names of files or people', () => {
    const folder = path.join(desk.home, 'logs');
    const text = readdirSync(folder)
      .filter((name) => name.startsWith('desk-'))
      .map((name) => readFileSync(path.join(folder, name), 'utf8'))
      .join('');
    expect(text).toContain('"event":"started"');
    expect(text).not.toContain('订单');
    expect(text).not.toContain(desk.home);
  });
});
