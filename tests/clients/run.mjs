// Runs every client test; the closing lines are node's own.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';

const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.mjs'));
spawn(process.execPath, ['--test', '--test-reporter=spec', ...files], { cwd: import.meta.dirname, stdio: 'inherit' })
  .on('exit', (code) => process.exit(code ?? 1));
