// Starts a simulator and a gateway in front of it, as processes of their own, on free ports.
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..', '..');
const program = (name) => join(root, 'src', name, 'bin', 'Release', 'net10.0', `${name}.dll`);

function start(name, args) {
  return new Promise((done, fail) => {
    const child = spawn('dotnet', [program(name), ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd: tmpdir() });
    let output = '';
    const read = (data) => {
      output += data;
      const address = /Now listening on: (http:\/\/127\.0\.0\.1:\d+)/.exec(output);
      if (address) done({ child, address: address[1], output: () => output });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => fail(new Error(`${name} ended with ${code}:\n${output}`)));
  });
}

export async function startStack(more = {}) {
  const simulator = await start('PromptCache.Simulator', ['--urls', 'http://127.0.0.1:0', '--policy', 'electron']);
  const file = join(mkdtempSync(join(tmpdir(), 'promptcache-')), 'promptcache.json');
  writeFileSync(file, JSON.stringify({
    PromptCache: {
      Providers: {
        sim: { Protocol: 'openai', BaseUrl: `${simulator.address}/v1`, ApiKey: 'none', CachePolicy: 'electron', Usage: 'store' },
        claude: { Protocol: 'anthropic', BaseUrl: simulator.address, ApiKey: 'sk-sim', CachePolicy: 'anthropic' },
      },
      Models: [{ Match: 'claude-*', Providers: ['claude'] }],
      DefaultProvider: 'sim',
      Prices: [{ Model: 'electron', Input: 0.4, CacheRead: 0.1, Output: 1.6 }],
      ...more,
    },
  }));
  const gateway = await start('PromptCache.Gateway', ['serve', '--urls', 'http://127.0.0.1:0', '--config', file]);
  return {
    baseURL: `${gateway.address}/v1`,
    address: gateway.address,
    log: gateway.output,
    stop: () => Promise.all([gateway, simulator].map(({ child }) => new Promise((gone) => {
      child.removeAllListeners('exit');
      child.once('exit', gone);
      child.kill('SIGTERM');
    }))),
  };
}
