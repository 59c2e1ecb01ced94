#!/usr/bin/env node
// Built on first use, and anew when its sources have changed: npm asks for leave to run a package's own install scripts,
// even of the clone one stands in.
import { pathToFileURL } from 'node:url';
import { readyBuild } from './build/find.mjs';
import { requireLimits } from './build/limits.mjs';
import { refuse, requireRuntime } from './build/refuse.mjs';

requireRuntime();
requireLimits();
const folder = await readyBuild().catch((error) => refuse(error.message));
await import(pathToFileURL(`${folder}/bench/cli.js`));
