#!/usr/bin/env node
// Plain JavaScript, so that an old Node or another system is told what is wrong, and not shown a stack trace.
import { existsSync } from 'node:fs';

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
if (!existsSync(cli)) refuse('it is not built yet; run "npm ci" (or "npm run build") in its folder');

await import(cli);
