#!/usr/bin/env node
// Plain JavaScript, so that an old Node or another system is told what is wrong, and not shown a stack trace.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [major, minor] = process.versions.node.split('.').map(Number);
const cli = new URL('../dist/bench/cli.js', import.meta.url);

function refuse(message) {
  console.error(`lockbench: ${message}`);
  process.exit(2);
}

if (process.platform !== 'linux')
  refuse(`Linux was expected, this is ${process.platform}; its system calls are what is measured`);
if (major < 20 || (major === 20 && minor < 19))
  refuse(`Node 20.19 or later was expected, this is ${process.version}`);

// Built on first use: npm asks for leave to run a package's own install scripts, even of the clone one stands in.
if (!existsSync(cli)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const compiler = new URL('../node_modules/typescript/bin/tsc', import.meta.url);
  if (!existsSync(compiler))
    refuse('its packages were expected, they are not installed; run "npm ci" in its folder');
  console.error('lockbench: building, this once');
  const { status } = spawnSync(process.execPath, [fileURLToPath(compiler), '--project', root], {
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) refuse('the build failed; run "npm run build" in its folder');
}

await import(cli);
